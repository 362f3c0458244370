// A study is files and folders: whoever resumes, checks or packs it looks first, and a stranger's link or pipe leads
// nowhere.
#include "research/plain_study.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <aisci/bundle.hpp>
#include <aisci/inspect.hpp>
#include <aisci/scientist.hpp>

#include <chrono>

#include "research/pdf_text.hpp"
#include "research/program_output.hpp"
#include "support/stub_study.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

TEST(PlainStudy, FindsWhatIsNeitherFileNorFolder) {
  const testing::Folder folder;
  const fs::path study = folder.path() / "study";
  ASSERT_TRUE(write_file(folder.path() / "outside/file", "x").ok());
  ASSERT_TRUE(write_file(study / "experiments/n1/runs/r1/results/t001/metrics.json", "{}").ok());
  ASSERT_TRUE(write_file(study / "paper-runs/r1/results/paper.pdf", "").ok());
  EXPECT_TRUE(check_plain(study).ok());
  // What programs leave in their results is not looked at here.
  fs::create_symlink(folder.path() / "outside", study / "experiments/n1/runs/r1/results/latest");
  fs::create_symlink(folder.path() / "outside", study / "paper-runs/r1/results/cache");
  fs::create_directory_symlink(study, folder.path() / "here");
  EXPECT_TRUE(check_plain(study).ok());
  EXPECT_TRUE(check_plain(folder.path() / "here").ok()) << "the folder itself may be a link";

  fs::create_directory_symlink(folder.path() / "outside", study / "data");
  fs::create_symlink("nowhere", study / "experiments/n1/dangling");
  fs::create_directory_symlink(folder.path() / "outside", study / "experiments/n1/runs/r2");
  ASSERT_EQ(::mkfifo((study / "paper.pdf").c_str(), 0600), 0);
  fs::create_directories(study / "experiments/results/x/results");
  fs::create_symlink(folder.path() / "outside", study / "experiments/results/x/results/link");
  std::vector<std::string> names;
  for (const auto& one : not_plain(study).value()) names.push_back(one.name);
  EXPECT_EQ(names, (std::vector<std::string>{"data", "experiments/n1/dangling", "experiments/n1/runs/r2",
                                             "experiments/results/x/results/link", "paper.pdf"}));
  const Status status = check_plain(folder.path() / "here");
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("a symbolic link, data, and 4 more"), std::string::npos) << status.message();
}

TEST(PlainStudy, ALinkIsFoundBeforeAnythingOfAStudyIsTouched) {
  testing::StubStudy study;
  testing::StubCrew stubs;
  ASSERT_TRUE(study.run(stubs).ok());
  const testing::Folder outside;
  const fs::path& folder = study.folder.path();
  fs::copy(folder / "experiments", outside.path() / "experiments", fs::copy_options::recursive);
  fs::remove_all(folder / "experiments");
  fs::create_directory_symlink(outside.path() / "experiments", folder / "experiments");
  const auto verified = verify_study(folder);
  ASSERT_TRUE(verified.ok()) << verified.status().to_string();
  ASSERT_EQ(verified->problems.size(), 1u);
  EXPECT_EQ(verified->problems[0].place, "experiments");
  EXPECT_EQ(verified->problems[0].found, "a symbolic link");
  const Status packed = bundle_study(folder, outside.path() / "study.tar.gz").status();
  EXPECT_NE(packed.message().find("does not hold, so it is not packed: experiments"), std::string::npos);
  EXPECT_FALSE(fs::exists(outside.path() / "study.tar.gz"));
  ReproduceRequest again;
  again.output_dir = outside.path() / "again";
  for (const Status& refused : {explain_number(folder, "0.5").status(), reproduce(folder, again).status(),
                                Scientist{study.options}.resume(folder).status()})
    EXPECT_NE(refused.message().find("holds a symbolic link, experiments"), std::string::npos) << refused.to_string();
}

// A PDF may be a stranger's: neither a pipe nor a page without end keeps its reader.
TEST(PdfText, EndsWhateverTheFileIs) {
  const testing::Folder folder;
  ASSERT_EQ(::mkfifo((folder.path() / "fifo.pdf").c_str(), 0600), 0);
  fs::create_symlink("/dev/zero", folder.path() / "zero.pdf");
  for (const char* name : {"fifo.pdf", "zero.pdf"})
    EXPECT_EQ(pdf_text(folder.path() / name).status().code(), StatusCode::kInvalidArgument) << name;
  EXPECT_EQ(pdf_text(folder.path() / "none.pdf").status().code(), StatusCode::kNotFound);
}

TEST(ProgramOutput, IsNotReadWithoutEnd) {
  EXPECT_EQ(program_output({"yes"}, 0, 1 << 20).status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(program_output({"sleep", "60"}, 0.2).status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(program_output({"echo", "hello"}, 5, 6)->text, "hello\n");
}

}  // namespace
}  // namespace aisci
