#include "question_text.hpp"

#include <algorithm>
#include <cstdint>

#include "question_words.hpp"

namespace aisci::offline {
namespace {

bool letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

// One UTF-8 character at `at`; malformed bytes stand for themselves.
std::uint32_t decode(std::string_view text, std::size_t at, std::size_t& length) {
  const auto byte = static_cast<unsigned char>(text[at]);
  length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
  if (at + length > text.size()) length = 1;
  if (length == 1) return byte;
  std::uint32_t code = byte & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  return code;
}

// The plain form of an accented letter or a typographic sign; null when the character stands for itself.
const char* plain_form(std::uint32_t code) {
  struct Range {
    std::uint32_t first, last;
    const char* plain;
  };
  static constexpr Range kRanges[] = {
      {0x00C0, 0x00C5, "a"},  {0x00C6, 0x00C6, "ae"}, {0x00C7, 0x00C7, "c"},  {0x00C8, 0x00CB, "e"},
      {0x00CC, 0x00CF, "i"},  {0x00D1, 0x00D1, "n"},  {0x00D2, 0x00D6, "o"},  {0x00D9, 0x00DC, "u"},
      {0x00DF, 0x00DF, "ss"}, {0x00E0, 0x00E5, "a"},  {0x00E6, 0x00E6, "ae"}, {0x00E7, 0x00E7, "c"},
      {0x00E8, 0x00EB, "e"},  {0x00EC, 0x00EF, "i"},  {0x00F1, 0x00F1, "n"},  {0x00F2, 0x00F6, "o"},
      {0x00F9, 0x00FC, "u"},  {0x0152, 0x0153, "oe"}, {0x00A0, 0x00A0, " "},  {0x2010, 0x2015, "-"},
      {0x2018, 0x2019, "'"},  {0x201C, 0x201F, "\""}, {0x00AB, 0x00AB, "\""}, {0x00BB, 0x00BB, "\""},
      {0x00BF, 0x00BF, " "},  {0x3000, 0x3000, " "},  {0x3001, 0x3001, ","},  {0x3002, 0x3002, "."}};
  if (code < 0x80) return nullptr;  // ASCII, as nearly all is
  for (const auto& range : kRanges)
    if (code >= range.first && code <= range.last) return range.plain;
  return nullptr;
}

void put(Wording& out, char c, std::size_t begin, std::size_t end) {
  if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (c == '\t' || c == '\n' || c == '\r' || c == '_') c = ' ';
  if (c == ' ' && (out.text.empty() || out.text.back() == ' ')) return;
  out.text += c;
  out.begins.push_back(begin);
  out.ends.push_back(end);
}

Wording folded(std::string_view text) {
  Wording out;
  out.original = text;
  out.text.reserve(text.size()), out.begins.reserve(text.size()), out.ends.reserve(text.size());
  for (std::size_t at = 0, length = 1; at < text.size(); at += length) {
    const std::uint32_t code = decode(text, at, length);
    if (const char* plain = plain_form(code)) {
      for (; *plain; ++plain) put(out, *plain, at, at + length);
    } else if (code >= 0xFF01 && code <= 0xFF5E) {  // full-width ASCII
      put(out, static_cast<char>(code - 0xFEE0), at, at + length);
    } else {
      for (std::size_t i = 0; i < length; ++i) put(out, text[at + i], at, at + length);
    }
  }
  for (std::size_t i = 1; i + 1 < out.text.size(); ++i)  // "vision-transformer" is two words, "1e-3" is a number
    if (out.text[i] == '-' && letter_or_digit(out.text[i - 1]) && letter_or_digit(out.text[i + 1]) &&
        !(out.text[i - 1] == 'e' && i >= 2 && digit(out.text[i - 2]) && digit(out.text[i + 1])))
      out.text[i] = ' ';
  return out;
}

void substitute(Wording& wording, std::size_t at, std::size_t length, std::string_view with) {
  const std::size_t begin = wording.begins[at], end = wording.ends[at + length - 1];
  const auto offset = static_cast<std::ptrdiff_t>(at), stop = static_cast<std::ptrdiff_t>(at + length);
  wording.text.replace(at, length, with);
  wording.begins.erase(wording.begins.begin() + offset, wording.begins.begin() + stop);
  wording.ends.erase(wording.ends.begin() + offset, wording.ends.begin() + stop);
  wording.begins.insert(wording.begins.begin() + offset, with.size(), begin);
  wording.ends.insert(wording.ends.begin() + offset, with.size(), end);
}

std::string language_of(const Wording& folded_wording) {
  for (std::size_t at = 0, length = 1; at < folded_wording.text.size(); at += length) {
    const std::uint32_t code = decode(folded_wording.text, at, length);
    if (code >= 0x4E00 && code <= 0x9FFF) return "zh";
  }
  struct Language {
    const char* name;
    std::vector<std::string_view> words;
  };
  static const std::vector<Language> kLanguages = {
      {"de",
       {"der", "die", "das", "und", "wie", "auf", "von", "bei", "mit", "nicht", "welche", "wirkt", "beeinflusst",
        "ist"}},
      {"fr", {"le", "la", "les", "des", "du", "une", "sur", "comment", "quel", "quelle", "pas", "est", "dans", "avec"}},
      {"es", {"el", "los", "las", "una", "como", "que", "en", "del", "con", "cual", "afecta", "es", "por", "sobre"}},
      {"en", {"the", "of", "and", "how", "does", "do", "is", "on", "in", "what", "which", "with", "for", "not"}}};
  std::string best = "en";
  std::size_t most = 0;
  const auto tokens = tokens_of(folded_wording.text);
  for (const auto& language : kLanguages) {
    const auto count = static_cast<std::size_t>(std::count_if(tokens.begin(), tokens.end(), [&](const Token& token) {
      return std::find(language.words.begin(), language.words.end(), token.text) != language.words.end();
    }));
    if (count > most || (count == most && count > 0 && std::string_view{language.name} == "en"))
      most = count, best = language.name;
  }
  return best;
}

}  // namespace

std::string Wording::quote(std::size_t begin, std::size_t end) const {
  if (begin >= end || end > begins.size()) return {};
  const std::size_t first = begins[begin], last = ends[end - 1];
  return last > first ? original.substr(first, last - first) : std::string{};
}

std::string fold(std::string_view text) {
  std::string out = folded(text).text;
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

Wording read_wording(std::string_view question) {
  Wording wording = folded(question);
  wording.language = language_of(wording);
  for (const auto& entry : glossary()) {  // longest first
    const bool latin = letter_or_digit(entry.phrase.front());
    for (std::size_t at = 0; (at = find_word(wording.text, entry.phrase, at)) != std::string::npos;) {
      const std::size_t length = latin ? word_end(wording.text, at, entry.phrase.size()) - at : entry.phrase.size();
      const bool open = at > 0 && wording.text[at - 1] != ' ';
      const bool close = at + length < wording.text.size() && wording.text[at + length] != ' ';
      const std::string padded = (open ? " " : "") + std::string{entry.canonical} + (close ? " " : "");
      substitute(wording, at, length, padded);
      at += padded.size();
    }
  }
  return wording;
}

std::size_t word_end(std::string_view text, std::size_t at, std::size_t length) {
  std::size_t end = at + length;
  if (end > at && !letter_or_digit(text[end - 1])) return end;  // a word of another script has no stem
  while (end < text.size() && letter_or_digit(text[end])) ++end;
  return end;
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  if (word.empty()) return std::string_view::npos;
  for (std::size_t at = from; (at = text.find(word, at)) != std::string_view::npos; ++at) {
    if (letter_or_digit(word.front()) && at > 0 && letter_or_digit(text[at - 1])) continue;
    if (!letter_or_digit(word.back())) return at;
    const std::size_t end = word_end(text, at, word.size());
    const std::size_t more = end - at - word.size();
    const bool stem = word.size() > 4 && !digit(word.back()) && word.find(' ') == std::string_view::npos;
    const bool last_word_stem = word.find(' ') != std::string_view::npos && !digit(word.back());
    if (more == 0 || stem || last_word_stem || (more == 1 && text[end - 1] == 's' && !digit(word.back()))) return at;
  }
  return std::string_view::npos;
}

bool has_word(std::string_view text, std::string_view word) { return find_word(text, word) != std::string_view::npos; }

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    if (!letter_or_digit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    const bool number = digit(text[at]);
    while (end < text.size() && (letter_or_digit(text[end]) || (number && (text[end] == '.' || text[end] == '-') &&
                                                                end + 1 < text.size() && digit(text[end + 1]))))
      ++end;
    tokens.push_back({std::string{text.substr(at, end - at)}, at, end});
    at = end;
  }
  return tokens;
}

std::string in_words(std::size_t number) {
  static const char* kWords[] = {"no",       "one",     "two",     "three",     "four",     "five",     "six",
                                 "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
                                 "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
  return number < std::size(kWords) ? kWords[number] : "many";
}

}  // namespace aisci::offline
