#include "research/bundled_environment.hpp"

#include <map>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "research/plugin_crew.hpp"
#include "research/program_output.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

constexpr double kPatience = 30.0;  // seconds that the interpreter may take

// The first distribution of a name is the one that is imported.
constexpr const char* kList = R"(
import importlib.metadata, json, platform
found = {}
for one in importlib.metadata.distributions():
    name = one.metadata["Name"]
    if name:
        found.setdefault(name.lower().replace("_", "-"), one.version)
print(json.dumps({"python": platform.python_version(), "distributions": dict(sorted(found.items()))}))
)";

std::string reported_by_trials(const StudyView& study, const fs::path& folder) {
  std::map<std::string, json::value> found;
  const auto read = [&](const auto& owner) {
    const auto trials = folder / experiment_place(owner.id, changes_in(owner.retries)) / "trials";
    for (const auto& one : owner.trials) {
      const auto text = read_file(trials / one.trial.id / "metrics.json");
      if (!text.ok()) continue;
      const auto document = parse_json_object(*text, "metrics.json");
      if (document.ok()) found.emplace(canonical(member(*document, "environment")), member(*document, "environment"));
    }
  };
  for (const auto& node : study.nodes) read(node);
  for (const auto& claim : study.claims) read(claim);
  json::array out;
  for (const auto& entry : found) out.push_back(entry.second);
  return pretty(out);
}

std::string installed_in(const fs::path& python) {
  const auto told = script_output(python, kList, kPatience);
  if (!told.ok() || told->status != 0) return {};
  const auto list = parse_json_object(told->text, "the interpreter's list");
  if (!list.ok()) return {};
  return pretty(json::object{
      {"note",
       "As found at bundling: the Python that would run this study's experiments then. It need not be the one that ran "
       "them; what the trials themselves reported is in environment.json."},
      {"python", member(*list, "python")},
      {"distributions", member(*list, "distributions")}});
}

// setup.sh leaves the lock in the folder that it installs it to, and names that folder by the lock's hash.
std::string lock_of(const fs::path& python) {
  const fs::path environment = python.parent_path().parent_path();
  const auto lock = read_file(environment / "environment.lock");
  return lock.ok() && sha256(*lock).substr(0, 16) == environment.filename() ? *lock : std::string{};
}

}  // namespace

BundledEnvironment bundled_environment(const StudyView& study, const fs::path& folder) {
  BundledEnvironment out;
  out.reported = reported_by_trials(study, folder);
  const auto python = experiment_python();
  if (!python.ok()) return out;
  out.installed = installed_in(*python);
  out.lock = lock_of(*python);
  return out;
}

}  // namespace aisci
