// The shipped sandboxes, as plugins, running real programs.
#include <aisci/registry.hpp>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/files.hpp"
#include "base/json.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

struct Ran {
  Exit exit;
  std::string output, errors;
};

class SandboxTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(registry_.load_folder(fs::path{AISCI_BINARY_DIR} / "lib/aisci/plugins/abi1").ok());
    auto sandbox = registry_.create_sandbox(GetParam());
    ASSERT_TRUE(sandbox.ok()) << sandbox.status().to_string();
    sandbox_ = *sandbox;
    auto session = sandbox_->open("{}", {});
    ASSERT_TRUE(session.ok()) << session.status().to_string();
    session_ = std::move(*session);
  }

  json::object spec(const std::string& script, double wall_seconds = 20) const {
    fs::create_directories(root() / "job");
    fs::create_directories(root() / "results");
    std::ofstream{root() / "job" / "script.sh"} << script;
    return {{"folder", root().string()}, {"argv", json::array{"/bin/sh", "/job/script.sh"}}, {"environment", json::object{{"GIVEN", "yes"}}}, {"job", (root() / "job").string()},
            {"results", (root() / "results").string()}, {"mounts", json::array{}}, {"directory", "/results"}, {"wall_seconds", wall_seconds}, {"memory_mb", 1024}, {"results_mb", 20}, {"output_mb", 1}};
  }

  Ran run(const json::object& what) {
    const auto token = session_->start(json::serialize(what), root().string(), {});
    EXPECT_TRUE(token.ok()) << token.status().to_string();
    return wait();
  }
  Ran run(const std::string& script, double wall_seconds = 20) { return run(spec(script, wall_seconds)); }

  Ran wait() {
    Ran result;
    const auto exit = session_->wait(root().string(), [&](std::string_view text) { result.output += text; return Status{}; }, [&](std::string_view text) { result.errors += text; return Status{}; }, {}, {});
    EXPECT_TRUE(exit.ok()) << exit.status().to_string();
    if (exit.ok()) result.exit = *exit;
    return result;
  }

  const fs::path& root() const { return folder_.path(); }

  testing::Folder folder_;
  Registry registry_;
  std::shared_ptr<Sandbox> sandbox_;
  std::unique_ptr<SandboxSession> session_;
};

using Both = SandboxTest;

TEST_P(Both, ProgramSeesItsFoldersAndItsOutputComesBack) {
  const Ran result = run("cat \"$AISCI_JOB/script.sh\" >/dev/null && echo out && echo err >&2 && echo kept > \"$AISCI_RESULTS/file\" && echo $GIVEN");
  EXPECT_TRUE(result.exit.succeeded()) << result.errors;
  EXPECT_EQ(result.output, "out\nyes\n");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_EQ(read_file(root() / "results" / "file").value(), "kept\n");
}

TEST_P(Both, ExitCodeAndSignalAreTold) {
  EXPECT_EQ(run("exit 7").exit.code, 7);
  const Ran killed = run("kill -SEGV $$");
  EXPECT_TRUE(killed.exit.signal == SIGSEGV || killed.exit.code == 128 + SIGSEGV) << killed.exit.code << " " << killed.exit.signal;
}

TEST_P(Both, TimeLimitEndsTheWholeTree) {
  // Forks twice, leaves the session and ignores SIGTERM.
  const Ran result = run("trap '' TERM; (setsid sh -c 'trap \"\" TERM; while :; do echo alive > /results/beat 2>/dev/null || echo alive > \"$AISCI_RESULTS/beat\"; sleep 0.05; done' &) ; sleep 60", 1);
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
  const Ran result = run("i=0; while [ $i -lt 100 ]; do head -c 4000000 /dev/zero > \"$AISCI_RESULTS/f$i\"; i=$((i+1)); sleep 0.05; done; sleep 30");
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
  EXPECT_NE(session_->start(json::serialize(without), root().string(), {}).status().message().find("argv"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Sandboxes, Both, ::testing::Values("bubblewrap", "process"), [](const auto& instance) { return instance.param; });

using Isolated = SandboxTest;

// What a program must not be able to do; each line prints its name only when the attempt succeeds.
TEST_P(Isolated, EscapesAreDenied) {
  ::setenv("AISCI_TEST_SECRET", "sk-canary", 1);
  const fs::path secret = fs::path{"/root"} / ".aisci-canary";
  std::ofstream{secret} << "canary";
  std::ofstream{root() / "beside"} << "canary";
  const Ran result = run(R"SH(
cat /root/.aisci-canary >/dev/null 2>&1 && echo read-home
env | grep -q canary && echo environment
tr '\0' '\n' < /proc/1/environ 2>/dev/null | grep -q canary && echo environment-of-init
ls /work >/dev/null 2>&1 && echo host-folder
cat ')SH" + (root() / "beside").string() + R"SH(' >/dev/null 2>&1 && echo neighbour
cat /etc/shadow >/dev/null 2>&1 && echo shadow
echo x > /usr/aisci-canary 2>/dev/null && echo write-usr
echo x > /job/script2 2>/dev/null && echo write-job
echo x > /canary 2>/dev/null && echo write-root
[ "$(ls /proc | grep -c '^[0-9]')" -gt 12 ] && echo sees-processes
[ -n "$(sed -n '3,$p' /proc/net/route 2>/dev/null)" ] && echo routes
/usr/bin/python3 -c "
import socket
s=socket.socket(); s.settimeout(2); s.connect(('10.0.0.1',80))" 2>/dev/null && echo tcp
/usr/bin/python3 -c "
import socket
socket.getaddrinfo('localhost.example.com',80)" 2>/dev/null && echo dns
mount -t tmpfs none /tmp 2>/dev/null && echo mount
unshare -Ur true 2>/dev/null && echo nested-namespace
chroot / true 2>/dev/null && echo chroot
[ -e /var/run/docker.sock ] || [ -e /run/docker.sock ] && echo docker
kill -0 1 2>/dev/null; grep -q 'CapEff:.*0000000000000000' /proc/self/status || echo capabilities
grep -q 'NoNewPrivs:.*1' /proc/self/status || echo new-privileges
mknod /tmp/disk b 8 0 2>/dev/null && echo device
head -c 600000000 /dev/zero > /tmp/fill 2>/dev/null && echo fills-tmp
[ "$(id -u)" = 0 ] && echo root
true
)SH");
  fs::remove(secret);
  ::unsetenv("AISCI_TEST_SECRET");
  EXPECT_EQ(result.output, "") << "what succeeded is listed";
  EXPECT_EQ(result.exit.code, 0) << result.errors;
  EXPECT_FALSE(fs::exists("/usr/aisci-canary"));
}

// Worker processes pass tensors over unix sockets and /dev/shm: the filter must leave both.
TEST_P(Isolated, PyTorchTrainsWithWorkerProcesses) {
  const fs::path environments = std::getenv("AISCI_ENVIRONMENTS") ? std::getenv("AISCI_ENVIRONMENTS") : "/opt/aisci/environments";
  fs::path python;
  for (const auto& entry : fs::directory_iterator{environments})
    if (fs::exists(entry.path() / "complete")) python = entry.path() / "bin/python3";
  ASSERT_FALSE(python.empty()) << "no environment in " << environments << ": run bash setup.sh";
  json::object what = spec("", 120);
  std::ofstream{root() / "job/train.py"} << R"PY(
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
  what["argv"] = json::array{json::string{python.string()}, "/job/train.py"};
  const Ran result = run(what);
  EXPECT_EQ(result.output, "trained\n") << result.errors;
  EXPECT_TRUE(result.exit.succeeded());
}

TEST_P(Isolated, FilesDoNotBelongToRoot) {
  run("echo x > /results/file");
  struct stat info {};
  ASSERT_EQ(::stat((root() / "results/file").c_str(), &info), 0);
  if (::geteuid() == 0) EXPECT_EQ(info.st_uid, 65534u);
  else EXPECT_EQ(info.st_uid, ::geteuid());
}

TEST_P(Isolated, ForkBombIsBoundedAndEnds) {
  const Ran result = run("f() { f | f & }; f; sleep 30", 2);
  EXPECT_TRUE(result.exit.timed_out || result.exit.code != 0);
}

INSTANTIATE_TEST_SUITE_P(Sandboxes, Isolated, ::testing::Values("bubblewrap"), [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace aisci
