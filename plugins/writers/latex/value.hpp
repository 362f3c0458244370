// What the ledger says, as it is printed.
#pragma once

#include <string>
#include <string_view>

namespace aisci::latex {

// A printed value: kept together on one line, with a real minus sign. One that is too long for that, such as a checksum
// or a name that the data chose, wraps between its words and, where a word is too long for a line, inside it; `narrow`
// as in escape.
std::string value(std::string_view text, bool narrow = false);

// Whether value() keeps it on one line.
bool on_one_line(std::string_view value);

}  // namespace aisci::latex
