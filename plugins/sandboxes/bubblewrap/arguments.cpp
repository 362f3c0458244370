#include "arguments.hpp"

#include <sys/utsname.h>
#include <aisci/plugin/call.hpp>

#include <cstdio>

namespace aisci::sandboxes {
namespace fs = std::filesystem;
namespace {

// What of the system a program may read: programs, libraries and the settings of the loader, fonts and TeX. /run,
// /var/run and /tmp are never among them: a unix socket works on a read-only mount too.
constexpr const char* kSystem[] = {
    "/usr",       "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
    "/etc/fonts", "/etc/texmf",        "/var/lib/texmf"};

constexpr const char* kTmpBytes = "536870912";
constexpr const char* kShmBytes = "268435456";

bool present(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// The path, once it is known to name a device and nothing else.
std::string device_node(const fs::path& path) {
  std::error_code error;
  if (path.lexically_normal() != path || path.string().rfind("/dev/", 0) != 0 ||
      fs::symlink_status(path, error).type() != fs::file_type::character)
    throw plugin::Error{plugin::Code::kInvalidArgument, path.string() + " is no character device of /dev"};
  return path.string();
}

void add_labels_below(const fs::path& library, std::vector<fs::path>& found) {
  for (const char* packages : {"site-packages", "dist-packages"})
    for (const char* folder : {"sklearn/datasets/data", "sklearn/datasets/tests/data"})
      if (const auto data = library / packages / folder; present(data)) found.push_back(data);
}

}  // namespace

void append(Arguments& list, const Arguments& more) { list.insert(list.end(), more.begin(), more.end()); }

Arguments isolation() {
  return {"bwrap",
          "--unshare-user",
          "--unshare-pid",
          "--unshare-net",
          "--unshare-ipc",
          "--unshare-uts",
          "--unshare-cgroup-try",
          "--disable-userns",
          "--uid",
          "65534",
          "--gid",
          "65534",
          "--hostname",
          "sandbox",
          "--die-with-parent",
          "--new-session",
          "--cap-drop",
          "ALL",
          "--clearenv"};
}

Arguments system_view(const std::vector<fs::path>& devices) {
  Arguments argv;
  for (const char* path : kSystem)
    if (present(path)) append(argv, {"--ro-bind", path, path});
  for (const char* name : {"bin", "sbin", "lib", "lib32", "lib64", "libx32"})
    if (const fs::path link = fs::path{"/"} / name; fs::is_symlink(link))
      append(argv, {"--symlink", std::string{"usr/"} + name, link.string()});
    else if (present(link))
      append(argv, {"--ro-bind", link.string(), link.string()});
  // bwrap's /dev is a tmpfs without a cap: read-only, with the capped /dev/shm on it.
  append(argv, {"--proc", "/proc", "--dev", "/dev", "--size", kShmBytes, "--tmpfs", "/dev/shm"});
  if (!devices.empty()) append(argv, {"--ro-bind", "/sys", "/sys"});
  for (const auto& node : devices) append(argv, {"--dev-bind", device_node(node), device_node(node)});
  append(argv, {"--remount-ro", "/dev", "--size", kTmpBytes, "--tmpfs", "/tmp"});
  return argv;
}

fs::path environment_of(const std::string& program) {
  const fs::path path{program};
  if (!path.is_absolute() || program.rfind("/usr/", 0) == 0 || program.rfind("/bin/", 0) == 0) return {};
  const fs::path root = path.parent_path().parent_path();
  return present(root / "pyvenv.cfg") ? root : fs::path{};
}

Arguments covered_labels(const fs::path& environment) {
  std::vector<fs::path> found;
  for (const fs::path& root :
       {environment.empty() ? fs::path{} : environment / "lib", fs::path{"/usr/lib"}, fs::path{"/usr/local/lib"}}) {
    std::error_code error;
    for (fs::directory_iterator it{root, error}, end; !error && it != end; it.increment(error))
      if (it->path().filename().string().rfind("python3", 0) == 0) add_labels_below(it->path(), found);
  }
  Arguments argv;
  for (const auto& folder : found)
    append(argv, {"--size", "4096", "--tmpfs", folder.string(), "--remount-ro", folder.string()});
  return argv;
}

Arguments process_limit(long processes) {
  static const bool counted_by_namespace = [] {
    utsname name{};
    int major = 0, minor = 0;
    return ::uname(&name) == 0 && std::sscanf(name.release, "%d.%d", &major, &minor) == 2 &&
           (major > 5 || (major == 5 && minor >= 14)) && present("/usr/bin/prlimit");
  }();
  if (processes <= 0 || !counted_by_namespace) return {};
  return {"/usr/bin/prlimit", "--nproc=" + std::to_string(processes) + ":" + std::to_string(processes), "--"};
}

}  // namespace aisci::sandboxes
