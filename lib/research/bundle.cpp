// A finished study packed into one file, and experiments of one run again.
#include <aisci/version.h>
#include <aisci/bundle.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "ledger/ledger.hpp"
#include "research/archive.hpp"
#include "research/bundled_environment.hpp"
#include "research/rerun.hpp"
#include "research/study_facts.hpp"
#include "research/study_gpus.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest-sha256.txt";
constexpr const char* kReported = "environment.json";
constexpr const char* kInstalled = "environment-installed.json";
constexpr const char* kUnpacked = "study";  // in the folder of a reproduction
constexpr const char* kLock = "environment.lock";

// Locks, journals and what runs left behind are of the machine, not of the study.
bool volatile_path(const fs::path& path) {
  for (const auto& part : path) {
    const std::string name = part.string();
    if (name == "runs" || name == "study.lock" || name.rfind("study.db", 0) == 0) return true;
    if (name.size() > 5 && name.compare(name.size() - 5, 5, "-runs") == 0) return true;
  }
  return false;
}

std::map<std::string, fs::path> files_of(const fs::path& folder) {
  std::map<std::string, fs::path> out;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator{folder, error}) {
    const fs::path path = entry.path().lexically_relative(folder);
    if (entry.symlink_status(error).type() == fs::file_type::regular && !volatile_path(path))
      out[path.generic_string()] = entry.path();
  }
  return out;
}

json::object crate(const StudyView& study, const std::string& published, const std::map<std::string, fs::path>& files,
                   const std::map<std::string, std::string>& hashes) {
  json::array parts, graph;
  for (const auto& entry : files) parts.push_back(json::object{{"@id", entry.first}});
  graph.push_back(json::object{{"@id", "ro-crate-metadata.json"},
                               {"@type", "CreativeWork"},
                               {"conformsTo", json::object{{"@id", "https://w3id.org/ro/crate/1.1"}}},
                               {"about", json::object{{"@id", "./"}}}});
  graph.push_back(json::object{{"@id", "./"},
                               {"@type", "Dataset"},
                               {"name", study.question},
                               {"description",
                                "A study made by a machine: paper, ledger, raw trials, code and reviews. REPRODUCE.md "
                                "says how to check it and how to run it again."},
                               {"datePublished", published},
                               {"license", json::object{{"@id", "#license"}}},
                               {"mainEntity", json::object{{"@id", "paper.pdf"}}},
                               {"hasPart", std::move(parts)}});
  graph.push_back(json::object{{"@id", "#license"},
                               {"@type", "CreativeWork"},
                               {"name", "No licence was stated; ask the person responsible for the study."}});
  graph.push_back(json::object{
      {"@id", "#aisci"}, {"@type", "SoftwareApplication"}, {"name", "aisci"}, {"version", AISCI_VERSION_STRING}});
  graph.push_back(json::object{{"@id", "#study"},
                               {"@type", "CreateAction"},
                               {"name", "the study"},
                               {"instrument", json::object{{"@id", "#aisci"}}},
                               {"result", json::object{{"@id", "./"}}},
                               {"endTime", published}});
  for (const auto& [name, path] : files) {
    std::error_code error;
    graph.push_back(json::object{{"@id", name},
                                 {"@type", "File"},
                                 {"contentSize", std::to_string(fs::file_size(path, error))},
                                 {"sha256", hashes.at(name)}});
  }
  return {{"@context", "https://w3id.org/ro/crate/1.1/context"}, {"@graph", std::move(graph)}};
}

// What the bundle has of the environment, and what it has not.
std::string about_environment(bool installed, bool lock) {
  std::string out =
      "`environment.json` lists the versions that the trials ran with; other versions or processors may change the "
      "last digits of a score, and with them a verdict that was close.";
  out += installed
             ? " `environment-installed.json` lists every distribution of the experiments' Python as found when "
               "this was packed, which need not be the Python of the study."
             : " There is no list of all distributions: no Python for experiments was found when this was packed.";
  out += lock ? " `environment.lock` is what aisci's set-up installed that Python's packages from: `pip install -r "
                "environment.lock`."
              : " There is no `environment.lock`: the Python found was not made by aisci's set-up, so what it was "
                "installed from is not known.";
  return out;
}

std::string instructions(const StudyView& study, const std::string& environment) {
  return "# " + study.question +
         "\n\nA study by aisci " AISCI_VERSION_STRING
         ". `paper.pdf` is its result; every number in it leads to files here.\n\n"
         "    sha256sum -c manifest-sha256.txt         the files are the ones that were packed\n"
         "    aisci verify .                           every number follows from the raw trials\n"
         "    aisci explain . 84.3%                    the trials behind a printed number\n"
         "    aisci reproduce BUNDLE -o again          run the confirmation again and compare number by "
         "number\n\n" +
         environment + " `code/README.md` says how to run an experiment by hand.\n";
}

// Every unpacked file is in the manifest with its hash, and nothing else is.
Status check_manifest(const fs::path& folder) {
  AISCI_ASSIGN_OR_RETURN(const std::string manifest, read_file(folder / kManifest));
  std::map<std::string, std::string> listed;
  for (const auto& line : split(manifest, '\n'))
    if (line.size() > 66) listed[line.substr(66)] = line.substr(0, 64);
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator{folder, error}) {
    const std::string name = entry.path().lexically_relative(folder).generic_string();
    if (entry.is_directory(error) || name == kManifest) continue;
    const auto expected = listed.find(name);
    if (expected == listed.end()) return data_loss("the bundle's manifest does not list " + name);
    AISCI_ASSIGN_OR_RETURN(const std::string hash, sha256_file(entry.path()));
    if (hash != expected->second)
      return data_loss("the bundle's " + name + " is not the file that was packed: expected " + expected->second +
                       ", found " + hash);
    listed.erase(expected);
  }
  if (!listed.empty()) return data_loss("the bundle has no " + listed.begin()->first + ", which its manifest lists");
  return {};
}

// Evidence of one experiment, recorded and from new trials, fact by fact: the facts that are bound to arms.
void compare(const std::string& id, const Facts& recorded, const Facts& again, Reproduction& out) {
  for (const auto& [name, fact] : recorded) {
    const auto other = again.find(name);
    if (name.rfind(id + ".", 0) != 0 || other == again.end() || fact.arms.empty()) continue;
    out.numbers.push_back({name, fact.value, other->second.value, fact.text, other->second.text});
  }
}

// Takes away what a refusal has made before anything ran: the folder is as it was found, and the corrected call works.
class Undo {
 public:
  explicit Undo(fs::path folder) : folder_{std::move(folder)} {
    std::error_code error;
    for (fs::path at = folder_; at.has_relative_path() && !fs::exists(at, error); at = at.parent_path())
      made_.push_back(at);
  }
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo() {
    std::error_code error;
    if (!wanted_) return;
    fs::remove_all(folder_ / kUnpacked, error);
    for (const auto& folder : made_) fs::remove(folder, error);  // not where somebody has put anything else
  }
  void never() { wanted_ = false; }

 private:
  fs::path folder_;
  std::vector<fs::path> made_;  // the folder and those above it that were not there
  bool wanted_ = true;
};

class Again {
 public:
  Again(Rerun& rerun, const ReproduceRequest& request, Crew crew)
      : rerun_{rerun}, request_{request}, crew_{std::move(crew)}, view_{rerun.flow().view()} {}

  // What is asked for, or why it cannot be run; nothing is run yet.
  Status prepare() {
    for (const auto& id : wanted()) {
      AISCI_ASSIGN_OR_RETURN(Experiment experiment, rerun_.flow().experiment(id));
      experiment.folder = request_.output_dir / "experiments" / id;
      experiment.processes = slots_of(request_.options);
      experiments_.push_back(std::move(experiment));
    }
    return {};
  }

  Result<Reproduction> run() {
    std::size_t total = 0, done = 0;
    for (const auto& experiment : experiments_) total += experiment.trials.size();
    const std::atomic<bool> never{false};
    for (const auto& experiment : experiments_) {
      std::atomic<std::size_t> here{0};
      const auto heard = [&](const std::string&) {
        const auto count = done + ++here;
        request_.tell(experiment.id + ": trial " + std::to_string(count) + " of " + std::to_string(total),
                      static_cast<double>(count) / static_cast<double>(total));
      };
      AISCI_ASSIGN_OR_RETURN(
          const ExperimentOutcome outcome,
          run_experiment(experiment, crew_, heard, request_.cancelled ? *request_.cancelled : never));
      done += experiment.trials.size();
      if (outcome.failure.empty())
        take(experiment.id, outcome.scored);
      else
        out_.problems.push_back({"experiment " + experiment.id, "new trials", outcome.failure});
    }
    const Facts recorded = study_facts(rerun_.flow().view()), again = study_facts(view_);
    for (const auto& experiment : experiments_) compare(experiment.id, recorded, again, out_);
    return std::move(out_);
  }

 private:
  std::vector<std::string> wanted() const {
    if (!request_.experiments.empty()) return request_.experiments;
    std::vector<std::string> out;
    for (const auto& claim : view_.claims)
      if (claim.evidence) out.push_back(claim.id);
    return out;
  }

  // New trials in place of the recorded ones, and what follows from them.
  void take(const std::string& id, const std::vector<ScoredTrial>& scored) {
    const auto replace = [&](auto& owner, double confidence) {
      if (owner.id != id) return;
      for (std::size_t i = 0; i < scored.size() && i < owner.trials.size(); ++i) {
        ++out_.trials;
        out_.trials_same += equal_documents(scored[i].score, owner.trials[i].score) ? 1 : 0;
      }
      owner.trials = scored;
      if (auto evidence = compute_evidence(owner.plan, scored, confidence); evidence.ok()) owner.evidence = *evidence;
    };
    for (auto& node : view_.nodes) replace(node, 0.95);
    for (auto& claim : view_.claims) replace(claim, 1 - claim.alpha);
  }

  Rerun& rerun_;
  const ReproduceRequest& request_;
  Crew crew_;
  StudyView view_;
  std::vector<Experiment> experiments_;
  Reproduction out_;
};

}  // namespace

Result<Bundle> bundle_study(const fs::path& folder, const fs::path& file, const std::string& plugins) {
  std::error_code error;
  if (fs::exists(file, error)) return already_exists(file.string() + " is there already");
  AISCI_ASSIGN_OR_RETURN(const VerifyReport report, verify_study(folder, plugins));
  if (!report.problems.empty())
    return failed_precondition(folder.string() + " does not hold, so it is not packed: " + report.problems[0].place +
                               ": expected " + report.problems[0].expected + ", found " + report.problems[0].found);
  AISCI_ASSIGN_OR_RETURN(const auto rerun, Rerun::of(folder, plugins));
  const StudyView& study = rerun->flow().view();
  AISCI_ASSIGN_OR_RETURN(const auto completed, rerun->ledger().find("study.completed", "study"));

  if (file.has_parent_path()) AISCI_RETURN_IF_ERROR(make_folders(file.parent_path()));
  std::string made_name = file.string() + ".parts-XXXXXX";  // of its own: another may be somebody's
  if (!::mkdtemp(made_name.data()))
    return permission_denied("cannot write beside " + file.string() + ": " + std::strerror(errno));
  const fs::path made = made_name;
  const auto pack_all = [&]() -> Result<Bundle> {
    auto files = files_of(folder);
    const auto add = [&](const std::string& name, const std::string& text) -> Status {
      files[name] = made / name;
      return write_file(made / name, text);
    };
    AISCI_RETURN_IF_ERROR(rerun->ledger().copy_to(made / "study.db"));
    files["study.db"] = made / "study.db";
    const BundledEnvironment environment = bundled_environment(study, folder);
    AISCI_RETURN_IF_ERROR(add(kReported, environment.reported));
    // A study that was unpacked from a bundle has brought them from nearer to its experiments.
    const bool brought = files.count(kInstalled) + files.count(kLock) > 0;
    if (!brought && !environment.installed.empty()) AISCI_RETURN_IF_ERROR(add(kInstalled, environment.installed));
    if (!brought && !environment.lock.empty()) AISCI_RETURN_IF_ERROR(add(kLock, environment.lock));
    AISCI_RETURN_IF_ERROR(add(
        "REPRODUCE.md", instructions(study, about_environment(files.count(kInstalled) > 0, files.count(kLock) > 0))));
    std::map<std::string, std::string> hashes;
    for (const auto& [name, path] : files) {
      AISCI_ASSIGN_OR_RETURN(hashes[name], sha256_file(path));
    }
    AISCI_RETURN_IF_ERROR(add("ro-crate-metadata.json", pretty(crate(study, completed->time, files, hashes))));
    AISCI_ASSIGN_OR_RETURN(hashes["ro-crate-metadata.json"], sha256_file(made / "ro-crate-metadata.json"));
    std::string manifest;
    for (const auto& [name, hash] : hashes) manifest += hash + "  " + name + "\n";
    AISCI_RETURN_IF_ERROR(add(kManifest, manifest));
    AISCI_RETURN_IF_ERROR(pack(file, files));
    AISCI_ASSIGN_OR_RETURN(const std::string hash, sha256_file(file));
    return Bundle{file, files.size(), fs::file_size(file, error), hash};
  };
  auto bundle = pack_all();
  fs::remove_all(made, error);
  return bundle;
}

bool Reproduction::same() const {
  return problems.empty() && std::all_of(numbers.begin(), numbers.end(), [](const auto& n) { return n.same(); });
}

Result<Reproduction> reproduce(const fs::path& bundle, const ReproduceRequest& asked) {
  std::error_code error;
  if (asked.output_dir.empty()) return invalid_argument("reproduce needs a folder for what it runs: output_dir");
  ReproduceRequest request = asked;
  request.output_dir = fs::absolute(asked.output_dir, error);
  if (fs::exists(request.output_dir, error) && !fs::is_empty(request.output_dir, error))
    return already_exists(request.output_dir.string() + " is not empty; reproduce needs a folder of its own");
  if (!fs::exists(bundle, error)) return not_found("no bundle and no study here: " + bundle.string());
  AISCI_RETURN_IF_ERROR(study_gpus(request.options, {}).status());
  Undo undo{request.output_dir};
  AISCI_RETURN_IF_ERROR(make_folders(request.output_dir));
  fs::path study = fs::absolute(bundle, error);
  if (fs::is_regular_file(bundle, error)) {
    study = request.output_dir / kUnpacked;
    AISCI_RETURN_IF_ERROR(unpack(bundle, study));
    AISCI_RETURN_IF_ERROR(check_manifest(study));
  }
  AISCI_ASSIGN_OR_RETURN(const auto rerun, Rerun::of(study, request.options.plugins));
  AISCI_RETURN_IF_ERROR(rerun->ended());
  // A study that contradicts itself is somebody's who wanted it to: nothing of it runs.
  if (const auto& findings = rerun->findings(); !findings.empty())
    return data_loss("the study does not hold, so nothing of it was run: " + printable(findings[0].place, 500) +
                     ": expected " + printable(findings[0].expected, 500) + ", found " +
                     printable(findings[0].found, 500));
  AISCI_ASSIGN_OR_RETURN(Crew crew,
                         rerun->running_crew(request.options, [&](const auto&, const auto&, const std::string& line) {
                           request.tell(line, 0);
                         }));
  Again again{*rerun, request, std::move(crew)};
  AISCI_RETURN_IF_ERROR(again.prepare());
  undo.never();
  return again.run();
}

}  // namespace aisci
