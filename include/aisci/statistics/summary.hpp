// Describing a sample: mean, spread, quantiles.
//
//   auto s = aisci::statistics::summarize(values);          // Result<Summary>
//   double p90 = aisci::statistics::quantile(values, 0.9).value();
//
// Errors: INVALID_ARGUMENT for an empty sample, a value that is not finite, or a spread beyond the range of a double.
// Threads: pure functions. Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>
#include <cstddef>
#include <span>

namespace aisci::statistics {

struct Summary {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0;  // denominator n - 1; 0 for a single value, of which the spread is unknown: look at n
  double se = 0;  // sd / sqrt(n)
  double minimum = 0, lower_quartile = 0, median = 0, upper_quartile = 0, maximum = 0;
};
AISCI_API Result<Summary> summarize(std::span<const double> values);

// The quantile at `p` in [0, 1], linear between order statistics (definition 7 of Hyndman and Fan, "Sample quantiles in
// statistical packages", The American Statistician 50(4), 1996; NumPy's default).
AISCI_API Result<double> quantile(std::span<const double> values, double p);

}  // namespace aisci::statistics
