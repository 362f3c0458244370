#include "research/figure_data.hpp"

#include <cmath>
#include <cstdlib>
#include <vector>

#include "base/text.hpp"

namespace aisci {
namespace {

void collect(const json::value& value, std::vector<double>& numbers) {
  if (value.is_number()) numbers.push_back(as_number(value));
  if (const auto* object = value.if_object())
    for (const auto& entry : *object) collect(entry.value(), numbers);
  if (const auto* array = value.if_array())
    for (const auto& item : *array) collect(item, numbers);
}

}  // namespace

std::optional<Finding> foreign_number(const json::object& figure, std::string_view csv) {
  std::vector<double> known;
  collect(json::value{object_of(figure, "data")}, known);
  for (const auto& arm : array_of(object_of(figure, "data"), "arms"))
    if (arm.is_object() && arm.get_object().contains("blocks")) return std::nullopt;
  const auto lines = split(csv, '\n');
  for (std::size_t line = 1; line < lines.size(); ++line)
    for (bool first = true; const auto& cell : split(lines[line], ',')) {
      const std::string text = trim(cell);
      char* end = nullptr;
      const double value = std::strtod(text.c_str(), &end);
      const bool number = !text.empty() && *end == '\0';
      bool found = !number || (first && value == static_cast<double>(line));
      first = false;
      for (const double one : known) found = found || std::abs(one - value) <= 1e-15 * std::abs(one);
      if (!found)
        return Finding{"figures/" + text_of(figure, "id") + ".csv, line " + std::to_string(line + 1),
                       "numbers of the figure's data", text};
    }
  return std::nullopt;
}

}  // namespace aisci
