// A sandbox: runs programs that nobody has read. Limits, specifications and exits: abi/draft/sandbox.h.
//
//   class Session final : public aisci::plugin::SandboxSession { ... };
//   class Local final : public aisci::plugin::Sandbox {
//    public:
//     std::unique_ptr<aisci::plugin::SandboxSession> open(std::string_view limits, aisci::plugin::Call&) override {
//       return std::make_unique<Session>(limits);
//     }
//   };
//   AISCI_PLUGIN("org.example.local", "1.0.0", AISCI_SANDBOX("local", Local))
//
// Threads: several calls at once, also on one session (kill while wait blocks).
// Since 0.1.
#pragma once

#include <aisci/abi/draft/sandbox.h>
#include <aisci/plugin/plugin.hpp>

#include <algorithm>
#include <vector>

namespace aisci::plugin {

// How a run ended; flags are AISCI_EXIT_*.
struct Exit {
  std::int32_t code = 0;
  std::int32_t signal = 0;
  std::uint32_t flags = 0;
  std::int64_t wall_ns = 0;
  std::int64_t user_ns = 0;
  std::int64_t system_ns = 0;
  std::uint64_t max_rss_bytes = 0;
};

// A place with files in which programs run. Destroying it frees it and kills what still runs in it.
class SandboxSession {
 public:
  virtual ~SandboxSession() = default;

  // Writes a file; path as the program sees it, "/job/config.json".
  virtual void put(std::string_view path, Source& source, Call& call) = 0;
  // Reads one. Throw NOT_FOUND.
  virtual void get(std::string_view path, Sink& bytes, Call& call) = 0;
  // Starts a run, returns its token at once.
  virtual std::string start(std::string_view spec_json, std::string_view run_id, Call& call) = 0;
  // Blocks until the run ended. Each sink may be null. Throw CANCELLED when the call is cancelled; the run goes on.
  virtual Exit wait(std::string_view token, Sink* output, Sink* errors, Sink* events, Call& call) = 0;
  // Asks the run to end, and ends all of it after grace_ns. Does not wait.
  virtual void kill(std::string_view token, std::int64_t grace_ns, Call& call) = 0;
};

class Sandbox {
 public:
  struct Kind;
  virtual ~Sandbox() = default;

  virtual std::unique_ptr<SandboxSession> open(std::string_view limits_json, Call& call) = 0;
  // The run started as run_id, also by a process that died: a session whose token for it is run_id.
  virtual std::unique_ptr<SandboxSession> attach(std::string_view run_id, Call& call) {
    (void)call;
    throw Error{Code::kNotFound, "nothing is known of the run " + std::string{run_id}};
  }
  // Runs that no live session holds: {"run_id":"..","state":"running|ended"} each.
  virtual std::vector<std::string> leftovers(Call& call) {
    (void)call;
    return {};
  }
};

namespace detail {

struct SessionBox {
  Host host;
  std::unique_ptr<SandboxSession> object;
};

inline SessionBox& session_box(aisci_session_t* session) noexcept { return *reinterpret_cast<SessionBox*>(session); }

template <typename Body>
std::int32_t answer_session(aisci_session_t* session, const aisci_call_t* raw, Body&& body) noexcept {
  return guard(raw, [&] {
    Call call{raw, session_box(session).host};
    body(*session_box(session).object, call);
  });
}

inline aisci_session_t* release_session(Host host, std::unique_ptr<SandboxSession> session) {
  if (!session) throw Error{Code::kInternal, "the sandbox made no session"};
  return reinterpret_cast<aisci_session_t*>(new SessionBox{host, std::move(session)});
}

}  // namespace detail

struct Sandbox::Kind {
  static constexpr const char* kName = "sandbox";
  static constexpr const char* kInterface = AISCI_SANDBOX_1;

  static std::int32_t open(aisci_instance_t* instance, const aisci_call_t* raw, aisci_bytes_t limits,
                           aisci_session_t** out) noexcept {
    return detail::answer<Sandbox>(instance, raw, [&](Sandbox& object, Call& call) {
      *out = detail::release_session(call.host(), object.open(detail::view(limits), call));
    });
  }
  static std::int32_t put(aisci_session_t* session, const aisci_call_t* raw, aisci_bytes_t path,
                          aisci_source_t* source) noexcept {
    return detail::answer_session(session, raw, [&](SandboxSession& object, Call& call) {
      Source given{source};
      object.put(detail::view(path), given, call);
    });
  }
  static std::int32_t get(aisci_session_t* session, const aisci_call_t* raw, aisci_bytes_t path,
                          aisci_sink_t* bytes) noexcept {
    return detail::answer_session(session, raw, [&](SandboxSession& object, Call& call) {
      detail::HostSink sink{bytes};
      object.get(detail::view(path), sink, call);
    });
  }
  static std::int32_t start(aisci_session_t* session, const aisci_call_t* raw, aisci_bytes_t spec, aisci_bytes_t run_id,
                            aisci_sink_t* token) noexcept {
    return detail::answer_session(session, raw, [&](SandboxSession& object, Call& call) {
      detail::HostSink{token}.write(object.start(detail::view(spec), detail::view(run_id), call));
    });
  }
  static std::int32_t wait(aisci_session_t* session, const aisci_call_t* raw, aisci_bytes_t token, aisci_sink_t* output,
                           aisci_sink_t* errors, aisci_sink_t* events, aisci_exit_t* out) noexcept {
    return detail::answer_session(session, raw, [&](SandboxSession& object, Call& call) {
      detail::HostSink out_sink{output};
      detail::HostSink err_sink{errors};
      detail::HostSink event_sink{events};
      const Exit exit = object.wait(detail::view(token), output ? &out_sink : nullptr, errors ? &err_sink : nullptr,
                                    events ? &event_sink : nullptr, call);
      aisci_exit_t filled{out->struct_size, exit.flags,   exit.code,      exit.signal,
                          exit.wall_ns,     exit.user_ns, exit.system_ns, exit.max_rss_bytes};
      // The host's struct may be an older, shorter one.
      std::memcpy(out, &filled, std::min<std::size_t>(out->struct_size, sizeof filled));
    });
  }
  static std::int32_t kill(aisci_session_t* session, const aisci_call_t* raw, aisci_bytes_t token,
                           std::int64_t grace_ns) noexcept {
    return detail::answer_session(
        session, raw, [&](SandboxSession& object, Call& call) { object.kill(detail::view(token), grace_ns, call); });
  }
  static void close(aisci_session_t* session) noexcept { delete &detail::session_box(session); }
  static std::int32_t attach(aisci_instance_t* instance, const aisci_call_t* raw, aisci_bytes_t run_id,
                             aisci_session_t** out) noexcept {
    return detail::answer<Sandbox>(instance, raw, [&](Sandbox& object, Call& call) {
      *out = detail::release_session(call.host(), object.attach(detail::view(run_id), call));
    });
  }
  static std::int32_t leftovers(aisci_instance_t* instance, const aisci_call_t* raw, aisci_sink_t* runs) noexcept {
    return detail::answer<Sandbox>(instance, raw, [&](Sandbox& object, Call& call) {
      detail::HostSink sink{runs};
      for (const std::string& run : object.leftovers(call)) sink.write(run);
    });
  }
  static const void* table() noexcept;
};

namespace detail {
AISCI_SDK_LOCAL inline constexpr aisci_sandbox_t kSandboxTable{sizeof(aisci_sandbox_t),  0,
                                                               &Sandbox::Kind::open,     &Sandbox::Kind::put,
                                                               &Sandbox::Kind::get,      &Sandbox::Kind::start,
                                                               &Sandbox::Kind::wait,     &Sandbox::Kind::kill,
                                                               &Sandbox::Kind::close,    &Sandbox::Kind::attach,
                                                               &Sandbox::Kind::leftovers};
}
inline const void* Sandbox::Kind::table() noexcept { return &detail::kSandboxTable; }

}  // namespace aisci::plugin

#define AISCI_SANDBOX(id, Class) ::aisci::plugin::detail::entry<::aisci::plugin::Sandbox, Class>(id)
