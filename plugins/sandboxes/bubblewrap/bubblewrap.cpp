// The sandbox `bubblewrap`: namespaces of their own for users, processes, network, IPC, host name and cgroups; a read-only
// system of named folders; no home, no network, no capability, an empty environment. See docs/guide/sandboxes.md.
#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "filter.hpp"
#include "kit/process/run.hpp"

namespace {

namespace fs = std::filesystem;
using namespace aisci::plugin;

// What of the system a program may read: programs, libraries and the settings of the loader, fonts and TeX.
constexpr const char* kSystem[] = {"/usr", "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/fonts", "/etc/texmf", "/var/lib/texmf",
                                   "/usr/local", "/opt/aisci/environments"};

bool present(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// A virtual environment lives outside /usr; what the program's first word names must be visible.
fs::path environment_of(const std::string& program) {
  const fs::path path{program};
  if (!path.is_absolute() || program.rfind("/usr/", 0) == 0 || program.rfind("/bin/", 0) == 0) return {};
  const fs::path root = path.parent_path().parent_path();
  return present(root / "pyvenv.cfg") ? root : fs::path{};
}

// The data folders that scikit-learn ships hold labels of the very data sets that templates use.
std::vector<fs::path> library_data(const fs::path& environment) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{environment / "lib", error})
    if (const auto data = entry.path() / "site-packages/sklearn/datasets/data"; present(data)) found.push_back(data);
  if (const fs::path debian = "/usr/lib/python3/dist-packages/sklearn/datasets/data"; present(debian)) found.push_back(debian);
  return found;
}

void append(std::vector<std::string>& list, std::initializer_list<std::string> words) { list.insert(list.end(), words); }

std::vector<std::string> isolation() {
  return {"bwrap", "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--disable-userns", "--uid", "65534", "--gid", "65534",
          "--hostname", "sandbox", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"};
}

void add_system(std::vector<std::string>& argv) {
  for (const char* path : kSystem)
    if (present(path)) append(argv, {"--ro-bind", path, path});
  for (const char* name : {"bin", "sbin", "lib", "lib32", "lib64", "libx32"})
    if (const fs::path link = fs::path{"/"} / name; fs::is_symlink(link)) append(argv, {"--symlink", std::string{"usr/"} + name, link.string()});
    else if (present(link)) append(argv, {"--ro-bind", link.string(), link.string()});
  append(argv, {"--proc", "/proc", "--dev", "/dev", "--size", "268435456", "--tmpfs", "/dev/shm", "--size", "536870912", "--tmpfs", "/tmp"});
}

// Made once a process: it depends on nothing but the architecture.
const std::string& filter() {
  static const std::string program = aisci::sandboxes::filter_program();
  return program;
}

class Session final : public aisci::kit::RunSession {
  aisci::kit::Command command_for(const aisci::kit::Spec& spec) override {
    aisci::kit::Command command{spec.folder, {}, {}, {}, spec.results, "/", spec.wall_seconds, spec.memory_mb, spec.results_mb, spec.output_mb};
    command.drop = ::geteuid() == 0;
    command.filter = filter();
    std::vector<std::string> argv = isolation();
    append(argv, {"--seccomp", std::to_string(aisci::kit::kFilterDescriptor)});
    add_system(argv);
    const fs::path environment = environment_of(spec.argv[0]);
    if (!environment.empty() && environment.string().rfind("/opt/aisci/environments/", 0) != 0) bind(command, argv, "environment", environment, environment.string(), false);
    if (!spec.evaluator)
      for (const auto& data : library_data(environment)) append(argv, {"--size", "4096", "--tmpfs", data.string()});
    bind(command, argv, "job", spec.job, "/job", false);
    bind(command, argv, "results", spec.results, "/results", true);
    int number = 0;
    for (const auto& mount : spec.mounts) bind(command, argv, "mount" + std::to_string(++number), mount.from, mount.to, mount.write);
    for (const auto& [name, value] : {std::pair<std::string, std::string>{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", "/tmp"}, {"TMPDIR", "/tmp"}, {"LANG", "C.UTF-8"},
                                      {"AISCI_JOB", "/job"}, {"AISCI_RESULTS", "/results"}, {"AISCI_DATA", "/data"}})
      append(argv, {"--setenv", name, value});
    for (const auto& [name, value] : spec.environment) append(argv, {"--setenv", name, value});
    append(argv, {"--remount-ro", "/", "--chdir", spec.directory.empty() ? "/results" : spec.directory, "--"});
    argv.insert(argv.end(), spec.argv.begin(), spec.argv.end());
    command.argv = std::move(argv);
    command.environment = {"PATH=/usr/bin:/bin"};
    if (command.drop && ::chown(spec.results.c_str(), 65534, 65534) != 0) throw Error{Code::kPermissionDenied, "cannot hand " + spec.results.string() + " to the sandbox's user"};
    return command;
  }

  // As root the folders are staged where an unprivileged user reaches them (aisci-supervisor, stage_and_drop).
  static void bind(aisci::kit::Command& command, std::vector<std::string>& argv, const std::string& name, const fs::path& from, const std::string& to, bool write) {
    if (!present(from)) throw Error{Code::kNotFound, from.string() + " does not exist"};
    if (command.drop) command.stages.emplace_back(from.string(), name);
    append(argv, {write ? "--bind" : "--ro-bind", command.drop ? "/mnt/" + name : from.string(), to});
  }
};

struct Trial {
  int code = 0;
  std::string errors;
};

// Runs bwrap once with nothing in it, as the user the sandbox would use.
Trial try_bwrap() {
  std::vector<std::string> words = isolation();
  add_system(words);
  append(words, {"--", "/bin/true"});
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {127, "no pipe"};
  const bool root = ::geteuid() == 0;
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    if (root && (::setgroups(0, nullptr) != 0 || ::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0)) ::_exit(126);
    ::execvp("bwrap", argv.data());
    const char* why = std::strerror(errno);
    if (::write(STDERR_FILENO, why, std::strlen(why)) < 0) ::_exit(127);
    ::_exit(127);
  }
  ::close(ends[1]);
  Trial trial;
  std::array<char, 4096> buffer;
  for (ssize_t n = 0; (n = ::read(ends[0], buffer.data(), buffer.size())) > 0;) trial.errors.append(buffer.data(), static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  trial.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return trial;
}

std::string remedy_for(const Trial& trial) {
  if (trial.code == 127) return "install it: apt-get install bubblewrap";
  return "let ordinary users make user namespaces: sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000; in a Docker container start it with "
         "--security-opt seccomp=unconfined --security-opt systempaths=unconfined (or --privileged); in a plain chroot use pivot_root. "
         "Without isolation, at your own risk: --sandbox process";
}

class Bubblewrap final : public Sandbox {
 public:
  static constexpr bool kConcurrent = true;

  std::unique_ptr<SandboxSession> open(std::string_view, Call& call) override {
    static const Trial trial = try_bwrap();  // once a process: the kernel does not change its mind
    if (trial.code != 0) {
      std::string cause = trial.errors.substr(0, trial.errors.find('\n'));
      throw Error{Code::kFailedPrecondition, "bubblewrap cannot isolate experiments here (" + (cause.empty() ? "exit " + std::to_string(trial.code) : cause) + "). To fix it, " + remedy_for(trial)};
    }
    call.report("layers", layers());
    return std::make_unique<Session>();
  }
  std::unique_ptr<SandboxSession> attach(std::string_view run_id, Call&) override {
    if (aisci::kit::find_run(run_id) == aisci::kit::RunState::kUnknown) throw Error{Code::kNotFound, "no run in " + std::string{run_id}};
    return std::make_unique<Session>();
  }

 private:
  static std::string layers() {
    json::array list;
    const auto layer = [&](const char* name, bool active) { list.push_back(json::object{{"name", name}, {"active", active}}); };
    layer("namespaces (user, pid, net, ipc, uts)", true);
    layer("read-only system, no home", true);
    layer("no capabilities, no nested user namespaces", true);
    layer("resource limits", true);
    layer("root dropped to nobody", ::geteuid() == 0);
    return json::serialize(list);
  }
};

}  // namespace

AISCI_PLUGIN("org.aisci.sandbox-bubblewrap", "0.1.0", AISCI_SANDBOX("bubblewrap", Bubblewrap))
