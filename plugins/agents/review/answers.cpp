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

// Whether "first, second|text", as it stands in a citation, names the key.
bool names(std::string_view cited, std::string_view key) {
  cited = cited.substr(0, cited.find('|'));
  for (;;) {
    const auto comma = cited.find(',');
    std::string_view one = cited.substr(0, comma);
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    one = one.substr(0, one.find_last_not_of(' ') + 1);
    if (one == key) return true;
    if (comma == std::string_view::npos) return false;
    cited.remove_prefix(comma + 1);
  }
}

// Whether any text below holds a citation of the key.
bool cites(const json::value& value, std::string_view key) {
  if (value.is_string()) {
    constexpr std::string_view kOpen = "{{cite:";
    const std::string_view text{value.get_string().data(), value.get_string().size()};
    for (auto at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen, at + 1)) {
      const auto begin = at + kOpen.size(), end = std::min(text.find("}}", begin), text.size());
      if (names(text.substr(begin, end - begin), key)) return true;
    }
    return false;
  }
  if (const auto* object = value.if_object())
    return std::any_of(object->begin(), object->end(), [&](const auto& entry) { return cites(entry.value(), key); });
  if (const auto* array = value.if_array())
    return std::any_of(array->begin(), array->end(), [&](const auto& item) { return cites(item, key); });
  return false;
}

std::set<std::string> entries_of(const json::object& study) {
  std::set<std::string> entries;
  for (const char* list : {"nodes", "claims", "figures"})
    for (const auto* object : objects_of(study, list)) entries.insert(text_of(*object, "id"));
  for (const char* list : {"literature", "set_aside"})
    for (const auto* record : objects_of(study, list)) entries.insert(text_of(*record, "key"));
  for (const auto* citation : objects_of(object_of(study, "paper"), "citations"))
    entries.insert(text_of(*citation, "key"));
  for (const char* part : {"sections", "appendix"})
    for (const auto* section : objects_of(object_of(study, "paper"), part))
      for (const auto* block : objects_of(*section, "blocks"))
        if (text_of(*block, "type") == "table") entries.insert(text_of(*block, "id"));
  return entries;
}

// "n1/t003" for a node or claim that is there, or the key of a work that the text cites, retrieved or not.
bool points_somewhere(const json::object& study, const std::set<std::string>& entries, const std::string& entry) {
  if (entries.count(entry) > 0) return true;
  const auto slash = entry.find("/t");
  if (slash != std::string::npos) return entries.count(entry.substr(0, slash)) > 0;
  const json::value* paper = find_member(study, "paper");
  return !entry.empty() && paper && cites(*paper, entry);
}

// Entry, kind and weight made sound; an item without text is dropped.
json::array checked_items(const json::object& study, const json::array& items, bool numbered) {
  static const std::vector<std::string> kKinds = {"wording", "evidence", "experiment", "positioning"};
  static const std::vector<std::string> kWeights = {"minor", "major", "fatal"};
  const auto entries = entries_of(study);
  json::array kept;
  for (const auto& value : items) {
    if (!value.is_object() || text_of(value.get_object(), "text").empty()) continue;
    json::object item = value.get_object();
    if (!points_somewhere(study, entries, text_of(item, "entry"))) item["entry"] = "";
    if (!contains(kKinds, text_of(item, "kind"))) item["kind"] = "evidence";
    if (has(item, "weight") && !contains(kWeights, text_of(item, "weight"))) item["weight"] = "major";
    if (numbered) item["id"] = "p" + std::to_string(kept.size() + 1);
    kept.push_back(std::move(item));
  }
  return kept;
}

bool decided(const json::object& study) {
  for (const auto* claim : objects_of(study, "claims")) {
    const std::string verdict = text_of(*claim, "verdict");
    if (verdict == "supported" || verdict == "refuted" || verdict == "equivalent") return true;
  }
  return false;
}

void lower(json::object& answer, const char* member, const json::object& limit) {
  if (has(limit, member) && number_of(answer, member) > number_of(limit, member))
    answer[member] = static_cast<int>(number_of(limit, member));
}

// What the anchors allow a review with these weaknesses.
void bound(const json::object& study, json::object& answer) {
  double fatal = 0, majors = 0;
  for (const auto* weakness : objects_of(answer, "weaknesses")) {
    fatal += text_of(*weakness, "weight") == "fatal";
    majors += text_of(*weakness, "weight") == "fatal" || text_of(*weakness, "weight") == "major";
  }
  for (const auto* limit : objects_of(object_of(study, "anchors"), "limits")) {
    const std::string when = text_of(*limit, "when");
    if (!((when == "fatal" && fatal > 0) || (when == "majors" && majors >= number_of(*limit, "count", 1)) ||
          (when == "undecided" && !decided(study))))
      continue;
    lower(answer, "overall", *limit);
    lower(answer, "soundness", *limit);
    if (number_of(answer, "overall") < kAcceptedFrom) answer["decision"] = "reject";
  }
}

}  // namespace

json::object checked_review(const json::object& study, json::object answer) {
  for (const char* member : {"soundness", "presentation", "contribution"}) clamp_score(answer, member, 4);
  clamp_score(answer, "overall", 10);
  clamp_score(answer, "confidence", 5);
  settle_decision(answer);
  answer["weaknesses"] = checked_items(study, array_of(answer, "weaknesses"), false);
  bound(study, answer);
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
