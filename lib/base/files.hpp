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

// What a written file survives. Either way the death of a process leaves the old content or the new.
enum class Durability {
  kSynced,    // a power cut too, from the moment the call returns
  kBuffered,  // a power cut only after the next sync_files() on the same file system: one wait for many files
};

// Writes beside the target, renames. Creates missing folders.
Status write_file(const std::filesystem::path& path, std::string_view content,
                  Durability durability = Durability::kSynced);

// Copies a regular file the same way.
Status copy_regular_file(const std::filesystem::path& from, const std::filesystem::path& to,
                         Durability durability = Durability::kSynced);

// Everything written so far on the file system of `folder` survives a power cut when this returns.
Status sync_files(const std::filesystem::path& folder);

Status make_folders(const std::filesystem::path& path);

}  // namespace aisci
