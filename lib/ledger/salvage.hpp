// What is left of a damaged ledger.
//
//   Result<Salvage> kept = salvage("old/study.db", "new/study.db");
//   kept->events;    // so many, from the first on: an intact chain with every document it names
//   kept->damage;    // what came after: "event 41 (experiment.completed n3): expected hash ..."
//
// A ledger that was cut off, overwritten in places or changed keeps a beginning that holds: state is a fold over
// events, so a study goes on from any beginning. The damaged file is copied first and never written; a journal that
// names another file, which SQLite would delete, is left out.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <string>

namespace aisci {

struct Salvage {
  std::int64_t events = 0;
  std::string damage;  // where and why it ends; "" when the ledger is whole
};

// Writes `fresh`, which must not exist. UNAVAILABLE while another process writes the damaged ledger,
// FAILED_PRECONDITION for a ledger of a newer aisci, DATA_LOSS when not even its first event can be read; then nothing
// is left behind.
Result<Salvage> salvage(const std::filesystem::path& damaged, const std::filesystem::path& fresh);

}  // namespace aisci
