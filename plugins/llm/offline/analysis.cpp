#include "analysis.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "document.hpp"
#include "telling.hpp"

namespace aisci::offline {
namespace {

json::object finding(const std::string& kind, const std::string& subject, double weight, std::string text) {
  return {{"kind", kind}, {"subject", subject}, {"weight", weight}, {"text", std::move(text)}};
}

double settled(const json::object& claim) {
  const std::string verdict = text_of(claim, "verdict");
  return verdict == "inconclusive" ? 0.5 : 1.0;
}

// The strongest exploratory result that no claim is about.
const json::object* strongest_exploratory(const json::object& study) {
  std::set<std::string> claimed;
  for (const auto* claim : objects_of(study, "claims")) claimed.insert(text_of(*claim, "node"));
  const json::object* best = nullptr;
  for (const auto* node : objects_of(study, "nodes")) {
    if (object_of(*node, "evidence").empty() || claimed.count(text_of(*node, "id"))) continue;
    if (!best || number_of(object_of(*node, "evidence"), "significance") > number_of(object_of(*best, "evidence"), "significance")) best = node;
  }
  return best;
}

json::array storyline(const json::object& study) {
  std::string at;
  if (const auto claims = objects_of(study, "claims"); !claims.empty()) at = text_of(*claims.front(), "node");
  std::vector<std::string> path;
  while (!at.empty() && path.size() < 100) {
    path.insert(path.begin(), at);
    std::string parent;
    for (const auto* node : objects_of(study, "nodes"))
      if (text_of(*node, "id") == at) parent = text_of(*node, "parent");
    at = parent;
  }
  return json::array(path.begin(), path.end());
}

json::array next_steps(const json::object& study) {
  json::array next;
  std::set<std::string> verdicts;
  for (const auto* claim : objects_of(study, "claims")) verdicts.insert(text_of(*claim, "verdict"));
  const auto& scope = object_of(study, "scope");
  const std::string factor = text_of(object_of(object_of(object_of(study, "template"), "factors"), text_of(scope, "factor")), "title", "factor");
  if (verdicts.count("inconclusive")) next.emplace_back("Run more blocks for the inconclusive claim: its interval is still wider than the smallest effect of interest.");
  if (verdicts.count("supported")) next.emplace_back("Repeat the supported claim on a second data set, to learn whether it speaks about more than this one.");
  if (verdicts.count("refuted") || verdicts.count("equivalent")) next.emplace_back("Leave the refuted contrast and compare levels of the " + factor + " that lie further apart.");
  next.emplace_back("Tune the learning rate for each arm with an equal budget, since all arms shared one.");
  if (text_of(scope, "factor") != "train_size") next.emplace_back("Ask whether the effect of the " + factor + " changes with the number of training images, in one factorial experiment.");
  return next;
}

}  // namespace

json::object analysis_findings(const json::object& input) {
  std::vector<json::object> findings;
  std::size_t turn = 0;
  for (const auto* claim : objects_of(input, "claims")) {
    const std::string id = text_of(*claim, "id");
    findings.push_back(finding("claim", id, settled(*claim), result_sentence(input, *claim, turn) + " " + verdict_sentence(input, *claim, turn)));
    ++turn;
  }
  if (const auto* node = strongest_exploratory(input)) {
    const double significance = number_of(object_of(*node, "evidence"), "significance");
    if (significance > 0.5) {
      findings.push_back(finding("exploratory", text_of(*node, "id"), 0.4 * significance,
                                 "Among the results that were not put to confirmation, the clearest concerns " + comparison_of(input, object_of(*node, "hypothesis")) + ". " + capitalised(result_sentence(input, *node, turn))));
    } else {
      findings.push_back(finding("null", text_of(*node, "id"), 0.2, "None of the contrasts outside the claims stood out from the noise between seeds."));
    }
  }
  std::stable_sort(findings.begin(), findings.end(), [](const json::object& a, const json::object& b) { return number_of(a, "weight") > number_of(b, "weight"); });
  json::array list;
  for (auto& one : findings) {
    one["id"] = "k" + std::to_string(list.size() + 1);
    list.push_back(std::move(one));
  }
  return {{"findings", std::move(list)}, {"storyline", storyline(input)}, {"next", next_steps(input)}};
}

}  // namespace aisci::offline
