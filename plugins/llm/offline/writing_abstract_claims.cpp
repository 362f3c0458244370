// How an abstract tells a claim: where it holds, what was measured, by which interval, and the verdict.
#include <algorithm>
#include <string_view>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_text.hpp"
#include "writing_abstract.hpp"

namespace aisci::offline {
namespace {

// "24 blocks, 98.3% interval +2.5 to +7.7", with the limit where it is in log odds, as the abstract's other one is in
// points.
std::string interval(const Study& study, const Entry& claim, Length length) {
  return study.value(claim, "n") + " blocks, {{" + claim.id + ".confidence}} interval " +
         study.bare(claim, "contrast.lower") + " to " + study.bare(claim, "contrast.upper") +
         (claim.logit ? ", limit " + study.value(claim, "smallest_effect") +
                            (length < Length::kLeast && study.has_fact(claim.id + ".smallest_effect_points")
                                 ? " or " + study.value(claim, "smallest_effect_points") + " here"
                                 : "")
                      : std::string{});
}

// "{{verdict:c1}}", with what a reader has to know of one that a single block could turn.
std::string verdict_of(const Entry& claim) {
  return "{{verdict:" + claim.id + "}}" +
         (claim.hangs_on_single_blocks()
              ? " (" + listed(claim.verdicts_without_one(), " or ") + " if " + single_blocks(claim) + " is left out)"
              : "");
}

// Before a verdict of equivalence whose interval leaves zero out, which is no word for "the same".
std::string despite_sign(const Study& study, const Entry& claim) {
  return claim.verdict == "equivalent" && claim.without_zero()
             ? "different from zero, but by less than " +
                   (claim.logit ? study.value(claim, "smallest_effect") + " in log odds" : limit_of(study, claim)) +
                   ", so by the rule "
             : std::string{};
}

// Before the verdict on a dependence that is refuted: not all growth is excluded where the interval holds some.
std::string growth_excluded(const Study& study, const Entry& claim) {
  return claim.interaction && claim.verdict == "refuted" && claim.upper > 0
             ? "growth by " + (claim.logit ? "that limit" : limit_of(study, claim)) + " is excluded, hence "
             : "";
}

// A dependence as it was predicted, with what was measured: the difference of two margins.
std::string interaction_sentence(const Study& study, const Entry& claim, const std::string& where, Length length) {
  const std::string verdict = verdict_of(claim), one = study.treatment(claim), other = study.baseline(claim),
                    measured = one + " minus " + other + " with " + study.low(claim) + ", less the same with " +
                               study.high(claim) + ", was " + study.value(claim, "contrast.mean") +
                               (claim.logit ? " in log odds" : "") + " (" + interval(study, claim, length) + ").";
  if (claim.verdict == "equivalent")
    return capitalised(where) + ", what " + one + study.verb(claim, " gains on ", " gain on ") + other + " is " +
           verdict + " with " + study.near(claim) + " and with " + study.far(claim) + ": " + measured;
  return capitalised(where) + ", the claim that the advantage of " + one + " over " + other + " grows " +
         (claim.verdict == "refuted" ? "by an amount worth acting on " : "") + "from " + study.far(claim) + " to " +
         study.near(claim) + " came out " + verdict + ": " + (means_turn(claim) ? turning(study, claim) + "; " : "") +
         measured;
}

constexpr const char *kSameSetting = "in the same setting", *kSameData = "the same data";

// What claims share whose sides have settings of their own: "as many training rows"; "the same data" without that.
std::string shared_by_sides(const Study& study) {
  const std::string title = text_of(factor_in(study.manifest(), study.data_factor()), "title"), number = "number of ";
  return title.rfind(number, 0) == 0 ? "as many " + title.substr(number.size()) : kSameData;
}
bool told_by_sides(const Study& study, const Entry& claim, const Entry* before) {
  return before && study.varies_model(claim) && study.varies_model(*before) &&
         study.shared_peculiarity(claim) == study.shared_peculiarity(*before) &&
         study.amount_of_data(claim) == study.amount_of_data(*before) &&
         study.peculiarity(claim) != study.peculiarity(*before);
}

// Where a claim holds, after the claim that was told before it; null for the first.
std::string where_of(const Study& study, const Entry& claim, const Entry* before, Length length) {
  if (!before && (study.peculiarity(claim).empty() || study.varies_model(claim) || !study.fixed_model())) {
    const std::string where = study.in_subject(claim), usual = study.usual_beside_others(claim);
    if (usual.empty() || length >= Length::kBriefest) return where;
    const auto with = where.find("with ");
    if (with == std::string::npos) return where + " with " + usual;
    return replaced(where, "with ",
                    "with " + usual + (where.find(" and ", with) == std::string::npos ? " and " : ", "));
  }
  if (!before) return "in " + whose(study) + " with " + study.peculiarity(claim, true);
  const bool sided = study.varies_model(claim);  // then what each side has of its own is told with that side
  if (told_by_sides(study, claim, before)) return "with " + shared_by_sides(study);
  if (study.in_subject(claim) == study.in_subject(*before)) return kSameSetting;
  const std::string there = study.subject(*before), here = study.subject(claim);
  if (here.size() > there.size() && here.compare(0, there.size(), there) == 0)
    for (const std::string_view joint : {" and ", ", "})
      if (here.compare(there.size(), joint.size(), joint) == 0)
        return kSameSetting + ((study.stacked() ? " with " : " but with ") + here.substr(there.size() + joint.size()));
  if (const Entry* first = by_relevance(study).front();
      !claim.interaction && first != before && study.in_subject(claim) == study.in_subject(*first))
    return "in the setting of the first comparison";
  if (claim.moderator != study.data_factor() && study.amount_of_data(claim) != study.amount_of_data(*before))
    return study.in_subject(claim);
  const std::string special = sided ? study.shared_peculiarity(claim) : study.peculiarity(claim, true);
  if (sided && special.empty() && !study.peculiarity(claim).empty())
    return study.peculiarity(*before).empty() ? "in another comparison" : "in a further comparison";
  // After another kind of model, the one in question is named anew.
  if (!special.empty() && !sided && study.fixed_model() && models_beyond(study, claim).empty() &&
      model_of(study, claim) != model_of(study, *before))
    return "in " + whose(study) + " with " + special;
  return special.empty()
             ? study.in_subject(claim)
             : "with " + special +
                   (study.peculiarity(*before).empty() && !before->interaction && !sided && claim.same_pair(*before) &&
                            model_of(study, claim) == model_of(study, *before) && models_beyond(study, claim).empty() &&
                            length < Length::kBriefest
                        ? " and all else the same"
                        : "");
}

// The same, with a word where that is a model that the question is not about.
std::string where_told(const Study& study, const Entry& claim, const Entry* before, Length length) {
  const std::string where = where_of(study, claim, before, length);
  const auto order = by_relevance(study);
  if (order.size() > 2 && &claim == order[2]) {
    if (where == kSameSetting) return "once more in that setting";
    if (told_by_sides(study, claim, before) && told_by_sides(study, *before, order[0]))
      return shared_by_sides(study) == kSameData ? "once more with these" : "again at that number";
  }
  if (models_beyond(study, claim).empty() || study.varies_model(claim) || where == kSameSetting) return where;
  std::size_t told = 0;
  for (const Entry* one : order) {
    if (one == &claim) break;
    told += !models_beyond(study, *one).empty();
  }
  return where + turn(told, {" (a model beyond the question)", " (another beyond it)", " (likewise beyond it)"});
}

std::string claim_sentence(const Study& study, const Entry& claim, std::size_t index, const Entry* before,
                           Length length) {
  const std::string verdict = verdict_of(claim), where = where_told(study, claim, before, length);
  const bool equivalent = claim.verdict == "equivalent", refuted = claim.verdict == "refuted";
  if (!claim.known)
    return "The confirmation of " + study.comparison(claim, " compared to ") +
           " failed to give evidence, so that claim is " + verdict + ".";
  if (claim.interaction) return interaction_sentence(study, claim, where, length);
  const std::string one = study.treatment_in_full(claim), other = study.baseline_in_full(claim),
                    mean = study.value(claim, "contrast.mean") + " (" + interval(study, claim, length) + ")";
  switch (index % 3) {
    case 0:
      return capitalised(where) + ", " + one + " minus " + other + " came to " + mean +
             (equivalent ? ", and by the rule set beforehand the two are "
              : refuted  ? ", and the claim of an advantage worth acting on is "
                         : ", and the claim of an advantage is ") +
             verdict + ".";
    case 1:
      return capitalised(where) + ", " + one + " minus " + other + " was " + mean +
             (equivalent ? ", which makes the two "
              : refuted  ? ", and a gain worth acting on is "
                         : ", and the gain that had been claimed is ") +
             verdict + ".";
    default:
      return capitalised(where) + ", " + one + " minus " + other + " gave " + mean + ": " + despite_sign(study, claim) +
             verdict + ".";
  }
}

// The same in few words; `before` is the claim that was told before it.
std::string claim_in_brief(const Study& study, const Entry& claim, std::size_t index, const Entry* before,
                           Length length) {
  if (!claim.known) return claim_sentence(study, claim, index, before, length);
  const std::string where = capitalised(where_told(study, claim, before, length)) + ", ",
                    one = study.treatment_in_full(claim), other = study.baseline_in_full(claim),
                    end = study.value(claim, "contrast.mean") + (claim.logit ? " in log odds (" : " (") +
                          interval(study, claim, length) + "): " + despite_sign(study, claim) +
                          growth_excluded(study, claim) + verdict_of(claim) +
                          (length == Length::kBrief && claim.interaction && claim.verdict != "equivalent" &&
                                   means_turn(claim)
                               ? "; " + turning(study, claim, "the arm means")
                               : "") +
                          ".";
  if (!claim.interaction) return where + one + " minus " + other + turn(index, {" came to ", " gave ", " was "}) + end;
  // The contrast is the first condition less the second.
  if (!study.lower_is_better() && study.near(claim) == study.low(claim))
    return where + "the gain of " + one + " over " + other + " was predicted to grow from " + study.far(claim) +
           " to " + study.near(claim) + "; the growth was " + end;
  if (length >= Length::kBriefest)
    return where + one + study.verb(claim, " was", " were") + " predicted to gain more over " + other + " with " +
           study.near(claim) + " than with " + study.far(claim) + "; " +
           (study.lower_is_better() ? one + " minus " + other + " with " + study.low(claim) + ", less that with " +
                                          study.high(claim) + ", was "
                                    : "the second less the first was ") +
           end;
  return where + one + study.verb(claim, " was", " were") + " predicted to gain more over " + other + " with " +
         study.near(claim) + " than with " + study.far(claim) +
         (study.lower_is_better() ? "; " + one + " minus " + other + " with " + study.low(claim) + ", less that with " +
                                        study.high(claim) + ", was "
                                  : "; the second gain less the first was ") +
         end;
}

}  // namespace

std::string claim_in_abstract(const Study& study, const Entry& claim, std::size_t index, const Entry* before,
                              Length length) {
  const std::string told = length != Length::kFull && index > 0 ? claim_in_brief(study, claim, index, before, length)
                                                                : claim_sentence(study, claim, index, before, length);
  const Entry* main = study.main_claim();
  const std::string absent = main && main != &claim ? absent_from(study, *main, claim) : "";
  return absent.empty() || length >= Length::kBriefest
             ? told
             : without_stop(told) + "; this is no comparison with " + absent + ".";
}

}  // namespace aisci::offline
