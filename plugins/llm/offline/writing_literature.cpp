// What the verdict on the main claim is to the records that were retrieved, and what was run on pairs that these are
// on.
#include <algorithm>
#include <set>

#include "document.hpp"
#include "hypotheses_literature.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// A record on some of what a stack holds is no comparison of the whole with a part.
std::string literature_on_whole(const Study& study, const Entry& claim, const std::string& cited, int says) {
  const int found = claim.supported() ? 1 : claim.verdict == "refuted" && claim.upper < 0 ? -1 : 0;
  std::string text = "The retrieved record that comes nearest" + cited +
                     ", told of above, is about a part of this combination, and argues " +
                     (says > 0 ? "for" : "against") + " combining in its own set-up. ";
  if (found == says) return text + "The interval of " + study.name(claim) + " points the same way.";
  if (found != 0) return text + "The interval of " + study.name(claim) + " points the other way.";
  return text + "The interval of " + study.name(claim) +
         (claim.verdict == "inconclusive" ? " leaves that open."
          : claim.verdict == "equivalent" ? " bears out neither gain nor harm by an amount worth acting on."
                                          : " excludes a gain worth acting on.");
}

// Where no record ranks the two arms.
std::string unranked(const Study& study, const Entry& claim) {
  return "No retrieved record ranks " + study.sides(claim, " and ") +
         " in a set-up like this one, so there is none that the verdict on " + study.name(claim) +
         " could bear out or contradict.";
}

// Whether a statement says that something brings nothing.
bool denies(const std::string& statement) {
  constexpr const char* kDenials[] = {"unnecessary", "has no ", "have no ", "no longer needed"};
  return std::any_of(std::begin(kDenials), std::end(kDenials),
                     [&](const char* denial) { return statement.find(denial) != std::string::npos; });
}

// Whether a statement speaks of a part of a stack, by the factor's title or by what is added.
bool speaks_of(const Study& study, const std::string& statement, const std::string& factor) {
  const std::string text = fold(statement);
  const auto has = [&](const std::string& words) {
    return !words.empty() && text.find(fold(words)) != std::string::npos;
  };
  return has(text_of(factor_in(study.manifest(), factor), "title")) || has(study.layer_title(factor));
}

// Where the search saw no gain of the other parts by themselves either: then there was nothing to make unnecessary.
std::string idle_parts(const Study& study, const Entry& claim) {
  std::size_t others = 0;
  std::vector<std::string> idle;
  for (const Entry* node : parts_by_themselves(study)) {
    if (node->factor == claim.part) continue;
    ++others;
    if (node->lean == Lean::kNull) idle.push_back(study.layer_title(node->factor));
  }
  return idle.empty() || idle.size() < others ? std::string{}
                                              : ", but does not test the reason: in the search " + listed(idle) +
                                                    " alone gained so little that there was hardly anything for " +
                                                    study.layer_title(claim.part) + " to make unnecessary";
}

// What records that deny a gain of other parts beside one of them lead one to expect of the whole against that one.
std::string expected_of_whole(Author& author, const Entry& claim) {
  const Study& study = author.study;
  if (!claim.whole()) return {};
  std::vector<std::string> records, parts;
  bool one_author = false, by_learning_rate = false;
  for (const auto* layer : objects_of(study.scope(), "stack")) {
    const std::string factor = text_of(*layer, "factor");
    if (factor == claim.part) continue;
    for (const auto* record : objects_of(study.document(), "literature")) {
      const std::string statement = author.support(*record);
      if (!denies(statement) || !speaks_of(study, statement, factor) || !speaks_of(study, statement, claim.part))
        continue;
      one_author = records.empty() && texts_of(*record, "authors").size() == 1;
      records.push_back(author.cite_as_text(text_of(*record, "key")));
      parts.push_back(study.layer_title(factor));
      by_learning_rate |= statement.find("effective learning rate") != std::string::npos;
      break;
    }
  }
  if (records.empty()) return {};
  return " What " + listed(records) + (one_author ? " reports" : " report") + " of " + listed(parts) + " beside " +
         study.layer_title(claim.part) + " is a reason to expect that the whole gains little there" +
         (parts.size() + 1 < objects_of(study.scope(), "stack").size() ? " from that part" : "") +
         (by_learning_rate ? ", though no proof, since another effective learning rate could make a difference" : "") +
         "; " + study.name(claim) +
         (claim.verdict == "equivalent" ? " is in keeping with that expectation" + idle_parts(study, claim) + "."
          : claim.verdict == "refuted"  ? " excludes a gain worth acting on, which is in keeping with that expectation."
          : claim.supported() && claim.lower >= claim.smallest_effect ? " shows a gain worth acting on all the same."
          : claim.supported() ? " shows a gain all the same, of a size that stays open."
                              : " leaves it open.");
}

// The record on what two parts of a stack do together: of their combination, or that the one leaves the other nothing
// to do; "" without one.
std::string record_on_pair(const Author& author, const Entry& node) {
  const Study& study = author.study;
  const auto records = objects_of(study.document(), "literature");
  const auto called = [&](const std::string& factor) {
    return read_wording(text_of(factor_in(study.manifest(), factor), "title", factor)).text;
  };
  const Support found = author.literature(node.factor).about({called(node.factor), called(node.moderator), "combin"});
  if (!found.empty() && !has_digit(found.statement)) return found.key;
  for (const auto* record : records)
    if (const std::string statement = author.support(*record);
        denies(statement) && speaks_of(study, statement, node.factor) && speaks_of(study, statement, node.moderator))
      return text_of(*record, "key");
  return {};
}

// What records say of two parts of a stack together, beside what was run on the two; of two such pairs at most.
std::string literature_on_pairs(Author& author, const std::set<std::string>& told) {
  const Study& study = author.study;
  if (!study.stacked()) return {};
  std::set<std::string> cited;
  std::string text;
  std::size_t explored = 0;
  bool claimed = false;
  for (const auto& node : study.nodes()) {
    if (!node.known || !node.interaction || !study.peculiarity(node).empty() || told.count(node.id)) continue;
    const std::string key = record_on_pair(author, node);
    if (key.empty() || cited.size() == 2 || !cited.insert(key).second) continue;
    const Entry* claim = study.claim_on(node.id);
    const std::string one = study.layer_title(node.factor), other = study.layer_title(node.moderator),
                      pair = study.treatment(node) + " minus " + study.baseline(node),
                      seen = study.value(node, "contrast.mean") + (node.logit ? " in log odds" : "");
    explored += claim ? 0 : 1;
    claimed = claimed || claim;
    if (cited.size() == 1)
      text = "Whether " + other + " changes what " + one + " does, the subject of " + author.cite_as_text(key) +
             ", was asked in " +
             (claim ? study.name(*claim) + ", which came out {{verdict:" + claim->id + "}}."
                    : study.name(node) + ": " + pair + " with " + study.low(node) + ", less the same with " +
                          study.high(node) + ", is " + seen + " and " + reads_as(reading_of(node)) + ".");
    else
      text += " On " + one + " beside " + other + ", as in " + author.cite_as_text(key) + ", " +
              (claim ? "bears " + study.name(*claim) + ": {{verdict:" + claim->id + "}}."
                     : study.name(node) + " bears: from " + study.high(node) + " to " + study.low(node) + ", " + pair +
                           " changes by " + seen + ", which " + reads_as(reading_of(node)) + ".");
  }
  if (explored == 1 && claimed)
    text += " The one without a claim is exploratory, in another set-up than that of the report.";
  else if (explored == 1)
    text += " That is exploratory, in another set-up than that of the report, and settles nothing about it.";
  else if (explored == 2)
    text += " Both are exploratory, in another set-up than those of the reports, and settle nothing about them.";
  return text;
}

// Where the directions of claims on other pairs come from.
std::string literature_on_others(Author& author, const Entry& main) {
  const Study& study = author.study;
  std::string text;
  std::size_t index = 0;
  for (const auto& claim : study.claims()) {
    if (!claim.known || claim.interaction || claim.whole() || claim.same_pair(main) || claim.turned_pair(main))
      continue;
    std::vector<std::string> records;
    for (const auto& key : author.ordering(1, &claim)) records.push_back(author.cite_as_text(key));
    if (records.empty()) continue;
    text += turn(index, {" The direction of ", " That of "}) + study.name(claim) +
            turn(index, {" comes from ", " is from "}) + listed(records) + ", whose set-up was another.";
    ++index;
  }
  return text;
}

// What a record gave: "the prediction of c1 its direction", or "the predictions of c1 and c3 their direction" where
// other claims on the two sides of the main one have it from a record, too.
std::string directed_by_record(const Author& author, const Entry& main) {
  const Study& study = author.study;
  std::vector<std::string> names{study.name(main)};
  for (const auto& claim : study.claims())
    if (&claim != &main && !claim.interaction && claim.same_pair(main) && basis_of(author, claim) == Basis::kRecord)
      names.push_back(study.name(claim));
  return (names.size() == 1 ? "the prediction of " : "the predictions of ") + listed(names) +
         (names.size() == 1 ? " its direction" : " their direction");
}

// What the verdict on the main claim is to the records; "" without a main claim that is known.
std::string literature_on_verdict(Author& author) {
  const Study& study = author.study;
  const Entry* claim = study.main_claim();
  if (!claim || !claim->known) return {};
  if (claim->interaction)
    return "No retrieved record says how this contrast depends on its conditions, so there is nothing in the "
           "literature for it to agree or disagree with.";
  const std::string with = author.cite(author.ordering(1, claim)), against = author.cite(author.ordering(-1, claim));
  const bool opposite = claim->verdict == "refuted" && claim->upper < 0;
  if (with.empty() && against.empty()) return unranked(study, *claim) + expected_of_whole(author, *claim);
  if (claim->whole()) return literature_on_whole(study, *claim, with.empty() ? against : with, with.empty() ? -1 : 1);
  // The model is no difference where it is what both compare.
  const std::string model = factor_with_role(study.manifest(), "model");
  const std::string differ =
      "Data, budget and " +
      (model == claim->factor ? "set-up" : text_of(factor_in(study.manifest(), model), "title", "set-up")) +
      " differ from those of that work, so what is found here holds for the conditions at hand and does not contradict "
      "what was reported for others.";
  if (with.empty()) {  // the question put forward what a record denies
    if (opposite) return "The order that was found is the one that earlier work" + against + " reports.";
    if (claim->supported()) return "Earlier work" + against + " reports the opposite order. " + differ;
    return "Earlier work" + against + " reports the order opposite to the one predicted. The interval of " +
           study.name(*claim) + " bears out neither of the two by an amount worth acting on" +
           (has_role(study.manifest(), claim->factor, "model")
                ? ", and the settings of that work are others than those of {{table:setup}}."
                : ".");
  }
  if (claim->supported())
    return "The prediction drew on the literature" + with +
           ", and the result is in keeping with it. What it adds is an interval, for a setting described down to the "
           "seed.";
  if (claim->verdict == "inconclusive")
    return "Earlier work" + with +
           " gave the prediction its direction. The interval here neither takes that up nor speaks against it.";
  if (claim->verdict == "equivalent")
    return "Earlier work" + with + " gave " + directed_by_record(author, *claim) + ". " +
           (claim->without_zero() ? std::string{}
                                  : "The verdict on " + study.name(*claim) +
                                        " leaves open which of the two arms is ahead by less than the limit. ") +
           differ;
  return "Earlier work" + with + " gave the prediction its direction, and here it did not hold. " + differ;
}

}  // namespace

std::string literature(Author& author, const std::set<std::string>& told) {
  const Entry* main = author.study.main_claim();
  const std::string others = main && main->known && !main->interaction ? literature_on_others(author, *main) : "",
                    verdict = literature_on_verdict(author) + others, pairs = literature_on_pairs(author, told);
  return verdict + (verdict.empty() || pairs.empty() ? "" : " ") + pairs;
}

}  // namespace aisci::offline
