// Two independent samples, for data that are not paired by block.
//
//   auto welch = aisci::statistics::welch_t(new_runs, old_runs).value();
//   auto ranks = aisci::statistics::mann_whitney(new_runs, old_runs).value();
//   // welch.difference is mean(new) - mean(old); ranks.delta > 0 when new tends to be larger
//
// Errors: INVALID_ARGUMENT for too few values in a sample, one that is not finite, or a difference, its standard error
// or an end of its interval beyond the range of a double. All tests are two-sided. Threads: pure functions. Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>
#include <cstdint>
#include <span>

namespace aisci::statistics {

struct WelchT {
  double difference = 0;  // mean(a) - mean(b)
  double se = 0;
  double t = 0;
  double df = 0;  // Satterthwaite's
  double p = 1;
  double lower = 0, upper = 0;
};
// Unequal variances (Welch, Biometrika 34, 1947). At least two values each. Both variances zero: the interval is the
// difference itself, p is 0 (1 when the means agree), df is n_a + n_b - 2.
AISCI_API Result<WelchT> welch_t(std::span<const double> a, std::span<const double> b, double confidence = 0.95);

struct MannWhitney {
  double u = 0;  // pairs in which a's value is larger, ties counting one half
  double p = 1;
  bool exact = true;  // the whole permutation distribution of the (mid)ranks, for n_a + n_b <= 50; else normal
  double delta = 0;   // Cliff's delta
};
// Ranks (Mann and Whitney, Annals of Mathematical Statistics 18(1), 1947); ties are handled exactly too. Above 50
// values the normal approximation with tie and continuity correction. At least one value each; p is 1 when all values
// are equal.
AISCI_API Result<MannWhitney> mann_whitney(std::span<const double> a, std::span<const double> b);

// P(a > b) - P(a < b) over all pairs, in [-1, 1] (Cliff, Psychological Bulletin 114(3), 1993). At least one value each.
AISCI_API Result<double> cliffs_delta(std::span<const double> a, std::span<const double> b);

struct Permutation {
  double difference = 0;  // mean(a) - mean(b)
  double p = 1;           // twice the smaller tail, at most 1
  double smallest_p = 1;  // what samples of these sizes can attain at best
  bool exact = true;      // all splits were counted, when there are at most 200,000; else 100,000 seeded draws
};
// Permutation test of the difference of means (Pitman, Supplement to JRSS 4(1), 1937). At least one value each.
AISCI_API Result<Permutation> permutation_two_sample(std::span<const double> a, std::span<const double> b,
                                                     std::uint64_t seed = 1);

}  // namespace aisci::statistics
