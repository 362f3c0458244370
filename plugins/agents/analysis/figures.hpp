// Which figures a study gets: chosen by the shape of its data, no two that show the same.
#pragma once

#include "kit/json.hpp"

namespace aisci::analysis {

// {"figures": [...]} for the study document, with "curves" beside it; at most six.
json::object choose_figures(const json::object& study);

}  // namespace aisci::analysis
