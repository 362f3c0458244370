// The offline analyst: findings in the order of their evidence, and what to try next.
#pragma once

#include "kit/json.hpp"

namespace aisci::offline {

json::object analysis_findings(const json::object& input);

}  // namespace aisci::offline
