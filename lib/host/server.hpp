// The other side: what runs in the process of a plugin. It loads the plugin as the host would, makes one component and
// serves calls to it, each on a thread of its own, until the connection ends.
#pragma once

#include "host/library.hpp"
#include "host/remote.hpp"
#include "host/wire.hpp"

#include <atomic>
#include <deque>
#include <map>
#include <set>
#include <variant>

namespace aisci::host {

class Server;

// One call being served: its limits, and the way back to the host.
class Served {
 public:
  Served(Server& server, const Frame& frame);
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;
  ~Served();

  const CallContext& context() const noexcept { return context_; }
  Function function() const noexcept { return function_; }
  std::uint64_t session() const noexcept { return session_; }
  std::uint64_t number() const noexcept { return number_; }
  Unpacker& arguments() noexcept { return arguments_; }

  // The host's sink number `which`; empty unless wanted.
  Sink sink(std::uint32_t which, bool wanted = true);
  Source source();
  // The document of a node, kept until the call is over.
  Result<std::string_view> blob(std::uint64_t node, std::string_view name);

 private:
  friend class Server;
  Server& server_;
  std::uint64_t number_;
  Unpacker arguments_;
  Function function_;
  std::uint64_t session_;
  CallContext context_;
  std::atomic<bool> cancelled_{false};
  std::map<std::pair<std::uint64_t, std::string>, Result<std::string>> blobs_;
};

class Server {
 public:
  explicit Server(int socket) : wire_{socket, [this](Frame&& frame) { take(std::move(frame)); }} {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves until the host is gone. When calls are under way then, the process ends here.
  void run();

 private:
  friend class Served;
  using Component =
      std::variant<std::monostate, std::shared_ptr<ValueFunction>, std::shared_ptr<Agent>, std::shared_ptr<Sandbox>,
                   std::shared_ptr<LLMProvider>, std::shared_ptr<Retriever>, std::shared_ptr<Writer>>;

  struct Answer {
    bool came = false;
    std::string body;
  };

  void take(Frame&& frame);
  void work();
  void execute(const Frame& frame);
  Result<std::string> answer(Served& call);
  Result<std::string> create(Unpacker& arguments, const CallContext& context);
  Result<std::string> describe(Unpacker& arguments);
  template <typename T>
  Status make(const std::string& id, const ComponentSetup& setup, const CallContext& context);
  HostServices services(bool model, const std::vector<std::string>& further);
  // Asks the host something and waits for its answer.
  Result<std::string> request(FrameKind kind, std::uint64_t call, const Packer& rest);
  std::uint64_t call_of(const CallContext& context);

  Result<std::string> serve(ValueFunction& function, Served& call);
  Result<std::string> serve(Agent& agent, Served& call);
  Result<std::string> serve(Sandbox& sandbox, Served& call);
  Result<std::string> serve(SandboxSession& session, Served& call);
  Result<std::string> serve(LLMProvider& provider, Served& call);
  Result<std::string> serve(Retriever& retriever, Served& call);
  Result<std::string> serve(Writer& writer, Served& call);

  std::shared_ptr<Library> library_;
  Component component_;
  std::atomic<std::uint64_t> next_{1};
  // Guarded by wire_.state().
  std::deque<Frame> jobs_;
  std::map<std::uint64_t, Answer> answers_;
  std::map<std::uint64_t, Served*> served_;
  std::set<std::uint64_t> cancelled_early_;
  std::map<std::uint64_t, std::shared_ptr<SandboxSession>> sessions_;
  std::vector<std::shared_ptr<SandboxSession>> closed_;
  int idle_ = 0;
  int busy_ = 0;
  Wire wire_;
};

}  // namespace aisci::host
