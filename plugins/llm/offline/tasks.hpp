// Every model task that the provider "offline" can answer, by name.
//
//   const Answer* answer = answer_to("ideation.scope");   // null: it has none
//   json::object output = (*answer)(input);
//
// An answer is a pure function of the task's input document: no file, clock, network or random number. The same input
// gives the same answer on every machine.
//
// Thread safety: any thread. Since 0.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/json.hpp"

namespace aisci::offline {

using Answer = json::object (*)(const json::object& input);

const Answer* answer_to(std::string_view task);
std::vector<std::string> task_names();

}  // namespace aisci::offline
