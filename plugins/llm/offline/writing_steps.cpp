// How the search decides: what the value of a node is made of, and which step it takes next.
#include <algorithm>
#include <cmath>
#include <set>

#include "document.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// What the nodes' values are made of, by the parts that the value function reported.
void value_blocks(const Study& study, json::array& blocks) {
  std::set<std::string> reported;
  for (const auto& node : study.nodes())
    for (const auto& part : object_at(*node.document, "score.parts")) reported.emplace(part.key());
  std::vector<std::string> parts;
  std::string formula;
  bool weighted = true;
  for (const auto& [name, symbol, words, title] : kValueParts) {
    if (!reported.count(name)) continue;
    const std::string fact = "study.weight." + std::string{name};
    parts.emplace_back(words);
    weighted = weighted && study.has_fact(fact);
    formula += std::string{formula.empty() ? "v = " : " + "} + "{{" + fact + "}} " + symbol;
  }
  // A value function may have parts and sums of its own: the formula is printed only where it gives every node's value.
  weighted = weighted && parts.size() > 1 && parts.size() == reported.size() &&
             std::all_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& node) {
               const auto& score = object_of(*node.document, "score");
               double sum = 0;
               for (const auto& [part, amount] : object_of(score, "parts"))
                 sum += is_number(amount)
                            ? as_number(amount) * number_of(study.fact("study.weight." + std::string{part}), "value")
                            : 0;
               return !has(score, "value") || std::abs(sum - number_of(score, "value")) < 1e-6;
             });
  std::string text = "A value function gave each node the value by which the search decides where to go on.";
  if (!parts.empty())
    text = "The value" + std::string{weighted ? " {{math:v}}" : ""} +
           " of a node, by which the search decides where to go on, is " + (parts.size() > 1 ? "made of " : "") +
           listed(parts, "; and ", "; ") + (weighted ? ":" : ".");
  blocks.push_back(paragraph(std::move(text)));
  if (weighted) blocks.push_back(equation(formula + "."));
}

// By which rule the search chose what to run next; of a policy that is somebody's own, that there was one.
std::string next_by_policy(const Study& study) {
  static constexpr std::pair<const char*, const char*> kPolicies[] = {
      {"adaptive",
       "After the first hypotheses from the question, the search takes the step that is expected to add most to the "
       "value of the leading node: a hypothesis from the question, one that goes on from a node, or more blocks for a "
       "node. The leader is the node with the highest mean in a model fitted to all values, in which a node inherits "
       "part of its parent's lead and is measured with a noise that shrinks with its blocks. How the steps are weighed "
       "is part of aisci (its policy \u201cadaptive\u201d), and bears on no verdict."},
      {"greedy", "After the first hypotheses from the question, the search goes on from the node of highest value."},
      {"ucb1", "The search goes on from the node with the highest upper confidence bound on its value."},
      {"uct", "The search goes down the tree by upper confidence bounds on values and goes on where it ends."},
      {"puct", "The search goes down the tree by upper confidence bounds on values and goes on where it ends."},
      {"thompson", "The search goes down the tree by draws from the posterior of values and goes on where it ends."},
      {"random", "The search goes on from a node drawn at random, or from the question."}};
  const bool grown = std::any_of(study.nodes().begin(), study.nodes().end(),
                                 [&](const Entry& node) { return !node.late && study.node(node.parent); });
  const std::string policy = text_of(study.document(), "policy");
  for (const auto& [name, words] : kPolicies)
    if (policy == name && grown) return words;
  return "Which step comes next is left to the policy of the search.";
}

}  // namespace

json::object search_steps(const Study& study) {
  json::array blocks;
  value_blocks(study, blocks);
  std::string text;
  if (const auto missing = texts_of(study.document(), "not_assessed"); !missing.empty())
    text = "A judgement of " + listed(missing) +
           ", for which a language model is asked, was not available; its weight was shared out among the parts that "
           "were. ";
  blocks.push_back(paragraph(text + next_by_policy(study)));
  return section("steps", "How the search decides", std::move(blocks));
}

}  // namespace aisci::offline
