#include "research/figure_data.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aisci {
namespace {

json::object figure() {
  return json::parse(R"({"id": "f1", "data": {"label": "GELU", "cells":
    [0.9233430624530312, 1e-05, 0.0001, 12345678901234567.0, 3, 2.0, -0.25, 0.1]}})")
      .as_object();
}

bool holds(const std::string& line) { return !foreign_cell(figure(), "head\n" + line + "\n"); }

// As Python's csv writes what it read from the same document.
TEST(FigureData, TablesHoldTheNumbersOfTheirFigureToTheLastDigit) {
  EXPECT_TRUE(holds("GELU,0.9233430624530312,1e-05,0.0001,1.2345678901234568e+16,3,2.0,-0.25,0.1"));
  EXPECT_TRUE(holds("mean,block 12,,0.1"));
  for (const char* other : {"GELU,0.9233430624530313", "GELU,0.9233430624530311", "GELU,0.92334306245303121",
                            "GELU,0.10", "GELU,0.25", "GELU,4", "ReLU,0.1", "GELU,nan"})
    EXPECT_FALSE(holds(other)) << other;
  EXPECT_TRUE(holds("1,0.1")) << "the line's own number";
  EXPECT_FALSE(holds("7,0.1"));
}

TEST(FigureData, AForeignCellIsNamedWithItsLine) {
  const auto finding = foreign_cell(figure(), "head\nGELU,0.1\nGELU,0.2\n");
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->place, "figures/f1.csv, line 3");
  EXPECT_EQ(finding->found, "0.2");
}

}  // namespace
}  // namespace aisci
