// The steps that a refinement may take from a finished node: what its result suggests first, then everything near it.
//
//   for (const Proposal& step : steps_from(parent, tried)) ...   // one of each kind of step, then the seconds of each
//
// A parent's result decides the steps: an effect asks for its rivals, mechanism and dose, a null for stronger
// contrasts, an interaction for its two ends. Pure; keeps nothing.
//
// Since 0.1.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analysis_study.hpp"
#include "hypotheses.hpp"
#include "hypotheses_proposal.hpp"

namespace aisci::offline {

// What happened at the parent, and all that its refinements are built from.
struct Parent {
  const Ground& ground;
  const json::object& scope;
  std::string id;
  std::string factor, treatment, baseline;
  json::object context;
  json::object moderator;
  std::string relation;
  Lean outcome = Lean::kNone;
  std::vector<std::string> arm_ids;  // treatment's first
  bool larger_at_low = true;         // of an interaction: where it predicted the larger advantage
  std::vector<Further> also{};       // of sides that differ in several factors
  std::vector<std::string> called{};

  const json::object& manifest() const { return *ground.manifest; }
  // The level that did better, or was predicted to while that is open.
  const std::string& winner() const { return reversed() ? baseline : treatment; }
  const std::string& loser() const { return reversed() ? treatment : baseline; }
  bool reversed() const { return outcome == Lean::kAgainst && moderator.empty(); }
};

// Proposals that are not among `tried` (identities of comparisons), most telling first.
std::vector<Proposal> steps_from(const Parent& parent, const std::set<std::string>& tried);

}  // namespace aisci::offline
