// A plugin with a component of every kind, each doing something that a test can foresee. Compiled twice: into
// a shared object, and into the test itself.
#pragma once

#include <aisci/plugin/agent.hpp>
#include <aisci/plugin/json.hpp>
#include <aisci/plugin/llm_provider.hpp>
#include <aisci/plugin/retriever.hpp>
#include <aisci/plugin/sandbox.hpp>
#include <aisci/plugin/value_function.hpp>
#include <aisci/plugin/writer.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace all_kinds {

using namespace aisci::plugin;

class Accuracy final : public ValueFunction {
 public:
  Score evaluate(const NodeView& node, Call& call) override {
    const std::optional<double> accuracy = node.metric("accuracy");
    if (!accuracy) throw Error{Code::kInvalidArgument, "the node has no accuracy"};
    call.report("score", R"({"node":)" + std::to_string(node.id()) + R"(,"parts":{"accuracy":1}})");
    return {.value = *accuracy, .stddev = static_cast<double>(node.blob("code").size())};
  }
};

class Echo final : public Agent {
 public:
  explicit Echo(const Setup& setup) : config_{setup.config_json}, data_folder_{setup.data_folder}, user_{setup.user} {
    if (setup.host.offers(AISCI_HOST_CONFIGURATION)) at_first_ = setup.call().option("seed");
    if (json::parse(setup.config_json)["refuse"].flag()) throw Error{Code::kFailedPrecondition, "told to refuse"};
  }
  std::vector<std::string> tasks() override {
    return {"echo.input",    "echo.config", "echo.data", "echo.user",  "echo.ask",
            "echo.progress", "echo.wait",   "echo.time", "echo.throw", "echo.services"};
  }
  std::string act(std::string_view task, std::string_view input, Call& call) override {
    if (task == "echo.input") return std::string{input};
    if (task == "echo.config") return config_;
    if (task == "echo.data") return data_folder_;
    if (task == "echo.user") return user_ ? *static_cast<const std::string*>(user_) : "none";
    if (task == "echo.ask") return call.model_task("test.task", input, "[]", R"({"type":"object"})");
    if (task == "echo.services") return services(call);
    if (task == "echo.time") return std::to_string(call.timeout_ns());
    if (task == "echo.progress") {
      call.progress(0.5, "half way");
      call.report("usage", R"({"input_tokens":3})");
      call.log(Level::kInfo, "hello");
      throw Error{Code::kUnavailable, "failed after reporting", R"({"place":"here"})"};
    }
    if (task == "echo.wait") {
      while (!call.is_cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
      throw Error{Code::kCancelled, "stopped as asked"};
    }
    if (task == "echo.throw") throw std::runtime_error{"not one of ours"};
    throw Error{Code::kUnimplemented, "no task " + std::string{task}};
  }

 private:
  // Every further service of the host, asked once, and what it answered.
  std::string services(Call& call) const {
    json::Value told;
    told.set("at_first", at_first_).set("option", call.option("seed")).set("secret", call.secret("TEST_KEY"));
    told.set("seed", static_cast<std::int64_t>(call.seed("ties")));
    told.set("kept", call.kept(call.keep(std::string_view{"a\0b", 3}))).set("left", call.budget_left("experiments"));
    call.metric("papers", "3");
    call.wait_turn("api.example.org", "100");
    told.set("component", call.component("retriever/shelf/search", R"({"query":"q","k":1})"));
    try {
      (void)call.secret("HOME");
    } catch (const Error& error) {
      told.set("refused", error.message()).set("code", static_cast<int>(error.code()));
    }
    return json::write(told);
  }

  std::string at_first_;
  std::string config_;
  std::string data_folder_;
  void* user_;
};

class Parrot final : public LLMProvider {
 public:
  void complete(std::string_view request, Sink* deltas, Sink& response, Call& call) override {
    if (deltas) deltas->write(R"({"text":"pa"})"), deltas->write(R"({"text":"rrot"})");
    call.report("usage", R"({"output_tokens":2})");
    json::Value answer;
    answer.set("text", json::parse(request)["task"].text()).set("model", "parrot").set("finish", "stop");
    response.write(json::write(answer));
  }
  void embed(const std::vector<std::string_view>& texts, Sink& vectors, Call&) override {
    for (const std::string_view text : texts) write_vector(vectors, {static_cast<float>(text.size()), 1.0F});
  }
  std::vector<std::string> models(Call&) override { return {R"({"id":"parrot"})"}; }
};

class Shelf final : public Retriever {
 public:
  void search(std::string_view query, std::uint32_t k, Sink& records, Call&) override {
    for (std::uint32_t i = 0; i < k && i < 3; ++i)
      records.write(R"({"key":")" + std::string{query} + std::to_string(i) + R"("})");
  }
  void fetch(std::string_view id, Sink& record, Call&) override {
    if (id != "known") throw Error{Code::kNotFound, "no record " + std::string{id}};
    record.write(R"({"key":"known"})");
  }
};

class Plain final : public Writer {
 public:
  void render(std::string_view paper, std::string_view artefacts, Sink& files, Call&) override {
    json::Value file;
    file.set("file", "paper.txt").set("text", std::string{paper} + std::string{artefacts});
    files.write(json::write(file));
    files.write(R"({"build":{"steps":[],"output":"paper.txt"}})");
  }
  std::string check(std::string_view, Call&) override { return R"({"problems":[]})"; }
};

// Runs nothing: a run prints its own specification and ends.
class Memory final : public Sandbox {
 public:
  class Session final : public SandboxSession {
   public:
    explicit Session(Memory& home) : home_{home} {}
    void put(std::string_view path, Source& source, Call&) override {
      std::string content;
      char buffer[7];
      while (const std::size_t got = source.read(buffer, sizeof buffer)) content.append(buffer, got);
      files_[std::string{path}] = content;
    }
    void get(std::string_view path, Sink& bytes, Call&) override {
      const auto found = files_.find(std::string{path});
      if (found == files_.end()) throw Error{Code::kNotFound, "no file " + std::string{path}};
      bytes.write(found->second);
    }
    std::string start(std::string_view spec, std::string_view run_id, Call&) override {
      const std::lock_guard lock{home_.mutex_};
      if (!home_.runs_.emplace(run_id, spec).second) throw Error{Code::kAlreadyExists, "it is running"};
      return std::string{run_id};
    }
    Exit wait(std::string_view token, Sink* output, Sink* errors, Sink* events, Call&) override {
      const std::lock_guard lock{home_.mutex_};
      const auto run = home_.runs_.find(std::string{token});
      if (run == home_.runs_.end()) throw Error{Code::kNotFound, "no such run"};
      if (output) output->write(run->second);
      if (errors) errors->write("a warning");
      if (events) events->write(R"({"event":"end"})");
      return {.code = 3,
              .flags = killed_ ? AISCI_EXIT_KILLED : 0u,
              .wall_ns = 5,
              .user_ns = 6,
              .system_ns = 7,
              .max_rss_bytes = 8};
    }
    void kill(std::string_view, std::int64_t grace_ns, Call&) override { killed_ = grace_ns == 1'000'000'000; }

   private:
    Memory& home_;
    std::map<std::string, std::string> files_;
    bool killed_ = false;
  };

  std::unique_ptr<SandboxSession> open(std::string_view limits, Call&) override {
    (void)json::parse(limits);
    return std::make_unique<Session>(*this);
  }
  std::unique_ptr<SandboxSession> attach(std::string_view run_id, Call& call) override {
    const std::lock_guard lock{mutex_};
    if (!runs_.contains(std::string{run_id})) return Sandbox::attach(run_id, call);
    return std::make_unique<Session>(*this);
  }
  std::vector<std::string> leftovers(Call&) override {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> all;
    for (const auto& [id, spec] : runs_) all.push_back(R"({"run_id":")" + id + R"("})");
    return all;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> runs_;
};

}  // namespace all_kinds

#define ALL_KINDS                                                                                  \
  AISCI_VALUE_FUNCTION("accuracy", all_kinds::Accuracy), AISCI_AGENT("echo", all_kinds::Echo),     \
      AISCI_LLM_PROVIDER("parrot", all_kinds::Parrot), AISCI_RETRIEVER("shelf", all_kinds::Shelf), \
      AISCI_WRITER("plain", all_kinds::Plain), AISCI_SANDBOX("memory", all_kinds::Memory)
