// The template library: folders of data below DATA/templates, each with a template.json and the files it names.
//
//   const Templates templates{setup.data_folder + "/templates"};
//   templates.manifest("image_classification");
//   templates.files("image_classification", "files");   // {"experiment.py": "text", ...}
//
// Errors: plugin::Error NOT_FOUND for a template or file that is not there, INVALID_ARGUMENT for a name that would lead
// out of the library. Threads: const after construction. Since 0.1.
#pragma once

#include <map>
#include <string>

#include "kit/json.hpp"

namespace aisci::design {

class Templates {
 public:
  explicit Templates(std::string folder);

  json::array manifests() const;  // in the order of their names
  const json::object& manifest(const std::string& name) const;
  // The texts of the files that a member of the manifest lists: "files" or "prepare_files".
  json::object files(const std::string& name, const char* member) const;

 private:
  std::string folder_;
  std::map<std::string, json::object> manifests_;
};

}  // namespace aisci::design
