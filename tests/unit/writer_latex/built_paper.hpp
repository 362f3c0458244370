// Papers for the writer's tests, from texts, tables and figures, and what LaTeX makes of them.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "build_log.hpp"
#include "formats.hpp"
#include "kit/document.hpp"
#include "render.hpp"
#include "support/folder.hpp"
#include "support/minimal_pdf.hpp"

namespace aisci::latex {

namespace fs = std::filesystem;

inline json::array text(const std::string& words) { return {json::object{{"text", words}}}; }
inline json::object paragraph(const std::string& words) { return {{"type", "paragraph"}, {"text", text(words)}}; }
inline json::object section(const std::string& id, const std::string& title, json::array blocks) {
  return {{"id", id}, {"title", text(title)}, {"blocks", std::move(blocks)}};
}
inline std::string repeated(const std::string& what, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += what;
  return out;
}

inline json::object table(const std::string& id, const std::string& caption, const std::vector<std::string>& columns,
                          const std::vector<std::vector<std::string>>& rows) {
  json::array heads, lines;
  for (const auto& column : columns) heads.push_back(text(column));
  for (const auto& row : rows) {
    json::array cells;
    for (const auto& cell : row) cells.push_back(text(cell));
    lines.push_back(std::move(cells));
  }
  return {{"type", "table"}, {"id", id}, {"caption", text(caption)}, {"columns", heads}, {"rows", lines}};
}

// A page of a given size in points, with nothing on it.
inline std::string blank_pdf(int width, int height) {
  return testing::pdf_of({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                          "<</Type/Page/Parent 2 0 R/MediaBox[0 0 " + std::to_string(width) + " " +
                              std::to_string(height) + "]/Resources<<>>/Contents 4 0 R>>",
                          "<</Length 1>>stream\n\nendstream"});
}

inline const std::string kPlain =
    "The arms share their seed, their training subset and the order in which they see it, so what is left between "
    "them is what was changed. ";
inline const std::string kSpecial =
    "100 % of a_b & {c} #1 ~d ^e \\f $g$ <h> |i| \"j\" `k' \\end{document} \\input{/etc/passwd} %";

inline json::object frame(const std::string& title, json::array sections) {
  json::object figures;
  for (int i = 1; i <= 14; ++i)
    figures["f" + std::to_string(i)] =
        json::object{{"file", i % 2 ? "figures/narrow.pdf" : "figures/wide.pdf"}, {"caption", text(kPlain + kSpecial)}};
  return {{"title", text(title)},
          {"abstract", text(kPlain)},
          {"sections", std::move(sections)},
          {"appendix", json::array{section("reproducibility", "Reproducibility", {paragraph(kPlain)})}},
          {"figures", std::move(figures)},
          {"references", json::array{json::object{{"key", "someone2020"},
                                                  {"title", "A {lone brace and 50 % of " + kSpecial},
                                                  {"authors", json::array{"Ünal Ødegård-" + repeated("Long", 20),
                                                                          "A & B {", "\u674e \u96f7"}},
                                                  {"year", 2020},
                                                  {"url", "https://example.org/" + repeated("a_long_path/", 20)}}}},
          {"author", "The AI Scientist (aisci)"},
          {"responsible", "Zoë %_& Łukasiewicz"},
          {"statement", "This paper was written by a machine."},
          {"head", std::string(64, 'a')}};
}

struct Built {
  bool clean = false;
  std::string log, words, boxes;
  BuildLog read;
};

inline Built build(const json::object& paper, const std::string& format_name, bool with_xetex = true) {
  const testing::Folder folder;
  const Format format = read_format(std::string{AISCI_SOURCE_DIR} + "/plugins/writers/latex/data", format_name);
  const auto write = [&](const std::string& name, const std::string& bytes) {
    fs::create_directories((folder.path() / name).parent_path());
    std::ofstream{folder.path() / name, std::ios::binary} << bytes;
  };
  const auto read = [&](const std::string& name) {
    std::ostringstream out;
    out << std::ifstream{folder.path() / name, std::ios::binary}.rdbuf();
    return out.str();
  };
  write("figures/narrow.pdf", blank_pdf(237, 150));
  write("figures/wide.pdf", blank_pdf(446, 240));
  write("paper.tex", render_tex(paper, format));
  write("references.bib", render_bib(paper));
  const json::object made = build_steps(paper);
  std::string script = "set -e\ncd " + folder.path().string() + "\n";
  for (const auto& entry : kit::object_at(made, "build.environment"))
    script += "export " + std::string{entry.key()} + "='" + std::string{entry.value().as_string().c_str()} + "'\n";
  for (const auto& step : kit::array_of(kit::object_of(made, "build"), "steps")) {
    for (const auto& word : step.as_array()) {
      std::string one = word.as_string().c_str();
      if (!with_xetex) one = kit::replaced(one, "command -v xelatex", "false");
      script += "'" + one + "' ";
    }
    script += ">/dev/null 2>&1 </dev/null\n";
  }
  write("build.sh", script + "pdftotext -raw paper.pdf paper.txt\npdftotext -bbox paper.pdf boxes.html\n");
  Built out;
  out.clean = std::system(("sh " + (folder.path() / "build.sh").string()).c_str()) == 0;
  out.log = read("paper.log");
  out.words = kit::replaced(read("paper.txt"), "\n", " ");
  out.boxes = read("boxes.html");
  out.read = read_build_log(out.log, format.columns);
  if (!out.clean) ADD_FAILURE() << out.log.substr(out.log.size() > 3000 ? out.log.size() - 3000 : 0);
  return out;
}

}  // namespace aisci::latex
