// What a bundle tells of the Python that ran its experiments.
//
//   const BundledEnvironment told = bundled_environment(study, folder);
//   add("environment.json", told.reported);
//
// Threads: free function. Starts the experiments' interpreter, which imports nothing of what it lists.
#pragma once

#include <filesystem>
#include <string>

#include "research/flow.hpp"

namespace aisci {

struct BundledEnvironment {
  std::string reported;   // by the trials: a document each, one unless machines differed
  std::string installed;  // every distribution of the interpreter that would run experiments now; "" when there is none
  std::string lock;       // what that interpreter's packages were installed from; "" where that is not known
};

BundledEnvironment bundled_environment(const StudyView& study, const std::filesystem::path& folder);

}  // namespace aisci
