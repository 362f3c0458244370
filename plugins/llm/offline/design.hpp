// Answer to the model task design.plan: what an experimenter decides once the hypothesis and the template are given.
// Arms, contrast, code and limits follow from those two and are the design agent's affair.
//
//   design_plan({{"hypothesis", h}, {"template", manifest}, {"blocks", 5}, {"stage", "research"}})
//     -> {"title", "question", "blocks", "divergence", "tuning"}
//
// Thread safety: a pure function. Since 0.1.
#pragma once

#include "kit/json.hpp"

namespace aisci::offline {

json::object design_plan(const json::object& input);

}  // namespace aisci::offline
