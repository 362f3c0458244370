// The sources of a paper from its resolved model.
#pragma once

#include <string>
#include <vector>

#include "formats.hpp"
#include "kit/json.hpp"

namespace aisci::latex {

// paper.tex, for pdfLaTeX and XeLaTeX alike.
std::string render_tex(const json::object& paper, const Format& format);
// references.bib.
std::string render_bib(const json::object& paper);
// {"build": ...}: how the PDF is made; by XeLaTeX, where there is one, when the text is not in Latin letters alone.
json::object build_steps(const json::object& paper);
// What would not come out well.
std::vector<std::string> problems_of(const json::object& paper);

}  // namespace aisci::latex
