#include <aisci/random.hpp>
#include <aisci/statistics/distributions.hpp>
#include <aisci/statistics/statistics.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace aisci::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kExactFlips = 20;
constexpr int kDraws = 100000;

Status check(std::span<const double> values, std::size_t least) {
  if (values.size() < least) return invalid_argument(std::to_string(values.size()) + " values where at least " + std::to_string(least) + " are needed");
  for (const double value : values)
    if (!std::isfinite(value)) return invalid_argument("a value is not finite");
  return {};
}

struct Moments {
  double mean = 0, sd = 0;
};

Moments moments(std::span<const double> values) {
  Moments m;
  const double n = static_cast<double>(values.size());
  m.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - m.mean) * (value - m.mean);
  m.sd = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0.0;
  // What is left of equal values after rounding is no spread.
  if (m.sd <= 1e-14 * std::abs(m.mean)) m.sd = 0;
  return m;
}

}  // namespace

Result<PairedT> paired_t(std::span<const double> differences, double confidence) {
  AISCI_RETURN_IF_ERROR(check(differences, 1));
  if (!(confidence > 0) || !(confidence < 1)) return invalid_argument("the confidence must lie between 0 and 1");
  PairedT out;
  out.n = differences.size();
  const auto [mean, sd] = moments(differences);
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

Result<SignFlip> sign_flip(std::span<const double> differences, std::uint64_t seed) {
  AISCI_RETURN_IF_ERROR(check(differences, 1));
  const std::size_t n = differences.size();
  const double sum = std::accumulate(differences.begin(), differences.end(), 0.0);
  double size = 0;
  for (const double value : differences) size += std::abs(value);
  const double observed = std::abs(sum) - 1e-12 * size;  // sums of the same values in another order are ties
  SignFlip out;
  out.smallest_p = std::min(1.0, std::ldexp(2.0, -static_cast<int>(std::min<std::size_t>(n, 1000))));
  if (n <= kExactFlips) {
    std::uint64_t extreme = 0;
    const std::uint64_t all = std::uint64_t{1} << n;
    for (std::uint64_t signs = 0; signs < all; ++signs) {
      double flipped = 0;
      for (std::size_t i = 0; i < n; ++i) flipped += (signs >> i & 1) ? -differences[i] : differences[i];
      extreme += std::abs(flipped) >= observed ? 1 : 0;
    }
    out.p = static_cast<double>(extreme) / static_cast<double>(all);
    return out;
  }
  out.exact = false;
  Random random{seed};
  int extreme = 1;  // the observed assignment is one of them
  for (int draw = 0; draw < kDraws; ++draw) {
    double flipped = 0;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (i % 64 == 0) bits = random();
      flipped += (bits >> (i % 64) & 1) ? -differences[i] : differences[i];
    }
    extreme += std::abs(flipped) >= observed ? 1 : 0;
  }
  out.p = static_cast<double>(extreme) / (kDraws + 1);
  return out;
}

Result<StandardizedEffect> hedges_dz(std::span<const double> differences) {
  AISCI_RETURN_IF_ERROR(check(differences, 2));
  const auto [mean, sd] = moments(differences);
  if (sd == 0) return invalid_argument("the differences are all equal: a standardised effect is not defined");
  const double df = static_cast<double>(differences.size()) - 1;
  int sign = 0;
  // J(1) has a pole in its gamma form; with two values the correction is taken as its limit 0 from df -> 1.
  const double correction = df <= 1 ? 0 : std::exp(::lgamma_r(0.5 * df, &sign) - ::lgamma_r(0.5 * (df - 1), &sign)) * std::sqrt(2.0 / df);
  return StandardizedEffect{mean / sd * correction, correction};
}

Result<double> power_paired(std::size_t n, double delta, double sd, double alpha) {
  if (n < 2 || !(sd > 0) || !std::isfinite(delta) || !(alpha > 0) || !(alpha < 1)) return invalid_argument("power needs n >= 2, sd > 0 and alpha between 0 and 1");
  const double df = static_cast<double>(n) - 1;
  const double noncentrality = delta / sd * std::sqrt(static_cast<double>(n));
  const double critical = student_t_quantile(1 - 0.5 * alpha, df);
  return 1 - noncentral_t_cdf(critical, df, noncentrality) + noncentral_t_cdf(-critical, df, noncentrality);
}

Result<std::size_t> blocks_needed(double delta, double sd, double alpha, double power) {
  if (delta == 0 || !(power > 0) || !(power < 1)) return invalid_argument("blocks needed: the effect must not be 0 and the power must lie between 0 and 1");
  std::size_t low = 1, high = 2;
  for (;;) {
    AISCI_ASSIGN_OR_RETURN(const double reached, power_paired(high, delta, sd, alpha));
    if (reached >= power) break;
    low = high;
    high *= 2;
    if (high > 1000000) return Status{StatusCode::kOutOfRange, "more than a million blocks would be needed"};
  }
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    AISCI_ASSIGN_OR_RETURN(const double reached, power_paired(middle, delta, sd, alpha));
    (reached >= power ? high : low) = middle;
  }
  return high;
}

double Posterior::probability_above(double x) const {
  if (sd == 0) return mean > x ? 1 : 0;
  return student_t_cdf((mean - x) / sd, df);
}
double Posterior::probability_below(double x) const {
  if (sd == 0) return mean < x ? 1 : 0;
  return student_t_cdf((x - mean) / sd, df);
}

Result<Posterior> posterior_paired(std::span<const double> differences, const ShrinkagePrior& prior) {
  AISCI_RETURN_IF_ERROR(check(differences, 2));
  if (!(prior.scale > 0)) return invalid_argument("the prior's scale must be positive");
  const auto [mean, sd] = moments(differences);
  const double n = static_cast<double>(differences.size());
  const double variance = sd * sd / n;
  const double prior_variance = 16 * prior.scale * prior.scale;
  const double weight = prior_variance / (prior_variance + variance);
  return Posterior{weight * mean, std::sqrt(weight * variance), n - 1};
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(p.size() - rank) * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

const char* to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSupported: return "supported";
    case Verdict::kRefuted: return "refuted";
    case Verdict::kEquivalent: return "equivalent";
    case Verdict::kInconclusive: return "inconclusive";
  }
  return "inconclusive";
}

Verdict verdict(double lower, double upper, double smallest_effect) {
  if (upper < smallest_effect) return lower > -smallest_effect ? Verdict::kEquivalent : Verdict::kRefuted;
  return lower > 0 ? Verdict::kSupported : Verdict::kInconclusive;
}

}  // namespace aisci::statistics
