// Every kind, from the C++ class through the C table to the plugin and back; for a plugin that is loaded, for one in a
// process of its own, and for the same plugin linked in.
#include "all_kinds.hpp"

#include <aisci/registry.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

namespace {

AISCI_STATIC_PLUGIN(linked_in, "org.aisci.test.linked_in", "1.2.3", ALL_KINDS)

enum class From { kLoaded, kLinkedIn, kApart };

class Conformance : public ::testing::TestWithParam<From> {
 protected:
  void SetUp() override {
    aisci::Trust trust;
    trust.isolation = GetParam() == From::kApart ? aisci::Isolation::kProcess : aisci::Isolation::kInProcess;
    const aisci::Status status = GetParam() == From::kLinkedIn
                                     ? registry_.register_static(&linked_in, &user_)
                                     : registry_.load_folder(AISCI_BINARY_DIR "/plugins/all_kinds", trust);
    ASSERT_TRUE(status.ok()) << status.to_string();
  }
  std::shared_ptr<aisci::Agent> echo(const aisci::HostServices& services = {}) {
    return registry_.create_agent("echo", R"({"colour":"red"})", services).value();
  }

  aisci::Registry registry_;
  std::string user_ = "passed through";
  aisci::CallContext call_;
};

aisci::Sink into(std::vector<std::string>& texts) {
  return [&texts](std::string_view text) {
    texts.emplace_back(text);
    return aisci::Status{};
  };
}

TEST_P(Conformance, Evaluate_ScoresEachNodeByItself) {
  const auto function = registry_.create_value_function("accuracy").value();
  std::vector<aisci::NodeView> nodes(2);
  nodes[0].id = 3;
  nodes[0].metrics = {{"accuracy", 0.75}, {"loss", 2.0}};
  nodes[0].blob = [](std::string_view name) -> aisci::Result<std::string_view> {
    if (name == "code") return std::string_view{"12345"};
    return aisci::not_found("no such document");
  };
  std::vector<aisci::Score> scores(2);
  std::string parts;
  call_.on_report = [&](std::string_view key, std::string_view json) {
    parts += std::string{key} + "=" + std::string{json};
  };
  ASSERT_TRUE(function->evaluate(nodes, scores, call_).ok());
  EXPECT_EQ(scores[0].value, 0.75);
  EXPECT_EQ(scores[0].stddev, 5.0);
  EXPECT_EQ(scores[0].code, aisci::StatusCode::kOk);
  EXPECT_EQ(scores[1].code, aisci::StatusCode::kInvalidArgument);
  EXPECT_EQ(scores[1].stddev, std::nullopt);
  EXPECT_EQ(parts, R"(score={"node":3,"parts":{"accuracy":1}})");
}

TEST_P(Conformance, Agent_GetsInputAndSetUp) {
  const auto agent = echo();
  EXPECT_EQ(agent->tasks(call_).value().size(), 10u);
  EXPECT_EQ(agent->act("echo.input", R"({"a":1})", call_).value(), R"({"a":1})");
  EXPECT_EQ(agent->act("echo.config", "{}", call_).value(), R"({"colour":"red"})");
  EXPECT_EQ(agent->act("echo.user", "{}", call_).value(), GetParam() == From::kLinkedIn ? "passed through" : "none");
}

TEST_P(Conformance, Agent_ReadsItsDataFolder) {
  const std::string folder = echo()->act("echo.data", "{}", call_).value();
  if (GetParam() == From::kLinkedIn) {
    EXPECT_EQ(folder, "");
    return;
  }
  std::ifstream note{folder + "/note.txt"};
  std::string word;
  note >> word;
  EXPECT_EQ(word, "found");
}

TEST_P(Conformance, Failure_KeepsCodeWordsReportsAndDetail) {
  std::vector<std::string> told;
  call_.on_progress = [&](double done, std::string_view note) {
    told.push_back(std::to_string(done) + std::string{note});
  };
  call_.on_report = [&](std::string_view key, std::string_view json) {
    told.push_back(std::string{key} + std::string{json});
  };
  aisci::HostServices services;
  services.log = [&](aisci::LogLevel level, std::string_view who, std::string_view message, std::string_view) {
    EXPECT_EQ(level, aisci::LogLevel::kInfo);
    EXPECT_NE(who.find("agent echo"), std::string_view::npos);
    told.emplace_back(message);
  };
  const aisci::Status status = echo(services)->act("echo.progress", "{}", call_).status();
  EXPECT_EQ(status, aisci::unavailable("failed after reporting"));
  EXPECT_EQ(told, (std::vector<std::string>{"0.500000half way", R"(usage{"input_tokens":3})", "hello",
                                            R"(failure{"place":"here"})"}));
}

TEST_P(Conformance, ForeignException_IsInternal) {
  EXPECT_EQ(echo()->act("echo.throw", "{}", call_).status(), aisci::internal_error("not one of ours"));
  EXPECT_EQ(echo()->act("echo.unheard", "{}", call_).status().code(), aisci::StatusCode::kUnimplemented);
}

TEST_P(Conformance, Create_FailsWithTheConstructorsWords) {
  const aisci::Status status = registry_.create_agent("echo", R"({"refuse":true})").status();
  EXPECT_EQ(status.code(), aisci::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("told to refuse"), std::string::npos) << status.message();
  EXPECT_EQ(registry_.create_agent("echo", "not json").status().code(), aisci::StatusCode::kInvalidArgument);
}

TEST_P(Conformance, ModelTask_ReachesTheServiceAndComesBack) {
  aisci::HostServices services;
  call_.trace_id = 77;
  services.model_task = [&](const aisci::ModelTaskRequest& request,
                            const aisci::CallContext& call) -> aisci::Result<std::string> {
    EXPECT_EQ(call.parent, &call_);
    EXPECT_NE(call.plugin_call, nullptr);
    EXPECT_EQ(call.plugin_call->trace_id, 77u);
    EXPECT_EQ(request.schema_json, R"({"type":"object"})");
    return std::string{request.name} + std::string{request.input_json};
  };
  EXPECT_EQ(echo(services)->act("echo.ask", R"({"q":1})", call_).value(), R"(test.task{"q":1})");
}

TEST_P(Conformance, ModelTask_FailureReachesThePluginsCaller) {
  aisci::HostServices services;
  services.model_task = [](const aisci::ModelTaskRequest&, const aisci::CallContext&) -> aisci::Result<std::string> {
    return aisci::resource_exhausted("the budget of 3 calls is used up");
  };
  EXPECT_EQ(echo(services)->act("echo.ask", "{}", call_).status(),
            aisci::resource_exhausted("the budget of 3 calls is used up"));
  services.model_task = [](const aisci::ModelTaskRequest&, const aisci::CallContext&) -> aisci::Result<std::string> {
    throw std::runtime_error{"broken service"};
  };
  EXPECT_EQ(echo(services)->act("echo.ask", "{}", call_).status().code(), aisci::StatusCode::kInternal);
  EXPECT_EQ(echo()->act("echo.ask", "{}", call_).status().code(), aisci::StatusCode::kFailedPrecondition);
}

TEST_P(Conformance, Services_ReachTheProgramAndComeBack) {
  aisci::HostServices services;
  std::string heard, kept;
  const auto serve = [&](const char* id, aisci::Result<std::string> (*answer)(std::string_view name)) {
    services.further[id] = [&heard, id, answer](std::string_view component, std::string_view name,
                                                std::string_view input, const aisci::CallContext&) {
      EXPECT_EQ(component.substr(0, 10), "agent echo");
      heard += std::string{id} + " " + std::string{name} + " " + std::string{input} + "\n";
      return answer(name);
    };
  };
  using Text = aisci::Result<std::string>;
  serve(AISCI_HOST_CONFIGURATION, [](std::string_view) { return Text{"20261"}; });
  serve(AISCI_HOST_SECRETS, [](std::string_view name) {
    return name == "TEST_KEY" ? Text{"s3cret"} : Text{aisci::permission_denied("only keys are given")};
  });
  serve(AISCI_HOST_RNG, [](std::string_view) { return Text{std::string{"\1\2\0\0\0\0\0\0", 8}}; });
  serve(AISCI_HOST_BUDGET, [](std::string_view) { return Text{"7"}; });
  serve(AISCI_HOST_METRICS, [](std::string_view) { return Text{""}; });
  serve(AISCI_HOST_RATE_LIMITS, [](std::string_view) { return Text{""}; });
  serve(AISCI_HOST_COMPONENTS, [](std::string_view) { return Text{"[]"}; });
  services.further[AISCI_HOST_ARTEFACTS] = [&](std::string_view, std::string_view name, std::string_view input,
                                               const aisci::CallContext&) -> Text {
    if (name == "put") return kept = input, std::string{"name-of-it"};
    return input == "name-of-it" ? Text{kept} : Text{aisci::not_found("no such artefact")};
  };
  const auto told = echo(services)->act("echo.services", "{}", call_);
  EXPECT_EQ(told.value_or(told.status().to_string()),
            R"({"at_first":"20261","option":"20261","secret":"s3cret","seed":513,"kept":"a\u0000b","left":"7",)"
            R"("component":"[]","refused":"only keys are given","code":7})");
  EXPECT_NE(heard.find("aisci.host.metrics/1 papers 3\n"), std::string::npos) << heard;
  EXPECT_NE(heard.find("aisci.host.rate-limits/1 api.example.org 100\n"), std::string::npos) << heard;
  EXPECT_NE(heard.find(R"(aisci.host.components/1 retriever/shelf/search {"query":"q","k":1})"), std::string::npos);
}

TEST_P(Conformance, ServicesThatAreNotOffered_FailByName) {
  const aisci::Status status = echo()->act("echo.services", "{}", call_).status();
  EXPECT_EQ(status.code(), aisci::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("aisci.host.configuration/1"), std::string::npos) << status.message();
  aisci::HostServices services;
  services.further[AISCI_HOST_CONFIGURATION] = [](auto, auto, auto, const auto&) -> aisci::Result<std::string> {
    throw std::runtime_error{"broken service"};
  };
  EXPECT_EQ(registry_.create_agent("echo", "{}", services).status().code(), aisci::StatusCode::kInternal);
}

TEST_P(Conformance, Cancel_EndsACallThatPolls) {
  std::atomic<bool> stop{false};
  aisci::CallContext outer;
  outer.cancelled = [&] { return stop.load(); };
  call_.parent = &outer;
  std::thread other{[&] { stop = true; }};
  EXPECT_EQ(echo()->act("echo.wait", "{}", call_).status(), aisci::cancelled("stopped as asked"));
  other.join();
}

TEST_P(Conformance, Deadline_IsToldAndEndsACallThatPolls) {
  EXPECT_EQ(echo()->act("echo.time", "{}", call_).value(), "-1");
  call_.deadline = aisci::CallContext::Clock::now() + std::chrono::hours{1};
  EXPECT_GT(std::stoll(echo()->act("echo.time", "{}", call_).value()), 0);
  call_.deadline = aisci::CallContext::Clock::now();
  EXPECT_EQ(echo()->act("echo.time", "{}", call_).value(), "0");
  EXPECT_EQ(echo()->act("echo.wait", "{}", call_).status().code(), aisci::StatusCode::kDeadlineExceeded);
}

TEST_P(Conformance, Provider_CompletesEmbedsCountsAndLists) {
  const auto provider = registry_.create_llm_provider("parrot").value();
  std::vector<std::string> deltas;
  std::vector<std::string> response;
  ASSERT_TRUE(provider->complete(R"({"task":"x"})", into(deltas), into(response), call_).ok());
  EXPECT_EQ(deltas, (std::vector<std::string>{R"({"text":"pa"})", R"({"text":"rrot"})"}));
  EXPECT_EQ(response, (std::vector<std::string>{R"({"text":"x","model":"parrot","finish":"stop"})"}));
  ASSERT_TRUE(provider->complete(R"({"task":"y"})", {}, into(response), call_).ok());
  const std::vector<std::string_view> texts{"four", "seventeen"};
  EXPECT_EQ(provider->embed(texts, call_).value(), (std::vector<std::vector<float>>{{4.0F, 1.0F}, {9.0F, 1.0F}}));
  EXPECT_EQ(provider->count_tokens("12345678", call_).value(), 5u);
  EXPECT_EQ(provider->models(call_).value(), (std::vector<std::string>{R"({"id":"parrot"})"}));
}

TEST_P(Conformance, Retriever_SearchesAndFetches) {
  const auto retriever = registry_.create_retriever("shelf").value();
  std::vector<std::string> records;
  ASSERT_TRUE(retriever->search("q", 2, into(records), call_).ok());
  EXPECT_EQ(records, (std::vector<std::string>{R"({"key":"q0"})", R"({"key":"q1"})"}));
  ASSERT_TRUE(retriever->fetch("known", into(records), call_).ok());
  EXPECT_EQ(records.back(), R"({"key":"known"})");
  EXPECT_EQ(retriever->fetch("other", into(records), call_), aisci::not_found("no record other"));
}

TEST_P(Conformance, SinkFailure_EndsTheCallWithThatFailure) {
  const auto retriever = registry_.create_retriever("shelf").value();
  int writes = 0;
  const aisci::Sink full = [&](std::string_view) {
    ++writes;
    return aisci::resource_exhausted("the disk is full");
  };
  EXPECT_EQ(retriever->search("q", 3, full, call_), aisci::resource_exhausted("the disk is full"));
  EXPECT_EQ(writes, 1);
  const aisci::Sink broken = [](std::string_view) -> aisci::Status { throw std::runtime_error{"oops"}; };
  EXPECT_EQ(retriever->search("q", 3, broken, call_).code(), aisci::StatusCode::kInternal);
}

TEST_P(Conformance, Writer_RendersAndChecks) {
  const auto writer = registry_.create_writer("plain").value();
  std::vector<std::string> files;
  ASSERT_TRUE(writer->render("P", "A", into(files), call_).ok());
  EXPECT_EQ(files, (std::vector<std::string>{R"({"file":"paper.txt","text":"PA"})",
                                             R"({"build":{"steps":[],"output":"paper.txt"}})"}));
  EXPECT_EQ(writer->check("{}", call_).value(), R"({"problems":[]})");
}

TEST_P(Conformance, Sandbox_HoldsFilesAndRuns) {
  const auto sandbox = registry_.create_sandbox("memory").value();
  const auto session = std::move(sandbox->open("{}", call_).value());
  std::string text = "a file of more than seven bytes";
  ASSERT_TRUE(session
                  ->put(
                      "/job/x",
                      [&](char* buffer, std::size_t capacity) -> aisci::Result<std::size_t> {
                        const std::size_t count = text.copy(buffer, capacity);
                        text.erase(0, count);
                        return count;
                      },
                      call_)
                  .ok());
  std::vector<std::string> got;
  ASSERT_TRUE(session->get("/job/x", into(got), call_).ok());
  EXPECT_EQ(got, (std::vector<std::string>{"a file of more than seven bytes"}));
  EXPECT_EQ(session->get("/job/y", into(got), call_).code(), aisci::StatusCode::kNotFound);
  EXPECT_EQ(session->put(
                "/job/z", [](char*, std::size_t) -> aisci::Result<std::size_t> { return aisci::data_loss("bad disk"); },
                call_),
            aisci::data_loss("bad disk"));

  const std::string token = session->start(R"({"argv":["x"]})", "run/1", call_).value();
  EXPECT_EQ(session->start("{}", "run/1", call_).status().code(), aisci::StatusCode::kAlreadyExists);
  ASSERT_TRUE(session->kill(token, std::chrono::seconds{1}, call_).ok());
  std::vector<std::string> output, errors, events;
  const aisci::Exit exit = session->wait(token, into(output), into(errors), into(events), call_).value();
  EXPECT_EQ(output, (std::vector<std::string>{R"({"argv":["x"]})"}));
  EXPECT_EQ(errors, (std::vector<std::string>{"a warning"}));
  EXPECT_EQ(events, (std::vector<std::string>{R"({"event":"end"})"}));
  EXPECT_EQ(exit.code, 3);
  EXPECT_TRUE(exit.killed);
  EXPECT_FALSE(exit.timed_out);
  EXPECT_EQ(exit.wall.count(), 5);
  EXPECT_EQ(exit.user.count(), 6);
  EXPECT_EQ(exit.system.count(), 7);
  EXPECT_EQ(exit.max_rss_bytes, 8u);

  const auto found = std::move(sandbox->attach("run/1", call_).value());
  EXPECT_TRUE(found->wait("run/1", {}, {}, {}, call_).ok());
  EXPECT_EQ(sandbox->attach("run/2", call_).status().code(), aisci::StatusCode::kNotFound);
  EXPECT_EQ(sandbox->leftovers(call_).value(), (std::vector<std::string>{R"({"run_id":"run/1"})"}));
}

INSTANTIATE_TEST_SUITE_P(Plugin, Conformance, ::testing::Values(From::kLoaded, From::kLinkedIn, From::kApart),
                         [](const auto& each) {
                           return each.param == From::kLoaded  ? "Loaded"
                                  : each.param == From::kApart ? "Apart"
                                                               : "LinkedIn";
                         });

}  // namespace
