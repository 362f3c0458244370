// The sentences by which a template says how a trial comes about (`details`), and the conditions under which these and
// its facts act (`applies_to`); docs/guide/templates.md.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::design {

// What is wrong with them, a sentence each that names the place; empty when a paper can print them.
std::vector<std::string> detail_problems(const json::object& manifest);

}  // namespace aisci::design
