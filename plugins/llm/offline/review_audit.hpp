// What a reviewer checks line by line: whether the parts of a study agree with each other and with its text. Everything
// is computed from the documents that the reviewer was given; nothing is taken from the authors' word.
//
//   evidence   values, means, contrasts, intervals, levels and verdicts, each computed again from the one before
//   design     plan against hypothesis, claim against node, arms against each other, splits, budgets
//   record     counts, facts, figures and citations against what they stand for
//   words      sentences against the entries they speak of
//
// A weakness names its rule (docs/guide/review.md lists them), which does not change between versions, and its entry.
// Pure functions, any thread. Since 0.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/json.hpp"
#include "review.hpp"

namespace aisci::offline {

void examine_evidence(const json::object& study, std::vector<Weakness>& found);
void examine_copies(const json::object& study, std::vector<Weakness>& found);
void examine_numbers(const json::object& study, std::vector<Weakness>& found);
void examine_design(const json::object& study, std::vector<Weakness>& found);
void examine_record(const json::object& study, std::vector<Weakness>& found);
void examine_tables(const json::object& study, std::vector<Weakness>& found);
void examine_words(const json::object& study, std::vector<Weakness>& found);    // with the next
void examine_meaning(const json::object& study, std::vector<Weakness>& found);  // review_meaning.hpp has the tables

// "GELU over ReLU": the arms of a plan's contrast.
std::string pair_of(const json::object& plan);

// Nodes and claims with evidence or without, claims first.
std::vector<const json::object*> entries_of(const json::object& study);
const json::object* entry_of(const json::object& study, std::string_view id);

// Effect, interval and smallest effect of a claim or node, turned so that the prediction is positive.
struct Effect {
  bool known = false;
  double mean = 0, lower = 0, upper = 0, smallest = 0;
};
Effect effect_of(const json::object& holder);
// The verdict that the rule of the protocol gives.
std::string verdict_by_rule(const Effect& effect);

// P(|T| <= t) of Student's t with a whole number of degrees of freedom: the finite sums of Abramowitz and Stegun,
// 26.7.3 and 26.7.4.
double student_within(double t, int df);

// A sentence of the paper as its author wrote it.
struct Reference {
  std::string kind;                  // value, arm, cite, figure, table, direction, verdict, label, level
  std::string target;                // "c1.contrast.mean", "c1.gelu"
  std::vector<std::string> options;  // after each "|"
  std::size_t at = 0;                // where it stands in `words`
};
struct Sentence {
  std::string place;  // "title", "abstract", "results", "caption of f1"
  std::string raw;
  std::string words;  // lower case, references replaced by "#"
  std::vector<Reference> references;
};
std::vector<Sentence> sentences_of(const json::object& study);

// A sentence and what it speaks of. Lives no longer than study and sentence.
struct Spoken {
  const Sentence* sentence = nullptr;
  std::vector<const json::object*> entries;  // claims and nodes, as they are named
  bool cites = false;
  std::vector<const json::object*> claims() const;
  bool of_search() const { return !entries.empty() && claims().empty(); }
  // Its first claim, else its first node, else the caption's own figure or table, else the whole.
  std::string entry() const;
  std::string here() const;  // "the discussion", "a caption"
};
Spoken spoken_of(const json::object& study, const Sentence& sentence);

// Where a phrase stands in whole words: find_phrase("it improves things", "improves") is 3, and of "improve" npos.
std::size_t find_phrase(std::string_view words, std::string_view phrase, std::size_t from = 0);
// The first of the phrases that the words hold; nullptr when none.
const char* first_phrase(std::string_view words, const std::vector<const char*>& phrases);

}  // namespace aisci::offline
