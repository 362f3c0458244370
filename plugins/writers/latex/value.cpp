#include "value.hpp"

#include <algorithm>

#include "kit/document.hpp"
#include "latex_text.hpp"

namespace aisci::latex {
namespace {

std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string unbroken(std::string_view text) {
  std::string out;
  std::size_t written = 0;
  const auto write_up_to = [&](std::size_t end) {
    if (end > written) out += escape(text.substr(written, end - written));
    written = end + 1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool sign =
        (text[i] == '-' || text[i] == '+') && i + 1 < text.size() && kit::has_digit(text.substr(i + 1, 1));
    if (!sign && text[i] != ' ' && text[i] != '<') continue;
    write_up_to(i);
    out += sign             ? std::string{"\\ensuremath{"} + text[i] + "}"
           : text[i] == ' ' ? "~"
                            : "\\textless{}\\kern.08em ";  // more is a space in the PDF's text
  }
  write_up_to(text.size());
  return "\\mbox{" + out + "}";
}

}  // namespace

bool on_one_line(std::string_view value) { return length_of(value) <= kLongestWord; }

std::string value(std::string_view text, bool narrow) {
  if (on_one_line(text)) return unbroken(text);
  std::string out;
  bool number_before = false;  // what it counts stays beside it
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const bool number = kit::has_digit(word) && length_of(word) <= (narrow ? kLongestInCell : kLongestWord);
    out += begin == 0 ? "" : number_before && !number && !narrow ? "~" : " ";
    out += number ? unbroken(word) : escape(word, narrow);
    number_before = number;
    begin = end + 1;
  }
  return out;
}

}  // namespace aisci::latex
