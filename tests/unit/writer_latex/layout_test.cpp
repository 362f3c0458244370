// Where figures, tables and headings come to stand in a paper of one column.
#include "built_paper.hpp"

namespace aisci::latex {
namespace {

// What a reader meets: figures in the order of their numbers, none behind the conclusion or later, however much text
// there is before them.
TEST(InOneColumn, FiguresStandInOrderBeforeTheSectionsBehindThem) {
  for (int paragraphs = 2; paragraphs <= 7; ++paragraphs) {
    json::array blocks;
    for (int i = 1; i <= 6; ++i) {
      for (int k = 0; k < paragraphs; ++k) blocks.push_back(paragraph(kPlain + kPlain + kPlain));
      blocks.push_back(json::object{{"type", "figure"}, {"id", "f" + std::to_string(i)}});
    }
    json::object paper = frame("Six figures", {section("results", "Results", std::move(blocks)),
                                               section("limitations", "Limitations", {paragraph(repeated(kPlain, 14))}),
                                               section("conclusion", "Conclusion", {paragraph("The last word.")})});
    for (auto& figure : paper["figures"].as_object()) figure.value().as_object()["caption"] = text(kPlain);
    paper["references"] = json::array{};
    const Built built = build(paper, "article");
    EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
    std::size_t last = 0;
    for (int i = 1; i <= 6; ++i) {
      const auto at = built.words.find("Figure " + std::to_string(i) + ":");
      ASSERT_NE(at, std::string::npos) << i;
      EXPECT_GT(at, last) << "figure " << i << " after " << paragraphs << " paragraphs";
      last = at;
    }
    EXPECT_LT(last, built.words.find("The last word.")) << paragraphs;
  }
}

// The arms of an entry are read against each other.
TEST(InOneColumn, RowsOfOneEntryAreNotPartedByAPage) {
  std::vector<std::vector<std::string>> rows;
  for (int entry = 1; entry <= 60; ++entry)
    for (const char* arm : {"treated", "untreated"}) rows.push_back({"n" + std::to_string(entry), arm, "+0.4"});
  json::object paper = frame(
      "A short paper", {section("results", "Results",
                                {paragraph(kPlain), table("long", "Many rows.", {"Entry", "Arm", "Mean"}, rows)})});
  paper["references"] = json::array{};
  const Built built = build(paper, "article");
  EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
  std::size_t pages = 0;
  for (std::size_t at = 0; (at = built.words.find("continued", at)) != std::string::npos; ++at, ++pages)
    EXPECT_GT(built.words.find(" untreated ", at), built.words.find(" treated ", at)) << "page " << pages + 2;
  EXPECT_GE(pages, 2u);
}

// A last page with a row or two would look like a slip.
TEST(InOneColumn, TheLastRowsOfALongTableStayTogether) {
  std::vector<std::vector<std::string>> rows;
  for (int entry = 1; entry <= 60; ++entry) rows.push_back({"n" + std::to_string(entry), "arm", "+0.4"});
  json::object paper =
      frame("A short paper", {section("results", "Results", {table("long", "Rows.", {"Entry", "Arm", "Mean"}, rows)})});
  paper["references"] = json::array{};
  const std::string tex =
      render_tex(paper, read_format(std::string{AISCI_SOURCE_DIR} + "/plugins/writers/latex/data", "article"));
  const auto end_of = [&](const char* row) { return tex.substr(tex.find("\\\\", tex.find(row)), 3); };
  for (const char* kept : {"n58 & arm", "n59 & arm"}) EXPECT_EQ(end_of(kept), "\\\\*") << kept;
  EXPECT_NE(end_of("n57 & arm"), "\\\\*");
}

// The heading above a table that goes on over pages is on the page on which that begins.
TEST(InOneColumn, HeadingsStayWithTheirTables) {
  const std::vector<std::vector<std::string>> rows(30, {"n12", "a label", "+0.4"});
  for (std::size_t lines = 31; lines <= 35; lines += 2) {
    json::array before;
    for (std::size_t k = 0; k < lines; ++k) before.push_back(paragraph("One line."));
    json::object paper = frame(
        "A short paper", {section("introduction", "Introduction", std::move(before)),
                          section("rows", "Continued", {table("many", "Many rows.", {"Entry", "Arm", "Mean"}, rows)})});
    paper["references"] = json::array{};
    const Built built = build(paper, "article");
    EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
    const auto heading = built.words.find("Continued"), caption = built.words.find("Many rows.");
    ASSERT_LT(heading, caption);
    EXPECT_EQ(built.words.substr(heading, caption - heading).find('\f'), std::string::npos) << lines;
  }
}

// Wherever on a page it comes to begin, and without a heading before it.
TEST(InOneColumn, TablesThatGoOnBeginWithRowsUnderTheirCaption) {
  const std::vector<std::vector<std::string>> rows(30, {"n12", "a label", "+0.4"});
  for (std::size_t lines = 22; lines <= 42; lines += 4) {
    json::array blocks;
    for (std::size_t k = 0; k < lines; ++k) blocks.push_back(paragraph("One line."));
    blocks.push_back(table("many", "Many rows.", {"Entry", "Arm", "Mean"}, rows));
    json::object paper = frame("A short paper", {section("introduction", "Introduction", std::move(blocks))});
    paper["references"] = json::array{};
    const Built built = build(paper, "article");
    EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
    const auto caption = built.words.find("Many rows."), row = built.words.find("a label");
    ASSERT_NE(row, std::string::npos);
    ASSERT_LT(caption, row) << lines;
    EXPECT_EQ(built.words.substr(caption, row - caption).find('\f'), std::string::npos) << lines;
    EXPECT_GT(built.words.find("continued"), row) << "no page of the table before its first row, with " << lines;
    const auto page = built.words.find('\f', row);
    std::size_t under = 0;
    for (auto at = row; at < page; at = built.words.find("a label", at + 1)) ++under;
    EXPECT_GE(under, 3u) << lines;
  }
}

// A pair of arms in every row, which lacks little to stand on one line, is worth a second line for one row's setting.
TEST(InOneColumn, WidthGoesWhereItMakesATableShorter) {
  std::vector<std::vector<std::string>> rows;
  for (const std::string setting : {"usual", "plain SGD", "SGD with momentum", "half the learning rate", "linear model",
                                    "an eighth of the learning rate against four times the learning rate"})
    rows.push_back({"n12", "", setting, "20", "+0.03", "-0.001 to +0.05", "<0.001"});
  json::object search =
      table("search", "The search.", {"Node", "Comparison", "Setting", "Blocks", "Estimate", "Interval", "p"}, rows);
  for (auto& row : search["rows"].as_array())  // as papers have it, "45 warm-up steps" is a value
    row.as_array()[1] =
        json::array{json::object{{"text", "no warm-up of the rate - "}}, json::object{{"value", "45 warm-up steps"}}};
  json::object paper = frame("A short paper", {section("results", "Results", {paragraph(kPlain), std::move(search)})});
  paper["references"] = json::array{};
  const std::string tex =
      render_tex(paper, read_format(std::string{AISCI_SOURCE_DIR} + "/plugins/writers/latex/data", "article"));
  const std::string share = "{@{}l>{\\hsize=";  // that of the pairs, of two columns that have one on average
  const auto at = tex.find(share);
  ASSERT_NE(at, std::string::npos) << tex;
  EXPECT_GT(std::atof(tex.c_str() + at + share.size()), 1.2) << "an even share of what is left is 1.1";
}

// A figure that leaves much of the width free has its caption beside it, not below.
TEST(InOneColumn, NarrowFiguresHaveTheirCaptionsBeside) {
  json::array blocks{paragraph(kPlain)};
  for (const char* id : {"f1", "f3", "f5", "f7", "f9", "f11"})
    blocks.push_back(json::object{{"type", "figure"}, {"id", id}});
  json::object paper = frame("Narrow figures", {section("results", "Results", std::move(blocks))});
  paper["references"] = json::array{};
  const Built built = build(paper, "article");
  EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
  EXPECT_LT(built.read.body_pages, 2.2);
}

}  // namespace
}  // namespace aisci::latex
