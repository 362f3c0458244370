#include "build_log.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace aisci::latex {
namespace {

bool holds(std::string_view line, std::string_view words) { return line.find(words) != std::string_view::npos; }

// What stands between two marks; "" when one is missing.
std::string between(std::string_view line, std::string_view before, std::string_view after) {
  const auto begin = line.find(before);
  if (begin == std::string_view::npos) return {};
  const auto end = line.find(after, begin + before.size());
  if (end == std::string_view::npos) return {};
  return std::string{line.substr(begin + before.size(), end - begin - before.size())};
}

// "Overfull \hbox (12.3pt too wide) in paragraph at lines 10--12"
std::string overfull(std::string_view line) {
  const bool high = holds(line, "too high");
  const std::string much = between(line, "(", high ? "pt too high" : "pt too wide");
  std::string where{line.substr(std::min(line.find(") "), line.size()))};
  if (where.size() > 2) where = where.substr(2);
  return std::string{high ? "a page is overfull by " : "a line is overfull by "} + much + " pt (" + where + ")";
}

std::string problem_of(std::string_view line) {
  if (line.rfind("Overfull \\", 0) == 0) return overfull(line);
  if (holds(line, "Warning: Reference `")) return "reference " + between(line, "Reference `", "'") + " is undefined";
  if (holds(line, "Warning: Citation `")) return "citation " + between(line, "Citation `", "'") + " is undefined";
  if (holds(line, "multiply defined") && holds(line, "Label `"))
    return "label " + between(line, "Label `", "'") + " is defined twice";
  if (holds(line, "Float too large for page by")) return "a figure or table is higher than a page";
  if (line.rfind("Missing character:", 0) == 0) return "a font lacks a character: " + std::string{line.substr(19)};
  if (line.rfind("aisci: no font", 0) == 0)
    return "text in a script for which no font is installed; its characters are named by number or counted";
  if (holds(line, "destination with the same identifier")) return "two places of the paper have one name";
  if (line.rfind("! ", 0) == 0) return "LaTeX says: " + std::string{line.substr(2)};
  return {};
}

// Lengths in the log are in scaled points from the page's lower left corner.
double body_of(std::string_view line, int columns) {
  const std::string text{line};
  long long page = 0, x = 0, y = 0, wide = 0, high = 0, text_high = 0, top = 0;
  if (std::sscanf(text.c_str(),
                  "aisci: body ends on page %lld, x %lld, y %lld, of a page %lld by %lld, text %lld below %lld", &page,
                  &x, &y, &wide, &high, &text_high, &top) != 7 ||
      text_high <= 0)
    return 0;
  const double down = std::clamp(static_cast<double>(high - y - top) / static_cast<double>(text_high), 0.0, 1.0);
  const double column = columns > 1 && 2 * x > wide ? 1.0 : 0.0;
  return static_cast<double>(page - 1) + (column + down) / columns;
}

}  // namespace

BuildLog read_build_log(std::string_view log, int columns) {
  BuildLog out;
  while (!log.empty()) {
    const auto end = std::min(log.find('\n'), log.size());
    std::string_view line = log.substr(0, end);
    log.remove_prefix(std::min(end + 1, log.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (const double pages = body_of(line, columns); pages > 0) out.body_pages = pages;
    const std::string problem = problem_of(line);
    if (!problem.empty() && std::find(out.problems.begin(), out.problems.end(), problem) == out.problems.end())
      out.problems.push_back(problem);
  }
  return out;
}

}  // namespace aisci::latex
