// Which of two arms a sentence puts ahead, and which is.
#pragma once

#include <string>
#include <utility>

#include "review_audit.hpp"

namespace aisci::offline {

// The entry or factor that a reference belongs to: "c1" of "c1.gelu".
std::string owner(const Reference& reference);

// Whether levels of another factor stand in the sentence, under which two bare levels may come out as nowhere else.
bool under_a_condition(const Sentence& sentence, const Reference& side);

// "outstrips", "outdoes": verbs of being ahead.
bool outdoes(const std::string& words);

// "more ... than", for the degree "more".
bool compares(const std::string& words, const char* degree);

// The entry that compares two arms or levels, claims first, and the difference of their means; null where none does.
std::pair<const json::object*, double> measured(const json::object& study, const Reference& a, const Reference& b);

}  // namespace aisci::offline
