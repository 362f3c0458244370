#include "mcts/gain.hpp"

#include <algorithm>
#include <limits>

namespace aisci::mcts {

namespace {

// Squared distance, each coordinate as it is: nothing is known of them yet.
double raw_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// The candidate farthest from its nearest neighbour among all nodes.
std::size_t most_unlike(const Surrogate& surrogate, const std::vector<std::vector<double>>& candidates) {
  std::size_t chosen = 0;
  double farthest = 0;
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    double nearest = std::numeric_limits<double>::infinity();
    for (std::uint32_t node = 1; node < surrogate.nodes(); ++node)
      if (surrogate.has(node)) nearest = std::min(nearest, raw_distance(candidates[c], surrogate.features(node)));
    if (std::isfinite(nearest) && nearest > farthest) farthest = nearest, chosen = c;
  }
  return chosen;
}

}  // namespace

std::size_t screen(const Surrogate& surrogate, const Belief& belief, const std::vector<std::uint32_t>& pending,
                   const std::vector<std::vector<double>>& candidates) {
  if (surrogate.empty()) return 0;
  for (const auto& candidate : candidates)
    if (candidate.size() != surrogate.dimensions()) return 0;
  if (!surrogate.fitted() || belief.leaders.empty()) return most_unlike(surrogate, candidates);
  const double best = belief.mean[belief.leaders[0]];
  std::size_t chosen = 0;
  double highest = -std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < candidates.size(); ++c) {
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
