#include <aisci/statistics/distributions.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "statistics/incomplete.hpp"
#include "statistics/noncentral_t.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {
namespace {

// Where the density of S = sqrt(chi^2_df / df) matters, cut so that it and Phi(t s - delta) are smooth on each piece.
std::vector<double> cuts(double t, double df, double delta) {
  const double width = 1 / std::sqrt(2 * df);
  const double low = std::max(0.0, 1 - 13 * width), high = 1 + 13 * width;
  std::vector<double> at{low, high};
  for (int i = 1; i < 104; ++i) at.push_back(low + (high - low) * i / 104);
  if (t != 0)
    for (int i = -36; i <= 36; ++i) at.push_back((delta + 0.25 * i) / t);
  // The density is s^(df - 1) at 0: panels that shrink towards it keep a fractional power accurate.
  if (low == 0)
    for (int i = 1; i <= 40; ++i) at.push_back(std::ldexp(high / 104, -i));
  std::erase_if(at, [&](double s) { return !(s >= low && s <= high); });
  std::sort(at.begin(), at.end());
  return at;
}

// Integral over the density of S of a weight, between the first and the last of some cuts.
template <typename Weight>
double over_spreads(const std::vector<double>& at, double df, const Weight& weight) {
  // The density is 2 a^a / Gamma(a) s^(2 a - 1) e^(-a s^2) with a = df / 2; written around its peak at s = 1, where for
  // large a those factors would cancel.
  const double a = 0.5 * df;
  const double log_constant = 0.5 * std::log(2 * a / std::numbers::pi) - detail::stirling_error(a);
  const auto f = [&](double s) {
    const double above = s - 1;
    const double density = std::exp(log_constant + a * (2 * std::log1p(above) - above * (2 + above))) / s;
    return density * weight(s);
  };
  double sum = 0;
  for (std::size_t i = 1; i < at.size(); ++i)
    if (at[i] > at[i - 1]) sum += detail::integrate_panel(at[i - 1], at[i], f);
  return std::clamp(sum, 0.0, 1.0);
}

// Integral over the density of S of Phi(sign (t s - delta)).
double mixture(double t, double df, double delta, double sign) {
  return over_spreads(cuts(t, df, delta), df, [&](double s) { return normal_cdf(sign * (t * s - delta)); });
}

double noncentral(double t, double df, double delta, double sign) {
  if (!(df >= 1) || std::isnan(t) || !std::isfinite(delta)) return detail::kNaN;
  if (std::isinf(t)) return (t > 0) == (sign > 0) ? 1 : 0;
  if (std::isinf(df)) return normal_cdf(sign * (t - delta));
  return mixture(t, df, delta, sign);
}

}  // namespace

double noncentral_t_cdf(double t, double df, double delta) { return noncentral(t, df, delta, 1); }
double noncentral_t_tail(double t, double df, double delta) { return noncentral(t, df, delta, -1); }

double detail::chance_inside(double critical, double df, double low, double high) {
  const double widest = (0.5 * high - 0.5 * low) / critical;  // a spread past which no interval fits
  if (!std::isnormal(widest)) return std::isinf(widest) && low < 0 && high > 0 ? 1 : 0;
  auto at = cuts(critical, df, high);
  const double last = at.back();
  const auto below = cuts(-critical, df, low);
  at.insert(at.end(), below.begin(), below.end());
  at.push_back(std::min(widest, last));
  std::erase_if(at, [&](double s) { return s > widest; });
  std::sort(at.begin(), at.end());
  return over_spreads(at, df, [&](double s) {
    const double from = low + critical * s, to = high - critical * s;
    // Far in the upper tail the difference of two values near 1 would be lost.
    return from > 0 ? normal_cdf(-from) - normal_cdf(-to) : normal_cdf(to) - normal_cdf(from);
  });
}

}  // namespace aisci::statistics
