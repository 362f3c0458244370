#include "numbers.hpp"

#include <charconv>
#include <cstdio>

namespace aisci::cli {

std::string signed_number(const char* form, double value) {
  char buffer[400];  // the largest number has 309 digits before its point
  std::snprintf(buffer, sizeof buffer, form, value);
  const std::string text = buffer;
  return text.find_first_not_of("+-0.") == std::string::npos ? text.substr(1) : text;
}

std::string shortest(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

std::string effect_of(const Verdict& verdict) {
  const bool points = verdict.unit == "points", logit = verdict.unit == "logit";
  const double scale = points ? 100.0 : 1.0;
  const char* const form = points ? "%+.1f" : logit ? "%+.2f" : "%+.3g";
  const std::string unit = points  ? " percentage points"
                           : logit ? " on the logit scale"
                                   : (verdict.unit.empty() ? "" : " ") + verdict.unit;
  const auto number = [&](double value) { return signed_number(form, scale * value); };
  return number(verdict.effect) + unit + " [" + number(verdict.lower) + ", " + number(verdict.upper) + "]";
}

}  // namespace aisci::cli
