#include "host/remote.hpp"

#include "host/call_state.hpp"

#include <algorithm>
#include <thread>

namespace aisci::host {
namespace {

using Clock = Wire::Clock;

// How often a call that waits asks whether it is still wanted.
constexpr std::chrono::milliseconds kLook{10};
constexpr std::chrono::milliseconds kEndPatience{2000};    // for destroy and shutdown of a plugin
constexpr std::chrono::milliseconds kDeathPatience{1000};  // from the end of the connection to that of the process
constexpr std::chrono::seconds kCreateTime{30};
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{10'000};

constexpr const char* kNames[] = {"describe",  "create",       "evaluate", "tasks",  "act",   "open",   "attach",
                                  "leftovers", "put",          "get",      "start",  "wait",  "kill",   "complete",
                                  "embed",     "count_tokens", "models",   "search", "fetch", "render", "check"};

// Runs what belongs to the program, which may throw.
template <typename Body>
Status contained(Body&& body) noexcept {
  try {
    return body();
  } catch (const std::exception& error) {
    return internal_error(std::string{"a callback threw: "} + error.what());
  } catch (...) {
    return internal_error("a callback threw");
  }
}

Status senseless() { return internal_error("its process asked for something that the call does not have"); }

}  // namespace

const char* name_of(Function function) noexcept { return kNames[static_cast<std::size_t>(function)]; }

Link::Link(std::unique_ptr<ChildProcess> child, int socket, std::string who, const HostServices& services,
           IsolationLimits limits)
    : child_{std::move(child)},
      who_{std::move(who)},
      services_{services},
      limits_{limits},
      wire_{socket, [this](Frame&& frame) { take(std::move(frame)); }} {}

Link::~Link() {
  // The plugin destroys its component and shuts down; who does not end is ended.
  wire_.finish_sending();
  if (!gone()) (void)wire_.wait([] { return false; }, Clock::now() + kEndPatience);
  child_->end(kDeathPatience);
  for (const Frame& line : lines_) log(line);
}

Result<std::shared_ptr<Link>> Link::start(const RemotePlugin& plugin, std::string who, const HostServices& services) {
  int socket = -1;
  AISCI_ASSIGN_OR_RETURN(std::unique_ptr<ChildProcess> child, ChildProcess::start(plugin.limits.memory_mb, socket));
  return std::shared_ptr<Link>{new Link{std::move(child), socket, std::move(who), services, plugin.limits}};
}

// With wire_.state() locked. A line of the log belongs to no call; some call under way delivers it, or the next one.
void Link::take(Frame&& frame) {
  if (frame.kind == FrameKind::kLog) {
    std::deque<Frame>& inbox = pending_.empty() ? lines_ : pending_.begin()->second->inbox;
    inbox.push_back(std::move(frame));
  } else if (const auto found = pending_.find(frame.number); found != pending_.end()) {
    found->second->inbox.push_back(std::move(frame));
  }  // a call that is over gets nothing more
}

void Link::enter(std::uint64_t number, Pending& pending) {
  const std::lock_guard lock{wire_.state()};
  pending.inbox.swap(lines_);
  pending_.emplace(number, &pending);
}

void Link::leave(std::uint64_t number, Pending& pending) {
  const std::lock_guard lock{wire_.state()};
  pending_.erase(number);
  for (Frame& frame : pending.inbox)
    if (frame.kind == FrameKind::kLog) lines_.push_back(std::move(frame));
}

void Link::log(const Frame& frame) {
  if (!services_.log) return;
  Unpacker line{frame.body};
  const auto level = std::clamp(line.number<std::int32_t>(), 0, AISCI_LOG_PLUGIN_MISBEHAVING);
  const std::string_view component = line.text(), message = line.text(), fields = line.text();
  if (!line.good()) return;
  (void)contained([&] { return services_.log(static_cast<LogLevel>(level), component, message, fields), Status{}; });
}

Result<std::string> Link::call(Function function, std::uint64_t session, const Packer& arguments,
                               const CallContext& context, const Streams& streams, bool& unsent) {
  const std::uint64_t number = next_++;
  Pending pending;
  enter(number, pending);
  struct Leave {
    Link& link;
    std::uint64_t number;
    Pending& pending;
    ~Leave() { link.leave(number, pending); }
  } const leave{*this, number, pending};

  std::uint64_t trace = 0;
  for (const CallContext* at = &context; at && trace == 0; at = at->parent) trace = at->trace_id;
  const auto left = context.time_left();
  Packer packed;
  packed.number(function).number(session).number(left ? std::int64_t{left->count()} : std::int64_t{-1}).number(trace);
  packed.add(arguments);
  if (packed.size() > kLargestBody) return invalid_argument("the input of " + who_ + " is too large");
  if (!wire_.send(FrameKind::kCall, number, packed)) {
    unsent = true;
    return ended_during(function);
  }
  return follow(function, number, pending, context, streams);
}

Result<std::string> Link::follow(Function function, std::uint64_t number, Pending& pending, const CallContext& context,
                                 const Streams& streams) {
  Result<std::string> result = internal_error("no result");
  bool asked = false;
  Clock::time_point last{};
  for (;;) {
    const bool news = wire_.wait([&] { return !pending.inbox.empty(); }, Clock::now() + kLook);
    if (news && serve(pending, context, streams, result)) {
      if (result.status().code() == StatusCode::kCancelled && context.is_expired() && !context.was_cancelled())
        return deadline_exceeded(who_ + " ran out of time");
      return result;
    }
    if (!news && gone()) return ended_during(function);
    bool unwanted = true;
    (void)contained([&] {
      unwanted = context.is_cancelled();
      return Status{};
    });
    if (!asked && unwanted) {
      asked = true;
      last = Clock::now() + limits_.grace;
      (void)wire_.send(FrameKind::kCancel, number);
    }
    if (!asked || Clock::now() < last) continue;
    lost_ = true;
    child_->end(std::chrono::milliseconds{0});
    const Status status = ended_during(function);  // for the log
    const std::string text = who_ + " did not end when asked during " + name_of(function) + "; its process was killed";
    return context.was_cancelled() ? cancelled(text) : deadline_exceeded(text);
  }
}

bool Link::serve(Pending& pending, const CallContext& context, const Streams& streams, Result<std::string>& result) {
  for (;;) {
    Frame frame;
    {
      const std::lock_guard lock{wire_.state()};
      if (pending.inbox.empty()) return false;
      frame = std::move(pending.inbox.front());
      pending.inbox.pop_front();
    }
    if (frame.kind == FrameKind::kResult) {
      auto taken = take_result(std::move(frame.body));
      result = taken ? *std::move(taken) : internal_error(who_ + ": its process gave a result that cannot be read");
      return true;
    }
    Unpacker body{frame.body};
    if (frame.kind == FrameKind::kProgress) {
      const auto done = body.number<double>();
      const std::string_view note = body.text();
      (void)contained([&] { return context.progress(done, note), Status{}; });
    } else if (frame.kind == FrameKind::kReport) {
      const std::string_view key = body.text(), json = body.text();
      (void)contained([&] { return context.report(key, json), Status{}; });
    } else if (frame.kind == FrameKind::kLog) {
      log(frame);
    } else {
      const auto request = body.number<std::uint64_t>();
      std::string data;
      const Status status = contained([&] { return serve_request(frame, context, streams, data); });
      (void)wire_.send(FrameKind::kAnswer, request, Packer{}.status(status).text(data));
    }
  }
}

Status Link::serve_request(const Frame& frame, const CallContext& context, const Streams& streams, std::string& data) {
  Unpacker body{frame.body};
  (void)body.number<std::uint64_t>();
  switch (frame.kind) {
    case FrameKind::kSinkWrite: {
      const auto which = body.number<std::uint32_t>();
      const std::string_view bytes = body.text();
      if (!body.good() || which >= streams.sinks.size() || !*streams.sinks[which]) return senseless();
      return (*streams.sinks[which])(bytes);
    }
    case FrameKind::kSourceRead: {
      const auto capacity = std::min<std::uint64_t>(body.number<std::uint64_t>(), std::uint64_t{1} << 20);
      if (!body.good() || !streams.source) return senseless();
      data.resize(capacity);
      AISCI_ASSIGN_OR_RETURN(const std::size_t got, (*streams.source)(data.data(), data.size()));
      if (got > data.size()) return internal_error("a source gave more than was asked for");
      data.resize(got);
      return {};
    }
    case FrameKind::kBlob: {
      const auto node = body.number<std::uint64_t>();
      const std::string_view name = body.text();
      if (!body.good() || node >= streams.nodes.size() || !streams.nodes[node].blob) return senseless();
      AISCI_ASSIGN_OR_RETURN(const std::string_view text, streams.nodes[node].blob(name));
      data = text;
      return {};
    }
    case FrameKind::kModelTask: {
      const std::string_view name = body.text(), input = body.text(), messages = body.text(), schema = body.text();
      if (!body.good() || !services_.model_task) return senseless();
      const CallState outer{context, who_};
      CallContext inner;
      inner.parent = &context;
      inner.plugin_call = outer.raw();
      AISCI_ASSIGN_OR_RETURN(data, services_.model_task({name, input, messages, schema}, inner));
      return {};
    }
    case FrameKind::kService: {
      const std::string_view id = body.text(), component = body.text(), name = body.text(), input = body.text();
      const auto service = services_.further.find(id);
      if (!body.good() || service == services_.further.end()) return senseless();
      const CallState outer{context, who_};
      CallContext inner;
      inner.parent = &context;
      inner.plugin_call = outer.raw();
      AISCI_ASSIGN_OR_RETURN(data, service->second(component, name, input, inner));
      return {};
    }
    default:
      return senseless();
  }
}

void Link::close_session(std::uint64_t session) {
  if (!gone()) (void)wire_.send(FrameKind::kClose, session);
}

Status Link::ended_during(Function function) {
  lost_ = true;
  child_->end(kDeathPatience);
  const std::string what = "the process of " + who_ + " " + child_->how_it_ended() + " during " + name_of(function);
  if (services_.log)
    (void)contained([&] { return services_.log(LogLevel::kPluginMisbehaving, who_, what, {}), Status{}; });
  return unavailable(what);
}

Remote::Remote(RemotePlugin plugin, const char* kind, std::string id, std::string who, bool concurrent,
               const ComponentSetup& setup)
    : plugin_{std::move(plugin)},
      kind_{kind},
      id_{std::move(id)},
      who_{std::move(who)},
      concurrent_{concurrent},
      setup_{setup} {}

Result<std::shared_ptr<Remote>> Remote::create(RemotePlugin plugin, const char* kind, const std::string& id,
                                               std::string who, bool concurrent, const ComponentSetup& setup) {
  std::shared_ptr<Remote> remote{new Remote{std::move(plugin), kind, id, std::move(who), concurrent, setup}};
  AISCI_RETURN_IF_ERROR(remote->link({}).status());
  return remote;
}

Result<std::shared_ptr<Link>> Remote::link(const CallContext& context) {
  const std::lock_guard lock{mutex_};
  if (link_ && !link_->gone()) return link_;
  link_.reset();
  AISCI_RETURN_IF_ERROR(pause(context));
  AISCI_ASSIGN_OR_RETURN(link_, start());
  return link_;
}

Result<std::shared_ptr<Link>> Remote::start() {
  AISCI_ASSIGN_OR_RETURN(std::shared_ptr<Link> link, Link::start(plugin_, who_, setup_.services));
  const std::string path = plugin_.path.string();
  Packer arguments;
  arguments.text(path).text(plugin_.sha256).text(kind_).text(id_).text(setup_.config_json);
  arguments.number(static_cast<std::uint8_t>(setup_.services.model_task != nullptr));
  arguments.number(static_cast<std::uint64_t>(setup_.services.further.size()));
  for (const auto& service : setup_.services.further) arguments.text(service.first);
  bool unsent = false;
  CallContext context;
  context.deadline = Clock::now() + kCreateTime;
  const Result<std::string> made = link->call(Function::kCreate, 0, arguments, context, {}, unsent);
  if (!made.ok()) {
    learn(link, made.status());
    return made.status();
  }
  if (!made->empty() && made->front() == 1) concurrent_ = true;
  return link;
}

Status Remote::pause(const CallContext& context) const {
  const int failures = failures_;
  if (failures < 2) return {};
  const auto pause = std::min(kLongestPause, kFirstPause * (1 << std::min(failures - 2, 10)));
  for (const auto until = Clock::now() + pause; Clock::now() < until;) {
    if (context.was_cancelled()) return cancelled(who_ + " was not started again");
    if (context.is_expired()) return deadline_exceeded(who_ + " was not started again in time");
    std::this_thread::sleep_for(kLook);
  }
  return {};
}

void Remote::learn(const std::shared_ptr<Link>& link, const Status& outcome) {
  if (outcome.ok())
    failures_ = 0;
  else if (link->gone())
    ++failures_;
}

Result<std::string> Remote::call(Function function, const Packer& arguments, const CallContext& context,
                                 const Streams& streams) {
  std::shared_ptr<Link> used;
  return open(function, arguments, context, used, streams);
}

Result<std::string> Remote::open(Function function, const Packer& arguments, const CallContext& context,
                                 std::shared_ptr<Link>& used, const Streams& streams) {
  std::unique_lock serial{serial_, std::defer_lock};
  if (!concurrent_) serial.lock();
  for (int attempt = 0;; ++attempt) {
    AISCI_ASSIGN_OR_RETURN(used, link(context));
    bool unsent = false;
    Result<std::string> result = used->call(function, 0, arguments, context, streams, unsent);
    learn(used, result.status());
    // It ended while nobody asked anything of it; nothing is lost.
    if (unsent && attempt == 0) continue;
    return result;
  }
}

Result<std::string> Remote::call_session(const std::shared_ptr<Link>& link, Function function, std::uint64_t session,
                                         const Packer& arguments, const CallContext& context, const Streams& streams) {
  if (link->gone()) return unavailable("the session was lost with the process of " + who_);
  bool unsent = false;
  Result<std::string> result = link->call(function, session, arguments, context, streams, unsent);
  learn(link, result.status());
  return result;
}

Status Remote::misbehaved(const std::string& what) const {
  if (setup_.services.log)
    (void)contained([&] { return setup_.services.log(LogLevel::kPluginMisbehaving, who_, what, {}), Status{}; });
  return internal_error(who_ + ": " + what);
}

Result<Manifest> describe_apart(const RemotePlugin& plugin) {
  const std::string who = plugin.path.string();
  AISCI_ASSIGN_OR_RETURN(const std::shared_ptr<Link> link, Link::start(plugin, who, {}));
  bool unsent = false;
  CallContext context;
  context.deadline = Clock::now() + std::chrono::seconds{10};
  AISCI_ASSIGN_OR_RETURN(
      const std::string text,
      link->call(Function::kDescribe, 0, Packer{}.text(who).text(plugin.sha256), context, {}, unsent));
  return parse_manifest(text, who);
}

}  // namespace aisci::host
