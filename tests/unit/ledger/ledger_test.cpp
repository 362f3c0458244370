#include "ledger/ledger.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "ledger/salvage.hpp"
#include "ledger/writer_lock.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

using testing::Folder;

void run_sql(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << (message ? message : "");
  sqlite3_close(database);
}

std::filesystem::path three_events(const Folder& folder) {
  const auto file = folder.path() / "study.db";
  auto ledger = Ledger::open_for_writing(file).value();
  for (const char* key : {"n1", "n2", "n3"})
    EXPECT_TRUE(ledger->append("node.created", key, {{"parent", ""}, {"value", 0.5}}).ok());
  EXPECT_TRUE(ledger->put("a document").ok());
  return file;
}

TEST(Ledger, AppendedEventsComeBackInOrderAndChained) {
  Folder folder;
  const auto file = three_events(folder);
  auto reader = Ledger::open_for_reading(file).value();
  const auto events = reader->events().value();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[2].key, "n3");
  EXPECT_EQ(events[2].previous, events[1].hash);
  EXPECT_EQ(reader->head(), events[2].hash);
  EXPECT_TRUE(reader->check().ok());
  EXPECT_EQ(reader->events(2).value().size(), 1u);
}

TEST(Ledger, SameTypeAndKeyIsRefusedAndChangesNothing) {
  Folder folder;
  const auto file = three_events(folder);
  auto ledger = Ledger::open_for_writing(file).value();
  EXPECT_EQ(ledger->append("node.created", "n1", {}).status().code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(ledger->size(), 3);
  EXPECT_TRUE(ledger->append("node.created", "n4", {}).ok());
  EXPECT_TRUE(ledger->check().ok());
}

TEST(Ledger, FindTellsWhatHappenedAndWhatDidNot) {
  Folder folder;
  auto reader = Ledger::open_for_reading(three_events(folder)).value();
  EXPECT_EQ(reader->find("node.created", "n2").value()->sequence, 2);
  EXPECT_FALSE(reader->find("node.created", "n9").value().has_value());
}

TEST(Ledger, DocumentsAreNamedByContent) {
  Folder folder;
  auto ledger = Ledger::open_for_writing(three_events(folder)).value();
  const auto name = ledger->put("text").value();
  EXPECT_EQ(ledger->put("text").value(), name);
  EXPECT_EQ(ledger->get(name).value(), "text");
  EXPECT_EQ(ledger->get(std::string(64, 'a')).status().code(), StatusCode::kNotFound);
}

TEST(Ledger, ChangedEventIsNamedByCheck) {
  Folder folder;
  const auto file = three_events(folder);
  run_sql(file, "DROP TRIGGER events_stay; UPDATE events SET body='{\"parent\":\"\",\"value\":0.6}' WHERE sequence=2");
  const Status status = Ledger::open_for_reading(file).value()->check();
  EXPECT_EQ(status.code(), StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("event 2 (node.created n2)"), std::string::npos) << status.message();
}

TEST(Ledger, RemovedEventIsNoticed) {
  Folder folder;
  const auto file = three_events(folder);
  run_sql(file, "DROP TRIGGER events_remain; DELETE FROM events WHERE sequence=2");
  EXPECT_NE(Ledger::open_for_reading(file).value()->check().message().find("events are missing"), std::string::npos);
}

TEST(Ledger, ChangedDocumentIsNoticedWhenReadAndByCheck) {
  Folder folder;
  const auto file = three_events(folder);
  run_sql(file, "UPDATE documents SET content='another'");
  auto reader = Ledger::open_for_reading(file).value();
  EXPECT_EQ(reader->check().code(), StatusCode::kDataLoss);
}

TEST(Ledger, EventsCannotBeUpdatedThroughSql) {
  Folder folder;
  const auto file = three_events(folder);
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "UPDATE events SET time=''", nullptr, nullptr, nullptr), SQLITE_CONSTRAINT);
  sqlite3_close(database);
}

TEST(Ledger, SecondWriterIsRefusedWithTheHoldersPid) {
  Folder folder;
  const auto file = three_events(folder);
  auto holder = Ledger::open_for_writing(file).value();
  const auto second = Ledger::open_for_writing(file);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), StatusCode::kUnavailable);
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  EXPECT_NE(second.status().message().find("pid " + std::to_string(::getpid()) + " on " + host), std::string::npos);
  EXPECT_TRUE(Ledger::open_for_reading(file).ok());
}

TEST(Ledger, LockOfADeadProcessIsTakenOver) {
  Folder folder;
  const auto file = three_events(folder);
  const pid_t child = ::fork();
  if (child == 0) {
    auto ledger = Ledger::open_for_writing(file);
    ::_exit(ledger.ok() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(Ledger::open_for_writing(file).ok());
}

TEST(Ledger, NewerFormatIsRefused) {
  Folder folder;
  const auto file = three_events(folder);
  run_sql(file, "PRAGMA user_version=99");
  EXPECT_EQ(Ledger::open_for_writing(file).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(Ledger::open_for_reading(file).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(salvage(file, folder.path() / "new.db").status().code(), StatusCode::kFailedPrecondition);
}

TEST(Ledger, WriterDoesNotGoOnFromADamagedRecord) {
  Folder folder;
  const auto file = three_events(folder);
  run_sql(file, "DROP TRIGGER events_stay; UPDATE events SET body='{\"parent\":\"\",\"value\":0.6}' WHERE sequence=2");
  const auto opened = Ledger::open_for_writing(file);
  EXPECT_EQ(opened.status().code(), StatusCode::kDataLoss);
  EXPECT_NE(opened.status().message().find("event 2 (node.created n2)"), std::string::npos);
  EXPECT_NE(opened.status().message().find("aisci recover"), std::string::npos);
}

// A stranger's study may hold other names of files that are not its own.
TEST(Ledger, NothingIsWrittenThroughItsFilesToOthers) {
  namespace fs = std::filesystem;
  Folder folder;
  const auto victim = folder.path() / "victim", made = folder.path() / "made";
  const std::string precious(40'000, 'p');
  for (const char* part : {"study.lock", "study.db-wal", "study.db-shm", "study.db-journal", "study.db"})
    for (const bool hard : {true, false}) {
      SCOPED_TRACE(std::string{part} + (hard ? ", a hard link" : ", a symbolic link"));
      Folder study;
      const auto file = three_events(study);
      ASSERT_TRUE(write_file(victim, precious).ok());
      fs::remove(study.path() / part);
      if (hard)
        fs::create_hard_link(victim, study.path() / part);
      else
        fs::create_symlink(victim, study.path() / part);
      const auto writer = Ledger::open_for_writing(file);
      EXPECT_FALSE(writer.ok());
      EXPECT_NE(writer.status().message().find(part), std::string::npos) << writer.status().to_string();
      EXPECT_EQ(Ledger::open_for_reading(file).ok(), std::string_view{part} == "study.lock");
      EXPECT_EQ(read_file(victim).value(), precious);
      fs::remove(victim);
      if (hard) continue;
      EXPECT_FALSE(Ledger::open_for_writing(file).ok());  // leads to what is not there
      EXPECT_FALSE(fs::exists(victim));
    }
  // A study of which a backup has the same files is read.
  const auto file = three_events(folder);
  fs::create_hard_link(file, made);
  EXPECT_TRUE(Ledger::open_for_reading(file).ok());
  EXPECT_EQ(Ledger::open_for_writing(file).status().code(), StatusCode::kFailedPrecondition);
}

TEST(Ledger, APipeInPlaceOfAFileHangsNobody) {
  for (const char* part : {"study.db", "study.lock", "study.db-wal"}) {
    Folder folder;
    const auto file = three_events(folder);
    std::filesystem::remove(folder.path() / part);
    ASSERT_EQ(::mkfifo((folder.path() / part).c_str(), 0600), 0);
    EXPECT_EQ(Ledger::open_for_writing(file).status().code(), StatusCode::kFailedPrecondition) << part;
    EXPECT_EQ(Ledger::open_for_reading(file).ok(), std::string_view{part} == "study.lock") << part;
  }
}

// As a transaction over several files leaves it, which aisci has none of: SQLite deletes the file that its end names.
void name_in_journal(const std::filesystem::path& file, const std::string& victim) {
  std::string page(4096, '\0');
  std::ifstream{file, std::ios::binary}.read(page.data(), 4096);
  const auto number = [](std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
    return bytes;
  };
  const std::string mark = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
  std::uint32_t sum = 0x1234, letters = 0;
  for (std::size_t i = 4096 - 200; i > 0 && i < 4096; i -= 200) sum += static_cast<unsigned char>(page[i]);
  for (const char c : victim) letters += static_cast<unsigned char>(c);
  const auto pages = static_cast<std::uint32_t>(std::filesystem::file_size(file) / 4096);
  std::string head = mark + number(1) + number(0x1234) + number(pages) + number(512) + number(4096);
  head.resize(512, '\0');
  std::ofstream{file.string() + "-journal", std::ios::binary}
      << head << number(1) << page << number(sum) << number(0x40000000 / 4096 + 1) << victim
      << number(static_cast<std::uint32_t>(victim.size())) << number(letters) << mark;
}

TEST(Ledger, AJournalThatNamesAnotherFileDeletesNone) {
  Folder folder, fresh;
  const auto file = three_events(folder);
  const auto victim = folder.path() / "thesis";
  run_sql(file, "PRAGMA journal_mode=DELETE");
  std::ofstream{victim} << "my thesis";
  name_in_journal(file, victim.string());
  const auto opened = Ledger::open_for_writing(file);
  EXPECT_EQ(opened.status().code(), StatusCode::kFailedPrecondition) << opened.status().to_string();
  EXPECT_NE(opened.status().message().find("aisci recover"), std::string::npos) << opened.status().to_string();
  EXPECT_TRUE(std::filesystem::exists(victim));
  EXPECT_EQ(salvage(file, fresh.path() / "study.db").value().events, 3);
  EXPECT_TRUE(std::filesystem::exists(victim));
}

TEST(Ledger, AJournalOfItsOwnIsRolledBack) {
  Folder folder;
  const auto file = three_events(folder);
  run_sql(file, "PRAGMA journal_mode=DELETE");
  name_in_journal(file, "");
  const auto journal = file.string() + "-journal";
  std::filesystem::resize_file(journal, std::filesystem::file_size(journal) - 20);
  EXPECT_TRUE(Ledger::open_for_writing(file).ok());
  EXPECT_FALSE(std::filesystem::exists(journal));
}

TEST(Ledger, NothingButItsOwnTablesIsRead) {
  const std::string endless =
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x AS sequence, '' AS time, 'a' AS type, "
      "'b' AS key, '{}' AS body, '' AS previous, '' AS hash FROM c";
  const std::string documents = "CREATE TABLE documents(name TEXT PRIMARY KEY NOT NULL, content BLOB NOT NULL);";
  for (const std::string& sql :
       {documents + "CREATE VIEW events AS " + endless,
        documents +
            "CREATE TABLE events(sequence, time, type, key, body AS (hex(zeroblob(400000000))), previous, hash)",
        std::string{"CREATE TABLE events(sequence)"}}) {
    Folder folder, fresh;
    const auto file = folder.path() / "study.db";
    run_sql(file, sql + "; PRAGMA user_version=1");
    EXPECT_EQ(Ledger::open_for_reading(file).status().code(), StatusCode::kDataLoss) << sql;
    EXPECT_EQ(Ledger::open_for_writing(file).status().code(), StatusCode::kDataLoss) << sql;
    EXPECT_FALSE(salvage(file, fresh.path() / "study.db").ok()) << sql;
  }
  for (const char* sql :
       {"CREATE VIEW more AS SELECT 1", "CREATE TABLE more(x)", "CREATE INDEX more ON events(time)",
        "CREATE TRIGGER more AFTER INSERT ON events BEGIN SELECT 1; END",
        "DROP TRIGGER events_stay; CREATE TRIGGER events_stay AFTER INSERT ON events BEGIN SELECT 1; END"}) {
    Folder folder, fresh;
    const auto file = three_events(folder);
    run_sql(file, sql);
    const auto read = Ledger::open_for_reading(file).status();
    EXPECT_EQ(read.code(), StatusCode::kDataLoss) << sql;
    EXPECT_NE(read.message().find("as no ledger of aisci does"), std::string::npos) << read.to_string();
    EXPECT_EQ(salvage(file, fresh.path() / "study.db").value().events, 3) << sql;
  }
}

TEST(Ledger, ARowWithoutEndIsRefused) {
  Folder folder;
  const auto file = three_events(folder);
  run_sql(file, "INSERT INTO documents VALUES('x', zeroblob(300000000))");
  EXPECT_EQ(Ledger::open_for_reading(file).value()->check().code(), StatusCode::kResourceExhausted);
}

// What a killed process had just forked keeps its lock until it becomes another program.
TEST(Ledger, LockOfADeadProcessIsWaitedForWhileItsChildBegins) {
  Folder folder;
  const auto file = folder.path() / "study.db";
  const pid_t holder = ::fork();
  if (holder == 0) {
    const auto lock = WriterLock::take(file);
    if (lock.ok() && ::fork() == 0) {
      ::usleep(200000);
      ::_exit(0);
    }
    ::_exit(lock.ok() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(holder, &status, 0), holder);
  ASSERT_EQ(status, 0);
  const auto lock = WriterLock::take(file);
  EXPECT_TRUE(lock.ok()) << lock.status().message();
}

// A file system without shared memory, as the ledger meets it: SQLite's own way of locking by files has none.
class WithoutSharedMemory : public ::testing::Test {
 protected:
  void SetUp() override {
    usual_ = sqlite3_vfs_find(nullptr);
    sqlite3_vfs_register(sqlite3_vfs_find("unix-dotfile"), 1);
  }
  void TearDown() override { sqlite3_vfs_register(usual_, 1); }
  std::string journal_of(const std::filesystem::path& file) {
    sqlite3* database = nullptr;
    std::string mode;
    EXPECT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(
                  database, "PRAGMA journal_mode",
                  [](void* out, int, char** texts, char**) {
                    *static_cast<std::string*>(out) = texts[0];
                    return 0;
                  },
                  &mode, nullptr),
              SQLITE_OK);
    sqlite3_close(database);
    return mode;
  }

 private:
  sqlite3_vfs* usual_ = nullptr;
};

TEST_F(WithoutSharedMemory, LedgerUsesTheRollbackJournal) {
  Folder folder;
  const auto file = three_events(folder);
  EXPECT_EQ(journal_of(file), "delete");
  const auto reader = Ledger::open_for_reading(file).value();
  EXPECT_EQ(reader->size(), 3);
  EXPECT_TRUE(reader->check().ok());
}

TEST_F(WithoutSharedMemory, LedgerThatCameWithAWriteAheadLogIsTakenOutOfIt) {
  Folder folder;
  sqlite3_vfs_register(sqlite3_vfs_find("unix"), 1);
  const auto file = three_events(folder);
  EXPECT_EQ(journal_of(file), "wal");
  sqlite3_vfs_register(sqlite3_vfs_find("unix-dotfile"), 1);
  {
    const auto ledger = Ledger::open_for_writing(file);
    ASSERT_TRUE(ledger.ok()) << ledger.status().to_string();
    EXPECT_TRUE((*ledger)->append("node.created", "n4", {}).ok());
  }
  EXPECT_EQ(journal_of(file), "delete");
  EXPECT_EQ(Ledger::open_for_reading(file).value()->size(), 4);
}

TEST(Ledger, SomethingElseInsteadOfALedgerIsNamed) {
  Folder folder;
  const auto file = folder.path() / "study.db";
  std::ofstream{file} << "not a database at all, but long enough to be taken for one by mistake";
  const auto opened = Ledger::open_for_reading(file);
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.status().message().find("study.db"), std::string::npos);
  EXPECT_EQ(Ledger::open_for_reading(folder.path() / "none.db").status().code(), StatusCode::kNotFound);
}

TEST(Ledger, ReaderSeesEventsOfALiveWriter) {
  Folder folder;
  const auto file = three_events(folder);
  auto writer = Ledger::open_for_writing(file).value();
  auto reader = Ledger::open_for_reading(file).value();
  ASSERT_TRUE(writer->append("node.created", "n4", {}).ok());
  EXPECT_EQ(reader->events(3).value().size(), 1u);
}

TEST(Ledger, BufferedEventsAreSeenAtOnceAndStandInTheChain) {
  Folder folder;
  const auto file = three_events(folder);
  auto writer = Ledger::open_for_writing(file).value();
  auto reader = Ledger::open_for_reading(file).value();
  ASSERT_TRUE(writer->append("node.evaluated", "n1", {}, Durability::kBuffered).ok());
  EXPECT_EQ(reader->events(3).value().size(), 1u);
  ASSERT_TRUE(writer->append("experiment.completed", "n1", {}).ok());
  EXPECT_EQ(reader->events(3).value().size(), 2u);
  EXPECT_TRUE(reader->check().ok());
}

}  // namespace
}  // namespace aisci
