// What OpenAI's chat completions answer, whole or as a stream, in the form that providers share.
// Pure functions. Since 0.1.
#pragma once

#include "kit/http/model_api.hpp"

namespace aisci::openai {

kit::Answer answer_of(const json::object& body);

// One chunk of a stream. It has ended when a chunk says why; what it cost comes after that.
void read_chunk(const json::object& chunk, kit::Stream& into);

}  // namespace aisci::openai
