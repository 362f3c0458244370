// The manifest beside a plugin: what it provides, known without running it.
#pragma once

#include "host/library.hpp"

#include <utility>
#include <vector>

namespace aisci::host {

struct Manifest {
  std::string id;
  std::string version;
  int abi_major = 0;
  int abi_minor = 0;
  int min_host_minor = 0;
  std::vector<std::pair<std::string, std::string>> components;  // kind, id
  std::string sha256;
  std::string isolation = "auto";  // where the author wants it: "auto", "in-process" or "process"
  std::vector<std::string> needs;  // `requires`: ids of host services, and KIND/ID of components
};

// Whether a need names a component, as KIND/ID; host services are the others.
bool names_component(std::string_view need);

// name.so: name.aisci.json, and back.
std::filesystem::path manifest_path(const std::filesystem::path& file);
std::filesystem::path plugin_path(const std::filesystem::path& manifest);
bool is_manifest(const std::filesystem::path& path);

Manifest describe(const Library& library);
std::string to_text(const Manifest& manifest);
// INVALID_ARGUMENT names the member that is wrong; a text from anywhere is safe to pass.
Result<Manifest> parse_manifest(std::string_view text, const std::string& what);

}  // namespace aisci::host
