// Formulas of a paper, in a subset of AsciiMath (asciimath.org) that can name no command.
//
//   const Formula formula = read_formula({{"v = max(p_+, p_-) + R/(R + S)"}});
//   if (!formula.problem.empty()) tell(formula.problem);   // "\"foo\" is no symbol; put words in quotes"
//   else set(formula.root);                                // a row: v, =, max, (p_+, p_-), +, a fraction
//
// A formula is made of letters, names of Greek letters (delta) and of functions (max), "words in quotes", the signs
// + - * = < > <= >= != -> +- ~~ , ; : | . ! and the prime, groups in ( ) or [ ], x_i and x^(i+j), fractions a/b, and
// bar, hat or sqrt before one thing. A function takes the group after it. What could be read in two ways is refused:
// f(x)/y and a/-b want brackets. A formula holds no digits: those come from facts, as values among the pieces.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aisci::kit {

struct FormulaPiece {
  std::string text;
  bool value = false;  // printed as it is and not read
};

struct FormulaNode {
  enum class Kind {
    kSymbol,    // text: one letter or one sign, "<=" included
    kName,      // text: of a Greek letter or of a function
    kWord,      // text: what stood in quotes
    kValue,     // text: a value as it is printed
    kRow,       // children, one after the other
    kGroup,     // text: "(" or "["; one row
    kFraction,  // numerator, denominator
    kScript,    // base, subscript, superscript; a row without children where there is none
    kAccent     // text: "bar", "hat" or "sqrt"; what is under it
  };
  Kind kind = Kind::kRow;
  std::string text;
  std::vector<FormulaNode> children;
};

struct Formula {
  FormulaNode root;     // a row
  std::string problem;  // what cannot be read; empty if all can
};

Formula read_formula(const std::vector<FormulaPiece>& pieces);

}  // namespace aisci::kit
