#include "runtime/gpus.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <memory>

#include "base/text.hpp"

namespace aisci {
namespace {

// What is used of NVML, by its own names and types (nvml.h of the driver; the interface is kept compatible since 2011).
using Device = void*;
struct Memory {
  unsigned long long total, free, used;  // bytes
};

class Driver {
 public:
  // Null without a driver.
  static Result<std::unique_ptr<Driver>> open() {
    // Never closed: a library that was unloaded while threads of it lived would take the process along.
    static void* const library = ::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return std::unique_ptr<Driver>{};
    auto driver = std::unique_ptr<Driver>(new Driver);
    const bool whole = driver->bind(library, "nvmlInit_v2", driver->init_) &&
                       driver->bind(library, "nvmlShutdown", driver->shutdown_) &&
                       driver->bind(library, "nvmlErrorString", driver->error_string_) &&
                       driver->bind(library, "nvmlDeviceGetCount_v2", driver->count_) &&
                       driver->bind(library, "nvmlDeviceGetHandleByIndex_v2", driver->handle_) &&
                       driver->bind(library, "nvmlDeviceGetUUID", driver->uuid_) &&
                       driver->bind(library, "nvmlDeviceGetName", driver->name_) &&
                       driver->bind(library, "nvmlDeviceGetMemoryInfo", driver->memory_) &&
                       driver->bind(library, "nvmlDeviceGetMinorNumber", driver->minor_);
    (void)driver->bind(library, "nvmlDeviceGetMigMode", driver->mig_);  // since version 450
    if (!whole) return unavailable("the library libnvidia-ml.so.1 is older than 2013 or no NVML");
    if (const int code = driver->init_(); code != 0) return driver->failure("starting NVML", code);
    driver->started_ = true;
    return driver;
  }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  ~Driver() {
    if (started_) shutdown_();
  }

  Result<std::vector<Gpu>> gpus() const {
    unsigned count = 0;
    if (const int code = count_(&count); code != 0) return failure("counting GPUs", code);
    std::vector<Gpu> found;
    for (unsigned index = 0; index < count; ++index) found.push_back(gpu_at(index));
    return found;
  }

 private:
  Driver() = default;

  template <typename Function>
  static bool bind(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    return function != nullptr;
  }

  Status failure(const std::string& doing, int code) const {
    return unavailable(doing + ": " + printable(error_string_(code), 200));
  }

  // One that is out of order does not take the others with it.
  Gpu gpu_at(unsigned index) const {
    Gpu gpu;
    Device device = nullptr;
    std::array<char, 96> text{};
    int code = handle_(index, &device);
    if (code == 0) code = uuid_(device, text.data(), text.size());
    if (code != 0) {
      gpu.problem = printable(error_string_(code), 200);
      return gpu;
    }
    gpu.uuid = printable(text.data(), 96);
    if (name_(device, text.data(), text.size()) == 0) gpu.name = printable(text.data(), 96);
    Memory memory{};
    if (memory_(device, &memory) == 0) gpu.memory_mb = memory.total >> 20;
    unsigned mode = 0, pending = 0;
    if (mig_ && mig_(device, &mode, &pending) == 0 && mode != 0)
      gpu.problem = "it is divided into instances (MIG), which are not supported";
    add_nodes(device, gpu);
    return gpu;
  }

  void add_nodes(Device device, Gpu& gpu) const {
    unsigned minor = 0;
    std::vector<std::string> nodes{"/dev/nvidiactl", "/dev/nvidia-uvm"};
    // No number: a driver without nodes of this kind, as in WSL.
    if (minor_(device, &minor) == 0) nodes.insert(nodes.begin(), "/dev/nvidia" + std::to_string(minor));
    std::error_code error;
    for (const auto& node : nodes) (std::filesystem::exists(node, error) ? gpu.devices : gpu.missing).push_back(node);
    // Since version 570 the driver does not start without it; older ones may not have it.
    if (const char* tools = "/dev/nvidia-uvm-tools"; std::filesystem::exists(tools, error))
      gpu.devices.push_back(tools);
  }

  bool started_ = false;
  int (*init_)() = nullptr;
  int (*shutdown_)() = nullptr;
  const char* (*error_string_)(int) = nullptr;
  int (*count_)(unsigned*) = nullptr;
  int (*handle_)(unsigned, Device*) = nullptr;
  int (*uuid_)(Device, char*, unsigned) = nullptr;
  int (*name_)(Device, char*, unsigned) = nullptr;
  int (*memory_)(Device, Memory*) = nullptr;
  int (*minor_)(Device, unsigned*) = nullptr;
  int (*mig_)(Device, unsigned*, unsigned*) = nullptr;
};

std::string list_of(const std::vector<Gpu>& gpus) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < gpus.size(); ++i) names.push_back(std::to_string(i) + " (" + gpus[i].uuid + ")");
  return gpus.empty() ? "the driver tells of none" : "there are " + join(names, ", ");
}

bool is_index(std::string_view text) {
  return !text.empty() && text.size() <= 4 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_list(std::string_view ids) { return ids != "none" && ids != "all" && ids != "auto"; }

Result<Gpu> gpu_named(const std::vector<Gpu>& found, std::string_view id) {
  const auto usable = [&](const Gpu& gpu) -> Result<Gpu> {
    if (gpu.problem.empty()) return gpu;
    return unavailable("the GPU " + std::string{id} + " cannot be used: " + gpu.problem);
  };
  if (is_index(id)) {
    const auto index = static_cast<std::size_t>(std::stoul(std::string{id}));
    if (index < found.size()) return usable(found[index]);
    return not_found("there is no GPU " + std::string{id} + "; " + list_of(found));
  }
  const auto begins = [&](const Gpu& gpu) { return gpu.uuid.substr(0, id.size()) == id; };
  const auto first = std::find_if(found.begin(), found.end(), begins);
  if (id.empty() || first == found.end())
    return not_found("there is no GPU " + printable(id, 60) + "; " + list_of(found));
  if (std::find_if(first + 1, found.end(), begins) != found.end())
    return invalid_argument(printable(id, 60) + " is the beginning of several GPUs' UUIDs");
  return usable(*first);
}

// As CUDA reads CUDA_VISIBLE_DEVICES: the list ends at the first entry that names nothing, and one that names a GPU
// twice shows none.
std::vector<Gpu> shown(const std::vector<Gpu>& found, std::string_view visible) {
  std::vector<Gpu> gpus;
  for (const auto& id : split(visible, ',')) {
    const auto gpu = gpu_named(found, trim(id));
    if (!gpu.ok()) break;
    const auto same = [&](const Gpu& other) { return other.uuid == gpu->uuid; };
    if (std::any_of(gpus.begin(), gpus.end(), same)) return {};
    gpus.push_back(*gpu);
  }
  return gpus;
}

}  // namespace

Result<std::vector<Gpu>> find_gpus() {
  AISCI_ASSIGN_OR_RETURN(const auto driver, Driver::open());
  return driver ? driver->gpus() : std::vector<Gpu>{};
}

Status check_gpu_ids(std::string_view ids) {
  if (!is_list(ids)) return {};
  for (const auto& part : split(ids, ','))
    if (const auto id = trim(part); id.substr(0, 4) == "MIG-")
      return invalid_argument("gpu_ids = \"" + printable(ids, 60) +
                              "\": instances of a divided GPU (MIG) are not supported; name whole ones");
    else if (!is_index(id) && id.substr(0, 4) != "GPU-")
      return invalid_argument("gpu_ids = \"" + printable(ids, 60) +
                              "\": expected all, none, or indices or UUIDs as nvidia-smi -L prints them, such as 0,1");
  return {};
}

Result<std::vector<Gpu>> choose_gpus(const std::vector<Gpu>& found, std::string_view ids, const char* visible) {
  AISCI_RETURN_IF_ERROR(check_gpu_ids(ids));
  std::vector<Gpu> chosen;
  if (ids == "none") return chosen;
  if (!is_list(ids)) {
    if (visible) return shown(found, visible);
    std::copy_if(found.begin(), found.end(), std::back_inserter(chosen),
                 [](const Gpu& gpu) { return gpu.problem.empty(); });
    return chosen;
  }
  for (const auto& id : split(ids, ',')) {
    AISCI_ASSIGN_OR_RETURN(Gpu gpu, gpu_named(found, trim(id)));
    chosen.push_back(std::move(gpu));
  }
  return chosen;
}

std::string describe(const Gpu& gpu) {
  return gpu.name + (gpu.memory_mb > 0 ? " (" + std::to_string((gpu.memory_mb + 512) / 1024) + " GB)" : "");
}

}  // namespace aisci
