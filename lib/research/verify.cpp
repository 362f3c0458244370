// Verification by recomputation: the flow is run again over the ledger, recording nothing, and everything it derives
// is held against what is recorded and what lies in the folder. A forger who recomputes every hash still has to make
// scores, evidence, search, verdicts, text and PDF agree with trials he cannot run again.
#include <aisci/inspect.hpp>
#include <algorithm>
#include <map>
#include <set>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "ledger/ledger.hpp"
#include "research/pdf_text.hpp"
#include "research/plain_study.hpp"
#include "research/printed_words.hpp"
#include "research/rerun.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

void check_chain(const Ledger& ledger, VerifyReport& report) {
  if (const Status status = ledger.check(); !status.ok())
    report.problems.push_back({"study.db", "an unbroken chain of events", status.message()});
  report.checks.push_back("the hash chain of " + std::to_string(ledger.size()) + " events and every document's name");
}

void check_text(const fs::path& folder, const std::string& name, const std::string& expected, VerifyReport& report) {
  if (auto finding = first_difference_in_file(folder, name, expected))
    report.problems.push_back({std::move(finding->place), std::move(finding->expected), std::move(finding->found)});
}

// What was asked for, as people read it and a resumed study goes by it.
void check_request(const fs::path& folder, const Ledger& ledger, VerifyReport& report) {
  const auto created = ledger.find("study.created", "study");
  if (!created.ok() || !*created) return;
  const json::object& body = (*created)->body;
  check_text(folder, "question.txt", text_of(body, "question") + "\n", report);
  check_text(folder, "config.toml", text_of(body, "options"), report);
  report.checks.push_back("the question and the options in question.txt and config.toml");
}

// Text files of the paper against what the model renders to.
void check_sources(const fs::path& folder, const Crew& crew, const json::object& resolved, VerifyReport& report) {
  const auto rendered = crew.render(resolved);
  if (!rendered.ok()) {
    report.problems.push_back({"paper", "a paper that renders", rendered.status().message()});
    return;
  }
  for (const auto& document : *rendered) {
    if (document.contains("file"))
      check_text(folder, "paper/" + text_of(document, "file"), text_of(document, "text"), report);
  }
  report.checks.push_back("the paper's sources, rendered again from its model and the recomputed facts");
}

// Every printed value must stand in the PDF's text as often as the model prints it.
void count_values(const json::value& value, std::map<std::string, int>& counts) {
  if (const auto* object = value.if_object()) {
    if (object->contains("value") && object->contains("fact")) {
      const std::string text = text_of(*object, "value");
      if (text.find_first_of("0123456789") != std::string::npos) ++counts[text];
    }
    for (const auto& entry : *object) count_values(entry.value(), counts);
  } else if (const auto* array = value.if_array()) {
    for (const auto& item : *array) count_values(item, counts);
  }
}

void check_values(const fs::path& folder, const std::string& pdf, const json::object& resolved, VerifyReport& report) {
  std::error_code error;
  if (!fs::exists(folder / pdf, error)) return;
  const auto text = pdf_text(folder / pdf);
  if (!text.ok()) {
    report.problems.push_back({pdf, "a PDF whose text can be read", text.status().message()});
    return;
  }
  const std::string page = bare(*text);
  std::map<std::string, int> counts;
  count_values(member(resolved, "title"), counts);
  count_values(member(resolved, "abstract"), counts);
  for (const char* part : {"sections", "appendix"}) count_values(member(resolved, part), counts);
  for (const auto& [value, count] : counts) {
    const int found = occurrences(page, bare(value));
    if (found < count)
      report.problems.push_back(
          {pdf, "\"" + value + "\" at least " + std::to_string(count) + " times", std::to_string(found) + " times"});
  }
  report.checks.push_back(std::to_string(counts.size()) + " printed values in the text of " + pdf);
  for (const std::string& passage : passages_missing(*text, resolved))
    report.problems.push_back({pdf, "a PDF that says: " + passage, "no such words in it"});
  report.checks.push_back("the words of " + pdf + ", passage by passage");
}

// Where no build left a PDF, one that lies there is somebody else's.
void check_unbuilt(const fs::path& folder, const std::string& pdf, VerifyReport& report) {
  std::error_code error;
  if (fs::exists(folder / pdf, error))
    report.problems.push_back({pdf, "no such file: the ledger records no build of it", "a file"});
}

void check_rebuttal(const fs::path& folder, const Ledger& ledger, const json::object& rebuttal, VerifyReport& report) {
  const auto event = ledger.find("rebuttal.built", "study");
  if (!event.ok() || !*event) return;
  const std::string built = text_of((*event)->body, "pdf");
  if (built.empty()) {
    check_unbuilt(folder, "reviews/rebuttal.pdf", report);
    return;
  }
  const auto found = sha256_file(folder / "reviews" / "rebuttal.pdf");
  if (!found.ok() || *found != built)
    report.problems.push_back(
        {"reviews/rebuttal.pdf", "the file of hash " + built, found.ok() ? *found : found.status().message()});
  check_values(folder, "reviews/rebuttal.pdf", rebuttal, report);
}

// The PDF that the last build left, and what its log says: figures and layout are not in its text.
void check_build(const fs::path& folder, const Flow& flow, const Ledger& ledger, VerifyReport& report) {
  json::object built;
  for (const std::string version : {"draft", "revised"})
    for (int turn = 0;; ++turn) {
      const auto event = ledger.find("paper.built", turn == 0 ? version : version + "/" + std::to_string(turn));
      if (!event.ok() || !*event) break;
      if (!text_of((*event)->body, "pdf").empty()) built = (*event)->body;
    }
  if (built.empty()) {
    check_unbuilt(folder, "paper.pdf", report);
    return;
  }
  const auto found = sha256_file(folder / "paper.pdf");
  if (!found.ok() || *found != text_of(built, "pdf"))
    report.problems.push_back(
        {"paper.pdf", "the file of hash " + text_of(built, "pdf"), found.ok() ? *found : found.status().message()});
  const auto checked = flow.check_build();
  const Finding difference = !checked.ok() ? Finding{"paper/build.log", "a log", checked.status().message()}
                                           : first_difference(object_of(built, "checked"), *checked, "paper/build.log");
  if (!checked.ok() || !equal_documents(object_of(built, "checked"), *checked))
    report.problems.push_back({difference.place, difference.expected, difference.found});
  report.checks.push_back("the PDF's bytes, and its layout by the log of its build");
}

void check_model_file(const fs::path& folder, const json::object& model, VerifyReport& report) {
  const auto text = read_file(folder / "paper" / "paper.json");
  const auto found = text.ok() ? parse_json(*text, "paper/paper.json") : Result<json::value>{text.status()};
  if (!found.ok())
    report.problems.push_back({"paper/paper.json", "the paper's model", found.status().message()});
  else if (!equal_documents(model, *found)) {
    const Finding difference = first_difference(model, *found, "paper/paper.json");
    report.problems.push_back({difference.place, difference.expected, difference.found});
  }
  report.checks.push_back("the paper's model against what its author answered");
}

// What a study's folder has beside files and folders: with that, no file is known to be the study's own.
Status check_folder(const fs::path& folder, VerifyReport& report) {
  AISCI_RETURN_IF_ERROR(Ledger::open_for_reading(folder / "study.db").status());  // it is a study's
  AISCI_ASSIGN_OR_RETURN(const auto found, not_plain(folder));
  for (const auto& one : found)
    report.problems.push_back({one.name, "a file or a folder of the study's own", one.kind});
  report.checks.push_back("that all below the study's folder is files and folders");
  return {};
}

}  // namespace

Result<VerifyReport> verify_study(const fs::path& folder, const std::string& plugins,
                                  std::shared_ptr<Registry> registry) {
  VerifyReport report;
  AISCI_RETURN_IF_ERROR(check_folder(folder, report));
  if (!report.problems.empty()) return report;
  AISCI_ASSIGN_OR_RETURN(const auto rerun, Rerun::of(folder, plugins, std::move(registry)));
  check_chain(rerun->ledger(), report);
  check_request(folder, rerun->ledger(), report);
  for (const auto& [place, expected, found] : rerun->findings()) report.problems.push_back({place, expected, found});
  if (!rerun->ended().ok())
    report.problems.push_back(
        {"study.db", "a ledger over which the study's flow runs to its end", rerun->ended().message()});
  report.checks.push_back(
      "scores from predictions and labels, evidence, search, claims, verdicts and every agent's answer, by running the "
      "flow again");
  report.checks.push_back("no event in the ledger but those that the study needs, and those of its runs");
  report.checks.push_back("summary, tree page, reviews and the code of every experiment, made again");
  const Flow& flow = rerun->flow();
  if (!flow.resolved_paper().empty()) {
    check_sources(folder, rerun->crew(), flow.resolved_paper(), report);
    check_model_file(folder, flow.paper_model(), report);
    check_values(folder, "paper.pdf", flow.resolved_paper(), report);
  }
  check_build(folder, flow, rerun->ledger(), report);
  check_rebuttal(folder, rerun->ledger(), flow.rebuttal(), report);
  // What was found may be damage; what is told of it is text, in a terminal, in JSON and in Python.
  constexpr std::size_t kTold = 4000;
  for (auto& problem : report.problems)
    for (auto* text : {&problem.place, &problem.expected, &problem.found}) *text = printable(*text, kTold);
  return report;
}

}  // namespace aisci
