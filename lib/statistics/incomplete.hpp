#pragma once

namespace aisci::statistics::detail {

// I_x(a, b) from x and y = 1 - x, each known to full relative accuracy.
double beta_share(double a, double b, double x, double y);

// ln Gamma(z + 1) - (z + 1/2) ln z + z - ln(2 pi)/2, z > 0: what Stirling's formula leaves out.
double stirling_error(double z);

}  // namespace aisci::statistics::detail
