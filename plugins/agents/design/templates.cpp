#include "templates.hpp"

#include <aisci/plugin/call.hpp>

#include <filesystem>

#include "details.hpp"
#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace aisci::design {

namespace fs = std::filesystem;
using plugin::Code;
using plugin::Error;

namespace {

// What everything after relies on; said here, by name, and not as a puzzle later.
void check(const json::object& manifest, const std::string& place) {
  const auto wrong = [&](const std::string& what) { throw Error{Code::kInvalidArgument, place + ": " + what}; };
  for (const char* member : {"program", "files", "prepare", "prepare_files"})
    if (kit::texts_of(manifest, member).empty()) wrong(std::string{"`"} + member + "` is missing or empty");
  const std::string metric = kit::text_of(manifest, "metric");
  if (kit::object_of(kit::object_of(manifest, "metrics"), metric).empty())
    wrong("`metrics` has no entry for the metric \"" + metric + "\"");
  for (const auto& [name, value] : kit::object_of(manifest, "metrics"))
    if (!value.is_object() || kit::number_of(value.get_object(), "smallest_effect") <= 0)
      wrong("the metric " + std::string{name} + " needs a `smallest_effect` above zero");
  if (kit::object_of(manifest, "factors").empty()) wrong("`factors` is empty: there is nothing to vary");
  for (const auto& [name, value] : kit::object_of(manifest, "factors")) {
    const std::string factor{name};
    if (!value.is_object() || kit::array_of(value.get_object(), "levels").size() < 2)
      wrong("the factor " + factor + " needs two `levels` or more");
    const json::value* usual = kit::find_member(value.get_object(), "default");
    bool known = false;
    for (const auto& level : kit::array_of(value.get_object(), "levels"))
      known = known || (usual && kit::level_name(level) == kit::level_name(*usual));
    if (!known) wrong("the `default` of the factor " + factor + " is none of its levels");
  }
  if (const auto problems = detail_problems(manifest); !problems.empty()) wrong(problems.front());
}

}  // namespace

json::object patched(json::object document, const json::object& patch) {
  for (const auto& [name, value] : patch) {
    if (value.is_null()) {
      document.erase(name);
    } else if (value.is_object()) {
      json::value* there = document.if_contains(name);
      document[name] = patched(there && there->is_object() ? there->get_object() : json::object{}, value.get_object());
    } else {
      document[name] = value;
    }
  }
  return document;
}

Templates::Templates(std::string folder) : folder_{std::move(folder)} {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{folder_, error}) {
    const std::string file = entry.path().string() + "/template.json";
    if (!fs::exists(file, error)) continue;
    json::object manifest = kit::parse_object(kit::read_text_file(file), file);
    const std::string name = entry.path().filename().string();
    if (kit::text_of(manifest, "name") != name)
      throw Error{Code::kInvalidArgument, file + ": its name must be that of its folder, " + name};
    const json::object variants = kit::object_of(manifest, "variants");
    manifest.erase("variants");
    if (!kit::object_of(manifest, "own_data").empty()) for_own_data_[name] = manifest;
    if (variants.empty()) add(name, std::move(manifest));
    for (const auto& [variant, patch] : variants)
      if (patch.is_object()) add(name + "/" + std::string{variant}, patched(manifest, patch.get_object()));
  }
  if (manifests_.empty()) throw Error{Code::kNotFound, "there is no template in " + folder_};
}

void Templates::add(const std::string& name, json::object manifest) {
  check(manifest, folder_ + "/" + name);
  manifest["name"] = name;
  manifests_[name] = std::move(manifest);
}

json::array Templates::manifests(bool for_own_data) const {
  json::array list;
  for (const auto& entry : for_own_data ? for_own_data_ : manifests_) list.push_back(entry.second);
  return list;
}

const json::object& Templates::manifest(const std::string& name) const {
  const auto it = manifests_.find(name);
  if (it == manifests_.end()) throw Error{Code::kNotFound, "there is no template \"" + name + "\""};
  return it->second;
}

json::object Templates::files(const json::object& manifest, const char* member) const {
  const std::string name = kit::text_of(manifest, "name"), folder = name.substr(0, name.find('/'));
  json::object code;
  for (const auto& file : kit::texts_of(manifest, member)) {
    if (file.empty() || file[0] == '/' || file.find("..") != std::string::npos || folder.find("..") == 0)
      throw Error{Code::kInvalidArgument, "the template " + name + " names a file outside its folder: " + file};
    // What several templates run, such as the training loop, lies once in shared/.
    std::error_code error;
    const std::string own = folder_ + "/" + folder + "/" + file;
    code[file] = kit::read_text_file(fs::exists(own, error) ? own : folder_ + "/shared/" + file);
  }
  return code;
}

}  // namespace aisci::design
