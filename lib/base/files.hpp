// Files, written so that a crash leaves either the old content or the new, never half of it.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace aisci {

// The whole file. More than `limit` bytes is an error: what experiments leave behind is not trusted.
// Only regular files are read: a FIFO, a device or a symbolic link is refused.
Result<std::string> read_file(const std::filesystem::path& path, std::uintmax_t limit = std::uintmax_t{1} << 30);

// The same file piece by piece, however large; what is no regular file is refused alike.
Status read_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& take);

// What a written file survives. Either way the death of a process leaves the old content or the new.
enum class Durability {
  kSynced,    // a power cut too, from the moment the call returns
  kBuffered,  // a power cut only after the next sync_files() on the same file system: one wait for many files
};

// Writes beside the target, renames. Creates missing folders.
Status write_file(const std::filesystem::path& path, std::string_view content,
                  Durability durability = Durability::kSynced);

// Whether a name stays below the folder it is put under: relative, no part of it "." or "..", none empty.
bool is_name_below(std::string_view name);

// The same for a name that came from elsewhere: out of JSON, from a program, a model or a stranger's ledger. It leads
// nowhere but below `folder`: INVALID_ARGUMENT for a name that does not stay there, PERMISSION_DENIED where a part of
// it is a symbolic link or no folder. What `folder` itself is reached through is the caller's.
Status write_below(const std::filesystem::path& folder, std::string_view name, std::string_view content,
                   Durability durability = Durability::kSynced);

// Copies a regular file the same way.
Status copy_regular_file(const std::filesystem::path& from, const std::filesystem::path& to,
                         Durability durability = Durability::kSynced);

// Everything written so far on the file system of `folder` survives a power cut when this returns.
Status sync_files(const std::filesystem::path& folder);

Status make_folders(const std::filesystem::path& path);

}  // namespace aisci
