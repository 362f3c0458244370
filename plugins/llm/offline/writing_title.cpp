// The title: what was compared, where, and what came of it.
#include <algorithm>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// A limit in log odds would tell a reader of a title nothing.
std::string no_difference(const Study& study, const Entry& claim) {
  return claim.logit ? "no difference of practical size" : "no mean difference as large as " + limit_of(study, claim);
}

// Which side of a difference does better by its mean: "GELU ahead", and not the other where the title does not set the
// two against each other, and where else that may not be so.
std::string winner(const Study& study, const Entry& claim, bool alone) {
  const bool treatment = (claim.mean * claim.sign > 0) != study.lower_is_better();
  const std::string one = study.treatment(claim), other = study.baseline(claim);
  const bool everywhere = std::all_of(study.claims().begin(), study.claims().end(),
                                      [&](const Entry& entry) { return entry.verdict == claim.verdict; });
  return (treatment ? one : other) + " ahead" + (alone ? "" : ", not " + (treatment ? other : one)) +
         (everywhere ? ""
          : alone    ? " in the main comparison"
                     : ", in the main comparison");
}

// `among`: how a title of several comparisons names the main one: "between the first two". `alone`: it has named the
// two sides of the main one, and no other.
std::string verdict_of_paper(const Study& study, const std::string& among, bool alone) {
  const Entry* claim = study.main_claim();
  if (!claim || !claim->known) return "an experiment that stayed without an answer";
  if (claim->whole()) {
    const std::string part = called_in(*claim->hypothesis, false);
    if (claim->verdict == "supported") return "more than " + part;
    if (claim->verdict == "equivalent" || claim->verdict == "refuted") return "no gain worth acting on over " + part;
    return "whether they gain on " + part + " stays open";
  }
  if (claim->verdict == "supported")
    return claim->interaction ? "a dependence that confirmation supports" : winner(study, *claim, alone);
  if (claim->verdict == "refuted")
    return claim->upper < 0 && !claim->interaction ? winner(study, *claim, alone) + ", against the prediction"
                                                   : "a prediction that confirmation refuted";
  if (claim->verdict == "equivalent")
    return std::all_of(study.claims().begin(), study.claims().end(),
                       [](const Entry& one) { return one.interaction || one.verdict == "equivalent"; })
               ? no_difference(study, *claim)
               : no_difference(study, *claim) + " " + (among.empty() ? "in the main comparison" : among);
  return "a question that confirmation left open";
}

// As whose() says it, or the models of the main claim where the question is not about these.
std::string whose_claims(const Study& study) {
  const Entry* claim = study.main_claim();
  const auto beyond = claim ? models_beyond(study, *claim) : std::vector<std::string>{};
  return beyond.empty() ? whose(study) : listed(beyond);
}

constexpr std::size_t kMostInTitle = 3;  // levels; a factor has its own name where more of them were claimed

// What the claims compare, as a title names it, and how its verdict then says which of it is the main claim's.
struct Compared {
  std::string sides;  // " with GELU and with ReLU"; "": more than a title can hold, or claims on other factors
  std::string among;  // "": there is one pair
};

// Of three levels in two comparisons the one that both have is named as such, since the other two never met:
// " with GELU and with SiLU against ReLU". The arms are the main claim's, whose verdict ends the title;
// pairs on another kind of model than its own are left to the abstract.
Compared compared_in(const Study& study, bool models) {
  const std::string factor = text_of(study.scope(), "factor"), preposition = models ? "of " : "with ";
  std::vector<std::string> levels, sides;
  std::set<std::set<std::string>> pairs;
  for (const Entry* claim : by_relevance(study)) {
    if (claim->factor != factor) return {};
    if (!models && model_of(study, *claim) != model_of(study, *study.main_claim())) continue;
    pairs.insert({claim->treatment, claim->baseline});
    for (const bool treatment : {true, false}) {
      const std::string& level = treatment ? claim->treatment : claim->baseline;
      if (contains(levels, level)) continue;
      levels.push_back(level);
      sides.push_back(claim != study.main_claim() ? told_level(study.manifest(), factor, level)
                      : treatment                 ? study.treatment(*claim)
                                                  : study.baseline(*claim));
    }
  }
  if (levels.empty() || levels.size() > kMostInTitle) return {};
  if (pairs.size() != 2) {
    for (auto& side : sides) side.insert(0, preposition);
    return {" " + listed(sides), levels.size() > 2 ? "between the first two" : ""};
  }
  const auto shared = std::find_if(levels.begin(), levels.end(), [&](const std::string& level) {
    return std::all_of(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.count(level) == 1; });
  });
  const auto at = shared - levels.begin();
  const std::string common = sides[static_cast<std::size_t>(at)];
  sides.erase(sides.begin() + at);
  return {" " + preposition + sides[0] + " and " + preposition + sides[1] + " against " + common,
          "in the first comparison"};
}

// "{{level:train_size.200}} training images" where the question is on several amounts of data, or of something else
// that has numbers, and all claims are on one; else "".
std::string one_amount(const Study& study) {
  const std::string factor = text_of(object_of(study.scope(), "moderator"), "factor");
  if (factor.empty() || study.claims().empty() || study.setting_place().empty() ||
      !is_numeric(factor_in(study.manifest(), factor)))
    return {};
  const auto amount_in = [&](const Entry& entry) {
    const json::value* level = object_of(*entry.hypothesis, "context").if_contains(factor);
    return level ? level_name(*level) : study.usual_level(factor);
  };
  const std::string amount = amount_in(study.claims().front()), phrase = level_phrase(study.manifest(), factor, amount);
  const bool one = std::all_of(study.claims().begin(), study.claims().end(), [&](const Entry& claim) {
    return claim.moderator != factor && claim.factor != factor && amount_in(claim) == amount;
  });
  return one && phrase.rfind("{{label:", 0) != 0 ? phrase : std::string{};
}

// " on small datasets (handwritten digits)", " under label noise on the Wine recognition data": what the question says
// of its data alone would claim more than the one set that was used.
std::string on_data(const Study& study) {
  const std::string data = study.data_name(), amount = one_amount(study),
                    setting = amount.empty() ? study.setting_place() : " at " + amount;
  if (setting.empty()) return data.empty() ? std::string{} : " on " + data;
  if (data.empty()) return setting;
  const bool closed = setting.rfind(" on ", 0) == 0 || setting.rfind(" where ", 0) == 0 || !amount.empty();
  return setting + (closed ? " (" + data + ")" : " on " + data);
}

// " optimised with Adam": the recipe that the question names, to stand behind the models; "" where a title names models
// that the question does not.
std::string recipe_named(const Study& study) {
  const Entry* claim = study.main_claim();
  return claim && !models_beyond(study, *claim).empty() ? "" : recipe_of_question(study);
}

}  // namespace

std::string title_of(const Author& author) {
  const Study& study = author.study;
  if (study.stacked())
    return "How " + study.factor_title() + " act together on the " + study.metric_title() + " of " + whose(study) +
           on_data(study) + ": " + verdict_of_paper(study, "", false);
  const std::string factor = text_of(study.scope(), "factor");
  const bool models = has_role(study.manifest(), factor, "model");
  const auto compared = compared_in(study, models);
  const Entry* main = study.main_claim();
  const std::string end = on_data(study) + ": " +
                          verdict_of_paper(study, compared.among, !compared.sides.empty() && compared.among.empty()) +
                          (main && main->known && main->verdict != "inconclusive" && rows_matter(study, *main)
                               ? ", on the confirmation's " + study.terms().examples
                               : "");
  if (!compared.sides.empty()) {
    const std::string recipe = models ? "" : recipe_named(study),
                      sides = recipe.empty() ? compared.sides  // both begin with "with"
                                             : recipe + "," + compared.sides + (on_data(study).empty() ? "" : ",");
    return capitalised(study.metric_title()) + (models ? "" : " of " + whose_claims(study)) + sides + end;
  }
  return capitalised(study.factor_title()) + " and " + study.metric_title() +
         (models ? "" : " of " + whose_claims(study) + recipe_named(study)) + end;
}

}  // namespace aisci::offline
