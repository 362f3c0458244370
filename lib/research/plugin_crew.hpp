// A crew whose members are components: agents, retrievers, a sandbox, a value function, a writer.
#pragma once

#include <aisci/options.hpp>
#include <aisci/registry.hpp>
#include <functional>
#include <memory>
#include <string>

#include "ledger/ledger.hpp"
#include "research/crew.hpp"
#include "runtime/model_tasks.hpp"

namespace aisci {

// Where the components of a crew live.
struct CrewWorld {
  Ledger& ledger;         // outlives the crew
  bool recording = true;  // false: the study is looked at, and nothing is kept
  // What a component says ("log") and measures ("metric"): type, component, line. May be empty.
  std::function<void(const std::string& type, const std::string& component, const std::string& line)> tell = {};
};

// Creates every component that a study with these options needs. FAILED_PRECONDITION or NOT_FOUND names the missing one
// and what to do. Model tasks go through `tasks`, which must outlive the crew.
Result<Crew> make_crew(const Options& options, const std::shared_ptr<Registry>& registry, ModelTasks& tasks,
                       const std::filesystem::path& python, const CrewWorld& world);

// The host's registry, or a new one; shipped plugins and the configured folders added.
Result<std::shared_ptr<Registry>> open_registry(const Options& options, std::shared_ptr<Registry> given = nullptr);

// The configuration that the options give a sandbox.
std::string sandbox_config(const Options& options);

// The interpreter that experiments run on: $AISCI_PYTHON, else the environment that set-up made.
// NOT_FOUND says how to make it.
Result<std::filesystem::path> experiment_python();

}  // namespace aisci
