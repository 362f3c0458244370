// A store of papers: one SQLite file with full text (FTS5) and vectors, each paper once.
//
//   AISCI_ASSIGN_OR_RETURN(auto store, PaperStore::open(folder, PaperStore::kWrite));   // FOLDER/literature.db
//   AISCI_ASSIGN_OR_RETURN(const AddReport report, store->add(reading.records));
//   AISCI_ASSIGN_OR_RETURN(const auto found, store->search("dropout small data", 10));   // best first
//
// Adding a paper that is there (record.hpp, same_paper) merges the two. A search ranks by BM25 over title and themes
// (weight 3), authors and statements, and by the nearness of vectors, and joins both rankings (nearness.hpp).
//
// Threads: one at a time on one object; other processes may read and write the same file meanwhile.
// Errors: DATA_LOSS for a file that is no such store; UNAVAILABLE when another process keeps it locked.
// Since 0.1.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"

struct sqlite3;

namespace aisci {

struct AddReport {
  int added = 0;                      // papers that were not there
  int merged = 0;                     // papers that were there and now say more
  int unchanged = 0;                  // papers that were there and say what they said
  std::vector<std::string> problems;  // records that were not added, and why
};

class PaperStore {
 public:
  enum Mode { kRead, kWrite };
  static bool is_in(const std::filesystem::path& folder);
  // NOT_FOUND when reading and there is none; writing makes it.
  static Result<std::unique_ptr<PaperStore>> open(const std::filesystem::path& folder, Mode mode);
  // One that lives as long as the object.
  static Result<std::unique_ptr<PaperStore>> in_memory();
  PaperStore(const PaperStore&) = delete;
  PaperStore& operator=(const PaperStore&) = delete;
  ~PaperStore();

  // All in one transaction. Records are complete ones (record.hpp).
  Result<AddReport> add(const std::vector<json::object>& records);
  // All records, by key.
  Result<std::vector<json::object>> list();
  Result<std::vector<json::object>> search(std::string_view words, std::size_t k);

 private:
  explicit PaperStore(sqlite3* database, std::string name) : database_{database}, name_{std::move(name)} {}
  Status prepare(bool writing);
  Status execute(const char* sql);
  Status failure(std::string_view doing) const;
  Status add_one(const json::object& record, AddReport& report);
  Status write(std::int64_t id, const json::object& record);
  Result<std::int64_t> find(const json::object& record, json::object& known);

  sqlite3* database_;
  std::string name_;
};

}  // namespace aisci
