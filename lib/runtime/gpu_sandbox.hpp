// A sandbox whose runs get GPUs: wraps any other one.
//
//   auto sandbox = with_gpus(inner, [options] { return usable_gpus(options); }, GpuLeases::shared_folder());
//   session->start(R"({"argv":["python3","/job/experiment.py"],"gpus":1,..})", run_id, call);    // waits for one
//
// A specification says by `gpus` how many its run would like; without the member the run gets none. What the inner
// sandbox is given instead is `devices`, the nodes that the program must be able to open, and in the environment
// CUDA_VISIBLE_DEVICES, which is empty where the run has no GPU: without isolation a program would find them all. A run
// on a GPU may use 4 GB more of the machine's memory, which CUDA takes for itself.
// A run has its GPUs until wait() has told how it ended, or, where nobody waits for it, until it is over
// (gpu_leases.hpp). attach() has them again for a run that an earlier process left.
//
// Events: `call` is told by progress() what a run waits for, and by report("gpus", [{"uuid","name"}]) what it got.
// Threads: as the inner sandbox's.
#pragma once

#include <aisci/sandbox.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "runtime/gpus.hpp"

namespace aisci {

// `find` is asked when the first run wants a GPU, and once; its failure is that run's.
std::shared_ptr<Sandbox> with_gpus(std::shared_ptr<Sandbox> inner, std::function<Result<std::vector<Gpu>>()> find,
                                   std::filesystem::path leases);

}  // namespace aisci
