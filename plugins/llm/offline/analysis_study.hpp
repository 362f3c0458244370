// A finished study, read once into what an analyst and an author ask of it: its entries (nodes and claims), each with
// its contrast turned to the prediction, and the words by which text refers to them.
//
//   const Study study{input};
//   for (const Entry& claim : study.claims())
//     text += "In " + study.subject(claim) + ", " + arm(claim, 0) + " ... " + value(claim, "contrast.mean");
//
// The input document must outlive the study. Pure functions, any thread.
// Since 0.1.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "kit/json.hpp"
#include "template_words.hpp"

namespace aisci::offline {

// What an entry's evidence says before any verdict. kNone: there is no evidence.
enum class Lean { kNone, kAsPredicted, kAgainst, kNull, kOpen };
Lean lean_of(const json::object& evidence);

struct Entry {
  std::string id;    // "n3", "c1"
  std::string node;  // a claim's node; a node's own id
  std::string parent;
  bool claim = false;
  bool known = false;  // it has evidence
  bool late = false;   // a node that a reviewer asked for when the confirmation was over
  bool interaction = false;
  bool logit = false;
  std::string part;                         // where all of a stack is set against one part of it alone: that factor
  std::string factor, treatment, baseline;  // names of levels
  std::string moderator, low, high;         // of an interaction
  std::string relation, verdict, failure;
  std::vector<std::string> arms;  // "c1.gelu", "c1.relu": as text names them, treatment first
  const json::object* document = nullptr;
  const json::object* hypothesis = nullptr;
  const json::object* plan = nullptr;
  int sign = 1;  // of the contrast, as predicted
  // Turned to the prediction: positive is as predicted.
  double mean = 0, lower = 0, upper = 0;
  double p = 1, sign_flip_p = 1, alpha = 0.05, power = 0, smallest_effect = 0, significance = 0, score = 0;
  int n = 0;
  Lean lean = Lean::kNone;

  bool supported() const { return verdict == "supported"; }
  // Of a question about a stack: a difference between the whole and a part.
  bool whole() const { return !part.empty() && !interaction; }
  // Whether both are differences between the same two sides, as they stand.
  bool same_pair(const Entry& other) const {
    return !interaction && !other.interaction && factor == other.factor && part == other.part &&
           treatment == other.treatment && baseline == other.baseline;
  }
  // The same the other way round.
  bool turned_pair(const Entry& other) const {
    return !interaction && !other.interaction && factor == other.factor && part == other.part &&
           treatment == other.baseline && baseline == other.treatment;
  }
  bool without_zero() const { return lower > 0 || upper < 0; }
  // How far the contrast stands from zero, in widths of its interval; 0 where nothing varies.
  double clarity() const { return upper > lower ? std::abs(mean) / (upper - lower) : 0; }
  std::size_t deciding_blocks() const;  // of how many each alone, left out, would make the verdict another
  std::vector<std::string> verdicts_without_one() const;  // that these would make of it
  bool hangs_on_single_blocks() const { return deciding_blocks() > 0; }
  bool same_in_every_block() const;  // both arms have one score in each, as where a factor cannot act
};

class Study {
 public:
  explicit Study(const json::object& document);

  const json::object& document() const { return *document_; }
  const json::object& manifest() const { return *manifest_; }
  const json::object& scope() const { return *scope_; }
  const std::vector<Entry>& nodes() const { return nodes_; }
  const std::vector<Entry>& claims() const { return claims_; }
  const Entry* node(const std::string& id) const;
  // The claim on a node; null when the node was not put to confirmation.
  const Entry* claim_on(const std::string& node) const;
  // The confirmed claim that answers the question most directly: a difference before an interaction, in the usual
  // setting before an unusual one, and of those the one whose hypothesis came first. Null without claims.
  const Entry* main_claim() const;
  // Whether the sign-flip test of an entry counted all flips of its n blocks, so that 2 / 2^n is the least it can
  // attain, and did not draw some.
  bool flips_are_counted(const Entry& entry) const;
  // Claims with a verdict.
  std::size_t count(const std::string& verdict) const;

  std::string factor_title() const;  // "activation function"; of a stack what is added: "dropout and weight decay"
  bool stacked() const;              // several factors, each off or on
  // Whether some experiment that gave evidence set all of a stack against one part of it: against `part`, when named.
  bool whole_against_part(const std::string& part = {}) const;
  // A factor of the stack as what is added: "dropout" for the dropout rate, "batch normalisation" for normalisation.
  std::string layer_title(const std::string& factor) const;
  // The level at which a factor of the stack is off; empty for any other factor.
  std::string off_in_stack(const std::string& factor) const;
  std::string the_factor() const;                                 // "the activation function"; "label smoothing"
  const char* does() const { return stacked() ? "do" : "does"; }  // what follows the factor or factors
  const char* it() const { return stacked() ? "them" : "it"; }
  std::string metric_title() const;  // "accuracy"
  const json::object& metric() const;
  // The level of the template's model that the question fixes; null when there is none.
  const json::value* fixed_model() const;
  // Whether an arm of the entry, or each, comes so close to the ceiling of a score that the limit is much of what is
  // left.
  bool near_ceiling(const Entry& entry, bool every_arm = false) const;
  // With those parts of what a seed fixes that act in some arm.
  Terms terms() const;
  bool lower_is_better() const { return text_of_direction() == "lower"; }
  // The level of a factor where the study does not vary it: what the question fixes, off in a stack, else the default.
  std::string usual_level(const std::string& factor) const;
  std::string data_factor() const;                       // "train_size"
  std::string amount_of_data(const Entry& entry) const;  // the level of data_factor() in its setting; may be empty
  // The question's own words for the data it is about: " on small datasets", " where training data are few"; empty
  // when it has none.
  std::string setting_place() const;
  // What the data are called: "the Wine recognition data", "{{template.file}}" for a user's own; empty when unnamed.
  std::string data_name() const;
  // Whether a factor does anything in some arm that the study planned; `claimed`: of its claims, where there are any.
  bool acts_somewhere(const std::string& factor, bool claimed = false) const;
  // The same of whatever has an `applies_to`, such as one of the template's details; one that has `figures` is about
  // figures of these kinds, and there must be one; one that has `least_classes` is about data with as many or more.
  bool applies_somewhere(const json::object& owner, bool claimed = false) const;
  // Whether the outcome is measured on the training data: then no split holds anything back from the search.
  bool on_training_data() const;

  bool has_fact(const std::string& name) const;
  const json::object& fact(const std::string& name) const;
  const json::object* record(const std::string& key) const;

  // "a {{label:model.vit}} with {{level:train_size.200}} training images"; `last_first`: its settings the other way
  // round, for a text that has them as they are already.
  std::string subject(const Entry& entry, bool last_first = false) const;
  // "in a {{label:model.vit}} with {{level:train_size.200}} training images"; "with {{level:rows.48}} training rows"
  std::string in_subject(const Entry& entry) const;
  // "{{label:model.vit}}, {{level:train_size.200}} training images"
  std::string setting(const Entry& entry) const;
  // What the entry has that the usual setting has not: "peak learning rate {{level:learning_rate.0.005}}"; may be
  // empty. `told`: as part of a sentence, in which a model is counted.
  std::string peculiarity(const Entry& entry, bool told = false) const;
  // "{{arm:c1.gelu}} against {{arm:c1.relu}}"; an interaction by its labels, with its two conditions.
  std::string comparison(const Entry& entry, const std::string& between) const;
  // "{{level:train_size.100}} against {{level:train_size.400}} training images"
  std::string conditions(const Entry& entry) const;
  // A side of a difference with what of the peculiarity acts on it alone: "a {{arm:c1.forest}} with tree depth
  // {{level:depth.1}}"; else as treatment() and baseline(). shared_peculiarity() is the rest.
  std::string treatment_in_full(const Entry& entry) const { return side_in_full(entry, true); }
  std::string baseline_in_full(const Entry& entry) const { return side_in_full(entry, false); }
  std::string shared_peculiarity(const Entry& entry) const;
  // What other claims depart from and acts on both sides of this difference: "tree depth {{level:depth.4}}"; may be
  // empty.
  std::string usual_beside_others(const Entry& entry) const;
  // The factors of its setting that are not at the usual level, in their order.
  std::vector<std::string> departing(const Entry& entry) const;
  std::string level_in(const Entry& entry, const std::string& factor) const;  // that its setting has it at
  // What is subtracted, for a table: "{{arm:c1.gelu}} \u2212 {{arm:c1.relu}}".
  std::string difference(const Entry& entry, const std::string& sign = " \u2212 ") const;
  // The two sides alone, whatever the entry.
  std::string sides(const Entry& entry, const std::string& between) const {
    return treatment(entry) + between + baseline(entry);
  }
  // "{{arm:c1.gelu}}"; of an interaction "{{label:activation.gelu}}"; a model is counted: "a {{arm:c1.forest}}".
  std::string treatment(const Entry& entry) const { return told_side(entry, true); }
  std::string baseline(const Entry& entry) const { return told_side(entry, false); }
  // The side of a difference on which alone a factor acts: "a {{arm:c1.forest}}"; "" where it acts on both or none.
  std::string only_side(const Entry& entry, const std::string& factor) const;
  // The sides of an entry on which alone what it sets otherwise than another, or than usual, acts: "random forest";
  // empty where some of it acts on both.
  std::vector<std::string> sides_changed(const Entry& entry, const Entry* other = nullptr) const;
  // Whether what the main claim compares has values of a tuning factor of its own (`tuned_for` in the template).
  bool tuned_apart(const std::string& tuning) const;
  bool varies_model(const Entry& entry) const;  // whether its arms are of different models
  // The form of a verb that follows the treatment: "ViT leads", but "100 trees lead" and "raw features lead".
  const char* verb(const Entry& entry, const char* of_one, const char* of_several) const;
  // The condition at which the prediction of an interaction has the treatment gain most, or least.
  std::string near(const Entry& entry) const { return near_low(entry) ? low(entry) : high(entry); }
  std::string far(const Entry& entry) const { return near_low(entry) ? high(entry) : low(entry); }
  // Nodes on the same two sides, all else alike, at an interaction's first condition or at its second.
  std::vector<const Entry*> at_condition(const Entry& interaction, bool first) const;
  // Whether such nodes at both, set side by side on the interaction's scale, differ the way that it does; none where
  // one is missing or their intervals leave that open.
  std::optional<bool> ends_agree(const Entry& interaction) const;
  std::string low(const Entry& entry) const;  // "{{level:train_size.100}} training images"
  std::string high(const Entry& entry) const;
  // "{{c1.contrast.mean}}"
  std::string value(const Entry& entry, const std::string& name) const;
  std::string size(const Entry& entry) const;  // without its sign
  // Whether the contrast has no digit but zeros in print, so that it has no direction to speak of.
  bool prints_as_zero(const Entry& entry) const;
  // Without its unit: for what stands beside a value of the same unit.
  std::string bare(const Entry& entry, const std::string& name) const;
  std::string direction(const Entry& entry, const std::string& positive, const std::string& negative) const;
  // The same by merit: which word is printed says whether the treatment did better, not whether its value is higher.
  std::string merit(const Entry& entry, const std::string& better, const std::string& worse) const {
    return lower_is_better() ? direction(entry, worse, better) : direction(entry, better, worse);
  }
  // Whether an arm ("c1.gelu") scores on average no better than guessing, and whether every arm of an entry does, so
  // that its contrast says nothing of trained models.
  bool at_chance(const std::string& arm) const;
  bool guesses(const Entry& entry) const;
  // What a treatment has more of than its baseline: a margin, or an excess of what should be low.
  const char* margin() const { return lower_is_better() ? "excess" : "margin"; }
  std::string name(const Entry& entry) const;  // "{{c1.name}}"

 private:
  std::string text_of_direction() const;
  bool acts_on_all(const Entry& entry, const std::string& factor) const;
  bool near_low(const Entry& entry) const { return (entry.sign > 0) != lower_is_better(); }
  std::string side(const Entry& entry, bool treatment) const;
  std::string told_side(const Entry& entry, bool treatment) const;
  std::string side_in_full(const Entry& entry, bool treatment) const;
  json::object whole_context(const Entry& entry) const;
  // Where a comparison does not vary a factor: off in a stack, the middle of what the question varies, else as fixed.
  std::string expected_level(const std::string& factor) const;

  const json::object* document_;
  const json::object* manifest_;
  const json::object* scope_;
  std::vector<Entry> nodes_;
  std::vector<Entry> claims_;
};

}  // namespace aisci::offline
