// Input checks and moments that every part of the statistics shares.
#pragma once

#include <aisci/status.hpp>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>

namespace aisci::statistics::detail {

// OK, or INVALID_ARGUMENT for fewer than `least` values or one that is not finite.
inline Status check_values(std::span<const double> values, std::size_t least) {
  if (values.size() < least) {
    return invalid_argument(std::to_string(values.size()) + " values where at least " + std::to_string(least) +
                            " are needed");
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i])) return invalid_argument("value " + std::to_string(i) + " is not finite");
  return {};
}

// Strictly inside (0, 1); false for NaN.
inline bool is_share(double p) noexcept { return p > 0 && p < 1; }

struct Moments {
  double mean = 0;
  double sd = 0;  // denominator n - 1; 0 for a single value
};

// Two passes, the second correcting the first mean. The spread that rounding leaves in equal values counts as none.
inline Moments moments(std::span<const double> values) {
  Moments m;
  const double n = static_cast<double>(values.size());
  for (const double value : values) m.mean += value / n;
  double rest = 0;
  for (const double value : values) rest += value - m.mean;
  m.mean += rest / n;
  double squares = 0;
  for (const double value : values) squares += (value - m.mean) * (value - m.mean);
  m.sd = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0.0;
  if (m.sd <= 1e-14 * std::abs(m.mean)) m.sd = 0;
  return m;
}

}  // namespace aisci::statistics::detail
