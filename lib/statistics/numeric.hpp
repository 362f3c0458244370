// Quadrature and root finding.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace aisci::statistics::detail {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

inline constexpr int kNodes = 16;
struct GaussLegendre {
  std::array<double, kNodes> node{}, weight{};
};

// Nodes and weights on [-1, 1]: roots of the Legendre polynomial by Newton's method from the usual cosine estimate.
inline const GaussLegendre& gauss_legendre() {
  static const GaussLegendre rule = [] {
    GaussLegendre r;
    for (int i = 0; i < kNodes; ++i) {
      double x = std::cos(std::numbers::pi * (i + 0.75) / (kNodes + 0.5));
      double slope = 1;
      for (int step = 0; step < 50; ++step) {
        double p = 1, before = 0;
        for (int k = 1; k <= kNodes; ++k) {
          const double next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
          before = p;
          p = next;
        }
        slope = kNodes * (x * p - before) / (x * x - 1);
        const double change = p / slope;
        x -= change;
        if (std::abs(change) < 1e-16) break;
      }
      r.node[static_cast<std::size_t>(i)] = x;
      r.weight[static_cast<std::size_t>(i)] = 2 / ((1 - x * x) * slope * slope);
    }
    return r;
  }();
  return rule;
}

// The integral of f over [low, high], one panel.
template <typename F>
double integrate_panel(double low, double high, const F& f) {
  const auto& rule = gauss_legendre();
  const double half = 0.5 * (high - low), middle = 0.5 * (high + low);
  double sum = 0;
  for (std::size_t i = 0; i < kNodes; ++i) sum += rule.weight[i] * f(middle + half * rule.node[i]);
  return sum * half;
}

// A root of a continuous monotone f in [low, high] whose ends have different signs, by Ridders' method (IEEE Trans.
// Circuits and Systems 26(11), 1979), which keeps the bracket; NaN when they do not.
template <typename F>
double find_root(double low, double high, const F& f) {
  double f_low = f(low), f_high = f(high);
  if (f_low == 0) return low;
  if (f_high == 0) return high;
  if (!(f_low * f_high < 0)) return kNaN;
  for (int step = 0; step < 200; ++step) {
    const double middle = 0.5 * (low + high);
    const double f_middle = f(middle);
    const double root = std::sqrt(f_middle * f_middle - f_low * f_high);
    if (f_middle == 0 || root == 0) return middle;
    const double x = middle + (middle - low) * (f_low > f_high ? 1 : -1) * f_middle / root;
    const double f_x = f(x);
    if (f_x == 0) return x;
    if ((f_middle < 0) != (f_x < 0)) {
      low = middle, f_low = f_middle;
      high = x, f_high = f_x;
    } else if ((f_low < 0) != (f_x < 0)) {
      high = x, f_high = f_x;
    } else {
      low = x, f_low = f_x;
    }
    if (low > high) std::swap(low, high), std::swap(f_low, f_high);
    if (high - low <= 4e-16 * (std::abs(low) + std::abs(high))) break;
  }
  return std::abs(f_low) < std::abs(f_high) ? low : high;
}

}  // namespace aisci::statistics::detail
