// Pieces of resolved text (docs/guide/documents.md, "paper") as LaTeX. Since 0.1.
#pragma once

#include <string>

#include "kit/json.hpp"

namespace aisci::latex {

// `narrow`: for a cell of a table, see escape().
std::string pieces(const json::array& list, bool narrow = false);
// What a reader would see, for measuring it.
std::string plain(const json::array& list);

}  // namespace aisci::latex
