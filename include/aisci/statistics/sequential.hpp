// Evidence that may be looked at after every block.
//
// A fixed-n interval or p-value is wrong once one looks, and decides whether to go on. A confidence sequence covers the
// mean at all sample sizes at once with the stated probability, so stopping whenever one likes does no harm; an e-value
// bets against a hypothesis, and the chance that it ever reaches 1/alpha when the hypothesis is true is at most alpha.
//
//   aisci::statistics::SequentialMean mean;              // 95 %
//   for (double difference : blocks) {
//     (void)mean.add(difference);
//     if (mean.interval().lower > 0 || mean.e_value(0.0) >= 20) break;    // legitimate
//   }
//
// The e-value against "the mean is m" after n normal differences, with t the t statistic about m and g = prior_sd^2 the
// variance of a normal prior on the standardised effect under the alternative (right-Haar prior on the spread):
//     E_n(m) = r^(-1/2) [ (1 + t^2/(n-1)) / (1 + t^2/(r (n-1))) ]^(n/2),   r = 1 + n g
// (Gonen, Johnson, Lu and Westfall, The American Statistician 59(3), 2005; that it stays valid under optional stopping:
// Hendriksen, de Heide and Grunwald, Bayesian Analysis 16(3), 2021; as confidence sequence: Wang and Ramdas,
// "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown variance", 2023). The
// interval is {m : E_n(m) < 1 / (1 - confidence)}, in closed form; the choice is argued in
// docs/adr/0004-sequential-evidence.md.
//
// Defined answers: e-value 1 and the whole line for n < 2 (and an infinite interval while n is too small to exclude
// anything); zero variance gives t infinite where m is not the mean, E = r^((n-1)/2). An end of the interval beyond the
// range of a double is infinite.
// Threads: a value; not shared while add() is called. Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace aisci::statistics {

struct SequentialInterval {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};

class AISCI_API SequentialMean {
 public:
  // confidence in (0, 1), prior_sd from 1e-100 to 1e100; anything else counts as the default.
  explicit SequentialMean(double confidence = 0.95, double prior_sd = 1.0) noexcept;

  // One more difference. INVALID_ARGUMENT when it is not finite; it is then not counted.
  Status add(double difference);

  std::size_t n() const noexcept { return n_; }
  double mean() const noexcept;
  SequentialInterval interval() const;
  double e_value(double m = 0.0) const;
  // 1 / (the largest e-value against m = 0 so far), at most 1: a p-value at any time.
  double anytime_p() const noexcept;

 private:
  double confidence_;
  double g_;
  std::size_t n_ = 0;
  bool any_ = false;  // a difference that is not 0
  int exponent_ = 0;  // mean and squares are of differences / 2^exponent: 0 unless those could not be squared
  double mean_ = 0;
  double squares_ = 0;  // sum of squared deviations (Welford's update)
  double largest_ = 1;
};

// The interval after each prefix of `differences`, in order. INVALID_ARGUMENT for a value that is not finite or
// parameters outside their ranges; empty for no data.
AISCI_API Result<std::vector<SequentialInterval>> confidence_sequence(std::span<const double> differences,
                                                                      double confidence = 0.95, double prior_sd = 1.0);

}  // namespace aisci::statistics
