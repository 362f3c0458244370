#include "host/proxies.hpp"

#include <cstddef>
#include <cstring>
#include <limits>
#include <memory>
#include <type_traits>

namespace aisci::host {
namespace {

// What every proxy has: the instance, and its table as the kind's.
template <typename T>
class Proxy : public T {
 public:
  explicit Proxy(std::shared_ptr<Instance> instance) : instance_{std::move(instance)} {}

 protected:
  using Table = typename KindOf<T>::Table;
  const Table* table() const noexcept { return static_cast<const Table*>(instance_->table()); }
  const std::string& who() const noexcept { return instance_->who(); }

  template <typename Function, typename... Arguments>
  Status call(const char* name, Function Table::*member, const CallContext& context, Arguments... arguments) {
    return instance_->call(name, slot(table(), member), instance_->raw(), context, arguments...);
  }

  std::shared_ptr<Instance> instance_;
};

// Collects one text a write.
Sink collect(std::vector<std::string>& texts) {
  return [&texts](std::string_view text) {
    texts.emplace_back(text);
    return Status{};
  };
}

// Room for plain values during a call: on the stack when they are few.
template <typename T, std::size_t few>
class Room {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit Room(std::size_t count) {
    if (count <= few) return;
    many_ = std::make_unique_for_overwrite<T[]>(count);
    data_ = many_.get();
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  T* data() noexcept { return data_; }
  T& operator[](std::size_t i) noexcept { return data_[i]; }

 private:
  alignas(T) std::byte few_[few * sizeof(T)];  // not set: what is used is written first
  std::unique_ptr<T[]> many_;
  T* data_ = reinterpret_cast<T*>(few_);
};

// A node's ctx is the NodeView behind it.
std::int32_t blob_of(const aisci_node_t* raw, aisci_bytes_t name, aisci_bytes_t* out) {
  const NodeView& node = *static_cast<const NodeView*>(raw->ctx);
  try {
    if (!node.blob) return AISCI_NOT_FOUND;
    const Result<std::string_view> text = node.blob(view(name));
    if (!text.ok()) return static_cast<std::int32_t>(text.status().code());
    *out = bytes(*text);
    return AISCI_OK;
  } catch (...) {
    return AISCI_INTERNAL;
  }
}

// Writes the C view of a node, with its metrics at `metrics`; returns where the next node's go.
aisci_metric_t* view_node(const NodeView& node, aisci_node_t& raw, aisci_metric_t* metrics) noexcept {
  raw = {sizeof(aisci_node_t),         node.depth, node.id, node.parent, node.visits, metrics, node.metrics.size(),
         const_cast<NodeView*>(&node), &blob_of};
  for (const Metric& metric : node.metrics) *metrics++ = {bytes(metric.name), metric.value};
  return metrics;
}

class PluginValueFunction final : public Proxy<ValueFunction> {
 public:
  using Proxy::Proxy;
  Status evaluate(std::span<const NodeView> nodes, std::span<Score> scores, const CallContext& context) override {
    const std::size_t count = nodes.size();
    if (count != scores.size()) return invalid_argument("as many scores as nodes are needed");
    std::size_t metric_count = 0;
    for (const NodeView& node : nodes) metric_count += node.metrics.size();
    Room<aisci_metric_t, 64> metrics{metric_count};
    Room<aisci_node_t, 16> raw_nodes{count};
    Room<const aisci_node_t*, 16> views{count};
    Room<aisci_score_t, 16> raw{count};
    aisci_metric_t* next = metrics.data();
    for (std::size_t i = 0; i < count; ++i) {
      next = view_node(nodes[i], raw_nodes[i], next);
      views[i] = &raw_nodes[i];
      raw[i] = {std::numeric_limits<double>::quiet_NaN(), 0.0, 0, AISCI_OK};  // NaN: a score that was forgotten is seen
    }
    AISCI_RETURN_IF_ERROR(call("evaluate", &Table::evaluate, context, views.data(), std::uint64_t{count}, raw.data()));
    for (std::size_t i = 0; i < count; ++i) {
      const aisci_score_t& score = raw[i];
      if (score.code == AISCI_OK && !(score.value >= 0.0 && score.value <= 1.0))
        return instance_->misbehaved("a value is not between 0 and 1");
      scores[i].value = score.value;
      scores[i].code = to_code(score.code);
      if (score.flags & AISCI_SCORE_HAS_STDDEV)
        scores[i].stddev = score.stddev;
      else
        scores[i].stddev.reset();
    }
    return {};
  }
};

class PluginAgent final : public Proxy<Agent> {
 public:
  using Proxy::Proxy;
  Result<std::vector<std::string>> tasks(const CallContext& context) override {
    std::vector<std::string> names;
    SinkState sink{collect(names)};
    AISCI_RETURN_IF_ERROR(sink.settle(call("tasks", &Table::tasks, context, sink.raw())));
    return names;
  }
  Result<std::string> act(std::string_view task, std::string_view input_json, const CallContext& context) override {
    TextState output;
    return output.take(call("act", &Table::act, context, bytes(task), bytes(input_json), output.raw()), who());
  }
};

class PluginSession final : public SandboxSession {
 public:
  PluginSession(std::shared_ptr<Instance> instance, aisci_session_t* session)
      : instance_{std::move(instance)}, session_{session} {}
  PluginSession(const PluginSession&) = delete;
  PluginSession& operator=(const PluginSession&) = delete;
  ~PluginSession() override {
    const auto close = slot(table(), &aisci_sandbox_t::close);
    try {
      if (close) close(session_);
    } catch (...) {
      (void)instance_->misbehaved("an exception left its function close");
    }
  }

  Status put(std::string_view path, const Source& source, const CallContext& context) override {
    SourceState state{source};
    return state.settle(call("put", &aisci_sandbox_t::put, context, bytes(path), state.raw()));
  }
  Status get(std::string_view path, const Sink& target, const CallContext& context) override {
    SinkState sink{target};
    return sink.settle(call("get", &aisci_sandbox_t::get, context, bytes(path), sink.raw()));
  }
  Result<std::string> start(std::string_view spec_json, std::string_view run_id, const CallContext& context) override {
    TextState token;
    return token.take(call("start", &aisci_sandbox_t::start, context, bytes(spec_json), bytes(run_id), token.raw()),
                      instance_->who());
  }
  Result<Exit> wait(std::string_view token, const Sink& output, const Sink& errors, const Sink& events,
                    const CallContext& context) override {
    SinkState out{output};
    SinkState err{errors};
    SinkState event{events};
    aisci_exit_t raw{};
    raw.struct_size = sizeof raw;
    Status outcome = call("wait", &aisci_sandbox_t::wait, context, bytes(token), out.raw_if_wanted(),
                          err.raw_if_wanted(), event.raw_if_wanted(), &raw);
    AISCI_RETURN_IF_ERROR(event.settle(err.settle(out.settle(std::move(outcome)))));
    return to_exit(raw);
  }
  Status kill(std::string_view token, std::chrono::nanoseconds grace, const CallContext& context) override {
    return call("kill", &aisci_sandbox_t::kill, context, bytes(token), std::int64_t{grace.count()});
  }

 private:
  static Exit to_exit(const aisci_exit_t& raw) {
    Exit exit;
    exit.code = raw.code;
    exit.signal = raw.signal;
    exit.timed_out = (raw.flags & AISCI_EXIT_TIMED_OUT) != 0;
    exit.out_of_memory = (raw.flags & AISCI_EXIT_OUT_OF_MEMORY) != 0;
    exit.killed = (raw.flags & AISCI_EXIT_KILLED) != 0;
    exit.output_cut = (raw.flags & AISCI_EXIT_OUTPUT_CUT) != 0;
    exit.lost = (raw.flags & AISCI_EXIT_LOST) != 0;
    exit.wall = std::chrono::nanoseconds{raw.wall_ns};
    exit.user = std::chrono::nanoseconds{raw.user_ns};
    exit.system = std::chrono::nanoseconds{raw.system_ns};
    exit.max_rss_bytes = raw.max_rss_bytes;
    return exit;
  }
  const aisci_sandbox_t* table() const noexcept { return static_cast<const aisci_sandbox_t*>(instance_->table()); }
  template <typename Function, typename... Arguments>
  Status call(const char* name, Function aisci_sandbox_t::*member, const CallContext& context, Arguments... arguments) {
    return instance_->call(name, slot(table(), member), session_, context, arguments...);
  }

  std::shared_ptr<Instance> instance_;
  aisci_session_t* session_;
};

class PluginSandbox final : public Proxy<Sandbox> {
 public:
  using Proxy::Proxy;
  Result<std::unique_ptr<SandboxSession>> open(std::string_view limits_json, const CallContext& context) override {
    aisci_session_t* session = nullptr;
    return wrap(call("open", &Table::open, context, bytes(limits_json), &session), session);
  }
  Result<std::unique_ptr<SandboxSession>> attach(std::string_view run_id, const CallContext& context) override {
    aisci_session_t* session = nullptr;
    return wrap(call("attach", &Table::attach, context, bytes(run_id), &session), session);
  }
  Result<std::vector<std::string>> leftovers(const CallContext& context) override {
    std::vector<std::string> runs;
    SinkState sink{collect(runs)};
    AISCI_RETURN_IF_ERROR(sink.settle(call("leftovers", &Table::leftovers, context, sink.raw())));
    return runs;
  }

 private:
  // `session` is read after the call that sets it.
  Result<std::unique_ptr<SandboxSession>> wrap(const Status& outcome, aisci_session_t*& session) {
    AISCI_RETURN_IF_ERROR(outcome);
    if (!session) return instance_->misbehaved("it opened no session and said that it did");
    return std::unique_ptr<SandboxSession>{std::make_unique<PluginSession>(instance_, session)};
  }
};

class PluginLLMProvider final : public Proxy<LLMProvider> {
 public:
  using Proxy::Proxy;
  Status complete(std::string_view request_json, const Sink& deltas, const Sink& response,
                  const CallContext& context) override {
    SinkState parts{deltas};
    TextState whole;
    Status outcome =
        call("complete", &Table::complete, context, bytes(request_json), parts.raw_if_wanted(), whole.raw());
    AISCI_ASSIGN_OR_RETURN(const std::string text, whole.take(parts.settle(std::move(outcome)), who()));
    return response(text);
  }
  Result<std::vector<std::vector<float>>> embed(std::span<const std::string_view> texts,
                                                const CallContext& context) override {
    std::vector<aisci_bytes_t> views;
    for (const std::string_view text : texts) views.push_back(bytes(text));
    std::vector<std::vector<float>> vectors;
    SinkState sink{[&](std::string_view text) -> Status {
      if (text.size() % sizeof(float) != 0) return internal_error(who() + ": an embedding is not a list of floats");
      std::vector<float>& vector = vectors.emplace_back(text.size() / sizeof(float));
      std::memcpy(vector.data(), text.data(), text.size());
      return {};
    }};
    AISCI_RETURN_IF_ERROR(
        sink.settle(call("embed", &Table::embed, context, views.data(), std::uint64_t{views.size()}, sink.raw())));
    if (vectors.size() != texts.size())
      return instance_->misbehaved("it gave another number of embeddings than of texts");
    return vectors;
  }
  Result<std::uint64_t> count_tokens(std::string_view text, const CallContext& context) override {
    std::uint64_t count = 0;
    AISCI_RETURN_IF_ERROR(call("count_tokens", &Table::count_tokens, context, bytes(text), &count));
    return count;
  }
  Result<std::vector<std::string>> models(const CallContext& context) override {
    std::vector<std::string> models;
    SinkState sink{collect(models)};
    AISCI_RETURN_IF_ERROR(sink.settle(call("models", &Table::models, context, sink.raw())));
    return models;
  }
};

class PluginRetriever final : public Proxy<Retriever> {
 public:
  using Proxy::Proxy;
  Status search(std::string_view query, std::uint32_t k, const Sink& records, const CallContext& context) override {
    std::uint32_t left = k;
    SinkState sink{[&](std::string_view record) -> Status {
      if (left == 0) return out_of_range();
      --left;
      return records(record);
    }};
    return sink.settle(call("search", &Table::search, context, bytes(query), k, sink.raw()));
  }
  Status fetch(std::string_view id, const Sink& record, const CallContext& context) override {
    TextState found;
    AISCI_ASSIGN_OR_RETURN(const std::string text,
                           found.take(call("fetch", &Table::fetch, context, bytes(id), found.raw()), who()));
    return record(text);
  }

 private:
  Status out_of_range() const { return instance_->misbehaved("it found more records than it was asked for"); }
};

class PluginWriter final : public Proxy<Writer> {
 public:
  using Proxy::Proxy;
  Status render(std::string_view paper_json, std::string_view artefacts_json, const Sink& files,
                const CallContext& context) override {
    SinkState sink{files};
    return sink.settle(call("render", &Table::render, context, bytes(paper_json), bytes(artefacts_json), sink.raw()));
  }
  Result<std::string> check(std::string_view paper_json, const CallContext& context) override {
    TextState report;
    return report.take(call("check", &Table::check, context, bytes(paper_json), report.raw()), who());
  }
};

}  // namespace

template <>
std::shared_ptr<ValueFunction> make_proxy(std::shared_ptr<Instance> instance) {
  return std::make_shared<PluginValueFunction>(std::move(instance));
}
template <>
std::shared_ptr<Agent> make_proxy(std::shared_ptr<Instance> instance) {
  return std::make_shared<PluginAgent>(std::move(instance));
}
template <>
std::shared_ptr<Sandbox> make_proxy(std::shared_ptr<Instance> instance) {
  return std::make_shared<PluginSandbox>(std::move(instance));
}
template <>
std::shared_ptr<LLMProvider> make_proxy(std::shared_ptr<Instance> instance) {
  return std::make_shared<PluginLLMProvider>(std::move(instance));
}
template <>
std::shared_ptr<Retriever> make_proxy(std::shared_ptr<Instance> instance) {
  return std::make_shared<PluginRetriever>(std::move(instance));
}
template <>
std::shared_ptr<Writer> make_proxy(std::shared_ptr<Instance> instance) {
  return std::make_shared<PluginWriter>(std::move(instance));
}

}  // namespace aisci::host
