#include "runtime/model_budget.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace aisci {
namespace {

constexpr double kMillion = 1e6;

std::string dollars(double usd) { return fixed(usd, 4) + " US dollars"; }

}  // namespace

ModelCost cost_of(ModelCost tokens, const std::optional<ModelPrice>& price) {
  if (price)
    tokens.usd = (static_cast<double>(tokens.input_tokens) * price->input +
                  static_cast<double>(tokens.output_tokens) * price->output) /
                 kMillion;
  return tokens;
}

Status ModelBudget::exhausted(const char* cap, const std::string& words) {
  reached_ = cap;
  return resource_exhausted(std::string{cap} + " is reached: " + words);
}

Result<ModelCost> ModelBudget::reserve(std::int64_t input_tokens) {
  reached_.clear();
  ModelCost worst{input_tokens, limits_.output_tokens, {}};
  if (capped() && worst.output_tokens == 0) worst.output_tokens = kMostOutput;
  const std::int64_t least = std::min(kLeastOutput, std::max<std::int64_t>(1, worst.output_tokens));
  if (limits_.tokens > 0) {
    const std::int64_t used = spent_.input_tokens + spent_.output_tokens;
    worst.output_tokens = std::min(worst.output_tokens, limits_.tokens - used - input_tokens);
    if (worst.output_tokens < least)
      return exhausted("budget_tokens", std::to_string(used) + " of " + std::to_string(limits_.tokens) +
                                            " tokens are used, and the next call may read " +
                                            std::to_string(input_tokens));
  }
  if (limits_.usd > 0) {
    if (!price_)
      return failed_precondition(
          "budget_usd cannot be kept: the model's price is unknown. Give it with --llm-price INPUT,OUTPUT in US "
          "dollars "
          "per million tokens, or cap tokens with --budget-tokens");
    const double left = limits_.usd - *spent_.usd - static_cast<double>(input_tokens) * price_->input / kMillion;
    if (price_->output > 0)
      worst.output_tokens = std::min(
          worst.output_tokens, static_cast<std::int64_t>(std::floor(std::max(-1.0, left / price_->output * kMillion))));
    if (left < 0 || worst.output_tokens < least)
      return exhausted("budget_usd", dollars(*spent_.usd) + " of " + dollars(limits_.usd) + " are used, and the next " +
                                         "call may cost " + dollars(*cost_of({input_tokens, least, {}}, price_).usd));
  }
  return cost_of(worst, price_);
}

void ModelBudget::settle(const ModelCost& cost) {
  spent_.input_tokens += std::max<std::int64_t>(0, cost.input_tokens);
  spent_.output_tokens += std::max<std::int64_t>(0, cost.output_tokens);
  if (cost.usd) *spent_.usd += std::max(0.0, *cost.usd);
}

std::optional<double> ModelBudget::left(std::string_view what) const {
  if (what == "tokens" && limits_.tokens > 0)
    return static_cast<double>(limits_.tokens - spent_.input_tokens - spent_.output_tokens);
  if (what == "usd" && limits_.usd > 0) return limits_.usd - spent_.usd.value_or(0);
  return std::nullopt;
}

std::string ModelBudget::used_beyond(double share) const {
  const double used = static_cast<double>(spent_.input_tokens + spent_.output_tokens);
  if (limits_.tokens > 0 && used > share * static_cast<double>(limits_.tokens)) return "budget_tokens";
  if (limits_.usd > 0 && *spent_.usd > share * limits_.usd) return "budget_usd";
  return {};
}

}  // namespace aisci
