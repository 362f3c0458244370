// The experimental protocol: blocks, search, how claims are chosen and by which rule they are judged.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// With what it is measured in, where its print does not say so.
std::string smallest_effect(const Study& study) {
  return "{{template.smallest_effect}}" +
         (text_of(study.fact("template.smallest_effect"), "text").find(' ') != std::string::npos
              ? ""
              : " of " + study.metric_title());
}

std::string limit_of_interactions(const Study& study) {
  const Entry* entry = on_logit_scale(study);
  return entry ? ", or {{" + entry->id + ".smallest_effect}} in log odds where it is an interaction" : std::string{};
}

// What the nodes' predictions rest on, in the order in which that is looked for.
std::string directions(Author& author) {
  std::set<Basis> grounds;
  for (const auto& node : author.study.nodes()) grounds.insert(basis_of(author, node));
  static constexpr std::pair<Basis, const char*> kGrounds[] = {{Basis::kRecord, "a retrieved record that gives one"},
                                                               {Basis::kNode, "the node before it"},
                                                               {Basis::kQuestion, "the question"},
                                                               {Basis::kConjecture, "a conjecture"}};
  std::string told;
  for (const auto& [ground, words] : kGrounds)
    if (grounds.count(ground)) told += (told.empty() ? "" : "; failing that, from ") + std::string{words};
  const Study& study = author.study;
  const bool moved = std::any_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& node) {
    const Entry* parent = study.node(node.parent);
    return parent && basis_of(author, node) == Basis::kNode && !node.same_pair(*parent) && !node.turned_pair(*parent);
  });
  std::string after;
  if (grounds.count(Basis::kNode))
    after =
        std::string{
            " Where the node before compares the same arms, the prediction is the side to which it leans, or "
            "else its own prediction"} +
        (moved ? "; where it compares other levels of the same scale, the arm or the side of the scale to which it "
                 "leans, or else the one that was predicted to be ahead, is predicted again"
               : "") +
        "; a difference says nothing of an interaction, nor the reverse.";
  // A pair of other levels may be predicted against what a reader takes the question to say of every level.
  const bool silent = std::any_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& node) {
    return !study.stacked() && !node.interaction && node.relation == "initial" &&
           node.factor == text_of(study.scope(), "factor") && basis_of(author, node) == Basis::kConjecture;
  });
  const bool directs_a_pair = std::any_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& node) {
    return !node.interaction && basis_of(author, node) == Basis::kQuestion;
  });
  const char* of_its_pair =
      silent && directs_a_pair
          ? " The question is taken to give a direction to the pair that it was read as, and to no other."
          : "";
  return told.empty() ? told : " The direction of a prediction comes from " + told + "." + of_its_pair + after;
}

// How many hypotheses were put forward, and what became of them.
std::string proposals(const Study& study) {
  std::set<std::string> taken_up;
  for (const auto& node : study.nodes()) taken_up.insert(text_of(*node.hypothesis, "statement"));
  if (!study.has_fact("study.proposed") ||
      number_of(study.fact("study.proposed"), "value") <= static_cast<double>(taken_up.size()))
    return "Every hypothesis is a node of a tree. ";
  return "Of {{study.proposed}} hypotheses that were proposed, those that were taken up are the nodes of a tree; the "
         "others stand " +
         std::string{untried(study).empty() ? "in the ledger alone. " : "in the appendix. "};
}

// Whether every experiment added as many blocks as the node with the fewest has.
bool in_equal_steps(const Study& study) {
  const auto step = static_cast<int>(number_of(study.fact("study.least_blocks"), "value"));
  return step > 0 && std::all_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& node) {
           return number_of(*node.plan, "blocks", step) == step && static_cast<int>(node.n) % step == 0;
         });
}

std::string search_text(Author& author) {
  const Study& study = author.study;
  const bool even = !study.has_fact("study.least_blocks") || number_of(study.fact("study.least_blocks"), "value") ==
                                                                 number_of(study.fact("study.blocks"), "value");
  const bool between = std::any_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& node) {
    return node.known && node.n != number_of(study.fact("study.least_blocks"), "value") &&
           node.n != number_of(study.fact("study.blocks"), "value");
  });
  const std::string blocks =
      even ? "{{study.blocks}}"
           : "{{study.least_blocks}}" + std::string{between ? " to " : " or "} + "{{study.blocks}}";

  return proposals(study) + "A node with evidence rests on " + blocks + " blocks" +
         (study.on_training_data() ? "" : ", scored on the validation split") + ". An experiment adds " +
         (in_equal_steps(study) ? "{{study.least_blocks}} blocks to one node, new or not."
                                : std::string{"blocks to one node, new or not."}) +
         directions(author);
}

// How a node's evidence is read.
void reading_blocks(const Study& study, json::array& blocks) {
  blocks.push_back(paragraph(
      "A node's evidence is read as a posterior. Let {{math:delta}} be its mean effect, turned so that the prediction "
      "is positive, and {{math:Delta}} the smallest effect of interest: " +
      smallest_effect(study) + limit_of_interactions(study) +
      ". The block differences {{math:d}} enter by the t likelihood of their mean; the prior is a Cauchy distribution "
      "at zero with {{math:Delta}} as its scale, which shrinks what few or noisy blocks say. From it come two "
      "probabilities:"));
  blocks.push_back(equation("p_+ = Pr(delta > Delta | d) \" and \" p_- = Pr(delta < -Delta | d)."));
  std::string text =
      "Where {{math:p_+}} or {{math:p_-}} is above a half, the node is said to lean to that side; where {{math:p_+ + "
      "p_-}} is below a quarter, "
      "it "
      "reads as probably small, with nothing worth acting on; else it is undecided.";
  double least = 1;
  for (const auto& node : study.nodes())
    if (node.known) least = std::min(least, number_of(object_at(*node.document, "evidence.contrast"), "smallest_p", 1));
  if (least > 0.05 && least < 1)
    text += " On so few blocks an exact sign-flip test cannot reach the level of {{protocol.alpha}} whatever the data.";
  blocks.push_back(paragraph(text +
                             (study.has_fact("study.late_trials")
                                  ? " The p-values of the {{study.comparisons}} comparisons, those of the search "
                                    "and what was run later,"
                                  : " The p-values of the search, of {{study.comparisons}} comparisons,") +
                             " are not corrected and decide nothing."));
}

// What a seed cannot hold alike in arms of different sizes or models.
std::string shared_in_part(const Study& study) {
  const std::string model = factor_with_role(study.manifest(), "model"), data = study.data_factor();
  const auto differs = [&](const std::string& factor) {
    return !factor.empty() && std::any_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& node) {
      return node.moderator == factor || node.factor == factor;
    });
  };
  const bool by_data = differs(data), by_model = differs(model);
  return by_data || by_model ? std::string{"; arms that differ in their "} +
                                   (by_data && by_model ? "amount of data or in their model"
                                    : by_data           ? "amount of data"
                                                        : "model") +
                                   " share the seed and whatever both draw from it"
                             : std::string{};
}

// "After the search, three claims were made;"
std::string claims_made(const Study& study) {
  return "After the search, " + in_words(study.claims().size()) + " claims were made;";
}

std::string node_of(const Study& study, std::size_t claim) {
  const Entry* node = study.node(study.claims()[claim].node);
  return node ? study.name(*node) : study.name(study.claims()[claim]);
}

// How the claims of a question about a stack were chosen.
std::string claims_of_stack(const Study& study) {
  return study.claims().size() == 1
             ? "After the search, the whole against the part on which it had gained least (" + node_of(study, 0) +
                   ") became the claim: a whole that gains on its best part gains on the others; if it does not, "
                   "nothing "
                   "follows about them."
             : claims_made(study) + " the first sets the whole against the part on which it had gained least (" +
                   node_of(study, 0) +
                   "): a whole that gains on its best part gains on the others; if it does not, nothing "
                   "follows about them." +
                   (study.claims()[1].interaction
                        ? " The second is, of all interactions of two parts, that of the highest value (" +
                              node_of(study, 1) + ")."
                        : "") +
                   " Further claims go by value to the comparisons of the whole with a part and the interactions of "
                   "two parts that are left; other nodes come after all of these, whatever their value.";
}

// " Of the template's levels above no warm-up the least was taken, 15 warm-up steps." where the question is read
// as that one of several against none.
std::string least_above_none(const Study& study) {
  const Entry& main = *study.main_claim();
  const auto& factor = factor_in(study.manifest(), main.factor);
  const auto levels = level_names(factor);
  if (text_of(factor, "kind") != "ordered" || levels.size() < 3) return {};
  for (const auto& [none, some] : {std::pair{main.baseline, main.treatment}, {main.treatment, main.baseline}})
    if (is_off(none) && levels[0] == none && levels[1] == some)
      return " Of the template's levels above " + level_phrase(study.manifest(), main.factor, none) +
             " the least was taken, " + level_phrase(study.manifest(), main.factor, some) + ".";
  return {};
}

// How they were chosen where the question names the pair that it is about.
std::string claims_of_pair(const Study& study) {
  const std::string pair = "the comparison that the question was read as, " +
                           study.sides(*study.main_claim(), " against ") + " in the usual setting,";
  return (study.claims().size() == 1 ? "After the search, " + pair + " became the claim."
                                     : claims_made(study) + " one, the main claim, is " + pair +
                                           " whatever its value, and the others went by value.") +
         least_above_none(study);
}

// Whether some claim has fewer blocks than its power asks for and than there may be.
bool capped(const Study& study) {
  const double most = number_of(study.fact("protocol.most_confirmation_blocks"), "value");
  return std::any_of(study.claims().begin(), study.claims().end(),
                     [&](const Entry& claim) { return claim.power < kWantedPower && claim.n > 0 && claim.n < most; });
}

// Which claims got the least number of blocks, since the power asked for no more.
std::string least_blocks_text(const Study& study) {
  if (!study.has_fact("protocol.least_confirmation_blocks")) return {};
  const double least = number_of(study.fact("protocol.least_confirmation_blocks"), "value");
  std::vector<std::string> names;
  for (const auto& claim : study.claims())
    if (claim.n > 0 && claim.n == least && claim.power >= kWantedPower) names.push_back(study.name(claim));
  if (names.empty()) return {};
  return (names.size() < study.claims().size() ? "For " + listed(names)
          : names.size() == 1                  ? std::string{"For this claim"}
                                               : "For each claim here") +
         " the least number suffices. ";
}

// " (2.1 percentage points for c1, 2.9 percentage points for c2)"; "" where one is not on record.
std::string planned_spreads(const Study& study) {
  std::vector<std::string> spreads;
  for (const auto& claim : study.claims()) {
    if (!study.has_fact(claim.id + ".planned_spread")) return {};
    spreads.push_back(study.value(claim, "planned_spread") + (claim.logit ? " in log odds" : "") +
                      (study.claims().size() > 1 ? " for " + study.name(claim) : ""));
  }
  return spreads.empty() ? std::string{} : " (" + listed(spreads) + ")";
}

// How likely the claims were to show equivalence, which their blocks are not counted by.
std::string equivalence_by_plan(const Study& study) {
  const auto& claims = study.claims();
  if (claims.empty()) return {};
  const bool several = claims.size() > 1;
  std::vector<std::string> chances;
  std::set<std::string> different;  // as they are printed
  for (const auto& claim : claims) {
    if (!study.has_fact(claim.id + ".power_equivalence") || !study.has_fact(claim.id + ".planned_spread"))
      return "The power is that of finding a difference, not of showing equivalence. ";
    different.insert(text_of(study.fact(claim.id + ".power_equivalence"), "text"));
    chances.push_back(study.value(claim, "power_equivalence") + (several ? " for " + study.name(claim) : ""));
  }
  return "The power is that of finding a difference. Equivalence has one of its own, by which no blocks were counted: "
         "for a true mean of zero, the planned " +
         std::string{several ? "spreads" : "spread"} + " and that level, it is " +
         (several && different.size() == 1 ? study.value(claims.front(), "power_equivalence") + " for each claim"
                                           : listed(chances)) +
         ". ";
}

}  // namespace

json::object protocol(Author& author) {
  const Study& study = author.study;
  json::array blocks;
  blocks.push_back(paragraph("The unit of analysis is a block: one seed fixes " + study.terms().block +
                             ", and all arms of the comparison are " + study.terms().trained + " from it" +
                             shared_in_part(study) +
                             ". The analysis uses "
                             "differences inside blocks, from which whatever a seed does to all arms alike drops out. "
                             "A replicate is a whole new block."));
  blocks.push_back(paragraph(search_text(author)));
  reading_blocks(study, blocks);
  blocks.push_back(paragraph(
      "To the search each node has a value, which may make a claim of it and bears on no verdict; the appendix tells "
      "what that value is made of and which step comes next."));
  const Entry* main = study.main_claim();
  const bool any_primary =
      study.stacked() || std::any_of(study.claims().begin(), study.claims().end(),
                                     [](const Entry& claim) { return flag_of(*claim.hypothesis, "primary"); });
  std::string confirm =
      main && main->whole() && flag_of(*main->hypothesis, "primary")        ? claims_of_stack(study)
      : main && flag_of(*main->hypothesis, "primary") && !main->interaction ? claims_of_pair(study)
      : study.claims().size() == 1 ? "After the search, the comparison of highest value became a claim."
      : any_primary
          ? "After the search, what the question asks before all else became a claim first, whatever its value, "
            "and the others went by value."
          : "After the search, the nodes of highest value become claims, as many as are allowed; if none of them is a "
            "difference proposed from the question itself, and not after a node, the best difference of that kind "
            "takes the place of the claim of least value. "
            "The main claim is "
            "the one nearest to the question: a difference is preferred to an interaction, the usual setting to "
            "another, what was proposed from the question to what came of a node, and the earlier to the later.";
  if (study.has_fact("study.reserved"))
    confirm +=
        " At least one claim is made, and {{protocol.most_claims}} at most; each takes one of the experiments that are "
        "reserved for claims (here {{study.reserved}}), which come on top of those of the search.";
  blocks.push_back(paragraph(std::move(confirm)));
  confirm =
      "Statement, direction, plan and number of blocks were hashed into the ledger before the first confirmation "
      "trial; number of blocks and level of confidence are a claim's own, whatever its node had in the search. "
      "A claim gets as many blocks as a test at {{protocol.alpha}}" +
      std::string{study.claims().size() > 1 ? ", shared evenly among the claims," : ""} +
      " needs to find a mean as large as the limit with a power of {{protocol.power}}, given the standard deviation of "
      "the block differences in the claim's node" +
      planned_spreads(study) + "; it gets {{protocol.least_confirmation_blocks}} at least and " +
      std::string{study.has_fact("protocol.most_confirmation_blocks")
                      ? "{{protocol.most_confirmation_blocks}} at most" +
                            std::string{capped(study) ? ", or fewer by the cap on a claim's cost. " : ". "}
                      : "no more than the cap on its cost allows. "} +
      least_blocks_text(study) + equivalence_by_plan(study) + "A claim gets one attempt, on new seeds" +
      std::string{study.on_training_data() ? "" : ", scored on a split that was closed to the search"} +
      ", and nothing of the search is pooled with it.";
  blocks.push_back(paragraph(confirm));
  const std::size_t claims_count = study.claims().size();
  std::string rule =
      "A claim is judged by the interval of a paired t test on its block differences" +
      (claims_count == 1
           ? std::string{" at a level of {{protocol.alpha}}. "}
           : ", at a level that Holm's procedure" +
                 author.cite(author.of_author("Holm", author.with_theme({"multiple comparisons"}))) +
                 " sets: claims are tested in the order of their p-values against zero, the least "
                 "first, each at {{protocol.alpha}} divided by the number of claims left, itself "
                 "included; the first that fails and all after it keep the level at which it failed. This "
                 "keeps the chance of finding a difference where there is none, in any claim, at "
                 "{{protocol.alpha}} at most; each verdict of equivalence rests on its own "
                 "interval, and no joint rate of error is claimed for several of them. ") +
      "Call {{math:L}} and {{math:U}} the ends of that interval, signed so that the prediction is positive. The claim "
      "is";
  blocks.push_back(paragraph(std::move(rule) + ":"));
  blocks.push_back(list_block(
      {"equivalent if {{math:U < Delta}} and {{math:L > -Delta}}: the two arms, or the two advantages of an "
       "interaction, "
       "lie within the limit of each other" +
           author.cite(author.with_theme({"equivalence"})) + ";",
       "refuted if {{math:U < Delta}} and {{math:L <= -Delta}};",
       "supported if {{math:U >= Delta}} and {{math:L}} is above zero;", "inconclusive in any other case."}));
  rule =
      "Missing significance refutes nothing. A difference shown to stay below the limit counts as no support, whatever "
      "its sign." +
      std::string{study.count("supported") == 0
                      ? ""
                      : " Nor does support mean that the effect reaches the limit: it does where {{math:L}} does, and "
                        "the text then says so."};
  const bool logit =
      std::any_of(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return node.logit; });
  if (logit)
    rule +=
        " An interaction is contrasted on the logit scale, in log odds, because equal advantages look unequal near the "
        "ceiling of a bounded score; a score at either end of its range is moved inwards by half of one " +
        study.terms().example + " first.";
  const auto& claims = study.claims();
  const Entry* interaction = on_logit_scale(study);
  const auto linear = [](const Entry& entry) { return entry.interaction && !entry.logit; };
  const bool linear_interaction = std::any_of(claims.begin(), claims.end(), linear) ||
                                  std::any_of(study.nodes().begin(), study.nodes().end(), linear);
  if (interaction && !has(study.metric(), "smallest_effect_logit"))
    rule += " Its limit, {{" + interaction->id +
            ".smallest_effect}}, corresponds to that of a difference where the score is about four fifths; nearer to "
            "the ceiling it corresponds to less.";
  else if (!interaction && linear_interaction)
    rule += " The limit is one for a difference and for an interaction alike.";
  if (study.has_fact("template.smallest_effect_reason"))
    rule +=
        " The template explains the limit of {{template.smallest_effect}}: it is "
        "{{text:template.smallest_effect_reason}}. For a reader who would act on less, no verdict says "
        "that nothing is there; the intervals say how much may be.";
  blocks.push_back(paragraph(rule));
  return section("protocol", "Experimental protocol", std::move(blocks));
}

}  // namespace aisci::offline
