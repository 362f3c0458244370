// The template library: folders of data, each with a template.json and the files it names.
//
//   const Templates templates{setup.data_folder + "/templates"};
//   templates.manifest("image_classification");
//   templates.files(templates.manifest("tabular/wine"), "files");   // {"experiment.py": "text", ...}
//
// A template with `variants` stands for several: each is a merge patch (RFC 7386) over the rest, and is listed under
// NAME/VARIANT in place of NAME.
//
// Errors: plugin::Error NOT_FOUND for a template or file that is not there, INVALID_ARGUMENT for a manifest that is
// none, or that names a file which is not there or would lead out of the library. Threads: const after construction.
// Since 0.1.
#pragma once

#include <map>
#include <string>

#include "kit/json.hpp"

namespace aisci::design {

class Templates {
 public:
  explicit Templates(std::string folder);

  // In the order of their names. For data of the user's own: the templates that take such, without their variants.
  json::array manifests(bool for_own_data = false) const;
  const json::object& manifest(const std::string& name) const;
  // The texts of the files that a member of the manifest lists ("files", "prepare_files"), or of those listed. A file
  // that the template's folder does not hold is looked for in the library's shared/.
  json::object files(const json::object& manifest, const char* member) const;

 private:
  void add(const std::string& name, json::object manifest);
  std::string path_of(const std::string& name, const std::string& file) const;

  std::string folder_;
  std::map<std::string, json::object> manifests_;
  std::map<std::string, json::object> for_own_data_;  // as they stand, variants not applied
};

// The document with a patch applied: objects are merged, null removes a member, anything else replaces.
json::object patched(json::object document, const json::object& patch);

}  // namespace aisci::design
