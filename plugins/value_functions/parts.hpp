// What the shipped value functions share: parts under weights, and a model's judgement as one of them.
//
//   class Worth final : public plugin::ValueFunction {
//    public:
//     explicit Worth(const plugin::Setup& setup)
//         : parts_{setup, {{"novelty", 0.6}, {"impact", 0.4}}, "impact"}, impact_{setup, "value.impact"} {}
//     plugin::Score evaluate(const plugin::NodeView& node, plugin::Call& call) override {
//       return parts_.score(node, call, [&](const std::string& part) {
//         return part == "impact" ? Part::of(impact_.of(impact_input(node), call)) : metric(node, part);
//       });
//     }
//
// Threads: const after construction.
// Since 0.1.
#pragma once

#include <aisci/plugin/value_function.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace aisci::values {

// One part of a value, and how uncertain it is; none: that is not known.
struct Part {
  double value = 0;
  std::optional<double> stddev;

  // Of something that no further block would change.
  static std::optional<Part> of(std::optional<double> value) {
    return value ? std::optional{Part{*value, 0.0}} : std::nullopt;
  }
};

// The metric NAME of a node, as uncertain as its metric NAME_stddev says. Significance alone rests on blocks.
inline std::optional<Part> metric(const plugin::NodeView& node, const std::string& name) {
  auto part = Part::of(node.metric(name));
  if (part && name == "significance") part->stddev = node.metric(name + "_stddev");
  return part;
}

// The weighted mean of a node's parts. A part that cannot be assessed leaves its weight to the others, and the call's
// report "score" names it and the share that each of the others had, so that the paper can say so. A part of weight 0
// is not looked at. The value is as uncertain as its parts are together: they come from the same blocks, so their
// standard deviations are added, which is right where they rise and fall as one and else too much. Where that of a part
// is not known, none is told. Configuration: {"weights": {"novelty": 0.3, ...}}; the parts that it does not name keep
// their weights. They add up to a number from 1e-300 to 1e300, and where the host offers no model, to more than 0
// without the part that a model judges.
class Parts {
 public:
  using Weights = std::vector<std::pair<std::string, double>>;
  using Assess = std::function<std::optional<Part>(const std::string& part)>;

  // `judged`: the part that a Judgement gives.
  Parts(const plugin::Setup& setup, Weights weights, std::string_view judged) : weights_{std::move(weights)} {
    using plugin::Code;
    using plugin::Error;
    const json::object config = kit::parse_object(setup.config_json, "the value function's configuration");
    for (const auto& given : kit::object_of(config, "weights")) {
      const std::string name{given.key()};
      const auto known =
          std::find_if(weights_.begin(), weights_.end(), [&](const auto& weight) { return weight.first == name; });
      if (known == weights_.end())
        throw Error{Code::kInvalidArgument, "weights: there is no part \"" + name + "\"; parts are " + names()};
      known->second = kit::is_number(given.value()) ? kit::as_number(given.value()) : -1;
      if (!(known->second >= 0))
        throw Error{Code::kInvalidArgument, "weights: " + name + " must be a number of at least 0"};
    }
    double sum = 0, without_model = 0;
    for (const auto& [name, weight] : weights_) {
      sum += weight;
      if (name != judged) without_model += weight;
    }
    if (!(sum > 0)) throw Error{Code::kInvalidArgument, "weights: at least one must be above 0"};
    if (!(sum >= 1e-300 && sum <= 1e300))
      throw Error{Code::kInvalidArgument, "weights: they must add up to a number from 1e-300 to 1e300"};
    if (without_model == 0 && !setup.host.offers_model_tasks())
      throw Error{Code::kInvalidArgument, "weights: only " + std::string{judged} +
                                              " is above 0, which a model judges, and there is none here: choose one "
                                              "(--llm openai or --llm anthropic), or give another part a weight"};
  }

  // Throws FAILED_PRECONDITION when no part could be assessed.
  plugin::Score score(const plugin::NodeView& node, plugin::Call& call, const Assess& assess) const {
    double value = 0, assessed = 0;
    std::optional<double> stddev = 0.0;
    json::object parts, shares;
    json::array not_assessed;
    for (const auto& [name, weight] : weights_) {
      if (weight == 0) continue;
      if (const auto found = assess(name)) {
        const double part = std::clamp(found->value, 0.0, 1.0);
        stddev = stddev && found->stddev ? std::optional{*stddev + weight * *found->stddev} : std::nullopt;
        value += weight * part;
        assessed += weight;
        parts[name] = part;
        shares[name] = weight;
      } else {
        not_assessed.emplace_back(name);
      }
    }
    for (auto& share : shares) share.value() = kit::as_number(share.value()) / assessed;
    call.report("score", json::serialize(json::object{{"node", node.id()},
                                                      {"parts", std::move(parts)},
                                                      {"weights", std::move(shares)},
                                                      {"not_assessed", std::move(not_assessed)}}));
    if (assessed == 0) throw plugin::Error{plugin::Code::kFailedPrecondition, "no part of the value could be assessed"};
    if (stddev) *stddev /= assessed;
    return {.value = value / assessed, .stddev = stddev};
  }

 private:
  std::string names() const {
    std::string list;
    for (const auto& [name, weight] : weights_) list += (list.empty() ? "" : ", ") + name;
    return list;
  }

  Weights weights_;
};

// A model's judgement on a fixed rubric, 1 to 5, as a part from 0 to 1. The rubric is tasks/TASK.md in the plugin's
// data folder, the answer's schema tasks/TASK.schema.json: {"why", "score"}. Where the host offers no model nothing is
// asked.
class Judgement {
 public:
  static constexpr int kLowest = 1, kHighest = 5;

  Judgement(const plugin::Setup& setup, std::string task) : task_{std::move(task)} {
    if (setup.host.offers_model_tasks()) prompts_.emplace(setup.data_folder, std::vector<std::string>{task_});
  }

  // None without a model, without anything to judge, and when the model does not answer: one judgement that is missing
  // ends no study. Throws CANCELLED when the call was.
  std::optional<double> of(const json::object& input, plugin::Call& call) const {
    if (!prompts_ || input.empty()) return std::nullopt;
    try {
      const double score = kit::number_of(prompts_->ask(task_, input, call), "score");
      if (score >= kLowest && score <= kHighest) return (score - kLowest) / (kHighest - kLowest);
      call.log(plugin::Level::kWarning, task_ + " was answered without a score from 1 to 5");
    } catch (const plugin::Error& error) {
      if (error.code() == plugin::Code::kCancelled) throw;
      call.log(plugin::Level::kWarning, task_ + " was not answered: " + error.message());
    }
    return std::nullopt;
  }

 private:
  std::string task_;
  std::optional<kit::Prompts> prompts_;
};

// A document of the node; empty when it has none.
inline json::object document_of(const plugin::NodeView& node, std::string_view name) {
  const std::string_view text = node.blob(name);
  return text.empty() ? json::object{} : kit::parse_object(text, "the node's " + std::string{name});
}

}  // namespace aisci::values
