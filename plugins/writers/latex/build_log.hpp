// What the log of a build says: whether everything is where it belongs, and how long the body is.
//
// Reads the log of pdfLaTeX or XeLaTeX in lines that are not broken (max_print_line), as build_steps() asks for.
// Pure functions. Since 0.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aisci::latex {

struct BuildLog {
  // "overfull box of 12.3 pt, lines 10 to 12 of paper.tex", "reference fig:f1 is undefined", ...; each once.
  std::vector<std::string> problems;
  double body_pages = 0;  // 3.25: the body ends a quarter down the fourth page; 0 when the log does not say
};

// `columns` of the format: where on its page a body ends depends on it.
BuildLog read_build_log(std::string_view log, int columns);

}  // namespace aisci::latex
