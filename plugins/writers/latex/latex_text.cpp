#include "latex_text.hpp"

#include <cctype>
#include <cstdint>
#include <cstdio>
#include <map>

namespace aisci::latex {
namespace {

// One code point; 0xfffd and one byte for what is no UTF-8.
std::uint32_t next(std::string_view text, std::size_t& i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char first = byte(i);
  const int more = first < 0x80 ? 0 : (first >> 5) == 6 ? 1 : (first >> 4) == 14 ? 2 : (first >> 3) == 30 ? 3 : -1;
  if (more < 0 || i + static_cast<std::size_t>(more) >= text.size() + (more == 0 ? 1 : 0)) {
    ++i;
    return 0xfffd;
  }
  std::uint32_t code = more == 0 ? first : first & (0x3f >> more);
  for (int k = 1; k <= more; ++k) code = (code << 6) | (byte(i + static_cast<std::size_t>(k)) & 0x3f);
  i += static_cast<std::size_t>(more) + 1;
  return code;
}

const char* command_for(std::uint32_t code) {
  switch (code) {
    case '\\':
      return "\\textbackslash{}";
    case '{':
      return "\\{";
    case '}':
      return "\\}";
    case '$':
      return "\\$";
    case '&':
      return "\\&";
    case '#':
      return "\\#";
    case '%':
      return "\\%";
    case '_':
      return "\\_";
    case '^':
      return "\\textasciicircum{}";
    case '~':
      return "\\textasciitilde{}";
    case '<':
      return "\\textless{}";
    case '>':
      return "\\textgreater{}";
    case '|':
      return "\\textbar{}";
    case '"':
      return "\\textquotedbl{}";
    case 0x00a0:
      return "~";
    case 0x00b1:
      return "\\ensuremath{\\pm}";
    case 0x00d7:
      return "\\ensuremath{\\times}";
    case 0x00b7:
      return "\\ensuremath{\\cdot}";
    case 0x2010:
    case 0x2011:
      return "-";
    case 0x2013:
      return "--";
    case 0x2014:
      return "---";
    case 0x2018:
      return "`";
    case 0x2019:
      return "'";
    case 0x201c:
      return "``";
    case 0x201d:
      return "''";
    case 0x2026:
      return "\\ldots{}";
    case 0x2212:
      return "\\ensuremath{-}";
    case 0x2264:
      return "\\ensuremath{\\le}";
    case 0x2265:
      return "\\ensuremath{\\ge}";
    case 0x2248:
      return "\\ensuremath{\\approx}";
    case 0x2192:
      return "\\ensuremath{\\rightarrow}";
    case 0x03b1:
      return "\\ensuremath{\\alpha}";
    case 0x03b2:
      return "\\ensuremath{\\beta}";
    case 0x03b4:
      return "\\ensuremath{\\delta}";
    case 0x03c3:
      return "\\ensuremath{\\sigma}";
    default:
      return nullptr;
  }
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    const std::uint32_t code = next(text, i);
    if (const char* command = command_for(code))
      out += command;
    else if (code == '\n' || code == '\t')
      out += ' ';
    else if (code >= 0x20 && code < 0x7f)
      out += static_cast<char>(code);
    else if ((code >= 0xc0 && code <= 0x17e && code != 0x149 && code != 0x17f))
      out += text.substr(begin, i - begin);
    else if (code >= 0xa1) {
      char name[16];
      std::snprintf(name, sizeof name, "[U+%04X]", code);
      out += name;
    }
  }
  return out;
}

std::string value(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool sign =
        (text[i] == '-' || text[i] == '+') && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    if (sign)
      out += std::string{"\\ensuremath{"} + text[i] + "}";
    else if (text[i] == ' ')
      out += '~';
    else
      out += escape(text.substr(i, 1));
  }
  return "\\mbox{" + out + "}";
}

std::string key(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == ':' || c == '_') out += c;
  return out.empty() ? "unnamed" : out;
}

}  // namespace aisci::latex
