// The distribution functions that the tests rest on.
//
// Accuracy: about 1e-12 relative in the body. Errors: NaN for arguments outside the domain.
// Threads: pure functions.
// Since 0.1.
#pragma once

#include <aisci/export.hpp>

namespace aisci::statistics {

// Regularised incomplete beta function I_x(a, b); continued fraction of DLMF 8.17.22, evaluated by Lentz's method.
AISCI_API double incomplete_beta(double a, double b, double x);

AISCI_API double normal_cdf(double z);
AISCI_API double student_t_cdf(double t, double df);
// Two-sided tail P(|T| >= |t|), accurate where 1 - cdf would cancel.
AISCI_API double student_t_two_sided(double t, double df);
AISCI_API double student_t_quantile(double p, double df);
// P(T <= t) of the noncentral t with noncentrality `delta` (Lenth, algorithm AS 243, Applied Statistics 38(1), 1989).
AISCI_API double noncentral_t_cdf(double t, double df, double delta);

}  // namespace aisci::statistics
