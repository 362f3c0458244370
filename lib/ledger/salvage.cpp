#include "ledger/salvage.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <set>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "ledger/ledger.hpp"
#include "ledger/statement.hpp"
#include "ledger/stranger.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

// A folder for copies of the damaged file, gone with the object.
struct Copies {
  fs::path folder;
  fs::path file() const { return folder / "study.db"; }
  ~Copies() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
};

struct Closer {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, Closer>;

bool is_newer(sqlite3* database) {
  Statement format{database, "PRAGMA user_version"};
  return format.step() == SQLITE_ROW && format.number(0) > Ledger::kFormat;
}

// Open for reading what is there, its write-ahead log included; null when its tables cannot be told, or are not those
// of a ledger.
Database open_copy(const fs::path& file) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  Database database{opened};
  if (code != SQLITE_OK) return nullptr;
  restrict_connection(opened);
  // As sqlite3's own recovery does: a file that lacks pages at its end is read as far as it goes.
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
  sqlite3_exec(opened, "PRAGMA writable_schema=ON", nullptr, nullptr, nullptr);
  if (is_newer(opened)) return database;
  return fault_of_schema(opened) == std::string{} ? std::move(database) : nullptr;
}

// A file whose first page was lost: every ledger begins with the same one, but for the count of its pages.
Status replace_first_page(const Copies& copies) {
  constexpr std::size_t kPage = 4096, kPages = 28, kChanges = 24, kValidFor = 92;
  const fs::path model = copies.folder / "model.db";
  AISCI_RETURN_IF_ERROR(Ledger::open_for_writing(model).status());
  std::array<char, kPage> page{};
  std::ifstream{model, std::ios::binary}.read(page.data(), page.size());
  std::error_code error;
  const auto pages = static_cast<std::uint32_t>(fs::file_size(copies.file(), error) / kPage);
  const auto put = [&](std::size_t at, std::uint32_t number) {
    for (int i = 0; i < 4; ++i) page[at + static_cast<std::size_t>(i)] = static_cast<char>(number >> (24 - 8 * i));
  };
  put(kPages, pages);
  put(kChanges, 1);
  put(kValidFor, 1);
  std::fstream file{copies.file(), std::ios::binary | std::ios::in | std::ios::out};
  file.write(page.data(), page.size());
  return file.flush() ? Status{} : internal_error("cannot write " + copies.file().string());
}

bool is_name(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Every text of an event that may name a document, with the member it stands under.
void for_names(const json::value& value, std::string_view member_name,
               const std::function<void(std::string_view member_name, std::string_view name)>& found) {
  if (const auto* object = value.if_object()) {
    for (const auto& entry : *object) for_names(entry.value(), entry.key(), found);
  } else if (const auto* array = value.if_array()) {
    for (const auto& item : *array) for_names(item, member_name, found);
  } else if (const auto* text = value.if_string(); text && is_name(*text)) {
    found(member_name, *text);
  }
}

// Takes over documents as far as they can be read, in the order of their arrival.
Status restore_documents(sqlite3* database, Ledger& fresh) {
  Statement rows{database, "SELECT name, content FROM documents NOT INDEXED"};
  while (rows.step() == SQLITE_ROW) {
    const std::string content = rows.text(1);
    if (sha256(content) == rows.text(0)) AISCI_RETURN_IF_ERROR(fresh.put(content).status());
  }
  return {};
}

// Whether the documents that an event names came over. Hashes of files look like names too; these members name
// documents.
Status check_documents(const Event& event, const Ledger& fresh) {
  static const std::set<std::string_view> kDocuments{"question", "answer", "records"};
  Status status;
  for_names(event.body, "", [&](std::string_view member_name, std::string_view name) {
    if (!status.ok() || kDocuments.count(member_name) == 0 || fresh.get(name).ok()) return;
    status = data_loss("event " + std::to_string(event.sequence) + " (" + event.type + " " + event.key +
                       "): its document " + std::string{name} + " is lost");
  });
  return status;
}

Result<Salvage> copy_intact(sqlite3* database, Ledger& fresh) {
  AISCI_RETURN_IF_ERROR(restore_documents(database, fresh));
  Salvage kept;
  Statement rows{database, (std::string{kColumns} + "ORDER BY sequence").c_str()};
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step()) {
    const auto event = read_event(rows);
    Status status = event.ok() ? check_documents(*event, fresh) : event.status();
    if (status.ok()) status = fresh.restore(*event);
    if (status.code() == StatusCode::kDataLoss || status.code() == StatusCode::kAlreadyExists) {
      kept.damage = "after event " + std::to_string(kept.events) + ": " + status.message();
      return kept;
    }
    AISCI_RETURN_IF_ERROR(status);
    kept.events = event->sequence;
  }
  if (code != SQLITE_DONE) kept.damage = "after event " + std::to_string(kept.events) + ": " + sqlite3_errmsg(database);
  return kept;
}

}  // namespace

Result<Salvage> salvage(const fs::path& damaged, const fs::path& fresh) {
  std::error_code error;
  if (!fs::exists(damaged, error)) return not_found("no study here: " + damaged.string() + " does not exist");
  if (fs::exists(fresh, error)) return already_exists(fresh.string() + " is there already");
  const auto lock = WriterLock::take(damaged);
  if (lock.status().code() == StatusCode::kUnavailable) return lock.status();

  const Copies copies{fresh.parent_path() / (fresh.filename().string() + ".salvage")};
  AISCI_RETURN_IF_ERROR(make_folders(copies.folder));
  for (const char* part : {"", "-wal", "-journal"}) {
    const fs::path from = damaged.string() + part;
    if (part == std::string_view{"-journal"} && names_another_file(from)) continue;  // nobody's record: it is left out
    if (fs::exists(from, error)) AISCI_RETURN_IF_ERROR(copy_regular_file(from, copies.file().string() + part));
  }
  Database database = open_copy(copies.file());
  if (!database) {
    AISCI_RETURN_IF_ERROR(replace_first_page(copies));
    database = open_copy(copies.file());
  }
  if (database && is_newer(database.get()))
    return failed_precondition(damaged.string() + " was written by a newer aisci: use that version");
  Result<Salvage> kept = data_loss(damaged.string() + ": no event of it can be read; begin the study again");
  if (database) {
    AISCI_ASSIGN_OR_RETURN(const auto ledger, Ledger::open_for_writing(fresh));
    auto copied = copy_intact(database.get(), *ledger);
    if (!copied.ok() || copied->events > 0) kept = std::move(copied);
  }
  if (!kept.ok())
    for (const char* part : {"", "-wal", "-shm", "-journal"}) fs::remove(fresh.string() + part, error);
  if (!kept.ok()) fs::remove(fs::path{fresh}.replace_extension(".lock"), error);
  return kept;
}

}  // namespace aisci
