// A proposal: what a hypothesis is about, before it is put into words; and the hypothesis document made of it.
//
// Proposals are written so that the treatment is predicted to do better. An interaction predicts where that advantage
// is larger.
//
// Since 0.1.
#pragma once

#include <string>
#include <vector>

#include "hypotheses_literature.hpp"
#include "kit/json.hpp"

namespace aisci::offline {

// A further factor that the two sides of a comparison set, each at a level of its own or both at the same.
struct Further {
  std::string factor;
  std::string treatment;  // names of levels
  std::string baseline;
};

struct Proposal {
  std::string factor;
  std::string treatment;  // names of levels
  std::string baseline;
  json::object context;   // levels of other factors that differ from the template's defaults or are worth saying
  std::string moderator;  // empty: a difference
  std::string low, high;  // its two levels
  bool larger_at_low = true;
  std::string relation = "initial";
  std::string reason;                 // sentences for the rationale, with references in place of digits
  Support support;                    // what the direction rests on; may be empty
  Support contrary;                   // what speaks for the opposite order; may be empty
  std::vector<Further> also{};        // where sides differ in several factors: "all three together" and "dropout alone"
  std::vector<std::string> called{};  // then their two names
  bool primary = false;               // it is what the question itself asks
};

// Whether everything that the proposal varies or sets does something where it is set.
bool takes_effect(const json::object& manifest, const Proposal& proposal);

// Whether no condition that it sets, beside those of the question, is idle with the models of both sides.
bool sets_what_matters(const json::object& manifest, const json::object& scope, const Proposal& proposal);

// What the words need to know.
struct Ground {
  const json::object* manifest = nullptr;
  const Literature* literature = nullptr;
  std::string metric;
};

// Two hypotheses are the same when they compare the same two levels, in the same context with the template's defaults
// filled in, under the same moderator; which of the two is the treatment does not matter.
std::string identity_of(const json::object& manifest, const Proposal& proposal);
std::string identity_of(const json::object& manifest, const json::object& hypothesis);

// The hypothesis document.
json::object hypothesis_of(const Ground& ground, const Proposal& proposal);

// "{{label:activation.gelu}}", "{{level:train_size.100}} training images", "dropout rate {{level:dropout.0.1}}"
std::string level_phrase(const json::object& manifest, const std::string& factor, const std::string& level);
// "A ViT with 200 training images", as references; `capital` for the start of a sentence.
// The same in a sentence: a model is counted, "a {{label:model.forest}}".
std::string told_level(const json::object& manifest, const std::string& name, const std::string& level);
std::string subject_phrase(const json::object& manifest, const json::object& context, bool capital);
// Where the kind of model is what differs: "a setting with {{level:train_size.200}} training rows".
std::string setting_phrase(const json::object& manifest, const json::object& context);

// The two sides of a proposal in words: its levels, or what its sides are called.
std::string treatment_in(const json::object& manifest, const Proposal& proposal);
std::string baseline_in(const json::object& manifest, const Proposal& proposal);
// The further factors of a hypothesis.
std::vector<Further> further_in(const json::object& hypothesis);
// The same of a hypothesis: what its side is called; empty where it has no name.
std::string called_in(const json::object& hypothesis, bool treatment);
// A factor of a question's stack as what is added: "dropout" for the dropout rate, "batch normalisation" for
// normalisation.
std::string layer_title(const json::object& manifest, const json::object& scope, const std::string& factor);
// The level at which a factor of the stack is off; empty for any other factor.
std::string off_in_stack(const json::object& scope, const std::string& factor);

const json::object& factor_in(const json::object& manifest, const std::string& name);
// The name of the template's default level of a factor.
std::string default_level(const json::object& manifest, const std::string& factor);
// The factor that the template's settings vary first: the amount of data, if any.
std::string data_factor(const json::object& manifest);

}  // namespace aisci::offline
