// What a study used: a fold over its events.
#pragma once

#include <aisci/scientist.hpp>

#include "ledger/ledger.hpp"

namespace aisci {

// Begin with usd = 0; a call of unknown price unsets it for good.
void add_to(Cost& cost, const Event& event);
Result<Cost> cost_of(const Ledger& ledger);

}  // namespace aisci
