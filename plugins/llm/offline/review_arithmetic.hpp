// What reviewers compute again: means and spreads of scores, and when two numbers of a record are the same.
#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "document.hpp"

namespace aisci::offline {

constexpr double kSame = 1e-6;
constexpr double kNoSpread = 1e-12;  // of equal scores, rounding included

inline bool same(double a, double b) { return std::abs(a - b) <= kSame * std::max({1.0, std::abs(a), std::abs(b)}); }

inline std::vector<double> numbers_of(const json::object& object, std::string_view name) {
  std::vector<double> list;
  for (const auto& value : array_of(object, name))
    if (is_number(value)) list.push_back(as_number(value));
  return list;
}

inline double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

// The standard deviation, of a sample; 0 of fewer than two.
inline double spread_of(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

}  // namespace aisci::offline
