// The study as agents see it: one document, a pure function of nodes and claims, so that verification gets the same.
// What of it text may print is in study_facts.hpp.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "research/node.hpp"
#include "research/prose.hpp"

namespace aisci {

struct StudyView {
  std::string question;
  std::uint64_t seed = 0;
  json::object scope;
  json::object template_document;
  std::vector<Node> nodes;
  std::vector<Claim> claims;
  std::vector<json::object> records;
  std::vector<json::object> set_aside;  // found by the queries and not read, with why as `because`
  std::vector<json::object> figures;    // {"id", "kind", "title", "caption"} once analysis made them
  std::string ended_by;
  std::vector<std::string> not_assessed;
  std::optional<Leader> leader;               // of the search, at its end
  std::string policy = {};                    // that searched
  std::string aisci = {};                     // its version when the study began
  std::set<std::string> environments = {};    // that the programs of the trials report
  int reserved = 0;                           // experiments set aside for confirmation; 0 until claims are locked
  std::set<std::string> proposed = {};        // statements of all hypotheses that were put forward, run or not
  std::set<std::string> proposed_first = {};  // of these, those that came from the question before the search
};

// {"novelty": 0.375, ...}: what a value function says that each part weighs in a node's value; empty when it says
// nothing.
json::object weights_json(const NodeScore& score);

// {"question", "scope", "template", "nodes", "claims", "facts", "figures", "literature", "counts"}, and "set_aside"
// where there is any.
json::object study_document(const StudyView& study);

// The study with the nodes alone that a refinement of `parent` has to know: its line up to the root, its children and
// the nodes worth most. However large the study, what ideation is asked stays of one size.
StudyView around(const StudyView& study, const std::string& parent);

}  // namespace aisci
