// From evidence to a reviewed paper: findings, figures, the paper's model, its build, reviews, revision.
#include <algorithm>
#include <cmath>

#include "aisci/version.h"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "research/curves.hpp"
#include "research/figure_data.hpp"
#include "research/flow.hpp"
#include "research/model_access.hpp"
#include "research/paper_build.hpp"
#include "research/paper_fit.hpp"
#include "research/study_facts.hpp"
#include "research/tree_page.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

constexpr const char* kAuthor = "The AI Scientist (aisci)";
// Who made a document.
std::string made_by(const Options& options, const std::string& what) {
  const std::string model = options.model.empty() ? "a model" : "the model " + options.model;
  return "A machine wrote this: " + what + " were produced by aisci" +
         (options.llm_provider == kOffline
              ? std::string{", from its own rules, templates and stock of wordings. No language model took part, and "
                            "nobody edited the result. "}
              : " with " + model + " (provider " + options.llm_provider + "). Nobody edited the result. ");
}

// And what a paper's numbers come from.
std::string statement_of_paper(const Options& options, bool written) {
  std::string text =
      made_by(options, "hypotheses, experiments, analysis, text and reviews") +
      "Every number in it is printed from the study's ledger: results can be recomputed from the raw trial files, "
      "whose settings are in the plans beside them. Where the data come from, how they were divided, and what was "
      "found before the study began is as the experiment's template states it; the study's folder holds the divided "
      "data.";
  if (written)
    text +=
        " The programs of its experiments were written by a model for this one question and ran in a sandbox, where "
        "they had to pass a rehearsal: every condition runs, seeds matter, the same seed gives the same result. No "
        "person has read them.";
  return text;
}

constexpr const char* kLayout = "the paper's layout: ";
// Times that a paper which is too long is printed again.
constexpr int kMostTurns = 6;

// A log as JSON can hold it whatever bytes a program wrote.
std::string plain_lines(std::string text) {
  for (char& c : text)
    if (c != '\n' && (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e)) c = '?';
  return text;
}

json::array as_array(const std::vector<json::object>& list) {
  json::array out;
  for (const auto& object : list) out.push_back(object);
  return out;
}

// "points", "logit", or the unit of a metric that is no fraction.
std::string unit_of(const Claim& claim, const json::object& manifest) {
  if (claim.plan.contrast.scale == Contrast::Scale::kLogit) return "logit";
  const MetricForm form = metric_form(object_of(object_of(manifest, "metrics"), claim.plan.metric));
  return form.fraction() ? "points" : form.unit;
}

Verdict verdict_of(const Claim& claim, const json::object& manifest) {
  Verdict verdict{claim.id, text_of(claim.hypothesis, "statement"), claim.verdict, 0, 0, 0, unit_of(claim, manifest),
                  0};
  if (!claim.evidence) return verdict;
  const Interval interval = towards_prediction(claim.evidence->contrast, claim.plan.contrast.predicted_sign);
  verdict.effect = interval.mean;
  verdict.lower = interval.lower;
  verdict.upper = interval.upper;
  verdict.blocks = static_cast<int>(claim.evidence->blocks.size());
  return verdict;
}

}  // namespace

json::object Flow::curves() const {
  json::object out;
  for (const auto& node : view_.nodes)
    if (node.evidence)
      out[node.id] =
          mean_curves(folder_ / experiment_place(node.id, changes_in(node.retries)) / "trials", node.plan, node.trials);
  for (const auto& claim : view_.claims)
    if (claim.evidence)
      out[claim.id] = mean_curves(folder_ / experiment_place(claim.id, changes_in(claim.retries)) / "trials",
                                  claim.plan, claim.trials);
  return out;
}

Status Flow::analyse() {
  tell("analysing", 0.86);
  json::object input = study_document(view_);
  input["curves"] = curves();
  AISCI_ASSIGN_OR_RETURN(findings_, act("analysis.findings", input));
  AISCI_RETURN_IF_ERROR(recorder_.derive("findings.made", edition_, findings_));
  input["findings"] = array_of(findings_, "findings");
  AISCI_ASSIGN_OR_RETURN(const json::object chosen, act("analysis.figures", input));
  for (const auto& figure : array_of(chosen, "figures"))
    if (figure.is_object()) view_.figures.push_back(figure.get_object());
  return {};
}

Status Flow::draw_figures() {
  if (view_.figures.empty()) return {};
  tell("drawing " + std::to_string(view_.figures.size()) + " figures", 0.87);
  AISCI_ASSIGN_OR_RETURN(const json::object plotting, act("analysis.plotting", {}));
  const json::object figures{{"figures", as_array(view_.figures)}};
  AISCI_ASSIGN_OR_RETURN(
      const json::object drawn, recorder_.outcome("figures.drawn", edition_, [&]() -> Result<json::object> {
        fs::path run;
        const auto request_for_figures = [&]() -> Result<RunRequest> {
          RunRequest request;
          request.id = "figures";
          int attempt = 1;
          std::error_code error;
          do request.folder = folder_ / "figure-runs" / ("r" + std::to_string(attempt++));
          while (fs::exists(request.folder, error));
          request.program = texts_of(plotting, "program");
          request.wall_seconds = 300;
          for (const auto& file : object_of(plotting, "code"))
            AISCI_RETURN_IF_ERROR(
                write_below(request.folder / "job", file.key(), text_of(object_of(plotting, "code"), file.key())));
          AISCI_RETURN_IF_ERROR(write_file(request.folder / "job" / "figures.json", pretty(figures)));
          AISCI_RETURN_IF_ERROR(make_folders(request.folder / "results"));
          run = request.folder;
          return request;
        };
        AISCI_ASSIGN_OR_RETURN(const RunOutcome outcome, run_through("figures", request_for_figures));
        json::object files;
        std::error_code error;
        for (const auto& figure : view_.figures) {
          const std::string id = text_of(figure, "id");
          for (const char* ending : {".pdf", ".png", ".csv"}) {
            const auto source = run / "results" / (id + ending);
            if (!is_name_below(id + ending) || !copy_regular_file(source, folder_ / "figures" / (id + ending)).ok())
              continue;
            AISCI_ASSIGN_OR_RETURN(const std::string hash, sha256_file(folder_ / "figures" / (id + ending)));
            files[id + ending] = hash;
          }
        }
        const std::string failure = outcome.clean() ? "" : describe(outcome);
        if (outcome.clean()) fs::remove_all(folder_ / "figure-runs", error);
        return json::object{{"files", std::move(files)}, {"failure", failure}};
      }));
  const auto& files = object_of(drawn, "files");
  std::erase_if(view_.figures, [&](const json::object& figure) {  // a figure is a picture with its table
    return !files.contains(text_of(figure, "id") + ".pdf") || !files.contains(text_of(figure, "id") + ".csv");
  });
  if (const std::string failure = text_of(drawn, "failure"); !failure.empty())
    degraded_.push_back("some figures could not be drawn: " + failure);
  if (!recorder_.verifying()) return {};
  // Figures that were drawn again after the reviews lie where the first ones lay.
  AISCI_ASSIGN_OR_RETURN(const auto again, recorder_.ledger().find("figures.drawn", kRevisedEdition));
  if (again && edition_ != kRevisedEdition) return {};
  for (const auto& figure : view_.figures) {
    const auto table = read_file(folder_ / "figures" / (text_of(figure, "id") + ".csv"));
    if (!table.ok()) continue;  // said below
    if (auto finding = table_fault(figure, *table)) recorder_.report(std::move(*finding));
  }
  for (const auto& entry : files) {
    const std::string name{entry.key()};
    const auto hash = sha256_file(folder_ / "figures" / name);
    if (!hash.ok() || *hash != text_of(files, name))
      recorder_.report({"figures/" + name, text_of(files, name), hash.ok() ? *hash : hash.status().message()});
  }
  return {};
}

PaperContext Flow::paper_context() const {
  PaperContext context;
  context.referents = referents_of(view_);
  context.figures = view_.figures;
  context.records = view_.records;
  context.records.insert(context.records.end(), view_.set_aside.begin(), view_.set_aside.end());
  context.author = kAuthor;
  context.responsible = options_.responsible;
  context.statement = statement_of_paper(options_, !written_.empty());
  return context;
}

PaperContext Flow::rebuttal_context() const {
  PaperContext context = paper_context();
  context.statement = made_by(options_, "reviews and answers") +
                      "Its numbers are printed from the study's ledger; the paper's own statement says what they rest "
                      "on.";
  return context;
}

Status Flow::write_paper() {
  tell("writing the paper", 0.89);
  AISCI_ASSIGN_OR_RETURN(model_, act("writing.paper", paper_input()));
  return print_paper(model_, "draft");
}

json::object Flow::paper_input() const {
  json::object input = study_document(view_);
  for (const char* name : {"findings", "next", "storyline"}) input[name] = array_of(findings_, name);
  return input;
}

// Prints one version of the paper; the last one printed is the study's. One that is too long for its format is printed
// again with more of it in the appendix.
Status Flow::print_paper(const json::object& model, const std::string& version) {
  PaperFit fit{model, view_.figures};
  fit.move_to(moved_);  // what the draft could not hold, its revision cannot either
  for (int turn = 0;; ++turn) {
    AISCI_ASSIGN_OR_RETURN(const json::object checked,
                           print_once(fit.shortened(), turn == 0 ? version : version + "/" + std::to_string(turn)));
    const double pages = number_of(checked, "body_pages"), most = number_of(checked, "most_body_pages");
    const bool too_long = most > 0 && pages > most;
    if (too_long && turn < kMostTurns && fit.move((pages - most) / pages)) continue;
    moved_ = fit.moved();
    std::erase_if(degraded_, [](const std::string& what) { return what.rfind(kLayout, 0) == 0; });
    if (too_long)
      degraded_.push_back(kLayout + std::string{"its body has "} + fixed(pages, 1) + " pages, the format " +
                          options_.format + " allows " + fixed(most, 0));
    for (const auto& problem : array_of(checked, "problems"))
      if (problem.is_object()) degraded_.push_back(kLayout + text_of(problem.get_object(), "text"));
    return {};
  }
}

// Resolves, renders and builds; the answer is the writer's report on what was built.
Result<json::object> Flow::print_once(const json::object& model, const std::string& version) {
  ResolvedPaper paper = resolve_paper(model, paper_context());
  if (!paper.problems.empty()) {
    const std::string problems = join(paper.problems, "\n  ");
    if (!recorder_.verifying())
      return failed_precondition("the paper holds what the ledger cannot prove:\n  " + problems);
    for (const auto& problem : paper.problems)
      recorder_.report({"paper: " + problem, "text that the ledger proves", "a text that it does not"});
  }
  AISCI_ASSIGN_OR_RETURN(const auto locked, recorder_.ledger().find("claims.locked", "study"));
  paper.document["head"] = locked ? locked->hash : "";
  resolved_ = std::move(paper.document);
  AISCI_ASSIGN_OR_RETURN(const auto rendered, crew_.render(resolved_));
  const fs::path sources = folder_ / "paper";
  json::object build, hashes;
  AISCI_ASSIGN_OR_RETURN(const auto built_before, recorder_.recorded("paper.built", version));
  for (const auto& document : rendered) {
    if (document.contains("build")) build = object_of(document, "build");
    if (!document.contains("file")) continue;
    const std::string name = text_of(document, "file"), text = text_of(document, "text");
    if (name.empty() || name.find("..") != std::string::npos || name[0] == '/')
      return internal_error("the writer named a file outside the paper: " + name);
    hashes[name] = sha256(text);
    if (!recorder_.verifying() && !built_before) AISCI_RETURN_IF_ERROR(write_below(sources, name, text));
  }
  if (!recorder_.verifying() && !built_before)
    AISCI_RETURN_IF_ERROR(write_file(sources / "paper.json", pretty(model_)));
  AISCI_RETURN_IF_ERROR(
      recorder_.derive("paper.rendered", version, {{"model", sha256(canonical(model))}, {"files", hashes}}));
  AISCI_ASSIGN_OR_RETURN(
      const json::object built, recorder_.outcome("paper.built", version, [&]() -> Result<json::object> {
        const auto failure = this->build(build, sources, version);
        if (!failure.ok()) return failure.status();
        const auto pdf = sha256_file(folder_ / "paper.pdf");
        AISCI_ASSIGN_OR_RETURN(json::object checked, check_build());
        return json::object{{"failure", *failure}, {"pdf", pdf.ok() ? *pdf : ""}, {"checked", std::move(checked)}};
      }));
  std::erase_if(degraded_, [](const std::string& what) { return what.rfind("no PDF", 0) == 0; });
  if (const std::string failure = text_of(built, "failure"); !failure.empty())
    degraded_.push_back("no PDF: " + failure);
  return object_of(built, "checked");
}

// The writer's report on the last build, by its log; empty without a log.
Result<json::object> Flow::check_build() const {
  const auto log = read_file(folder_ / "paper" / "build.log");
  if (!log.ok()) return json::object{};
  json::object paper = resolved_;
  paper["log"] = plain_lines(*log);
  return crew_.check(paper);
}

// The build of one version, in a folder that no attempt used before.
Result<RunRequest> Flow::build_request(const json::object& build, const fs::path& sources,
                                       const std::string& version) const {
  AISCI_ASSIGN_OR_RETURN(RunRequest request, begin_build(build, folder_ / "paper-runs", "paper", version));
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{sources, error})
    if (entry.is_regular_file(error))
      AISCI_RETURN_IF_ERROR(
          copy_regular_file(entry.path(), request.folder / "job" / "sources" / entry.path().filename()));
  for (const auto& figure : view_.figures) {
    const std::string name = text_of(figure, "id") + ".pdf";
    AISCI_RETURN_IF_ERROR(
        copy_regular_file(folder_ / "figures" / name, request.folder / "job" / "sources" / "figures" / name));
  }
  return request;
}

// Why there is no PDF; "" when there is one.
Result<std::string> Flow::build(const json::object& build, const fs::path& sources, const std::string& version) {
  tell("building the PDF", progress_);
  fs::path run;
  AISCI_ASSIGN_OR_RETURN(const RunOutcome outcome, run_through("paper-" + version, [&]() -> Result<RunRequest> {
                           AISCI_ASSIGN_OR_RETURN(RunRequest request, build_request(build, sources, version));
                           run = request.folder;
                           return request;
                         }));
  // Without a log the failure says what there is to say.
  const bool log = copy_regular_file(run / "results" / text_of(build, "log", "paper.log"), sources / "build.log").ok();
  if (!outcome.clean())
    return "LaTeX failed (" + describe(outcome) + "); " + (log ? "sources and log are" : "its sources are") +
           " in paper/";
  AISCI_RETURN_IF_ERROR(
      copy_regular_file(run / "results" / text_of(build, "output", "paper.pdf"), folder_ / "paper.pdf"));
  std::error_code error;
  fs::remove_all(folder_ / "paper-runs", error);
  return std::string{};
}

Status Flow::write_code_folder() {
  std::string readme = "# The experiments of this study\n\n" + view_.question +
                       "\n\nOne folder an experiment: n1, n2, ... of the search, c1, c2, ... of the confirmation. "
                       "`config.json` lists its trials. To run one by hand, with the study folder as STUDY:\n\n"
                       "    AISCI_JOB=$PWD/n1 AISCI_CONFIG=$PWD/n1/config.json AISCI_DATA=STUDY/data/public "
                       "AISCI_RESULTS=/tmp/n1 python3 n1/experiment.py\n\n"
                       "Confirmation experiments read STUDY/data/confirmation instead. Python packages: see "
                       "`environment` in any trial's metrics.json.\n\n";
  const auto write_one = [&](const std::string& id, const Plan& plan, const std::vector<ScoredTrial>& scored,
                             const std::vector<Retry>& retries, const char* split) -> Status {
    readme += "- " + id + ": " + plan.title + "\n";
    for (const auto& [name, text] : code_[id]) {
      AISCI_RETURN_IF_ERROR(leave("code/" + id + "/" + name, text));
      if (recorder_.verifying())
        AISCI_RETURN_IF_ERROR(leave(experiment_place(id, changes_in(retries)) + "/code/" + name, text));
    }
    if (recorder_.verifying())
      AISCI_RETURN_IF_ERROR(leave(experiment_place(id, changes_in(retries)) + "/plan.json", pretty(plan.document)));
    json::array trials;
    for (const auto& one : scored)
      trials.push_back(json::object{{"id", one.trial.id},
                                    {"arm", one.trial.arm},
                                    {"seed", one.trial.seed},
                                    {"config", plan.arm(one.trial.arm)->config}});
    return leave("code/" + id + "/config.json", pretty(json::object{{"trials", std::move(trials)},
                                                                    {"data", "/data"},
                                                                    {"results", "/results"},
                                                                    {"evaluate", split},
                                                                    {"threads", 1}}));
  };
  for (const auto& node : view_.nodes)
    if (node.evidence) AISCI_RETURN_IF_ERROR(write_one(node.id, node.plan, node.trials, node.retries, "validation"));
  for (const auto& claim : view_.claims)
    AISCI_RETURN_IF_ERROR(write_one(claim.id, claim.plan, claim.trials, claim.retries, "confirmation"));
  return leave("code/README.md", readme);
}

Status Flow::leave(const std::string& name, const std::string& text) {
  if (!recorder_.verifying()) return write_below(folder_, name, text);
  if (auto difference = first_difference_in_file(folder_, name, text)) recorder_.report(std::move(*difference));
  return {};
}

Status Flow::finish(StudyResult& result) {
  for (auto& line : crew_.substitutions()) degraded_.push_back(std::move(line));
  result.state = StudyState::kCompleted;
  result.ended_by = view_.ended_by;
  result.degraded = degraded_;
  for (const auto& step : texts_of(findings_, "next")) result.next.push_back(shown(step));
  json::array verdicts;
  for (const auto& claim : view_.claims) {
    result.paper.verdicts.push_back(verdict_of(claim, view_.template_document));
    Verdict& v = result.paper.verdicts.back();
    v.statement = shown(v.statement);
    const auto& metric = object_of(object_of(view_.template_document, "metrics"), claim.plan.metric);
    if (text_of(metric, "measured_on") == "training") result.paper.fresh_data = false;
    verdicts.push_back(json::object{{"claim", v.claim},
                                    {"statement", v.statement},
                                    {"verdict", v.verdict},
                                    {"effect", v.effect},
                                    {"lower", v.lower},
                                    {"upper", v.upper},
                                    {"unit", v.unit},
                                    {"blocks", v.blocks}});
  }
  double overall = 0;
  for (const auto& review : reviews_) {
    overall += number_of(review, "overall") / static_cast<double>(reviews_.size());
    result.paper.reviews.push_back(text_of(review, "summary"));
  }
  result.paper.quality = overall;
  for (const auto& finding : array_of(findings_, "findings"))
    if (finding.is_object()) result.paper.findings.push_back(shown(text_of(finding.get_object(), "text")));
  std::error_code error;
  if (fs::exists(folder_ / "paper.pdf", error)) result.paper.pdf = folder_ / "paper.pdf";
  result.paper.latex = folder_ / "paper" / "paper.tex";
  result.paper.code = folder_ / "code";
  result.paper.summary = folder_ / "summary.json";
  result.paper.experiment_logs = folder_ / "experiments";
  const json::object summary{{"$schema", "aisci/summary/1"},
                             {"question", view_.question},
                             {"seed", std::to_string(view_.seed)},
                             {"ended_by", view_.ended_by},
                             {"verdicts", verdicts},
                             {"findings", json::array(result.paper.findings.begin(), result.paper.findings.end())},
                             {"next", json::array(result.next.begin(), result.next.end())},
                             {"quality", overall},
                             {"degraded", json::array(degraded_.begin(), degraded_.end())},
                             {"counts", object_of(study_document(view_), "counts")},
                             {"aisci", AISCI_VERSION_STRING}};
  AISCI_RETURN_IF_ERROR(leave("summary.json", pretty(summary)));
  AISCI_RETURN_IF_ERROR(leave("tree.html", tree_page(view_, code_)));
  AISCI_RETURN_IF_ERROR(write_code_folder());
  AISCI_RETURN_IF_ERROR(recorder_.derive("study.completed", "study",
                                         {{"verdicts", std::move(verdicts)},
                                          {"ended_by", view_.ended_by},
                                          {"quality", overall},
                                          {"degraded", json::array(degraded_.begin(), degraded_.end())}}));
  AISCI_RETURN_IF_ERROR(recorder_.report_unused());
  result.head = recorder_.ledger().head();
  tell("done", 1.0);
  return {};
}

}  // namespace aisci
