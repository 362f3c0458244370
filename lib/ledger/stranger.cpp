#include "ledger/stranger.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>

#include "base/sqlite_statement.hpp"
#include "base/text.hpp"

namespace aisci {
namespace {

struct Part {
  const char* type;
  const char* name;
  const char* table;
  const char* text;  // what follows the name where it is made; "" of what SQLite makes itself
};

constexpr Part kParts[] = {
    {"table", "events", "events",
     "( sequence INTEGER PRIMARY KEY, time TEXT NOT NULL, type TEXT NOT NULL, key TEXT NOT NULL,"
     " body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE(type, key))"},
    {"index", "sqlite_autoindex_events_1", "events", ""},
    // In the order of their arrival, not of their names: a file that is cut off loses the last ones alone.
    {"table", "documents", "documents", "(name TEXT PRIMARY KEY NOT NULL, content BLOB NOT NULL)"},
    {"index", "sqlite_autoindex_documents_1", "documents", ""},
    {"trigger", "events_stay", "events",
     " BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events never change'); END"},
    {"trigger", "events_remain", "events",
     " BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events never go'); END"},
};

// The hashes of a folder of a million small files of a user's own are one event.
constexpr int kLongestRow = 256 << 20;

std::string sql_of(const Part& part, const char* guard) {
  if (!*part.text) return {};
  const std::string type = std::string{part.type} == "table" ? "TABLE " : "TRIGGER ";
  return "CREATE " + type + guard + part.name + part.text;
}

}  // namespace

Status make_schema(sqlite3* database) {
  std::string sql;
  for (const auto& part : kParts)
    if (*part.text) sql += sql_of(part, "IF NOT EXISTS ") + ";";
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return internal_error(sqlite3_errmsg(database));
}

bool names_another_file(const std::filesystem::path& journal) {
  constexpr std::array<unsigned char, 8> kMark{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
  constexpr std::streamoff kShortest = 16;  // what stands behind the name
  std::ifstream file{journal, std::ios::binary | std::ios::ate};
  if (!file || file.tellg() < kShortest) return false;
  std::array<char, kMark.size()> end{};
  file.seekg(-static_cast<std::streamoff>(end.size()), std::ios::end);
  file.read(end.data(), end.size());
  return file.good() && std::equal(end.begin(), end.end(), kMark.begin(),
                                   [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

Status check_journal(const std::filesystem::path& ledger) {
  const std::string journal = ledger.string() + "-journal";
  if (!names_another_file(journal)) return {};
  const std::string folder = ledger.parent_path().string();
  return failed_precondition(journal +
                             " tells SQLite to delete another file, which no journal of aisci does: somebody made it. "
                             "What the study holds without it goes into a new one: aisci recover " +
                             (folder.empty() ? "." : folder) + " -o NEW");
}

void restrict_connection(sqlite3* database) {
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  // They guard the events from other programs; aisci itself changes none.
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, kLongestRow);
  sqlite3_exec(database, "PRAGMA cell_size_check=ON", nullptr, nullptr, nullptr);
}

std::optional<std::string> fault_of_schema(sqlite3* database) {
  constexpr std::size_t kShown = 100;
  std::set<std::string> found;
  Statement rows{database, "SELECT type, name, tbl_name, sql FROM sqlite_schema"};
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step()) {
    const std::string type = rows.text(0), name = rows.text(1);
    const auto known = std::find_if(std::begin(kParts), std::end(kParts), [&](const Part& part) {
      return type == part.type && name == part.name && rows.text(2) == part.table && rows.text(3) == sql_of(part, "");
    });
    if (known == std::end(kParts))
      return "it holds the " + printable(type, kShown) + " \"" + printable(name, kShown) +
             "\" as no ledger of aisci does";
    found.insert(name);
  }
  if (code != SQLITE_DONE) return std::nullopt;
  for (const char* table : {"events", "documents"})
    if (found.count(table) == 0) return std::string{"it has no table \""} + table + "\"";
  return std::string{};
}

}  // namespace aisci
