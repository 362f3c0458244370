#include <aisci/random.hpp>
#include <aisci/statistics/distributions.hpp>
#include <aisci/statistics/paired.hpp>
#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/checks.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {
namespace {

using detail::check_values;
using detail::is_share;
using detail::kInfinity;
using detail::Scaled;

constexpr std::size_t kExactFlips = 20;
constexpr std::size_t kMany = 200;  // values, above which a tenth of the draws does: the sums are all but normal there

int draws_for(std::size_t values) { return values <= kMany ? 100000 : 10000; }

// The sums of all sign assignments of `values`.
std::vector<double> signed_sums(std::span<const double> values) {
  std::vector<double> sums{0.0};
  for (const double value : values) {
    const std::size_t before = sums.size();
    for (std::size_t i = 0; i < before; ++i) {
      sums.push_back(sums[i] - value);
      sums[i] += value;
    }
  }
  return sums;
}

// How many of the 2^n assignments reach `observed`: sums of two halves, so that no rounding error builds up. As one
// half's sums rise, the other's that reach it with them only fall: two passes over 2^(n/2) sums instead of one over
// 2^n.
double exact_share(std::span<const double> values, double observed) {
  if (observed <= 0) return 1;  // all do
  auto left = signed_sums(values.first(values.size() / 2)), right = signed_sums(values.subspan(values.size() / 2));
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  double extreme = 0;
  auto low = right.end(), high = right.end();  // [begin, low) reach -observed, [high, end) observed
  for (const double sum : left) {
    while (low != right.begin() && sum + *(low - 1) > -observed) --low;
    while (high != right.begin() && sum + *(high - 1) >= observed) --high;
    extreme += static_cast<double>((low - right.begin()) + (right.end() - high));
  }
  return extreme / (static_cast<double>(left.size()) * static_cast<double>(right.size()));
}

double drawn_share(std::span<const double> values, double observed, std::uint64_t seed) {
  constexpr std::size_t kByte = 8, kWord = 64;
  std::vector<std::vector<double>> sums;  // of eight values, by the byte of their signs
  for (std::size_t i = 0; i < values.size(); i += kByte)
    sums.push_back(signed_sums(values.subspan(i, std::min(kByte, values.size() - i))));
  Random random{seed};
  const int draws = draws_for(values.size());
  int extreme = 1;  // the observed assignment is one of them
  for (int draw = 0; draw < draws; ++draw) {
    double sum = 0;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (i % (kWord / kByte) == 0) bits = random();
      sum += sums[i][bits & (sums[i].size() - 1)];
      bits >>= kByte;
    }
    extreme += std::abs(sum) >= observed ? 1 : 0;
  }
  return static_cast<double>(extreme) / (draws + 1);
}

// The noncentrality at which P(T <= t) = share; it falls as the noncentrality rises. At large t its interval is as wide
// as t.
double noncentrality_at(double t, double df, double share) {
  const auto f = [&](double delta) { return noncentral_t_cdf(t, df, delta) - share; };
  const double furthest = 1e6 * std::max(1.0, std::abs(t));
  double low = t - 1, high = t + 1;
  for (double step = 1; f(low) < 0 && step < furthest; step *= 2) low -= step;
  for (double step = 1; f(high) > 0 && step < furthest; step *= 2) high += step;
  return detail::find_root(low, high, f);
}

// The test of values whose squares are in range.
PairedT scaled_t(std::span<const double> differences, double confidence) {
  PairedT out;
  out.n = differences.size();
  const auto [mean, sd] = detail::moments(differences);
  out.mean = mean;
  out.sd = sd;
  out.df = static_cast<double>(out.n) - 1;
  if (out.n == 1) {
    out.lower = -kInfinity;
    out.upper = kInfinity;
    return out;
  }
  out.se = sd / std::sqrt(static_cast<double>(out.n));
  if (out.se == 0) {
    out.t = mean == 0 ? 0 : std::copysign(kInfinity, mean);
    out.p = mean == 0 ? 1 : 0;
    out.lower = out.upper = mean;
    return out;
  }
  out.t = mean / out.se;
  out.p = student_t_two_sided(out.t, out.df);
  const double half = student_t_quantile(0.5 + 0.5 * confidence, out.df) * out.se;
  out.lower = mean - half;
  out.upper = mean + half;
  return out;
}

}  // namespace

Result<PairedT> paired_t(std::span<const double> differences, double confidence) {
  AISCI_RETURN_IF_ERROR(check_values(differences, 1));
  if (!is_share(confidence)) return invalid_argument("the confidence must lie between 0 and 1");
  const Scaled scaled{differences};
  PairedT out = scaled_t(scaled.values(), confidence);
  if (out.n > 1) AISCI_RETURN_IF_ERROR(scaled.check(out.se, {out.mean, out.sd, out.lower, out.upper}));
  for (double* result : {&out.mean, &out.sd, &out.se, &out.lower, &out.upper}) *result = scaled.back(*result);
  return out;
}

Result<SignFlip> sign_flip(std::span<const double> differences, std::uint64_t seed) {
  AISCI_RETURN_IF_ERROR(check_values(differences, 1));
  const Scaled scaled{differences};
  const auto values = scaled.values();
  double sum = 0, size = 0;
  for (const double value : values) {
    sum += value;
    size += std::abs(value);
  }
  const double observed = std::abs(sum) - 1e-12 * size;  // sums of the same values in another order are ties
  SignFlip out;
  if (differences.size() <= kExactFlips) {
    out.p = exact_share(values, observed);
    out.smallest_p = std::ldexp(2.0, -static_cast<int>(differences.size()));
    return out;
  }
  out.exact = false;
  out.p = drawn_share(values, observed, seed);
  out.smallest_p = 1.0 / (draws_for(differences.size()) + 1);
  return out;
}

double hedges_correction(double degrees) {
  return degrees <= 1 ? 0
                      : std::exp(log_gamma(0.5 * degrees) - log_gamma(0.5 * (degrees - 1))) * std::sqrt(2 / degrees);
}

Result<StandardizedEffect> hedges_dz(std::span<const double> differences, double confidence) {
  AISCI_RETURN_IF_ERROR(check_values(differences, 2));
  if (!is_share(confidence)) return invalid_argument("the confidence must lie between 0 and 1");
  const Scaled scaled{differences};
  const auto [mean, sd] = detail::moments(scaled.values());
  if (sd == 0) return invalid_argument("the differences are all equal: a standardised effect is not defined");
  const double n = static_cast<double>(differences.size()), df = n - 1;
  StandardizedEffect out;
  out.correction = hedges_correction(df);
  out.d = mean / sd * out.correction;
  const double t = mean / sd * std::sqrt(n);
  out.lower = noncentrality_at(t, df, 0.5 + 0.5 * confidence) / std::sqrt(n);
  out.upper = noncentrality_at(t, df, 0.5 - 0.5 * confidence) / std::sqrt(n);
  return out;
}

Result<Equivalence> tost(std::span<const double> differences, double low, double high, double alpha) {
  AISCI_RETURN_IF_ERROR(check_values(differences, 2));
  if (!(low < high) || !std::isfinite(low) || !std::isfinite(high))
    return invalid_argument("the bounds must be finite, the lower one first");
  if (!(alpha > 0) || !(alpha < 0.5)) return invalid_argument("alpha must lie between 0 and 0.5");
  const Scaled scaled{differences};
  const PairedT test = scaled_t(scaled.values(), 1 - 2 * alpha);
  AISCI_RETURN_IF_ERROR(scaled.check(test.se, {test.lower, test.upper}));
  Equivalence out;
  if (test.se == 0) {
    out.p_lower = scaled.back(test.mean) > low ? 0 : 1;
    out.p_upper = scaled.back(test.mean) < high ? 0 : 1;
  } else {
    out.p_lower = student_t_tail((test.mean - scaled.into(low)) / test.se, test.df);
    out.p_upper = student_t_cdf((test.mean - scaled.into(high)) / test.se, test.df);
  }
  out.p = std::max(out.p_lower, out.p_upper);
  out.lower = scaled.back(test.lower);
  out.upper = scaled.back(test.upper);
  out.equivalent = out.p < alpha;
  return out;
}

}  // namespace aisci::statistics
