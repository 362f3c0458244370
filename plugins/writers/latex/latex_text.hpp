// Text for LaTeX and BibTeX: nothing that comes from outside is ever a command.
#pragma once

#include <string>
#include <string_view>

namespace aisci::latex {

// Escapes every special character. Latin letters with accents stay; typographic signs become commands; a character
// that the fonts lack becomes [U+4F60], so that no text can stop the build.
std::string escape(std::string_view text);

// A printed value: kept together on one line, with a real minus sign.
std::string value(std::string_view text);

// A BibTeX key: letters, digits and "-:_" only.
std::string key(std::string_view text);

}  // namespace aisci::latex
