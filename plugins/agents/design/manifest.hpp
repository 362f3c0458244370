// A template.json held to its schema, docs/schemas/template.schema.json, which is compiled in: there is one list of the
// members that templates have, of their types and of the values that are allowed.
//
//   manifest_problems(manifest)
//       // {"`metrics.r2.direction` is \"Lower\"; it may be \"higher\" or \"lower\"",
//       //  "there is no member `limits.thread`; there are memory_mb, wall_seconds_per_trial, threads and gpus"}
//
// A member that is null counts as not given. Unlike documents that studies write, a manifest may have no member that
// the schema does not list: whoever misspelt one would never hear of it.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/json.hpp"

namespace aisci::design {

// What does not fit, a sentence each that names the member and what is allowed; empty when all does.
std::vector<std::string> manifest_problems(const json::object& manifest);

// The rules by which the host scores: "accuracy", "r2".
std::vector<std::string> scoring_rules();

std::string_view template_schema();

}  // namespace aisci::design
