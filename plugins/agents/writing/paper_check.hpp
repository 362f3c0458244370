// Whether a paper's model may be printed: the rules of text with references, checked before the paper leaves the agent.
//
//   if (const auto problems = paper_problems(paper, study); !problems.empty()) ...   // "abstract: a number by hand:
//   ..."
//
// A problem is one of these:
//   - a digit that no reference printed. Exceptions are names: F1, L1, L2, 2D, 3D, CIFAR-10, CIFAR-100, GPT-2,
//   ResNet-18,
//     ResNet-50;
//   - a reference to no fact, arm, label, verdict, figure, table or record, or one that is not closed;
//   - a value of an arm that does not follow that arm's name in its sentence (a row of a table is one sentence);
//   - a contrast's value that does not follow the names of its arms, treatment first. An interaction may name the
//   labels of
//     its two levels instead;
//   - a cited record without support, or with one that is not a statement of that record letter for letter;
//   - a figure or table that stands twice, a row that is not as wide as its table, an empty section.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/json.hpp"

namespace aisci::writing {

// `study` is the document that the paper was written from.
std::vector<std::string> paper_problems(const json::object& paper, const json::object& study);

// Comparative words that no {{direction:...}} chose and no citation answers for: worth rewording, not forbidden.
std::vector<std::string> unbound_comparatives(const json::object& paper);

// Stretches of eight words that stand twice outside captions, tables and quotations, as a reader sees them: worth
// rewording, not forbidden. One for each pair of texts.
std::vector<std::string> repeated_phrases(const json::object& paper, const json::object& study);

// Points of the meta-review that a revision leaves without a response, and responses to no point.
std::vector<std::string> response_problems(const json::object& revision, const json::object& input);

// One text of a paper and where it stands; a row of a table is one text, its cells separated by " | ".
struct PlacedText {
  std::string place;  // "abstract", "results[3]", "results[2].caption"
  std::string text;
};
std::vector<PlacedText> placed_texts(const json::object& paper);

// The problems of one text by the same rules; figures and tables may be referred to when `paper` holds them.
std::vector<std::string> text_problems(const PlacedText& placed, const json::object& paper, const json::object& study);

// The text as a reader sees it, citations as "[key]".
std::string printed(std::string_view text, const json::object& paper, const json::object& study);

}  // namespace aisci::writing
