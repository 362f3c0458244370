// Results: the search first, named exploratory, then the confirmation.
#include <algorithm>
#include <set>
#include <utility>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

std::string cell_interval(const Study& study, const Entry& entry) {
  return study.bare(entry, "contrast.lower") + " to " + study.bare(entry, "contrast.upper");
}

std::string units(const Study& study, const std::vector<Entry>& entries) {
  const bool logit =
      std::any_of(entries.begin(), entries.end(), [](const Entry& entry) { return entry.known && entry.logit; });
  const std::string unit = text_of(study.metric(), "unit"),
                    linear = unit == "fraction"                ? " Contrasts are in percentage points"
                             : unit.empty() || has_digit(unit) ? " Contrasts are in the unit of the outcome"
                                                               : " Contrasts are in " + unit;
  const bool differences =
      std::any_of(entries.begin(), entries.end(), [](const Entry& entry) { return entry.known && entry.interaction; });
  return linear + (logit ? ", interactions in log odds." : ".") +
         (differences ? " Where a setting names two conditions, one against the other, the estimate is the difference "
                        "under the first less that under the second."
                      : "");
}

// Which arm of a difference comes first, where that says what was predicted.
std::string named_first(const Study& study) {
  std::set<std::pair<std::string, std::string>> pairs;
  bool turned = false;
  for (const auto& node : study.nodes()) {
    if (node.interaction) continue;
    if ((node.sign > 0) == study.lower_is_better()) return {};
    pairs.emplace(node.treatment, node.baseline);
    turned = turned || pairs.count({node.baseline, node.treatment}) > 0;
  }
  return turned ? " Of a difference, the arm that was predicted to win comes first, so one pair stands in either "
                  "order."
                : "";
}

constexpr std::size_t kMostWordsOfCell = 14;

// A setting that would be long to repeat is that of the node.
std::string claim_setting(const Author& author, const Entry& claim) {
  const std::string cell = setting_cell(author.study, claim);
  return author.words(cell) > kMostWordsOfCell && author.study.node(claim.node)
             ? "as " + author.study.name(*author.study.node(claim.node))
             : cell;
}

json::object search_table(const Study& study) {
  json::array rows;
  for (const auto& node : study.nodes()) {
    json::array row{study.name(node), study.difference(node), setting_cell(study, node)};
    if (node.known) {
      row.emplace_back(study.value(node, "n"));
      row.emplace_back(study.bare(node, "contrast.mean"));
      row.emplace_back(cell_interval(study, node));
      row.emplace_back(study.value(node, "contrast.p"));
    } else {
      for (const char* cell : {"\u2013", "failed", "\u2013", "\u2013"}) row.emplace_back(cell);
    }
    rows.push_back(std::move(row));
  }
  return table_block(
      "search",
      "The search, exploratory: all comparisons in the order in which they were made, with {{protocol.confidence}} t "
      "intervals and two-sided p-values of a paired t test, none corrected for their number." +
          units(study, study.nodes()) + named_first(study) + " The usual setting: " + usual_setting(study) + ".",
      {"Node", "Comparison", "Setting", "Blocks", "Estimate", "Interval", "p"}, std::move(rows));
}

json::object claims_table(const Author& author) {
  const Study& study = author.study;
  json::array rows;
  for (const auto& claim : study.claims()) {
    json::array row{study.name(claim), study.difference(claim), claim_setting(author, claim),
                    claim.sign > 0 ? "positive" : "negative", study.value(claim, "n")};
    if (claim.known) {
      row.emplace_back(study.bare(claim, "contrast.mean"));
      row.emplace_back(cell_interval(study, claim));
      row.emplace_back(study.value(claim, "holm_p"));
    } else {
      for (int i = 0; i < 3; ++i) row.emplace_back("\u2013");
    }
    row.emplace_back("{{verdict:" + claim.id + "}}");
    rows.push_back(std::move(row));
  }
  return table_block(
      "claims",
      "Confirmation on fresh seeds" + std::string{study.on_training_data() ? "" : " and the confirmation split"} +
          (study.claims().size() == 1
               ? ": the estimate with its interval, the p-value of a paired t test and the verdict."
               : ": estimates with intervals at the level that Holm's steps leave each claim, p-values "
                 "of a paired t test adjusted in the same way, and verdicts.") +
          std::string{" The fourth column is the sign that was predicted."} + units(study, study.claims()) +
          " Estimates are means of differences inside blocks, taken before rounding, so they may deviate in the last "
          "digit from differences of printed means. The usual setting: " +
          usual_setting(study) + ".",
      {"Claim", "Comparison", "Setting", "Sign", "Blocks", "Estimate", "Interval", "p", "Verdict"}, std::move(rows));
}

// "two of these comparisons lean to their prediction and one is undecided"
std::string leanings(const Study& study) {
  std::size_t counts[4] = {0, 0, 0, 0};
  for (const auto& node : study.nodes())
    if (node.known)
      ++counts[node.lean == Lean::kAsPredicted ? 0
               : node.lean == Lean::kAgainst   ? 1
               : node.lean == Lean::kNull      ? 2
                                               : 3];
  static const char* kOne[] = {"leans to its prediction", "leans against its prediction",
                               "probably holds nothing worth acting on", "is undecided"};
  static const char* kSeveral[] = {"lean to their prediction", "lean against their prediction",
                                   "probably hold nothing worth acting on", "are undecided"};
  std::vector<std::string> parts;
  const std::size_t all = counts[0] + counts[1] + counts[2] + counts[3];
  for (int i = 0; i < 4; ++i) {
    if (counts[i] == 0) continue;
    const bool alone = counts[i] == all;
    const std::string who = alone && all == 1 ? "the one comparison"
                            : alone           ? "all of these comparisons"
                            : parts.empty()   ? in_words(counts[i]) + " of these comparisons"
                                              : in_words(counts[i]);
    parts.push_back(who + " " + (counts[i] == 1 ? kOne[i] : kSeveral[i]));
  }
  return listed(parts);
}

// How the whole of a stack stood to each of its parts in the search, and which of them became a claim.
std::string whole_in_search(const Study& study) {
  std::vector<std::string> gains;
  const Entry* least = nullptr;
  for (const auto& node : study.nodes())
    if (node.known && node.whole() && study.peculiarity(node).empty()) {
      gains.push_back(study.sides(node, " against ") + (gains.empty() ? " gave " : " ") +
                      study.value(node, "contrast.mean") + " (" + study.name(node) + ")");
      if (!least || node.mean < least->mean) least = &node;
    }
  if (gains.size() < 2) return {};
  std::string text = "There " + listed(gains) + ".";
  if (study.claim_on(least->id)) text += " The least of these became the main claim.";
  return text;
}

void tell_search(Author& author, json::array& blocks) {
  const Study& study = author.study;
  const auto failed =
      std::count_if(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return !node.known; });
  std::string text =
      "The search is exploratory: it decided what to claim, and none of its contrasts is a finding. It went through " +
      counted(study, "study.hypotheses", "hypothesis", "hypotheses") + " in " +
      counted(study, "study.experiments", "experiment", "experiments") +
      " and {{study.trials}} trials; {{table:search}} has them all.";
  if (failed > 0)
    text += failed == 1 ? " One experiment failed and stays in the table without a value."
                        : " " + capitalised(in_words(static_cast<std::size_t>(failed))) +
                              " experiments failed and stay in the table without values.";
  blocks.push_back(paragraph(text));
  blocks.push_back(search_table(study));
  const std::string leaning = leanings(study);
  if (const std::string whole = whole_in_search(study); !whole.empty()) blocks.push_back(paragraph(whole));
  if (!leaning.empty()) {
    std::string reading = "By the posterior that steered the search, " + leaning + ".";
    if (const std::string id = author.take_figure("tree"); !id.empty()) {
      blocks.push_back(paragraph(reading + " {{figure:" + id + "}} shows what each was proposed from."));
      blocks.push_back(figure_block(id));
    } else {
      blocks.push_back(paragraph(reading));
    }
  }
}

// What was measured. The arms are named before any value that is bound to them.
std::string measured(const Study& study, const Entry& claim, std::size_t index) {
  const std::string where = study.subject(claim), one = study.treatment(claim), other = study.baseline(claim),
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
        return "Claim " + study.name(claim) + " is an interaction. How far " + one +
               (low ? " lies above " : " leads ") + other + " in " + where + " was measured in " + n + " blocks with " +
               study.low(claim) + " and, in the same blocks, with " + study.high(claim) +
               ", where more benefit was predicted for " + predicted + "; subtracting the second " +
               (low ? "excess" : "lead") + " from the first gives " + study.value(claim, "contrast.mean") + unit +
               " (" + lower + " to " + upper + " at a confidence of " + confidence + ").";
      default:
        return "For claim " + study.name(claim) + ", each of " + n + " blocks holds four " + study.terms().subjects +
               ", " + one + " and " + other + " in " + where + " under both " + study.low(claim) + " and " +
               study.high(claim) + ", " + predicted + " with more predicted benefit; the first " +
               (low ? "excess" : "advantage") + " less the second came to " + study.value(claim, "contrast.mean") +
               unit + ", " + confidence + " interval from " + lower + " up to " + upper + ".";
    }
  }
  const std::string first = "{{" + claim.arms.front() + ".mean}}", second = "{{" + claim.arms.back() + ".mean}}",
                    metric = study.metric_title();
  switch (index % 3) {
    case 0:
      return "Claim " + study.name(claim) + " concerns " + where + ". With " + one + ", mean " + metric + " was " +
             first + "; with " + other + ", it was " + second + ". Paired over " + n + " blocks, " +
             study.difference(claim, " minus ") + " is " + study.value(claim, "contrast.mean") +
             (study.prints_as_zero(claim)
                  ? std::string{}
                  : ", a difference " + study.merit(claim, "in favour of", "to the cost of") + " the former") +
             "; the " + confidence + " interval runs between " + lower + " and " + upper + ".";
    case 1:
      return "For claim " + study.name(claim) + ", " + n + " fresh blocks of " + where + " put " + one + " at " +
             first + " and " + other + " at " + second + ": " +
             (study.prints_as_zero(claim) || study.lower_is_better()
                  ? "a difference of " + one + " from " + other + " of " + study.value(claim, "contrast.mean")
                  : study.direction(claim, "a lead", "a deficit") + " of " + one + " on " + other + " of " +
                        study.size(claim)) +
             ", with an interval from " + lower + " up to " + upper + " at a confidence of " + confidence + ".";
    default:
      return "Claim " + study.name(claim) + " was tested in " + where + " over " + n + " blocks; " + one +
             " averaged " + first + ", " + other + " averaged " + second + ". Where " + one + " and " + other +
             " share a seed, the former " +
             (study.prints_as_zero(claim) ? std::string{"stayed level, at"}
                                          : study.direction(claim, study.lower_is_better() ? "was higher by" : "gained",
                                                            study.lower_is_better() ? "was lower by" : "lost")) +
             " " + study.size(claim) + "; at " + confidence + ", the ends of the interval are " + lower + " and " +
             upper + ".";
  }
}

// Why the verdict is what it is: true by the rule of the protocol for any interval that has this verdict.
std::string why(const Study& study, const Entry& claim, std::size_t index) {
  const std::string limit = study.value(claim, "smallest_effect");
  if (claim.verdict == "supported") {
    if (claim.lower >= claim.smallest_effect)
      return turn(index, {"The whole interval lies beyond the smallest effect of interest",
                          "Both of its ends pass what was declared worth acting on",
                          "Even its end nearest to zero is worth acting on"});
    return turn(index, {"The interval excludes zero but not every effect that falls short of the smallest effect of "
                        "interest, so a sign is established and a size is not",
                        "Zero lies outside, yet part of the interval is too small to act on: a direction is shown, a "
                        "size worth acting on is not",
                        "The evidence is for a direction; an effect too small to matter stays possible"});
  }
  if (claim.verdict == "equivalent")
    return turn(index, {"Both ends lie inside the band of differences that were declared too small to matter",
                        "Neither direction holds an effect worth acting on",
                        "The band of irrelevant differences contains the whole interval"}) +
           std::string{claim.without_zero()
                           ? turn(index, {", although the interval leaves zero out",
                                          ", although zero itself is excluded", ", which leaves zero out"})
                           : ""};
  if (claim.verdict == "refuted") {
    if (claim.upper < 0)
      return turn(index, {"All of it lies on the side opposite to the prediction, which therefore fails in direction "
                          "and not in size alone",
                          "No value inside agrees with the predicted sign",
                          "From end to end the contrast runs against its prediction"});
    return turn(index,
                {"In the predicted direction it stops short of the smallest effect of interest, so an advantage worth "
                 "acting on is excluded, while a loss of that size is not",
                 "Effects of the predicted sign that would matter are excluded; effects of the other sign are not",
                 "Its end on the predicted side falls short of what is worth acting on, and that refutes the claim"});
  }
  return turn(index,
              {"The interval contains zero as well as effects worth acting on, so it carries neither reading",
               "Zero and an effect that would matter both remain inside, and the blocks at hand do not separate them",
               "Neither zero nor the smallest effect of interest is excluded"});
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

// An interaction's means, arm by arm: what its contrast of contrasts is made of.
std::string four_means(const Study& study, const Entry& claim) {
  if (!claim.interaction) return {};
  std::vector<std::string> means;
  for (const auto* planned : objects_of(*claim.plan, "arms"))
    if (const std::string arm = claim.id + "." + text_of(*planned, "id"); study.has_fact(arm + ".mean"))
      means.push_back("{{arm:" + arm + "}} {{" + arm + ".mean}}");
  std::string text;
  for (const auto& mean : means) text += (text.empty() ? " Behind it stand these means: " : "; ") + mean;
  return text.empty() ? text : text + ".";
}

// Parts of an unusual setting that act on one side of a comparison of models only.
std::string one_sided(const Study& study, const Entry& claim) {
  std::vector<std::string> parts;
  for (const auto& [key, level] : object_of(*claim.hypothesis, "context")) {
    const std::string factor{key}, side = study.only_side(claim, factor);
    if (!side.empty() && level_name(level) != study.usual_level(factor))
      parts.push_back("the " + text_of(factor_in(study.manifest(), factor), "title", factor) + " acts on " + side +
                      " alone");
  }
  return parts.empty() ? std::string{} : " Of the two sides, " + listed(parts) + ".";
}

// How the mean came about: in how many blocks the sign was the predicted one, and whether one block carries the
// verdict.
std::string block_by_block(const Study& study, const Entry& claim, std::size_t index) {
  if (claim.same_in_every_block() || !study.has_fact(claim.id + ".contrast.as_predicted")) return {};
  const std::string count = study.value(claim, "contrast.as_predicted"), n = study.value(claim, "n"),
                    median = study.value(claim, "contrast.median");
  const std::string sides = study.sides(claim, " minus ");
  std::string text = " " + std::string{claim.interaction ? "What is subtracted of " : ""} + sides;
  switch (index % 3) {
    case 0:
      text += " has the predicted sign in " + count + " of the " + n + " blocks, and its median over all of them is " +
              median + ".";
      break;
    case 1:
      text += " agrees with the prediction in sign in " + count + " blocks of " + n + "; half of the blocks lie on " +
              "either side of " + median + ".";
      break;
    default:
      text += " came out with the predicted sign " + count + " times in " + n + ", around a median of " + median + ".";
  }
  const auto& others = object_of(*claim.document, "without_one_block");
  std::vector<std::string> verdicts;
  int blocks = 0;
  for (const auto& [verdict, number] : others)
    if (verdict != claim.verdict) verdicts.emplace_back(verdict), blocks += static_cast<int>(as_number(number));
  if (!verdicts.empty())
    text += blocks == 1
                ? " One block carries the verdict: without it the rule would say " + listed(verdicts, " or ") + "."
                : " The verdict hangs on single blocks: without the one or the other of " +
                      in_words(static_cast<std::size_t>(blocks)) + " the rule would say " + listed(verdicts, " or ") +
                      ".";
  return text;
}

void tell_claim(Author& author, const Entry& claim, std::size_t index, json::array& blocks) {
  const Study& study = author.study;
  if (!claim.known) return blocks.push_back(paragraph(unknown(study, claim, index)));
  std::string text = measured(study, claim, index) + " " + why(study, claim, index) +
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
  text += block_by_block(study, claim, index) + four_means(study, claim) + one_sided(study, claim);
  if (const Entry* node = study.node(claim.node); claim.verdict == "refuted" && node && node->lean == Lean::kAgainst)
    text += turn(index,
                 {" The search had leaned against it as well; the claim was locked as it had been predicted.",
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
                                          " The blocks behind it are in {{figure:ID}}."})
                           : turn(index, {" Its arms are drawn in {{figure:ID}}.", " {{figure:ID}} shows each arm.",
                                          " For the single arms see {{figure:ID}}."});
  blocks.push_back(paragraph(replaced(text, "ID", id)));
  blocks.push_back(figure_block(id));
}

// How the exact test relates to the t test on which verdicts rest.
std::string exact_tests(const Study& study) {
  std::vector<std::string> apart;
  std::size_t known = 0;
  for (const auto& claim : study.claims()) {
    if (!claim.known) continue;
    ++known;
    if ((claim.p <= claim.alpha) != (claim.sign_flip_p <= claim.alpha)) apart.push_back(study.name(claim));
  }
  if (known == 0) return {};
  if (apart.empty())
    return std::string{"An exact sign-flip test, which assumes no normal distribution, falls on the same side of "} +
           (known == 1 ? "the" : "each") +
           " claim's level as the t test ({{table:tests}}); both speak of zero, and not of the limits that a verdict "
           "is held to.";
  return "An exact sign-flip test falls on the other side of the level for " + listed(apart) +
         ", so what is said of a sign there hangs on the t test's assumption of normal differences ({{table:tests}}).";
}

}  // namespace

json::object results(Author& author) {
  const Study& study = author.study;
  json::array blocks;
  tell_search(author, blocks);
  std::string text = study.claims().size() == 1
                         ? std::string{"One claim went to confirmation, at {{study.confirmation_trials}} trials."}
                         : "Confirmation took {{study.confirmation_trials}} trials for " +
                               in_words(study.claims().size()) + " claims.";
  text += " {{table:claims}} holds the outcome.";
  const std::string forest = author.take_figure("forest");
  if (!forest.empty()) text += " {{figure:" + forest + "}} sets it beside the search.";
  if (const std::string exact = exact_tests(study); !exact.empty()) text += " " + exact;
  blocks.push_back(paragraph(text));
  blocks.push_back(claims_table(author));
  if (!forest.empty()) blocks.push_back(figure_block(forest));
  std::size_t index = 0;
  for (const auto& claim : study.claims()) tell_claim(author, claim, index++, blocks);
  return section("results", "Results", std::move(blocks));
}

}  // namespace aisci::offline
