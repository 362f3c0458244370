#include "research/claims.hpp"

#include <aisci/statistics/statistics.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace aisci {
namespace {

// What a claim is about: two nodes with the same subject would test one thing twice.
std::string subject_of(const Node& node) {
  std::string subject;
  for (const char* name : {"factor", "treatment", "baseline"})
    subject += canonical(member(node.hypothesis, name)) + "/";
  for (const char* name : {"context", "moderator", "also"}) subject += canonical(member(node.hypothesis, name)) + "/";
  return subject;
}

bool is_difference(const Node* node) { return node->plan.contrast.kind == "difference"; }
bool is_primary(const Node* node) { return flag_of(node->hypothesis, "primary"); }

// A difference that was proposed from the question itself: neither a refinement of a node nor an interaction.
bool answers_the_question(const Node* node) { return node->parent.empty() && is_difference(node); }

double advantage(const Node* node) {
  return towards_prediction(node->evidence->contrast, node->plan.contrast.predicted_sign).mean;
}

// What the question asks before all else: the difference with the least advantage, an interaction, the rest as they
// are.
void put_primary_first(std::vector<const Node*>& order) {
  const auto others = std::stable_partition(order.begin(), order.end(), is_primary);
  auto place = order.begin();
  const auto take = [&](auto found) {
    if (found != others) std::rotate(place, found, std::next(found)), ++place;
  };
  const auto differences = std::stable_partition(order.begin(), others, is_difference);
  take(differences == order.begin() ? others
                                    : std::min_element(order.begin(), differences, [](const Node* a, const Node* b) {
                                        return advantage(a) < advantage(b);
                                      }));
  take(std::find_if_not(place, others, is_difference));
  std::stable_sort(place, others, [](const Node* a, const Node* b) { return a->score->value > b->score->value; });
}

}  // namespace

int reserve_of(int max_experiments, double share) { return static_cast<int>(std::lround(max_experiments * share)); }

int claims_affordable(int max_experiments, double share) {
  return std::clamp(reserve_of(max_experiments, share), 1, kMostClaims);
}

std::vector<Claim> choose_claims(const std::vector<Node>& nodes, int count, int max_experiments) {
  std::vector<const Node*> order;
  for (const auto& node : nodes)
    if (node.evidence && node.score) order.push_back(&node);
  std::stable_sort(order.begin(), order.end(),
                   [](const Node* a, const Node* b) { return a->score->value > b->score->value; });
  std::set<std::string> subjects;
  std::erase_if(order, [&](const Node* node) { return !subjects.insert(subject_of(*node)).second; });
  const auto wanted = static_cast<std::size_t>(std::max(1, count));
  put_primary_first(order);
  if (const auto direct = std::find_if(order.begin(), order.end(), answers_the_question);
      direct != order.end() && direct - order.begin() >= static_cast<std::ptrdiff_t>(wanted) &&
      !is_primary(order[wanted - 1]))
    std::iter_swap(direct, order.begin() + static_cast<std::ptrdiff_t>(wanted) - 1);
  order.resize(std::min(order.size(), wanted));
  std::vector<Claim> claims;
  for (const Node* node : order) {
    Claim claim;
    claim.id = "c" + std::to_string(claims.size() + 1);
    claim.node = node->id;
    claim.hypothesis = node->hypothesis;
    claim.plan = node->plan;
    claim.spread = node->evidence->contrast.sd;
    claims.push_back(std::move(claim));
  }
  for (auto& claim : claims) {
    const double alpha = kFamilyAlpha / static_cast<double>(claims.size());
    const double effect = claim.plan.smallest_effect;
    const int affordable =
        kConfirmationTrialsPerExperiment * max_experiments / static_cast<int>(claim.plan.arms.size());
    const int most = std::clamp(affordable, kLeastConfirmationBlocks, kMostConfirmationBlocks);
    claim.n = kLeastConfirmationBlocks;
    if (claim.spread > 0) {
      const auto needed = statistics::blocks_needed(effect, claim.spread, alpha, kWantedPower);
      claim.n = needed.ok() ? std::clamp(static_cast<int>(*needed), kLeastConfirmationBlocks, most) : most;
      const auto power = statistics::power_paired(static_cast<std::size_t>(claim.n), effect, claim.spread, alpha);
      claim.power = power.ok() ? *power : 0.0;
    } else {
      claim.power = 1.0;
    }
  }
  return claims;
}

Interval towards_prediction(const ContrastEvidence& contrast, int predicted_sign) {
  if (predicted_sign > 0) return {contrast.mean, contrast.lower, contrast.upper};
  return {-contrast.mean, -contrast.upper, -contrast.lower};
}

namespace {

std::string verdict_of(const Claim& claim, const ContrastEvidence& contrast) {
  const Interval interval = towards_prediction(contrast, claim.plan.contrast.predicted_sign);
  return statistics::to_string(statistics::verdict(interval.lower, interval.upper, claim.plan.smallest_effect));
}

// By some values of the contrast, at a level; "" where they are too few.
std::string verdict_by(const Claim& claim, const std::vector<double>& values, double alpha) {
  const auto test = statistics::paired_t(values, 1.0 - alpha);
  if (!test.ok()) return {};
  ContrastEvidence contrast;
  contrast.mean = test->mean, contrast.lower = test->lower, contrast.upper = test->upper;
  return verdict_of(claim, contrast);
}

}  // namespace

std::map<std::string, std::vector<std::size_t>> verdicts_without_one(const Claim& claim) {
  std::map<std::string, std::vector<std::size_t>> left_out;
  if (!claim.evidence || claim.evidence->contrast.values.size() < 3) return left_out;
  const auto& values = claim.evidence->contrast.values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::vector<double> rest = values;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    if (const std::string verdict = verdict_by(claim, rest, claim.alpha); !verdict.empty())
      left_out[verdict].push_back(i);
  }
  return left_out;
}

double power_of_equivalence(const Claim& claim, std::size_t claims) {
  if (claim.n < 2 || claim.spread <= 0) return 1.0;
  return statistics::power_equivalence(static_cast<std::size_t>(claim.n), claim.plan.smallest_effect, claim.spread,
                                       kFamilyAlpha / static_cast<double>(std::max<std::size_t>(1, claims)))
      .value_or(0.0);
}

std::string uncorrected_verdict(const Claim& claim) {
  return claim.evidence ? verdict_by(claim, claim.evidence->contrast.values, kFamilyAlpha) : std::string{};
}

std::vector<Decision> decisions_ahead(const Claim& claim) {
  std::vector<Decision> decisions;
  if (!claim.evidence || claim.verdict != "inconclusive" || claim.evidence->contrast.sd <= 0) return decisions;
  constexpr int kMost = 1000;
  ContrastEvidence contrast = claim.evidence->contrast;
  std::string verdict = claim.verdict;
  const bool short_of_limit = std::abs(contrast.mean) < claim.plan.smallest_effect;
  for (int n = static_cast<int>(contrast.values.size()) + 1; n <= kMost; ++n) {
    const double half = statistics::student_t_quantile(1.0 - claim.alpha / 2.0, n - 1) * contrast.sd / std::sqrt(n);
    contrast.lower = contrast.mean - half, contrast.upper = contrast.mean + half;
    const std::string then = verdict_of(claim, contrast);
    if (then != verdict) decisions.push_back({n, then});
    verdict = then;
    if (verdict == "equivalent" || (verdict != "inconclusive" && !short_of_limit)) break;  // which nothing turns
  }
  return decisions;
}

void decide(std::vector<Claim>& claims, double family_alpha) {
  std::vector<double> p;
  for (auto& claim : claims) {
    if (const auto evidence = compute_evidence(claim.plan, claim.trials); evidence.ok())
      claim.evidence = *evidence;
    else if (claim.failure.empty())
      claim.failure = evidence.status().message();
    p.push_back(claim.evidence ? claim.evidence->contrast.p : 1.0);
  }
  std::vector<std::size_t> order(claims.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  // Holm (1979): the smallest p is held against alpha/m, the next against alpha/(m-1), until one is not rejected;
  // that one and all after it keep its alpha.
  bool rejecting = true;
  double alpha = family_alpha / static_cast<double>(std::max<std::size_t>(1, claims.size()));
  double adjusted = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double left = static_cast<double>(order.size() - rank);
    if (rejecting) alpha = family_alpha / left;
    Claim& claim = claims[order[rank]];
    claim.alpha = alpha;
    adjusted = std::max(adjusted, std::min(1.0, left * p[order[rank]]));
    claim.holm_p = adjusted;
    rejecting = rejecting && p[order[rank]] <= alpha;
  }
  for (auto& claim : claims) {
    claim.verdict = "inconclusive";
    if (!claim.evidence) continue;
    const auto corrected = compute_evidence(claim.plan, claim.trials, 1.0 - claim.alpha);
    if (!corrected.ok()) continue;
    claim.evidence = *corrected;
    claim.verdict = verdict_of(claim, claim.evidence->contrast);
  }
}

}  // namespace aisci
