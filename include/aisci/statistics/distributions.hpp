// Distribution functions and quantiles: normal, Student t, chi-squared, F, noncentral t.
//
// A `_tail` is the upper one, P(X > x), computed as such: it keeps its relative accuracy where 1 - cdf would cancel.
//
//   double p = 2.0 * student_t_tail(std::abs(t), df);       // 1e-40 comes out as 1e-40
//   double critical = student_t_quantile(0.975, df);
//
// Accuracy: relative 1e-12 of the smaller tail for parameters up to 1e6; noncentral t absolute 1e-13.
// Errors: NaN for a parameter outside its domain or a NaN; quantiles of 0 and 1 are the ends of the support.
// Threads: pure functions (std::lgamma, which writes a global, is not used).
// Since 0.1.
#pragma once

#include <aisci/export.hpp>

namespace aisci::statistics {

// ln Gamma(x), x > 0: Stirling's series (DLMF 5.11.1) after shifting x above 15 by the recurrence.
AISCI_API double log_gamma(double x);

// Regularised incomplete beta function I_x(a, b): continued fraction (Abramowitz and Stegun 26.5.8), evaluated by
// Lentz's method; its front factor by the saddle-point form of Loader ("Fast and accurate computation of binomial
// probabilities", 2000), which does not cancel for large a and b.
AISCI_API double incomplete_beta(double a, double b, double x);

// Regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P: series (DLMF 8.7.1) below x = a + 1, continued
// fraction (DLMF 8.9.2) above.
AISCI_API double incomplete_gamma(double a, double x);
AISCI_API double incomplete_gamma_tail(double a, double x);

AISCI_API double normal_cdf(double z);
AISCI_API double normal_tail(double z);
AISCI_API double normal_density(double z);
// Starts at Abramowitz and Stegun 26.2.23 and polishes by Halley's method on the cdf.
AISCI_API double normal_quantile(double p);

// Student's t: the tail is I_{df/(df+t^2)}(df/2, 1/2) / 2. df > 0, not necessarily whole; an infinite df is the normal.
AISCI_API double student_t_cdf(double t, double df);
AISCI_API double student_t_tail(double t, double df);
AISCI_API double student_t_two_sided(double t, double df);  // P(|T| >= |t|)
AISCI_API double student_t_quantile(double p, double df);

AISCI_API double chi_squared_cdf(double x, double df);
AISCI_API double chi_squared_tail(double x, double df);
AISCI_API double chi_squared_quantile(double p, double df);

AISCI_API double f_cdf(double x, double df1, double df2);
AISCI_API double f_tail(double x, double df1, double df2);
AISCI_API double f_quantile(double p, double df1, double df2);

// Noncentral t: T = (Z + delta) / S with Z standard normal and S = sqrt(chi^2_df / df). P(T <= t) is the integral of
// Phi(t s - delta) over the density of S (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2, 1995,
// chapter 31), done by Gauss-Legendre panels: no series, so no cancellation at large delta. df >= 1.
AISCI_API double noncentral_t_cdf(double t, double df, double delta);
AISCI_API double noncentral_t_tail(double t, double df, double delta);

}  // namespace aisci::statistics
