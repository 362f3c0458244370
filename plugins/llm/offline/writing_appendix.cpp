// Appendix: how to reproduce and check the study, and everything it tried.
#include <algorithm>

#include "document.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// A reason as a reader can use it, without the digits that may not be printed by hand.
std::string reason_of(const Entry& node) {
  std::string out, word;
  std::string text = node.failure.substr(0, std::min(node.failure.find('\n'), std::size_t{120}));
  for (const char c : text + " ") {
    if (c != ' ') {
      word += c == '{' || c == '}' ? ' ' : c;
      continue;
    }
    if (!word.empty() && !has_digit(word)) out += (out.empty() ? "" : " ") + word;
    word.clear();
  }
  return out.empty() ? "no evidence" : out;
}

// A hypothesis that goes on from no node, and was taken up when the search was at one.
constexpr const char* kLater = "taken up later";
bool taken_later(const Study& study, const Entry& node) {
  return node.relation == "initial" && !node.late && study.node(node.parent);
}

// What the relations that occur mean.
std::string meanings(const Study& study) {
  static constexpr std::pair<const char*, const char*> kMeanings[] = {
      {"initial", "proposed from the question"},
      {"rival", "under a changed recipe"},
      {"mechanism", "under a condition that should change its size"},
      {"dose", "another pair of levels of the same scale"},
      {"narrower", "one condition of a dependence, or one more level of the setting changed"},
      {"broader", "other levels than its parent's, where levels have no order, or another model"},
      {"ablation", "with a component taken away"},
      {"interaction", "for what a difference depends on"},
      {"dataset", "other data"}};
  std::vector<std::string> told;
  for (const auto& [relation, meaning] : kMeanings)
    if (std::any_of(study.nodes().begin(), study.nodes().end(),
                    [&, name = relation](const Entry& node) { return node.relation == name; }))
      told.push_back(std::string{relation} + ", " + meaning);
  if (std::any_of(study.nodes().begin(), study.nodes().end(),
                  [&](const Entry& node) { return taken_later(study, node); }))
    told.push_back(
        std::string{kLater} +
        ", from the question as well, but only when the search was at its parent, whose result has no part in it");
  std::string text;
  for (const auto& one : told) text += (text.empty() ? " Relations: " : "; ") + one;
  return text.empty() ? text : text + ".";
}

// Refinements that say what had been proposed from the question and not been kept.
std::string proposed_before(const Study& study) {
  std::vector<std::string> names;
  for (const auto& node : study.nodes())
    if (node.relation != "initial" && study.node(node.parent) && flag_of(*node.document, "proposed_first"))
      names.push_back(study.name(node));
  return names.empty() ? std::string{}
                       : " What " + listed(names) + (names.size() == 1 ? " states" : " state") +
                             " was also among the first proposals from the question.";
}

json::object branches(const Study& study) {
  std::vector<std::string> parts;
  json::array columns{"Node", "Parent", "Relation"};
  const char* sign = one_sign(study.nodes());
  if (!sign) columns.emplace_back("Sign");
  for (const auto& part : kValueParts)
    if (std::any_of(study.nodes().begin(), study.nodes().end(),
                    [&](const Entry& node) { return study.has_fact(node.id + ".score." + part.name); }))
      parts.emplace_back(part.name), columns.emplace_back(part.title);
  for (const char* last : {"Value", "Outcome", "Claim"}) columns.emplace_back(last);
  const auto shown = [&](const Entry& node, const std::string& what) {
    return node.known && study.has_fact(node.id + "." + what) ? study.value(node, what) : std::string{"\u2013"};
  };
  json::array rows;
  for (const auto& node : study.nodes()) {
    const Entry* claim = study.claim_on(node.id);
    const Entry* parent = study.node(node.parent);
    std::string outcome = "failed: " + reason_of(node);
    if (node.known) outcome = text_of(object_of(*node.document, "evidence"), "reading", "done");
    json::array row{study.name(node), parent ? study.name(*parent) : std::string{"\u2013"},
                    taken_later(study, node) ? std::string{kLater} : node.relation};
    if (!sign) row.emplace_back(sign_of(node));
    for (const auto& part : parts) row.emplace_back(shown(node, "score." + part));
    row.emplace_back(shown(node, "score"));
    row.emplace_back(outcome);
    row.emplace_back(claim ? study.name(*claim) : std::string{"\u2013"});
    rows.push_back(std::move(row));
  }
  return table_block(
      "branches",
      "Every branch that was tried: its parent (the node that the search was at), its relation, " +
          (sign ? std::string{} : std::string{"the sign predicted for its estimate, "}) +
          std::string{parts.empty() ? "" : "the parts of its value to the search"} +
          (contains(parts, "significance") ? " (Probability being the maximum of the two that the protocol names)"
                                           : "") +
          (parts.empty() ? "" : ", ") +
          (parts.empty() ? "its value to the search when it had last run"
                         : "that value, all as of the node's last run") +
          ", how its evidence reads, and the claim that was made of it." + proposed_before(study) + meanings(study),
      std::move(columns), std::move(rows));
}

// The nodes' predictions with what they rest on, those alike together: "n1 (c1) and n3, a conjecture".
std::string grounds(Author& author) {
  const Study& study = author.study;
  std::vector<std::pair<std::string, std::vector<std::string>>> told;
  for (const auto& node : study.nodes()) {
    const std::string ground = ground_of(author, node);
    const Entry* claim = study.claim_on(node.id);
    const std::string name = study.name(node) + (claim ? " (" + study.name(*claim) + ")" : "");
    const auto at = std::find_if(told.begin(), told.end(), [&](const auto& one) { return one.first == ground; });
    if (at == told.end())
      told.push_back({ground, {name}});
    else
      at->second.push_back(name);
  }
  std::string text;
  for (const auto& [ground, names] : told) text += (text.empty() ? "" : "; ") + listed(names) + ", " + ground;
  if (text.empty()) return text;
  const bool recorded = std::any_of(study.nodes().begin(), study.nodes().end(),
                                    [&](const Entry& node) { return basis_of(author, node) == Basis::kRecord; });
  return "What the predicted directions rest on: " + text +
         (recorded ? ". A reported order is one found in that work's own set-up, with its qualifications." : ".");
}

// Whether some arm's interval holds values that no fraction has.
bool beyond_range(const Study& study) {
  if (text_of(study.metric(), "unit") != "fraction") return false;
  for (const auto* list : {&study.claims(), &study.nodes()})
    for (const auto& entry : *list)
      for (const auto& [key, arm] : object_at(*entry.document, "evidence.arms"))
        if (arm.is_object() && (number_of(arm.get_object(), "upper") > 1 || number_of(arm.get_object(), "lower") < 0))
          return true;
  return false;
}

// Arms of all entries; null when none has any. A unit that the caption can name does not stand in every cell.
json::object arm_table(const Study& study) {
  const std::string unit = text_of(study.metric(), "unit");
  const bool named = !unit.empty() && unit != "fraction" && !has_digit(unit);
  json::array rows;
  for (const auto* list : {&study.claims(), &study.nodes()})
    for (const auto& entry : *list) {
      if (!entry.known) continue;
      for (const auto* planned : objects_of(*entry.plan, "arms")) {
        const std::string arm = text_of(*planned, "id");
        const auto cell = [&](const char* what) {
          return named ? study.bare(entry, arm + what) : study.value(entry, arm + what);
        };
        if (study.has_fact(entry.id + "." + arm + ".mean"))
          rows.push_back(json::array{study.name(entry), "{{arm:" + entry.id + "." + arm + "}}", cell(".mean"),
                                     cell(".sd"), cell(".lower") + " to " + cell(".upper")});
      }
    }
  if (rows.empty()) return {};
  return table_block(
      "arms",
      "Arms one by one: " + study.metric_title() + (named ? " in " + unit : "") +
          " over blocks, with t intervals ({{protocol.confidence}} for nodes, the corrected level for "
          "claims). " +
          std::string{beyond_range(study) ? "An interval may reach past what a score can be. " : ""} +
          "The setting of an entry is in {{table:search}} or {{table:claims}}. Estimates there are means "
          "of differences inside blocks, rounded once, so they can deviate in the last digit from "
          "differences of the means here. SD is the standard deviation, in the unit of the mean.",
      {"Entry", "Arm", "Mean", "SD", "Interval"}, std::move(rows));
}

json::object tests(const Study& study) {
  json::array rows;
  for (const auto* list : {&study.claims(), &study.nodes()})
    for (const auto& entry : *list)
      if (entry.known)
        rows.push_back(json::array{study.name(entry),
                                   study.difference(entry) + (entry.interaction ? " (interaction)" : ""),
                                   study.value(entry, "contrast.p"), study.value(entry, "contrast.sign_flip_p"),
                                   study.value(entry, "contrast.smallest_p"), study.value(entry, "contrast.d")});
  std::vector<std::string> drawn;          // where not all flips were counted
  constexpr int kManyBlocksOfFlips = 200;  // beyond it fewer are drawn
  bool many = false;
  for (const auto* list : {&study.claims(), &study.nodes()})
    for (const auto& entry : *list)
      if (entry.known && !study.flips_are_counted(entry))
        drawn.push_back(study.name(entry)), many |= entry.n > kManyBlocksOfFlips;
  const bool exact = drawn.empty();
  return table_block(
      "tests",
      "Tests beside each other: p of the paired t test, p of the " + std::string{exact ? "exact " : ""} +
          "sign-flip test" +
          (exact ? ""
                 : " (over all flips; over " + std::string{many ? "" : "a hundred thousand "} + "random ones for " +
                       listed(drawn) + ")") +
          ", the least p that it could give with so many blocks" + (exact ? "" : " or random flips") +
          " if no block differed by zero, and the mean difference in standard deviations "
          "of the "
          "block differences with Hedges' correction. None is adjusted here. The setting of an entry is in "
          "{{table:search}} or {{table:claims}}.",
      {"Entry", "Comparison", "t test", "Sign flips", "Least p", "Hedges' g"}, std::move(rows));
}

std::string ledger_text(const Study& study) {
  std::string text =
      std::string{study.has_fact("study.aisci") ? "The study was begun with aisci {{study.aisci}}. " : ""} +
      "Its seed is {{study.seed}}, from which the seeds of all blocks derive. Its ledger "
      "holds " +
      counted(study, "study.hypotheses", "hypothesis", "hypotheses") + " that the search took up, " +
      counted(study, "study.experiments", "experiment", "experiments") +
      " of the search with {{study.trials}} trials, ";
  text += study.claims().size() == 1 ? "one locked claim" : "{{study.claims}} locked claims";
  const bool failures =
      std::any_of(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return !node.known; });
  text +=
      std::string{study.has_fact("study.late_trials") ? ", " : " and "} +
      "{{study.confirmation_trials}} trials of confirmation" +
      (study.has_fact("study.late_trials")
           ? " and " + counted(study, "study.late_hypotheses", "later node", "later nodes") +
                 " with {{study.late_trials}} trials. "
           : ". ") +
      (failures ? "The number of nodes that ended without evidence is {{study.failed}}." : "Every node gave evidence.");
  std::vector<std::string> queries;
  for (const auto& query : texts_of(study.scope(), "queries"))
    if (!has_digit(query)) queries.push_back("\u201c" + query + "\u201d");
  if (!queries.empty() && study.has_fact("study.records"))
    text += " Other work was looked up by the queries " + listed(queries) + ".";
  if (study.has_fact("study.environment"))
    text += " By their own account the programs of the trials ran with {{text:study.environment}}.";
  static const std::pair<const char*, const char*> kEnds[] = {
      {"max_experiments", "the planned number of experiments was reached"},
      {"max_iterations", "the planned number of iterations was reached"},
      {"budget_hours", "its time was used up"},
      {"steering", "a person ended it"}};
  for (const auto& [name, words] : kEnds)
    if (text_of(study.document(), "ended_by") == name) text += std::string{" The search ended because "} + words + ".";
  return text;
}

// The recipe of a node or claim that failed and ran again in another way.
void tell_changes(const Study& study, const char* what, const Entry& entry, json::array& items) {
  std::size_t number = 0;
  for (const auto* change : objects_of(*entry.document, "changes")) {
    const std::string fact = entry.id + ".change" + std::to_string(++number), name = text_of(*change, "number"),
                      failed = text_of(*change, "failure_class");
    const std::string why = failed == "memory"    ? "ran out of memory"
                            : failed == "timeout" ? "ran out of time"
                                                  : "ended by an error of its program";
    std::string how = "with its program repaired";
    if (!name.empty() && study.has_fact(fact + ".to")) {
      std::string words = name;
      std::replace(words.begin(), words.end(), '_', ' ');
      how = "with " + words + " {{" + fact + ".to}} in place of {{" + fact + ".from}} in all arms";
    }
    items.emplace_back(what + study.name(entry) + " " + why + "; every arm and block of it ran again " + how +
                       ", and only those trials count.");
  }
}

constexpr const char* kDeviations = "Deviations from the plans, in full:";
constexpr const char* kNoDeviations =
    "There were no deviations from the plans: every node and every claim ran as it was designed.";

void tell_deviations(const Study& study, json::array& blocks) {
  json::array items;
  for (const auto& node : study.nodes()) tell_changes(study, "Node ", node, items);
  for (const auto& claim : study.claims()) tell_changes(study, "Claim ", claim, items);
  std::vector<std::string> extended;
  for (const auto& node : study.nodes()) {
    if (!node.known)
      items.emplace_back("Node " + study.name(node) + " has no evidence (" + reason_of(node) +
                         "); nothing took its place.");
    else if (number_of(*node.document, "experiments", 1) > 1)
      extended.push_back(study.name(node));
  }

  for (const auto& claim : study.claims())
    if (claim.known && claim.n > 0 &&
        array_of(object_of(*claim.document, "evidence"), "blocks").size() != static_cast<std::size_t>(claim.n) &&
        !array_of(object_of(*claim.document, "evidence"), "blocks").empty())
      items.emplace_back("Claim " + study.name(claim) + " lost blocks in which an arm was missing.");
  blocks.push_back(paragraph(items.empty() ? kNoDeviations : kDeviations));
  if (!items.empty()) blocks.push_back(list_block(std::move(items)));
  if (!extended.empty())
    blocks.push_back(
        paragraph((extended.size() == 1 ? "Node " + extended.front() + " was" : "Nodes " + listed(extended) + " were") +
                  " given further blocks by the search, as the protocol provides; all of them enter " +
                  (extended.size() == 1 ? "its" : "their") + " evidence."));
}

}  // namespace

std::string untried(const Study& study) {
  constexpr std::size_t kMost = 6;
  std::string text;
  std::size_t count = 0;
  for (std::string name = "study.untried1"; study.has_fact(name); name = "study.untried" + std::to_string(count + 1)) {
    text += (text.empty() ? "\u201c{{text:" : "; \u201c{{text:") + name + "}}\u201d";
    ++count;
  }
  return text.empty() || count > kMost ? std::string{} : "Proposed and not taken up: " + text + ".";
}

void add_deviation(json::array& blocks, const std::string& item) {
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!blocks[i].is_object()) continue;
    auto& block = blocks[i].as_object();
    const std::string text = text_of(block, "text");
    if (text == kNoDeviations) {
      block["text"] = kDeviations;
      blocks.insert(blocks.begin() + i + 1, list_block({item}));
      return;
    }
    if (text == kDeviations && i + 1 < blocks.size()) {
      blocks[i + 1].as_object()["items"].as_array().emplace_back(item);
      return;
    }
  }
}

json::array appendix(Author& author) {
  const Study& study = author.study;
  json::array blocks{paragraph(ledger_text(study)),
                     paragraph("To check a copy of the study folder, run \u201caisci verify\u201d on it. That " +
                               std::string{text_of(study.metric(), "scored_by") == "program"
                                               ? "takes scores as the trials report them, and recomputes evidence from "
                                                 "scores, "
                                               : "recomputes scores from predictions, evidence from scores, "} +
                               "verdicts from evidence, and this text from its source, and names the place of any "
                               "difference. The folder also holds the programs of all experiments with the exact list "
                               "of their trials.")};
  tell_deviations(study, blocks);
  json::array tried{
      paragraph("{{table:branches}} follows the search from node to node. " +
                std::string{"Single arms and all tests come after it, in {{table:arms}} and {{table:tests}}."}),
      branches(study)};
  if (const std::string text = grounds(author); !text.empty()) tried.push_back(paragraph(text));
  if (const std::string text = untried(study); !text.empty()) tried.push_back(paragraph(text));
  auto details = details_of_setup(author, true);
  if (!details.empty()) details.front() = "Models that no claim is on: " + details.front();
  for (auto& text : details) tried.push_back(paragraph(std::move(text)));
  const std::size_t before = tried.size();
  if (json::object arms = arm_table(study); !arms.empty()) tried.push_back(std::move(arms));
  if (tried.size() == before)
    tried[0] = paragraph("{{table:branches}} follows the search from node to node; no node has arms to list.");
  else
    tried.push_back(tests(study));
  return {section("reproducibility", "Reproducibility", std::move(blocks)), search_steps(study),
          section("tried", "Everything that was tried", std::move(tried))};
}

}  // namespace aisci::offline
