// Sandbox: runs programs that nobody has read.
//
//   aisci::CallContext call;
//   auto session = sandbox.open(R"({"wall_seconds":60,"memory_mb":512})", call);
//   auto token = (*session)->start(R"({"argv":["python3","-c","print(42)"]})", "study7/n3/1", call);
//   std::string text;
//   const aisci::Sink keep = [&](std::string_view bytes) { text += bytes; return aisci::Status{}; };
//   auto exit = (*session)->wait(*token, keep, {}, {}, call);
//   if (exit.ok() && exit->succeeded()) use(text);
//
// A session holds files; a run is one program in it, named by an id of the caller's choice, under which it
// can be found again (attach) after this process was killed. Limits and specifications are JSON, described in
// aisci/abi/draft/sandbox.h.
//
// Threads: any number of calls at once, also on one session: kill() while wait() blocks.
// Since 0.1.
#pragma once

#include <aisci/call_context.hpp>
#include <aisci/export.hpp>

#include <memory>
#include <vector>

namespace aisci {

// How a run ended.
struct Exit {
  int code = 0;                // exit status; -1 when a signal ended it
  int signal = 0;              // 0 when none
  bool timed_out = false;      // its wall time was over
  bool out_of_memory = false;  // it had used up its memory
  bool killed = false;         // by kill()
  bool output_cut = false;     // it wrote more than allowed; the rest was dropped
  bool lost = false;           // nobody knows how it ended; code and signal mean nothing
  std::chrono::nanoseconds wall{0};
  std::chrono::nanoseconds user{0};
  std::chrono::nanoseconds system{0};
  std::uint64_t max_rss_bytes = 0;  // largest of any one process

  bool succeeded() const noexcept {
    return code == 0 && signal == 0 && !timed_out && !out_of_memory && !killed && !lost;
  }
};

// Destroying a session frees it and its own files, and kills what still runs in it.
class AISCI_API SandboxSession {
 public:
  virtual ~SandboxSession() = default;
  // Writes a file; path as the program sees it: "/job/config.json".
  virtual Status put(std::string_view path, const Source& source, const CallContext& call) = 0;
  // Reads one: "/results/t001/metrics.json". NOT_FOUND.
  virtual Status get(std::string_view path, const Sink& bytes, const CallContext& call) = 0;
  // Starts a run and returns its token at once. ALREADY_EXISTS when run_id is running.
  virtual Result<std::string> start(std::string_view spec_json, std::string_view run_id, const CallContext& call) = 0;
  // Blocks until the run ended; OK whenever it had started. output, errors: the program's bytes, live; events: one
  // JSON document a write; each may be empty. CANCELLED stops the waiting, not the run.
  virtual Result<Exit> wait(std::string_view token, const Sink& output, const Sink& errors, const Sink& events,
                            const CallContext& call) = 0;
  // Asks the run to end, and ends it and all it started after `grace`. Does not wait.
  virtual Status kill(std::string_view token, std::chrono::nanoseconds grace, const CallContext& call) = 0;
};

class AISCI_API Sandbox {
 public:
  virtual ~Sandbox() = default;
  virtual Result<std::unique_ptr<SandboxSession>> open(std::string_view limits_json, const CallContext& call) = 0;
  // The run that was started as run_id, by this process or one that died: a session whose token for it is
  // run_id. NOT_FOUND when nothing is known of it.
  virtual Result<std::unique_ptr<SandboxSession>> attach(std::string_view run_id, const CallContext& call) = 0;
  // Runs that no live session holds: {"run_id":"..","state":"running|ended"} each.
  virtual Result<std::vector<std::string>> leftovers(const CallContext& call) = 0;
};

}  // namespace aisci
