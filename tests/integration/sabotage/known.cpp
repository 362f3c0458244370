// The forty sabotages with which the reviewers' rules were written.
#include "integration/sabotage/bundle.hpp"

namespace aisci::sabotage {
namespace {

using Entries = std::vector<std::string>;
using Study = json::object;

// The first claim that is a difference, of a verdict; null when there is none.
json::object* plain_claim(Study& study, const std::string& verdict = "") {
  for (auto* claim : claims(study, verdict))
    if (difference(*claim)) return claim;
  return nullptr;
}
json::object& first(Study& study) { return *claims(study).front(); }
std::string arm(const json::object& claim, const std::string& name) { return "{{arm:" + id(claim) + "." + name + "}}"; }

Entries n_is_two(Study& study) {
  auto& claim = first(study);
  keep_blocks(claim, 2);
  claim["n"] = 2;
  recompute(study, claim);
  redraw(study);
  return {id(claim)};
}
Entries blocks_dropped(Study& study) {
  auto& claim = first(study);
  keep_blocks(claim, array_of(object_of(claim, "evidence"), "blocks").size() - 4);
  recompute(study, claim);
  redraw(study);
  return {id(claim)};
}
Entries seeds_of_one_arm(Study& study) {
  auto& claim = first(study);
  auto& scores = values(claim, baseline(claim));
  scores.erase(scores.begin());
  scores.erase(scores.begin());
  return {id(claim)};
}
Entries seed_twice(Study& study) {
  auto& claim = first(study);
  auto& blocks = list(member(claim, "evidence"), "blocks");
  blocks[3] = blocks[2];
  return {id(claim)};
}
Entries seeds_of_the_search(Study& study) {
  auto& claim = first(study);
  auto* node = node_of(study, claim);
  auto& fresh = list(member(claim, "evidence"), "blocks");
  const auto& old = array_of(object_of(*node, "evidence"), "blocks");
  for (std::size_t i = 0; i < old.size() && i < fresh.size(); ++i) fresh[i] = old[i];
  return {id(claim)};
}
Entries constant(Study& study) {
  auto& claim = first(study);
  for (auto& score : values(claim, treatment(claim))) score = 0.84;
  recompute(study, claim);
  redraw(study);
  return {id(claim)};
}
Entries one_arm_copied(Study& study) {
  auto* claim = plain_claim(study);
  if (!claim) return {};
  const json::array copy = values(*claim, baseline(*claim));
  values(*claim, treatment(*claim)) = copy;
  recompute(study, *claim);
  redraw(study);
  return {id(*claim)};
}
Entries verdict_by_hand(Study& study) {
  for (auto* claim : claims(study)) {
    if (text_of(*claim, "verdict") == "supported") continue;
    (*claim)["verdict"] = "supported";
    redraw(study);
    return {id(*claim)};
  }
  return {};
}
Entries interval_narrowed(Study& study) {
  auto& claim = first(study);
  auto& contrast = member(claim, "evidence.contrast");
  const double mean = number_of(contrast, "mean");
  for (const char* end : {"lower", "upper"}) contrast[end] = mean + (number_of(contrast, end) - mean) / 2;
  refresh_facts(study, claim);
  redraw(study);
  return {id(claim)};
}
Entries level_uncorrected(Study& study) {
  for (auto* claim : claims(study)) {
    if (claims(study).size() < 2 || number_of(*claim, "alpha") > 0.04) continue;
    (*claim)["alpha"] = 0.05;
    recompute(study, *claim);
    redraw(study);
    return {id(*claim)};
  }
  return {};
}

Entries arms_swapped(Study& study) {
  auto* claim = plain_claim(study);
  if (!claim) return {};
  for (auto* entry : {claim, node_of(study, *claim)}) {
    for (auto& weight : member(*entry, "plan.contrast.weights")) weight.value() = -as_number(weight.value());
    recompute(study, *entry);
  }
  redraw(study);
  return {id(*claim), text_of(*claim, "node")};
}
Entries labels_swapped(Study& study) {
  auto* claim = plain_claim(study);
  if (!claim) return {};
  auto& arms = list(member(*claim, "plan"), "arms");
  std::swap(at(arms[0])["label"], at(arms[1])["label"]);
  recompute(study, *claim);
  return {id(*claim)};
}
Entries baseline_missing(Study& study) {
  auto* claim = plain_claim(study);
  if (!claim) return {};
  member(*claim, "evidence.arms").erase(baseline(*claim));
  return {id(*claim)};
}
Entries searched_on_confirmation(Study& study) {
  auto& node = at(list(study, "nodes").front());
  member(node, "plan.splits")["evaluate"] = "confirmation";
  return {id(node)};
}
Entries rate_chosen_on_confirmation(Study& study) {
  auto& claim = first(study);
  const char* kTuning = "The learning rate of every arm was chosen on the confirmation split.";
  member(claim, "plan")["tuning"] = kTuning;
  member(*node_of(study, claim), "plan")["tuning"] = kTuning;
  return {id(claim), text_of(claim, "node")};
}
Entries another_learning_rate(Study& study) {
  auto* claim = plain_claim(study);
  if (!claim || text_of(object_of(*claim, "hypothesis"), "factor") == "learning_rate") return {};
  for (auto& one : list(member(*claim, "plan"), "arms"))
    if (id(at(one)) == treatment(*claim)) member(at(one), "config")["learning_rate"] = 0.005;
  return {id(*claim)};
}
Entries budget_of_one_arm(Study& study) {
  auto* claim = plain_claim(study);
  if (!claim) return {};
  std::string label;
  for (auto& one : list(member(*claim, "plan"), "arms"))
    if (id(at(one)) == treatment(*claim)) label = text_of(at(one), "label");
  const std::string tuning =
      "The learning rate of " + label + " was tuned over ten values, that of the other arm was not.";
  member(*claim, "plan")["tuning"] = tuning;
  member(*node_of(study, *claim), "plan")["tuning"] = tuning;
  return {id(*claim), text_of(*claim, "node")};
}
Entries limit_halved(Study& study) {
  auto& claim = first(study);
  claim["smallest_effect"] = number_of(claim, "smallest_effect") / 2;
  recompute(study, claim);
  return {id(claim)};
}
Entries hypothesis_turned(Study& study) {
  auto* claim = plain_claim(study, "refuted");
  if (!claim) return {};
  auto& expected = member(*claim, "hypothesis.expected");
  expected["direction"] = text_of(expected, "direction") == "higher" ? "lower" : "higher";
  auto& contrast = member(*claim, "plan.contrast");
  contrast["predicted_sign"] = -static_cast<int>(number_of(contrast, "predicted_sign"));
  recompute(study, *claim);
  return {id(*claim)};
}
Entries power_unstated(Study& study) {
  auto& claim = first(study);
  claim.erase("power");
  return {id(claim)};
}

Entries figure_changed(Study& study) {
  for (auto& one : list(study, "figures")) {
    if (text_of(at(one), "kind") != "paired") continue;
    auto& scores = list(member(at(one), "data.treatment"), "values");
    for (auto& score : scores) score = as_number(score) + 0.02;
    return {id(at(one))};
  }
  return {};
}
Entries caption_without_n(Study& study) {
  for (auto& one : list(study, "figures")) {
    if (text_of(at(one), "kind") != "paired") continue;
    at(one)["caption"] = "Accuracy of the two arms, with the difference between them and its interval.";
    return {id(at(one))};
  }
  return {};
}
Entries reference_invented(Study& study) {
  say(study, "related", "The same was found earlier {{cite:miller2021attention}}.");
  list(member(study, "paper"), "citations")
      .push_back(json::object{{"key", "miller2021attention"}, {"support", "It finds the same."}});
  return {"miller2021attention"};
}
Entries support_invented(Study& study) {
  auto& citation = at(list(member(study, "paper"), "citations").front());
  citation["support"] = "The factor improves every network that was ever tested.";
  return {text_of(citation, "key")};
}
Entries fact_stale(Study& study) {
  auto& claim = first(study);
  auto& fact = member(study, "facts")[id(claim) + ".contrast.mean"].as_object();
  fact["value"] = number_of(fact, "value") + 0.013;
  return {id(claim)};
}
Entries trials_miscounted(Study& study) {
  auto& counts = member(study, "counts");
  counts["trials"] = number_of(counts, "trials") + 35;
  return {""};
}
Entries row_of_another(Study& study) {
  auto* claims_table = table(study, "claims");
  if (!claims_table || list(*claims_table, "rows").size() < 2) return {};
  auto& rows = list(*claims_table, "rows");
  std::swap(rows[0].as_array()[5], rows[1].as_array()[5]);
  return {"claims"};
}
Entries limitations_missing(Study& study) {
  auto& sections = list(member(study, "paper"), "sections");
  for (auto it = sections.begin(); it != sections.end(); ++it)
    if (text_of(at(*it), "id").rfind("limit", 0) == 0) {
      sections.erase(it);
      return {""};
    }
  return {};
}
Entries failure_hidden(Study& study) {
  json::object failed = at(list(study, "nodes").back());
  const std::string name = "n" + std::to_string(list(study, "nodes").size() + 1);
  failed["id"] = name;
  failed["state"] = "failed";
  failed["failure"] = "killed by signal 9";
  failed.erase("evidence");
  list(study, "nodes").push_back(std::move(failed));
  return {name};
}
Entries number_by_hand(Study& study) {
  say(study, "results", "The gain came to 3.4 points in the end.");
  return {""};
}

Entries proves(Study& study) {
  say(study, "conclusion", "This proves that the factor decides the accuracy of a network.");
  return {""};
}
Entries search_called_significant(Study& study) {
  for (auto* node : explored(study)) {
    say(study, "results",
        "The difference between " + arm(*node, treatment(*node)) + " and " + arm(*node, baseline(*node)) +
            " in the search, {{" + id(*node) + ".contrast.mean}}, is statistically significant.");
    return {id(*node)};
  }
  return {};
}
Entries direction_by_hand(Study& study) {
  auto* claim = plain_claim(study);
  if (!claim) return {};
  const bool up = number_of(object_of(object_of(*claim, "evidence"), "contrast"), "mean") > 0;
  say(study, "discussion",
      "In short, " + arm(*claim, treatment(*claim)) + (up ? " is worse than " : " is better than ") +
          arm(*claim, baseline(*claim)) + ".");
  return {id(*claim)};
}
Entries direction_words_swapped(Study& study) {
  auto* claim = plain_claim(study);
  if (!claim) return {};
  say(study, "discussion",
      "With " + arm(*claim, treatment(*claim)) + " accuracy was {{direction:" + id(*claim) +
          ".contrast.mean|lower|higher}} than with " + arm(*claim, baseline(*claim)) + ".");
  return {id(*claim)};
}
Entries cause(Study& study) {
  auto* claim = plain_claim(study);
  if (!claim) return {};
  say(study, "discussion",
      "The difference between " + arm(*claim, treatment(*claim)) + " and " + arm(*claim, baseline(*claim)) +
          " arises because gradients flow more freely.");
  return {id(*claim)};
}
Entries scope(Study& study) {
  say(study, "conclusion", "The finding holds for all architectures and for every data set.");
  return {""};
}
Entries interaction(Study& study) {
  auto* claim = plain_claim(study);
  if (!claim) return {};
  say(study, "discussion",
      "The advantage of " + arm(*claim, treatment(*claim)) + " over " + arm(*claim, baseline(*claim)) +
          " interacts with the number of training images.");
  return {id(*claim)};
}
Entries importance(Study& study) {
  for (auto* claim : claims(study)) {
    const auto& contrast = object_of(object_of(*claim, "evidence"), "contrast");
    if (!difference(*claim) || number_of(contrast, "lower") > 0.015 || number_of(contrast, "upper") < -0.015) continue;
    say(study, "discussion",
        "The effect of " + arm(*claim, treatment(*claim)) + " against " + arm(*claim, baseline(*claim)) +
            " is substantial.");
    return {id(*claim)};
  }
  return {};
}
Entries abstract_contradicts(Study& study) {
  for (const char* verdict : {"refuted", "inconclusive", "equivalent"})
    if (auto* claim = plain_claim(study, verdict)) {
      say(study, "abstract",
          "The prediction that " + arm(*claim, treatment(*claim)) + " leads " + arm(*claim, baseline(*claim)) +
              " was confirmed.");
      return {id(*claim)};
    }
  return {};
}
Entries abstract_selective(Study& study) {
  auto& claim = *claims(study).back();
  auto& paper = member(study, "paper");
  std::string kept, text = text_of(paper, "abstract");
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = text.find(". ", begin);
    end = end == std::string::npos ? text.size() : end + 2;
    const std::string sentence = text.substr(begin, end - begin);
    if (sentence.find(id(claim) + ".") == std::string::npos &&
        sentence.find(":" + id(claim) + "}}") == std::string::npos)
      kept += sentence;
    begin = end;
  }
  paper["abstract"] = kept;
  return {id(claim)};
}

}  // namespace

std::vector<Sabotage> known_sabotages() {
  return {
      {"evidence", "two blocks", {"blocks-few"}, n_is_two},
      {"evidence", "blocks dropped after the fact", {"blocks-missing"}, blocks_dropped},
      {"evidence", "seeds dropped from one arm", {"seeds-dropped"}, seeds_of_one_arm},
      {"evidence", "a seed twice", {"seeds-repeat"}, seed_twice},
      {"evidence", "confirmed on seeds of the search", {"seeds-not-fresh"}, seeds_of_the_search},
      {"evidence", "metric constant across seeds", {"constant"}, constant},
      {"evidence", "an arm copied from the other", {"arms-identical"}, one_arm_copied},
      {"evidence", "verdict not by its rule", {"verdict-rule"}, verdict_by_hand},
      {"evidence", "interval narrowed", {"interval-differs"}, interval_narrowed},
      {"evidence", "level without correction", {"uncorrected"}, level_uncorrected},
      {"design", "arms swapped in the contrast", {"arms-swapped"}, arms_swapped},
      {"design", "labels swapped", {"arms-swapped"}, labels_swapped},
      {"design", "baseline missing", {"baseline-missing"}, baseline_missing},
      {"design", "search scored on the confirmation split", {"tuned-on-test"}, searched_on_confirmation},
      {"design", "rate chosen on the confirmation split", {"tuned-on-test"}, rate_chosen_on_confirmation},
      {"design", "another learning rate in one arm", {"budget-unequal"}, another_learning_rate},
      {"design", "one arm tuned", {"budget-unequal"}, budget_of_one_arm},
      {"design", "smallest effect halved", {"limit-moved"}, limit_halved},
      {"design", "hypothesis turned after the search", {"plan-changed"}, hypothesis_turned},
      {"design", "power unstated", {"power-unstated"}, power_unstated},
      {"record", "figure shows other data", {"figure-differs"}, figure_changed},
      {"record", "caption without n", {"figure-uncaptioned"}, caption_without_n},
      {"record", "invented reference", {"citation-unknown"}, reference_invented},
      {"record", "support not in the record", {"support-missing"}, support_invented},
      {"record", "stale value", {"facts-stale"}, fact_stale},
      {"record", "trials miscounted", {"counts-differ"}, trials_miscounted},
      {"record", "table row of another claim", {"table-stale"}, row_of_another},
      {"record", "limitations missing", {"limitations-missing"}, limitations_missing},
      {"record", "failed experiment hidden", {"failure-hidden"}, failure_hidden},
      {"record", "number by hand", {"number-by-hand"}, number_by_hand},
      {"words", "proves", {"overclaim"}, proves},
      {"words", "search called significant", {"exploratory-significant"}, search_called_significant},
      {"words", "direction by hand, wrong", {"direction-wrong"}, direction_by_hand},
      {"words", "direction words swapped", {"direction-wrong"}, direction_words_swapped},
      {"words", "cause without a test", {"cause-untested"}, cause},
      {"words", "scope wider than the population", {"scope"}, scope},
      {"words", "interaction without a contrast", {"interaction-untested"}, interaction},
      {"words", "small effect called substantial", {"size-overstated"}, importance},
      {"words", "abstract contradicts results", {"verdict-words"}, abstract_contradicts},
      {"words", "abstract leaves a claim out", {"abstract-selective"}, abstract_selective},
  };
}

}  // namespace aisci::sabotage
