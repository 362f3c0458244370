// The shipped sandboxes, as plugins, running real programs.
#include <signal.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "integration/sandbox_fixture.hpp"
#include "support/comma_locale.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;
using testing::layers_of;
using testing::Ran;
using testing::SandboxTest;

using Both = SandboxTest;

TEST_P(Both, ProgramSeesItsFoldersAndItsOutputComesBack) {
  const Ran result =
      run("cat \"$AISCI_JOB/script.sh\" >/dev/null && echo out && echo err >&2 && echo kept > \"$AISCI_RESULTS/file\" "
          "&& echo $GIVEN");
  EXPECT_TRUE(result.exit.succeeded()) << result.errors;
  EXPECT_EQ(result.output, "out\nyes\n");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_EQ(read_file(root() / "results" / "file").value(), "kept\n");
}

TEST_P(Both, LimitsAreKeptUnderEveryLocaleOfTheHost) {
  const testing::CommaLocale locale;
  ASSERT_EQ(locale.problem(), "");
  const Ran ran =
      run("head -c 3000000 /dev/zero > \"$AISCI_RESULTS/three\" && sleep 1.2", 1000.5);  // not "1.000,5" seconds
  EXPECT_EQ(ran.exit.code, 0) << ran.errors << json::serialize(ran.record);
  EXPECT_FALSE(ran.exit.timed_out);
}

TEST_P(Both, ExitCodeAndSignalAreTold) {
  EXPECT_EQ(run("exit 7").exit.code, 7);
  const Ran killed = run("kill -SEGV $$");
  EXPECT_TRUE(killed.exit.signal == SIGSEGV || killed.exit.code == 128 + SIGSEGV)
      << killed.exit.code << " " << killed.exit.signal;
}

TEST_P(Both, TimeLimitEndsTheWholeTree) {
  // Forks twice, leaves the session and ignores SIGTERM.
  const Ran result =
      run("trap '' TERM; (setsid sh -c 'trap \"\" TERM; while :; do echo alive > \"${AISCI_RESULTS:-/results}/beat\"; "
          "sleep 0.05; done' &) ; sleep 60",
          2);
  EXPECT_TRUE(result.exit.timed_out);
  const auto beat = root() / "results" / "beat";
  ASSERT_TRUE(fs::exists(beat));
  fs::remove(beat);
  std::this_thread::sleep_for(std::chrono::milliseconds{400});
  EXPECT_FALSE(fs::exists(beat)) << "a descendant outlived its run";
}

TEST_P(Both, OutputIsCapped) {
  const Ran result = run("yes 0123456789012345678901234567890123456789 | head -c 5000000; echo done >&2");
  EXPECT_TRUE(result.exit.output_cut);
  EXPECT_LT(result.output.size(), 1200000u);
  EXPECT_NE(result.output.find("past its limit"), std::string::npos);
  EXPECT_EQ(result.errors, "done\n");
}

TEST_P(Both, ResultsThatGrowPastTheirLimitEndTheRun) {
  const Ran result =
      run("i=0; while [ $i -lt 100 ]; do head -c 4000000 /dev/zero > \"$AISCI_RESULTS/f$i\"; i=$((i+1)); sleep 0.05; "
          "done; sleep 30");
  EXPECT_TRUE(result.exit.killed);
}

TEST_P(Both, KilledRunIsGoneAndSaysSo) {
  ASSERT_TRUE(session_->start(json::serialize(spec("sleep 60")), root().string(), {}).ok());
  ASSERT_TRUE(session_->kill(root().string(), std::chrono::seconds{1}, {}).ok());
  EXPECT_TRUE(wait().exit.killed);
}

TEST_P(Both, CancelledWaitLeavesTheRunAndAttachFindsIt) {
  ASSERT_TRUE(session_->start(json::serialize(spec("sleep 0.5; echo finished")), root().string(), {}).ok());
  CallContext call;
  call.cancelled = [] { return true; };
  EXPECT_EQ(session_->wait(root().string(), {}, {}, {}, call).status().code(), StatusCode::kCancelled);
  auto again = sandbox_->attach(root().string(), {});
  ASSERT_TRUE(again.ok());
  session_ = std::move(*again);
  EXPECT_EQ(wait().output, "finished\n");
  EXPECT_EQ(sandbox_->attach((root() / "other").string(), {}).status().code(), StatusCode::kNotFound);
}

TEST_P(Both, RunOutlivesAProcessThatIsKilled) {
  const std::string what = json::serialize(spec("sleep 0.7; echo survived"));
  const pid_t child = ::fork();
  if (child == 0) {
    const bool started = session_->start(what, root().string(), {}).ok();
    ::kill(::getpid(), started ? SIGKILL : SIGTERM);
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  auto attached = sandbox_->attach(root().string(), {});
  ASSERT_TRUE(attached.ok()) << attached.status().to_string();
  session_ = std::move(*attached);
  const Ran result = wait();
  EXPECT_TRUE(result.exit.succeeded());
  EXPECT_EQ(result.output, "survived\n");
}

TEST_P(Both, BadSpecificationsAreNamed) {
  EXPECT_EQ(session_->start("not json", root().string(), {}).status().code(), StatusCode::kInvalidArgument);
  json::object without = spec("true");
  without["argv"] = json::array{};
  EXPECT_NE(session_->start(json::serialize(without), root().string(), {}).status().message().find("argv"),
            std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Sandboxes, Both, ::testing::Values("bubblewrap", "process"),
                         [](const auto& instance) { return instance.param; });

using Isolated = SandboxTest;

fs::path experiment_python() {
  const fs::path environments =
      std::getenv("AISCI_ENVIRONMENTS") ? std::getenv("AISCI_ENVIRONMENTS") : "/opt/aisci/environments";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{environments, error})
    if (fs::exists(entry.path() / "complete")) return entry.path() / "bin/python3";
  ADD_FAILURE() << "no environment in " << environments << ": run bash setup.sh";
  return "/usr/bin/python3";
}

constexpr const char* kTraining = R"PY(
import torch
if __name__ == "__main__":
    torch.manual_seed(1)
    x = torch.randn(256, 8); y = (x.sum(1, keepdim=True) > 0).float()
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=32, num_workers=2)
    model = torch.nn.Linear(8, 1); optimiser = torch.optim.AdamW(model.parameters(), lr=0.1)
    for _ in range(5):
        for a, b in loader:
            loss = torch.nn.functional.binary_cross_entropy_with_logits(model(a), b)
            optimiser.zero_grad(); loss.backward(); optimiser.step()
    assert ((model(x) > 0).float() == y).float().mean() > 0.9
    print("trained")
)PY";

// Worker processes pass tensors over unix sockets and /dev/shm: the filter must leave both.
TEST_P(Isolated, PyTorchTrainsWithWorkerProcesses) {
  json::object what = spec("", 120);
  std::ofstream{root() / "job/train.py"} << kTraining;
  what["argv"] = json::array{json::string{experiment_python().string()}, "/job/train.py"};
  const Ran result = run(what);
  EXPECT_EQ(result.output, "trained\n") << result.errors;
  EXPECT_TRUE(result.exit.succeeded());
}

// The data sets that scikit-learn ships hold the labels that the host scores by.
TEST_P(Isolated, ShippedLabelsAreSeenByThePrepareStepAlone) {
  json::object what = spec("");
  what["argv"] = json::array{json::string{experiment_python().string()}, "-c",
                             "import sklearn.datasets; print(len(sklearn.datasets.load_digits().target))"};
  const Ran trial = run(what);
  EXPECT_EQ(trial.exit.code, 1);
  EXPECT_NE(trial.errors.find("FileNotFoundError"), std::string::npos) << trial.errors;
  what["evaluator"] = true;
  EXPECT_EQ(run(what).output, "1797\n");
}

TEST_P(Isolated, SupervisorTellsItsGroups) {
  run("true");
  const auto record = parse_json_object(read_file(root() / "supervisor.json").value(), "record").value();
  const auto layers = layers_of(*sandbox_);
  for (const auto& [name, key] :
       {std::pair{"memory", "group_memory"}, {"processes", "group_processes"}, {"cpu", "group_cpu"}})
    EXPECT_EQ(integer_of(record, key, -1) > 0, layers.at(name)) << name;
}

TEST_P(Isolated, FilesDoNotBelongToRoot) {
  run("echo x > /results/file");
  struct stat info {};
  ASSERT_EQ(::stat((root() / "results/file").c_str(), &info), 0);
  if (::geteuid() == 0)
    EXPECT_EQ(info.st_uid, 65534u);
  else
    EXPECT_EQ(info.st_uid, ::geteuid());
}

// A device of its own in /dev, which reads as zeros; gone with the object.
class Node {
 public:
  Node() {
    if (::mknod(path_.c_str(), S_IFCHR | 0666, makedev(1, 5)) == 0) made_ = ::chmod(path_.c_str(), 0666) == 0;
  }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node() { ::unlink(path_.c_str()); }
  bool made() const { return made_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/dev/aisci-test-" + std::to_string(::getpid());
  bool made_ = false;
};

TEST_P(Isolated, ADeviceIsThereForThoseWhoAreGivenIt) {
  const Node node;
  if (!node.made()) GTEST_SKIP() << "no device node can be made here";
  const std::string script = "ls /sys 2>/dev/null | wc -l; head -c 3 " + node.path() + " | wc -c; echo > /dev/other";
  const Ran without = run(script);
  EXPECT_EQ(without.output, "0\n0\n") << without.errors;
  json::object what = spec(script);
  what["devices"] = json::array{json::string{node.path()}};
  const Ran with = run(what);
  EXPECT_EQ(with.output.substr(with.output.find('\n')), "\n3\n") << with.errors;
  EXPECT_NE(with.output.substr(0, 2), "0\n");
  EXPECT_NE(with.errors.find("/dev/other"), std::string::npos);  // /dev stays read-only
}

// As the driver of a GPU does: memory that is reserved (0x4000 is MAP_NORESERVE) and never touched.
TEST_P(Isolated, WithADeviceMoreMayBeReservedThanUsed) {
  const Node node;
  if (!node.made()) GTEST_SKIP() << "no device node can be made here";
  json::object what = spec("");
  what["argv"] = json::array{"/usr/bin/python3", "-c",
                             "import mmap; mmap.mmap(-1, 1 << 36, mmap.MAP_PRIVATE | 0x4000); print('reserved')"};
  EXPECT_FALSE(run(what).exit.succeeded());
  what["devices"] = json::array{json::string{node.path()}};
  const Ran with = run(what);
  EXPECT_EQ(with.output, "reserved\n") << with.errors;
}

TEST_P(Isolated, WhatIsNoDeviceIsNotTakenForOne) {
  for (const char* path : {"/etc/passwd", "/dev/../etc/passwd", "/dev", "/dev/shm", "/dev/nothing", "null"}) {
    json::object what = spec("true");
    what["devices"] = json::array{json::string{path}};
    const auto token = session_->start(json::serialize(what), root().string(), {});
    EXPECT_EQ(token.status().code(), StatusCode::kInvalidArgument) << path;
  }
}

INSTANTIATE_TEST_SUITE_P(Sandboxes, Isolated, ::testing::Values("bubblewrap"),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace aisci
