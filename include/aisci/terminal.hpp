// A stranger's text on a terminal: what a study, a file's name or an error says may hold bytes that a terminal acts on.
//
//   std::cout << aisci::printable(aisci::describe_study("a-study").value());
//
// Thread safety: free functions without shared state.
// Since 0.1.
#pragma once

#include <aisci/export.hpp>

#include <string>
#include <string_view>

namespace aisci {

// UTF-8 without what a terminal acts on, at most `limit` bytes, cut at a character: control characters are dropped (tab
// and newline stay), those of C1 too, and marks that turn the direction of the text around them.
AISCI_API std::string printable(std::string_view text, std::size_t limit = std::string_view::npos);

// JSON in which what printable() drops is written as \u009b; what is no UTF-8 as \ufffd.
AISCI_API std::string printable_json(std::string_view json);

}  // namespace aisci
