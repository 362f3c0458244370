// Which GPUs the experiments of a study get, and what there is to say about it.
//
//   AISCI_ASSIGN_OR_RETURN(const StudyGpus gpus, study_gpus(options, python));
//   if (!gpus.note.empty()) tell(gpus.note);
//
// Threads: free function; asks the driver, and the interpreter for a moment.
#pragma once

#include <aisci/options.hpp>
#include <aisci/status.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "runtime/gpus.hpp"

namespace aisci {

struct StudyGpus {
  std::vector<Gpu> gpus;  // one that is named twice is there twice
  std::string note;       // what a user would want to know: left out and why, not going to be used; "" for nothing

  // As `gpu_ids` of a study that has begun: UUIDs, or none. What it began with it goes on with.
  std::string ids() const;
};

// `python`: the experiments' interpreter; without a PyTorch for CUDA in it a GPU is used only by name. Empty: not
// asked. NOT_FOUND, UNAVAILABLE or INVALID_ARGUMENT for GPUs that were named and cannot be had.
Result<StudyGpus> study_gpus(const Options& options, const std::filesystem::path& python);

}  // namespace aisci
