// aisci plugin new: the project of a plugin, ready to build.
#pragma once

#include <aisci/status.hpp>

#include <string>
#include <vector>

namespace aisci::cli {

// Writes the project into a folder that is new or empty, and returns its files. INVALID_ARGUMENT for a name or kind
// that cannot be; ALREADY_EXISTS when the folder holds something.
Result<std::vector<std::string>> write_plugin_project(const std::string& name, const std::string& kind,
                                                      const std::string& folder);

}  // namespace aisci::cli
