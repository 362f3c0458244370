// Trials: one arm in one block, one execution; what the host reads back, and how it is scored.
//
// Nothing a program writes is trusted. A trial's file must be a regular file of bounded size, of
// the right trial, arm, seed and configuration, with finite numbers; a metric that the template
// says the host scores is computed here, from the predictions and labels the sandbox never saw.
#pragma once

#include <aisci/status.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "research/plan.hpp"

namespace aisci {

struct Trial {
  std::string id;  // "t001"
  std::string arm;
  std::uint64_t seed = 0;
  int block = 0;  // 0, 1, ...; the seed's place in the list of blocks
};

// Arms in the plan's order inside each block: one whole block after the other, so that a run that is
// cut short leaves whole blocks. Ids count from `first`.
std::vector<Trial> make_trials(const Plan& plan, const std::vector<std::uint64_t>& seeds, int first = 1);

// Letters and digits: a trial's id is the name of its folder, and a ledger that says which may be a stranger's.
bool is_trial_id(std::string_view id);

// The seeds of a node's blocks: distinct, fixed by the study's seed and what they are for ("n3", "c1").
std::vector<std::uint64_t> block_seeds(std::uint64_t study_seed, std::string_view purpose, int blocks);

// What a trial wrote: the document, and the bytes it was read from, which are what is kept and hashed.
struct TrialRecord {
  json::object document;
  std::string text;
};

// Reads and checks a trial's metrics.json. NOT_FOUND: there is none. INVALID_ARGUMENT: it is broken: no JSON, a number
// that is not finite. is_tampered(): it says what no honest program says: another trial's result, another seed or
// configuration, a folder that leads elsewhere.
Result<TrialRecord> read_trial(const std::filesystem::path& file, const Trial& trial, const Plan& plan,
                               std::string_view split);

bool is_tampered(const Status& status);

// How a plan's metric comes about, as the template says.
struct Scoring {
  bool by_host = true;
  std::string rule = "accuracy";  // of scoring.hpp
  std::optional<double> guess;    // what a diverged trial scores: what guessing would
};

// From the metric's entry in the template's manifest.
Scoring read_scoring(const json::object& metric, const std::string& name);

// The plan's metric for a trial: from predictions and labels when the host scores, else as reported. A diverged trial
// scores what guessing would. INVALID_ARGUMENT when the predictions do not fit the labels, or a trial diverged and no
// score of guessing is known; is_tampered() when the program claims a value of a metric that the host scores and its
// predictions do not bear it out.
Result<double> score_trial(const json::object& trial, const Plan& plan, const Scoring& scoring,
                           const std::vector<double>& labels);

struct ScoredTrial {
  Trial trial;
  double score = 0;
  std::optional<double> parameters = {};     // how many the trained model has, where its program reports it
  std::optional<double> training_loss = {};  // the last one recorded, where its program records a curve of it
  bool diverged = false;                     // its loss or outputs stopped being finite: `score` is that of guessing
  // The share of what it learned from that it has right in the end, where its program reports it.
  std::optional<double> training_accuracy = {};
};

// The number of a model's trainable parameters that a trial reports as a metric: a whole number, or none.
std::optional<double> reported_parameters(const json::object& trial);

// The metric `train_accuracy` that a trial reports: a share from 0 to 1, or none.
std::optional<double> reported_training_accuracy(const json::object& trial);

// The last point of a trial's curve `train_loss`, in the curve's own unit: none where there is no such curve, it is not
// finite at its end, or the trial diverged.
std::optional<double> last_training_loss(const json::object& trial);

// What a trial's program says it ran with: "python 3.11.2, numpy 1.26.4, torch 1.13.1; device cpu, machine x86_64".
// Names and versions alone, for a program may write anything there; "" without any.
std::string environment_of(const json::object& trial);

// Faults that make a set of trials untrustworthy: two seeds of one arm with identical output, which is what a program
// gives that ignores its seed or copies. Output with fewer than eight different numbers, predictions of classes not
// counted, may agree by chance: it is a fault only if no arm has two outputs that differ; metrics alone only if the arm
// has no two that differ.
std::vector<std::string> suspicious(const std::vector<Trial>& trials, const std::vector<json::object>& documents);

}  // namespace aisci
