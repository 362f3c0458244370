// The six kinds over a component in another process: arguments are packed, answers unpacked.
#include "host/call_state.hpp"
#include "host/kinds.hpp"
#include "host/remote.hpp"

#include <array>

namespace aisci::host {
namespace {

template <typename T>
class Apart : public T {
 public:
  explicit Apart(std::shared_ptr<Remote> remote) : remote_{std::move(remote)} {}

 protected:
  Status unreadable() const { return remote_->misbehaved("its process gave an answer that cannot be read"); }

  Result<std::vector<std::string>> texts(const Result<std::string>& answer) const {
    AISCI_RETURN_IF_ERROR(answer.status());
    Unpacker data{*answer};
    std::vector<std::string> all(data.count(sizeof(std::uint64_t)));
    for (std::string& text : all) text = data.text();
    if (!data.finished()) return unreadable();
    return all;
  }

  std::shared_ptr<Remote> remote_;
};

class RemoteValueFunction final : public Apart<ValueFunction> {
 public:
  using Apart::Apart;
  Status evaluate(std::span<const NodeView> nodes, std::span<Score> scores, const CallContext& context) override {
    if (nodes.size() != scores.size()) return invalid_argument("as many scores as nodes are needed");
    Packer packed;
    packed.number(std::uint64_t{nodes.size()});
    for (const NodeView& node : nodes) {
      packed.number(node.id).number(node.parent).number(node.depth).number(node.visits);
      packed.number(static_cast<std::uint8_t>(node.blob != nullptr)).number(std::uint64_t{node.metrics.size()});
      for (const Metric& metric : node.metrics) packed.text(metric.name).number(metric.value);
    }
    Streams streams;
    streams.nodes = nodes;
    AISCI_ASSIGN_OR_RETURN(const std::string answer, remote_->call(Function::kEvaluate, packed, context, streams));
    Unpacker data{answer};
    for (Score& score : scores) {
      score.value = data.number<double>();
      const auto stddev = data.number<double>();
      score.stddev = data.number<std::uint8_t>() ? std::optional{stddev} : std::nullopt;
      score.code = to_code(data.number<std::int32_t>());
      if (score.code == StatusCode::kOk && !(score.value >= 0.0 && score.value <= 1.0)) return unreadable();
    }
    return data.finished() ? Status{} : unreadable();
  }
};

class RemoteAgent final : public Apart<Agent> {
 public:
  using Apart::Apart;
  Result<std::vector<std::string>> tasks(const CallContext& context) override {
    return texts(remote_->call(Function::kTasks, {}, context));
  }
  Result<std::string> act(std::string_view task, std::string_view input_json, const CallContext& context) override {
    return remote_->call(Function::kAct, Packer{}.text(task).text(input_json), context);
  }
};

class RemoteSession final : public SandboxSession {
 public:
  RemoteSession(std::shared_ptr<Remote> remote, std::shared_ptr<Link> link, std::uint64_t session)
      : remote_{std::move(remote)}, link_{std::move(link)}, session_{session} {}
  RemoteSession(const RemoteSession&) = delete;
  RemoteSession& operator=(const RemoteSession&) = delete;
  ~RemoteSession() override { link_->close_session(session_); }

  Status put(std::string_view path, const Source& source, const CallContext& context) override {
    Streams streams;
    streams.source = &source;
    return call(Function::kPut, Packer{}.text(path), context, streams).status();
  }
  Status get(std::string_view path, const Sink& target, const CallContext& context) override {
    const Sink* const sinks[] = {&target};
    Streams streams;
    streams.sinks = sinks;
    return call(Function::kGet, Packer{}.text(path), context, streams).status();
  }
  Result<std::string> start(std::string_view spec_json, std::string_view run_id, const CallContext& context) override {
    return call(Function::kStart, Packer{}.text(spec_json).text(run_id), context);
  }
  Result<Exit> wait(std::string_view token, const Sink& output, const Sink& errors, const Sink& events,
                    const CallContext& context) override {
    const Sink* const sinks[] = {&output, &errors, &events};
    Streams streams;
    streams.sinks = sinks;
    Packer packed;
    packed.text(token);
    for (const Sink* sink : sinks) packed.number(static_cast<std::uint8_t>(*sink != nullptr));
    return to_exit(call(Function::kWait, packed, context, streams));
  }
  Status kill(std::string_view token, std::chrono::nanoseconds grace, const CallContext& context) override {
    return call(Function::kKill, Packer{}.text(token).number(std::int64_t{grace.count()}), context).status();
  }

 private:
  Result<std::string> call(Function function, const Packer& arguments, const CallContext& context,
                           const Streams& streams = {}) {
    return remote_->call_session(link_, function, session_, arguments, context, streams);
  }
  Result<Exit> to_exit(const Result<std::string>& answer) const {
    AISCI_RETURN_IF_ERROR(answer.status());
    Unpacker data{*answer};
    Exit exit;
    exit.code = data.number<std::int32_t>();
    exit.signal = data.number<std::int32_t>();
    for (bool* flag : {&exit.timed_out, &exit.out_of_memory, &exit.killed, &exit.output_cut, &exit.lost})
      *flag = data.number<std::uint8_t>() != 0;
    for (std::chrono::nanoseconds* time : {&exit.wall, &exit.user, &exit.system})
      *time = std::chrono::nanoseconds{data.number<std::int64_t>()};
    exit.max_rss_bytes = data.number<std::uint64_t>();
    if (!data.finished()) return remote_->misbehaved("its process gave an exit that cannot be read");
    return exit;
  }

  std::shared_ptr<Remote> remote_;
  std::shared_ptr<Link> link_;
  std::uint64_t session_;
};

class RemoteSandbox final : public Apart<Sandbox> {
 public:
  using Apart::Apart;
  Result<std::unique_ptr<SandboxSession>> open(std::string_view limits_json, const CallContext& context) override {
    return session(Function::kOpen, limits_json, context);
  }
  Result<std::unique_ptr<SandboxSession>> attach(std::string_view run_id, const CallContext& context) override {
    return session(Function::kAttach, run_id, context);
  }
  Result<std::vector<std::string>> leftovers(const CallContext& context) override {
    return texts(remote_->call(Function::kLeftovers, {}, context));
  }

 private:
  Result<std::unique_ptr<SandboxSession>> session(Function function, std::string_view text,
                                                  const CallContext& context) {
    std::shared_ptr<Link> link;
    AISCI_ASSIGN_OR_RETURN(const std::string answer, remote_->open(function, Packer{}.text(text), context, link));
    Unpacker data{answer};
    const auto number = data.number<std::uint64_t>();
    if (!data.finished() || number == 0) return unreadable();
    return std::unique_ptr<SandboxSession>{std::make_unique<RemoteSession>(remote_, std::move(link), number)};
  }
};

class RemoteLLMProvider final : public Apart<LLMProvider> {
 public:
  using Apart::Apart;
  Status complete(std::string_view request_json, const Sink& deltas, const Sink& response,
                  const CallContext& context) override {
    const Sink* const sinks[] = {&deltas, &response};
    Streams streams;
    streams.sinks = sinks;
    Packer packed;
    packed.text(request_json).number(static_cast<std::uint8_t>(deltas != nullptr));
    return remote_->call(Function::kComplete, packed, context, streams).status();
  }
  Result<std::vector<std::vector<float>>> embed(std::span<const std::string_view> texts,
                                                const CallContext& context) override {
    Packer packed;
    packed.number(std::uint64_t{texts.size()});
    for (const std::string_view text : texts) packed.text(text);
    AISCI_ASSIGN_OR_RETURN(const std::string answer, remote_->call(Function::kEmbed, packed, context));
    Unpacker data{answer};
    std::vector<std::vector<float>> vectors(data.count(sizeof(std::uint64_t)));
    for (std::vector<float>& vector : vectors) {
      vector.resize(data.count(sizeof(float)));
      for (float& value : vector) value = data.number<float>();
    }
    if (!data.finished() || vectors.size() != texts.size()) return unreadable();
    return vectors;
  }
  Result<std::uint64_t> count_tokens(std::string_view text, const CallContext& context) override {
    AISCI_ASSIGN_OR_RETURN(const std::string answer,
                           remote_->call(Function::kCountTokens, Packer{}.text(text), context));
    Unpacker data{answer};
    const auto count = data.number<std::uint64_t>();
    if (!data.finished()) return unreadable();
    return count;
  }
  Result<std::vector<std::string>> models(const CallContext& context) override {
    return texts(remote_->call(Function::kModels, {}, context));
  }
};

class RemoteRetriever final : public Apart<Retriever> {
 public:
  using Apart::Apart;
  Status search(std::string_view query, std::uint32_t k, const Sink& records, const CallContext& context) override {
    const Sink* const sinks[] = {&records};
    Streams streams;
    streams.sinks = sinks;
    return remote_->call(Function::kSearch, Packer{}.text(query).number(k), context, streams).status();
  }
  Status fetch(std::string_view id, const Sink& record, const CallContext& context) override {
    const Sink* const sinks[] = {&record};
    Streams streams;
    streams.sinks = sinks;
    return remote_->call(Function::kFetch, Packer{}.text(id), context, streams).status();
  }
};

class RemoteWriter final : public Apart<Writer> {
 public:
  using Apart::Apart;
  Status render(std::string_view paper_json, std::string_view artefacts_json, const Sink& files,
                const CallContext& context) override {
    const Sink* const sinks[] = {&files};
    Streams streams;
    streams.sinks = sinks;
    return remote_->call(Function::kRender, Packer{}.text(paper_json).text(artefacts_json), context, streams).status();
  }
  Result<std::string> check(std::string_view paper_json, const CallContext& context) override {
    return remote_->call(Function::kCheck, Packer{}.text(paper_json), context);
  }
};

template <typename T>
struct ApartOf;
template <>
struct ApartOf<ValueFunction> {
  using type = RemoteValueFunction;
};
template <>
struct ApartOf<Agent> {
  using type = RemoteAgent;
};
template <>
struct ApartOf<Sandbox> {
  using type = RemoteSandbox;
};
template <>
struct ApartOf<LLMProvider> {
  using type = RemoteLLMProvider;
};
template <>
struct ApartOf<Retriever> {
  using type = RemoteRetriever;
};
template <>
struct ApartOf<Writer> {
  using type = RemoteWriter;
};

}  // namespace

template <typename T>
Result<std::shared_ptr<T>> make_remote(const RemotePlugin& plugin, const std::string& id, const std::string& who,
                                       const ComponentSetup& setup) {
  AISCI_ASSIGN_OR_RETURN(std::shared_ptr<Remote> remote,
                         Remote::create(plugin, KindOf<T>::name, id, who, KindOf<T>::concurrent, setup));
  return std::shared_ptr<T>{std::make_shared<typename ApartOf<T>::type>(std::move(remote))};
}
#define AISCI_MAKE_REMOTE(T)                                                                                      \
  template Result<std::shared_ptr<T>> make_remote<T>(const RemotePlugin&, const std::string&, const std::string&, \
                                                     const ComponentSetup&);
AISCI_MAKE_REMOTE(ValueFunction)
AISCI_MAKE_REMOTE(Agent)
AISCI_MAKE_REMOTE(Sandbox)
AISCI_MAKE_REMOTE(LLMProvider)
AISCI_MAKE_REMOTE(Retriever)
AISCI_MAKE_REMOTE(Writer)
#undef AISCI_MAKE_REMOTE

}  // namespace aisci::host
