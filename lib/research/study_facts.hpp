// What text about a study may print and refer to: its facts, each with a value and its form in print, its arms, labels,
// verdicts and citations. Pure functions of nodes and claims, so that verification gets the same.
//
//   study_facts(study).at("c1.contrast.mean").text  ==  "+2.1 percentage points"
//
// docs/guide/documents.md lists the facts.
#pragma once

#include "research/prose.hpp"
#include "research/study_document.hpp"

namespace aisci {

Facts study_facts(const StudyView& study);
Referents referents_of(const StudyView& study);

}  // namespace aisci
