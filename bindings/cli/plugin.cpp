// The commands below `aisci plugin`.
#include <aisci/conformance.hpp>
#include <aisci/registry.hpp>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli.hpp"
#include "plugin_project.hpp"

namespace aisci::cli {
namespace {

struct PluginArguments {
  std::string file, name, kind = "value_function", folder, config = "{}", isolation = "process", wish = "auto";
  std::vector<std::string> needs;
  bool json = false;
};

// What stands behind a component's version: what is wrong with it, or where it runs and what it requires.
std::string remark(const ComponentInfo& component) {
  if (!component.problem.empty()) return "PROBLEM: " + component.problem;
  std::string text = component.apart ? "in its own process" : "";
  for (const std::string& need : component.needs) text += (text.empty() ? "requires " : ", requires ") + need;
  return text;
}

void print(const ComponentInfo& component, bool json) {
  const auto field = [](const std::string& text) { return escaped(text); };
  std::string needs;
  for (const std::string& need : component.needs) needs += (needs.empty() ? "\"" : ",\"") + escaped(need) + "\"";
  if (json)
    say(stdout,
        "{\"kind\":\"%s\",\"id\":\"%s\",\"plugin\":\"%s\",\"version\":\"%s\",\"path\":\"%s\",\"process\":%s,"
        "\"requires\":[%s],\"problem\":\"%s\"}\n",
        field(component.kind).c_str(), field(component.id).c_str(), field(component.plugin).c_str(),
        field(component.version).c_str(), field(component.path.string()).c_str(), component.apart ? "true" : "false",
        needs.c_str(), field(component.problem).c_str());
  else
    say(stdout, "%-15s %-36s %-28s %-8s %s\n", component.kind.c_str(), component.id.c_str(), component.plugin.c_str(),
        component.version.c_str(), remark(component).c_str());
}

int list_plugins(const RunArguments& arguments) {
  const auto loaded = load_options(arguments.flags, arguments.config);
  const auto isolation = loaded.ok() ? parse_isolation(loaded->options.isolation) : loaded.status();
  if (!isolation.ok()) {
    fail(isolation.status());
    return kUsage;
  }
  const Trust trust{{}, *isolation, {}};
  Registry registry;
  if (const Status status = registry.load_folder(Registry::shipped_folder(), trust); !status.ok()) return fail(status);
  std::string folders = loaded->options.plugins;
  while (!folders.empty()) {
    const auto colon = folders.find(':');
    if (const Status status = registry.load_folder(folders.substr(0, colon), trust); !status.ok()) return fail(status);
    folders = colon == std::string::npos ? "" : folders.substr(colon + 1);
  }
  for (const auto& component : registry.list()) print(component, arguments.json);
  return kDone;
}

int write_plugin_manifest(const PluginArguments& arguments) {
  const auto isolation = parse_isolation(arguments.wish);
  if (!isolation.ok()) {
    fail(isolation.status());
    return kUsage;
  }
  const auto written = write_manifest(arguments.file, {*isolation, arguments.needs});
  if (!written.ok()) return fail(written.status());
  say(stdout, "%s\n", written->c_str());
  return kDone;
}

int check(const PluginArguments& arguments) {
  ConformanceOptions options;
  options.config_json = arguments.config;
  const auto isolation = parse_isolation(arguments.isolation);
  if (!isolation.ok()) {
    fail(isolation.status());
    return kUsage;
  }
  options.isolation = *isolation;
  const auto report = check_plugin(arguments.file, options);
  if (!report.ok()) return fail(report.status());
  if (arguments.json)
    say_json(to_json(*report) + "\n");
  else
    say(stdout, "%s", to_text(*report).c_str());
  return report->passed() ? kDone : kFailed;
}

int make_project(const PluginArguments& arguments) {
  const auto made = write_plugin_project(arguments.name, arguments.kind,
                                         arguments.folder.empty() ? arguments.name : arguments.folder);
  if (!made.ok()) return fail(made.status());
  for (const auto& file : *made) say(stdout, "%s\n", file.c_str());
  return kDone;
}

}  // namespace

void add_plugin_commands(CLI::App& app, RunArguments& arguments, int& code) {
  static PluginArguments plugin;  // the parser writes into it until the program ends
  auto* command = app.add_subcommand("plugin", "components and the plugins they come from");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n"
      "  aisci plugin list\n"
      "  aisci plugin new my_value --kind value_function      source, CMake, a test\n"
      "  aisci plugin manifest build/my_value.so\n"
      "  aisci plugin check build/my_value.so");
  auto* list = command->add_subcommand("list", "every component that can be used");
  list->add_flag("--json", arguments.json, "one JSON object a line");
  add_option_flags(*list, arguments);
  list->callback([&] { code = list_plugins(arguments); });

  auto* manifest = command->add_subcommand("manifest", "write the manifest of a plugin beside it (loads it)");
  manifest->add_option("file", plugin.file, "the plugin's shared object")->required()->check(CLI::ExistingFile);
  manifest->add_option("--isolation", plugin.wish, "where it wants to run: auto, in-process or process")
      ->capture_default_str()
      ->type_name("WHERE");
  manifest
      ->add_option("--requires", plugin.needs,
                   "what it cannot do without: aisci.host.model-task/1 (a host service), retriever/arxiv (a component)")
      ->type_name("NEED");
  manifest->callback([&] { code = write_plugin_manifest(plugin); });

  auto* checks = command->add_subcommand("check", "try a plugin against the rules of its components' kinds");
  checks->add_option("file", plugin.file, "the plugin's shared object or its manifest")
      ->required()
      ->check(CLI::ExistingFile);
  checks->add_option("--configuration", plugin.config, "what its components are created with, as JSON")
      ->type_name("JSON");
  checks->add_option("--isolation", plugin.isolation, "process, or in-process (for a debugger)")->type_name("WHERE");
  checks->add_flag("--json", plugin.json, "the report as JSON");
  checks->footer("Exit codes: 0 no rule is broken, 1 some are, 2 usage, 5 there is no such file.");
  checks->callback([&] { code = check(plugin); });

  auto* make = command->add_subcommand("new", "write the project of a plugin: source, CMake, a test");
  make->add_option("name", plugin.name, "letters, digits and '_'")->required();
  make->add_option("--kind", plugin.kind, "value_function, agent, sandbox, llm_provider, retriever or writer")
      ->capture_default_str()
      ->type_name("KIND");
  make->add_option("-o,--output", plugin.folder, "its folder [NAME]")->type_name("DIR");
  make->callback([&] { code = make_project(plugin); });
}

}  // namespace aisci::cli
