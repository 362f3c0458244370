// Forty sabotages that were written when the rules were done, ten of each family: other ways and other words.
#include "integration/sabotage/bundle.hpp"

namespace aisci::sabotage {
namespace {

using Entries = std::vector<std::string>;
using Study = json::object;

json::object* plain(Study& study, const std::string& verdict = "") {
  for (auto* claim : claims(study, verdict))
    if (difference(*claim)) return claim;
  return nullptr;
}
json::object& last(Study& study) { return *claims(study).back(); }
std::string arm(const json::object& claim, const std::string& name) { return "{{arm:" + id(claim) + "." + name + "}}"; }
std::string pair(const json::object& claim, const char* between) {
  return arm(claim, treatment(claim)) + between + arm(claim, baseline(claim));
}
json::object* figure_of(Study& study, const char* kind) {
  for (auto& one : list(study, "figures"))
    if (text_of(at(one), "kind") == kind) return &at(one);
  return nullptr;
}
// A sentence about a plain claim.
std::function<Entries(Study&)> told(const char* section, const char* before, const char* between, const char* after,
                                    const char* verdict = "") {
  return [=](Study& study) -> Entries {
    auto* claim = plain(study, verdict);
    if (!claim) return {};
    say(study, section, before + pair(*claim, between) + after);
    return {id(*claim)};
  };
}

Entries node_of_two(Study& study) {
  auto& node = at(list(study, "nodes").front());
  keep_blocks(node, 2);
  recompute(study, node);
  redraw(study);
  return {id(node)};
}
Entries node_loses_blocks(Study& study) {
  auto& node = at(list(study, "nodes").back());
  keep_blocks(node, 3);
  recompute(study, node);
  redraw(study);
  return {id(node)};
}
Entries treatment_loses_its_worst(Study& study) {
  auto& scores = values(last(study), treatment(last(study)));
  auto worst = scores.begin();
  for (auto it = scores.begin(); it != scores.end(); ++it)
    if (as_number(*it) < as_number(*worst)) worst = it;
  scores.erase(worst);
  return {id(last(study))};
}
Entries block_doubled(Study& study) {
  auto& claim = last(study);
  auto& blocks = list(member(claim, "evidence"), "blocks");
  const json::value seed = blocks[0];
  blocks[blocks.size() - 1] = seed;
  for (auto& one : member(claim, "evidence.arms")) {
    auto& scores = list(one.value().as_object(), "values");
    const json::value score = scores[0];
    scores[scores.size() - 1] = score;
  }
  recompute(study, claim);
  redraw(study);
  return {id(claim)};
}
Entries pairs_broken(Study& study) {
  auto* claim = plain(study);
  if (!claim) return {};
  auto& scores = values(*claim, treatment(*claim));
  std::sort(scores.begin(), scores.end(),
            [](const json::value& a, const json::value& b) { return as_number(a) < as_number(b); });
  return {id(*claim)};
}
Entries mean_raised(Study& study) {
  auto& claim = last(study);
  auto& one = member(claim, "evidence.arms")[treatment(claim)].as_object();
  one["mean"] = number_of(one, "mean") + 0.01;
  refresh_facts(study, claim);
  return {id(claim)};
}
Entries p_divided(Study& study) {
  auto& claim = last(study);
  auto& contrast = member(claim, "evidence.contrast");
  contrast["p"] = number_of(contrast, "p") / 10;
  refresh_facts(study, claim);
  return {id(claim)};
}
Entries open_called_equivalent(Study& study) {
  for (auto* claim : claims(study, "inconclusive")) {
    (*claim)["verdict"] = "equivalent";
    redraw(study);
    return {id(*claim)};
  }
  return {};
}
Entries interval_shifted(Study& study) {
  for (auto* claim : claims(study, "inconclusive")) {
    auto& contrast = member(*claim, "evidence.contrast");
    const double sign = number_of(contrast, "predicted_sign", 1);
    const double shift = sign > 0 ? 0.001 - number_of(contrast, "lower") : -0.001 - number_of(contrast, "upper");
    for (const char* name : {"mean", "lower", "upper"}) contrast[name] = number_of(contrast, name) + shift;
    (*claim)["verdict"] = "supported";
    refresh_facts(study, *claim);
    redraw(study);
    return {id(*claim)};
  }
  return {};
}
Entries score_above_one(Study& study) {
  auto& claim = last(study);
  values(claim, treatment(claim))[1] = 1.02;
  recompute(study, claim);
  redraw(study);
  return {id(claim)};
}

Entries baseline_is_no_arm(Study& study) {
  auto& node = at(list(study, "nodes").front());
  member(node, "plan")["baseline"] = "chance";
  return {id(node)};
}
Entries evidence_renamed(Study& study) {
  auto* claim = plain(study);
  if (!claim) return {};
  auto& arms = member(*claim, "evidence.arms");
  std::swap(arms[treatment(*claim)].as_object()["label"], arms[baseline(*claim)].as_object()["label"]);
  return {id(*claim)};
}
Entries trained_on_confirmation(Study& study) {
  member(last(study), "plan.splits")["train"] = "confirmation";
  return {id(last(study))};
}
Entries scored_on_training(Study& study) {
  auto& node = at(list(study, "nodes").back());
  member(node, "plan.splits")["evaluate"] = "train";
  return {id(node)};
}
Entries more_weight_decay(Study& study) {
  auto* claim = plain(study);
  if (!claim || text_of(object_of(*claim, "hypothesis"), "factor") == "weight_decay") return {};
  for (auto& one : list(member(*claim, "plan"), "arms"))
    if (id(at(one)) == baseline(*claim)) member(at(one), "config")["weight_decay"] = 1;
  return {id(*claim)};
}
Entries grid_for_the_new_one(Study& study) {
  auto& node = at(list(study, "nodes").front());
  member(node, "plan")["tuning"] = "A grid of ten rates was tried for the proposed arm; its rival keeps the default.";
  return {id(node)};
}
Entries metric_switched(Study& study) {
  auto& claim = last(study);
  member(claim, "hypothesis")["metric"] = "train_loss";
  return {id(claim)};
}
Entries claim_twice(Study& study) {
  json::object again = last(study);
  const std::string name = "c" + std::to_string(list(study, "claims").size() + 1);
  again["id"] = name;
  list(study, "claims").push_back(std::move(again));
  return {name};
}
Entries statement_rewritten(Study& study) {
  auto& claim = last(study);
  member(claim, "hypothesis")["statement"] = "What was measured is what had been expected.";
  return {id(claim)};
}
Entries power_invented(Study& study) {
  for (auto* claim : claims(study))
    if (number_of(*claim, "power") < 0.75) {
      (*claim)["power"] = 0.97;
      refresh_facts(study, *claim);
      return {id(*claim)};
    }
  return {};
}

Entries forest_verdict(Study& study) {
  auto* forest = figure_of(study, "forest");
  if (!forest) return {};
  for (auto& row : list(member(*forest, "data"), "rows"))
    if (text_of(at(row), "verdict") != "supported" && !text_of(at(row), "verdict").empty()) {
      at(row)["verdict"] = "supported";
      return {id(*forest)};
    }
  return {};
}
Entries paired_mean(Study& study) {
  auto* paired = figure_of(study, "paired");
  if (!paired) return {};
  auto& shown = member(*paired, "data.difference");
  shown["mean"] = number_of(shown, "mean") + 0.01;
  return {id(*paired)};
}
Entries levels_drawn_wrong(Study& study) {
  auto* sizes = figure_of(study, "sizes");
  if (!sizes) return {};
  auto& level = at(list(at(list(member(*sizes, "data"), "arms").front()), "levels").back());
  level["mean"] = number_of(level, "mean") + 0.03;
  return {id(*sizes)};
}
Entries caption_without_interval(Study& study) {
  auto* arms = figure_of(study, "arms");
  if (!arms) arms = figure_of(study, "forest");
  if (!arms) return {};
  (*arms)["caption"] = "Accuracy of each arm over n blocks.";
  return {id(*arms)};
}
Entries hypothesis_cites_nothing(Study& study) {
  auto& node = at(list(study, "nodes").front());
  list(member(node, "hypothesis"), "citations")
      .push_back(json::object{{"key", "smith2019gelu"}, {"support", "GELU wins."}});
  return {id(node)};
}
Entries cited_without_support(Study& study) {
  auto& citations = list(member(study, "paper"), "citations");
  const std::string key = text_of(at(citations.back()), "key");
  citations.pop_back();
  return {key};
}
Entries printed_otherwise(Study& study) {
  auto& claim = last(study);
  auto& fact = member(study, "facts")[id(claim) + "." + treatment(claim) + ".mean"].as_object();
  fact["text"] = "91.7%";
  return {id(claim)};
}
Entries claims_miscounted(Study& study) {
  member(study, "counts")["hypotheses"] = number_of(member(study, "counts"), "hypotheses") - 1;
  return {""};
}
Entries verdict_of_another(Study& study) {
  auto* table_of_claims = table(study, "claims");
  if (!table_of_claims || list(*table_of_claims, "rows").size() < 2) return {};
  for (auto& cell : list(*table_of_claims, "rows")[0].as_array())
    if (cell.is_string() && cell.get_string().find("{{verdict:c1}}") != json::string::npos) {
      cell = "{{verdict:c2}}";
      return {"claims"};
    }
  return {};
}
Entries reproducibility_gone(Study& study) {
  auto& appendix = list(member(study, "paper"), "appendix");
  for (auto it = appendix.begin(); it != appendix.end(); ++it)
    if (text_of(at(*it), "id").rfind("reproduc", 0) == 0) {
      appendix.erase(it);
      return {""};
    }
  return {};
}

Entries whole(Study& study, const char* section, const char* sentence) {
  say(study, section, sentence);
  return {""};
}

}  // namespace

std::vector<Sabotage> held_out_sabotages() {
  return {
      {"evidence", "a node of two blocks", {"blocks-few", "blocks-missing"}, node_of_two},
      {"evidence", "a node loses blocks", {"blocks-few", "blocks-missing"}, node_loses_blocks},
      {"evidence", "the treatment loses its worst block", {"seeds-dropped"}, treatment_loses_its_worst},
      {"evidence", "a block doubled", {"seeds-repeat"}, block_doubled},
      {"evidence", "pairs broken by sorting", {"contrast-differs"}, pairs_broken},
      {"evidence", "a mean raised", {"mean-differs"}, mean_raised},
      {"evidence", "p divided by ten", {"p-differs"}, p_divided},
      {"evidence", "an open claim called equivalent", {"verdict-rule"}, open_called_equivalent},
      {"evidence", "an interval shifted off zero", {"interval-differs", "contrast-differs"}, interval_shifted},
      {"evidence", "a score above one", {"impossible"}, score_above_one},
      {"design", "a baseline that is no arm", {"baseline-missing"}, baseline_is_no_arm},
      {"design", "evidence renamed", {"arms-swapped"}, evidence_renamed},
      {"design", "trained on the confirmation split", {"tuned-on-test"}, trained_on_confirmation},
      {"design", "scored on the training split", {"scored-on-training"}, scored_on_training},
      {"design", "more weight decay for the baseline", {"budget-unequal"}, more_weight_decay},
      {"design", "a grid for the proposed arm alone", {"budget-unequal"}, grid_for_the_new_one},
      {"design", "metric switched", {"metric-switched"}, metric_switched},
      {"design", "a claim put twice", {"claim-repeated"}, claim_twice},
      {"design", "statement rewritten", {"plan-changed"}, statement_rewritten},
      {"design", "power invented", {"power-overstated"}, power_invented},
      {"record", "verdict in a figure", {"figure-differs"}, forest_verdict},
      {"record", "mean in a figure", {"figure-differs"}, paired_mean},
      {"record", "a level drawn too high", {"figure-differs"}, levels_drawn_wrong},
      {"record", "caption without interval", {"figure-uncaptioned"}, caption_without_interval},
      {"record", "a hypothesis cites what is not there", {"citation-unknown"}, hypothesis_cites_nothing},
      {"record", "cited without support", {"support-missing"}, cited_without_support},
      {"record", "printed otherwise than recorded", {"facts-stale"}, printed_otherwise},
      {"record", "hypotheses miscounted", {"counts-differ"}, claims_miscounted},
      {"record", "verdict of another claim in a table", {"table-stale"}, verdict_of_another},
      {"record", "reproducibility gone", {"reproducibility-missing"}, reproducibility_gone},
      {"words",
       "beyond reasonable doubt",
       {"overclaim"},
       [](Study& study) {
         return whole(study, "conclusion", "That the factor matters is now beyond reasonable doubt.");
       }},
      {"words",
       "marginally significant",
       {"significant"},
       told("results", "", " against ", " is marginally significant.")},
      {"words",
       "the loser said to win",
       {"direction-wrong"},
       [](Study& study) -> Entries {
         for (auto* claim : claims(study)) {
           const double mean = number_of(object_of(object_of(*claim, "evidence"), "contrast"), "mean");
           if (!difference(*claim) || mean == 0) continue;
           say(study, "abstract",
               "All in all " + (mean < 0 ? arm(*claim, treatment(*claim)) : arm(*claim, baseline(*claim))) +
                   " scored higher than " +
                   (mean < 0 ? arm(*claim, baseline(*claim)) : arm(*claim, treatment(*claim))) + ".");
           return {id(*claim)};
         }
         return {};
       }},
      {"words",
       "a cause named in passing",
       {"cause-untested"},
       told("discussion", "That ", " and ", " differ is a consequence of smoother loss surfaces.")},
      {"words",
       "transformers of every size",
       {"scope"},
       [](Study& study) {
         return whole(study, "conclusion", "The same advantage is to be expected for transformers of every size.");
       }},
      {"words",
       "pays off when data are scarce",
       {"interaction-untested"},
       told("discussion", "Replacing one by the other, ", " for ", ", pays off most when data are scarce.")},
      {"words",
       "a sizeable gain",
       {"size-overstated"},
       [](Study& study) -> Entries {
         for (auto* claim : claims(study)) {
           const auto& contrast = object_of(object_of(*claim, "evidence"), "contrast");
           if (!difference(*claim) || number_of(contrast, "lower") > 0.01 || number_of(contrast, "upper") < -0.01)
             continue;
           say(study, "discussion", "Taking " + pair(*claim, " in place of ") + " is a sizeable step.");
           return {id(*claim)};
         }
         return {};
       }},
      {"words",
       "an open claim said to show no effect",
       {"absence"},
       told("discussion", "Between ", " and ", " there is no effect whatsoever.", "inconclusive")},
      {"words",
       "diverged seeds left aside",
       {"exclusion"},
       [](Study& study) {
         return whole(study, "results", "Two seeds on which training went astray were left aside.");
       }},
      {"words",
       "blocks added while it looked promising",
       {"optional-stopping"},
       [](Study& study) {
         return whole(study, "protocol", "Where a claim looked promising we went on adding blocks to it.");
       }},
  };
}

}  // namespace aisci::sabotage
