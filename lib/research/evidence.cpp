#include "research/evidence.hpp"

#include <aisci/statistics/statistics.hpp>
#include <algorithm>
#include <cmath>
#include <map>

namespace aisci {
namespace {

// Scores by block: a row per whole block, a column per arm.
struct Table {
  std::vector<std::uint64_t> seeds;
  std::vector<std::vector<double>> rows;
};

Table whole_blocks(const Plan& plan, const std::vector<ScoredTrial>& trials) {
  std::map<int, std::map<std::string, double>> blocks;
  std::map<int, std::uint64_t> seeds;
  for (const auto& scored : trials) {
    blocks[scored.trial.block][scored.trial.arm] = scored.score;
    seeds[scored.trial.block] = scored.trial.seed;
  }
  Table table;
  for (const auto& [block, scores] : blocks) {
    std::vector<double> row;
    for (const auto& arm : plan.arms)
      if (const auto it = scores.find(arm.id); it != scores.end()) row.push_back(it->second);
    if (row.size() != plan.arms.size()) continue;
    table.rows.push_back(std::move(row));
    table.seeds.push_back(seeds[block]);
  }
  return table;
}

// The contrast's two arms' last training losses, subtracted inside the blocks that count.
Result<std::optional<TrainingEvidence>> compare_training(const Plan& plan, const std::vector<ScoredTrial>& trials,
                                                         const std::vector<std::uint64_t>& seeds) {
  if (plan.arms.size() != 2 || plan.contrast.weights.size() != 2) return std::optional<TrainingEvidence>{};
  std::map<std::uint64_t, std::map<std::string, double>> blocks;  // of arms run twice in a block the last, as scores do
  for (const auto seed : seeds) blocks[seed];
  for (const auto& scored : trials) {
    const auto block = blocks.find(scored.trial.seed);
    if (block == blocks.end() || !plan.contrast.weights.count(scored.trial.arm)) continue;
    if (!scored.training_loss) return std::optional<TrainingEvidence>{};
    block->second[scored.trial.arm] = *scored.training_loss;
  }
  double treatment = 0, baseline = 0;
  std::vector<double> differences;
  for (const auto& [seed, losses] : blocks) {
    double difference = 0;
    for (const auto& [arm, loss] : losses) {
      const double weight = plan.contrast.weights.at(arm);
      difference += weight * loss;
      (weight > 0 ? treatment : baseline) += loss / static_cast<double>(seeds.size());
    }
    differences.push_back(difference);
  }
  AISCI_ASSIGN_OR_RETURN(const auto test, statistics::paired_t(differences, 0.95));
  return std::optional{TrainingEvidence{test.mean, test.lower, test.upper, treatment, baseline}};
}

// Of an arm's model, where every trial reports the same number.
std::optional<double> common_parameters(const std::string& arm, const std::vector<ScoredTrial>& trials) {
  std::optional<double> common;
  for (const auto& scored : trials) {
    if (scored.trial.arm != arm) continue;
    if (!scored.parameters || (common && *common != *scored.parameters)) return {};
    common = scored.parameters;
  }
  return common;
}

std::optional<double> mean_training_accuracy(const std::string& arm, const std::vector<ScoredTrial>& trials,
                                             const std::vector<std::uint64_t>& seeds) {
  double sum = 0;
  std::size_t count = 0;
  for (const auto& scored : trials) {
    if (scored.trial.arm != arm || std::find(seeds.begin(), seeds.end(), scored.trial.seed) == seeds.end()) continue;
    if (!scored.training_accuracy) return {};
    sum += *scored.training_accuracy;
    ++count;
  }
  return count > 0 ? std::optional{sum / static_cast<double>(count)} : std::nullopt;
}

double block_contrast(const Plan& plan, const std::vector<double>& row) {
  double sum = 0;
  for (std::size_t i = 0; i < plan.arms.size(); ++i) {
    const auto weight = plan.contrast.weights.find(plan.arms[i].id);
    if (weight == plan.contrast.weights.end()) continue;
    const double value =
        plan.contrast.scale == Contrast::Scale::kLogit ? clamped_logit(row[i], plan.contrast.observations) : row[i];
    sum += weight->second * value;
  }
  return sum;
}

Result<ContrastEvidence> test_contrast(std::vector<double> values, double confidence) {
  AISCI_ASSIGN_OR_RETURN(const auto test, statistics::paired_t(values, confidence));
  AISCI_ASSIGN_OR_RETURN(const auto flips, statistics::sign_flip(values));
  ContrastEvidence out;
  out.mean = test.mean;
  out.sd = test.sd;
  out.lower = test.lower;
  out.upper = test.upper;
  out.t = test.t;
  out.df = test.df;
  out.p = test.p;
  out.confidence = confidence;
  out.sign_flip_p = flips.p;
  out.smallest_p = flips.smallest_p;
  if (test.sd > 0) out.d = test.mean / test.sd * statistics::hedges_correction(test.df);
  out.values = std::move(values);
  return out;
}

// P(contrast > smallest effect) in the predicted direction and P(contrast < -smallest effect), shrunk towards zero.
Result<std::pair<double, double>> probabilities(const Plan& plan, std::vector<double> contrasts) {
  for (auto& value : contrasts) value *= plan.contrast.predicted_sign;
  AISCI_ASSIGN_OR_RETURN(const auto posterior,
                         statistics::posterior_paired(contrasts, {.scale = plan.smallest_effect}));
  return std::pair{posterior.probability_above(plan.smallest_effect),
                   posterior.probability_below(-plan.smallest_effect)};
}

json::array numbers(const std::vector<double>& values) { return json::array(values.begin(), values.end()); }

}  // namespace

double clamped_logit(double p, double n) {
  const double least = 0.5 / n;
  const double kept = std::clamp(p, least, 1.0 - least);
  return std::log(kept / (1.0 - kept));
}

Result<Evidence> compute_evidence(const Plan& plan, const std::vector<ScoredTrial>& trials, double confidence) {
  const Table table = whole_blocks(plan, trials);
  if (table.rows.size() < 2)
    return invalid_argument("only " + std::to_string(table.rows.size()) + " whole blocks; evidence needs at least two");
  Evidence evidence;
  evidence.blocks = table.seeds;
  for (std::size_t i = 0; i < plan.arms.size(); ++i) {
    ArmEvidence arm{plan.arms[i].id, plan.arms[i].label, {}, 0, 0, 0, 0, common_parameters(plan.arms[i].id, trials)};
    arm.training_accuracy = mean_training_accuracy(arm.id, trials, table.seeds);
    for (const auto& row : table.rows) arm.values.push_back(row[i]);
    AISCI_ASSIGN_OR_RETURN(const auto interval, statistics::paired_t(arm.values, confidence));
    arm.mean = interval.mean;
    arm.sd = interval.sd;
    arm.lower = interval.lower;
    arm.upper = interval.upper;
    evidence.arms.push_back(std::move(arm));
  }
  std::vector<double> contrasts;
  for (const auto& row : table.rows) contrasts.push_back(block_contrast(plan, row));
  AISCI_ASSIGN_OR_RETURN(evidence.contrast, test_contrast(contrasts, confidence));
  AISCI_ASSIGN_OR_RETURN(const auto found, probabilities(plan, std::move(contrasts)));
  evidence.probability_above = found.first;
  evidence.probability_below = found.second;
  evidence.significance = std::max(found.first, found.second);
  AISCI_ASSIGN_OR_RETURN(evidence.training, compare_training(plan, trials, evidence.blocks));
  return evidence;
}

Result<std::optional<double>> significance_error(const Plan& plan, const Evidence& evidence) {
  const auto& contrasts = evidence.contrast.values;
  const std::size_t n = contrasts.size();
  if (n < 3) return std::optional<double>{};
  std::vector<double> without;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> others = contrasts;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    AISCI_ASSIGN_OR_RETURN(const auto found, probabilities(plan, std::move(others)));
    without.push_back(std::max(found.first, found.second));
  }
  double mean = 0, squares = 0;
  for (const double one : without) mean += one / static_cast<double>(n);
  for (const double one : without) squares += (one - mean) * (one - mean);
  return std::optional{std::sqrt(squares * static_cast<double>(n - 1) / static_cast<double>(n))};
}

std::string reading_of(const Evidence& evidence) {
  if (evidence.probability_above > 0.5) return "leans to the prediction";
  if (evidence.probability_below > 0.5) return "leans against the prediction";
  if (evidence.probability_above + evidence.probability_below < 0.25) return "probably small";
  return "undecided";
}

json::object to_json(const Evidence& evidence, const Plan& plan) {
  json::object arms;
  for (const auto& arm : evidence.arms) {
    arms[arm.id] = json::object{
        {"label", arm.label}, {"n", arm.values.size()},       {"mean", arm.mean}, {"sd", arm.sd}, {"lower", arm.lower},
        {"upper", arm.upper}, {"values", numbers(arm.values)}};
    if (arm.parameters) arms[arm.id].as_object()["parameters"] = static_cast<std::int64_t>(*arm.parameters);
    if (arm.training_accuracy) arms[arm.id].as_object()["training_accuracy"] = *arm.training_accuracy;
  }
  const auto& c = evidence.contrast;
  json::object contrast{
      {"kind", plan.contrast.kind},
      {"scale", plan.contrast.scale == Contrast::Scale::kLogit ? "logit" : "linear"},
      {"n", c.values.size()},
      {"mean", c.mean},
      {"sd", c.sd},
      {"lower", c.lower},
      {"upper", c.upper},
      {"t", std::isfinite(c.t) ? json::value(c.t) : json::value{}},  // no spread: JSON has no infinity
      {"df", c.df},
      {"p", c.p},
      {"sign_flip_p", c.sign_flip_p},
      {"smallest_p", c.smallest_p},
      {"d", c.d},
      {"confidence", c.confidence},
      {"predicted_sign", plan.contrast.predicted_sign},
      {"values", numbers(c.values)}};
  json::object out{{"blocks", json::array(evidence.blocks.begin(), evidence.blocks.end())},
                   {"arms", std::move(arms)},
                   {"contrast", std::move(contrast)},
                   {"significance", evidence.significance},
                   {"probability_above", evidence.probability_above},
                   {"probability_below", evidence.probability_below},
                   {"reading", reading_of(evidence)}};
  if (const auto& training = evidence.training)
    out["training"] = json::object{{"mean", training->mean}, {"lower", training->lower}, {"upper", training->upper}};
  return out;
}

}  // namespace aisci
