#include "ledger/writer_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "base/text.hpp"

namespace aisci {

namespace {

constexpr auto kBetweenTries = std::chrono::milliseconds{10};
constexpr int kMostTries = 200;

std::string host_name() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return host.data();
}

std::string holder_of(int fd) {
  std::array<char, 256> holder{};
  const ssize_t n = ::pread(fd, holder.data(), holder.size() - 1, 0);
  return trim({holder.data(), n > 0 ? std::size_t(n) : 0});
}

// A process that was killed while it started another leaves its lock to that one, for the moment until it becomes the
// program it starts.
bool is_dead(const std::string& holder) {
  const auto words = split(holder, ' ');
  if (words.size() != 4 || words[3] != host_name()) return false;
  const int pid = std::atoi(words[1].c_str());
  return pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
}

}  // namespace

Result<std::unique_ptr<WriterLock>> WriterLock::take(const std::filesystem::path& ledger) {
  auto path = ledger;
  path.replace_extension(".lock");
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
  if (fd < 0)
    return permission_denied("cannot write to the study folder: " + path.string() + ": " + std::strerror(errno));
  std::unique_ptr<WriterLock> lock{new WriterLock{fd}};
  // What is written into it is written nowhere else.
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_nlink > 1)
    return failed_precondition(path.string() +
                               " is a pipe or a device, or has a second name elsewhere, where the "
                               "lock's text would be written too; remove it to work on this study");
  for (int tries = 0; ::flock(fd, LOCK_EX | LOCK_NB) != 0; ++tries) {
    if (errno != EWOULDBLOCK)
      return failed_precondition("this file system cannot lock files, so two writers could not be told apart: " +
                                 path.string() + ": " + std::strerror(errno));
    const std::string holder = holder_of(fd);
    if (tries == kMostTries || !is_dead(holder))
      return unavailable("another aisci works on this study (" + holder + "); wait for it, or stop it first");
    std::this_thread::sleep_for(kBetweenTries);
  }
  const std::string text = "pid " + std::to_string(::getpid()) + " on " + host_name() + "\n";
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) < 0) {
    return resource_exhausted("cannot write " + path.string() + ": " + std::strerror(errno));
  }
  return lock;
}

WriterLock::~WriterLock() { ::close(fd_); }

}  // namespace aisci
