#include <aisci/statistics/distributions.hpp>

#include <cmath>
#include <initializer_list>
#include <limits>

namespace aisci::statistics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// std::lgamma writes the global signgam; the reentrant one does not.
double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  double c = 1.0;
  double d = 1.0 - (a + b) * x / (a + 1.0);
  d = 1.0 / (std::abs(d) < kTiny ? kTiny : d);
  double result = d;
  for (int m = 1; m < 10000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double change = 1.0;
    for (const double coefficient : {even, odd}) {
      d = 1.0 + coefficient * d;
      c = 1.0 + coefficient / c;
      if (std::abs(d) < kTiny) d = kTiny;
      if (std::abs(c) < kTiny) c = kTiny;
      d = 1.0 / d;
      change = c * d;
      result *= change;
    }
    if (std::abs(change - 1.0) < 1e-16) break;
  }
  return result;
}

}  // namespace

double incomplete_beta(double a, double b, double x) {
  if (!(a > 0) || !(b > 0) || !(x >= 0) || !(x <= 1)) return kNaN;
  if (x == 0 || x == 1) return x;
  const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1.0 - front * beta_fraction(b, a, 1.0 - x) / b;
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

double student_t_two_sided(double t, double df) {
  if (!(df > 0) || std::isnan(t)) return kNaN;
  if (std::isinf(t)) return 0;
  const double square = t * t;
  // Near the centre the complement is the accurate one.
  if (square < df) return 1.0 - incomplete_beta(0.5, 0.5 * df, square / (df + square));
  return incomplete_beta(0.5 * df, 0.5, df / (df + square));
}

double student_t_cdf(double t, double df) {
  const double tail = 0.5 * student_t_two_sided(t, df);
  return t > 0 ? 1.0 - tail : tail;
}

double student_t_quantile(double p, double df) {
  if (!(p >= 0) || !(p <= 1) || !(df > 0)) return kNaN;
  if (p == 0.5) return 0;
  if (p == 0 || p == 1) return p == 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  const double tail = 2.0 * (p < 0.5 ? p : 1.0 - p);
  double low = 0, high = 1;
  while (student_t_two_sided(high, df) > tail && high < 1e300) high *= 2;
  for (int i = 0; i < 200 && high - low > 1e-15 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (student_t_two_sided(middle, df) > tail ? low : high) = middle;
  }
  const double t = 0.5 * (low + high);
  return p < 0.5 ? -t : t;
}

double noncentral_t_cdf(double t, double df, double delta) {
  if (!(df > 0) || std::isnan(t) || std::isnan(delta)) return kNaN;
  if (t < 0) return 1.0 - noncentral_t_cdf(-t, df, -delta);
  const double x = t * t / (t * t + df);
  const double half = 0.5 * delta * delta;
  double result = normal_cdf(-delta);
  if (x <= 0) return result;
  // Poisson weights outward from the largest, so that a large noncentrality does not underflow to nothing.
  const auto log_weight = [&](double j) { return -half + j * std::log(half) - log_gamma(j + 1.0); };
  if (half == 0) return result + 0.5 * incomplete_beta(0.5, 0.5 * df, x);
  const auto term = [&](double j) {
    const double p = std::exp(log_weight(j));
    const double q = delta / std::sqrt(2.0) * std::exp(-half + j * std::log(half) - log_gamma(j + 1.5));
    return 0.5 * (p * incomplete_beta(j + 0.5, 0.5 * df, x) + q * incomplete_beta(j + 1.0, 0.5 * df, x));
  };
  const double centre = std::floor(half);
  for (double j = centre; j < centre + 5000; ++j) {
    const double value = term(j);
    result += value;
    if (std::abs(value) < 1e-17 && j > centre + 10) break;
  }
  for (double j = centre - 1; j >= 0; --j) {
    const double value = term(j);
    result += value;
    if (std::abs(value) < 1e-17 && j < centre - 10) break;
  }
  return result < 0 ? 0 : result > 1 ? 1 : result;
}

}  // namespace aisci::statistics
