// What a template calls the things of a study, and which part each of its factors plays. Nothing that is said of
// networks or images is said here: it comes from the members `terms` of template.json and `role`, `family`, `expects`
// and `reasons` of its factors (docs/guide/templates.md).
//
//   terms_of(manifest).subjects          // "networks"
//   factor_with_role(manifest, "data")   // "train_size"; "" when no factor has that part
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include <functional>
#include <string>

#include "kit/json.hpp"

namespace aisci::offline {

struct Terms {
  std::string subject, subjects;  // what a trial makes: "network", "networks"
  std::string example, examples;  // one input: "image", "images"
  std::string trained;            // what happens to it: "trained", "fitted", "run"
  std::string block;              // what the seed of a block fixes: "the training subset, the initial weights and ..."
};
// With those parts alone of what a seed fixes that it fixes in every study.
Terms terms_of(const json::object& manifest);
// The parts of what a seed fixes, where the template lists them: those without a condition, and those with one that
// `acting` finds to act. Empty where the template does not list them.
std::string what_a_seed_fixes(const json::object& manifest, const std::function<bool(const json::object&)>& acting);

// The factor that plays a part: "model", "data", "tuning", "mechanism", "capacity" or "component". Where no factor of
// the template has a role, those that are called model, learning_rate, depth, width and normalisation have the obvious
// one, and what the settings vary first is the amount of data.
std::string factor_with_role(const json::object& manifest, std::string_view role);
bool has_role(const json::object& manifest, const std::string& factor, std::string_view role);

// Whether a metric's `chance` is what guessing scores: what a program reports of its own networks nobody can guess, and
// there it is what a diverged trial counts as.
bool can_be_guessed(const json::object& metric);

// Whether a level takes its factor away: "none", or zero of it.
inline bool is_off(std::string_view level) { return level == "none" || level == "0"; }

// "more", "less" or "moderate": which end of an ordered factor is predicted to do better; empty when its levels do not
// say.
std::string expects(const json::object& manifest, const std::string& factor);
// Two factors that are thought to act on the same thing.
bool same_family(const json::object& manifest, const std::string& one, const std::string& other);
// A sentence that the factor gives as a reason: "helps", "overdone" or "kinds"; else `otherwise`.
std::string reason_of(const json::object& manifest, const std::string& factor, const char* which,
                      const std::string& otherwise);

// Whether a factor does anything at the given levels: its `applies_to` names the levels of another factor with which it
// does ({"factor": "model", "levels": ["forest"]}). Factors that are not in `levels` are at their defaults.
bool acts(const json::object& manifest, const std::string& factor, const json::object& levels);
// Whether its levels are known to come to the same there, but for rounding (`idle_with`, of the same form): it can be
// asked about, and setting it on the side tells nothing.
bool idle(const json::object& manifest, const std::string& factor, const json::object& levels);
// The same of whatever has an `applies_to`, which of a fact or a detail may be a list: all of it must hold.
bool applies(const json::object& manifest, const json::object& owner, const json::object& levels);

// "a" or "an", by how the word is spoken: letter by letter when it begins with two capitals.
std::string article(const std::string& word);

}  // namespace aisci::offline
