// What the ideation agent makes of a model's answers: members it needs are there, levels are the template's own, and
// what names something the template does not have is refused or left out.
//
// Errors: plugin::Error INVALID_ARGUMENT when nothing usable is left. Pure functions, any thread.
// Since 0.1.
#pragma once

#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::ideation {

// Input and answer of ideation.scope. An arm, level or factor that the template does not have turns the answer into a
// refusal that names it.
json::object checked_scope(const json::object& input, json::object answer);

// Answer of ideation.hypotheses and ideation.refine, {"hypotheses": [..]}: invalid and repeated ones are left out;
// levels become the template's values; citations keep to statements of `records`, letter for letter. `tried` holds
// hypotheses that must not come again.
json::object checked_hypotheses(const json::object& manifest, const std::vector<const json::object*>& records,
                                const std::vector<const json::object*>& tried, const json::object& answer);

// One text for one comparison: factor, the two levels whichever comes first, context with defaults filled in,
// moderator.
std::string comparison_of(const json::object& manifest, const json::object& hypothesis);

}  // namespace aisci::ideation
