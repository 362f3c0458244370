// Answers to writing.paper and writing.revise: the paper's model, and its revision after reviews.
//
// Sentences are built from the study document alone and are true for any data: their form is chosen by verdict,
// interval and evidence, their words of direction are references, their values are facts. Wordings are taken in turn,
// so that no stretch of eight words stands twice.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include "kit/json.hpp"

namespace aisci::offline {

// Input: the study document with `findings`, `next` and `storyline` of the analysis.
json::object writing_paper(const json::object& input);

// Input: the study document with `findings`, the `paper` and the meta-review's `points`.
json::object writing_revise(const json::object& input);

}  // namespace aisci::offline
