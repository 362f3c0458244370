// Numbers as the command line prints them.
#include "numbers.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace aisci::cli {
namespace {

Verdict effect(double mean, double lower, double upper, const char* unit) {
  Verdict verdict;
  verdict.effect = mean;
  verdict.lower = lower;
  verdict.upper = upper;
  verdict.unit = unit;
  return verdict;
}

TEST(Numbers, WhatRoundsToZeroHasNoSign) {
  EXPECT_EQ(effect_of(effect(-0.0002, -0.0132, 0.0004, "points")), "0.0 percentage points [-1.3, 0.0]");
  EXPECT_EQ(effect_of(effect(0.004, -0.004, -0.006, "logit")), "0.00 on the logit scale [0.00, -0.01]");
  EXPECT_EQ(effect_of(effect(-0.0, 0.0, 0.5, "")), "0 [0, +0.5]");
  EXPECT_EQ(effect_of(effect(-1e-20, -2.5, 3, "ms")), "-1e-20 ms [-2.5, +3]");
  EXPECT_EQ(signed_number("%+.1f", 1e300).size(), 304u);
}

TEST(Numbers, TheShortestTextReadsBackAsTheSameNumber) {
  EXPECT_EQ(shortest(0.95), "0.95");
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(14), "14");
  for (const double value : {1.0 / 3, 0.1 + 0.2, -1e-7, 5e-324})
    EXPECT_EQ(std::strtod(shortest(value).c_str(), nullptr), value);
}

}  // namespace
}  // namespace aisci::cli
