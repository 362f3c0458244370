#include <aisci/statistics/distributions.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "statistics/incomplete.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {
namespace {

using detail::beta_share;
using detail::kInfinity;
using detail::kNaN;

enum class Share { kRising, kFalling };

// x > 0 with share(x) = target, for a share in (0, 1) that rises or falls with x: in logarithms of both, so that far
// tails and small x keep their relative accuracy.
template <typename F>
double solve_positive(double target, Share direction, const F& share) {
  const double sign = direction == Share::kRising ? 1 : -1;
  const auto f = [&](double u) {
    const double value = share(std::exp(u));
    return sign * (value > 0 ? std::log(value / target) : -1e3);
  };
  double low = -1, high = 1;
  while (low > -740 && f(low) > 0) low = std::max(2 * low, -740.0);
  while (high < 700 && f(high) < 0) high = std::min(2 * high, 700.0);
  const double u = detail::find_root(low, high, f);
  return std::isnan(u) ? kNaN : std::exp(u);
}

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }
double normal_tail(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }
double normal_density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi); }

double normal_quantile(double p) {
  if (!(p >= 0) || !(p <= 1)) return kNaN;
  if (p == 0 || p == 1) return p == 0 ? -kInfinity : kInfinity;
  if (p == 0.5) return 0;
  const double tail = p < 0.5 ? p : 1 - p;
  const double s = std::sqrt(-2 * std::log(tail));
  double z = s - (2.515517 + s * (0.802853 + s * 0.010328)) / (1 + s * (1.432788 + s * (0.189269 + s * 0.001308)));
  for (int i = 0; i < 4; ++i) {
    const double error = (normal_tail(z) - tail) / normal_density(z);
    z += error / (1 - 0.5 * z * error);
  }
  return p < 0.5 ? -z : z;
}

double student_t_two_sided(double t, double df) {
  if (!(df > 0) || std::isnan(t)) return kNaN;
  if (std::isinf(t)) return 0;
  if (std::isinf(df)) return 2 * normal_tail(std::abs(t));
  const double total = df + t * t;
  if (std::isinf(total)) {  // of the beta function only its first term is left, in logarithms: t^2 is out of range
    const double a = 0.5 * df;
    const double log_beta = log_gamma(a) + log_gamma(0.5) - log_gamma(a + 0.5);
    return std::exp(a * (std::log(df) - 2 * std::log(std::abs(t))) - std::log(a) - log_beta);
  }
  return beta_share(0.5 * df, 0.5, df / total, t * t / total);
}

double student_t_tail(double t, double df) {
  const double half = 0.5 * student_t_two_sided(t, df);
  return t >= 0 ? half : 1 - half;
}

double student_t_cdf(double t, double df) { return student_t_tail(-t, df); }

double student_t_quantile(double p, double df) {
  if (!(p >= 0) || !(p <= 1) || !(df > 0)) return kNaN;
  if (p == 0 || p == 1) return p == 0 ? -kInfinity : kInfinity;
  if (p == 0.5) return 0;
  if (std::isinf(df)) return normal_quantile(p);
  const double tail = p < 0.5 ? p : 1 - p;
  double t = 0;
  if (tail > 0.25) {  // near the centre the middle share is the accurate one
    const double middle = std::abs(2 * p - 1);
    t = solve_positive(middle, Share::kRising,
                       [&](double x) { return beta_share(0.5, 0.5 * df, x * x / (df + x * x), df / (df + x * x)); });
  } else {
    t = solve_positive(2 * tail, Share::kFalling, [&](double x) { return student_t_two_sided(x, df); });
  }
  return p < 0.5 ? -t : t;
}

double chi_squared_cdf(double x, double df) {
  if (!(df > 0) || std::isnan(x)) return kNaN;
  return x <= 0 ? 0 : incomplete_gamma(0.5 * df, 0.5 * x);
}

double chi_squared_tail(double x, double df) {
  if (!(df > 0) || std::isnan(x)) return kNaN;
  return x <= 0 ? 1 : incomplete_gamma_tail(0.5 * df, 0.5 * x);
}

double chi_squared_quantile(double p, double df) {
  if (!(p >= 0) || !(p <= 1) || !(df > 0)) return kNaN;
  if (p == 0 || p == 1) return p == 0 ? 0 : kInfinity;
  if (p <= 0.5) return solve_positive(p, Share::kRising, [&](double x) { return chi_squared_cdf(x, df); });
  return solve_positive(1 - p, Share::kFalling, [&](double x) { return chi_squared_tail(x, df); });
}

double f_cdf(double x, double df1, double df2) {
  if (!(df1 > 0) || !(df2 > 0) || std::isnan(x)) return kNaN;
  if (x <= 0) return 0;
  if (std::isinf(x)) return 1;
  const double total = df1 * x + df2;
  if (std::isinf(total)) return beta_share(0.5 * df1, 0.5 * df2, 1, df2 / df1 / x);
  return beta_share(0.5 * df1, 0.5 * df2, df1 * x / total, df2 / total);
}

double f_tail(double x, double df1, double df2) {
  if (!(df1 > 0) || !(df2 > 0) || std::isnan(x)) return kNaN;
  if (x <= 0) return 1;
  if (std::isinf(x)) return 0;
  const double total = df1 * x + df2;
  if (std::isinf(total)) return beta_share(0.5 * df2, 0.5 * df1, df2 / df1 / x, 1);
  return beta_share(0.5 * df2, 0.5 * df1, df2 / total, df1 * x / total);
}

double f_quantile(double p, double df1, double df2) {
  if (!(p >= 0) || !(p <= 1) || !(df1 > 0) || !(df2 > 0)) return kNaN;
  if (p == 0 || p == 1) return p == 0 ? 0 : kInfinity;
  if (p <= 0.5) return solve_positive(p, Share::kRising, [&](double x) { return f_cdf(x, df1, df2); });
  return solve_positive(1 - p, Share::kFalling, [&](double x) { return f_tail(x, df1, df2); });
}

}  // namespace aisci::statistics
