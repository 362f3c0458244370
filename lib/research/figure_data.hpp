// The table beside a figure (figures/f1.csv) against the data that the figure was drawn from.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "research/recorder.hpp"

namespace aisci {

// Where the table is not that of the figure, with its line: of the kinds in docs/guide/figures.md, head and rows are
// made again from the data and compared cell by cell, the rows in any order. Of another kind, a cell is named that the
// data do not hold together with what stands before it in its row; a row's first cell may hold its own number. None for
// curves given block by block, whose band the drawing computes.
//   table_fault(figure, table_text(figure)) == std::nullopt
std::optional<Finding> table_fault(const json::object& figure, std::string_view csv);

// The table that a figure of these kinds must have, as CSV; "" for another.
std::string table_text(const json::object& figure);

}  // namespace aisci
