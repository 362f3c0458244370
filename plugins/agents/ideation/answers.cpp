#include "answers.hpp"

#include <aisci/plugin/call.hpp>

#include <algorithm>
#include <set>

#include "kit/document.hpp"

namespace aisci::ideation {
namespace {

using namespace kit;
using plugin::Code;
using plugin::Error;

const json::object& factor_in(const json::object& manifest, std::string_view name) {
  return object_of(object_of(manifest, "factors"), name);
}

// The template's own value for a level however it is written: 0.1, "0.1", "GELU"; null when it has none.
json::value level_in(const json::object& factor, const json::value& given) {
  const std::string name = level_name(given);
  for (const auto& level : array_of(factor, "levels"))
    if (level_name(level) == name) return level;
  for (const auto& [key, label] : object_of(factor, "labels"))
    if (label.is_string() && label.get_string() == json::string_view{name.data(), name.size()})
      for (const auto& level : array_of(factor, "levels"))
        if (level_name(level) == std::string_view{key.data(), key.size()}) return level;
  return nullptr;
}

json::value level_of(const json::object& factor, const json::object& holder, const char* member) {
  const json::value* given = holder.if_contains(member);
  return given ? level_in(factor, *given) : json::value{};
}

json::object refusal(const std::string& reason, const json::object& answer) {
  return {{"answerable", false},
          {"reason", reason},
          {"can_study", array_of(answer, "can_study")},
          {"language", text_of(answer, "language", "en")}};
}

// Keeps what the template has; false with the offending entry in `wrong` otherwise.
bool check_context(const json::object& manifest, const json::object& given, const std::string& factor,
                   json::object& out, std::string& wrong) {
  for (const auto& [key, value] : given) {
    const std::string name{key};
    const json::value level = level_in(factor_in(manifest, name), value);
    if (level.is_null() || name == factor) {
      wrong = name + " = " + level_name(value);
      return false;
    }
    out[name] = level;
  }
  return true;
}

// A moderator with the template's levels; null when there is none or it is not the template's.
json::value check_moderator(const json::object& manifest, const json::object& given, const std::string& factor,
                            std::size_t least, std::size_t most) {
  const std::string name = text_of(given, "factor");
  if (given.empty() || name == factor) return nullptr;
  json::array levels;
  std::set<std::string> distinct;
  for (const auto& value : array_of(given, "levels")) {
    const json::value level = level_in(factor_in(manifest, name), value);
    if (level.is_null()) return nullptr;
    if (distinct.insert(level_name(level)).second) levels.push_back(level);
  }
  if (levels.size() < least || levels.size() > most) return nullptr;
  return json::object{{"factor", name}, {"levels", std::move(levels)}};
}

// Levels of further factors on the two sides of a comparison, with the template's values; false when one is not its.
bool check_also(const json::object& manifest, const json::object& given, json::object& out) {
  for (const auto& [key, pair] : given) {
    const auto& factor = factor_in(manifest, key);
    if (!pair.is_array() || pair.get_array().size() != 2) return false;
    json::array levels{level_in(factor, pair.get_array()[0]), level_in(factor, pair.get_array()[1])};
    if (levels[0].is_null() || levels[1].is_null()) return false;
    out[key] = std::move(levels);
  }
  return true;
}

// What the sides are called, where both have a name of their own that holds no number.
json::array check_called(const std::vector<std::string>& names) {
  constexpr std::size_t kLongest = 60;
  const bool usable =
      names.size() == 2 && names[0] != names[1] && std::all_of(names.begin(), names.end(), [](const std::string& name) {
        return !name.empty() && name.size() <= kLongest && !has_digit(name) &&
               name.find_first_of("{}") == std::string::npos;
      });
  return usable ? json::array{json::value(names[0]), json::value(names[1])} : json::array{};
}

json::array check_citations(const json::array& given, const std::vector<const json::object*>& records) {
  json::array kept;
  for (const auto& value : given) {
    if (!value.is_object()) continue;
    const std::string key = text_of(value.get_object(), "key"), support = text_of(value.get_object(), "support");
    for (const auto* record : records)
      if (text_of(*record, "key") == key && contains(texts_of(*record, "statements"), support)) {
        kept.push_back(json::object{{"key", key}, {"support", support}});
        break;
      }
  }
  return kept;
}

// An interaction's contrast is what separates the sides at its first condition less the same at its second. Turned so
// that what is predicted is positive, an estimate reads as the statement does.
void turn_to_prediction(json::object& moderator, json::object& hypothesis) {
  auto& levels = moderator["levels"].as_array();
  std::swap(levels[0], levels[1]);
  hypothesis["expected"].as_object()["direction"] = "higher";
}

// The hypothesis with the template's values, or an empty object when it is none.
json::object check_hypothesis(const json::object& manifest, const std::vector<const json::object*>& records,
                              const json::object& given) {
  const std::string factor = text_of(given, "factor"), metric = text_of(given, "metric", text_of(manifest, "metric"));
  json::object out = given;
  out["treatment"] = level_of(factor_in(manifest, factor), given, "treatment");
  out["baseline"] = level_of(factor_in(manifest, factor), given, "baseline");
  if (text_of(given, "statement").empty() || out["treatment"].is_null() || out["baseline"].is_null() ||
      out["treatment"] == out["baseline"])
    return {};
  if (!object_of(manifest, "metrics").contains(metric)) return {};
  const std::string direction = text_of(object_of(given, "expected"), "direction");
  if (direction != "higher" && direction != "lower") return {};
  json::object context;
  std::string wrong;
  if (!check_context(manifest, object_of(given, "context"), factor, context, wrong)) return {};
  json::value moderator = check_moderator(manifest, object_of(given, "moderator"), factor, 2, 2);
  if (moderator.is_null() != object_of(given, "moderator").empty()) return {};
  if (moderator.is_object()) {
    context.erase(text_of(moderator.get_object(), "factor"));
    if (direction == "lower") turn_to_prediction(moderator.get_object(), out);
  }
  json::object also;
  if (!check_also(manifest, object_of(given, "also"), also) || also.contains(factor)) return {};
  for (const auto& entry : also) context.erase(entry.key());
  if (moderator.is_object() && also.contains(text_of(moderator.get_object(), "factor"))) return {};
  static const std::vector<std::string> kRelations = {"initial",  "narrower",    "broader",   "rival", "dataset",
                                                      "ablation", "interaction", "mechanism", "dose"};
  if (!contains(kRelations, text_of(given, "relation"))) out["relation"] = "initial";
  out["kind"] = moderator.is_object() ? "interaction" : "difference";
  out["template"] = text_of(manifest, "name");
  out["metric"] = metric;
  out["context"] = std::move(context);
  out["moderator"] = moderator;
  out.erase("also");
  out.erase("called");
  if (!also.empty()) {
    json::array called = check_called(texts_of(given, "called"));
    if (called.empty()) return {};  // no label says in short what such sides are
    out["also"] = std::move(also);
    out["called"] = std::move(called);
  }
  if (out.contains("primary")) out["primary"] = flag_of(given, "primary");
  out["citations"] = check_citations(array_of(given, "citations"), records);
  if (!has(out, "population")) out["population"] = text_of(manifest, "population");
  if (!out.contains("risks")) out["risks"] = json::array{};
  const double novelty = number_of(given, "novelty", 0.5);
  out["novelty"] = novelty < 0 ? 0.0 : novelty > 1 ? 1.0 : novelty;
  return out;
}

}  // namespace

json::object checked_scope(const json::object& input, json::object answer) {
  if (!flag_of(answer, "answerable")) {
    if (text_of(answer, "reason").empty())
      throw Error{Code::kInvalidArgument, "the model refused the question without a reason"};
    return answer;
  }
  if (flag_of(input, "free") && text_of(answer, "template") == "free")
    return {{"answerable", true}, {"template", "free"}, {"restated", text_of(answer, "restated")}};
  const json::object* manifest = nullptr;
  for (const auto* candidate : objects_of(input, "templates"))
    if (text_of(*candidate, "name") == text_of(answer, "template")) manifest = candidate;
  if (!manifest) return refusal("No template is called \"" + text_of(answer, "template") + "\".", answer);
  const std::string name = text_of(answer, "factor");
  const auto& factor = factor_in(*manifest, name);
  if (factor.empty())
    return refusal("The template " + text_of(*manifest, "name") + " has no factor \"" + name + "\".", answer);
  json::array arms;
  for (const auto& given : array_of(answer, "arms")) {
    const json::value level = level_in(factor, given);
    if (level.is_null())
      return refusal("No template offers " + level_name(given) + " (" + text_of(factor, "title", name) + ").", answer);
    arms.push_back(level);
  }
  if (arms.size() < 2) arms = array_of(factor, "levels");
  json::object context;
  std::string wrong;
  if (!check_context(*manifest, object_of(answer, "context"), name, context, wrong))
    return refusal("No template offers " + wrong + ".", answer);
  if (!object_of(*manifest, "metrics").contains(text_of(answer, "metric")))
    answer["metric"] = text_of(*manifest, "metric");
  answer["arms"] = std::move(arms);
  answer["context"] = std::move(context);
  answer["moderator"] = check_moderator(*manifest, object_of(answer, "moderator"), name, 2, 100);
  for (const char* member : {"setting", "restated"})
    if (!answer.contains(member)) answer[member] = "";
  if (array_of(answer, "queries").empty())
    answer["queries"] =
        json::array{json::value(text_of(factor, "title", name)), json::value(text_of(*manifest, "title"))};
  if (!answer.contains("language")) answer["language"] = "en";
  return answer;
}

std::string comparison_of(const json::object& manifest, const json::object& hypothesis) {
  const auto level = [](const json::object& holder, std::string_view member) {
    const json::value* value = find_member(holder, member);
    return value ? level_name(*value) : std::string{};
  };
  const std::string factor = text_of(hypothesis, "factor");
  const auto& moderator = object_of(hypothesis, "moderator");
  const auto& also = object_of(hypothesis, "also");
  const bool turned = level(hypothesis, "baseline") < level(hypothesis, "treatment");
  std::set<std::string> levels{level(hypothesis, "treatment"), level(hypothesis, "baseline")}, conditions;
  for (const auto& value : array_of(moderator, "levels")) conditions.insert(level_name(value));
  std::string text = factor;
  for (const auto& name : levels) text += "|" + name;
  text += "|" + text_of(moderator, "factor");
  for (const auto& name : conditions) text += "|" + name;
  for (const auto& [key, value] : object_of(manifest, "factors")) {
    const std::string name{key};
    if (name == factor || name == text_of(moderator, "factor") || !value.is_object()) continue;
    const auto& context = object_of(hypothesis, "context");
    if (const auto& sides = array_of(also, name); sides.size() == 2) {
      const std::string one = level_name(sides[turned]), other = level_name(sides[!turned]);
      text += "|" + name + "=" + (one == other ? one : one + "/" + other);
      continue;
    }
    text += "|" + name + "=" + (context.contains(key) ? level(context, name) : level(value.get_object(), "default"));
  }
  return text;
}

json::object checked_hypotheses(const json::object& manifest, const std::vector<const json::object*>& records,
                                const std::vector<const json::object*>& tried, const json::object& answer) {
  std::set<std::string> seen;
  for (const auto* hypothesis : tried)
    seen.insert(
        comparison_of(manifest, has(*hypothesis, "hypothesis") ? object_of(*hypothesis, "hypothesis") : *hypothesis));
  json::array kept;
  const auto given = objects_of(answer, "hypotheses");
  for (const auto* hypothesis : given) {
    json::object checked = check_hypothesis(manifest, records, *hypothesis);
    if (!checked.empty() && seen.insert(comparison_of(manifest, checked)).second) kept.push_back(std::move(checked));
  }
  // Where something was tried already, nothing new is an answer: the search goes on elsewhere.
  if (kept.empty() && !given.empty() && tried.empty())
    throw Error{Code::kInvalidArgument,
                "none of the model's hypotheses compares levels of the template in a way that can be run"};
  return {{"hypotheses", std::move(kept)}};
}

}  // namespace aisci::ideation
