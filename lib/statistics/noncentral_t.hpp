// The chance that a t interval lies inside two limits.
#pragma once

namespace aisci::statistics::detail {

// That Z - critical S > low and Z + critical S < high, for Z standard normal and S = sqrt(chi^2_df / df) apart from it:
// limits in standard errors, seen from the true mean. `critical` > 0, `df` >= 1, `low` < `high`.
double chance_inside(double critical, double df, double low, double high);

}  // namespace aisci::statistics::detail
