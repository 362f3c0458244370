#include "templates.hpp"

#include <aisci/plugin/call.hpp>

#include <filesystem>

#include "details.hpp"
#include "kit/document.hpp"
#include "kit/prompt.hpp"
#include "manifest.hpp"

namespace aisci::design {

namespace fs = std::filesystem;
using plugin::Code;
using plugin::Error;

namespace {

// What everything after relies on; said here, by name, and not as a puzzle later.
void check(const json::object& manifest, const std::string& place) {
  const auto wrong = [&](const std::string& what) { throw Error{Code::kInvalidArgument, place + ": " + what}; };
  if (const auto problems = manifest_problems(manifest); !problems.empty()) wrong(kit::listed(problems, "\n", "\n"));
  for (const char* member : {"prepare", "prepare_files"})  // which a folder's variants may give
    if (!kit::has(manifest, member)) wrong(std::string{"`"} + member + "` is missing");
  const auto& metrics = kit::object_of(manifest, "metrics");
  const std::string metric = kit::text_of(manifest, "metric");
  if (kit::object_of(metrics, metric).empty()) wrong("`metrics` has no entry for the metric \"" + metric + "\"");
  for (const auto& [name, value] : metrics)
    if (kit::text_of(value.as_object(), "scored_by") == "host" && !kit::has(value.as_object(), "scoring") &&
        !kit::contains(scoring_rules(), name))
      wrong("the metric " + std::string{name} +
            " is `scored_by` the host, so it needs a `scoring`: " + kit::listed(scoring_rules(), " or "));
  for (const auto& [name, value] : kit::object_of(manifest, "factors")) {
    const auto& factor = value.as_object();
    bool known = false;
    for (const auto& level : kit::array_of(factor, "levels"))
      known = known || kit::level_name(level) == kit::level_name(factor.at("default"));
    if (!known) wrong("the `default` of the factor " + std::string{name} + " is none of its levels");
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
    if (variants.empty()) add(name, manifest);
    for (const auto& [variant, patch] : variants) {
      const std::string place = file + ": `variants." + std::string{variant} + "`";
      if (!patch.is_object()) throw Error{Code::kInvalidArgument, place + " must be an object"};
      if (patch.get_object().contains("environment"))
        throw Error{Code::kInvalidArgument, place + " has an `environment`, which is one for all variants"};
      add(name + "/" + std::string{variant}, patched(manifest, patch.get_object()));
    }
  }
  if (manifests_.empty()) throw Error{Code::kNotFound, "there is no template in " + folder_};
}

void Templates::add(const std::string& name, json::object manifest) {
  const std::string place = folder_ + "/" + name;
  check(manifest, place);
  manifest["name"] = name;
  const auto look_for = [&](const json::object& owner, const char* member) {
    for (const auto& file : kit::texts_of(owner, member))
      if (std::error_code error; !fs::is_regular_file(path_of(name, file), error))
        throw Error{Code::kInvalidArgument, place + ": `" + member + "` names " + file + ", and there is no such file"};
  };
  look_for(manifest, "files");
  look_for(manifest, "prepare_files");
  look_for(kit::object_of(manifest, "own_data"), "files");
  manifests_[name] = std::move(manifest);
}

// What several templates run, such as the training loop, lies once in shared/.
std::string Templates::path_of(const std::string& name, const std::string& file) const {
  const std::string folder = name.substr(0, name.find('/'));
  if (file.empty() || file[0] == '/' || file.find("..") != std::string::npos || folder.find("..") == 0)
    throw Error{Code::kInvalidArgument, "the template " + name + " names a file outside its folder: " + file};
  std::error_code error;
  const std::string own = folder_ + "/" + folder + "/" + file, shared = folder_ + "/shared/" + file;
  return fs::exists(shared, error) && !fs::exists(own, error) ? shared : own;
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
  json::object code;
  for (const auto& file : kit::texts_of(manifest, member))
    code[file] = kit::read_text_file(path_of(kit::text_of(manifest, "name"), file));
  return code;
}

}  // namespace aisci::design
