// What a fact of a study was computed from: in words, and the trials with their files.
//
//   provenance_of(study, "c1.contrast.mean", facts.at("c1.contrast.mean")).blocks   // of c1, its arms' scores in each
//
// Pure functions of nodes, claims and the template, like the facts themselves.
#pragma once

#include <string>

#include "base/json.hpp"
#include "research/facts.hpp"
#include "research/study_document.hpp"

namespace aisci {

struct Provenance {
  std::string how;
  json::array blocks;  // [{block, seed, contrast, trials: [{arm, file, score}]}]; empty: it rests on no trial
};

Provenance provenance_of(const StudyView& study, const std::string& name, const Fact& fact);

// Where the experiment's template states a fact, "metrics.accuracy.chance"; "" for one that it does not state.
std::string member_of_template(const StudyView& study, const std::string& name);

}  // namespace aisci
