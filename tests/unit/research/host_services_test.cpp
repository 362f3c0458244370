// What a study offers to its components, asked as a component's host would ask it.
#include "research/host_services.hpp"

#include <aisci/abi/host.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/hash.hpp"
#include "research/plugin_crew.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

class Services : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.seed = 7;
    options_.max_experiments = 9;
    ledger_ = Ledger::open_for_writing(folder_.path() / "study.db").value();
    tasks_ = std::make_unique<ModelTasks>(*ledger_, ModelProvider{}, ModelCalls::Settings{});
    registry_ = open_registry(options_).value();
    services_ = offered(true);
  }
  HostServices offered(bool recording) {
    return study_services({options_,
                           *ledger_,
                           *tasks_,
                           *registry_,
                           recording,
                           [this](const std::string& type, const std::string& component, const std::string& line) {
                             told_ += type + "|" + component + "|" + line + "\n";
                           },
                           left_,
                           {}});
  }
  Result<std::string> ask(const char* id, std::string_view name, std::string_view input = {}) {
    return services_.further.at(id)("agent asker (org.example)", name, input, {});
  }
  StatusCode code(const char* id, std::string_view name, std::string_view input = {}) {
    return ask(id, name, input).status().code();
  }

  testing::Folder folder_;
  Options options_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<ModelTasks> tasks_;
  std::shared_ptr<Registry> registry_;
  std::shared_ptr<std::atomic<int>> left_ = std::make_shared<std::atomic<int>>(4);
  std::string told_;
  HostServices services_;
};

TEST_F(Services, OptionsAndBudgetAreTheStudys) {
  EXPECT_EQ(ask(AISCI_HOST_CONFIGURATION, "max_experiments").value(), "9");
  EXPECT_EQ(code(AISCI_HOST_CONFIGURATION, "no_such_option"), StatusCode::kNotFound);
  EXPECT_EQ(ask(AISCI_HOST_BUDGET, "experiments").value(), "4");
  EXPECT_EQ(code(AISCI_HOST_BUDGET, "usd"), StatusCode::kNotFound);
}

TEST_F(Services, SecretsAreKeysAndNothingElseOfTheEnvironment) {
  ::setenv("AISCI_TEST_API_KEY", "s3cret", 1);
  EXPECT_EQ(ask(AISCI_HOST_SECRETS, "AISCI_TEST_API_KEY").value(), "s3cret");
  ::unsetenv("AISCI_TEST_API_KEY");
  EXPECT_EQ(code(AISCI_HOST_SECRETS, "AISCI_TEST_API_KEY"), StatusCode::kNotFound);
  for (const char* name : {"HOME", "PATH", "_KEY", "a_KEY", "X_KEY\n", ""})
    EXPECT_EQ(code(AISCI_HOST_SECRETS, name), StatusCode::kPermissionDenied) << name;
}

TEST_F(Services, SeedsFollowFromStudyComponentAndPurpose) {
  const std::string seed = ask(AISCI_HOST_RNG, "ties").value();
  EXPECT_EQ(seed.size(), 8u);
  EXPECT_EQ(ask(AISCI_HOST_RNG, "ties").value(), seed);
  EXPECT_NE(ask(AISCI_HOST_RNG, "order").value(), seed);
  EXPECT_NE(services_.further.at(AISCI_HOST_RNG)("agent other", "ties", "", {}).value(), seed);
  options_.seed = 8;
  services_ = offered(true);
  EXPECT_NE(ask(AISCI_HOST_RNG, "ties").value(), seed);
}

TEST_F(Services, ArtefactsAreKeptByTheirContent) {
  const std::string content{"a\0b", 3};
  EXPECT_EQ(ask(AISCI_HOST_ARTEFACTS, "put", content).value(), sha256(content));
  EXPECT_EQ(ask(AISCI_HOST_ARTEFACTS, "get", sha256(content)).value(), content);
  EXPECT_EQ(ledger_->get(sha256(content)).value(), content);
  services_ = offered(false);  // looked at: the same name, and nothing is written
  EXPECT_EQ(ask(AISCI_HOST_ARTEFACTS, "put", "new").value(), sha256("new"));
  EXPECT_FALSE(ask(AISCI_HOST_ARTEFACTS, "get", sha256("new")).ok());
}

TEST_F(Services, WhatComponentsSayAndMeasureIsTold) {
  EXPECT_TRUE(ask(AISCI_HOST_METRICS, "papers", "2.5").ok());
  EXPECT_EQ(code(AISCI_HOST_METRICS, "papers", "2,5"), StatusCode::kInvalidArgument);
  services_.log(LogLevel::kWarning, "agent asker", "slow\x1b[2J", "");
  EXPECT_EQ(told_, "metric|agent asker (org.example)|papers 2.5\nlog|agent asker|warning: slow[2J\n");
}

TEST_F(Services, TurnsComeOneAfterAnother) {
  const auto begun = CallContext::Clock::now();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(ask(AISCI_HOST_RATE_LIMITS, "api", "50").ok());
  EXPECT_GE(CallContext::Clock::now() - begun, std::chrono::milliseconds{40});  // a turn may be late, never early
  for (const char* rate : {"0", "-1", "nan", "fast", ""})
    EXPECT_EQ(code(AISCI_HOST_RATE_LIMITS, "api", rate), StatusCode::kInvalidArgument) << rate;
  CallContext stopped;
  stopped.cancelled = [] { return true; };
  (void)ask(AISCI_HOST_RATE_LIMITS, "slow", "0.001");
  EXPECT_EQ(services_.further.at(AISCI_HOST_RATE_LIMITS)("x", "slow", "0.001", stopped).status().code(),
            StatusCode::kCancelled);
}

TEST_F(Services, ComponentsAreAskedAndCyclesRefused) {
  const auto found = ask(AISCI_HOST_COMPONENTS, "retriever/local/search", R"({"query":"GELU activation","k":2})");
  ASSERT_TRUE(found.ok()) << found.status().to_string();
  const json::value records = parse_json(*found, "records").value();
  ASSERT_EQ(records.as_array().size(), 2u);
  const json::object key{{"id", member(records.as_array()[0].as_object(), "key")}};
  EXPECT_EQ(
      parse_json(ask(AISCI_HOST_COMPONENTS, "retriever/local/fetch", json::serialize(key)).value(), "record").value(),
      records.as_array()[0]);
  EXPECT_EQ(code(AISCI_HOST_COMPONENTS, "agent/asker/task", "{}"), StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(AISCI_HOST_COMPONENTS, "sandbox/process/start", "{}"), StatusCode::kPermissionDenied);
  EXPECT_EQ(code(AISCI_HOST_COMPONENTS, "retriever/nobody/search", "{}"), StatusCode::kNotFound);
  EXPECT_EQ(code(AISCI_HOST_COMPONENTS, "retriever/local/search", "no JSON"), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(AISCI_HOST_COMPONENTS, "retriever", "{}"), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace aisci
