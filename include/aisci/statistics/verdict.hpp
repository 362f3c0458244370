// From an interval to a verdict, and from four arms to an interaction.
//
//   Verdict v = aisci::statistics::verdict(lower, upper, 0.01);     // [lower, upper] in the predicted direction
//
// Threads: pure functions. Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>
#include <span>
#include <vector>

namespace aisci::statistics {

enum class Verdict { kSupported, kRefuted, kEquivalent, kInconclusive };

// "supported", "refuted", "equivalent", "inconclusive". Never null.
AISCI_API const char* to_string(Verdict verdict) noexcept;

// The rule, on the corrected interval of the effect in the predicted direction: refuted when upper < smallest_effect
// (equivalent when also lower > -smallest_effect: the effect is shown to be too small to matter, either way); else
// supported when lower > 0; else inconclusive. Non-significance alone never refutes. Inconclusive too when a number is
// NaN, lower > upper or smallest_effect <= 0.
AISCI_API Verdict verdict(double lower, double upper, double smallest_effect) noexcept;

enum class ContrastScale {
  kLinear,
  kLogit,  // for shares (accuracies) near a ceiling or floor, where equal effects are not equal differences
};

// ln(p / (1 - p)) with p first kept within [1/(2 n), 1 - 1/(2 n)], n = `observations`: a share of n cannot be known to
// be nearer to 0 or 1 than half an observation, and without the clamp a perfect score would be infinite. NaN when p is
// outside [0, 1] or n < 1.
AISCI_API double clamped_logit(double p, double observations) noexcept;

// Per block (a1 - b1) - (a0 - b0): by how much the effect of a over b is larger in condition 1 than in condition 0.
// Claims of "more", "only" and "combined" are about this number; feed it to paired_t. Errors: INVALID_ARGUMENT for
// spans of different or no length, a value or contrast that is not finite, or on the logit scale a value outside [0, 1]
// or observations < 1 (the size of the evaluation set behind each share; required there).
AISCI_API Result<std::vector<double>> interaction_contrast(std::span<const double> a1, std::span<const double> b1,
                                                           std::span<const double> a0, std::span<const double> b0,
                                                           ContrastScale scale = ContrastScale::kLinear,
                                                           double observations = 0);

}  // namespace aisci::statistics
