#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>
#include <numeric>

namespace aisci {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i) out += separator;
    out += parts[i];
  }
  return out;
}

std::string trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1)};
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  if (from.empty()) return text;
  for (std::size_t i = text.find(from); i != std::string::npos; i = text.find(from, i + to.size())) {
    text.replace(i, from.size(), to);
  }
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
    }
  }
  return row[b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string fixed(double value, int digits) {
  constexpr double kMostInFull = 1e12;
  if (std::isfinite(value) && std::abs(value) >= kMostInFull) return fmt::format("{:.3e}", value);
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.find_first_not_of("-0.") == std::string::npos && text[0] == '-') text.erase(0, 1);  // no "-0.0"
  return text;
}

std::optional<double> parsed_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

namespace {

// The character of UTF-8 that a text begins with; "" where it begins with none.
std::string_view first_character(std::string_view text) {
  const auto c = static_cast<unsigned char>(text[0]);
  const std::size_t length = c < 0x80 ? 1 : (c >> 5) == 6 ? 2 : (c >> 4) == 14 ? 3 : (c >> 3) == 30 ? 4 : 0;
  return length <= text.size() && is_utf8(text.substr(0, length)) ? text.substr(0, length) : std::string_view{};
}

unsigned code_of(std::string_view character) {
  unsigned code = static_cast<unsigned char>(character[0]);
  if (character.size() > 1) code &= 0x7fU >> character.size();
  for (const char c : character.substr(1)) code = (code << 6) | (static_cast<unsigned char>(c) & 0x3fU);
  return code;
}

// What nobody sees, and a terminal or a reader's eye is led astray by.
bool is_hidden(unsigned code) {
  const auto within = [code](unsigned first, unsigned last) { return code >= first && code <= last; };
  const bool control = (code < 0x20 && code != '\n' && code != '\t') || within(0x7f, 0x9f);
  return control || code == 0x061c || within(0x200e, 0x200f) || within(0x202a, 0x202e) || within(0x2066, 0x2069);
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  while (!text.empty()) {
    const std::string_view character = first_character(text);
    text.remove_prefix(std::max<std::size_t>(1, character.size()));
    if (character.empty() || is_hidden(code_of(character))) continue;
    if (out.size() + character.size() > limit) break;
    out.append(character);
  }
  return out;
}

std::string printable_json(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const std::string_view character = first_character(json);
    json.remove_prefix(std::max<std::size_t>(1, character.size()));
    const unsigned code = character.empty() ? 0xfffd : code_of(character);
    if (character.empty() || is_hidden(code))
      out += fmt::format("\\u{:04x}", code);
    else
      out.append(character);
  }
  return out;
}

Difference difference(std::string_view first, std::string_view second) {
  constexpr std::size_t kBefore = 40, kShown = 160;
  std::size_t at = 0;
  while (at < first.size() && at < second.size() && first[at] == second[at]) ++at;
  std::size_t begin = at > kBefore ? at - kBefore : 0;
  while (begin > 0 && begin < first.size() && (static_cast<unsigned char>(first[begin]) & 0xC0) == 0x80) --begin;
  const auto shown = [&](std::string_view text) {
    const std::string_view rest = text.substr(std::min(begin, text.size()));
    return (begin > 0 ? "..." : "") + printable(rest, kShown) + (rest.size() > kShown ? "..." : "");
  };
  return {shown(first), shown(second)};
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    std::size_t more = 0;
    unsigned int code = 0;
    if (c < 0x80) {
      ++i;
      continue;
    }
    if ((c >> 5) == 6) {
      more = 1;
      code = c & 0x1f;
    } else if ((c >> 4) == 14) {
      more = 2;
      code = c & 0x0f;
    } else if ((c >> 3) == 30) {
      more = 3;
      code = c & 0x07;
    } else
      return false;
    if (i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next >> 6) != 2) return false;
      code = (code << 6) | (next & 0x3f);
    }
    if ((more == 1 && code < 0x80) || (more == 2 && code < 0x800) ||
        (more == 3 && (code < 0x10000 || code > 0x10ffff)) || (code >= 0xd800 && code <= 0xdfff)) {
      return false;
    }
    i += more + 1;
  }
  return true;
}

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace aisci
