#include "research/figure_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace aisci {
namespace {

// What one row of a table may hold: numbers and texts that stand together in the figure's data.
struct Content {
  std::vector<double> numbers;
  std::set<std::string> texts{"", "mean", "lower", "upper", "smallest_effect"};
};

void add_scalar(const json::value& value, Content& content) {
  if (value.is_number()) content.numbers.push_back(as_number(value));
  if (const auto* text = value.if_string()) content.texts.emplace(text->c_str());
}

bool is_scalar(const json::value& value) { return !value.is_object() && !value.is_array(); }

// "values" of several sides, a number a block: what stands at one place in all of them is one row.
void pair_values(const json::object& sides, const Content& around, std::vector<Content>& rows) {
  std::vector<const json::array*> columns;
  for (const auto& side : sides)
    if (side.value().is_object())
      if (const auto& values = array_of(side.value().get_object(), "values");
          !values.empty() && (columns.empty() || columns.front()->size() == values.size()))
        columns.push_back(&values);
  for (std::size_t i = 0; columns.size() > 1 && i < columns.front()->size(); ++i) {
    rows.push_back(around);
    for (const auto* column : columns) add_scalar((*column)[i], rows.back());
  }
}

// Every object with what stands beside and above it, and every list of numbers in a list: the rows that a table of the
// data may have.
void collect(const json::value& value, Content around, std::vector<Content>& rows) {
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      add_scalar(member.value(), around);
      if (const auto* list = member.value().if_array())
        for (const auto& item : *list) add_scalar(item, around);
    }
    pair_values(*object, around, rows);
    for (const auto& member : *object)
      if (!is_scalar(member.value())) collect(member.value(), around, rows);
    rows.push_back(std::move(around));
  } else if (const auto* list = value.if_array()) {
    Content row = around;
    for (const auto& item : *list) {
      add_scalar(item, row);
      if (!is_scalar(item)) collect(item, around, rows);
    }
    rows.push_back(std::move(row));
  }
}

struct Row {
  std::size_t line = 1;  // where it begins
  std::vector<std::string> cells;
};

// The rows of a table; a cell in quotes may hold commas, ends of lines, and quotes twice.
std::vector<Row> rows_of(std::string_view csv) {
  std::vector<Row> rows{{1, {""}}};
  bool quoted = false;
  std::size_t line = 1;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    std::string& cell = rows.back().cells.back();
    if (csv[i] == '\n') ++line;
    if (csv[i] == '"' && quoted && i + 1 < csv.size() && csv[i + 1] == '"')
      cell += csv[++i];
    else if (csv[i] == '"')
      quoted = !quoted;
    else if (!quoted && csv[i] == ',')
      rows.back().cells.emplace_back();
    else if (!quoted && csv[i] == '\n')
      rows.push_back({line, {""}});
    else if (quoted || csv[i] != '\r')
      cell += csv[i];
  }
  return rows;
}

// A number as a table of a figure writes it: the shortest digits that read back as it is, as fmt and Python both print.
// A whole one may have a point and a zero.
bool writes(std::string_view cell, double number) {
  const std::string digits = fmt::format("{}", number);
  return cell == digits || cell == digits + ".0";
}

bool known_cell(const std::string& cell, const Content& content) {
  const std::string numbered = "block ";
  if (cell.rfind(numbered, 0) == 0) return cell.find_first_not_of("0123456789", numbered.size()) == std::string::npos;
  return content.texts.count(cell) > 0 ||
         std::any_of(content.numbers.begin(), content.numbers.end(), [&](double one) { return writes(cell, one); });
}

}  // namespace

std::optional<Finding> foreign_cell(const json::object& figure, std::string_view csv) {
  std::vector<Content> contents;
  collect(json::value{object_of(figure, "data")}, {}, contents);
  for (const auto& arm : array_of(object_of(figure, "data"), "arms"))
    if (arm.is_object() && arm.get_object().contains("blocks")) return std::nullopt;
  const auto rows = rows_of(csv);
  for (std::size_t number = 1; number < rows.size(); ++number) {
    const auto& cells = rows[number].cells;
    // The farthest that any of them goes along the row names the cell that is foreign.
    std::size_t farthest = 0;
    for (const auto& content : contents) {
      std::size_t at = cells.front() == std::to_string(number) ? 1 : 0;  // its own number
      while (at < cells.size() && known_cell(cells[at], content)) ++at;
      farthest = std::max(farthest, at);
    }
    if (farthest < cells.size())
      return Finding{"figures/" + text_of(figure, "id") + ".csv, line " + std::to_string(rows[number].line),
                     "what the figure's data hold together", cells[farthest]};
  }
  return std::nullopt;
}

}  // namespace aisci
