#include "ledger/writer_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.hpp"

namespace aisci {

Result<std::unique_ptr<WriterLock>> WriterLock::take(const std::filesystem::path& ledger) {
  auto path = ledger;
  path.replace_extension(".lock");
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0)
    return permission_denied("cannot write to the study folder: " + path.string() + ": " + std::strerror(errno));
  std::unique_ptr<WriterLock> lock{new WriterLock{fd}};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return failed_precondition("this file system cannot lock files, so two writers could not be told apart: " +
                                 path.string() + ": " + std::strerror(errno));
    std::array<char, 256> holder{};
    const ssize_t n = ::pread(fd, holder.data(), holder.size() - 1, 0);
    return unavailable("another aisci works on this study (" + trim({holder.data(), n > 0 ? std::size_t(n) : 0}) +
                       "); wait for it, or stop it first");
  }
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::string text = "pid " + std::to_string(::getpid()) + " on " + host.data() + "\n";
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) < 0) {
    return resource_exhausted("cannot write " + path.string() + ": " + std::strerror(errno));
  }
  return lock;
}

WriterLock::~WriterLock() { ::close(fd_); }

}  // namespace aisci
