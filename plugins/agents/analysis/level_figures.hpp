// Figures of the search's arms over the levels of factors: one ordered factor (dose), two factors (sizes, heat).
//
//   dose   when three levels or more of the question's factor, an ordered one, were run in the usual setting and all
//   but
//          one were set against that one
//   sizes  when two levels of the question's factor met at two levels or more of an ordered factor
//   heat   the same over another factor, where no line over levels says it already
//
// What different experiments ran has different blocks, so arms are drawn beside each other only where they share them.
// An arm counts where its configuration is the usual one but for these factors. Pure functions, any thread. Since 0.1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kit/json.hpp"
#include "looks.hpp"

namespace aisci::analysis {

struct LevelFigure {
  std::string title, caption;  // text with references
  json::object data;
};

std::optional<LevelFigure> dose_figure(const json::object& study);
std::optional<LevelFigure> sizes_figure(const json::object& study, Looks& looks);
std::optional<LevelFigure> heat_figure(const json::object& study);

// Whether a configuration is the study's usual one in all factors but these.
bool usual_but(const json::object& study, const json::object& config, const std::vector<std::string>& free);

}  // namespace aisci::analysis
