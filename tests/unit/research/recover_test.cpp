// Studies whose ledger is damaged in many places, recovered into a new folder and resumed.
#include <gtest/gtest.h>
#include <aisci/inspect.hpp>
#include <aisci/scientist.hpp>

#include <fstream>

#include "support/stub_study.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;
using testing::StubCrew;
using testing::StubStudy;

void overwrite(const fs::path& file, std::uintmax_t at, std::uintmax_t size) {
  std::fstream stream{file, std::ios::binary | std::ios::in | std::ios::out};
  stream.seekp(static_cast<std::streamoff>(at));
  stream << std::string(size, '\x5a');
}

TEST(Recover, DamagedAnywhereTheStudyGoesOnToTheSameStory) {
  StubStudy whole;
  StubCrew stubs;
  ASSERT_TRUE(whole.run(stubs).ok());
  const fs::path ledger = whole.folder.path() / "study.db";
  const auto size = fs::file_size(ledger);
  const int experiments = stubs.runs;
  int recovered = 0, all_events = 0;
  for (const bool cut : {true, false}) {
    for (std::uintmax_t at = 2 * 4096; at < size; at += 4096) {
      SCOPED_TRACE((cut ? "cut off at " : "overwritten at ") + std::to_string(at) + " of " + std::to_string(size));
      StubStudy damaged, again;
      fs::copy(whole.folder.path(), damaged.folder.path(), fs::copy_options::recursive);
      if (cut)
        fs::resize_file(damaged.folder.path() / "study.db", at);
      else
        overwrite(damaged.folder.path() / "study.db", at, 4096);
      const auto recovery = recover_study(damaged.folder.path(), again.folder.path());
      if (!recovery.ok()) {
        EXPECT_EQ(recovery.status().code(), StatusCode::kDataLoss) << recovery.status().to_string();
        EXPECT_TRUE(fs::is_empty(again.folder.path()));
        continue;
      }
      ++recovered;
      all_events += recovery->damage.empty();
      StubCrew later;
      ASSERT_TRUE(again.run(later).ok());
      EXPECT_EQ(again.story(), whole.story());
      EXPECT_TRUE(again.verify(later).empty());
      // What is left to do is preparing data, drawing, building: every trial was there.
      EXPECT_LT(later.runs, experiments / 2);
    }
  }
  EXPECT_GT(recovered, 5);
  EXPECT_GT(all_events, 0) << "an index alone can be damaged without loss";
}

TEST(Recover, RefusesWhatItMustNotTouch) {
  StubStudy whole;
  StubCrew stubs;
  ASSERT_TRUE(whole.run(stubs).ok());
  const fs::path from = whole.folder.path();
  EXPECT_EQ(recover_study(from / "none", from.string() + "-new").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(recover_study(from, from).status().code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(recover_study(from, from / "inside").status().code(), StatusCode::kInvalidArgument);
  const auto writer = Ledger::open_for_writing(from / "study.db").value();
  EXPECT_EQ(recover_study(from, from.string() + "-new").status().code(), StatusCode::kUnavailable);
  EXPECT_FALSE(fs::exists(from.string() + "-new"));
}

}  // namespace
}  // namespace aisci
