// What all sections of a paper share while it is written: the study, the citations made so far and the statement each
// rests on, the figures still to be placed, and the making of blocks.
//
// A record is cited with one of its own statements as support: the one that a hypothesis already relies on, else its
// first that can be printed. Since 0.1.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "analysis_study.hpp"
#include "hypotheses_literature.hpp"
#include "kit/json.hpp"

namespace aisci::offline {

class Author {
 public:
  explicit Author(const json::object& input) : study{input} {}

  const Study study;

  // " {{cite:a,b}}" for those keys that are records, at most three; "" when none is.
  std::string cite(const std::vector<std::string>& keys);
  // "{{cite:a|text}}": the record's authors as part of a sentence; "" when it is none.
  std::string cite_as_text(const std::string& key);
  // Records with one of these themes, in the literature's order.
  std::vector<std::string> with_theme(const std::vector<std::string>& themes) const;
  // Those of the keys whose record somebody of this family name wrote: what a named procedure is cited by.
  std::vector<std::string> of_author(const std::string& family, const std::vector<std::string>& keys) const;
  // The record's statement that a text relies on.
  std::string support(const json::object& record) const;
  // How many parts of a stack a statement speaks of.
  std::size_t parts_of_stack(const std::string& statement) const;
  // Keys that the study's hypotheses cite, in order.
  std::vector<std::string> cited_by_hypotheses() const;
  // Of those, the records that order the levels which a hypothesis compares: as it predicts (1) or the other way round
  // (-1). With an entry, those that its own hypothesis cites.
  std::vector<std::string> ordering(int sign, const Entry* only = nullptr) const;
  // What the study's records say of a factor's levels; they are read once.
  const Literature& literature(const std::string& factor) const;
  json::array citations() const;

  // The id of the first figure of a kind, and of a claim when one is named, that is not placed yet; "" when there is
  // none. Takes it.
  std::string take_figure(const std::string& kind, const std::string& claim = {});

  // How many words a reader sees.
  std::size_t words(const std::string& text) const;
  // The text as a reader sees it.
  std::string plain(const std::string& text) const;

 private:
  std::map<std::string, std::string> supports_;
  std::set<std::string> placed_;
  mutable std::map<std::string, Literature> literature_;  // by factor, of those that were asked for
};

json::object paragraph(std::string text);
json::object equation(std::string formula);  // which the paragraph before it announces
json::object figure_block(const std::string& id);
json::object list_block(json::array items);
json::object table_block(const std::string& id, std::string caption, json::array columns, json::array rows);
json::object section(const std::string& id, const std::string& title, json::array blocks);

std::string whose(const Study& study);  // "a {{label:model.vit}}"; "a network" where the question fixes no model
// What the question itself fixes of how the models are trained, where all claims keep to it: " optimised with
// {{label:optimiser.adam}}". Else "".
std::string recipe_of_question(const Study& study);
// "{{study.hypotheses}} hypotheses"; "one hypothesis"
std::string counted(const Study& study, const std::string& fact, const char* one, const char* several);

// What a node's value may be made of: as the value function names it, in the formula, in words that say what stands
// there, and over a column.
struct ValuePart {
  const char *name, *symbol, *words, *title;
};
constexpr ValuePart kValueParts[] = {
    {"significance", "max(p_+, p_-)",
     "the maximum of the two probabilities, so that a clear contradiction is worth as much to it as a clear agreement",
     "Probability"},
    {"novelty", "N",
     "the novelty {{math:N}} of its statement, which is one minus the cosine of its words with those of the nearest "
     "title or finding of the retrieved work",
     "Novelty"},
    {"feasibility", "R/(R + S)",
     "its feasibility {{math:R/(R + S)}}, in which {{math:S}} is the declared seconds of one experiment on it and "
     "{{math:R}} those of the study's first experiment times the number, at least one, of experiments not yet begun",
     "Feasibility"},
    {"impact", "I", "its judged impact {{math:I}}", "Impact"},
    {"reproducibility", "p_s", "the probability {{math:p_s}} that a repetition has the same sign", "Repetition"},
    {"code_quality", "Q", "the judged quality {{math:Q}} of its code", "Code"}};

constexpr double kWantedPower = 0.8;  // that a claim's number of blocks is planned for

// How tables name the setting of most entries; what differs from it is named there.
constexpr const char* kUsual = "usual";
// Whether a model wrote the template and its programs for this study.
bool is_written(const Study& study);
std::string model_of(const Study& study, const Entry& entry);  // the kind that its first arm is; "" without kinds
std::string usual_setting(const Study& study);  // "{{label:model.vit}}, {{level:train_size.200}} training images"
std::string setting_cell(const Study& study, const Entry& entry);  // of an interaction with its two conditions
// Of a stack: "weight decay 0.2, dropout rate 0.2 and ..."; from the last part to the first.
std::string whole_in_levels(const Study& study, bool turned = false);
// A claim's smallest effect of interest with what it is measured in: "{{c1.smallest_effect}} of R2".
std::string limit_of(const Study& study, const Entry& claim);
// The levels, as "factor=level", of the arms of all entries that gave evidence, or of all.
std::set<std::string> levels_run(const std::vector<Entry>& entries, bool with_failed = false);
// Levels that the question, as it was made into an experiment, names and no experiment ran.
std::vector<std::string> levels_not_run(const Study& study);
// Levels of the factor in question that the search ran and no claim is on.
std::vector<std::string> levels_of_the_search(const Study& study);
// The sign that is predicted of an entry's contrast, as tables print it; the one of all entries, null where they
// differ.
const char* sign_of(const Entry& entry);
const char* one_sign(const std::vector<Entry>& entries);
// The nodes that reviewers asked for; what the search's tables say of them, "" where there are none.
std::vector<std::string> late_nodes(const Study& study);
std::string late_in_search(const Study& study);
// The main claim first, then the others in their order.
std::vector<const Entry*> by_relevance(const Study& study);

// A node of the search in a sentence, in one of several wordings by place.
std::string explored(const Study& study, const Entry& node, std::size_t index);
// What nodes on the same pair gave at the two conditions of an interaction, or at one of them, in blocks of their own.
std::string at_its_conditions(const Study& study, const Entry& interaction);
// The arms of an interaction under one of its conditions (a level), treatment first: "n3.a". Empty without their means.
std::vector<std::string> arms_under(const Study& study, const Entry& interaction, const std::string& condition);
// Whether its two arms change places from one condition to the other, by as much as counts on either side.
bool order_turns(const Study& study, const Entry& interaction);
// Its four means by arm, "LSTM, one layer: 7.1; ..."; "" where they are not on record.
std::string arms_listed(const Study& study, const Entry& interaction, bool baseline_first);
// That its arms change places, with their means, as a sentence; "" where they do not.
std::string where_it_turns(const Study& study, const Entry& interaction);
// By what the two levels of an interaction differ under each of its conditions, in its own blocks; "" where no facts
// say.
std::string under_each(const Study& study, const Entry& interaction, std::size_t index);
// What the search adds around the claims, by the question that a node put, in paragraphs; not nodes that were told of.
std::vector<std::string> around(const Study& study, const std::set<std::string>& told);

// How a node with evidence leans: with its prediction, against it, too small, undecided; and how it reads then.
std::size_t reading_of(const Entry& node);
const char* reads_as(std::size_t reading);  // "leans to its prediction"
// Nodes with evidence by that, as names.
std::array<std::vector<std::string>, 4> by_leaning(const Study& study, const std::vector<const Entry*>& nodes);

// One of several wordings, by place: the third of three differs from the first two.
const char* turn(std::size_t index, std::initializer_list<const char*> wordings);

// Where the claims are on several models, what a claim's are set to that neither its setting nor a claim before it
// says: " In this claim a forest has tree depth 4 and 50 trees."; "" without any.
std::string settings_of_models(const Study& study, const Entry& claim);
// The models of a claim or node that the question is not about, as text names them.
std::vector<std::string> models_beyond(const Study& study, const Entry& claim);
// The sentence that says so where the claim is told; "" where there are none.
std::string beyond_question(const Study& study, const Entry& claim);

// Whether the two arms of an interaction stand in one order at its first condition and in the other at its second.
bool means_turn(const Entry& claim);
// Of such a claim: the condition under which the treatment leads by the arm means, and that under which the baseline
// does.
std::pair<std::string, std::string> led_under(const Study& study, const Entry& claim);
// Whether its treatment does better than its baseline, by these means, at one of the conditions at least.
bool ahead_somewhere(const Study& study, const Entry& claim);
// What its means say then: "by its arm means {{label:a}} is ahead of {{label:b}} with few rows and behind with many".
// `second_first`: the same from the other end, for a text that stands beside it.
std::string turning(const Study& study, const Entry& claim, const std::string& means = "its arm means",
                    bool second_first = false);
// Whether the search, on other data, saw the pair of a claim farther off than the smallest effect: then which data are
// scored counts for more than what was looked for.
bool rows_matter(const Study& study, const Entry& claim);
// Claims beside the main one of which that holds.
std::vector<const Entry*> claims_of_their_rows(const Study& study);
// The claims, or else the nodes, of which an arm comes close to the ceiling of the score; "" when none does.
std::string near_ceiling(const Study& study);
// Where one example weighs more than the limit that effects are held to.
std::string one_example(const Study& study);
// The first entry that is judged on the logit scale and says by which limit, a node before a claim, since a sentence on
// a claim stays when a paper is shortened and one on the rule goes with it; null without any.
const Entry* on_logit_scale(const Study& study);
// How many parameters the models of nodes or claims have, as far as their trials report it; without what ran late.
std::set<double> sizes_of_models(const Study& study, const std::vector<Entry>& entries);
// Where a claim is an interaction in log odds, which is spoken of: the claims on plain differences whose verdict would
// be another by its limit, and the interactions of which that is so by the limit of differences; "" without any.
std::string held_to_odds(const Study& study, bool brief);
// Whether an interval leaves effects of both signs that would matter.
bool past_both_limits(const Entry& entry);
// Of a stack, the nodes of the search that ask of one part by itself, the others off, and became no claim.
std::vector<const Entry*> parts_by_themselves(const Study& study);
// Where the whole gained nothing on one part, and the search saw that part by itself gain about what the whole gains on
// others: its node, those of the other parts by themselves, which gain less, and those of the whole against them. Empty
// where the runs do not say so.
struct PartThatCounts {
  const Entry* own = nullptr;
  std::vector<const Entry*> idle, whole_over_idle;
};
PartThatCounts part_that_counts(const Study& study);
// Of a verdict that single blocks could turn: "one particular block"; "any one of nine blocks".
std::string single_blocks(const Entry& claim);

// What the main claim's verdict is to the retrieved records, and what was run on pairs that records are on, but for
// nodes that were told of; may be empty.
std::string literature(Author& author, const std::set<std::string>& told);

// What was left of the main claim's estimate, which had been chosen for standing out; may be empty.
std::string shrinkage(const Study& study);
// How the fresh estimates of the other claims stand to those of the search, where the intervals do not meet, and
// whether the split may have to do with it; may be empty.
std::string others_of_search(const Study& study, const Entry& main);

// The answer, as a discussion begins; `told` gets the nodes that it speaks of.
std::string answer_text(const Study& study, std::set<std::string>& told);

// What the direction of a node's prediction rests on, as what follows "rests on": the order that a record reports, or
// that the question puts forward, the side to which its parent leant, or "a conjecture".
std::string ground_of(Author& author, const Entry& node);

// What the direction of a prediction rests on.
enum class Basis { kRecord, kNode, kQuestion, kConjecture };
Basis basis_of(const Author& author, const Entry& node);

// The sections, in their order.
std::string title_of(const Author& author);
std::string abstract_of(Author& author);
json::object introduction(Author& author);
json::object related_work(Author& author);  // without blocks when no record speaks of the subject
json::object method(Author& author);
// What the template says of how a trial comes about and what the outcome is, as far as it acts in some arm; that of
// kinds of model that the search alone ran apart. In paragraphs.
std::vector<std::string> details_of_setup(Author& author, bool search_alone);
// Those that it has put with the "data" or the "outcome", each after a space.
std::string details_at(Author& author, const char* place);
json::object protocol(Author& author);
json::object results(Author& author);
// A claim's paragraph of the results, `index` the how manieth, and its figure.
void tell_claim(Author& author, const Entry& claim, std::size_t index, json::array& blocks);
json::object discussion(Author& author);
// Its figures over the levels of factors, with what is to be seen there.
void show_levels(Author& author, json::array& blocks);
json::object limitations(Author& author);
// Of them, that of what no experiment tuned, by the levels ("factor=level") that the study ran.
std::string recipe_limits(const Study& study, const std::set<std::string>& levels);
// Whether that names the nodes which changed a factor.
bool changes_in_limitations(const Study& study, const std::string& factor);
// Whether more than one level of a factor is among them.
bool was_varied(const std::set<std::string>& levels, const std::string& factor);
json::object conclusion(Author& author);
// Where the main claim asks of having a factor at all and another claim of how much of it: what that one leaves out,
// "no warm-up". "" for any other.
std::string absent_from(const Study& study, const Entry& main, const Entry& claim);
// Whether all claims have the same verdict.
bool one_verdict(const Study& study);
// Where all claims are differences between the same two sides and every one came to the same order, however it was
// worded, the sentence that says so: a tally of verdicts alone would read as mixed evidence. Else "".
std::string one_order(const Study& study, const Entry& main);
// What the main claim's verdict comes to; `everywhere`: that sentence stands before.
std::string main_concluded(const Study& study, const Entry& claim, bool everywhere);
json::array appendix(Author& author);
// The appendix on what a node's value is made of and which step the search takes next.
json::object search_steps(const Study& study);
// What was proposed and never run, where that is little enough to be printed; else "".
std::string untried(const Study& study);

// One more item for an appendix's list of deviations from the plans, which it begins where there was none.
void add_deviation(json::array& blocks, const std::string& item);

}  // namespace aisci::offline
