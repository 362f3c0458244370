#include "base/files.hpp"
#include "base/json.hpp"
#include "host/conformance_bench.hpp"
#include "host/elf_symbols.hpp"
#include "host/kinds.hpp"
#include "host/remote.hpp"

#include <algorithm>

namespace aisci {
namespace {

using Outcome = ConformanceFinding::Outcome;

constexpr const char* kOutcomes[] = {"holds", "broken", "not checked"};

template <typename T>
void check_one(const Result<std::shared_ptr<T>>& made, const std::string& name, ConformanceReport& report) {
  if (made.ok()) return check_component(**made, name, report);
  host::Bench bench{report, name};
  const std::string done = "created it";
  if (host::is_circumstance(made.status().code()) &&
      made.status().message().find("the process of ") == std::string::npos)
    bench.not_checked("P17", done, made.status().to_string());
  else
    bench.expect("P17", done, "a component, or a failure that names what is missing", false, made.status().to_string());
}

void check_one(Registry& registry, const ComponentInfo& info, const std::string& config, const HostServices& services,
               ConformanceReport& report) {
  const std::string name = info.kind + " " + info.id;
  if (info.kind == "value_function")
    check_one(registry.create_value_function(info.id, config, services), name, report);
  else if (info.kind == "agent")
    check_one(registry.create_agent(info.id, config, services), name, report);
  else if (info.kind == "sandbox")
    check_one(registry.create_sandbox(info.id, config, services), name, report);
  else if (info.kind == "llm_provider")
    check_one(registry.create_llm_provider(info.id, config, services), name, report);
  else if (info.kind == "retriever")
    check_one(registry.create_retriever(info.id, config, services), name, report);
  else if (info.kind == "writer")
    check_one(registry.create_writer(info.id, config, services), name, report);
  else
    host::Bench{report, name}.expect("P4", "read its kind", "one of the six kinds", false, info.kind);
}

void check_symbols(const std::filesystem::path& file, ConformanceReport& report) {
  host::Bench bench{report, {}};
  const Result<std::vector<std::string>> symbols = host::exported_symbols(file);
  if (!symbols.ok()) return bench.not_checked("P1", "read its exported symbols", symbols.status().to_string());
  std::string others;
  for (const std::string& symbol : *symbols)
    if (symbol != "aisci_plugin_v1" && others.size() < 200) others += (others.empty() ? "" : ", ") + symbol;
  bench.expect("P1", "read its exported symbols", "aisci_plugin_v1 alone (a version script or hidden visibility)",
               others.empty(), "also " + others);
}

void check_manifest(const std::filesystem::path& file, const host::Manifest& table, ConformanceReport& report) {
  host::Bench bench{report, {}};
  const std::filesystem::path beside = host::manifest_path(file);
  const std::string done = "read " + beside.filename().string();
  std::error_code error;
  if (!std::filesystem::exists(beside, error))
    return bench.not_checked("P18", done, "there is none yet; aisci plugin manifest " + file.string() + " writes it");
  Result<host::Manifest> manifest = invalid_argument("");
  if (const Result<std::string> text = read_file(beside); text.ok())
    manifest = host::parse_manifest(*text, beside.filename().string());
  else
    manifest = text.status();
  if (!manifest.ok()) return bench.expect("P18", done, "a manifest", false, manifest.status().message());
  bench.expect("P18", done, "the SHA-256 of the plugin's file: " + table.sha256, manifest->sha256 == table.sha256,
               manifest->sha256 + "; write it again after the last change to the file, stripping included");
  bench.expect("P18", done, "the components that the plugin lists",
               manifest->components == table.components && manifest->id == table.id, host::to_text(*manifest));
}

}  // namespace

bool ConformanceReport::passed() const noexcept { return count(Outcome::kBroken) == 0; }

std::size_t ConformanceReport::count(Outcome outcome) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [&](const auto& finding) { return finding.outcome == outcome; }));
}

Result<ConformanceReport> check_plugin(const std::filesystem::path& file, const ConformanceOptions& options) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::canonical(file, error);
  if (error) return not_found(file.string() + ": " + error.message());
  if (host::is_manifest(path)) path = host::plugin_path(path);
  AISCI_RETURN_IF_ERROR(host::check_owner(path));
  ConformanceReport report;
  host::Bench bench{report, {}};

  const bool apart = options.isolation != Isolation::kInProcess;
  Result<host::Manifest> table = internal_error("");
  if (apart)
    table = host::describe_apart({path, {}, {}});
  else if (const auto library = host::Library::open(path, {}); library.ok())
    table = host::describe(**library);
  else
    table = library.status();
  bench.expect("P3", "loaded it and read its table", "a table of ABI 1 with an id, a version and a create function",
               table.ok(), table.status().message());
  if (!table.ok()) return report;
  report.plugin = table->id;
  report.version = table->version;
  check_symbols(path, report);
  check_manifest(path, *table, report);
  bench.expect("P4", "read its components", "at least one", !table->components.empty(), "none");

  Registry registry;
  AISCI_RETURN_IF_ERROR(registry.load_plugin(path, {{}, apart ? Isolation::kProcess : Isolation::kInProcess, {}}));
  HostServices services;
  services.model_task = [](const ModelTaskRequest&, const CallContext&) -> Result<std::string> {
    return unavailable("no model answers during a check");
  };
  for (const ComponentInfo& info : registry.list()) check_one(registry, info, options.config_json, services, report);
  return report;
}

std::string to_text(const ConformanceReport& report) {
  std::string text = report.plugin.empty() ? std::string{} : report.plugin + " " + report.version + "\n";
  for (const Outcome outcome : {Outcome::kBroken, Outcome::kNotChecked})
    for (const ConformanceFinding& finding : report.findings) {
      if (finding.outcome != outcome) continue;
      text += (outcome == Outcome::kBroken ? "BROKEN       " : "not checked  ") + finding.rule + "  " +
              (finding.component.empty() ? "the plugin" : finding.component) + ": " + finding.done + "\n";
      if (!finding.expected.empty()) text += "             expected  " + finding.expected + "\n";
      text +=
          (outcome == Outcome::kBroken ? "             got       " : "             because   ") + finding.got + "\n";
    }
  return text + std::to_string(report.count(Outcome::kHolds)) + " hold, " +
         std::to_string(report.count(Outcome::kBroken)) + " broken, " +
         std::to_string(report.count(Outcome::kNotChecked)) + " not checked\n";
}

std::string to_json(const ConformanceReport& report) {
  json::array findings;
  for (const ConformanceFinding& finding : report.findings)
    findings.push_back(json::object{{"outcome", kOutcomes[static_cast<int>(finding.outcome)]},
                                    {"rule", finding.rule},
                                    {"component", finding.component},
                                    {"done", finding.done},
                                    {"expected", finding.expected},
                                    {"got", finding.got}});
  return json::serialize(json::object{{"schema", "aisci/plugin-check/1"},
                                      {"plugin", report.plugin},
                                      {"version", report.version},
                                      {"passed", report.passed()},
                                      {"findings", findings}});
}

}  // namespace aisci
