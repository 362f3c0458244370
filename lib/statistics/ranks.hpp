// Ranks with ties, in whole numbers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace aisci::statistics::detail {

struct Ranks {
  std::vector<std::size_t> doubled;  // twice the midrank of each value, so that a tie's half ranks stay whole
  double ties = 0;                   // sum of t^3 - t over groups of t equal values
};

inline Ranks rank(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  Ranks out;
  out.doubled.resize(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first + 1;
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    for (std::size_t i = first; i < last; ++i) out.doubled[order[i]] = first + 1 + last;
    const double t = static_cast<double>(last - first);
    out.ties += t * t * t - t;
    first = last;
  }
  return out;
}

// Two-sided p of `at` under the counts of a whole null distribution: twice the smaller tail, at most 1. Counts are
// exact up to 2^53.
inline double two_sided(const std::vector<double>& counts, std::size_t at) {
  double below = 0, above = 0, all = 0;
  for (std::size_t s = 0; s < counts.size(); ++s) {
    all += counts[s];
    if (s <= at) below += counts[s];
    if (s >= at) above += counts[s];
  }
  return std::min(1.0, 2 * std::min(below, above) / all);
}

}  // namespace aisci::statistics::detail
