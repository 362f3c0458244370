#include "literature/store.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "base/files.hpp"
#include "base/sqlite_statement.hpp"
#include "base/text.hpp"
#include "literature/nearness.hpp"
#include "literature/record.hpp"

namespace aisci {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kDepth = 200;   // of each ranking
constexpr double kNearEnough = 0.25;  // below, two texts share no more than chance does
constexpr const char* kFile = "literature.db";
constexpr const char* kTables =
    "CREATE TABLE IF NOT EXISTS papers (id INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, doi TEXT NOT NULL, "
    "arxiv TEXT NOT NULL, title TEXT NOT NULL, record TEXT NOT NULL, vector BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS papers_doi ON papers (doi);"
    "CREATE INDEX IF NOT EXISTS papers_arxiv ON papers (arxiv);"
    "CREATE INDEX IF NOT EXISTS papers_title ON papers (title);"
    "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (title, themes, authors, statements, "
    "tokenize = 'porter unicode61 remove_diacritics 2');"
    "PRAGMA user_version = 1;";

std::string joined(const json::object& record, const char* name) {
  std::string text;
  for (const auto& value : array_of(record, name))
    if (value.is_string()) text += std::string{value.get_string().c_str()} + "\n";
  return text;
}

// Words as FTS5 takes them: each quoted, any of them.
std::string any_of_words(std::string_view words) {
  std::string query;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) query += (query.empty() ? "\"" : " OR \"") + word + "\"";
    word.clear();
  };
  for (const char c : words) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || byte >= 0x80)
      word += c;
    else
      finish();
  }
  finish();
  return query;
}

std::string_view bytes_of(const TextVector& vector) {
  return {reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)};
}

}  // namespace

bool PaperStore::is_in(const std::filesystem::path& folder) {
  std::error_code error;
  return !folder.empty() && std::filesystem::exists(folder / kFile, error);
}

Result<std::unique_ptr<PaperStore>> PaperStore::open(const std::filesystem::path& folder, Mode mode) {
  const auto file = folder / kFile;
  if (mode == kRead && !is_in(folder)) return not_found("there is no store of papers in " + folder.string());
  if (mode == kWrite) AISCI_RETURN_IF_ERROR(make_folders(folder));
  sqlite3* database = nullptr;
  const int flags = mode == kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(file.c_str(), &database, flags | SQLITE_OPEN_NOFOLLOW, nullptr);
  std::unique_ptr<PaperStore> store{new PaperStore{database, file.string()}};
  if (code != SQLITE_OK) return store->failure("opening");
  AISCI_RETURN_IF_ERROR(store->prepare(mode == kWrite));
  return store;
}

Result<std::unique_ptr<PaperStore>> PaperStore::in_memory() {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  std::unique_ptr<PaperStore> store{new PaperStore{database, "a store in memory"}};
  if (code != SQLITE_OK) return store->failure("opening");
  AISCI_RETURN_IF_ERROR(store->prepare(true));
  return store;
}

PaperStore::~PaperStore() { sqlite3_close(database_); }

Status PaperStore::failure(std::string_view doing) const {
  const int code = database_ ? sqlite3_errcode(database_) : SQLITE_NOMEM;
  const std::string text =
      name_ + ": " + std::string{doing} + ": " + (database_ ? sqlite3_errmsg(database_) : "out of memory");
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
    return data_loss(text + "; move the file away and add your references again");
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return unavailable(text + "; another program is writing to it");
  return failed_precondition(text);
}

Status PaperStore::execute(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure("writing");
  return {};
}

Status PaperStore::prepare(bool writing) {
  sqlite3_busy_timeout(database_, 10'000);
  Statement version{database_, "PRAGMA user_version"};
  if (version.step() != SQLITE_ROW) return failure("reading");
  if (version.number(0) > kVersion)
    return failed_precondition(name_ + " was written by a newer aisci; this one reads version " +
                               std::to_string(kVersion));
  if (version.number(0) == kVersion) return {};
  if (!writing) return data_loss(name_ + " is not a store of papers");
  Statement tables{database_, "SELECT count(*) FROM sqlite_master"};
  if (tables.step() != SQLITE_ROW) return failure("reading");
  if (tables.number(0) != 0) return data_loss(name_ + " is another program's database; choose another folder");
  return execute(kTables);
}

Result<std::int64_t> PaperStore::find(const json::object& record, json::object& known) {
  Statement rows{database_,
                 "SELECT id, record FROM papers WHERE (doi != '' AND doi = ?) OR (arxiv != '' AND arxiv = ?) OR title "
                 "= ? ORDER BY id"};
  rows.bind(normal_doi(text_of(record, "doi")))
      .bind(normal_arxiv(text_of(record, "arxiv")))
      .bind(normal_title(text_of(record, "title")));
  int step = rows.step();
  for (; step == SQLITE_ROW; step = rows.step()) {
    AISCI_ASSIGN_OR_RETURN(json::object candidate, parse_json_object(rows.text(1), "a record of " + name_));
    if (!same_paper(candidate, record)) continue;
    known = std::move(candidate);
    return rows.number(0);
  }
  if (step != SQLITE_DONE) return failure("reading");
  return std::int64_t{0};
}

Status PaperStore::write(std::int64_t id, const json::object& record) {
  const TextVector vector = vector_of(text_of_record(record));
  Statement forget{database_, "DELETE FROM words WHERE rowid = ?"};
  if (forget.bind(id).step() != SQLITE_DONE) return failure("writing");
  Statement row{
      database_,
      "INSERT OR REPLACE INTO papers (id, key, doi, arxiv, title, record, vector) VALUES (?, ?, ?, ?, ?, ?, ?)"};
  row.bind(id)
      .bind(text_of(record, "key"))
      .bind(normal_doi(text_of(record, "doi")))
      .bind(normal_arxiv(text_of(record, "arxiv")))
      .bind(normal_title(text_of(record, "title")))
      .bind(canonical(record))
      .bind_blob(bytes_of(vector));
  if (row.step() != SQLITE_DONE) return failure("writing");
  Statement words{database_, "INSERT INTO words (rowid, title, themes, authors, statements) VALUES (?, ?, ?, ?, ?)"};
  words.bind(id)
      .bind(text_of(record, "title"))
      .bind(joined(record, "themes"))
      .bind(joined(record, "authors"))
      .bind(joined(record, "statements"));
  if (words.step() != SQLITE_DONE) return failure("writing");
  return {};
}

Status PaperStore::add_one(const json::object& record, AddReport& report) {
  json::object known;
  AISCI_ASSIGN_OR_RETURN(std::int64_t id, find(record, known));
  json::object result = id == 0 ? record : merged(known, record);
  if (id != 0 && canonical(result) == canonical(known)) {
    ++report.unchanged;
    return {};
  }
  Statement holder{database_, "SELECT id, title FROM papers WHERE key = ?"};
  if (holder.bind(text_of(result, "key")).step() == SQLITE_ROW && holder.number(0) != id) {
    report.problems.push_back("the key " + text_of(result, "key") + " of \"" + text_of(record, "title") +
                              "\" is that of another paper in the store; give it another key");
    return {};
  }
  if (id == 0) {
    Statement last{database_, "SELECT coalesce(max(id), 0) + 1 FROM papers"};
    if (last.step() != SQLITE_ROW) return failure("reading");
    id = last.number(0);
    ++report.added;
  } else {
    ++report.merged;
  }
  return write(id, result);
}

Result<AddReport> PaperStore::add(const std::vector<json::object>& records) {
  AddReport report;
  AISCI_RETURN_IF_ERROR(execute("BEGIN IMMEDIATE"));
  for (const auto& record : records)
    if (const Status status = add_one(record, report); !status.ok()) {
      sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
      return status;
    }
  AISCI_RETURN_IF_ERROR(execute("COMMIT"));
  return report;
}

Result<std::vector<json::object>> PaperStore::list() {
  std::vector<json::object> records;
  Statement rows{database_, "SELECT record FROM papers ORDER BY key"};
  int step = rows.step();
  for (; step == SQLITE_ROW; step = rows.step()) {
    AISCI_ASSIGN_OR_RETURN(json::object record, parse_json_object(rows.text(0), "a record of " + name_));
    records.push_back(std::move(record));
  }
  if (step != SQLITE_DONE) return failure("reading");
  return records;
}

Result<std::vector<json::object>> PaperStore::search(std::string_view words, std::size_t k) {
  std::vector<std::vector<json::object>> rankings(2);
  if (const std::string query = any_of_words(words); !query.empty()) {
    Statement rows{database_,
                   "SELECT papers.record FROM words JOIN papers ON papers.id = words.rowid WHERE words MATCH ? "
                   "ORDER BY bm25(words, 3.0, 3.0, 1.0, 1.0), papers.id LIMIT 200"};
    rows.bind(query);
    int step = rows.step();
    for (; step == SQLITE_ROW; step = rows.step()) {
      AISCI_ASSIGN_OR_RETURN(json::object record, parse_json_object(rows.text(0), "a record of " + name_));
      rankings[0].push_back(std::move(record));
    }
    if (step != SQLITE_DONE) return failure("searching");
  }
  const TextVector mine = vector_of(words);
  std::vector<std::pair<double, std::string>> near;
  Statement rows{database_, "SELECT vector, record FROM papers ORDER BY id"};
  int step = rows.step();
  for (; step == SQLITE_ROW; step = rows.step()) {
    const std::string bytes = rows.text(0);
    TextVector vector{};
    if (bytes.size() != sizeof(float) * kVectorSize) return data_loss(name_ + ": a vector has the wrong length");
    std::memcpy(vector.data(), bytes.data(), bytes.size());
    if (const double how = nearness(mine, vector); how >= kNearEnough) near.emplace_back(-how, rows.text(1));
  }
  if (step != SQLITE_DONE) return failure("searching");
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < near.size() && i < kDepth; ++i) {
    AISCI_ASSIGN_OR_RETURN(json::object record, parse_json_object(near[i].second, "a record of " + name_));
    rankings[1].push_back(std::move(record));
  }
  return fused(rankings, k);
}

}  // namespace aisci
