#include "review.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "document.hpp"
#include "question_text.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

using Weight = Weakness::Weight;

std::size_t count_weight(const std::vector<Weakness>& list, Weight weight) {
  return static_cast<std::size_t>(
      std::count_if(list.begin(), list.end(), [&](const Weakness& w) { return w.weight == weight; }));
}
std::size_t count_kind(const std::vector<Weakness>& list, std::string_view kind) {
  return static_cast<std::size_t>(
      std::count_if(list.begin(), list.end(), [&](const Weakness& w) { return w.kind == kind; }));
}

bool decided(const json::object& claim) {
  const std::string verdict = text_of(claim, "verdict");
  return verdict == "supported" || verdict == "refuted" || verdict == "equivalent";
}

constexpr const char* kWeights[] = {"minor", "major", "fatal"};

struct Scores {
  int soundness = 1, presentation = 1, contribution = 1, overall = 1, confidence = 1;
};

Scores scores_of(const json::object& study, const std::vector<Weakness>& weaknesses, const std::string& reviewer) {
  Scores scores;
  const std::size_t major = count_weight(weaknesses, Weight::kMajor), fatal = count_weight(weaknesses, Weight::kFatal),
                    wording = count_kind(weaknesses, "wording");
  scores.soundness = std::clamp(4 - (major >= 1) - (major >= 3) - 2 * (fatal > 0), 1, 4);
  const bool figures = !array_of(study, "figures").empty();
  scores.presentation = std::clamp(2 + (figures && wording == 0) - (wording >= 2), 1,
                                   3);  // rules cannot judge prose, so never the highest
  const auto claims = objects_of(study, "claims");
  const auto settled =
      std::count_if(claims.begin(), claims.end(), [](const json::object* claim) { return decided(*claim); });
  const auto nodes = objects_of(study, "nodes");
  const bool deep = std::any_of(nodes.begin(), nodes.end(), [](const json::object* node) {
    const std::string relation = text_of(object_of(*node, "hypothesis"), "relation");
    return text_of(*node, "state") == "done" &&
           (relation == "rival" || relation == "mechanism" || relation == "ablation");
  });
  scores.contribution =
      std::clamp(1 + (settled >= 1) + (settled >= 2 && deep), 1, 3);  // one data set is never a broad contribution
  scores.overall = scores.soundness + scores.presentation + scores.contribution - 3;
  scores.overall = std::clamp(scores.overall - (reviewer == "demanding") + (reviewer == "generous"), 1, 10);
  scores.confidence = claims.empty() ? 3 : 4;
  return scores;
}

std::vector<std::string> strengths_of(const json::object& study) {
  std::vector<std::string> strengths;
  const auto claims = objects_of(study, "claims");
  if (!claims.empty())
    strengths.emplace_back(
        "What was claimed was locked before its first confirmation trial and tested on seeds that the search never "
        "used.");
  const auto null = std::count_if(claims.begin(), claims.end(), [](const json::object* claim) {
    return text_of(*claim, "verdict") == "refuted" || text_of(*claim, "verdict") == "equivalent";
  });
  if (null > 0) strengths.emplace_back("A prediction that did not hold is reported as such.");
  strengths.emplace_back("Arms are compared within blocks that share " + terms_of(object_of(study, "template")).block +
                         ", so that what it does to both arms alike drops out.");
  std::set<std::string> relations;
  for (const auto* node : objects_of(study, "nodes"))
    if (text_of(*node, "state") == "done") relations.insert(text_of(object_of(*node, "hypothesis"), "relation"));
  if (relations.count("rival") > 0) strengths.emplace_back("A rival explanation was put to an experiment of its own.");
  if (relations.count("mechanism") > 0) strengths.emplace_back("An experiment asks where the effect arises.");
  if (relations.count("interaction") > 0)
    strengths.emplace_back(
        "Whether the effect depends on its setting was tested by a contrast of its own, not read off from two tests.");
  return strengths;
}

std::string summary_of(const json::object& study, const std::vector<Weakness>& weaknesses,
                       const std::string& reviewer) {
  const auto claims = objects_of(study, "claims");
  const auto settled = static_cast<std::size_t>(
      std::count_if(claims.begin(), claims.end(), [](const json::object* claim) { return decided(*claim); }));
  const std::string factor =
      text_of(object_of(object_at(study, "template.factors"), text_of(object_of(study, "scope"), "factor")), "title",
              "the factor in question");
  std::string text = "The paper studies the effect of the " + factor + " by paired experiments and puts " +
                     in_words(claims.size()) + (claims.size() == 1 ? " claim" : " claims") +
                     " to confirmation, of which " + in_words(settled == 0 && claims.empty() ? 0 : settled) +
                     (settled == 1 ? " is" : " are") + " decided.";
  if (!array_of(study, "responses").empty())
    text += " The authors answered the first round of reviews, and this reading comes after their answers.";
  if (weaknesses.empty()) return text + " I found nothing to object to.";
  if (reviewer == "demanding") text += " The evidence is held here against what would convince a sceptic.";
  if (reviewer == "generous") text += " The weaknesses below do not outweigh that the question is put to experiments.";
  return text;
}

// What a reviewer of this temperament raises: the generous only what is grave, the demanding experiments before words.
// What invalidates a claim is raised by each of them, however much else there is.
std::vector<Weakness> raised_by(const std::string& reviewer, std::vector<Weakness> all) {
  const std::size_t fatal = count_weight(all, Weight::kFatal);
  std::size_t most = 8;
  if (reviewer == "generous") {
    std::erase_if(all, [](const Weakness& weakness) { return weakness.weight == Weight::kMinor; });
    most = 3;
  } else if (reviewer == "demanding") {
    const auto by_experiment = [](const Weakness& weakness) {
      return weakness.kind == "experiment" || weakness.kind == "evidence";
    };
    std::stable_sort(all.begin(), all.end(), [&](const Weakness& a, const Weakness& b) {
      return a.weight != b.weight ? a.weight > b.weight : by_experiment(a) && !by_experiment(b);
    });
    most = std::max<std::size_t>(12, fatal + count_weight(all, Weight::kMajor));
  }
  most = std::max(most, fatal);
  if (all.size() > most) all.resize(most);
  return all;
}

// How much of two sentences' vocabulary is shared; different reviewers word one point differently.
double likeness(const std::string& a, const std::string& b) {
  const auto words = [](const std::string& text) {
    std::set<std::string> set;
    for (const auto& token : tokens_of(fold(text)))
      if (token.text.size() > 3) set.insert(token.text);
    return set;
  };
  const auto first = words(a), second = words(b);
  std::size_t shared = 0;
  for (const auto& word : first) shared += second.count(word);
  const std::size_t all = first.size() + second.size() - shared;
  return all == 0 ? 1.0 : static_cast<double>(shared) / static_cast<double>(all);
}

int rank_of(const std::string& kind) {
  return kind == "evidence" ? 0 : kind == "experiment" ? 1 : kind == "wording" ? 2 : 3;
}

struct Point {
  const json::object* weakness;
  int votes = 1;
};

std::vector<Point> merged(const std::vector<const json::object*>& reviews) {
  std::vector<Point> points;
  for (const auto* review : reviews)
    for (const auto* weakness : objects_of(*review, "weaknesses")) {
      const auto same = std::find_if(points.begin(), points.end(), [&](const Point& point) {
        return text_of(*point.weakness, "entry") == text_of(*weakness, "entry") &&
               text_of(*point.weakness, "kind") == text_of(*weakness, "kind") &&
               text_of(*point.weakness, "rule") == text_of(*weakness, "rule") &&
               likeness(text_of(*point.weakness, "text"), text_of(*weakness, "text")) > 0.5;
      });
      if (same != points.end())
        ++same->votes;
      else
        points.push_back({weakness});
    }
  std::stable_sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
    const bool fatal = text_of(*a.weakness, "weight") == "fatal", other = text_of(*b.weakness, "weight") == "fatal";
    if (fatal != other) return fatal;
    return a.votes != b.votes ? a.votes > b.votes
                              : rank_of(text_of(*a.weakness, "kind")) < rank_of(text_of(*b.weakness, "kind"));
  });
  const auto grave = static_cast<std::size_t>(std::count_if(
      points.begin(), points.end(), [](const Point& point) { return text_of(*point.weakness, "weight") == "fatal"; }));
  if (points.size() > std::max<std::size_t>(8, grave)) points.resize(std::max<std::size_t>(8, grave));
  return points;
}

}  // namespace

json::object review_review(const json::object& input) {
  const std::string reviewer = text_of(input, "reviewer", "careful");
  const auto all = weaknesses_of(input);
  const auto raised = raised_by(reviewer, all);
  const Scores scores = scores_of(input, all, reviewer);
  json::array weaknesses, questions, strengths;
  for (const auto& weakness : raised) {
    weaknesses.push_back(json::object{{"text", weakness.text},
                                      {"entry", weakness.entry},
                                      {"kind", weakness.kind},
                                      {"weight", kWeights[static_cast<int>(weakness.weight)]},
                                      {"rule", weakness.rule}});
    if (!weakness.question.empty() && questions.size() < 4) questions.emplace_back(weakness.question);
  }
  for (const auto& strength : strengths_of(input)) strengths.emplace_back(strength);
  return {{"summary", summary_of(input, raised, reviewer)},
          {"strengths", std::move(strengths)},
          {"weaknesses", std::move(weaknesses)},
          {"questions", std::move(questions)},
          {"soundness", scores.soundness},
          {"presentation", scores.presentation},
          {"contribution", scores.contribution},
          {"overall", scores.overall},
          {"confidence", scores.confidence},
          {"decision", scores.overall >= 6 ? "accept" : "reject"}};
}

// "three points, all raised by more than one of them"
std::string counted_points(std::size_t points, std::size_t shared) {
  return in_words(points) + (points == 1 ? " point" : " points") +
         (shared == 0        ? points == 1 ? ", raised by one of them" : ", each raised by one of them"
          : shared == points ? points == 1   ? ", raised by more than one of them"
                               : points == 2 ? ", both raised by more than one of them"
                                             : ", all raised by more than one of them"
                             : ", " + in_words(shared) + " of them raised by more than one reviewer");
}

json::object review_meta(const json::object& input) {
  const auto reviews = objects_of(input, "reviews");
  double sum = 0;
  std::size_t accepting = 0;
  for (const auto* review : reviews) {
    sum += number_of(*review, "overall", 1);
    accepting += text_of(*review, "decision") == "accept";
  }
  json::array points;
  std::size_t shared = 0;
  for (const auto& point : merged(reviews)) {
    shared += point.votes > 1;
    points.push_back(json::object{{"id", "p" + std::to_string(points.size() + 1)},
                                  {"text", text_of(*point.weakness, "text")},
                                  {"kind", text_of(*point.weakness, "kind")},
                                  {"entry", text_of(*point.weakness, "entry")},
                                  {"weight", text_of(*point.weakness, "weight", "major")},
                                  {"rule", text_of(*point.weakness, "rule")}});
  }
  const double mean = reviews.empty() ? 1 : sum / static_cast<double>(reviews.size());
  std::string summary = capitalised(in_words(reviews.size())) + " reviewers read the draft; " +
                        (accepting == 0 ? "none" : in_words(accepting)) + " would accept it. ";
  summary += points.empty() ? "They raise nothing that asks for a change."
                            : "They raise " + counted_points(points.size(), shared) + ".";
  return {{"summary", summary},
          {"overall", std::clamp(static_cast<int>(std::lround(mean)), 1, 10)},
          {"decision", 2 * accepting > reviews.size() ? "accept" : "reject"},
          {"points", std::move(points)}};
}

}  // namespace aisci::offline
