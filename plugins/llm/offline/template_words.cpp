#include "template_words.hpp"

#include <algorithm>

#include "document.hpp"

namespace aisci::offline {
namespace {

const json::object& factor_named(const json::object& manifest, const std::string& name) {
  return object_of(object_of(manifest, "factors"), name);
}

bool any_role(const json::object& manifest) {
  const auto& factors = object_of(manifest, "factors");
  return std::any_of(factors.begin(), factors.end(), [](const auto& entry) {
    return entry.value().is_object() && has(entry.value().get_object(), "role");
  });
}

std::string usual_name(const json::object& manifest, std::string_view role) {
  if (role == "data") {
    const auto settings = objects_of(manifest, "settings");
    return settings.empty() ? std::string{} : text_of(*settings.front(), "factor");
  }
  static const std::pair<std::string_view, const char*> kNames[] = {{"model", "model"},
                                                                    {"tuning", "learning_rate"},
                                                                    {"mechanism", "depth"},
                                                                    {"capacity", "width"},
                                                                    {"component", "normalisation"}};
  for (const auto& [known, name] : kNames)
    if (known == role && object_of(manifest, "factors").contains(name)) return name;
  return {};
}

}  // namespace

std::string what_a_seed_fixes(const json::object& manifest, const std::function<bool(const json::object&)>& acting) {
  std::vector<std::string> parts;
  for (const auto& part : array_of(object_of(manifest, "terms"), "block"))
    if (part.is_string())
      parts.emplace_back(part.get_string());
    else if (part.is_object() && acting && acting(part.get_object()))
      parts.push_back(text_of(part.get_object(), "text"));
  return listed(parts);
}

Terms terms_of(const json::object& manifest) {
  const auto& given = object_of(manifest, "terms");
  const std::string parts = what_a_seed_fixes(manifest, {});
  const auto term = [&](const char* name, const char* otherwise) { return text_of(given, name, otherwise); };
  return {
      term("subject", "network"),
      term("subjects", "networks"),
      term("example", "example"),
      term("examples", "examples"),
      term("trained", "trained"),
      parts.empty() ? term("block", "the training subset, the initial weights and the order of the batches") : parts};
}

std::string factor_with_role(const json::object& manifest, std::string_view role) {
  if (!any_role(manifest)) return usual_name(manifest, role);
  for (const auto& [name, value] : object_of(manifest, "factors"))
    if (value.is_object() && text_of(value.get_object(), "role") == role) return std::string{name};
  return {};
}

bool has_role(const json::object& manifest, const std::string& factor, std::string_view role) {
  if (factor.empty()) return false;
  if (any_role(manifest)) return text_of(factor_named(manifest, factor), "role") == role;
  return usual_name(manifest, role) == factor;
}

std::string expects(const json::object& manifest, const std::string& factor) {
  const std::string said = text_of(factor_named(manifest, factor), "expects");
  if (!said.empty()) return said;
  for (const char* role : {"data", "capacity", "mechanism"})
    if (has_role(manifest, factor, role)) return "more";
  const auto& levels = array_of(factor_named(manifest, factor), "levels");
  return !levels.empty() && level_name(levels.front()) == "0" ? "moderate" : "";
}

bool same_family(const json::object& manifest, const std::string& one, const std::string& other) {
  const std::string family = text_of(factor_named(manifest, one), "family");
  return !family.empty() && family == text_of(factor_named(manifest, other), "family");
}

std::string reason_of(const json::object& manifest, const std::string& factor, const char* which,
                      const std::string& otherwise) {
  const std::string said = text_of(object_of(factor_named(manifest, factor), "reasons"), which);
  return said.empty() || has_digit(said) ? otherwise : without_stop(said) + ".";
}

bool acts(const json::object& manifest, const std::string& factor, const json::object& levels) {
  const auto& own = object_of(manifest, "factors").contains(factor) ? factor_named(manifest, factor)
                                                                    : object_of(object_of(manifest, "facts"), factor);
  return applies(manifest, own, levels);
}

// {"factor": "model", "levels": ["forest"]}, of levels that are the defaults where they are not given.
bool holds(const json::object& manifest, const json::object& condition, const json::object& levels) {
  const std::string other = text_of(condition, "factor");
  const json::value* level = levels.if_contains(other);
  if (!level) level = find_member(factor_named(manifest, other), "default");
  const auto& with = array_of(condition, "levels");
  return level && std::any_of(with.begin(), with.end(),
                              [&](const json::value& one) { return level_name(one) == level_name(*level); });
}

bool applies(const json::object& manifest, const json::object& owner, const json::object& levels) {
  std::vector<const json::object*> conditions = objects_of(owner, "applies_to");
  if (const auto& one = object_of(owner, "applies_to"); !one.empty()) conditions.push_back(&one);
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const json::object* needs) { return holds(manifest, *needs, levels); });
}

bool idle(const json::object& manifest, const std::string& factor, const json::object& levels) {
  const auto& with = object_of(factor_named(manifest, factor), "idle_with");
  return !with.empty() && holds(manifest, with, levels);
}

std::string article(const std::string& word) {
  if (word.empty()) return "a";
  const bool spelled = word.size() >= 2 && word[0] >= 'A' && word[0] <= 'Z' && word[1] >= 'A' && word[1] <= 'Z';
  const std::string vowels = spelled ? "AEFHILMNORSX" : "AEIOaeio";
  return vowels.find(word[0]) == std::string::npos ? "a" : "an";
}

bool can_be_guessed(const json::object& metric) {
  return text_of(metric, "scored_by") != "program" || has(metric, "measured_on");
}

}  // namespace aisci::offline
