#include "mcts/gain.hpp"

#include <algorithm>
#include <limits>

namespace aisci::mcts {

std::size_t screen(const Surrogate& surrogate, const Belief& belief, const std::vector<std::uint32_t>& pending,
                   const std::vector<std::vector<double>>& candidates) {
  if (!surrogate.fitted() || belief.leaders.empty()) return 0;
  const double best = belief.mean[belief.leaders[0]];
  std::size_t chosen = 0;
  double highest = -std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    if (candidates[c].size() != surrogate.dimensions()) return 0;
    const Prediction p = surrogate.predict(candidates[c].data());
    // Expected improvement in units of the spread; where it vanishes, the higher mean.
    double score = expected_gain(p.mean - best, p.sd) / std::max(belief.draft_sd, 1e-300);
    for (const std::uint32_t node : pending)
      if (surrogate.has(node)) score *= 1 - surrogate.similarity(candidates[c].data(), surrogate.features(node).data());
    score += 1e-6 * (p.mean - best) / std::max(belief.draft_sd, 1e-300);
    if (score > highest) {
      highest = score;
      chosen = c;
    }
  }
  return chosen;
}

}  // namespace aisci::mcts
