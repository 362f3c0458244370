// Experiments that failed, and what is done about them: the table of retry.hpp, followed a bounded number of times.
//
// Experiments are settled on the study's thread in the search's order, so that what follows from a failure is the same
// at any speed. Each attempt that is followed by another is an event, "experiment.retried": a resumed study takes it
// from there.
#include "research/flow_retry.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/text.hpp"
#include "research/flow.hpp"

namespace aisci {
namespace {

constexpr std::size_t kShownFailure = 4000;

std::string attempt_key(const std::string& key, int attempt) { return key + "#" + std::to_string(attempt); }

// What people read while it happens.
std::string told(const Retry& retry) {
  std::string why = retry.failure.substr(0, retry.failure.find('\n'));
  why = why.substr(0, why.rfind("; last lines:"));
  if (!retry.number.empty())
    return why + "; again with " + replace_all(retry.number, "_", " ") + " " + fixed(retry.to, 0) + " in place of " +
           fixed(retry.from, 0);
  if (!retry.code.empty()) return why + "; again with repaired code: " + retry.told;
  return why + (retry.remedy == "rebuild_data" ? "; again with the data prepared anew" : "; again with the same seeds");
}

}  // namespace

bool ends_a_study(const Status& status) {
  constexpr StatusCode kCircumstances[] = {StatusCode::kCancelled,        StatusCode::kUnavailable,
                                           StatusCode::kUnauthenticated,  StatusCode::kPermissionDenied,
                                           StatusCode::kDeadlineExceeded, StatusCode::kResourceExhausted,
                                           StatusCode::kDataLoss,         StatusCode::kNotFound};
  return std::find(std::begin(kCircumstances), std::end(kCircumstances), status.code()) != std::end(kCircumstances);
}

Result<bool> Flow::retried_before(const std::string& key, int attempt) const {
  AISCI_ASSIGN_OR_RETURN(const auto known, recorder_.recorded("experiment.retried", attempt_key(key, attempt)));
  return known.has_value();
}

// Runs an experiment, follows the table while it fails, and records how it ended.
Result<json::object> Flow::settle(Attempts& attempts) {
  for (int number = 1;; ++number) {
    AISCI_ASSIGN_OR_RETURN(auto outcome, attempt(attempts, number, {}));
    if (outcome) return std::move(*outcome);
  }
}

// One attempt, which runs here where it is not `running`: how the experiment ended, or nothing when another attempt is
// to follow.
Result<std::optional<json::object>> Flow::attempt(Attempts& attempts, int number,
                                                  std::future<Result<ExperimentOutcome>> running) {
  using Outcome = std::optional<json::object>;
  attempts.experiment.attempt = number;
  const std::string key = attempt_key(attempts.key, number);
  AISCI_ASSIGN_OR_RETURN(auto known, recorder_.recorded("experiment.retried", key));
  if (!known) {
    AISCI_ASSIGN_OR_RETURN(const auto completed, recorder_.recorded("experiment.completed", attempts.key));
    if (completed || recorder_.verifying()) {
      AISCI_ASSIGN_OR_RETURN(auto outcome,
                             recorder_.outcome("experiment.completed", attempts.key, [] { return json::object{}; }));
      return Outcome{std::move(outcome)};
    }
    auto ended = running.valid() ? running.get()
                                 : run_experiment(attempts.experiment, crew_, attempts.listener, control_.cancelled);
    if (!ended.ok()) return ended.status();
    std::optional<Retry> retry;
    if (number <= options_.max_retries) {
      AISCI_ASSIGN_OR_RETURN(retry, remedy_of(attempts, *ended));
    }
    if (!retry) {
      AISCI_ASSIGN_OR_RETURN(
          auto outcome, recorder_.outcome("experiment.completed", attempts.key, [&] { return outcome_json(*ended); }));
      return Outcome{std::move(outcome)};
    }
    retry->failure_class = ended->failure_class;
    retry->failure = ended->failure.substr(0, kShownFailure);
    AISCI_ASSIGN_OR_RETURN(known, recorder_.outcome("experiment.retried", key, [&] { return to_json(*retry); }));
    tell(attempts.experiment.id + ": " + told(*retry), progress_);
  }
  AISCI_ASSIGN_OR_RETURN(const Retry retry, read_retry(*known, code_[attempts.experiment.id]));
  AISCI_RETURN_IF_ERROR(follow(retry, attempts));
  return Outcome{};
}

// What to do about an outcome; none: it stands.
Result<std::optional<Retry>> Flow::remedy_of(const Attempts& attempts, const ExperimentOutcome& outcome) {
  const bool whole = outcome.scored.size() == attempts.experiment.trials.size();
  const Remedy& remedy = remedy_for(outcome.failure_class);
  Retry retry;
  retry.remedy = remedy.name;
  if (whole) return std::optional<Retry>{};
  switch (remedy.kind) {
    case Remedy::Kind::kNone:
      return std::optional<Retry>{};
    case Remedy::Kind::kSameAgain:
      return std::optional<Retry>{retry};
    case Remedy::Kind::kHalve:
      return halved(attempts.plan, attempts.hypothesis, remedy);
    case Remedy::Kind::kRebuildData: {
      AISCI_ASSIGN_OR_RETURN(const bool intact, data_intact());
      if (!intact) return std::optional<Retry>{retry};
      return repaired(attempts, outcome);  // the data are what they were: the program reads them wrongly
    }
    case Remedy::Kind::kRepairCode:
      return repaired(attempts, outcome);
  }
  return std::optional<Retry>{};
}

// Asks the design role for code that does not fail like this. It sees the error and no score.
Result<std::optional<Retry>> Flow::repaired(const Attempts& attempts, const ExperimentOutcome& outcome) {
  const auto& code = code_[attempts.experiment.id];
  json::object files;
  for (const auto& [name, text] : code)
    if (name != kExperimentModule) files[name] = text;
  const auto answer = act("design.repair", {{"hypothesis", attempts.hypothesis},
                                            {"template", view_.template_document},
                                            {"plan", attempts.plan.document},
                                            {"code", std::move(files)},
                                            {"failure", outcome.failure.substr(0, kShownFailure)}});
  if (ends_a_study(answer.status())) return answer.status();
  Retry retry;
  retry.remedy = "repair_code";
  if (!answer.ok()) return std::optional<Retry>{};
  for (const auto& file : object_of(*answer, "code")) {
    const std::string name{file.key()};
    if (!may_repair(code, name, file.value())) return std::optional<Retry>{};
    const std::string text{file.value().get_string()};
    if (text != code.at(name)) retry.code[name] = text;
  }
  if (retry.code.empty()) return std::optional<Retry>{};
  retry.told = printable(text_of(*answer, "told"), 300);
  return std::optional<Retry>{retry};
}

Status Flow::follow(const Retry& retry, Attempts& attempts) {
  attempts.retries.push_back(retry);
  if (retry.remedy == "rebuild_data" && !recorder_.verifying()) AISCI_RETURN_IF_ERROR(check_data());
  if (!retry.changes_recipe()) return {};
  AISCI_ASSIGN_OR_RETURN(attempts.plan, with_change(attempts.plan, retry));
  for (const auto& [name, text] : retry.code) code_[attempts.experiment.id][name] = text;
  const int processes = attempts.experiment.processes;
  attempts.experiment = experiment_for(attempts.experiment.id, attempts.plan, attempts.all_trials(attempts.plan),
                                       attempts.experiment.split == "confirmation", changes_in(attempts.retries));
  attempts.experiment.processes = processes;
  return {};
}

// Runs what is no experiment: the data, the figures, the paper. A failure of the machine repeats it.
Result<RunOutcome> Flow::run_through(const std::string& what, const std::function<Result<RunRequest>()>& prepare) {
  for (int again = 0;; ++again) {
    AISCI_ASSIGN_OR_RETURN(const RunRequest request, prepare());
    AISCI_ASSIGN_OR_RETURN(const RunOutcome outcome, crew_.run(request, {}, control_.cancelled));
    if (control_.cancelled) return cancelled("the study was cancelled");
    AISCI_RETURN_IF_ERROR(check_room(outcome, request.folder));
    if (!outcome.interrupted() || again >= options_.max_retries) return outcome;
    AISCI_RETURN_IF_ERROR(recorder_
                              .note("run.repeated", what + "#" + std::to_string(recorder_.ledger().size()),
                                    {{"failure", describe(outcome)}})
                              .status());
    tell(what + ": " + describe(outcome).substr(0, describe(outcome).find('\n')) + "; again", progress_);
  }
}

}  // namespace aisci
