// A formula of a paper as LaTeX: read by kit/formula.hpp, so that nothing in it is ever a command.
#pragma once

#include <string>

#include "kit/json.hpp"

namespace aisci::latex {

// In a line of text, where fractions keep their stroke: "$R/(R + S)$". What cannot be read is printed as it stands.
std::string inline_formula(const std::string& text);
// On a line of its own, from the pieces of an equation block. A long one goes on in a second line after a sign or a
// comma; fractions, words and brackets around a fraction are not parted.
std::string displayed_formula(const json::array& pieces);

// Why a formula cannot be read, with the formula; empty if it can.
std::string formula_problem(const json::array& pieces);

}  // namespace aisci::latex
