// Evidence: what the trials of a node say about its hypothesis, computed from raw scores.
//
// The unit is the block: per block the plan's contrast is one number, and everything else (mean,
// interval, test, significance) is computed from those numbers by lib/statistics.
#pragma once

#include <aisci/status.hpp>
#include <optional>
#include <string>
#include <vector>

#include "research/plan.hpp"
#include "research/trials.hpp"

namespace aisci {

struct ArmEvidence {
  std::string id;
  std::string label;
  std::vector<double> values;                     // a score per block
  double mean = 0, sd = 0, lower = 0, upper = 0;  // 95 % t interval
  std::optional<double> parameters = {};          // of its model, where every trial reports the same number
  // Mean over the blocks of what its trials have right of what they learned from, where every one reports it.
  std::optional<double> training_accuracy = {};
};

struct ContrastEvidence {
  std::vector<double> values;  // per block, positive as the plan's weights say (not turned to the prediction)
  double mean = 0, sd = 0, lower = 0, upper = 0, t = 0, df = 0, p = 1;
  double sign_flip_p = 1, smallest_p = 1;
  double d = 0;              // mean / sd of the block contrasts, Hedges-corrected
  double confidence = 0.95;  // of [lower, upper]
};

// Training loss at the last recorded step, of one arm less the other, inside blocks: what two arms of a comparison
// differ by in how they fit what they learn from. Exploratory, whatever the entry: no claim is made of it.
struct TrainingEvidence {
  double mean = 0, lower = 0, upper = 0;  // 95 % t interval, in the unit of the template's metric train_loss
  double treatment = 0, baseline = 0;     // means of the two arms, over the same blocks
};

struct Evidence {
  std::vector<std::uint64_t> blocks;  // seeds
  std::vector<ArmEvidence> arms;      // in the plan's order
  ContrastEvidence contrast;
  double probability_above = 0;  // P(contrast > smallest effect), in the predicted direction, shrunk towards zero
  double probability_below = 0;  // P(contrast < -smallest effect)
  double significance = 0;       // the larger of the two
  std::optional<TrainingEvidence> training = {};  // of two arms, where every trial of a whole block recorded a loss
};

// Only whole blocks count: a block that misses an arm is left out. INVALID_ARGUMENT with fewer than two.
Result<Evidence> compute_evidence(const Plan& plan, const std::vector<ScoredTrial>& trials, double confidence = 0.95);

// Standard error of the significance, from the blocks alone: the delete-one jackknife,
//     se^2 = (n - 1) / n * sum over blocks of (s_i - mean of all s_i)^2,   s_i the significance without block i
// (Tukey, "Bias and confidence in not quite large samples", Annals of Mathematical Statistics 29, 1958). Its
// expectation is not below the variance that as many fresh blocks give, up to the one block that is left out (Efron and
// Stein, "The jackknife estimate of variance", Annals of Statistics 9, 1981). None with fewer than three blocks.
Result<std::optional<double>> significance_error(const Plan& plan, const Evidence& evidence);

// One sentence-free word pair for people and agents: "leans to the prediction", "leans against the prediction",
// "probably small" (little weight on effects of the smallest size of interest) or "undecided"; from the significance,
// never called significant.
std::string reading_of(const Evidence& evidence);

json::object to_json(const Evidence& evidence, const Plan& plan);

// log(p / (1 - p)), p kept at least half an observation of `n` away from 0 and 1.
double clamped_logit(double p, double n);

}  // namespace aisci
