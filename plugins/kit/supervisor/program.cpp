#include "program.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

namespace aisci::supervisor {
namespace {

void limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  ::setrlimit(static_cast<__rlimit_resource_t>(resource), &both);
}

void set_limits(const Spec& spec, bool bounded) {
  constexpr double kMegabyte = 1048576;
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 4096);
  limit(RLIMIT_MEMLOCK, static_cast<rlim_t>(64 * kMegabyte));
  if (spec.results_mb > 0) limit(RLIMIT_FSIZE, static_cast<rlim_t>(spec.results_mb * kMegabyte));
  // Nobody's processes of all sandboxes together, and of whatever else runs as nobody: the group and the limit inside
  // the sandbox's own user namespace are the narrow ones.
  if (spec.processes > 0 && spec.drop) limit(RLIMIT_NPROC, static_cast<rlim_t>(spec.processes * 8));
  // Private writable memory of one process. What a program reserves and never touches counts here and not in the
  // group's limit, so beside a group this one is wide; without it, it is the only one that holds at once.
  // The driver of a GPU reserves more than any limit of this kind; what it touches is watched all the same.
  if (spec.memory_mb > 0 && !spec.reserves)
    limit(RLIMIT_DATA, static_cast<rlim_t>(spec.memory_mb * (bounded ? 4 : 1.25) * kMegabyte));
  // Holds even if the supervisor is gone.
  if (spec.wall_seconds > 0)
    limit(RLIMIT_CPU, static_cast<rlim_t>(std::ceil(spec.wall_seconds * std::max(1.0, spec.cpus))) + 60);
}

// Makes the folders reachable for nobody: a private mount namespace, a small tmpfs over /mnt, and binds below it. A
// sandbox as root maps users only by name; real isolation starts with not being root.
void stage_and_drop(const Spec& spec) {
  constexpr uid_t kNobody = 65534;
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("aisci", "/mnt", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m") != 0) {
    die("cannot stage folders for an unprivileged user: " + std::string{std::strerror(errno)});
  }
  for (const auto& [from, name] : spec.stages) {
    const std::string to = "/mnt/" + name;
    if (::mkdir(to.c_str(), 0755) != 0 || ::mount(from.c_str(), to.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0)
      die("cannot stage " + from + ": " + std::strerror(errno));
  }
  if (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 ||
      ::setresuid(kNobody, kNobody, kNobody) != 0)
    die("cannot drop root");
}

}  // namespace

void become_program(const Spec& spec, int out, int err, int go, bool bounded) {
  char byte = 0;
  if (::read(go, &byte, 1) != 1) ::_exit(127);  // the supervisor is gone
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, STDIN_FILENO);
  ::close_range(3, ~0U, 0);
  if (!spec.filter.empty() && ::open(spec.filter.c_str(), O_RDONLY) != 3)
    die("cannot open " + spec.filter + " as descriptor 3");
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  if (spec.drop) stage_and_drop(spec);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // after the drop, which clears it
  set_limits(spec, bounded);
  if (!spec.directory.empty() && ::chdir(spec.directory.c_str()) != 0) die("cannot enter " + spec.directory);
  std::vector<char*> argv, environment;
  for (const auto& word : spec.argv) argv.push_back(const_cast<char*>(word.c_str()));
  for (const auto& word : spec.environment) environment.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  environment.push_back(nullptr);
  ::execvpe(argv[0], argv.data(), environment.data());
  die("cannot start " + spec.argv[0] + ": " + std::strerror(errno));
}

}  // namespace aisci::supervisor
