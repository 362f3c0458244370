#include <aisci/statistics/corrections.hpp>
#include <algorithm>
#include <numeric>
#include <string>

namespace aisci::statistics {
namespace {

// The order of the p-values from the smallest, or why they are not p-values.
Result<std::vector<std::size_t>> ascending(std::span<const double> p) {
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!(p[i] >= 0 && p[i] <= 1)) return invalid_argument("value " + std::to_string(i) + " is not a p-value");
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  return order;
}

}  // namespace

Result<std::vector<double>> holm(std::span<const double> p) {
  AISCI_ASSIGN_OR_RETURN(const auto order, ascending(p));
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(p.size() - rank) * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

Result<std::vector<double>> benjamini_hochberg(std::span<const double> p) {
  AISCI_ASSIGN_OR_RETURN(const auto order, ascending(p));
  std::vector<double> adjusted(p.size());
  double smallest = 1;
  for (std::size_t rank = order.size(); rank-- > 0;) {
    smallest = std::min(smallest, static_cast<double>(p.size()) * p[order[rank]] / static_cast<double>(rank + 1));
    adjusted[order[rank]] = smallest;
  }
  return adjusted;
}

}  // namespace aisci::statistics
