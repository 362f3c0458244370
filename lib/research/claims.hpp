// Claims: which nodes are put to confirmation, with how many blocks.
#pragma once

#include <string>
#include <vector>

#include "research/node.hpp"

namespace aisci {

inline constexpr int kMostClaims = 3;
inline constexpr int kLeastConfirmationBlocks = 14;
inline constexpr int kMostConfirmationBlocks = 24;
// A claim costs at most so many trials for each experiment that the study may run, so that a small study stays small;
// the least number of blocks goes before.
inline constexpr int kConfirmationTrialsPerExperiment = 12;
inline constexpr double kFamilyAlpha = 0.05;
inline constexpr double kWantedPower = 0.8;

// How many experiments are kept for confirmation; what claims do not need of them may answer reviewers.
int reserve_of(int max_experiments, double share);
// How many claims the reserve pays for: the share of the experiments, at least one, at most kMostClaims.
int claims_affordable(int max_experiments, double share);

// The nodes worth most, best first, no two of the same contrast in the same context; at most `count`. Hypotheses that
// ideation marked as "primary", what the question itself asks, come before all others: of differences among them the
// one with the least advantage in the search ("all three against the best of them"), since what holds there should
// hold against the rest; then an interaction; then by worth. Where none is marked, one of the claims is a difference
// that was proposed from the question, if there is one with evidence: where it is not among the best, it takes the last
// place. So a paper answers what was asked and not only what the search found more telling. Blocks come from the power
// to detect the smallest effect of interest with the spread that the search saw, at the family's first Holm step,
// within the limits above.
std::vector<Claim> choose_claims(const std::vector<Node>& nodes, int count, int max_experiments);

// The chance that a claim's blocks, with the spread that the search saw and without any effect, have an interval inside
// the smallest effect of interest: at the first level of Holm's procedure, as the power that it was planned with. Of
// one without a spread: 1.
double power_of_equivalence(const Claim& claim, std::size_t claims);
// What the claim would be at the 95% interval of its blocks, which no correction for the other claims widens; ""
// without evidence.
std::string uncorrected_verdict(const Claim& claim);

}  // namespace aisci
