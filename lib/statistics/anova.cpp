#include <Eigen/Dense>
#include <aisci/statistics/anova.hpp>
#include <aisci/statistics/distributions.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "statistics/checks.hpp"
#include "statistics/numeric.hpp"

namespace aisci::statistics {
namespace {

// What is left of a sum of squares after this share of the total is rounding.
constexpr double kRounding = 1e-24;

// Numbers in the matrix of two factors' indicator columns: 256 MB.
constexpr double kLargestTable = 1 << 25;

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

// The deviations from the mean, exact zeros when all values are equal; INVALID_ARGUMENT when their squares, which a
// table tells in the caller's unit, are beyond a double's range.
Result<Eigen::VectorXd> deviations(std::span<const double> values) {
  const detail::Scaled scaled{values};
  const auto [mean, sd] = detail::moments(scaled.values());
  Eigen::VectorXd y(static_cast<Eigen::Index>(values.size()));
  for (Eigen::Index i = 0; i < y.size(); ++i)
    y[i] = sd == 0 ? 0 : scaled.back(scaled.values()[static_cast<std::size_t>(i)] - mean);
  const double total = y.squaredNorm();
  if (sd > 0 && !(total * kRounding >= std::numeric_limits<double>::min() && std::isfinite(total)))
    return invalid_argument(
        "the squares of the values leave the range of a double (2.2e-308 to 1.8e308): multiply or divide the values by "
        "a power of ten");
  return y;
}

// What the levels of one factor leave of each deviation: the least squares fit is the mean of each level.
Eigen::VectorXd within(const Eigen::VectorXd& y, const Levels& factor) {
  std::vector<double> mean(static_cast<std::size_t>(factor.count), 0.0), count = mean;
  Eigen::VectorXd rest = y;
  for (const int level : factor.index) ++count[static_cast<std::size_t>(level)];
  for (int pass = 0; pass < 2; ++pass) {  // the second corrects the first mean
    std::fill(mean.begin(), mean.end(), 0.0);
    const auto level_of = [&](Eigen::Index row) {
      return static_cast<std::size_t>(factor.index[static_cast<std::size_t>(row)]);
    };
    for (Eigen::Index row = 0; row < rest.size(); ++row) mean[level_of(row)] += rest[row] / count[level_of(row)];
    for (Eigen::Index row = 0; row < rest.size(); ++row) rest[row] -= mean[level_of(row)];
  }
  return rest;
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
  AISCI_ASSIGN_OR_RETURN(const auto y, deviations(values));
  const double total = y.squaredNorm();
  const auto rest = within(y, factor);
  const double rss = rest.squaredNorm();
  out.residual_sum_of_squares = rss > kRounding * total ? rss : 0;
  out.factor = term((y - rest).squaredNorm(), factor.count - 1, out.residual_sum_of_squares, out.residual_df, total);
  return out;
}

Result<TwoFactorAnova> anova_two_factor(std::span<const double> values, std::span<const int> a, std::span<const int> b,
                                        std::span<const int> blocks) {
  AISCI_RETURN_IF_ERROR(detail::check_values(values, 5));
  const Levels first = number(a), second = number(b), block = number(blocks);
  AISCI_RETURN_IF_ERROR(check_levels(values, a, first));
  AISCI_RETURN_IF_ERROR(check_levels(values, b, second));
  if (!blocks.empty()) AISCI_RETURN_IF_ERROR(check_levels(values, blocks, block));
  const auto combinations = static_cast<std::int64_t>(first.count) * second.count;
  if (combinations > static_cast<std::int64_t>(values.size()))
    return invalid_argument("a combination of levels has no value");
  if (static_cast<double>(combinations + block.count) * static_cast<double>(values.size()) > kLargestTable)
    return invalid_argument("the table is too large: " + std::to_string(values.size()) + " values in " +
                            std::to_string(combinations) + " combinations of levels and " +
                            std::to_string(block.count) + " blocks; their product may be 2^25 at most");
  const Levels cells = crossed(first, second);
  std::vector<int> filled(static_cast<std::size_t>(cells.count), 0);
  for (const int cell : cells.index) filled[static_cast<std::size_t>(cell)] = 1;
  for (const int cell : filled)
    if (cell == 0) return invalid_argument("a combination of levels has no value");
  AISCI_ASSIGN_OR_RETURN(const auto y, deviations(values));
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
