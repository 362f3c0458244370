// Answers to review.review and review.meta.
//
// A reviewer's weaknesses are computed from the study document: the confirmed intervals against the smallest effect of
// interest, what was never varied, what the text says that the evidence does not. Each is tied to the claim or node it
// is about. The scores follow from them:
//   soundness     4, less 1 for any major weakness, 1 more for three, 2 for a verdict that its interval contradicts
//   presentation  3, plus 1 with figures and no weakness of wording, less 1 for two of those
//   contribution  2, plus 1 when a claim is decided, plus 1 when two are and a rival or mechanism was tested, less 1
//                 without a confirmed claim
//   overall       their sum less 3 (1..10); the demanding reviewer gives 1 less, the generous 1 more; never more than
//                 the anchors of the input allow (plugins/agents/review/data/anchors.json); accepted from 6
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
