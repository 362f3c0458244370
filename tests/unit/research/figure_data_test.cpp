#include "research/figure_data.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/comma_locale.hpp"

namespace aisci {
namespace {

json::object figure() {
  return json::parse(R"({"id": "f1", "data": {"label": "GELU", "cells":
    [0.9233430624530312, 1e-05, 0.0001, 12345678901234567.0, 3, 2.0, -0.25, 0.1]}})")
      .as_object();
}

bool holds(const std::string& line) { return !table_fault(figure(), "head\n" + line + "\n"); }

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

TEST(FigureData, NumbersAreReadAsEverWhereTheHostWritesACommaBeforeDecimals) {
  const testing::CommaLocale locale;
  ASSERT_EQ(locale.problem(), "");
  EXPECT_TRUE(holds("GELU,0.9233430624530312,1e-05,0.0001,1.2345678901234568e+16,3,2.0,-0.25,0.1"));
  EXPECT_FALSE(holds("GELU,0.2"));
}

TEST(FigureData, AForeignCellIsNamedWithItsLine) {
  const auto finding = table_fault(figure(), "head\nGELU,0.1\nGELU,0.2\n");
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->place, "figures/f1.csv, line 3");
  EXPECT_EQ(finding->found, "0.2");
}

// A number of the figure in another row than its own is as wrong as one that the figure has not.
TEST(FigureData, WhatARowHoldsStandsTogetherInTheData) {
  const auto curves = json::parse(R"({"id": "f2", "data": {"arms": [
    {"id": "a", "label": "GELU", "points": [[10, 2.5, 2.25, 2.75], [20, 1.5, 1.25, 1.75]]},
    {"id": "b", "label": "ReLU", "points": [[10, 3.5, 3.25, 3.75]]}]}})")
                          .as_object();
  EXPECT_FALSE(
      table_fault(curves, "head\na,GELU,10.0,2.5,2.25,2.75\na,GELU,20.0,1.5,1.25,1.75\nb,ReLU,10.0,3.5,3.25,3.75\n"));
  for (const char* row : {"a,GELU,20.0,2.5,2.25,2.75", "a,ReLU,10.0,2.5,2.25,2.75", "b,ReLU,10.0,2.5,2.25,2.75"})
    EXPECT_TRUE(table_fault(curves, std::string{"head\n"} + row + "\n")) << row;
  const auto paired = json::parse(R"({"id": "f3", "data": {"baseline": {"label": "ReLU", "values": [0.5, 0.125]},
    "treatment": {"label": "GELU", "values": [0.75, 0.5]}, "difference": {"values": [0.25, 0.375], "mean": 0.3125}}})")
                          .as_object();
  EXPECT_FALSE(table_fault(paired, "head\n1,0.5,0.75,0.25\n2,0.125,0.5,0.375\n"));
  EXPECT_TRUE(table_fault(paired, "head\n1,0.125,0.75,0.25\n")) << "of the other block";
}

// A table that leaves out a block says something else than the figure, though each of its rows is true.
TEST(FigureData, ARowThatIsGoneIsMissed) {
  const auto arms = json::parse(R"({"id": "f4", "kind": "arms", "data": {"range": [0.0, 1.0], "arms": [
    {"id": "a", "label": "GELU", "mean": 2.0, "lower": 1.5, "upper": 2.5, "values": [1.75, 2.25, 1.75]}]}})")
                        .as_object();
  const std::string head = "arm,label,row,value,lower,upper\n", mean = "a,GELU,mean,2.0,1.5,2.5\n",
                    blocks = "a,GELU,block 1,1.75,,\na,GELU,block 2,2.25,,\n", again = "a,GELU,block 3,1.75,,\n";
  EXPECT_FALSE(table_fault(arms, head + mean + blocks + again));
  EXPECT_EQ(table_text(arms), head + "a,GELU,mean,2,1.5,2.5\n" + blocks + again);
  json::object quoted = arms;
  quoted["data"].as_object()["arms"].as_array()[0].as_object()["label"] = "all, but \"x\"";
  EXPECT_FALSE(table_fault(quoted, table_text(quoted)));
  EXPECT_TRUE(table_fault(arms, table_text(quoted)));
  const auto finding = table_fault(arms, head + mean + blocks);
  ASSERT_TRUE(finding) << "two blocks have this value, and one stands there";
  EXPECT_EQ(finding->place, "figures/f4.csv");
  EXPECT_EQ(finding->expected, "a row a,GELU,block 3,1.75,,");
  EXPECT_TRUE(table_fault(arms, head + blocks + again)) << "without its mean";
  const std::string other[] = {
      "arm,label,row,value,upper,lower\n" + mean + blocks + again,             // a head that turns the ends
      head + "a,GELU,mean,2.5,1.5,2.0\n" + blocks + again,                     // the mean and an end exchanged
      head + mean + blocks + again + again,                                    // a row twice
      head + mean + "a,GELU,block 2,1.75,,\na,GELU,block 1,2.25,,\n" + again,  // blocks exchanged
      head + "a,,mean,2.0,1.5,2.5\n" + blocks + again,                         // a label left out
      head,
      ""};
  for (const auto& csv : other) EXPECT_TRUE(table_fault(arms, csv)) << csv;
  const auto tree = json::parse(R"({"id": "f5", "kind": "tree", "data": {"nodes": [
    {"id": "n1", "parent": "", "stage": "search", "state": "done", "verdict": "", "score": null, "label": "A"},
    {"id": "n2", "parent": "n1", "stage": "search", "state": "done", "verdict": "refuted", "score": 0.5, "label": "B"}]}})")
                        .as_object();
  const std::string nodes = "id,parent,stage,state,verdict,score,label\n", first = "n1,,search,done,,,A\n",
                    second = "n2,n1,search,done,refuted,0.5,B\n";
  EXPECT_FALSE(table_fault(tree, nodes + first + second));
  EXPECT_FALSE(table_fault(tree, nodes + second + first)) << "in the order of the drawing";
  EXPECT_TRUE(table_fault(tree, nodes + second)) << "a node without a score whose name stands in another row";
  EXPECT_TRUE(table_fault(tree, nodes + first + "n2,n1,search,done,supported,0.5,B\n"));
  json::object own = arms;
  own["kind"] = "a plugin's own";
  EXPECT_FALSE(table_fault(own, head + mean)) << "what such a figure draws is not known";
}

// A column's name, and so a label, may hold any sign.
TEST(FigureData, CellsInQuotesMayRunOverLines) {
  json::object named = figure();
  named["data"].as_object()["label"] = "all but \"col\nour, x\"";
  const std::string label = "\"all but \"\"col\nour, x\"\"\"";
  EXPECT_FALSE(table_fault(named, "a,\"he\nad\"\r\n1," + label + ",0.1\r\n2," + label + ",3\r\n").has_value());
  const auto finding = table_fault(named, "a,\"he\nad\"\r\n1," + label + ",0.1\r\n2," + label + ",4\r\n");
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->place, "figures/f1.csv, line 5");
  EXPECT_EQ(finding->found, "4");
}

}  // namespace
}  // namespace aisci
