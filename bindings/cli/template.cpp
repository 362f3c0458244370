// The commands below `aisci template`.
#include <aisci/plugin/json.hpp>
#include <aisci/registry.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli.hpp"
#include "template_project.hpp"

namespace aisci::cli {
namespace {

namespace fs = std::filesystem;
using plugin::json::Value;

struct TemplateArguments {
  std::string name, folder;
  bool json = false;
};

int make_template(const TemplateArguments& arguments) {
  const auto made = write_template_folder(arguments.name, arguments.folder.empty() ? arguments.name : arguments.folder);
  if (!made.ok()) return fail(made.status());
  for (const auto& file : *made) say(stdout, "%s\n", file.c_str());
  return kDone;
}

void print_template(const std::string& name, const std::string& title, const fs::path& folder, bool json) {
  if (json)
    say(stdout, "{\"name\":\"%s\",\"title\":\"%s\",\"folder\":\"%s\"}\n", escaped(name).c_str(), escaped(title).c_str(),
        escaped(folder.string()).c_str());
  else
    say(stdout, "%-26s %-58s %s\n", name.c_str(), title.c_str(), folder.string().c_str());
}

// One row for every name that --template takes: a template with variants has one for each of them.
void print_names(const fs::path& folder, bool json) {
  std::ostringstream text;
  text << std::ifstream{folder / "template.json", std::ios::binary}.rdbuf();
  const Value manifest = plugin::json::parse(text.str());
  const std::string name = folder.filename().string(), title = manifest["title"].text();
  const auto& variants = manifest["variants"].members();
  if (variants.empty()) print_template(name, title, folder, json);
  for (const auto& variant : variants)
    print_template(name + "/" + variant.name, variant.value["title"].text(title), folder, json);
}

int list_templates(bool json) {
  const fs::path templates = Registry::shipped_folder() / "design" / "data" / "templates";
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{templates, error})
    if (fs::exists(entry.path() / "template.json", error)) folders.push_back(entry.path());
  if (folders.empty())
    return fail(not_found("there is no template in " + templates.string() + "; aisci doctor says what is missing"));
  std::sort(folders.begin(), folders.end());
  for (const auto& folder : folders) try {
      print_names(folder, json);
    } catch (const plugin::Error& broken) {
      return fail(data_loss((folder / "template.json").string() + ": " + broken.what()));
    }
  return kDone;
}

}  // namespace

void add_template_commands(CLI::App& app, int& code) {
  static TemplateArguments arguments;  // the parser writes into it until the program ends
  auto* command = app.add_subcommand("template", "what makes a kind of experiment possible");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n"
      "  aisci template list\n"
      "  aisci template new curves              ./curves, a template that works\n"
      "  aisci run \"Does a higher degree help a curve with few points?\" --template ./curves -o my-study");
  auto* list = command->add_subcommand("list", "every installed template: name, title, folder");
  list->add_flag("--json", arguments.json, "one JSON object a line");
  list->callback([&] { code = list_templates(arguments.json); });
  auto* make = command->add_subcommand("new", "write a template that works, as a start of your own");
  make->add_option("name", arguments.name, "small letters, digits and '_'")->required();
  make->add_option("-o,--output", arguments.folder, "its folder [NAME]")->type_name("DIR");
  make->callback([&] { code = make_template(arguments); });
}

}  // namespace aisci::cli
