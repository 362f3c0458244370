#include "research/plan.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace aisci {
namespace {

constexpr std::int64_t kMostGpus = 1024;

Status wrong(const std::string& what) { return invalid_argument("plan: " + what); }

Result<std::vector<Arm>> read_arms(const json::object& document) {
  std::vector<Arm> arms;
  std::set<std::string> ids;
  for (const auto& value : array_of(document, "arms")) {
    if (!value.is_object()) return wrong("an arm is not an object");
    const auto& object = value.get_object();
    Arm arm{text_of(object, "id"), text_of(object, "label"), object_of(object, "config")};
    if (arm.id.empty() ||
        arm.id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+") !=
            std::string::npos) {
      return wrong("an arm's id must be letters, digits, '_', '-' or '+', not \"" + arm.id + "\"");
    }
    if (!ids.insert(arm.id).second) return wrong("two arms are called " + arm.id);
    if (arm.label.empty()) arm.label = arm.id;
    arms.push_back(std::move(arm));
  }
  if (arms.size() < 2) return wrong("at least two arms are needed");
  return arms;
}

Result<Contrast> read_contrast(const json::object& document, const Plan& plan) {
  Contrast contrast;
  contrast.kind = text_of(document, "kind", "difference");
  if (contrast.kind != "difference" && contrast.kind != "interaction")
    return wrong("contrast.kind " + contrast.kind + " is unknown");
  const std::string scale = text_of(document, "scale", "linear");
  if (scale != "linear" && scale != "logit") return wrong("contrast.scale must be linear or logit");
  contrast.scale = scale == "logit" ? Contrast::Scale::kLogit : Contrast::Scale::kLinear;
  contrast.observations = number_of(document, "observations", contrast.observations);
  if (contrast.observations < 1) return wrong("contrast.observations must be the size of the evaluation set");
  double sum = 0;
  for (const auto& entry : object_of(document, "weights")) {
    const std::string id{entry.key()};
    const double weight = as_number(entry.value());
    if (!plan.arm(id)) return wrong("contrast.weights names " + id + ", which is no arm");
    if (!std::isfinite(weight) || weight == 0)
      return wrong("the weight of " + id + " must be a number other than zero");
    contrast.weights[id] = weight;
    sum += weight;
  }
  if (contrast.weights.size() < 2 || std::abs(sum) > 1e-9)
    return wrong("contrast.weights must name two arms or more and sum to zero");
  for (const bool positive : {true, false})
    for (const auto& arm : plan.arms)
      if (const auto it = contrast.weights.find(arm.id); it != contrast.weights.end() && (it->second > 0) == positive)
        contrast.arms_in_order.push_back(arm.id);
  const auto sign = integer_of(document, "predicted_sign", 0);
  if (sign != 1 && sign != -1) return wrong("contrast.predicted_sign must be 1 or -1");
  contrast.predicted_sign = static_cast<int>(sign);
  return contrast;
}

}  // namespace

std::string level_name(const json::value& level) {
  if (level.is_string()) return level.get_string().c_str();
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, as_number(level)).ptr};
}

const Arm* Plan::arm(std::string_view id) const {
  for (const auto& candidate : arms)
    if (candidate.id == id) return &candidate;
  return nullptr;
}

Result<Plan> read_plan(const json::object& document) {
  Plan plan;
  plan.document = document;
  plan.title = text_of(document, "title");
  plan.metric = text_of(document, "metric");
  if (plan.metric.empty()) return wrong("metric is missing");
  plan.metric_direction = text_of(document, "metric_direction", "higher");
  AISCI_ASSIGN_OR_RETURN(plan.arms, read_arms(document));
  plan.baseline = text_of(document, "baseline");
  if (!plan.arm(plan.baseline)) return wrong("baseline \"" + plan.baseline + "\" is no arm");
  AISCI_ASSIGN_OR_RETURN(plan.contrast, read_contrast(object_of(document, "contrast"), plan));
  plan.blocks = static_cast<int>(integer_of(document, "blocks", 5));
  if (plan.blocks < 5 || plan.blocks > 10000) return wrong("blocks must be 5 to 10000");
  plan.alpha = number_of(document, "alpha", 0.05);
  plan.smallest_effect = number_of(document, "smallest_effect", 0);
  if (plan.smallest_effect <= 0) return wrong("smallest_effect must be positive");
  plan.program = texts_of(document, "program");
  plan.files = texts_of(document, "files");
  if (plan.program.empty()) return wrong("program is missing");
  read_limits(document, plan);
  const auto& cost = object_of(document, "cost");
  plan.seconds_per_trial = number_of(cost, "seconds_per_trial", 1);
  plan.seconds_per_process = number_of(cost, "seconds_per_process", 1);
  return plan;
}

void read_limits(const json::object& document, Plan& plan) {
  const auto& limits = object_of(document, "limits");
  plan.memory_mb = number_of(limits, "memory_mb", plan.memory_mb);
  plan.wall_seconds_per_trial = number_of(limits, "wall_seconds_per_trial", plan.wall_seconds_per_trial);
  plan.gpus = static_cast<int>(std::clamp<std::int64_t>(integer_of(limits, "gpus"), 0, kMostGpus));
}

double declared_cost(const Plan& plan, int blocks) {
  return plan.seconds_per_process + plan.seconds_per_trial * static_cast<double>(plan.arms.size()) * blocks;
}

}  // namespace aisci
