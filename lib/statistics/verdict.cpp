#include <aisci/statistics/verdict.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "statistics/checks.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {

const char* to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::kSupported:
      return "supported";
    case Verdict::kRefuted:
      return "refuted";
    case Verdict::kEquivalent:
      return "equivalent";
    case Verdict::kInconclusive:
      return "inconclusive";
  }
  return "inconclusive";
}

Verdict verdict(double lower, double upper, double smallest_effect) noexcept {
  if (!(lower <= upper) || !(smallest_effect > 0)) return Verdict::kInconclusive;
  if (upper < smallest_effect) return lower > -smallest_effect ? Verdict::kEquivalent : Verdict::kRefuted;
  return lower > 0 ? Verdict::kSupported : Verdict::kInconclusive;
}

double clamped_logit(double p, double observations) noexcept {
  if (!(p >= 0 && p <= 1) || !(observations >= 1)) return detail::kNaN;
  const double least = 0.5 / observations;
  const double kept = std::clamp(p, least, 1 - least);
  return std::log(kept / (1 - kept));
}

Result<std::vector<double>> interaction_contrast(std::span<const double> a1, std::span<const double> b1,
                                                 std::span<const double> a0, std::span<const double> b0,
                                                 ContrastScale scale, double observations) {
  const std::array arms{a1, b1, a0, b0};
  const bool logit = scale == ContrastScale::kLogit;
  if (logit && !(observations >= 1))
    return invalid_argument("the logit scale needs the number of observations behind each share");
  for (const auto& arm : arms) {
    AISCI_RETURN_IF_ERROR(detail::check_values(arm, 1));
    if (arm.size() != a1.size()) return invalid_argument("the four arms must have a value for each block");
    if (logit && !std::all_of(arm.begin(), arm.end(), [](double p) { return p >= 0 && p <= 1; }))
      return invalid_argument("a value outside [0, 1] has no logit");
  }
  const auto on_scale = [&](double value) { return logit ? clamped_logit(value, observations) : value; };
  std::vector<double> out;
  for (std::size_t i = 0; i < a1.size(); ++i) {
    out.push_back((on_scale(a1[i]) - on_scale(b1[i])) - (on_scale(a0[i]) - on_scale(b0[i])));
    if (!std::isfinite(out.back()))
      return invalid_argument("the contrast of block " + std::to_string(i) +
                              " is beyond the range of a double: divide the values by a power of ten");
  }
  return out;
}

}  // namespace aisci::statistics
