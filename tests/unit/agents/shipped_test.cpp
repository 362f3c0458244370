// The agents as they ship: loaded from the build's plugin folder, with the shipped provider behind their model tasks.
#include <gtest/gtest.h>
#include <aisci/registry.hpp>

#include "unit/agents/shipped_data.hpp"

namespace aisci {
namespace {

using kit::text_of;

class ShippedAgents : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"offline", "ideation", "design", "review"})
      ASSERT_TRUE(
          registry_.load_plugin(std::string{AISCI_BINARY_DIR} + "/lib/aisci/plugins/abi1/" + name + "/" + name + ".so")
              .ok());
    auto provider = registry_.create_llm_provider("offline");
    ASSERT_TRUE(provider.ok()) << provider.status().to_string();
    provider_ = *provider;
    services_.model_task = [this](const ModelTaskRequest& request, const CallContext&) -> Result<std::string> {
      asked_.emplace_back(request.name);
      const json::object question{
          {"task", json::object{{"name", request.name}, {"input", json::parse(request.input_json)}}}};
      std::string text;
      const Status answered = provider_->complete(json::serialize(question), {},
                                                  [&](std::string_view part) {
                                                    text += part;
                                                    return Status{};
                                                  },
                                                  {});
      if (!answered.ok()) return answered;
      const auto response = json::parse(text).as_object();
      const Status fits = check_schema(response.at("output"), json::parse(request.schema_json), request.name);
      if (!fits.ok()) return fits;
      return json::serialize(response.at("output"));
    };
  }

  json::object act(const std::string& role, const std::string& task, const json::object& input) {
    auto agent = registry_.create_agent(role, "{}", services_);
    EXPECT_TRUE(agent.ok()) << agent.status().to_string();
    const auto output = (*agent)->act(task, json::serialize(input), {});
    EXPECT_TRUE(output.ok()) << output.status().to_string();
    return output.ok() ? json::parse(*output).as_object() : json::object{};
  }

  Registry registry_;
  std::shared_ptr<LLMProvider> provider_;
  HostServices services_;
  std::vector<std::string> asked_;
};

TEST_F(ShippedAgents, LeadFromAQuestionToAPlanWithCode) {
  const auto templates = kit::array_of(act("design", "design.catalogue", {}), "templates");
  ASSERT_FALSE(templates.empty());
  const char* question =
      "How does the choice of activation function affect the generalization performance of Vision Transformers on "
      "small datasets?";
  const auto scope = act("ideation", "ideation.scope", {{"question", question}, {"templates", templates}});
  ASSERT_TRUE(kit::flag_of(scope, "answerable"));
  ASSERT_EQ(kit::text_of(scope, "template"), "image_classification");
  const json::object* manifest = nullptr;
  for (const auto& candidate : templates)
    if (kit::text_of(candidate.as_object(), "name") == kit::text_of(scope, "template"))
      manifest = &candidate.as_object();
  ASSERT_NE(manifest, nullptr);
  const auto proposed = act("ideation", "ideation.hypotheses",
                            {{"question", question},
                             {"scope", scope},
                             {"template", *manifest},
                             {"records", shipped::records()},
                             {"count", 5}});
  ASSERT_EQ(kit::objects_of(proposed, "hypotheses").size(), 5u);
  for (const auto* hypothesis : kit::objects_of(proposed, "hypotheses")) {
    const auto designed =
        act("design", "design.plan",
            {{"hypothesis", *hypothesis}, {"template", *manifest}, {"blocks", 5}, {"stage", "research"}});
    EXPECT_EQ(kit::objects_of(kit::object_of(designed, "plan"), "arms").size(),
              text_of(*hypothesis, "kind") == "interaction" ? 4u : 2u);
    EXPECT_TRUE(kit::object_of(designed, "code").contains("experiment.py"));
  }
  const auto prepare = act("design", "design.prepare", {{"template", "image_classification"}});
  EXPECT_TRUE(kit::object_of(prepare, "code").contains("prepare_digits.py"));
  EXPECT_EQ(asked_.size(), 7u) << "catalogue and prepare ask no model";
}

TEST_F(ShippedAgents, ReviewAnEmptyStudyWithoutHarm) {
  const auto review = act("review", "review.review", {{"reviewer", "demanding"}});
  EXPECT_EQ(text_of(review, "decision"), "reject");
  EXPECT_EQ(text_of(act("review", "review.meta", {{"reviews", json::array{review}}}), "decision"), "reject");
}

TEST_F(ShippedAgents, RefuseATaskThatIsNotTheirs) {
  auto agent = registry_.create_agent("ideation", "{}", services_);
  ASSERT_TRUE(agent.ok());
  EXPECT_EQ((*agent)->act("review.review", "{}", {}).status().code(), StatusCode::kUnimplemented);
  EXPECT_EQ((*agent)->act("ideation.scope", "not json", {}).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace aisci
