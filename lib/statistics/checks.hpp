// Input checks, the scaling of extreme data and the moments that every part of the statistics shares.
#pragma once

#include <aisci/status.hpp>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <vector>

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

// The power of two to divide by before numbers of this size are squared; 0 where neither they nor what rounding leaves
// of their differences can overflow or vanish in squares and cubes.
inline int unit_exponent(double size) noexcept {
  constexpr int kSafe = 200;
  if (size == 0) return 0;
  const int exponent = std::ilogb(size);
  return exponent > kSafe || exponent < -kSafe ? exponent : 0;
}

inline double largest_size(std::span<const double> values) noexcept {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

// Finite values in a unit in which they can be squared: themselves where they can, else divided by a power of two,
// which is exact.
class Scaled {
 public:
  explicit Scaled(std::span<const double> values) : values_{values}, exponent_{unit_exponent(largest_size(values))} {
    if (exponent_ == 0) return;
    for (const double value : values) own_.push_back(into(value));
    values_ = own_;
  }
  Scaled(const Scaled&) = delete;
  Scaled& operator=(const Scaled&) = delete;

  std::span<const double> values() const noexcept { return values_; }
  double into(double value) const noexcept { return exponent_ == 0 ? value : std::ldexp(value, -exponent_); }
  double back(double value) const noexcept { return exponent_ == 0 ? value : std::ldexp(value, exponent_); }

  // INVALID_ARGUMENT when in the caller's unit a spread vanishes or one of the results is no finite number.
  Status check(double spread, std::initializer_list<double> results = {}) const {
    const bool vanishes = spread > 0 && back(spread) < std::numeric_limits<double>::min();
    bool overflows = !std::isfinite(back(spread));
    for (const double result : results) overflows = overflows || !std::isfinite(back(result));
    if (!vanishes && !overflows) return {};
    return invalid_argument(std::string{"the values are too "} + (overflows ? "large" : "small") +
                            ": their spread or an interval leaves the range of a double (2.2e-308 to 1.8e308); " +
                            (overflows ? "divide" : "multiply") + " them by a power of ten");
  }

 private:
  std::vector<double> own_;
  std::span<const double> values_;
  int exponent_;
};

struct Moments {
  double mean = 0;
  double sd = 0;  // denominator n - 1; 0 for a single value
};

// Two passes, the second correcting the first mean. The spread that rounding leaves in equal values counts as none.
// Only of values whose squares are in range, such as Scaled ones.
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
