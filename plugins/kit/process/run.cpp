#include "kit/process/run.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <locale>
#include <thread>

#include "kit/containment/processes.hpp"

extern char** environ;

namespace aisci::kit {
namespace fs = std::filesystem;
using plugin::Code;
using plugin::Error;
namespace {

struct Supervisor {
  pid_t pid = 0;
  unsigned long long started = 0;
};

json::object read_object(const fs::path& path) {
  std::ifstream file{path};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  return !error && value.is_object() ? value.get_object() : json::object{};
}

std::int64_t number(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value && value->is_int64() ? value->get_int64() : 0;
}
bool flag(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

Supervisor supervisor_of(const fs::path& folder) {
  const auto object = read_object(folder / "supervisor.json");
  return {static_cast<pid_t>(number(object, "pid")), static_cast<unsigned long long>(number(object, "started"))};
}

bool alive(const Supervisor& supervisor) {
  if (supervisor.pid <= 0 || start_time(supervisor.pid) != supervisor.started) return false;
  siginfo_t info{};  // a zombie child of ours is dead
  return !(::waitid(P_PID, static_cast<id_t>(supervisor.pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == supervisor.pid);
}

// aisci-supervisor lies in lib/aisci: three folders above a plugin's own shared object.
fs::path supervisor_program() {
  static const char marker = 0;
  Dl_info info{};
  std::error_code error;
  if (::dladdr(&marker, &info) && info.dli_fname) {
    fs::path self = fs::canonical(info.dli_fname, error);
    if (error) self = info.dli_fname;
    for (fs::path at = self.parent_path(); at.has_relative_path(); at = at.parent_path()) {
      const auto candidate = at / "aisci-supervisor";
      if (fs::exists(candidate, error)) return candidate;
      const auto below = at / "lib" / "aisci" / "aisci-supervisor";
      if (fs::exists(below, error)) return below;
    }
  }
  throw Error{Code::kFailedPrecondition, "aisci-supervisor is not beside the plugins; build and install aisci whole"};
}

void check_line(const std::string& text) {
  if (text.find('\n') != std::string::npos || text.find('\0') != std::string::npos)
    throw Error{Code::kInvalidArgument, "an argument, a path or a variable holds a line break"};
}

void write_command(const Command& command, const fs::path& path) {
  std::ofstream file{path};
  file.imbue(std::locale::classic());  // of the host's, 1024 may be "1.024", which the supervisor takes for one
  if (!command.filter.empty()) {
    const fs::path filter = command.folder / "filter.bpf";
    check_line(filter.string());
    if (!(std::ofstream{filter, std::ios::binary} << command.filter).flush())
      throw Error{Code::kResourceExhausted, "cannot write " + filter.string()};
    file << "filter " << filter.string() << '\n';
  }
  for (const auto& [from, name] : command.stages) {
    check_line(from);
    file << "stage " << name << ' ' << from << '\n';
  }
  check_line(command.results.string());
  file << "results " << command.results.string() << "\ndirectory " << command.directory << "\nwall_seconds "
       << command.wall_seconds << "\nmemory_mb " << command.memory_mb << "\nresults_mb " << command.results_mb
       << "\noutput_mb " << command.output_mb << "\ncpus " << command.cpus << "\nprocesses " << command.processes
       << "\ndrop " << (command.drop ? 1 : 0) << "\nreserves " << (command.reserves ? 1 : 0) << "\nwrapped "
       << (command.wrapped ? 1 : 0) << '\n';
  for (const auto& [name, list] : {std::pair{"argv", &command.argv}, {"environment", &command.environment}}) {
    file << name << ' ' << list->size() << '\n';
    for (const auto& word : *list) {
      check_line(word);
      file << word << '\n';
    }
  }
  if (!file.flush()) throw Error{Code::kResourceExhausted, "cannot write " + path.string()};
}

// Follows a growing log.
class Tail {
 public:
  Tail(const fs::path& path, plugin::Sink* sink) : path_{path}, sink_{sink} {}
  void pump() {
    if (!sink_) return;
    if (!file_.is_open()) file_.open(path_, std::ios::binary);
    if (!file_.is_open()) return;
    std::array<char, 65536> buffer;
    for (;;) {
      file_.clear();
      file_.seekg(offset_);
      file_.read(buffer.data(), buffer.size());
      const auto n = file_.gcount();
      if (n <= 0) return;
      offset_ += n;
      sink_->write({buffer.data(), static_cast<std::size_t>(n)});
    }
  }

 private:
  fs::path path_;
  plugin::Sink* sink_;
  std::ifstream file_;
  std::streamoff offset_ = 0;
};

// Wakes when a process ends, and every 50 ms for its output.
class EndOf {
 public:
  explicit EndOf(pid_t pid) : fd_{pid > 0 ? static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)) : -1} {}
  EndOf(const EndOf&) = delete;
  EndOf& operator=(const EndOf&) = delete;
  ~EndOf() {
    if (fd_ >= 0) ::close(fd_);
  }
  void wait() const {
    pollfd end{fd_, POLLIN, 0};
    if (::poll(&end, 1, 50) > 0) std::this_thread::sleep_for(std::chrono::microseconds{200});
  }

 private:
  int fd_;
};

std::string text_of(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string{value->get_string().c_str()} : std::string{};
}
double real_of(const json::object& object, const char* name, double otherwise) {
  const auto* value = object.if_contains(name);
  return value && value->is_number() ? value->to_number<double>() : otherwise;
}

}  // namespace

Spec read_spec(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) throw Error{Code::kInvalidArgument, "the specification is not a JSON object"};
  const auto& object = value.get_object();
  Spec spec;
  spec.folder = text_of(object, "folder");
  spec.job = text_of(object, "job");
  spec.results = text_of(object, "results");
  spec.directory = text_of(object, "directory");
  for (const auto& [name, path] : {std::pair{"folder", spec.folder}, {"job", spec.job}, {"results", spec.results}})
    if (!path.is_absolute())
      throw Error{Code::kInvalidArgument, std::string{name} + " must be an absolute path of the host"};
  if (const auto* argv = object.if_contains("argv"); argv && argv->is_array())
    for (const auto& word : argv->get_array()) spec.argv.emplace_back(word.as_string().c_str());
  if (spec.argv.empty()) throw Error{Code::kInvalidArgument, "argv is empty"};
  if (const auto* list = object.if_contains("environment"); list && list->is_object())
    for (const auto& entry : list->get_object())
      spec.environment.emplace_back(entry.key(), entry.value().as_string().c_str());
  if (const auto* list = object.if_contains("mounts"); list && list->is_array())
    for (const auto& mount : list->get_array())
      spec.mounts.push_back(
          {text_of(mount.as_object(), "from"), text_of(mount.as_object(), "to"), flag(mount.as_object(), "write")});
  if (const auto* list = object.if_contains("devices"); list && list->is_array())
    for (const auto& node : list->get_array()) spec.devices.emplace_back(node.as_string().c_str());
  spec.wall_seconds = real_of(object, "wall_seconds", spec.wall_seconds);
  spec.memory_mb = real_of(object, "memory_mb", spec.memory_mb);
  spec.results_mb = real_of(object, "results_mb", spec.results_mb);
  spec.output_mb = real_of(object, "output_mb", spec.output_mb);
  spec.cpus = real_of(object, "cpus", spec.cpus);
  spec.processes = static_cast<long>(real_of(object, "processes", static_cast<double>(spec.processes)));
  spec.evaluator = flag(object, "evaluator");
  return spec;
}

Limits read_limits(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) throw Error{Code::kInvalidArgument, "the limits are not a JSON object"};
  const auto& object = value.get_object();
  return {real_of(object, "wall_seconds", 0), real_of(object, "memory_mb", 0), real_of(object, "cpus", 0),
          real_of(object, "output_bytes", 0) / 1048576, static_cast<long>(real_of(object, "processes", 0))};
}

Spec within(Spec spec, const Limits& limits) {
  const auto lower = [](auto& value, auto bound) {
    if (bound > 0 && (value <= 0 || bound < value)) value = bound;
  };
  lower(spec.wall_seconds, limits.wall_seconds);
  lower(spec.memory_mb, limits.memory_mb);
  lower(spec.cpus, limits.cpus);
  lower(spec.output_mb, limits.output_mb);
  lower(spec.processes, limits.processes);
  return spec;
}

Command command_of(const Spec& spec) {
  Command command;
  command.folder = spec.folder;
  command.results = spec.results;
  command.wall_seconds = spec.wall_seconds;
  command.memory_mb = spec.memory_mb;
  command.results_mb = spec.results_mb;
  command.output_mb = spec.output_mb;
  command.cpus = spec.cpus;
  command.processes = spec.processes;
  command.reserves = !spec.devices.empty();
  return command;
}

void start_run(const Command& command) {
  if (find_run(command.folder) == RunState::kRunning)
    throw Error{Code::kAlreadyExists, "the run in " + command.folder.string() + " is under way"};
  std::error_code error;
  fs::create_directories(command.folder, error);
  for (const char* name : {"completion.json", "supervisor.json"}) fs::remove(command.folder / name, error);
  const auto spec = command.folder / "command.txt";
  write_command(command, spec);
  const std::string program = supervisor_program().string(), folder = command.folder.string(), file = spec.string();
  std::array<char*, 4> argv{const_cast<char*>(program.c_str()), const_cast<char*>(folder.c_str()),
                            const_cast<char*>(file.c_str()), nullptr};
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
  sigset_t all;
  sigfillset(&all);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (folder + "/supervisor.log").c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0644);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed) throw Error{Code::kResourceExhausted, "cannot start " + program + ": " + std::strerror(failed)};
  // It has begun when its own record is there; on a busy machine that may take a while.
  for (int i = 0; i < 60000 && !fs::exists(command.folder / "supervisor.json", error); ++i) {
    // A short program may have begun and ended since the look above.
    if (::waitpid(pid, nullptr, WNOHANG) == pid && !fs::exists(command.folder / "supervisor.json", error))
      throw Error{Code::kInternal, "aisci-supervisor ended at once; see " + folder + "/supervisor.log"};
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
}

RunState find_run(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder / "completion.json", error)) return RunState::kEnded;
  if (!fs::exists(folder / "supervisor.json", error)) return RunState::kUnknown;
  if (alive(supervisor_of(folder))) return RunState::kRunning;
  return fs::exists(folder / "completion.json", error) ? RunState::kEnded : RunState::kLost;
}

plugin::Exit wait_run(const fs::path& folder, plugin::Sink* output, plugin::Sink* errors, plugin::Sink* events,
                      plugin::Call& call) {
  Tail out{folder / "output.log", output}, err{folder / "errors.log", errors};
  RunState state = find_run(folder);
  const EndOf end{supervisor_of(folder).pid};  // opened while the run is known to be alive, or useless
  while (state == RunState::kRunning) {
    if (call.is_cancelled()) throw Error{Code::kCancelled, "stopped waiting for the run in " + folder.string()};
    end.wait();
    out.pump();
    err.pump();
    state = find_run(folder);
  }
  out.pump();
  err.pump();
  const pid_t pid = supervisor_of(folder).pid;
  if (pid > 0) ::waitpid(pid, nullptr, 0);  // ours: reaped; another's child or none: an error that does not matter
  plugin::Exit ending;
  if (state != RunState::kEnded) {
    ending.flags = AISCI_EXIT_LOST;
    return ending;
  }
  auto record = read_object(folder / "completion.json");
  ending.code = static_cast<std::int32_t>(number(record, "exit"));
  ending.signal = static_cast<std::int32_t>(number(record, "signal"));
  if (flag(record, "timed_out")) ending.flags |= AISCI_EXIT_TIMED_OUT;
  if (flag(record, "killed") || flag(record, "overgrown")) ending.flags |= AISCI_EXIT_KILLED;
  if (flag(record, "out_of_memory")) ending.flags |= AISCI_EXIT_OUT_OF_MEMORY;
  if (flag(record, "output_cut")) ending.flags |= AISCI_EXIT_OUTPUT_CUT;
  ending.wall_ns = number(record, "wall_ns");
  ending.user_ns = number(record, "user_ns");
  ending.system_ns = number(record, "system_ns");
  ending.max_rss_bytes = static_cast<std::uint64_t>(number(record, "max_rss_bytes"));
  if (events) {
    record["event"] = "ended";
    events->write(json::serialize(record));
  }
  return ending;
}

void kill_run(const fs::path& folder) {
  const Supervisor supervisor = supervisor_of(folder);
  if (supervisor.pid <= 0) return;
  // Through a descriptor: between the check and the signal the number cannot come to mean another process.
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, supervisor.pid, 0));
  if (fd < 0) return;
  if (alive(supervisor)) ::syscall(SYS_pidfd_send_signal, fd, SIGTERM, nullptr, 0);
  ::close(fd);
}

void RunSession::put(std::string_view path, plugin::Source&, plugin::Call&) {
  throw Error{Code::kUnimplemented, "this sandbox shows folders of the host; write " + std::string{path} + " there"};
}

void RunSession::get(std::string_view path, plugin::Sink&, plugin::Call&) {
  throw Error{Code::kUnimplemented, "this sandbox shows folders of the host; read " + std::string{path} + " there"};
}

std::string RunSession::start(std::string_view spec_json, std::string_view run_id, plugin::Call&) {
  Spec spec = read_spec(spec_json);
  if (spec.folder != fs::path{run_id}) throw Error{Code::kInvalidArgument, "the id of a run is its folder"};
  std::error_code error;
  fs::create_directories(spec.results, error);
  start_run(command_for(within(std::move(spec), limits_)));
  return std::string{run_id};
}

plugin::Exit RunSession::wait(std::string_view token, plugin::Sink* output, plugin::Sink* errors, plugin::Sink* events,
                              plugin::Call& call) {
  return wait_run(fs::path{token}, output, errors, events, call);
}

void RunSession::kill(std::string_view token, std::int64_t, plugin::Call&) { kill_run(fs::path{token}); }

}  // namespace aisci::kit
