#include "ledger/ledger.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "ledger/statement.hpp"
#include "ledger/stranger.hpp"

namespace aisci {
namespace {

const std::string kNoHash(64, '0');

// Whether an event is what comes after the one with this number and hash.
Status follows(const Event& event, std::int64_t sequence, const std::string& previous) {
  const std::string place = "event " + std::to_string(event.sequence) + " (" + event.type + " " + event.key + ")";
  if (event.sequence != sequence + 1)
    return data_loss(place + ": expected number " + std::to_string(sequence + 1) + "; events are missing");
  if (event.previous != previous)
    return data_loss(place + ": expected previous " + previous + ", found " + event.previous);
  if (const auto expected = hash_of(event); event.hash != expected)
    return data_loss(place + ": expected hash " + expected + ", found " + event.hash);
  return {};
}

}  // namespace

Result<Event> read_event(Statement& row) {
  Event event{row.number(0), row.text(1), row.text(2), row.text(3), {}, row.text(4), row.text(5), row.text(6)};
  auto body = parse_json_object(event.text, "its body");
  if (!body.ok())
    return data_loss("event " + std::to_string(event.sequence) + " cannot be read: " + body.status().message());
  event.body = std::move(*body);
  return event;
}

std::string hash_of(const Event& event) {
  return sha256(event.previous + '\n' + std::to_string(event.sequence) + '\n' + event.time + '\n' + event.type + '\n' +
                event.key + '\n' + event.text);
}

Ledger::~Ledger() { sqlite3_close(database_); }

Status Ledger::failure(std::string_view doing) const {
  const int code = sqlite3_errcode(database_);
  const std::string message = std::string{doing} + " " + file_.string() + ": " + sqlite3_errmsg(database_);
  if (code == SQLITE_FULL) return resource_exhausted(message + " (the disk is full)");
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) return data_loss(message + " (the ledger is damaged)");
  if (code == SQLITE_TOOBIG) return resource_exhausted(message + " (an event or a document is longer than 256 MB)");
  if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN) return permission_denied(message);
  return internal_error(message);
}

Status Ledger::execute(const char* sql) const {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure("writing");
  return {};
}

// Write-ahead log where it works. A file system without shared memory refuses it and keeps the rollback journal. A
// ledger that came there with a write-ahead log is first taken out of it, alone, which needs no shared memory.
Status Ledger::choose_journal() {
  const auto ask = [this](const char* sql) {
    Statement mode{database_, sql};
    return mode.step() == SQLITE_ROW ? mode.text(0) : std::string{};
  };
  std::string mode = ask("PRAGMA journal_mode=WAL");
  if (mode.empty() && sqlite3_errcode(database_) == SQLITE_CANTOPEN) {
    AISCI_RETURN_IF_ERROR(execute("PRAGMA locking_mode=EXCLUSIVE"));
    mode = ask("PRAGMA journal_mode=DELETE");
    AISCI_RETURN_IF_ERROR(execute("PRAGMA locking_mode=NORMAL"));
  }
  if (mode.empty()) return failure("opening");
  write_ahead_ = mode == "wal";
  return {};
}

Status Ledger::prepare(const std::filesystem::path& file, bool writing) {
  file_ = file;
  restrict_connection(database_);
  sqlite3_busy_timeout(database_, 10000);
  if (writing) {
    AISCI_RETURN_IF_ERROR(choose_journal());
    AISCI_RETURN_IF_ERROR(execute("PRAGMA synchronous=FULL"));
  }
  std::int64_t format = 0;
  {
    Statement query{database_, "PRAGMA user_version"};
    if (query.step() != SQLITE_ROW) return failure("reading");
    format = query.number(0);
  }
  if (format > kFormat) {
    return failed_precondition(file.string() + " was written by a newer aisci (ledger format " +
                               std::to_string(format) + ", this one knows " + std::to_string(kFormat) +
                               "): use that version");
  }
  if (writing && format == 0) {
    if (!make_schema(database_).ok()) return failure("writing");
    AISCI_RETURN_IF_ERROR(execute(("PRAGMA user_version=" + std::to_string(kFormat)).c_str()));
  } else if (format == 0) {
    return data_loss(file.string() + " holds no study");
  }
  const auto fault = fault_of_schema(database_);
  if (!fault) return failure("reading");
  if (!fault->empty()) return data_loss(file.string() + " is no ledger that aisci wrote: " + *fault);
  Statement last{database_, "SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1"};
  const int code = last.step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return failure("reading");
  size_ = code == SQLITE_ROW ? last.number(0) : 0;
  head_ = code == SQLITE_ROW ? last.text(1) : kNoHash;
  return {};
}

namespace {

// SQLite opens a ledger's files by name and writes to them, at reading too: only to files of the study's own. A ledger
// itself may have a second name while it is read, as in a backup, for then it is not written.
Status check_files(const std::filesystem::path& file, bool writing) {
  for (const char* part : {"", "-wal", "-shm", "-journal"}) {
    const std::string path = file.string() + part;
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) continue;
    const bool alone = info.st_nlink < 2 || (*part == '\0' && !writing);
    if (!S_ISREG(info.st_mode) || !alone)
      return failed_precondition(path + " " +
                                 (S_ISREG(info.st_mode)   ? "has a second name elsewhere"
                                  : S_ISLNK(info.st_mode) ? "is a link"
                                                          : "is no regular file") +
                                 ": what is written to a study would be written there; put a copy of the file in its "
                                 "place, if it belongs to the study");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open_for_writing(const std::filesystem::path& file) {
  std::unique_ptr<Ledger> ledger{new Ledger};
  AISCI_RETURN_IF_ERROR(check_files(file, true));
  AISCI_ASSIGN_OR_RETURN(ledger->lock_, WriterLock::take(file));
  AISCI_RETURN_IF_ERROR(check_journal(file));
  if (sqlite3_open_v2(file.c_str(), &ledger->database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) !=
      SQLITE_OK) {
    ledger->file_ = file;
    return ledger->failure("opening");
  }
  Status whole = ledger->prepare(file, true);
  // Nothing is built on a record that does not hold.
  if (whole.ok()) whole = ledger->check();
  if (whole.code() != StatusCode::kDataLoss) {
    AISCI_RETURN_IF_ERROR(whole);
    return ledger;
  }
  const std::string folder = file.parent_path().string();
  return data_loss(file.string() + " is damaged: " + whole.message() +
                   "\nWhat is intact goes into a new study: aisci recover " + (folder.empty() ? "." : folder) +
                   " -o NEW, then aisci resume NEW");
}

Result<std::unique_ptr<Ledger>> Ledger::open_for_reading(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return not_found("no study here: " + file.string() + " does not exist");
  AISCI_RETURN_IF_ERROR(check_files(file, false));
  std::unique_ptr<Ledger> ledger{new Ledger};
  ledger->file_ = file;
  if (sqlite3_open_v2(file.c_str(), &ledger->database_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
    return ledger->failure("opening");
  if (ledger->prepare(file, false).ok()) return ledger;
  // Read-only media cannot hold the write-ahead log's index: read the file as it stands.
  sqlite3_close(ledger->database_);
  ledger->database_ = nullptr;
  std::string escaped;
  for (const char c : std::filesystem::absolute(file).string()) {
    if (c == '?' || c == '#' || c == '%') {
      static constexpr char kDigits[] = "0123456789abcdef";
      escaped += {'%', kDigits[(c >> 4) & 15], kDigits[c & 15]};
    } else {
      escaped += c;
    }
  }
  const std::string uri = "file:" + escaped + "?immutable=1";
  if (sqlite3_open_v2(uri.c_str(), &ledger->database_, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr) != SQLITE_OK) {
    return ledger->failure("opening");
  }
  AISCI_RETURN_IF_ERROR(ledger->prepare(file, false));
  return ledger;
}

// In a write-ahead log NORMAL leaves a commit to the next synchronisation of the same log; elsewhere it stays FULL.
Status Ledger::demand(Durability durability) {
  if (durability == demanded_ || !write_ahead_) return {};
  AISCI_RETURN_IF_ERROR(
      execute(durability == Durability::kSynced ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
  demanded_ = durability;
  return {};
}

Result<Event> Ledger::append(std::string_view type, std::string_view key, const json::object& body,
                             Durability durability) {
  if (!lock_) return failed_precondition("this ledger was opened for reading");
  Event event{size_ + 1, utc_now(), std::string{type}, std::string{key}, {}, canonical(body), head_, {}};
  // Who records an outcome goes on with what a later run will read, to the last bit.
  AISCI_ASSIGN_OR_RETURN(event.body, parse_json_object(event.text, "event " + std::to_string(event.sequence)));
  event.hash = hash_of(event);
  AISCI_RETURN_IF_ERROR(demand(durability));
  AISCI_RETURN_IF_ERROR(insert(event));
  return event;
}

Status Ledger::restore(const Event& event) {
  if (!lock_) return failed_precondition("this ledger was opened for reading");
  AISCI_RETURN_IF_ERROR(follows(event, size_, head_));
  AISCI_RETURN_IF_ERROR(demand(Durability::kBuffered));
  return insert(event);
}

Status Ledger::insert(const Event& event) {
  Statement statement{database_, "INSERT INTO events VALUES(?,?,?,?,?,?,?)"};
  statement.bind(event.sequence)
      .bind(event.time)
      .bind(event.type)
      .bind(event.key)
      .bind(event.text)
      .bind(event.previous)
      .bind(event.hash);
  if (const int code = statement.step(); code != SQLITE_DONE) {
    if (code == SQLITE_CONSTRAINT) return already_exists("the ledger has " + event.type + " " + event.key + " already");
    return failure("writing");
  }
  size_ = event.sequence;
  head_ = event.hash;
  return {};
}

Result<std::optional<Event>> Ledger::find(std::string_view type, std::string_view key) const {
  Statement query{database_, (std::string{kColumns} + "WHERE type=? AND key=?").c_str()};
  const int code = query.bind(type).bind(key).step();
  if (code == SQLITE_DONE) return std::optional<Event>{};
  if (code != SQLITE_ROW) return failure("reading");
  AISCI_ASSIGN_OR_RETURN(Event event, read_event(query));
  return std::optional<Event>{std::move(event)};
}

Result<std::vector<Event>> Ledger::events(std::int64_t after) const {
  std::vector<Event> list;
  Statement query{database_, (std::string{kColumns} + "WHERE sequence>? ORDER BY sequence").c_str()};
  query.bind(after);
  for (;;) {
    const int code = query.step();
    if (code == SQLITE_DONE) return list;
    if (code != SQLITE_ROW) return failure("reading");
    AISCI_ASSIGN_OR_RETURN(Event event, read_event(query));
    list.push_back(std::move(event));
  }
}

Result<std::string> Ledger::put(std::string_view content) {
  if (!lock_) return failed_precondition("this ledger was opened for reading");
  std::string name = sha256(content);
  AISCI_RETURN_IF_ERROR(demand(Durability::kSynced));
  Statement insert{database_, "INSERT OR IGNORE INTO documents VALUES(?,?)"};
  if (insert.bind(name).bind_blob(content).step() != SQLITE_DONE) return failure("writing");
  return name;
}

Result<std::string> Ledger::get(std::string_view name) const {
  Statement query{database_, "SELECT content FROM documents WHERE name=?"};
  const int code = query.bind(name).step();
  if (code == SQLITE_DONE) return not_found("the ledger has no document " + std::string{name});
  if (code != SQLITE_ROW) return failure("reading");
  std::string content = query.text(0);
  if (sha256(content) != name)
    return data_loss("document " + std::string{name} + " of the ledger is not what its name says");
  return content;
}

Status Ledger::copy_to(const std::filesystem::path& file) const {
  Statement copy{database_, "VACUUM INTO ?"};
  if (copy.bind(file.string()).step() != SQLITE_DONE) return failure("copying");
  return {};
}

Status Ledger::check() const {
  std::string previous = kNoHash;
  std::int64_t sequence = 0;
  AISCI_ASSIGN_OR_RETURN(const auto list, events());
  for (const auto& event : list) {
    AISCI_RETURN_IF_ERROR(follows(event, sequence, previous));
    sequence = event.sequence;
    previous = event.hash;
  }
  Statement query{database_, "SELECT name, content FROM documents ORDER BY name"};
  for (int code = query.step(); code != SQLITE_DONE; code = query.step()) {
    if (code != SQLITE_ROW) return failure("reading");
    const std::string name = query.text(0);
    if (const auto found = sha256(query.text(1)); found != name)
      return data_loss("document " + name + ": its content has the name " + found);
  }
  return {};
}

}  // namespace aisci
