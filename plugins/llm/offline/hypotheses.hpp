// Answers to ideation.hypotheses and ideation.refine.
//
//   ideation_hypotheses({{"question", ..}, {"scope", scope}, {"template", manifest}, {"records", records}, {"count",
//   5}})
//     -> {"hypotheses": [..]}   ranked by value for the question, the first most valuable
//   ideation_refine(study + {{"parent", "n1"}, {"count", 3}, {"tried", [..]}})
//     -> {"hypotheses": [..]}   what the parent's result makes worth knowing, never a contrast that was tried
//
// Directions come from the records' statements; a hypothesis whose direction no record gives says that it is a
// conjecture.
//
// Thread safety: pure functions.
// Since 0.1.
#pragma once

#include "hypotheses_proposal.hpp"
#include "kit/json.hpp"

namespace aisci::offline {

json::object ideation_hypotheses(const json::object& input);
json::object ideation_refine(const json::object& input);

// Two levels of a factor, the one predicted to do better first, and what the prediction rests on.
struct Pair {
  std::string better;
  std::string worse;
  std::string reason;
  Support support;
  Support contrary;  // a record that orders them the other way
};

// Pairs worth comparing, the most valuable for the question first; `arms` limits the levels.
std::vector<Pair> pairs_of(const Ground& ground, const std::string& factor, const std::vector<std::string>& arms,
                           const std::string& asked_better, const std::string& asked_worse);

// Several factors at once, each off or on (the scope's `stack`): what each does alone, how far the benefits of two
// depend on each other, and what one adds to all the others. Empty for a scope without a stack.
std::vector<Proposal> stacked(const Ground& ground, const json::object& scope);

// The factor and two levels on which an effect is asked to depend: the scope's own, else a sensible one; empty factor
// when there is none.
struct Dependence {
  std::string factor;
  std::string low, middle, high;
  std::string larger_at;  // where the question says that the effect is larger; empty where it does not
};
Dependence dependence_of(const json::object& manifest, const json::object& scope, const std::string& primary);
// Whether an advantage on `primary` is predicted to be larger at the lower level of `moderator`.
bool larger_at_low(const json::object& manifest, const std::string& moderator);

}  // namespace aisci::offline
