// Abstract and introduction.
#include <algorithm>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

constexpr std::size_t kFewestWords = 160;
constexpr std::size_t kMostWords = 250;
constexpr std::size_t kMostLeftOut = 4;  // levels that an abstract names

// How much an abstract says: all; a short beginning and claims after the first in brief; and no more than has to be.
enum class Length { kFull, kBrief, kBriefest };

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

// "24 blocks, 98.3% interval +2.5 to +7.7", with the limit where it is in log odds, as the abstract's other one is in
// points, and with what a reader has to know of a verdict that one block could turn.
std::string interval(const Study& study, const Entry& claim, Length length) {
  return study.value(claim, "n") + " blocks, {{" + claim.id + ".confidence}} interval " +
         study.bare(claim, "contrast.lower") + " to " + study.bare(claim, "contrast.upper") +
         (claim.logit ? ", limit " + study.value(claim, "smallest_effect") : std::string{}) +
         (!claim.hangs_on_single_blocks() ? ""
          : length == Length::kBriefest
              ? (claim.deciding_blocks() == 1 ? "; one block decides" : "; single blocks decide")
              : "; without " + single_blocks(claim) + " it would be " + listed(claim.verdicts_without_one(), " or "));
}

// Before a verdict of equivalence whose interval leaves zero out, which is no word for "the same".
std::string despite_sign(const Study& study, const Entry& claim) {
  return claim.verdict == "equivalent" && claim.without_zero()
             ? "clear of zero and by less than " + limit_of(study, claim) + ", so by the rule "
             : std::string{};
}

// A dependence as it was predicted, with what was measured: the difference of two margins.
std::string interaction_sentence(const Study& study, const Entry& claim, const std::string& where, Length length) {
  const std::string verdict = "{{verdict:" + claim.id + "}}", one = study.treatment(claim),
                    other = study.baseline(claim),
                    measured = one + " minus " + other + " with " + study.low(claim) + ", less the same with " +
                               study.high(claim) + ", was " + study.value(claim, "contrast.mean") +
                               (claim.logit ? " in log odds" : "") + " (" + interval(study, claim, length) + ").";
  if (claim.verdict == "equivalent")
    return capitalised(where) + ", what " + one + study.verb(claim, " gains on ", " gain on ") + other + " is " +
           verdict + " with " + study.near(claim) + " and with " + study.far(claim) + ": " + measured;
  return capitalised(where) + ", the claim that the advantage of " + one + " over " + other + " grows from " +
         study.far(claim) + " to " + study.near(claim) + " came out " + verdict + ": " +
         (means_turn(claim) ? turning(study, claim) + "; " : "") + measured;
}

constexpr const char* kSameSetting = "in the same setting";

// Where a claim holds, after the claim that was told before it; null for the first.
std::string where_of(const Study& study, const Entry& claim, const Entry* before, Length length) {
  if (!before && (study.peculiarity(claim).empty() || study.varies_model(claim) || !study.fixed_model())) {
    const std::string where = study.in_subject(claim), usual = study.usual_beside_others(claim);
    if (usual.empty() || length == Length::kBriefest) return where;
    const auto with = where.find("with ");
    if (with == std::string::npos) return where + " with " + usual;
    return replaced(where, "with ",
                    "with " + usual + (where.find(" and ", with) == std::string::npos ? " and " : ", "));
  }
  if (!before) return "in " + whose(study) + " with " + study.peculiarity(claim, true);
  const bool sided = study.varies_model(claim);  // then what each side has of its own is told with that side
  if (study.in_subject(claim) == study.in_subject(*before)) return kSameSetting;
  if (sided && study.varies_model(*before) && study.shared_peculiarity(claim) == study.shared_peculiarity(*before) &&
      study.amount_of_data(claim) == study.amount_of_data(*before))
    return kSameSetting;
  const std::string there = study.subject(*before), here = study.subject(claim);
  if (here.size() > there.size() && here.compare(0, there.size(), there) == 0)
    for (const std::string_view joint : {" and ", ", "})
      if (here.compare(there.size(), joint.size(), joint) == 0)
        return kSameSetting + (" but with " + here.substr(there.size() + joint.size()));
  if (const Entry* first = by_relevance(study).front();
      !claim.interaction && first != before && study.in_subject(claim) == study.in_subject(*first))
    return "in the setting of the first comparison";
  if (claim.moderator != study.data_factor() && study.amount_of_data(claim) != study.amount_of_data(*before))
    return study.in_subject(claim);
  const std::string special = sided ? study.shared_peculiarity(claim) : study.peculiarity(claim, true);
  if (sided && special.empty() && !study.peculiarity(claim).empty())
    return study.peculiarity(*before).empty() ? "in another comparison" : "in a further comparison";
  return special.empty() ? study.in_subject(claim)
                         : "with " + special +
                               (study.peculiarity(*before).empty() && !sided && length != Length::kBriefest
                                    ? " and all else the same"
                                    : "");
}

// The same, with a word where that is a model that the question is not about.
std::string where_told(const Study& study, const Entry& claim, const Entry* before, Length length) {
  const std::string where = where_of(study, claim, before, length);
  const auto order = by_relevance(study);
  if (where == kSameSetting && order.size() > 2 && &claim == order[2]) return "once more in that setting";
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
  const std::string verdict = "{{verdict:" + claim.id + "}}", where = where_told(study, claim, before, length);
  const bool equivalent = claim.verdict == "equivalent";
  if (!claim.known)
    return "The confirmation of " + study.comparison(claim, " compared to ") +
           " failed to give evidence, so that claim is " + verdict + ".";
  if (claim.interaction) return interaction_sentence(study, claim, where, length);
  const std::string one = study.treatment_in_full(claim), other = study.baseline_in_full(claim),
                    mean = study.value(claim, "contrast.mean") + " (" + interval(study, claim, length) + ")";
  switch (index % 3) {
    case 0:
      return capitalised(where) + ", " + one + " minus " + other + " came to " + mean +
             (equivalent ? ", and by the rule set beforehand the two are " : ", and the claim of an advantage is ") +
             verdict + ".";
    case 1:
      return capitalised(where) + ", " + one + " minus " + other + " was " + mean +
             (equivalent ? ", which makes the two " : ", and the gain that had been claimed is ") + verdict + ".";
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
                          "{{verdict:" + claim.id + "}}" +
                          (length == Length::kBrief && claim.interaction && claim.verdict != "equivalent" &&
                                   means_turn(claim)
                               ? "; " + turning(study, claim, "the arm means")
                               : "") +
                          ".";
  if (!claim.interaction) return where + one + " minus " + other + turn(index, {" came to ", " gave ", " was "}) + end;
  if (length == Length::kBriefest)
    return where + one + " minus " + other + " with " + study.low(claim) + ", less that with " + study.high(claim) +
           ", was " + end;
  const bool first = study.near(claim) == study.low(claim);
  return where + "the gain of " + one + " over " + other + " was predicted to be more with " + study.near(claim) +
         " than with " + study.far(claim) +
         (study.lower_is_better() ? "; the difference of the two with " + study.low(claim) + " less that with " +
                                        study.high(claim) + " was "
          : first ? "; the first gain less the second was "
                  : "; the second gain less the first was ") +
         end;
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
std::string whole_in_short(const Study& study, const Entry& claim) {
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
  if (claim.verdict == "equivalent")
    return "Under these conditions stacking does not pay: " + part + " reaches the same, but for a difference below " +
           limit_of(study, claim) + " (the limit set beforehand).";
  if (claim.verdict == "refuted")
    return "Under these conditions stacking does not pay: that the whole gains on " + part +
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

std::string impact(const Study& study, std::size_t told) {
  const Entry* claim = study.main_claim();
  if (!claim || !claim->known) return "The study therefore answers nothing yet, and says what it would take.";
  const std::string sides = study.treatment(*claim) + " and " + study.baseline(*claim), limit = limit_of(study, *claim);
  if (claim->whole()) return whole_in_short(study, *claim);
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
    return std::string{study.claims().size() == 1 ? "In this setting" : "In the main comparison"} +
           ", nothing in the evidence argues for choosing " + study.treatment(*claim) + " over " +
           study.baseline(*claim) + ": an advantage of " + limit + " (the limit set beforehand) is excluded" +
           (claim->upper < 0 ? ", and so is any advantage, since the whole interval is on the other side of zero."
                             : ".");
  if (claim->verdict == "equivalent") {
    const bool elsewhere = std::any_of(study.claims().begin(), study.claims().end(), [&](const Entry& other) {
      return other.id != claim->id && other.same_pair(*claim);
    });
    return (elsewhere && study.treatment_in_full(*claim) == study.treatment(*claim) &&
                    study.baseline_in_full(*claim) == study.baseline(*claim)
                ? capitalised(study.in_subject(*claim)) + " a difference of " + limit +
                      " (the limit set beforehand) between " + sides
                : (all_equivalent(study)
                       ? (study.claims().size() == 2 ? "In both comparisons" : "In all of these comparisons") +
                             std::string{", a difference of "}
                   : study.claims().size() > 1 ? "In the first comparison, a difference of "
                                               : "Between " + sides + ", a difference of ") +
                      limit + " (the limit set beforehand)") +
           " is excluded in both directions" +
           (rows_matter(study, *claim)
                ? " on the " + study.terms().examples + " of the confirmation; the estimate of the search, on other " +
                      study.terms().examples +
                      ", departs from this one by more than that, so the result belongs to "
                      "the " +
                      study.terms().examples + " that were scored."
            : study.near_ceiling(*claim) && !study.lower_is_better()
                ? ", a limit that so near the ceiling is much of what is left to gain."
                : ", so there the choice can follow cost or convenience" +
                      std::string{claim->hangs_on_single_blocks() ? ", as far as that verdict holds." : "."});
  }
  if (claim->lower > -claim->smallest_effect)
    return "As to the main comparison, an effect of " + limit +
           " (the limit set beforehand) is excluded against the prediction and stays open in its "
           "favour.";
  return "As to the main comparison, the data decide neither for nor against an effect of " + limit +
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
  const std::string together =
      whole == claims.end() ? "combined" : called_in(*whole->hypothesis, true) + " (" + whole_in_levels(study) + ")";
  sentences.push_back("We ask what " + (study.stacked() ? "they do, each alone and " + together + "," : "it does") +
                      " to the " + study.metric_title() + " that " + whose(study) +
                      (length == Length::kBriefest ? "" : spelled_out(study)) + " reaches" +
                      (setting.empty() && !data.empty() ? " on " + data : "") +
                      (study.lower_is_better() ? " (small is good)" : "") + setting + ".");
  sentences.push_back(
      "A tree search over " + counted(study, "study.hypotheses", "hypothesis", "hypotheses") +
      " spent {{study.trials}} trials, each of one " + study.terms().subject +
      ", in blocks whose seed all arms share; " +
      (study.claims().size() == 1 ? std::string{"one claim was locked and put, once, "}
                                  : in_words(study.claims().size()) + " claims were locked and put, once each, ") +
      (study.on_training_data() ? "to fresh seeds" : "to fresh seeds and to data that the search could not read") +
      (levels_differ(study) && length != Length::kBriefest ? ", at levels by Holm's procedure." : "."));
  std::size_t index = 0;
  const Entry* before = nullptr;
  for (const Entry* claim : by_relevance(study)) {
    sentences.push_back(brief && index > 0 ? claim_in_brief(study, *claim, index, before, length)
                                           : claim_sentence(study, *claim, index, before, length));
    before = claim;
    ++index;
  }
  if (const auto left = levels_not_run(study); !left.empty() && left.size() <= kMostLeftOut)
    sentences.back() +=
        " The question also covers " + listed(left) + ", which " + (left.size() == 1 ? "was" : "were") + " not run.";
  std::string last = impact(study, study.claims().size());
  if (const auto others = claims_of_their_rows(study); !others.empty()) last += " " + beside_the_search(study, others);
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
  std::vector<std::string> sentences = abstract_sentences(study, Length::kFull);
  for (const Length shorter : {Length::kBrief, Length::kBriefest})
    if (author.words(whole(sentences)) > kMostWords) sentences = abstract_sentences(study, shorter);
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
  // What is still too long gives up the claim farthest from the question first; the results section has them all.
  for (std::size_t drop = 3 + study.claims().size(); author.words(text) > kMostWords && drop-- > 4;)
    text = replaced(replaced(text, " " + sentences[drop], ""), impact(study, drop - 2), impact(study, drop - 3));
  return text;
}

// Where no record gives a direction: what those of the claims rest on, if that is one thing.
std::string unsettled(Author& author) {
  const Study& study = author.study;
  std::set<std::string> grounds;
  for (const auto& claim : study.claims())
    if (const Entry* node = study.node(claim.node)) grounds.insert(ground_of(author, *node));
  const std::string what = study.claims().size() == 1 ? "that of the claim" : "those of the claims";
  if (grounds.size() != 1) return "; what " + what + " rest on is said in the appendix.";
  if (*grounds.begin() == "a conjecture")
    return study.claims().size() == 1 ? "; that of the claim is a conjecture."
                                      : "; those of the claims are conjectures.";
  return "; " + what + (study.claims().size() == 1 ? " follows " : " follow ") + *grounds.begin() + ".";
}

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
  blocks.push_back(paragraph(asked));

  std::string why = "A recommendation about " + factor +
                    " is of use where it holds, and it can be shown to hold only by an experiment that might have come "
                    "out otherwise. Scores of " +
                    study.terms().subjects + " move with the seed and with the sample of data" +
                    author.cite(author.with_theme({"variance", "seeds"})) +
                    "; a single run per arm therefore cannot tell whether it was " + factor +
                    " that helped or the seed. What can tell is a comparison inside blocks, with the number of blocks, "
                    "the direction and the rule of decision fixed beforehand.";
  blocks.push_back(paragraph(why));
  const std::string sources = author.cite(author.ordering(1)), contrary = author.cite(author.ordering(-1));
  const bool only_contrary = sources.empty() && !contrary.empty();
  blocks.push_back(paragraph(
      (only_contrary ? "The predictions below are conjectures of this study's own, and against some of them there is a "
                       "record that points the other way" +
                           contrary + "."
       : sources.empty() ? "No retrieved record settles the predictions below" + unsettled(author)
                         : "Where the literature suggests a direction, the predictions below take it from there" +
                               sources + ", and put it to a test that it can fail.") +
      (contrary.empty() || only_contrary
           ? ""
           : " Against some of them there is a record that points the other way" + contrary + ".") +
      " An effect counts as worth acting on from {{template.smallest_effect}} of " + study.metric_title() +
      ", a limit set before the first run of this study."));
  blocks.push_back(paragraph("The paper contributes:"));
  json::array items;
  const bool failures =
      std::any_of(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return !node.known; });
  items.emplace_back("a search through hypotheses about " + factor + ", printed in full in {{table:search}}" +
                     (failures ? ", with the experiments that gave no evidence left in;" : ";"));
  items.emplace_back(study.claims().size() == 1
                         ? "a claim that was fixed before its first trial and judged in {{table:claims}};"
                         : "claims that were fixed before their first trial and judged together in {{table:claims}}, "
                           "so that their number is corrected for;");
  if (const Entry* claim = study.main_claim(); claim && claim->known)
    items.emplace_back(claim->interaction
                           ? "a verdict on the interaction nearest to the question, " +
                                 study.sides(*claim, " against ") + ", first with " + study.low(*claim) +
                                 " and then with " + study.high(*claim) + ": {{verdict:" + claim->id + "}};"
                           : "a verdict on the claim nearest to the question, which sets " +
                                 study.sides(*claim, " against ") + ": {{verdict:" + claim->id + "}};");
  items.emplace_back("a record by which each result here leads back to the trial files it was computed from.");
  blocks.push_back(list_block(std::move(items)));
  return section("introduction", "Introduction", std::move(blocks));
}

}  // namespace aisci::offline
