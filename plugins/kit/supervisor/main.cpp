// aisci-supervisor: runs one program and leaves a record of how it ended, whatever becomes of aisci.
//
//   aisci-supervisor RUN_FOLDER SPEC_FILE
//
// SPEC_FILE holds lines "name value" and, after a line "argv N", N lines of arguments and, after "environment N", N lines
// NAME=VALUE (see plugins/kit/process/run.cpp, which writes it). It runs in a session of its own and is the
// subreaper of everything the program starts, so a program that forks twice and calls setsid is still found and
// ended. In RUN_FOLDER it writes supervisor.json when it starts, output.log and errors.log while the program runs,
// and completion.json, synced and renamed, when everything has ended.
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Spec {
  std::vector<std::string> argv, environment;
  std::vector<std::pair<std::string, std::string>> stages;  // host folder -> name below the staging mount
  std::string results, directory, filter;
  double wall_seconds = 3600, memory_mb = 0, results_mb = 0, output_mb = 16;
  long processes = 0;
  bool drop = false;  // run as nobody, with the folders staged where nobody can reach them
};

volatile sig_atomic_t asked_to_end = 0;
void on_terminate(int) { asked_to_end = 1; }

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "aisci-supervisor: %s\n", why.c_str());
  std::_Exit(127);
}

Spec read_spec(const char* path) {
  std::ifstream file{path};
  if (!file) die(std::string{"cannot read "} + path);
  Spec spec;
  std::string line;
  const auto read_list = [&](std::vector<std::string>& list, int count) {
    for (int i = 0; i < count && std::getline(file, line); ++i) list.push_back(line);
  };
  while (std::getline(file, line)) {
    const auto space = line.find(' ');
    const std::string name = line.substr(0, space), value = space == std::string::npos ? "" : line.substr(space + 1);
    if (name == "argv") read_list(spec.argv, std::atoi(value.c_str()));
    else if (name == "environment") read_list(spec.environment, std::atoi(value.c_str()));
    else if (name == "stage") spec.stages.emplace_back(value.substr(value.find(' ') + 1), value.substr(0, value.find(' ')));
    else if (name == "results") spec.results = value;
    else if (name == "directory") spec.directory = value;
    else if (name == "filter") spec.filter = value;
    else if (name == "wall_seconds") spec.wall_seconds = std::atof(value.c_str());
    else if (name == "memory_mb") spec.memory_mb = std::atof(value.c_str());
    else if (name == "results_mb") spec.results_mb = std::atof(value.c_str());
    else if (name == "output_mb") spec.output_mb = std::atof(value.c_str());
    else if (name == "processes") spec.processes = std::atol(value.c_str());
    else if (name == "drop") spec.drop = value == "1";
  }
  if (spec.argv.empty()) die("no program");
  return spec;
}

// Start time of a process in clock ticks: with the pid it names one process for ever.
unsigned long long start_time(pid_t pid) {
  std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto end = text.rfind(')');
  if (end == std::string::npos) return 0;
  const char* at = text.c_str() + end + 1;
  for (int field = 3; field < 22; ++field) {
    at = std::strchr(at + 1, ' ');
    if (!at) return 0;
  }
  return std::strtoull(at + 1, nullptr, 10);
}

void write_synced(const fs::path& path, const std::string& text) {
  const fs::path part = path.string() + ".part";
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return;
  const bool whole = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!whole || ::rename(part.c_str(), path.c_str()) != 0) return;
  const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

// All descendants: children are found through /proc, and orphans become children of this subreaper.
std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> list;
  std::error_code error;
  for (const auto& task : fs::directory_iterator{"/proc/" + std::to_string(pid) + "/task", error}) {
    std::ifstream file{task.path() / "children"};
    for (pid_t child = 0; file >> child;) list.push_back(child);
  }
  return list;
}

void signal_descendants(pid_t pid, int signal) {
  for (const pid_t child : children_of(pid)) {
    if (signal == SIGKILL) ::kill(child, SIGSTOP);  // it must not fork while its children are looked for
    signal_descendants(child, signal);
    ::kill(child, signal);
  }
}

double folder_mb(const fs::path& folder) {
  double bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it{folder, fs::directory_options::skip_permission_denied, error}, end; it != end; it.increment(error)) {
    struct stat info {};
    if (::lstat(it->path().c_str(), &info) == 0) bytes += static_cast<double>(info.st_blocks) * 512.0;
  }
  return bytes / 1048576.0;
}

// One stream of the program: copied to its log up to a cap.
struct Stream {
  int from = -1, to = -1;
  double left = 0;
  bool cut = false;
  void pump() {
    char buffer[65536];
    const ssize_t n = ::read(from, buffer, sizeof buffer);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (n <= 0) {
      ::close(from);
      from = -1;
      return;
    }
    const auto kept = static_cast<std::size_t>(std::min(left, static_cast<double>(n)));
    if (kept > 0 && ::write(to, buffer, kept) < 0) return;
    left -= static_cast<double>(kept);
    if (kept < static_cast<std::size_t>(n) && !cut) {
      cut = true;
      constexpr char kNote[] = "\n[output past its limit was dropped]\n";
      if (::write(to, kNote, sizeof kNote - 1) < 0) return;
    }
  }
};

void limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  ::setrlimit(static_cast<__rlimit_resource_t>(resource), &both);
}

// Makes the folders reachable for nobody: a private mount namespace, a small tmpfs over /mnt, and binds below it. A
// sandbox as root maps users only by name; real isolation starts with not being root.
void stage_and_drop(const Spec& spec) {
  constexpr uid_t kNobody = 65534;
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 || ::mount("aisci", "/mnt", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m") != 0) {
    die("cannot stage folders for an unprivileged user: " + std::string{std::strerror(errno)});
  }
  for (const auto& [from, name] : spec.stages) {
    const std::string to = "/mnt/" + name;
    if (::mkdir(to.c_str(), 0755) != 0 || ::mount(from.c_str(), to.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) die("cannot stage " + from + ": " + std::strerror(errno));
  }
  if (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0) die("cannot drop root");
}

[[noreturn]] void run_program(const Spec& spec, int out, int err) {
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, STDIN_FILENO);
  ::close_range(3, ~0U, 0);
  if (!spec.filter.empty() && ::open(spec.filter.c_str(), O_RDONLY) != 3) die("cannot open " + spec.filter + " as descriptor 3");
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGPIPE, SIG_DFL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 4096);
  if (spec.results_mb > 0) limit(RLIMIT_FSIZE, static_cast<rlim_t>(spec.results_mb * 1048576));
  if (spec.drop) {
    stage_and_drop(spec);
    if (spec.processes > 0) limit(RLIMIT_NPROC, static_cast<rlim_t>(spec.processes));
  }
  if (spec.memory_mb > 0) limit(RLIMIT_DATA, static_cast<rlim_t>(spec.memory_mb * 1048576));
  if (!spec.directory.empty() && ::chdir(spec.directory.c_str()) != 0) die("cannot enter " + spec.directory);
  std::vector<char*> argv, environment;
  for (const auto& word : spec.argv) argv.push_back(const_cast<char*>(word.c_str()));
  for (const auto& word : spec.environment) environment.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  environment.push_back(nullptr);
  ::execvpe(argv[0], argv.data(), environment.data());
  die("cannot start " + spec.argv[0] + ": " + std::strerror(errno));
}

struct Ending {
  int status = 0;
  bool timed_out = false, killed = false, overgrown = false, cut = false;
  rusage usage{};
  Clock::duration wall{};
};

// Ends everything: asks, waits a moment, then kills until nothing is left.
void end_all() {
  signal_descendants(::getpid(), SIGTERM);
  const auto patience = Clock::now() + std::chrono::milliseconds{500};
  while (Clock::now() < patience && !children_of(::getpid()).empty()) {
    ::usleep(10000);
    int status = 0;
    // Only orphans are reaped here; the program itself is waited for by its pid.
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) continue;
    (void)status;
    break;
  }
  signal_descendants(::getpid(), SIGKILL);
}

Ending supervise(const Spec& spec, pid_t program, Stream (&streams)[2]) {
  const auto begun = Clock::now();
  const auto deadline = begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{spec.wall_seconds});
  auto next_look = begun + std::chrono::seconds{1};
  Ending ending;
  bool running = true, ending_it = false;
  while (running || streams[0].from >= 0 || streams[1].from >= 0) {
    pollfd ends[2] = {{streams[0].from, POLLIN, 0}, {streams[1].from, POLLIN, 0}};
    ::poll(ends, 2, running ? 20 : 0);
    bool read = false;
    for (int i = 0; i < 2; ++i)
      if (streams[i].from >= 0 && (ends[i].revents & (POLLIN | POLLHUP | POLLERR))) {
        streams[i].pump();
        read = true;
      }
    if (!running && !read) break;  // what still holds the pipes open is killed below
    for (int status = 0; running;) {
      rusage usage{};
      const pid_t pid = ::wait4(-1, &status, WNOHANG, &usage);
      if (pid <= 0) break;
      if (pid != program) continue;
      running = false;
      ending.status = status;
      ending.wall = Clock::now() - begun;
    }
    const auto now = Clock::now();
    if (running && !ending_it && now >= deadline) ending.timed_out = ending_it = true;
    if (running && !ending_it && asked_to_end) ending.killed = ending_it = true;
    if (running && !ending_it && spec.results_mb > 0 && now >= next_look) {
      next_look = now + std::chrono::seconds{1};
      if (folder_mb(spec.results) > spec.results_mb) ending.overgrown = ending_it = true;
    }
    if (running && ending_it) end_all();
  }
  // Whatever the program left behind.
  for (int round = 0; round < 200 && !children_of(::getpid()).empty(); ++round) {
    signal_descendants(::getpid(), SIGKILL);
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    ::usleep(5000);
  }
  ::getrusage(RUSAGE_CHILDREN, &ending.usage);
  ending.cut = streams[0].cut || streams[1].cut;
  return ending;
}

std::string record_of(const Ending& ending) {
  const auto ns = [](const timeval& t) { return static_cast<long long>(t.tv_sec) * 1000000000LL + t.tv_usec * 1000LL; };
  const int signal = WIFSIGNALED(ending.status) ? WTERMSIG(ending.status) : 0;
  const int code = WIFEXITED(ending.status) ? WEXITSTATUS(ending.status) : -1;
  char text[512];
  std::snprintf(text, sizeof text,
                "{\"exit\":%d,\"signal\":%d,\"timed_out\":%s,\"killed\":%s,\"overgrown\":%s,\"output_cut\":%s,\"wall_ns\":%lld,\"user_ns\":%lld,\"system_ns\":%lld,\"max_rss_bytes\":%lld}\n",
                code, signal, ending.timed_out ? "true" : "false", ending.killed ? "true" : "false", ending.overgrown ? "true" : "false", ending.cut ? "true" : "false",
                static_cast<long long>(std::chrono::duration_cast<std::chrono::nanoseconds>(ending.wall).count()), ns(ending.usage.ru_utime), ns(ending.usage.ru_stime),
                static_cast<long long>(ending.usage.ru_maxrss) * 1024);
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) die("usage: aisci-supervisor RUN_FOLDER SPEC_FILE");
  const fs::path folder = argv[1];
  const Spec spec = read_spec(argv[2]);
  struct sigaction action {};
  action.sa_handler = on_terminate;
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaction(signal, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  write_synced(folder / "supervisor.json", "{\"pid\":" + std::to_string(::getpid()) + ",\"started\":" + std::to_string(start_time(::getpid())) + "}\n");

  Stream streams[2];
  int pipes[2][2];
  const char* names[] = {"output.log", "errors.log"};
  for (int i = 0; i < 2; ++i) {
    if (::pipe2(pipes[i], O_CLOEXEC) != 0) die("no pipe");
    streams[i].from = pipes[i][0];
    streams[i].to = ::open((folder / names[i]).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    streams[i].left = spec.output_mb * 1048576;
  }
  const pid_t program = ::fork();
  if (program < 0) die("cannot fork");
  if (program == 0) run_program(spec, pipes[0][1], pipes[1][1]);
  ::close(pipes[0][1]);
  ::close(pipes[1][1]);
  write_synced(folder / "completion.json", record_of(supervise(spec, program, streams)));
  return 0;
}
