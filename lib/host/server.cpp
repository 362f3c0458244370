#include "host/server.hpp"

#include "host/call_state.hpp"
#include "host/instance.hpp"
#include "host/kinds.hpp"
#include "host/proxies.hpp"

#include <cstdlib>
#include <thread>

namespace aisci::host {
namespace {

constexpr auto kForever = Wire::Clock::time_point::max();

}  // namespace

Served::Served(Server& server, const Frame& frame)
    : server_{server},
      number_{frame.number},
      arguments_{frame.body},
      function_{arguments_.number<Function>()},
      session_{arguments_.number<std::uint64_t>()} {
  const auto left = arguments_.number<std::int64_t>();
  context_.trace_id = arguments_.number<std::uint64_t>();
  if (left >= 0) context_.deadline = CallContext::Clock::now() + std::chrono::nanoseconds{left};
  context_.cancelled = [this] { return cancelled_.load(std::memory_order_relaxed); };
  context_.on_progress = [this](double done, std::string_view note) {
    (void)server_.wire_.send(FrameKind::kProgress, number_, Packer{}.number(done).text(note));
  };
  context_.on_report = [this](std::string_view key, std::string_view json) {
    (void)server_.wire_.send(FrameKind::kReport, number_, Packer{}.text(key).text(json));
  };
  const std::lock_guard lock{server_.wire_.state()};
  server_.served_.emplace(number_, this);
  cancelled_ = server_.cancelled_early_.erase(number_) > 0;
}

Served::~Served() {
  const std::lock_guard lock{server_.wire_.state()};
  server_.served_.erase(number_);
}

Sink Served::sink(std::uint32_t which, bool wanted) {
  if (!wanted) return {};
  return [this, which](std::string_view text) {
    return server_.request(FrameKind::kSinkWrite, number_, Packer{}.number(which).text(text)).status();
  };
}

Source Served::source() {
  return [this](char* buffer, std::size_t capacity) -> Result<std::size_t> {
    AISCI_ASSIGN_OR_RETURN(const std::string bytes,
                           server_.request(FrameKind::kSourceRead, number_, Packer{}.number(std::uint64_t{capacity})));
    return bytes.copy(buffer, capacity);
  };
}

Result<std::string_view> Served::blob(std::uint64_t node, std::string_view name) {
  const auto key = std::pair{node, std::string{name}};
  auto found = blobs_.find(key);
  if (found == blobs_.end())
    found = blobs_.emplace(key, server_.request(FrameKind::kBlob, number_, Packer{}.number(node).text(name))).first;
  AISCI_RETURN_IF_ERROR(found->second.status());
  return std::string_view{*found->second};
}

// With wire_.state() locked.
void Server::take(Frame&& frame) {
  switch (frame.kind) {
    case FrameKind::kCall:
      jobs_.push_back(std::move(frame));
      break;
    case FrameKind::kAnswer:
      if (const auto waiting = answers_.find(frame.number); waiting != answers_.end())
        waiting->second = {true, std::move(frame.body)};
      break;
    case FrameKind::kCancel:
      if (const auto call = served_.find(frame.number); call != served_.end())
        call->second->cancelled_ = true;
      else
        cancelled_early_.insert(frame.number);
      break;
    case FrameKind::kClose:
      if (const auto session = sessions_.find(frame.number); session != sessions_.end()) {
        closed_.push_back(std::move(session->second));
        sessions_.erase(session);
      }
      break;
    default:
      break;
  }
}

void Server::run() {
  work();
  // The host is gone, or wants an orderly end: then no call is under way.
  {
    const std::lock_guard lock{wire_.state()};
    if (busy_ > 0) std::_Exit(0);
  }
  sessions_.clear();
  component_ = {};
  library_.reset();
}

// One of the threads that wait for calls. The first one, in run(), is there from the start; another is made whenever
// the last one that waits takes a call, so that somebody always reads.
void Server::work() {
  for (;;) {
    Frame job;
    std::vector<std::shared_ptr<SandboxSession>> closed;
    bool alone = false;
    {
      const std::lock_guard lock{wire_.state()};
      ++idle_;
    }
    const auto take_work = [&] {
      closed.swap(closed_);
      if (!jobs_.empty()) {
        job = std::move(jobs_.front());
        jobs_.pop_front();
        ++busy_;
      }
      return job.number != 0 || !closed.empty();
    };
    const bool some = wire_.wait(take_work, kForever);
    {
      const std::lock_guard lock{wire_.state()};
      --idle_;
      if (!some) return;
      alone = idle_ == 0;
    }
    if (alone) std::thread{[this] { work(); }}.detach();
    closed.clear();
    if (job.number == 0) continue;
    execute(job);
    const std::lock_guard lock{wire_.state()};
    --busy_;
  }
}

void Server::execute(const Frame& frame) {
  Result<std::string> result = internal_error("");
  {
    Served call{*this, frame};
    try {
      result = answer(call);
    } catch (const std::exception& error) {
      result = internal_error(std::string{"the plugin's process: "} + error.what());
    }
  }
  (void)wire_.send(FrameKind::kResult, frame.number,
                   pack_result(result.status(), result.ok() ? std::string_view{*result} : std::string_view{}));
}

Result<std::string> Server::request(FrameKind kind, std::uint64_t call, const Packer& rest) {
  const std::uint64_t number = next_++;
  {
    const std::lock_guard lock{wire_.state()};
    answers_.emplace(number, Answer{});
  }
  if (wire_.send(kind, call, Packer{}.number(number).add(rest)))
    (void)wire_.wait([&] { return answers_[number].came; }, kForever);
  std::string answer;
  {
    const std::lock_guard lock{wire_.state()};
    answer = std::move(answers_[number].body);
    answers_.erase(number);
  }
  if (answer.empty()) return cancelled("the host is gone");
  Unpacker data{answer};
  AISCI_RETURN_IF_ERROR(data.status());
  return std::string{data.text()};
}

std::uint64_t Server::call_of(const CallContext& context) {
  const std::lock_guard lock{wire_.state()};
  for (const CallContext* at = &context; at; at = at->parent)
    for (const auto& [number, served] : served_)
      if (&served->context_ == at) return number;
  return 0;
}

HostServices Server::services(bool model, const std::vector<std::string>& further) {
  HostServices services;
  services.log = [this](LogLevel level, std::string_view who, std::string_view message, std::string_view fields) {
    Packer line;
    line.number(static_cast<std::int32_t>(level)).text(who).text(message).text(fields);
    (void)wire_.send(FrameKind::kLog, 0, line);
  };
  for (const auto& id : further)
    services.further[id] = [this, id](std::string_view component, std::string_view name, std::string_view input,
                                      const CallContext& context) -> Result<std::string> {
      const std::uint64_t call = call_of(context);
      if (call == 0) return failed_precondition("a service is asked within a call");
      return request(FrameKind::kService, call, Packer{}.text(id).text(component).text(name).text(input));
    };
  if (!model) return services;
  services.model_task = [this](const ModelTaskRequest& task, const CallContext& context) -> Result<std::string> {
    const std::uint64_t call = call_of(context);
    if (call == 0) return failed_precondition("a model is asked within a call");
    return request(FrameKind::kModelTask, call,
                   Packer{}.text(task.name).text(task.input_json).text(task.messages_json).text(task.schema_json));
  };
  return services;
}

template <typename T>
Status Server::make(const std::string& id, const ComponentSetup& setup, const CallContext& context) {
  const aisci_component_t* const component = library_->find(KindOf<T>::name, id);
  if (!component) return data_loss(library_->path().string() + " has no " + KindOf<T>::name + " '" + id + "'");
  AISCI_ASSIGN_OR_RETURN(
      std::shared_ptr<Instance> instance,
      Instance::create(library_, *component, KindOf<T>::interface, KindOf<T>::concurrent, setup, &context));
  component_ = make_proxy<T>(std::move(instance));
  return {};
}

Result<std::string> Server::create(Unpacker& arguments, const CallContext& context) {
  const std::string path{arguments.text()}, sha256{arguments.text()}, kind{arguments.text()}, id{arguments.text()};
  const std::string config{arguments.text()};
  const bool model = arguments.number<std::uint8_t>() != 0;
  std::vector<std::string> further(arguments.count(sizeof(std::uint64_t)));
  for (auto& service : further) service = arguments.text();
  if (!arguments.finished()) return invalid_argument("create cannot be read");
  AISCI_ASSIGN_OR_RETURN(library_, Library::open(path, sha256));
  const ComponentSetup setup{config, services(model, further)};
  Status made = unimplemented("there is no kind '" + kind + "'");
  if (kind == KindOf<ValueFunction>::name) made = make<ValueFunction>(id, setup, context);
  if (kind == KindOf<Agent>::name) made = make<Agent>(id, setup, context);
  if (kind == KindOf<Sandbox>::name) made = make<Sandbox>(id, setup, context);
  if (kind == KindOf<LLMProvider>::name) made = make<LLMProvider>(id, setup, context);
  if (kind == KindOf<Retriever>::name) made = make<Retriever>(id, setup, context);
  if (kind == KindOf<Writer>::name) made = make<Writer>(id, setup, context);
  AISCI_RETURN_IF_ERROR(made);
  const bool concurrent = (library_->find(kind, id)->flags & AISCI_COMPONENT_CONCURRENT) != 0;
  return std::string(1, concurrent ? '\1' : '\0');
}

Result<std::string> Server::describe(Unpacker& arguments) {
  const std::string path{arguments.text()}, sha256{arguments.text()};
  AISCI_ASSIGN_OR_RETURN(library_, Library::open(path, sha256));
  return to_text(host::describe(*library_));
}

Result<std::string> Server::answer(Served& call) {
  if (call.function() == Function::kDescribe) return describe(call.arguments());
  if (call.function() == Function::kCreate) return create(call.arguments(), call.context());
  if (call.session() != 0) {
    std::shared_ptr<SandboxSession> session;
    {
      const std::lock_guard lock{wire_.state()};
      if (const auto found = sessions_.find(call.session()); found != sessions_.end()) session = found->second;
    }
    if (!session) return failed_precondition("the session is closed");
    return serve(*session, call);
  }
  return std::visit(
      [&](auto& component) -> Result<std::string> {
        if constexpr (std::is_same_v<std::decay_t<decltype(component)>, std::monostate>) {
          return failed_precondition("no component was made");
        } else {
          return serve(*component, call);
        }
      },
      component_);
}

}  // namespace aisci::host
