// What a study takes into its folder from elsewhere: copied, hashed, and held against the hashes ever after.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>

#include "base/json.hpp"

namespace aisci {

// Below a study's folder: the template and the data that a user handed in.
inline constexpr const char* kTemplateFolder = "template";
inline constexpr const char* kSourceFolder = "source";

// Every file below a folder with its hash, in order of name.
json::object hashes_below(const std::filesystem::path& folder);

// Whether the file or folder is the other folder or lies below it.
bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder);

// A copy that keeps regular files and folders only. RESOURCE_EXHAUSTED beyond `limit` bytes.
Status copy_tree(const std::filesystem::path& from, const std::filesystem::path& to,
                 std::uintmax_t limit = std::uintmax_t{4} << 30);

}  // namespace aisci
