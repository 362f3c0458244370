#include "details.hpp"

#include "kit/document.hpp"

namespace aisci::design {
namespace {

using namespace kit;

bool has_level(const json::object& manifest, const std::string& factor, const std::string& level) {
  for (const auto& one : array_of(object_of(object_of(manifest, "factors"), factor), "levels"))
    if (level_name(one) == level) return true;
  return false;
}

// Whether a study on this template has the fact: those that it states, and those of its data set.
bool has_fact(const json::object& manifest, const std::string& name) {
  const auto& dataset = object_of(manifest, "dataset");
  for (const char* given : {"examples", "classes", "file", "target", "sha256"})
    if (name == given) return has(dataset, given);
  return has(object_of(dataset, "splits"), name) || !object_of(object_of(manifest, "facts"), name).empty();
}

class Checker {
 public:
  explicit Checker(const json::object& manifest) : manifest_{manifest} {}

  std::vector<std::string> run() {
    for (const auto& [name, value] : object_of(manifest_, "facts"))
      if (value.is_object()) condition(value.get_object(), "facts." + std::string{name});
    for (const auto& [name, value] : object_of(manifest_, "factors"))
      if (value.is_object())
        for (const char* member : {"picked_with", "rivals_even_with"})
          for (const auto* setting : objects_of(value.get_object(), member)) {
            const json::value* level = find_member(*setting, "level");
            if (!level || !has_level(manifest_, text_of(*setting, "factor"), level_name(*level)))
              wrong("factors." + std::string{name} + "." + member + " names no level of a factor that there is");
          }
    for (const auto& [name, value] : object_of(manifest_, "factors"))
      for (const auto& level : value.is_object() ? array_of(value.get_object(), "rivals") : json::array{})
        if (!has_level(manifest_, name, level_name(level)))
          wrong("factors." + std::string{name} + ".rivals names " + level_name(level) + ", which is no level of it");
    const json::value* details = find_member(manifest_, "details");
    if (details && !details->is_array()) wrong("`details` is no list");
    std::size_t number = 0;
    for (const auto& value : array_of(manifest_, "details")) {
      const std::string place = "details[" + std::to_string(number++) + "]";
      if (!value.is_object() || text_of(value.get_object(), "text").empty()) {
        wrong(place + " has no `text`");
        continue;
      }
      sentence(text_of(value.get_object(), "text"), place);
      condition(value.get_object(), place);
      for (const char* list : {"metrics", "figures", "cites"})
        if (has(value.get_object(), list) && texts_of(value.get_object(), list).empty())
          wrong(place + "." + list + " is no list of " + (list == std::string_view{"cites"} ? "records' keys" : list));
      if (const std::string at = text_of(value.get_object(), "place");
          has(value.get_object(), "place") && at != "data" && at != "outcome")
        wrong(place + ".place is neither data nor outcome");
      if (has(value.get_object(), "least_classes") && number_of(value.get_object(), "least_classes") < 2)
        wrong(place + ".least_classes is no number from two on");
    }
    number = 0;
    for (const auto& value : array_of(object_of(manifest_, "terms"), "block")) {
      const std::string place = "terms.block[" + std::to_string(number++) + "]";
      if (value.is_object()) condition(value.get_object(), place);
      if (!value.is_string() && (!value.is_object() || text_of(value.get_object(), "text").empty()))
        wrong(place + " is neither a text nor has one");
    }
    return std::move(problems_);
  }

 private:
  void wrong(const std::string& what) { problems_.push_back(what); }

  // A digit by hand would be a number that nothing printed, and a reference to nothing ends the paper.
  void sentence(const std::string& text, const std::string& place) {
    std::string literal;
    for (std::size_t at = 0; at < text.size();) {
      const auto begin = std::min(text.find("{{", at), text.size());
      literal += text.substr(at, begin - at);
      const auto end = text.find("}}", begin);
      if (begin < text.size() && end == std::string::npos) return wrong(place + ": a reference is not closed");
      if (begin < text.size()) reference(text.substr(begin + 2, end - begin - 2), place);
      at = begin < text.size() ? end + 2 : begin;
    }
    if (has_digit(literal)) wrong(place + " has a digit; refer to a fact, or write numbers as words: \"" + text + "\"");
    if (literal.find_first_of("{}") != std::string::npos) wrong(place + " has a brace that opens no reference");
  }

  void reference(const std::string& body, const std::string& place) {
    constexpr std::string_view kFact = "template.";
    const auto colon = body.find(':'), point = body.find('.');
    const std::string kind = body.substr(0, std::min(colon, body.size()));
    const std::string name = kind == "text" ? body.substr(colon + 1) : body;
    bool known = false;
    if ((colon == std::string::npos || kind == "text") && name.rfind(kFact, 0) == 0) {
      known = has_fact(manifest_, name.substr(kFact.size()));
      const bool text = text_of(object_of(object_of(manifest_, "facts"), name.substr(kFact.size())), "kind") == "text";
      // Printed as a value, a text would be a line that cannot break.
      if (known && text != (kind == "text"))
        return wrong(place + ": {{" + body + "}} is " + (text ? "a text, so write {{text:" : "no text, so write {{") +
                     name + "}}");
    } else if ((kind == "level" || kind == "label") && point != std::string::npos && colon < point)
      known = has_level(manifest_, body.substr(colon + 1, point - colon - 1), body.substr(point + 1));
    if (!known)
      wrong(place + ": {{" + body +
            "}} is none of {{template.FACT}}, {{text:template.FACT}}, {{level:FACTOR.LEVEL}} and "
            "{{label:FACTOR.LEVEL}} that there are");
  }

  void condition(const json::object& owner, const std::string& place) {
    const json::value* given = find_member(owner, "applies_to");
    if (!given) return;
    std::vector<const json::object*> conditions = objects_of(owner, "applies_to");
    if (given->is_object()) conditions.push_back(&given->get_object());
    if (conditions.empty()) wrong(place + ".applies_to is neither a condition nor a list of them");
    for (const auto* needs : conditions) {
      const std::string factor = text_of(*needs, "factor");
      if (!object_of(manifest_, "factors").contains(factor))
        wrong(place + ".applies_to names the factor \"" + factor + "\", which there is not");
      else if (array_of(*needs, "levels").empty())
        wrong(place + ".applies_to names no `levels` of " + factor);
      else
        for (const auto& level : array_of(*needs, "levels"))
          if (!has_level(manifest_, factor, level_name(level)))
            wrong(place + ".applies_to names \"" + level_name(level) + "\", which is no level of " + factor);
    }
  }

  const json::object& manifest_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> detail_problems(const json::object& manifest) { return Checker{manifest}.run(); }

}  // namespace aisci::design
