// The shipped providers against a scripted server: what they send, what they make of every way to fail, and that the
// key stays where it belongs.
#include <gtest/gtest.h>
#include <aisci/registry.hpp>

#include <arpa/inet.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>

#include "base/json.hpp"
#include "support/model_server.hpp"

namespace aisci {
namespace {

constexpr const char* kKey = "sk-test-0123456789abcdef";

// One dialect, asked for a stream or for a whole answer.
struct Way {
  std::string provider;
  bool streams;
};

void PrintTo(const Way& way, std::ostream* out) { *out << way.provider << (way.streams ? ", streamed" : ", whole"); }

struct Said {
  Status status;
  json::object response, http, usage;
  std::string deltas;
};

const json::object kRequest = parse_json_object(R"({
    "task": {"name": "test.task", "input": {"q": 1}}, "model": "scripted-1",
    "messages": [{"role": "system", "content": "Count."}, {"role": "user", "content": "<document>\n{}\n</document>"}],
    "schema": {"type": "object", "title": "answer to test.task", "required": ["n"],
               "properties": {"n": {"type": "integer"}}}})",
                                                "the request")
                                  .value();

class ModelProvider : public ::testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    const std::string prefix = GetParam().provider == "openai" ? "OPENAI" : "ANTHROPIC";
    key_name_ = prefix + "_API_KEY";
    ::setenv(key_name_.c_str(), kKey, 1);
    ASSERT_TRUE(registry_.load_folder(std::filesystem::path{AISCI_BINARY_DIR} / "lib/aisci/plugins/abi1").ok());
  }
  void TearDown() override { ::unsetenv(key_name_.c_str()); }

  std::string base_url() const { return server_.url() + (GetParam().provider == "openai" ? "/v1" : ""); }

  Result<std::shared_ptr<LLMProvider>> create(const std::string& url) {
    return registry_.create_llm_provider(GetParam().provider,
                                         json::serialize(json::object{{"base_url", url}, {"timeout_seconds", 1.0}}));
  }

  Said ask(json::object request = kRequest, const std::string& url = {}) {
    Said said;
    if (!provider_ || !url.empty()) {
      auto created = create(url.empty() ? base_url() : url);
      said.status = created.status();
      if (!created.ok()) return said;
      provider_ = *created;
    }
    CallContext call;
    call.cancelled = [this] { return cancelled_.load(); };
    call.on_report = [&](std::string_view key, std::string_view text) {
      if (key == "http") said.http = parse_json_object(text, "http").value();
      if (key == "usage") said.usage = parse_json_object(text, "usage").value();
    };
    const Sink deltas = [&](std::string_view text) -> Status {
      said.deltas += text_of(parse_json_object(text, "delta").value(), "text");
      return {};
    };
    const Sink response = [&](std::string_view text) -> Status {
      said.response = parse_json_object(text, "response").value();
      return {};
    };
    said.status = provider_->complete(json::serialize(request), GetParam().streams ? deltas : Sink{}, response, call);
    return said;
  }

  Said after(const std::string& step) {
    server_.tell("{\"script\": [" + step + "]}");
    return ask();
  }

  // Failed with this code, in words that say what to do, and without the key.
  static void expect_failure(const Said& said, StatusCode code, const std::vector<std::string>& words) {
    EXPECT_EQ(said.status.code(), code) << said.status.to_string();
    for (const auto& word : words)
      EXPECT_NE(said.status.message().find(word), std::string::npos) << word << " in: " << said.status.message();
    EXPECT_EQ(said.status.message().find(kKey), std::string::npos) << said.status.message();
  }

  testing::ModelServer server_;
  Registry registry_;
  std::shared_ptr<LLMProvider> provider_;
  std::string key_name_;
  std::atomic<bool> cancelled_{false};
};

TEST_P(ModelProvider, AnswerAndWhatItCost) {
  const Said said = ask();
  ASSERT_TRUE(said.status.ok()) << said.status.to_string();
  EXPECT_EQ(parse_json_object(text_of(said.response, "text"), "the answer").value(), (json::object{{"n", 1}}));
  EXPECT_EQ(text_of(said.response, "model"), "scripted-1-0001");
  EXPECT_EQ(text_of(said.response, "finish"), "stop");
  EXPECT_GT(integer_of(said.usage, "input_tokens"), 0);
  EXPECT_GT(integer_of(said.usage, "output_tokens"), 0);
  EXPECT_EQ(object_of(said.response, "usage"), said.usage);
  if (GetParam().streams) {
    EXPECT_EQ(said.deltas, text_of(said.response, "text"));
  }
}

// The host then counts the call as what was reserved for it.
TEST_P(ModelProvider, CountsThatAreNoneAreToldAsNone) {
  const bool openai = GetParam().provider == "openai";
  const std::string in = openai ? "prompt_tokens" : "input_tokens",
                    out = openai ? "completion_tokens" : "output_tokens";
  for (const char* count : {"1e30", "-5", "0.5", "\"many\""}) {
    const Said said = after(R"({"usage": {")" + in + "\": " + count + ", \"" + out + "\": " + count + "}}");
    ASSERT_TRUE(said.status.ok()) << said.status.to_string();
    EXPECT_EQ(said.usage, (json::object{{"input_tokens", nullptr}, {"output_tokens", nullptr}})) << count;
  }
}

TEST_P(ModelProvider, RequestCarriesMessagesSchemaAndKey) {
  ASSERT_TRUE(ask().status.ok());
  const json::array requests = server_.requests();
  ASSERT_EQ(requests.size(), 1u);
  const json::object& request = requests[0].as_object();
  const json::object& body = object_of(request, "body");
  const std::string sent = json::serialize(body);
  EXPECT_NE(sent.find("Count."), std::string::npos);
  EXPECT_NE(sent.find("<document>"), std::string::npos);
  EXPECT_NE(sent.find("JSON Schema"), std::string::npos);
  EXPECT_EQ(sent.find(kKey), std::string::npos);
  const json::object& headers = object_of(request, "headers");
  if (GetParam().provider == "openai") {
    EXPECT_EQ(text_of(request, "path"), "/v1/chat/completions");
    EXPECT_EQ(text_of(headers, "authorization"), std::string{"Bearer "} + kKey);
    EXPECT_EQ(at(body, "response_format.json_schema.schema"), kRequest.at("schema"));
    EXPECT_EQ(at(body, "response_format.json_schema.name").as_string(), "test_task");
  } else {
    EXPECT_EQ(text_of(request, "path"), "/v1/messages");
    EXPECT_EQ(text_of(headers, "x-api-key"), kKey);
    EXPECT_EQ(array_of(body, "tools").at(0).at("input_schema"), kRequest.at("schema"));
    EXPECT_GT(integer_of(body, "max_tokens"), 0);
  }
}

TEST_P(ModelProvider, ServerWithoutSchemasIsAskedInWords) {
  server_.tell(R"({"modes": {"refuse": ["json_schema", "json_object", "tools"]}})");
  ASSERT_TRUE(ask().status.ok());
  ASSERT_TRUE(ask().status.ok());
  const json::array requests = server_.requests();
  const std::size_t refused = GetParam().provider == "openai" ? 2 : 1;
  ASSERT_EQ(requests.size(), refused + 2) << "what was refused once is not asked again";
  const json::object& last = object_of(requests.back().as_object(), "body");
  EXPECT_FALSE(last.contains("response_format") || last.contains("tools"));
  EXPECT_NE(json::serialize(last).find("JSON Schema"), std::string::npos);
}

TEST_P(ModelProvider, LimitOfOutputIsLoweredToWhatTheModelTakes) {
  server_.tell(R"({"modes": {"largest_output": 8192}})");
  json::object request = kRequest;
  request["max_output_tokens"] = 20000;
  ASSERT_TRUE(ask(request).status.ok());
  ASSERT_TRUE(ask(request).status.ok());
  const json::array requests = server_.requests();
  ASSERT_EQ(requests.size(), 3u);
  const json::object& body = object_of(requests[1].as_object(), "body");
  EXPECT_EQ(std::max(integer_of(body, "max_tokens"), integer_of(body, "max_completion_tokens")), 8192);
}

TEST_P(ModelProvider, ServerThatKnowsOtherParametersIsFollowed) {
  server_.tell(R"({"modes": {"refuse": ["stream_options", "max_tokens"]}})");
  json::object request = kRequest;
  if (GetParam().provider == "openai") request["max_output_tokens"] = 100;
  if (GetParam().provider == "anthropic") server_.tell(R"({"modes": {"refuse": ["stream_options"]}})");
  const Said said = ask(request);
  EXPECT_TRUE(said.status.ok()) << said.status.to_string();
}

TEST_P(ModelProvider, ServerThatNeverStreamsIsUnderstood) {
  server_.tell(R"({"modes": {"whole": true}})");
  const Said said = ask();
  ASSERT_TRUE(said.status.ok()) << said.status.to_string();
  EXPECT_EQ(parse_json_object(text_of(said.response, "text"), "answer").value().at("n"), 1);
  if (GetParam().streams) {
    EXPECT_FALSE(said.deltas.empty());
  }
}

TEST_P(ModelProvider, RefusalAndCutAnswerAreTold) {
  const Said refused = after(R"({"fault": "refusal"})");
  ASSERT_TRUE(refused.status.ok());
  EXPECT_EQ(text_of(refused.response, "finish"), "refused");
  EXPECT_NE(text_of(refused.response, "refusal").find("cannot help"), std::string::npos);
  const Said cut = after(R"({"fault": "length"})");
  ASSERT_TRUE(cut.status.ok());
  EXPECT_EQ(text_of(cut.response, "finish"), "length");
  const Said unpriced = after(R"({"fault": "unpriced"})");
  ASSERT_TRUE(unpriced.status.ok());
  EXPECT_EQ(integer_of(object_of(unpriced.response, "usage"), "output_tokens"), 0);
}

TEST_P(ModelProvider, WrongKeyNamesItsVariable) {
  server_.tell(R"({"modes": {"key": "another"}})");
  expect_failure(ask(), StatusCode::kUnauthenticated, {"401", key_name_, "wrong, expired"});
}

TEST_P(ModelProvider, MissingKeyNamesItsVariable) {
  ::unsetenv(key_name_.c_str());
  server_.tell(R"({"modes": {"key": "another"}})");
  expect_failure(ask(), StatusCode::kUnauthenticated, {"401", "set the environment variable " + key_name_});
}

TEST_P(ModelProvider, MakersOwnServerIsNotAskedWithoutKey) {
  ::unsetenv(key_name_.c_str());
  const std::string own = GetParam().provider == "openai" ? "https://api.openai.com/v1" : "https://api.anthropic.com";
  expect_failure(ask(kRequest, own), StatusCode::kFailedPrecondition, {key_name_, "--llm-base-url"});
}

TEST_P(ModelProvider, UnknownModelIsSaidWithItsOption) {
  json::object request = kRequest;
  request["model"] = "nobody-1";
  expect_failure(ask(request), StatusCode::kNotFound,
                 {"404", "The model nobody-1 (--model)", "--llm-base-url", "http://127.0.0.1:", "aisci doctor"});
  // A server that says it in other words, or calls it a bad request.
  expect_failure(after(R"({"fault": "status", "status": 404, "body": "no such page"})"), StatusCode::kNotFound,
                 {"The model scripted-1 (--model)"});
  expect_failure(after(R"({"fault": "status", "status": 400, "body": {"error": {"message": "Model Not Exist"}}})"),
                 StatusCode::kNotFound, {"400", "Model Not Exist", "aisci doctor"});
}

TEST_P(ModelProvider, TooManyRequestsTellHowLongToWait) {
  const Said said = after(R"({"fault": "status", "status": 429, "headers": {"retry-after": "7"}})");
  expect_failure(said, StatusCode::kResourceExhausted, {"429", "wait"});
  EXPECT_EQ(number_of(said.http, "retry_after_seconds"), 7);
  EXPECT_EQ(integer_of(said.http, "status"), 429);
  const Said exact = after(R"({"fault": "status", "status": 429, "headers": {"retry-after-ms": "1500"}})");
  EXPECT_EQ(number_of(exact.http, "retry_after_seconds"), 1.5);
}

TEST_P(ModelProvider, AccountWithoutCreditIsNotAMatterOfWaiting) {
  const Said said = after(
      R"({"fault": "status", "status": 429, "body": {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}})");
  expect_failure(said, StatusCode::kFailedPrecondition, {"credit", "owner must act"});
  EXPECT_FALSE(flag_of(said.http, "retry", true));
}

TEST_P(ModelProvider, FaultsOfTheServerAreSaidToBeItsOwn) {
  expect_failure(after(R"({"fault": "status", "status": 500})"), StatusCode::kUnavailable, {"500", "aisci resume"});
  expect_failure(after(R"({"fault": "status", "status": 529})"), StatusCode::kUnavailable, {"529", "overloaded"});
  expect_failure(after(R"({"fault": "status", "status": 503, "body": "<html>bad gateway</html>"})"),
                 StatusCode::kUnavailable, {"503", "bad gateway"});
  expect_failure(after(R"({"fault": "status", "status": 307, "headers": {"location": "http://127.0.0.1:1/"}})"),
                 StatusCode::kFailedPrecondition, {"307", "final address"});
  expect_failure(after(R"({"fault": "error200"})"), StatusCode::kUnavailable, {"scripted error within"});
}

TEST_P(ModelProvider, AnswerThatIsNoJsonIsSaid) {
  const Said said = after(R"({"fault": "broken"})");
  expect_failure(said, StatusCode::kUnavailable, {"JSON object"});
}

TEST_P(ModelProvider, AnswerThatBreaksOffIsNotTaken) {
  const Said said =
      after(R"({"fault": "truncated", "text": "{\"n\": 1, \"long\": \"a text of more than a few pieces\"}"})");
  EXPECT_EQ(said.status.code(), StatusCode::kUnavailable) << said.status.to_string();
  EXPECT_TRUE(said.response.empty());
  EXPECT_TRUE(flag_of(said.http, "sent"));
  if (GetParam().streams) {
    EXPECT_NE(said.status.message().find("broke off after"), std::string::npos);
    EXPECT_TRUE(flag_of(said.usage, "estimated"));
    EXPECT_GT(integer_of(said.usage, "output_tokens"), 1);
  }
  expect_failure(after(R"({"fault": "close"})"), StatusCode::kUnavailable, {"connection"});
}

TEST_P(ModelProvider, SilentServerIsGivenUp) {
  expect_failure(after(R"({"fault": "silence"})"), StatusCode::kDeadlineExceeded, {"in time", "llm_timeout_seconds"});
}

TEST_P(ModelProvider, NobodyThereNamesTheAddress) {
  expect_failure(ask(kRequest, "http://127.0.0.1:1/v1"), StatusCode::kUnavailable,
                 {"cannot connect", "127.0.0.1:1", "Is the server running"});
}

TEST_P(ModelProvider, CancelledCallEndsSoon) {
  cancelled_ = true;
  EXPECT_EQ(after(R"({"fault": "silence"})").status.code(), StatusCode::kCancelled);
}

TEST_P(ModelProvider, BadAddressIsRefusedAtOnce) {
  for (const char* url : {"ftp://host/v1", "host:80", "http://user:secret@host/v1", "http://", "http://a b/"})
    EXPECT_EQ(create(url).status().code(), StatusCode::kInvalidArgument) << url;
}

TEST_P(ModelProvider, ModelsAreListedWithWhatIsKnown) {
  server_.tell(
      R"({"modes": {"models": ["a", {"id": "b", "context_length": 4096, "pricing": {"prompt": "0.000002", "completion": "0.00001"}}]}})");
  auto provider = create(base_url());
  ASSERT_TRUE(provider.ok());
  const auto models = (*provider)->models({});
  ASSERT_TRUE(models.ok()) << models.status().to_string();
  ASSERT_EQ(models->size(), 2u);
  EXPECT_EQ((*models)[0], R"({"id":"a"})") << "an unknown price is not zero";
  const auto priced = parse_json_object((*models)[1], "model").value();
  EXPECT_EQ(integer_of(priced, "context_tokens"), 4096);
  EXPECT_NEAR(number_of(priced, "input_price"), 2, 1e-9);
  EXPECT_NEAR(number_of(priced, "output_price"), 10, 1e-9);
  server_.tell(R"({"modes": {"models": [{"id": "varies", "pricing": {"prompt": "-1", "completion": "-1"}}]}})");
  EXPECT_EQ((*provider)->models({}).value(), std::vector<std::string>{R"({"id":"varies"})"});
  server_.tell(R"({"modes": {"models": [{"id": "x", "pricing": {"prompt": "0,5", "completion": "2 per request"}}]}})");
  EXPECT_EQ((*provider)->models({}).value(), std::vector<std::string>{R"({"id":"x"})"}) << "no number, so unknown";
  server_.tell(R"({"modes": {"no_list": true}})");
  EXPECT_EQ((*provider)->models({}).status().code(), StatusCode::kUnimplemented);
}

TEST_P(ModelProvider, KeyInTheModelsWordsIsTakenOut) {
  const Said said = after(std::string{R"({"text": "{\"n\": 1, \"k\": \")"} + kKey + R"(\"}"})");
  ASSERT_TRUE(said.status.ok());
  EXPECT_EQ(json::serialize(said.response).find(kKey), std::string::npos);
  if (GetParam().streams) {
    EXPECT_EQ(text_of(said.response, "text").find("[key]"), std::string{R"({"n": 1, "k": ")"}.size());
  }
}

TEST_P(ModelProvider, TokensAreCountedFromAbove) {
  auto provider = create(base_url());
  ASSERT_TRUE(provider.ok());
  const std::string text = "One token is about four characters of English.";
  EXPECT_GE((*provider)->count_tokens(text, {}).value(), text.size() / 4);
}

INSTANTIATE_TEST_SUITE_P(Both, ModelProvider,
                         ::testing::Values(Way{"openai", false}, Way{"openai", true}, Way{"anthropic", false},
                                           Way{"anthropic", true}),
                         [](const auto& tested) {
                           return tested.param.provider + (tested.param.streams ? "_streamed" : "_whole");
                         });

// A server of one model needs no name for it.
TEST(OpenAIProvider, OnlyModelOfAServerIsTaken) {
  testing::ModelServer server;
  Registry registry;
  ASSERT_TRUE(registry.load_folder(std::filesystem::path{AISCI_BINARY_DIR} / "lib/aisci/plugins/abi1").ok());
  auto provider =
      registry.create_llm_provider("openai", json::serialize(json::object{{"base_url", server.url() + "/v1/"}}));
  ASSERT_TRUE(provider.ok());
  json::object request = kRequest;
  request.erase("model");
  const Sink nothing = [](std::string_view) { return Status{}; };
  EXPECT_TRUE((*provider)->complete(json::serialize(request), {}, nothing, {}).ok());
  server.tell(R"({"modes": {"models": ["a", "b"]}})");
  provider = registry.create_llm_provider("openai", json::serialize(json::object{{"base_url", server.url() + "/v1"}}));
  const Status status = (*provider)->complete(json::serialize(request), {}, nothing, {});
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("--model"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace aisci
