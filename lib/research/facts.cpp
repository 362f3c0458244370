#include "research/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace aisci {
namespace {

std::string signed_text(double value, int digits) {
  const std::string text = fixed(value, digits);
  return text[0] == '-' ? text : text.find_first_not_of("0.") == std::string::npos ? text : "+" + text;
}

std::string text_for(double value, FactKind kind) {
  if (!std::isfinite(value)) return "not defined";
  switch (kind) {
    case FactKind::kCount:
      return fixed(value, 0);
    case FactKind::kNumber:
      return fixed(value, std::abs(value) >= 0.00005 && std::abs(value) < 0.01 ? 4 : 2);
    case FactKind::kFraction:
      return fixed(100.0 * value, 1) + "%";
    case FactKind::kPoints:
      return signed_text(100.0 * value, 1) + " percentage points";
    case FactKind::kLogit:
      return signed_text(value, 2);
    case FactKind::kPValue:
      return value < 0.001 ? "<0.001" : fixed(value, 3);
    case FactKind::kAmount:
    case FactKind::kChange:  // printed with their metric's form
    case FactKind::kText:
      break;
  }
  return {};
}

constexpr int kMostMoreDigits = 4;  // of an end that its bound is nearly at

std::string in_unit(double value, const std::string& number, const MetricForm& form) {
  if (!std::isfinite(value)) return "not defined";
  return form.unit.empty() ? number : number + " " + form.unit;
}

}  // namespace

MetricForm metric_form(const json::object& metric) {
  MetricForm form;
  form.unit = text_of(metric, "unit", "fraction");
  const double smallest = number_of(metric, "smallest_effect", 0.02);
  if (smallest > 0) form.digits = std::clamp(1 + static_cast<int>(std::ceil(-std::log10(smallest))), 0, 6);
  return form;
}

Fact make_probability(double value) {
  Fact fact = make_fact(value, FactKind::kNumber);
  if (value < 0.00005) fact.text = "<0.0001";
  return fact;
}

Fact make_amount(double value, const MetricForm& form, std::vector<std::string> arms) {
  if (form.fraction()) return make_fact(value, FactKind::kFraction, std::move(arms));
  return {value, FactKind::kAmount, in_unit(value, fixed(value, form.digits), form), std::move(arms)};
}

Fact make_change(double value, const MetricForm& form, std::vector<std::string> arms) {
  if (form.fraction()) return make_fact(value, FactKind::kPoints, std::move(arms));
  return {value, FactKind::kChange, in_unit(value, signed_text(value, form.digits), form), std::move(arms)};
}

std::string limit_in_log_odds(double limit) { return fmt::format("{:.3g}", limit); }

Fact make_end(double value, const MetricForm& form, double limit, bool log_odds, std::vector<std::string> arms) {
  Fact fact =
      log_odds ? make_fact(value, FactKind::kLogit, std::move(arms)) : make_change(value, form, std::move(arms));
  if (!std::isfinite(value)) return fact;
  const bool points = fact.kind == FactKind::kPoints;
  const double scale = points ? 100.0 : 1.0;
  const int usual = points ? 1 : log_odds ? 2 : form.digits;
  // A limit in log odds is printed with digits of its own: an end need not look unlike what those beyond the usual ones
  // would be rounded to.
  const double exact = log_odds && parsed_number(limit_in_log_odds(limit)) == limit ? limit : NAN;
  const auto hidden = [&](int digits) {
    const std::string text = fixed(scale * value, digits);
    const double bounds[] = {0.0, limit, -limit};
    return std::any_of(std::begin(bounds), std::end(bounds), [&](double bound) {
      if (value == bound || text != fixed(scale * bound, digits)) return false;
      const double printed = parsed_number(text).value_or(bound);
      const bool apart = std::abs(bound) == exact && printed != bound && (printed < bound) == (value < bound);
      return !apart;
    });
  };
  int digits = usual;
  while (hidden(digits) && digits < usual + kMostMoreDigits) ++digits;
  if (digits == usual || hidden(digits)) return fact;
  const auto unit = fact.text.find(' ');
  fact.text = signed_text(scale * value, digits) + (unit == std::string::npos ? "" : fact.text.substr(unit));
  return fact;
}

IntervalFacts make_interval(double mean, double lower, double upper, std::string unit,
                            const std::vector<std::string>& arms) {
  const double half = (upper - lower) / 2;
  MetricForm form{std::move(unit), 2};
  if (std::isfinite(half) && half > 0)
    form.digits = std::clamp(1 - static_cast<int>(std::floor(std::log10(half))), 0, 8);
  return {make_change(mean, form, arms), make_end(lower, form, 0, false, arms), make_end(upper, form, 0, false, arms)};
}

Fact make_limit_at(double log_odds, double share) {
  const double at = std::log(share / (1.0 - share));
  const auto back = [](double logit) { return 1.0 / (1.0 + std::exp(-logit)); };
  const double width = back(at + log_odds / 2) - back(at - log_odds / 2);
  Fact fact = make_fact(width, FactKind::kPoints);
  const double points = 100.0 * width;
  fact.text = !std::isfinite(width) ? fact.text
                                    : fixed(points, points >= 1     ? 1
                                                    : points >= 0.1 ? 2
                                                                    : 3) +
                                          " percentage points";
  return fact;
}

const char* to_string(FactKind kind) {
  switch (kind) {
    case FactKind::kCount:
      return "count";
    case FactKind::kNumber:
      return "number";
    case FactKind::kFraction:
      return "fraction";
    case FactKind::kPoints:
      return "points";
    case FactKind::kAmount:
      return "amount";
    case FactKind::kChange:
      return "change";
    case FactKind::kLogit:
      return "logit";
    case FactKind::kPValue:
      return "p";
    case FactKind::kText:
      return "text";
  }
  return "number";
}

Fact make_fact(double value, FactKind kind, std::vector<std::string> arms) {
  return {value, kind, text_for(value, kind), std::move(arms)};
}

Fact make_fact(std::string text) { return {0, FactKind::kText, std::move(text), {}}; }

std::string absolute_text(const Fact& fact) {
  if (fact.kind == FactKind::kText || fact.text.empty()) return fact.text;
  return fact.text[0] == '+' || fact.text[0] == '-' ? fact.text.substr(1) : fact.text;
}

std::string short_text(const Fact& fact) {
  const bool has_unit =
      fact.kind == FactKind::kPoints || fact.kind == FactKind::kAmount || fact.kind == FactKind::kChange;
  return has_unit ? fact.text.substr(0, fact.text.find(' ')) : fact.text;
}

json::object to_json(const Facts& facts) {
  json::object out;
  for (const auto& [name, fact] : facts) {
    json::object entry{{"kind", to_string(fact.kind)}, {"text", fact.text}};
    if (fact.kind != FactKind::kText && std::isfinite(fact.value)) entry["value"] = fact.value;
    if (fact.arms.size() == 1) entry["arm"] = fact.arms[0];
    if (!fact.arms.empty()) entry["arms"] = json::array(fact.arms.begin(), fact.arms.end());
    out[name] = std::move(entry);
  }
  return out;
}

}  // namespace aisci
