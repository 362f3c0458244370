// Answer to the model task design.repair: a program that ended by an error, repaired where the error itself says how.
// One kind is known: a name of a known module that is used and never imported. Anything else is UNIMPLEMENTED: guessing
// at code is not for rules.
//
//   design_repair({{"code", {{"experiment.py", text}}}, {"failure", "... NameError: name 'math' is not defined"}})
//     -> {"code": {"experiment.py": repaired}, "told": "experiment.py uses math without importing it"}
//
// Thread safety: a pure function. Since 0.1.
#pragma once

#include "kit/json.hpp"

namespace aisci::offline {

json::object design_repair(const json::object& input);

}  // namespace aisci::offline
