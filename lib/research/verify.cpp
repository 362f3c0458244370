// Verification by recomputation: the flow is run again over the ledger, recording nothing, and everything it derives
// is held against what is recorded and what lies in the folder. A forger who recomputes every hash still has to make
// scores, evidence, search, verdicts, text and PDF agree with trials he cannot run again.
#include <aisci/inspect.hpp>
#include <algorithm>
#include <map>
#include <set>

#include "base/files.hpp"
#include "base/text.hpp"
#include "ledger/ledger.hpp"
#include "research/flow.hpp"
#include "research/pdf_text.hpp"
#include "research/plugin_crew.hpp"
#include "runtime/model_tasks.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

// Ends the flow without running anything: verification reads, and only `render` and agents compute.
Crew reading_crew(Crew crew) {
  crew.run = [](const RunRequest& request, const auto&, const auto&) -> Result<RunOutcome> {
    return data_loss("verification would have to run " + request.id + ", which the ledger says was done");
  };
  return crew;
}

void check_chain(const Ledger& ledger, VerifyReport& report) {
  if (const Status status = ledger.check(); !status.ok())
    report.problems.push_back({"study.db", "an unbroken chain of events", status.message()});
  report.checks.push_back("the hash chain of " + std::to_string(ledger.size()) + " events and every document's name");
}

// Text files of the paper against what the model renders to.
void check_sources(const fs::path& folder, const Crew& crew, const json::object& resolved, VerifyReport& report) {
  const auto rendered = crew.render(resolved);
  if (!rendered.ok()) {
    report.problems.push_back({"paper", "a paper that renders", rendered.status().message()});
    return;
  }
  for (const auto& document : *rendered) {
    if (!document.contains("file")) continue;
    const std::string name = text_of(document, "file"), expected = text_of(document, "text");
    const auto found = read_file(folder / "paper" / name);
    if (!found.ok()) {
      report.problems.push_back({"paper/" + name, "the file", found.status().message()});
      continue;
    }
    if (*found == expected) continue;
    const auto a = split(expected, '\n'), b = split(*found, '\n');
    std::size_t line = 0;
    while (line < a.size() && line < b.size() && a[line] == b[line]) ++line;
    const std::string place = "paper/" + name + ", line " + std::to_string(line + 1);
    if (line < a.size() && line < b.size()) {
      const auto [wanted, there] = difference(a[line], b[line]);
      report.problems.push_back({place, wanted, there});
    } else {
      report.problems.push_back({place, std::to_string(a.size()) + " lines", std::to_string(b.size()) + " lines"});
    }
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

void check_pdf(const fs::path& folder, const json::object& resolved, VerifyReport& report) {
  std::error_code error;
  if (!fs::exists(folder / "paper.pdf", error)) return;
  const auto text = pdf_text(folder / "paper.pdf");
  if (!text.ok()) {
    report.problems.push_back({"paper.pdf", "a PDF whose text can be read", text.status().message()});
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
      report.problems.push_back({"paper.pdf", "\"" + value + "\" at least " + std::to_string(count) + " times",
                                 std::to_string(found) + " times"});
  }
  report.checks.push_back(std::to_string(counts.size()) + " printed values in the PDF's text");
}

void check_model_file(const fs::path& folder, const Ledger& ledger, const json::object& model, VerifyReport& report) {
  (void)ledger;
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

}  // namespace

Result<VerifyReport> verify_study(const fs::path& folder) {
  AISCI_ASSIGN_OR_RETURN(const auto ledger, Ledger::open_for_reading(folder / "study.db"));
  AISCI_ASSIGN_OR_RETURN(const auto completed, ledger->find("study.completed", "study"));
  if (!completed)
    return failed_precondition(folder.string() + " holds an unfinished study; finish it with  aisci resume " +
                               folder.string());
  AISCI_ASSIGN_OR_RETURN(const auto created, ledger->find("study.created", "study"));
  if (!created) return data_loss("the ledger does not begin with study.created");
  AISCI_ASSIGN_OR_RETURN(const LoadedOptions loaded,
                         read_options(text_of(created->body, "options"), "the ledger's options"));
  AISCI_ASSIGN_OR_RETURN(const auto registry, open_registry(loaded.options));
  AISCI_ASSIGN_OR_RETURN(auto provider, make_provider(loaded.options, *registry));

  VerifyReport report;
  check_chain(*ledger, report);
  std::vector<Finding> findings;
  ModelTasks tasks{*ledger, std::move(provider), loaded.options.llm_provider, loaded.options.model};
  tasks.verify(loaded.options.llm_provider == "offline",
               [&](const std::string& place, const std::string& expected, const std::string& found) {
                 findings.push_back({place, expected, found});
               });
  AISCI_ASSIGN_OR_RETURN(Crew crew, make_crew(loaded.options, registry, tasks, "python3"));
  crew = reading_crew(std::move(crew));
  Recorder recorder{*ledger, findings};
  FlowControl control;
  Flow flow{folder, text_of(created->body, "question"), loaded.options, crew, recorder, control};
  const auto result = flow.run();
  for (auto& finding : findings)
    report.problems.push_back({std::move(finding.place), std::move(finding.expected), std::move(finding.found)});
  if (!result.ok())
    report.problems.push_back(
        {"study.db", "a ledger over which the study's flow runs to its end", result.status().message()});
  report.checks.push_back(
      "scores from predictions and labels, evidence, search, claims, verdicts and every agent's answer, by running the "
      "flow again");
  if (!flow.resolved_paper().empty()) {
    check_sources(folder, crew, flow.resolved_paper(), report);
    check_model_file(folder, *ledger, flow.paper_model(), report);
    check_pdf(folder, flow.resolved_paper(), report);
  }
  const auto summary = read_file(folder / "summary.json");
  const auto summary_json =
      summary.ok() ? parse_json_object(*summary, "summary.json") : Result<json::object>{summary.status()};
  if (!summary_json.ok())
    report.problems.push_back({"summary.json", "the summary", summary_json.status().message()});
  else if (!equal_documents(member(*summary_json, "verdicts"), member(completed->body, "verdicts"))) {
    const Finding difference = first_difference(member(completed->body, "verdicts"), member(*summary_json, "verdicts"),
                                                "summary.json verdicts");
    report.problems.push_back({difference.place, difference.expected, difference.found});
  }
  return report;
}

}  // namespace aisci
