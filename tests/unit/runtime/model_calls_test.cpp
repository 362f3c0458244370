#include "runtime/model_calls.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <memory>

#include "runtime/model_tasks.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

ModelReply answered(const std::string& text, std::int64_t in = 100, std::int64_t out = 10) {
  const json::object usage{{"input_tokens", in}, {"output_tokens", out}};
  ModelReply reply{json::serialize(json::object{{"text", text}, {"model", "m-1"}, {"usage", usage}})};
  reply.usage = usage;
  reply.http = {{"status", 200}, {"sent", true}};
  return reply;
}

ModelReply failed(Status status, json::object http) {
  ModelReply reply{std::move(status)};
  reply.http = std::move(http);
  return reply;
}

// A ledger, a provider with prepared replies, and a clock that only notes how long it was to wait.
struct Line {
  explicit Line(std::deque<ModelReply> prepared, ModelBudget::Limits limits = {},
                std::optional<ModelPrice> price = ModelPrice{2, 8})
      : replies{std::move(prepared)}, limits_{limits}, price_{price} {
    open();
  }
  void open() {
    calls.reset();
    ledger.reset();
    ledger = Ledger::open_for_writing(folder.path() / "study.db").value();
    calls = std::make_unique<ModelCalls>(*ledger, provider(), settings());
  }
  ModelProvider provider() {
    return [this](const std::string& request) -> ModelReply {
      sent.push_back(parse_json_object(request, "request").value());
      if (replies.empty()) return failed(internal_error("nothing is prepared"), {});
      ModelReply reply = std::move(replies.front());
      replies.pop_front();
      return reply;
    };
  }
  ModelCalls::Settings settings() {
    ModelCalls::Settings settings;
    settings.provider = "scripted";
    settings.model = "m";
    settings.budget = limits_;
    settings.redaction = redaction;
    settings.price = [this] { return price_; };
    settings.price_given = price_given;
    settings.cancelled = [this] { return cancelled; };
    settings.wait = [this](double seconds) { waits.push_back(seconds); };
    return settings;
  }
  Result<json::object> ask(const std::string& words = "hello") {
    return calls->ask("test.task", {{"messages", json::array{json::object{{"role", "user"}, {"content", words}}}}});
  }
  std::vector<Event> events(const std::string& type) {
    std::vector<Event> list;
    const auto all = ledger->events().value();
    for (const auto& event : all)
      if (event.type == type) list.push_back(event);
    return list;
  }

  testing::Folder folder;
  std::deque<ModelReply> replies;
  std::vector<json::object> sent;
  std::vector<double> waits;
  Redaction redaction;
  bool cancelled = false;
  bool price_given = false;
  ModelBudget::Limits limits_;
  std::optional<ModelPrice> price_;
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<ModelCalls> calls;
};

const Status kDown = unavailable("down");

TEST(ModelCalls, CallIsRecordedWithItsCost) {
  Line line{{answered("{}", 1000, 100)}};
  ASSERT_TRUE(line.ask().ok());
  const auto started = line.events("model.call.started"), ended = line.events("model.call");
  ASSERT_EQ(started.size(), 1u);
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(started[0].key, ended[0].key);
  EXPECT_LT(started[0].sequence, ended[0].sequence);
  EXPECT_EQ(integer_of(ended[0].body, "input_tokens"), 1000);
  EXPECT_EQ(integer_of(ended[0].body, "output_tokens"), 100);
  EXPECT_NEAR(number_of(ended[0].body, "cost_usd"), 1000 * 2e-6 + 100 * 8e-6, 1e-12);
  EXPECT_EQ(text_of(ended[0].body, "model"), "m-1");
}

TEST(ModelCalls, UnknownPriceIsUnknownNotNothing) {
  Line line{{answered("{}")}, {}, std::nullopt};
  ASSERT_TRUE(line.ask().ok());
  EXPECT_TRUE(member(line.events("model.call")[0].body, "cost_usd").is_null());
}

TEST(ModelCalls, CostThatTheServerSaysCounts) {
  ModelReply reply = answered("{}");
  reply.usage["cost_usd"] = 0.25;
  Line line{{std::move(reply)}};
  ASSERT_TRUE(line.ask().ok());
  EXPECT_EQ(number_of(line.events("model.call")[0].body, "cost_usd"), 0.25);
}

TEST(ModelCalls, LowerCostThatTheServerSaysDoesNotUndoAPriceOfTheUser) {
  ModelReply reply = answered("{}", 1000, 100);
  reply.usage["cost_usd"] = 0;
  Line line{{reply, reply}};
  ASSERT_TRUE(line.ask("listed").ok());
  line.price_given = true;
  line.open();
  ASSERT_TRUE(line.ask("given").ok());
  const auto ended = line.events("model.call");
  EXPECT_EQ(number_of(ended[0].body, "cost_usd"), 0);
  EXPECT_NEAR(number_of(ended[1].body, "cost_usd"), 1000 * 2e-6 + 100 * 8e-6, 1e-12);
}

// What no call can have used counts as what was reserved for it.
TEST(ModelCalls, CountThatIsNoneLeavesTheReservation) {
  const json::value strange[] = {1e30, -5, 0.5, "many", nullptr, std::uint64_t{1} << 63, 2e12};
  for (const auto& count : strange) {
    ModelReply reply = answered("{}", 100, 10);
    reply.usage["input_tokens"] = count;
    Line line{{reply}, {.tokens = 100000, .usd = 1}};
    ASSERT_TRUE(line.ask().ok());
    const json::object started = line.events("model.call.started")[0].body, ended = line.events("model.call")[0].body;
    EXPECT_EQ(integer_of(ended, "input_tokens"), integer_of(started, "reserved_input_tokens")) << count;
    EXPECT_EQ(integer_of(ended, "output_tokens"), 10) << count;
    EXPECT_TRUE(flag_of(ended, "estimated")) << count;
    EXPECT_GT(number_of(ended, "cost_usd"), 0) << count;

    reply.usage["output_tokens"] = count;
    Line both{{reply}, {.tokens = 100000, .usd = 1}};
    ASSERT_TRUE(both.ask().ok());
    const auto& spent = both.calls->budget().spent();
    EXPECT_EQ(spent.output_tokens, integer_of(both.events("model.call.started")[0].body, "reserved_output_tokens"));
  }
}

TEST(ModelCalls, CostBelowNothingIsNone) {
  ModelReply reply = answered("{}", 1000, 100);
  reply.usage["cost_usd"] = -1e30;
  Line line{{reply}, {.usd = 1}};
  ASSERT_TRUE(line.ask().ok());
  EXPECT_NEAR(*line.calls->budget().spent().usd, 1000 * 2e-6 + 100 * 8e-6, 1e-12);
}

TEST(ModelCalls, PastThatIsBelowNothingGivesNoCredit) {
  Line line{{}, {.tokens = 100000, .usd = 1}};
  ASSERT_TRUE(
      line.ledger
          ->append("model.call", "test.task/x#1", {{"input_tokens", -5000}, {"output_tokens", -1}, {"cost_usd", -9.0}})
          .ok());
  ASSERT_TRUE(line.calls->read_past().ok());
  EXPECT_EQ(line.calls->budget().left("tokens"), 100000);
  EXPECT_EQ(line.calls->budget().left("usd"), 1);
}

TEST(ModelCalls, UncountedAnswerIsEstimatedFromAbove) {
  Line line{{ModelReply{std::string{R"({"text": "twelve bytes"})"}}}};
  ASSERT_TRUE(line.ask().ok());
  const json::object body = line.events("model.call")[0].body;
  EXPECT_TRUE(flag_of(body, "estimated"));
  EXPECT_GT(integer_of(body, "input_tokens"), 0);
  EXPECT_GE(integer_of(body, "output_tokens"), 6);
}

TEST(ModelCalls, ResumedStudyPaysNoCallAgain) {
  Line line{{answered(R"({"n":1})")}};
  ASSERT_TRUE(line.ask().ok());
  line.open();
  const auto again = line.ask();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(text_of(*again, "text"), R"({"n":1})");
  EXPECT_EQ(line.sent.size(), 1u);
  ASSERT_TRUE(line.calls->read_past().ok());
  EXPECT_EQ(line.calls->budget().spent().input_tokens, 100);
}

TEST(ModelCalls, CallThatACrashInterruptedCountsAtItsWorst) {
  Line line{{answered("{}")}, {.tokens = 100000}};
  const auto call = [&](const std::string& key, const char* type, const json::object& body) {
    ASSERT_TRUE(line.ledger->append(type, key, body).ok());
  };
  call("test.task/x#1", "model.call.started",
       {{"reserved_input_tokens", 500}, {"reserved_output_tokens", 300}, {"reserved_usd", 0.5}});
  ASSERT_TRUE(line.calls->read_past().ok());
  EXPECT_EQ(line.calls->budget().spent().input_tokens, 500);
  EXPECT_EQ(line.calls->budget().spent().output_tokens, 300);
  EXPECT_EQ(*line.calls->budget().spent().usd, 0.5);
}

TEST(ModelCalls, WaitsAsLongAsTheServerAsks) {
  Line line{{failed(resource_exhausted("slow down"), {{"status", 429}, {"retry_after_seconds", 7.5}, {"sent", true}}),
             answered("{}")}};
  ASSERT_TRUE(line.ask().ok());
  EXPECT_EQ(line.waits, std::vector<double>{7.5});
  const auto ended = line.events("model.call");
  ASSERT_EQ(ended.size(), 2u) << "each attempt is in the ledger";
  EXPECT_EQ(integer_of(ended[0].body, "output_tokens"), 0);
  EXPECT_NE(text_of(ended[0].body, "failure").find("slow down"), std::string::npos);
  EXPECT_EQ(integer_of(object_of(ended[0].body, "http"), "status"), 429);
}

TEST(ModelCalls, WaitsDoubleAndEnd) {
  std::deque<ModelReply> replies;
  for (int i = 0; i < 9; ++i) replies.push_back(failed(kDown, {{"status", 500}, {"sent", true}}));
  Line line{std::move(replies)};
  const auto response = line.ask();
  EXPECT_EQ(response.status().code(), StatusCode::kUnavailable);
  EXPECT_NE(response.status().message().find("attempt 6, and the last"), std::string::npos);
  ASSERT_EQ(line.waits.size(), 5u);
  double expected = 1;
  for (const double wait : line.waits) {
    EXPECT_LE(wait, expected);
    EXPECT_GE(wait, 0.75 * expected);
    expected *= 2;
  }
}

struct RetryCase {
  const char* name;
  Status status;
  json::object http;
  int attempts;
};

TEST(ModelCalls, WhatIsTriedAgainAndHowOften) {
  const RetryCase cases[] = {
      {"wrong key", Status{StatusCode::kUnauthenticated, "key"}, {{"status", 401}, {"sent", true}}, 1},
      {"bad request", invalid_argument("no"), {{"status", 400}, {"sent", true}}, 1},
      {"unknown model", not_found("model"), {{"status", 404}, {"sent", true}}, 1},
      {"overloaded", kDown, {{"status", 529}, {"sent", true}}, 6},
      {"rate limit", resource_exhausted("slow"), {{"status", 429}, {"sent", true}}, 8},
      {"silence", deadline_exceeded("late"), {{"status", 0}, {"sent", true}}, 3},
      {"nobody there", kDown, {{"status", 0}, {"sent", false}}, 2},
      {"waits too long", resource_exhausted("slow"), {{"retry_after_seconds", 4000}, {"sent", true}}, 1},
      {"told not to", kDown, {{"status", 500}, {"retry", false}}, 1},
      {"told to", invalid_argument("no"), {{"status", 400}, {"retry", true}}, 4},
  };
  for (const auto& one : cases) {
    std::deque<ModelReply> replies;
    for (int i = 0; i < 12; ++i) replies.push_back(failed(one.status, one.http));
    Line line{std::move(replies)};
    EXPECT_EQ(line.ask().status().code(), one.status.code()) << one.name;
    EXPECT_EQ(line.sent.size(), static_cast<std::size_t>(one.attempts)) << one.name;
    EXPECT_EQ(line.waits.size() + 1, line.sent.size()) << one.name;
  }
}

TEST(ModelCalls, CancelledStudyAsksNobody) {
  Line line{{answered("{}")}};
  line.cancelled = true;
  EXPECT_EQ(line.ask().status().code(), StatusCode::kCancelled);
  EXPECT_TRUE(line.sent.empty());
}

TEST(ModelCalls, CapOfTokensIsNeverPassed) {
  std::deque<ModelReply> replies;
  for (int i = 0; i < 40; ++i) replies.push_back(answered("{}", 50, 900));
  Line line{std::move(replies), {.tokens = 10000}};
  int made = 0;
  while (line.ask("question " + std::to_string(made)).ok()) ++made;
  EXPECT_EQ(line.calls->budget().reached(), "budget_tokens");
  EXPECT_GE(made, 8);
  const auto& spent = line.calls->budget().spent();
  EXPECT_LE(spent.input_tokens + spent.output_tokens, 10000);
  for (const auto& request : line.sent) EXPECT_GT(integer_of(request, "max_output_tokens"), 0);
  EXPECT_LE(integer_of(line.sent.back(), "max_output_tokens"), 10000 - 950 * (made - 1))
      << "what is asked for fits into what is left";
}

TEST(ModelCalls, CapOfMoneyIsNeverPassed) {
  std::deque<ModelReply> replies;
  for (int i = 0; i < 40; ++i) replies.push_back(answered("{}", 50, 1000));
  Line line{std::move(replies), {.usd = 0.05}};
  int made = 0;
  while (line.ask("question " + std::to_string(made)).ok()) ++made;
  EXPECT_EQ(line.calls->budget().reached(), "budget_usd");
  EXPECT_GE(made, 4);
  EXPECT_LE(*line.calls->budget().spent().usd, 0.05);
}

TEST(ModelCalls, CapOfMoneyNeedsAPrice) {
  Line line{{answered("{}")}, {.usd = 1}, std::nullopt};
  const auto response = line.ask();
  EXPECT_EQ(response.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(response.status().message().find("--llm-price"), std::string::npos);
  EXPECT_TRUE(line.sent.empty());
}

TEST(ModelCalls, CapCountsWhatEarlierRunsSpent) {
  Line line{{answered("{}", 5000, 4000), answered("{}")}, {.tokens = 9500}};
  ASSERT_TRUE(line.ask("first").ok());
  line.open();
  EXPECT_EQ(line.ask("second").status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(line.sent.size(), 1u);
}

TEST(ModelCalls, SecretsAreNeitherSentNorKept) {
  ::setenv("SOME_SERVICE_API_KEY", "s3cret-value", 1);
  Line line{{answered("you said s3cret-value"), failed(invalid_argument("bad s3cret-value"), {})}};
  line.redaction = Redaction::of_environment();
  line.open();
  ASSERT_TRUE(line.ask("my key is s3cret-value").ok());
  EXPECT_EQ(line.ask("another").status().message().find("s3cret-value"), std::string::npos);
  ::unsetenv("SOME_SERVICE_API_KEY");
  for (const auto& request : line.sent) EXPECT_EQ(json::serialize(request).find("s3cret-value"), std::string::npos);
  EXPECT_NE(json::serialize(line.sent[0]).find("[value of SOME_SERVICE_API_KEY]"), std::string::npos);
  const auto events = line.ledger->events().value();
  for (const auto& event : events) EXPECT_EQ(event.text.find("s3cret-value"), std::string::npos) << event.text;
  const auto kept = line.ledger->get(text_of(line.events("model.call")[0].body, "response")).value();
  EXPECT_EQ(kept.find("s3cret-value"), std::string::npos);
}

TEST(Redaction, TakesOutValuesOfSecretVariablesAlone) {
  ::setenv("A_TOKEN", "token-value", 1);
  ::setenv("SHORT_KEY", "abc", 1);
  ::setenv("NUMBER_KEY", "1234567890", 1);
  ::setenv("A_WORD", "no-secret-value", 1);
  const Redaction redaction = Redaction::of_environment();
  EXPECT_EQ(redaction("token-value abc 1234567890 no-secret-value"),
            "[value of A_TOKEN] abc 1234567890 no-secret-value");
  for (const char* name : {"A_TOKEN", "SHORT_KEY", "NUMBER_KEY", "A_WORD"}) ::unsetenv(name);
}

// Model tasks over metered calls.
TEST(ModelTasks, AtTheCapTheSubstituteAnswersAndItIsSaid) {
  Line line{{answered(R"({"n": 1})", 50, 900)}, {.tokens = 2000}};
  ModelTasks tasks{*line.ledger, line.provider(), line.settings()};
  tasks.use_at_cap("offline", [](const std::string&) { return ModelReply{std::string{R"({"output": {"n": 2}})"}}; });
  ModelRequest request{"test.task", json::object{{"q", 1}}, json::array{}, json::object{}};
  EXPECT_EQ(tasks.run(request).value(), R"({"n":1})");
  EXPECT_TRUE(tasks.substitutions().empty());
  request.input = json::object{{"q", 2}};
  request.messages = json::array{json::object{{"role", "user"}, {"content", std::string(600, 'x')}}};
  EXPECT_EQ(tasks.run(request).value(), R"({"n":2})");
  ASSERT_EQ(tasks.substitutions().size(), 1u);
  EXPECT_EQ(tasks.substitutions()[0].rfind("budget_tokens was reached: 1 ", 0), 0u) << tasks.substitutions()[0];
  ModelTasks again{*line.ledger, line.provider(), line.settings()};
  again.verify(false, {});
  EXPECT_EQ(again.run(request).value(), R"({"n":2})");
  EXPECT_EQ(again.substitutions(), tasks.substitutions()) << "the same when the study is run again";
}

TEST(ModelTasks, WhatTheSubstituteCannotDoNamesTheCap) {
  Line line{{}, {.tokens = 10}};
  ModelTasks tasks{*line.ledger, line.provider(), line.settings()};
  tasks.use_at_cap("offline", [](const std::string&) { return ModelReply{unimplemented("no rules for it")}; });
  const auto answer = tasks.run({"test.task", json::object{{"q", 1}}, json::array{}, json::object{}});
  EXPECT_EQ(answer.status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(
      answer.status().message(),
      "budget_tokens was reached, and test.task is no task that the rules of offline can do in the model's place: a "
      "higher cap is needed");
}

TEST(ModelTasks, RefusalIsAnsweredWithOneMoreQuestion) {
  ModelReply refusal{std::string{R"({"text": "", "finish": "refused", "refusal": "I would rather not."})"}};
  Line line{{std::move(refusal), answered(R"({"n": 1})")}};
  ModelTasks tasks{*line.ledger, line.provider(), line.settings()};
  EXPECT_EQ(tasks.run({"test.task", json::object{}, json::array{}, json::object{}}).value(), R"({"n":1})");
  const std::string asked = json::serialize(line.sent.at(1).at("messages"));
  EXPECT_NE(asked.find("I would rather not."), std::string::npos) << asked;
}

TEST(ModelTasks, ModelSeesItsBadAnswerAndWhatIsWrong) {
  Line line{{answered("Sorry, {\"n\": "), answered(R"({"n": 1})")}};
  ModelTasks tasks{*line.ledger, line.provider(), line.settings()};
  ASSERT_TRUE(tasks.run({"test.task", json::object{}, json::array{}, json::object{}}).ok());
  const auto& messages = line.sent.at(1).at("messages").as_array();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].at("role"), "assistant");
  EXPECT_EQ(messages[0].at("content"), "Sorry, {\"n\": ");
  EXPECT_EQ(messages[1].at("role"), "user");
}

}  // namespace
}  // namespace aisci
