// Every bad plugin, inside this process and in one of its own, with the status that it costs.
#include <aisci/registry.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace {

using aisci::Isolation;
using aisci::StatusCode;
using namespace std::chrono_literals;

constexpr auto kDeadly = static_cast<StatusCode>(-1);  // inside this process: the end of it

struct Case {
  const char* task;
  StatusCode inside;
  StatusCode apart;
  const char* words;  // of the message, apart
};
const Case kCases[] = {
    {"throws int", StatusCode::kInternal, StatusCode::kInternal, "an exception left its function act"},
    {"throws string", StatusCode::kInternal, StatusCode::kInternal, "an exception left"},
    {"throws literal", StatusCode::kInternal, StatusCode::kInternal, "an exception left"},
    {"throws bad_alloc", StatusCode::kInternal, StatusCode::kInternal, "an exception left"},
    {"throws exception", StatusCode::kInternal, StatusCode::kInternal, "an exception left"},
    {"throws stranger", StatusCode::kInternal, StatusCode::kInternal, "an exception left"},
    {"unknown code", StatusCode::kUnknown, StatusCode::kUnknown, "unknown code 99"},
    {"negative code", StatusCode::kUnknown, StatusCode::kUnknown, "unknown code -1"},
    {"silent failure", StatusCode::kNotFound, StatusCode::kNotFound, "did not say why"},
    {"no output", StatusCode::kInternal, StatusCode::kInternal, "wrote 0 documents"},
    {"two outputs", StatusCode::kInternal, StatusCode::kInternal, "wrote 2 documents"},
    {"writes after a failed write", StatusCode::kResourceExhausted, StatusCode::kResourceExhausted, "larger than"},
    {"fails after writing", StatusCode::kAborted, StatusCode::kAborted, "half way"},
    {"writes from a foreign thread", StatusCode::kFailedPrecondition, StatusCode::kFailedPrecondition, "refused"},
    {"aborts", kDeadly, StatusCode::kUnavailable, "signal 6 (Aborted); it wrote: an assertion of the zoo failed"},
    {"reads nowhere", kDeadly, StatusCode::kUnavailable, "(org.aisci.test.zoo)"},
    {"exits", kDeadly, StatusCode::kUnavailable, "ended with exit code 3 during act"},
    {"throws on a thread", kDeadly, StatusCode::kUnavailable, "signal 6"},
    {"ignores cancel", kDeadly, StatusCode::kDeadlineExceeded,
     "did not end when asked during act; its process was killed"},
    {"endless loop", kDeadly, StatusCode::kDeadlineExceeded, "its process was killed"},
};

class Zoo : public ::testing::TestWithParam<Isolation> {
 protected:
  Zoo() {
    trust_.isolation = GetParam();
    trust_.limits.grace = 50ms;
    services_.log = [this](aisci::LogLevel level, std::string_view, std::string_view, std::string_view) {
      misbehaved_ += level == aisci::LogLevel::kPluginMisbehaving;
    };
    const aisci::Status status = registry_.load_folder(AISCI_BINARY_DIR "/plugins/zoo", trust_);
    EXPECT_TRUE(status.ok()) << status.to_string();
  }
  bool apart() const { return GetParam() == Isolation::kProcess; }
  std::shared_ptr<aisci::Agent> agent(const std::string& id = "good") {
    return registry_.create_agent(id, "{}", services_).value();
  }
  aisci::Status creation(const std::string& id) { return registry_.create_agent(id, "{}", services_).status(); }

  aisci::Trust trust_;
  aisci::Registry registry_;
  aisci::HostServices services_;
  std::atomic<int> misbehaved_{0};
};

TEST_P(Zoo, EachAnimalCostsItsCallAndNothingElse) {
  const auto good = agent();
  for (const Case& each : kCases) {
    const StatusCode expected = apart() ? each.apart : each.inside;
    if (expected == kDeadly) continue;
    SCOPED_TRACE(each.task);
    aisci::CallContext call;
    if (expected == StatusCode::kDeadlineExceeded) call.deadline = aisci::CallContext::Clock::now() + 50ms;
    const auto answer = good->act(each.task, "{}", call);
    EXPECT_EQ(answer.status().code(), expected) << answer.status().to_string();
    if (apart()) {
      EXPECT_NE(answer.status().message().find(each.words), std::string::npos) << answer.status().message();
    }
    EXPECT_EQ(good->act("anything", "{}", {}).value_or("not usable any more"), "fine");
  }
  EXPECT_GE(misbehaved_, 6);
}

TEST_P(Zoo, AnswerOfFourGigabytes_IsCutOff) {
  EXPECT_EQ(agent()->act("4 GB answer", "{}", {}).status().code(), StatusCode::kResourceExhausted);
}

TEST_P(Zoo, CreationSaysWhy) {
  EXPECT_EQ(creation("null").code(), StatusCode::kInternal);
  EXPECT_EQ(creation("incomplete").code(), StatusCode::kInternal);
  EXPECT_EQ(creation("throws").code(), StatusCode::kInternal);
  EXPECT_EQ(creation("throws-interface").code(), StatusCode::kInternal);
  EXPECT_EQ(misbehaved_, 4);
  EXPECT_EQ(creation("no-interface").code(), StatusCode::kUnimplemented);
  EXPECT_EQ(creation("fails").code(), StatusCode::kUnauthenticated);
  EXPECT_NE(creation("fails").message().find("no key"), std::string::npos);
  if (apart()) {
    EXPECT_EQ(creation("crashes").code(), StatusCode::kUnavailable);
  }
}

TEST_P(Zoo, EmptyAndMissingSlots_AreUnimplemented) {
  EXPECT_EQ(agent()->tasks({}).status().code(), StatusCode::kUnimplemented);
  EXPECT_EQ(agent("short")->act("anything", "{}", {}).status().code(), StatusCode::kUnimplemented);
}

TEST_P(Zoo, ScoreThatWasForgotten_IsInternal) {
  std::vector<aisci::NodeView> nodes(1);
  std::vector<aisci::Score> scores(1);
  const auto function = registry_.create_value_function("forgets").value();
  EXPECT_EQ(function->evaluate(nodes, scores, {}).code(), StatusCode::kInternal);
}

INSTANTIATE_TEST_SUITE_P(Isolation, Zoo, ::testing::Values(Isolation::kInProcess, Isolation::kProcess),
                         [](const auto& each) { return each.param == Isolation::kProcess ? "Apart" : "Inside"; });

struct Table {
  const char* file;
  StatusCode inside;
  StatusCode apart;
  const char* words;
};
const Table kTables[] = {
    {"zoo_table_1", StatusCode::kFailedPrecondition, StatusCode::kFailedPrecondition, "built for ABI 2"},
    {"zoo_table_2", StatusCode::kFailedPrecondition, StatusCode::kFailedPrecondition, "needs ABI 1.9"},
    {"zoo_table_3", StatusCode::kFailedPrecondition, StatusCode::kFailedPrecondition, "shorter"},
    {"zoo_table_4", StatusCode::kFailedPrecondition, StatusCode::kFailedPrecondition, "no create"},
    {"zoo_table_5", StatusCode::kFailedPrecondition, StatusCode::kFailedPrecondition, "no usable id"},
    {"zoo_table_6", StatusCode::kOk, StatusCode::kOk, ""},
    {"zoo_table_7", kDeadly, StatusCode::kUnavailable, "signal 6 (Aborted) during describe"},
    {"zoo_table_8", StatusCode::kFailedPrecondition, StatusCode::kFailedPrecondition, "no table"},
};

TEST(ZooTable, IsRefusedWithItsReason) {
  for (const Table& each : kTables)
    for (const Isolation isolation : {Isolation::kInProcess, Isolation::kProcess}) {
      const StatusCode expected = isolation == Isolation::kProcess ? each.apart : each.inside;
      if (expected == kDeadly) continue;
      SCOPED_TRACE(each.file);
      aisci::Registry registry;
      const std::string path = std::string{AISCI_BINARY_DIR "/plugins/"} + each.file + ".so";
      const aisci::Status status = registry.load_plugin(path, {{}, isolation, {}});
      EXPECT_EQ(status.code(), expected) << status.to_string();
      EXPECT_NE(status.message().find(each.words), std::string::npos) << status.message();
    }
}

class Apart : public Zoo {};

TEST_P(Apart, Cancel_IsPushedAndThenKills) {
  std::atomic<bool> stop{false};
  aisci::CallContext call;
  call.cancelled = [&] { return stop.load(); };
  const auto good = agent();
  std::thread other{[&] {
    std::this_thread::sleep_for(30ms);
    stop = true;
  }};
  const aisci::Status status = good->act("ignores cancel", "{}", call).status();
  other.join();
  EXPECT_EQ(status.code(), StatusCode::kCancelled);
  EXPECT_NE(status.message().find("its process was killed"), std::string::npos) << status.message();
  EXPECT_EQ(good->act("anything", "{}", {}).value_or("gone"), "fine");
}

TEST_P(Apart, OneThatCrashesEveryTime_IsStartedAgainAfterLongerPauses) {
  const auto good = agent();
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(good->act("exits", "{}", {}).status().code(), StatusCode::kUnavailable);
  // None before the first two, then a tenth of a second and two.
  EXPECT_GE(std::chrono::steady_clock::now() - began, 300ms);
  aisci::CallContext call;
  call.deadline = aisci::CallContext::Clock::now() + 20ms;
  EXPECT_EQ(good->act("anything", "{}", call).status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(good->act("anything", "{}", {}).value_or("gone"), "fine");
  EXPECT_EQ(good->act("exits", "{}", {}).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(good->act("anything", "{}", {}).value_or("gone"), "fine");  // at once: a call succeeded in between
}

TEST_P(Apart, ComponentThatDoesNotLetGo_IsEnded) {
  const auto began = std::chrono::steady_clock::now();
  { const auto clings = agent("clings"); }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 60s);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_P(Apart, Leak_EndsAtTheLimitOfItsProcess) {
  aisci::Registry registry;
  trust_.limits.memory_mb = 512;
  ASSERT_TRUE(registry.load_folder(AISCI_BINARY_DIR "/plugins/zoo", trust_).ok());
  const auto good = registry.create_agent("good").value();
  EXPECT_EQ(good->act("leaks", "{}", {}).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(good->act("anything", "{}", {}).value_or("gone"), "fine");
}
#endif

INSTANTIATE_TEST_SUITE_P(Isolation, Apart, ::testing::Values(Isolation::kProcess),
                         [](const auto&) { return "Process"; });

}  // namespace
