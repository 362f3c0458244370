// Landscapes built in code.
#pragma once

#include "research/landscape.hpp"

namespace aisci::bench {

// Names of landscapes built in code: smooth, deceptive, sparse, ... Beside them `various`, where `variant` draws the
// character.
std::vector<std::string> synthetic_names();
Landscape synthetic(const std::string& name, std::uint64_t variant);

}  // namespace aisci::bench
