// What the review agent makes of a model's answers: scores within their ranges, weaknesses that point at entries which
// exist, points with ids of their own.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include "kit/json.hpp"

namespace aisci::review {

// Input and answer of review.review: an entry that the study does not have becomes "", the study as a whole; an unknown
// kind becomes "evidence" and an unknown weight "major"; the decision follows from the overall score when it is neither
// word. An entry is the id of a claim, node, figure or table, the key of a record, or a trial: "n1/t003".
// `anchors` in the input bound the scores: {"limits": [{"when", "overall", "soundness", "count"}]}, where `when` is
//   fatal      the review has a weakness of weight fatal
//   majors     it has `count` of weight major or more
//   undecided  no claim of the study is decided
// and an overall score that a limit lowered below what is accepted turns the decision.
json::object checked_review(const json::object& study, json::object answer);

// Answer of review.meta: points are numbered p1, p2, ... in their order, whatever ids the model gave.
json::object checked_meta(const json::object& study, json::object answer);

}  // namespace aisci::review
