// What a study needs from the machine, each with its remedy.
#include <unistd.h>
#include <aisci/inspect.hpp>
#include <aisci/registry.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "base/files.hpp"
#include "base/text.hpp"
#include "research/model_access.hpp"
#include "research/packages.hpp"
#include "research/paper_build.hpp"
#include "research/plugin_crew.hpp"
#include "research/program_output.hpp"
#include "research/study_gpus.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

constexpr int kPatience = 4000;  // milliseconds that one check may wait for others

std::string found_in(const std::string& path, const std::string& program) {
  for (const auto& folder : split(path, ':')) {
    const fs::path candidate = fs::path{folder.empty() ? "." : folder} / program;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate.string();
  }
  return {};
}

// A program that aisci itself starts.
Check program_check(const std::string& program, const std::string& package) {
  const char* path = std::getenv("PATH");
  const std::string found = found_in(path ? path : "/usr/bin:/bin", program);
  return {program, !found.empty(), false, found.empty() ? "not found" : found, "apt-get install " + package};
}

// A program that the paper is built with, in the sandbox.
Check build_program_check(const std::string& program, const std::string& package) {
  const std::string found = found_in(kBuildPath, program);
  return {program, !found.empty(), false,
          found.empty() ? "not found in " + std::string{kBuildPath} + ", where papers are built" : found,
          "apt-get install " + package};
}

// What an option has to name for a component that is not there.
std::string choice_remedy(const Status& status, const std::string& flag) {
  return status.code() == StatusCode::kNotFound
             ? "name one of these with " + flag + ", or the folder of a plugin that has it with --plugins"
             : "";
}

// What ships with aisci and no option chooses.
Check components_check(const Options& options, Registry& registry) {
  std::vector<std::string> missing;
  const auto need = [&](const char* kind, const std::string& id) {
    for (const auto& component : registry.list())
      if (component.kind == kind && component.id == id && component.problem.empty()) return;
    missing.push_back(std::string{kind} + " " + id);
  };
  for (const char* role : {"ideation", "design", "analysis", "writing", "review"}) need("agent", role);
  if (options.llm_provider == kOffline) need("llm_provider", kOffline);
  need("retriever", "local");
  need("writer", "latex");
  return {"components", missing.empty(), true,
          missing.empty() ? "all there, in " + Registry::shipped_folder().string() : "missing: " + join(missing, ", "),
          "build and install aisci whole, or name a folder with the missing plugin in `plugins`"};
}

// Opens the sandbox, which tries itself, and tells each of its layers. A layer that is missing degrades a study; one
// that was asked for by --require-layers stops it.
std::vector<Check> sandbox_checks(const Options& options, Registry& registry) {
  const std::string name = "sandbox " + options.sandbox;
  const auto sandbox = registry.create_sandbox(options.sandbox, sandbox_config(options));
  if (!sandbox.ok())
    return {{name, false, true, sandbox.status().message(), choice_remedy(sandbox.status(), "--sandbox")}};
  std::string told = "[]";
  CallContext call;
  call.on_report = [&](std::string_view key, std::string_view text) {
    if (key == "layers") told = std::string{text};
  };
  const auto session = (*sandbox)->open("{}", call);
  std::vector<Check> checks{
      {name, session.ok(), true,
       session.ok() ? (options.sandbox == "process" ? "NO isolation: experiments run with your rights" : "works")
                    : session.status().message(),
       ""}};
  const auto list = parse_json(told, "layers");
  if (!list.ok() || !list->is_array()) return checks;
  const auto required = split(options.require_layers, ',');
  for (const auto& value : list->get_array()) {
    if (!value.is_object()) continue;
    const auto& layer = value.get_object();
    const std::string layer_name = text_of(layer, "name");
    checks.push_back({"  layer " + layer_name, flag_of(layer, "active"),
                      std::find(required.begin(), required.end(), layer_name) != required.end(),
                      text_of(layer, "detail"), text_of(layer, "remedy")});
  }
  return checks;
}

// Whether the configured model's server answers, with the key that it wants, and knows the model.
Check model_check(const Options& options, Registry& registry) {
  Check check{"model " + options.llm_provider, false, true, "", ""};
  const auto provider = make_provider(options, registry);
  if (!provider.ok()) {
    check.detail = provider.status().message();
    check.remedy = choice_remedy(provider.status(), "--llm");
    return check;
  }
  CallContext call;
  call.deadline = CallContext::Clock::now() + std::chrono::milliseconds{kPatience};
  const auto models = (*provider)->models(call);
  if (models.status().code() == StatusCode::kUnimplemented) {
    check.ok = true;
    check.detail = "answers; " + models.status().message();
    return check;
  }
  if (!models.ok()) {
    // A server may well answer tasks and list no models.
    const auto code = models.status().code();
    check.required = code != StatusCode::kNotFound && code != StatusCode::kInvalidArgument;
    check.detail = models.status().message();
    check.remedy = "see docs/guide/models.md; --llm offline needs no model";
    return check;
  }
  std::vector<std::string> names;
  std::string found;
  for (const auto& text : *models) {
    const auto model = parse_json_object(text, "a model");
    if (!model.ok()) continue;
    const std::string id = text_of(*model, "id");
    names.push_back(id);
    if (id != options.model && !(options.model.empty() && models->size() == 1)) continue;
    found = id + (model->contains("input_price")
                      ? ", " + fixed(number_of(*model, "input_price"), 2) + " and " +
                            fixed(number_of(*model, "output_price"), 2) + " US dollars per million tokens in and out"
                      : ", of unknown price");
  }
  constexpr std::size_t kShown = 12;
  const std::string list = join({names.begin(), names.begin() + std::min(names.size(), kShown)}, ", ") +
                           (names.size() > kShown ? ", ..." : "");
  check.ok = !found.empty();
  check.required = options.model.empty();
  check.detail = check.ok
                     ? "answers; " + found
                     : "answers; it lists " + std::to_string(names.size()) + " models" +
                           (options.model.empty() ? "" : ", and " + options.model + " is none of them") + ": " + list;
  if (!check.ok) check.remedy = "name one with --model";
  return check;
}

Check missing_check(const std::string& name, const fs::path& python, const json::object& packages, bool required) {
  const auto missing = missing_packages(python, packages);
  std::vector<std::string> names;
  for (const auto& package : packages) names.emplace_back(package.key());
  return {name, missing.ok() && missing->empty(), required,
          !missing.ok()      ? missing.status().message()
          : missing->empty() ? join(names, ", ")
                             : "missing: " + join(*missing, ", "),
          kEnvironmentRemedy};
}

// The packages that figures import, which every study has, and those of templates: of the one that an option names, or
// of each shipped one, of which a study needs one.
std::vector<Check> packages_checks(const Options& options, const fs::path& python) {
  std::vector<Check> checks{
      missing_check("  its packages", python, {{"numpy", ""}, {"scipy", ""}, {"matplotlib", ""}}, true)};
  const fs::path shipped = Registry::shipped_folder() / "design" / "data" / "templates";
  const std::string& asked = options.template_folder;
  std::vector<fs::path> folders;
  std::error_code error;
  if (!asked.empty() && fs::exists(fs::path{asked} / "template.json", error))
    folders.emplace_back(asked);
  else if (!asked.empty() && asked != kFreeTemplate)
    folders.push_back(shipped / asked.substr(0, asked.find('/')));
  else
    for (const auto& entry : fs::directory_iterator{shipped, error}) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const auto& folder : folders) {
    const auto text = read_file(folder / "template.json");
    const auto manifest = text.ok() ? parse_json_object(*text, "template.json") : Result<json::object>{text.status()};
    if (!manifest.ok()) continue;  // what is no template is refused by name when a study takes it
    const auto& packages = object_of(object_of(*manifest, "environment"), "packages");
    if (!packages.empty())
      checks.push_back(
          missing_check("  template " + text_of(*manifest, "name"), python, packages, folders.size() == 1));
  }
  return checks;
}

Check gpu_check(const Options& options, const std::string& python) {
  const auto study = study_gpus(options, python);
  if (!study.ok())
    return {"GPUs", false, true, study.status().message(), "nvidia-smi -L lists them; --gpus none for processors"};
  std::vector<std::string> names;
  for (const auto& gpu : study->gpus) names.push_back(describe(gpu));
  const std::string which = names.empty() ? "none; experiments run on processors" : join(names, ", ");
  return {"GPUs", study->note.empty(), false, which + (study->note.empty() ? "" : " (" + study->note + ")"),
          "docs/guide/sandboxes.md, GPUs; --gpus none for processors"};
}

// The packages that the writer's own sources ask for.
Check latex_packages_check(Writer& writer, const std::string& kpsewhich) {
  Check check{"  its packages", false, false, "",
              "apt-get install texlive-latex-recommended texlive-latex-extra texlive-fonts-recommended lmodern"};
  std::string source;
  const Status rendered = writer.render("{}", "{}",
                                        [&](std::string_view text) {
                                          const auto document = parse_json_object(text, "the writer's output");
                                          if (document.ok()) source += text_of(*document, "text");
                                          return Status{};
                                        },
                                        {});
  if (!rendered.ok()) {
    check.detail = rendered.message();
    check.remedy = "";
    return check;
  }
  std::vector<std::string> argv{kpsewhich}, missing;
  for (auto at = source.find("\\usepackage"); at != std::string::npos; at = source.find("\\usepackage", at + 1)) {
    const auto open = source.find('{', at), close = source.find('}', at);
    if (close == std::string::npos || open > close) continue;
    for (const auto& name : split(source.substr(open + 1, close - open - 1), ',')) argv.push_back(trim(name) + ".sty");
  }
  const auto told = program_output(argv, kPatience / 1000.0);
  const std::string found = told.ok() ? told->text : "";
  for (std::size_t i = 1; i < argv.size(); ++i)
    if (found.find("/" + argv[i] + "\n") == std::string::npos) missing.push_back(argv[i]);
  check.ok = missing.empty();
  check.detail = !told.ok() ? told.status().message()
                 : check.ok ? std::to_string(argv.size() - 1) + " style files"
                            : "missing: " + join(missing, ", ");
  return check;
}

// Room, and the right to write, where the study will lie; the folder itself may not be there yet.
std::vector<Check> folder_checks(const fs::path& folder) {
  std::error_code error;
  fs::path there = fs::absolute(folder.empty() ? fs::path{"."} : folder, error);
  while (!fs::exists(there, error) && there.has_relative_path()) there = there.parent_path();
  const auto space = fs::space(there, error);
  const double free_gb = error ? 0 : static_cast<double>(space.available) / 1e9;
  return {{"disk", free_gb > 1, true, fixed(free_gb, 1) + " GB free in " + there.string(),
           "free at least 1 GB, or choose another folder"},
          {"folder", ::access(there.c_str(), W_OK | X_OK) == 0, true,
           there.string() + (::access(there.c_str(), W_OK | X_OK) == 0 ? " can be written" : " cannot be written"),
           "choose another folder with -o, or have its owner let you write there"}};
}

// LaTeX and its packages; and the layout, which is the writer's to know.
std::vector<Check> paper_checks(const Options& options, Registry& registry) {
  std::vector<Check> checks;
  const auto writer = registry.create_writer("latex", json::serialize(json::object{{"format", options.format}}));
  if (!writer.ok() && writer.status().code() == StatusCode::kInvalidArgument)
    checks.push_back(
        {"format " + options.format, false, true, writer.status().message(), "name one of these with --format"});
  checks.push_back(build_program_check(
      "pdflatex",
      "texlive-latex-base texlive-latex-recommended texlive-latex-extra texlive-fonts-recommended lmodern"));
  if (const auto kpsewhich = found_in(kBuildPath, "kpsewhich"); writer.ok() && !kpsewhich.empty())
    checks.push_back(latex_packages_check(**writer, kpsewhich));
  checks.push_back(build_program_check("bibtex", "texlive-binaries"));
  checks.push_back(program_check("pdftotext", "poppler-utils"));
  return checks;
}

// Plugins that cannot be loaded, aisci's own or those of the folders that an option names.
Check plugins_check(const Options& options, const Status& status) {
  const bool shipped = status.message().rfind("the shipped plugins", 0) == 0;
  return {"plugins", false, true, status.message(),
          shipped                                    ? "run aisci from where it was built or installed"
          : !parse_isolation(options.isolation).ok() ? "name one of these with --isolation"
                                                     : "name folders with plugins with --plugins, separated by ':'"};
}

// The value function is made for each study; here it is enough that it is there.
std::vector<Check> value_function_checks(const Options& options, Registry& registry) {
  const auto made = registry.create_value_function(options.value_function, "{}");
  if (made.status().code() != StatusCode::kNotFound) return {};
  return {{"value function", false, true, made.status().message(), choice_remedy(made.status(), "--value-function")}};
}

}  // namespace

std::vector<Check> diagnose(const Options& options, const fs::path& folder) {
  std::vector<Check> checks;
  auto registry = std::make_shared<Registry>();
  const auto opened = open_registry(options, registry);
  if (!opened.ok()) checks.push_back(plugins_check(options, opened.status()));
  checks.push_back(components_check(options, *registry));
  if (options.llm_provider != kOffline) checks.push_back(model_check(options, *registry));
  const auto python = experiment_python();
  checks.push_back({"experiments' Python", python.ok(), true, python.ok() ? python->string() : "not found",
                    python.ok() ? "" : python.status().message()});
  if (python.ok())
    for (auto& check : packages_checks(options, *python)) checks.push_back(std::move(check));
  checks.push_back(gpu_check(options, python.ok() ? python->string() : ""));
  for (auto& check : sandbox_checks(options, *registry)) checks.push_back(std::move(check));
  for (auto& check : value_function_checks(options, *registry)) checks.push_back(std::move(check));
  for (auto& check : paper_checks(options, *registry)) checks.push_back(std::move(check));
  for (auto& check : folder_checks(folder)) checks.push_back(std::move(check));
  return checks;
}

}  // namespace aisci
