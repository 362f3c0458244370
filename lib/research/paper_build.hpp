// How a text is built from the writer's sources: one script in the sandbox, in a folder that no attempt used before.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <string>

#include "research/crew.hpp"

namespace aisci {

// Where the programs of a build are looked for, whatever the host's PATH: in what every sandbox shows of the machine.
inline constexpr const char* kBuildPath = "/usr/local/bin:/usr/bin:/bin";

// The request for the writer's `build`, with its script; sources go into request.folder / "job" / "sources".
Result<RunRequest> begin_build(const json::object& build, const std::filesystem::path& runs, const std::string& name,
                               const std::string& version);

}  // namespace aisci
