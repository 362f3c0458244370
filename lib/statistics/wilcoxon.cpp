#include <aisci/statistics/distributions.hpp>
#include <aisci/statistics/paired.hpp>
#include <cmath>

#include "statistics/checks.hpp"
#include "statistics/ranks.hpp"

namespace aisci::statistics {
namespace {

constexpr std::size_t kExactRanks = 50;

// How many of the 2^n sign assignments give each (doubled) sum of positive ranks.
std::vector<double> sum_counts(const std::vector<std::size_t>& doubled) {
  std::vector<double> counts{1.0};
  for (const std::size_t step : doubled) {
    counts.resize(counts.size() + step);
    for (std::size_t s = counts.size(); s-- > step;) counts[s] += counts[s - step];
  }
  return counts;
}

}  // namespace

Result<Wilcoxon> wilcoxon(std::span<const double> differences) {
  AISCI_RETURN_IF_ERROR(detail::check_values(differences, 1));
  std::vector<double> sizes;
  std::vector<bool> positive;
  for (const double value : differences) {
    if (value == 0) continue;
    sizes.push_back(std::abs(value));
    positive.push_back(value > 0);
  }
  Wilcoxon out;
  out.n = sizes.size();
  if (sizes.empty()) return out;
  const auto ranks = detail::rank(sizes);
  std::size_t plus = 0, all = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    all += ranks.doubled[i];
    if (positive[i]) plus += ranks.doubled[i];
  }
  out.w_plus = 0.5 * static_cast<double>(plus);
  out.w_minus = 0.5 * static_cast<double>(all - plus);
  out.rank_biserial = (out.w_plus - out.w_minus) / (out.w_plus + out.w_minus);
  out.exact = out.n <= kExactRanks;
  if (out.exact) {
    out.p = detail::two_sided(sum_counts(ranks.doubled), plus);
    return out;
  }
  const double n = static_cast<double>(out.n);
  const double variance = n * (n + 1) * (2 * n + 1) / 24 - ranks.ties / 48;
  out.p = 2 * normal_tail(std::abs(out.w_plus - n * (n + 1) / 4) / std::sqrt(variance));
  return out;
}

}  // namespace aisci::statistics
