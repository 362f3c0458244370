#include "runtime/model_tasks.hpp"

#include <gtest/gtest.h>

#include "support/folder.hpp"

namespace aisci {
namespace {

const char* kSchema =
    R"({"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 1}}})";

struct Pipeline {
  explicit Pipeline(std::vector<std::string> outputs) : answers{std::move(outputs)} {}
  testing::Folder folder;
  std::vector<std::string> answers;
  std::vector<json::object> requests;
  std::unique_ptr<Ledger> ledger = Ledger::open_for_writing(folder.path() / "study.db").value();
  ModelTasks tasks{*ledger,
                   [this](const std::string& sent) -> ModelReply {
                     requests.push_back(parse_json_object(sent, "request").value());
                     if (requests.size() > answers.size()) return unavailable("no more answers");
                     return answers[requests.size() - 1];
                   },
                   {.provider = "scripted", .model = "m", .metered = false}};
  ModelRequest request{"test.task", json::object{{"q", 1}}, json::array{}, parse_json(kSchema, "schema").value()};
};

TEST(ModelTasks, AnswerIsRecordedAndNeverAskedForAgain) {
  Pipeline pipeline{{R"({"output": {"n": 3}, "usage": {"input_tokens": 5}})"}};
  EXPECT_EQ(pipeline.tasks.run(pipeline.request).value(), R"({"n":3})");
  EXPECT_EQ(pipeline.tasks.run(pipeline.request).value(), R"({"n":3})");
  EXPECT_EQ(pipeline.requests.size(), 1u);
  EXPECT_EQ(pipeline.ledger->size(), 2);
}

TEST(ModelTasks, ProseAroundJsonIsTakenOff) {
  Pipeline pipeline{{R"({"output": "Sure!\n```json\n{\"n\": 4}\n```"})"}};
  EXPECT_EQ(pipeline.tasks.run(pipeline.request).value(), R"({"n":4})");
}

TEST(ModelTasks, BadAnswerIsRepairedWithTheReason) {
  Pipeline pipeline{{R"({"output": {"n": 0}})", R"({"output": {"n": 2}})"}};
  EXPECT_EQ(pipeline.tasks.run(pipeline.request).value(), R"({"n":2})");
  const auto& messages = pipeline.requests[1].at("messages").as_array();
  EXPECT_NE(std::string{messages.back().at("content").as_string().c_str()}.find("schema"), std::string::npos);
}

TEST(ModelTasks, ModelThatNeverFitsEndsInATypedError) {
  Pipeline pipeline{std::vector<std::string>(9, R"({"output": "no"})")};
  EXPECT_EQ(pipeline.tasks.run(pipeline.request).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(pipeline.requests.size(), 1u + ModelTasks::kRepairs);
}

TEST(ModelTasks, AnotherInputIsAnotherQuestion) {
  Pipeline pipeline{{R"({"output": {"n": 3}})", R"({"output": {"n": 4}})"}};
  EXPECT_EQ(pipeline.tasks.run(pipeline.request).value(), R"({"n":3})");
  pipeline.request.input = json::object{{"q", 2}};
  EXPECT_EQ(pipeline.tasks.run(pipeline.request).value(), R"({"n":4})");
}

TEST(ModelTasks, ProviderFailurePassesThroughAndCanBeTriedAgain) {
  Pipeline pipeline{{}};
  EXPECT_EQ(pipeline.tasks.run(pipeline.request).status().code(), StatusCode::kUnavailable);
  pipeline.answers = {"", R"({"output": {"n": 3}})"};
  EXPECT_TRUE(pipeline.tasks.run(pipeline.request).ok());
}

TEST(Schema, SaysWhereADocumentDoesNotFit) {
  const auto schema = parse_json(kSchema, "schema").value();
  EXPECT_TRUE(check_schema(parse_json(R"({"n": 1})", "x").value(), schema, "x").ok());
  EXPECT_NE(check_schema(parse_json(R"({"n": "1"})", "x").value(), schema, "the answer").message().find("the answer"),
            std::string::npos);
  EXPECT_FALSE(check_schema(parse_json("{}", "x").value(), schema, "x").ok());
}

}  // namespace
}  // namespace aisci
