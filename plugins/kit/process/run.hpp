// Supervised runs: what the sandboxes of one machine share.
//
// A run lives in a folder of the host. start_run() writes what is to be run there and starts aisci-supervisor, which
// outlives this process; wait_run() follows its logs and reads its completion record; find_run() finds a run of a
// process that died. The folder's path is the run's id and token.
//
// Threads: free functions; several runs at once.
#pragma once

#include <aisci/plugin/sandbox.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::kit {

inline constexpr int kFilterDescriptor = 3;

struct Command {
  std::filesystem::path folder;  // of the run
  std::vector<std::string> argv, environment;
  std::vector<std::pair<std::string, std::string>> stages;  // host folder, name below /mnt; used with drop
  std::filesystem::path results;                            // watched for its size
  std::string directory;
  double wall_seconds = 3600, memory_mb = 2048, results_mb = 1024, output_mb = 16, cpus = 0;
  long processes = 512;
  bool drop = false;      // to nobody; only root can
  bool reserves = false;  // may reserve far more memory than it uses, as the driver of a GPU does
  bool wrapped = false;   // argv starts a wrapper that reports a signal as exit code 128 + n
  std::string filter;     // a seccomp program; the run finds it open as descriptor kFilterDescriptor
};

// What both sandboxes read from a specification.
struct Spec {
  std::filesystem::path folder, job, results;
  std::vector<std::string> argv;
  std::vector<std::pair<std::string, std::string>> environment;
  struct Mount {
    std::filesystem::path from;
    std::string to;
    bool write = false;
  };
  std::vector<Mount> mounts;
  std::vector<std::filesystem::path> devices;  // nodes of /dev that the program may open
  std::string directory;
  double wall_seconds = 3600, memory_mb = 2048, results_mb = 1024, output_mb = 16, cpus = 0;
  long processes = 512;
  bool evaluator = false;
};

// What no run of a session may exceed; 0: no limit of the session's.
struct Limits {
  double wall_seconds = 0, memory_mb = 0, cpus = 0, output_mb = 0;
  long processes = 0;
};

// Reads what Sandbox::open was given. Throws Error INVALID_ARGUMENT.
Limits read_limits(std::string_view text);
// The specification with each limit lowered to the session's.
Spec within(Spec spec, const Limits& limits);
// A command with the specification's folders and limits, and nothing to run yet.
Command command_of(const Spec& spec);

// Throws Error INVALID_ARGUMENT naming the member that is missing or wrong.
Spec read_spec(std::string_view text);

// Throws Error when the supervisor cannot be started.
void start_run(const Command& command);
enum class RunState { kUnknown, kRunning, kEnded, kLost };
RunState find_run(const std::filesystem::path& folder);
// `events` gets one document when the run has ended: its completion record, with "event": "ended".
plugin::Exit wait_run(const std::filesystem::path& folder, plugin::Sink* output, plugin::Sink* errors,
                      plugin::Sink* events, plugin::Call& call);
void kill_run(const std::filesystem::path& folder);

// A session over runs whose folders the host chose; `command_for` says how a sandbox runs a specification.
class RunSession : public plugin::SandboxSession {
 public:
  explicit RunSession(const Limits& limits = {}) : limits_{limits} {}
  void put(std::string_view path, plugin::Source& source, plugin::Call& call) override;
  void get(std::string_view path, plugin::Sink& bytes, plugin::Call& call) override;
  std::string start(std::string_view spec_json, std::string_view run_id, plugin::Call& call) override;
  plugin::Exit wait(std::string_view token, plugin::Sink* output, plugin::Sink* errors, plugin::Sink* events,
                    plugin::Call& call) override;
  void kill(std::string_view token, std::int64_t grace_ns, plugin::Call& call) override;

 protected:
  virtual Command command_for(const Spec& spec) = 0;

 private:
  Limits limits_;
};

}  // namespace aisci::kit
