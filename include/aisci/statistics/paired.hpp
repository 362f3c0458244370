// Tests and effect sizes of a paired block design.
//
// The unit is a block in which every arm ran; the data are the blocks' differences (or contrasts).
//
//   std::vector<double> differences{0.031, 0.018, 0.044, 0.007, 0.029};
//   auto test = aisci::statistics::paired_t(differences, 0.95).value();
//   // test.mean 0.0258, [test.lower, test.upper] = [0.008, 0.043], test.p 0.015
//   auto flips = aisci::statistics::sign_flip(differences).value();
//   // flips.p 0.0625, which is also flips.smallest_p: five blocks cannot say more without assuming normality
//
// Errors: INVALID_ARGUMENT for too few values, one that is not finite, a level outside (0, 1), or an answer in the
// values' unit that leaves the range of a double (a spread below 2.2e-308, an end of an interval above 1.8e308).
// Defined answers: with zero variance the interval is the mean itself, t is infinite and p is 0 (when the mean is 0
// too, t is 0 and p is 1); spread that is rounding of equal values (below 1e-14 of the mean) counts as none. A single
// value has an infinite interval, t 0 and p 1. Threads: pure functions. Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

namespace aisci::statistics {

struct PairedT {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0;  // of the differences, denominator n - 1
  double se = 0;  // sd / sqrt(n)
  double t = 0;
  double df = 0;
  double p = 1;      // two-sided, of mean 0
  double lower = 0;  // interval of the mean
  double upper = 0;
};
// Student's t on paired differences (Student, "The probable error of a mean", Biometrika 6, 1908). At least one value.
AISCI_API Result<PairedT> paired_t(std::span<const double> differences, double confidence = 0.95);

struct SignFlip {
  double p = 1;           // two-sided: share of sign assignments with a mean at least as far from 0
  double smallest_p = 1;  // what this many values can attain at best: 2 / 2^n exact, else 1 / (draws + 1)
  bool exact = true;      // all 2^n assignments were counted; else 100,000 seeded draws, 10,000 above 200 values
};
// The randomisation test of symmetry around 0 (Fisher, The Design of Experiments, 1935, section 21). Exact up to 20
// values; above, p = (b + 1) / (m + 1), never 0 (Phipson and Smyth, Stat. Appl. Genet. Mol. Biol. 9(1), 2010).
AISCI_API Result<SignFlip> sign_flip(std::span<const double> differences, std::uint64_t seed = 1);

struct Wilcoxon {
  std::size_t n = 0;  // differences that are not 0: zeros are dropped, as Wilcoxon did
  double w_plus = 0;  // sum of the ranks of the positive ones
  double w_minus = 0;
  double p = 1;       // two-sided; 1 when every difference is 0
  bool exact = true;  // the whole null distribution (of the midranks when there are ties), for n <= 50; else normal
  double rank_biserial = 0;  // (w_plus - w_minus) / (w_plus + w_minus)
};
// Signed ranks (Wilcoxon, Biometrics Bulletin 1(6), 1945). Above 50 the normal approximation with the tie correction
// and without continuity correction. At least one value.
AISCI_API Result<Wilcoxon> wilcoxon(std::span<const double> differences);

// J(m) = Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)), which takes the bias out of a standardised effect with m degrees of
// freedom (Hedges, J. Educational Statistics 6(2), 1981); 0 for m of at most one. Where no interval is needed,
// mean / sd * hedges_correction(n - 1) is hedges_dz().d at a hundredth of its cost.
AISCI_API double hedges_correction(double degrees);

struct StandardizedEffect {
  double d = 0;           // mean / sd of the differences, times Hedges' correction J(n - 1)
  double correction = 1;  // J
  double lower = 0;       // interval of the population's mean / sd, by inverting the noncentral t
  double upper = 0;
};
// d_z with the exact small-sample correction above. The denominator is the spread of the differences, so d_z grows with
// the correlation within blocks and is not Cohen's d of two groups. The interval: Steiger and Fouladi, in What If There
// Were No Significance Tests?, 1997. At least two values that are not all equal; with two, J is 0 and so is d.
AISCI_API Result<StandardizedEffect> hedges_dz(std::span<const double> differences, double confidence = 0.95);

struct Equivalence {
  double p_lower = 1;  // one-sided, of mean <= low
  double p_upper = 1;  // one-sided, of mean >= high
  double p = 1;        // the larger of the two
  double lower = 0;    // the 1 - 2 alpha interval, which lies inside (low, high) exactly when p < alpha
  double upper = 0;
  bool equivalent = false;
};
// Two one-sided tests (Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15(6), 1987) of low < mean < high. At least
// two values, low < high, alpha in (0, 0.5). Zero variance: each p is 0 or 1 by where the mean lies.
AISCI_API Result<Equivalence> tost(std::span<const double> differences, double low, double high, double alpha = 0.05);

}  // namespace aisci::statistics
