// Text for LaTeX and BibTeX: nothing that comes from outside is ever a command.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aisci::latex {

// The longest word of running text, address or value that needs no place to break, in characters, and that of a narrow
// cell.
inline constexpr std::size_t kLongestWord = 28, kLongestInCell = 12;

// Escapes every special character and drops what controls and prints nothing. Latin letters with accents stay and
// typographic signs become commands. A stretch of another script becomes \widecjk{as written}{instead}: base.tex
// prints the first where a font has it and "[U+4F60]", or how many characters there are, where none has. Words too
// long for a line may end it anywhere; `narrow` lets words of ordinary length end it too, as cells need it: at their
// hyphens, between syllables, and anywhere only where that is not enough.
std::string escape(std::string_view text, bool narrow = false);

// The name of an author for BibTeX, whose labels hold no long ones: cut to twenty-eight characters. `instead` stands
// for letters that no font has.
std::string name(std::string_view text, const std::string& instead = "[name]");
// What a work without authors is cited by: its title, or the words of it that are no longer than a name.
std::string short_title(std::string_view title);

// Whether pdfLaTeX could not print it.
bool beyond_latin(std::string_view text);

// A BibTeX key: letters, digits and "-:_" only.
std::string key(std::string_view text);

// How wide a text is at most, in em of its own size.
double width_em(std::string_view text);
// The same of its widest word, as escape(text, true) leaves it.
double widest_word_em(std::string_view text);

}  // namespace aisci::latex
