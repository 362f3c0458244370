// Clean bundles (study document and paper as a reviewer gets them), and what a saboteur does to one: change a part,
// then compute anew whatever would give the change away at once, as somebody would who wants it to pass.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "support/simulated_study.hpp"

namespace aisci::sabotage {

// One of the shipped agents' tasks, by plugins.
Result<json::object> ask(std::string_view task, const json::object& input);

struct Bundle {
  std::string name;  // "Does dropout help ...?, seed 12"
  json::object study;
};
// At least 24 finished studies, made once: different questions, seeds and effects, every verdict among them.
const std::vector<Bundle>& clean_bundles();

struct Weakness {
  std::string rule, entry, weight, text;
  bool operator<(const Weakness& other) const {
    return std::tie(rule, entry, text) < std::tie(other.rule, other.entry, other.text);
  }
};
// What all three reviewers raise.
std::set<Weakness> raised(const json::object& study);

// A sabotage returns the entries that a reviewer may tie it to; none when the study has nothing to do it to.
struct Sabotage {
  const char* family;  // evidence, design, record, words
  const char* name;
  std::vector<std::string> rules;  // that may raise it
  std::function<std::vector<std::string>(json::object& study)> apply;
};
std::vector<Sabotage> known_sabotages();            // 40, with which the rules were written
std::vector<Sabotage> held_out_sabotages();         // 40 that were written after the rules were done
std::vector<Sabotage> second_held_out_sabotages();  // more, by somebody who had not read the rules

// --- what sabotages are made of ---
json::object& at(json::value& value);
json::object& member(json::object& object, std::string_view path);  // "evidence.contrast"
json::array& list(json::object& object, std::string_view name);
// The claims, or those with a verdict; nodes that no claim was made of.
std::vector<json::object*> claims(json::object& study, const std::string& verdict = "");
std::vector<json::object*> explored(json::object& study);
json::object* node_of(json::object& study, const json::object& claim);
std::string id(const json::object& entry);
bool difference(const json::object& entry);

// Values by arm.
json::array& values(json::object& entry, const std::string& arm);
std::string treatment(const json::object& entry);
std::string baseline(const json::object& entry);
// Evidence from the arms' values and the listed seeds, verdict and facts from the evidence, figures from all. False
// when there is no evidence any more.
bool recompute(json::object& study, json::object& entry, double confidence = 0);
void refresh_facts(json::object& study, const json::object& entry);
void redraw(json::object& study);
void keep_blocks(json::object& entry, std::size_t count);

json::object* section(json::object& study, std::string_view start);
// Adds a sentence to the last paragraph of a section, or to the abstract.
void say(json::object& study, std::string_view section, const std::string& sentence);
json::object* table(json::object& study, std::string_view id);
bool replace_in_paper(json::object& study, const std::string& from, const std::string& to);

}  // namespace aisci::sabotage
