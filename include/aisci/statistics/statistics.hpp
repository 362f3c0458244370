// The statistics of a paired block design: tests, intervals, effect sizes, power, verdicts.
//
// The unit is a block in which every arm ran; the data are the blocks' differences (or contrasts).
//
//   std::vector<double> differences{0.031, 0.018, 0.044, 0.007, 0.029};       // share of 1, one per block
//   auto test = aisci::statistics::paired_t(differences, 0.95);               // Result<PairedT>
//   std::printf("%.3f [%.3f, %.3f], p = %.3f\n", test->mean, test->lower, test->upper, test->p);
//   auto verdict = aisci::statistics::verdict(test->lower, test->upper, 0.02);
//
// Errors: INVALID_ARGUMENT for too few values or one that is not finite. Defined answers: with zero variance
// the interval is the mean itself, t is infinite and p is 0 (or, when the mean is 0 too, t is 0 and p is 1);
// a single value has an infinite interval and p = 1.
// Threads: pure functions.
// Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace aisci::statistics {

struct PairedT {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0;     // of the differences, denominator n - 1
  double se = 0;     // sd / sqrt(n)
  double t = 0;
  double df = 0;
  double p = 1;      // two-sided, of mean 0
  double lower = 0;  // interval of the mean
  double upper = 0;
};
// Student's t on paired differences (Student, "The probable error of a mean", Biometrika 6, 1908).
AISCI_API Result<PairedT> paired_t(std::span<const double> differences, double confidence = 0.95);

struct SignFlip {
  double p = 1;           // two-sided: share of sign assignments with a mean at least as far from 0
  double smallest_p = 1;  // what this many values can attain at best: 2 / 2^n
  bool exact = true;      // all 2^n assignments were counted; else 100,000 seeded draws
};
// The randomisation test of symmetry around 0 (Fisher, The Design of Experiments, 1935, section 21). Exact up to 20 values.
AISCI_API Result<SignFlip> sign_flip(std::span<const double> differences, std::uint64_t seed = 1);

struct StandardizedEffect {
  double d = 0;           // mean / sd of the differences, times Hedges' correction J(n - 1)
  double correction = 1;  // J
};
// d_z with the small-sample correction of Hedges (J. Educational Statistics 6(2), 1981), exact by the gamma function.
AISCI_API Result<StandardizedEffect> hedges_dz(std::span<const double> differences);

// Power of the two-sided paired t test with n blocks, true mean `delta`, spread `sd`, level `alpha`: by the noncentral t.
AISCI_API Result<double> power_paired(std::size_t n, double delta, double sd, double alpha);
// The fewest blocks with at least `power`; OUT_OF_RANGE past a million.
AISCI_API Result<std::size_t> blocks_needed(double delta, double sd, double alpha, double power);

// A normal prior on the mean, centred at zero, whose scale says which effects are worth talking about.
struct ShrinkagePrior {
  double scale = 1;  // sd of the prior; in a study the smallest effect of interest
};
struct Posterior {
  double mean = 0;
  double sd = 0;  // scale of a t distribution with df degrees of freedom
  double df = 0;
  AISCI_API double probability_above(double x) const;
  AISCI_API double probability_below(double x) const;
};
// Shrinks the mean towards zero: the t likelihood of the blocks is taken as normal with variance se^2, combined with the
// prior N(0, (4 scale)^2), and the spread keeps the t's df. Four times the smallest effect of interest: effects up to about
// eight times it stay plausible, while with few noisy blocks nothing is claimed.
AISCI_API Result<Posterior> posterior_paired(std::span<const double> differences, const ShrinkagePrior& prior);

// Adjusted p-values in the order given (Holm, Scand. J. Statistics 6, 1979).
AISCI_API std::vector<double> holm(std::span<const double> p);

enum class Verdict { kSupported, kRefuted, kEquivalent, kInconclusive };
AISCI_API const char* to_string(Verdict verdict);
// The rule, on an interval in the predicted direction: refuted when upper < smallest_effect (equivalent when also
// lower > -smallest_effect); else supported when lower > 0; else inconclusive.
AISCI_API Verdict verdict(double lower, double upper, double smallest_effect);

}  // namespace aisci::statistics
