// aisci bundle and aisci reproduce: a study to hand on, and what a stranger does with it.

#include <CLI/CLI.hpp>
#include <aisci/bundle.hpp>

#include <atomic>
#include <cstdio>
#include <future>

#include "cli.hpp"
#include "numbers.hpp"
#include "progress.hpp"

namespace aisci::cli {
namespace {

const std::set<std::string> kOptionsOfReproduce{
    "sandbox", "require_layers", "parallel_experiments", "gpu_allocation", "gpu_ids", "plugins", "isolation"};

std::string folder_name(const std::string& folder) {
  const std::filesystem::path path = std::filesystem::absolute(folder).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

int bundle(const RunArguments& arguments, std::string file) {
  const auto plugins = trusted_plugins(arguments);
  if (!plugins.ok()) return fail(plugins.status());
  if (file.empty()) file = folder_name(arguments.folder) + ".tar.gz";
  const auto packed = bundle_study(arguments.folder, file, *plugins);
  if (!packed.ok()) return fail(packed.status());
  say(stdout, "%s: %zu files, %.1f MB, sha256 %s\n", packed->file.c_str(), packed->files,
      static_cast<double>(packed->bytes) / 1e6, packed->sha256.c_str());
  say(stdout, "Anybody can check it: aisci reproduce %s -o again\n", packed->file.c_str());
  return kDone;
}

void print_json(const Reproduction& again) {
  say(stdout, "{\"schema\":\"aisci/reproduction/1\",\"same\":%s,\"trials\":%d,\"trials_same\":%d,\"numbers\":[",
      again.same() ? "true" : "false", again.trials, again.trials_same);
  const char* between = "";
  for (const auto& number : again.numbers) {
    say(stdout, "%s{\"fact\":\"%s\",\"recorded\":%s,\"again\":%s,\"printed\":\"%s\",\"printed_again\":\"%s\"}", between,
        escaped(number.fact).c_str(), shortest(number.recorded).c_str(), shortest(number.again).c_str(),
        escaped(number.printed).c_str(), escaped(number.printed_again).c_str());
    between = ",";
  }
  say(stdout, "],\"problems\":[");
  between = "";
  for (const auto& problem : again.problems) {
    say(stdout, "%s{\"place\":\"%s\",\"expected\":\"%s\",\"found\":\"%s\"}", between, escaped(problem.place).c_str(),
        escaped(problem.expected).c_str(), escaped(problem.found).c_str());
    between = ",";
  }
  say(stdout, "]}\n");
}

void print_text(const Reproduction& again) {
  say(stdout, "%-28s %24s %24s\n", "number", "recorded", "again");
  int same = 0;
  for (const auto& number : again.numbers) {
    same += number.same() ? 1 : 0;
    say(stdout, "%-28s %24s %24s%s\n", number.fact.c_str(), number.printed.c_str(), number.printed_again.c_str(),
        number.same() ? "" : "   differs");
  }
  for (const auto& problem : again.problems)
    say(stdout, "PROBLEM  %s\n         expected %s\n         found    %s\n", problem.place.c_str(),
        problem.expected.c_str(), problem.found.c_str());
  say(stdout, "%d of %zu numbers print the same; %d of %d trials have the very same score.\n", same,
      again.numbers.size(), again.trials_same, again.trials);
}

int reproduce_bundle(const RunArguments& arguments, const std::string& bundle, const std::string& experiments) {
  const auto loaded = trusted_options(arguments, kOptionsOfReproduce);
  if (!loaded.ok()) return fail(loaded.status());
  catch_signals();
  Progress progress{arguments.quiet, false};
  std::atomic<bool> cancelled{false};
  ReproduceRequest request;
  request.output_dir = arguments.folder;
  request.options = loaded->options;
  request.cancelled = &cancelled;
  request.tell = [&](const std::string& line, double share) {
    StudyEvent event;
    event.type = "progress";
    event.message = line;
    event.progress = share;
    progress.tell(event);
  };
  for (std::size_t begin = 0; begin < experiments.size();) {
    const std::size_t end = std::min(experiments.find(',', begin), experiments.size());
    if (end > begin) request.experiments.push_back(experiments.substr(begin, end - begin));
    begin = end + 1;
  }
  auto running = std::async(std::launch::async, [&] { return reproduce(bundle, request); });
  while (running.wait_for(std::chrono::milliseconds{100}) != std::future_status::ready) {
    progress.tick();
    if (interrupted()) cancelled = true;
  }
  const auto again = running.get();
  progress.finish();
  if (!again.ok()) return fail(again.status());
  if (arguments.json)
    print_json(*again);
  else
    print_text(*again);
  return again->same() ? kDone : kFailed;
}

}  // namespace

void add_bundle_commands(CLI::App& app, RunArguments& arguments, int& code) {
  static std::string file, bundle_file, experiments;
  auto* pack = app.add_subcommand("bundle", "pack a finished study into one file to hand on");
  pack->add_option("dir", arguments.folder, "folder of the study")->required();
  pack->add_option("-o,--output", file, "the file [the folder's name with .tar.gz, here]")->type_name("FILE");
  add_option_flags(*pack, arguments, {"plugins"});
  pack->footer(
      "The study must hold (aisci verify). Beside its files the bundle has hashes, and the environment of its "
      "experiments.\n"
      "\n"
      "Examples:\n"
      "  aisci bundle my-study                        ./my-study.tar.gz\n"
      "  aisci bundle my-study -o to-hand-on.tar.gz");
  pack->callback([&] { code = bundle(arguments, file); });

  auto* again = app.add_subcommand("reproduce", "run experiments of a bundle again, compare number by number");
  again->add_option("bundle", bundle_file, "a bundle, or a study's folder")->required();
  again->add_option("-o,--output-dir", arguments.folder, "new folder for what it runs")->required()->type_name("DIR");
  again->add_option("--experiments", experiments, "which, separated by commas: n1,c1 [all confirmations]")
      ->type_name("LIST");
  again->add_flag("--json", arguments.json, "the comparison as JSON");
  again->add_flag("-q,--quiet", arguments.quiet, "no progress");
  add_option_flags(*again, arguments, kOptionsOfReproduce);
  again->footer(
      "Exit code 0: every number prints the same; 1: some do not, or the bundle does not hold.\n"
      "\n"
      "Examples:\n"
      "  aisci reproduce my-study.tar.gz -o again                        all confirmations\n"
      "  aisci reproduce my-study.tar.gz -o again --experiments n1,c1    these experiments alone\n"
      "  aisci reproduce my-study -o again                               of a study's folder");
  again->callback([&] { code = reproduce_bundle(arguments, bundle_file, experiments); });
}

}  // namespace aisci::cli
