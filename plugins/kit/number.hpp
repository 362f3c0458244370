// Numbers in texts, read and written alike whatever the host's locale is: strtod and printf take a comma for a point
// where the program that loaded a plugin has chosen a locale that does.
//
//   parsed_number("2e-06")                       // 2e-06
//   parsed_number("2 per request")               // none: there is more than a number
//   printed_number("+2.1 percentage points")     // 2.1, of which half of the last digit is 0.05
//   decimal(0.456, 2)                            // "0.46"
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

namespace aisci::kit {

// The finite number that a whole text is.
inline std::optional<double> parsed_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

struct PrintedNumber {
  double value = 0;
  double half_digit = 0;  // half of the last digit that is printed: how far rounding moved it at most
};

// The number that a text begins with; none where it begins with something else.
inline std::optional<PrintedNumber> printed_number(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  PrintedNumber number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number.value);
  if (error != std::errc{} || !std::isfinite(number.value)) return std::nullopt;
  text = text.substr(0, static_cast<std::size_t>(end - text.data()));
  const auto power = text.find_first_of("eE"), point = text.find('.');
  int last = 0;  // power of ten of the last digit
  if (power != std::string_view::npos) {
    const bool plus = power + 1 < text.size() && text[power + 1] == '+';
    (void)std::from_chars(text.data() + power + (plus ? 2 : 1), end, last);
  }
  if (point != std::string_view::npos) last -= static_cast<int>(std::min(power, text.size()) - point - 1);
  number.half_digit = 0.5 * std::pow(10.0, last);
  return number;
}

// A number with that many digits after its point.
inline std::string decimal(double number, int digits) {
  char text[352];  // the largest has 309 digits before its point
  const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::fixed, digits);
  return {text, end.ptr};
}

}  // namespace aisci::kit
