#include "layers.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <aisci/plugin/call.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "arguments.hpp"
#include "filter.hpp"
#include "kit/containment/cgroup.hpp"
#include "kit/json.hpp"

namespace aisci::sandboxes {
namespace {

using kit::ControlGroup;
using plugin::Code;
using plugin::Error;

struct Attempt {
  int code = 0;
  std::string errors;
};

// As the user the sandbox would use, with the filter on descriptor 3.
Attempt try_bwrap() {
  const std::string program = filter_program();
  const int filter = ::memfd_create("aisci-filter", MFD_CLOEXEC);
  if (filter < 0 || ::write(filter, program.data(), program.size()) != static_cast<ssize_t>(program.size()) ||
      ::lseek(filter, 0, SEEK_SET) != 0)
    return {127, "no memory file"};
  Arguments words = isolation();
  append(words, {"--seccomp", "3"});
  append(words, system_view());
  append(words, {"--remount-ro", "/", "--"});
  append(words, process_limit(64));
  append(words, {"/bin/true"});
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {127, "no pipe"};
  const bool root = ::geteuid() == 0;
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::dup2(filter, 64);  // out of the way of 3, which may be any of these
    ::dup2(64, 3);
    if (root && (::setgroups(0, nullptr) != 0 || ::setresgid(65534, 65534, 65534) != 0 ||
                 ::setresuid(65534, 65534, 65534) != 0))
      ::_exit(126);
    ::execvp("bwrap", argv.data());
    const char* why = std::strerror(errno);
    if (::write(STDERR_FILENO, why, std::strlen(why)) < 0) ::_exit(127);
    ::_exit(127);
  }
  ::close(ends[1]);
  ::close(filter);
  Attempt attempt;
  std::array<char, 4096> buffer;
  for (ssize_t n = 0; (n = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
    attempt.errors.append(buffer.data(), static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  attempt.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return attempt;
}

std::string remedy_for(const Attempt& attempt) {
  if (attempt.code == 127) return "install it: apt-get install bubblewrap";
  return "let ordinary users make user namespaces: sysctl -w kernel.unprivileged_userns_clone=1 "
         "user.max_user_namespaces=10000 "
         "(on Ubuntu 23.10 and later also kernel.apparmor_restrict_unprivileged_userns=0); in a Docker container start "
         "it with "
         "--security-opt seccomp=unconfined --security-opt systempaths=unconfined (or --privileged); in a plain chroot "
         "use pivot_root. "
         "Without isolation, at your own risk: --sandbox process";
}

std::string group_remedy() {
  if (::geteuid() == 0)
    return "mount control groups writable; in a Docker container: --privileged, or --cgroupns=host -v "
           "/sys/fs/cgroup:/sys/fs/cgroup:rw";
  return "start aisci in a group that you own (control groups version 2, with systemd): systemd-run --user --scope "
         "aisci run ...";
}

Layer group_layer(const ControlGroup& group, ControlGroup::Controller controller, const char* name,
                  const std::string& what, const std::string& otherwise) {
  if (group.has(controller))
    return {name, true, what + " by a control group, version " + std::to_string(group.version(controller)), ""};
  return {name, false, otherwise + "; no control group: " + group.problem(controller), group_remedy()};
}

std::vector<Layer> find_layers() {
  const bool root = ::geteuid() == 0;
  const auto group = ControlGroup::make(ControlGroup::name_for(::getpid()) + "-probe", {64, 64, 1});
  return {{"namespaces", true, "user, pid, net, ipc, uts and cgroup namespaces of its own", ""},
          {"files", true, "named read-only folders, no home, no socket of the host; /tmp and /dev/shm capped", ""},
          {"privileges", true,
           std::string{root ? "root dropped to nobody" : "your own user, mapped to nobody"} +
               "; no capability, no further user namespace",
           ""},
          {"seccomp", true,
           std::to_string(refusals().size()) + " groups of system calls refused, other architectures killed", ""},
          {"limits", true,
           std::string{"file size, memory and processor time of a process, descriptors"} +
               (process_limit(1).empty() ? "" : ", processes of the sandbox"),
           ""},
          group_layer(group, ControlGroup::kMemory, "memory", "all memory of a run is limited",
                      "the supervisor adds up a run's memory every 50 ms"),
          group_layer(group, ControlGroup::kProcesses, "processes", "all processes of a run are limited",
                      "RLIMIT_NPROC alone"),
          group_layer(group, ControlGroup::kCpu, "cpu", "a run has its share of the processors",
                      "runs compete for the processors")};
}

}  // namespace

const std::string& why_not() {
  // Once a process: the kernel does not change its mind.
  static const std::string why = []() -> std::string {
    const Attempt attempt = try_bwrap();
    if (attempt.code == 0) return {};
    const std::string said = attempt.errors.substr(0, attempt.errors.find('\n'));
    return "bubblewrap cannot isolate experiments here (" +
           (said.empty() ? "exit " + std::to_string(attempt.code) : said) + "). To fix it, " + remedy_for(attempt);
  }();
  return why;
}

const std::vector<Layer>& layers() {
  static const std::vector<Layer> found = find_layers();
  return found;
}

std::string layers_json() {
  json::array list;
  for (const auto& layer : layers())
    list.push_back(json::object{
        {"name", layer.name}, {"active", layer.active}, {"detail", layer.detail}, {"remedy", layer.remedy}});
  return json::serialize(list);
}

void require(const std::string& names) {
  for (std::size_t begin = 0; begin < names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    const std::string name = names.substr(begin, end - begin);
    begin = end + 1;
    const auto found =
        std::find_if(layers().begin(), layers().end(), [&](const Layer& layer) { return layer.name == name; });
    if (found == layers().end()) {
      std::string known;
      for (const auto& layer : layers()) known += (known.empty() ? "" : ", ") + layer.name;
      throw Error{Code::kInvalidArgument, "bubblewrap has no layer \"" + name + "\"; it has " + known};
    }
    if (!found->active)
      throw Error{Code::kFailedPrecondition, "the layer \"" + name + "\" was asked for and is missing: " +
                                                 found->detail + ". To have it, " + found->remedy};
  }
}

}  // namespace aisci::sandboxes
