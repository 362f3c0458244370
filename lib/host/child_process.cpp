#include "host/child_process.hpp"

#include "base/text.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

extern char** environ;

namespace aisci::host {
namespace {

constexpr int kSocketOfChild = 3;
constexpr std::size_t kMostWords = 400;

// What is not given away is closed.
struct Descriptors {
  int ours = -1, theirs = -1, read = -1, write = -1, nothing = -1;
  ~Descriptors() {
    for (const int fd : {ours, theirs, read, write, nothing})
      if (fd >= 0) ::close(fd);
  }
};

Status open_descriptors(Descriptors& fds) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return resource_exhausted(std::string{"no socket for a plugin's process: "} + std::strerror(errno));
  fds.ours = pair[0];
  fds.theirs = pair[1];
  if (::pipe2(pair, O_CLOEXEC) != 0)
    return resource_exhausted(std::string{"no pipe for a plugin's process: "} + std::strerror(errno));
  fds.read = pair[0];
  fds.write = pair[1];
  // Nobody reads while it runs: what does not fit is dropped, and the plugin does not wait.
  ::fcntl(fds.read, F_SETFL, O_NONBLOCK);
  ::fcntl(fds.write, F_SETFL, O_NONBLOCK);
  fds.nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (fds.nothing < 0) return resource_exhausted(std::string{"/dev/null: "} + std::strerror(errno));
  return {};
}

int spawn(const std::filesystem::path& program, std::uint64_t memory_mb, const Descriptors& fds, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, fds.nothing, 0);
  ::posix_spawn_file_actions_adddup2(&actions, fds.nothing, 1);
  ::posix_spawn_file_actions_adddup2(&actions, fds.write, 2);
  ::posix_spawn_file_actions_adddup2(&actions, fds.theirs, kSocketOfChild);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kSocketOfChild + 1);
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string name = program.string(), socket = std::to_string(kSocketOfChild), memory = std::to_string(memory_mb);
  char* const argv[] = {name.data(), socket.data(), memory.data(), nullptr};
  const int error = ::posix_spawn(&pid, name.c_str(), &actions, &attributes, argv, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  return error;
}

}  // namespace

Result<std::filesystem::path> plugin_host_program() {
  static const char marker = 0;
  Dl_info info{};
  std::error_code error;
  std::filesystem::path self = "/proc/self/exe";
  if (::dladdr(&marker, &info) && info.dli_fname) self = info.dli_fname;
  self = std::filesystem::canonical(self, error);
  if (error) self = std::filesystem::canonical("/proc/self/exe", error);  // a program started by a bare name
  std::filesystem::path at = self.parent_path();
  for (int i = 0; i < 4 && at.has_relative_path(); ++i, at = at.parent_path())
    for (const char* below : {"aisci/aisci-plugin-host", "lib/aisci/aisci-plugin-host"})
      if (std::filesystem::is_regular_file(at / below, error)) return at / below;
  return failed_precondition("aisci-plugin-host, in which plugins run apart, is not in lib/aisci beside " +
                             self.string() + "; install aisci whole, or choose the isolation in-process");
}

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(std::uint64_t memory_mb, int& socket) {
  AISCI_ASSIGN_OR_RETURN(const std::filesystem::path program, plugin_host_program());
  Descriptors fds;
  AISCI_RETURN_IF_ERROR(open_descriptors(fds));
  pid_t pid = -1;
  if (const int error = spawn(program, memory_mb, fds, pid); error != 0)
    return unavailable(program.string() + " cannot be started: " + std::strerror(error));
  socket = std::exchange(fds.ours, -1);
  return std::unique_ptr<ChildProcess>{new ChildProcess{pid, std::exchange(fds.read, -1)}};
}

ChildProcess::~ChildProcess() {
  end(std::chrono::milliseconds{0});
  ::close(words_);
}

bool ChildProcess::has_ended() {
  if (ended_) return true;
  int how = 0;
  pid_t got = 0;
  // Looked at first and collected later, so that its group can still be named by its number.
  siginfo_t info{};
  do got = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
  while (got < 0 && errno == EINTR);
  if (got == 0 && info.si_pid == 0) return false;
  if (got == 0) {
    ::kill(-pid_, SIGKILL);  // what it started ends with it
    if (::waitpid(pid_, &how, 0) == pid_) how_ = how;
  }  // otherwise the program collects all children itself, and nobody knows how this one ended
  ended_ = true;
  read_words();
  return true;
}

void ChildProcess::end(std::chrono::milliseconds patience) {
  const std::lock_guard lock{mutex_};
  const auto until = std::chrono::steady_clock::now() + patience;
  auto pause = std::chrono::microseconds{50};
  while (!has_ended() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds{5000});
  }
  if (ended_) return;
  by_us_ = true;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);  // it may not lead its group yet
  while (!has_ended()) std::this_thread::sleep_for(std::chrono::microseconds{200});
}

void ChildProcess::read_words() {
  char buffer[4096];
  std::string all;
  for (;;) {
    const ssize_t got = ::read(words_, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    all.append(buffer, static_cast<std::size_t>(got));
  }
  if (all.size() > kMostWords) all.erase(0, all.size() - kMostWords);
  said_ = trim(printable(all, kMostWords));
}

std::string ChildProcess::how_it_ended() const {
  const std::lock_guard lock{mutex_};
  std::string text = "ended";
  if (by_us_)
    text = "was killed";
  else if (how_ >= 0 && WIFSIGNALED(how_))
    text = "was ended by signal " + std::to_string(WTERMSIG(how_)) + " (" + ::strsignal(WTERMSIG(how_)) + ")";
  else if (how_ >= 0 && WIFEXITED(how_))
    text = "ended with exit code " + std::to_string(WEXITSTATUS(how_));
  return said_.empty() ? text : text + "; it wrote: " + said_;
}

}  // namespace aisci::host
