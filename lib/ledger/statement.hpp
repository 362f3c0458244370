// An event read from a row of the ledger.
#pragma once

#include "base/sqlite_statement.hpp"
#include "ledger/ledger.hpp"

namespace aisci {

// What read_event() reads.
inline constexpr const char* kColumns = "SELECT sequence, time, type, key, body, previous, hash FROM events ";

Result<Event> read_event(Statement& row);

}  // namespace aisci
