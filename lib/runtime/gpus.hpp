// GPUs of this machine: which the driver tells of, and which of them a study may use.
//
//   AISCI_ASSIGN_OR_RETURN(const auto found, find_gpus());
//   AISCI_ASSIGN_OR_RETURN(const auto usable, choose_gpus(found, "0,1", ""));
//
// NVIDIA's, by the management library that comes with the driver (libnvidia-ml.so.1, NVML; loaded at run time, and what
// nvidia-smi prints is from there). A GPU is known by its UUID: an index may name another one after a restart.
//
// Threads: free functions; any.
#pragma once

#include <aisci/status.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aisci {

struct Gpu {
  std::string uuid;                  // "GPU-8f1c..."
  std::string name;                  // "NVIDIA A100-SXM4-80GB"
  std::uint64_t memory_mb = 0;       // 0: the driver does not tell
  std::vector<std::string> devices;  // what a program must be able to open: "/dev/nvidia0", "/dev/nvidiactl", ...
  std::vector<std::string> missing;  // of those, what is not there
  std::string problem;               // why it cannot be used: lost, divided by MIG; "" when it can
};

// In the order of the PCI bus, which is nvidia-smi's; also those with a problem. Empty where there is no driver;
// UNAVAILABLE with the driver's own words where there is one that does not answer (a library of another version than
// the kernel module's, say).
Result<std::vector<Gpu>> find_gpus();

// INVALID_ARGUMENT for a text that names no GPUs, whichever there are: it is "all" or "auto", "none", or indices and
// UUIDs (or unmistakable beginnings of them) separated by ','.
Status check_gpu_ids(std::string_view ids);

// The GPUs that `ids` names. One that is named twice is there twice: two experiments share it. "all" leaves out those
// with a problem, and what `visible` does: CUDA_VISIBLE_DEVICES as a job scheduler sets it, or null. NOT_FOUND for a
// GPU that is not there, with those that are; UNAVAILABLE for a named one with a problem.
Result<std::vector<Gpu>> choose_gpus(const std::vector<Gpu>& found, std::string_view ids, const char* visible);

// "NVIDIA A100-SXM4-80GB (80 GB)", for people.
std::string describe(const Gpu& gpu);

}  // namespace aisci
