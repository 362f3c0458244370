// A ledger may be a stranger's. What SQLite would do on behalf of whoever made the files is taken from it, before
// anything of them is read.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <optional>
#include <string>

struct sqlite3;

namespace aisci {

// Tables, their guards: what a ledger consists of.
Status make_schema(sqlite3* database);

// Whether a rollback journal names a further file, which SQLite deletes once it has undone what the journal holds.
// aisci works on one file at a time, so no journal of its own does.
bool names_another_file(const std::filesystem::path& journal);

// Before a ledger is opened to be written: FAILED_PRECONDITION for such a journal beside it, with what to do.
Status check_journal(const std::filesystem::path& ledger);

// Takes from an open connection what no ledger needs: views, triggers, functions in the schema, endless rows.
void restrict_connection(sqlite3* database);

// What the file holds that aisci never made, or lacks; "" when it is as aisci makes it, its guards aside: without them
// it is protected less, and says nothing else. None where SQLite cannot read it.
std::optional<std::string> fault_of_schema(sqlite3* database);

}  // namespace aisci
