#include "kit/containment/processes.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace aisci::kit {
namespace fs = std::filesystem;

std::string kernel_text(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) text.clear();
    if (n <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(fd);
  return text;
}

unsigned long long start_time(pid_t pid) {
  const std::string text = kernel_text("/proc/" + std::to_string(pid) + "/stat");
  const auto end = text.rfind(')');  // the name before it may hold anything
  if (end == std::string::npos) return 0;
  const char* at = text.c_str() + end + 1;
  for (int field = 3; field < 22; ++field) {
    at = std::strchr(at + 1, ' ');
    if (!at) return 0;
  }
  return std::strtoull(at + 1, nullptr, 10);
}

std::uint64_t pid_namespace() {
  struct stat info {};
  return ::stat("/proc/self/ns/pid", &info) == 0 ? static_cast<std::uint64_t>(info.st_ino) : 0;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> list;
  std::error_code error;
  for (const auto& task : fs::directory_iterator{"/proc/" + std::to_string(pid) + "/task", error}) {
    std::ifstream file{task.path() / "children"};
    for (pid_t child = 0; file >> child;) list.push_back(child);
  }
  return list;
}

std::vector<pid_t> descendants_of(pid_t pid) {
  std::vector<pid_t> list = children_of(pid);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto below = children_of(list[i]);
    list.insert(list.end(), below.begin(), below.end());
  }
  return list;
}

void signal_descendants(pid_t pid, int signal, pid_t spared) {
  for (const pid_t child : children_of(pid)) {
    if (signal == SIGKILL) ::kill(child, SIGSTOP);
    signal_descendants(child, signal, spared);
    if (child != spared) ::kill(child, signal);
  }
}

double resident_bytes_below(pid_t pid) {
  const double page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  double bytes = 0;
  for (const pid_t child : descendants_of(pid)) {
    std::ifstream file{"/proc/" + std::to_string(child) + "/statm"};
    double size = 0, resident = 0, shared = 0;
    if (file >> size >> resident >> shared) bytes += (resident - shared) * page;
  }
  return bytes;
}

double deleted_bytes_below(pid_t pid, dev_t device) {
  std::set<ino_t> seen;
  double bytes = 0;
  for (const pid_t child : descendants_of(pid)) {
    std::error_code error;
    for (fs::directory_iterator it{"/proc/" + std::to_string(child) + "/fd", error}, end; !error && it != end;
         it.increment(error)) {
      struct stat info {};
      if (::stat(it->path().c_str(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_nlink != 0 ||
          info.st_dev != device)
        continue;
      if (seen.insert(info.st_ino).second) bytes += static_cast<double>(info.st_blocks) * 512.0;
    }
  }
  return bytes;
}

}  // namespace aisci::kit
