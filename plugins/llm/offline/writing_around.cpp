// What the search adds around the claims: of each kind of question that nodes put, the node that says most, and how all
// came out.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

struct Question {
  const char* relation;
  const char* opening;
  const char* without;  // the opening where there was no effect to begin with
  const char* yes;      // what a node that leans to its prediction suggests
  const char* null;     // what one close to zero suggests
};
constexpr const char *kWithoutIt = "The effect does without that component.",
                     *kLittleWithoutIt = "Without that component little of it is left.";
constexpr Question kQuestions[] = {
    {"initial", "Another comparison came from the question:", "Another comparison came from the question:", "", ""},
    {"rival", "What a node shows may also come from one choice in the recipe that happens to suit one of its arms.",
     "changed the recipe:", "A contrast that survives a changed recipe speaks against that.",
     "With the recipe changed the contrast all but goes, so that stays in play."},
    {"mechanism", "A condition that should change the size of the effect can tell where it arises.",
     "set a condition that should enlarge an effect:", "", ""},
    {"dose", "Other levels of the factor were set against each other, too:",
     "Other levels of the factor were set against each other, too:", "", ""},
    {"narrower", "The effect might be confined to part of the setting.", "kept to part of the setting:", "", ""},
    {"broader", "went beyond the levels or the set-up of the main comparison:",
     "went beyond the levels or the set-up of the main comparison:", "", ""},
    {"ablation", "The effect might need a component of the set-up.", "took a component away:", kWithoutIt,
     kLittleWithoutIt},
    {"interaction", "asked what a difference depends on:", "asked what a difference depends on:", "", ""},
    {"dataset", "went to other data:", "went to other data:", "", ""},
};

constexpr std::size_t kMostQuestions = 4;

constexpr const char* kUnclaimed = "Other conditions were run:";

// The opening where all that the question suggests is the main pair elsewhere.
constexpr const char* kSamePair[] = {"The pair of the main claim was compared elsewhere, too:",
                                     "So it was in a further set-up:"};

// The opening for the node of several that changed the recipe, once all have been told of.
constexpr const char* kClearestRival =
    "Among these, one estimate is the largest relative to the width of its interval:";

// Whether a node's parent had shown nothing that could survive a change or be lost to it.
bool after_null(const Study& study, const Entry& node) {
  const Entry* parent = study.node(node.parent);
  const Entry* claimed = parent ? study.claim_on(parent->id) : nullptr;
  return claimed ? !claimed->supported() && claimed->upper >= 0 : parent && parent->lean == Lean::kNull;
}

// Whether all nodes that put a question lean the same way.
bool agree(const Study& study, const std::string& relation) {
  std::set<Lean> leans;
  for (const auto& node : study.nodes())
    if (node.known && !node.late && node.relation == relation) leans.insert(node.lean);
  return leans.size() == 1;
}

// The relation to their parents that all of some nodes have; "" where they differ.
std::string relation_of(const std::vector<const Entry*>& nodes) {
  for (const Entry* node : nodes)
    if (node->relation != nodes.front()->relation) return {};
  return nodes.empty() ? std::string{} : nodes.front()->relation;
}

// Where a reader finds some nodes: under their relation, where the table's rows of that name are these and no others.
// What the question proposes has two names there.
std::string place_in_table(const Study& study, const std::vector<const Entry*>& nodes, bool named_in_text) {
  const std::string relation = relation_of(nodes);
  const auto rows = std::count_if(study.nodes().begin(), study.nodes().end(),
                                  [&](const Entry& node) { return node.relation == relation; });
  const bool named = relation != "initial" && static_cast<std::size_t>(rows) == nodes.size();
  if (named) return " (\u201c" + relation + "\u201d in {{table:branches}})";
  return named_in_text ? "" : " (listed in {{table:branches}})";
}

// Which of some nodes are on a model that the question is not about, where not all are.
std::string beyond_among(const Study& study, const std::vector<const Entry*>& nodes) {
  std::map<std::string, std::vector<std::string>> beyond;
  std::size_t count = 0;
  for (const Entry* node : nodes)
    if (const auto models = models_beyond(study, *node); !models.empty())
      beyond[listed(models)].push_back(study.name(*node)), ++count;
  if (count == 0 || count == nodes.size() || count > 6) return {};
  std::vector<std::string> parts;
  for (const auto& [models, names] : beyond)
    parts.push_back(listed(names) + (names.size() == 1 ? " is on " : " are on ") + models);
  return " Beyond the question, " + listed(parts) + ".";
}

// How nodes read, in the order of by_leaning(): several as reads_as() says it of one.
constexpr const char* kReadSeveral[] = {"lean to their prediction", "lean against their prediction",
                                        "read as probably small", "are undecided"};
// The same in other words, of one node for tallies after the first, of several for those after two that had these.
constexpr const char *kLeanSeveral[] = {"lean as predicted", "lean the other way", "are probably small",
                                        "stay undecided"},
                     *kLeansOne[] = {"leans as predicted", "leans the other way", "is probably small",
                                     "stays undecided"};

std::string read_in_tally(std::size_t reading, std::size_t nodes, std::size_t tally) {
  if (nodes == 1) return tally == 0 ? reads_as(reading) : kLeansOne[reading];
  return tally < 2 ? kReadSeveral[reading] : kLeanSeveral[reading];
}

// What nodes of a relation to their parents are on.
std::string topic_of(const std::string& relation) {
  static const std::map<std::string, std::string> kTopics{{"rival", "under a changed recipe"},
                                                          {"mechanism", "under such a condition"},
                                                          {"dose", "at other levels of the factor"},
                                                          {"narrower", "in part of the setting"},
                                                          {"broader", "at other levels or in another set-up"},
                                                          {"ablation", "without a component"},
                                                          {"interaction", "for what a difference depends on"},
                                                          {"dataset", "on other data"}};
  const auto found = kTopics.find(relation);
  return found == kTopics.end() ? "for this question" : found->second;
}

// What sets the one node apart that reads unlike the others: "words, dropout rate 0.1"; "" in the usual setting,
// and where it was told before.
std::string setting_of(const Study& study, const std::vector<const Entry*>& nodes, const std::string& name,
                       const std::set<std::string>& told) {
  for (const Entry* node : nodes)
    if (told.count(node->id) > 0)
      continue;
    else if (const std::string special = study.peculiarity(*node, true); study.name(*node) == name && !special.empty())
      return special;
  return {};
}

// How all nodes that put a question came out, so that the one that is told does not stand for the rest.
std::string all_that_asked(const Study& study, const std::vector<const Entry*>& nodes, std::size_t index,
                           const std::set<std::string>& told) {
  if (nodes.size() < 2) return {};
  const auto names = by_leaning(study, nodes);
  const bool few = nodes.size() <= 6;  // all are named
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::size_t count = names[i].size();
    if (count == 0) continue;
    const std::string setting = count == 1 ? setting_of(study, nodes, names[i].front(), told) : "";
    if (few && index % 2 == 1 && count < nodes.size()) {  // the names first, so that no two such tallies read alike
      parts.push_back(listed(names[i]) + (setting.empty() ? " " : " (" + setting + ") ") +
                      read_in_tally(i, count, index));
      continue;
    }
    parts.push_back((count < nodes.size() ? in_words(count) : std::string{}) + " " + read_in_tally(i, count, index) +
                    (few || (2 * count <= nodes.size() && count <= 3)
                         ? " (" + listed(names[i]) + (setting.empty() ? "" : ": " + setting) + ")"
                         : ""));
  }
  const std::string n = in_words(nodes.size()), where = place_in_table(study, nodes, few);
  const auto interactions =
      std::count_if(nodes.begin(), nodes.end(), [](const Entry* node) { return node->interaction; });
  const Entry* main = study.main_claim();
  std::string what = " nodes taken up " + topic_of(relation_of(nodes));
  if (interactions == static_cast<std::ptrdiff_t>(nodes.size()))
    what = " interactions";
  else if (interactions == 0 && relation_of(nodes) == "initial")
    what = std::string{" differences that the question suggests"} +
           (main && !main->interaction && main->relation == "initial" ? " besides the main comparison" : "");
  const std::string leads[] = {"Of the " + n + what + where + ", ",
                               "There are " + n + what + where + ": by the posterior ",
                               "The search has " + n + what + where + "; by the posterior "};
  if (parts.size() == 1 && interactions == static_cast<std::ptrdiff_t>(nodes.size()) &&
      std::all_of(nodes.begin(), nodes.end(), [](const Entry* node) { return node->lean == Lean::kNull; }))
    parts[0] +=
        std::string{": no dependence worth acting on was seen"} +
        (std::all_of(nodes.begin(), nodes.end(),
                     [](const Entry* node) { return std::max(node->upper, -node->lower) > node->smallest_effect; })
             ? ", though none of their intervals excludes one"
             : "");
  const std::string tally = parts.size() == 1 ? (nodes.size() == 2 ? "Both" : "All " + n) + what + where + parts[0]
                                              : leads[index % std::size(leads)] + listed(parts);
  return " " + tally + "." + beyond_among(study, nodes);
}

// The nodes that change a factor from the study's usual level, whatever they are about.
std::vector<const Entry*> nodes_changing(const Study& study, const std::string& factor) {
  std::vector<const Entry*> nodes;
  for (const auto& node : study.nodes()) {
    const json::value* level = object_of(*node.hypothesis, "context").if_contains(factor);
    if (node.known && ((level && level_name(*level) != study.usual_level(factor)) || node.moderator == factor))
      nodes.push_back(&node);
  }
  return nodes;
}

// Which nodes went on to a claim, where one of those that are told of did: nobody should take its reading for the last
// word.
std::string put_to_confirmation(const Study& study, const std::vector<const Entry*>& nodes) {
  if (std::none_of(nodes.begin(), nodes.end(), [&](const Entry* node) { return study.claim_on(node->id) != nullptr; }))
    return "each would need a claim of its own.";
  std::vector<std::string> parts;
  for (const auto& claim : study.claims())
    if (const Entry* node = study.node(claim.node))
      parts.push_back(study.name(*node) + " (" + study.name(claim) + ", {{verdict:" + claim.id + "}})");
  return "of the whole search, " + listed(parts) + (parts.size() == 1 ? " was" : " were") +
         " put to confirmation, and any other node would need a claim of its own.";
}

// Which parts of the set-up the search changed at all, and where that is in few nodes: a rival explanation is one of
// these. "" where the node that was told of says it all.
std::string changed_of_setup(const Study& study, const Entry& told, std::vector<const Entry*>& named) {
  std::vector<std::string> parts, besides;
  std::vector<const Entry*> few, named_here;
  for (const auto& [key, value] : object_of(study.manifest(), "factors")) {
    const std::string name{key}, title = text_of(factor_in(study.manifest(), name), "title", name);
    if (name == text_of(study.scope(), "factor") || has_digit(title) || !study.off_in_stack(name).empty()) continue;
    const auto nodes = nodes_changing(study, name);
    if (nodes.empty()) continue;
    if (has_role(study.manifest(), name, "model") || name == study.data_factor()) {
      besides.push_back(with_article(title));
      continue;
    }
    std::vector<std::string> names;
    for (const Entry* node : nodes) {
      const Entry* claim = study.claim_on(node->id);
      names.push_back(study.name(*node) + (claim ? " and its claim " + study.name(*claim) : ""));
      if (nodes.size() <= 2) few.push_back(node);
    }
    const bool names_them = nodes.size() <= 2 && !changes_in_limitations(study, name);
    if (names_them) named_here.insert(named_here.end(), nodes.begin(), nodes.end());
    parts.push_back(with_article(title) + (names_them ? " (this in " + listed(names) + " alone)" : ""));
  }
  if (parts.empty() || (parts.size() == 1 && few.size() == 1 && few.front() == &told)) return {};
  named.insert(named.end(), named_here.begin(), named_here.end());
  return (besides.empty() ? " Of the set-up, this study changed "
                          : " Of the set-up, besides " + listed(besides) + ", this study changed ") +
         listed(parts) + ".";
}

// The component that a node does without and its parent had: "batch normalisation"; "" where it has all of them.
std::string taken_away(const Study& study, const Entry& node, const Entry& parent) {
  if (node.relation != "ablation") return {};
  for (const auto& [key, value] : object_of(*node.hypothesis, "context"))
    if (const std::string factor{key}, had = study.level_in(parent, factor);
        is_off(level_name(value)) && had != level_name(value) && factor != parent.moderator)
      return level_phrase(study.manifest(), factor, had);
  return {};
}

// Whether all nodes that do without a component lean the same way.
bool agree_without(const Study& study, const std::string& component) {
  std::set<Lean> leans;
  for (const auto& node : study.nodes())
    if (const Entry* parent = study.node(node.parent);
        node.known && !node.late && parent && taken_away(study, node, *parent) == component)
      leans.insert(node.lean);
  return leans.size() == 1;
}

// Nodes on the pair of the main claim that nothing before spoke of, by name and setting, with how they read.
std::string others_on_pair(const Study& study, const std::vector<const Entry*>& asked,
                           const std::set<std::string>& told) {
  const Entry* main = study.main_claim();
  std::vector<const Entry*> left;
  for (const auto& node : study.nodes())
    if (main && node.known && !node.late && node.same_pair(*main) && node.id != main->node && !told.count(node.id) &&
        !study.claim_on(node.id) && std::find(asked.begin(), asked.end(), &node) == asked.end())
      left.push_back(&node);
  constexpr std::size_t kMost = 4;
  if (left.empty() || left.size() > kMost) return {};
  std::vector<std::string> parts;
  for (const Entry* node : left) {
    const std::string special = study.peculiarity(*node, true);
    parts.push_back(study.name(*node) + (special.empty() ? "" : " (" + special + ")") + ", which " +
                    reads_as(reading_of(*node)));
  }
  return std::string{" On the pair of the main claim there "} + (left.size() == 1 ? "is" : "are") + " also " +
         listed(parts, ", and ") + ".";
}

// The nodes on the pair of the main claim that put another question than those told of now, but for those that have a
// claim or were told of as conditions.
std::string pair_under_other_questions(const Study& study, const std::string& relation,
                                       const std::set<std::string>& conditions) {
  const Entry* main = study.main_claim();
  const Entry* claimed = main ? study.node(main->node) : nullptr;
  bool has_side = claimed && claimed->known && !study.prints_as_zero(*claimed);
  std::vector<std::string> names, other;
  bool all_apart = claimed && claimed->known && claimed->without_zero();
  for (const auto& node : study.nodes())
    if (main && node.known && !node.late && node.relation != relation && node.same_pair(*main) &&
        !conditions.count(node.id) && !study.claim_on(node.id)) {
      names.push_back(study.name(node));
      all_apart = all_apart && node.without_zero();
      if (has_side && study.prints_as_zero(node)) has_side = false;
      if (has_side && (node.sign * node.mean > 0) != (claimed->sign * claimed->mean > 0))
        other.push_back(study.name(node));
    }
  if (names.empty()) return {};
  const bool one = names.size() == 1;
  return " In the search that pair is also the one of " + listed(names) +
         (!has_side       ? "."
          : other.empty() ? ", with " + std::string{one ? "an estimate" : "estimates"} +
                                " on the same side of zero as that of " + study.name(*claimed) +
                                (all_apart ? std::string{one ? " and an uncorrected interval that leaves"
                                                             : " and uncorrected intervals that leave"} +
                                                 " zero out, as the one of " + study.name(*claimed) + " does."
                                           : ".")
          : other.size() == names.size() ? ", on the other side of zero than " + study.name(*claimed) + "."
                                         : "; of these, " + listed(other) + (other.size() == 1 ? " lies" : " lie") +
                                               " on the other side of zero than " + study.name(*claimed) + ".");
}

}  // namespace

std::vector<std::string> around(const Study& study, const std::set<std::string>& told) {
  std::vector<std::string> paragraphs;
  std::string text;
  std::set<std::string> here, conditions;  // the nodes that are told of, and those at the conditions of an interaction
  std::size_t index = 0, told_of_search = 0;
  const auto tell = [&](const Entry& node, const std::string& opening, const std::string& without, const char* yes,
                        const char* null) {
    // Only an effect that was there to begin with can survive a change or be lost to it.
    const Entry* parent = study.node(node.parent);
    const Entry* claimed = parent ? study.claim_on(parent->id) : nullptr;
    const bool seen = claimed ? claimed->supported() : parent && parent->known && parent->lean == Lean::kAsPredicted,
               none = after_null(study, node);
    std::string lead = none ? without : opening;
    bool agreed = false;  // what was run without a component that is named
    if (const std::string component = parent && !none ? taken_away(study, node, *parent) : ""; !component.empty())
      lead = "Might what separates " + study.sides(*parent, " from ") + " need " + component + "?",
      agreed = agree_without(study, component);
    if (std::islower(static_cast<unsigned char>(lead.front())))
      lead.insert(0, turn(told_of_search++, {"Another node ", "One node ", "A further node ", "One more node "}));
    std::string reading_of_node = explored(study, node, index);
    if (lead.back() == ':') reading_of_node[0] = static_cast<char>(std::tolower(reading_of_node[0]));
    text += (text.empty() ? "" : " ") + lead + " " + reading_of_node;
    const char* reading = !seen                             ? ""
                          : node.lean == Lean::kAsPredicted ? (agreed ? kWithoutIt : yes)
                          : node.lean == Lean::kNull && 2 * node.mean < parent->mean
                              ? (agreed ? kLittleWithoutIt : null)
                              : "";
    if (*reading) text += std::string{" "} + reading;
    here.insert(node.id);
    ++index;
  };
  // Of the nodes that put a question, the one that says most; one whose arms score alike throughout says nothing of it.
  const auto clearest = [&](const auto& puts) {
    const Entry* best = nullptr;
    for (const auto& node : study.nodes())
      if (node.known && !node.late && puts(node) && !study.claim_on(node.id) && !told.count(node.id) &&
          index < kMostQuestions && node.upper > node.lower && (!best || node.clarity() > best->clarity()))
        best = &node;
    return best;
  };
  const bool confirmed = std::any_of(study.claims().begin(), study.claims().end(),
                                     [](const Entry& claim) { return claim.known && claim.interaction; });
  const std::string condition = std::string{study.stacked() ? "Do " : "Does "} + study.the_factor() +
                                " matter differently under different conditions?";
  std::vector<const Entry*> asked;
  std::size_t told_of = 0, beside = 0, pairs_told = 0;
  const auto all = [&](const auto& ask) {
    std::vector<const Entry*> nodes;
    for (const auto& node : study.nodes())
      if (node.known && !node.late && ask(node)) nodes.push_back(&node);
    asked.insert(asked.end(), nodes.begin(), nodes.end());
    const std::string told_now = all_that_asked(study, nodes, told_of, here);
    told_of += !told_now.empty();
    return told_now;
  };
  const auto on_pair = [](const Entry& one) { return one.interaction; };
  const std::string named = text_of(object_of(study.scope(), "moderator"), "factor");
  const auto on_named = [&](const Entry& one) {  // what the question itself names as a condition
    return one.interaction && one.moderator == named && study.peculiarity(one).empty();
  };
  const Entry* own = confirmed || named.empty() ? nullptr : clearest(on_named);
  if (const Entry* node = confirmed ? nullptr : clearest(on_pair)) {
    if (own) {
      tell(*own, condition, condition, "", "");
      text += under_each(study, *own, 0) + where_it_turns(study, *own);
    }
    if (node != own) {
      const std::string opening = own ? "Of other conditions, the clearest is this:" : condition;
      tell(*node, opening, opening, "", "");
      text += under_each(study, *node, own ? 1 : 0) + where_it_turns(study, *node);
    }
    text += at_its_conditions(study, *node) + all(on_pair);
    for (const bool first : {true, false})
      if (const auto ends = study.at_condition(*node, first); !ends.empty())
        asked.push_back(ends.front()), conditions.insert(ends.front()->id), ++beside;
  }
  const auto on_condition = [](const Entry& one) { return one.interaction && one.relation == "initial"; };
  if (const Entry* node = confirmed && !study.stacked() ? clearest(on_condition) : nullptr)
    tell(*node, kUnclaimed, kUnclaimed, "", "");
  const Entry* main = study.main_claim();
  for (const auto& question : kQuestions) {
    const auto asks = [&](const Entry& one) {
      return one.relation == question.relation && (confirmed || !one.interaction) &&
             (one.relation != "initial" || !(one.interaction || (main && one.id == main->node)));
    };
    const auto in_the_usual_setting = [&](const Entry& one) { return asks(one) && study.peculiarity(one).empty(); };
    const Entry* node = clearest(in_the_usual_setting);  // what is said of it needs no further condition
    for (const std::size_t most : {std::size_t{1}, study.nodes().size()})
      if (!node) node = clearest([&](const Entry& one) { return asks(one) && study.departing(one).size() <= most; });
    if (!node) continue;
    constexpr std::size_t kFullParagraph = 500;  // characters
    if (text.size() > kFullParagraph) paragraphs.push_back(std::move(text)), text.clear();
    const bool one_way = agree(study, question.relation);
    const bool same_pair = std::string_view{question.relation} == "initial" && main &&
                           std::all_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& one) {
                             return !one.known || !asks(one) || one.same_pair(*main);
                           });
    const bool on_main =
        main && (std::string_view{question.relation} == "dose" || std::string_view{question.relation} == "broader") &&
        (node->same_pair(*main) || node->turned_pair(*main));
    const char* pair = same_pair || on_main ? kSamePair[std::min<std::size_t>(pairs_told++, 1)] : nullptr;
    const std::string rest =
        main && main->whole() && node->whole() && !pair
            ? "No claim sets the whole against " + study.layer_title(node->part) + " alone, but the search did:"
            : std::string{};
    const auto lead = [&](const char* other) { return !rest.empty() ? rest : std::string{pair ? pair : other}; };
    const auto another = [&](const Entry& one) { return &one != node && one.known && !one.late && asks(one); };
    const auto as_clear = [&](const Entry& one) { return another(one) && one.clarity() >= node->clarity(); };
    const bool tally_first = std::string_view{question.relation} == "rival" && after_null(study, *node) &&
                             std::any_of(study.nodes().begin(), study.nodes().end(), another) &&
                             std::none_of(study.nodes().begin(), study.nodes().end(), as_clear);
    if (tally_first) text += all(asks).substr(text.empty() ? 1 : 0);  // which begins with a space
    tell(*node, lead(question.opening), tally_first ? kClearestRival : lead(question.without),
         one_way ? question.yes : "", one_way ? question.null : "");
    if (const auto sides = study.sides_changed(*node);
        std::string_view{question.relation} == "rival" && sides.size() == 1)
      text += " What it sets otherwise acts on " + sides.front() + " alone.";
    if (pair && pairs_told == 1) text += pair_under_other_questions(study, question.relation, conditions);
    if (!tally_first) text += all(asks);
    if (std::string_view{question.relation} == "rival") text += changed_of_setup(study, *node, asked);
  }
  if (text.empty()) return paragraphs;
  const std::string others = others_on_pair(study, asked, told);
  text += others;
  const bool claimed =
      std::any_of(asked.begin(), asked.end(), [&](const Entry* node) { return study.claim_on(node->id) != nullptr; });
  paragraphs.push_back(text + (index == 1 && beside == 0 && others.empty() && !claimed
                                   ? " This reading is exploratory; it would need a claim of its own."
                                   : " All these readings are exploratory; " + put_to_confirmation(study, asked)));
  return paragraphs;
}

}  // namespace aisci::offline
