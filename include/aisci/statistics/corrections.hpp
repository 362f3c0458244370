// Corrections for testing several things.
//
//   std::vector<double> p{0.04, 0.01, 0.03};
//   auto adjusted = aisci::statistics::holm(p).value();       // {0.06, 0.03, 0.06}: compare each with alpha
//
// The adjusted values come in the order given, are at least the raw ones and at most 1, and keep their order. An empty
// family gives an empty answer. Errors: INVALID_ARGUMENT when one is NaN or outside [0, 1]. Threads: pure functions.
// Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>
#include <span>
#include <vector>

namespace aisci::statistics {

// Family-wise error under any dependence (Holm, Scandinavian Journal of Statistics 6, 1979).
AISCI_API Result<std::vector<double>> holm(std::span<const double> p);

// False discovery rate under independence or positive dependence (Benjamini and Hochberg, JRSS B 57(1), 1995).
AISCI_API Result<std::vector<double>> benjamini_hochberg(std::span<const double> p);

}  // namespace aisci::statistics
