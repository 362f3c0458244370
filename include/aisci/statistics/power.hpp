// Planning: how many blocks, with what power.
//
//   auto n = aisci::statistics::blocks_needed(0.01, 0.012, 0.05, 0.8);    // 14 blocks to see 0.01 through a spread of
//   0.012 auto reached = aisci::statistics::power_paired(*n, 0.01, 0.012, 0.05);
//
// The paired t test of n differences with mean `delta` and spread `sd` (same unit) is a noncentral t with n - 1 degrees
// of freedom and noncentrality sqrt(n) delta / sd (Cohen, Statistical Power Analysis, 2nd ed. 1988, chapter 2). A
// one-sided test is of delta > 0. With sd 0 the power is 1, or without an effect alpha. Errors: INVALID_ARGUMENT for n
// < 2, a negative or not finite argument, alpha or power outside (0, 1), or an effect that no number of blocks detects;
// OUT_OF_RANGE past a million blocks. `sd` from five blocks is itself uncertain by a third. Threads: pure functions.
// Since 0.1.
//
// Showing that there is no effect worth acting on has a power of its own: the chance that the t interval lies inside
// (-limit, limit). Given S, the spread of the sample, the mean is normal, so that chance is an integral over the chi
// distribution of S (Owen, Biometrika 52, 1965; Phillips, J. Pharmacokinetics and Biopharmaceutics 18, 1990):
//
//   auto shown = aisci::statistics::power_equivalence(14, 0.01, 0.012, 0.05);  // where there is no difference at all
//
// It takes the 1 - alpha interval of paired_t(); two one-sided tests at a level a take that of alpha = 2 a.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>
#include <cstddef>

namespace aisci::statistics {

AISCI_API Result<double> power_paired(std::size_t n, double delta, double sd, double alpha, bool two_sided = true);

// Of an interval inside (-limit, limit) when the true mean is `delta`. With sd 0 it is 1 where |delta| < limit, else 0.
// `limit` is positive and finite, `delta` finite, of either sign; the other errors are those above. Since 0.1.
AISCI_API Result<double> power_equivalence(std::size_t n, double limit, double sd, double alpha, double delta = 0);

// The fewest blocks (at least 2) whose power is at least `power`.
AISCI_API Result<std::size_t> blocks_needed(double delta, double sd, double alpha, double power, bool two_sided = true);

}  // namespace aisci::statistics
