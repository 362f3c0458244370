// Running an experiment: a plan and a list of trials in, scored trials out.
//
// One process runs several trials. Each writes its own file as soon as it is done, so what a crash
// loses is the trial it hit: a resumed experiment imports the complete trials and runs the rest.
//
//   experiments/n3/plan.json, code/...          what ran
//   experiments/n3/runs/r1/                     job/, results/, completion record, output
//   experiments/n3/trials/t007/metrics.json     as the program wrote it
//   experiments/n3/trials/t007/score.json       what the host computed from it
//   experiments/n3/retry-1/...                  the same again, after a change of the recipe (retry.hpp)
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "research/crew.hpp"
#include "research/trials.hpp"

namespace aisci {

struct Experiment {
  std::string id;                // "n3" or "c1"
  std::filesystem::path folder;  // experiments/n3
  Plan plan;
  std::map<std::string, std::string> code;  // file name -> text
  std::vector<Trial> trials;
  std::filesystem::path data;    // public data
  std::string split;             // "validation" or "confirmation"
  std::filesystem::path labels;  // host only
  Scoring scoring;
  int processes = 1;  // the trials are dealt out, whole blocks at a time
  int attempt = 1;    // a run that failed counts for the attempt that it was made in
};

struct ExperimentOutcome {
  std::vector<ScoredTrial> scored;            // in the order of Experiment::trials
  std::map<std::string, std::string> hashes;  // trial -> SHA-256 of its metrics.json
  std::set<std::string> environments;         // that the programs of the scored trials report
  std::string failure;                        // why trials are missing, with the log's tail; "" when none is
  // code, data, timeout, memory, processes, results, tamper, and of the machine: lost, interrupted
  std::string failure_class;
};

using TrialListener = std::function<void(const std::string& trial)>;

// RESOURCE_EXHAUSTED when a run failed by itself on a disk that has no room left: that is the host's failure, whatever
// the program made of it. OK otherwise.
Status check_room(const RunOutcome& outcome, const std::filesystem::path& folder);

// Blocks until all processes ended. A failure of the experiment is in the outcome; a Status is a failure of the
// host (disk, sandbox). May be called from any thread; two experiments at once are fine.
Result<ExperimentOutcome> run_experiment(const Experiment& experiment, const Crew& crew, const TrialListener& listener,
                                         const std::atomic<bool>& cancelled);

// Scores the trials that are in trials/ without running anything: what verification does.
ExperimentOutcome read_experiment(const Experiment& experiment);

// The outcome as its event's body.
json::object outcome_json(const ExperimentOutcome& outcome);

}  // namespace aisci
