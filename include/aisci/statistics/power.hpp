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
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>
#include <cstddef>

namespace aisci::statistics {

AISCI_API Result<double> power_paired(std::size_t n, double delta, double sd, double alpha, bool two_sided = true);

// The fewest blocks (at least 2) whose power is at least `power`.
AISCI_API Result<std::size_t> blocks_needed(double delta, double sd, double alpha, double power, bool two_sided = true);

}  // namespace aisci::statistics
