// Answers to review.review and review.meta.
//
// A reviewer's weaknesses are computed from the study document: the confirmed intervals against the smallest effect of
// interest, what was never varied, what the text says that the evidence does not. Each is tied to the claim or node it
// is about. The scores follow from them:
//   soundness     4, less 1 for any major weakness, 1 more for three of them, 2 for any fatal one
//   presentation  2, plus 1 with figures and no weakness of wording, less 1 for two of those
//   contribution  1, plus 1 when a claim is decided, plus 1 when two are and a rival, a mechanism or an ablation was
//                 tested
//   overall       their sum less 3; the demanding reviewer gives 1 less, the generous 1 more; at least 1, accepted from
//                 6. The agent lowers it to what the anchors allow (plugins/agents/review/anchors.json).
//
// Thread safety: pure functions. Since 0.1.
#pragma once

#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::offline {

struct Weakness {
  enum class Weight { kMinor, kMajor, kFatal };
  std::string text;
  std::string entry;  // "c1", "n3", "n3/t004", "f2", a table, the key of a citation; empty: the study as a whole
  std::string kind;   // wording, evidence, experiment, positioning
  Weight weight = Weight::kMinor;
  std::string question;  // what a reviewer would ask; may be empty
  std::string rule;      // what raised it: "verdict-rule"; docs/guide/review.md lists them
};

// All weaknesses of a study, the gravest first.
std::vector<Weakness> weaknesses_of(const json::object& study);

json::object review_review(const json::object& input);
json::object review_meta(const json::object& input);

}  // namespace aisci::offline
