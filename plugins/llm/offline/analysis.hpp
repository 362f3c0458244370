// Answers to analysis.findings: what a study found, ranked by how well it is established and how near it is to the
// question, and what to try next.
//
//   weight = evidence x relevance. Evidence: a decided claim 1, an undecided one 0.6, an exploratory contrast half its
//   significance, training curves 0.3, the absence of anything else to report 0.2. Relevance: 1 for the question's own
//   factor in its usual setting, 0.9 elsewhere, 0.7 for another factor.
//
// Pure function, any thread. Since 0.1.
#pragma once

#include "kit/json.hpp"

namespace aisci::offline {

// Input: the study document with `curves` (points of each training curve, the last ones suffice) beside it.
json::object analysis_findings(const json::object& input);

}  // namespace aisci::offline
