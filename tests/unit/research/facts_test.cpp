// How facts are printed: their digits, ends of intervals, limits in log odds, and the locale of the host.
#include "research/study_facts.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/comma_locale.hpp"

namespace aisci {
namespace {

// Near the end of the range a limit in log odds is few points, which the claim's own arms tell.
TEST(Facts, ALimitInLogOddsIsTranslatedWhereTheArmsScore) {
  EXPECT_EQ(make_limit_at(0.125, 0.8).text, "2.0 percentage points");
  EXPECT_EQ(make_limit_at(0.125, 0.98).text, "0.25 percentage points");
  EXPECT_EQ(make_limit_at(0.125, 0.997).text, "0.037 percentage points");
  EXPECT_NEAR(make_limit_at(0.125, 0.02).value, make_limit_at(0.125, 0.98).value, 1e-12);
  Claim claim;
  claim.id = "c1";
  const auto read = [](const char* scale) {
    return read_plan(json::parse(std::string{R"({"title": "T", "metric": "accuracy", "arms": [{"id": "a", "config": {}},
      {"id": "b", "config": {}}], "baseline": "b", "contrast": {"kind": "interaction", "scale": ")"} +
                                 scale + R"(", "observations": 100, "weights": {"a": 1, "b": -1}, "predicted_sign": 1},
      "blocks": 5, "smallest_effect": 0.125, "program": ["x"]})")
                         .as_object())
        .value();
  };
  claim.plan = read("logit");
  for (int block = 0; block < 3; ++block)
    for (const char* arm : {"a", "b"})
      claim.trials.push_back(
          {{"t", arm, static_cast<std::uint64_t>(block), block}, arm[0] == 'a' ? 0.97 : 0.99, std::nullopt});
  claim.evidence = compute_evidence(claim.plan, claim.trials).value();
  StudyView study;
  study.claims = {claim};
  Facts facts = study_facts(study);
  EXPECT_EQ(facts.at("c1.arms_mean").text, "98.0%");
  EXPECT_EQ(facts.at("c1.smallest_effect_points").text, "0.25 percentage points");
  study.claims[0].trials.clear();
  for (auto& arm : study.claims[0].evidence->arms) arm.mean = 1;  // as scores are, it is moved inwards
  EXPECT_EQ(study_facts(study).at("c1.smallest_effect_points").text, "0.062 percentage points");
  study.claims[0].plan = read("linear");
  EXPECT_EQ(study_facts(study).count("c1.smallest_effect_points"), 0u);
}

TEST(Facts, AnIntervalOfUnknownSizeShowsTwoDigitsOfHalfItsWidth) {
  const auto small = make_interval(-0.00471, -0.00812, -0.00139, "nats");
  EXPECT_EQ(small.mean.text, "-0.0047 nats");
  EXPECT_EQ(small.lower.text, "-0.0081 nats");
  EXPECT_EQ(small.upper.text, "-0.0014 nats");
  EXPECT_EQ(make_interval(1.234, 0.00001, 2.468, "").lower.text, "+0.00001") << "not as the zero that it misses";
  EXPECT_EQ(make_interval(123.4, 23.4, 223.4, "units").mean.text, "+123 units");
  EXPECT_EQ(make_interval(0.5, 0.5, 0.5, "nats").mean.text, "+0.50 nats");
}

// An end of an interval says on which side of zero and of the limit it lies, with more digits where it must.
TEST(Facts, AnEndOfAnIntervalIsNeverPrintedAsTheBoundItMisses) {
  const MetricForm accuracy;
  EXPECT_EQ(make_end(0.0123, accuracy, 0.02, false).text, "+1.2 percentage points");
  EXPECT_EQ(make_end(-0.0003, accuracy, 0.02, false).text, "-0.03 percentage points");
  EXPECT_EQ(make_end(0.0197, accuracy, 0.02, false).text, "+1.97 percentage points");
  EXPECT_EQ(make_end(-0.02004, accuracy, 0.02, false).text, "-2.004 percentage points");
  EXPECT_EQ(make_end(0.0200038, accuracy, 0.02, false).text, "+2.0004 percentage points");
  EXPECT_EQ(make_end(0.0200000001, accuracy, 0.02, false).text, "+2.0 percentage points") << "no digit would show it";
  EXPECT_EQ(make_end(0.02, accuracy, 0.02, false).text, "+2.0 percentage points") << "it is the limit";
  EXPECT_EQ(make_end(0.0, accuracy, 0.02, false).text, "0.0 percentage points");
  EXPECT_EQ(make_end(0.004, accuracy, 0.125, true).text, "+0.004");
  EXPECT_EQ(make_end(0.1196, accuracy, 0.125, true).text, "+0.12") << "the limit is printed as 0.125, and lies above";
  EXPECT_EQ(make_end(0.1249, accuracy, 0.125, true).text, "+0.12");
  EXPECT_EQ(make_end(-0.1252, accuracy, 0.125, true).text, "-0.13");
  EXPECT_EQ(absolute_text(make_end(-0.0003, accuracy, 0.02, false)), "0.03 percentage points");
  EXPECT_EQ(short_text(make_end(-0.0003, accuracy, 0.02, false)), "-0.03");
  EXPECT_EQ(make_end(-0.0004, {"nats", 3}, 0.02, false).text, "-0.0004 nats");
}

TEST(Facts, ArePrintedAlikeUnderEveryLocaleOfTheHost) {
  const testing::CommaLocale locale;
  ASSERT_EQ(locale.problem(), "");
  EXPECT_EQ(make_end(0.1249, {}, 0.125, true).text, "+0.12") << "0.125 is the limit that is printed";
  EXPECT_EQ(make_end(0.1196, {}, 0.125, true).text, "+0.12");
  EXPECT_EQ(make_end(-0.0003, {}, 0.02, false).text, "-0.03 percentage points");
}

// A claim on a difference of accuracy between arms at 81 and 79 per cent, by a node whose blocks spread by 0.021.
Claim decided_claim(const char* kind, const char* scale) {
  Claim claim;
  claim.id = "c1";
  claim.spread = 0.021;
  claim.plan = read_plan(json::parse(std::string{R"({"title": "T", "metric": "accuracy", "arms": [{"id": "a",
    "config": {}}, {"id": "b", "config": {}}], "baseline": "b", "contrast": {"kind": ")"} +
                                     kind + R"(", "scale": ")" + scale + R"(", "observations": 100,
    "weights": {"a": 1, "b": -1}, "predicted_sign": 1}, "blocks": 5, "smallest_effect": 0.125, "program": ["x"]})")
                             .as_object())
                   .value();
  for (int block = 0; block < 3; ++block)
    for (const char* arm : {"a", "b"})
      claim.trials.push_back(
          {{"t", arm, static_cast<std::uint64_t>(block), block}, arm[0] == 'a' ? 0.81 : 0.79, std::nullopt});
  claim.evidence = compute_evidence(claim.plan, claim.trials).value();
  return claim;
}

StudyView study_of_accuracy(const Claim& claim) {
  StudyView study;
  study.template_document =
      json::parse(R"({"metric": "accuracy", "metrics": {"accuracy": {"unit": "fraction"}}})").as_object();
  study.claims = {claim};
  return study;
}

TEST(Facts, TheSpreadThatBlocksWereCountedByIsAnAmountWithoutASignOrArms) {
  StudyView study = study_of_accuracy(decided_claim("difference", "linear"));
  const Fact spread = study_facts(study).at("c1.planned_spread");
  EXPECT_EQ(spread.text, "2.1 percentage points");
  EXPECT_EQ(spread.value, 0.021);
  EXPECT_EQ(spread.arms, std::vector<std::string>{}) << "it ranks none";
  study.claims[0].spread = 0;  // of a node without evidence
  EXPECT_EQ(study_facts(study).count("c1.planned_spread"), 0u);
  study.claims = {decided_claim("interaction", "logit")};
  study.claims[0].spread = 0.4;
  EXPECT_EQ(study_facts(study).at("c1.planned_spread").text, "0.40");
  study.claims[0].evidence.reset();
  EXPECT_EQ(study_facts(study).count("c1.planned_spread"), 0u);
}

TEST(Facts, TheLimitOfInteractionsIsTranslatedForDifferencesOfAShareAlone) {
  const std::string fact = "c1.odds_limit_points";
  StudyView study = study_of_accuracy(decided_claim("difference", "linear"));
  EXPECT_EQ(study_facts(study).count(fact), 0u) << "the study has no contrast in log odds";
  Node node;
  node.id = "n1";
  node.plan = decided_claim("interaction", "logit").plan;
  study.nodes = {node};
  EXPECT_EQ(study_facts(study).at(fact).text, "2.0 percentage points") << "0.125 in log odds at 80 per cent";
  Claim other = decided_claim("interaction", "logit");
  other.id = "c2", other.plan.smallest_effect = 0.25;
  study.claims.push_back(other);  // a claim's limit goes before a node's
  EXPECT_EQ(study_facts(study).at(fact).text, "4.0 percentage points");
  EXPECT_EQ(study_facts(study).count("c2.odds_limit_points"), 0u) << "it is in log odds itself";
  study.template_document["metrics"].as_object()["accuracy"].as_object()["unit"] = "nats";
  EXPECT_EQ(study_facts(study).count(fact), 0u) << "what is no share has no odds";
}

TEST(Facts, WhatWasProposedAndNeverRunIsNumberedInAlphabeticalOrder) {
  StudyView study;
  EXPECT_EQ(study_facts(study).count("study.untried1"), 0u);
  study.template_document =
      json::parse(R"({"factors": {"model": {"levels": ["vit"], "labels": {"vit": "ViT"}}}})").as_object();
  study.proposed = {"C beats {{label:model.vit}}.", "A beats\nB.", "B beats C."};
  Node node;
  node.id = "n1";
  node.hypothesis["statement"] = "B beats C.";
  study.nodes = {node};
  const Facts facts = study_facts(study);
  EXPECT_EQ(facts.at("study.untried1").text, "A beats B") << "on one line, and without the stop";
  EXPECT_EQ(facts.at("study.untried2").text, "C beats ViT") << "as it is read";
  EXPECT_EQ(facts.count("study.untried3"), 0u);
}

}  // namespace
}  // namespace aisci
