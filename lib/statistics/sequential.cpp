#include <aisci/statistics/sequential.hpp>
#include <algorithm>
#include <cmath>

#include "statistics/checks.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {

SequentialMean::SequentialMean(double confidence, double prior_sd) noexcept
    : confidence_{detail::is_share(confidence) ? confidence : 0.95},
      g_{prior_sd > 0 && std::isfinite(prior_sd) ? prior_sd * prior_sd : 1.0} {}

Status SequentialMean::add(double difference) {
  if (!std::isfinite(difference)) return invalid_argument("a difference is not finite");
  ++n_;
  const double step = difference - mean_;
  mean_ += step / static_cast<double>(n_);
  squares_ += step * (difference - mean_);
  largest_ = std::max(largest_, e_value(0.0));
  return {};
}

double SequentialMean::e_value(double m) const {
  if (n_ < 2 || std::isnan(m)) return 1;
  const double n = static_cast<double>(n_), r = 1 + n * g_;
  // Spread that rounding leaves in equal values counts as none.
  const double squares = squares_ > 1e-28 * n * mean_ * mean_ ? squares_ : 0;
  const double distance = n * (mean_ - m) * (mean_ - m);
  if (squares == 0) return mean_ == m ? 1 / std::sqrt(r) : std::exp(0.5 * (n - 1) * std::log(r));
  const double z = distance / squares;  // t^2 / (n - 1)
  if (std::isinf(z)) return std::exp(0.5 * (n - 1) * std::log(r));
  return std::exp(-0.5 * std::log(r) + 0.5 * n * (std::log1p(z) - std::log1p(z / r)));
}

SequentialInterval SequentialMean::interval() const {
  SequentialInterval out;
  if (n_ < 2) return out;
  const double n = static_cast<double>(n_), r = 1 + n * g_;
  const double bound = std::exp((std::log(r) - 2 * std::log(1 - confidence_)) / n);
  if (bound >= r) return out;
  const double half = std::sqrt((bound - 1) / (1 - bound / r) * squares_ / n);
  out.lower = mean_ - half;
  out.upper = mean_ + half;
  return out;
}

double SequentialMean::anytime_p() const noexcept { return 1 / largest_; }

Result<std::vector<SequentialInterval>> confidence_sequence(std::span<const double> differences, double confidence,
                                                            double prior_sd) {
  AISCI_RETURN_IF_ERROR(detail::check_values(differences, 0));
  if (!detail::is_share(confidence)) return invalid_argument("the confidence must lie between 0 and 1");
  if (!(prior_sd > 0) || !std::isfinite(prior_sd))
    return invalid_argument("the prior's spread must be positive and finite");
  SequentialMean mean{confidence, prior_sd};
  std::vector<SequentialInterval> out;
  for (const double difference : differences) {
    AISCI_RETURN_IF_ERROR(mean.add(difference));
    out.push_back(mean.interval());
  }
  return out;
}

}  // namespace aisci::statistics
