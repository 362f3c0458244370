// Formulas: what is read as what, and what is refused with a reason.
#include "kit/formula.hpp"

#include <gtest/gtest.h>

namespace aisci::kit {
namespace {

using Kind = FormulaNode::Kind;

// As nested brackets: script(p,,+) and so on.
std::string drawn(const FormulaNode& node) {
  static constexpr const char* kCalled[] = {"", "", "word", "value", "row", "group", "over", "script", ""};
  std::string out = kCalled[static_cast<int>(node.kind)];
  if (node.kind == Kind::kWord || node.kind == Kind::kValue) return out + "<" + node.text + ">";
  out += node.text;
  if (node.children.empty()) return out;
  out += "{";
  for (std::size_t i = 0; i < node.children.size(); ++i) out += (i ? " " : "") + drawn(node.children[i]);
  return out + "}";
}

std::string read(const std::vector<FormulaPiece>& pieces) {
  const Formula formula = read_formula(pieces);
  return formula.problem.empty() ? drawn(formula.root) : formula.problem;
}
std::string read(const std::string& text) { return read({FormulaPiece{text}}); }

TEST(Formula, ReadsWhatItsManualSays) {
  EXPECT_EQ(read("v = max(p_+, p_-) + R/(R + S)"),
            "row{v = row{max group({row{script{p row{+} row} , script{p row{-} row}}}} + over{R row{R + S}}}");
  EXPECT_EQ(read("max(a, b)/S"), "row{over{row{max group({row{a , b}}} S}}") << "a function takes its group along";
  EXPECT_EQ(read("R/max(a, b)"), "row{over{R row{max group({row{a , b}}}}}");
  EXPECT_EQ(read("R'/S"), "row{over{row{R '} S}}");
  EXPECT_EQ(read("x_i^(i+j) <= delta"), "row{script{x row{i} row{row{i + j}}} <= delta}");
  EXPECT_EQ(read("p \"if it holds\" ; bar d"), "row{p word<if it holds> ; bar{d}}");
  EXPECT_EQ(read("[a, b)"), "\"]\" is missing");
}

TEST(Formula, TakesValuesAsTheyAre) {
  EXPECT_EQ(read({{"v = ", false}, {"0.375", true}, {"N", false}}), "row{v = value<0.375> N}");
  EXPECT_EQ(read({{"\\input{x}", true}, {"/", false}, {"+0.4 points", true}}),
            "row{over{value<\\input{x}> value<+0.4 points>}}");
}

TEST(Formula, SaysWhatItCannotRead) {
  const std::pair<const char*, const char*> kCases[] = {
      {"", "it is empty"},
      {"  ", "it is empty"},
      {"foo = x", "\"foo\" is no symbol; put words in quotes"},
      {"x = 3", "it cannot hold \"3\""},
      {"\\input x", "it cannot hold \"\\\""},
      {"x & y", "it cannot hold \"&\""},
      {"{x}", "it cannot hold \"{\""},
      {"\"open", "a quotation is not closed"},
      {"(x", "\")\" is missing"},
      {"x)", "\")\" closes nothing"},
      {"x_", "it ends where something should follow"},
      {"a/", "it ends where something should follow"},
      {"/a", "\"/\" follows nothing"},
      {"_i", "\"_\" follows nothing"},
      {"x_)", "\")\" follows nothing"},
      {"f(x)/y", "a letter or function stands beside a bracket and a stroke; put brackets around what is divided"},
      {"f(x)^i/y", "a letter or function stands beside a bracket and a stroke; put brackets around what is divided"},
      {"x/f[y]", "a letter or function stands beside a bracket and a stroke; put brackets around what is divided"},
      {"sin x/y", "a letter or function stands beside a bracket and a stroke; put brackets around what is divided"},
      {"x/f(y)", "a letter or function stands beside a bracket and a stroke; put brackets around what is divided"},
      {"a/-b", "a sign stands beside a stroke; put brackets around what is divided"},
      {"a=/b", "a sign stands beside a stroke; put brackets around what is divided"},
      {"x^-y", "put brackets around what a subscript or superscript holds"},
      {"p_+-p_-", "put brackets around what a subscript or superscript holds"},
      {"()", "its brackets hold nothing"},
      {"bar()", "its brackets hold nothing"},
      {"x \"\"", "a quotation holds nothing"},
      {"x_i_j", "it has two subscripts in one place"},
      {"x^i_j^k", "it has two superscripts in one place"},
      {"bar", "it ends where something should follow"}};
  for (const auto& [text, problem] : kCases) EXPECT_EQ(read(text), problem) << text;
  EXPECT_EQ(read(std::string(10000, '(')), "it is nested too deeply");
  std::string bars;
  for (int i = 0; i < 10000; ++i) bars += "bar ";
  EXPECT_EQ(read(bars + "x"), "it is nested too deeply");
}

}  // namespace
}  // namespace aisci::kit
