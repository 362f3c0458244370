#include <aisci/version.h>

#include <CLI/CLI.hpp>
#include <clocale>

#include "cli.hpp"

namespace {

using namespace aisci::cli;

constexpr const char* kFooterOfRun = R"(Examples:
  aisci run "How does the choice of activation function affect Vision Transformers on small datasets?" -o my-study
  aisci run "Do random forests beat linear models?" --data my.csv --target price -o mine
  aisci run "Which pivot is best for quicksort?" -o free --llm openai --template free

Exit codes: 0 done, 1 failed, 2 usage, 3 budget reached, 4 cancelled, 5 something required is missing, 6 done but degraded.)";

constexpr const char* kFooterOfResume =
    R"(A study goes on with the options that it began with. Where somebody else began it, those that choose what code runs,
where keys go or whose papers are read are to be given again, as flags or in your own configuration: aisci names them.

Examples:
  aisci resume my-study                          after Ctrl-C or a crash
  aisci resume my-study --gpus none              without the GPU that is gone
  aisci resume their-study --sandbox process     somebody else's, which says that it needs this)";

constexpr const char* kFooter = R"(Examples:
  aisci run "How does the choice of activation function affect Vision Transformers on small datasets?" -o my-study
  aisci run "Does dropout help a small CNN on few images?" -o dropout --max-experiments 8 --seed 7
  aisci show my-study            while it runs, from another shell
  aisci resume my-study          after Ctrl-C or a crash
  aisci verify my-study          recompute every number from the raw files

Exit codes: 0 done, 1 failed, 2 usage, 3 budget reached, 4 cancelled, 5 something required is missing, 6 done but degraded.)";

// A word that stands where a command must, and is none: "there is no command "shwo"; there are run, resume, ...".
std::string unknown_command(const CLI::App& app) {
  const CLI::App* here = &app;
  while (!here->get_subcommands().empty()) here = here->get_subcommands().front();
  const auto words = here->remaining();
  if (here->get_require_subcommand_min() == 0 || words.empty() || words[0].rfind('-', 0) == 0) return {};
  std::string all;
  for (const CLI::App* command : here->get_subcommands([](const CLI::App*) { return true; }))
    all += (all.empty() ? "" : ", ") + command->get_name();
  return "there is no command \"" + escaped(words[0]) + "\"; there are " + all;
}

}  // namespace

void aisci::cli::add_option_flags(CLI::App& command, RunArguments& arguments, const std::set<std::string>& names) {
  for (const auto& row : aisci::option_table()) {
    if (!names.empty() && !names.count(row.name)) continue;
    auto* option = command.add_option_function<std::string>(
        row.flag == "--llm" ? "--llm,--llm-provider" : row.flag,
        [&arguments, name = row.name](const std::string& value) { arguments.flags[name] = value; },
        row.help + (row.default_text.empty() ? "" : " [" + row.default_text + "]"));
    option->type_name("")->group("Options of a study");
  }
  if (names.empty())
    command
        .add_flag_callback(
            "--no-tree-search", [&arguments] { arguments.flags["enable_tree_search"] = "false"; },
            "test every hypothesis once, in order")
        ->group("Options of a study");
  command.add_option("--config", arguments.config, "read this configuration file")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
}

int main(int argc, char** argv) {
  CLI::App app{"aisci runs a research study by itself, from a question to a paper that can be checked."};
  app.require_subcommand(1);
  app.set_version_flag("--version", "aisci " AISCI_VERSION_STRING);
  int code = kDone;
  RunArguments arguments;
  bool json = false, origin = false;

  auto* run_command = app.add_subcommand("run", "run a study on a question");
  run_command->add_option("question", arguments.question, "the research question, in plain words")->required();
  run_command->add_option("-o,--output", arguments.folder, "folder of the study: new or empty")
      ->required()
      ->type_name("DIR");
  run_command->add_flag("--json", arguments.json, "events and the result as JSON lines on stdout");
  run_command->add_flag("-q,--quiet", arguments.quiet, "no progress");
  add_option_flags(*run_command, arguments);
  run_command->footer(kFooterOfRun);
  run_command->callback([&] { code = run(arguments); });

  auto* resume_command = app.add_subcommand("resume", "continue a study that was stopped");
  resume_command->add_option("dir", arguments.folder, "folder of the study")->required();
  resume_command->add_flag("--json", arguments.json, "events and the result as JSON lines on stdout");
  resume_command->add_flag("-q,--quiet", arguments.quiet, "no progress");
  add_option_flags(*resume_command, arguments,
                   {"gpu_allocation", "gpu_ids", "sandbox", "isolation", "plugins", "llm_base_url", "literature",
                    "literature_store"});
  resume_command->footer(kFooterOfResume);
  resume_command->callback([&] { code = resume(arguments); });

  std::string damaged;
  auto* recover_command =
      app.add_subcommand("recover", "take what is intact of a study with a damaged ledger into a new one");
  recover_command->add_option("dir", damaged, "folder of the damaged study, which is not changed")->required();
  recover_command->add_option("-o,--output", arguments.folder, "folder of the new study: new or empty")
      ->required()
      ->type_name("NEW");
  recover_command->footer(
      "The ledger's events hold from the first to the damaged one; the study goes on from there with\n"
      "aisci resume NEW. Experiments whose trials are there do not run again.");
  recover_command->callback([&] { code = recover(arguments, damaged); });

  auto* show_command = app.add_subcommand("show", "what a study did so far; also while it runs");
  show_command->add_option("dir", arguments.folder, "folder of the study")->required();
  show_command->add_flag("--json", json, "as one JSON document, for programs");
  show_command->callback([&] { code = show(arguments.folder, json); });

  auto* verify_command = app.add_subcommand("verify", "recompute a finished study from its raw files");
  verify_command->add_option("dir", arguments.folder, "folder of the study")->required();
  verify_command->add_flag("--json", arguments.json, "the report as JSON");
  add_option_flags(*verify_command, arguments, {"plugins"});
  verify_command->callback([&] { code = verify(arguments); });

  std::string number;
  auto* explain_command = app.add_subcommand("explain", "the raw files behind a number of the paper");
  explain_command->add_option("dir", arguments.folder, "folder of the study")->required();
  explain_command->add_option("number", number, "as the paper prints it: 0.8, 84.3%; or a fact: c1.contrast.mean")
      ->required();
  explain_command->add_flag("--json", arguments.json, "the answer as JSON");
  add_option_flags(*explain_command, arguments, {"plugins"});
  explain_command->footer(
      "Examples:\n"
      "  aisci explain my-study 84.3%\n"
      "  aisci explain my-study c1.contrast.mean --json");
  explain_command->callback([&] { code = explain(arguments, number); });

  add_bundle_commands(app, arguments, code);
  add_lit_commands(app, arguments, code);

  auto* doctor_command = app.add_subcommand("doctor", "can this machine run studies, and what is missing");
  add_option_flags(*doctor_command, arguments);
  doctor_command->callback([&] { code = doctor(arguments); });

  add_plugin_commands(app, arguments, code);
  add_template_commands(app, code);
  add_comparison_command(app, arguments, code);

  auto* config_command = app.add_subcommand("config", "configuration");
  config_command->require_subcommand(1);
  auto* config_show = config_command->add_subcommand("show", "the options that a run would have");
  config_show->add_flag("--origin", origin, "say where each value comes from");
  add_option_flags(*config_show, arguments);
  config_command->footer("Example:\n  aisci config show --origin");
  config_show->callback([&] { code = show_config(arguments, origin); });

  app.footer(kFooter);  // last: a command takes over the footer that is there when it is added
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (const std::string unknown = unknown_command(app); !unknown.empty())
      return fail(aisci::invalid_argument(unknown));
    const int parsed = app.exit(error);
    return parsed == 0 ? kDone : kUsage;
  } catch (const std::exception& thrown) {  // of what a file holds: nothing that it may hold ends aisci by a signal
    return fail(aisci::internal_error(std::string{"something was found that aisci does not know: "} + thrown.what()));
  }
  return code;
}
