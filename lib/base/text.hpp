// Small questions about text.
#pragma once

#include <aisci/terminal.hpp>  // printable, printable_json: for everybody
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aisci {

std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string trim(std::string_view text);
std::string replace_all(std::string text, std::string_view from, std::string_view to);

// Edit distance; for "did you mean" hints.
std::size_t edit_distance(std::string_view a, std::string_view b);
// The nearest of the candidates, or "" when none is close.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// A number as people write it, `digits` after the point, in the C locale whatever the host's.
// From 1e12 on as "1.235e+12": more digits say nothing.
std::string fixed(double value, int digits);

// The finite number that a whole text is, in the C locale, too.
std::optional<double> parsed_number(std::string_view text);

// The same short stretch of two texts, from a little before their first difference: what to show of two long lines.
struct Difference {
  std::string first, second;
};
Difference difference(std::string_view first, std::string_view second);

bool is_utf8(std::string_view text);

// "2026-11-23T18:00:00Z".
std::string utc_now();

}  // namespace aisci
