#include "writing_topics.hpp"

#include <algorithm>
#include <cmath>

#include "document.hpp"
#include "question_reading.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

// The nodes that left the usual level of a factor, with what they gave: "n6 (+0.4, −0.1 to +0.9)"; those on the pair
// of the main claim, where there are any. Of many, the first few and "others".
std::vector<std::string> varied(const Study& study, const std::string& factor) {
  std::vector<const Entry*> nodes;
  for (const auto& node : study.nodes()) {
    if (!node.known) continue;
    const json::value* level = object_of(*node.hypothesis, "context").if_contains(factor);
    const json::value* usual = object_of(study.scope(), "context").if_contains(factor);
    if (!usual) usual = object_of(object_of(study.manifest(), "factors"), factor).if_contains("default");
    if (level && usual && level_name(*level) != level_name(*usual)) nodes.push_back(&node);
  }
  const Entry* main = study.main_claim();
  const auto on_another_pair = [&](const Entry* node) { return !main || !node->same_pair(*main); };
  if (!std::all_of(nodes.begin(), nodes.end(), on_another_pair)) std::erase_if(nodes, on_another_pair);
  const bool many = nodes.size() > 4;
  if (many) nodes.resize(3);
  std::vector<std::string> told;
  for (const Entry* node : nodes)
    told.push_back(study.name(*node) + " (" + study.bare(*node, "contrast.mean") + ", " +
                   study.bare(*node, "contrast.lower") + " to " + study.bare(*node, "contrast.upper") + ")");
  if (many) told.emplace_back("others");
  return told;
}

std::string title_of_role(const Study& study, const char* role, const char* otherwise) {
  const std::string name = factor_with_role(study.manifest(), role);
  return text_of(object_of(object_of(study.manifest(), "factors"), name), "title", otherwise);
}

// Arms of the named entries that score on average no better than guessing: "{{arm:n8.linear}} ({{n8.linear.mean}})",
// with the entry where there are several.
std::vector<std::string> arms_at_chance(const Study& study, const std::string& names) {
  std::vector<std::string> arms;
  for (const auto* list : {&study.claims(), &study.nodes()})
    for (const auto& entry : *list) {
      if (!entry.known || names.find(study.name(entry)) == std::string::npos) continue;
      for (const auto* planned : objects_of(*entry.plan, "arms")) {
        const std::string arm = entry.id + "." + text_of(*planned, "id");
        if (study.at_chance(arm))
          arms.push_back("\u201c{{arm:" + arm + "}}\u201d ({{" + arm + ".mean}}" +
                         (names == study.name(entry) ? ")" : ", " + study.name(entry) + ")"));
      }
    }
  return arms;
}

// The level of the tuning factor in the run on it: "{{level:learning_rate.0.005}}".
std::string level_of_run(const Study& study) {
  const std::string tuning = factor_with_role(study.manifest(), "tuning");
  for (const auto& node : study.nodes())
    if (const json::value* level = object_of(*node.hypothesis, "context").if_contains(tuning);
        node.known && level && level_name(*level) != study.usual_level(tuning))
      return "a " + title_of_role(study, "tuning", "recipe") + " of " +
             level_reference(study.manifest(), tuning, level_name(*level));
  return "another recipe";
}

Closing learning_rate(const Study& study, const std::string&) {
  const std::string title = title_of_role(study, "tuning", "recipe");
  if (!study.acts_somewhere(factor_with_role(study.manifest(), "tuning"), true))
    return {"text", "", "",
            "The " + title + " acts on none of the " + study.terms().subjects +
                " that the claims are about, so there is "
                "nothing in it to vary."};
  if (const auto runs = varied(study, factor_with_role(study.manifest(), "tuning")); !runs.empty())
    return {"experiment", "limitations", "",
            "What ran with a changed " + title + ": " + listed(runs) + "; the limitations say what that leaves open.",
            runs.size() == 1 ? "In the experiment below both arms have " + level_of_run(study) +
                                   ", which is a check and no tuning of each; the limitations say what it leaves "
                                   "open."
                             : ""};
  return {"concession", "", "Whether the shared " + title + " stands behind a verdict was not put to the test.",
          "Conceded: no experiment varies the " + title + ", and the limitations now say so in so many words."};
}

Closing architecture(const Study& study, const std::string&) {
  const std::string title = title_of_role(study, "model", "set-up"), trained = study.terms().trained;
  if (const auto runs = varied(study, factor_with_role(study.manifest(), "model")); !runs.empty())
    return {"experiment", "limitations", "",
            "The study holds experiments with another " + title + ": " + listed(runs) + "; the tables have them.",
            runs.size() == 1 ? "The results tell of it." : ""};
  return {"concession", "",
          "Nothing here separates what belongs to " + study.the_factor() + " from what belongs to the one " + title +
              " that was " + trained + ".",
          "Conceded in the limitations: one " + title + " was " + trained + "."};
}

Closing text_on(std::string section, std::string sentence, std::string response) {
  return {"text", std::move(section), std::move(sentence), std::move(response)};
}
Closing concede(std::string sentence, std::string response) {
  return {"concession", "", std::move(sentence), std::move(response)};
}

bool shrank(const Study& study, const Entry& entry) {
  const Entry* node = entry.claim ? study.node(entry.node) : nullptr;
  return node && node->known && entry.known && node->mean * entry.mean >= 0 &&
         std::abs(entry.mean) < std::abs(node->mean);
}
bool other_sign(const Study& study, const Entry& entry) {
  const Entry* node = entry.claim ? study.node(entry.node) : nullptr;
  return node && node->known && entry.known && node->mean * entry.mean < 0;
}
bool turned(const Study& study, const Entry& entry) { return other_sign(study, entry) && !study.prints_as_zero(entry); }
bool vanished(const Study& study, const Entry& entry) {
  return other_sign(study, entry) && study.prints_as_zero(entry);
}

// What the main claim's paragraph of the discussion says of its own search and confirmation.
bool is_main(const Study& study, const std::string& names) {
  const Entry* main = study.main_claim();
  return main && names == study.name(*main);
}

// Points on scores themselves.
std::vector<Topic> topics_on_scores() {
  return {
      {{"arms-identical"},
       {},
       {},
       [](const Study& study, const std::string& names) {
         if (std::any_of(study.claims().begin(), study.claims().end(),
                         [](const Entry& claim) { return claim.same_in_every_block(); }))
           return text_on("", "",
                          "Each arm ran under its own configuration, as its trials record; that the factor reached no "
                          "score is the result, and the results say so.");
         return text_on("results",
                        "That two arms of " + names +
                            " score alike throughout is no copy: each ran under its own configuration, and the factor "
                            "that sets them apart reached no score.",
                        "Each arm ran under its own configuration, as its trials record; that the factor reached no "
                        "score is a result, and the results now say so.");
       }},
      {{"untrained"},
       {},
       {},
       [](const Study& study, const std::string& names) {
         const auto arms = arms_at_chance(study, names);
         return concede(
             (arms.empty()       ? "An arm of " + names + " does"
              : arms.size() == 1 ? "Of the arms of " + names + ", " + arms.front() + " does"
                                 : "Of the arms of " + names + ", " + listed(arms) + " do") +
                 " on average no better than guessing, so a contrast with it reflects that failure as much as any "
                 "difference that was looked for.",
             "Conceded: the limitations now name the contrasts in which an arm does no better than guessing.");
       }},
      {{"constant"},
       {},
       {},
       [](const Study&, const std::string& names) {
         return concede("An arm of " + names +
                            " has one score whatever the seed, as where no trial got anywhere; nothing is to be read "
                            "from that contrast.",
                        "Conceded: the limitations now say that nothing is to be read from this contrast.");
       }},
      {{"mean-differs", "contrast-differs", "interval-differs", "p-differs"},
       {},
       {},
       [](const Study&, const std::string&) {
         return text_on("", "",
                        "Means, differences, intervals and p-values are computed by the host from the scores of the "
                        "trials, and verification computes them again from the raw files; it finds what is printed.");
       }},
  };
}

// Where the conclusion says how many blocks would decide a claim, or why it does not.
std::string what_would_decide(const Study& study, const std::string& names) {
  for (const auto& claim : study.claims())
    if (study.name(claim) == names && study.has_fact(claim.id + ".blocks_to_decide"))
      return std::string{"; "} +
             (study.has_fact(claim.id + ".outlying_block")
                  ? "how many would decide " + names +
                        " the conclusion leaves unsaid, since much of its spread comes from one far block"
                  : "how many would just decide " + names + " stands in the conclusion");
  return {};
}

std::vector<Topic> topics_on_evidence() {
  return {
      {{},
       {"no evidence"},
       [](const Study&, const Entry& e) { return !e.known; },
       [](const Study&, const std::string& names) {
         return concede(
             "For " + names + ", confirmation produced nothing to go by, and nothing in this paper rests on it.",
             "Conceded: the claim has no evidence, and the limitations now say that nothing rests on it.");
       }},
      {{},
       {"does not follow"},
       {},
       [](const Study&, const std::string&) {
         return text_on(
             "protocol",
             "Verdicts are computed by this rule from the intervals printed beside them; none was set by hand.",
             "The verdict is recomputed from the interval by the rule of the protocol; a sentence there now says that "
             "no verdict is set by hand.");
       }},
      {{},
       {"turned round", "sign seen in the search"},
       turned,
       [](const Study& study, const std::string& names) {
         if (is_main(study, names))
           return text_on("", "", "The discussion says that the sign turned, and rests on the confirmation alone.");
         return text_on(
             "discussion",
             "Search and confirmation disagree in sign on " + names + "; only the confirmation is evidence.",
             "The discussion now states that the sign turned and that the text rests on the confirmation alone.");
       }},
      {{},
       {"turned round", "sign seen in the search"},
       vanished,
       [](const Study& study, const std::string& names) {
         if (is_main(study, names))
           return text_on("", "",
                          "The discussion says that nothing of what the search had seen was left, and rests on the "
                          "confirmation alone.");
         return text_on(
             "discussion",
             "In " + names + " the confirmation comes out at zero in print, whatever the sign in the search.",
             "The discussion now states that nothing is left of what the search saw, and rests on the confirmation.");
       }},
      {{},
       {"stays open", "inconclusive", "further blocks", "more blocks", "close it are missing"},
       [](const Study&, const Entry& e) { return e.verdict == "inconclusive"; },
       [](const Study& study, const std::string& names) {
         return concede("With the outcome of " + names + " known, no block was added: a locked claim has one attempt.",
                        "Conceded: a locked claim has one attempt, so further blocks would be a new claim. The "
                        "limitations now say that none was added" +
                            what_would_decide(study, names) + ".");
       }},
      {{},
       {"wide", "imprecise"},
       [](const Study&, const Entry& e) {
         return e.known && e.upper - e.lower > std::max(4 * e.smallest_effect, std::abs(e.mean));
       },
       [](const Study&, const std::string& names) {
         return text_on(
             "",
             "In " + names +
                 " the interval spans several times the smallest effect of interest, so the estimate says little "
                 "without its interval.",
             "A sentence in the limitations now warns against using the estimate without its interval.");
       }},
      {{},
       {"too small to matter", "above zero"},
       [](const Study&, const Entry& e) { return e.supported() && e.lower < e.smallest_effect; },
       [](const Study&, const std::string& names) {
         return text_on("discussion",
                        "Support means, by the rule used, an effect on the predicted side of zero; for " + names +
                            " that includes effects too small to act on.",
                        "The discussion now says that support does not mean a size worth acting on.");
       }},
      {{},
       {"power"},
       [](const Study&, const Entry& e) { return e.power < 0.8; },
       [](const Study&, const std::string& names) {
         return concede(
             "As planned, " + names + " had less than a four in five chance of showing an effect of the limit.",
             "Conceded with the planned power in the limitations.");
       }},
      {{},
       {"regression to the mean", "was left in the confirmation", "shrank", "selection"},
       [](const Study& study, const Entry& entry) { return shrank(study, entry) || other_sign(study, entry); },
       [](const Study&, const std::string&) {
         return text_on("", "", "The discussion says for each claim how its estimate stands to that of the search.");
       }},
      {{},
       {"fewer fresh blocks", "fewer blocks"},
       {},
       [](const Study&, const std::string& names) {
         return concede("Few blocks stand behind " + names + ", and the width of its interval is the price.",
                        "Conceded in the limitations.");
       }},
  };
}

std::vector<Topic> topics_on_text() {
  return {
      {{"rate"}, {"learning rate", "untuned"}, {}, learning_rate},
      {{"abstract-selective"},
       {},
       {},
       [](const Study&, const std::string& names) {
         return concede("The abstract leaves out " + names + ", of which the results tell.",
                        "Conceded: the limitations now say what the abstract leaves out.");
       }},
      {{"architecture"}, {"architecture", "carry over to another", "may belong to it rather"}, {}, architecture},
      {{},
       {"data set", "dataset"},
       {},
       [](const Study&, const std::string&) {
         return text_on("", "The verdicts are worded for the data described here and are no statement about others.",
                        "The limitations now word the verdicts for this data set alone.");
       }},
      {{},
       {"logit", "log odds"},
       {},
       [](const Study&, const std::string&) {
         return text_on("protocol",
                        "On that scale a gain counts by how much of the remaining error it removes, which makes "
                        "conditions with different baselines comparable.",
                        "The protocol now explains the logit scale.");
       }},
      {{},
       {"ceiling", "perfect accuracy"},
       {},
       [](const Study&, const std::string& names) {
         return concede("A null result near the ceiling, as " + names + " may be, is weak evidence of no effect.",
                        "Conceded: near the ceiling a difference has little room; the limitations say so.");
       }},
      {{},
       {"failed"},
       [](const Study& study, const Entry&) {
         return std::any_of(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return !node.known; });
       },
       [](const Study&, const std::string&) {
         return text_on("results", "Experiments that failed are named, with their reasons, in the appendix.",
                        "The results now point to the list of failed experiments.");
       }},
      {{},
       {"related papers", "related work", "few related", "what is new"},
       {},
       [](const Study&, const std::string&) {
         return text_on(
             "related",
             "This review is limited to the {{study.records}} records that it is chosen from; that a paper is "
             "missing from it says nothing about the paper.",
             "The related work now says how many records it rests on.");
       }},
      {{},
       {"exploratory"},
       {},
       [](const Study&, const std::string&) {
         return text_on("discussion", "Whatever is said here of a node and not of a claim is a lead to follow.",
                        "The discussion now separates leads from claims once again.");
       }},
      {{},
       {"cannot carry", "overclaim", "overstate"},
       {},
       [](const Study&, const std::string&) {
         return text_on("conclusion",
                        "The conclusion reaches as far as the intervals do, for the setting that was run.",
                        "The conclusion now limits its own reach to the intervals and the setting.");
       }},
      {{},
       {"figure"},
       {},
       [](const Study&, const std::string&) {
         return concede("Where a figure is missing, the tables of the appendix carry the numbers.",
                        "Conceded: the appendix carries the numbers that a figure would show.");
       }},
  };
}

}  // namespace

std::vector<Topic> revision_topics() {
  std::vector<Topic> topics = topics_on_scores();
  for (auto& topic : topics_on_evidence()) topics.push_back(std::move(topic));
  for (auto& topic : topics_on_text()) topics.push_back(std::move(topic));
  return topics;
}

}  // namespace aisci::offline
