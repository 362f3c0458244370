#include "host/library.hpp"

#include "base/hash.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>

namespace aisci::host {
namespace {

constexpr std::uintmax_t kLargestPlugin = std::uintmax_t{1} << 30;

class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_{fd} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// What this process has loaded, for ever: the dynamic linker knows a library by its name, and ours is
// /proc/self/fd/N, so the descriptor stays open and no file is loaded under a second one.
struct Process {
  struct Loaded {
    std::string sha256;
    Result<const aisci_plugin_t*> table;
  };
  std::mutex mutex;
  std::map<std::pair<dev_t, ino_t>, Loaded> files;
  std::map<const aisci_plugin_t*, int> users;  // Libraries alive
};

Process& process() {
  static Process* const instance = new Process;  // outlives every static that still holds a component
  return *instance;
}

Status check_stat(const struct stat& info, const std::filesystem::path& path) {
  if (info.st_uid != 0 && info.st_uid != ::geteuid())
    return permission_denied(path.string() + " belongs to another user; plugins must belong to root or to you");
  // A group that has the user's own number is private to the user (Debian's default groups).
  const bool private_group = info.st_gid == info.st_uid;
  if ((info.st_mode & S_IWOTH) || ((info.st_mode & S_IWGRP) && !private_group))
    return permission_denied(path.string() + " can be written by others; chmod go-w " + path.string());
  return {};
}

Result<std::string> read_all(int fd, const std::filesystem::path& path) {
  std::string bytes;
  std::string buffer(std::size_t{1} << 16, '\0');
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return data_loss("reading " + path.string() + ": " + std::strerror(errno));
    if (got == 0) return bytes;
    bytes.append(buffer, 0, static_cast<std::size_t>(got));
    if (bytes.size() > kLargestPlugin) return invalid_argument(path.string() + " is too large for a plugin");
  }
}

Result<const aisci_plugin_t*> load(Descriptor& fd, const std::filesystem::path& path) {
  const std::string name = "/proc/self/fd/" + std::to_string(fd.get());
  ::dlerror();
  // Local, so that plugins do not see each other's symbols; for ever, because unloading code that has
  // thread-local or static destructors is not safe.
  void* const handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!handle) {
    const char* const why = ::dlerror();
    return failed_precondition(path.string() + " cannot be loaded: " + (why ? why : "no reason given"));
  }
  fd.release();  // also when the table turns out to be bad: the name is taken
  void* const symbol = ::dlsym(handle, "aisci_plugin_v1");
  if (!symbol)
    return failed_precondition(path.string() + " is no aisci plugin of ABI 1: it has no function aisci_plugin_v1");
  const auto entry = reinterpret_cast<const aisci_plugin_t* (*)()>(symbol);
  const aisci_plugin_t* table = nullptr;
  try {
    table = entry();
  } catch (...) {
    return internal_error(path.string() + ": aisci_plugin_v1 threw an exception");
  }
  AISCI_RETURN_IF_ERROR(check_table(table).with_context(path.string()));
  return table;
}

bool is_name(const char* text) {
  if (!text || !*text || std::strlen(text) > 128) return false;
  for (const char* c = text; *c; ++c)
    if (!std::strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *c)) return false;
  return text[0] != '.';
}

Status check_component(const aisci_component_t* component) {
  if (!component || !AISCI_COVERS(component, flags) || !AISCI_HAS(component, kind) || !AISCI_HAS(component, id))
    return failed_precondition("a component in its table has no kind or no id");
  if (!is_name(component->kind) || !is_name(component->id))
    return failed_precondition("a component's kind or id has characters other than letters, digits, '.', '_' and '-'");
  return {};
}

}  // namespace

Status check_owner(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return not_found(path.string() + ": " + std::strerror(errno));
  return check_stat(info, path);
}

Status check_table(const aisci_plugin_t* table) {
  if (!table) return failed_precondition("aisci_plugin_v1 returned no table");
  if (!AISCI_COVERS(table, min_host_minor)) return failed_precondition("its table is shorter than ABI 1.0");
  if (table->abi_major != AISCI_ABI_MAJOR)
    return failed_precondition("it was built for ABI " + std::to_string(table->abi_major) + ", this host has ABI " +
                               std::to_string(AISCI_ABI_MAJOR));
  if (table->min_host_minor > AISCI_ABI_MINOR)
    return failed_precondition("it needs ABI 1." + std::to_string(table->min_host_minor) + ", this host has 1." +
                               std::to_string(AISCI_ABI_MINOR) + "; a newer aisci is needed");
  if (!AISCI_COVERS(table, shutdown)) return failed_precondition("its table is shorter than ABI 1.0");
  if (!table->info || !AISCI_HAS(table->info, id) || !AISCI_HAS(table->info, version) || !is_name(table->info->id))
    return failed_precondition("its table has no usable id or version");
  if (!table->create) return failed_precondition("its table has no create function");
  if (table->component_count > 0 && !table->components) return failed_precondition("its table has no components");
  if (table->component_count > 1000) return failed_precondition("its table lists more than 1000 components");
  for (std::uint64_t i = 0; i < table->component_count; ++i)
    AISCI_RETURN_IF_ERROR(check_component(table->components[i]));
  return {};
}

Result<std::shared_ptr<Library>> Library::open(const std::filesystem::path& file, const std::string& expected_sha256) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::canonical(file, error);
  if (error) return not_found(file.string() + ": " + error.message());
  AISCI_RETURN_IF_ERROR(check_owner(path.parent_path()));
  Descriptor fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (fd.get() < 0) return not_found(path.string() + ": " + std::strerror(errno));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))
    return invalid_argument(path.string() + " is not a file");
  AISCI_RETURN_IF_ERROR(check_stat(info, path));
  AISCI_ASSIGN_OR_RETURN(const std::string bytes, read_all(fd.get(), path));
  std::string hash = aisci::sha256(bytes);
  if (!expected_sha256.empty() && hash != expected_sha256)
    return data_loss(path.string() + " is not the file its manifest describes (SHA-256 " + hash + ", expected " +
                     expected_sha256 + ")");

  Process& here = process();
  const std::lock_guard lock{here.mutex};
  auto known = here.files.find({info.st_dev, info.st_ino});
  if (known != here.files.end() && known->second.sha256 != hash)
    return failed_precondition(path.string() +
                               " was changed after this process loaded it; start again to use the new one");
  if (known == here.files.end()) {
    Result<const aisci_plugin_t*> table = load(fd, path);
    if (fd.get() >= 0) return table.status();  // not loaded: the next attempt starts afresh
    known = here.files.emplace(std::pair{info.st_dev, info.st_ino}, Process::Loaded{hash, std::move(table)}).first;
  }
  AISCI_ASSIGN_OR_RETURN(const aisci_plugin_t* const table, Result<const aisci_plugin_t*>{known->second.table});
  ++here.users[table];
  return std::shared_ptr<Library>{new Library{table, path, std::move(hash), nullptr}};
}

Result<std::shared_ptr<Library>> Library::adopt(const aisci_plugin_t* table, void* user) {
  AISCI_RETURN_IF_ERROR(check_table(table).with_context("static plugin"));
  Process& here = process();
  const std::lock_guard lock{here.mutex};
  ++here.users[table];
  return std::shared_ptr<Library>{new Library{table, {}, {}, user}};
}

Library::Library(const aisci_plugin_t* table, std::filesystem::path path, std::string sha256, void* user)
    : table_{table}, path_{std::move(path)}, sha256_{std::move(sha256)}, user_{user} {
  std::error_code ignored;
  if (path_.empty()) return;
  const std::filesystem::path data = path_.parent_path() / "data";
  if (std::filesystem::is_directory(data, ignored)) data_folder_ = data.string();
}

Library::~Library() {
  Process& here = process();
  const std::lock_guard lock{here.mutex};
  if (--here.users[table_] > 0 || !AISCI_HAS(table_, shutdown)) return;
  try {
    table_->shutdown();
  } catch (...) {  // NOLINT: nothing is left to tell it to
  }
}

const aisci_component_t* Library::find(std::string_view kind, std::string_view id) const noexcept {
  for (std::uint64_t i = 0; i < table_->component_count; ++i)
    if (table_->components[i]->kind == kind && table_->components[i]->id == id) return table_->components[i];
  return nullptr;
}

}  // namespace aisci::host
