// The rebuttal: an answer to the reviews point by point, as a writer renders it.
#pragma once

#include <vector>

#include "base/json.hpp"
#include "research/paper.hpp"
#include "research/study_document.hpp"

namespace aisci {

struct ReviewRounds {
  std::vector<json::object> before;  // reviews of the draft, each with "reviewer"
  std::vector<json::object> after;   // of the revised paper
  json::object meta;                 // what was to be answered: "points"
  json::array responses;             // {"point", "action", "text", "node"}; text may refer to facts of the study
  bool changed = false;              // whether the paper's text after the first reviews is another than before them
};

// A resolved document like a paper's: a section a point with the reviewers' words, what was done (a run with its
// evidence, a change of text, a concession) and the answer, then the scores of both rounds. Text of reviewers is data
// and is printed as it is; what answers it is resolved like a paper's text, and its problems are those of a paper.
ResolvedPaper resolve_rebuttal(const ReviewRounds& rounds, const StudyView& study, const json::array& title,
                               PaperContext context);

}  // namespace aisci
