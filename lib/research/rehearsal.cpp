#include "research/rehearsal.hpp"

#include <cmath>

#include "research/recorder.hpp"
#include "research/scoring.hpp"
#include "research/taken.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

constexpr const char* kUsual = "usual";
constexpr const char* kAgain = "again";

const json::object& metric_in(const json::object& manifest, std::string_view name) {
  return object_of(object_of(manifest, "metrics"), name);
}

bool scored_by_host(const json::object& manifest) {
  for (const auto& metric : object_of(manifest, "metrics"))
    if (metric.value().is_object() && text_of(metric.value().get_object(), "scored_by") == "host") return true;
  return false;
}

// The usual arm, the same once more, and every other level with all else as usual.
std::vector<Arm> arms_of(const json::object& manifest) {
  json::object usual;
  for (const auto& factor : object_of(manifest, "factors"))
    if (factor.value().is_object()) usual[factor.key()] = member(factor.value().get_object(), "default");
  std::vector<Arm> arms{{kUsual, "all factors at their default", usual}, {kAgain, "the same again", usual}};
  for (const auto& factor : object_of(manifest, "factors")) {
    if (!factor.value().is_object()) continue;
    for (const auto& level : array_of(factor.value().get_object(), "levels")) {
      if (level_name(level) == level_name(usual[factor.key()])) continue;
      json::object config = usual;
      config[factor.key()] = level;
      arms.push_back({"level-" + std::to_string(arms.size() - 1), std::string{factor.key()} + " = " + level_name(level),
                      std::move(config)});
    }
  }
  return arms;
}

Plan plan_of(const json::object& manifest) {
  Plan plan;
  plan.title = "rehearsal";
  plan.metric = text_of(manifest, "metric");
  plan.metric_direction = text_of(metric_in(manifest, plan.metric), "direction", "higher");
  plan.arms = arms_of(manifest);
  plan.baseline = kUsual;
  plan.program = texts_of(manifest, "program");
  plan.files = texts_of(manifest, "files");
  read_limits(manifest, plan);
  plan.document = {{"title", plan.title}, {"metric", plan.metric}};
  return plan;
}

Result<json::object> trial_in(const Experiment& rehearsal, const Trial& trial) {
  AISCI_ASSIGN_OR_RETURN(auto record, read_trial(rehearsal.folder / "trials" / trial.id / "metrics.json", trial,
                                                 rehearsal.plan, rehearsal.split));
  return std::move(record.document);
}

std::string told(const Experiment& rehearsal, const Trial& trial) {
  const Arm* arm = rehearsal.plan.arm(trial.arm);
  return "trial " + trial.id + " (" + (arm ? arm->label : trial.arm) + ", seed " + std::to_string(trial.seed) + ")";
}

// Every metric that programs report must be in every trial, whichever of them a hypothesis will be about.
std::string missing_metric(const Experiment& rehearsal, const json::object& manifest) {
  for (const auto& trial : rehearsal.trials) {
    const auto document = trial_in(rehearsal, trial);
    if (!document.ok()) return told(rehearsal, trial) + ": " + document.status().message();
    if (flag_of(*document, "diverged")) continue;
    for (const auto& metric : object_of(manifest, "metrics")) {
      const std::string name{metric.key()};
      if (!metric.value().is_object() || text_of(metric.value().get_object(), "scored_by") == "host") continue;
      if (!std::isfinite(as_number(member(object_of(*document, "metrics"), name))))
        return told(rehearsal, trial) + " does not report the metric " + name;
    }
  }
  return {};
}

const Trial& first_of(const Experiment& rehearsal, std::string_view arm) {
  for (const auto& trial : rehearsal.trials)
    if (trial.arm == arm) return trial;
  return rehearsal.trials.front();
}

std::string unrepeated(const Experiment& rehearsal) {
  const Trial &first = first_of(rehearsal, kUsual), &second = first_of(rehearsal, kAgain);
  const auto a = trial_in(rehearsal, first), b = trial_in(rehearsal, second);
  if (!a.ok() || !b.ok()) return (a.ok() ? b : a).status().message();
  for (const char* part : {"metrics", "predictions", "curves"}) {
    if (equal_documents(member(*a, part), member(*b, part))) continue;
    const Finding difference = first_difference(member(*a, part), member(*b, part), part);
    return "the same arm and seed gave " + difference.place + " " + difference.expected + " and then " +
           difference.found + "; every random choice must come from trial.seed_for(...)";
  }
  return {};
}

}  // namespace

Experiment rehearsal_of(const json::object& manifest, const std::map<std::string, std::string>& code,
                        std::uint64_t study_seed) {
  Experiment rehearsal;
  rehearsal.id = "rehearsal";
  rehearsal.plan = plan_of(manifest);
  rehearsal.code = code;
  rehearsal.split = "validation";
  rehearsal.scoring = read_scoring(metric_in(manifest, rehearsal.plan.metric), rehearsal.plan.metric);
  const auto seeds = block_seeds(study_seed, "rehearsal", 2);
  const auto add = [&](const std::string& arm, int block) {
    const auto number = std::to_string(rehearsal.trials.size() + 1);
    rehearsal.trials.push_back({"t" + std::string(number.size() < 3 ? 3 - number.size() : 0, '0') + number, arm,
                                seeds[static_cast<std::size_t>(block)], block});
  };
  add(kUsual, 0);
  add(kUsual, 1);
  for (const auto& arm : rehearsal.plan.arms)
    if (arm.id != kUsual) add(arm.id, 0);
  return rehearsal;
}

std::string fault_of_data(const fs::path& prepared, const json::object& manifest) {
  std::error_code error;
  for (const char* part : {"public", "confirmation"})
    if (hashes_below(prepared / part).empty())
      return std::string{"prepare.py left nothing in "} + part + "/ below the folder of its results";
  if (equal_documents(hashes_below(prepared / "public"), hashes_below(prepared / "confirmation")))
    return "prepare.py left the same files in public/ and confirmation/: a confirmation needs inputs of its own";
  if (!scored_by_host(manifest)) return {};
  for (const char* split : {"validation", "confirmation"})
    if (const auto labels = read_labels(prepared / "labels" / (std::string{split} + ".json")); !labels.ok())
      return "labels/" + std::string{split} + ".json: " + labels.status().message();
  return {};
}

std::string fault_of_results(const Experiment& rehearsal, const ExperimentOutcome& outcome,
                             const json::object& manifest) {
  if (!outcome.failure.empty()) return outcome.failure;
  if (outcome.scored.size() != rehearsal.trials.size()) return "experiment.py ended without the results of all trials";
  if (std::string missing = missing_metric(rehearsal, manifest); !missing.empty()) return missing;
  return unrepeated(rehearsal);
}

}  // namespace aisci
