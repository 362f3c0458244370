// Text as BibTeX files write it, turned into plain UTF-8.
//
//   plain_text(R"(Herv{\'e} J{\'e}gou and {\L}ukasz K)")   // "Hervé Jégou and Łukasz K"
//
// Accents in each of their spellings, special letters, dashes, quotes, commands around text (their text stays), math
// between dollars (its text stays), protecting braces (gone). What is not known keeps its letters and loses its
// backslash: nothing is dropped that could be read.
//
// Since 0.1.
#pragma once

#include <string>
#include <string_view>

namespace aisci {

std::string plain_text(std::string_view latex);
// The same of a URL, in which "~", "--" and "$" are themselves.
std::string plain_address(std::string_view latex);

}  // namespace aisci
