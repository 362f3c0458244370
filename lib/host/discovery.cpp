#include "host/discovery.hpp"

#include "base/files.hpp"

#include <algorithm>

namespace aisci::host {
namespace {

constexpr std::uintmax_t kLargestManifest = std::uintmax_t{1} << 20;

Status inspect(const std::filesystem::path& manifest_file, Found& found) {
  AISCI_RETURN_IF_ERROR(check_owner(manifest_file.parent_path()));
  AISCI_RETURN_IF_ERROR(check_owner(manifest_file));
  AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(manifest_file, kLargestManifest));
  AISCI_ASSIGN_OR_RETURN(found.manifest, parse_manifest(text, manifest_file.string()));
  if (found.manifest.abi_major != AISCI_ABI_MAJOR)
    return failed_precondition(manifest_file.string() + ": the plugin was built for ABI " +
                               std::to_string(found.manifest.abi_major) + ", this host has ABI " +
                               std::to_string(AISCI_ABI_MAJOR));
  if (found.manifest.min_host_minor > AISCI_ABI_MINOR)
    return failed_precondition(manifest_file.string() + ": the plugin needs ABI 1." +
                               std::to_string(found.manifest.min_host_minor) + ", this host has 1." +
                               std::to_string(AISCI_ABI_MINOR));
  std::error_code error;
  if (!std::filesystem::is_regular_file(found.path, error))
    return not_found(found.path.string() + " is missing; its manifest is there");
  return check_owner(found.path);
}

// Manifests and shared objects directly in a folder.
void scan(const std::filesystem::path& folder, std::vector<Found>& plugins) {
  std::vector<std::filesystem::path> manifests;
  std::vector<std::filesystem::path> objects;
  std::error_code error;
  for (std::filesystem::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error)) {
    if (is_manifest(it->path())) manifests.push_back(it->path());
    if (it->path().extension() == ".so") objects.push_back(it->path());
  }
  for (const std::filesystem::path& file : manifests) {
    Found found;
    found.path = plugin_path(file);
    found.problem = inspect(file, found);
    plugins.push_back(std::move(found));
  }
  for (const std::filesystem::path& file : objects) {
    if (std::filesystem::exists(manifest_path(file), error)) continue;
    plugins.push_back({file,
                       {},
                       failed_precondition(file.string() + " has no manifest; aisci plugin manifest " + file.string() +
                                           " writes one")});
  }
}

}  // namespace

Result<std::vector<Found>> find_plugins(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::path root = std::filesystem::canonical(folder, error);
  if (error || !std::filesystem::is_directory(root, error))
    return not_found("there is no folder of plugins " + folder.string());
  AISCI_RETURN_IF_ERROR(check_owner(root));
  std::vector<Found> plugins;
  scan(root, plugins);
  for (std::filesystem::directory_iterator it{root, error}, end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored) && it->path().filename() != "data") scan(it->path(), plugins);
  }
  if (error) return data_loss("reading " + root.string() + ": " + error.message());
  std::sort(plugins.begin(), plugins.end(), [](const Found& a, const Found& b) { return a.path < b.path; });
  return plugins;
}

}  // namespace aisci::host
