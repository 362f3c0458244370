#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace aisci {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_{fd} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Status system_error(const char* doing, const std::filesystem::path& path) {
  const int error = errno;
  const std::string message = std::string{doing} + " " + path.string() + ": " + std::strerror(error);
  if (error == ENOENT) return not_found(message);
  if (error == EACCES || error == EPERM || error == EROFS) return permission_denied(message);
  if (error == ENOSPC || error == EDQUOT || error == EMFILE || error == ENFILE) return resource_exhausted(message);
  return {StatusCode::kUnknown, message};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::uintmax_t limit) {
  // O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
  const Descriptor fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (!fd) return system_error("opening", path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return system_error("reading", path);
  if (!S_ISREG(info.st_mode)) return invalid_argument(path.string() + " is not a regular file");
  if (static_cast<std::uintmax_t>(info.st_size) > limit) {
    return resource_exhausted(path.string() + " has " + std::to_string(info.st_size) + " bytes, more than the " +
                              std::to_string(limit) + " allowed");
  }
  std::string content(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t used = 0;
  while (used < content.size()) {
    const ssize_t n = ::read(fd.get(), content.data() + used, content.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("reading", path);
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
  }
  content.resize(used);
  return content;
}

Status write_file(const std::filesystem::path& path, std::string_view content, Durability durability) {
  const bool synced = durability == Durability::kSynced;
  if (path.has_parent_path()) AISCI_RETURN_IF_ERROR(make_folders(path.parent_path()));
  static std::atomic<unsigned> counter{0};
  std::filesystem::path temporary = path;
  temporary += ".part" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
  {
    Descriptor fd{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644)};
    if (!fd) return system_error("creating", temporary);
    std::size_t used = 0;
    while (used < content.size()) {
      const ssize_t n = ::write(fd.get(), content.data() + used, content.size() - used);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        Status status = system_error("writing", path);
        ::unlink(temporary.c_str());
        return status;
      }
      used += static_cast<std::size_t>(n);
    }
    if ((synced && ::fsync(fd.get()) != 0) || ::close(fd.release()) != 0) {
      Status status = system_error("writing", path);
      ::unlink(temporary.c_str());
      return status;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    Status status = system_error("replacing", path);
    ::unlink(temporary.c_str());
    return status;
  }
  if (!synced) return {};
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
  const Descriptor fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (fd) ::fsync(fd.get());
  return {};
}

Status copy_regular_file(const std::filesystem::path& from, const std::filesystem::path& to, Durability durability) {
  AISCI_ASSIGN_OR_RETURN(const std::string content, read_file(from));
  return write_file(to, content, durability);
}

Status sync_files(const std::filesystem::path& folder) {
  const Descriptor fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd) return system_error("opening", folder);
  if (::syncfs(fd.get()) != 0) return system_error("syncing", folder);
  return {};
}

Status make_folders(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return {StatusCode::kUnknown, "creating folder " + path.string() + ": " + error.message()};
  return {};
}

}  // namespace aisci
