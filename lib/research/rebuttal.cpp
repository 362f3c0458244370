#include "research/rebuttal.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"

namespace aisci {
namespace {

json::array text_piece(std::string text) { return {json::object{{"text", std::move(text)}}}; }
json::object value_piece(double value, const std::string& fact) { return {{"value", fixed(value, 0)}, {"fact", fact}}; }

// Whether a review has a weakness in the words of `point`, at the same entry.
bool raises(const json::object& review, const json::object& point) {
  const auto& weaknesses = array_of(review, "weaknesses");
  return std::any_of(weaknesses.begin(), weaknesses.end(), [&](const json::value& weakness) {
    return weakness.is_object() && text_of(weakness.get_object(), "text") == text_of(point, "text") &&
           text_of(weakness.get_object(), "entry") == text_of(point, "entry");
  });
}
bool raises(const std::vector<json::object>& reviews, const json::object& point) {
  return std::any_of(reviews.begin(), reviews.end(), [&](const auto& review) { return raises(review, point); });
}

class Rebuttal {
 public:
  Rebuttal(const ReviewRounds& rounds, const StudyView& study, PaperContext context)
      : rounds_{rounds}, study_{study}, context_{std::move(context)} {
    context_.referents.tables = {{"scores", 1}};
    for (const auto& response : rounds.responses)
      if (response.is_object()) answers_[text_of(response.get_object(), "point")] = &response.get_object();
  }

  ResolvedPaper run(const json::array& title) {
    json::object& out = paper_.document;
    out["$schema"] = "aisci/resolved-paper/1";
    out["title"] = text_piece("Answer to the reviews of: ");
    for (const auto& piece : title) out["title"].as_array().push_back(piece);
    out["abstract"] = text_piece(opening());
    json::array sections;
    for (const auto& point : array_of(rounds_.meta, "points"))
      if (point.is_object()) sections.push_back(section(point.get_object()));
    sections.push_back(scores());
    out["sections"] = std::move(sections);
    out["appendix"] = json::array{};
    out["figures"] = json::object{};
    out["references"] = json::array{};
    out["author"] = context_.author;
    out["responsible"] = context_.responsible;
    out["statement"] = context_.statement;
    out["head"] = "";
    return std::move(paper_);
  }

 private:
  std::string opening() const {
    const std::string reviewers = "The reviewers are profiles by which aisci reads a paper, not people. ";
    if (array_of(rounds_.meta, "points").empty())
      return reviewers + "Their reviews raise no point that asks for an answer.";
    const std::string ways = ways_of_answering();
    return reviewers + text_of(rounds_.meta, "summary") +
           " Each point is answered below, in the order in which the reviews were merged" +
           (ways.empty() ? "" : ": " + ways) + ".";
  }

  // "point 1 by an experiment; points 2 and 3 by a concession"
  std::string ways_of_answering() const {
    std::map<std::string, std::vector<std::string>> closed;  // action -> points, in their order
    for (const auto& point : array_of(rounds_.meta, "points")) {
      if (!point.is_object()) continue;
      if (const auto answer = answers_.find(text_of(point.get_object(), "id")); answer != answers_.end())
        closed[text_of(*answer->second, "action")].push_back(answer->first.substr(1));
    }
    std::vector<std::string> ways;
    for (const auto& [action, how] :
         {std::pair{"experiment", "by an experiment"}, std::pair{"text", "by a change of the text"},
          std::pair{"answer", "from what the text says"}, std::pair{"concession", "by a concession"}}) {
      std::vector<std::string> points = closed[action];
      if (points.empty()) continue;
      if (points.size() == answers_.size()) return (points.size() == 1 ? "" : "each ") + std::string{how};
      const std::string last = points.back();
      points.pop_back();
      ways.push_back((points.empty() ? "point " : "points " + join(points, ", ") + " and ") + last + " " + how);
    }
    return join(ways, "; ");
  }

  bool is_claim(const std::string& entry) const {
    return std::any_of(study_.claims.begin(), study_.claims.end(), [&](const Claim& one) { return one.id == entry; });
  }

  json::array prose(const std::string& text, const std::string& place) {
    return to_json(resolve(text, context_.referents, place, paper_.problems));
  }
  static json::object paragraph(json::array pieces) { return {{"type", "paragraph"}, {"text", std::move(pieces)}}; }

  json::object section(const json::object& point) {
    const std::string id = text_of(point, "id"), entry = text_of(point, "entry");
    json::array blocks;
    std::string who;
    for (const auto& review : rounds_.before)
      if (raises(review, point)) who += (who.empty() ? "" : ", ") + text_of(review, "reviewer");
    blocks.push_back(paragraph(
        text_piece("Raised" + (who.empty() ? std::string{} : " (" + who + ")") + ": " + text_of(point, "text"))));
    if (const auto answer = answers_.find(id); answer != answers_.end())
      tell_answer(id, *answer->second, blocks);
    else
      paper_.problems.push_back("rebuttal: point " + id + " has no answer");
    return {{"id", "point-" + id},
            {"title",
             text_piece("Point " + id.substr(1) + ", raised at " +
                        (entry.empty() ? "the study as a whole" : (is_claim(entry) ? "claim " : "node ") + entry))},
            {"blocks", std::move(blocks)}};
  }

  // What was done and the answer, with what a run for the point gave; of one in the same words as before, where they
  // are.
  void tell_answer(const std::string& id, const json::object& answer, json::array& blocks) {
    const std::string action = text_of(answer, "action"), node = text_of(answer, "node"),
                      text = text_of(answer, "text");
    const auto [first, fresh] = answered_.emplace(action + " " + text, id);
    if (!fresh && node.empty())
      return blocks.push_back(paragraph(text_piece("Answered as point " + first->second.substr(1) + " is.")));
    const char* done = action == "experiment"           ? "Answered by an experiment. "
                       : action == "answer"             ? "Answered from what the text says. "
                       : action == "text"               ? "Answered by a change of the text. "
                       : text.rfind("Conceded", 0) == 0 ? ""
                                                        : "Conceded. ";
    json::array pieces = *done ? text_piece(done) : json::array{};
    for (auto& piece : prose(text, "rebuttal " + id)) pieces.push_back(std::move(piece));
    blocks.push_back(paragraph(std::move(pieces)));
    if (!node.empty()) blocks.push_back(paragraph(evidence(node, id)));
  }

  // What the run that answers a point gave, from the record.
  json::array evidence(const std::string& id, const std::string& point) {
    for (const auto& node : study_.nodes) {
      if (node.id != id) continue;
      if (!node.evidence) return text_piece("The experiment, " + id + ", gave no evidence: " + node.failure);
      const bool pair = node.plan.contrast.arms_in_order.size() == 2;
      std::string sides;
      for (const auto& arm : node.plan.contrast.arms_in_order)
        sides += (sides.empty() ? "" : pair ? " minus " : ", ") + ("{{arm:" + id + "." + arm + "}}");
      return prose("The experiment is {{" + id + ".name}}, " +
                       (node.late ? "run for this point after the confirmation, and exploratory"
                                  : "of the search and exploratory like all of it") +
                       std::string{": "} +
                       (pair ? sides + " came to {{" : "for " + sides + ", first named first, the contrast was {{") +
                       id + ".contrast.mean}} ({{protocol.confidence}} interval {{value:" + id +
                       ".contrast.lower|short}} to {{value:" + id + ".contrast.upper|short}}) over {{" + id +
                       ".n}} blocks.",
                   "rebuttal " + point);
    }
    paper_.problems.push_back("rebuttal: point " + point + " is answered by " + id + ", which is no node");
    return text_piece("");
  }

  // Which points the second reading holds, too, by whom, and what it has that the first had not.
  std::string raised_again() const {
    std::vector<std::string> again, gone;
    for (const auto& point : array_of(rounds_.meta, "points")) {
      if (!point.is_object()) continue;
      std::vector<std::string> who;
      for (const auto& review : rounds_.after)
        if (raises(review, point.get_object())) who.push_back(text_of(review, "reviewer"));
      const std::string named = "point " + text_of(point.get_object(), "id").substr(1);
      who.empty() ? gone.push_back(named) : again.push_back(named + " (" + join(who, ", ") + ")");
    }
    std::set<std::pair<std::string, std::string>> fresh;
    for (const auto& review : rounds_.after)
      for (const auto& weakness : array_of(review, "weaknesses"))
        if (weakness.is_object() && !raises(rounds_.before, weakness.get_object()))
          fresh.emplace(text_of(weakness.get_object(), "entry"), text_of(weakness.get_object(), "text"));
    std::string text;
    if (!again.empty()) text = "Raised once more in the second reading: " + join(again, "; ") + ".";
    if (!gone.empty()) text += (text.empty() ? "" : " ") + std::string{"Raised no longer: "} + join(gone, ", ") + ".";
    for (const auto& [entry, weakness] : fresh)
      text += (text.empty() ? "" : " ") + std::string{"New in it"} + (entry.empty() ? "" : ", at " + entry) + ": " +
              weakness;
    return text;
  }

  json::object scores() {
    json::array rows;
    for (const auto& before : rounds_.before) {
      const std::string reviewer = text_of(before, "reviewer");
      for (const auto& after : rounds_.after) {
        if (text_of(after, "reviewer") != reviewer) continue;
        rows.push_back(json::array{text_piece(reviewer),
                                   json::array{value_piece(number_of(before, "overall"), "review.draft." + reviewer)},
                                   text_piece(text_of(before, "decision")),
                                   json::array{value_piece(number_of(after, "overall"), "review.revised." + reviewer)},
                                   text_piece(text_of(after, "decision"))});
      }
    }
    json::array columns;
    columns.push_back(text_piece("Reviewer"));
    for (const char* round : {rounds_.changed ? "Draft" : "First", rounds_.changed ? "Revised" : "Second"})
      for (const char* what : {": score", ": decision"}) columns.push_back(text_piece(std::string{round} + what));
    const auto runs = std::count_if(answers_.begin(), answers_.end(),
                                    [](const auto& answer) { return !text_of(*answer.second, "node").empty(); });
    const std::string read =
        rounds_.changed
            ? std::string{"The reviewers read the revised paper with these answers"} +
                  (runs == 0   ? " before them; no answer led to a run."
                   : runs == 1 ? " and the evidence of the new run before them."
                               : " and the evidence of the new runs before them.")
            : "No answer changed the paper or led to a run: the second reading is of the same text, with these answers "
              "beside it.";
    json::array blocks{paragraph(
        prose(read + " {{table:scores}} has the score and decision of each reviewer at both readings.", "rebuttal"))};
    if (const std::string again = raised_again(); !again.empty()) blocks.push_back(paragraph(text_piece(again)));
    blocks.push_back(json::object{
        {"type", "table"},
        {"id", "scores"},
        {"number", 1},
        {"caption", text_piece(std::string{"Overall scores, from one to ten, and decisions, "} +
                               (rounds_.changed ? "of the draft and of the revised paper."
                                                : "at the first reading and at the second, of the same paper."))},
        {"columns", std::move(columns)},
        {"rows", std::move(rows)}});
    return {{"id", "rounds"}, {"title", text_piece("Before and after")}, {"blocks", std::move(blocks)}};
  }

  const ReviewRounds& rounds_;
  const StudyView& study_;
  PaperContext context_;
  std::map<std::string, const json::object*> answers_;
  std::map<std::string, std::string> answered_;  // in which words -> the first point
  ResolvedPaper paper_;
};

}  // namespace

ResolvedPaper resolve_rebuttal(const ReviewRounds& rounds, const StudyView& study, const json::array& title,
                               PaperContext context) {
  return Rebuttal{rounds, study, std::move(context)}.run(title);
}

}  // namespace aisci
