#include "watch.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "kit/containment/processes.hpp"

namespace aisci::supervisor {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using kit::children_of;
using kit::signal_descendants;
using std::chrono::milliseconds;

constexpr double kMegabyte = 1048576;
// A file without content costs the host something too; a million of them fill a file system as surely as bytes.
constexpr double kBytesOfAnEntry = 4096;

// A folder that its owner may not read hides what it holds; no honest program makes one.
constexpr double kHidden = 1e300;

double results_bytes(const fs::path& folder) {
  double bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it{folder, fs::directory_options::skip_permission_denied, error}, end;
       !error && it != end; it.increment(error)) {
    struct stat info {};
    if (::lstat(it->path().c_str(), &info) != 0) continue;
    if (S_ISDIR(info.st_mode) && (info.st_mode & 0500) != 0500) return kHidden;
    bytes += std::max(kBytesOfAnEntry, static_cast<double>(info.st_blocks) * 512.0);
  }
  struct stat info {};
  return ::stat(folder.c_str(), &info) == 0 ? bytes + kit::deleted_bytes_below(::getpid(), info.st_dev) : bytes;
}

// Looks that cost time are made seldom: a tenth of the supervisor's time at most goes into each.
struct Look {
  explicit Look(milliseconds interval) : every{interval}, next{Clock::now() + interval} {}
  template <typename What>
  bool due(What&& what) {
    const auto begun = Clock::now();
    if (begun < next) return false;
    const bool found = what();
    const auto now = Clock::now();
    next = now + std::max<Clock::duration>(every, 10 * (now - begun));
    return found;
  }
  milliseconds every;
  Clock::time_point next;
};

// Asks, waits a moment, then kills until nothing is left. A wrapper is not asked: it would take its program along.
void end_all(const Spec& spec, pid_t program, const kit::ControlGroup& group) {
  signal_descendants(::getpid(), SIGTERM, spec.wrapped ? program : 0);
  const auto patience = Clock::now() + milliseconds{500};
  while (Clock::now() < patience) {
    ::usleep(10000);
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(program), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == program)
      break;
  }
  signal_descendants(::getpid(), SIGKILL);
  group.kill();
}

// Whatever the program left behind, also what forked between two looks.
void clear(const kit::ControlGroup& group) {
  for (int round = 0; round < 400 && !children_of(::getpid()).empty(); ++round) {
    signal_descendants(::getpid(), SIGKILL);
    group.kill();
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    ::usleep(round < 10 ? 500 : 5000);
  }
}

}  // namespace

void Stream::pump() {
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

Ending watch(const Spec& spec, pid_t program, Stream (&streams)[2], const kit::ControlGroup& group,
             const volatile sig_atomic_t& asked_to_end) {
  const auto begun = Clock::now();
  const auto deadline =
      begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{spec.wall_seconds});
  const bool bounded = group.has(kit::ControlGroup::kMemory);
  Look results{milliseconds{200}}, memory{milliseconds{50}};
  const auto too_much = [&] {
    return bounded ? group.events().memory_kills > 0
                   : spec.memory_mb > 0 && kit::resident_bytes_below(::getpid()) > spec.memory_mb * kMegabyte;
  };
  const int exited =
      static_cast<int>(::syscall(SYS_pidfd_open, program, 0));  // readable when it ends; -1 on old kernels
  Ending ending;
  bool running = true;
  while (running || streams[0].from >= 0 || streams[1].from >= 0) {
    pollfd ends[3] = {{streams[0].from, POLLIN, 0}, {streams[1].from, POLLIN, 0}, {running ? exited : -1, POLLIN, 0}};
    ::poll(ends, 3, running ? 20 : 0);
    bool read = false;
    for (int i = 0; i < 2; ++i)
      if (streams[i].from >= 0 && (ends[i].revents & (POLLIN | POLLHUP | POLLERR))) {
        streams[i].pump();
        read = true;
      }
    if (!running && !read) break;  // what still holds the pipes open is killed below
    for (int status = 0; running;) {
      const pid_t pid = ::waitpid(-1, &status, WNOHANG);
      if (pid <= 0) break;
      if (pid != program) continue;
      running = false;
      ending.status = status;
      ending.wall = Clock::now() - begun;
    }
    if (!running) continue;
    if (Clock::now() >= deadline)
      ending.timed_out = true;
    else if (asked_to_end)
      ending.killed = true;
    else if (spec.results_mb > 0 &&
             results.due([&] { return results_bytes(spec.results) > spec.results_mb * kMegabyte; }))
      ending.overgrown = true;
    else if (memory.due(too_much))
      ending.out_of_memory = true;
    if (ending.timed_out || ending.killed || ending.overgrown || ending.out_of_memory) end_all(spec, program, group);
  }
  if (exited >= 0) ::close(exited);
  clear(group);
  ::getrusage(RUSAGE_CHILDREN, &ending.usage);
  ending.events = group.events();
  ending.out_of_memory |= ending.events.memory_kills > 0;
  ending.cut = streams[0].cut || streams[1].cut;
  return ending;
}

std::string record_of(const Spec& spec, const Ending& ending) {
  const auto ns = [](const timeval& t) { return static_cast<long long>(t.tv_sec) * 1000000000LL + t.tv_usec * 1000LL; };
  int signal = WIFSIGNALED(ending.status) ? WTERMSIG(ending.status) : 0;
  int code = WIFEXITED(ending.status) ? WEXITSTATUS(ending.status) : -1;
  if (spec.wrapped && code > 128 && code <= 128 + 64) {
    signal = code - 128;
    code = -1;
  }
  // A single file grew past the limit of all results.
  const bool overgrown = ending.overgrown || signal == SIGXFSZ;
  const auto word = [](bool value) { return value ? "true" : "false"; };
  char text[768];
  std::snprintf(text, sizeof text,
                "{\"exit\":%d,\"signal\":%d,\"timed_out\":%s,\"killed\":%s,\"overgrown\":%s,\"out_of_memory\":%s,"
                "\"output_cut\":%s,\"refused_processes\":%ld,\"wall_ns\":%lld,\"user_ns\":%lld,"
                "\"system_ns\":%lld,\"max_rss_bytes\":%lld,\"peak_memory_bytes\":%.0f}\n",
                code, signal, word(ending.timed_out), word(ending.killed), word(overgrown), word(ending.out_of_memory),
                word(ending.cut), ending.events.refused_processes,
                static_cast<long long>(std::chrono::duration_cast<std::chrono::nanoseconds>(ending.wall).count()),
                ns(ending.usage.ru_utime), ns(ending.usage.ru_stime),
                static_cast<long long>(ending.usage.ru_maxrss) * 1024, ending.events.peak_memory_bytes);
  return text;
}

}  // namespace aisci::supervisor
