// aisci compare-policies: search policies against each other on the user's own problem.

#include <CLI/CLI.hpp>
#include <aisci/compare_policies.hpp>
#include <aisci/mcts/search.hpp>

#include <atomic>
#include <cstdio>
#include <future>

#include "cli.hpp"
#include "progress.hpp"

namespace aisci::cli {
namespace {

constexpr const char* kFooter =
    R"(The evaluator is a program. For every evaluation it is run once, reads one line from its standard input,
  {"config": {"rate": 0.1, "layers": 2}, "seed": 7}
and prints a last line {"score": 0.83}; higher is better. An argument {} is replaced by that input. Another exit code
than 0, or a score of null, is a failed evaluation. The space is a file {"rate": [0.1, 0.01], "layers": [1, 2, 3]}.

  aisci compare-policies --space space.json --journal done.jsonl -- python3 train.py
  aisci compare-policies --landscape recorded.json --policies adaptive,ucb1 --budget 20

With --journal FILE every evaluation is kept, and the same command goes on where it was stopped.)";

struct Request {
  std::string space, landscape, policies;
  std::vector<std::string> evaluator;
  double seconds = 3600;
  std::uint32_t repetitions = 0;
  ComparisonOptions options;
};

Result<Comparison> compare(Request& request, const std::atomic<bool>& stopped) {
  ComparisonOptions& options = request.options;
  options.cancelled = &stopped;
  if (!request.policies.empty()) {
    options.policies.clear();
    for (std::size_t begin = 0; begin <= request.policies.size();) {
      const std::size_t end = std::min(request.policies.find(',', begin), request.policies.size());
      options.policies.push_back(request.policies.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  if (request.landscape.empty() == request.space.empty())
    return invalid_argument("give either --landscape FILE, or --space FILE and the evaluator's command");
  if (!request.landscape.empty()) {
    if (!request.evaluator.empty()) return invalid_argument("a landscape needs no evaluator");
    options.repetitions = request.repetitions ? request.repetitions : 400;
    return compare_policies_on(request.landscape, options);
  }
  if (request.evaluator.empty()) return invalid_argument("the evaluator's command is missing: ... -- python3 train.py");
  options.repetitions = request.repetitions ? request.repetitions : 20;
  auto space = read_search_space(request.space);
  if (!space.ok()) return space.status();
  return compare_policies(*space, program_evaluator(request.evaluator, {request.seconds, &stopped}), options);
}

int run_comparison(Request& request, const RunArguments& arguments) {
  catch_signals();
  Progress progress{arguments.quiet, false};
  std::atomic<bool> stopped{false};
  request.options.tell = [&](const std::string& line, double share) {
    StudyEvent event;
    event.type = "progress";
    event.message = line;
    event.progress = share;
    progress.tell(event);
  };
  auto running = std::async(std::launch::async, [&] { return compare(request, stopped); });
  while (running.wait_for(std::chrono::milliseconds{100}) != std::future_status::ready) {
    progress.tick();
    if (interrupted()) stopped = true;
  }
  const auto comparison = running.get();
  progress.finish();
  if (!comparison.ok()) {
    const bool kept = comparison.status().code() == StatusCode::kCancelled && !request.options.journal.empty();
    const int code = fail(comparison.status());
    if (kept) say(stderr, "Nothing is lost: the same command goes on from %s.\n", request.options.journal.c_str());
    return code;
  }
  if (arguments.json)
    say_json(to_json(*comparison));
  else
    say(stdout, "%s", to_text(*comparison).c_str());
  return kDone;
}

}  // namespace

void add_comparison_command(CLI::App& app, RunArguments& arguments, int& code) {
  static Request request;
  std::string known = "drafts";
  for (const auto& name : mcts::policy_names()) known += ", " + name;
  auto* command = app.add_subcommand("compare-policies", "which search policy serves your own problem best");
  command->footer(kFooter);
  command->add_option("evaluator", request.evaluator, "the program that scores a configuration, after --")
      ->type_name("COMMAND");
  command->add_option("--space", request.space, "factors and their levels, as JSON")->type_name("FILE");
  command->add_option("--landscape", request.landscape, "recorded scores (aisci-landscape/1), in place of a program")
      ->type_name("FILE");
  command
      ->add_option("--policies", request.policies,
                   "separated by commas, the first is what the others are held against: " + known)
      ->type_name("LIST")
      ->default_str("adaptive,puct,greedy,drafts");
  ComparisonOptions& options = request.options;
  command->add_option("--budget", options.budget, "evaluations of one search")->capture_default_str();
  command->add_option("--repetitions", request.repetitions, "searches by each policy [20; 400 on a landscape]")
      ->check(CLI::Range(2u, 1000000u));
  command->add_option("--seed", options.seed, "of everything that is drawn")->capture_default_str();
  command->add_option("--fresh", options.fresh, "evaluations, with new seeds, that judge what was published")
      ->capture_default_str();
  command->add_option("--parallel", options.parallel, "evaluations at once")->capture_default_str();
  command->add_option("--timeout", request.seconds, "seconds an evaluation may take; then it has failed")
      ->capture_default_str();
  command->add_option("--failures", options.failures, "share of failing evaluations, on a landscape")
      ->capture_default_str();
  command->add_option("--journal", options.journal, "keep evaluations here, and go on from them")->type_name("FILE");
  command->add_flag("--json", arguments.json, "the table as JSON");
  command->add_flag("-q,--quiet", arguments.quiet, "no progress");
  // What follows -- goes to the command above once the evaluator has a word, and would be blamed in the option's place.
  command->parse_complete_callback([command] {
    for (const auto& word : command->remaining())
      if (word.size() > 1 && word[0] == '-' && word != "--") throw CLI::ExtrasError(command->get_name(), {word});
  });
  command->callback([&] { code = run_comparison(request, arguments); });
}

}  // namespace aisci::cli
