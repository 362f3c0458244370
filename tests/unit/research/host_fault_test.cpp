// Whole studies on a host that fails: a disk that is full at any point, a LaTeX that is not there, fails or never ends.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "support/stub_study.hpp"

namespace aisci {
namespace {

using testing::StubCrew;
using testing::StubStudy;

constexpr int kNoNamespace = 77;

// A disk of its own over a folder. An ordinary user needs a user namespace for it.
bool mount_disk(const std::filesystem::path& folder, const std::string& options, bool again = false) {
  if (!again) {
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    if (user != 0) {
      std::ofstream{"/proc/self/setgroups"} << "deny";
      std::ofstream{"/proc/self/uid_map"} << "0 " << user << " 1";
      std::ofstream{"/proc/self/gid_map"} << "0 " << group << " 1";
    }
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  }
  return ::mount("tmpfs", folder.c_str(), "tmpfs", again ? MS_REMOUNT : 0, options.c_str()) == 0;
}

// How the study ended; "" when well. The ledger itself may have no room to begin in.
std::string attempt(StubStudy& study, StubCrew& stubs) {
  const auto opened = Ledger::open_for_writing(study.folder.path() / "study.db");
  if (!opened.ok()) return opened.status().message();
  Recorder recorder{**opened, {}};
  FlowControl control;
  stubs.control = &control;
  return Flow{study.folder.path(), "Does A beat B?", study.options, stubs.crew, recorder, control}
      .run()
      .status()
      .message();
}

// In a process of its own: the study ends in words that name the disk, and once there is room it goes on to the same
// story.
int run_on_full_disk(const std::string& size, const std::string& story) {
  StubStudy study;
  StubCrew stubs;
  if (!mount_disk(study.folder.path(), "size=" + size)) return kNoNamespace;
  // A program that finds no room ends by an error, like any other that may not write.
  stubs.crew.run = [run = stubs.crew.run](const auto& request, const auto& line, const auto& cancelled) {
    RunOutcome failed;
    failed.exit_code = 1;
    failed.log_tail = "OSError: [Errno 28] No space left on device";
    const bool room = std::filesystem::space(request.folder).available > 64u << 10;
    return room ? run(request, line, cancelled) : Result<RunOutcome>{failed};
  };
  const std::string said = attempt(study, stubs);
  if (said.empty()) return 3;
  std::printf("%-6s %s\n", size.c_str(), said.substr(0, 140).c_str());
  const bool told = said.find("full") != std::string::npos || said.find("space") != std::string::npos;
  if (!told) return 4;
  if (!mount_disk(study.folder.path(), "size=64m", true)) return 5;
  const auto resumed = study.run(stubs);
  if (!resumed.ok()) {
    std::printf("       then: %s\n", resumed.status().message().c_str());
    return 6;
  }
  return study.story() == story ? 0 : 7;
}

TEST(HostFault, FullDiskEndsTheStudyInWordsAndItGoesOnOnceThereIsRoom) {
  StubStudy whole;
  StubCrew undisturbed;
  ASSERT_TRUE(whole.run(undisturbed).ok());
  const std::string story = whole.story();
  for (const char* size : {"40k", "200k", "400k", "600k", "900k"}) {
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
      const int code = run_on_full_disk(size, story);
      std::fflush(stdout);
      ::_exit(code);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << size << ": signal " << WTERMSIG(status);
    if (WEXITSTATUS(status) == kNoNamespace) GTEST_SKIP() << "no namespace to mount a small disk in";
    EXPECT_EQ(WEXITSTATUS(status), 0) << size;
  }
}

TEST(HostFault, LatexThatIsMissingFailsOrNeverEndsLeavesSourcesAndSaysSo) {
  const auto with = [](const std::function<void(RunOutcome&)>& set) {
    RunOutcome outcome;
    set(outcome);
    return outcome;
  };
  const std::vector<std::pair<const char*, RunOutcome>> faults{
      {"no TeX", with([](RunOutcome& o) { o.exit_code = 127, o.log_tail = "pdflatex: not found"; })},
      {"TeX error", with([](RunOutcome& o) { o.exit_code = 1, o.log_tail = "! Undefined control sequence."; })},
      {"TeX loop", with([](RunOutcome& o) { o.timed_out = true, o.signal = 9; })}};
  for (const auto& [name, outcome] : faults) {
    SCOPED_TRACE(name);
    StubStudy study;
    StubCrew stubs;
    stubs.crew.run = [run = stubs.crew.run, ended = outcome](const auto& request, const auto& line,
                                                             const auto& cancelled) {
      return request.program[0] == "/bin/sh" ? Result<RunOutcome>{ended} : run(request, line, cancelled);
    };
    const auto result = study.run(stubs);
    ASSERT_TRUE(result.ok()) << result.status().to_string();
    EXPECT_EQ(result->state, StudyState::kCompleted);
    EXPECT_TRUE(result->paper.pdf.empty());
    EXPECT_TRUE(std::filesystem::exists(result->paper.latex));
    ASSERT_EQ(result->degraded.size(), 2u);
    EXPECT_NE(result->degraded[0].find("no PDF: LaTeX failed"), std::string::npos) << result->degraded[0];
    EXPECT_NE(result->degraded[0].find("; its sources are in paper/"), std::string::npos) << "there is no log";
    EXPECT_NE(result->degraded[1].find("rebuttal"), std::string::npos) << result->degraded[1];
    EXPECT_TRUE(study.verify(stubs).empty());
  }
}

}  // namespace
}  // namespace aisci
