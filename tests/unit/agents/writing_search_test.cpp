// What a paper tells of the search beside the claims: conditions under which arms change places, and arms that learn
// nothing.
#include <gtest/gtest.h>

#include <string>

#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::claim;
using fixture::node;
using fixture::paper_of;
using fixture::says;

void set_mean(json::object& study, const std::string& arm, double value) {
  study["facts"].as_object()[arm + ".mean"].as_object()["value"] = value;
}

TEST(Interaction, IsToldArmByArmWhereItsArmsChangePlaces) {
  json::object study = fixture::study("supported");  // n3: GELU and ReLU with 100 images against 400
  for (const char* arm : {"n3.gelu-100", "n3.gelu-400"}) set_mean(study, arm, 0.90);
  for (const char* arm : {"n3.relu-100", "n3.relu-400"}) set_mean(study, arm, 0.80);
  const std::string stays = paper_of(analysed(study));
  EXPECT_FALSE(says(stays, "change places") || says(stays, "changed places"));

  set_mean(study, "n3.relu-400", 0.97);
  auto& contrast = node(study, 2)["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = 1.0, contrast["lower"] = 0.5, contrast["upper"] = 1.5;
  const std::string turns = paper_of(analysed(study));
  EXPECT_TRUE(says(turns, " From one condition to the other the two change places (GELU, 100 training images: "))
      << turns;
  EXPECT_TRUE(
      says(turns, "in the search (n3, exploratory), GELU and ReLU changed places from 100 training images to 400"))
      << turns;

  set_mean(study, "n3.relu-400", 0.905);  // by less than counts
  EXPECT_FALSE(says(paper_of(analysed(study)), "change places"));
}

TEST(Interaction, SaysWhichConditionMakesItsIntervalWide) {
  json::object study = fixture::study("supported");
  node(study, 2)["evidence"].as_object()["probability_above"] = 0.05;
  node(study, 2)["evidence"].as_object()["probability_below"] = 0.05;
  auto& contrast = node(study, 2)["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = 0.0, contrast["lower"] = -0.6, contrast["upper"] = 0.6;
  const auto set = [&](const char* condition, double half) {
    for (const auto& [end, value] : {std::pair{"lower", -half}, {"mean", 0.0}, {"upper", half}})
      study["facts"].as_object()["n3." + std::string{condition} + "." + end] =
          json::object{{"kind", "points"},
                       {"value", value},
                       {"text", std::string{condition} == "first" ? "0.1 percentage points" : "0.3 percentage points"},
                       {"arms", json::array{"n3.gelu-100", "n3.relu-100"}}};
  };
  set("first", 0.01), set("second", 0.02);
  const char* wide = "What makes the interval of n3 wide is the spread with 400 training images alone.";
  const std::string alike = paper_of(analysed(study));
  EXPECT_TRUE(says(alike, " (t intervals at 95%, uncorrected).")) << alike;
  EXPECT_FALSE(says(alike, "What makes the interval"));
  set("second", 0.2);
  EXPECT_TRUE(says(paper_of(analysed(study)), wide)) << paper_of(analysed(study));
}

TEST(Results, SayWhereOneArmOfTwoClaimsHasTwoMeans) {
  json::object study = fixture::study("supported");
  const char* words = "One arm, ReLU, occurs in c1 and c3, with nothing but the seeds changed in between; ";
  EXPECT_FALSE(says(paper_of(analysed(study)), words));
  auto& plan = claim(study, 0)["plan"].as_object()["arms"].as_array();
  const auto& other = claim(study, 2)["plan"].as_object()["arms"].as_array();
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const json::value config = other[i].as_object().at("config");
    plan[i].as_object()["config"] = config;
  }
  set_mean(study, "c1.relu", 0.80);
  set_mean(study, "c3.relu", 0.805);
  for (const char* arm : {"c1.gelu", "c3.gelu"}) set_mean(study, arm, 0.84);
  EXPECT_FALSE(says(paper_of(analysed(study)), words)) << "half a point is a quarter of the limit";
  set_mean(study, "c3.relu", 0.815);
  EXPECT_TRUE(says(paper_of(analysed(study)), words)) << paper_of(analysed(study));

  const json::value config = claim(study, 2)["plan"].as_object()["arms"].as_array()[1].as_object().at("config");
  auto& third = claim(study, 1)["plan"].as_object()["arms"].as_array()[0].as_object();
  third["config"] = config;
  set_mean(study, "c2." + kit::text_of(third, "id"), 0.81);
  EXPECT_TRUE(says(paper_of(analysed(study)), " occurs in c1, c2 and c3, with nothing but the seeds"))
      << paper_of(analysed(study));
}

TEST(Equivalent, ArmsThatOnlyGuessAreNoGroundForAChoice) {
  json::object study = fixture::study("supported");
  auto& main = claim(study, 2);  // of which title and abstract speak first
  main["verdict"] = "equivalent";
  auto& contrast = main["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = 0.001, contrast["lower"] = -0.005, contrast["upper"] = 0.007;
  node(study, 0)["evidence"].as_object()["contrast"] = contrast;  // the search saw the same
  const std::string learned = paper_of(analysed(study));
  EXPECT_TRUE(says(learned, "by cost or convenience")) << learned;
  EXPECT_FALSE(says(learned, "only guess"));

  for (const char* arm : {"c3.gelu", "c3.relu"}) set_mean(study, arm, 0.05);
  study["facts"].as_object()["template.chance"].as_object()["value"] = 0.1;
  const std::string guessed = paper_of(analysed(study));
  EXPECT_TRUE(says(guessed, "; but these arms only guess, so that says nothing of models that learn.")) << guessed;
  EXPECT_TRUE(says(guessed, "Both arms only guess, though"));
  EXPECT_FALSE(says(guessed, "cost or convenience"));

  set_mean(study, "c3.gelu", 0.5);
  EXPECT_FALSE(says(paper_of(analysed(study)), "only guess")) << "one of them learned";
}

TEST(Equivalent, WhatIsOpenElsewhereIsNotSaidToDiffer) {
  json::object study = fixture::study("supported");
  for (const std::size_t i : {0, 2}) {  // c1 is on the main claim's pair at another learning rate
    auto& entry = claim(study, i);
    entry["verdict"] = i == 2 ? "equivalent" : "inconclusive";
    auto& contrast = entry["evidence"].as_object()["contrast"].as_object();
    contrast["mean"] = 0.001, contrast["lower"] = -0.005, contrast["upper"] = i == 2 ? 0.007 : 0.05;
  }
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "Equivalence stayed open for the same pair ")) << text;
  EXPECT_TRUE(says(text, "that does not show that the effect differs."));
  EXPECT_FALSE(says(text, "did not carry over"));
  EXPECT_TRUE(says(text, " Which leads, GELU or ReLU, with peak learning rate 0.005, stayed open (c1: ")) << text;
  auto& hypothesis = claim(study, 0)["hypothesis"].as_object();
  const json::value usual = kit::object_of(claim(study, 2), "hypothesis").at("context");  // a copy
  hypothesis["context"] = usual;
  EXPECT_TRUE(says(paper_of(analysed(study)), " Which leads, GELU or ReLU, in the usual setting, stayed open (c1: "))
      << paper_of(analysed(study));
}

TEST(Inconclusive, SaysWhichSideIsExcluded) {
  json::object study = fixture::study("supported");
  auto& main = claim(study, 2);
  main["verdict"] = "inconclusive";
  auto& contrast = main["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = 0.01, contrast["lower"] = -0.005, contrast["upper"] = 0.03;
  const char *in_conclusion = "; a disadvantage of the former by as much as 2.0 percentage points is excluded.",
             *in_results = ", and excludes one of that size against the prediction";
  const std::string one_side = paper_of(analysed(study));
  EXPECT_TRUE(says(one_side, in_conclusion) && says(one_side, in_results)) << one_side;
  contrast["lower"] = -0.03;
  const std::string both = paper_of(analysed(study));
  EXPECT_FALSE(says(both, in_conclusion) || says(both, in_results)) << both;
}

TEST(Search, NamesTheNodesThatReadAsSmallThoughTheirIntervalsReachPastTheLimit) {
  json::object study = fixture::study("supported");
  const auto read_as_small = [&](const char* id, double upper) {
    for (auto& value : study["nodes"].as_array())
      if (auto& node = value.as_object(); kit::text_of(node, "id") == id && node["evidence"].is_object()) {
        auto& evidence = node["evidence"].as_object();
        evidence["probability_above"] = evidence["probability_below"] = 0.01;
        auto& contrast = evidence["contrast"].as_object();
        contrast["mean"] = 0.0, contrast["lower"] = -0.001, contrast["upper"] = upper;
      }
  };
  const char* past = "read as small: the reading asks for less certainty";
  for (const char* id : {"n2", "n3", "n5", "n6", "n7", "n8"}) read_as_small(id, 0.001);
  EXPECT_FALSE(says(paper_of(analysed(study)), past));
  read_as_small("n2", 0.9);
  const std::string one = std::string{"The interval of n2 reaches past the limit though the node is "} + past;
  EXPECT_TRUE(says(paper_of(analysed(study)), one)) << paper_of(analysed(study));
  read_as_small("n5", 0.9);
  const std::string two = std::string{"The intervals of n2 and n5 reach past the limit though the nodes are "} + past;
  EXPECT_TRUE(says(paper_of(analysed(study)), two)) << paper_of(analysed(study));
}

}  // namespace
}  // namespace aisci
