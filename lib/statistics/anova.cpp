#include <Eigen/Dense>
#include <aisci/statistics/anova.hpp>
#include <aisci/statistics/distributions.hpp>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "statistics/checks.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {
namespace {

// What is left of a sum of squares after this share of the total is rounding.
constexpr double kRounding = 1e-24;

// Each value's level as 0, 1, 2 ... and how many there are.
struct Levels {
  std::vector<int> index;
  int count = 0;
};

Levels number(std::span<const int> levels) {
  std::map<int, int> seen;
  for (const int level : levels) seen.emplace(level, 0);
  Levels out;
  for (auto& [level, index] : seen) index = out.count++;
  for (const int level : levels) out.index.push_back(seen[level]);
  return out;
}

Levels crossed(const Levels& a, const Levels& b) {
  Levels out{{}, a.count * b.count};
  for (std::size_t i = 0; i < a.index.size(); ++i) out.index.push_back(a.index[i] * b.count + b.index[i]);
  return out;
}

struct Fit {
  double rss = 0;
  double rank = 0;
};

// Least squares on the indicator columns of the factors: overcomplete on purpose, the pivoted QR finds the rank.
Fit fit(const Eigen::VectorXd& y, const std::vector<const Levels*>& factors) {
  Eigen::Index columns = 1;
  for (const auto* factor : factors) columns += factor->count;
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(y.size(), columns);
  x.col(0).setOnes();
  Eigen::Index first = 1;
  for (const auto* factor : factors) {
    for (Eigen::Index row = 0; row < y.size(); ++row) x(row, first + factor->index[static_cast<std::size_t>(row)]) = 1;
    first += factor->count;
  }
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr{x};
  const Eigen::VectorXd rotated = qr.householderQ().adjoint() * y;
  return {rotated.tail(y.size() - qr.rank()).squaredNorm(), static_cast<double>(qr.rank())};
}

AnovaTerm term(double squares, double df, double rss, double residual_df, double total) {
  AnovaTerm out;
  out.sum_of_squares = squares > kRounding * total ? squares : 0;
  out.df = df;
  if (out.sum_of_squares == 0 || df <= 0) return out;
  out.f = rss > 0 ? (out.sum_of_squares / df) / (rss / residual_df) : detail::kInfinity;
  out.p = f_tail(out.f, df, residual_df);
  out.partial_eta_squared = out.sum_of_squares / (out.sum_of_squares + rss);
  return out;
}

AnovaTerm between(const Fit& smaller, const Fit& larger, double rss, double residual_df, double total) {
  return term(smaller.rss - larger.rss, larger.rank - smaller.rank, rss, residual_df, total);
}

// The deviations from the mean; exact zeros when all values are equal.
Eigen::VectorXd deviations(std::span<const double> values) {
  const auto [mean, sd] = detail::moments(values);
  Eigen::VectorXd y(static_cast<Eigen::Index>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) y[static_cast<Eigen::Index>(i)] = sd == 0 ? 0 : values[i] - mean;
  return y;
}

Status check_levels(std::span<const double> values, std::span<const int> levels, const Levels& numbered) {
  if (levels.size() != values.size()) return invalid_argument("a factor must have a level for each value");
  if (numbered.count < 2) return invalid_argument("a factor needs at least two levels");
  return {};
}

}  // namespace

Result<OneFactorAnova> anova_one_factor(std::span<const double> values, std::span<const int> levels) {
  AISCI_RETURN_IF_ERROR(detail::check_values(values, 3));
  const Levels factor = number(levels);
  AISCI_RETURN_IF_ERROR(check_levels(values, levels, factor));
  OneFactorAnova out;
  out.residual_df = static_cast<double>(values.size()) - factor.count;
  if (out.residual_df < 1) return invalid_argument("no degrees of freedom are left: some level needs a second value");
  const auto y = deviations(values);
  const double total = y.squaredNorm();
  const Fit model = fit(y, {&factor});
  out.residual_sum_of_squares = model.rss > kRounding * total ? model.rss : 0;
  out.factor = term(total - model.rss, factor.count - 1, out.residual_sum_of_squares, out.residual_df, total);
  return out;
}

Result<TwoFactorAnova> anova_two_factor(std::span<const double> values, std::span<const int> a, std::span<const int> b,
                                        std::span<const int> blocks) {
  AISCI_RETURN_IF_ERROR(detail::check_values(values, 5));
  const Levels first = number(a), second = number(b), block = number(blocks);
  AISCI_RETURN_IF_ERROR(check_levels(values, a, first));
  AISCI_RETURN_IF_ERROR(check_levels(values, b, second));
  if (!blocks.empty()) AISCI_RETURN_IF_ERROR(check_levels(values, blocks, block));
  const Levels cells = crossed(first, second);
  std::vector<int> filled(static_cast<std::size_t>(cells.count), 0);
  for (const int cell : cells.index) filled[static_cast<std::size_t>(cell)] = 1;
  for (const int cell : filled)
    if (cell == 0) return invalid_argument("a combination of levels has no value");
  const auto y = deviations(values);
  const double total = y.squaredNorm();
  const auto with_blocks = [&](std::vector<const Levels*> factors) {
    if (!blocks.empty()) factors.push_back(&block);
    return fit(y, factors);
  };
  const Fit full = with_blocks({&cells}), additive = with_blocks({&first, &second});
  TwoFactorAnova out;
  out.residual_df = static_cast<double>(values.size()) - full.rank;
  if (out.residual_df < 1)
    return invalid_argument("no degrees of freedom are left: some combination of levels needs another value");
  const double rss = out.residual_sum_of_squares = full.rss > kRounding * total ? full.rss : 0;
  out.a = between(with_blocks({&second}), additive, rss, out.residual_df, total);
  out.b = between(with_blocks({&first}), additive, rss, out.residual_df, total);
  out.interaction = between(additive, full, rss, out.residual_df, total);
  if (!blocks.empty()) out.block = between(fit(y, {&cells}), full, rss, out.residual_df, total);
  return out;
}

}  // namespace aisci::statistics
