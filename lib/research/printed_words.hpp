// Whether a PDF says what its paper says: the words of every title, paragraph, list, table and caption, in their order.
//
//   for (const std::string& passage : passages_missing(*pdf_text("paper.pdf"), resolved))
//     report("the PDF does not say: " + passage);
//
// A PDF's bytes are tied to a study by a hash alone, which a forger computes anew; that "refuted" was made "supported"
// in it shows in its words. Letters and digits are compared, without case: spaces, hyphens, signs and ligatures are the
// typesetter's. A formula, a citation and a reference to a figure or table end a passage, since how they print is not
// in the document. A passage may be broken once, by the end of a column or page and the figures and tables that stand
// there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace aisci {

// `pages` as pdf_text gives it; `resolved` as the writer renders it, "aisci/resolved-paper/1". Empty when all is there.
std::vector<std::string> passages_missing(std::string_view pages, const json::object& resolved);

}  // namespace aisci
