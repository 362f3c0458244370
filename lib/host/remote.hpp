// A component in a process of its own, seen from the host. One process for each component: what goes wrong in it
// costs the calls under way, with a status that says what happened; the next call starts it again, at once the first
// time and then after a pause that doubles up to ten seconds, until a call succeeds.
//
// Threads: calls from any. Whatever the plugin writes, asks or reports during a call is delivered on the thread of that
// call; log lines on the thread of any call.
#pragma once

#include "host/child_process.hpp"
#include "host/manifest.hpp"
#include "host/wire.hpp"

#include <aisci/registry.hpp>

#include <atomic>
#include <deque>
#include <map>
#include <span>

namespace aisci::host {

// What is called on the other side. The order is the wire's alone.
enum class Function : std::uint8_t {
  kDescribe,
  kCreate,
  kEvaluate,
  kTasks,
  kAct,
  kOpen,
  kAttach,
  kLeftovers,
  kPut,
  kGet,
  kStart,
  kWait,
  kKill,
  kComplete,
  kEmbed,
  kCountTokens,
  kModels,
  kSearch,
  kFetch,
  kRender,
  kCheck,
};
const char* name_of(Function function) noexcept;

// The plugin's file, and how it is held.
struct RemotePlugin {
  std::filesystem::path path;
  std::string sha256;  // "": any
  IsolationLimits limits;
};

// What a call may be asked for while it runs.
struct Streams {
  std::span<const Sink* const> sinks;
  const Source* source = nullptr;
  std::span<const NodeView> nodes;
};

// One process and the calls in it. When it is gone it stays gone.
class Link {
 public:
  static Result<std::shared_ptr<Link>> start(const RemotePlugin& plugin, std::string who, const HostServices& services);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link();

  // The answer's data, or why there is none. `session`: 0 for the component itself. `unsent` is set when the process
  // was gone before it could have seen the call.
  Result<std::string> call(Function function, std::uint64_t session, const Packer& arguments,
                           const CallContext& context, const Streams& streams, bool& unsent);
  void close_session(std::uint64_t session);
  bool gone() const { return wire_.closed() || lost_; }
  pid_t process() const noexcept { return child_->id(); }

 private:
  struct Pending {
    std::deque<Frame> inbox;
  };
  Link(std::unique_ptr<ChildProcess> child, int socket, std::string who, const HostServices& services,
       IsolationLimits limits);
  void take(Frame&& frame);
  void enter(std::uint64_t number, Pending& pending);
  void leave(std::uint64_t number, Pending& pending);
  void log(const Frame& line);
  Result<std::string> follow(Function function, std::uint64_t number, Pending& pending, const CallContext& context,
                             const Streams& streams);
  // Serves what is in the inbox. True when the result was among it.
  bool serve(Pending& pending, const CallContext& context, const Streams& streams, Result<std::string>& result);
  Status serve_request(const Frame& frame, const CallContext& context, const Streams& streams, std::string& data);
  Status ended_during(Function function);

  const std::unique_ptr<ChildProcess> child_;
  const std::string who_;
  const HostServices services_;
  const IsolationLimits limits_;
  std::atomic<bool> lost_{false};
  std::atomic<std::uint64_t> next_{1};
  // Guarded by wire_.state().
  std::map<std::uint64_t, Pending*> pending_;
  std::deque<Frame> lines_;  // of the log, not yet delivered
  Wire wire_;
};

class Remote {
 public:
  // Starts the process and makes the component in it.
  static Result<std::shared_ptr<Remote>> create(RemotePlugin plugin, const char* kind, const std::string& id,
                                                std::string who, bool concurrent, const ComponentSetup& setup);

  Result<std::string> call(Function function, const Packer& arguments, const CallContext& context,
                           const Streams& streams = {});
  // The same on a session, which lives and dies with its link.
  Result<std::string> call_session(const std::shared_ptr<Link>& link, Function function, std::uint64_t session,
                                   const Packer& arguments, const CallContext& context, const Streams& streams = {});
  // A call that opens a session: its link, beside the answer.
  Result<std::string> open(Function function, const Packer& arguments, const CallContext& context,
                           std::shared_ptr<Link>& used, const Streams& streams = {});
  Status misbehaved(const std::string& what) const;
  const std::string& who() const noexcept { return who_; }

 private:
  Remote(RemotePlugin plugin, const char* kind, std::string id, std::string who, bool concurrent,
         const ComponentSetup& setup);
  Result<std::shared_ptr<Link>> link(const CallContext& context);
  Result<std::shared_ptr<Link>> start();
  Status pause(const CallContext& context) const;
  void learn(const std::shared_ptr<Link>& link, const Status& outcome);

  const RemotePlugin plugin_;
  const char* const kind_;
  const std::string id_;
  const std::string who_;
  std::atomic<bool> concurrent_;  // of its kind, or because the component says so
  const ComponentSetup setup_;
  std::mutex serial_;
  std::mutex mutex_;
  std::shared_ptr<Link> link_;
  std::atomic<int> failures_{0};  // processes lost since the last call that succeeded
};

// What the plugin's own table says, asked in a process of its own.
Result<Manifest> describe_apart(const RemotePlugin& plugin);

// A component of kind T in a process of its own.
template <typename T>
Result<std::shared_ptr<T>> make_remote(const RemotePlugin& plugin, const std::string& id, const std::string& who,
                                       const ComponentSetup& setup);

}  // namespace aisci::host
