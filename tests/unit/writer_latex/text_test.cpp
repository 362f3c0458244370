// Text for LaTeX, the reading of a build's log, and formats.
#include <gtest/gtest.h>
#include <aisci/plugin/call.hpp>

#include "build_log.hpp"
#include "formats.hpp"
#include "kit/document.hpp"
#include "latex_text.hpp"
#include "math.hpp"
#include "support/comma_locale.hpp"
#include "tables.hpp"
#include "value.hpp"

namespace aisci::latex {
namespace {

const std::string kData = std::string{AISCI_SOURCE_DIR} + "/plugins/writers/latex/data";

TEST(Escape, LeavesNoCommandAndNoControl) {
  EXPECT_EQ(escape("\\input{x}"), "\\textbackslash{}input\\textbraceleft{}x\\textbraceright{}");
  EXPECT_EQ(escape("50 % of a_b & #1"), "50 \\% of a\\_b \\& \\#1");
  EXPECT_EQ(escape("a\x01\x1b[b\x7f"), "a[b");
  EXPECT_EQ(escape("na\u00efve"), "na\u00efve");
  EXPECT_EQ(escape("a\xff"), "a[U+FFFD]\\brk{}");
  EXPECT_EQ(escape("```"), "\\textasciigrave{}\\textasciigrave{}\\textasciigrave{}") << "no ligature of quotes";
  EXPECT_EQ(escape("`a` ?`"), "\\textasciigrave{}a\\textasciigrave{} ?\\textasciigrave{}");
  EXPECT_EQ(escape("``%so''"), "``\\%so''");
}

TEST(Escape, GivesOtherScriptsWithWhatStandsForThem) {
  EXPECT_EQ(escape("a \u6fc0\u6d3b b"), "a \\widecjk{\u6fc0\u6d3b}{[U+6FC0]\\brk{}[U+6D3B]\\brk{}} b");
  EXPECT_EQ(escape("\u05e9\u05dc \u05d5"),
            "\\wideright{\u05e9\u05dc \u05d5}{[U+05E9]\\brk{}[U+05DC]\\brk{}[U+05D5]\\brk{}}");
  const std::string long_one = escape("\u6fc0\u6d3b\u51fd\u6570\u7684\u9009\u62e9\u5982\u4f55");
  EXPECT_NE(long_one.find("{[9 characters of another script]}"), std::string::npos) << long_one;
  EXPECT_TRUE(beyond_latin("\u6fc0"));
  EXPECT_FALSE(beyond_latin("\u00fcber \u201cx\u201d \u2212 \u03b4"));
}

TEST(Tables, HaveTheSameWidthsUnderEveryLocaleOfTheHost) {
  const auto cell = [](const std::string& words) { return json::array{json::object{{"text", words}}}; };
  std::string words;
  for (int i = 0; i < 60; ++i) words += "words ";
  const json::object block{{"id", "t"},
                           {"caption", cell("Long labels.")},
                           {"columns", json::array{cell("Arm"), cell("Estimate")}},
                           {"rows", json::array{json::array{cell(words), cell("+0.4")}}}};
  for (const bool flowing : {false, true}) {
    const std::string usual = table(block, read_format(kData, "article"), flowing);
    EXPECT_NE(usual.find("\\setlength{\\tabcolsep}{0.40em}"), std::string::npos) << usual;
    const aisci::testing::CommaLocale locale;
    ASSERT_EQ(locale.problem(), "");
    EXPECT_EQ(table(block, read_format(kData, "article"), flowing), usual);
  }
}

TEST(Formulas, AreSetWithoutACommandOfTheirOwn) {
  EXPECT_EQ(inline_formula("p_+ <= Delta"), "${p}_{+}\\le \\Delta $");
  EXPECT_EQ(inline_formula("x^i'"), "${x}^{i}{}^{\\prime}$") << "TeX knows one superscript in a place";
  EXPECT_EQ(inline_formula("a/(b/c)"), "$a/(b/c)$");
  EXPECT_EQ(inline_formula("(a/b)/c"), "$(a/b)/c$");
  EXPECT_EQ(inline_formula("max_i x"), "$\\max _{i}x$");
  EXPECT_EQ(displayed_formula({json::object{{"value", "h\u00f6her"}}}),
            "\\aisciformula{$\\displaystyle \\text{h\u00f6her}\\,$}\n\n");
  EXPECT_EQ(inline_formula("(a + b)/(c d)"), "$(a+b)/(cd)$");
  EXPECT_EQ(inline_formula("\\input{x}"), escape("\\input{x}")) << "what cannot be read is text";
  const json::array pieces{json::object{{"text", "v = "}}, json::object{{"value", "-0.5"}, {"fact", "f"}},
                           json::object{{"text", "max(a, b/c) \"so & so\" bar d"}}};
  EXPECT_EQ(displayed_formula(pieces),
            "\\aisciformula{$\\displaystyle v=\\mbox{\\ensuremath{-}0.5}\\,\\max \\left(a,\\allowbreak "
            "\\frac{b}{c}\\right)\\text{so \\& so}\\bar{d}$}\n\n");
  EXPECT_EQ(inline_formula("Pr(a)/Pr(b)"), "$\\Pr (a)/\\Pr (b)$");
  EXPECT_EQ(formula_problem(pieces), "");
  EXPECT_EQ(formula_problem({json::object{{"text", "foo = "}}, json::object{{"value", "1"}}}),
            "the formula \"foo = 1\" cannot be read: \"foo\" is no symbol; put words in quotes");
  EXPECT_EQ(displayed_formula({json::object{{"text", "50 %"}}}), "\\aisciformula{50 \\%}\n\n");
}

TEST(Escape, LetsLongWordsEndTheirLineAnywhere) {
  EXPECT_EQ(escape(std::string(28, 'x')).find("\\brk"), std::string::npos);
  EXPECT_NE(escape(std::string(29, 'x')).find("x\\brk{}x"), std::string::npos);
  EXPECT_NE(escape("characteristics").find("characteristics"), std::string::npos);
  EXPECT_NE(escape("learning_rate_schedule", true).find("n\\brk{}g"), std::string::npos);
  EXPECT_LT(widest_word_em(std::string(500, 'x')), 8);
}

TEST(Escape, BreaksWordsOfCellsAtHyphensAndBetweenSyllables) {
  EXPECT_EQ(escape("nearest-neighbour model", true), "nearest-\\brk{}neighbour model");
  EXPECT_EQ(escape("nearest-neighbour model"), "nearest-neighbour model");
  EXPECT_EQ(escape("regularisation", true), "regu\\-la\\-ri\\-sa\\-tion");
  EXPECT_EQ(escape("x two-layer", true), "x two-layer");
  // Where no syllable is near enough a word ends its line anywhere.
  EXPECT_NE(escape("rhythmschmidtsplitz", true).find("\\brk{}"), std::string::npos);
  EXPECT_GE(widest_word_em("iiii-mmmmmmmmmmmm"), width_em("mmmmmmmmmmmm"));
}

// A checksum and a name that the data chose are no numbers: one box would stand out of a column.
TEST(Value, WrapsWhereItIsTooLongForALine) {
  const std::string digest = "e3b0c442";
  EXPECT_EQ(value("-12.3 percentage points"), "\\mbox{\\ensuremath{-}12.3~percentage~points}");
  EXPECT_EQ(value(digest + " " + digest + " " + digest + " " + digest),
            "\\mbox{e3b0c442} \\mbox{e3b0c442} \\mbox{e3b0c442} \\mbox{e3b0c442}");
  EXPECT_NE(value(digest + digest + digest + digest).find("e\\brk{}3\\brk{}b"), std::string::npos);
  EXPECT_EQ(value("-0.0047 decades of the training loss"),
            "\\mbox{\\ensuremath{-}0.0047}~decades of the training loss");
  EXPECT_NE(value("measured_in_2024_and_cleaned.csv", true).find("\\brk{}"), std::string::npos);
  EXPECT_EQ(value("gr\u00f6\u00dfe_2"), "\\mbox{gr\u00f6\u00dfe\\_2}") << "letters of several bytes stay whole";
}

TEST(Value, SetsTheSignOfALimitApart) { EXPECT_EQ(value("<0.001"), "\\mbox{\\textless{}\\kern.08em 0.001}"); }

TEST(BuildLog, NamesEachProblemOnce) {
  const BuildLog read = read_build_log(
      "LaTeX Warning: Reference `fig:f1' on page 1 undefined on input line 5.\n"
      "LaTeX Warning: Reference `fig:f1' on page 2 undefined on input line 9.\n"
      "Package natbib Warning: Citation `a' on page 1 undefined on input line 3.\n"
      "Overfull \\hbox (12.3pt too wide) in paragraph at lines 10--12\n"
      "Underfull \\hbox (badness 10000) in paragraph at lines 10--12\n"
      "LaTeX Warning: Float too large for page by 3.0pt on input line 7.\n",
      1);
  ASSERT_EQ(read.problems.size(), 4u) << ::testing::PrintToString(read.problems);
  EXPECT_EQ(read.problems[0], "reference fig:f1 is undefined");
  EXPECT_EQ(read.problems[1], "citation a is undefined");
  EXPECT_EQ(read.problems[2], "a line is overfull by 12.3 pt (in paragraph at lines 10--12)");
}

TEST(BuildLog, MeasuresTheBody) {
  const auto line = [](const char* x) {
    return std::string{"aisci: body ends on page 4, x "} + x + ", y 500, of a page 1000 by 2000, text 1000 below 500\n";
  };
  EXPECT_EQ(read_build_log(line("100"), 1).body_pages, 4.0);
  EXPECT_EQ(read_build_log("aisci: body ends on page 4, x 1, y 1250, of a page 1000 by 2000, text 1000 below 500", 1)
                .body_pages,
            3.25);
  EXPECT_EQ(read_build_log(line("100"), 2).body_pages, 3.5);
  EXPECT_EQ(read_build_log(line("600"), 2).body_pages, 4.0);
  EXPECT_EQ(read_build_log("nothing", 1).body_pages, 0);
}

TEST(Formats, AreFoldersOfData) {
  EXPECT_EQ(format_names(kData), (std::vector<std::string>{"article", "conference", "workshop"}));
  EXPECT_EQ(read_format(kData, "article").body_pages, 0);
  EXPECT_EQ(read_format(kData, "workshop").body_pages, 4);
  EXPECT_EQ(read_format(kData, "conference").body_pages, 8);
  try {
    read_format(kData, "../article");
    FAIL();
  } catch (const plugin::Error& error) {
    EXPECT_EQ(error.code(), plugin::Code::kInvalidArgument);
    EXPECT_NE(std::string{error.what()}.find("article, conference and workshop"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace aisci::latex
