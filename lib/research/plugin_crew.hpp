// A crew whose members are components: agents, retrievers, a sandbox, a value function, a writer.
#pragma once

#include <aisci/options.hpp>
#include <aisci/registry.hpp>
#include <memory>

#include "research/crew.hpp"
#include "runtime/model_tasks.hpp"

namespace aisci {

// Creates every component that a study with these options needs. FAILED_PRECONDITION or NOT_FOUND names the missing one
// and what to do. Model tasks go through `tasks`, which must outlive the crew.
Result<Crew> make_crew(const Options& options, const std::shared_ptr<Registry>& registry, ModelTasks& tasks,
                       const std::filesystem::path& python);

// The host's registry, or a new one; shipped plugins and the configured folders added.
Result<std::shared_ptr<Registry>> open_registry(const Options& options, std::shared_ptr<Registry> given = nullptr);

// The configuration that the options give a sandbox.
std::string sandbox_config(const Options& options);

// The interpreter that experiments run on: $AISCI_PYTHON, else the environment that set-up made.
// NOT_FOUND says how to make it.
Result<std::filesystem::path> experiment_python();

}  // namespace aisci
