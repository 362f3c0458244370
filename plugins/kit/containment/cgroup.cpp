#include "kit/containment/cgroup.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include "kit/containment/processes.hpp"

namespace aisci::kit {
namespace fs = std::filesystem;
namespace {

constexpr std::array<const char*, ControlGroup::kControllers> kNames{"memory", "pids", "cpu"};
constexpr long kPeriod = 100000;  // microseconds over which processor time is counted

// Where one hierarchy is mounted and which group of it the process is in.
struct Hierarchy {
  int version;
  std::vector<std::string> controllers;
  fs::path top, own;
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream stream{text};
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

bool contains(const std::vector<std::string>& list, const std::string& what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

std::string text_of(const fs::path& file) { return kernel_text(file); }

// The number after a word: "oom_kill 3".
long counted(const std::string& text, const std::string& name) {
  std::istringstream stream{text};
  std::string word;
  for (long value = 0; stream >> word >> value;)
    if (word == name) return value;
  return 0;
}

// 0, or the error.
int write_value(const fs::path& file, const std::string& value) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return errno;
  const int error = ::write(fd, value.data(), value.size()) == static_cast<ssize_t>(value.size()) ? 0 : errno;
  ::close(fd);
  return error;
}

// /proc/self/cgroup: "4:memory:/a/b", "0::/a/b".  mountinfo: "... root mountpoint options ... - type source
// super-options".
std::vector<Hierarchy> hierarchies(const fs::path& process) {
  std::vector<std::pair<std::vector<std::string>, std::string>> groups;
  for (const auto& line : split(text_of(process / "cgroup"), '\n')) {
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    groups.emplace_back(split(line.substr(first + 1, second - first - 1), ','), line.substr(second + 1));
  }
  std::vector<Hierarchy> found;
  for (const auto& line : split(text_of(process / "mountinfo"), '\n')) {
    const auto dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    const auto head = split(line.substr(0, dash), ' '), tail = split(line.substr(dash + 3), ' ');
    if (head.size() < 5 || tail.size() < 3 || (tail[0] != "cgroup" && tail[0] != "cgroup2")) continue;
    Hierarchy hierarchy{tail[0] == "cgroup2" ? 2 : 1, split(tail[2], ','), head[4], head[4]};
    for (const auto& [controllers, path] : groups) {
      const bool same = hierarchy.version == 2
                            ? controllers.empty()
                            : !controllers.empty() && contains(hierarchy.controllers, controllers.front());
      if (!same) continue;
      // A container may have mounted only its own part of the hierarchy.
      const std::string& root = head[3];
      const std::string inside = root != "/" && path.rfind(root, 0) == 0 ? path.substr(root.size()) : path;
      if (fs::path candidate = (hierarchy.top / fs::path{inside}.relative_path()).lexically_normal();
          fs::exists(candidate))
        hierarchy.own = candidate;
    }
    if (hierarchy.version == 2)
      hierarchy.controllers = split(text_of(hierarchy.top / "cgroup.controllers")
                                        .substr(0, text_of(hierarchy.top / "cgroup.controllers").find('\n')),
                                    ' ');
    found.push_back(std::move(hierarchy));
  }
  return found;
}

// What a controller's limit is written as; {} when there is nothing to limit.
std::vector<std::pair<std::string, std::string>> settings(ControlGroup::Controller controller, int version,
                                                          const GroupLimits& limits) {
  const auto whole = [](double value) { return std::to_string(static_cast<long long>(std::llround(value))); };
  switch (controller) {
    case ControlGroup::kMemory:
      if (limits.memory_mb <= 0) return {};
      if (version == 2)
        return {{"memory.max", whole(limits.memory_mb * 1048576)}, {"memory.swap.max", "0"}, {"memory.oom.group", "1"}};
      return {{"memory.limit_in_bytes", whole(limits.memory_mb * 1048576)},
              {"memory.memsw.limit_in_bytes", whole(limits.memory_mb * 1048576)}};
    case ControlGroup::kProcesses:
      if (limits.processes <= 0) return {};
      return {{"pids.max", std::to_string(limits.processes)}};
    default:
      if (limits.cpus <= 0) return {};
      if (version == 2) return {{"cpu.max", whole(limits.cpus * kPeriod) + " " + std::to_string(kPeriod)}};
      return {{"cpu.cfs_period_us", std::to_string(kPeriod)}, {"cpu.cfs_quota_us", whole(limits.cpus * kPeriod)}};
  }
}

// Only the first setting is the limit itself; swap accounting and group kills are not in every kernel.
int apply(const fs::path& folder, ControlGroup::Controller controller, int version, const GroupLimits& limits) {
  const auto list = settings(controller, version, limits);
  int error = 0;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (const int failed = write_value(folder / list[i].first, list[i].second);
        failed != 0 && (i == 0 || controller == ControlGroup::kCpu))
      error = failed;
  return error;
}

// A folder in which processes may be put by this user, or the error.
int make_group(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return errno;
  if (::access((folder / "cgroup.procs").c_str(), F_OK) == 0 && ::access((folder / "cgroup.procs").c_str(), W_OK) != 0)
    return errno;
  return 0;
}

std::vector<pid_t> members_of(const fs::path& folder) {
  std::vector<pid_t> list;
  std::ifstream file{folder / "cgroup.procs"};
  for (pid_t pid = 0; file >> pid;) list.push_back(pid);
  return list;
}

void kill_members(const fs::path& folder, int version) {
  if (version == 2 && ::access((folder / "cgroup.kill").c_str(), W_OK) == 0 &&
      write_value(folder / "cgroup.kill", "1") == 0)
    return;
  for (const pid_t pid : members_of(folder))
    if (pid > 1) ::kill(pid, SIGKILL);
}

// A group can be removed once its last process is reaped.
void remove_group(const fs::path& folder, int version) {
  for (int i = 0; i < 200; ++i) {
    if (::rmdir(folder.c_str()) == 0 || errno == ENOENT || errno == EACCES || errno == EPERM) return;
    if (errno != EBUSY) return;
    kill_members(folder, version);
    ::usleep(5000);
  }
}

}  // namespace

std::string ControlGroup::name_for(pid_t pid) {
  return "aisci-" + std::to_string(pid_namespace()) + "-" + std::to_string(pid) + "-" + std::to_string(start_time(pid));
}

ControlGroup ControlGroup::make(const std::string& name, const GroupLimits& limits, const fs::path& process) {
  ControlGroup group;
  for (int i = 0; i < kControllers; ++i)
    group.problems_[i] = std::string{"no hierarchy of control groups with "} + kNames[i] + " is mounted";
  for (const auto& hierarchy : hierarchies(process)) {
    std::vector<Controller> wanted;
    for (int i = 0; i < kControllers; ++i)
      if (contains(hierarchy.controllers, kNames[i]) && !group.has(static_cast<Controller>(i)))
        wanted.push_back(static_cast<Controller>(i));
    if (wanted.empty()) continue;
    std::vector<fs::path> parents{hierarchy.own};
    if (hierarchy.version == 2 && hierarchy.own != hierarchy.top) parents.push_back(hierarchy.own.parent_path());
    for (const auto& parent : parents) {
      Place place{hierarchy.version, parent / name, {}};
      if (hierarchy.version == 2)
        for (const Controller controller : wanted)
          if (text_of(parent / "cgroup.subtree_control").find(kNames[controller]) == std::string::npos)
            write_value(parent / "cgroup.subtree_control", std::string{"+"} + kNames[controller]);
      const int refused = make_group(place.folder);
      for (const Controller controller : wanted) {
        const int error = refused ? refused : apply(place.folder, controller, place.version, limits);
        group.problems_[controller] = error ? parent.string() + " cannot be used: " + std::strerror(error) : "";
        group.versions_[controller] = error ? 0 : place.version;
        if (!error) place.controllers.push_back(controller);
      }
      if (!place.controllers.empty()) {
        group.places_.push_back(std::move(place));
        break;
      }
      if (!refused) ::rmdir(place.folder.c_str());
    }
  }
  return group;
}

ControlGroup::ControlGroup(ControlGroup&& other) noexcept
    : places_{std::move(other.places_)}, problems_{std::move(other.problems_)}, versions_{other.versions_} {
  other.places_.clear();
}

ControlGroup::~ControlGroup() {
  for (const auto& place : places_) remove_group(place.folder, place.version);
}

const ControlGroup::Place* ControlGroup::place_of(Controller controller) const {
  for (const auto& place : places_)
    if (std::find(place.controllers.begin(), place.controllers.end(), controller) != place.controllers.end())
      return &place;
  return nullptr;
}

void ControlGroup::add(pid_t pid) {
  for (auto& place : places_) {
    const int error = write_value(place.folder / "cgroup.procs", std::to_string(pid));
    if (!error) continue;
    for (const Controller controller : place.controllers) {
      problems_[controller] = place.folder.string() + " takes no process: " + std::strerror(error);
      versions_[controller] = 0;
    }
    place.controllers.clear();
  }
}

GroupEvents ControlGroup::events() const {
  GroupEvents events;
  if (const auto* place = place_of(kMemory)) {
    const bool second = place->version == 2;
    events.memory_kills =
        counted(text_of(place->folder / (second ? "memory.events" : "memory.oom_control")), "oom_kill");
    events.peak_memory_bytes =
        std::strtod(text_of(place->folder / (second ? "memory.peak" : "memory.max_usage_in_bytes")).c_str(), nullptr);
  }
  if (const auto* place = place_of(kProcesses))
    events.refused_processes = counted(text_of(place->folder / "pids.events"), "max");
  return events;
}

void ControlGroup::kill() const {
  if (!places_.empty()) kill_members(places_.front().folder, places_.front().version);
}

void ControlGroup::sweep() const {
  const std::string prefix = "aisci-" + std::to_string(pid_namespace()) + "-";
  for (const auto& place : places_) {
    std::vector<fs::path> dead;
    std::error_code error;
    for (fs::directory_iterator it{place.folder.parent_path(), error}, end; !error && it != end; it.increment(error)) {
      const std::string name = it->path().filename().string();
      if (name.rfind(prefix, 0) != 0) continue;
      const auto parts = split(name.substr(prefix.size()), '-');
      if (parts.size() != 2 ||
          start_time(static_cast<pid_t>(std::atol(parts[0].c_str()))) == std::strtoull(parts[1].c_str(), nullptr, 10))
        continue;
      dead.push_back(it->path());
    }
    for (const auto& folder : dead) remove_group(folder, place.version);
  }
}

}  // namespace aisci::kit
