// `aisci template new`: the folder of a template that works as it is written and says where to change what.
#pragma once

#include <aisci/status.hpp>

#include <string>
#include <vector>

namespace aisci::cli {

// Writes template.json, experiment.py, prepare.py and README.md; the files it wrote. INVALID_ARGUMENT: the name is
// none. ALREADY_EXISTS: the folder is not empty.
Result<std::vector<std::string>> write_template_folder(const std::string& name, const std::string& folder);

}  // namespace aisci::cli
