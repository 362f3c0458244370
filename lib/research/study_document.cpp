#include "research/study_document.hpp"

#include <algorithm>
#include <set>

#include "research/claims.hpp"
#include "research/study_facts.hpp"

namespace aisci {
namespace {

json::object score_json(const Node& node) {
  if (!node.score) return {};
  json::object out{{"value", node.score->value},
                   {"parts", node.score_parts},
                   {"not_assessed", json::array(node.score->not_assessed.begin(), node.score->not_assessed.end())}};
  if (const json::object weights = weights_json(*node.score); !weights.empty()) out["weights"] = weights;
  return out;
}

// Changes of the recipe: what a paper must tell, and its readers' agents with it.
json::array changes_json(const std::vector<Retry>& retries) {
  json::array out;
  for (const auto& retry : retries) {
    if (!retry.changes_recipe()) continue;
    json::array files;
    for (const auto& file : retry.code) files.push_back(json::string{file.first});
    out.push_back(json::object{{"failure_class", retry.failure_class},
                               {"remedy", retry.remedy},
                               {"number", retry.number},
                               {"files", std::move(files)},
                               {"told", retry.told}});
  }
  return out;
}

json::object node_json(const StudyView& study, const Node& node) {
  json::object out{{"id", node.id},
                   {"parent", node.parent},
                   {"depth", node.depth},
                   {"stage", node.stage},
                   {"state", node.evidence ? "done" : "failed"},
                   {"hypothesis", node.hypothesis},
                   {"plan", node.plan.document},
                   {"experiments", node.experiments},
                   {"failure", node.failure}};
  if (node.late) out["late"] = true;
  if (study.proposed_first.count(text_of(node.hypothesis, "statement")) != 0) out["proposed_first"] = true;
  if (changes_in(node.retries) > 0) out["changes"] = changes_json(node.retries);
  if (node.evidence) out["evidence"] = to_json(*node.evidence, node.plan);
  out["score"] = score_json(node);
  return out;
}

json::object claim_json(const Claim& claim) {
  json::object out{
      {"id", claim.id},
      {"node", claim.node},
      {"statement", text_of(claim.hypothesis, "statement")},
      {"hypothesis", claim.hypothesis},
      {"arms", json::array(claim.plan.contrast.arms_in_order.begin(), claim.plan.contrast.arms_in_order.end())},
      {"plan", claim.plan.document},
      {"n", claim.n},
      {"power", claim.power},
      {"smallest_effect", claim.plan.smallest_effect},
      {"alpha", claim.alpha},
      {"holm_p", claim.holm_p},
      {"verdict", claim.verdict},
      {"failure", claim.failure}};
  if (changes_in(claim.retries) > 0) out["changes"] = changes_json(claim.retries);
  if (claim.evidence) out["evidence"] = to_json(*claim.evidence, claim.plan);
  if (const auto left_out = verdicts_without_one(claim); !left_out.empty()) {
    json::object verdicts;
    for (const auto& [verdict, blocks] : left_out) verdicts[verdict] = blocks.size();
    out["without_one_block"] = std::move(verdicts);
  }
  return out;
}

}  // namespace

StudyView around(const StudyView& study, const std::string& parent) {
  constexpr std::size_t kBest = 12;
  std::set<std::string> kept;
  std::string line = parent;
  for (auto node = study.nodes.rbegin(); node != study.nodes.rend(); ++node) {
    if (node->id == line) {
      kept.insert(node->id);
      line = node->parent;
    } else if (node->parent == parent) {
      kept.insert(node->id);
    }
  }
  std::vector<const Node*> best;
  for (const auto& node : study.nodes)
    if (node.score) best.push_back(&node);
  const auto end = best.begin() + static_cast<std::ptrdiff_t>(std::min(kBest, best.size()));
  std::partial_sort(best.begin(), end, best.end(), [](const Node* a, const Node* b) {
    return std::pair{-a->score->value, a} < std::pair{-b->score->value, b};
  });
  for (auto node = best.begin(); node != end; ++node) kept.insert((*node)->id);
  StudyView out{study.question,     study.seed,    study.scope, study.template_document, {},
                study.claims,       study.records, {},          study.figures,           study.ended_by,
                study.not_assessed, study.leader,  study.policy};
  for (const auto& node : study.nodes)
    if (kept.count(node.id) != 0) out.nodes.push_back(node);
  return out;
}

json::object weights_json(const NodeScore& score) {
  json::object out;
  for (const auto& [name, weight] : score.weights) out[name] = weight;
  return out;
}

json::object study_document(const StudyView& study) {
  json::array nodes, claims, literature, figures;
  for (const auto& node : study.nodes) nodes.push_back(node_json(study, node));
  for (const auto& claim : study.claims) claims.push_back(claim_json(claim));
  for (const auto& record : study.records) literature.push_back(record);
  for (const auto& figure : study.figures) figures.push_back(figure);
  json::object counts;
  const Referents referents = referents_of(study);
  for (const auto& [name, fact] : referents.facts)
    if (name.rfind("study.", 0) == 0 && fact.kind == FactKind::kCount)
      counts[name.substr(6)] = static_cast<std::int64_t>(fact.value);
  json::object arms, labels;
  for (const auto& [id, label] : referents.arms) arms[id] = label;
  for (const auto& [id, label] : referents.labels) labels[id] = label;
  json::object out{{"question", study.question},
                   {"scope", study.scope},
                   {"template", study.template_document},
                   {"nodes", std::move(nodes)},
                   {"claims", std::move(claims)},
                   {"facts", to_json(referents.facts)},
                   {"arms", std::move(arms)},
                   {"labels", std::move(labels)},
                   {"figures", std::move(figures)},
                   {"literature", std::move(literature)},
                   {"counts", std::move(counts)},
                   {"ended_by", study.ended_by},
                   {"policy", study.policy},
                   {"not_assessed", json::array(study.not_assessed.begin(), study.not_assessed.end())}};
  if (!study.set_aside.empty()) out["set_aside"] = json::array(study.set_aside.begin(), study.set_aside.end());
  return out;
}

}  // namespace aisci
