// What an action may be expected to gain.
#pragma once

#include <aisci/mcts/search.hpp>

#include <array>
#include <cmath>

#include "mcts/surrogate.hpp"

namespace aisci::mcts {

// E[max(0, x)] of a normal x (expected improvement; Jones, Schonlau and Welch, J. Global Optimization 13, 1998).
inline double exact_gain(double mean, double sd) {
  const double z = mean / sd;
  return mean * 0.5 * std::erfc(-z * 0.70710678118654752) + sd * 0.3989422804014327 * std::exp(-0.5 * z * z);
}

// The same from a table of the standard normal's, to a thousandth or better: decisions ask for hundreds of them.
inline double expected_gain(double mean, double sd) {
  if (!(sd > 0)) return mean > 0 ? mean : 0.0;
  constexpr int kSteps = 64, kLow = -8, kHigh = 6;
  static const auto table = [] {
    std::array<double, (kHigh - kLow) * kSteps + 2> values{};
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = exact_gain(kLow + static_cast<double>(i) / kSteps, 1.0);
    return values;
  }();
  const double z = mean / sd;
  if (!(z > kLow)) return 0;  // also for what is no number
  if (z >= kHigh) return mean;
  const double place = (z - kLow) * kSteps;
  const auto i = static_cast<std::size_t>(place);
  return sd * (table[i] + (place - static_cast<double>(i)) * (table[i + 1] - table[i]));
}

// The candidate to run; see Search::choose.
std::size_t screen(const Surrogate& surrogate, const Belief& belief, const std::vector<std::uint32_t>& pending,
                   const std::vector<std::vector<double>>& candidates);

}  // namespace aisci::mcts
