#include "research/claim_facts.hpp"

#include <aisci/statistics/statistics.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/text.hpp"
#include "research/claims.hpp"

namespace aisci {
namespace {

bool on_logit_scale(const Claim& claim) { return claim.plan.contrast.scale == Contrast::Scale::kLogit; }

double mean_of_arms(const Claim& claim) {
  double sum = 0;
  for (const auto& arm : claim.evidence->arms) sum += arm.mean;
  return sum / static_cast<double>(claim.evidence->arms.size());
}

// What a claim's limit in log odds means where its arms score: near the end of the range it is few points.
void add_limit_in_points(Facts& facts, const Claim& claim) {
  if (!on_logit_scale(claim) || claim.evidence->arms.empty()) return;
  const double mean = mean_of_arms(claim), least = 0.5 / claim.plan.contrast.observations;
  facts[claim.id + ".arms_mean"] = make_fact(mean, FactKind::kFraction);
  facts[claim.id + ".smallest_effect_points"] =
      make_limit_at(claim.plan.smallest_effect, std::clamp(mean, least, 1.0 - least));
}

std::vector<std::string> arms_of(const Claim& claim) {
  std::vector<std::string> arms;
  for (const auto& id : claim.plan.contrast.arms_in_order) arms.push_back(claim.id + "." + id);
  return arms;
}

// A value of a claim's contrast, in its form, and an end of an interval of such values.
Fact contrast_fact(const Claim& claim, double value, const MetricForm& form) {
  return on_logit_scale(claim) ? make_fact(value, FactKind::kLogit, arms_of(claim))
                               : make_change(value, form, arms_of(claim));
}
Fact contrast_end(const Claim& claim, double value, const MetricForm& form) {
  return make_end(value, form, claim.plan.smallest_effect, on_logit_scale(claim), arms_of(claim));
}

// A standard deviation of such values, which has no sign and ranks no arms.
Fact spread_fact(const Claim& claim, double sd, const MetricForm& form) {
  Fact fact = contrast_fact(claim, sd, form);
  fact.text = absolute_text(fact);
  fact.arms.clear();
  return fact;
}

// What the limit of interactions, in log odds, would be in points for a plain difference of a share, where the claim's
// arms score.
void add_odds_limit(Facts& facts, const Claim& claim, const MetricForm& form, double log_odds) {
  if (log_odds <= 0 || !form.fraction() || on_logit_scale(claim) || claim.evidence->arms.empty()) return;
  const double mean = mean_of_arms(claim);
  if (mean > 0 && mean < 1) facts[claim.id + ".odds_limit_points"] = make_limit_at(log_odds, mean);
}

// The spread of the node's block differences, by which the claim's blocks were counted.
void add_planned_spread(Facts& facts, const Claim& claim, const MetricForm& form) {
  if (claim.spread > 0) facts[claim.id + ".planned_spread"] = spread_fact(claim, claim.spread, form);
}

// The scores of an arm of the contrast, treatment first, block by block.
const std::vector<double>& scores_of(const Claim& claim, std::size_t arm) {
  const std::string& id = claim.plan.contrast.arms_in_order[arm];
  const auto& arms = claim.evidence->arms;
  return std::find_if(arms.begin(), arms.end(), [&](const ArmEvidence& one) { return one.id == id; })->values;
}

// How alike a claim's two arms move over the blocks: what pairing takes out of their difference. Pearson's, from the
// three spreads: sd(a - b)^2 = sd(a)^2 + sd(b)^2 - 2 r sd(a) sd(b).
void add_correlation(Facts& facts, const Claim& claim) {
  const auto& arms = claim.evidence->arms;
  if (on_logit_scale(claim) || arms.size() != 2 || arms_of(claim).size() != 2) return;
  const double product = arms[0].sd * arms[1].sd, spread = claim.evidence->contrast.sd;
  const auto& weights = claim.plan.contrast.weights;
  const bool plain =
      std::all_of(weights.begin(), weights.end(), [](const auto& weight) { return std::abs(weight.second) == 1.0; });
  if (product <= 0 || !plain) return;
  const double r = (arms[0].sd * arms[0].sd + arms[1].sd * arms[1].sd - spread * spread) / (2 * product);
  Fact& fact = facts[claim.id + ".correlation"] = make_fact(r, FactKind::kNumber);
  fact.text = fixed(std::clamp(r, -1.0, 1.0), 2);
}

// The contrast in the one block without which the verdict would be another; none where there is no such block or more.
void add_single_block(Facts& facts, const Claim& claim, const MetricForm& form) {
  std::vector<std::size_t> deciding;
  for (const auto& [verdict, blocks] : verdicts_without_one(claim))
    if (verdict != claim.verdict) deciding.insert(deciding.end(), blocks.begin(), blocks.end());
  if (deciding.size() != 1) return;
  facts[claim.id + ".single_block"] = contrast_fact(claim, claim.evidence->contrast.values[deciding[0]], form);
}

// The one block that lies far from the others, and the mean of those; none where there is no such block or more. By the
// modified z score 0.6745 (x - median) / MAD with its usual limit of 3.5 (Iglewicz and Hoaglin, "How to Detect and
// Handle Outliers", 1993); where over half the blocks are equal, MAD is 0 and the mean absolute deviation takes its
// place, 1.2533 times which estimates the spread of normal values as MAD / 0.6745 does. A block at the end of a long
// tail is none: to the next value it has to be as far again as one such estimate of the spread.
void add_outlying_block(Facts& facts, const Claim& claim, const MetricForm& form) {
  const auto& values = claim.evidence->contrast.values;
  const auto center = statistics::summarize(values);
  if (!center.ok()) return;
  std::vector<double> distances;
  for (const double value : values) distances.push_back(std::abs(value - center->median));
  const auto spread = statistics::summarize(distances);
  if (!spread.ok()) return;
  const double unit = spread->median > 0 ? spread->median / 0.6745 : 1.2533 * spread->mean;
  const auto far = [&](double value) { return std::abs(value - center->median) > 3.5 * unit; };
  const auto outlier = std::find_if(values.begin(), values.end(), far);
  if (outlier == values.end() || std::count_if(values.begin(), values.end(), far) != 1) return;
  if (std::count_if(values.begin(), values.end(), [&](double value) { return std::abs(value - *outlier) < unit; }) > 1)
    return;
  std::vector<double> others = values;
  others.erase(others.begin() + (outlier - values.begin()));
  const auto test = statistics::paired_t(others, 1.0 - claim.alpha);
  if (!test.ok()) return;
  facts[claim.id + ".outlying_block"] = contrast_fact(claim, *outlier, form);
  if (const auto arms = arms_of(claim); arms.size() == 2 && !on_logit_scale(claim)) {
    const auto at = static_cast<std::size_t>(outlier - values.begin());
    facts[claim.id + ".outlying_treatment"] = make_amount(scores_of(claim, 0)[at], form, {arms[0]});
    facts[claim.id + ".outlying_baseline"] = make_amount(scores_of(claim, 1)[at], form, {arms[1]});
  }
  facts[claim.id + ".mean_of_others"] = contrast_fact(claim, test->mean, form);
  facts[claim.id + ".sd_of_others"] = spread_fact(claim, test->sd, form);
  facts[claim.id + ".lower_of_others"] = contrast_end(claim, test->lower, form);
  facts[claim.id + ".upper_of_others"] = contrast_end(claim, test->upper, form);
}

// Whether a contrast prints as zero, and has no sign for a reader.
bool prints_as_zero(const Claim& claim, double value, const MetricForm& form) {
  return contrast_fact(claim, value, form).text.find_first_of("123456789") == std::string::npos;
}

// The one block without which the mean would change its sign, and that other mean; none where there is no such block or
// more, or where one of the means has no sign as printed.
void add_turning_block(Facts& facts, const Claim& claim, const MetricForm& form) {
  const auto& values = claim.evidence->contrast.values;
  const double mean = claim.evidence->contrast.mean, n = static_cast<double>(values.size());
  if (values.size() < 3) return;
  const auto without = [&](double value) { return (mean * n - value) / (n - 1); };
  const auto turns = [&](double value) { return without(value) * mean < 0; };
  const auto block = std::find_if(values.begin(), values.end(), turns);
  if (block == values.end() || std::count_if(values.begin(), values.end(), turns) != 1 ||
      prints_as_zero(claim, mean, form) || prints_as_zero(claim, without(*block), form))
    return;
  facts[claim.id + ".turning_block"] = contrast_fact(claim, *block, form);
  facts[claim.id + ".mean_without_it"] = contrast_fact(claim, without(*block), form);
}

void add_blocks_to_decide(Facts& facts, const Claim& claim) {
  constexpr std::pair<const char*, const char*> kNames[] = {{".blocks_to_decide", ".decided_then"},
                                                            {".blocks_to_turn", ".turned_then"}};
  const auto decisions = decisions_ahead(claim);
  for (std::size_t i = 0; i < std::min(decisions.size(), std::size(kNames)); ++i) {
    facts[claim.id + kNames[i].first] = make_fact(decisions[i].blocks, FactKind::kCount);
    facts[claim.id + kNames[i].second] = make_fact(decisions[i].verdict);
  }
}

// What the claim would be but for the correction, where that is another verdict.
void add_uncorrected(Facts& facts, const Claim& claim) {
  const std::string verdict = uncorrected_verdict(claim);
  if (!verdict.empty() && verdict != claim.verdict) facts[claim.id + ".uncorrected"] = make_fact(verdict);
}

}  // namespace

void add_contrast_facts(Facts& facts, const Claim& claim, const MetricForm& form, double log_odds) {
  add_limit_in_points(facts, claim);
  add_odds_limit(facts, claim, form, log_odds);
  add_planned_spread(facts, claim, form);
  add_single_block(facts, claim, form);
  add_outlying_block(facts, claim, form);
  add_turning_block(facts, claim, form);
  add_blocks_to_decide(facts, claim);
  add_correlation(facts, claim);
  add_uncorrected(facts, claim);
}

}  // namespace aisci
