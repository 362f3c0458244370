#include <aisci/random.hpp>
#include <aisci/statistics/distributions.hpp>
#include <aisci/statistics/two_sample.hpp>
#include <cmath>

#include "statistics/checks.hpp"
#include "statistics/numeric.hpp"
#include "statistics/ranks.hpp"

namespace aisci::statistics {
namespace {

constexpr std::size_t kExactRanks = 50;
constexpr double kExactSplits = 200000;
constexpr int kDraws = 100000;

Status check_both(std::span<const double> a, std::span<const double> b, std::size_t least) {
  if (const Status status = detail::check_values(a, least); !status.ok())
    return status.with_context("the first sample");
  if (const Status status = detail::check_values(b, least); !status.ok())
    return status.with_context("the second sample");
  return {};
}

std::vector<double> pooled(std::span<const double> a, std::span<const double> b) {
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

// How many choices of `chosen` of the values give each sum of (doubled) ranks.
std::vector<double> split_counts(const std::vector<std::size_t>& doubled, std::size_t chosen) {
  const std::size_t most = std::accumulate(doubled.begin(), doubled.end(), std::size_t{0});
  std::vector<std::vector<double>> counts(chosen + 1, std::vector<double>(most + 1, 0.0));
  counts[0][0] = 1;
  for (const std::size_t step : doubled)
    for (std::size_t k = chosen; k > 0; --k)
      for (std::size_t s = most + 1; s-- > step;) counts[k][s] += counts[k - 1][s - step];
  return std::move(counts[chosen]);
}

double choose(std::size_t n, std::size_t k) {
  double ways = 1;
  for (std::size_t i = 1; i <= k && ways <= kExactSplits; ++i)
    ways = ways * static_cast<double>(n - k + i) / static_cast<double>(i);
  return ways;
}

// How many splits have a sum at least as high, and at least as low, as the observed one.
struct Tails {
  double above = 0, below = 0;
  void count(double sum, double observed, double tolerance) {
    above += sum >= observed - tolerance ? 1 : 0;
    below += sum <= observed + tolerance ? 1 : 0;
  }
};

Tails all_splits(const std::vector<double>& values, std::size_t chosen, double observed, double tolerance) {
  Tails tails;
  std::vector<std::size_t> pick(chosen);
  std::iota(pick.begin(), pick.end(), std::size_t{0});
  for (;;) {
    double sum = 0;
    for (const std::size_t i : pick) sum += values[i];
    tails.count(sum, observed, tolerance);
    std::size_t place = chosen;
    while (place > 0 && pick[place - 1] == values.size() - chosen + place - 1) --place;
    if (place == 0) return tails;
    ++pick[place - 1];
    for (std::size_t i = place; i < chosen; ++i) pick[i] = pick[i - 1] + 1;
  }
}

Tails drawn_splits(std::vector<double> values, std::size_t chosen, double observed, double tolerance,
                   std::uint64_t seed) {
  Tails tails{1, 1};  // the observed split is one of them
  Random random{seed};
  for (int draw = 0; draw < kDraws; ++draw) {
    double sum = 0;
    for (std::size_t i = 0; i < chosen; ++i) {
      std::swap(values[i], values[i + random.below(values.size() - i)]);
      sum += values[i];
    }
    tails.count(sum, observed, tolerance);
  }
  return tails;
}

double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

// The test of samples whose squares are in range.
WelchT scaled_welch(std::span<const double> a, std::span<const double> b, double confidence) {
  const auto first = detail::moments(a), second = detail::moments(b);
  const double n_a = static_cast<double>(a.size()), n_b = static_cast<double>(b.size());
  const double v_a = first.sd * first.sd / n_a, v_b = second.sd * second.sd / n_b;
  WelchT out;
  out.difference = first.mean - second.mean;
  out.se = std::sqrt(v_a + v_b);
  if (out.se == 0) {
    out.df = n_a + n_b - 2;
    out.t = out.difference == 0 ? 0 : std::copysign(detail::kInfinity, out.difference);
    out.p = out.difference == 0 ? 1 : 0;
    out.lower = out.upper = out.difference;
    return out;
  }
  const double share = v_a / (v_a + v_b);
  out.df = 1 / (share * share / (n_a - 1) + (1 - share) * (1 - share) / (n_b - 1));
  out.t = out.difference / out.se;
  out.p = student_t_two_sided(out.t, out.df);
  const double half = student_t_quantile(0.5 + 0.5 * confidence, out.df) * out.se;
  out.lower = out.difference - half;
  out.upper = out.difference + half;
  return out;
}

}  // namespace

Result<WelchT> welch_t(std::span<const double> a, std::span<const double> b, double confidence) {
  AISCI_RETURN_IF_ERROR(check_both(a, b, 2));
  if (!detail::is_share(confidence)) return invalid_argument("the confidence must lie between 0 and 1");
  const auto all = pooled(a, b);
  const detail::Scaled scaled{all};
  WelchT out = scaled_welch(scaled.values().first(a.size()), scaled.values().subspan(a.size()), confidence);
  AISCI_RETURN_IF_ERROR(scaled.check(out.se, {out.difference, out.lower, out.upper}));
  for (double* result : {&out.difference, &out.se, &out.lower, &out.upper}) *result = scaled.back(*result);
  return out;
}

Result<MannWhitney> mann_whitney(std::span<const double> a, std::span<const double> b) {
  AISCI_RETURN_IF_ERROR(check_both(a, b, 1));
  const auto ranks = detail::rank(pooled(a, b));
  std::size_t sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += ranks.doubled[i];
  const double n_a = static_cast<double>(a.size()), n_b = static_cast<double>(b.size()), n = n_a + n_b;
  MannWhitney out;
  out.u = 0.5 * (static_cast<double>(sum) - n_a * (n_a + 1));
  out.delta = 2 * out.u / (n_a * n_b) - 1;
  out.exact = a.size() + b.size() <= kExactRanks;
  if (out.exact) {
    out.p = detail::two_sided(split_counts(ranks.doubled, a.size()), sum);
    return out;
  }
  const double variance = n_a * n_b / 12 * (n + 1 - ranks.ties / (n * (n - 1)));
  if (variance > 0)
    out.p = std::min(1.0, 2 * normal_tail((std::abs(out.u - 0.5 * n_a * n_b) - 0.5) / std::sqrt(variance)));
  return out;
}

Result<double> cliffs_delta(std::span<const double> a, std::span<const double> b) {
  AISCI_RETURN_IF_ERROR(check_both(a, b, 1));
  double sum = 0;
  for (const double x : a)
    for (const double y : b) sum += sign(x - y);
  return sum / (static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

Result<Permutation> permutation_two_sample(std::span<const double> a, std::span<const double> b, std::uint64_t seed) {
  AISCI_RETURN_IF_ERROR(check_both(a, b, 1));
  const auto all = pooled(a, b);
  const detail::Scaled scaled{all};
  std::vector<double> values(scaled.values().begin(), scaled.values().end());
  Permutation out;
  const double difference =
      detail::moments(scaled.values().first(a.size())).mean - detail::moments(scaled.values().subspan(a.size())).mean;
  AISCI_RETURN_IF_ERROR(scaled.check(0, {difference}));
  out.difference = scaled.back(difference);
  // The difference of means rises with the sum of the chosen values; deviations keep the sums small.
  const double centre = detail::moments(values).mean;
  double size = 0, observed = 0;
  for (auto& value : values) size += std::abs(value -= centre);
  for (std::size_t i = 0; i < a.size(); ++i) observed += values[i];
  const double tolerance = 1e-12 * (size + std::abs(centre));
  const double splits = choose(values.size(), a.size());
  out.exact = splits <= kExactSplits;
  const Tails tails = out.exact ? all_splits(values, a.size(), observed, tolerance)
                                : drawn_splits(values, a.size(), observed, tolerance, seed);
  const double total = out.exact ? splits : kDraws + 1;
  out.p = std::min(1.0, 2 * std::min(tails.above, tails.below) / total);
  out.smallest_p = std::min(1.0, 2 / total);
  return out;
}

}  // namespace aisci::statistics
