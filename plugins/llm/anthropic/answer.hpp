// What Anthropic's messages API answers, whole or as a stream, in the form that providers share.
// Pure functions. Since 0.1.
#pragma once

#include "kit/http/model_api.hpp"

namespace aisci::anthropic {

kit::Answer answer_of(const json::object& body);

// One event of a stream, which ends with message_stop.
void read_event(const json::object& event, kit::Stream& into);

}  // namespace aisci::anthropic
