#include "assembly.hpp"

#include <aisci/plugin/call.hpp>

#include <cmath>

#include "kit/document.hpp"

namespace aisci::design {
namespace {

using namespace kit;

[[noreturn]] void reject(const std::string& what) { throw plugin::Error{plugin::Code::kInvalidArgument, what}; }

constexpr double kFewestBlocks = 5;
constexpr double kSlopeAtFourFifths = 0.8 * 0.2;  // of p against its logit

const json::object& factor_in(const json::object& manifest, std::string_view name) {
  return object_of(object_of(manifest, "factors"), name);
}

json::value level_in(const json::object& manifest, const std::string& name, const json::value* given) {
  const auto& factor = factor_in(manifest, name);
  if (factor.empty()) reject("the template has no factor \"" + name + "\"");
  if (given)
    for (const auto& level : array_of(factor, "levels"))
      if (level_name(level) == level_name(*given)) return level;
  reject(text_of(factor, "title", name) + " has no level \"" + (given ? level_name(*given) : std::string{}) + "\"");
}

std::string label_of(const json::object& manifest, const std::string& name, const json::value& level) {
  const auto& factor = factor_in(manifest, name);
  const auto& labels = object_of(factor, "labels");
  const std::string plain = level_name(level);
  for (const std::string& key : {plain, plain + ".0"})  // 0.0 as people write it
    if (labels.contains(key)) return text_of(labels, key);
  if (!is_number(level)) return plain;
  constexpr std::string_view kNumberOf = "number of ";
  const std::string title = text_of(factor, "title", name);
  return title.rfind(kNumberOf, 0) == 0 ? plain + " " + title.substr(kNumberOf.size()) : title + " " + plain;
}

// Every factor has a value: the template's default, or what the hypothesis fixes.
json::object configuration(const json::object& manifest, const json::object& hypothesis) {
  json::object config;
  const auto& context = object_of(hypothesis, "context");
  for (const auto& [key, value] : object_of(manifest, "factors")) {
    if (!value.is_object()) continue;
    const json::value* fixed = context.if_contains(key);
    if (!fixed) fixed = value.get_object().if_contains("default");
    config[key] = level_in(manifest, std::string{key}, fixed);
  }
  for (const auto* set : {&context, &object_of(hypothesis, "also")})
    for (const auto& [key, value] : *set)
      if (!config.contains(key)) reject("the template has no factor \"" + std::string{key} + "\"");
  return config;
}

double seconds_of(const json::object& manifest, const json::object& config) {
  const auto& cost = object_of(manifest, "cost");
  double seconds = number_of(cost, "seconds_per_trial", 1.0);
  for (const auto& [factor, levels] : object_of(cost, "by_level")) {
    const json::value* level = config.if_contains(factor);
    if (level && levels.is_object()) seconds = number_of(levels.get_object(), level_name(*level), seconds);
  }
  return seconds;
}

// One side of the comparison: the level of its factor, and those of the further factors that it sets.
struct Side {
  std::string id, label;
  json::object levels;
};

Side side_of(const json::object& manifest, const json::object& hypothesis, bool treatment) {
  const std::string factor = text_of(hypothesis, "factor");
  const json::value level = level_in(manifest, factor, hypothesis.if_contains(treatment ? "treatment" : "baseline"));
  Side side{arm_id(level), label_of(manifest, factor, level), {{factor, level}}};
  for (const auto& [key, pair] : object_of(hypothesis, "also")) {
    const std::string name{key};
    if (name == factor || !pair.is_array() || pair.get_array().size() != 2)
      reject("\"also\" holds two levels of each further factor, the treatment's and the baseline's");
    side.levels[name] = level_in(manifest, name, &pair.get_array()[treatment ? 0 : 1]);
  }
  if (side.levels.size() == 1) return side;
  const auto called = texts_of(hypothesis, "called");
  if (called.size() != 2 || called[0] == called[1])
    reject("sides that differ in several factors need two names, \"called\"");
  side.label = called[treatment ? 0 : 1];
  // Names in another script may leave nothing to tell the two ids apart.
  if (const std::string id = arm_id(json::string(side.label)); id != arm_id(json::string(called[treatment ? 1 : 0])))
    side.id = id;
  return side;
}

struct Arms {
  json::array list;
  json::object weights;
  std::string baseline;
  double seconds = 0;  // mean of the arms
};

Arms arms_of(const json::object& manifest, const json::object& hypothesis) {
  const std::string factor = text_of(hypothesis, "factor");
  const Side treatment = side_of(manifest, hypothesis, true), baseline = side_of(manifest, hypothesis, false);
  if (treatment.levels.at(factor) == baseline.levels.at(factor))
    reject("treatment and baseline are the same level of " + factor);
  const json::object base = configuration(manifest, hypothesis);
  const auto& moderator = object_of(hypothesis, "moderator");
  const std::string by = text_of(moderator, "factor");
  json::array conditions{nullptr};
  if (!moderator.empty()) {
    if (treatment.levels.contains(by)) reject("a factor cannot moderate itself");
    conditions = array_of(moderator, "levels");
    if (conditions.size() != 2 || conditions[0] == conditions[1])
      reject("an interaction needs two different levels of its moderator");
  }
  Arms arms;
  double sign = 1;
  for (const auto& condition : conditions) {
    for (const auto* side : {&treatment, &baseline}) {
      json::object config = base;
      for (const auto& [name, level] : side->levels) config[name] = level;
      std::string id = side->id, label = side->label;
      if (!condition.is_null()) {
        const json::value at = level_in(manifest, by, &condition);
        config[by] = at;
        id += "-" + arm_id(at);
        label += ", " + label_of(manifest, by, at);
      }
      arms.weights[id] = side == &treatment ? sign : -sign;
      if (side == &baseline && arms.baseline.empty()) arms.baseline = id;
      arms.seconds += seconds_of(manifest, config) / (2.0 * static_cast<double>(conditions.size()));
      arms.list.push_back(json::object{{"id", id}, {"label", label}, {"config", std::move(config)}});
    }
    sign = -sign;
  }
  return arms;
}

std::string sentence(const json::object& decisions, const char* member, const char* otherwise) {
  const std::string text = text_of(decisions, member);
  return text.empty() ? otherwise : text;
}

}  // namespace

std::string arm_id(const json::value& level) {
  std::string id = level_name(level);
  for (char& c : id)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '+')) c = '_';
  return id;
}

json::object assembled_plan(const json::object& hypothesis, const json::object& manifest, const json::object& decisions,
                            double blocks) {
  const std::string name = text_of(hypothesis, "metric", text_of(manifest, "metric"));
  const auto& metric = object_of(object_of(manifest, "metrics"), name);
  if (metric.empty()) reject("the template has no metric \"" + name + "\"");
  Arms arms = arms_of(manifest, hypothesis);
  const bool interaction = !object_of(hypothesis, "moderator").empty(),
             logit = interaction && text_of(metric, "unit") == "fraction";
  const double smallest = number_of(metric, "smallest_effect", 0.02);
  const double wanted = std::max({kFewestBlocks, std::floor(blocks), std::floor(number_of(decisions, "blocks"))});
  json::object plan{{"$schema", "aisci/plan/1"},
                    {"title", sentence(decisions, "title", "an experiment without a title")},
                    {"question", sentence(decisions, "question", "")}};
  plan["population"] = text_of(hypothesis, "population", text_of(manifest, "population"));
  plan["metric"] = name;
  plan["metric_direction"] = text_of(metric, "direction", "higher");
  plan["arms"] = std::move(arms.list);
  plan["baseline"] = arms.baseline;
  plan["contrast"] = json::object{
      {"kind", interaction ? "interaction" : "difference"},
      {"scale", logit ? "logit" : "linear"},
      {"weights", std::move(arms.weights)},
      {"predicted_sign", text_of(object_of(hypothesis, "expected"), "direction", "higher") == "lower" ? -1 : 1}};
  if (const double evaluated = number_of(object_at(manifest, "dataset.splits"), "validation"); logit && evaluated >= 1)
    plan["contrast"].get_object()["observations"] = evaluated;
  plan["blocks"] = static_cast<std::int64_t>(wanted);
  plan["splits"] = json::object{{"train", "train"}, {"evaluate", "validation"}, {"confirm", "confirmation"}};
  plan["test"] = "paired t on block differences";
  plan["alpha"] = 0.05;
  plan["smallest_effect"] =
      logit ? number_of(metric, "smallest_effect_logit", smallest / kSlopeAtFourFifths) : smallest;
  plan["divergence"] =
      sentence(decisions, "divergence", "A diverged trial is an outcome and scores what guessing would.");
  plan["tuning"] = sentence(decisions, "tuning", "No arm is tuned.");
  plan["program"] = array_of(manifest, "program");
  plan["files"] = array_of(manifest, "files");
  plan["limits"] = object_of(manifest, "limits");
  if (const auto& recipe = object_of(manifest, "recipe"); !recipe.empty()) plan["recipe"] = recipe;
  plan["cost"] =
      json::object{{"seconds_per_trial", arms.seconds},
                   {"seconds_per_process", number_of(object_of(manifest, "cost"), "seconds_per_process", 1.0)}};
  return plan;
}

}  // namespace aisci::design
