// Refinement of a node: what its result suggests trying next.
#include <algorithm>
#include <set>

#include "document.hpp"
#include "hypotheses.hpp"
#include "hypotheses_steps.hpp"
#include "question_reading.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

// Whether a proposal answers a reviewer's point, which is a matter of what it varies. A point that no run of these can
// answer gets none.
bool answers(const json::object& point, const Parent& parent, const Proposal& proposal) {
  const std::string rule = text_of(point, "rule"), text = text_of(point, "text");
  const auto changes = [&](const char* role) {
    const std::string factor = factor_with_role(parent.manifest(), role);
    if (factor.empty()) return false;
    const json::value* level = proposal.context.if_contains(factor);
    const json::value* before = parent.context.if_contains(factor);
    return level && (before ? level_name(*before) : default_level(parent.manifest(), factor)) != level_name(*level) &&
           proposal.treatment == parent.winner() && proposal.baseline == parent.loser();
  };
  if (rule == "open" || rule == "wide") return false;  // a claim has one attempt
  if (rule == "cause-untested") return proposal.relation == "mechanism";
  if (rule == "interaction-untested") return !proposal.moderator.empty() && parent.moderator.empty();
  if (rule == "rate" || text.find("learning rate") != std::string::npos) return changes("tuning");
  if (rule == "architecture" || text.find("architecture") != std::string::npos) return changes("model");
  return false;
}

std::set<std::string> tried_in(const json::object& manifest, const json::object& input) {
  std::set<std::string> tried;
  for (const auto* node : objects_of(input, "nodes"))
    tried.insert(identity_of(manifest, object_of(*node, "hypothesis")));
  for (const auto* entry : objects_of(input, "tried"))
    tried.insert(identity_of(manifest, has(*entry, "hypothesis") ? object_of(*entry, "hypothesis") : *entry));
  return tried;
}

const json::object* node_named(const json::object& input, const std::string& id) {
  for (const auto* node : objects_of(input, "nodes"))
    if (text_of(*node, "id") == id) return node;
  return nullptr;
}

Parent parent_of(const Ground& ground, const json::object& scope, const json::object& node) {
  const auto& hypothesis = object_of(node, "hypothesis");
  Parent parent{ground,
                scope,
                text_of(node, "id"),
                text_of(hypothesis, "factor"),
                {},
                {},
                object_of(hypothesis, "context"),
                object_of(hypothesis, "moderator"),
                text_of(hypothesis, "relation"),
                lean_of(object_of(node, "evidence")),
                {},
                true};
  const auto& metric = object_of(object_of(*ground.manifest, "metrics"), ground.metric);
  parent.larger_at_low = (text_of(object_of(hypothesis, "expected"), "direction", "higher") == "lower") ==
                         (text_of(metric, "direction", "higher") == "lower");
  parent.also = further_in(hypothesis);
  parent.called = texts_of(hypothesis, "called");
  if (const json::value* value = hypothesis.if_contains("treatment")) parent.treatment = level_name(*value);
  if (const json::value* value = hypothesis.if_contains("baseline")) parent.baseline = level_name(*value);
  const auto& weights = object_at(node, "plan.contrast.weights");
  for (const bool positive : {true, false})
    for (const auto& entry : weights)
      if ((as_number(entry.value()) > 0) == positive) parent.arm_ids.emplace_back(entry.key());
  return parent;
}

// The comparisons of a stack that were proposed at first and not kept, below whichever node. Without them a question
// about three factors would end with one of them.
json::object rest_of_stack(const json::object& input) {
  const auto& manifest = object_of(input, "template");
  const auto& scope = object_of(input, "scope");
  json::array hypotheses;
  const Literature literature{manifest, text_of(scope, "factor"), objects_of(input, "literature")};
  const Ground ground{&manifest, &literature, text_of(scope, "metric", text_of(manifest, "metric"))};
  std::set<std::string> seen = tried_in(manifest, input);
  const auto count = static_cast<std::size_t>(std::clamp(number_of(input, "count", 3), 1.0, 50.0));
  for (const auto& proposal : stacked(ground, scope))
    if (hypotheses.size() < count && takes_effect(manifest, proposal) &&
        seen.insert(identity_of(manifest, proposal)).second)
      hypotheses.push_back(hypothesis_of(ground, proposal));
  return {{"hypotheses", std::move(hypotheses)}};
}

// A refinement of sides that differ in several factors is about the same two sides, or it is none.
bool keep_sides(const Parent& parent, Proposal& proposal) {
  if (parent.also.empty()) return true;
  const bool same = proposal.treatment == parent.treatment && proposal.baseline == parent.baseline,
             turned = proposal.treatment == parent.baseline && proposal.baseline == parent.treatment;
  if (proposal.factor != parent.factor || (!same && !turned)) return false;
  proposal.also = parent.also, proposal.called = parent.called;
  if (turned) {
    for (auto& further : proposal.also) std::swap(further.treatment, further.baseline);
    std::reverse(proposal.called.begin(), proposal.called.end());
  }
  return true;
}

}  // namespace

json::object ideation_refine(const json::object& input) {
  const auto& manifest = object_of(input, "template");
  const auto& scope = object_of(input, "scope");
  if (!array_of(scope, "stack").empty() && !has(input, "point")) {  // the question's own comparisons come first
    json::object rest = rest_of_stack(input);
    if (text_of(input, "parent").empty() || !array_of(rest, "hypotheses").empty()) return rest;
  }
  json::array hypotheses;
  const json::object* node = node_named(input, text_of(input, "parent"));
  const std::string factor = node ? text_of(object_of(*node, "hypothesis"), "factor") : std::string{};
  if (level_names(factor_in(manifest, factor)).size() >= 2) {
    const Literature literature{manifest, factor, objects_of(input, "literature")};
    const Ground ground{&manifest, &literature,
                        text_of(object_of(*node, "hypothesis"), "metric", text_of(manifest, "metric"))};
    const Parent parent = parent_of(ground, scope, *node);
    std::set<std::string> seen = tried_in(manifest, input);
    const auto count = static_cast<std::size_t>(std::clamp(number_of(input, "count", 3), 1.0, 50.0));
    const std::set<std::string> tried = seen;
    for (auto& proposal : steps_from(parent, tried)) {
      if (hypotheses.size() >= count) break;
      if (!keep_sides(parent, proposal) || !takes_effect(manifest, proposal) ||
          !sets_what_matters(manifest, scope, proposal))
        continue;
      if (has(input, "point") && !answers(object_of(input, "point"), parent, proposal)) continue;
      if (proposal.treatment == proposal.baseline || !seen.insert(identity_of(manifest, proposal)).second) continue;
      hypotheses.push_back(hypothesis_of(ground, proposal));
    }
  }
  return {{"hypotheses", std::move(hypotheses)}};
}

}  // namespace aisci::offline
