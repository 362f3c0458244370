// Calls of the six kinds, unpacked and made on the component; the mirror of remote_kinds.cpp.
#include "host/server.hpp"

namespace aisci::host {
namespace {

Status unknown_function() { return unimplemented("the component's kind has no such function"); }

Result<std::string> pack(const Result<std::vector<std::string>>& texts) {
  AISCI_RETURN_IF_ERROR(texts.status());
  Packer packed;
  packed.number(std::uint64_t{texts->size()});
  for (const std::string& text : *texts) packed.text(text);
  return packed.take();
}

Result<std::string> pack(const Result<Exit>& exit) {
  AISCI_RETURN_IF_ERROR(exit.status());
  Packer packed;
  packed.number(std::int32_t{exit->code}).number(std::int32_t{exit->signal});
  for (const bool flag : {exit->timed_out, exit->out_of_memory, exit->killed, exit->output_cut, exit->lost})
    packed.number(static_cast<std::uint8_t>(flag));
  for (const std::chrono::nanoseconds time : {exit->wall, exit->user, exit->system})
    packed.number(std::int64_t{time.count()});
  return packed.number(exit->max_rss_bytes).take();
}

Result<std::string> nothing(const Status& status) {
  AISCI_RETURN_IF_ERROR(status);
  return std::string{};
}

}  // namespace

Result<std::string> Server::serve(ValueFunction& function, Served& call) {
  if (call.function() != Function::kEvaluate) return unknown_function();
  Unpacker& in = call.arguments();
  std::vector<NodeView> nodes(in.count(37));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    NodeView& node = nodes[i];
    node.id = in.number<std::uint64_t>();
    node.parent = in.number<std::uint64_t>();
    node.depth = in.number<std::uint32_t>();
    node.visits = in.number<std::uint64_t>();
    if (in.number<std::uint8_t>()) node.blob = [&call, i](std::string_view name) { return call.blob(i, name); };
    node.metrics.resize(in.count(2 * sizeof(std::uint64_t)));
    for (Metric& metric : node.metrics) {
      metric.name = in.text();
      metric.value = in.number<double>();
    }
  }
  std::vector<Score> scores(nodes.size());
  AISCI_RETURN_IF_ERROR(function.evaluate(nodes, scores, call.context()));
  Packer packed;
  for (const Score& score : scores)
    packed.number(score.value)
        .number(score.stddev.value_or(0.0))
        .number(static_cast<std::uint8_t>(score.stddev.has_value()))
        .number(static_cast<std::int32_t>(score.code));
  return packed.take();
}

Result<std::string> Server::serve(Agent& agent, Served& call) {
  if (call.function() == Function::kTasks) return pack(agent.tasks(call.context()));
  if (call.function() != Function::kAct) return unknown_function();
  const std::string_view task = call.arguments().text(), input = call.arguments().text();
  return agent.act(task, input, call.context());
}

Result<std::string> Server::serve(Sandbox& sandbox, Served& call) {
  if (call.function() == Function::kLeftovers) return pack(sandbox.leftovers(call.context()));
  const std::string_view text = call.arguments().text();
  Result<std::unique_ptr<SandboxSession>> opened = unknown_function();
  if (call.function() == Function::kOpen) opened = sandbox.open(text, call.context());
  if (call.function() == Function::kAttach) opened = sandbox.attach(text, call.context());
  AISCI_RETURN_IF_ERROR(opened.status());
  const std::uint64_t number = next_++;
  const std::lock_guard lock{wire_.state()};
  sessions_.emplace(number, std::move(*opened));
  return Packer{}.number(number).take();
}

Result<std::string> Server::serve(SandboxSession& session, Served& call) {
  Unpacker& in = call.arguments();
  const std::string_view text = in.text();
  switch (call.function()) {
    case Function::kPut:
      return nothing(session.put(text, call.source(), call.context()));
    case Function::kGet:
      return nothing(session.get(text, call.sink(0), call.context()));
    case Function::kStart:
      return session.start(text, in.text(), call.context());
    case Function::kKill:
      return nothing(session.kill(text, std::chrono::nanoseconds{in.number<std::int64_t>()}, call.context()));
    case Function::kWait: {
      Sink sinks[3];
      for (std::uint32_t i = 0; i < 3; ++i) sinks[i] = call.sink(i, in.number<std::uint8_t>() != 0);
      return pack(session.wait(text, sinks[0], sinks[1], sinks[2], call.context()));
    }
    default:
      return unknown_function();
  }
}

Result<std::string> Server::serve(LLMProvider& provider, Served& call) {
  Unpacker& in = call.arguments();
  switch (call.function()) {
    case Function::kComplete: {
      const std::string_view request = in.text();
      const bool deltas = in.number<std::uint8_t>() != 0;
      return nothing(provider.complete(request, call.sink(0, deltas), call.sink(1), call.context()));
    }
    case Function::kEmbed: {
      std::vector<std::string_view> texts(in.count(sizeof(std::uint64_t)));
      for (std::string_view& text : texts) text = in.text();
      AISCI_ASSIGN_OR_RETURN(const auto vectors, provider.embed(texts, call.context()));
      Packer packed;
      packed.number(std::uint64_t{vectors.size()});
      for (const std::vector<float>& vector : vectors) {
        packed.number(std::uint64_t{vector.size()});
        for (const float value : vector) packed.number(value);
      }
      return packed.take();
    }
    case Function::kCountTokens: {
      AISCI_ASSIGN_OR_RETURN(const std::uint64_t count, provider.count_tokens(in.text(), call.context()));
      return Packer{}.number(count).take();
    }
    case Function::kModels:
      return pack(provider.models(call.context()));
    default:
      return unknown_function();
  }
}

Result<std::string> Server::serve(Retriever& retriever, Served& call) {
  Unpacker& in = call.arguments();
  const std::string_view text = in.text();
  if (call.function() == Function::kFetch) return nothing(retriever.fetch(text, call.sink(0), call.context()));
  if (call.function() != Function::kSearch) return unknown_function();
  return nothing(retriever.search(text, in.number<std::uint32_t>(), call.sink(0), call.context()));
}

Result<std::string> Server::serve(Writer& writer, Served& call) {
  Unpacker& in = call.arguments();
  const std::string_view paper = in.text();
  if (call.function() == Function::kCheck) return writer.check(paper, call.context());
  if (call.function() != Function::kRender) return unknown_function();
  return nothing(writer.render(paper, in.text(), call.sink(0), call.context()));
}

}  // namespace aisci::host
