// aisci run and aisci resume.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "cli.hpp"
#include "numbers.hpp"
#include "progress.hpp"

namespace aisci::cli {
namespace {

// The program, not the library, owns the signals: the first asks the study to end, the second gives it a moment to end
// what it has running in sandboxes, the third ends the program where it is. Before there is a study the second does.
volatile std::sig_atomic_t interrupts = 0;
volatile std::sig_atomic_t following = 0;
constexpr int kSecondEnds = 130;
constexpr auto kMoment = std::chrono::milliseconds{1500};

void on_interrupt(int) {
  interrupts = interrupts + 1;
  if (interrupts >= 3 || (interrupts == 2 && following == 0)) std::_Exit(kSecondEnds);
}

void print_result(const StudyResult& result, const std::string& folder) {
  if (!result.paper.pdf.empty())
    say(stdout, "Paper: %s\n", result.paper.pdf.c_str());
  else
    say(stdout, "Paper (sources only): %s\n", result.paper.latex.c_str());
  say(stdout, "\nVerdicts (confirmed on fresh seeds%s; effects in the predicted direction):\n",
      result.paper.fresh_data ? " and data read for the first time" : ", measured on the training data");
  for (const auto& verdict : result.paper.verdicts) {
    say(stdout, "  %s  %-12s  %s, %d blocks\n      %s\n", verdict.claim.c_str(), verdict.verdict.c_str(),
        verdict.blocks == 0 ? "no evidence" : effect_of(verdict).c_str(), verdict.blocks, verdict.statement.c_str());
  }
  if (!result.paper.findings.empty()) say(stdout, "\nFindings:\n");
  for (const auto& finding : result.paper.findings) say(stdout, "  - %s\n", finding.c_str());
  if (!result.next.empty()) say(stdout, "\nWhat to try next:\n");
  for (const auto& next : result.next) say(stdout, "  - %s\n", next.c_str());
  say(stdout, "\nThe search was ended by %s. Reviewers' mean overall score: %.1f of 10.\n", result.ended_by.c_str(),
      result.paper.quality);
  say(stdout, "Check every number: aisci verify %s\n", folder.c_str());
  for (const auto& what : result.degraded) say(stdout, "Degraded: %s\n", what.c_str());
}

// In the search, or after it: then what was left to do was done in another way, which `degraded` says.
bool budget_reached(const StudyResult& result) {
  const auto names_budget = [](const std::string& text) { return text.rfind("budget_", 0) == 0; };
  return names_budget(result.ended_by) || std::any_of(result.degraded.begin(), result.degraded.end(), names_budget);
}

int follow(Study& study, const RunArguments& arguments, const std::string& folder) {
  Progress progress{arguments.quiet, arguments.json};
  study.on_event([&](const StudyEvent& event) { progress.tell(event); });
  bool asked = false;
  std::chrono::steady_clock::time_point hurried{};
  following = 1;
  while (study.state() == StudyState::kRunning || study.state() == StudyState::kPaused) {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    progress.tick();
    if (interrupted() && !asked) {
      asked = true;
      say(stderr, "\nstopping; once more ends at once\n");
      study.cancel();
    }
    if (interrupts < 2) continue;
    const auto now = std::chrono::steady_clock::now();
    if (hurried == std::chrono::steady_clock::time_point{}) hurried = now;
    if (now - hurried > kMoment) std::_Exit(kSecondEnds);
  }
  const StudyResult& result = study.wait();
  progress.finish();
  if (result.state == StudyState::kCancelled) {
    say(stderr, "Stopped. Nothing is lost: aisci resume %s continues it.\n", folder.c_str());
    return kCancelledRun;
  }
  if (result.state != StudyState::kCompleted) return fail(result.status);
  if (!arguments.json)
    print_result(result, folder);
  else if (const auto summary = describe_study(folder); summary.ok())
    say_json(*summary);
  if (budget_reached(result)) return kBudget;
  return result.degraded.empty() ? kDone : kDegraded;
}

void warn_of(const Options& options) {
  if (options.sandbox == "process")
    say(stderr,
        "aisci: warning: sandbox \"process\" does not isolate experiments: they run with your rights, files "
        "and network.\n");
}

}  // namespace

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
  // The terminal is gone: the same as being asked to end, unless whoever started us (nohup) said not to mind.
  struct sigaction before {};
  ::sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler != SIG_IGN) ::sigaction(SIGHUP, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

bool interrupted() { return interrupts > 0; }

int run(const RunArguments& arguments) {
  const auto loaded = load_options(arguments.flags, arguments.config);
  if (!loaded.ok()) {
    fail(loaded.status());
    return kUsage;
  }
  warn_of(loaded->options);
  catch_signals();
  // Before any work: hours later is too late to hear of a missing package. Layers of isolation that nobody asked for
  // are doctor's to tell; here they would be told each time.
  auto checks = diagnose(loaded->options, arguments.folder);
  std::erase_if(checks, [](const Check& check) { return !check.required && check.name.rfind("  layer ", 0) == 0; });
  if (print_checks(stderr, checks, false) == kMissing) return kMissing;
  if (interrupted()) return kCancelledRun;
  Scientist scientist{loaded->options};
  scientist.remember_in(default_state_folder());
  auto study = scientist.start(arguments.question, arguments.folder);
  if (!study.ok()) return fail(study.status());
  return follow(*study, arguments, arguments.folder);
}

int resume(const RunArguments& arguments) {
  catch_signals();
  // The user's configuration counts where it says what the study says: then that is no stranger's choice.
  const auto loaded = load_own_options({}, arguments.config);
  if (!loaded.ok()) {
    fail(loaded.status());
    return kUsage;
  }
  Options options = loaded->options;
  ResumeOptions how;
  options.gpu_allocation = Options{}.gpu_allocation;  // these count from flags alone
  options.gpu_ids = Options{}.gpu_ids;
  for (const auto& [name, value] : arguments.flags) {
    if (name != "gpu_allocation" && name != "gpu_ids")
      how.again[name] = value;
    else if (const Status status = set_option(options, name, value); !status.ok())
      return fail(status);
  }
  if (arguments.flags.count("gpu_ids") > 0 && options.gpu_ids == "all")
    options.gpu_ids = "auto";  // asked for, not left out
  Scientist scientist{std::move(options)};
  scientist.remember_in(default_state_folder());
  auto study = scientist.resume(arguments.folder, how);
  if (!study.ok()) return fail(study.status());
  warn_of(study->options());
  return follow(*study, arguments, arguments.folder);
}

}  // namespace aisci::cli
