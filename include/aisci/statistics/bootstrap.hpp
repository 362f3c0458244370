// Bootstrap intervals of any statistic of one sample.
//
//   auto interval = aisci::statistics::bootstrap(latencies, [](std::span<const double> x) {
//     return aisci::statistics::quantile(x, 0.5).value();
//   });
//   // interval->lower, interval->upper: 95 % BCa interval of the median
//
// At least 20 values: below, a resample repeats too few distinct values and the intervals are too short; the answer is
// then FAILED_PRECONDITION, and paired_t or wilcoxon is the thing to use. Threads: pure; `statistic` is called on the
// caller's thread. Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace aisci::statistics {

enum class BootstrapMethod {
  kPercentile,  // Efron, Annals of Statistics 7(1), 1979
  kBca,         // bias-corrected and accelerated: Efron, JASA 82, 1987; acceleration by the jackknife
};

struct BootstrapOptions {
  BootstrapMethod method = BootstrapMethod::kBca;
  double confidence = 0.95;
  std::size_t resamples = 9999;  // at least 100
  std::uint64_t seed = 1;
};

struct BootstrapInterval {
  double estimate = 0;  // the statistic of the sample itself
  double se = 0;        // standard deviation of the resamples' statistics
  double lower = 0, upper = 0;
};

inline constexpr std::size_t kLeastBootstrapValues = 20;

// Resample i draws n indices by Random{seed}.below(n), one resample after the other. A statistic that is not finite on
// some resample is INVALID_ARGUMENT, and so is a spread beyond the range of a double. When all resamples agree (zero
// variance) the interval is the estimate; BCa falls back to no acceleration when the jackknife values are all equal,
// and to INVALID_ARGUMENT when every resample lies on one side of the estimate.
AISCI_API Result<BootstrapInterval> bootstrap(std::span<const double> values,
                                              const std::function<double(std::span<const double>)>& statistic,
                                              const BootstrapOptions& options = {});

// Of the mean.
AISCI_API Result<BootstrapInterval> bootstrap_mean(std::span<const double> values,
                                                   const BootstrapOptions& options = {});

}  // namespace aisci::statistics
