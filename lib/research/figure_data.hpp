// The table beside a figure (figures/f1.csv) against the data that the figure was drawn from.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "research/recorder.hpp"

namespace aisci {

// The first cell of the table, below its head, that the figure's data do not hold together with what stands before it
// in its row, with its line; a row's first cell
// may hold its own number. None for curves given block by block, whose band the drawing computes.
std::optional<Finding> foreign_cell(const json::object& figure, std::string_view csv);

// The first of what the figure draws (values by block, means with their ends, points of curves, names of rows) that
// stands in the table less often than in the data: of a row that is gone. None for curves given block by block.
std::optional<Finding> missing_cell(const json::object& figure, std::string_view csv);

}  // namespace aisci
