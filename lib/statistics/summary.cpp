#include <aisci/statistics/summary.hpp>
#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/checks.hpp"

namespace aisci::statistics {
namespace {

double of_sorted(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], place - static_cast<double>(below));
}

}  // namespace

Result<Summary> summarize(std::span<const double> values) {
  AISCI_RETURN_IF_ERROR(detail::check_values(values, 1));
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  Summary out;
  out.n = values.size();
  const detail::Scaled scaled{values};
  const auto [mean, sd] = detail::moments(scaled.values());
  const double se = sd / std::sqrt(static_cast<double>(out.n));
  AISCI_RETURN_IF_ERROR(scaled.check(se, {mean, sd}));
  out.mean = scaled.back(mean);
  out.sd = scaled.back(sd);
  out.se = scaled.back(se);
  out.minimum = sorted.front();
  out.lower_quartile = of_sorted(sorted, 0.25);
  out.median = of_sorted(sorted, 0.5);
  out.upper_quartile = of_sorted(sorted, 0.75);
  out.maximum = sorted.back();
  return out;
}

Result<double> quantile(std::span<const double> values, double p) {
  AISCI_RETURN_IF_ERROR(detail::check_values(values, 1));
  if (!(p >= 0 && p <= 1)) return invalid_argument("a quantile's place must lie in [0, 1]");
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return of_sorted(sorted, p);
}

}  // namespace aisci::statistics
