// The Python packages that experiments import, against those that their interpreter has.
//
//   missing_packages("/usr/bin/python3", {{"torch", "1.13"}, {"numpy", "1.26"}})   // {"torch 1.13 or newer"}
//
// Threads: free function. Takes as long as an interpreter needs to start; nothing is imported.
#pragma once

#include <aisci/status.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace aisci {

inline constexpr const char* kEnvironmentRemedy =
    "run  bash setup.sh  in aisci's source folder, which makes the environment; or install what is missing for the "
    "interpreter that AISCI_PYTHON names";

// `packages`: names as pip has them, with the least version of each; "" for any. What is missing or older, as people
// are told it. FAILED_PRECONDITION when the interpreter does not run.
Result<std::vector<std::string>> missing_packages(const std::filesystem::path& python, const json::object& packages);

}  // namespace aisci
