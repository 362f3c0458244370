#include "research/taken.hpp"

#include <map>
#include <string>

#include "base/files.hpp"
#include "base/hash.hpp"

namespace aisci {

json::object hashes_below(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder, error}) {
    if (!entry.is_regular_file(error)) continue;
    if (const auto hash = sha256_file(entry.path()); hash.ok())
      files[std::filesystem::relative(entry.path(), folder).string()] = *hash;
  }
  json::object out;
  for (const auto& [name, hash] : files) out[name] = hash;
  return out;
}

bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder) {
  std::error_code error;
  const auto inside = std::filesystem::weakly_canonical(path, error)
                          .lexically_relative(std::filesystem::weakly_canonical(folder, error));
  return !inside.empty() && *inside.begin() != "..";
}

Status copy_tree(const std::filesystem::path& from, const std::filesystem::path& to, std::uintmax_t limit) {
  std::error_code error;
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{from, error}) {
    if (entry.is_symlink(error) || !entry.is_regular_file(error)) continue;
    bytes += entry.file_size(error);
    if (bytes > limit)
      return resource_exhausted(from.string() + " holds more than the " + std::to_string(limit >> 20) +
                                " MB that a study takes");
    AISCI_RETURN_IF_ERROR(copy_regular_file(entry.path(), to / std::filesystem::relative(entry.path(), from)));
  }
  return {};
}

}  // namespace aisci
