// The crew: what a study works with, as functions. The flow meets no plugin, process or socket; a test
// hands it a crew of its own.
#pragma once

#include <aisci/options.hpp>
#include <aisci/status.hpp>
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace aisci {

// The module that experiments import, beside a node's own files.
inline constexpr const char* kExperimentModule = "aisci_experiment.py";

// One program in the sandbox.
struct RunRequest {
  std::string id;                    // "n3/r1"; unique in the study
  std::filesystem::path folder;      // host folder of the run; holds job/ and results/ and the completion record
  std::vector<std::string> program;  // {"python3", "/job/experiment.py"}
  std::filesystem::path data;        // host folder seen read-only as /data; empty: none
  double wall_seconds = 60;
  double memory_mb = 2048;
  double results_mb = 1024;
  int gpus = 0;            // that it could use
  bool evaluator = false;  // may see the data sets that libraries ship: only for preparing data
  std::map<std::string, std::string> environment;
};

struct RunOutcome {
  int exit_code = 0;
  int signal = 0;
  bool timed_out = false;
  bool out_of_memory = false;
  bool limited = false;     // output or results grew past their limit
  bool stopped = false;     // somebody asked its supervisor to end it
  bool crowded = false;     // it failed, and had been refused processes at its limit
  bool lost = false;        // the supervisor died without a record
  double wall_seconds = 0;  // volatile
  std::string log_tail;     // last lines of standard output and error
  bool clean() const {
    return exit_code == 0 && signal == 0 && !timed_out && !out_of_memory && !limited && !stopped && !lost;
  }
  // Ended from outside: its supervisor or the program itself was killed, and by no limit. The machine's failure, not
  // its.
  bool interrupted() const {
    const bool by_limit = timed_out || out_of_memory || limited;
    return lost || stopped || (!by_limit && (signal == 9 || signal == 15));
  }
};

// "killed by signal 9 after the time limit", for people.
std::string describe(const RunOutcome& outcome);

// Whether a failure is one of the circumstances (key, model, network, budget, disk, a stop) and not of what was asked:
// a study ends there, and asks again when it is resumed. Any other failure of an agent may cost a node, and no more.
bool ends_a_study(const Status& status);

// How many experiments run at once.
int slots_of(const Options& options);

struct NodeMetrics {
  std::string id, parent;
  int depth = 0;
  int visits = 0;            // experiments that it had
  int experiments_left = 0;  // of the study
  // novelty, significance, feasibility; a part that is missing was not assessed. NAME_stddev: how uncertain NAME is.
  std::map<std::string, double> metrics;
  std::map<std::string, std::string> documents;  // hypothesis, plan, evidence: JSON; code: its files, one after another
};

// What a model said of a node when the value function asked it. Model text, on one line, to be shown and never printed
// in a paper.
struct Judgement {
  std::string task;             // "value.impact"
  std::optional<double> score;  // as the model gave it, by the rubric of its task
  std::string why;
};

struct NodeScore {
  double value = 0;
  std::vector<std::string> not_assessed;
  std::map<std::string, double> parts;         // that the function says it used; none: it does not say
  std::optional<double> stddev;                // how uncertain the value is; none: it does not say
  std::vector<Judgement> judgements;           // that went into it
  std::map<std::string, double> weights = {};  // of the parts in the value, as the function says: they add up to 1
};

struct Crew {
  // An agent's task: "ideation.scope". Called from the study's thread only.
  std::function<Result<json::object>(std::string_view task, const json::object& input)> act;
  // Records of all retrievers for a query, best first.
  std::function<Result<std::vector<json::object>>(const std::string& query, int k)> search;
  // Runs a program; called from worker threads. `line` gets each line of standard output as it comes. A run folder
  // that already holds a completed or running program is waited for, never started twice.
  std::function<Result<RunOutcome>(const RunRequest& request, const std::function<void(std::string_view)>& line,
                                   const std::atomic<bool>& cancelled)>
      run;
  std::function<Result<NodeScore>(const NodeMetrics& node)> evaluate;
  // The writer's output documents for a resolved paper, in order.
  std::function<Result<std::vector<json::object>>(const json::object& paper)> render;
  // The writer's report on a resolved paper, with the text of its build's log in it as `log`: {"problems": [{"place",
  // "text"}], "body_pages", "most_body_pages"}.
  std::function<Result<json::object>(const json::object& paper)> check = [](const json::object&) {
    return Result<json::object>{json::object{}};
  };
  // The cap on models' costs of which more than this share is used: "budget_usd"; "" when none is.
  std::function<Result<std::string>(double share)> model_budget = [](double) { return std::string{}; };
  // What people must know of model tasks that others than the configured model answered.
  std::function<std::vector<std::string>()> substitutions = [] { return std::vector<std::string>{}; };
  // Those of the packages, with their least versions, that the experiments' interpreter has not; as people are told
  // them.
  std::function<Result<std::vector<std::string>>(const json::object& packages)> missing_packages =
      [](const json::object&) { return std::vector<std::string>{}; };
  // The Python module that experiments import, `aisci_experiment`; goes into every job folder.
  std::string experiment_module;
  // What made the study: versions and names, for the ledger.
  json::object description;
};

}  // namespace aisci
