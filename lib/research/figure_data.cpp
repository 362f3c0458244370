#include "research/figure_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"

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

// A cell that a table must have: a text, or a number, which may have a point and a zero.
struct Cell {
  std::string text;
  bool number = false;
  bool is(const std::string& found) const { return found == text || (number && found == text + ".0"); }
};

// The shortest digits that read back as the number, as fmt and Python both print.
Cell cell(double number) { return {fmt::format("{}", number), true}; }
Cell cell(const json::value& value) {
  if (value.is_number()) return cell(as_number(value));
  const auto* text = value.if_string();
  return {text ? std::string{text->c_str()} : std::string{}};
}
Cell cell_of(const json::object& holder, std::string_view name) { return cell(member(holder, name)); }

// Whether the drawing computes a band over blocks, which the data then do not have.
bool draws_more_than_given(const json::object& figure) {
  const auto& arms = array_of(object_of(figure, "data"), "arms");
  return std::any_of(arms.begin(), arms.end(),
                     [](const json::value& arm) { return arm.is_object() && arm.get_object().contains("blocks"); });
}

// Whether a row begins with its own number.
bool is_numbered(const Row& row, std::size_t number) { return row.cells.front() == std::to_string(number); }

bool known_cell(const std::string& found, const Content& content) {
  const std::string numbered = "block ";
  if (found.rfind(numbered, 0) == 0) return found.find_first_not_of("0123456789", numbered.size()) == std::string::npos;
  return content.texts.count(found) > 0 ||
         std::any_of(content.numbers.begin(), content.numbers.end(), [&](double one) { return cell(one).is(found); });
}

using Table = std::vector<std::vector<Cell>>;

// `first`, then mean, lower and upper of `holder`, then `last`.
std::vector<Cell> with_interval(std::vector<Cell> first, const json::object& holder, std::vector<Cell> last = {}) {
  for (const char* name : {"mean", "lower", "upper"}) first.push_back(cell_of(holder, name));
  first.insert(first.end(), last.begin(), last.end());
  return first;
}

// Of one arm, level or contrast: a row of its mean and one of each of its blocks, all beginning with `first`.
void add_blocks(Table& table, const std::vector<Cell>& first, const json::object& holder) {
  auto row = first;
  row.push_back({"mean"});
  table.push_back(with_interval(row, holder));
  std::size_t number = 0;
  for (const auto& value : array_of(holder, "values")) {
    row = first;
    row.insert(row.end(), {{"block " + std::to_string(++number)}, cell(value), {""}, {""}});
    table.push_back(std::move(row));
  }
}

void add_paired(Table& table, const json::object& data) {
  const auto& before = array_of(object_of(data, "baseline"), "values");
  const auto& after = array_of(object_of(data, "treatment"), "values");
  const auto& contrast = object_of(data, "difference");
  const auto& each = array_of(contrast, "values");
  for (std::size_t i = 0; i < std::min({before.size(), after.size(), each.size()}); ++i)
    table.push_back({{std::to_string(i + 1)}, cell(before[i]), cell(after[i]), cell(each[i])});
  for (const char* name : {"mean", "lower", "upper"}) table.push_back({{name}, {""}, {""}, cell_of(contrast, name)});
  table.push_back({{"smallest_effect"}, {""}, {""}, cell_of(data, "smallest_effect")});
}

void add_heat(Table& table, const json::object& data) {
  const auto &rows = array_of(data, "rows"), &columns = array_of(data, "columns"), &cells = array_of(data, "cells");
  for (std::size_t i = 0; i < std::min(rows.size(), cells.size()); ++i) {
    const auto* row = cells[i].if_array();
    for (std::size_t j = 0; row && j < std::min(columns.size(), row->size()); ++j)
      if ((*row)[j].is_object())
        table.push_back(with_interval({cell(rows[i]), cell(columns[j])}, (*row)[j].get_object()));
  }
}

// One entry of the data's list in a figure of this kind.
void add_entry(Table& table, std::string_view kind, const json::object& data, const json::object& entry) {
  const std::vector<Cell> named{cell_of(entry, "id"), cell_of(entry, "label")};
  if (kind == "arms" || kind == "distributions") {
    add_blocks(table, named, entry);
  } else if (kind == "dose") {
    add_blocks(table, {cell_of(entry, "level")}, entry);
  } else if (kind == "forest") {
    table.push_back(with_interval({named[0], named[1], cell_of(entry, "verdict"), cell_of(entry, "n")}, entry,
                                  {cell_of(data, "smallest_effect")}));
  } else if (kind == "curves" || kind == "sizes") {
    for (const auto& point : array_of(entry, kind == "curves" ? "points" : "levels")) {
      auto row = named;
      if (const auto* numbers = point.if_array())
        for (const auto& number : *numbers) row.push_back(cell(number));
      else if (point.is_object())
        row.push_back(cell_of(point.get_object(), "level")), row = with_interval(row, point.get_object());
      table.push_back(std::move(row));
    }
  } else {
    std::vector<Cell> row;  // of a tree
    for (const char* name : {"id", "parent", "stage", "state", "verdict", "score", "label"})
      row.push_back(cell_of(entry, name));
    table.push_back(std::move(row));
  }
}

// What the table of a figure must be, its head first; the rows in any order. Empty for a kind that is not known.
Table table_of(const json::object& figure) {
  struct Kind {
    std::string_view name, entries;
    std::vector<Cell> head;
  };
  static const std::vector<Cell> kBlocks{{"arm"}, {"label"}, {"row"}, {"value"}, {"lower"}, {"upper"}};
  static const Kind kKinds[] = {
      {"arms", "arms", kBlocks},
      {"distributions", "arms", kBlocks},
      {"paired", "", {{"block"}, {"baseline"}, {"treatment"}, {"difference"}}},
      {"forest", "rows", {{"id"}, {"label"}, {"verdict"}, {"n"}, {"mean"}, {"lower"}, {"upper"}, {"smallest_effect"}}},
      {"curves", "arms", {{"arm"}, {"label"}, {"step"}, {"mean"}, {"lower"}, {"upper"}}},
      {"sizes", "arms", {{"arm"}, {"label"}, {"level"}, {"mean"}, {"lower"}, {"upper"}}},
      {"dose", "levels", {{"level"}, {"row"}, {"value"}, {"lower"}, {"upper"}}},
      {"heat", "", {{"row"}, {"column"}, {"mean"}, {"lower"}, {"upper"}}},
      {"tree", "nodes", {{"id"}, {"parent"}, {"stage"}, {"state"}, {"verdict"}, {"score"}, {"label"}}},
  };
  const auto& data = object_of(figure, "data");
  for (const auto& kind : kKinds) {
    if (kind.name != text_of(figure, "kind")) continue;
    Table table{kind.head};
    if (kind.name == "paired") add_paired(table, data);
    if (kind.name == "heat") add_heat(table, data);
    if (!kind.entries.empty())
      for (const auto& entry : array_of(data, kind.entries))
        if (entry.is_object()) add_entry(table, kind.name, data, entry.get_object());
    if (const auto& contrast = object_of(data, "difference"); kind.name == "arms" && !contrast.empty()) {
      const std::vector<Cell> first{{""}, cell_of(contrast, "label")};
      add_blocks(table, first, contrast);
      table.push_back({first[0], first[1], {"smallest_effect"}, cell_of(data, "smallest_effect"), {""}, {""}});
    }
    return table;
  }
  return {};
}

bool same(const std::vector<Cell>& wanted, const Row& found) {
  return std::equal(wanted.begin(), wanted.end(), found.cells.begin(), found.cells.end(),
                    [](const Cell& one, const std::string& other) { return one.is(other); });
}

// A row as CSV: a cell that holds a comma, a quote or an end of a line stands in quotes.
std::string told(const std::vector<Cell>& row) {
  std::string text;
  for (const auto& one : row) {
    if (&one != row.data()) text += ',';
    if (one.text.find_first_of(",\"\r\n") == std::string::npos) {
      text += one.text;
      continue;
    }
    text += '"';
    for (const char c : one.text) text += c == '"' ? std::string{"\"\""} : std::string(1, c);
    text += '"';
  }
  return text;
}

// The first cell below the head that the figure's data do not hold together with what stands before it in its row.
std::optional<Finding> foreign_cell(const json::object& figure, const std::vector<Row>& rows) {
  std::vector<Content> contents;
  collect(json::value{object_of(figure, "data")}, {}, contents);
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

}  // namespace

std::optional<Finding> table_fault(const json::object& figure, std::string_view csv) {
  if (draws_more_than_given(figure)) return std::nullopt;
  auto rows = rows_of(csv);
  if (rows.back().cells == std::vector<std::string>{""}) rows.pop_back();  // behind the last end of a line
  const std::string file = "figures/" + text_of(figure, "id") + ".csv";
  Table wanted = table_of(figure);
  if (wanted.empty()) return foreign_cell(figure, rows);
  if (rows.empty() || !same(wanted.front(), rows.front()))
    return Finding{file + ", line 1", told(wanted.front()), rows.empty() ? "" : join(rows.front().cells, ",")};
  wanted.erase(wanted.begin());
  for (std::size_t number = 1; number < rows.size(); ++number) {
    const auto row =
        std::find_if(wanted.begin(), wanted.end(), [&](const auto& one) { return same(one, rows[number]); });
    if (row == wanted.end())
      return Finding{file + ", line " + std::to_string(rows[number].line),
                     wanted.empty() ? "no further row" : "a row of the figure's data, such as " + told(wanted.front()),
                     join(rows[number].cells, ",")};
    wanted.erase(row);
  }
  if (wanted.empty()) return std::nullopt;
  return Finding{file, "a row " + told(wanted.front()), "no such row"};
}

std::string table_text(const json::object& figure) {
  std::string text;
  for (const auto& row : table_of(figure)) text += told(row) + "\n";
  return text;
}

}  // namespace aisci
