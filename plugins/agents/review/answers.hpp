// What the review agent makes of a model's answers: scores within their ranges, weaknesses that point at entries which
// exist, points with ids of their own.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include "kit/json.hpp"

namespace aisci::review {

// Input and answer of review.review: an entry that the study does not have becomes "", the study as a whole; an unknown
// kind becomes "evidence"; the decision follows from the overall score when it is neither word.
json::object checked_review(const json::object& study, json::object answer);

// Answer of review.meta: points are numbered p1, p2, ... in their order, whatever ids the model gave.
json::object checked_meta(const json::object& study, json::object answer);

}  // namespace aisci::review
