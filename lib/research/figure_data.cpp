#include "research/figure_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace aisci {
namespace {

struct Content {
  std::vector<double> numbers;
  std::set<std::string> texts{"", "mean", "lower", "upper", "smallest_effect"};
};

void collect(const json::value& value, Content& content) {
  if (value.is_number()) content.numbers.push_back(as_number(value));
  if (const auto* text = value.if_string()) content.texts.emplace(text->c_str());
  if (const auto* object = value.if_object())
    for (const auto& entry : *object) collect(entry.value(), content);
  if (const auto* array = value.if_array())
    for (const auto& item : *array) collect(item, content);
}

// The cells of a line; one in quotes may hold commas, and quotes twice.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells{""};
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
      cells.back() += line[++i];
    else if (line[i] == '"')
      quoted = !quoted;
    else if (line[i] == ',' && !quoted)
      cells.emplace_back();
    else if (line[i] != '\r')
      cells.back() += line[i];
  }
  return cells;
}

// A number as a table of a figure writes it: the shortest digits that read back as it is, as fmt and Python both print.
// A whole one may have a point and a zero.
bool writes(std::string_view cell, double number) {
  const std::string digits = fmt::format("{}", number);
  return cell == digits || cell == digits + ".0";
}

bool known_cell(const std::string& cell, const Content& content) {
  char* end = nullptr;
  (void)std::strtod(cell.c_str(), &end);
  const std::string numbered = "block ";
  if (cell.rfind(numbered, 0) == 0) return cell.find_first_not_of("0123456789", numbered.size()) == std::string::npos;
  if (cell.empty() || *end != '\0') return content.texts.count(cell) > 0;
  return content.texts.count(cell) > 0 ||
         std::any_of(content.numbers.begin(), content.numbers.end(), [&](double one) { return writes(cell, one); });
}

}  // namespace

std::optional<Finding> foreign_cell(const json::object& figure, std::string_view csv) {
  Content content;
  collect(json::value{object_of(figure, "data")}, content);
  for (const auto& arm : array_of(object_of(figure, "data"), "arms"))
    if (arm.is_object() && arm.get_object().contains("blocks")) return std::nullopt;
  const auto lines = split(csv, '\n');
  for (std::size_t line = 1; line < lines.size(); ++line)
    for (bool first = true; const auto& cell : cells_of(lines[line])) {
      const bool own_number = first && cell == std::to_string(line);
      first = false;
      if (!own_number && !known_cell(cell, content))
        return Finding{"figures/" + text_of(figure, "id") + ".csv, line " + std::to_string(line + 1),
                       "what the figure's data hold", cell};
    }
  return std::nullopt;
}

}  // namespace aisci
