// The example of an agent, used as a program would use it.
#include <aisci/registry.hpp>

#include <gtest/gtest.h>

namespace {

class Referee : public ::testing::TestWithParam<aisci::Isolation> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(registry_.load_folder(AISCI_BINARY_DIR "/plugins/referee", {{}, GetParam(), {}}).ok());
  }
  aisci::Registry registry_;
};

constexpr const char* kPaper = R"({"title":"","claims":[{"text":"a","evidence":"t-test"},{"text":"b"}]})";

TEST_P(Referee, ReadsByRulesOfThumb) {
  const auto output = registry_.create_agent("referee").value()->act("referee.read", kPaper, {});
  EXPECT_EQ(output.value_or(output.status().to_string()),
            R"({"remarks":[{"place":"title","text":"the paper has none"},)"
            R"({"place":"claim 2","text":"nothing is offered in its support"}],"score":5.0})");
}

TEST_P(Referee, MissingModel_FailsAtTheStart) {
  const aisci::Status status = registry_.create_agent("referee", R"({"second_opinion":true})").status();
  EXPECT_EQ(status.code(), aisci::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("needs a model"), std::string::npos) << status.message();
}

TEST_P(Referee, AsksTheModel) {
  aisci::HostServices services;
  std::string asked;
  services.model_task = [&](const aisci::ModelTaskRequest& request, const aisci::CallContext&) {
    asked = request.name;
    return aisci::Result<std::string>{R"({"weakest":"few seeds"})"};
  };
  const auto agent = registry_.create_agent("referee", R"({"second_opinion":true})", services).value();
  const std::string output = agent->act("referee.read", kPaper, {}).value();
  EXPECT_EQ(asked, "referee.weakest");
  EXPECT_NE(output.find(R"({"place":"paper","text":"few seeds"})"), std::string::npos) << output;
}

INSTANTIATE_TEST_SUITE_P(Isolation, Referee,
                         ::testing::Values(aisci::Isolation::kInProcess, aisci::Isolation::kProcess),
                         [](const auto& each) {
                           return each.param == aisci::Isolation::kProcess ? "Apart" : "Inside";
                         });

}  // namespace
