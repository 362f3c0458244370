// What plugins a folder holds, learned from their manifests alone.
#pragma once

#include "host/manifest.hpp"

#include <vector>

namespace aisci::host {

struct Found {
  std::filesystem::path path;  // of the shared object
  Manifest manifest;           // as far as it could be read
  Status problem;              // why it cannot be used
};

// The plugins of a folder and of the folders in it, by path. What is wrong with one is its problem; the call fails
// when the folder itself is missing or writable by others.
Result<std::vector<Found>> find_plugins(const std::filesystem::path& folder);

}  // namespace aisci::host
