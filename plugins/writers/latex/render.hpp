// The sources of a paper from its resolved model.
#pragma once

#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::latex {

// paper.tex; `preamble` is the format's.
std::string render_tex(const json::object& paper, const std::string& preamble);
// references.bib.
std::string render_bib(const json::object& paper);
// {"build": ...}: how the PDF is made.
json::object build_steps(const json::object& paper);
// What would not come out well.
std::vector<std::string> problems_of(const json::object& paper);

}  // namespace aisci::latex
