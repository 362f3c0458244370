// How the offline author tells a contrast, a claim and a verdict: text with references, true for any data.
//
// Everything printed is a reference, and every word of direction is chosen by the value it describes, so a sentence
// cannot contradict the evidence. Sentences come in a few wordings, taken in turn, so that a paper does not repeat
// itself. Pure functions. Since 0.1.
#pragma once

#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::offline {

// "{{label:activation.gelu}}"; a numeric level as "{{level:train_size.200}}".
std::string level_word(const json::object& manifest, const std::string& factor, const json::value& level);

// "GELU over ReLU at 200 training images": what a hypothesis compares, without an article.
std::string comparison_of(const json::object& study, const json::object& hypothesis);

bool is_interaction(const json::object& hypothesis);

// The ids of a claim's or node's arms as the contrast names them, treatment first.
std::vector<std::string> arms_of(const json::object& entry);

// "GELU reached 91 % and ReLU 90 %, a difference of ... [.., ..]." `owner` is "c1" or "n3"; `turn` chooses the wording.
std::string result_sentence(const json::object& study, const json::object& entry, std::size_t turn);

// Why the verdict is what it is. `turn` chooses the wording.
std::string verdict_sentence(const json::object& study, const json::object& claim, std::size_t turn);

}  // namespace aisci::offline
