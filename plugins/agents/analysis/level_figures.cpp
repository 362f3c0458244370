#include "level_figures.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "drawn.hpp"
#include "kit/document.hpp"

namespace aisci::analysis {
namespace {

using namespace kit;

constexpr std::size_t kLeastDoses = 3;

void each_arm(const json::object& study,
              const std::function<void(const json::object& config, const json::object& values)>& use) {
  for (const auto* node : objects_of(study, "nodes"))
    for (const auto* arm : objects_of(object_of(*node, "plan"), "arms")) {
      const auto& values = object_of(object_at(*node, "evidence.arms"), text_of(*arm, "id"));
      if (!values.empty()) use(object_of(*arm, "config"), values);
    }
}

const json::object& factor_of(const json::object& study, const std::string& name) {
  return object_of(object_at(study, "template.factors"), name);
}

std::string factor_title(const json::object& study, const std::string& name) {
  return text_of(factor_of(study, name), "title", name);
}

bool ordered(const json::object& study, const std::string& name) {
  const auto& levels = array_of(factor_of(study, name), "levels");
  return !levels.empty() && std::all_of(levels.begin(), levels.end(), is_number);
}

// The levels of two factors that met, in the template's order.
struct Grid {
  std::vector<const json::value*> rows, columns;
  std::map<std::pair<std::string, std::string>, json::object> cells;
};

Grid grid_over(const json::object& study, const std::string& factor, const std::string& other) {
  Grid grid;
  each_arm(study, [&](const json::object& config, const json::object& values) {
    const auto *row = find_member(config, factor), *column = find_member(config, other);
    if (row && column && usual_but(study, config, {factor, other}))
      grid.cells.emplace(std::pair{level_name(*row), level_name(*column)}, interval_of(values));
  });
  const auto& rows = array_of(factor_of(study, factor), "levels");
  const auto& columns = array_of(factor_of(study, other), "levels");
  const auto filled = [&](const json::value& row, const json::value& column) {
    return grid.cells.count({level_name(row), level_name(column)}) != 0;
  };
  // Columns that two rows share, and the rows that have all of them.
  for (const auto& column : columns)
    if (std::count_if(rows.begin(), rows.end(), [&](const json::value& row) { return filled(row, column); }) > 1)
      grid.columns.push_back(&column);
  for (const auto& row : rows)
    if (!grid.columns.empty() && std::all_of(grid.columns.begin(), grid.columns.end(),
                                             [&](const json::value* column) { return filled(row, *column); }))
      grid.rows.push_back(&row);
  return grid;
}

json::array labels_of(const json::object& study, const std::string& factor,
                      const std::vector<const json::value*>& levels) {
  json::array out;
  for (const auto* level : levels) out.emplace_back(level_label(factor_of(study, factor), level_name(*level)));
  return out;
}

}  // namespace

bool usual_but(const json::object& study, const json::object& config, const std::vector<std::string>& free) {
  const auto& context = object_at(study, "scope.context");
  return std::all_of(config.begin(), config.end(), [&](const auto& entry) {
    const std::string name{entry.key()};
    const auto* usual = find_member(context, name);
    if (!usual) usual = find_member(factor_of(study, name), "default");
    return contains(free, name) || !usual || level_name(*usual) == level_name(entry.value());
  });
}

std::optional<LevelFigure> dose_figure(const json::object& study) {
  const std::string factor = text_of(object_of(study, "scope"), "factor"), title = factor_title(study, factor);
  if (!ordered(study, factor)) return std::nullopt;
  std::map<double, json::object> doses;
  each_arm(study, [&](const json::object& config, const json::object& values) {
    const auto* level = find_member(config, factor);
    if (!level || !is_number(*level) || !usual_but(study, config, {factor})) return;
    json::object dose = interval_of(values);
    dose["level"] = *level;
    dose["values"] = array_of(values, "values");
    doses.emplace(as_number(*level), std::move(dose));
  });
  if (doses.size() < kLeastDoses) return std::nullopt;
  json::object data{{"factor", title}, {"smallest_effect", number_of(metric_of(study), "smallest_effect")}};
  const auto& manifest = factor_of(study, factor);
  const auto& levels = array_of(manifest, "levels");
  const json::value* reference = find_member(manifest, "reference");
  if (!reference && !levels.empty()) reference = &levels.front();
  const bool banded = reference && is_number(*reference) && doses.count(as_number(*reference)) != 0;
  if (banded) data["reference"] = *reference;
  json::array list;
  for (auto& [level, dose] : doses) list.push_back(std::move(dose));
  data["levels"] = std::move(list);
  return LevelFigure{
      capitalised(metric_title(study)) + " over " + title,
      "Exploratory: " + metric_title(study) + " on the validation split at each level of " + title +
          " that the search ran in the usual setting. Points are blocks, at most {{study.blocks}} a level, with means "
          "and {{protocol.confidence}} t intervals." +
          (banded
               ? " The band holds what differs from the mean at the reference level by less than the smallest effect "
                 "of interest."
               : "") +
          " No test was made across all levels; those of pairs stand in the tables.",
      std::move(data)};
}

std::optional<LevelFigure> heat_figure(const json::object& study) {
  const std::string factor = text_of(object_of(study, "scope"), "factor");
  std::string best;
  Grid grid;
  for (const auto& entry : object_at(study, "template.factors")) {
    const std::string other{entry.key()};
    // Lines over an ordered factor say more than colours do.
    if (other == factor || (ordered(study, other) && !ordered(study, factor))) continue;
    Grid found = grid_over(study, factor, other);
    if (found.rows.size() < 2 || found.columns.size() < 2) continue;
    if (found.rows.size() * found.columns.size() <= grid.rows.size() * grid.columns.size()) continue;
    grid = std::move(found);
    best = other;
  }
  if (best.empty()) return std::nullopt;
  json::array cells;
  for (const auto* row : grid.rows) {
    json::array line;
    for (const auto* column : grid.columns) line.push_back(grid.cells.at({level_name(*row), level_name(*column)}));
    cells.push_back(std::move(line));
  }
  const std::string one = factor_title(study, factor), other = factor_title(study, best);
  return LevelFigure{capitalised(metric_title(study)) + " over " + one + " and " + other,
                     "Exploratory: mean " + metric_title(study) + " on the validation split for each pair of " + one +
                         " and " + other +
                         ", with half the width of its {{protocol.confidence}} t interval, over at most "
                         "{{study.blocks}} blocks of the search. Whether the pairs differ from what the two factors "
                         "give apart is a test of its own, an interaction; it stands in the tables where it was made.",
                     json::object{{"row_factor", one},
                                  {"column_factor", other},
                                  {"rows", labels_of(study, factor, grid.rows)},
                                  {"columns", labels_of(study, best, grid.columns)},
                                  {"cells", std::move(cells)}}};
}

}  // namespace aisci::analysis
