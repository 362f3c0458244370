// BibTeX entries as records.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/json.hpp"

namespace aisci::local {

// Throws plugin::Error naming file and line. An abstract becomes the record's statements, a sentence each.
std::vector<json::object> read_bibtex(std::string_view text, const std::string& name);

}  // namespace aisci::local
