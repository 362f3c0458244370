#include <aisci/random.hpp>
#include <aisci/statistics/bootstrap.hpp>
#include <aisci/statistics/distributions.hpp>
#include <aisci/statistics/summary.hpp>
#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/checks.hpp"

namespace aisci::statistics {
namespace {

using Statistic = std::function<double(std::span<const double>)>;

// The statistic of each resample, or why one has none.
Result<std::vector<double>> resampled(std::span<const double> values, const Statistic& statistic,
                                      const BootstrapOptions& options) {
  Random random{options.seed};
  std::vector<double> sample(values.size()), out;
  for (std::size_t i = 0; i < options.resamples; ++i) {
    for (auto& value : sample) value = values[random.below(values.size())];
    out.push_back(statistic(sample));
    if (!std::isfinite(out.back())) return invalid_argument("the statistic is not finite on a resample");
  }
  return out;
}

// Efron's acceleration: the skewness of the jackknife's influence values over 6. 0 when they are all equal.
double acceleration(std::span<const double> values, const Statistic& statistic) {
  std::vector<double> without;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::vector<double> rest(values.begin(), values.end());
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    without.push_back(statistic(rest));
  }
  const detail::Scaled scaled{without};
  const auto [mean, sd] = detail::moments(scaled.values());
  if (sd == 0) return 0;
  double squares = 0, cubes = 0;
  for (const double value : scaled.values()) {
    const double influence = mean - value;
    squares += influence * influence;
    cubes += influence * influence * influence;
  }
  return cubes / (6 * std::pow(squares, 1.5));
}

}  // namespace

Result<BootstrapInterval> bootstrap(std::span<const double> values, const Statistic& statistic,
                                    const BootstrapOptions& options) {
  AISCI_RETURN_IF_ERROR(detail::check_values(values, 1));
  if (values.size() < kLeastBootstrapValues) {
    return failed_precondition(
        "a bootstrap of " + std::to_string(values.size()) +
        " values has intervals that are too short; it takes at least 20, and paired_t or wilcoxon fewer");
  }
  if (!statistic) return invalid_argument("no statistic was given");
  if (!detail::is_share(options.confidence)) return invalid_argument("the confidence must lie between 0 and 1");
  if (options.resamples < 100) return invalid_argument("at least 100 resamples are needed");
  BootstrapInterval out;
  out.estimate = statistic(values);
  if (!std::isfinite(out.estimate)) return invalid_argument("the statistic is not finite on the sample");
  AISCI_ASSIGN_OR_RETURN(const auto drawn, resampled(values, statistic, options));
  const detail::Scaled scaled{drawn};
  const double se = detail::moments(scaled.values()).sd;
  AISCI_RETURN_IF_ERROR(scaled.check(se));
  out.se = scaled.back(se);
  out.lower = out.upper = out.estimate;
  if (out.se == 0) return out;
  double low = 0.5 - 0.5 * options.confidence, high = 0.5 + 0.5 * options.confidence;
  if (options.method == BootstrapMethod::kBca) {
    double below = 0;
    for (const double value : drawn) below += value < out.estimate ? 1 : value == out.estimate ? 0.5 : 0;
    const double bias = normal_quantile(below / static_cast<double>(drawn.size()));
    if (!std::isfinite(bias))
      return invalid_argument("every resample lies on one side of the estimate: no BCa interval");
    const double a = acceleration(values, statistic);
    if (!std::isfinite(a)) return invalid_argument("the statistic is not finite when one value is left out");
    const auto corrected = [&](double p) {
      const double z = bias + normal_quantile(p);
      return normal_cdf(bias + z / (1 - a * z));
    };
    low = corrected(low);
    high = corrected(high);
  }
  AISCI_ASSIGN_OR_RETURN(out.lower, quantile(drawn, low));
  AISCI_ASSIGN_OR_RETURN(out.upper, quantile(drawn, high));
  return out;
}

Result<BootstrapInterval> bootstrap_mean(std::span<const double> values, const BootstrapOptions& options) {
  AISCI_RETURN_IF_ERROR(detail::check_values(values, 1));
  const detail::Scaled scaled{values};
  AISCI_ASSIGN_OR_RETURN(
      auto out,
      bootstrap(
          scaled.values(), [](std::span<const double> sample) { return detail::moments(sample).mean; }, options));
  AISCI_RETURN_IF_ERROR(scaled.check(out.se, {out.estimate, out.lower, out.upper}));
  for (double* result : {&out.estimate, &out.se, &out.lower, &out.upper}) *result = scaled.back(*result);
  return out;
}

}  // namespace aisci::statistics
