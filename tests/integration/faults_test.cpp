// What goes wrong in experiments, against the real sandbox: each fault ends as its own class, within its limits, and
// leaves nothing running. The table is printed.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "integration/sandbox_fixture.hpp"

namespace aisci {
namespace {

using namespace testing;

struct Fault {
  const char* name;
  const char* script;
  double wall_seconds;
  const char* expected;        // with control groups
  const char* without_groups;  // nullptr: the same
};

// memory_mb is 256 here, results_mb 20, output_mb 1, processes 64. python3 is the system's.
const Fault kFaults[] = {
    {"segmentation fault", "kill -SEGV $$", 20, "signal 11", nullptr},
    {"endless loop", "while :; do :; done", 1, "timeout", nullptr},
    {"prints 10 GB", "head -c 10G /dev/zero", 120, "output cut", nullptr},
    {"exits 0 without results", "exit 0", 20, "ok", nullptr},
    {"fork bomb", "f() { f | f & }; f & while :; do :; done", 2, "timeout", nullptr},
    {"asks for too many processes", "i=0; while [ $i -lt 100 ]; do sleep 20 & i=$((i+1)); done; wait", 20, "processes",
     "code 2"},
    {"twice its memory, slowly",
     "exec python3 -c 'import time\nblocks = []\nfor i in range(64): blocks.append(bytearray(8 << 20)); "
     "time.sleep(0.02)'",
     20, "memory", nullptr},
    {"twice its memory, at once", "exec python3 -c 'x = bytearray(512 << 20); import time; time.sleep(5)'", 20,
     "memory", "code 1"},
    {"memory in many processes",
     "for i in 1 2 3 4 5 6; do python3 -c 'x = b\"1\" * (80 << 20); import time; time.sleep(10)' & done; wait", 20,
     "memory", nullptr},
    {"memory of a child, itself well",
     "python3 -c 'b = []\nfor i in range(72): b.append(bytearray(4 << 20))\nimport time; time.sleep(5)' ; sleep 5; "
     "exit 0",
     20, "memory", nullptr},
    {"fills results",
     "i=0; while [ $i -lt 100 ]; do head -c 4000000 /dev/zero > /results/f$i; i=$((i+1)); sleep 0.05; done; sleep 30",
     20, "results", nullptr},
    {"fills results with one file", "exec head -c 100M /dev/zero > /results/one", 20, "results", nullptr},
    {"fills results with empty files",
     "mkdir /results/d; exec python3 -c 'import time\nfor i in range(8000): open(f\"/results/d/{i}\", "
     "\"w\")\ntime.sleep(20)'",
     20, "results", nullptr},
    {"fills results with files that it deletes",
     "exec python3 -c 'import os, time\nkept = []\nfor i in range(6):\n f = open(\"/results/x\", \"wb\"); "
     "f.write(bytes(8 << 20)); f.flush(); os.unlink(\"/results/x\"); kept.append(f)\ntime.sleep(20)'",
     20, "results", nullptr},
    {"hides its results", "mkdir /results/d; chmod 000 /results/d; sleep 20", 20, "results", nullptr},
    {"leaves a sparse terabyte", "exec truncate -s 1T /results/sparse", 20, "results", nullptr},
    {"fills /tmp",
     "i=0; while head -c 15M /dev/zero > /tmp/f$i 2>/dev/null; do i=$((i+1)); [ $i -gt 60 ] && exit 0; done; exit 9",
     60, "memory", "code 9"},
    {"fills /dev/shm",
     "i=0; while head -c 15M /dev/zero > /dev/shm/f$i 2>/dev/null; do i=$((i+1)); [ $i -gt 60 ] && exit 0; done; exit "
     "9",
     60, "memory", "code 9"},
    {"daemonises", "(setsid sh -c '(trap \"\" TERM HUP; while :; do sleep 0.1; done) &' &) ; sleep 0.2; exit 0", 20,
     "ok", nullptr},
    {"ignores SIGTERM", "trap '' TERM INT HUP; while :; do sleep 0.1; done", 1, "timeout", nullptr},
    {"leaves a FIFO, a link and a socket",
     "mkfifo /results/metrics.json; ln -s /etc/shadow /results/link; python3 -c 'import socket; "
     "socket.socket(socket.AF_UNIX).bind(\"/results/s\")'",
     20, "ok", nullptr},
    {"leaves a device", "mknod /results/device c 1 3", 20, "code 1", nullptr},
};

std::string class_of(const Ran& ran) {
  if (ran.exit.lost) return "lost";
  if (ran.exit.timed_out) return "timeout";
  if (ran.exit.out_of_memory) return "memory";
  if (flag_of(ran.record, "overgrown")) return "results";
  if (ran.exit.killed) return "killed";
  if (!ran.exit.succeeded() && integer_of(ran.record, "refused_processes") > 0) return "processes";
  if (ran.exit.signal) return "signal " + std::to_string(ran.exit.signal);
  if (ran.exit.code) return "code " + std::to_string(ran.exit.code);
  return ran.exit.output_cut ? "output cut" : "ok";
}

// Processes of this machine whose environment holds a text: what a run left.
int processes_with(const std::string& mark) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator{"/proc"}) {
    if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file{entry.path() / "environ"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    count += text.find(mark) != std::string::npos;
  }
  return count;
}

struct FaultTest : SandboxTest {};

TEST_P(FaultTest, EachEndsAsItsClassAndLeavesNothing) {
  const auto layers = layers_of(*sandbox_);
  const bool groups = layers.at("memory") && layers.at("processes");
  for (const Fault& fault : kFaults) {
    SCOPED_TRACE(fault.name);
    fs::remove_all(root() / "results");
    json::object what = spec(fault.script, fault.wall_seconds);
    const std::string mark = "AISCI_FAULT_MARK=" + std::to_string(::getpid()) + fault.name;
    what["environment"] = json::object{{"AISCI_FAULT_MARK", mark.substr(17)}};
    what["memory_mb"] = 256;
    const auto begun = std::chrono::steady_clock::now();
    const Ran ran = run(what);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const int left = processes_with(mark);
    std::printf("%-42s %-12s %6.2f s  %d left\n", fault.name, class_of(ran).c_str(), seconds, left);
    EXPECT_EQ(class_of(ran), !groups && fault.without_groups ? fault.without_groups : fault.expected)
        << ran.errors.substr(0, 400);
    EXPECT_EQ(left, 0);
    EXPECT_LT(read_file(root() / "output.log").value().size(), 1200000u);
    std::error_code error;
    fs::permissions(root() / "results/d", fs::perms::owner_all, error);  // what was hidden is to be removed
  }
}

// Host code reads results; nothing that is not a plain file may hold it up or lead it elsewhere.
TEST_P(FaultTest, HostReadsPlainFilesOnly) {
  run("mkfifo /results/fifo; ln -s /etc/hostname /results/link; echo x > /results/plain");
  EXPECT_FALSE(read_file(root() / "results/fifo").ok());
  EXPECT_FALSE(read_file(root() / "results/link").ok());
  EXPECT_TRUE(read_file(root() / "results/plain").ok());
}

TEST_P(FaultTest, SessionLimitsBoundASpecification) {
  auto session =
      sandbox_->open(R"({"wall_seconds": 1, "memory_mb": 64, "processes": 16, "cpus": 1, "output_bytes": 1000})", {});
  ASSERT_TRUE(session.ok());
  session_ = std::move(*session);
  EXPECT_EQ(class_of(run("sleep 30")), "timeout");
  EXPECT_EQ(class_of(run("yes | head -c 5000")), "output cut");
}

TEST_P(FaultTest, SupervisorThatIsKilledTakesItsRunAlong) {
  json::object what = spec("sleep 60");
  const std::string mark = "AISCI_FAULT_MARK=supervisor" + std::to_string(::getpid());
  what["environment"] = json::object{{"AISCI_FAULT_MARK", mark.substr(17)}};
  ASSERT_TRUE(session_->start(json::serialize(what), root().string(), {}).ok());
  const auto record = parse_json_object(read_file(root() / "supervisor.json").value(), "record").value();
  for (int i = 0; i < 200 && processes_with(mark) == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
  ASSERT_GT(processes_with(mark), 0);
  ASSERT_EQ(::kill(static_cast<pid_t>(integer_of(record, "pid")), SIGKILL), 0);
  EXPECT_TRUE(wait().exit.lost);
  for (int i = 0; i < 200 && processes_with(mark) != 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
  EXPECT_EQ(processes_with(mark), 0);
  // Its control group stays for a moment; the next run clears it.
  EXPECT_TRUE(run("true").exit.succeeded());
  const std::string group =
      "-" + std::to_string(integer_of(record, "pid")) + "-" + std::to_string(integer_of(record, "started"));
  std::error_code error;
  for (fs::recursive_directory_iterator it{"/sys/fs/cgroup", error}, end; !error && it != end; it.increment(error))
    EXPECT_EQ(it->path().filename().string().find(group), std::string::npos) << it->path();
}

TEST_P(FaultTest, PrivateFileSystemsAreCapped) {
  for (const auto& [folder, most] : {std::pair{"/tmp", 600}, {"/dev/shm", 300}}) {
    json::object what = spec(std::string{"head -c "} + std::to_string(most) + "M /dev/zero > " + folder + "/fill");
    what["memory_mb"] = 2048;
    what["results_mb"] = 1024;
    const Ran ran = run(what);
    EXPECT_EQ(class_of(ran), "code 1") << folder;
    EXPECT_NE(ran.errors.find("No space left"), std::string::npos) << ran.errors;
  }
}

TEST_P(FaultTest, LayerThatIsAskedForAndMissingIsAnError) {
  const auto layers = layers_of(*sandbox_);
  for (const auto& [name, active] : layers) {
    auto asking = registry_.create_sandbox(GetParam(), json::serialize(json::object{{"require", name}}));
    ASSERT_TRUE(asking.ok());
    const auto session = (*asking)->open("{}", {});
    EXPECT_EQ(session.ok(), active) << name;
    if (!active) {
      EXPECT_NE(session.status().message().find("To have it, "), std::string::npos) << session.status().message();
    }
  }
  auto unknown = registry_.create_sandbox(GetParam(), R"({"require": "moat"})");
  ASSERT_TRUE(unknown.ok());
  EXPECT_EQ((*unknown)->open("{}", {}).status().code(), StatusCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(Sandboxes, FaultTest, ::testing::Values("bubblewrap"),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace aisci
