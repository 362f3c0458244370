// What confirmation showed of one claim, in words: what was measured, why the verdict is what it is, how it came about
// block by block.
#include <algorithm>
#include <cmath>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "kit/number.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Where a claim holds; of a setting that was told with a claim before it, that claim's name, and of a long one after
// another its node's, which a table has.
std::string where_held(const Study& study, const Entry& claim) {
  constexpr std::size_t kLong = 3;  // levels that are named
  const auto levels = [&](const std::string& where) {
    std::size_t count = 0;
    for (auto at = where.find("{{"); at != std::string::npos; at = where.find("{{", at + 2)) ++count;
    return count;
  };
  const std::string where = study.subject(claim);
  bool long_before = false;
  for (const auto& before : study.claims()) {
    if (&before == &claim) break;
    if (!before.known) continue;
    if (study.subject(before) == where) return "the setting of " + study.name(before);
    long_before = long_before || levels(study.subject(before)) >= kLong;
  }
  const Entry* node = study.node(claim.node);
  if (long_before && node && levels(where) >= kLong) return "the setting of " + study.name(*node);
  return levels(where) >= (study.varies_model(claim) ? kLong - 1 : kLong) ? study.subject(claim, true) : where;
}

// What was measured. The arms are named before any value that is bound to them.
std::string measured(const Study& study, const Entry& claim, std::size_t index) {
  const std::string where = where_held(study, claim), one = study.treatment(claim), other = study.baseline(claim),
                    lower = study.bare(claim, "contrast.lower"), upper = study.bare(claim, "contrast.upper");
  const std::string n = study.value(claim, "n"), confidence = study.value(claim, "confidence");
  if (claim.interaction) {
    const std::string unit = claim.logit ? " in log odds" : "",
                      predicted = study.near(claim) == study.low(claim) ? "the former" : "the latter";
    const bool low = study.lower_is_better();  // then to lead is to be below, and the signs would not fit
    switch (index % 3) {
      case 0:
        return "Claim " + study.name(claim) + " asks whether the gap between " + one + " and " + other + " in " +
               where + " is the same with " + study.low(claim) + " as with " + study.high(claim) +
               "; more benefit was predicted with " + predicted + ". Over " + n + " blocks, what " + one +
               (low ? " had in excess of " : " gained on ") + other + " with the former, less its " +
               (low ? "excess" : "gain") + " with the latter, came to " + study.value(claim, "contrast.mean") + unit +
               ", the " + confidence + " interval lying between " + lower + " and " + upper + ".";
      case 1:
        return "Claim " + study.name(claim) + " is an interaction. In each of " + n + " blocks of " + where +
               ", how much " + one + (low ? " has in excess of " : study.verb(claim, " gains over ", " gain over ")) +
               other + " was measured twice, with " + study.low(claim) + " and with " + study.high(claim) +
               "; more benefit was predicted with " + predicted + "; subtracting the second " +
               (low ? "excess" : "gain") + " from the first gives " + study.value(claim, "contrast.mean") + unit +
               " (" + lower + " to " + upper + " at a confidence of " + confidence + ").";
      default:
        return "For claim " + study.name(claim) + ", each of " + n + " blocks holds four " + study.terms().subjects +
               ", " + one + " and " + other + " in " + where + " under both " + study.low(claim) + " and " +
               study.high(claim) + "; the advantage of " + one + " was predicted to be larger with " + predicted +
               ". Taken as " + one + " minus " + other + ", the value with " + study.low(claim) + " less that with " +
               study.high(claim) + " came to " + study.value(claim, "contrast.mean") + unit + ", " + confidence +
               " interval from " + lower + " up to " + upper + ".";
    }
  }
  const std::string first = "{{" + claim.arms.front() + ".mean}}", second = "{{" + claim.arms.back() + ".mean}}",
                    metric = study.metric_title();
  switch (index % 3) {
    case 0:
      return "Claim " + study.name(claim) + " concerns " + where + ". With " + one + ", mean " + metric + " was " +
             first + "; with " + other + ", it was " + second + ". Paired over " + n + " blocks, " +
             study.difference(claim, " minus ") + " is " + study.value(claim, "contrast.mean") +
             (!claim.without_zero()
                  ? std::string{}
                  : ", a difference " + study.merit(claim, "in favour of", "to the disadvantage of") + " the former") +
             "; the " + confidence + " interval runs between " + lower + " and " + upper + ".";
    case 1:
      return "For claim " + study.name(claim) + ", " + n + " fresh blocks of " + where + " put " + one + " at " +
             first + " and " + other + " at " + second + ": " +
             (!claim.without_zero() || study.lower_is_better()
                  ? one + " minus " + other + " is " + study.value(claim, "contrast.mean")
                  : study.direction(claim, "a lead", "a deficit") + " of " + one + " over " + other + " of " +
                        study.size(claim)) +
             ", with an interval from " + lower + " up to " + upper + " at a confidence of " + confidence + ".";
    default:
      return "Claim " + study.name(claim) + " was tested in " + where + " over " + n + " blocks of its own; " + one +
             " averaged " + first + ", " + other + " averaged " + second + ". On average over blocks, where " +
             (claim.without_zero()
                  ? one + " and " + other + " share the seed, the former " +
                        study.direction(claim, study.lower_is_better() ? "was higher by" : "was ahead by",
                                        study.lower_is_better() ? "was lower by" : "was behind by") +
                        " " + study.size(claim)
                  : "both share the seed, " + study.difference(claim, " minus ") + " lay at " +
                        study.value(claim, "contrast.mean")) +
             "; at " + confidence + ", the ends of the interval are " + lower + " and " + upper + ".";
  }
}

// Why the verdict is what it is: true by the rule of the protocol for any interval that has this verdict.
std::string why(const Study& study, const Entry& claim, std::size_t index) {
  const std::string limit = study.value(claim, "smallest_effect");
  if (claim.verdict == "supported") {
    if (claim.lower >= claim.smallest_effect)
      return turn(index, {"The interval excludes zero, and with it all that was declared too small to act on",
                          "Zero lies outside, and so does every effect short of what is worth acting on",
                          "No value inside is zero or falls short of the smallest effect of interest"});
    return turn(index,
                {"The interval excludes zero but not all that would be too small to matter, so a sign is "
                 "established and a size is not",
                 "Zero lies outside and part of the interval is too small to act on: no size worth acting on is "
                 "shown, but a direction is, and effects past the limit are left: that is what the rule asks for",
                 "The evidence is for a direction; an effect too small to matter stays possible"});
  }
  if (claim.verdict == "equivalent")
    return turn(index, {"Both ends lie inside the band of differences that were declared too small to matter",
                        "An effect worth acting on is excluded on either side",
                        "The band of differences below the limit contains the whole interval"}) +
           std::string{claim.without_zero()
                           ? turn(index, {", although the interval leaves zero out",
                                          ", although zero itself is excluded", ", which leaves zero out"})
                           : ""};
  if (claim.verdict == "refuted") {
    if (claim.upper < 0)
      return turn(index,
                  {"The whole interval lies on the side opposite to the prediction, which therefore fails in direction "
                   "and not in size alone",
                   "No value inside agrees with the predicted sign", "The whole interval lies against the prediction"});
    return turn(index,
                {"In the predicted direction it stops short of the smallest effect of interest, so an advantage worth "
                 "acting on is excluded, while a loss of that size is not",
                 "Effects past the limit remain possible on the other side and are excluded on the predicted one",
                 "Its end on the predicted side falls short of what is worth acting on, and that refutes the claim"});
  }
  return std::string{turn(
             index,
             {"The interval contains zero as well as effects worth acting on, so it shows neither such an effect nor "
              "that there is none",
              "Zero and an effect that would matter both remain inside, and the blocks at hand do not separate them",
              "The interval holds zero and an effect that would matter"})} +
         (claim.lower > -claim.smallest_effect
              ? turn(index, {"; an effect that would matter against the prediction is excluded",
                             "; one of that size against the prediction does not remain",
                             ", and excludes one of that size against the prediction"})
              : "");
}

std::string unknown(const Study& study, const Entry& claim, std::size_t index) {
  return std::string{turn(index, {"The confirmation of claim ", "No usable confirmation came of claim ", "Claim "})} +
         study.name(claim) + turn(index, {" gave no evidence", "", " could not be tested"}) +
         ", and by the protocol it has no second attempt: {{verdict:" + claim.id + "}}.";
}

// How many of the claims before this one have arms that score alike.
std::size_t alike_before(const Study& study, const Entry& claim) {
  std::size_t count = 0;
  for (const auto& one : study.claims()) {
    if (&one == &claim) break;
    count += one.known && one.same_in_every_block();
  }
  return count;
}

// Where an interaction's means are, of which its contrast of contrasts is made; said of the first.
std::string four_means(const Study& study, const Entry& claim) {
  const auto& claims = study.claims();
  const auto first =
      std::find_if(claims.begin(), claims.end(), [](const Entry& one) { return one.known && one.interaction; });
  return first != claims.end() && &*first == &claim ? " What each arm of an interaction scored is in {{table:arms}}."
                                                    : std::string{};
}

// What a limit in log odds is in points where the arms of the claim score, which near the ceiling is little.
std::string limit_in_points(const Study& study, const Entry& claim) {
  if (!claim.logit || !study.has_fact(claim.id + ".smallest_effect_points")) return {};
  const std::string limit = study.value(claim, "smallest_effect"),
                    points = study.value(claim, "smallest_effect_points"), mean = study.value(claim, "arms_mean");
  std::size_t before = 0;
  for (const auto& one : study.claims()) {
    if (&one == &claim) break;
    before += one.known && one.logit;
  }
  switch (before % 3) {
    case 0:
      return " This verdict is held to " + limit +
             " in log odds and not to the {{template.smallest_effect}} of a plain "
             "difference; at the mean of these arms, which is " +
             mean + ", that limit comes to " + points + ".";
    case 1:
      return " With its arms at " + mean + " on average, " + limit + " log odds are " + points + ".";
    default:
      return " Its own limit is " + points + " around " + mean + ", where the arms lie (" + limit + " in log odds).";
  }
}

// " (there 45 warm-up steps scored -1.66 and no warm-up -2.26)": which of the two arms is out of the way.
std::string far_arms(const Study& study, const Entry& claim) {
  if (!study.has_fact(claim.id + ".outlying_treatment")) return {};
  return " (" + study.treatment(claim) + " scored {{" + claim.id + ".outlying_treatment}} there and " +
         study.baseline(claim) + " {{" + claim.id + ".outlying_baseline}})";
}

// The block that carries the verdict and the one that lies far from the others, as the end of a sentence that names
// what is measured inside blocks: "; in one block it is -0.45, ..."; may be empty.
std::string single_blocks_told(const Study& study, const Entry& claim, std::size_t index) {
  const auto number = [&](const char* what) { return number_of(study.fact(claim.id + what), "value"); };
  const bool carries = claim.deciding_blocks() == 1 && study.has_fact(claim.id + ".single_block"),
             far = study.has_fact(claim.id + ".outlying_block"),
             same = carries && far && number(".single_block") == number(".outlying_block");
  std::string text;
  const std::string otherwise = listed(claim.verdicts_without_one(), " or ");
  if (carries && !same)
    text += "; in one block it is " + study.value(claim, "single_block") +
            ", and without that block the verdict would be " + otherwise;
  if (far)
    text += "; one block, at " + study.value(claim, "outlying_block") + ", lies far from the others" +
            far_arms(study, claim) +
            (study.has_fact(claim.id + ".outlying_treatment")
                 ? std::string{"; the others average "}
                 : turn(index, {", whose mean is ", ", which average ", ", of which the mean is "})) +
            study.value(claim, "mean_of_others") + "; without it the interval would be " +
            study.bare(claim, "lower_of_others") + " to " + study.bare(claim, "upper_of_others") +
            (same                          ? " and the verdict " + otherwise
             : claim.deciding_blocks() > 0 ? ""
                                           : ", and the verdict the same");
  if (!far && study.has_fact(claim.id + ".turning_block"))
    text += turn(index, {"; without the block at ", "; with the block at ", "; leaving out the block at "}) +
            study.value(claim, "turning_block") +
            turn(index, {" the mean would be ", " left out the mean would be ", " turns the mean to "}) +
            study.value(claim, "mean_without_it");
  return text;
}

// Where the verdict would be another but for the correction for the number of claims.
std::string turns_on_the_correction(const Study& study, const Entry& claim) {
  const std::string verdict = text_of(study.fact(claim.id + ".uncorrected"), "text");
  if (verdict.empty()) return {};
  return " The verdict turns on the correction: without it, at {{protocol.confidence}}, " +
         std::string{verdict == "supported" ? "zero would lie outside and the claim would be "
                                            : "the claim would be "} +
         verdict + ".";
}

// How the mean came about: in how many blocks the sign was the predicted one, and whether one block carries the
// verdict.
std::string block_by_block(const Study& study, const Entry& claim, std::size_t index) {
  if (claim.same_in_every_block() || !study.has_fact(claim.id + ".contrast.as_predicted")) return {};
  const std::string count = study.value(claim, "contrast.as_predicted"), n = study.value(claim, "n"),
                    median = study.value(claim, "contrast.median");
  const std::string sides =
      claim.interaction
          ? "the interaction (" + study.sides(claim, " against ") + ", by " +
                with_article(text_of(factor_in(study.manifest(), claim.moderator), "title", claim.moderator)) + ")"
          : study.sides(claim, " minus ");
  const std::string zero = study.has_fact(claim.id + ".contrast.as_zero") &&
                                   number_of(study.fact(claim.id + ".contrast.as_zero"), "value") > 0
                               ? " (and is zero in " + study.value(claim, "contrast.as_zero") + ")"
                               : "";
  std::string text;
  switch (index % 3) {
    case 0:
      text = " Block by block, " + sides + " has the predicted sign in " + count + " of " + n + zero +
             ", and its median over all of them is " + median;
      break;
    case 1:
      text = " In sign, " + sides + " agrees with the prediction in " + count + " blocks of " + n + zero +
             ", and the median over blocks is " + median;
      break;
    default:
      text = " Seed for seed, " + sides + " goes the predicted way in " + count + " of " + n + zero +
             "; the median is " + median;
  }
  text += single_blocks_told(study, claim, index) + ".";
  const double middle = number_of(study.fact(claim.id + ".contrast.median"), "value") * claim.sign;
  if (claim.mean >= claim.smallest_effect && middle < claim.smallest_effect)
    text += " At least half of the blocks thus fall short of the limit that the mean passes.";
  else if (!claim.interaction && claim.mean >= claim.smallest_effect && middle < claim.mean / 2)
    text += " The median is less than half of the mean, which some blocks with large differences carry.";
  if (const std::size_t blocks = claim.deciding_blocks();
      blocks > 1 || (blocks == 1 && !study.has_fact(claim.id + ".single_block")))
    text += " The verdict hangs on " +
            (blocks == 1 ? "one block, without which it would be "
                         : "single blocks: leaving out " + single_blocks(claim) + " would make it ") +
            listed(claim.verdicts_without_one(), " or ") + ".";
  return text;
}

// Whether a difference is not the one between its arms' means, as all three are printed.
bool rounded_apart(const Study& study, const Entry& claim) {
  if (!claim.known || claim.interaction) return false;
  const auto printed = [&](const std::string& fact) {
    const auto number = printed_number(replaced(text_of(study.fact(fact), "text"), "\u2212", "-"));
    return number ? number->value : 0.0;
  };
  const double apart = printed(claim.arms.front() + ".mean") - printed(claim.arms.back() + ".mean"),
               mean = printed(claim.id + ".contrast.mean");
  const std::string digits = text_of(study.fact(claim.id + ".contrast.mean"), "text");
  const auto point = digits.find('.'), end = digits.find_first_not_of("0123456789", point + 1);
  const double half = point == std::string::npos
                          ? 0.5
                          : 0.5 * std::pow(10.0, -static_cast<double>(std::min(end, digits.size()) - point - 1));
  return std::abs(apart - mean) > half;
}

// Said of the first such claim.
std::string rounding(const Study& study, const Entry& claim) {
  for (const auto& one : study.claims())
    if (rounded_apart(study, one))
      return &one == &claim ? " (The means are rounded one by one, here and below.)" : std::string{};
  return {};
}

}  // namespace

void tell_claim(Author& author, const Entry& claim, std::size_t index, json::array& blocks) {
  const Study& study = author.study;
  if (!claim.known) return blocks.push_back(paragraph(unknown(study, claim, index)));
  std::string text = measured(study, claim, index) + rounding(study, claim) + settings_of_models(study, claim) + " " +
                     why(study, claim, index) +
                     turn(index, {"; the verdict is ", ", hence ",
                                  claim.verdict == "equivalent" ? ", and by the rule the two are "
                                                                : ", and by the rule the claim is "}) +
                     "{{verdict:" + claim.id + "}}.";
  if (claim.same_in_every_block())
    text +=
        turn(alike_before(study, claim),
             {" Both arms have the same score in every block: what separates their configurations changed none. "
              "Without any spread a t test has nothing to work with, so interval and p-value "
              "only repeat that.",
              " Block by block the two arms score exactly alike.", " Here, too, no block tells the two arms apart."});
  text += block_by_block(study, claim, index) + turns_on_the_correction(study, claim) + four_means(study, claim) +
          limit_in_points(study, claim) + beyond_question(study, claim);
  if (const Entry* node = study.node(claim.node); claim.verdict == "refuted" && node && node->lean == Lean::kAgainst)
    text += turn(index,
                 {" The search had leaned against this claim as well; it was locked as it had been predicted.",
                  " That was to be feared: the search leaned the same way, and a prediction is not turned to suit it.",
                  " Its node had gone against the prediction too; what is predicted does not change after a node's "
                  "first block."});
  const json::object* figure = nullptr;
  for (const auto* one : objects_of(study.document(), "figures"))
    if (text_of(*one, "subject") == claim.id && (text_of(*one, "kind") == "paired" || text_of(*one, "kind") == "arms" ||
                                                 text_of(*one, "kind") == "distributions"))
      figure = one;
  if (!figure) return blocks.push_back(paragraph(text));
  const std::string kind = text_of(*figure, "kind"), id = author.take_figure(kind, claim.id);
  if (id.empty()) return blocks.push_back(paragraph(text));
  text += kind == "paired" ? turn(index, {" {{figure:ID}} shows the pairs.",
                                          " Block by block, the differences are drawn in {{figure:ID}}.",
                                          " The blocks of this claim are in {{figure:ID}}."})
                           : turn(index, {" Its arms are drawn in {{figure:ID}}.", " {{figure:ID}} shows each arm.",
                                          " For the single arms see {{figure:ID}}."});
  blocks.push_back(paragraph(replaced(text, "ID", id)));
  blocks.push_back(figure_block(id));
}

}  // namespace aisci::offline
