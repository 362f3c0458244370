#include <aisci/statistics/distributions.hpp>
#include <aisci/statistics/power.hpp>
#include <algorithm>
#include <cmath>

#include "statistics/checks.hpp"
#include "statistics/noncentral_t.hpp"

namespace aisci::statistics {

namespace {
constexpr std::size_t kMostBlocks = 1000000;
}

Result<double> power_paired(std::size_t n, double delta, double sd, double alpha, bool two_sided) {
  if (n < 2) return invalid_argument("power needs at least two blocks");
  if (!std::isfinite(delta) || !std::isfinite(sd) || sd < 0)
    return invalid_argument("power needs a finite effect and a finite spread that is not negative");
  if (!detail::is_share(alpha)) return invalid_argument("alpha must lie between 0 and 1");
  const bool expected = two_sided ? delta != 0 : delta > 0;
  if (sd == 0) return delta == 0 ? alpha : expected ? 1.0 : 0.0;
  const double df = static_cast<double>(n) - 1;
  const double noncentrality = delta / sd * std::sqrt(static_cast<double>(n));
  if (std::isinf(noncentrality)) return expected ? 1.0 : 0.0;
  const double critical = -student_t_quantile(two_sided ? 0.5 * alpha : alpha, df);
  const double above = noncentral_t_tail(critical, df, noncentrality);
  return two_sided ? above + noncentral_t_cdf(-critical, df, noncentrality) : above;
}

Result<double> power_equivalence(std::size_t n, double limit, double sd, double alpha, double delta) {
  if (n < 2) return invalid_argument("power needs at least two blocks");
  if (!(limit > 0) || !std::isfinite(limit)) return invalid_argument("equivalence needs a positive, finite limit");
  if (!std::isfinite(delta) || !std::isfinite(sd) || sd < 0)
    return invalid_argument("power needs a finite effect and a finite spread that is not negative");
  if (!detail::is_share(alpha)) return invalid_argument("alpha must lie between 0 and 1");
  const double error = sd / std::sqrt(static_cast<double>(n));
  const double half = limit / error, away = delta / error;  // apart, so that no sum of two large numbers overflows
  if (!std::isfinite(half) || !std::isfinite(away)) return std::abs(delta) < limit ? 1.0 : 0.0;  // hardly any spread
  const double low = -half - away, high = half - away;
  const double df = static_cast<double>(n) - 1;
  return detail::chance_inside(-student_t_quantile(0.5 * alpha, df), df, low, high);
}

Result<std::size_t> blocks_needed(double delta, double sd, double alpha, double power, bool two_sided) {
  if (!detail::is_share(power)) return invalid_argument("the power must lie between 0 and 1");
  if (two_sided ? delta == 0 : !(delta > 0))
    return invalid_argument("no number of blocks detects an effect of 0, or one against a one-sided test");
  std::size_t low = 1, high = 2;
  for (;;) {
    AISCI_ASSIGN_OR_RETURN(const double reached, power_paired(high, delta, sd, alpha, two_sided));
    if (reached >= power) break;
    if (high >= kMostBlocks) return Status{StatusCode::kOutOfRange, "more than a million blocks would be needed"};
    low = high;
    high = std::min(2 * high, kMostBlocks);
  }
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    AISCI_ASSIGN_OR_RETURN(const double reached, power_paired(middle, delta, sd, alpha, two_sided));
    (reached >= power ? high : low) = middle;
  }
  return high;
}

}  // namespace aisci::statistics
