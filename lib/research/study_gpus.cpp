#include "research/study_gpus.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "research/program_output.hpp"

namespace aisci {
namespace {

constexpr double kPatience = 10.0;  // seconds that the interpreter may take

// Looked up without importing PyTorch, which takes seconds.
bool knows_cuda(const std::filesystem::path& python) {
  const auto told = script_output(python,
                                  "import importlib.util as u, pathlib, runpy\n"
                                  "spec = u.find_spec('torch')\n"
                                  "print(runpy.run_path(pathlib.Path(spec.origin).with_name('version.py'))['cuda'])",
                                  kPatience);
  return told.ok() && told->status == 0 && trim(told->text) != "None";
}

void add(std::string& note, const std::string& sentence) { note += (note.empty() ? "" : "; ") + sentence; }

std::string left_out(const std::vector<Gpu>& found) {
  std::string note;
  for (std::size_t i = 0; i < found.size(); ++i)
    if (!found[i].problem.empty()) add(note, "GPU " + std::to_string(i) + " is left out: " + found[i].problem);
  return note;
}

std::string missing_nodes(const std::vector<Gpu>& gpus) {
  std::vector<std::string> nodes;
  for (const auto& gpu : gpus)
    for (const auto& node : gpu.missing)
      if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
  return nodes.empty() ? ""
                       : join(nodes, " and ") + " not there, which programs open: nvidia-modprobe -u -c 0 makes them";
}

}  // namespace

std::string StudyGpus::ids() const {
  std::vector<std::string> uuids;
  for (const auto& gpu : gpus) uuids.push_back(gpu.uuid);
  return uuids.empty() ? "none" : join(uuids, ",");
}

Result<StudyGpus> study_gpus(const Options& options, const std::filesystem::path& python) {
  AISCI_RETURN_IF_ERROR(check_gpu_ids(options.gpu_ids));
  StudyGpus study;
  if (options.gpu_allocation == "none" || options.gpu_ids == "none") return study;
  const bool any = options.gpu_ids == "all" || options.gpu_ids == "auto";
  const auto found = find_gpus();
  if (!found.ok()) {
    if (!any) return found.status();
    study.note = found.status().message();
    return study;
  }
  const char* const visible = std::getenv("CUDA_VISIBLE_DEVICES");
  AISCI_ASSIGN_OR_RETURN(study.gpus, choose_gpus(*found, options.gpu_ids, visible));
  if (any) study.note = left_out(*found);
  if (study.gpus.empty()) {
    if (visible && !found->empty()) add(study.note, "CUDA_VISIBLE_DEVICES shows none of the GPUs");
    return study;
  }
  if (const std::string nodes = missing_nodes(study.gpus); !nodes.empty()) add(study.note, nodes);
  if (python.empty() || knows_cuda(python)) return study;
  add(study.note, "the PyTorch of " + python.string() + " was built without CUDA and will not use a GPU");
  if (any) study.gpus.clear();
  return study;
}

}  // namespace aisci
