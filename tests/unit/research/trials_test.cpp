#include "research/trials.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/files.hpp"
#include "research/scoring.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

Plan plan() {
  return read_plan(
             parse_json_object(
                 R"({"metric": "accuracy", "arms": [{"id": "a", "config": {"x": 1, "y": "z"}}, {"id": "b", "config": {"x": 2, "y": "z"}}], "baseline": "b",
    "contrast": {"weights": {"a": 1, "b": -1}, "predicted_sign": 1}, "smallest_effect": 0.02, "program": ["x"]})",
                 "plan")
                 .value())
      .value();
}

const Trial kTrial{"t001", "a", 7, 0};

Scoring scoring(const std::string& rule) { return {true, rule, 0.1}; }

json::object good() {
  return parse_json_object(
             R"({"trial": "t001", "arm": "a", "seed": 7, "config": {"x": 1, "y": "z"}, "metrics": {"loss": 0.5}, "predictions": {"split": "validation", "labels": [1, 2, 3, 3]}})",
             "trial")
      .value();
}

Status read_back(const json::object& document) {
  testing::Folder folder;
  EXPECT_TRUE(write_file(folder.path() / "metrics.json", json::serialize(document)).ok());
  return read_trial(folder.path() / "metrics.json", kTrial, plan(), "validation").status();
}

TEST(Trials, WholeBlocksComeOneAfterTheOther) {
  const auto trials = make_trials(plan(), {11, 12});
  ASSERT_EQ(trials.size(), 4u);
  EXPECT_EQ(trials[0].arm + trials[1].arm + trials[2].arm, "aba");
  EXPECT_EQ(trials[1].seed, trials[0].seed);
  EXPECT_EQ(trials[3].id, "t004");
}

TEST(Trials, SeedsAreDistinctAndFixedByPurpose) {
  const auto seeds = block_seeds(7, "n1", 100);
  EXPECT_EQ(std::set<std::uint64_t>(seeds.begin(), seeds.end()).size(), 100u);
  EXPECT_EQ(seeds, block_seeds(7, "n1", 100));
  EXPECT_NE(seeds, block_seeds(7, "n2", 100));
}

TEST(Trials, OnlyTheRightResultIsTaken) {
  EXPECT_TRUE(read_back(good()).ok());
  const auto with = [](const char* member_name, json::value value) {
    auto document = good();
    document[member_name] = std::move(value);
    return read_back(document);
  };
  EXPECT_NE(with("seed", 8).message().find("seed"), std::string::npos);
  EXPECT_NE(with("arm", "b").message().find("arm b"), std::string::npos);
  EXPECT_NE(with("trial", "t002").message().find("t002"), std::string::npos);
  EXPECT_NE(with("config", json::object{{"x", 2}, {"y", "z"}}).message().find("configuration"), std::string::npos);
  EXPECT_NE(with("metrics", json::object{{"loss", "low"}}).message().find("loss"), std::string::npos);
  EXPECT_NE(
      with("predictions", json::object{{"split", "confirmation"}, {"labels", json::array{}}}).message().find("split"),
      std::string::npos);
}

TEST(Trials, HostScoresPredictionsAndRefusesAFalseClaim) {
  auto document = good();
  document["metrics"].as_object()["accuracy"] = 1.0;
  EXPECT_TRUE(is_tampered(score_trial(document, plan(), scoring("accuracy"), {1, 2, 3, 4}).status()));
  document["metrics"].as_object().erase("accuracy");
  EXPECT_DOUBLE_EQ(score_trial(document, plan(), scoring("accuracy"), {1, 2, 3, 4}).value(), 0.75);
  EXPECT_FALSE(score_trial(document, plan(), scoring("accuracy"), {1, 2, 3}).ok());
  document["diverged"] = true;
  EXPECT_DOUBLE_EQ(score_trial(document, plan(), scoring("accuracy"), {1, 2, 3, 4}).value(), 0.1);
}

TEST(Trials, ADivergedTrialIsNotScoredWhereNobodyKnowsWhatGuessingScores) {
  auto document = good();
  document["diverged"] = true;
  // As zero it would be the best of all losses.
  const auto score = score_trial(document, plan(), {false, "accuracy", std::nullopt}, {});
  EXPECT_FALSE(score.ok());
  EXPECT_NE(score.status().message().find("diverged"), std::string::npos);
}

TEST(Trials, TheHostScoresValuesAndProbabilities) {
  const auto score = [](const char* rule, const char* predictions, std::vector<double> labels) {
    return score_predictions(rule, parse_json_object(predictions, "predictions").value(), labels, "trial");
  };
  const char* values = R"({"values": [1.0, 2.0, 5.0]})";
  EXPECT_DOUBLE_EQ(score("rmse", values, {1, 2, 2}).value(), std::sqrt(3.0));
  EXPECT_DOUBLE_EQ(score("mae", values, {1, 2, 2}).value(), 1.0);
  EXPECT_DOUBLE_EQ(score("r2", values, {1, 2, 6}).value(), 1.0 - 1.0 / 14.0);
  EXPECT_FALSE(score("r2", values, {2, 2, 2}).ok());
  const char* rows = R"({"probabilities": [[0.5, 0.5], [0.25, 0.75]]})";
  EXPECT_DOUBLE_EQ(score("log_loss", rows, {0, 1}).value(), -0.5 * (std::log(0.5) + std::log(0.75)));
  EXPECT_DOUBLE_EQ(score("perplexity", rows, {0, 0}).value(), std::sqrt(8.0));
  EXPECT_FALSE(score("log_loss", R"({"probabilities": [[0.9, 0.5], [0.5, 0.5]]})", {0, 0}).ok());
  EXPECT_FALSE(score("log_loss", rows, {0, 2}).ok());
  EXPECT_DOUBLE_EQ(score("accuracy", rows, {0, 1}).value(), 1.0) << "the likeliest class, the first of equal ones";
  EXPECT_DOUBLE_EQ(score("error", rows, {1, 1}).value(), 0.5);
  EXPECT_FALSE(score("accuracy", R"({"probabilities": [[], [0.5, 0.5]]})", {0, 1}).ok());
  EXPECT_FALSE(score("rmse", R"({"labels": [1, 2, 5]})", {1, 2, 2}).ok());  // classes are no values
  const auto unknown = score("f7", rows, {0, 1}).status();
  EXPECT_EQ(unknown.code(), StatusCode::kUnimplemented);
  EXPECT_NE(unknown.message().find("log_loss, mae"), std::string::npos);
}

TEST(Trials, WhatAProgramRanWithIsNamesAndVersionsAlone) {
  const auto told = [](const char* environment) {
    return environment_of(json::object{{"environment", json::parse(environment)}});
  };
  EXPECT_EQ(told(R"({"torch": "1.13.1", "machine": "x86_64", "threads": 1, "python": "3.11.2", "device": "cpu"})"),
            "python 3.11.2, torch 1.13.1; device cpu, machine x86_64");
  EXPECT_EQ(told(R"({"torch": "1.0 } \\input{x}", "a b": "1", "note": "a sentence of its own"})"), "");
  EXPECT_EQ(environment_of(json::object{}), "");
}

TEST(Trials, IdenticalOutputUnderTwoSeedsIsSuspicious) {
  const std::vector<Trial> two{{"t001", "a", 1, 0}, {"t003", "a", 2, 1}};
  EXPECT_EQ(suspicious(two, {good(), good()}).size(), 1u);
  auto other = good();
  other["predictions"].as_object()["labels"] = json::array{1, 2, 3, 4};
  EXPECT_TRUE(suspicious(two, {good(), other}).empty());
}

// A table of few different rows, or one whose rows are all easy, gets the same classes under many seeds.
TEST(Trials, SeedsMayAgreeOnAFewClassesButNotOnManyNumbers) {
  const std::vector<Trial> blocks{{"t001", "a", 1, 0}, {"t002", "b", 1, 0}, {"t003", "a", 2, 1},
                                  {"t004", "b", 2, 1}, {"t005", "a", 3, 2}, {"t006", "b", 3, 2}};
  auto other = good();
  other["predictions"].as_object()["labels"] = json::array{1, 2, 3, 4};
  EXPECT_TRUE(suspicious(blocks, {good(), good(), good(), good(), good(), other}).empty());
  EXPECT_EQ(suspicious(blocks, {good(), other, good(), other, good(), other}).size(), 4u) << "no seed matters";
  const auto with_rows = [&](json::object trial, int first) {
    json::array points;
    for (int i = 0; i < 8; ++i) points.push_back(json::array{i + 1, first + i});
    trial["curves"] = json::object{{"training_row", std::move(points)}};
    return trial;
  };
  std::vector<json::object> rows;
  for (int i = 0; i < 6; ++i) rows.push_back(with_rows(good(), i));
  EXPECT_TRUE(suspicious(blocks, rows).empty()) << "each seed chose its rows";
  rows[4] = rows[0];
  ASSERT_EQ(suspicious(blocks, rows).size(), 1u) << "copied, though the other seeds matter";
  EXPECT_NE(suspicious(blocks, rows)[0].find("t001 and t005 (arm a)"), std::string::npos);
  auto values = good();
  values["predictions"].as_object()["labels"] = json::array{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
  EXPECT_EQ(suspicious(blocks, {values, good(), values, other, good(), good()}).size(), 1u);
}

// Of metrics alone, which may be counts or shares, two seeds may have the same; not all seeds of an arm.
TEST(Trials, MetricsAloneMayAgreeInSomeSeedsOfAnArm) {
  const std::vector<Trial> blocks{{"t001", "a", 1, 0}, {"t002", "b", 1, 0}, {"t003", "a", 2, 1},
                                  {"t004", "b", 2, 1}, {"t005", "a", 3, 2}, {"t006", "b", 3, 2}};
  const auto bare = [&](double loss) {
    auto trial = good();
    trial.erase("predictions"), trial.erase("curves");
    trial["metrics"] = json::object{{"loss", loss}};
    return trial;
  };
  EXPECT_TRUE(suspicious(blocks, {bare(1), bare(3), bare(1), bare(4), bare(2), bare(5)}).empty());
  EXPECT_EQ(suspicious(blocks, {bare(1), bare(3), bare(1), bare(4), bare(1), bare(5)}).size(), 2u)
      << "that seeds matter in the other arm is no excuse";
}

}  // namespace
}  // namespace aisci
