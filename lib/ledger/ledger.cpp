#include "ledger/ledger.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace aisci {
namespace {

const std::string kNoHash(64, '0');

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS events("
    " sequence INTEGER PRIMARY KEY, time TEXT NOT NULL, type TEXT NOT NULL, key TEXT NOT NULL,"
    " body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE(type, key));"
    "CREATE TABLE IF NOT EXISTS documents(name TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TRIGGER IF NOT EXISTS events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events never "
    "change'); END;"
    "CREATE TRIGGER IF NOT EXISTS events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events never go'); "
    "END;";

// A prepared statement; bind in order, step, read columns.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql) { code_ = sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  Statement& bind(std::string_view text) {
    if (statement_)
      sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind_blob(std::string_view bytes) {
    if (statement_)
      sqlite3_bind_blob64(statement_, ++bound_, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind(std::int64_t number) {
    if (statement_) sqlite3_bind_int64(statement_, ++bound_, number);
    return *this;
  }
  // SQLITE_ROW, SQLITE_DONE or an error.
  int step() { return code_ == SQLITE_OK ? sqlite3_step(statement_) : code_; }
  std::int64_t number(int column) { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return data ? std::string{data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))} : std::string{};
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
  int code_ = SQLITE_OK;
};

Result<Event> read_event(Statement& row) {
  Event event{row.number(0), row.text(1), row.text(2), row.text(3), {}, row.text(4), row.text(5), row.text(6)};
  AISCI_ASSIGN_OR_RETURN(event.body, parse_json_object(event.text, "event " + std::to_string(event.sequence)));
  return event;
}

constexpr const char* kColumns = "SELECT sequence, time, type, key, body, previous, hash FROM events ";

}  // namespace

// An advisory lock on a file beside the ledger. The kernel drops it with its holder, so a dead
// process never holds a study; the text inside is only for people.
class Ledger::Lock {
 public:
  static Result<std::unique_ptr<Lock>> take(const std::filesystem::path& ledger) {
    auto path = ledger;
    path.replace_extension(".lock");
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
      return permission_denied("cannot write to the study folder: " + path.string() + ": " + std::strerror(errno));
    std::unique_ptr<Lock> lock{new Lock{fd}};
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      std::array<char, 256> holder{};
      const ssize_t n = ::pread(fd, holder.data(), holder.size() - 1, 0);
      return unavailable("another aisci works on this study (" + trim({holder.data(), n > 0 ? std::size_t(n) : 0}) +
                         "); wait for it, or stop it first");
    }
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    const std::string text = "pid " + std::to_string(::getpid()) + " on " + host.data() + "\n";
    if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) < 0) {
      return resource_exhausted("cannot write " + path.string() + ": " + std::strerror(errno));
    }
    return lock;
  }
  ~Lock() { ::close(fd_); }

 private:
  explicit Lock(int fd) : fd_{fd} {}
  int fd_;
};

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
  if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN) return permission_denied(message);
  return internal_error(message);
}

Status Ledger::execute(const char* sql) const {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure("writing");
  return {};
}

Status Ledger::prepare(const std::filesystem::path& file, bool writing) {
  file_ = file;
  sqlite3_busy_timeout(database_, 10000);
  if (writing) {
    // A file system without shared memory refuses the write-ahead log and keeps its journal mode.
    {
      Statement mode{database_, "PRAGMA journal_mode=WAL"};
      write_ahead_ = mode.step() == SQLITE_ROW && mode.text(0) == "wal";
    }
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
    AISCI_RETURN_IF_ERROR(execute(kSchema));
    AISCI_RETURN_IF_ERROR(execute(("PRAGMA user_version=" + std::to_string(kFormat)).c_str()));
  } else if (format == 0) {
    return data_loss(file.string() + " holds no study");
  }
  Statement last{database_, "SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1"};
  const int code = last.step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return failure("reading");
  size_ = code == SQLITE_ROW ? last.number(0) : 0;
  head_ = code == SQLITE_ROW ? last.text(1) : kNoHash;
  return {};
}

Result<std::unique_ptr<Ledger>> Ledger::open_for_writing(const std::filesystem::path& file) {
  std::unique_ptr<Ledger> ledger{new Ledger};
  AISCI_ASSIGN_OR_RETURN(ledger->lock_, Lock::take(file));
  if (sqlite3_open_v2(file.c_str(), &ledger->database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) !=
      SQLITE_OK) {
    ledger->file_ = file;
    return ledger->failure("opening");
  }
  AISCI_RETURN_IF_ERROR(ledger->prepare(file, true));
  return ledger;
}

Result<std::unique_ptr<Ledger>> Ledger::open_for_reading(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return not_found("no study here: " + file.string() + " does not exist");
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
  Statement insert{database_, "INSERT INTO events VALUES(?,?,?,?,?,?,?)"};
  insert.bind(event.sequence)
      .bind(event.time)
      .bind(event.type)
      .bind(event.key)
      .bind(event.text)
      .bind(event.previous)
      .bind(event.hash);
  if (const int code = insert.step(); code != SQLITE_DONE) {
    if (code == SQLITE_CONSTRAINT) return already_exists("the ledger has " + event.type + " " + event.key + " already");
    return failure("writing");
  }
  size_ = event.sequence;
  head_ = event.hash;
  return event;
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
    const std::string place = "event " + std::to_string(event.sequence) + " (" + event.type + " " + event.key + ")";
    if (event.sequence != ++sequence)
      return data_loss(place + ": expected number " + std::to_string(sequence) + "; events are missing");
    if (event.previous != previous)
      return data_loss(place + ": expected previous " + previous + ", found " + event.previous);
    if (const auto expected = hash_of(event); event.hash != expected)
      return data_loss(place + ": expected hash " + expected + ", found " + event.hash);
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
