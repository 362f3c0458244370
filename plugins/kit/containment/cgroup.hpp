// Control groups: limits on all processes of a run together, and the kernel's word on which limit it hit.
//
//   auto group = kit::ControlGroup::make(kit::ControlGroup::name_for(getpid()), {2048, 256, 1.5});
//   group.add(child);                       // before the child runs anything
//   ...
//   if (group.events().memory_kills > 0) ...
//
// Versions 1 and 2, also mixed as in systemd's hybrid mode; each controller is taken from the version that serves it. A
// group is made below the process's own, so the limits it was started under still hold. Where version 2 forbids that
// (a group with processes cannot also have limited groups below it), it is made beside it. What cannot be had is told
// by problem(), never silently left out.
//
// Threads: one object, one thread.
#pragma once

#include <sys/types.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace aisci::kit {

struct GroupLimits {
  double memory_mb = 0;  // of all processes and their private tmpfs together; 0: none
  long processes = 0;    // and threads; 0: none
  double cpus = 0;       // processors' time; 0: none
};

struct GroupEvents {
  long memory_kills = 0;       // processes that the kernel ended for want of memory
  long refused_processes = 0;  // forks refused at the limit
  double peak_memory_bytes = 0;
};

class ControlGroup {
 public:
  enum Controller { kMemory, kProcesses, kCpu, kControllers };

  // `process` and the tests' own copy of it: a folder with the files `cgroup` and `mountinfo`.
  static ControlGroup make(const std::string& name, const GroupLimits& limits,
                           const std::filesystem::path& process = "/proc/self");
  // A name that says whose the group is, so that sweep() can tell when nobody's.
  static std::string name_for(pid_t pid);

  ControlGroup(ControlGroup&& other) noexcept;
  ControlGroup& operator=(ControlGroup&&) = delete;
  ~ControlGroup();  // removes the groups; kills what is still in them first

  bool has(Controller controller) const { return problems_[controller].empty(); }
  // Why a controller is missing, for people; "" when it is there.
  const std::string& problem(Controller controller) const { return problems_[controller]; }
  int version(Controller controller) const { return versions_[controller]; }

  // Moves a process in. A controller that refuses it is dropped, and its problem says so.
  void add(pid_t pid);
  GroupEvents events() const;
  // SIGKILL to all members.
  void kill() const;
  // Ends what groups of dead supervisors of this pid namespace still hold, and removes them.
  void sweep() const;

 private:
  struct Place {
    int version;
    std::filesystem::path folder;
    std::vector<Controller> controllers;
  };
  ControlGroup() = default;
  const Place* place_of(Controller controller) const;

  std::vector<Place> places_;
  std::array<std::string, kControllers> problems_;
  std::array<int, kControllers> versions_{};
};

}  // namespace aisci::kit
