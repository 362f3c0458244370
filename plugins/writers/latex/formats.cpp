#include "formats.hpp"

#include <aisci/plugin/plugin.hpp>

#include <algorithm>
#include <filesystem>

#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace aisci::latex {

using plugin::Code;
using plugin::Error;

std::vector<std::string> format_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{folder + "/formats", error})
    if (std::filesystem::exists(entry.path() / "format.json", error)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Format read_format(const std::string& folder, const std::string& name) {
  const auto names = format_names(folder);
  if (names.empty()) throw Error{Code::kDataLoss, "the formats are missing from " + folder};
  if (!kit::contains(names, name))
    throw Error{Code::kInvalidArgument, "there is no format \"" + name + "\"; there are " + kit::listed(names)};
  const std::string own = folder + "/formats/" + name;
  const json::object manifest = kit::parse_object(kit::read_text_file(own + "/format.json"), own + "/format.json");
  Format format;
  format.name = name;
  format.title = kit::text_of(manifest, "title");
  format.columns = static_cast<int>(kit::number_of(manifest, "columns", 1));
  format.text_em = kit::number_of(manifest, "text_em", format.text_em);
  format.column_em = kit::number_of(manifest, "column_em", format.text_em);
  format.body_pages = static_cast<int>(kit::number_of(manifest, "body_pages"));
  format.preamble = kit::read_text_file(own + "/preamble.tex") + kit::read_text_file(folder + "/formats/base.tex");
  return format;
}

}  // namespace aisci::latex
