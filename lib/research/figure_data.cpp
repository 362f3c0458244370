#include "research/figure_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
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

// Whether the drawing computes a band over blocks, which the data then do not have.
bool draws_more_than_given(const json::object& figure) {
  const auto& arms = array_of(object_of(figure, "data"), "arms");
  return std::any_of(arms.begin(), arms.end(),
                     [](const json::value& arm) { return arm.is_object() && arm.get_object().contains("blocks"); });
}

// Whether a row begins with its own number.
bool is_numbered(const Row& row, std::size_t number) { return row.cells.front() == std::to_string(number); }

// A number as it is counted, however it is written.
std::string counted(double number) { return fmt::format("{}", number); }

// What a kind of figure draws of its data: below `place`, every number and every text under these names. Of a kind that
// is not here, nothing is known to be missing.
struct Drawn {
  std::string_view kind, place;
  std::set<std::string_view> names;
};
const Drawn kDrawn[] = {
    {"arms", "arms", {"id", "mean", "lower", "upper", "values"}},
    {"arms", "difference", {"mean", "lower", "upper", "values"}},
    {"distributions", "arms", {"id", "mean", "lower", "upper", "values"}},
    {"paired", "baseline", {"values"}},
    {"paired", "treatment", {"values"}},
    {"paired", "difference", {"mean", "lower", "upper", "values"}},
    {"forest", "rows", {"id", "mean", "lower", "upper"}},
    {"curves", "arms", {"id", "points"}},
    {"sizes", "arms", {"id", "mean", "lower", "upper"}},
    {"dose", "levels", {"mean", "lower", "upper", "values"}},
    {"heat", "cells", {"mean", "lower", "upper"}},
    {"tree", "nodes", {"id", "score"}},
};

void count_drawn(const json::value& value, const std::set<std::string_view>& names, bool drawn,
                 std::map<std::string, int>& counts) {
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) count_drawn(member.value(), names, names.count(member.key()) > 0, counts);
  } else if (const auto* list = value.if_array()) {
    for (const auto& item : *list) count_drawn(item, names, drawn, counts);
  } else if (drawn && value.is_number()) {
    ++counts[counted(as_number(value))];
  } else if (const auto* text = value.if_string(); drawn && text) {
    counts.emplace(text->c_str(), 1);  // a name stands in as many rows as the kind of figure has for it
  }
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
  if (draws_more_than_given(figure)) return std::nullopt;
  const auto rows = rows_of(csv);
  for (std::size_t number = 1; number < rows.size(); ++number) {
    const auto& cells = rows[number].cells;
    // The farthest that any of them goes along the row names the cell that is foreign.
    std::size_t farthest = 0;
    for (const auto& content : contents) {
      std::size_t at = is_numbered(rows[number], number) ? 1 : 0;
      while (at < cells.size() && known_cell(cells[at], content)) ++at;
      farthest = std::max(farthest, at);
    }
    if (farthest < cells.size())
      return Finding{"figures/" + text_of(figure, "id") + ".csv, line " + std::to_string(rows[number].line),
                     "what the figure's data hold together", cells[farthest]};
  }
  return std::nullopt;
}

std::optional<Finding> missing_cell(const json::object& figure, std::string_view csv) {
  if (draws_more_than_given(figure)) return std::nullopt;
  std::map<std::string, int> drawn;
  for (const auto& [kind, place, names] : kDrawn)
    if (kind == text_of(figure, "kind")) count_drawn(member(object_of(figure, "data"), place), names, false, drawn);
  const auto rows = rows_of(csv);
  for (std::size_t number = 1; number < rows.size(); ++number)
    for (std::size_t at = is_numbered(rows[number], number) ? 1 : 0; at < rows[number].cells.size(); ++at) {
      const std::string& cell = rows[number].cells[at];
      const auto as_written = drawn.find(cell);
      const auto same =
          as_written != drawn.end() || !cell.ends_with(".0") ? as_written : drawn.find(cell.substr(0, cell.size() - 2));
      if (same != drawn.end()) --same->second;
    }
  for (const auto& [what, count] : drawn)
    if (count > 0)
      return Finding{"figures/" + text_of(figure, "id") + ".csv", "a row with " + what + ", which the figure draws",
                     count == 1 ? "none, or one too few" : std::to_string(count) + " too few"};
  return std::nullopt;
}

}  // namespace aisci
