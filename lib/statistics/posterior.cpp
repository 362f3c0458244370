#include <aisci/statistics/posterior.hpp>
#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/checks.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {
namespace {

// In standard errors, what a prior's scale may be at most and at least: the squares of both stay in range.
constexpr double kWidestScale = 1e130, kNarrowestScale = 1e-130;

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

// A posterior in a unit in which its numbers can be squared: its own, or a power of two near the standard error.
struct Unit {
  int exponent;
  Density density;

  explicit Unit(const Posterior& of)
      : exponent{detail::unit_exponent(of.sample_se) == 0 && detail::unit_exponent(of.scale) == 0
                     ? 0
                     : std::ilogb(of.sample_se)},
        density{into(of.sample_mean), into(of.sample_se), of.df, into(of.scale)} {}
  double into(double x) const { return std::ldexp(x, -exponent); }
  double back(double x) const { return std::ldexp(x, exponent); }
};

}  // namespace

double Posterior::probability_above(double x) const {
  if (sample_se == 0) return sample_mean > x ? 1 : 0;
  const Unit unit{*this};
  const Density& density = unit.density;
  const double above = density.mass(unit.into(x), detail::kInfinity);
  return above / (above + density.mass(-detail::kInfinity, unit.into(x)));
}

double Posterior::probability_below(double x) const {
  if (sample_se == 0) return sample_mean < x ? 1 : 0;
  const Unit unit{*this};
  const Density& density = unit.density;
  const double below = density.mass(-detail::kInfinity, unit.into(x));
  return below / (below + density.mass(unit.into(x), detail::kInfinity));
}

double Posterior::probability_between(double low, double high) const {
  if (!(low < high)) return 0;
  if (sample_se == 0) return sample_mean > low && sample_mean < high ? 1 : 0;
  const Unit unit{*this};
  const Density& density = unit.density;
  low = unit.into(low);
  high = unit.into(high);
  const double between = density.mass(low, high);
  return between / (density.mass(-detail::kInfinity, low) + between + density.mass(high, detail::kInfinity));
}

double Posterior::quantile(double p) const {
  if (!detail::is_share(p)) return detail::kNaN;
  if (sample_se == 0) return sample_mean;
  const Unit unit{*this};
  const Density& density = unit.density;
  const double all = density.mass(-detail::kInfinity, detail::kInfinity);
  // The smaller tail, so that the far quantiles are as accurate as the near ones.
  const auto f = [&](double x) {
    return p <= 0.5 ? density.mass(-detail::kInfinity, x) / all - p
                    : (1 - p) - density.mass(x, detail::kInfinity) / all;
  };
  const double middle = unit.into(mean), width = unit.into(sd);
  double low = middle - width, high = middle + width;
  for (double step = width; f(low) > 0 && step < 1e9 * width; step *= 2) low -= step;
  for (double step = width; f(high) < 0 && step < 1e9 * width; step *= 2) high += step;
  return unit.back(detail::find_root(low, high, f));
}

Result<Posterior> posterior_paired(std::span<const double> differences, const ShrinkagePrior& prior) {
  AISCI_RETURN_IF_ERROR(detail::check_values(differences, 2));
  if (!(prior.scale >= 0) || !std::isfinite(prior.scale))
    return invalid_argument("the prior's scale must be finite and not negative");
  const detail::Scaled scaled{differences};
  const auto [mean, sd] = detail::moments(scaled.values());
  const double se = sd / std::sqrt(static_cast<double>(differences.size()));
  AISCI_RETURN_IF_ERROR(scaled.check(se, {mean, sd}));
  Posterior out;
  out.sample_mean = out.mean = scaled.back(mean);
  out.sample_se = scaled.back(se);
  out.df = static_cast<double>(differences.size()) - 1;
  out.scale = prior.scale > 0 ? prior.scale : scaled.back(sd / std::sqrt(2.0));
  if (sd == 0) return out;
  const double scale = scaled.into(out.scale);
  if (scale < kNarrowestScale * se)
    return invalid_argument(
        "the differences spread over more than 1e130 times the prior's scale: give both in the same unit");
  if (scale > kWidestScale * se) out.scale = scaled.back(kWidestScale * se);
  const Unit unit{out};
  const Density& density = unit.density;
  const auto all = [&](auto weight) { return density.integrate(-detail::kInfinity, detail::kInfinity, weight); };
  const double mass = density.mass(-detail::kInfinity, detail::kInfinity);
  const double centre = all([](double mu) { return mu; }) / mass;
  out.mean = unit.back(centre);
  out.sd = unit.back(std::sqrt(all([&](double mu) { return (mu - centre) * (mu - centre); }) / mass));
  return out;
}

}  // namespace aisci::statistics
