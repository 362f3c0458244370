#include "templates.hpp"

#include <aisci/plugin/call.hpp>

#include <filesystem>

#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace aisci::design {

namespace fs = std::filesystem;
using plugin::Code;
using plugin::Error;

Templates::Templates(std::string folder) : folder_{std::move(folder)} {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{folder_, error}) {
    const std::string file = entry.path().string() + "/template.json";
    if (!fs::exists(file, error)) continue;
    json::object manifest = kit::parse_object(kit::read_text_file(file), file);
    const std::string name = entry.path().filename().string();
    if (kit::text_of(manifest, "name") != name)
      throw Error{Code::kInvalidArgument, file + ": its name must be that of its folder, " + name};
    manifests_[name] = std::move(manifest);
  }
  if (manifests_.empty()) throw Error{Code::kNotFound, "there is no template in " + folder_};
}

json::array Templates::manifests() const {
  json::array list;
  for (const auto& entry : manifests_) list.push_back(entry.second);
  return list;
}

const json::object& Templates::manifest(const std::string& name) const {
  const auto it = manifests_.find(name);
  if (it == manifests_.end()) throw Error{Code::kNotFound, "there is no template \"" + name + "\""};
  return it->second;
}

json::object Templates::files(const std::string& name, const char* member) const {
  json::object code;
  for (const auto& file : kit::texts_of(manifest(name), member)) {
    if (file.empty() || file[0] == '/' || file.find("..") != std::string::npos)
      throw Error{Code::kInvalidArgument, "the template " + name + " names a file outside its folder: " + file};
    code[file] = kit::read_text_file(folder_ + "/" + name + "/" + file);
  }
  return code;
}

}  // namespace aisci::design
