// Title, abstract and introduction.
#include <algorithm>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

constexpr std::size_t kFewestWords = 160;
constexpr std::size_t kMostWords = 240;

std::string setting_clause(const Study& study) {
  const std::string setting = text_of(study.scope(), "setting"), name = study.setting_name();
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
  return name.empty() ? "; here, " + printed : " on " + name + "; here, " + printed;
}

std::string interval(const Study& study, const Entry& claim) {
  return "{{" + claim.id + ".confidence}} interval " + study.bare(claim, "contrast.lower") + " to " +
         study.bare(claim, "contrast.upper");
}

std::string claim_sentence(const Study& study, const Entry& claim, std::size_t index) {
  const std::string verdict = "{{verdict:" + claim.id + "}}", special = study.peculiarity(claim),
                    where = !special.empty() ? "with " + special
                            : index == 0     ? "in " + study.subject(claim)
                                             : "in the same setting";
  const bool equivalent = claim.verdict == "equivalent";
  if (!claim.known)
    return "The confirmation of " + study.comparison(claim, " compared to ") +
           " failed to give evidence, so that claim is " + verdict + ".";
  if (claim.interaction)
    return (special.empty() && index > 0 ? "The " : capitalised(where) + ", the ") + study.margin() + " of " +
           study.treatment(claim) + " over " + study.baseline(claim) + " with " + study.low(claim) +
           ", less the same with " + study.high(claim) + ", was " + study.value(claim, "contrast.mean") +
           (claim.logit ? " in log odds" : "") + " (" + interval(study, claim) +
           (equivalent ? "), so the two are " : "), so the predicted interaction is ") + verdict + ".";
  switch (index % 3) {
    case 0:
      if (study.prints_as_zero(claim))
        return capitalised(where) + ", " + study.treatment(claim) + " and " + study.baseline(claim) +
               " came out level, at a difference of " + study.size(claim) + " (" + interval(study, claim) +
               (equivalent ? "), and by the rule set beforehand the two are "
                           : "), and the claim of an advantage is ") +
               verdict + ".";
      return capitalised(where) + ", " + study.treatment(claim) + " came out " +
             study.direction(claim, "above", "below") + " " + study.baseline(claim) + " by " + study.size(claim) +
             " (" + interval(study, claim) +
             (equivalent ? "), and by the rule set beforehand the two are " : "), and the claim of an advantage is ") +
             verdict + ".";
    case 1:
      return "For " + study.treatment(claim) + " in place of " + study.baseline(claim) + " " + where +
             ", the difference was " + study.value(claim, "contrast.mean") + " (" + interval(study, claim) +
             (equivalent ? "), which makes the two " : "), which leaves that claim ") + verdict + ".";
    default:
      return "A further contrast, which sets " + study.treatment(claim) + " beside " + study.baseline(claim) + " " +
             where + ", gave " + study.value(claim, "contrast.mean") + " (" + interval(study, claim) + "): " + verdict +
             ".";
  }
}

// What an interaction says about two layers of a stack.
std::string stack_in_short(const Study& study, const Entry& claim) {
  const auto title = [&](const std::string& factor) {
    return text_of(factor_in(study.manifest(), factor), "title", factor);
  };
  const std::string layers = title(claim.factor) + " and " + title(claim.moderator),
                    with = "what " + layers + " give together";
  // A reader asks for the whole against its best part, which takes more than one factor at a time to differ.
  const std::string whole =
      array_of(study.scope(), "stack").size() > 2 ? "; the whole stack was not compared with its best part." : ".";
  if (claim.verdict == "supported")
    return "Under these conditions " + with + " is not the sum of what they give one by one" + whole;
  if (claim.verdict == "equivalent")
    return "Under these conditions " + with +
           " is, for all that matters in practice, the sum of what they give one by one" + whole;
  if (claim.verdict == "refuted")
    return "Under these conditions " + with + " does not depart from the sum of their parts in the way predicted" +
           whole;
  return "Under these conditions it stays open whether " + with + " is the sum of what they give one by one" + whole;
}

std::string impact(const Study& study) {
  const Entry* claim = study.main_claim();
  if (!claim || !claim->known) return "The study therefore answers nothing yet, and says what it would take.";
  const std::string sides = study.treatment(*claim) + " and " + study.baseline(*claim),
                    limit = "{{" + claim->id + ".smallest_effect}}" +
                            (text_of(study.fact(claim->id + ".smallest_effect"), "text").find(' ') != std::string::npos
                                 ? ""
                                 : " of " + study.metric_title());
  if (claim->interaction && study.stacked()) return stack_in_short(study, *claim);
  if (claim->interaction)
    return "Advice on " + study.the_factor() +
           " should name the condition it was tested in, which is what this design makes possible.";
  if (claim->verdict == "supported" && claim->lower >= claim->smallest_effect)
    return "Under these conditions the choice between " + sides + " matters by at least the " + limit +
           " that were set beforehand as worth acting on.";
  if (claim->verdict == "supported")
    return "Under these conditions the evidence is that " + study.treatment(*claim) + " " +
           study.merit(*claim, "leads", "trails") + " " + study.baseline(*claim) + "; whether by the " + limit +
           " that were set beforehand as worth acting on stays open.";
  if (claim->verdict == "refuted")
    return std::string{study.peculiarity(*claim).empty() ? "In the setting of the question"
                                                         : "Under these conditions"} +
           " nothing in the evidence argues for choosing " + study.treatment(*claim) + " over " +
           study.baseline(*claim) + ": an advantage of the " + limit +
           " that were set beforehand as worth acting on is excluded.";
  if (claim->verdict == "equivalent")
    return "A difference of the " + limit +
           " that were set beforehand as worth acting on is excluded in both directions, so the choice between " +
           sides + " can follow cost or convenience.";
  return "The data decide neither for nor against an effect of the " + limit +
         " that were set beforehand as worth acting on, and the interval is the result.";
}

std::string verdict_of_paper(const Study& study) {
  const Entry* claim = study.main_claim();
  if (!claim || !claim->known) return "an experiment that stayed without an answer";
  if (claim->verdict == "supported") return "an effect that held up under confirmation";
  if (claim->verdict == "refuted") return "a prediction that confirmation refuted";
  if (claim->verdict == "equivalent") return "no difference of practical size";
  return "a question that confirmation left open";
}

}  // namespace

std::string title_of(const Author& author) {
  const Study& study = author.study;
  const std::string name = study.setting_name();
  if (study.stacked())
    return "How " + study.factor_title() + " act together on the " + study.metric_title() + " of " + whose(study) +
           (name.empty() ? "" : " on " + name) + ": " + verdict_of_paper(study);
  const bool models = has_role(study.manifest(), text_of(study.scope(), "factor"), "model");
  return capitalised(study.factor_title()) + " and " + study.metric_title() + (models ? "" : " of " + whose(study)) +
         (name.empty() ? "" : " on " + name) + ": " + verdict_of_paper(study);
}

std::string abstract_of(Author& author) {
  const Study& study = author.study;
  std::vector<std::string> sentences;
  sentences.push_back("Whether " + study.the_factor() + (study.stacked() ? " matter" : " matters") +
                      " cannot be told from one run of each choice, since scores move with the seed as well.");
  sentences.push_back("We ask what " + std::string{study.stacked() ? "they do, each alone and combined," : "it does"} +
                      " to the " + study.metric_title() + " that " + whose(study) + " reaches" +
                      (study.lower_is_better() ? " (small is good)" : "") + setting_clause(study) + ".");
  sentences.push_back("A tree search over " + counted(study, "study.hypotheses", "hypothesis", "hypotheses") +
                      " spent {{study.trials}} trials, in each of which one " + study.terms().subject + " is " +
                      study.terms().trained + ", in blocks whose seed all arms share; " +
                      (study.claims().size() == 1 ? "one claim was then locked and put, once, "
                                                  : "{{study.claims}} claims were then locked and put, once each, ") +
                      "to fresh seeds and to data that the search could not read.");
  std::size_t index = 0;
  for (const Entry* claim : by_relevance(study)) sentences.push_back(claim_sentence(study, *claim, index++));
  sentences.push_back(impact(study));
  std::string text;
  for (const auto& sentence : sentences) text += (text.empty() ? "" : " ") + sentence;
  for (const char* more :
       {"What the search saw beside that is listed whole, failures included, and called exploratory.",
        "Every printed number can be recomputed from the raw files of the trials.",
        "Verdicts follow a rule fixed in advance, by which a result close to zero is reported with the same care as a "
        "gain.",
        "The unit of analysis is the block, one seed for all arms, so that whatever a seed does to all of them alike "
        "drops out of the comparison."}) {
    if (author.words(text) >= kFewestWords) break;
    text += std::string{" "} + more;
  }
  // A long abstract gives up the claim farthest from the question first; the results section has them all.
  for (std::size_t drop = 3 + study.claims().size(); author.words(text) > kMostWords && drop-- > 4;)
    text = replaced(text, " " + sentences[drop], "");
  return text;
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
                    "the direction and the rule of decision fixed before the data are seen.";
  blocks.push_back(paragraph(why));
  const std::string sources = author.cite(author.cited_by_hypotheses());
  blocks.push_back(paragraph(
      (sources.empty() ? "No retrieved record predicts a direction, so the predictions below are conjectures."
                       : "Where the literature suggests a direction, the predictions below take it from there" +
                             sources + ", and put it to a test that it can fail.") +
      " An effect counts as worth acting on from {{template.smallest_effect}} of " + study.metric_title() +
      ", a limit set before the first run."));
  blocks.push_back(paragraph("The paper contributes:"));
  json::array items;
  const bool failures =
      std::any_of(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return !node.known; });
  items.emplace_back("a search through hypotheses about " + factor + ", printed in full in {{table:search}}" +
                     (failures ? ", with the experiments that gave no evidence left in;" : ";"));
  items.emplace_back(study.claims().size() == 1
                         ? "a claim that was fixed before its first trial and judged in {{table:claims}};"
                         : "claims that were fixed before their first trial and judged together in {{table:claims}}, "
                           "so that their number is paid for;");
  if (const Entry* claim = study.main_claim(); claim && claim->known)
    items.emplace_back(std::string{"a verdict on the "} + (claim->interaction ? "interaction" : "comparison") +
                       " nearest to the question, " + study.sides(*claim, " against ") +
                       (claim->interaction
                            ? ", first with " + study.low(*claim) + " and then with " + study.high(*claim)
                            : std::string{}) +
                       ": {{verdict:" + claim->id + "}};");
  items.emplace_back("a record by which each number here leads back to the trial files it was computed from.");
  blocks.push_back(list_block(std::move(items)));
  return section("introduction", "Introduction", std::move(blocks));
}

}  // namespace aisci::offline
