// Analysis of variance with one or two factors.
//
//   // values[i] was measured at level a[i] of the first factor and b[i] of the second
//   auto table = aisci::statistics::anova_two_factor(values, a, b).value();
//   // table.interaction.f, table.interaction.p
//
// Levels are any integers; only which are equal matters. Errors: INVALID_ARGUMENT for spans of different lengths, a
// value that is not finite, fewer than two levels, no degrees of freedom left for the residual, a combination of levels
// without a value, or values whose squares leave the range of a double (their spread must lie between about 1e-142 and
// 1e154). Zero residual variance: F is infinite and p 0 for a term with a sum of squares, F 0 and p 1
// without. Threads: pure functions. Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>
#include <span>

namespace aisci::statistics {

struct AnovaTerm {
  double sum_of_squares = 0;
  double df = 0;
  double f = 0;
  double p = 1;
  double partial_eta_squared = 0;  // SS / (SS + SS residual); 0 when both are 0
};

struct OneFactorAnova {
  AnovaTerm factor;
  double residual_sum_of_squares = 0;
  double residual_df = 0;
};
// Fisher, Statistical Methods for Research Workers, 1925, chapter 7. For any number of levels.
AISCI_API Result<OneFactorAnova> anova_one_factor(std::span<const double> values, std::span<const int> levels);

struct TwoFactorAnova {
  AnovaTerm a, b, interaction;
  AnovaTerm block;  // all zero (p 1) without blocks
  double residual_sum_of_squares = 0;
  double residual_df = 0;
};
// Fixed effects with interaction. Sums of squares are of type II (each main effect after the other, the interaction
// after both; Yates, JASA 29, 1934), which equals the other types when the design is balanced. With `blocks` (the seeds
// of a blocked factorial) their additive effect is taken out first, so that arms are compared within blocks; empty:
// none. Costs values x (combinations + blocks)^2; values x (combinations + blocks) above 2^25 is INVALID_ARGUMENT.
AISCI_API Result<TwoFactorAnova> anova_two_factor(std::span<const double> values, std::span<const int> a,
                                                  std::span<const int> b, std::span<const int> blocks = {});

}  // namespace aisci::statistics
