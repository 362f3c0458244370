#include "drawn.hpp"

#include <algorithm>

#include "kit/document.hpp"

namespace aisci::analysis {
namespace {

using namespace kit;

constexpr std::string_view kNumberOf = "number of ";

const json::object& factor_of(const json::object& study, const std::string& name) {
  return object_of(object_at(study, "template.factors"), name);
}

// "100 against 400 training images", "depth 1 against 4"
std::string conditions(const json::object& study, const std::string& factor, const json::value& low,
                       const json::value& high) {
  const auto& manifest = factor_of(study, factor);
  if (text_of(manifest, "title").rfind(kNumberOf, 0) == 0)
    return level_label(manifest, level_name(low)) + " against " + level_phrase(study, factor, high);
  // "depth 1 against 4", but "no dropout against dropout rate 0.2"
  const bool counted = level_phrase(study, factor, low) != level_label(manifest, level_name(low));
  return level_phrase(study, factor, low) + " against " +
         (counted ? level_label(manifest, level_name(high)) : level_phrase(study, factor, high));
}

std::string measured_on(const json::object& study, const char* split) {
  if (text_of(metric_of(study), "measured_on") != "training") return std::string{" on the "} + split + " split";
  return " on the training " + text_of(object_at(study, "template.terms"), "examples", "examples");
}

}  // namespace

const json::object& metric_of(const json::object& study) {
  const auto& manifest = object_of(study, "template");
  return object_of(object_of(manifest, "metrics"),
                   text_of(object_of(study, "scope"), "metric", text_of(manifest, "metric")));
}

std::string metric_title(const json::object& study) { return text_of(metric_of(study), "title", "score"); }
std::string metric_unit(const json::object& study) { return text_of(metric_of(study), "unit", "fraction"); }

std::string data_factor(const json::object& study) {
  for (const auto& [name, value] : object_at(study, "template.factors"))
    if (value.is_object() && text_of(value.get_object(), "role") == "data") return std::string{name};
  const auto settings = objects_of(object_of(study, "template"), "settings");
  return settings.empty() ? std::string{} : text_of(*settings.front(), "factor");
}

std::string level_label(const json::object& factor, const std::string& level) {
  return text_of(object_of(factor, "labels"), level, level);
}

std::string level_phrase(const json::object& study, const std::string& factor, const json::value& level) {
  const auto& manifest = factor_of(study, factor);
  const std::string label = level_label(manifest, level_name(level)), title = text_of(manifest, "title", factor);
  if (!is_number(level) || label != level_name(level)) return label;
  return title.rfind(kNumberOf, 0) == 0 ? label + " " + title.substr(kNumberOf.size()) : title + " " + label;
}

bool is_usual(const json::object& study, const std::string& factor, const json::value& level) {
  const json::value* expected = find_member(object_at(study, "scope.context"), factor);
  for (const auto* layer : objects_of(object_of(study, "scope"), "stack"))
    if (text_of(*layer, "factor") == factor) expected = find_member(*layer, "off");
  const auto& moderator = object_at(study, "scope.moderator");
  const auto& levels = array_of(moderator, "levels");
  if (!expected && text_of(moderator, "factor") == factor && !levels.empty())
    expected = &levels[levels.size() > 2 ? levels.size() / 2 : 0];
  if (!expected) expected = find_member(factor_of(study, factor), "default");
  return expected && level_name(*expected) == level_name(level);
}

std::string place_of_search(const json::object& study) { return measured_on(study, "validation"); }
std::string place_of_confirmation(const json::object& study) { return measured_on(study, "confirmation"); }

std::string level_reference(const json::object& study, const std::string& factor, const json::value& level) {
  const auto& manifest = factor_of(study, factor);
  const std::string name = level_name(level), title = text_of(manifest, "title", factor);
  if (!is_number(level) || level_label(manifest, name) != name) return "{{label:" + factor + "." + name + "}}";
  const std::string number = "{{level:" + factor + "." + name + "}}";
  return title.rfind(kNumberOf, 0) == 0 ? number + " " + title.substr(kNumberOf.size()) : title + " " + number;
}

namespace {

// What departs from the usual setting: as the hypothesis says, or as the template's default where it says nothing.
std::vector<std::pair<std::string, json::value>> unusual(const json::object& study, const json::object& hypothesis) {
  std::vector<std::pair<std::string, json::value>> found;
  const auto& context = object_of(hypothesis, "context");
  for (const auto& [key, level] : context)
    if (!is_usual(study, std::string{key}, level)) found.emplace_back(key, level);
  for (const auto& [key, factor] : object_at(study, "template.factors")) {
    const std::string name{key};
    if (context.contains(name) || name == text_of(hypothesis, "factor") ||
        name == text_of(object_of(hypothesis, "moderator"), "factor") || object_of(hypothesis, "also").contains(name) ||
        !factor.is_object())
      continue;
    if (const auto* level = find_member(factor.get_object(), "default"); level && !is_usual(study, name, *level))
      found.emplace_back(name, *level);
  }
  return found;
}

}  // namespace

std::string comparison_label(const json::object& study, const json::object& hypothesis) {
  const std::string factor = text_of(hypothesis, "factor");
  const auto called = texts_of(hypothesis, "called");
  const auto side = [&](const char* name) {
    if (called.size() == 2) return called[std::string_view{name} == "treatment" ? 0 : 1];
    const auto* level = find_member(hypothesis, name);
    return level ? level_phrase(study, factor, *level) : std::string{};
  };
  std::string label = side("treatment") + " \u2212 " + side("baseline");
  const auto& moderator = object_of(hypothesis, "moderator");
  if (const auto& levels = array_of(moderator, "levels"); levels.size() == 2)
    label += ", " + conditions(study, text_of(moderator, "factor"), levels[0], levels[1]);
  for (const auto& [name, level] : unusual(study, hypothesis)) label += ", " + level_phrase(study, name, level);
  return label;
}

bool in_usual_setting(const json::object& study, const json::object& hypothesis) {
  return unusual(study, hypothesis).empty();
}

std::string blocks_reference(const json::object& study, const std::vector<std::string>& nodes) {
  const json::object *least = nullptr, *most = nullptr;
  const auto blocks = [](const json::object& node) {
    return array_of(object_at(node, "evidence.contrast"), "values").size();
  };
  for (const auto* node : objects_of(study, "nodes")) {
    if (!contains(nodes, text_of(*node, "id")) || blocks(*node) == 0) continue;
    if (!least || blocks(*node) < blocks(*least)) least = node;
    if (!most || blocks(*node) > blocks(*most)) most = node;
  }
  if (!least) return {};
  bool between = false;
  for (const auto* node : objects_of(study, "nodes"))
    between = between || (contains(nodes, text_of(*node, "id")) && blocks(*node) > blocks(*least) &&
                          blocks(*node) < blocks(*most));
  const std::string few = "{{" + text_of(*least, "id") + ".n}}", many = "{{" + text_of(*most, "id") + ".n}}";
  if (blocks(*least) == blocks(*most)) return few;
  return few + (between ? " to " : " or ") + many;
}

std::string names_reference(const json::object& study, const std::vector<std::string>& nodes) {
  std::vector<std::string> names;
  for (const auto* node : objects_of(study, "nodes"))
    if (contains(nodes, text_of(*node, "id"))) names.push_back("{{" + text_of(*node, "id") + ".name}}");
  return listed(names);
}

bool all_above_zero(const json::array& points) {
  return std::all_of(points.begin(), points.end(), [](const json::value& value) {
    const auto& point = value.as_array();
    return std::all_of(point.begin() + 1, point.end(), [](const json::value& number) { return as_number(number) > 0; });
  });
}

bool spans(const json::array& levels, double least) {
  std::vector<double> numbers;
  for (const auto& level : levels) numbers.push_back(as_number(level));
  if (numbers.size() < 3) return false;
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  return *low > 0 && *high / *low >= least;
}

json::object interval_of(const json::object& from) {
  return {{"mean", number_of(from, "mean")}, {"lower", number_of(from, "lower")}, {"upper", number_of(from, "upper")}};
}

json::array cut_axis(const json::array& rows, double limit) {
  constexpr double kOrdinary = 3, kWorthIt = 1.25, kMargin = 0.06, kNear = 0.15;
  struct Ends {
    double low, high;
    void hold(double from, double to) { low = std::min(low, from), high = std::max(high, to); }
    double width() const { return high - low; }
  };
  std::vector<double> widths;
  for (const auto& row : rows)
    widths.push_back(number_of(row.as_object(), "upper") - number_of(row.as_object(), "lower"));
  if (widths.empty()) return {};
  std::nth_element(widths.begin(), widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 2), widths.end());
  const double usual = kOrdinary * widths[widths.size() / 2];
  Ends shown{-limit, limit}, whole = shown;
  for (const auto& value : rows) {
    const auto& row = value.as_object();
    const double mean = number_of(row, "mean"), lower = number_of(row, "lower"), upper = number_of(row, "upper");
    const bool kept = usual <= 0 || upper - lower <= usual || !text_of(row, "verdict").empty();
    whole.hold(lower, upper);
    shown.hold(kept ? lower : mean, kept ? upper : mean);
  }
  // No end is cut off by little.
  const Ends first = shown;
  for (const auto& value : rows)
    for (const char* name : {"lower", "upper"})
      if (const double end = number_of(value.as_object(), name);
          end > first.low - kNear * first.width() && end < first.high + kNear * first.width())
        shown.hold(end, end);
  const double margin = kMargin * shown.width();
  if (whole.width() <= kWorthIt * (shown.width() + 2 * margin)) return {};
  return {shown.low - margin, shown.high + margin};
}

json::object arm_of(const json::object& evidence, const std::string& id) {
  const auto& arm = object_of(object_of(evidence, "arms"), id);
  json::object out = interval_of(arm);
  out["id"] = id;
  out["label"] = text_of(arm, "label", id);
  out["values"] = array_of(arm, "values");
  return out;
}

std::vector<std::string> contrast_arms(const json::object& claim) {
  std::vector<std::string> ids;
  for (const bool positive : {true, false})
    for (const auto& entry : object_at(claim, "plan.contrast.weights"))
      if ((as_number(entry.value()) > 0) == positive) ids.emplace_back(entry.key());
  return ids;
}

}  // namespace aisci::analysis
