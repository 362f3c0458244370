// Leases of GPUs between threads, processes and studies.
#include "runtime/gpu_leases.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <thread>

#include "support/folder.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

const Gpu kOne{"GPU-one", "One", 0, {}, {}, ""}, kTwo{"GPU-two", "Two", 0, {}, {}, ""};

class Leases : public ::testing::Test {
 protected:
  GpuLeases pool(std::vector<Gpu> gpus) const { return GpuLeases{std::move(gpus), folder_.path() / "gpus"}; }
  std::string run(const std::string& name) const {
    fs::create_directories(folder_.path() / name);
    return (folder_.path() / name).string();
  }
  // A call that does not wait.
  static CallContext at_once() {
    CallContext call;
    call.deadline = CallContext::Clock::now();
    return call;
  }
  bool taken(const std::vector<Gpu>& gpus, std::size_t count = 1) const {
    auto lease = pool(gpus).take(count, run("probe"), seconds{60}, at_once());
    EXPECT_TRUE(lease.ok() || lease.status().code() == StatusCode::kDeadlineExceeded) << lease.status().to_string();
    if (lease.ok()) lease->give_back();
    return !lease.ok();
  }
  // Takes a lease in a process that then dies as kill -9 would have it.
  void take_and_die(const std::vector<Gpu>& gpus, const std::string& name, seconds longest) const {
    const pid_t child = ::fork();
    if (child == 0) {
      auto leases = pool(gpus);
      const auto lease = leases.take(1, run(name), longest, at_once());
      ::_exit(lease.ok() ? 7 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(WEXITSTATUS(status), 7);
  }

  void supervisor_of(const std::string& name, pid_t pid) const {
    std::ofstream{folder_.path() / name / "supervisor.json"} << R"({"pid":)" + std::to_string(pid) + "}";
  }

  testing::Folder folder_;
};

TEST_F(Leases, OneExperimentHasAGpuAtATime) {
  auto leases = pool({kOne, kTwo});
  auto first = leases.take(1, run("a"), seconds{60}, {});
  auto second = leases.take(1, run("b"), seconds{60}, {});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(first->gpus()[0].uuid, second->gpus()[0].uuid);
  EXPECT_TRUE(taken({kOne, kTwo}));
  first->give_back();
  EXPECT_FALSE(taken({kOne, kTwo}));
}

TEST_F(Leases, AsManyAsAskedForOrNone) {
  auto leases = pool({kOne, kTwo});
  {
    auto both = leases.take(2, run("a"), seconds{60}, {});
    ASSERT_EQ(both->gpus().size(), 2U);
    EXPECT_TRUE(taken({kOne}) && taken({kTwo}));
    both->give_back();
  }
  const auto one = leases.take(1, run("b"), seconds{60}, {});
  EXPECT_TRUE(taken({kOne, kTwo}, 2));
  EXPECT_FALSE(taken({kOne, kTwo}, 1));  // what could not be had whole was given back
  EXPECT_EQ(pool({kOne}).take(8, run("c"), seconds{1}, at_once()).ok(), false);  // one of one, and that is taken
  EXPECT_TRUE(pool({}).take(1, run("d"), seconds{1}, {})->gpus().empty());
}

TEST_F(Leases, AGpuNamedTwiceTakesTwoAndIsNobodysAlone) {
  auto shared = pool({kOne, kOne});
  const auto first = shared.take(1, run("a"), seconds{60}, {});
  EXPECT_TRUE(taken({kOne}));  // another study wants it for itself
  auto second = shared.take(1, run("b"), seconds{60}, at_once());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->gpus()[0].uuid, "GPU-one");
  EXPECT_TRUE(taken({kOne, kOne}));
  EXPECT_EQ(shared.take(2, run("c"), seconds{60}, at_once()).ok(), false);
}

TEST_F(Leases, TheRunOfADeadProcessKeepsItsGpuUntilItEnds) {
  take_and_die({kOne}, "left", seconds{3600});
  supervisor_of("left", ::getpid());
  EXPECT_TRUE(taken({kOne}));
  EXPECT_TRUE(taken({kOne, kOne}));  // also from those who would share it
  std::ofstream{folder_.path() / "left/completion.json"} << "{}";
  EXPECT_FALSE(taken({kOne}));
}

TEST_F(Leases, ASharedGpuIsNotHadAloneWhileARunOfTheDeadIsOnIt) {
  take_and_die({kOne, kOne}, "left", seconds{3600});
  supervisor_of("left", ::getpid());
  EXPECT_TRUE(taken({kOne}));
  EXPECT_FALSE(taken({kOne, kOne}));  // the other share
  std::ofstream{folder_.path() / "left/completion.json"} << "{}";
  EXPECT_FALSE(taken({kOne}));
}

// As kill -9 of a whole session, or a container that stops, leaves it.
TEST_F(Leases, ARunWhoseSupervisorIsDeadIsOver) {
  const pid_t gone = ::fork();
  if (gone == 0) ::_exit(0);
  ASSERT_EQ(::waitpid(gone, nullptr, 0), gone);
  take_and_die({kOne}, "left", seconds{3600});
  EXPECT_TRUE(taken({kOne}));  // its supervisor may be about to start
  supervisor_of("left", gone);
  EXPECT_FALSE(taken({kOne}));
}

TEST_F(Leases, ARunWithoutAFolderOrWithoutASupervisorIsOver) {
  take_and_die({kOne}, "left", seconds{3600});
  EXPECT_TRUE(taken({kOne}));
  fs::remove_all(folder_.path() / "left");
  EXPECT_FALSE(taken({kOne}));

  fs::create_directories(folder_.path() / "left");
  const auto minute_ago = std::to_string(std::time(nullptr) - 60), hour = std::to_string(std::time(nullptr) + 3600);
  std::ofstream{folder_.path() / "gpus/GPU-one"} << R"({"run":")" + (folder_.path() / "left").string() +
                                                        R"(","since":)" + minute_ago + R"(,"until":)" + hour + "}";
  EXPECT_FALSE(taken({kOne}));
}

TEST_F(Leases, ExpireWithTheTimeThatARunMayTake) {
  take_and_die({kOne}, "left", seconds{0});
  supervisor_of("left", ::getpid());
  EXPECT_FALSE(taken({kOne}));
}

TEST_F(Leases, TheStudyThatGoesOnHasItAgain) {
  take_and_die({kOne, kTwo}, "left", seconds{3600});
  supervisor_of("left", ::getpid());
  auto leases = pool({kOne, kTwo});
  GpuLease again = leases.rejoin(run("left"));
  ASSERT_EQ(again.gpus().size(), 1U);
  EXPECT_TRUE(taken({again.gpus()[0]}));
  again.give_back();
  EXPECT_FALSE(taken({kOne}));
  EXPECT_TRUE(leases.rejoin(run("left")).gpus().empty());  // given back: nothing is left of it
  EXPECT_TRUE(leases.rejoin("").gpus().empty());
}

// A run that nobody waits for any more may be running still.
TEST_F(Leases, WhatIsNotGivenBackIsTakenUntilTheRunIsOver) {
  (void)pool({kOne}).take(1, run("left"), seconds{3600}, {});
  supervisor_of("left", ::getpid());
  EXPECT_TRUE(taken({kOne}));
  std::ofstream{folder_.path() / "left/completion.json"} << "{}";
  EXPECT_FALSE(taken({kOne}));
}

// A host that forks without exec, as Python's multiprocessing does, copies every open file.
TEST_F(Leases, AForkOfTheHostKeepsNothing) {
  auto lease = pool({kOne}).take(1, run("a"), seconds{60}, {});
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    char byte;
    ::close(ends[1]);
    ::_exit(::read(ends[0], &byte, 1) == 0 ? 0 : 1);  // until the parent lets go
  }
  lease->give_back();
  EXPECT_FALSE(taken({kOne}));
  ::close(ends[1]);
  ::close(ends[0]);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
}

TEST_F(Leases, LieWhereTheEnvironmentDoesNotMatter) {
  const auto usual = GpuLeases::shared_folder();
  ::setenv("XDG_RUNTIME_DIR", "/nowhere", 1);
  ::setenv("TMPDIR", "/nowhere", 1);
  EXPECT_EQ(GpuLeases::shared_folder(), usual);
  ::unsetenv("XDG_RUNTIME_DIR");
  ::unsetenv("TMPDIR");
}

TEST_F(Leases, WaitingEndsWhenItIsFreeOrCancelled) {
  auto leases = pool({kOne});
  auto held = leases.take(1, run("a"), seconds{60}, {});
  std::atomic<bool> waits{false}, stop{false};
  CallContext call;
  call.on_progress = [&](double, std::string_view note) {
    EXPECT_NE(note.find("waits for a GPU: One is with " + run("a")), std::string_view::npos) << note;
    waits = true;
  };
  std::thread other{[&] {
    auto lease = leases.take(1, run("b"), seconds{60}, call);
    ASSERT_TRUE(lease.ok());
    lease->give_back();
  }};
  while (!waits) std::this_thread::yield();
  held->give_back();
  other.join();

  held = leases.take(1, run("a"), seconds{60}, {});
  waits = false;
  call.cancelled = [&] { return stop.load(); };
  std::thread third{
      [&] { EXPECT_EQ(leases.take(1, run("c"), seconds{60}, call).status().code(), StatusCode::kCancelled); }};
  while (!waits) std::this_thread::yield();
  stop = true;
  third.join();
}

TEST_F(Leases, EightThreadsNeverMeetOnOneGpu) {
  auto leases = pool({kOne, kTwo});
  std::atomic<int> on[2] = {0, 0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 3; ++i) {
        auto lease = leases.take(1, run("t" + std::to_string(t)), seconds{60}, {});
        ASSERT_TRUE(lease.ok());
        auto& here = on[lease->gpus()[0].uuid == "GPU-two"];
        EXPECT_EQ(here.fetch_add(1), 0);
        std::this_thread::yield();
        here.fetch_sub(1);
        lease->give_back();
      }
    });
  for (auto& thread : threads) thread.join();
}

TEST_F(Leases, AFolderThatOthersCanWriteIsRefused) {
  const auto refused = [&] {
    const auto lease = pool({kOne}).take(1, run("a"), seconds{60}, {});
    EXPECT_EQ(lease.status().code(), StatusCode::kPermissionDenied);
    EXPECT_NE(lease.status().message().find("you alone can write"), std::string::npos) << lease.status().message();
  };
  fs::create_symlink("/tmp", folder_.path() / "gpus");
  refused();
  fs::remove(folder_.path() / "gpus");
  fs::create_directory(folder_.path() / "gpus");
  ::chmod((folder_.path() / "gpus").c_str(), 0777);
  refused();
}

TEST_F(Leases, RubbishInAFileHoldsNothing) {
  fs::create_directories(folder_.path() / "gpus");
  for (const char* text : {"{", "[]", R"({"run":7})", R"({"run":"/x","until":"later"})", "\xff\xfe"}) {
    std::ofstream{folder_.path() / "gpus/GPU-one"} << text;
    EXPECT_FALSE(taken({kOne})) << text;
  }
}

}  // namespace
}  // namespace aisci
