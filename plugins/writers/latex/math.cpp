#include "math.hpp"

#include <utility>

#include "kit/document.hpp"
#include "kit/formula.hpp"
#include "latex_text.hpp"
#include "value.hpp"

namespace aisci::latex {
namespace {

using kit::FormulaNode;
using Kind = FormulaNode::Kind;

std::string sign(const std::string& text) {
  static constexpr std::pair<const char*, const char*> kSigns[] = {
      {"<=", "\\le "},     {">=", "\\ge "},  {"!=", "\\ne "}, {"->", "\\to "},         {"+-", "\\pm "},
      {"~~", "\\approx "}, {"*", "\\cdot "}, {"|", "\\mid "}, {",", ",\\allowbreak "}, {"'", "{}^{\\prime}"}};
  for (const auto& [name, command] : kSigns)
    if (text == name) return command;
  return text;
}

bool has_fraction(const FormulaNode& node) {
  if (node.kind == Kind::kFraction) return true;
  for (const auto& child : node.children)
    if (has_fraction(child)) return true;
  return false;
}

std::string set(const FormulaNode& node, bool displayed);

std::string set_all(const FormulaNode& row, bool displayed) {
  std::string out;
  for (const auto& child : row.children) out += set(child, displayed);
  return out;
}

// A part of a fraction with a stroke: more than one thing stands in brackets.
std::string beside_stroke(const FormulaNode& node) {
  const bool applied = node.kind == Kind::kRow && node.children.size() == 2 && node.children[0].kind == Kind::kName &&
                       node.children[1].kind == Kind::kGroup;  // max(a, b)
  const bool several = node.kind == Kind::kRow && !applied && (node.children.size() > 1 || has_fraction(node));
  return several ? "(" + set(node, false) + ")" : set(node, false);
}

std::string set(const FormulaNode& node, bool displayed) {
  switch (node.kind) {
    case Kind::kSymbol:
      return sign(node.text);
    case Kind::kName:
      return "\\" + node.text + " ";
    case Kind::kWord:
      return "\\text{" + escape(node.text) + "}";
    case Kind::kValue:
      return (kit::has_digit(node.text) && on_one_line(node.text) ? value(node.text)
                                                                  : "\\text{" + escape(node.text) + "}") +
             "\\,";
    case Kind::kRow:
      return set_all(node, displayed);
    case Kind::kGroup: {
      const std::string close = node.text == "(" ? ")" : "]", inside = set_all(node, displayed);
      return displayed && has_fraction(node) ? "\\left" + node.text + inside + "\\right" + close
                                             : node.text + inside + close;
    }
    case Kind::kFraction:
      return displayed ? "\\frac{" + set(node.children[0], true) + "}{" + set(node.children[1], true) + "}"
                       : beside_stroke(node.children[0]) + "/" + beside_stroke(node.children[1]);
    case Kind::kScript:
      return (node.children[0].kind == Kind::kName ? set(node.children[0], displayed)
                                                   : "{" + set(node.children[0], displayed) + "}") +
             (node.children[1].children.empty() ? "" : "_{" + set(node.children[1], displayed) + "}") +
             (node.children[2].children.empty() ? "" : "^{" + set(node.children[2], displayed) + "}");
    case Kind::kAccent:
      return "\\" + node.text + "{" + set(node.children[0], displayed) + "}";
  }
  return {};
}

// The pieces of an equation, or of a formula in a line.
std::vector<kit::FormulaPiece> read(const json::array& pieces) {
  std::vector<kit::FormulaPiece> out;
  for (const auto& entry : pieces) {
    const auto& piece = entry.as_object();
    out.push_back({kit::text_of(piece, "text") + kit::text_of(piece, "math") + kit::text_of(piece, "value"),
                   piece.contains("value")});
  }
  return out;
}

std::string as_it_stands(const std::vector<kit::FormulaPiece>& pieces) {
  std::string out;
  for (const auto& piece : pieces) out += piece.text;
  return out;
}

}  // namespace

std::string inline_formula(const std::string& text) {
  const auto formula = kit::read_formula({{text}});
  return formula.problem.empty() ? "$" + set(formula.root, false) + "$" : escape(text);
}

std::string displayed_formula(const json::array& pieces) {
  const auto parts = read(pieces);
  const auto formula = kit::read_formula(parts);
  return "\\aisciformula{" +
         (formula.problem.empty() ? "$\\displaystyle " + set(formula.root, true) + "$" : escape(as_it_stands(parts))) +
         "}\n\n";
}

std::string formula_problem(const json::array& pieces) {
  const auto parts = read(pieces);
  const std::string problem = kit::read_formula(parts).problem;
  return problem.empty() ? problem : "the formula \"" + as_it_stands(parts) + "\" cannot be read: " + problem;
}

}  // namespace aisci::latex
