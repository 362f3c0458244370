// Results: the search first, named exploratory, then the confirmation.
#include <algorithm>
#include <map>
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
                    linear = unit == "fraction"                ? " Differences are in percentage points"
                             : unit.empty() || has_digit(unit) ? " Estimates are differences in " + study.metric_title()
                                                               : " Differences are in " + unit;
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

// Digits after the point in print.
std::size_t decimals(const std::string& text) {
  const auto point = text.find('.');
  return point == std::string::npos ? 0 : text.find_first_not_of("0123456789", point + 1) - point;
}

// Why the ends of an interval do not all have as many digits, where they have not.
std::string uneven_ends(const Study& study, const std::vector<Entry>& entries) {
  for (const auto& entry : entries) {
    const auto printed = [&](const char* end) {
      return decimals(text_of(study.fact(entry.id + ".contrast." + end), "text") + " ");
    };
    if (entry.known && (printed("lower") != printed("mean") || printed("upper") != printed("mean")))
      return " An interval's end has more digits where the usual ones would hide on which side of zero or of the "
             "smallest effect it lies.";
  }
  return {};
}

constexpr std::size_t kMostWordsOfCell = 14;

// A setting that would be long to repeat is that of the node.
std::string claim_setting(const Author& author, const Entry& claim) {
  const std::string cell = setting_cell(author.study, claim);
  return author.words(cell) > kMostWordsOfCell && author.study.node(claim.node)
             ? "as " + author.study.name(*author.study.node(claim.node))
             : cell;
}

// The sign that all nodes predict, where it is one.
std::string predicted_signs(const Study& study) {
  const char* sign = one_sign(study.nodes());
  return sign ? " The predicted sign is " + std::string{sign} + " throughout." : std::string{};
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
  const bool extended = std::any_of(study.nodes().begin(), study.nodes().end(), [](const Entry& node) {
    return node.known && number_of(*node.document, "experiments", 1) > 1;
  });
  return table_block(
      "search",
      "The search, exploratory: all comparisons in the order in which they were made, with {{protocol.confidence}} t "
      "intervals and two-sided p-values of a paired t test, none corrected for their number" +
          std::string{extended ? ", nor for blocks that the search added after it had seen the first." : "."} +
          units(study, study.nodes()) + named_first(study) + uneven_ends(study, study.nodes()) +
          predicted_signs(study) + late_in_search(study) + " The usual setting: " + usual_setting(study) +
          ", all else as in {{table:setup}}.",
      {"Node", "Comparison", "Setting", "Blocks", "Estimate", "Interval", "p"}, std::move(rows));
}

// The level of each claim's interval: " (98.3% for c1 and 97.5% for c2)"; once where it is one.
std::string levels_of_intervals(const Study& study) {
  std::vector<std::string> each;
  std::map<std::string, std::string> distinct;  // as printed -> the reference
  for (const auto& claim : study.claims()) {
    if (!claim.known) continue;
    const std::string level = study.value(claim, "confidence");
    each.push_back(level + " for " + study.name(claim));
    distinct.emplace(text_of(study.fact(claim.id + ".confidence"), "text"), level);
  }
  if (each.empty()) return {};
  return " (" + (distinct.size() == 1 ? distinct.begin()->second : listed(each)) + ")";
}
// That arms may be called equivalent and still differ, where a claim's do.
std::string apart_and_equivalent(const Study& study) {
  std::vector<std::string> names;
  for (const auto& claim : study.claims())
    if (claim.known && claim.verdict == "equivalent" && claim.without_zero()) names.push_back(study.name(claim));
  return names.empty() ? std::string{}
                       : " Where zero lies outside the interval of an equivalent claim (" + listed(names) +
                             "), the whole interval lies inside the limit.";
}

json::object claims_table(const Author& author) {
  const Study& study = author.study;
  json::array rows, columns{"Claim", "Comparison", "Setting"};
  const char* sign = one_sign(study.claims());
  if (!sign) columns.emplace_back("Sign");
  for (const char* name : {"Blocks", "Estimate", "Interval", "p", "Verdict"}) columns.emplace_back(name);
  for (const auto& claim : study.claims()) {
    json::array row{study.name(claim), study.difference(claim), claim_setting(author, claim)};
    if (!sign) row.emplace_back(sign_of(claim));
    row.emplace_back(study.value(claim, "n"));
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
  return table_block("claims",
                     "Confirmation on fresh seeds" +
                         std::string{study.on_training_data() ? "" : " and the confirmation split"} +
                         (study.claims().size() == 1
                              ? ": the estimate with its interval, the p-value of a paired t test and the verdict."
                              : ": estimates with intervals at the level that Holm's steps leave each claim" +
                                    levels_of_intervals(study) +
                                    ", p-values of a paired t test adjusted in the same way, and verdicts.") +
                         (sign ? " The predicted sign is " + std::string{sign} + " throughout."
                               : std::string{" The fourth column is the sign that was predicted."}) +
                         units(study, study.claims()) + apart_and_equivalent(study) +
                         " The usual setting: " + usual_setting(study) + ", all else as in {{table:setup}}.",
                     std::move(columns), std::move(rows));
}

// "two of the comparisons in {{table:search}} lean to their prediction and one is undecided"
std::string leanings(const Study& study) {
  std::vector<const Entry*> nodes;
  for (const auto& node : study.nodes())
    if (node.known) nodes.push_back(&node);
  const auto names = by_leaning(study, nodes);
  static const char* kOne[] = {"leans to its prediction", "leans against its prediction",
                               "probably holds nothing worth acting on", "is undecided"};
  static const char* kSeveral[] = {"lean to their prediction", "lean against their prediction",
                                   "probably hold nothing worth acting on", "are undecided"};
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::size_t count = names[i].size();
    if (count == 0) continue;
    const bool alone = count == nodes.size();
    const std::string who = alone && count == 1 ? "the one comparison"
                            : alone             ? "all comparisons in {{table:search}}" +
                                          std::string{nodes.size() < study.nodes().size() ? " that gave evidence" : ""}
                            : parts.empty() ? in_words(count) + " of the comparisons in {{table:search}}"
                                            : in_words(count);
    parts.push_back(who + " " + (count == 1 ? kOne[i] : kSeveral[i]));
  }
  return listed(parts);
}

// Which nodes are read as small though their interval passes the limit, and how that can be.
std::string small_though_wide(const Study& study) {
  constexpr std::size_t kMostNamed = 6;
  std::vector<std::string> names;
  for (const auto& node : study.nodes())
    if (node.known && node.lean == Lean::kNull && std::max(node.upper, -node.lower) > node.smallest_effect)
      names.push_back(study.name(node));
  if (names.empty()) return {};
  return (names.size() == 1 ? " The interval of " + names.front() + " reaches past the limit though the node is"
                            : " The intervals of " +
                                  (names.size() > kMostNamed ? in_words(names.size()) + " of them" : listed(names)) +
                                  " reach past the limit though the nodes are") +
         " read as small: the reading asks for less certainty than the interval does, and the prior draws in what few "
         "or noisy blocks say.";
}

// How many trials stopped being finite, where a plan says what becomes of such.
std::string diverged_trials(const Study& study) {
  if (!study.has_fact("study.diverged") ||
      std::all_of(study.nodes().begin(), study.nodes().end(),
                  [](const Entry& node) { return text_of(*node.plan, "divergence").empty(); }))
    return {};
  const double count = number_of(study.fact("study.diverged"), "value");
  if (count == 0) return " No trial diverged, in the search or in confirmation.";
  return (count == 1 ? " One trial" : " {{study.diverged}} trials") +
         std::string{", counted over search and confirmation, diverged and "} +
         (count == 1 ? "has the score of guessing." : "have the score of guessing.");
}

void tell_search(Author& author, json::array& blocks) {
  const Study& study = author.study;
  const auto failed = std::count_if(study.nodes().begin(), study.nodes().end(),
                                    [](const Entry& node) { return !node.known && !node.late; });
  std::string text = std::string{"The search is exploratory: "} +
                     (study.claims().size() == 1 ? "a claim was" : "claims were") + " taken from it. It went through " +
                     counted(study, "study.hypotheses", "hypothesis", "hypotheses") + " in " +
                     counted(study, "study.experiments", "experiment", "experiments") +
                     " and {{study.trials}} trials; {{table:search}} has a row for each hypothesis" +
                     (study.has_fact("study.late_trials") ? ", and for what was run later." : ".");
  if (failed > 0)
    text += failed == 1 ? " One experiment failed and stays in the table without a value."
                        : " " + capitalised(in_words(static_cast<std::size_t>(failed))) +
                              " experiments failed and stay in the table without values.";
  text += diverged_trials(study);
  blocks.push_back(paragraph(text));
  blocks.push_back(search_table(study));
  const std::string leaning = leanings(study);
  if (!leaning.empty()) {
    const std::string reading = "By the posterior of the protocol, " + leaning + "." + small_though_wide(study);
    if (const std::string id = author.take_figure("tree"); !id.empty()) {
      blocks.push_back(paragraph(reading + " {{figure:" + id +
                                 "}} shows at which node the search was when it took up each comparison."));
      blocks.push_back(figure_block(id));
    } else {
      blocks.push_back(paragraph(reading));
    }
  }
}

// How the test of flipped signs relates to the t test on which verdicts rest.
std::string sign_flip_tests(const Study& study) {
  std::vector<std::string> apart;
  std::size_t known = 0;
  bool exact = true;
  for (const auto& claim : study.claims()) {
    if (!claim.known) continue;
    ++known;
    exact = exact && study.flips_are_counted(claim);
    if ((claim.p <= claim.alpha) != (claim.sign_flip_p <= claim.alpha)) apart.push_back(study.name(claim));
  }
  if (known == 0) return {};
  if (apart.empty())
    return std::string{exact ? "An exact" : "A"} +
           " sign-flip test, which assumes symmetry and no normal distribution, falls on the same side of " +
           (known == 1 ? "the" : "each") +
           " claim's level as the t test ({{table:tests}}); both test whether a difference is zero, while a verdict "
           "rests "
           "on the interval and the limit.";
  return std::string{exact ? "An exact" : "A"} + " sign-flip test falls on the other side of the level for " +
         listed(apart) +
         ", so what is said of a sign there hangs on the t test's assumption of normal differences ({{table:tests}}).";
}

// How far the arms of each claim move together over its blocks, which is what comparing inside blocks gains.
std::string arms_together(const Study& study) {
  constexpr double kHardly = 0.3, kWell = 0.5;
  std::vector<std::string> told;
  bool hardly = true, well = true;
  for (const auto& claim : study.claims()) {
    if (!claim.known || !study.has_fact(claim.id + ".correlation")) continue;
    told.push_back("{{" + claim.id + ".correlation}} in " + study.name(claim));
    const double value = number_of(study.fact(claim.id + ".correlation"), "value");
    hardly = hardly && std::abs(value) < kHardly, well = well && value >= kWell;
  }
  if (told.empty()) return {};
  return "Over its blocks, the scores of a claim's two arms correlate at " + listed(told) +
         (hardly ? "; where that is so little, pairing takes hardly anything out of the spread, and precision comes "
                   "from the number of blocks."
          : well ? ": a good deal of what a seed does falls on both, and pairing takes it out of their difference."
                 : ".");
}

// One arm that several claims have, where two of its means lie apart by half of the limit or more: a reader who sees
// both wonders.
std::string one_arm_apart(const Study& study) {
  struct Place {
    const Entry* claim;
    std::string arm;
    double mean;
  };
  std::map<std::string, std::vector<Place>> places;  // by what the arm is set to
  for (const auto& claim : study.claims())
    for (const auto* planned : objects_of(*claim.plan, "arms"))
      if (const std::string arm = claim.id + "." + text_of(*planned, "id"); study.has_fact(arm + ".mean"))
        places[json::serialize(object_of(*planned, "config"))].push_back(
            {&claim, arm, number_of(study.fact(arm + ".mean"), "value")});
  const double limit = number_of(study.fact("template.smallest_effect"), "value");
  for (auto& [config, arms] : places) {
    const auto [least, most] =
        std::minmax_element(arms.begin(), arms.end(), [](const Place& a, const Place& b) { return a.mean < b.mean; });
    if (limit <= 0 || most->mean - least->mean < limit / 2) continue;
    std::vector<std::string> claims;
    for (const auto& place : arms) claims.push_back(study.name(*place.claim));
    return "One arm, {{arm:" + arms.front().arm + "}}, occurs in " + listed(claims) +
           ", with nothing but the seeds changed in between; its means there are not set against each other.";
  }
  return {};
}

}  // namespace

std::vector<std::string> late_nodes(const Study& study) {
  std::vector<std::string> names;
  for (const auto& node : study.nodes())
    if (node.late) names.push_back(study.name(node));
  return names;
}

std::string late_in_search(const Study& study) {
  const auto names = late_nodes(study);
  return names.empty() ? std::string{}
                       : " " + capitalised(listed(names)) +
                             " came after the confirmation, for the automated reviewers of the draft.";
}

json::object results(Author& author) {
  const Study& study = author.study;
  json::array blocks;
  tell_search(author, blocks);
  std::string text = study.claims().size() == 1
                         ? std::string{"One claim went to confirmation, at {{study.confirmation_trials}} trials."}
                         : "Confirmation took {{study.confirmation_trials}} trials for " +
                               in_words(study.claims().size()) + " claims.";
  text += " {{table:claims}} holds the outcome.";
  if (const Entry* main = study.main_claim(); main && study.claims().size() > 1)
    text += " The main claim, nearest to the question, is " + study.name(*main) + ".";
  const std::string forest = author.take_figure("forest");
  if (!forest.empty()) text += " {{figure:" + forest + "}} sets it beside the search.";
  for (const auto& more : {sign_flip_tests(study), arms_together(study)})
    if (!more.empty()) text += " " + more;
  blocks.push_back(paragraph(text));
  blocks.push_back(claims_table(author));
  if (!forest.empty()) blocks.push_back(figure_block(forest));
  std::size_t index = 0;
  for (const auto& claim : study.claims()) tell_claim(author, claim, index++, blocks);
  for (const auto& more : {one_arm_apart(study), held_to_odds(study, false)})
    if (!more.empty()) blocks.push_back(paragraph(more));
  return section("results", "Results", std::move(blocks));
}

}  // namespace aisci::offline
