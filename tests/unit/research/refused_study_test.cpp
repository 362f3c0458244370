// The folder of a study that was refused at once: when a corrected command may have it, and that nothing else is lost.
#include "research/refused_study.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "ledger/ledger.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<Ledger> begun(const fs::path& folder) {
  fs::create_directories(folder);
  auto ledger = Ledger::open_for_writing(folder / "study.db").value();
  ledger->append("study.created", "", {{"question", "Is it so?"}}).value();
  return ledger;
}

fs::path refused(const fs::path& folder) {
  begun(folder)->append("run.ended", "", {{"state", "failed"}}).value();
  write_file(folder / "question.txt", "Is it so?\n").ok();
  return folder;
}

TEST(RefusedStudy, IsEmptiedOnlyWhenAskedTo) {
  const testing::Folder holder;
  const fs::path folder = refused(holder.path() / "study");
  EXPECT_TRUE(may_begin_anew(folder, {}).value());
  EXPECT_TRUE(fs::exists(folder / "question.txt")) << "looking takes nothing away";
  ASSERT_TRUE(empty_refused(folder).ok());
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST(RefusedStudy, ThatIsStillOpenIsSaidToBe) {
  const testing::Folder holder;
  const fs::path folder = holder.path() / "study";
  const auto open = begun(folder);
  open->append("run.ended", "", {{"state", "failed"}}).value();
  const auto anew = may_begin_anew(folder, {});
  EXPECT_EQ(anew.status().code(), StatusCode::kAlreadyExists);
  EXPECT_NE(anew.status().message().find("still open"), std::string::npos) << anew.status().message();
  EXPECT_EQ(empty_refused(folder).code(), StatusCode::kAlreadyExists);
  EXPECT_TRUE(fs::exists(folder / "study.db"));
}

TEST(RefusedStudy, WithWorkOrFilesOfSomebodysStays) {
  const testing::Folder holder;
  const fs::path worked = holder.path() / "worked";
  {
    const auto ledger = begun(worked);
    ledger->append("experiment.completed", "n1", {}).value();
    ledger->append("run.ended", "", {{"state", "failed"}}).value();
  }
  EXPECT_FALSE(may_begin_anew(worked, {}).value());
  const fs::path completed = holder.path() / "completed";
  begun(completed)->append("run.ended", "", {{"state", "completed"}}).value();
  EXPECT_FALSE(may_begin_anew(completed, {}).value());
  const fs::path noted = refused(holder.path() / "noted");
  write_file(noted / "notes.txt", "mine").ok();
  EXPECT_FALSE(may_begin_anew(noted, {}).value());
  const fs::path read = refused(holder.path() / "read");
  Options options;
  options.data = (read / "question.txt").string();
  EXPECT_FALSE(may_begin_anew(read, options).value()) << "the new study is to read it";
}

}  // namespace
}  // namespace aisci
