// A free study: no template answers the question, so the design role writes one: factors, metrics and programs. It is
// rehearsed, mended while it fails, and kept in the study's folder as a template of the user's own would be; from then
// on the study is one like any other.
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "research/flow.hpp"
#include "research/rehearsal.hpp"
#include "research/retry.hpp"
#include "research/taken.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRehearsals = "rehearsals";
constexpr std::size_t kShownFailure = 4000;
constexpr std::size_t kShownLine = 400;
constexpr std::size_t kShownLines = 6;
constexpr std::size_t kShownFiles = 100;

// What the template's folder holds: its manifest and every program.
std::map<std::string, std::string> files_of(const json::object& written) {
  std::map<std::string, std::string> files;
  for (const auto& file : object_of(written, "code"))
    files[std::string{file.key()}] = text_of(object_of(written, "code"), file.key());
  files["template.json"] = pretty(object_of(written, "template"));
  return files;
}

bool is_plain(const std::string& name) {
  return !name.empty() && name[0] != '.' && name.find_first_of("/\\") == std::string::npos;
}

Status write_files(const fs::path& library, const json::object& written) {
  const std::string name = text_of(object_of(written, "template"), "name");
  for (const auto& [file, text] : files_of(written)) {
    if (!is_plain(name) || !is_plain(file))
      return internal_error("the design role wrote a file outside its template: " + name + "/" + file);
    AISCI_RETURN_IF_ERROR(write_file(library / name / file, text));
  }
  return {};
}

// The user's data as whoever writes a program needs to know them: names, and how a table begins.
json::object outline_of(const json::object& data, const fs::path& source) {
  json::array files;
  for (const auto& file : object_of(data, "files"))
    if (files.size() < kShownFiles) files.emplace_back(file.key());
  json::object outline{{"name", text_of(data, "name")},
                       {"kind", text_of(data, "kind")},
                       {"target", text_of(data, "target")},
                       {"files", files}};
  if (text_of(data, "kind") != "csv" || files.empty()) return outline;
  const auto text = read_file(source / std::string{files[0].as_string()});
  if (!text.ok()) return outline;
  json::array lines;
  for (const auto& line : split(text->substr(0, kShownLine * kShownLines), '\n'))
    if (lines.size() < kShownLines) lines.emplace_back(printable(line, kShownLine));
  outline["first_lines"] = std::move(lines);
  return outline;
}

}  // namespace

// The programs are asked for until they pass their rehearsal, as often as a failed experiment is tried again.
Status Flow::write_template() {
  json::object input{{"question", view_.question},
                     {"limits", json::object{{"max_experiments", options_.max_experiments},
                                             {"blocks", options_.blocks},
                                             {"budget_hours", options_.budget_hours}}}};
  if (!data_.empty()) input["data"] = outline_of(data_, folder_ / kSourceFolder);
  json::array failures;
  for (int attempt = 1; attempt <= 1 + options_.max_retries; ++attempt) {
    tell(attempt == 1 ? "no template is used: the model writes the experiment" : "the model mends the experiment", 0.0);
    input["attempt"] = attempt;  // the same answer to the same failure is another answer
    AISCI_ASSIGN_OR_RETURN(const json::object written, act("design.write", input));
    AISCI_ASSIGN_OR_RETURN(const json::object rehearsed, recorder_.outcome(
                                                             "template.rehearsed", std::to_string(attempt),
                                                             [&] { return rehearse(written, attempt); }, true));
    const std::string failure = text_of(rehearsed, "failure");
    if (failure.empty()) return keep_template(written, std::move(failures));
    tell("the rehearsal failed: " + failure.substr(0, failure.find('\n')), 0.0);
    failures.push_back(json::object{{"failure", failure}, {"told", printable(text_of(written, "told"), 300)}});
    input["previous"] =
        json::object{{"template", object_of(written, "template")}, {"code", object_of(written, "code")}};
    input["failure"] = failure;
  }
  return Status{StatusCode::kAborted,
                "the model wrote no experiment that passes its rehearsal, in " + std::to_string(failures.size()) +
                    " attempts; what the last one failed by:\n" + text_of(failures.back().as_object(), "failure") +
                    "\nAnother model, or a question that is easier to measure, may do; what was tried lies in " +
                    (folder_ / kRehearsals).string()};
}

// Why the written template may not be used; "" when it may. Nothing of a rehearsal is known to the study but this.
Result<json::object> Flow::rehearse(const json::object& written, int attempt) {
  const auto verdict = [](const std::string& failure) {
    return json::object{{"failure", printable(failure, kShownFailure)}};
  };
  const auto problems = texts_of(written, "problems");
  if (!problems.empty()) return verdict(join(problems, "\n"));
  const auto& manifest = object_of(written, "template");
  const fs::path place = folder_ / kRehearsals / std::to_string(attempt), library = place / "library";
  AISCI_RETURN_IF_ERROR(write_files(library, written));
  AISCI_ASSIGN_OR_RETURN(const json::object prepare,
                         act("design.prepare", {{"folder", fs::absolute(library).string()}, {"template", manifest}}));
  const std::string id = "rehearsal-" + std::to_string(attempt);
  fs::path run;
  AISCI_ASSIGN_OR_RETURN(const RunOutcome prepared, run_prepare(prepare, place / "data-runs", id + "-data", run));
  if (!prepared.clean()) return verdict("prepare.py " + describe(prepared));
  if (const std::string fault = fault_of_data(run / "results", manifest); !fault.empty()) return verdict(fault);

  std::map<std::string, std::string> code;
  for (const auto& file : texts_of(manifest, "files")) code[file] = text_of(object_of(written, "code"), file);
  code[kExperimentModule] = crew_.experiment_module;
  Experiment rehearsal = rehearsal_of(manifest, code, view_.seed);
  rehearsal.id = id;
  rehearsal.folder = place / "experiment";
  rehearsal.data = run / "results" / "public";
  rehearsal.labels = run / "results" / "labels" / "validation.json";
  rehearsal.processes = parallel();
  for (int again = 0;; ++again) {
    AISCI_ASSIGN_OR_RETURN(const ExperimentOutcome outcome,
                           run_experiment(rehearsal, crew_, counter(rehearsal), control_.cancelled));
    if (remedy_for(outcome.failure_class).kind == Remedy::Kind::kSameAgain && again < options_.max_retries) continue;
    return verdict(fault_of_results(rehearsal, outcome, manifest));
  }
}

// The template goes to where a user's own would lie; when verifying, it must lie there as it was written.
Status Flow::keep_template(const json::object& written, json::array failures) {
  const auto& manifest = object_of(written, "template");
  const std::string name = text_of(manifest, "name");
  json::object hashes;
  for (const auto& [file, text] : files_of(written)) hashes[name + "/" + file] = sha256(text);
  template_folder_ = folder_ / kTemplateFolder;
  std::error_code error;
  if (const json::object found = hashes_below(template_folder_); !equal_documents(hashes, found)) {
    AISCI_ASSIGN_OR_RETURN(const auto known, recorder_.recorded("template.written", "study"));
    Finding difference = first_difference(hashes, found, kTemplateFolder);
    if (recorder_.verifying())
      recorder_.report(std::move(difference));
    else if (known)
      return data_loss("the study's template was changed: " + difference.place);
    else
      AISCI_RETURN_IF_ERROR(write_files(template_folder_, written));
  }
  if (!recorder_.verifying()) fs::remove_all(folder_ / kRehearsals, error);
  written_ = manifest;
  if (!data_.empty()) {
    json::object dataset = object_of(written_, "dataset");
    dataset["sha256"] = text_of(data_, "sha256");
    dataset["file"] = text_of(data_, "name");
    written_["dataset"] = std::move(dataset);
  }
  AISCI_RETURN_IF_ERROR(recorder_.derive(
      "template.written", "study",
      {{"name", name}, {"told", printable(text_of(written, "told"), 300)}, {"failures", failures}, {"files", hashes}}));
  written_["written"] = json::object{{"model", options_.model.empty() ? options_.llm_provider : options_.model},
                                     {"failures", std::move(failures)}};
  tell("the experiment passed its rehearsal: " + text_of(manifest, "title"), 0.01);
  return {};
}

}  // namespace aisci
