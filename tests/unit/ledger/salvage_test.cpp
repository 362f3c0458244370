// Ledgers cut off, overwritten and changed at every place, and what is taken out of them.
#include "ledger/salvage.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "ledger/ledger.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

// In memory: nothing here asks the disk anything.
struct Folder : testing::Folder {
  Folder() : testing::Folder{in_memory()} {}
};

constexpr int kEvents = 60;

// A ledger of several pages, with a document for every third event; closed, so that it is one file.
fs::path large_ledger(const Folder& folder) {
  const auto file = folder.path() / "study.db";
  auto ledger = Ledger::open_for_writing(file).value();
  for (int i = 1; i <= kEvents; ++i) {
    json::object body{{"text", std::string(400, static_cast<char>('a' + i % 26))}};
    if (i % 3 == 0) body["answer"] = ledger->put("document " + std::to_string(i) + std::string(900, 'd')).value();
    EXPECT_TRUE(ledger->append("node.created", "n" + std::to_string(i), body, Durability::kBuffered).ok());
  }
  return file;
}

void overwrite(const fs::path& file, std::uintmax_t at, const std::string& bytes) {
  std::fstream stream{file, std::ios::binary | std::ios::in | std::ios::out};
  stream.seekp(static_cast<std::streamoff>(at));
  stream << bytes;
}

void run_sql(const fs::path& file, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
}

// The salvaged events are the first ones of the original, documents included, and can be built upon.
void expect_prefix(const Folder& whole, const fs::path& fresh, std::int64_t events) {
  const auto original = Ledger::open_for_reading(whole.path() / "study.db").value();
  const auto all = original->events().value();
  {
    const auto kept = Ledger::open_for_reading(fresh).value();
    ASSERT_EQ(kept->size(), events);
    EXPECT_TRUE(kept->check().ok());
    for (const auto& event : kept->events().value()) {
      EXPECT_EQ(event.hash, all[static_cast<std::size_t>(event.sequence) - 1].hash);
      if (const std::string answer = text_of(event.body, "answer"); !answer.empty()) {
        EXPECT_TRUE(kept->get(answer).ok());
      }
    }
  }
  EXPECT_TRUE(Ledger::open_for_writing(fresh).value()->append("study.continued", "study", {}).ok());
}

TEST(Salvage, WholeLedgerComesOverWhole) {
  Folder folder, fresh;
  const auto kept = salvage(large_ledger(folder), fresh.path() / "study.db").value();
  EXPECT_EQ(kept.events, kEvents);
  EXPECT_EQ(kept.damage, "");
  expect_prefix(folder, fresh.path() / "study.db", kEvents);
}

TEST(Salvage, CutOffAnywhereTheIntactBeginningComesOver) {
  Folder whole;
  const auto size = fs::file_size(large_ledger(whole));
  std::int64_t last = 0;
  for (std::uintmax_t length = 4096; length < size; length += 3000) {
    SCOPED_TRACE(length);
    Folder folder, fresh;
    fs::copy_file(whole.path() / "study.db", folder.path() / "study.db");
    fs::resize_file(folder.path() / "study.db", length);
    EXPECT_EQ(Ledger::open_for_writing(folder.path() / "study.db").status().code(), StatusCode::kDataLoss);
    const auto kept = salvage(folder.path() / "study.db", fresh.path() / "study.db");
    if (!kept.ok()) {
      EXPECT_EQ(kept.status().code(), StatusCode::kDataLoss);
      EXPECT_TRUE(fs::is_empty(fresh.path()));
      continue;
    }
    EXPECT_NE(kept->damage, "");
    EXPECT_GE(kept->events, last);
    last = kept->events;
    expect_prefix(whole, fresh.path() / "study.db", kept->events);
  }
  EXPECT_GT(last, kEvents / 2);
}

TEST(Salvage, OverwrittenAnywhereTheIntactBeginningComesOver) {
  Folder whole;
  const auto size = fs::file_size(large_ledger(whole));
  int found = 0;
  for (std::uintmax_t at = 0; at < size; at += 4096) {
    SCOPED_TRACE(at);
    Folder folder, fresh;
    const auto file = folder.path() / "study.db";
    fs::copy_file(whole.path() / "study.db", file);
    overwrite(file, at, std::string(4096, '\x5a'));
    const auto kept = salvage(file, fresh.path() / "study.db");
    if (!kept.ok()) {
      EXPECT_EQ(kept.status().code(), StatusCode::kDataLoss);
      continue;
    }
    ++found;
    expect_prefix(whole, fresh.path() / "study.db", kept->events);
  }
  EXPECT_GT(found, 3);
}

TEST(Salvage, LostFirstPageIsMadeAgain) {
  Folder whole, folder, fresh;
  fs::copy_file(large_ledger(whole), folder.path() / "study.db");
  overwrite(folder.path() / "study.db", 0, std::string(4096, '\0'));
  const auto kept = salvage(folder.path() / "study.db", fresh.path() / "study.db");
  ASSERT_TRUE(kept.ok()) << kept.status().to_string();
  EXPECT_EQ(kept->events, kEvents);
}

TEST(Salvage, ChangedEventAndLostDocumentEndTheBeginningAndAreNamed) {
  const std::pair<const char*, const char*> kDamages[] = {
      {"DROP TRIGGER events_stay; UPDATE events SET key='x' WHERE sequence=11", "event 11 (node.created x)"},
      {"DROP TRIGGER events_remain; DELETE FROM events WHERE sequence=11", "event 12 (node.created n12)"},
      {"UPDATE documents SET content='y' WHERE CAST(content AS TEXT) LIKE 'document 12%'",
       "event 12 (node.created n12): its document"},
      {"DELETE FROM documents WHERE CAST(content AS TEXT) LIKE 'document 12%'",
       "event 12 (node.created n12): its document"},
  };
  for (const auto& [sql, place] : kDamages) {
    Folder whole, folder, fresh;
    fs::copy_file(large_ledger(whole), folder.path() / "study.db");
    run_sql(folder.path() / "study.db", sql);
    const auto kept = salvage(folder.path() / "study.db", fresh.path() / "study.db").value();
    EXPECT_NE(kept.damage.find(place), std::string::npos) << kept.damage;
    EXPECT_EQ(kept.events, std::string_view{place}.substr(0, 8) == "event 11" || sql[13] == 'e' ? 10 : 11) << sql;
    expect_prefix(whole, fresh.path() / "study.db", kept.events);
  }
}

TEST(Salvage, DamagedFileIsNotWrittenAndALiveOneIsRefused) {
  Folder folder, fresh;
  const auto file = large_ledger(folder);
  fs::resize_file(file, 50000);
  const auto before = fs::last_write_time(file);
  EXPECT_TRUE(salvage(file, fresh.path() / "study.db").ok());
  EXPECT_EQ(fs::last_write_time(file), before);
  EXPECT_EQ(fs::file_size(file), 50000u);

  Folder live;
  const auto writer = Ledger::open_for_writing(large_ledger(live)).value();
  const auto refused = salvage(live.path() / "study.db", live.path() / "new.db");
  EXPECT_EQ(refused.status().code(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace aisci
