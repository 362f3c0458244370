// The plan of an experiment from a hypothesis, a template and what the model decided.
//
//   json::object plan = assembled_plan(hypothesis, manifest, decisions, 5);
//   // arms gelu and relu with a value for every factor; contrast gelu 1, relu -1
//
// A difference has two arms named by their levels, "gelu" and "relu"; an interaction has four, "gelu-100", "relu-100",
// "gelu-400", "relu-400", weighed 1, -1, -1, 1, on the logit scale when the metric is a fraction. A dot in a level's
// name is written '_' in an arm's id: "0_1".
//
// The smallest effect on the logit scale is the metric's smallest_effect_logit, or else smallest_effect / 0.16: what a
// difference of that size in a fraction is on the logit scale at 0.8, by the slope 1 / (p (1 - p)).
//
// Errors: plugin::Error INVALID_ARGUMENT names what the hypothesis asks for and the template does not have.
// Pure functions, any thread. Since 0.1.
#pragma once

#include <string>

#include "kit/json.hpp"

namespace aisci::design {

json::object assembled_plan(const json::object& hypothesis, const json::object& manifest, const json::object& decisions,
                            double blocks);

// What a level is called in the id of an arm: "0_1".
std::string arm_id(const json::value& level);

}  // namespace aisci::design
