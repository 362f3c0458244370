#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.hpp"

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
  void reset(int fd) noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

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

// Opens a regular file. O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
Status open_regular(const std::filesystem::path& path, Descriptor& fd, std::uintmax_t& size) {
  fd.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd && errno == ELOOP) return invalid_argument(path.string() + " is a symbolic link, not a regular file");
  if (!fd) return system_error("opening", path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return system_error("reading", path);
  if (!S_ISREG(info.st_mode)) return invalid_argument(path.string() + " is not a regular file");
  size = static_cast<std::uintmax_t>(info.st_size);
  return {};
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Writes beside a name of an open folder, then renames over it; `path` is what messages call it.
Status replace_in(int folder, const std::string& name, std::string_view content, Durability durability,
                  const std::filesystem::path& path) {
  const bool synced = durability == Durability::kSynced;
  static std::atomic<unsigned> counter{0};
  const std::string part = name + ".part" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
  const auto create = [&] {
    return ::openat(folder, part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  };
  Descriptor fd{create()};
  // Of a process that was killed, or laid there by somebody: it goes, and what it may be linked to stays.
  if (!fd && errno == EEXIST && ::unlinkat(folder, part.c_str(), 0) == 0) fd.reset(create());
  if (!fd) return system_error("creating", path);
  const bool written =
      write_all(fd.get(), content) && (!synced || ::fsync(fd.get()) == 0) && ::close(fd.release()) == 0;
  if (!written || ::renameat(folder, part.c_str(), folder, name.c_str()) != 0) {
    Status status = system_error(written ? "replacing" : "writing", path);
    ::unlinkat(folder, part.c_str(), 0);
    return status;
  }
  if (!synced) return {};
  const Descriptor whole{::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (whole) ::fsync(whole.get());
  return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::uintmax_t limit) {
  Descriptor fd{-1};
  std::uintmax_t size = 0;
  AISCI_RETURN_IF_ERROR(open_regular(path, fd, size));
  if (size > limit) {
    return resource_exhausted(path.string() + " has " + std::to_string(size) + " bytes, more than the " +
                              std::to_string(limit) + " allowed");
  }
  std::string content(static_cast<std::size_t>(size), '\0');
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

Status read_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& take) {
  Descriptor fd{-1};
  std::uintmax_t size = 0;
  AISCI_RETURN_IF_ERROR(open_regular(path, fd, size));
  std::array<char, 1 << 16> piece;
  for (;;) {
    const ssize_t n = ::read(fd.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("reading", path);
    if (n == 0) return {};
    take({piece.data(), static_cast<std::size_t>(n)});
  }
}

Status write_file(const std::filesystem::path& path, std::string_view content, Durability durability) {
  if (path.has_parent_path()) AISCI_RETURN_IF_ERROR(make_folders(path.parent_path()));
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
  const Descriptor folder{::open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (!folder) return system_error("opening", parent);
  return replace_in(folder.get(), path.filename().string(), content, durability, path);
}

bool is_name_below(std::string_view name) {
  if (name.find('\0') != std::string_view::npos) return false;
  for (;;) {
    const auto slash = name.find('/');
    const auto part = name.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

Status write_below(const std::filesystem::path& folder, std::string_view name, std::string_view content,
                   Durability durability) {
  constexpr std::size_t kShown = 200;
  if (!is_name_below(name))
    return invalid_argument("a file is to be written below " + folder.string() + ", and \"" + printable(name, kShown) +
                            "\" is no plain name below it");
  AISCI_RETURN_IF_ERROR(make_folders(folder));
  Descriptor at{::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (!at) return system_error("opening", folder);
  const auto path = folder / name;
  for (auto slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/')) {
    const std::string part{name.substr(0, slash)};
    if (::mkdirat(at.get(), part.c_str(), 0777) != 0 && errno != EEXIST)
      return system_error("making folders for", path);
    Descriptor next{::openat(at.get(), part.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)};
    if (!next && errno == ENOTDIR)
      return permission_denied("writing " + path.string() + ": " + part + " is a link or a file, not a folder");
    if (!next) return system_error("making folders for", path);
    at.reset(next.release());
    name.remove_prefix(slash + 1);
  }
  return replace_in(at.get(), std::string{name}, content, durability, path);
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
