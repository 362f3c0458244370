#include "research/experiment.hpp"

#include <algorithm>
#include <future>
#include <set>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "research/scoring.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kErrorLimit = 1u << 20;

fs::path kept_file(const Experiment& experiment, const Trial& trial) {
  return experiment.folder / "trials" / trial.id / "metrics.json";
}

json::object config_for(const Experiment& experiment, const std::vector<Trial>& trials) {
  json::array list;
  for (const auto& trial : trials) {
    list.push_back(json::object{{"id", trial.id},
                                {"arm", trial.arm},
                                {"seed", trial.seed},
                                {"config", experiment.plan.arm(trial.arm)->config}});
  }
  return {{"trials", std::move(list)},
          {"data", "/data"},
          {"results", "/results"},
          {"evaluate", experiment.split},
          {"threads", 1}};
}

std::string failure_class_of(const RunOutcome& outcome) {
  if (outcome.timed_out) return "timeout";
  if (outcome.out_of_memory) return "memory";
  if (outcome.limited) return "results";
  if (outcome.lost) return "lost";
  if (outcome.interrupted()) return "interrupted";
  return outcome.crowded ? "processes" : "code";
}

// The same, with what the program recorded about its own end: an allocation that a limit by process refused ends a
// program by an error of its own, which no counter of the kernel's shows.
std::string failure_class_of(const RunOutcome& outcome, const fs::path& results, const std::vector<Trial>& trials) {
  const std::string found = failure_class_of(outcome);
  if (found != "code") return found;
  for (const auto& trial : trials) {
    const auto text = read_file(results / trial.id / "error.json", kErrorLimit);
    const auto error = text.ok() ? parse_json_object(*text, "error.json") : Result<json::object>{text.status()};
    if (!error.ok()) continue;
    if (text_of(*error, "class") == "out_of_memory") return "memory";
    if (text_of(*error, "class") == "corrupt_data") return "data";
  }
  return found;
}

// What an experiment's runs brought in so far.
struct Imported {
  std::set<std::string> have;
  std::set<std::string> failed;  // trials of runs that ended by a failure of their own
  std::string tampering;         // the first sign of it; "" when there is none
};

void suspect(Imported& imported, const std::string& why) {
  if (imported.tampering.empty()) imported.tampering = why;
}

// The code a run was given is the code it leaves: the evaluator's part of it is among these files.
void check_code(const Experiment& experiment, const fs::path& job, Imported& imported) {
  for (const auto& [name, text] : experiment.code) {
    const auto found = read_file(job / name);
    if (!found.ok() || *found != text) suspect(imported, "the program changed " + name);
  }
}

// Takes over what a run left behind: checked, copied and only then counted. A run answers for the trials it was given,
// and for no other.
void import_results(const Experiment& experiment, const fs::path& folder, const std::vector<Trial>& given,
                    Imported& imported) {
  const fs::path results = folder / "results";
  check_code(experiment, folder / "job", imported);
  for (const auto& trial : experiment.trials) {
    const fs::path source = results / trial.id / "metrics.json";
    const bool own = std::any_of(given.begin(), given.end(), [&](const Trial& one) { return one.id == trial.id; });
    std::error_code error;
    if (!own && fs::exists(fs::symlink_status(source, error)))
      suspect(imported, source.string() + ": the result of a trial that was not this run's");
    if (!own || imported.have.count(trial.id)) continue;
    const auto read = read_trial(source, trial, experiment.plan, experiment.split);
    if (is_tampered(read.status())) suspect(imported, read.status().message());
    if (!read.ok()) continue;
    if (write_file(kept_file(experiment, trial), read->text, Durability::kBuffered).ok())
      imported.have.insert(trial.id);
  }
}

Status write_job(const Experiment& experiment, const fs::path& folder, const std::vector<Trial>& trials) {
  for (const auto& [name, text] : experiment.code)
    AISCI_RETURN_IF_ERROR(write_below(folder / "job", name, text, Durability::kBuffered));
  AISCI_RETURN_IF_ERROR(
      write_file(folder / "job" / "config.json", pretty(config_for(experiment, trials)), Durability::kBuffered));
  return make_folders(folder / "results");
}

struct Part {
  RunRequest request;
  std::vector<Trial> trials;
};

// Whole blocks go to one process, blocks in turn to the processes.
std::vector<std::vector<Trial>> deal(const std::vector<Trial>& trials, int processes) {
  std::vector<std::vector<Trial>> parts(static_cast<std::size_t>(std::max(1, processes)));
  for (const auto& trial : trials) parts[static_cast<std::size_t>(trial.block) % parts.size()].push_back(trial);
  std::erase_if(parts, [](const auto& part) { return part.empty(); });
  return parts;
}

// Makes a folder that no run has yet: two experiments of one node may look for theirs at the same time.
Result<fs::path> make_run_folder(const fs::path& runs) {
  AISCI_RETURN_IF_ERROR(make_folders(runs));
  std::error_code error;
  for (int number = 1;; ++number) {
    fs::path folder = runs / ("r" + std::to_string(number));
    if (fs::create_directory(folder, error)) return folder;
    if (error) return Status{StatusCode::kUnknown, "creating folder " + folder.string() + ": " + error.message()};
  }
}

// What a run needs to be joined again: which trials, and the hashes of what it runs. Written before the program starts.
Status remember(const Part& part, const Experiment& experiment) {
  json::array ids;
  for (const auto& trial : part.trials) ids.push_back(json::string{trial.id});
  json::object files{{"config.json", sha256(pretty(config_for(experiment, part.trials)))}};
  for (const auto& [name, text] : experiment.code) files[name] = sha256(text);
  return write_file(part.request.folder / "run.json",
                    pretty(json::object{{"id", part.request.id},
                                        {"attempt", experiment.attempt},
                                        {"trials", std::move(ids)},
                                        {"files", std::move(files)}}),
                    Durability::kBuffered);
}

// Whether a run folder holds what it was started with. After a power cut it may not; then nothing of it runs either.
bool intact(const fs::path& folder) {
  const auto text = read_file(folder / "run.json");
  const auto run = text.ok() ? parse_json_object(*text, "run.json") : Result<json::object>{text.status()};
  if (!run.ok()) return false;
  for (const auto& file : object_of(*run, "files")) {
    const auto hash = sha256_file(folder / "job" / std::string{file.key()});
    if (!hash.ok() || !file.value().is_string() ||
        std::string_view{*hash} != std::string_view{file.value().get_string()})
      return false;
  }
  return true;
}

RunRequest request_for(const Experiment& experiment, const fs::path& folder, std::size_t trials) {
  RunRequest request;
  request.id = experiment.id + "/" + folder.filename().string();
  request.folder = folder;
  request.program = experiment.plan.program;
  request.data = experiment.data;
  request.wall_seconds = 60 + experiment.plan.wall_seconds_per_trial * static_cast<double>(trials);
  request.memory_mb = experiment.plan.memory_mb;
  request.gpus = experiment.plan.gpus;
  return request;
}

Result<RunOutcome> run_part(const Part& part, const Crew& crew, const TrialListener& listener,
                            const std::atomic<bool>& cancelled) {
  return crew.run(
      part.request,
      [&](std::string_view line) {
        constexpr std::string_view kMark = "aisci-trial ";
        if (line.substr(0, kMark.size()) != kMark || !listener) return;
        if (const auto told = parse_json_object(line.substr(kMark.size()), "trial line"); told.ok())
          listener(text_of(*told, "trial"));
      },
      cancelled);
}

// What a run was given, as remember() wrote it.
struct Earlier {
  std::vector<Trial> trials;
  int attempt = 1;
};

Earlier earlier_run(const Experiment& experiment, const fs::path& folder) {
  const auto text = read_file(folder / "run.json");
  const auto record = text.ok() ? parse_json_object(*text, "run.json") : Result<json::object>{text.status()};
  Earlier run;
  if (!record.ok()) return run;
  run.attempt = static_cast<int>(integer_of(*record, "attempt", 1));
  for (const auto& id : array_of(*record, "trials"))
    for (const auto& trial : experiment.trials)
      if (id.is_string() && trial.id == std::string_view{id.get_string()}) run.trials.push_back(trial);
  return run;
}

void take_failure(const RunOutcome& ended, const Part& part, Imported& imported, ExperimentOutcome& outcome) {
  if (ended.clean()) return;
  const std::string found = failure_class_of(ended, part.request.folder / "results", part.trials);
  if (!ended.interrupted())
    for (const auto& trial : part.trials) imported.failed.insert(trial.id);
  if (!outcome.failure.empty()) return;
  outcome.failure = describe(ended);
  outcome.failure_class = found;
}

// Runs that an earlier process of aisci left: waits for those that still run. One that failed by itself has failed: the
// same program would fail alike, and what follows from the failure is already being done.
Status settle_earlier_runs(const Experiment& experiment, const Crew& crew, const std::atomic<bool>& cancelled,
                           Imported& imported, ExperimentOutcome& outcome) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{experiment.folder / "runs", error}) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const auto& folder : folders) {
    if (!intact(folder)) continue;
    Earlier run = earlier_run(experiment, folder);
    if (run.trials.empty()) continue;  // of another experiment of the same node
    const Part part{request_for(experiment, folder, experiment.trials.size()), std::move(run.trials)};
    // With all trials there, no run is missing; what the runs left is looked at all the same.
    if (imported.have.size() < experiment.trials.size()) {
      AISCI_ASSIGN_OR_RETURN(const RunOutcome ended, run_part(part, crew, {}, cancelled));
      if (!ended.interrupted() && run.attempt == experiment.attempt) take_failure(ended, part, imported, outcome);
    }
    import_results(experiment, folder, part.trials, imported);
  }
  return {};
}

// One dishonest trial makes all of its program's trials worthless.
void reject(ExperimentOutcome& outcome, const std::string& why) {
  outcome.failure = why;
  outcome.failure_class = "tamper";
  outcome.scored.clear();
  outcome.hashes.clear();
  outcome.environments.clear();
}

void score_all(const Experiment& experiment, ExperimentOutcome& outcome) {
  const auto labels =
      experiment.scoring.by_host ? read_labels(experiment.labels) : Result<std::vector<double>>{std::vector<double>{}};
  if (!labels.ok()) {
    outcome.failure = labels.status().message();
    outcome.failure_class = "results";
    return;
  }
  std::vector<json::object> documents;
  std::vector<Trial> read;
  for (const auto& trial : experiment.trials) {
    auto record = read_trial(kept_file(experiment, trial), trial, experiment.plan, experiment.split);
    const auto score = record.ok() ? score_trial(record->document, experiment.plan, experiment.scoring, *labels)
                                   : Result<double>{record.status()};
    if (is_tampered(score.status())) return reject(outcome, score.status().message());
    if (!score.ok()) {
      if (outcome.failure.empty()) outcome.failure = score.status().message();
      if (outcome.failure_class.empty()) outcome.failure_class = "results";
      continue;
    }
    outcome.scored.push_back({trial, *score, reported_parameters(record->document),
                              last_training_loss(record->document), flag_of(record->document, "diverged"),
                              reported_training_accuracy(record->document)});
    outcome.hashes[trial.id] = sha256(record->text);
    if (std::string with = environment_of(record->document); !with.empty())
      outcome.environments.insert(std::move(with));
    documents.push_back(std::move(record->document));
    read.push_back(trial);
  }
  if (const auto problems = suspicious(read, documents); !problems.empty()) reject(outcome, problems.front());
}

}  // namespace

std::string describe(const RunOutcome& outcome) {
  std::string text;
  if (outcome.lost)
    text = "its supervisor died without a record";
  else if (outcome.stopped)
    text = "its supervisor was asked to end it";
  else if (outcome.timed_out)
    text = "stopped at its time limit";
  else if (outcome.out_of_memory)
    text = "killed at its memory limit";
  else if (outcome.limited)
    text = "stopped because its output or results grew past their limit";
  else if (outcome.crowded)
    text = "failed after it had been refused processes at its limit";
  else if (outcome.signal)
    text = "ended by signal " + std::to_string(outcome.signal) + (outcome.interrupted() ? " from outside" : "");
  else
    text = "ended with exit code " + std::to_string(outcome.exit_code);
  return outcome.log_tail.empty() ? text : text + "; last lines:\n" + outcome.log_tail;
}

Status check_room(const RunOutcome& outcome, const fs::path& folder) {
  constexpr std::uintmax_t kNoRoom = 16u << 20;
  if (outcome.exit_code == 0 || outcome.timed_out || outcome.out_of_memory || outcome.interrupted()) return {};
  std::error_code error;
  const auto space = fs::space(folder, error);
  if (error || space.available >= kNoRoom) return {};
  return resource_exhausted("the disk is full: " + std::to_string(space.available >> 20) + " MB are left in " +
                            folder.string() + "; free some space, then resume the study");
}

Result<ExperimentOutcome> run_experiment(const Experiment& experiment, const Crew& crew, const TrialListener& listener,
                                         const std::atomic<bool>& cancelled) {
  AISCI_RETURN_IF_ERROR(
      write_file(experiment.folder / "plan.json", pretty(experiment.plan.document), Durability::kBuffered));
  for (const auto& [name, text] : experiment.code)
    AISCI_RETURN_IF_ERROR(write_below(experiment.folder / "code", name, text, Durability::kBuffered));

  Imported imported;
  auto& have = imported.have;
  for (const auto& trial : experiment.trials)
    if (read_trial(kept_file(experiment, trial), trial, experiment.plan, experiment.split).ok()) have.insert(trial.id);
  ExperimentOutcome outcome;
  AISCI_RETURN_IF_ERROR(settle_earlier_runs(experiment, crew, cancelled, imported, outcome));

  std::vector<Trial> missing;
  for (const auto& trial : experiment.trials)
    if (!have.count(trial.id) && !imported.failed.count(trial.id)) missing.push_back(trial);

  std::vector<Part> parts;
  for (auto& trials : deal(missing, experiment.processes)) {
    AISCI_ASSIGN_OR_RETURN(const fs::path folder, make_run_folder(experiment.folder / "runs"));
    AISCI_RETURN_IF_ERROR(write_job(experiment, folder, trials));
    const std::size_t count = trials.size();
    parts.push_back({request_for(experiment, folder, count), std::move(trials)});
    AISCI_RETURN_IF_ERROR(remember(parts.back(), experiment));
  }

  std::vector<std::future<Result<RunOutcome>>> running;
  for (const auto& part : parts)
    running.push_back(std::async(std::launch::async, [&] { return run_part(part, crew, listener, cancelled); }));
  Status host;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto ended = running[i].get();
    if (!ended.ok()) {
      host = ended.status();
      continue;
    }
    import_results(experiment, parts[i].request.folder, parts[i].trials, imported);
    if (Status room = check_room(*ended, parts[i].request.folder); !room.ok()) {
      std::error_code error;
      fs::remove(parts[i].request.folder / "run.json", error);  // it did not fail by itself: a resumed study forgets it
      host = std::move(room);
      continue;
    }
    take_failure(*ended, parts[i], imported, outcome);
  }
  AISCI_RETURN_IF_ERROR(host);
  if (cancelled) return aisci::cancelled("the study was cancelled");
  score_all(experiment, outcome);
  if (!imported.tampering.empty()) reject(outcome, imported.tampering);
  for (const auto& scored : outcome.scored) {
    AISCI_RETURN_IF_ERROR(write_below(experiment.folder / "trials", scored.trial.id + "/score.json",
                                      pretty(json::object{{"trial", scored.trial.id},
                                                          {"arm", scored.trial.arm},
                                                          {"seed", scored.trial.seed},
                                                          {experiment.plan.metric, scored.score}}),
                                      Durability::kBuffered));
  }
  // One wait for all files, before the event that says they are there.
  AISCI_RETURN_IF_ERROR(sync_files(experiment.folder));
  return outcome;
}

ExperimentOutcome read_experiment(const Experiment& experiment) {
  ExperimentOutcome outcome;
  score_all(experiment, outcome);
  return outcome;
}

json::object outcome_json(const ExperimentOutcome& outcome) {
  json::array trials;
  for (const auto& scored : outcome.scored) {
    const auto hash = outcome.hashes.find(scored.trial.id);
    trials.push_back(json::object{{"id", scored.trial.id},
                                  {"arm", scored.trial.arm},
                                  {"seed", scored.trial.seed},
                                  {"block", scored.trial.block},
                                  {"score", scored.score},
                                  {"sha256", hash == outcome.hashes.end() ? "" : hash->second}});
    auto& trial = trials.back().as_object();
    if (scored.parameters) trial["parameters"] = static_cast<std::int64_t>(*scored.parameters);
    if (scored.training_loss) trial["training_loss"] = *scored.training_loss;
    if (scored.diverged) trial["diverged"] = true;
    if (scored.training_accuracy) trial["training_accuracy"] = *scored.training_accuracy;
  }
  return {{"trials", std::move(trials)},
          {"environments", json::array(outcome.environments.begin(), outcome.environments.end())},
          {"failure", outcome.failure},
          {"failure_class", outcome.failure_class}};
}

}  // namespace aisci
