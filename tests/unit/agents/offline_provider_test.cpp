#include "llm/offline/provider.hpp"

#include <gtest/gtest.h>

#include "unit/agents/shipped_data.hpp"

namespace aisci {
namespace {

std::string request(const std::string& task, const json::object& input) {
  return json::serialize(json::object{{"task", json::object{{"name", task}, {"input", input}}},
                                      {"messages", json::array{}},
                                      {"schema", json::object{}},
                                      {"model", "any"}});
}

TEST(OfflineProvider, AnswersFromNameAndInputAlone) {
  const json::object input{{"question", "Does dropout help ViTs?"}, {"templates", json::array{shipped::manifest()}}};
  const auto response = offline::respond(request("ideation.scope", input));
  EXPECT_EQ(kit::text_of(kit::object_of(response, "output"), "factor"), "dropout");
  EXPECT_EQ(json::parse(kit::text_of(response, "text")), response.at("output"));
  EXPECT_EQ(kit::text_of(response, "finish"), "stop");
  EXPECT_EQ(kit::number_of(kit::object_of(response, "usage"), "input_tokens", -1), 0);
  const auto flat = offline::respond(
      json::serialize(json::object{{"task", "ideation.scope"},
                                   {"input", input},
                                   {"messages", json::array{json::object{{"role", "user"}, {"content", "other"}}}}}));
  EXPECT_EQ(flat, response);
}

TEST(OfflineProvider, SaysWhichTasksItHasWhenAskedForAnother) {
  try {
    (void)offline::respond(request("poetry.sonnet", {}));
    FAIL() << "there are no rules for poetry";
  } catch (const plugin::Error& error) {
    EXPECT_EQ(error.code(), plugin::Code::kUnimplemented);
    EXPECT_NE(error.message().find("poetry.sonnet"), std::string::npos);
    EXPECT_NE(error.message().find("ideation.scope"), std::string::npos);
  }
  EXPECT_THROW((void)offline::respond("not json"), plugin::Error);
  EXPECT_THROW((void)offline::respond(R"({"messages":[]})"), plugin::Error);
}

TEST(OfflineProvider, TakesAnEmptyDocumentWithoutHarm) {
  for (const auto& task : offline::task_names()) {
    if (task == "design.repair") continue;  // there is nothing to repair
    EXPECT_NO_THROW((void)offline::respond(request(task, {}))) << task;
  }
  EXPECT_THROW((void)offline::respond(request("design.repair", {})), plugin::Error);
}

}  // namespace
}  // namespace aisci
