#include "host/manifest.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "host/kinds.hpp"

#include <algorithm>
#include <charconv>

namespace aisci::host {
namespace {

constexpr std::string_view kSchema = "aisci/plugin-manifest/1";
constexpr std::string_view kSuffix = ".aisci.json";

// "1.0" to its two numbers.
bool parse_abi(std::string_view text, int& major, int& minor) {
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, major);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.') return false;
  const auto second = std::from_chars(first.ptr + 1, end, minor);
  return second.ec == std::errc{} && second.ptr == end && major >= 0 && minor >= 0;
}

// "aisci.host.model-task/1" or "retriever/arxiv".
bool is_need(std::string_view text) {
  const auto slash = text.rfind('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() &&
         (text.starts_with("aisci.host.") || names_component(text));
}

const char* name_of(Isolation isolation) {
  return isolation == Isolation::kAuto ? "auto" : isolation == Isolation::kProcess ? "process" : "in-process";
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

bool names_component(std::string_view need) {
  const std::string_view kind = need.substr(0, need.find('/'));
  return kind.size() < need.size() && std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

std::filesystem::path manifest_path(const std::filesystem::path& file) {
  return file.parent_path() / (file.stem().string() + std::string{kSuffix});
}

std::filesystem::path plugin_path(const std::filesystem::path& manifest) {
  const std::string name = manifest.filename().string();
  return manifest.parent_path() / (name.substr(0, name.size() - kSuffix.size()) + ".so");
}

bool is_manifest(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.size() > kSuffix.size() && name.ends_with(kSuffix);
}

Manifest describe(const Library& library) {
  const aisci_plugin_t& table = library.table();
  Manifest manifest{table.info->id,  table.info->version, table.abi_major, table.abi_minor, table.min_host_minor, {},
                    library.sha256()};
  for (std::uint64_t i = 0; i < table.component_count; ++i)
    manifest.components.emplace_back(table.components[i]->kind, table.components[i]->id);
  return manifest;
}

std::string to_text(const Manifest& manifest) {
  json::array components;
  for (const auto& [kind, id] : manifest.components) components.push_back(json::object{{"kind", kind}, {"id", id}});
  json::object object{{"$schema", kSchema},
                      {"id", manifest.id},
                      {"version", manifest.version},
                      {"abi", std::to_string(manifest.abi_major) + "." + std::to_string(manifest.abi_minor)},
                      {"min_host_minor", manifest.min_host_minor},
                      {"components", components},
                      {"sha256", manifest.sha256},
                      {"isolation", manifest.isolation}};
  if (!manifest.needs.empty()) object["requires"] = json::value_from(manifest.needs);
  return pretty(object);
}

Result<Manifest> parse_manifest(std::string_view text, const std::string& what) {
  AISCI_ASSIGN_OR_RETURN(const json::object object, parse_json_object(text, what));
  const auto wrong = [&](const char* member, const char* expected) {
    return invalid_argument(what + ": `" + member + "` is not " + expected);
  };
  Manifest manifest;
  if (text_of(object, "$schema") != kSchema) return wrong("$schema", "aisci/plugin-manifest/1");
  manifest.id = text_of(object, "id");
  if (manifest.id.empty()) return wrong("id", "a name");
  manifest.version = text_of(object, "version");
  if (manifest.version.empty()) return wrong("version", "a version");
  if (!parse_abi(text_of(object, "abi"), manifest.abi_major, manifest.abi_minor)) return wrong("abi", "like \"1.0\"");
  const std::int64_t minor = integer_of(object, "min_host_minor", -1);
  if (minor < 0 || minor > 0xffff) return wrong("min_host_minor", "a number from 0 to 65535");
  manifest.min_host_minor = static_cast<int>(minor);
  manifest.sha256 = text_of(object, "sha256");
  if (!is_sha256(manifest.sha256)) return wrong("sha256", "64 hexadecimal digits");
  manifest.isolation = text_of(object, "isolation");
  if (manifest.isolation != "auto" && manifest.isolation != "in-process" && manifest.isolation != "process")
    return wrong("isolation", "\"auto\", \"in-process\" or \"process\"");
  for (const json::value& value : array_of(object, "requires")) {
    if (!value.is_string() || !is_need(std::string_view{value.as_string()}))
      return wrong("requires", "a list of host services (\"aisci.host.model-task/1\") and components (\"KIND/ID\")");
    manifest.needs.emplace_back(value.as_string());
  }
  for (const json::value& value : array_of(object, "components")) {
    if (!value.is_object()) return wrong("components", "a list of objects");
    std::string kind = text_of(value.as_object(), "kind");
    std::string id = text_of(value.as_object(), "id");
    if (kind.empty() || id.empty()) return wrong("components", "a list of kinds and ids");
    manifest.components.emplace_back(std::move(kind), std::move(id));
  }
  return manifest;
}

}  // namespace aisci::host

namespace aisci {

Result<std::filesystem::path> write_manifest(const std::filesystem::path& file, const ManifestWishes& wishes) {
  if (file.extension() != ".so") return invalid_argument(file.string() + ": a plugin's file is named NAME.so");
  AISCI_ASSIGN_OR_RETURN(const std::shared_ptr<host::Library> library, host::Library::open(file, {}));
  host::Manifest manifest = host::describe(*library);
  manifest.isolation = host::name_of(wishes.isolation);
  manifest.needs = wishes.needs;
  for (const std::string& need : wishes.needs)
    if (!host::is_need(need))
      return invalid_argument("'" + need +
                              "' is neither a host service (\"aisci.host.model-task/1\") nor a component (\"" +
                              "retriever/arxiv\")");
  if (manifest.components.empty()) return failed_precondition(file.string() + " lists no component");
  for (const auto& [kind, id] : manifest.components)
    if (std::find(host::kKinds.begin(), host::kKinds.end(), kind) == host::kKinds.end())
      return failed_precondition(file.string() + ": the component '" + id + "' is of the unknown kind '" + kind + "'");
  const std::filesystem::path target = host::manifest_path(file);
  AISCI_RETURN_IF_ERROR(write_file(target, host::to_text(manifest)));
  return target;
}

}  // namespace aisci
