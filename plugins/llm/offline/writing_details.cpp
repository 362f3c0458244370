// What a template fixes that is no factor, as its details say it: what of it is about a study, and where it is told.
#include <algorithm>
#include <cctype>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Whether the study has every fact of the template that a sentence refers to.
bool has_facts_of(const Study& study, const std::string& sentence) {
  for (auto at = sentence.find("{{"); at != std::string::npos; at = sentence.find("{{", at + 2)) {
    const std::string body = sentence.substr(at + 2, sentence.find("}}", at) - at - 2);
    const std::string name = body.rfind("text:", 0) == 0 ? body.substr(5) : body;
    if (name.rfind("template.", 0) == 0 && !study.has_fact(name)) return false;
  }
  return true;
}

// Whether a detail is about a kind of model that the search alone ran, and no claim.
bool of_search_alone(const Study& study, const json::object& detail) {
  const std::string model = factor_with_role(study.manifest(), "model");
  const auto names_model = [&](const json::value& condition) {
    return condition.is_object() && text_of(condition.get_object(), "factor") == model;
  };
  const auto no_claim_on = [&](const json::value& condition) {
    return names_model(condition) && !study.applies_somewhere({{"applies_to", condition}}, true);
  };
  const json::value* where = find_member(detail, "applies_to");
  if (!where) return false;
  return where->is_array() ? std::any_of(where->get_array().begin(), where->get_array().end(), no_claim_on)
                           : no_claim_on(*where);
}

// Whether a detail of the template is about this study, and what it refers to is known.
bool is_told(const Study& study, const json::object& detail) {
  const std::string metric = text_of(study.scope(), "metric", text_of(study.manifest(), "metric")),
                    sentence = without_stop(text_of(detail, "text"));
  const auto metrics = texts_of(detail, "metrics");
  return !sentence.empty() && (metrics.empty() || contains(metrics, metric)) && study.applies_somewhere(detail) &&
         has_facts_of(study, sentence);
}

}  // namespace

// The details that a template has put with the data or the outcome, one after the other, each after a space.
std::string details_at(Author& author, const char* place) {
  std::string text;
  for (const auto* detail : objects_of(author.study.manifest(), "details"))
    if (text_of(*detail, "place") == place && is_told(author.study, *detail))
      text += " " + without_stop(text_of(*detail, "text")) + author.cite(texts_of(*detail, "cites")) + ".";
  return text;
}

std::vector<std::string> details_of_setup(Author& author, bool search_alone) {
  const Study& study = author.study;
  constexpr std::size_t kLongParagraph = 900, kShortParagraph = 400;  // characters
  std::vector<std::string> paragraphs;
  const json::value* before = nullptr;
  for (const auto* detail : objects_of(study.manifest(), "details")) {
    const std::string sentence = without_stop(text_of(*detail, "text"));
    if (text_of(*detail, "place").empty() && is_told(study, *detail) &&
        of_search_alone(study, *detail) == search_alone) {
      const json::value* where = find_member(*detail, "applies_to");
      const bool goes_on = where && before && *where == *before;  // on what the sentence before is on
      before = where;
      if (paragraphs.empty() || (paragraphs.back().size() > kLongParagraph && !goes_on)) paragraphs.emplace_back();
      paragraphs.back() +=
          (paragraphs.back().empty() ? "" : " ") + sentence + author.cite(texts_of(*detail, "cites")) + ".";
    }
  }
  if (paragraphs.size() > 1 && paragraphs.back().size() < kShortParagraph) {  // too little to stand alone
    const std::string last = std::move(paragraphs.back());
    paragraphs.pop_back();
    paragraphs.back() += " " + last;
  }
  return paragraphs;
}

}  // namespace aisci::offline
