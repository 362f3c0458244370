// What an action may be expected to gain.
#pragma once

#include <aisci/mcts/search.hpp>

#include <cmath>

#include "mcts/surrogate.hpp"

namespace aisci::mcts {

// E[max(0, x)] of a normal x (expected improvement; Jones, Schonlau and Welch, J. Global Optimization 13, 1998).
inline double expected_gain(double mean, double sd) {
  if (sd <= 0) return mean > 0 ? mean : 0.0;
  const double z = mean / sd;
  if (z < -8) return 0;
  return mean * 0.5 * std::erfc(-z * 0.70710678118654752) + sd * 0.3989422804014327 * std::exp(-0.5 * z * z);
}

// The candidate to run; see Search::choose.
std::size_t screen(const Surrogate& surrogate, const Belief& belief, const std::vector<std::uint32_t>& pending, const std::vector<std::vector<double>>& candidates);

}  // namespace aisci::mcts
