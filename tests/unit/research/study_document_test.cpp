#include "research/study_document.hpp"
#include "research/study_facts.hpp"

#include <gtest/gtest.h>
#include <aisci/statistics/statistics.hpp>

#include <cmath>

namespace aisci {
namespace {

Node scored(const std::string& id, const std::string& parent, double value) {
  Node node;
  node.id = id;
  node.parent = parent;
  node.score = NodeScore{value, {}};
  return node;
}

std::vector<std::string> ids(const StudyView& study) {
  std::vector<std::string> list;
  for (const auto& node : study.nodes) list.push_back(node.id);
  return list;
}

TEST(StudyDocument, AroundKeepsTheLineTheChildrenAndTheBestInOrder) {
  StudyView study;
  study.question = "why?";
  study.nodes = {scored("n1", "", 0.1), scored("n2", "n1", 0.1), scored("n3", "n2", 0.1), scored("n4", "n3", 0.1)};
  for (int i = 5; i < 40; ++i) study.nodes.push_back(scored("n" + std::to_string(i), "n1", i < 17 ? 0.9 : 0.2));
  const StudyView near = around(study, "n3");
  std::vector<std::string> expected{"n1", "n2", "n3", "n4"};
  for (int i = 5; i < 17; ++i) expected.push_back("n" + std::to_string(i));
  EXPECT_EQ(ids(near), expected);
  EXPECT_EQ(near.question, "why?");
}

TEST(StudyDocument, AroundASmallStudyIsTheStudy) {
  StudyView study;
  study.nodes = {scored("n1", "", 0.1), scored("n2", "", 0.7), scored("n3", "n2", 0.4)};
  EXPECT_EQ(ids(around(study, "n2")), ids(study));
}

TEST(StudyDocument, FactsOfTheTemplateArePrintedAsItStatesThem) {
  StudyView study;
  study.template_document = json::parse(R"({"facts": {"rate": {"value": 0.003, "title": "rate", "kind": "number"},
    "norm": {"value": 1, "title": "norm", "kind": "number"}, "names": {"value": "c1 and c2", "title": "names", "kind": "text"},
    "steps": {"value": 1600, "title": "steps", "kind": "count"}}})")
                                .as_object();
  const Facts facts = study_facts(study);
  EXPECT_EQ(facts.at("template.rate").text, "0.003");
  EXPECT_EQ(facts.at("template.norm").text, "1");
  EXPECT_EQ(facts.at("template.names").text, "c1 and c2");
  EXPECT_EQ(facts.at("template.names").kind, FactKind::kText);
  EXPECT_EQ(facts.at("template.steps").value, 1600);
}

// Arm a minus arm b in accuracy, predicted positive.
Plan pair_plan() {
  return read_plan(json::parse(R"({"title": "T", "metric": "accuracy", "arms": [{"id": "a", "config": {}},
    {"id": "b", "config": {}}], "baseline": "b", "contrast": {"kind": "difference", "weights": {"a": 1, "b": -1},
    "predicted_sign": 1}, "blocks": 5, "smallest_effect": 0.02, "program": ["x"]})")
                       .as_object())
      .value();
}

// The trials of arms a and b in so many blocks, scored by block and arm.
template <typename Score>
decltype(Claim::trials) pairs(int blocks, const Score& score) {
  decltype(Claim::trials) trials;
  for (int block = 0; block < blocks; ++block)
    for (const char* arm : {"a", "b"})
      trials.push_back({{"t", arm, static_cast<std::uint64_t>(block), block}, score(block, *arm), 1});
  return trials;
}

// c1 on such trials.
Claim claim_on(decltype(Claim::trials) trials = {}) {
  Claim claim;
  claim.id = "c1";
  claim.plan = pair_plan();
  claim.trials = std::move(trials);
  return claim;
}

// A study of accuracy with claims that are decided.
StudyView study_of(std::vector<Claim> claims) {
  StudyView study;
  study.template_document =
      json::parse(R"({"metric": "accuracy", "metrics": {"accuracy": {"unit": "fraction"}}})").as_object();
  study.claims = std::move(claims);
  decide(study.claims, 0.05);
  return study;
}

TEST(StudyDocument, TheLeastPOfFlippedSignsPrintsAsWhatItIs) {
  Node node = scored("n1", "", 0.5);
  node.plan = pair_plan();
  node.trials = pairs(5, [](int block, char arm) { return (arm == 'a' ? 0.6 : 0.5) + 0.01 * block * (arm == 'a'); });
  node.evidence = compute_evidence(node.plan, node.trials).value();
  StudyView study;
  study.nodes = {node};
  const Facts facts = study_facts(study);
  EXPECT_EQ(facts.at("n1.contrast.smallest_p").text, "0.0625") << "and not 0.062, which five blocks cannot attain";
  EXPECT_EQ(facts.at("n1.contrast.sign_flip_p").text, "0.0625");
  study.nodes[0].evidence->contrast.smallest_p = std::ldexp(2.0, -14);
  EXPECT_EQ(study_facts(study).at("n1.contrast.smallest_p").text, "0.00012")
      << "the least that is attained, and no bound";
  study.nodes[0].evidence->contrast.smallest_p = 1.0 / 100001;
  EXPECT_EQ(study_facts(study).at("n1.contrast.smallest_p").text, "0.000010") << "two digits, rounded up or not";
  study.nodes[0].evidence->contrast.sign_flip_p = study.nodes[0].evidence->contrast.smallest_p;
  EXPECT_EQ(study_facts(study).at("n1.contrast.sign_flip_p").text, "<0.001") << "as any p below that";
}

// t(0.975, 18) s / sqrt(19) is 0.010004 and t(0.975, 19) s / sqrt(20) 0.0097, where s is 0.02 sqrt(14 / 13): twenty
// blocks put the mean of 0.01 clear of zero, and its upper end short of the limit of 0.02.
TEST(StudyDocument, CountsTheBlocksThatWouldDecideWhatStayedOpen) {
  const StudyView study = study_of({claim_on(pairs(14, [](int block, char arm) {
    return arm == 'b' ? 0.5 : block % 2 == 0 ? 0.53 : 0.49;
  }))});
  std::vector<Claim> claims = study.claims;
  ASSERT_EQ(claims[0].verdict, "inconclusive");
  const auto decisions = decisions_ahead(claims[0]);
  ASSERT_EQ(decisions.size(), 1u);
  EXPECT_EQ(decisions[0].blocks, 20);
  EXPECT_EQ(study_facts(study).at("c1.blocks_to_decide").text, "20");
  EXPECT_EQ(study_facts(study).at("c1.decided_then").text, "equivalent") << "0.0197 is short of 0.02";
  for (auto& trial : claims[0].trials) trial.score += trial.trial.arm == "a" ? 0.03 : 0;
  decide(claims, 0.05);
  EXPECT_EQ(claims[0].verdict, "supported");
  EXPECT_TRUE(decisions_ahead(claims[0]).empty());
}

// The same with a limit of 0.0125: t(0.975, n - 1) s / sqrt(n) falls below the mean of 0.01 at 20 blocks as before,
// where the upper end is past that limit, and below 0.0025 at 268.
TEST(StudyDocument, CountsTheBlocksThatWouldTurnADecisionAgain) {
  Claim claim = claim_on(pairs(14, [](int block, char arm) {
    return arm == 'b' ? 0.5 : block % 2 == 0 ? 0.53 : 0.49;
  }));
  claim.plan.smallest_effect = 0.0125;
  const StudyView study = study_of({claim});
  ASSERT_EQ(study.claims[0].verdict, "inconclusive");
  const double sd = study.claims[0].evidence->contrast.sd;
  const auto half = [&](int n) { return statistics::student_t_quantile(0.975, n - 1) * sd / std::sqrt(n); };
  const auto decisions = decisions_ahead(study.claims[0]);
  ASSERT_EQ(decisions.size(), 2u);
  EXPECT_EQ(decisions[0].verdict, "supported");
  EXPECT_EQ(decisions[0].blocks, 20);
  EXPECT_EQ(decisions[1].verdict, "equivalent");
  const int turned = decisions[1].blocks;
  EXPECT_LT(half(turned), 0.0025);
  EXPECT_GE(half(turned - 1), 0.0025);
  EXPECT_EQ(study_facts(study).at("c1.blocks_to_turn").text, "268");
  EXPECT_EQ(study_facts(study).at("c1.turned_then").text, "equivalent");
}

// Fourteen blocks with a mean of 0.0125 and a spread of 0.0208: at 98.3%, as the least p of three leaves it, zero lies
// inside, and at 95% outside. The chance of equivalence is the library's own, at 0.05 over the number of claims.
TEST(StudyDocument, TellsWhatAClaimWouldBeUncorrectedAndItsChanceOfEquivalence) {
  double spread = 0.02;  // that the search saw
  const auto with = [&](double shift) {
    std::vector<Claim> claims(3, claim_on(pairs(14, [&](int block, char arm) {
                                return arm == 'b' ? 0.5 : 0.5 + shift + (block % 2 == 0 ? 0.02 : -0.02);
                              })));
    for (auto& claim : claims) claim.n = 14, claim.spread = spread;
    claims[1].id = "c2", claims[2].id = "c3";
    return study_of(std::move(claims));
  };
  const StudyView turns = with(0.0125), open = with(0.004);
  ASSERT_EQ(turns.claims[0].verdict, "inconclusive");
  EXPECT_EQ(study_facts(turns).at("c1.uncorrected").text, "supported");
  ASSERT_EQ(open.claims[0].verdict, "equivalent");
  EXPECT_EQ(study_facts(open).count("c1.uncorrected"), 0u) << "the same verdict";
  const double expected = statistics::power_equivalence(14, 0.02, 0.02, 0.05 / 3).value();
  EXPECT_GT(expected, 0.5);
  EXPECT_DOUBLE_EQ(study_facts(open).at("c3.power_equivalence").value, expected);
  spread = 0.006;
  EXPECT_EQ(study_facts(with(0.004)).at("c1.power_equivalence").text, ">99.9%") << "and not 100.0%, which it is not";
  spread = 0.06;
  EXPECT_EQ(study_facts(with(0.004)).at("c1.power_equivalence").text, "<0.1%") << "and not 0.0%";
}

// Thirteen differences of -0.001 and one of 0.056: their mean is 0.0031, and -0.001 without that one.
TEST(StudyDocument, NamesTheBlockThatTheSignOfAMeanHangsOn) {
  StudyView study = study_of({claim_on(pairs(14, [](int block, char arm) {
    return arm == 'b' ? 0.6 : block == 4 ? 0.656 : 0.599;
  }))});
  EXPECT_EQ(study_facts(study).at("c1.turning_block").text, "+5.6 percentage points");
  EXPECT_EQ(study_facts(study).at("c1.mean_without_it").text, "-0.1 percentage points");
  study.claims[0].trials[10].score = 0.656;  // then each of two does so
  for (int block = 0; block < 14; ++block)
    if (block != 4 && block != 5) study.claims[0].trials[2 * static_cast<std::size_t>(block)].score = 0.593;
  decide(study.claims, 0.05);
  EXPECT_GT(study.claims[0].evidence->contrast.mean, 0);
  EXPECT_EQ(study_facts(study).count("c1.turning_block"), 0u);
  for (auto& trial : study.claims[0].trials) trial.score = trial.trial.arm == "a" ? 0.599 : 0.6;
  study.claims[0].trials[8].score = 0.6;  // then all are on one side
  decide(study.claims, 0.05);
  EXPECT_EQ(study_facts(study).count("c1.turning_block"), 0u);
  for (auto& trial : study.claims[0].trials) trial.score = 0.6;
  study.claims[0].trials[0].score = 0.603;  // a mean that prints as zero has no sign to lose
  study.claims[0].trials[2].score = 0.598;
  decide(study.claims, 0.05);
  EXPECT_EQ(study_facts(study).count("c1.turning_block"), 0u);
}

// By hand: a has 0.5, 0.6, 0.7 and b 0.5, 0.7, 0.6; of the deviations -1, 0, 1 and -1, 1, 0 the products add up to 1,
// and the squares of each to 2.
TEST(StudyDocument, TellsHowTheArmsOfAClaimMoveTogetherAndWhereTheirTrainingEnded) {
  const double scores[][2] = {{0.5, 0.5}, {0.6, 0.7}, {0.7, 0.6}};
  std::vector<Claim> claims{claim_on(pairs(3, [&](int block, char arm) { return scores[block][arm == 'a' ? 0 : 1]; }))};
  decide(claims, 0.05);
  ASSERT_TRUE(claims[0].evidence);
  claims[0].evidence->training = TrainingEvidence{-0.0047, -0.0081, -0.0014, 0.02453, 0.02923};
  StudyView study;
  study.template_document = json::parse(R"({"metric": "accuracy", "metrics": {"accuracy": {"unit": "fraction"},
    "train_loss": {"unit": "nats"}}})")
                                .as_object();
  study.claims = claims;
  const Facts facts = study_facts(study);
  EXPECT_EQ(facts.at("c1.correlation").text, "0.50");
  EXPECT_EQ(facts.at("c1.training.treatment").text, "0.02453 nats") << "a digit more than their difference";
  EXPECT_EQ(facts.at("c1.training.baseline").text, "0.02923 nats");
  EXPECT_EQ(facts.at("c1.training.baseline").arms, (std::vector<std::string>{"c1.b"}));
  for (auto& trial : study.claims[0].trials) trial.score = trial.trial.arm == "a" ? trial.score : 0.5;
  decide(study.claims, 0.05);
  EXPECT_EQ(study_facts(study).count("c1.correlation"), 0u) << "an arm that never moves";
}

// A reader who is told that one block carries a verdict wants to know which; and what was proposed is counted, run or
// not.
TEST(StudyDocument, NamesTheBlockThatCarriesAVerdictAndCountsWhatWasProposed) {
  StudyView study = study_of({claim_on(pairs(14, [](int block, char arm) {
    return arm == 'b' ? 0.6 : block == 13 ? 0.8 : 0.6 + 0.001 * (block % 3 - 1);
  }))});
  study.policy = "adaptive";
  EXPECT_EQ(study_facts(study).at("c1.single_block").text, "+20.0 percentage points");
  EXPECT_EQ(study_facts(study).at("c1.outlying_block").text, "+20.0 percentage points");
  EXPECT_EQ(study_facts(study).at("c1.outlying_treatment").text, "80.0%");
  EXPECT_EQ(study_facts(study).at("c1.outlying_treatment").arms, (std::vector<std::string>{"c1.a"}));
  EXPECT_EQ(study_facts(study).at("c1.outlying_baseline").text, "60.0%");
  EXPECT_EQ(study_facts(study).at("c1.mean_of_others").text, "0.0 percentage points");
  // 13 values of 0.1, 0 and -0.1 points with a standard deviation of 0.0862: 2.179 * 0.0862 / sqrt(13) = 0.052.
  EXPECT_EQ(study_facts(study).at("c1.lower_of_others").text, "-0.1 percentage points");
  EXPECT_NEAR(study_facts(study).at("c1.lower_of_others").value, -0.00061, 0.00002);
  EXPECT_NEAR(study_facts(study).at("c1.upper_of_others").value, 0.00045, 0.00002);
  EXPECT_EQ(study_facts(study).at("c1.sd_of_others").text, "0.1 percentage points");
  EXPECT_NEAR(study_facts(study).at("c1.sd_of_others").value, 0.000862, 0.000001);
  EXPECT_EQ(study_facts(study).count("study.proposed"), 0u);
  EXPECT_EQ(study_facts(study).count("study.aisci"), 0u);
  study.aisci = "0.1.0";
  EXPECT_EQ(study_facts(study).at("study.aisci").text, "0.1.0");
  study.proposed = {"A beats B.", "B beats A."};
  EXPECT_EQ(study_facts(study).at("study.proposed").value, 2);
  EXPECT_EQ(text_of(study_document(study), "policy"), "adaptive");
  study.claims[0].trials.resize(26);  // without that block nothing hangs on one
  decide(study.claims, 0.05);
  EXPECT_EQ(study_facts(study).count("c1.single_block"), 0u);
  EXPECT_EQ(study_facts(study).count("c1.outlying_block"), 0u);
  for (auto& trial : study.claims[0].trials) trial.score = 0.6;  // all blocks equal, and then but for one
  decide(study.claims, 0.05);
  EXPECT_EQ(study_facts(study).count("c1.outlying_block"), 0u);
  for (std::size_t i = 0; i < 12; ++i) study.claims[0].trials[i].score = i % 4 == 0 ? 0.61 : 0.6;
  study.claims[0].trials[0].score = 0.7;  // further off than the few others that are not zero
  decide(study.claims, 0.05);
  EXPECT_EQ(study_facts(study).at("c1.outlying_block").text, "+10.0 percentage points");
  // The end of a tail is none: MAD 0.01, so the limit is 0.052, and the next value is 0.005 off.
  const double values[] = {0.055, 0.05, 0.02, 0.01, 0.01, 0.01, 0, 0, 0, -0.01, -0.01, -0.02, -0.02};
  for (std::size_t i = 0; i < 13; ++i) {
    study.claims[0].trials[2 * i].score = 0.6 + values[i];
    study.claims[0].trials[2 * i + 1].score = 0.6;
  }
  decide(study.claims, 0.05);
  EXPECT_EQ(study_facts(study).count("c1.outlying_block"), 0u);
  study.claims[0].trials[2].score = 0.63;
  decide(study.claims, 0.05);
  EXPECT_EQ(study_facts(study).at("c1.outlying_block").text, "+5.5 percentage points");
}

TEST(StudyDocument, TheReasonOfTheLimitIsThatOfTheMetricWithoutItsStop) {
  StudyView study;
  study.template_document = json::parse(R"({"metric": "loss", "metrics": {
    "loss": {"direction": "lower", "unit": "", "smallest_effect": 0.1, "smallest_effect_reason": "a tenth of what is left."},
    "accuracy": {"direction": "higher", "unit": "fraction", "smallest_effect": 0.02}}})")
                                .as_object();
  EXPECT_EQ(study_facts(study).at("template.smallest_effect_reason").text, "a tenth of what is left");
  study.scope = json::object{{"metric", "accuracy"}};
  EXPECT_EQ(study_facts(study).count("template.smallest_effect_reason"), 0u);
}

TEST(StudyDocument, AnInteractionIsToldUnderEachOfItsConditions) {
  Node node;
  node.id = "n1";
  node.hypothesis = json::parse(R"({"factor": "drop", "treatment": "on", "baseline": "off",
    "moderator": {"factor": "size", "levels": [100, 400]}})")
                        .as_object();
  node.plan = read_plan(json::parse(R"({"title": "T", "metric": "accuracy", "arms": [
    {"id": "on-100", "config": {"drop": "on", "size": 100}}, {"id": "off-100", "config": {"drop": "off", "size": 100}},
    {"id": "on-400", "config": {"drop": "on", "size": 400}}, {"id": "off-400", "config": {"drop": "off", "size": 400}}],
    "baseline": "off-100", "contrast": {"kind": "interaction", "scale": "logit", "observations": 100, "predicted_sign": 1,
    "weights": {"on-100": 1, "off-100": -1, "on-400": -1, "off-400": 1}}, "blocks": 5, "smallest_effect": 0.125,
    "program": ["x"]})")
                            .as_object())
                  .value();
  for (int block = 0; block < 3; ++block)
    for (const auto& [arm, score] :
         {std::pair{"on-100", 0.7 + 0.01 * block}, {"off-100", 0.6}, {"on-400", 0.8}, {"off-400", 0.85}})
      node.trials.push_back({{"t", arm, static_cast<std::uint64_t>(block), block}, score, 1});
  node.evidence = compute_evidence(node.plan, node.trials).value();
  StudyView study;
  study.nodes = {node};
  const Facts facts = study_facts(study);  // differences 0.10, 0.11, 0.12: 0.11 -+ 4.303 * 0.01 / sqrt(3)
  EXPECT_EQ(facts.at("n1.first.mean").text, "+11.0 percentage points");
  EXPECT_EQ(facts.at("n1.first.lower").text, "+8.5 percentage points");
  EXPECT_EQ(facts.at("n1.first.upper").text, "+13.5 percentage points");
  EXPECT_EQ(facts.at("n1.first.mean").arms, (std::vector<std::string>{"n1.on-100", "n1.off-100"}));
  EXPECT_EQ(facts.at("n1.second.mean").text, "-5.0 percentage points");
  EXPECT_EQ(facts.at("n1.second.mean").arms, (std::vector<std::string>{"n1.on-400", "n1.off-400"}));
  study.nodes[0].hypothesis["treatment"] = "otherwise";
  EXPECT_EQ(study_facts(study).count("n1.first.mean"), 0u) << "no arm has that level";
}

TEST(StudyDocument, FactsOfANodeNameItsLimitAndTheParametersOfItsArms) {
  Node node;
  node.id = "n1";
  node.plan =
      read_plan(
          json::parse(
              R"({"title": "T", "metric": "accuracy", "arms": [{"id": "a", "config": {}}, {"id": "b", "config": {}}],
    "baseline": "b", "contrast": {"kind": "interaction", "scale": "logit", "observations": 100, "weights": {"a": 1, "b": -1},
    "predicted_sign": 1}, "blocks": 5, "smallest_effect": 0.125, "program": ["x"]})")
              .as_object())
          .value();
  for (int block = 0; block < 3; ++block)
    for (const char* arm : {"a", "b"})
      node.trials.push_back({{"t", arm, static_cast<std::uint64_t>(block), block}, 0.5 + 0.1 * block, 36763});
  node.evidence = compute_evidence(node.plan, node.trials).value();
  StudyView study;
  study.nodes = {node};
  const Facts facts = study_facts(study);
  EXPECT_EQ(facts.at("n1.smallest_effect").text, "0.125");  // and not 0.12
  EXPECT_EQ(facts.at("n1.a.parameters").text, "36763");
  EXPECT_EQ(facts.at("n1.a.parameters").arms, std::vector<std::string>{"n1.a"});
  EXPECT_EQ(facts.at("n1.contrast.as_predicted").value, 0) << "the arms score alike";
  EXPECT_EQ(facts.at("n1.contrast.median").text, "0.00");
  EXPECT_EQ(facts.count("n1.training.mean"), 0u);
  EXPECT_EQ(facts.at("study.diverged").value, 0);
  for (std::size_t i = 0; i < node.trials.size(); ++i)
    node.trials[i].training_loss = 0.5 + (i % 2 == 0 ? 0.001 * static_cast<double>(i) : 0.01);
  node.trials[0].diverged = true;
  node.evidence = compute_evidence(node.plan, node.trials).value();
  study.nodes = {node};
  study.template_document = json::object{{"metrics", json::object{{"train_loss", json::object{{"unit", "bits"}}}}}};
  const Facts with_losses = study_facts(study);  // differences -0.010, -0.008, -0.006
  EXPECT_EQ(with_losses.at("n1.training.mean").text, "-0.0080 bits");
  EXPECT_EQ(with_losses.at("n1.training.upper").text, "-0.0030 bits");
  EXPECT_EQ(with_losses.at("n1.training.mean").arms, (std::vector<std::string>{"n1.a", "n1.b"}));
  EXPECT_EQ(with_losses.at("study.diverged").value, 1);

  for (std::size_t i = 0; i < node.trials.size(); ++i) node.trials[i].training_accuracy = i % 2 == 0 ? 1.0 : 0.975;
  Claim claim;
  claim.id = "c1";
  claim.plan = node.plan;
  claim.evidence = compute_evidence(node.plan, node.trials).value();
  study.claims = {claim};
  const Facts with_fit = study_facts(study);
  EXPECT_EQ(with_fit.at("study.least_training_accuracy").text, "97.5%");
  EXPECT_EQ(with_fit.at("study.most_training_accuracy").text, "100.0%");
  study.claims[0].evidence->arms[1].training_accuracy.reset();
  EXPECT_EQ(study_facts(study).count("study.least_training_accuracy"), 0u);
  EXPECT_EQ(with_fit.at("study.least_parameters").text, "36763");
  study.claims[0].evidence->arms[1].parameters = 40000;
  EXPECT_EQ(study_facts(study).at("study.most_parameters").text, "40000");
  EXPECT_EQ(study_facts(study).at("study.least_claimed_parameters").text, "36763");
  EXPECT_EQ(study_facts(study).at("study.most_claimed_parameters").text, "40000");
  study.nodes[0].evidence->arms[0].parameters.reset();
  EXPECT_EQ(study_facts(study).count("study.most_parameters"), 0u);
}

TEST(StudyDocument, FactsOfAValueAreItsPartsAndTheirWeightsWhereTheyAreOneSet) {
  StudyView study;
  for (const char* id : {"n1", "n2"}) {
    Node node;
    node.id = id;
    node.score = NodeScore{0.5, {}, {}, {}, {}, {{"novelty", 0.375}, {"significance", 0.625}}};
    node.score_parts = json::object{{"novelty", 0.25}};
    study.nodes.push_back(std::move(node));
  }
  Facts facts = study_facts(study);
  EXPECT_EQ(facts.at("n2.score").text, "0.50");
  EXPECT_EQ(facts.at("n2.score.novelty").text, "0.25");
  EXPECT_EQ(facts.at("study.weight.novelty").text, "0.375");
  study.nodes[1].score->weights.erase("novelty");  // a judgement that the model failed to give
  EXPECT_EQ(study_facts(study).count("study.weight.novelty"), 0u);
}

}  // namespace
}  // namespace aisci
