#include "latex_text.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <vector>

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
      return "\\textbraceleft{}";
    case '}':
      return "\\textbraceright{}";
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
    case '`':
      return "\\textasciigrave{}";
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

// What a hyphen may leave of a word on its line.
constexpr std::size_t kLongestPiece = 10;
// A stretch that no font has is named character by character up to this length.
constexpr std::size_t kNamedOneByOne = 8;

enum class Script { kLatin, kCjk, kRight, kOther, kNothing };

bool between(std::uint32_t code, std::uint32_t first, std::uint32_t last) { return code >= first && code <= last; }

Script script_of(std::uint32_t code) {
  if (code == '\n' || code == '\t' || between(code, 0x20, 0x7e) || command_for(code)) return Script::kLatin;
  if (code < 0xa0 || code == 0xad || between(code, 0x200b, 0x200f) || between(code, 0x202a, 0x202e) ||
      between(code, 0x2060, 0x206f) || between(code, 0xfe00, 0xfe0f) || code == 0xfeff)
    return Script::kNothing;
  if (between(code, 0xa0, 0x17e) && code != 0x149) return Script::kLatin;
  if (between(code, 0x0590, 0x08ff) || between(code, 0xfb1d, 0xfdff) || between(code, 0xfe70, 0xfefe))
    return Script::kRight;
  if (between(code, 0x1100, 0x11ff) || between(code, 0x2e80, 0xa4cf) || between(code, 0xac00, 0xd7ff) ||
      between(code, 0xf900, 0xfaff) || between(code, 0xfe30, 0xfe4f) || between(code, 0xff00, 0xffef) ||
      between(code, 0x20000, 0x3ffff))
    return Script::kCjk;
  return Script::kOther;
}

struct Character {
  std::uint32_t code;
  std::string_view bytes;
  Script script;
};

// What would print something; a bad byte is U+FFFD.
std::vector<Character> characters_of(std::string_view text) {
  std::vector<Character> out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    const std::uint32_t code = next(text, i);
    const Script script = script_of(code);
    if (script != Script::kNothing) out.push_back({code, text.substr(begin, i - begin), script});
  }
  return out;
}

bool blank(const Character& c) { return c.code == ' ' || c.code == '\n' || c.code == '\t'; }

std::string instead_of(const std::vector<Character>& all, std::size_t begin, std::size_t end) {
  if (end - begin > kNamedOneByOne) return "[" + std::to_string(end - begin) + " characters of another script]";
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    char name[24];
    std::snprintf(name, sizeof name, "[U+%04X]\\brk{}", static_cast<unsigned>(all[i].code));
    if (!blank(all[i])) out += name;
  }
  return out;
}

// Private and unassigned planes hold nothing that a font could be trusted with.
bool printable_anywhere(std::uint32_t code) {
  return code != 0xfffd && !between(code, 0xe000, 0xf8ff) && (code & 0xfffe) != 0xfffe && code < 0x40000;
}

// The stretch of one script from `begin`; words from right to left keep the blanks between them.
std::size_t end_of_stretch(const std::vector<Character>& all, std::size_t begin) {
  const Script script = all[begin].script;
  const bool named = !printable_anywhere(all[begin].code);
  std::size_t end = begin + 1;
  for (; end < all.size() && all[end].script == script && printable_anywhere(all[end].code) != named; ++end)
    if (script == Script::kRight && end + 1 < all.size() && all[end + 1].code == ' ' && end + 2 < all.size() &&
        all[end + 2].script == script)
      ++end;
  return end;
}

std::string stretch(const std::vector<Character>& all, std::size_t begin, std::size_t end, const std::string& instead) {
  if (!printable_anywhere(all[begin].code)) return instead;
  std::string written;
  for (std::size_t i = begin; i < end; ++i) written += all[i].bytes;
  const char* command = all[begin].script == Script::kCjk     ? "\\widecjk{"
                        : all[begin].script == Script::kRight ? "\\wideright{"
                                                              : "\\widescript{";
  return command + written + "}{" + instead + "}";
}

// Two marks, and no more of them, open a quotation as models write it; any other number is what it looks like.
bool opens_quotation(const std::vector<Character>& all, std::size_t at) {
  const auto mark = [&](std::size_t i) { return i < all.size() && all[i].code == '`'; };
  if (!mark(at)) return false;
  const bool before = at > 0 && mark(at - 1), behind = mark(at + 1);
  return before != behind && !(before ? at > 1 && mark(at - 2) : mark(at + 2));
}

std::size_t word_length(const std::vector<Character>& all, std::size_t begin) {
  std::size_t end = begin;
  while (end < all.size() && all[end].script == Script::kLatin && !blank(all[end])) ++end;
  return end - begin;
}

// Widths of Computer Modern's letters from "a" and from "A", in thousandths of an em.
constexpr int kSmall[] = {500, 556, 444, 556, 444, 306, 500, 556, 278, 306, 528, 278, 833,
                          556, 500, 556, 528, 392, 394, 389, 556, 528, 722, 528, 528, 444};
constexpr int kCapital[] = {750, 708, 722, 764, 681, 653, 785, 750, 361, 514,  778, 625, 917,
                            750, 778, 681, 778, 736, 556, 722, 750, 750, 1028, 750, 750, 611};
constexpr double kMargin = 1.02;  // what hinting and smaller sizes of a font add

double em_of(const Character& c) {
  if (c.script == Script::kCjk) return 1.0;
  if (c.script != Script::kLatin || c.code >= 0x80) return 0.8;
  const int code = static_cast<int>(c.code);
  if (code >= 'a' && code <= 'z') return kMargin * kSmall[code - 'a'] / 1000;
  if (code >= 'A' && code <= 'Z') return kMargin * kCapital[code - 'A'] / 1000;
  switch (c.code) {
    case '.':
    case ',':
    case ':':
    case ';':
    case '!':
    case '\'':
      return kMargin * 0.278;
    case ' ':
    case '-':
      return kMargin * 0.334;
    case '(':
    case ')':
      return kMargin * 0.389;
    case '%':
    case '#':
    case '&':
    case '@':
    case '+':
    case '=':
    case '<':
    case '>':
    case '~':
      return kMargin * 0.833;
    default:  // digits among them
      return kMargin * 0.5;
  }
}

bool letter(const Character& c) { return c.code < 0x80 && std::isalpha(static_cast<unsigned char>(c.code)); }
bool vowel(const Character& c) {
  return letter(c) && std::string_view{"aeiouy"}.find(static_cast<char>(std::tolower(static_cast<int>(c.code)))) !=
                          std::string_view::npos;
}

// Where a word of letters may end its line with a hyphen: before a consonant between vowels, as in
// "regu-la-ri-sa-tion", and never near its ends. Empty when that leaves a piece too long for a cell.
std::vector<std::size_t> syllables(const std::vector<Character>& all, std::size_t begin, std::size_t end) {
  std::vector<std::size_t> ends;
  std::size_t last = begin;
  for (std::size_t i = begin; i < end; ++i) {
    if (!letter(all[i])) return {};
    if (i < begin + 2 || i + 3 >= end || !vowel(all[i]) || vowel(all[i + 1]) || !vowel(all[i + 2])) continue;
    if (i + 1 - last > kLongestPiece) return {};
    last = i + 1;
    ends.push_back(i);
  }
  return end - last > kLongestPiece ? std::vector<std::size_t>{} : ends;
}

// What lets a long word of a narrow cell end its line after each of its characters: at its hyphens, then with a hyphen
// between syllables, and anywhere only where neither helps.
std::vector<const char*> breaks(const std::vector<Character>& all, std::size_t begin, std::size_t end) {
  std::vector<const char*> out(end - begin, "");
  for (std::size_t piece = begin; piece < end;) {
    std::size_t stop = piece;
    while (stop < end && all[stop].code != '-') ++stop;
    if (stop - piece > kLongestInCell) {
      const auto ends = syllables(all, piece, stop);
      for (const std::size_t at : ends) out[at - begin] = "\\-";
      for (std::size_t i = piece; ends.empty() && i + 1 < stop; ++i) out[i - begin] = "\\brk{}";
    }
    if (stop < end) out[stop - begin] = "\\brk{}";
    piece = stop + 1;
  }
  return out;
}

}  // namespace

std::string escape(std::string_view text, bool narrow) {
  const auto all = characters_of(text);
  std::string out;
  std::size_t long_word_ends = 0, word_begins = 0;
  std::vector<const char*> in_cell;
  const std::size_t longest = narrow ? kLongestInCell : kLongestWord;
  for (std::size_t i = 0; i < all.size();) {
    const Character& c = all[i];
    if (c.script != Script::kLatin) {
      const std::size_t end = end_of_stretch(all, i);
      out += stretch(all, i, end, instead_of(all, i, end));
      i = end;
      continue;
    }
    if (i == 0 || blank(c) || all[i - 1].script != Script::kLatin || blank(all[i - 1])) {
      const std::size_t length = blank(c) ? 0 : word_length(all, i);
      long_word_ends = length > longest ? i + length : 0;
      word_begins = i;
      if (narrow && long_word_ends > 0) in_cell = breaks(all, i, long_word_ends);
    }
    if (const char* command = command_for(c.code); command && !opens_quotation(all, i))
      out += command;
    else
      out += blank(c) ? std::string_view{" "} : c.bytes;
    ++i;
    if (i < long_word_ends && long_word_ends - i >= 2) out += narrow ? in_cell[i - 1 - word_begins] : "\\brk{}";
  }
  return out;
}

std::string name(std::string_view text, const std::string& instead) {
  auto all = characters_of(text);
  const bool cut = all.size() > kLongestWord;
  if (cut) all.resize(kLongestWord);
  std::string out;
  bool braces = false;
  for (std::size_t i = 0; i < all.size();) {
    const std::size_t end = all[i].script == Script::kLatin ? i + 1 : end_of_stretch(all, i);
    if (all[i].script == Script::kLatin) {
      const char* command = command_for(all[i].code);
      out += command ? std::string_view{command} : blank(all[i]) ? std::string_view{" "} : all[i].bytes;
    } else {
      braces = true;
      out += stretch(all, i, end, instead);
    }
    i = end;
  }
  if (cut) out += "\\ldots{}";
  return braces ? "{" + out + "}" : out;
}

std::string short_title(std::string_view title) {
  const auto all = characters_of(title);
  std::size_t end = std::min(all.size(), kLongestWord);
  if (all.size() > kLongestWord)
    while (end > 0 && !blank(all[end - 1])) --end;
  std::string words;
  for (std::size_t i = 0; i < end; ++i) words += all[i].bytes;
  if (words.empty()) return name(title, "[title]");  // one word, cut like a long name
  if (end < all.size()) words.replace(words.size() - 1, 1, "\u2026");
  return name(words, "[title]");
}

bool beyond_latin(std::string_view text) {
  const auto all = characters_of(text);
  return std::any_of(all.begin(), all.end(),
                     [](const Character& c) { return c.script != Script::kLatin && printable_anywhere(c.code); });
}

double width_em(std::string_view text) {
  double em = 0;
  for (const auto& c : characters_of(text)) em += em_of(c);
  return em;
}

double widest_word_em(std::string_view text) {
  double widest = 0, word = 0, piece = 0;  // a piece: what a hyphen of its own ends
  std::size_t length = 0, in_piece = 0;
  for (const auto& c : characters_of(text)) {
    if (blank(c) || c.script != Script::kLatin) {
      word = c.script == Script::kLatin ? 0 : em_of(c);
      piece = 0;
      length = in_piece = 0;
    } else {
      if (++length <= kLongestInCell) word += em_of(c);
      if (++in_piece <= kLongestInCell) piece += em_of(c);
    }
    widest = std::max({widest, word, piece});
    if (c.code == '-') piece = 0, in_piece = 0;
  }
  return widest;
}

std::string key(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == ':' || c == '_') out += c;
  return out.empty() ? "unnamed" : out;
}

}  // namespace aisci::latex
