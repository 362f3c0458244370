// The example of a value function that asks the model.
#include <aisci/registry.hpp>

#include <gtest/gtest.h>

namespace {

class Judged : public ::testing::TestWithParam<aisci::Isolation> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(registry_.load_folder(AISCI_BINARY_DIR "/plugins/judged", {{}, GetParam(), {}}).ok());
  }

  // The value of a node of significance 0.6 when the model answers `answer`.
  aisci::Score value(const aisci::Result<std::string>& answer) {
    aisci::HostServices services;
    services.model_task = [&](const aisci::ModelTaskRequest& request, const aisci::CallContext&) {
      asked_ = request.name;
      messages_ = request.messages_json;
      return answer;
    };
    aisci::NodeView node;
    node.id = 3;
    node.metrics = {{"significance", 0.6}};
    node.blob = [](std::string_view name) -> aisci::Result<std::string_view> {
      if (name != "hypothesis") return aisci::not_found("none");
      return std::string_view{R"({"statement":"GELU is ahead of ReLU."})"};
    };
    aisci::Score score;
    const auto judged = registry_.create_value_function("judged", "{}", services).value();
    EXPECT_TRUE(judged->evaluate({&node, 1}, {&score, 1}, {}).ok());
    return score;
  }

  aisci::Registry registry_;
  std::string asked_, messages_;
};

TEST_P(Judged, MissingModel_FailsAtTheStart) {
  const aisci::Status status = registry_.create_value_function("judged").status();
  EXPECT_EQ(status.code(), aisci::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("--llm"), std::string::npos) << status.message();
}

TEST_P(Judged, HalfIsEvidenceAndHalfTheModels) {
  EXPECT_DOUBLE_EQ(value(std::string{R"({"impact":4})"}).value, 0.5 * 0.6 + 0.5 * 0.4);
  EXPECT_EQ(asked_, "judged.impact");
  EXPECT_NE(messages_.find("GELU is ahead of ReLU."), std::string::npos) << messages_;
}

TEST_P(Judged, FailureOfTheModel_IsTheNodes) {
  EXPECT_EQ(value(aisci::unavailable("the model is away")).code, aisci::StatusCode::kUnavailable);
}

INSTANTIATE_TEST_SUITE_P(Isolation, Judged, ::testing::Values(aisci::Isolation::kInProcess, aisci::Isolation::kProcess),
                         [](const auto& each) {
                           return each.param == aisci::Isolation::kProcess ? "Apart" : "Inside";
                         });

}  // namespace
