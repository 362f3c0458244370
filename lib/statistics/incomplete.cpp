// Gamma and beta functions.
#include <aisci/statistics/distributions.hpp>
#include <cmath>
#include <numbers>

#include "statistics/incomplete.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {
namespace {

using detail::kNaN;
using detail::stirling_error;

constexpr double kHalfLogTwoPi = 0.91893853320467274178;
constexpr double kStirlingFrom = 15;
constexpr int kMostTerms = 200000;

// ln Gamma(z + 1) - (z + 1/2) ln z + z - ln(2 pi)/2 for large z: the tail of Stirling's series.
double stirling_series(double z) {
  const double s = 1 / (z * z);
  return (1.0 / 12 -
          s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s * (691.0 / 360360 - s / 156)))))) /
         z;
}

// x ln(x / m) + m - x without cancellation near x = m (Loader's deviance term).
double deviance(double x, double m) {
  if (std::abs(x - m) >= 0.1 * (x + m)) return x * std::log(x / m) + m - x;
  const double v = (x - m) / (x + m);
  double sum = (x - m) * v, term = 2 * x * v;
  for (int j = 1; j < 1000; ++j) {
    term *= v * v;
    const double next = sum + term / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  const auto kept = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1, d = 1 / kept(1 - (a + b) * x / (a + 1)), result = d;
  for (int m = 1; m < kMostTerms; ++m) {
    const double twice = a + 2.0 * m;
    const double even = m * (b - m) * x / ((twice - 1) * twice);
    const double odd = -(a + m) * (a + b + m) * x / (twice * (twice + 1));
    double change = 1;
    for (const double coefficient : {even, odd}) {
      d = 1 / kept(1 + coefficient * d);
      c = kept(1 + coefficient / c);
      change = c * d;
      result *= change;
    }
    if (std::abs(change - 1) < 2e-16) break;
  }
  return result;
}

// x^a e^-x / Gamma(a + 1)
double gamma_front(double a, double x) {
  return std::exp(-stirling_error(a) - deviance(a, x)) / std::sqrt(2 * std::numbers::pi * a);
}

double gamma_series(double a, double x) {
  double term = 1, sum = 1;
  for (int k = 1; k < kMostTerms && term > 1e-17 * sum; ++k) sum += term *= x / (a + k);
  return gamma_front(a, x) * sum;
}

double gamma_fraction(double a, double x) {
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a, c = 1 / kTiny, d = 1 / b, result = d;
  for (int k = 1; k < kMostTerms; ++k) {
    const double coefficient = -k * (k - a);
    b += 2;
    d = coefficient * d + b;
    c = b + coefficient / c;
    if (std::abs(d) < kTiny) d = kTiny;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    result *= c * d;
    if (std::abs(c * d - 1) < 2e-16) break;
  }
  return gamma_front(a, x) * a * result;
}

}  // namespace

double log_gamma(double x) {
  if (!(x > 0)) return kNaN;
  double product = 1;
  while (x < kStirlingFrom) product *= x++;
  return (x - 0.5) * std::log(x) - x + kHalfLogTwoPi + stirling_series(x) - std::log(product);
}

namespace detail {

double stirling_error(double z) {
  if (z >= kStirlingFrom) return stirling_series(z);
  return log_gamma(z + 1) - (z + 0.5) * std::log(z) + z - kHalfLogTwoPi;
}

double beta_share(double a, double b, double x, double y) {
  if (!(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0)) return kNaN;
  if (x == 0) return 0;
  if (y == 0) return 1;
  const double n = a + b;
  const double log_front =
      stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x) - deviance(b, n * y);
  // Gamma(a + b) / (Gamma(a) Gamma(b)) x^a y^b
  const double front = std::exp(log_front) * std::sqrt(n / (2 * std::numbers::pi * a * b)) * (a * b / n);
  if (x <= (a + 1) / (n + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, y) / b;
}

}  // namespace detail

double incomplete_beta(double a, double b, double x) { return detail::beta_share(a, b, x, 1 - x); }

double incomplete_gamma(double a, double x) {
  if (!(a > 0) || !(x >= 0)) return kNaN;
  if (x == 0) return 0;
  if (std::isinf(x)) return 1;
  return x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x);
}

double incomplete_gamma_tail(double a, double x) {
  if (!(a > 0) || !(x >= 0)) return kNaN;
  if (x == 0) return 1;
  if (std::isinf(x)) return 0;
  return x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x);
}

}  // namespace aisci::statistics
