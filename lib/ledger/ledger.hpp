// The ledger of a study: an append-only, hash-chained list of events in one SQLite file, and
// the documents the events point to, named by their content.
//
//   auto ledger = Ledger::open_for_writing(folder / "study.db");      // takes the writer's lock
//   Result<Event> event = (*ledger)->append("node.created", "n1", {{"parent", ""}});
//   Result<std::string> name = (*ledger)->put(plan_text);             // "3f5a..." its SHA-256
//
//   auto reader = Ledger::open_for_reading(folder / "study.db");      // any time, any process
//   for (const Event& event : (*reader)->events().value()) ...
//
// An event has a type and a key; the pair is unique, so a step that already happened is found
// by name and never recorded twice: find("experiment.completed", "n3"). That is what resuming
// rests on: the study's flow is run again from its start, and each step that has an event
// returns what the event says instead of acting.
//
// Each event carries the hash of the one before it; hash = SHA-256 of the lines previous, sequence, time, type, key and
// body, the body as canonical JSON. Nothing is ever changed or removed.
//
// Durability: one transaction an event, seen by readers at once. A synced event, and with it every event before, is on
// the disk when append() returns; a buffered one with the next synced event, so that what merely follows from others
// need not wait for the disk. Write-ahead log, or a rollback journal where the file system cannot map shared memory.
// Threads: one object belongs to one thread at a time; open a second one for another thread.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "base/json.hpp"
#include "ledger/writer_lock.hpp"

struct sqlite3;

namespace aisci {

struct Event {
  std::int64_t sequence = 0;
  std::string time;      // UTC; volatile: part of the hash, never of a result
  std::string type;      // "node.created"
  std::string key;       // "n3"; what the event is about
  json::object body;     // as it reads back from the ledger, also right after it was appended
  std::string text;      // the body's canonical JSON, which is what is stored and hashed
  std::string previous;  // hash of the event before; 64 zeros for the first
  std::string hash;
};

// What `hash` must be for the other members.
std::string hash_of(const Event& event);

class Ledger {
 public:
  static constexpr int kFormat = 1;

  // Creates the file when it is missing. UNAVAILABLE when another process holds the writer's lock, with its pid and
  // host; FAILED_PRECONDITION for a ledger of a newer aisci; DATA_LOSS for one that does not pass check(), with the
  // first place and what to do: salvage() takes the intact beginning into a new one. FAILED_PRECONDITION where the file
  // or one that SQLite keeps beside it is a link, has a second name elsewhere or is no regular file, or its journal
  // names another file. DATA_LOSS also for a file that holds other tables than a ledger has, of which nothing is read.
  static Result<std::unique_ptr<Ledger>> open_for_writing(const std::filesystem::path& file);
  static Result<std::unique_ptr<Ledger>> open_for_reading(const std::filesystem::path& file);

  Ledger(const Ledger&) = delete;  // owns a connection and a lock
  Ledger& operator=(const Ledger&) = delete;
  ~Ledger();

  // ALREADY_EXISTS when an event of this type and key is there.
  Result<Event> append(std::string_view type, std::string_view key, const json::object& body,
                       Durability durability = Durability::kSynced);

  // Takes over an event of another ledger as it is. DATA_LOSS when it does not follow the last one here.
  Status restore(const Event& event);

  Result<std::optional<Event>> find(std::string_view type, std::string_view key) const;
  Result<std::vector<Event>> events(std::int64_t after = 0) const;

  // Documents by content. put() of what is there already does nothing; get() checks the hash.
  Result<std::string> put(std::string_view content);
  Result<std::string> get(std::string_view name) const;

  // Hash of the last event; 64 zeros when there is none.
  const std::string& head() const noexcept { return head_; }
  std::int64_t size() const noexcept { return size_; }

  // The whole ledger as one new file that needs no other beside it. The same events give the same bytes.
  Status copy_to(const std::filesystem::path& file) const;

  // Recomputes the chain and every document's name; DATA_LOSS names the first that does not fit.
  Status check() const;

 private:
  Ledger() = default;
  Status prepare(const std::filesystem::path& file, bool writing);
  Status choose_journal();
  Status insert(const Event& event);
  Status execute(const char* sql) const;
  Status demand(Durability durability);
  Status failure(std::string_view doing) const;

  sqlite3* database_ = nullptr;
  std::unique_ptr<WriterLock> lock_;
  std::filesystem::path file_;
  std::string head_;
  std::int64_t size_ = 0;
  bool write_ahead_ = false;
  Durability demanded_ = Durability::kSynced;
};

}  // namespace aisci
