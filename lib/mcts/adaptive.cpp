// The adaptive policy: what to do next is judged by how much the node that would be published is expected to gain.
#include <algorithm>
#include <cmath>

#include "mcts/gain.hpp"
#include "mcts/policies.hpp"

namespace aisci::mcts {
namespace {

// Found by random search on landscapes built in code and on two recorded ones; see docs/guide/search.md.
constexpr double kFirstDrafts = 5, kDraftShare = 0.45;  // so many drafts come first, and this share of the budget
constexpr double kDraftWeight = 0.56,
                 kDraftEarly = 0.08;  // weight of a draft's gain, and how much more at the beginning
constexpr double kImproveWeight = 1.34, kImproveEarly = 0.65;
constexpr double kReplicateWeight = 3;
constexpr double kTailWeight = 0.8;   // of the empirical tail against the normal model
constexpr double kStepFactor = 1.16;  // on the learned spread of steps
constexpr double kLookAhead = 8;      // observations of one node that are planned at most
constexpr double kLastChecks = 0.06;  // share of the budget, at its end, that is left to replicates
// Where drafts differ by little more than noise there may be others of which none was met: the less likely the more
// drafts were made. As a gain in sds of drafts' scores, by powers of the share that noise has in their variance.
constexpr double kUnmet = 6000, kUnmetShare = 16, kNoChecksShare = 4;

constexpr double kOutShare = 0.5;   // of the evaluations left: so many are out at once at most, after the first drafts
constexpr double kCrowding = 0.02;  // how much of a pending child counts against another of the same parent

// sd of what the posterior mean will be after so many further observations of a value now known to within `sd`.
double movement(double sd, double noise, double observations) {
  const double variance = sd * sd;
  return variance / std::sqrt(variance + noise * noise / observations);
}

struct Judge {
  const Tree& tree;
  const Belief& belief;
  double left;
  double best = 0, second = 0;
  std::uint32_t leader = 0;

  double price(Kind kind) const {
    return (1 - belief.failures[static_cast<int>(kind)]) /
           (std::isfinite(tree.options.cost) ? belief.costs[static_cast<int>(kind)] : 1.0);
  }

  // sd of one more observation of a node: by what its caller said of those it had, or else the tree's.
  double noise_of(std::uint32_t i) const {
    const Node& node = tree.nodes[i];
    return node.variance > 0 ? std::sqrt(static_cast<double>(node.variance) * node.own) : belief.noise;
  }

  // The gain by an evaluation of something believed to be so far ahead of the best, plus or minus sd, whose
  // observations have that noise. Exact only above `least`: what is no more than that need not be known better, and
  // perfect knowledge bounds it.
  double rate(double ahead, double sd, double noise, double pending, double least) const {
    if (ahead + 6 * sd < 0) return 0;
    const double perfect = expected_gain(ahead, sd), limit = std::min(left, kLookAhead);
    double highest = 0;  // of one peak: the gain by k observations rises ever faster and then ever slower
    for (double k = 1; k <= limit && perfect > (k + pending) * std::max(highest, least); ++k) {
      const double gain = expected_gain(ahead, movement(sd, noise, k)) / (k + pending);
      if (gain < highest) break;
      highest = gain;
    }
    return highest;
  }

  // The same of a new node, by the normal model and by the tail of what such nodes turned out to be.
  double rate_new(double ahead, double sd, double pending, double tail, double least) const {
    const double reliability = sd / std::sqrt(sd * sd + belief.noise * belief.noise / 2);
    const double by_tail = kTailWeight * tail * reliability / (1 + kCrowding * pending);
    return by_tail + (1 - kTailWeight) *
                         rate(ahead, sd, belief.noise, kCrowding * pending, (least - by_tail) / (1 - kTailWeight));
  }
};

// What a draft may gain of a kind that was never met. One in n + 2 is like nothing that the n before were, if there is
// such a kind at all, which becomes as much less likely.
double unmet_gain(const Belief& belief, double drafts) {
  return kUnmet * std::hypot(belief.draft_sd, belief.noise) * std::pow(belief.noise_share, kUnmetShare) /
         ((drafts + 2) * (drafts + 2));
}

std::uint32_t first_drafts(const Options& options) {
  const double n = std::min(options.budget, 200u);
  const auto wanted = static_cast<std::uint32_t>(std::lround(std::min(n, kFirstDrafts + kDraftShare * n)));
  return std::max(options.drafts, wanted);
}

}  // namespace

std::optional<Choice> adaptive_policy(const Tree& tree, Random&) {
  if (tree.can_draft && tree.nodes[0].children < first_drafts(tree.options)) return Choice{};
  // The last evaluations matter most, and must not all be decided on what the first of them has yet to tell.
  const double left = static_cast<double>(tree.options.budget) - tree.started;
  if (tree.nodes[0].in_flight > std::max(1.0, kOutShare * left)) return std::nullopt;
  const Belief& belief = tree.belief();
  Judge judge{tree, belief, std::max(1.0, static_cast<double>(tree.options.budget) - tree.started)};
  if (belief.leaders.empty()) return tree.can_draft ? std::optional{Choice{}} : std::nullopt;
  judge.leader = belief.leaders[0];
  judge.best = belief.mean[judge.leader];
  judge.second = belief.leaders.size() > 1 ? belief.mean[belief.leaders[1]] : belief.draft_mean;
  std::optional<Choice> choice;
  double highest = -1;
  const double early = judge.left / tree.options.budget;
  // There is little to check where nothing but noise was seen.
  const double checks = kLastChecks * (1 - std::pow(belief.noise_share, kNoChecksShare));
  const bool checks_only = judge.left <= checks * tree.options.budget;
  // `rate` is asked for the gain, given what it must exceed to matter.
  const auto consider = [&](Kind kind, std::uint32_t node, double weight, const auto& rate) {
    const double factor = weight * judge.price(kind);
    const double score = factor * rate(highest / factor);
    if (score <= highest) return;
    highest = score;
    choice = Choice{kind, node};
  };
  const double improve_weight = kImproveWeight * (1 + kImproveEarly * early);
  if (!checks_only && tree.can_draft)
    consider(Kind::kDraft, 0, kDraftWeight * (1 + kDraftEarly * early), [&](double least) {
      const double tail = belief.draft_tail.gain(judge.best) + unmet_gain(belief, tree.nodes[0].children);
      return judge.rate_new(belief.draft_mean - judge.best, belief.draft_sd, 0, tail, least);
    });
  for (const std::uint32_t i : belief.leaders) {
    const double pending = tree.pending_on(i);
    const double ahead = (i == judge.leader ? judge.second : belief.mean[i]) - judge.best;
    if (tree.repeatable(i))
      consider(Kind::kReplicate, i, kReplicateWeight,
               [&](double least) { return judge.rate(ahead, belief.sd[i], judge.noise_of(i), pending, least); });
    if (checks_only || !tree.expandable(i)) continue;
    const double mean = belief.promise(i), sd = std::hypot(kStepFactor * belief.step_sd, belief.inherit * belief.sd[i]);
    consider(Kind::kImprove, i, improve_weight, [&](double least) {
      return judge.rate_new(mean - judge.best, sd, tree.nodes[i].in_flight - pending,
                            belief.step_tail.gain(judge.best - mean), least);
    });
  }
  return choice;
}

}  // namespace aisci::mcts
