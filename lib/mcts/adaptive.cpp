// The adaptive policy: what to do next is judged by how much the node that would be published is expected to gain.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "mcts/policies.hpp"

namespace aisci::mcts {
namespace {

double tune(const char* name, double value) { const char* t = std::getenv(name); return t ? std::atof(t) : value; }
const double kDraftShare = tune("T_DRAFTS", 1.0), kDraftBoost = tune("T_ND", 1.0), kDraftEarly = tune("T_NDA", 0), kImproveBoost = tune("T_NI", 1.0), kImproveEarly = tune("T_NIA", 0), kLook = tune("T_LOOK", 4), kStep = tune("T_STEP", 1.0), kRepBoost = tune("T_REP", 1.0), kRepEarly = tune("T_REPA", 0), kFinal = tune("T_F", 0);

// E[max(0, x)] for a normal x.
double expected_gain(double mean, double sd) {
  if (sd <= 0) return std::max(0.0, mean);
  const double z = mean / sd;
  if (z < -8) return 0;
  return mean * 0.5 * std::erfc(-z * 0.70710678118654752) + sd * 0.3989422804014327 * std::exp(-0.5 * z * z);
}

// sd of what the posterior mean will be after so many further observations of a value now known to within `sd`.
double movement(double sd, double noise, double observations) {
  const double variance = sd * sd;
  return variance / std::sqrt(variance + noise * noise / observations);
}

std::uint32_t own_pending(const Tree& tree, std::uint32_t node) {
  std::uint32_t count = tree.nodes[node].in_flight;
  for (std::uint32_t child = tree.nodes[node].first_child; child && count; child = tree.nodes[child].next_sibling) count -= tree.nodes[child].in_flight;
  return count;
}

struct Judge {
  const Tree& tree;
  const Belief& belief;
  double left;
  double best = 0, second = 0;
  std::uint32_t leader = 0;

  double rate(double ahead, double sd, double pending, Kind kind) const {
    const double limit = std::min(left, kLook);
    double highest = 0;
    for (double k = 1; k <= limit; ++k) {
      const double gain = expected_gain(ahead, movement(sd, belief.noise, k));
      highest = std::max(highest, gain / (k + pending));
    }
    const double success = 1 - belief.failures[static_cast<int>(kind)];
    return highest * success / (std::isfinite(tree.options.cost) ? belief.costs[static_cast<int>(kind)] : 1.0);
  }
};

std::uint32_t first_drafts(const Options& options) {
  const auto wanted = static_cast<std::uint32_t>(std::lround(kDraftShare * 1.5 * std::sqrt(static_cast<double>(std::min(options.budget, 100u)))));
  return std::max(options.drafts, wanted);
}

}  // namespace

std::optional<Choice> adaptive_policy(const Tree& tree, Random&) {
  if (tree.can_draft && tree.nodes[0].children < first_drafts(tree.options)) return Choice{};
  const Belief& belief = tree.belief();
  Judge judge{tree, belief, std::max(1.0, static_cast<double>(tree.options.budget) - tree.started)};
  if (belief.leaders.empty()) return tree.can_draft ? std::optional{Choice{}} : std::nullopt;
  judge.leader = belief.leaders[0];
  judge.best = belief.mean[judge.leader];
  judge.second = belief.leaders.size() > 1 ? belief.mean[belief.leaders[1]] : belief.draft_mean;
  std::optional<Choice> choice;
  double highest = -1;
  const double early = judge.left / tree.options.budget;
  const bool only = judge.left <= kFinal * tree.options.budget;
  const auto consider = [&](Kind kind, std::uint32_t node, double score) {
    if (score <= highest) return;
    highest = score;
    choice = Choice{kind, node};
  };
  if (!only && tree.can_draft) consider(Kind::kDraft, 0, kDraftBoost * (1 + kDraftEarly * early) * judge.rate(belief.draft_mean - judge.best, belief.draft_sd, 0, Kind::kDraft));
  for (const std::uint32_t i : belief.leaders) {
    const double pending = own_pending(tree, i);
    const double ahead = i == judge.leader ? judge.second - judge.best : belief.mean[i] - judge.best;
    consider(Kind::kReplicate, i, kRepBoost * (1 + kRepEarly * early) * judge.rate(ahead, belief.sd[i], pending, Kind::kReplicate));
    if (only || !tree.expandable(i)) continue;
    const double mean = belief.draft_mean + belief.shift + belief.inherit * (belief.mean[i] - belief.draft_mean);
    const double sd = std::sqrt(kStep * kStep * belief.step_sd * belief.step_sd + belief.inherit * belief.inherit * belief.sd[i] * belief.sd[i]);
    const double children_pending = tree.nodes[i].in_flight - pending;
    consider(Kind::kImprove, i, kImproveBoost * (1 + kImproveEarly * early) * judge.rate(mean - judge.best, sd, children_pending, Kind::kImprove));
  }
  return choice;
}

}  // namespace aisci::mcts
