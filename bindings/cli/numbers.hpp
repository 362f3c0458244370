// Numbers as the command line prints them.
#pragma once

#include <aisci/scientist.hpp>

#include <string>

namespace aisci::cli {

// By a form of printf that asks for a sign, "%+.1f"; what is zero when so rounded has none.
std::string signed_number(const char* form, double value);

// The shortest text that reads back as the same number: 0.95, not 0.94999999999999996.
std::string shortest(double value);

// "+1.6 percentage points [-0.4, +3.5]", in the claim's unit.
std::string effect_of(const Verdict& verdict);

}  // namespace aisci::cli
