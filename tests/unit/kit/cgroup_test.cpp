// Control groups against folders that look like the kernel's: what is written where, and what is made of what the
// kernel would write back. Whether a real kernel heeds it: tests/integration.
#include "kit/containment/cgroup.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "kit/containment/processes.hpp"
#include "support/folder.hpp"

namespace aisci::kit {
namespace {

namespace fs = std::filesystem;

class Cgroups : public ::testing::Test {
 protected:
  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories((folder_.path() / file).parent_path());
    std::ofstream{folder_.path() / file} << text;
  }
  std::string read(const fs::path& file) const {
    std::ifstream stream{folder_.path() / file};
    return {std::istreambuf_iterator<char>{stream}, {}};
  }
  std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
  ControlGroup make(const GroupLimits& limits) const {
    return ControlGroup::make("aisci-1", limits, folder_.path() / "self");
  }

  // As systemd mounts version 2; the process is in a scope of a user's slice.
  void version_two() const {
    write("self/cgroup", "0::/user.slice/app.scope\n");
    write("self/mountinfo", "30 23 0:26 / " + at("v2") + " rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
    write("v2/cgroup.controllers", "cpu memory pids\n");
    write("v2/user.slice/app.scope/cgroup.procs", "");
  }
  void version_one() const {
    write("self/cgroup", "4:memory:/docker/x\n8:pids:/docker/x\n1:cpu,cpuacct:/\n0::/\n");
    write("self/mountinfo", "31 23 0:27 /docker " + at("memory") + " rw - cgroup cgroup rw,memory\n32 23 0:28 / " +
                                at("pids") + " rw - cgroup cgroup rw,pids\n33 23 0:29 / " + at("cpu") +
                                " rw - cgroup cgroup rw,cpu,cpuacct\n34 23 0:30 / " + at("v2") +
                                " rw - cgroup2 cgroup2 rw\n");
    write("v2/cgroup.controllers", "hugetlb\n");
    for (const char* folder : {"memory/x", "pids/docker/x", "cpu"}) fs::create_directories(folder_.path() / folder);
  }

  const testing::Folder folder_;
};

TEST_F(Cgroups, VersionTwoIsLimitedAndJoined) {
  version_two();
  ControlGroup group = make({100, 50, 1.5});
  for (const auto controller : {ControlGroup::kMemory, ControlGroup::kProcesses, ControlGroup::kCpu})
    EXPECT_EQ(group.version(controller), 2) << group.problem(controller);
  const fs::path place = "v2/user.slice/app.scope/aisci-1";
  EXPECT_EQ(read(place / "memory.max"), "104857600");
  EXPECT_EQ(read(place / "memory.swap.max"), "0");
  EXPECT_EQ(read(place / "memory.oom.group"), "1");
  EXPECT_EQ(read(place / "pids.max"), "50");
  EXPECT_EQ(read(place / "cpu.max"), "150000 100000");
  group.add(1);  // a number that is never signalled
  EXPECT_EQ(read(place / "cgroup.procs"), "1");
}

// A group with processes of its own cannot have limited groups below it: then the group goes beside it.
TEST_F(Cgroups, VersionTwoFallsBackToASibling) {
  version_two();
  const fs::path own = folder_.path() / "v2/user.slice/app.scope";
  std::ofstream{own / "aisci-1"} << "in the way, as a refusal of the kernel's is";
  const ControlGroup group = make({100, 50, 1});
  EXPECT_TRUE(group.has(ControlGroup::kMemory)) << group.problem(ControlGroup::kMemory);
  EXPECT_EQ(read("v2/user.slice/aisci-1/memory.max"), "104857600");
}

TEST_F(Cgroups, VersionOneHasAFolderForEachController) {
  version_one();
  const ControlGroup group = make({100, 50, 2});
  for (const auto controller : {ControlGroup::kMemory, ControlGroup::kProcesses, ControlGroup::kCpu})
    EXPECT_EQ(group.version(controller), 1) << group.problem(controller);
  EXPECT_EQ(read("memory/x/aisci-1/memory.limit_in_bytes"), "104857600");  // the container mounted its own part alone
  EXPECT_EQ(read("pids/docker/x/aisci-1/pids.max"), "50");
  EXPECT_EQ(read("cpu/aisci-1/cpu.cfs_quota_us"), "200000");
}

TEST_F(Cgroups, EventsTellWhichLimitWasHit) {
  version_two();
  const ControlGroup second = make({100, 50, 1});
  const fs::path place = "v2/user.slice/app.scope/aisci-1";
  EXPECT_EQ(second.events().memory_kills, 0);
  write(place / "memory.events", "low 0\nhigh 0\nmax 12\noom 2\noom_kill 1\noom_group_kill 1\n");
  write(place / "memory.peak", "104857600\n");
  write(place / "pids.events", "max 7\n");
  EXPECT_EQ(second.events().memory_kills, 1);
  EXPECT_EQ(second.events().refused_processes, 7);
  EXPECT_EQ(second.events().peak_memory_bytes, 104857600);
}

TEST_F(Cgroups, VersionOneCountsKillsInOomControl) {
  version_one();
  const ControlGroup group = make({100, 50, 1});
  write("memory/x/aisci-1/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
  EXPECT_EQ(group.events().memory_kills, 3);
}

TEST_F(Cgroups, WithoutAnyTheProblemIsTold) {
  write("self/cgroup", "0::/\n");
  write("self/mountinfo", "1 0 0:1 / / rw - ext4 /dev/vda rw\n");
  const ControlGroup group = make({100, 50, 1});
  EXPECT_FALSE(group.has(ControlGroup::kMemory));
  EXPECT_NE(group.problem(ControlGroup::kMemory).find("memory"), std::string::npos);
  EXPECT_EQ(group.events().memory_kills, 0);
}

TEST_F(Cgroups, NamesSayWhoseTheyAre) {
  EXPECT_EQ(ControlGroup::name_for(::getpid()), ControlGroup::name_for(::getpid()));
  EXPECT_NE(ControlGroup::name_for(::getpid()), ControlGroup::name_for(::getppid()));
}

// Only groups of dead supervisors of this pid namespace are cleared.
TEST_F(Cgroups, SweepLeavesTheLivingAndTheForeign) {
  version_two();
  const ControlGroup group = make({100, 50, 1});
  const fs::path parent = folder_.path() / "v2/user.slice/app.scope";
  const std::string dead = "aisci-" + std::to_string(pid_namespace()) + "-" + std::to_string(::getpid()) +
                           "-1";  // our number, another start
  const std::string foreign = "aisci-1-" + std::to_string(::getpid()) + "-1",
                    living = ControlGroup::name_for(::getpid());
  for (const std::string& name : {dead, foreign, living, std::string{"aisci-of-someone"}})
    fs::create_directory(parent / name);
  group.sweep();
  EXPECT_FALSE(fs::exists(parent / dead));
  for (const std::string& name : {foreign, living, std::string{"aisci-of-someone"}})
    EXPECT_TRUE(fs::exists(parent / name)) << name;
}

}  // namespace
}  // namespace aisci::kit
