// What a run is given of a GPU, and how long it has it.
#include "runtime/gpu_sandbox.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/json.hpp"
#include "runtime/gpu_leases.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

struct Seen {
  json::object spec;
  bool refuse = false;
  bool lose = false;
};

class Noting final : public Sandbox {
 public:
  explicit Noting(Seen& seen) : seen_{seen} {}
  Result<std::unique_ptr<SandboxSession>> open(std::string_view, const CallContext&) override {
    return std::unique_ptr<SandboxSession>{std::make_unique<Session>(seen_)};
  }
  Result<std::unique_ptr<SandboxSession>> attach(std::string_view run, const CallContext& call) override {
    if (run == "unknown") return not_found("no run");
    return open("{}", call);
  }
  Result<std::vector<std::string>> leftovers(const CallContext&) override { return std::vector<std::string>{"one"}; }

 private:
  class Session final : public SandboxSession {
   public:
    explicit Session(Seen& seen) : seen_{seen} {}
    Status put(std::string_view, const Source&, const CallContext&) override { return unimplemented("put"); }
    Status get(std::string_view, const Sink&, const CallContext&) override { return unimplemented("get"); }
    Result<std::string> start(std::string_view spec, std::string_view run, const CallContext&) override {
      if (seen_.refuse) return unavailable("not now");
      seen_.spec = parse_json_object(spec, "spec").value();
      return std::string{run};
    }
    Result<Exit> wait(std::string_view, const Sink&, const Sink&, const Sink&, const CallContext&) override {
      if (seen_.lose) return unavailable("its process is gone");
      return Exit{};
    }
    Status kill(std::string_view, std::chrono::nanoseconds, const CallContext&) override { return {}; }

   private:
    Seen& seen_;
  };
  Seen& seen_;
};

class Gpus : public ::testing::Test {
 protected:
  std::shared_ptr<Sandbox> sandbox(std::vector<Gpu> gpus) {
    return with_gpus(
        std::make_shared<Noting>(seen_), [gpus] { return gpus; }, folder_.path() / "gpus");
  }
  void SetUp() override { std::filesystem::create_directories(run_); }
  bool free_now() const {
    CallContext call;
    call.deadline = CallContext::Clock::now();
    auto lease = GpuLeases{{one_}, folder_.path() / "gpus"}.take(1, "probe", std::chrono::seconds{1}, call);
    if (lease.ok()) lease->give_back();
    return lease.ok();
  }
  std::string environment(const char* name) const {
    return text_of(object_of(seen_.spec, "environment"), name, "absent");
  }

  const Gpu one_{"GPU-one", "One", 0, {"/dev/nvidia0", "/dev/nvidiactl"}, {}, ""};
  const Gpu two_{"GPU-two", "Two", 0, {"/dev/nvidia1", "/dev/nvidiactl"}, {}, ""};
  testing::Folder folder_;
  const std::string run_ = (folder_.path() / "run").string();
  Seen seen_;
};

TEST_F(Gpus, ARunHasItsGpuUntilItEnds) {
  const auto session = sandbox({one_})->open("{}", {}).value();
  std::string report;
  CallContext call;
  call.on_report = [&](std::string_view key, std::string_view text) { report = std::string{key} + std::string{text}; };
  ASSERT_TRUE(session->start(R"({"gpus":1,"memory_mb":1000,"environment":{"A":"b"}})", run_, call).ok());
  EXPECT_FALSE(seen_.spec.contains("gpus"));
  EXPECT_EQ(environment("A"), "b");
  EXPECT_EQ(number_of(seen_.spec, "memory_mb"), 1000 + 4096);
  EXPECT_EQ(environment("CUDA_VISIBLE_DEVICES"), "GPU-one");
  EXPECT_EQ(environment("CUDA_DEVICE_ORDER"), "PCI_BUS_ID");
  EXPECT_EQ(json::serialize(seen_.spec["devices"]), R"(["/dev/nvidia0","/dev/nvidiactl"])");
  EXPECT_EQ(report, R"(gpus[{"uuid":"GPU-one","name":"One"}])");
  EXPECT_FALSE(free_now());
  ASSERT_TRUE(session->wait(run_, {}, {}, {}, {}).ok());
  EXPECT_TRUE(free_now());
}

TEST_F(Gpus, ARunThatWantsNoneSeesNone) {
  const auto session = sandbox({one_})->open("{}", {}).value();
  for (const char* spec : {R"({"memory_mb":1000})", R"({"gpus":0,"memory_mb":1000})"}) {
    ASSERT_TRUE(session->start(spec, run_, {}).ok());
    EXPECT_EQ(environment("CUDA_VISIBLE_DEVICES"), "");
    EXPECT_FALSE(seen_.spec.contains("devices"));
    EXPECT_EQ(number_of(seen_.spec, "memory_mb"), 1000);
    EXPECT_TRUE(free_now());
  }
}

TEST_F(Gpus, WithoutAGpuARunGoesToProcessors) {
  const auto session = sandbox({})->open("{}", {}).value();
  ASSERT_TRUE(session->start(R"({"gpus":1})", run_, {}).ok());
  EXPECT_EQ(environment("CUDA_VISIBLE_DEVICES"), "");
  EXPECT_FALSE(seen_.spec.contains("devices"));
}

TEST_F(Gpus, TwoForOneRunNameEachDeviceOnce) {
  const auto session = sandbox({one_, two_})->open("{}", {}).value();
  ASSERT_TRUE(session->start(R"({"gpus":2})", run_, {}).ok());
  EXPECT_EQ(environment("CUDA_VISIBLE_DEVICES"), "GPU-one,GPU-two");
  EXPECT_EQ(json::serialize(seen_.spec["devices"]), R"(["/dev/nvidia0","/dev/nvidiactl","/dev/nvidia1"])");
}

TEST_F(Gpus, AreGivenBackWhenARunDoesNotStart) {
  auto session = sandbox({one_})->open("{}", {}).value();
  seen_.refuse = true;
  EXPECT_EQ(session->start(R"({"gpus":1})", run_, {}).status().code(), StatusCode::kUnavailable);
  EXPECT_TRUE(free_now());
}

// The sandbox's own process was lost, say: what it had started goes on under its supervisor.
TEST_F(Gpus, AreKeptWhenNobodyKnowsHowTheRunEnded) {
  auto session = sandbox({one_})->open("{}", {}).value();
  ASSERT_TRUE(session->start(R"({"gpus":1})", run_, {}).ok());
  seen_.lose = true;
  EXPECT_EQ(session->wait(run_, {}, {}, {}, {}).status().code(), StatusCode::kUnavailable);
  session.reset();
  EXPECT_FALSE(free_now());
  std::ofstream{folder_.path() / "run/completion.json"} << "{}";
  EXPECT_TRUE(free_now());
}

TEST_F(Gpus, AnAttachedRunHasThemAgain) {
  (void)GpuLeases{{one_}, folder_.path() / "gpus"}.take(1, run_, std::chrono::seconds{3600},
                                                        {});  // and its process died
  const auto wrapped = sandbox({one_});
  const auto session = wrapped->attach(run_, {}).value();
  EXPECT_FALSE(free_now());
  ASSERT_TRUE(session->wait(run_, {}, {}, {}, {}).ok());
  EXPECT_TRUE(free_now());
  EXPECT_EQ(wrapped->attach("unknown", {}).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(wrapped->leftovers({}).value(), std::vector<std::string>{"one"});
}

TEST_F(Gpus, ADriverThatFailsFailsTheRun) {
  const auto wrapped = with_gpus(
      std::make_shared<Noting>(seen_), []() -> Result<std::vector<Gpu>> { return unavailable("version mismatch"); },
      folder_.path() / "gpus");
  const auto session = wrapped->open("{}", {}).value();
  EXPECT_EQ(session->start(R"({"gpus":1})", run_, {}).status().code(), StatusCode::kUnavailable);
  EXPECT_TRUE(session->start("{}", run_, {}).ok());
}

}  // namespace
}  // namespace aisci
