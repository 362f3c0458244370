#include "mcts/checks.hpp"

#include <charconv>
#include <cmath>

namespace aisci::mcts {
namespace {

// Squares of what is no larger, and sums of many such squares, are finite.
constexpr double kLargest = 1e100;
constexpr double kLargestCost = 1e30;      // of which a node keeps single precision
constexpr double kLargestVariance = 1e38;  // the same

std::string text_of(double number) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr};
}

Status require(bool fits, const std::string& name, double given, const char* allowed) {
  return fits ? Status{} : invalid_argument(name + " is " + text_of(given) + "; it must be " + allowed);
}

// False for what is no number, too.
bool between(double low, double number, double high) { return number >= low && number <= high; }

}  // namespace

Status check(const Options& options) {
  if (options.budget == 0 || options.depth == 0 || options.width == 0)
    return invalid_argument("budget, depth and width of a search must be at least 1");
  if (options.depth > std::numeric_limits<std::uint16_t>::max())
    return invalid_argument("depth of a search may be 65535 at most");
  AISCI_RETURN_IF_ERROR(require(between(0, options.exploration, kLargest), "exploration of a search",
                                options.exploration, "a number from 0 to 1e100"));
  AISCI_RETURN_IF_ERROR(require(
      between(-kLargest, options.pruning, kLargest) || options.pruning == -std::numeric_limits<double>::infinity(),
      "pruning of a search", options.pruning, "a number from -1e100 to 1e100, or minus infinity for none"));
  AISCI_RETURN_IF_ERROR(require(between(0, options.noise, kLargest), "noise of a search", options.noise,
                                "a number from 0 to 1e100, 0 where it is not known"));
  AISCI_RETURN_IF_ERROR(
      require(between(0, options.debug, 1), "debug of a search", options.debug, "a share from 0 to 1"));
  AISCI_RETURN_IF_ERROR(
      require(options.cost >= 0, "cost of a search", options.cost, "a number of at least 0, or infinity for no limit"));
  AISCI_RETURN_IF_ERROR(require(options.quantile > 0 && options.quantile <= 1, "quantile of a search", options.quantile,
                                "above 0 and at most 1"));
  if (options.backup > Backup::kQuantile)
    return invalid_argument("backup of a search must be the mean, the maximum or the quantile");
  return {};
}

Status check(const Outcome& outcome, std::size_t dimensions) {
  if (!outcome.failed) {
    AISCI_RETURN_IF_ERROR(require(between(-kLargest, outcome.value, kLargest), "value", outcome.value,
                                  "a number from -1e100 to 1e100; an evaluation without one has failed"));
    AISCI_RETURN_IF_ERROR(require(between(0, outcome.variance, kLargestVariance), "variance", outcome.variance,
                                  "a number from 0 to 1e38, 0 where it is not known"));
  }
  AISCI_RETURN_IF_ERROR(
      require(between(0, outcome.cost, kLargestCost), "cost", outcome.cost, "a number from 0 to 1e30"));
  for (std::size_t i = 0; i < outcome.features.size(); ++i)
    AISCI_RETURN_IF_ERROR(require(between(-kLargest, outcome.features[i], kLargest), "feature " + std::to_string(i),
                                  outcome.features[i], "a number from -1e100 to 1e100"));
  if (!outcome.features.empty() && dimensions != 0 && outcome.features.size() != dimensions)
    return invalid_argument("there are " + std::to_string(outcome.features.size()) +
                            " features, where nodes of this search have " + std::to_string(dimensions) +
                            "; all nodes must have the same number of them, or none");
  return {};
}

}  // namespace aisci::mcts
