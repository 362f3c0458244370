// Reviews and what they lead to: points that only a run can answer go back to the search while its budget lasts, the
// others to the author; then the paper is printed again, reviewed again, and a rebuttal answers point by point.
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "research/claims.hpp"
#include "research/flow.hpp"
#include "research/paper_build.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

constexpr const char* kReviewers[] = {"careful", "demanding", "generous"};

json::array as_array(const std::vector<json::object>& list) {
  json::array out;
  for (const auto& object : list) out.push_back(object);
  return out;
}

}  // namespace

Status Flow::review_paper() {
  tell("reviewing", 0.93);
  AISCI_RETURN_IF_ERROR(review_round("draft", {}));
  rounds_.before = reviews_;
  const json::object draft = model_;
  json::object input = study_document(view_);
  input["reviews"] = as_array(reviews_);
  AISCI_ASSIGN_OR_RETURN(rounds_.meta, act("review.meta", input));
  AISCI_RETURN_IF_ERROR(recorder_.derive("review.meta", "draft", rounds_.meta));
  AISCI_RETURN_IF_ERROR(answer_by_runs());
  AISCI_RETURN_IF_ERROR(revise());
  rounds_.changed = model_ != draft;
  AISCI_RETURN_IF_ERROR(review_round("revised", rounds_.responses));
  rounds_.after = reviews_;
  return print_rebuttal();
}

Status Flow::review_round(const std::string& version, const json::array& responses) {
  reviews_.clear();
  for (const char* reviewer : kReviewers) {
    json::object input = study_document(view_);
    input["paper"] = model_;
    input["text"] = plain_text(resolved_);
    input["reviewer"] = reviewer;
    input["responses"] = responses;
    AISCI_ASSIGN_OR_RETURN(json::object review, act("review.review", input));
    review["reviewer"] = reviewer;
    AISCI_RETURN_IF_ERROR(recorder_.derive("review.made", version + "/" + reviewer, review));
    AISCI_RETURN_IF_ERROR(leave("reviews/" + version + "-" + reviewer + ".json", pretty(review)));
    reviews_.push_back(std::move(review));
  }
  return {};
}

// The budget is what search and confirmation left of theirs. Ideation is asked for a hypothesis that answers the point;
// it becomes a node below the one that the point is about, with an experiment like any other.
Status Flow::answer_by_runs() {
  int left = experiments_left_;
  for (const auto& value : array_of(rounds_.meta, "points")) {
    if (left <= 0 || control_.cancelled) break;
    if (!value.is_object() || text_of(value.get_object(), "kind") != "experiment") continue;
    const auto& point = value.get_object();
    std::string parent = text_of(point, "entry");
    for (const auto& claim : view_.claims)
      if (claim.id == parent) parent = claim.node;
    if (!find_node(parent)) continue;
    json::array tried;
    for (const auto& node : view_.nodes) tried.push_back(node.hypothesis);
    json::object input = study_document(around(view_, parent));
    input["parent"] = parent;
    input["count"] = 1;
    input["tried"] = std::move(tried);
    input["point"] = point;
    AISCI_ASSIGN_OR_RETURN(const json::object refined, act("ideation.refine", input));
    const auto& list = array_of(refined, "hypotheses");
    for (const auto& one : list)
      if (one.is_object()) view_.proposed.insert(text_of(one.get_object(), "statement"));
    if (list.empty() || !list[0].is_object()) continue;
    tell("a reviewer's point goes back to the search: " + text_of(point, "id"), 0.94);
    AISCI_ASSIGN_OR_RETURN(const std::string node, search_further(parent, list[0].as_object()));
    answers_.push_back(json::object{{"point", text_of(point, "id")}, {"node", node}});
    AISCI_RETURN_IF_ERROR(recorder_.derive("review.answered", text_of(point, "id"), {{"node", node}}));
    --left;
  }
  if (control_.cancelled) return cancelled("the study was cancelled; aisci resume continues it");
  if (answers_.empty()) return {};
  view_.figures.clear();
  edition_ = kRevisedEdition;
  AISCI_RETURN_IF_ERROR(analyse());
  AISCI_RETURN_IF_ERROR(draw_figures());
  AISCI_ASSIGN_OR_RETURN(model_, act("writing.paper", paper_input()));
  return {};
}

Status Flow::revise() {
  tell("revising", 0.95);
  json::object revision = study_document(view_);
  revision["findings"] = array_of(findings_, "findings");
  revision["paper"] = model_;
  revision["points"] = array_of(rounds_.meta, "points");
  revision["answers"] = answers_;
  AISCI_ASSIGN_OR_RETURN(const json::object revised, act("writing.revise", revision));
  model_ = object_of(revised, "paper");
  rounds_.responses = array_of(revised, "responses");
  AISCI_RETURN_IF_ERROR(recorder_.derive("paper.revised", "study", {{"responses", rounds_.responses}}));
  AISCI_RETURN_IF_ERROR(leave("reviews/meta-review.json", pretty(rounds_.meta)));
  AISCI_RETURN_IF_ERROR(leave("reviews/responses.json", pretty(rounds_.responses)));
  return print_paper(model_, "revised");
}

// reviews/rebuttal.tex and .pdf, by the paper's writer and in the same sandbox.
Status Flow::print_rebuttal() {
  const json::value* title = resolved_.if_contains("title");
  ResolvedPaper rebuttal = resolve_rebuttal(
      rounds_, view_, title && title->is_array() ? title->get_array() : json::array{}, rebuttal_context());
  if (!rebuttal.problems.empty() && !recorder_.verifying())
    return failed_precondition("the rebuttal holds what the ledger cannot prove:\n  " +
                               join(rebuttal.problems, "\n  "));
  for (const auto& problem : rebuttal.problems)
    recorder_.report({problem, "text that the ledger proves", "a text that it does not"});
  rebuttal_ = std::move(rebuttal.document);
  AISCI_ASSIGN_OR_RETURN(const auto rendered, crew_.render(rebuttal_));
  json::object build, sources;
  for (const auto& document : rendered) {
    if (document.contains("build")) build = object_of(document, "build");
    if (!document.contains("file")) continue;
    const std::string name = text_of(document, "file");
    if (name.empty() || name.find("..") != std::string::npos || name[0] == '/')
      return internal_error("the writer named a file outside the rebuttal: " + name);
    sources[name] = text_of(document, "text");
    const std::string ending = fs::path{name}.extension().string();
    if (!text_of(document, "text").empty())
      AISCI_RETURN_IF_ERROR(leave("reviews/rebuttal" + ending, text_of(document, "text")));
  }
  AISCI_ASSIGN_OR_RETURN(
      const json::object built, recorder_.outcome("rebuttal.built", "study", [&]() -> Result<json::object> {
        fs::path run;
        AISCI_ASSIGN_OR_RETURN(const RunOutcome outcome, run_through("rebuttal", [&]() -> Result<RunRequest> {
                                 AISCI_ASSIGN_OR_RETURN(
                                     RunRequest request,
                                     begin_build(build, folder_ / "rebuttal-runs", "rebuttal", "revised"));
                                 for (const auto& source : sources)
                                   AISCI_RETURN_IF_ERROR(write_below(request.folder / "job" / "sources", source.key(),
                                                                     std::string_view{source.value().as_string()}));
                                 run = request.folder;
                                 return request;
                               }));
        if (!outcome.clean()) return json::object{{"failure", describe(outcome)}, {"pdf", ""}};
        const fs::path pdf = folder_ / "reviews" / "rebuttal.pdf";
        AISCI_RETURN_IF_ERROR(copy_regular_file(run / "results" / text_of(build, "output", "paper.pdf"), pdf));
        std::error_code error;
        fs::remove_all(folder_ / "rebuttal-runs", error);
        AISCI_ASSIGN_OR_RETURN(const std::string hash, sha256_file(pdf));
        return json::object{{"failure", ""}, {"pdf", hash}};
      }));
  if (const std::string failure = text_of(built, "failure"); !failure.empty())
    degraded_.push_back("no PDF of the rebuttal: " + failure);
  return {};
}

}  // namespace aisci
