// Arms and numbers that a question names: which level a number means, and which names no template offers.
//
// Since 0.1.
#pragma once

#include "question_reading.hpp"

namespace aisci::offline {

// The question as a row of items: mentions, and the tokens that no mention covers.
struct Item {
  const Mention* mention = nullptr;
  Token token;
};
std::vector<Item> items_of(const Wording& wording, const std::vector<Mention>& mentions);

// Turns numbers beside a numeric factor ("dropout of 0.1", "100 training images") into mentions of its levels; a
// number that is no level is added to reading.not_offered.
void read_numbers(const Wording& wording, Reading& reading);

// Fills reading.not_offered and reading.left_out: names from the vocabulary, and unknown names that stand where an arm
// would ("GELU versus Foo", "the Foo activation function").
void find_names_not_offered(const Wording& wording, Reading& reading);

}  // namespace aisci::offline
