#include "research/evidence.hpp"

#include <gtest/gtest.h>
#include <aisci/random.hpp>

#include "research/claims.hpp"

namespace aisci {
namespace {

Plan difference_plan() {
  return read_plan(
             parse_json_object(
                 R"({"title": "T", "metric": "accuracy", "arms": [{"id": "a", "config": {}}, {"id": "b", "config": {}}], "baseline": "b",
    "contrast": {"kind": "difference", "weights": {"a": 1, "b": -1}, "predicted_sign": 1}, "blocks": 5, "smallest_effect": 0.02, "program": ["x"]})",
                 "plan")
                 .value())
      .value();
}

std::vector<ScoredTrial> trials(const std::vector<std::pair<double, double>>& blocks) {
  std::vector<ScoredTrial> list;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    list.push_back({{"t", "a", i, static_cast<int>(i)}, blocks[i].first});
    list.push_back({{"t", "b", i, static_cast<int>(i)}, blocks[i].second});
  }
  return list;
}

Claim claim_with(const std::vector<std::pair<double, double>>& blocks, int sign = 1) {
  Claim claim;
  claim.plan = difference_plan();
  claim.plan.contrast.predicted_sign = sign;
  claim.trials = trials(blocks);
  return claim;
}

std::vector<std::pair<double, double>> around(double difference, double spread) {
  std::vector<std::pair<double, double>> blocks;
  for (int i = 0; i < 14; ++i) blocks.emplace_back(0.8 + difference + spread * ((i % 7) - 3) / 3.0, 0.8);
  return blocks;
}

TEST(Plan, NamesWhatIsWrong) {
  auto document = difference_plan().document;
  document["baseline"] = "c";
  EXPECT_NE(read_plan(document).status().message().find("baseline"), std::string::npos);
  document = difference_plan().document;
  document["contrast"].as_object()["weights"].as_object()["a"] = 2;
  EXPECT_NE(read_plan(document).status().message().find("sum to zero"), std::string::npos);
  document = difference_plan().document;
  document["arms"].as_array()[0].as_object()["id"] = "../x";
  EXPECT_FALSE(read_plan(document).ok());
}

TEST(Evidence, ContrastIsPairedInsideBlocks) {
  // The blocks differ by far more than the arms: only pairing sees the difference.
  const auto evidence = compute_evidence(difference_plan(),
                                         trials({{0.51, 0.50}, {0.72, 0.70}, {0.91, 0.90}, {0.31, 0.30}, {0.62, 0.60}}))
                            .value();
  EXPECT_NEAR(evidence.contrast.mean, 0.014, 1e-12);
  EXPECT_LT(evidence.contrast.p, 0.01);
  EXPECT_DOUBLE_EQ(evidence.contrast.smallest_p, 0.0625);
}

TEST(Evidence, TellsHowManyParametersAnArmsModelHas) {
  const auto plan = difference_plan();
  auto list = trials({{0.51, 0.50}, {0.72, 0.70}, {0.91, 0.90}});
  for (auto& one : list) one.parameters = one.trial.arm == "a" ? 36763 : 53595;
  auto evidence = compute_evidence(plan, list).value();
  EXPECT_EQ(json::serialize(to_json(evidence, plan).at("arms").at("a").at("parameters")), "36763");
  list[2].parameters = 36764;  // no one number for the arm
  list[3].parameters.reset();
  evidence = compute_evidence(plan, list).value();
  EXPECT_FALSE(evidence.arms[0].parameters.has_value());
  EXPECT_FALSE(to_json(evidence, plan).at("arms").at("b").as_object().contains("parameters"));
}

TEST(Evidence, ReadsWholeNumbersOfParametersOnly) {
  const auto reported = [](const char* metrics) {
    return reported_parameters(json::object{{"metrics", json::parse(metrics)}});
  };
  EXPECT_EQ(reported(R"({"parameters": 17000})"), 17000.0);
  for (const char* none :
       {R"({"parameters": 0.5})", R"({"parameters": -1})", R"({"parameters": 1e300})", R"({"parameters": "17"})", "{}"})
    EXPECT_FALSE(reported(none).has_value()) << none;
}

// The arms' losses spread far more over the blocks than they differ: their own intervals overlap, the paired one does
// not hold zero. By hand: differences -0.01, -0.02, -0.03; mean -0.02, standard error 0.01 / sqrt(3), t(2, 0.975) =
// 4.302653.
TEST(Evidence, TrainingLossIsComparedInsideBlocks) {
  const auto plan = difference_plan();
  auto list = trials({{0.51, 0.50}, {0.72, 0.70}, {0.91, 0.90}});
  const double losses[] = {0.10, 0.11, 0.50, 0.52, 0.90, 0.93};
  for (std::size_t i = 0; i < list.size(); ++i) list[i].training_loss = losses[i];
  const auto evidence = compute_evidence(plan, list).value();
  ASSERT_TRUE(evidence.training.has_value());
  EXPECT_NEAR(evidence.training->mean, -0.02, 1e-12);
  EXPECT_NEAR(evidence.training->treatment, 0.50, 1e-12);
  EXPECT_NEAR(evidence.training->baseline, 0.52, 1e-12);
  EXPECT_NEAR(evidence.training->lower, -0.02 - 4.302653 * 0.01 / std::sqrt(3.0), 1e-7);
  EXPECT_NEAR(evidence.training->upper, -0.02 + 4.302653 * 0.01 / std::sqrt(3.0), 1e-7);
  EXPECT_NEAR(number_of(object_of(to_json(evidence, plan), "training"), "mean"), -0.02, 1e-12);
  list[2].training_loss.reset();  // one trial without: nothing is said, and the evidence stands
  EXPECT_FALSE(compute_evidence(plan, list).value().training.has_value());
  list.push_back({{"t", "a", 9, 9}, 0.5});  // a block that does not count takes no part
  list[2].training_loss = 0.50;
  EXPECT_TRUE(compute_evidence(plan, list).value().training.has_value());
}

TEST(Evidence, HasWhatAnArmGotRightInTrainingWhereEveryTrialOfAWholeBlockReportsIt) {
  const auto plan = difference_plan();
  auto list = trials({{0.51, 0.50}, {0.72, 0.70}});  // a and b in the first block, then in the second
  const double shares[] = {1.0, 0.5, 0.5, 1.0};
  for (std::size_t i = 0; i < list.size(); ++i) list[i].training_accuracy = shares[i];
  list.push_back({{"t", "a", 9, 9}, 0.5});  // a block that does not count takes no part
  const auto evidence = compute_evidence(plan, list).value();
  EXPECT_EQ(evidence.arms[0].training_accuracy, 0.75);
  EXPECT_EQ(number_of(object_of(object_of(to_json(evidence, plan), "arms"), "b"), "training_accuracy"), 0.75);
  list[0].training_accuracy.reset();
  const auto one = compute_evidence(plan, list).value();
  EXPECT_FALSE(one.arms[0].training_accuracy.has_value());
  EXPECT_EQ(one.arms[1].training_accuracy, 0.75);

  const auto reported = [](const char* trial) { return reported_training_accuracy(json::parse(trial).as_object()); };
  EXPECT_EQ(reported(R"({"metrics": {"train_accuracy": 0.25}})"), 0.25);
  for (const char* none : {"{}", R"({"metrics": {"train_accuracy": 25}})", R"({"metrics": {"train_accuracy": null}})"})
    EXPECT_FALSE(reported(none).has_value()) << none;
}

TEST(Evidence, ReadsTheLastFiniteTrainingLossOfATrialThatDidNotDiverge) {
  const auto last = [](const char* trial) { return last_training_loss(json::parse(trial).as_object()); };
  EXPECT_EQ(last(R"({"curves": {"train_loss": [[10, 2.5], [20, 1.5]]}})"), 1.5);
  for (const char* none :
       {R"({"curves": {"train_loss": []}})", R"({"curves": {"accuracy": [[1, 0.5]]}})", "{}",
        R"({"curves": {"train_loss": [[10, 2.5], [20, null]]}})", R"({"curves": {"train_loss": [3]}})",
        R"({"diverged": true, "curves": {"train_loss": [[10, 2.5]]}})"})
    EXPECT_FALSE(last(none).has_value()) << none;
}

TEST(Evidence, EqualDifferencesMakeADocumentThatCanBeRead) {
  const auto plan = difference_plan();
  const auto evidence =
      compute_evidence(plan, trials({{0.75, 0.5}, {0.75, 0.5}, {0.75, 0.5}, {0.75, 0.5}, {0.75, 0.5}})).value();
  const auto read = parse_json_object(json::serialize(to_json(evidence, plan)), "evidence");
  ASSERT_TRUE(read.ok()) << read.status().to_string();
  EXPECT_EQ(number_of(object_of(*read, "contrast"), "mean"), 0.25);
  EXPECT_TRUE(at(*read, "contrast.t").is_null());
}

// Over many sets of blocks from one world the jackknife says, on average, how much the significance varies between
// them; too much where there is nothing to find, and the significance hardly varies.
TEST(Evidence, TheErrorOfTheSignificanceIsWhatOtherBlocksWouldChange) {
  constexpr int kSets = 100;
  const auto plan = difference_plan();
  const struct {
    int blocks;
    double effect, most;
  } worlds[] = {{5, 0.0, 6}, {5, 0.01, 2}, {5, 0.03, 1.5}, {10, 0.03, 1.5}};
  for (const auto& world : worlds) {
    Random random{static_cast<std::uint64_t>(world.blocks)};
    double mean = 0, squares = 0, told = 0;
    for (int set = 1; set <= kSets; ++set) {
      std::vector<std::pair<double, double>> scores;
      for (int i = 0; i < world.blocks; ++i) scores.emplace_back(0.8 + world.effect + 0.02 * random.normal(), 0.8);
      const auto evidence = compute_evidence(plan, trials(scores)).value();
      const double error = significance_error(plan, evidence).value().value();
      const double difference = evidence.significance - mean;
      mean += difference / set;
      squares += difference * (evidence.significance - mean);
      told += error * error / kSets;
    }
    const double ratio = told / (squares / (kSets - 1));
    EXPECT_GT(ratio, 0.7) << world.effect << " in " << world.blocks << " blocks";
    EXPECT_LT(ratio, world.most) << world.effect << " in " << world.blocks << " blocks";
  }
  // What does not vary has no error, and two blocks say nothing of it.
  const std::vector<std::pair<double, double>> same(5, {0.75, 0.5});
  EXPECT_EQ(significance_error(plan, compute_evidence(plan, trials(same)).value()).value(), 0.0);
  EXPECT_FALSE(significance_error(plan, compute_evidence(plan, trials({{0.6, 0.5}, {0.7, 0.5}})).value()).value());
}

TEST(Evidence, BlocksThatMissAnArmAreLeftOut) {
  auto list = trials({{0.5, 0.4}, {0.6, 0.5}, {0.7, 0.6}});
  list.pop_back();
  EXPECT_EQ(compute_evidence(difference_plan(), list)->blocks.size(), 2u);
  EXPECT_FALSE(compute_evidence(difference_plan(), trials({{0.5, 0.4}})).ok());
}

TEST(Claims, VerdictFollowsTheCorrectedIntervalInThePredictedDirection) {
  std::vector<Claim> claims{claim_with(around(0.05, 0.01)), claim_with(around(0.05, 0.01), -1),
                            claim_with(around(0.0, 0.01)), claim_with(around(0.02, 0.2))};
  decide(claims, 0.05);
  EXPECT_EQ(claims[0].verdict, "supported");
  EXPECT_EQ(claims[1].verdict, "refuted");
  EXPECT_EQ(claims[2].verdict, "equivalent");
  EXPECT_EQ(claims[3].verdict, "inconclusive");
  EXPECT_NEAR(claims[3].alpha, 0.025, 1e-12) << "after two rejections Holm's third step is half the family's alpha";
}

TEST(Claims, TellWhetherOneBlockCarriesTheVerdict) {
  auto blocks = around(0.0, 0.01);
  blocks.back() = {0.8 - 0.6, 0.8};  // thirteen that agree, and one far off
  std::vector<Claim> claims{claim_with(blocks), claim_with(around(0.05, 0.01))};
  decide(claims, 0.05);
  EXPECT_EQ(claims[0].verdict, "inconclusive");
  auto open = verdicts_without_one(claims[0]);
  EXPECT_EQ(open.size(), 2u);
  EXPECT_EQ(open["inconclusive"].size(), 13u);
  EXPECT_EQ(open["equivalent"], std::vector<std::size_t>{13});
  const auto clear = verdicts_without_one(claims[1]);
  ASSERT_EQ(clear.size(), 1u);
  EXPECT_EQ(clear.at("supported").size(), 14u);
  EXPECT_TRUE(verdicts_without_one(claim_with({})).empty());
}

TEST(Claims, ClaimWithoutEvidenceIsInconclusive) {
  std::vector<Claim> claims{claim_with({})};
  decide(claims, 0.05);
  EXPECT_EQ(claims[0].verdict, "inconclusive");
  EXPECT_FALSE(claims[0].failure.empty());
}

TEST(Claims, AreDistinctAndHaveEnoughBlocks) {
  std::vector<Node> nodes(3);
  for (std::size_t i = 0; i < 3; ++i) {
    nodes[i].id = "n" + std::to_string(i + 1);
    nodes[i].plan = difference_plan();
    nodes[i].hypothesis = {{"factor", "f"}, {"treatment", i == 2 ? "other" : "a"}, {"baseline", "b"}};
    nodes[i].evidence = compute_evidence(nodes[i].plan, trials(around(0.03, 0.02))).value();
    nodes[i].score = NodeScore{0.5 + 0.1 * static_cast<double>(i), {}};
  }
  const auto claims = choose_claims(nodes, 3, 20);
  ASSERT_EQ(claims.size(), 2u) << "two nodes ask the same";
  EXPECT_EQ(claims[0].node, "n3");
  for (const auto& claim : claims) EXPECT_GE(claim.n, kLeastConfirmationBlocks);
  EXPECT_EQ(choose_claims(nodes, 1, 20)[0].node, "n3");
  nodes[2].parent = "n1";
  EXPECT_EQ(choose_claims(nodes, 1, 20)[0].node, "n2") << "a refinement does not take the only place";
  EXPECT_EQ(choose_claims(nodes, 2, 20)[0].node, "n3");
  EXPECT_EQ(choose_claims(nodes, 2, 20)[1].node, "n2");
  nodes[1].evidence->contrast.sd = 1.0;  // would take hundreds of blocks
  EXPECT_EQ(choose_claims(nodes, 2, 20)[1].n, kMostConfirmationBlocks);
  EXPECT_EQ(choose_claims(nodes, 2, 3)[1].n, 18) << "36 trials of two arms";
  EXPECT_EQ(choose_claims(nodes, 2, 1)[1].n, kLeastConfirmationBlocks);
  EXPECT_EQ(claims_affordable(20, 0.2), kMostClaims);
  EXPECT_EQ(claims_affordable(2, 0.1), 1);
}

// What the question itself asks is confirmed first: the whole against its best part, then an interaction, then by
// worth.
TEST(Claims, WhatTheQuestionAsksComesFirst) {
  const double gains[] = {0.08, 0.03, 0.05, 0.02, 0.02, 0.09};  // the last is no hypothesis of the question
  std::vector<Node> nodes(std::size(gains));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    nodes[i].id = "n" + std::to_string(i + 1);
    nodes[i].plan = difference_plan();
    nodes[i].hypothesis = {{"factor", "f"},
                           {"treatment", "a"},
                           {"baseline", "b"},
                           {"also", json::object{{"g", json::array{1, static_cast<int>(i)}}}},
                           {"primary", i < 5}};
    nodes[i].evidence = compute_evidence(nodes[i].plan, trials(around(gains[i], 0.02))).value();
    nodes[i].score = NodeScore{gains[i] * 10, {}};
  }
  for (const std::size_t pair : {3u, 4u}) nodes[pair].plan.contrast.kind = "interaction";
  nodes[4].score = NodeScore{0.3, {}};
  const auto chosen = [&](int count) {
    std::vector<std::string> list;
    for (const auto& claim : choose_claims(nodes, count, 20)) list.push_back(claim.node);
    return list;
  };
  EXPECT_EQ(chosen(1), (std::vector<std::string>{"n2"})) << "the difference with the least advantage";
  EXPECT_EQ(chosen(2), (std::vector<std::string>{"n2", "n5"})) << "and the interaction worth most";
  EXPECT_EQ(chosen(3), (std::vector<std::string>{"n2", "n5", "n1"})) << "then what is worth most";
  EXPECT_EQ(chosen(6).back(), "n6") << "others come last, whatever they are worth";
  nodes[1].plan.contrast.predicted_sign = -1;  // it found the reverse of what was predicted
  EXPECT_EQ(chosen(1), (std::vector<std::string>{"n2"}));
  nodes[1].hypothesis["primary"] = false;
  EXPECT_EQ(chosen(1), (std::vector<std::string>{"n3"}));
}

}  // namespace
}  // namespace aisci
