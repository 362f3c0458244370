#include "answers.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "kit/document.hpp"

namespace aisci::review {
namespace {

using namespace kit;

constexpr int kAcceptedFrom = 6;

void clamp_score(json::object& answer, const char* member, int highest) {
  const double score = number_of(answer, member, 1);
  answer[member] = std::clamp(static_cast<int>(std::lround(std::isfinite(score) ? score : 1.0)), 1, highest);
}

void settle_decision(json::object& answer) {
  const std::string decision = text_of(answer, "decision");
  if (decision != "accept" && decision != "reject")
    answer["decision"] = number_of(answer, "overall") >= kAcceptedFrom ? "accept" : "reject";
}

std::set<std::string> entries_of(const json::object& study) {
  std::set<std::string> entries;
  for (const char* list : {"nodes", "claims", "figures"})
    for (const auto* object : objects_of(study, list)) entries.insert(text_of(*object, "id"));
  return entries;
}

// Entry and kind made sound; an item without text is dropped.
json::array checked_items(const json::object& study, const json::array& items, bool numbered) {
  static const std::vector<std::string> kKinds = {"wording", "evidence", "experiment", "positioning"};
  const auto entries = entries_of(study);
  json::array kept;
  for (const auto& value : items) {
    if (!value.is_object() || text_of(value.get_object(), "text").empty()) continue;
    json::object item = value.get_object();
    if (entries.count(text_of(item, "entry")) == 0) item["entry"] = "";
    if (!contains(kKinds, text_of(item, "kind"))) item["kind"] = "evidence";
    if (numbered) item["id"] = "p" + std::to_string(kept.size() + 1);
    kept.push_back(std::move(item));
  }
  return kept;
}

}  // namespace

json::object checked_review(const json::object& study, json::object answer) {
  for (const char* member : {"soundness", "presentation", "contribution"}) clamp_score(answer, member, 4);
  clamp_score(answer, "overall", 10);
  clamp_score(answer, "confidence", 5);
  settle_decision(answer);
  answer["weaknesses"] = checked_items(study, array_of(answer, "weaknesses"), false);
  for (const char* member : {"strengths", "questions"})
    if (array_of(answer, member).empty()) answer[member] = json::array{};
  return answer;
}

json::object checked_meta(const json::object& study, json::object answer) {
  clamp_score(answer, "overall", 10);
  settle_decision(answer);
  answer["points"] = checked_items(study, array_of(answer, "points"), true);
  return answer;
}

}  // namespace aisci::review
