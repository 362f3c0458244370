// The introduction: the question, why it takes an experiment, what the predictions rest on and what the paper adds.
#include <algorithm>
#include <set>

#include "document.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Where no record gives a direction: what those of the claims rest on, if that is one thing.
std::string unsettled(Author& author) {
  const Study& study = author.study;
  std::set<std::string> grounds;
  bool conjecture = false;
  for (const auto& claim : study.claims())
    if (const Entry* node = study.node(claim.node)) {
      grounds.insert(ground_of(author, *node));
      conjecture = basis_of(author, *node) == Basis::kConjecture;
    }
  const std::string what = study.claims().size() == 1 ? "that of the claim" : "those of the claims";
  if (grounds.size() != 1) return "; what " + what + " rest on is said in the appendix.";
  if (conjecture)
    return study.claims().size() == 1 ? "; that of the claim is a conjecture, given in the appendix."
                                      : "; those of the claims are conjectures, given in the appendix.";
  return "; " + what + (study.claims().size() == 1 ? " follows " : " follow ") + *grounds.begin() + ".";
}

}  // namespace

json::object introduction(Author& author) {
  const Study& study = author.study;
  const std::string restated = text_of(study.scope(), "restated"), factor = study.the_factor();
  json::array blocks;
  std::string asked = study.has_fact("study.question")
                          ? "This study set out from a question in plain words: \u201c{{text:study.question}}\u201d As "
                            "an experiment it becomes: " +
                                restated
                          : "This study answers the question: " + restated;
  if (restated.empty())
    asked = "This study asks how " + factor + " bears on the " + study.metric_title() + " of " + whose(study) + ".";
  if (const Entry* main = study.main_claim())
    if (const std::string usual = study.usual_beside_others(*main); !usual.empty())
      asked += " Where a comparison does not say otherwise, it is made with " + usual + ".";
  blocks.push_back(paragraph(asked));

  std::string why =
      "A recommendation about " + factor +
      " is of use where it holds, and it can be shown to hold only by an experiment that might have come "
      "out otherwise. Scores of " +
      study.terms().subjects + " move with the seed and with the sample of data" +
      author.cite(author.with_theme({"variance", "seeds"})) +
      "; a single run per arm therefore cannot tell whether it was " + factor +
      " that helped or the seed. Comparisons inside blocks can, with the number of blocks, the direction and the "
      "rule of decision fixed beforehand.";
  blocks.push_back(paragraph(why));
  const std::string sources = author.cite(author.ordering(1)), contrary = author.cite(author.ordering(-1));
  const Entry* interaction = on_logit_scale(study);
  const bool only_contrary = sources.empty() && !contrary.empty();
  blocks.push_back(paragraph(
      (only_contrary
           ? "No prediction below takes its direction from a retrieved record, and against some of them there is "
             "one that points the other way" +
                 contrary + "."
       : sources.empty()
           ? "No retrieved record settles the predictions below" + unsettled(author)
           : "Where a record orders the arms that are compared, the predictions below take their direction from there" +
                 sources + "; those that became claims were put to a test that they could fail." +
                 (expects(study.manifest(), text_of(study.scope(), "factor")) == "moderate" && !study.stacked()
                      ? " A record that names no level is taken to speak of a moderate one."
                      : "")) +
      (contrary.empty() || only_contrary
           ? ""
           : " Against some of them there is a record that points the other way" + contrary + ".") +
      " An effect counts as worth acting on from {{template.smallest_effect}} of " + study.metric_title() +
      (interaction ? ", a dependence of effects from {{" + interaction->id +
                         ".smallest_effect}} in log odds; both limits were set before the first run of this study."
                   : std::string{", a limit set before the first run of this study."})));
  blocks.push_back(paragraph("The paper contributes:"));
  json::array items;
  const bool failures =
      std::any_of(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return !node.known; });
  items.emplace_back("a search through hypotheses about " + factor +
                     ", of which {{table:search}} prints every one that was run" +
                     (failures ? ", with the experiments that gave no evidence left in;" : ";"));
  items.emplace_back(study.claims().size() == 1
                         ? "a claim that was fixed before its first trial and judged in {{table:claims}};"
                         : "claims that were fixed before their first trial and judged together in {{table:claims}}, "
                           "at levels that Holm's procedure" +
                               author.cite(author.of_author("Holm", author.with_theme({"multiple comparisons"}))) +
                               " sets;");
  if (const Entry* claim = study.main_claim(); claim && claim->known)
    items.emplace_back(claim->interaction
                           ? "a verdict on the interaction nearest to the question, " +
                                 study.sides(*claim, " against ") + ", first with " + study.low(*claim) +
                                 " and then with " + study.high(*claim) + ": {{verdict:" + claim->id + "}};"
                           : "a verdict on the claim nearest to the question, which sets " +
                                 study.sides(*claim, " against ") + ": {{verdict:" + claim->id + "}};");
  items.emplace_back(
      "a ledger, in the study's folder that goes with this paper, by which each result here leads back to the trial "
      "files it was computed from.");
  blocks.push_back(list_block(std::move(items)));
  return section("introduction", "Introduction", std::move(blocks));
}

}  // namespace aisci::offline
