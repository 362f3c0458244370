// The abstract.
#include <algorithm>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_text.hpp"
#include "writing_abstract.hpp"

namespace aisci::offline {
namespace {

constexpr std::size_t kFewestWords = 160;
constexpr std::size_t kMostWords = 250;
constexpr std::size_t kMostLeftOut = 4;  // levels that an abstract names

std::string setting_clause(const Study& study) {
  const std::string setting = text_of(study.scope(), "setting"), place = study.setting_place();
  if (setting.empty()) return {};
  std::string bare = setting;  // digits inside references are fine
  for (std::size_t begin; (begin = bare.find("{{")) != std::string::npos;)
    bare.erase(begin, bare.find("}}", begin) + 2 - begin);
  if (has_digit(bare)) return {};
  std::string printed;  // with the quotation marks of print
  bool open = false;
  for (const char c : setting)
    if (c == '"')
      printed += (open = !open) ? "\u201c" : "\u201d";
    else
      printed += c;
  const std::string data = study.data_name();
  return place + "; here, " + printed + (data.empty() ? "" : ", and the data are " + data);
}

// What an interaction says about two layers of a stack.
std::string stack_in_short(const Study& study, const Entry& claim) {
  const std::string layers = study.layer_title(claim.factor) + " and " + study.layer_title(claim.moderator),
                    with = "what " + layers + " give together";
  const std::string whole = study.whole_against_part() ? "." : "; the whole was not compared with its best part.";
  if (claim.verdict == "supported")
    return "Under these conditions " + with + " is not the sum of what they give one by one" + whole;
  if (claim.verdict == "equivalent")
    return "Under these conditions " + with +
           " is the sum of what they give one by one, or departs from it by less than was set beforehand as worth "
           "acting on" +
           whole;
  if (claim.verdict == "refuted")
    return "Under these conditions " + with + " does not depart from the sum of their parts in the way predicted" +
           whole;
  return "Under these conditions it stays open whether " + with + " is the sum of what they give one by one" + whole;
}

// What the whole against one of its parts comes to: the answer to whether stacking pays.
std::string whole_in_short(const Study& study, const Entry& claim, Length length) {
  const std::string part = study.baseline(claim);
  if (claim.verdict == "supported" && claim.lower >= claim.smallest_effect)
    return "Under these conditions stacking pays: against " + part +
           ", the part that left the whole the least advantage in the search, it gains what was set beforehand as "
           "worth "
           "acting on.";
  if (claim.verdict == "supported")
    return "Under these conditions stacking gains something over " + part +
           ", the part that left the whole the least advantage in the search; whether as much as was set beforehand as "
           "worth acting on stays open.";
  if (claim.verdict == "equivalent" && length == Length::kLeast)
    return "At the strengths that were run, the whole gains less than " + limit_of(study, claim) + " on " + part + ".";
  if (claim.verdict == "equivalent")
    return "At the strengths that were run, stacking does not pay over " + part +
           ", which reaches the same but for less " + "than " + limit_of(study, claim) + " (the limit set beforehand).";
  if (claim.verdict == "refuted")
    return "At the strengths that were run, stacking does not pay: that the whole gains on " + part +
           " what was set beforehand as worth acting on is excluded" +
           (claim.upper < 0 ? ", and the part alone does better." : ".");
  return "Whether stacking pays stays open: a gain of the whole on " + part +
         " that would be worth acting on is neither shown nor excluded.";
}

// What an interaction of one factor with its setting comes to.
std::string dependence(const Study& study, const Entry& claim) {
  const std::string by = "the " + text_of(factor_in(study.manifest(), claim.moderator), "title", "setting"),
                    factor = study.the_factor();
  if (claim.verdict == "supported")
    return "Under these conditions no answer about " + factor + " is complete that does not name " + by + ".";
  if (claim.verdict == "equivalent")
    return "Under these conditions an answer about " + factor + " holds whatever " + by +
           " is within the range that was run.";
  if (claim.verdict == "refuted")
    return "Under these conditions what " + factor + " " + study.does() + " does not depend on " + by +
           " in the way predicted" + (claim.upper < 0 ? "; it depends on it the other way round." : ".");
  return "Whether an answer about " + factor + " has to name " + by + " stays open.";
}

// The places of some of the comparisons that were told: "first two", "first and the third".
std::string places_of(const std::vector<std::size_t>& places) {
  static const char* kOrdinals[] = {"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"};
  if (places.back() + 1 == places.size() && places.size() > 1) return "first " + in_words(places.size());
  std::vector<std::string> names;
  for (const auto place : places)
    names.push_back(place < std::size(kOrdinals) ? kOrdinals[place] : "one numbered " + in_words(place + 1));
  return listed(names, " and the ");
}

// What the `told` claims show of the main one's pair: the conditions under which it comes out as there, with a size
// worth acting on or with a direction alone, and what to add where that is shown under others.
struct Shown {
  std::string where, direction_alone;
};
Shown shown_of(const Study& study, const Entry& main, std::size_t told) {
  const auto claims = by_relevance(study);
  const bool sized = main.lower >= main.smallest_effect;
  std::vector<std::size_t> same, direction;
  for (std::size_t i = 0; i < std::min(told, claims.size()); ++i) {
    const Entry& claim = *claims[i];
    if (!claim.known || !claim.supported() || !claim.same_pair(main)) continue;
    const bool has_size = claim.lower >= claim.smallest_effect;
    if (has_size == sized) same.push_back(i);
    if (sized && !has_size) direction.push_back(i);
  }
  if (same.size() == std::min(told, claims.size())) return {"Under these conditions", ""};
  return {"In the " + places_of(same) + " of these comparisons",
          direction.empty() ? "" : "; in the " + places_of(direction) + " the direction alone is shown"};
}

// Whether all claims, of several, are differences that are equivalent and by one limit.
bool all_equivalent(const Study& study) {
  const auto& claims = study.claims();
  return claims.size() > 1 && std::all_of(claims.begin(), claims.end(), [&](const Entry& claim) {
           return claim.verdict == "equivalent" && !claim.interaction &&
                  claim.smallest_effect == claims.front().smallest_effect;
         });
}

// What two equivalent sides mean for a choice.
std::string no_difference(const Study& study, const Entry& claim) {
  const bool elsewhere = study.treatment_in_full(claim) == study.treatment(claim) &&
                         study.baseline_in_full(claim) == study.baseline(claim) &&
                         std::any_of(study.claims().begin(), study.claims().end(), [&](const Entry& other) {
                           return other.id != claim.id && other.same_pair(claim);
                         });
  const std::string sides = study.treatment(claim) + " and " + study.baseline(claim),
                    difference = "a mean difference of " + limit_of(study, claim) + " (the limit set beforehand)",
                    where = elsewhere                    ? capitalised(study.in_subject(claim))
                            : study.claims().size() == 1 ? ""
                            : !all_equivalent(study)     ? "In the first comparison"
                            : study.claims().size() == 2 ? "In both comparisons"
                                                         : "In all of these comparisons",
                    excluded = (where.empty() ? "Between " + sides + ", " + difference
                                              : where + (elsewhere ? " " : ", ") + difference +
                                                    (elsewhere ? " between " + sides : "")) +
                               " is excluded in both directions";
  if (study.guesses(claim)) return excluded + "; but these arms only guess, so that says nothing of models that learn.";
  if (rows_matter(study, claim))
    return excluded + " on the " + study.terms().examples +
           " of the confirmation; the estimate of the search, on other " + study.terms().examples +
           (study.node(claim.node)->mean * claim.mean < 0 ? ", has the other sign, "
                                                          : ", departs from this one by more than that, ") +
           "so the result belongs to the " + study.terms().examples + " that were scored.";
  if (study.near_ceiling(claim) && !study.lower_is_better())
    return excluded + ", a limit that so near the ceiling is much of what is left to gain.";
  return (where.empty() ? "Anyone" : where + ", anyone") + " who can neglect " + difference + " may choose " +
         (elsewhere || where.empty() ? "between " + sides + " " : "") + "by cost or convenience" +
         (claim.hangs_on_single_blocks() ? ", as far as that verdict holds." : ".");
}

std::string impact(const Study& study, std::size_t told, Length length) {
  const Entry* claim = study.main_claim();
  if (!claim || !claim->known) return "The study therefore answers nothing yet, and says what it would take.";
  const std::string sides = study.treatment(*claim) + " and " + study.baseline(*claim), limit = limit_of(study, *claim);
  if (claim->whole()) return whole_in_short(study, *claim, length);
  if (claim->interaction && study.stacked()) return stack_in_short(study, *claim);
  if (claim->interaction) return dependence(study, *claim);
  const Shown shown = claim->supported() ? shown_of(study, *claim, told) : Shown{};
  if (claim->supported() && claim->lower >= claim->smallest_effect)
    return shown.where + " the choice between " + sides + " matters, on average over blocks, by at least " + limit +
           " (the limit set beforehand)" + shown.direction_alone + ".";
  if (claim->supported())
    return shown.where + " the evidence is that " + study.treatment(*claim) + " " +
           study.merit(*claim, "leads", "trails") + " " + study.baseline(*claim) + "; whether by " + limit +
           " (the limit set beforehand) stays open.";
  if (claim->verdict == "refuted")
    return std::string{study.claims().size() == 1 ? "In this setting" : "In the first comparison"} +
           ", nothing in the evidence argues for choosing " + study.treatment(*claim) + " over " +
           study.baseline(*claim) + ": " +
           (claim->upper < 0 ? "any advantage, let alone one of " : "an advantage of ") + limit +
           " (the limit set beforehand)" + (claim->upper < 0 ? "," : "") + " is excluded" +
           (claim->upper < 0 ? ", since the whole interval is on the other side of zero." : ".");
  if (claim->verdict == "equivalent") return no_difference(study, *claim);
  const std::string as_to_main =
      study.claims().size() == 1 ? "As to this comparison, " : "As to the first comparison, ";
  if (claim->lower > -claim->smallest_effect)
    return as_to_main + "an effect of " + limit +
           " (the limit set beforehand) is excluded against the prediction and stays open in its "
           "favour.";
  return as_to_main + "the data decide neither for nor against an effect of " + limit +
         " (the limit set beforehand), and the interval is the result.";
}

// " (vision transformer)" where the label of the question's model is an abbreviation that the template spells out.
std::string spelled_out(const Study& study) {
  const json::value* model = study.fixed_model();
  if (!model) return {};
  const auto& factor = factor_in(study.manifest(), factor_with_role(study.manifest(), "model"));
  const std::string words = text_of(object_of(factor, "spelled"), level_name(*model));
  return words.empty() || has_digit(words) ? std::string{} : " (" + words + ")";
}

// ", trained for 160 steps", where all are trained for as many.
std::string length_of_training(const Study& study) {
  if (study.has_fact("template.steps")) return ", " + study.terms().trained + " for {{template.steps}} steps";
  const std::string usual = study.usual_level("steps");
  return usual.empty() || was_varied(levels_run(study.nodes()), "steps")
             ? std::string{}
             : ", " + study.terms().trained + " for {{level:steps." + usual + "}} steps";
}

// " of 18154 parameters, trained for 160 steps"; without it a reader of the abstract alone takes a small model for one
// of the usual size.
std::string size_of_models(const Study& study, Length length) {
  if (length >= Length::kBriefest || !study.has_fact("study.least_parameters")) return {};
  const std::set<double> sizes = sizes_of_models(study, study.nodes());  // of the search, of which alone this is said
  if (!sizes.empty() && (*sizes.begin() != number_of(study.fact("study.least_parameters"), "value") ||
                         *sizes.rbegin() != number_of(study.fact("study.most_parameters"), "value")))
    return length_of_training(study);
  const bool one = number_of(study.fact("study.least_parameters"), "value") ==
                   number_of(study.fact("study.most_parameters"), "value");
  return (one ? " of " : " of {{study.least_parameters}}" + std::string{sizes.size() == 2 ? " or " : " to "}) +
         std::string{"{{study.most_parameters}} parameters"} + length_of_training(study);
}

// Whether the claims' intervals have several levels, which a reader would wonder at.
bool levels_differ(const Study& study) {
  std::set<double> levels;
  for (const auto& claim : study.claims())
    if (claim.known) levels.insert(claim.alpha);
  return levels.size() > 1;
}

// Of claims after the first whose estimate the other rows of the search had put elsewhere.
std::string beside_the_search(const Study& study, const std::vector<const Entry*>& claims) {
  const bool same_order = std::all_of(claims.begin(), claims.end(), [&](const Entry* claim) {
    const Entry* node = study.node(claim->node);
    return node->mean * claim->mean > 0 && std::abs(node->mean) > std::abs(claim->mean);
  });
  const std::size_t others = study.claims().size() - 1;
  const std::string which = others == 1               ? "the other comparison"
                            : claims.size() == others ? "the other " + in_words(others) + " comparisons"
                                                      : in_words(claims.size()) + " of the other comparisons";
  return "In " + which + ", the " + study.terms().examples + " of the search had given " +
         (same_order ? "the same sign, farther from zero."
                     : (claims.size() == 1 ? "an estimate" : "estimates") +
                           std::string{" farther from the confirmed one than the limit is wide."});
}

// What the search saw of each part of a stack by itself, where the whole gains nothing on one of them.
std::string parts_in_short(const Study& study) {
  const Entry* claim = study.main_claim();
  if (!claim || !claim->whole() || claim->verdict != "equivalent") return {};
  std::vector<std::string> parts;
  for (const Entry* node : parts_by_themselves(study))
    parts.push_back(study.difference(*node, " minus ") + " gave " + study.value(*node, "contrast.mean"));
  return parts.empty() ? std::string{} : "Of the parts alone the search, exploratory, saw this: " + listed(parts) + ".";
}

// The same where one of them accounts for the whole, in fewer words.
std::string part_in_short(const Study& study) {
  const PartThatCounts part = part_that_counts(study);
  if (!part.own) return {};
  std::vector<std::string> idle;
  for (const Entry* node : part.idle) idle.push_back(study.layer_title(node->factor));
  return "In the search, exploratory, " + listed(idle) + " by themselves showed no gain worth acting on; " +
         study.difference(*part.own, " minus ") + " was " + study.value(*part.own, "contrast.mean") + " ({{" +
         part.own->id + ".n}} blocks, " + study.bare(*part.own, "contrast.lower") + " to " +
         study.bare(*part.own, "contrast.upper") + ")" + (part.own->lean == Lean::kOpen ? ", its size open." : ".");
}

// What it saw of the whole against the parts that no claim has.
std::string rest_in_short(const Study& study) {
  std::vector<std::string> parts;
  for (const auto& node : study.nodes())
    if (node.known && node.whole() && study.peculiarity(node).empty() && !study.claim_on(node.id))
      parts.push_back(study.difference(node, " minus ") + " gave " + study.value(node, "contrast.mean") + " ({{" +
                      node.id + ".n}} blocks, {{protocol.confidence}} interval " + study.bare(node, "contrast.lower") +
                      " to " + study.bare(node, "contrast.upper") + ")");
  return parts.empty() ? std::string{} : "In the search, exploratory, " + listed(parts) + ".";
}

// "; a decade is a factor of ten", where the template says so of its unit.
std::string unit_told(const Study& study) {
  const std::string words = text_of(study.metric(), "unit_in_words");
  return words.empty() || has_digit(words) ? std::string{} : "; " + words;
}

// What the search found outside the claims, where that is nothing; else "".
std::string null_of_the_search(const Study& study) {
  for (const auto* finding : objects_of(study.document(), "findings"))
    if (text_of(*finding, "kind") == "null") return text_of(*finding, "text");
  return {};
}

std::vector<std::string> abstract_sentences(const Study& study, Length length) {
  const bool brief = length != Length::kFull;
  std::vector<std::string> sentences;
  sentences.push_back(brief ? "One run of each choice cannot tell what " + study.the_factor() +
                                  (study.stacked() ? " do." : " does.")
                            : "Scores move with the seed, so one run of each choice cannot tell whether " +
                                  study.the_factor() + (study.stacked() ? " matter." : " matters."));
  const std::string setting = setting_clause(study), data = study.data_name();
  const auto& claims = study.claims();
  const auto whole = std::find_if(claims.begin(), claims.end(), [](const Entry& claim) { return claim.whole(); });
  const std::string together = whole == claims.end() ? "combined"
                               : length == Length::kLeast
                                   ? called_in(*whole->hypothesis, true)
                                   : called_in(*whole->hypothesis, true) + " (" + whole_in_levels(study) + ")";
  sentences.push_back("We ask what " +
                      (study.stacked() ? "they do, each alone and " + together + " beyond any one," : "it does") +
                      " to the " + study.metric_title() + " that " + whose(study) +
                      (length >= Length::kBriefest ? "" : spelled_out(study)) + recipe_of_question(study) + " reaches" +
                      (setting.empty() && !data.empty() ? " on " + data : "") +
                      (study.lower_is_better() ? " (small is good" + unit_told(study) + ")" : "") + setting + ".");
  sentences.push_back(
      "A tree search over " + counted(study, "study.hypotheses", "hypothesis", "hypotheses") +
      " spent {{study.trials}} trials, each of one " + study.terms().subject + size_of_models(study, length) +
      ", in blocks whose seed all arms share; " +
      (study.claims().size() == 1 ? std::string{"one claim was locked and put, once, "}
                                  : in_words(study.claims().size()) + " claims were locked and put, once each, ") +
      (study.on_training_data()
           ? "to fresh seeds"
           : "to fresh seeds and to " + study.terms().examples + " that the search could not read") +
      (levels_differ(study) && length < Length::kBriefest ? ", at levels that Holm's procedure sets." : "."));
  std::size_t index = 0;
  const Entry* before = nullptr;
  for (const Entry* claim : by_relevance(study)) {
    sentences.push_back(claim_in_abstract(study, *claim, index, before, length));
    before = claim;
    ++index;
  }
  std::string last = impact(study, study.claims().size(), length);
  // The conclusion says it, too, so that a claim need not go for it.
  if (const auto others = claims_of_their_rows(study); !others.empty() && length < Length::kLeast)
    last += " " + beside_the_search(study, others);
  if (const auto left = levels_not_run(study); !left.empty() && left.size() <= kMostLeftOut) {
    const auto searched = length < Length::kBriefest ? levels_of_the_search(study) : std::vector<std::string>{};
    last += " As read, the question also covers " +
            (searched.empty() ? "" : listed(searched) + ", of which no claim was made, and ") + listed(left) +
            ", which " + (left.size() == 1 ? "was" : "were") + " not run.";
  }
  if (const std::string told = null_of_the_search(study); !brief && !told.empty()) last += " " + told;
  sentences.push_back(last);
  return sentences;
}

}  // namespace

std::string abstract_of(Author& author) {
  const Study& study = author.study;
  const auto whole = [](const std::vector<std::string>& sentences) {
    std::string text;
    for (const auto& sentence : sentences) text += (text.empty() ? "" : " ") + sentence;
    return text;
  };
  Length length = Length::kFull;
  std::vector<std::string> sentences = abstract_sentences(study, length);
  for (const Length shorter : {Length::kBrief, Length::kBriefest, Length::kLeast})
    if (author.words(whole(sentences)) > kMostWords) sentences = abstract_sentences(study, length = shorter);
  std::string text = whole(sentences);
  for (const char* more :
       {"What the search saw besides is listed whole, failures included, and called exploratory.",
        "Every printed result can be recomputed from the raw files of the trials.",
        "Verdicts follow a rule fixed in advance, by which a result close to zero is reported with the same care as a "
        "gain.",
        "The unit of analysis is the block, one seed for all arms, so that whatever a seed does to all of them alike "
        "drops out of the comparison."}) {
    if (author.words(text) >= kFewestWords) break;
    text += std::string{" "} + more;
  }
  // Where the whole of a stack gains nothing, each part by itself is worth more to a reader than that once more.
  if (const std::string parts = parts_in_short(study); !parts.empty())
    for (const auto& more : {parts, part_in_short(study), rest_in_short(study)}) {
      const std::string told = replaced(text, impact(study, study.claims().size(), length), more);
      if (more.empty() || author.words(told) > kMostWords) continue;
      text = told;
      break;
    }
  // What is still too long gives up the claim farthest from the question first; the results section has them all.
  for (std::size_t drop = 3 + study.claims().size(); author.words(text) > kMostWords && drop-- > 4;)
    text = replaced(replaced(text, " " + sentences[drop], ""), impact(study, drop - 2, length),
                    impact(study, drop - 3, length));
  return text;
}

}  // namespace aisci::offline
