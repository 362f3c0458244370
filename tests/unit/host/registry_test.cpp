// Components that a program registers itself, as the headers of the six kinds show it.
#include <aisci/registry.hpp>

#include <gtest/gtest.h>

#include <thread>

namespace {

using aisci::StatusCode;

class Brevity final : public aisci::ValueFunction {
 public:
  aisci::Status evaluate(std::span<const aisci::NodeView> nodes, std::span<aisci::Score> scores,
                         const aisci::CallContext&) override {
    for (std::size_t i = 0; i < nodes.size(); ++i)
      scores[i].value = 1.0 / (1.0 + static_cast<double>(nodes[i].document("code").size()) / 4000.0);
    return {};
  }
};

class Shouter final : public aisci::Agent {
 public:
  aisci::Result<std::vector<std::string>> tasks(const aisci::CallContext&) override {
    return std::vector<std::string>{"review.review"};
  }
  aisci::Result<std::string> act(std::string_view task, std::string_view input,
                                 const aisci::CallContext& call) override {
    if (call.is_cancelled()) return aisci::cancelled("stopped");
    if (task != "review.review") return aisci::unimplemented("no task " + std::string{task});
    return std::string{R"({"summary":"fine","read_bytes":)"} + std::to_string(input.size()) + "}";
  }
};

class Echo final : public aisci::LLMProvider {
 public:
  aisci::Status complete(std::string_view, const aisci::Sink&, const aisci::Sink& response,
                         const aisci::CallContext& call) override {
    call.report("usage", R"({"input_tokens":1,"output_tokens":1})");
    return response(R"({"text":"{}","model":"echo","finish":"stop","usage":{"input_tokens":1,"output_tokens":1}})");
  }
  aisci::Result<std::vector<std::string>> models(const aisci::CallContext&) override {
    return std::vector<std::string>{R"({"id":"echo"})"};
  }
};

class Shelf final : public aisci::Retriever {
 public:
  aisci::Status search(std::string_view query, std::uint32_t k, const aisci::Sink& records,
                       const aisci::CallContext&) override {
    if (k == 0 || query != "gelu") return {};
    return records(R"({"key":"hendrycks2016gelu","title":"Gaussian Error Linear Units"})");
  }
  aisci::Status fetch(std::string_view id, const aisci::Sink&, const aisci::CallContext&) override {
    return aisci::not_found("no record " + std::string{id});
  }
};

class PlainText final : public aisci::Writer {
 public:
  aisci::Status render(std::string_view, std::string_view, const aisci::Sink& files,
                       const aisci::CallContext&) override {
    AISCI_RETURN_IF_ERROR(files(R"({"file":"paper.txt","text":"..."})"));
    return files(R"({"build":{"steps":[],"environment":{},"output":"paper.txt","log":""}})");
  }
  aisci::Result<std::string> check(std::string_view, const aisci::CallContext&) override {
    return std::string{R"({"problems":[]})"};
  }
};

TEST(Registry, ServesWhatTheProgramRegisters) {
  aisci::Registry registry;
  ASSERT_TRUE(registry.register_component<aisci::ValueFunction>("brevity", std::make_shared<Brevity>()).ok());
  ASSERT_TRUE(registry.register_component<aisci::Agent>("shouter", std::make_shared<Shouter>()).ok());
  ASSERT_TRUE(registry.register_component<aisci::LLMProvider>("echo", std::make_shared<Echo>()).ok());
  ASSERT_TRUE(registry.register_component<aisci::Retriever>("shelf", std::make_shared<Shelf>()).ok());
  ASSERT_TRUE(registry.register_component<aisci::Writer>("plain", std::make_shared<PlainText>()).ok());
  const aisci::CallContext call;

  std::vector<aisci::Score> scores(1);
  ASSERT_TRUE(
      registry.create_value_function("brevity").value()->evaluate(std::vector<aisci::NodeView>(1), scores, call).ok());
  EXPECT_EQ(scores[0].value, 1.0);
  EXPECT_EQ(registry.create_agent("shouter").value()->act("review.review", "12", call).value(),
            R"({"summary":"fine","read_bytes":2})");

  std::vector<std::string> texts;
  const aisci::Sink keep = [&](std::string_view text) {
    texts.emplace_back(text);
    return aisci::Status{};
  };
  const auto provider = registry.create_llm_provider("echo").value();
  ASSERT_TRUE(provider->complete("{}", {}, keep, call).ok());
  EXPECT_EQ(provider->embed({}, call).status().code(), StatusCode::kUnimplemented);
  EXPECT_EQ(provider->count_tokens("1234", call).value(), 3u);
  ASSERT_TRUE(registry.create_retriever("shelf").value()->search("gelu", 5, keep, call).ok());
  ASSERT_TRUE(registry.create_writer("plain").value()->render("{}", "{}", keep, call).ok());
  EXPECT_EQ(texts.size(), 4u);
  EXPECT_EQ(registry.list().size(), 5u);
}

TEST(Registry, FactoryGetsConfigurationAndServices) {
  aisci::Registry registry;
  std::string seen;
  ASSERT_TRUE(registry
                  .register_component<aisci::Agent>(
                      "made",
                      [&](const aisci::ComponentSetup& setup) {
                        seen = setup.config_json + (setup.services.model_task ? " with a model" : " without");
                        return aisci::Result<std::shared_ptr<aisci::Agent>>{std::make_shared<Shouter>()};
                      })
                  .ok());
  ASSERT_TRUE(registry.create_agent("made", R"({"a":1})").ok());
  EXPECT_EQ(seen, R"({"a":1} without)");
  aisci::HostServices services;
  services.model_task = [](const aisci::ModelTaskRequest&, const aisci::CallContext&) {
    return aisci::Result<std::string>{"{}"};
  };
  ASSERT_TRUE(registry.create_agent("made", "", services).ok());
  EXPECT_EQ(seen, "{} with a model");
}

TEST(Registry, FactoryFailuresAreTheCallers) {
  aisci::Registry registry;
  ASSERT_TRUE(registry
                  .register_component<aisci::Agent>("fails",
                                                    [](const aisci::ComponentSetup&) {
                                                      return aisci::Result<std::shared_ptr<aisci::Agent>>{
                                                          aisci::unavailable("later")};
                                                    })
                  .ok());
  ASSERT_TRUE(registry
                  .register_component<aisci::Agent>(
                      "throws",
                      [](const aisci::ComponentSetup&) -> aisci::Result<std::shared_ptr<aisci::Agent>> {
                        throw std::runtime_error{"oops"};
                      })
                  .ok());
  ASSERT_TRUE(registry.register_component<aisci::Agent>("null", std::shared_ptr<aisci::Agent>{}).ok());
  EXPECT_EQ(registry.create_agent("fails").status(), aisci::unavailable("later"));
  EXPECT_EQ(registry.create_agent("throws").status().code(), StatusCode::kInternal);
  EXPECT_EQ(registry.create_agent("null").status().code(), StatusCode::kInternal);
}

TEST(Registry, OneNameOncePerKind) {
  aisci::Registry registry;
  ASSERT_TRUE(registry.register_component<aisci::Agent>("x", std::make_shared<Shouter>()).ok());
  EXPECT_EQ(registry.register_component<aisci::Agent>("x", std::make_shared<Shouter>()).code(),
            StatusCode::kAlreadyExists);
  EXPECT_TRUE(registry.register_component<aisci::Writer>("x", std::make_shared<PlainText>()).ok());
  EXPECT_EQ(registry.register_component<aisci::Agent>("", std::make_shared<Shouter>()).code(),
            StatusCode::kInvalidArgument);
}

TEST(Registry, UnknownName_GetsTheNearest) {
  aisci::Registry registry;
  EXPECT_EQ(registry.create_agent("ideaton").status(), aisci::not_found("no agent 'ideaton'; none is installed"));
  ASSERT_TRUE(registry.register_component<aisci::Agent>("ideation", std::make_shared<Shouter>()).ok());
  EXPECT_EQ(registry.create_agent("ideaton").status(),
            aisci::not_found("no agent 'ideaton'; did you mean 'ideation'?; there are: ideation"));
}

TEST(Registry, ComponentOutlivesIt) {
  std::shared_ptr<aisci::Agent> agent;
  {
    aisci::Registry registry;
    ASSERT_TRUE(registry.load_folder(AISCI_BINARY_DIR "/plugins/all_kinds").ok());
    agent = registry.create_agent("echo").value();
  }
  EXPECT_EQ(agent->act("echo.input", "7", {}).value(), "7");
}

TEST(Registry, IsUsedFromSeveralThreads) {
  aisci::Registry registry;
  ASSERT_TRUE(registry.load_folder(AISCI_BINARY_DIR "/plugins/all_kinds").ok());
  std::vector<int> right(4);
  std::vector<std::thread> threads;
  for (int& count : right)
    threads.emplace_back([&registry, &count] {
      for (int i = 0; i < 50; ++i) {
        const auto agent = registry.create_agent("echo");
        if (!agent.ok()) continue;
        const std::string text = std::to_string(i);
        count += (*agent)->act("echo.input", text, {}).value_or("") == text;
        count += registry.list().size() == 6;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, std::vector<int>(4, 100));
}

TEST(CallContext, IsBoundedByItsParent) {
  aisci::CallContext outer;
  aisci::CallContext inner;
  inner.parent = &outer;
  EXPECT_EQ(inner.time_left(), std::nullopt);
  EXPECT_FALSE(inner.is_cancelled());
  outer.deadline = aisci::CallContext::Clock::now() - std::chrono::seconds{1};
  inner.deadline = aisci::CallContext::Clock::now() + std::chrono::hours{1};
  EXPECT_EQ(inner.time_left(), std::chrono::nanoseconds{0});
  EXPECT_TRUE(inner.is_cancelled());
  EXPECT_FALSE(inner.was_cancelled());
  outer.cancelled = [] { return true; };
  EXPECT_TRUE(inner.was_cancelled());
  int reports = 0;
  outer.on_report = [&](std::string_view, std::string_view) { ++reports; };
  inner.on_report = outer.on_report;
  inner.report("usage", "{}");
  EXPECT_EQ(reports, 2);
}

}  // namespace
