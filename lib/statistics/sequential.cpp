#include <aisci/statistics/sequential.hpp>
#include <algorithm>
#include <cmath>

#include "statistics/checks.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {
namespace {

// Its square is in range.
bool is_prior(double sd) { return sd >= 1e-100 && sd <= 1e100; }

}  // namespace

SequentialMean::SequentialMean(double confidence, double prior_sd) noexcept
    : confidence_{detail::is_share(confidence) ? confidence : 0.95},
      g_{is_prior(prior_sd) ? prior_sd * prior_sd : 1.0} {}

Status SequentialMean::add(double difference) {
  if (!std::isfinite(difference)) return invalid_argument("a difference is not finite");
  ++n_;
  if (const int exponent = detail::unit_exponent(std::abs(difference));
      difference != 0 && (!any_ || exponent > exponent_)) {
    mean_ = std::ldexp(mean_, exponent_ - exponent);
    squares_ = std::ldexp(squares_, 2 * (exponent_ - exponent));
    exponent_ = exponent;
    any_ = true;
  }
  const double value = std::ldexp(difference, -exponent_), step = value - mean_;
  mean_ += step / static_cast<double>(n_);
  squares_ += step * (value - mean_);
  largest_ = std::max(largest_, e_value(0.0));
  return {};
}

double SequentialMean::e_value(double m) const {
  if (n_ < 2 || std::isnan(m)) return 1;
  const double n = static_cast<double>(n_), r = 1 + n * g_;
  // Spread that rounding leaves in equal values counts as none.
  const double squares = squares_ > 1e-28 * n * mean_ * mean_ ? squares_ : 0;
  const double away = mean_ - std::ldexp(m, -exponent_), distance = n * away * away;
  if (squares == 0) return mean() == m ? 1 / std::sqrt(r) : std::exp(0.5 * (n - 1) * std::log(r));
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
  out.lower = std::ldexp(mean_ - half, exponent_);
  out.upper = std::ldexp(mean_ + half, exponent_);
  return out;
}

double SequentialMean::mean() const noexcept { return std::ldexp(mean_, exponent_); }
double SequentialMean::anytime_p() const noexcept { return 1 / largest_; }

Result<std::vector<SequentialInterval>> confidence_sequence(std::span<const double> differences, double confidence,
                                                            double prior_sd) {
  AISCI_RETURN_IF_ERROR(detail::check_values(differences, 0));
  if (!detail::is_share(confidence)) return invalid_argument("the confidence must lie between 0 and 1");
  if (!is_prior(prior_sd)) return invalid_argument("the prior's spread must lie between 1e-100 and 1e100");
  SequentialMean mean{confidence, prior_sd};
  std::vector<SequentialInterval> out;
  for (const double difference : differences) {
    AISCI_RETURN_IF_ERROR(mean.add(difference));
    out.push_back(mean.interval());
  }
  return out;
}

}  // namespace aisci::statistics
