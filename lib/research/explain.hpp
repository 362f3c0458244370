// What stands behind a number of a paper, of which everything is at hand: the core of explain_number.
#pragma once

#include <aisci/status.hpp>

#include <filesystem>
#include <string>

#include "base/json.hpp"
#include "research/study_document.hpp"

namespace aisci {

// Its matches, as aisci/inspect.hpp tells them: the facts that are printed so, likelier ones first, then words and
// references that hold it; where there is neither, the figures below `folder` that print it. Empty: the resolved paper
// prints no such number.
Result<json::array> explained(const std::string& number, const StudyView& study, const json::object& paper,
                              const std::filesystem::path& folder);

}  // namespace aisci
