// Which figures a study gets: chosen by the shape of its data, no two that show the same, at most six.
//
//   forest          all differences with their intervals, claims before nodes; two or more on one scale
//   paired          a confirmed difference, block by block; two claims that are differences, the nearest to the
//   question first arms            the arms of a confirmed interaction; the first such claim in the same order
//   distributions   the arms of the first claim of thirty blocks or more, in place of its paired or arms
//   sizes           the arms over the levels of an ordered factor; when the question's pair was run at two or more
//   dose, heat      level_figures.hpp
//   curves          training loss of the main claim's arms; when the trials recorded it
//   tree            the search; when it has three nodes or more
//
// Captions are text with references and carry n, interval and test. A figure of one claim names it as `subject`.
// Pure function, any thread. Since 0.1.
#pragma once

#include "kit/json.hpp"

namespace aisci::analysis {

// {"figures": [...]} for the study document with `curves` and `storyline` beside it; `data` as docs/guide/figures.md
// says.
json::object choose_figures(const json::object& study);

// Training curves reduced to their first and last points: what findings are made from.
json::object curve_ends(const json::object& curves);

}  // namespace aisci::analysis
