#include "review_sides.hpp"

#include <algorithm>
#include <set>

#include "document.hpp"
#include "question_text.hpp"
#include "review_phrases.hpp"

namespace aisci::offline {

std::string owner(const Reference& reference) { return reference.target.substr(0, reference.target.find('.')); }

bool under_a_condition(const Sentence& sentence, const Reference& side) {
  return side.kind == "label" &&
         std::any_of(sentence.references.begin(), sentence.references.end(), [&](const Reference& other) {
           return (other.kind == "label" || other.kind == "level") && owner(other) != owner(side);
         });
}

bool outdoes(const std::string& words) {
  for (auto at = words.find(" out"); at != std::string::npos; at = words.find(" out", at + 1)) {
    const auto end = std::min(words.find_first_of(" .,;", at + 1), words.size());
    const std::string word = words.substr(at + 1, end - at - 1);
    static const std::set<std::string> kOthers = {"out",     "outcome", "outcomes", "outside", "output",
                                                  "outputs", "outlier", "outliers", "outer"};
    if (word.size() > 5 && (word.back() == 's' || word.ends_with("ed") || word.ends_with("ne")) &&
        kOthers.count(word) == 0)
      return true;
  }
  return false;
}

bool compares(const std::string& words, const char* degree) {
  const auto at = find_phrase(words, degree);
  return at != std::string::npos && find_phrase(words, "than", at) != std::string::npos;
}

std::pair<const json::object*, double> measured(const json::object& study, const Reference& a, const Reference& b) {
  const auto mean = [&](const json::object& entry, const Reference& side, bool& known) {
    const std::string id = side.target.substr(side.target.find('.') + 1);
    for (const auto& [key, arm] : object_at(entry, "evidence.arms")) {
      const std::string name{key};
      const bool this_one = side.kind == "arm" ? name == id : name == replaced(id, ".", "_");
      if (this_one && arm.is_object()) {
        known = true;
        return number_of(arm.get_object(), "mean");
      }
    }
    return 0.0;
  };
  for (const auto* entry : entries_of(study)) {
    if (a.kind == "arm" && text_of(*entry, "id") != owner(a)) continue;
    if (a.kind == "label" && text_of(object_of(*entry, "hypothesis"), "factor") != owner(a)) continue;
    bool first = false, second = false;
    const double difference = mean(*entry, a, first) - mean(*entry, b, second);
    if (first && second) return {entry, difference};
  }
  return {nullptr, 0};
}

}  // namespace aisci::offline
