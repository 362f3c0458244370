#include <aisci/statistics/posterior.hpp>
#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/checks.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {
namespace {

// The unnormalised posterior density and the pieces on which it is smooth.
class Density {
 public:
  Density(double mean, double se, double df, double scale) : mean_{mean}, se_{se}, df_{df}, scale_{scale} {
    std::vector<double> steps;
    for (int i = 0; i <= 16; ++i) steps.push_back(0.5 * i);
    while (steps.back() < 1e13) steps.push_back(1.5 * steps.back());
    for (const double step : steps)
      for (const double sign : {-1.0, 1.0}) {
        cuts_.push_back(mean_ + sign * step * se_);
        cuts_.push_back(sign * step * scale_);
      }
    std::sort(cuts_.begin(), cuts_.end());
    highest_ = std::max(log_value(mean_), log_value(0));
  }

  double log_value(double mu) const {
    const double z = (mean_ - mu) / se_, u = mu / scale_;
    return -0.5 * (df_ + 1) * std::log1p(z * z / df_) - std::log1p(u * u);
  }
  double operator()(double mu) const { return std::exp(log_value(mu) - highest_); }

  // The integral of weight(mu) times the density over (low, high).
  template <typename Weight>
  double integrate(double low, double high, const Weight& weight) const {
    double sum = 0;
    for (std::size_t i = 1; i < cuts_.size(); ++i) {
      const double a = std::max(low, cuts_[i - 1]), b = std::min(high, cuts_[i]);
      if (a < b) sum += detail::integrate_panel(a, b, [&](double mu) { return weight(mu) * (*this)(mu); });
    }
    return sum;
  }
  double mass(double low, double high) const {
    return integrate(low, high, [](double) { return 1.0; });
  }

 private:
  double mean_, se_, df_, scale_, highest_ = 0;
  std::vector<double> cuts_;
};

}  // namespace

double Posterior::probability_above(double x) const {
  if (sample_se == 0) return sample_mean > x ? 1 : 0;
  const Density density{sample_mean, sample_se, df, scale};
  const double above = density.mass(x, detail::kInfinity);
  return above / (above + density.mass(-detail::kInfinity, x));
}

double Posterior::probability_below(double x) const {
  if (sample_se == 0) return sample_mean < x ? 1 : 0;
  const Density density{sample_mean, sample_se, df, scale};
  const double below = density.mass(-detail::kInfinity, x);
  return below / (below + density.mass(x, detail::kInfinity));
}

double Posterior::probability_between(double low, double high) const {
  if (!(low < high)) return 0;
  if (sample_se == 0) return sample_mean > low && sample_mean < high ? 1 : 0;
  const Density density{sample_mean, sample_se, df, scale};
  const double between = density.mass(low, high);
  return between / (density.mass(-detail::kInfinity, low) + between + density.mass(high, detail::kInfinity));
}

double Posterior::quantile(double p) const {
  if (!detail::is_share(p)) return detail::kNaN;
  if (sample_se == 0) return sample_mean;
  const Density density{sample_mean, sample_se, df, scale};
  const double all = density.mass(-detail::kInfinity, detail::kInfinity);
  // The smaller tail, so that the far quantiles are as accurate as the near ones.
  const auto f = [&](double x) {
    return p <= 0.5 ? density.mass(-detail::kInfinity, x) / all - p
                    : (1 - p) - density.mass(x, detail::kInfinity) / all;
  };
  double low = mean - sd, high = mean + sd;
  for (double step = sd; f(low) > 0 && step < 1e9 * sd; step *= 2) low -= step;
  for (double step = sd; f(high) < 0 && step < 1e9 * sd; step *= 2) high += step;
  return detail::find_root(low, high, f);
}

Result<Posterior> posterior_paired(std::span<const double> differences, const ShrinkagePrior& prior) {
  AISCI_RETURN_IF_ERROR(detail::check_values(differences, 2));
  if (!(prior.scale >= 0) || !std::isfinite(prior.scale))
    return invalid_argument("the prior's scale must be finite and not negative");
  const auto [mean, sd] = detail::moments(differences);
  const double n = static_cast<double>(differences.size());
  Posterior out;
  out.sample_mean = out.mean = mean;
  out.sample_se = sd / std::sqrt(n);
  out.df = n - 1;
  out.scale = prior.scale > 0 ? prior.scale : sd / std::sqrt(2.0);
  if (sd == 0) return out;
  const Density density{mean, out.sample_se, out.df, out.scale};
  const auto all = [&](auto weight) { return density.integrate(-detail::kInfinity, detail::kInfinity, weight); };
  const double mass = density.mass(-detail::kInfinity, detail::kInfinity);
  out.mean = all([](double mu) { return mu; }) / mass;
  out.sd = std::sqrt(all([&](double mu) { return (mu - out.mean) * (mu - out.mean); }) / mass);
  return out;
}

}  // namespace aisci::statistics
