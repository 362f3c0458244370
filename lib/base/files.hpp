// Files, written so that a crash leaves either the old content or the new, never half of it.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <string>
#include <string_view>

namespace aisci {

// The whole file. More than `limit` bytes is an error: what experiments leave behind is not trusted.
// Only regular files are read: a FIFO, a device or a symbolic link is refused.
Result<std::string> read_file(const std::filesystem::path& path, std::uintmax_t limit = std::uintmax_t{1} << 30);

// Writes beside the target, syncs, renames, syncs the folder. Creates missing folders.
Status write_file(const std::filesystem::path& path, std::string_view content);

// Copies a regular file the same way.
Status copy_regular_file(const std::filesystem::path& from, const std::filesystem::path& to);

Status make_folders(const std::filesystem::path& path);

}  // namespace aisci
