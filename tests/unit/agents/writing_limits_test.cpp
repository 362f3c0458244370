// What papers say of the limits of a study, and what its tables and figures say of theirs.
#include <gtest/gtest.h>

#include <cmath>

#include <array>
#include <string>
#include <vector>

#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::claim;
using fixture::paper_of;
using fixture::says;
using kit::text_of;

TEST(Limits, SayWhereOneExampleWeighsMoreThanTheSmallestEffect) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "weighs more than the smallest effect"));
  auto& held = study["facts"].as_object()["template.confirmation"].as_object();
  held["value"] = 40, held["text"] = "40";
  const char* between = ", so a single block shows either no difference or one past that limit";
  EXPECT_TRUE(says(paper_of(analysed(study)), "One of the 40 examples for confirmation weighs more than"));
  EXPECT_TRUE(says(paper_of(analysed(study)), between));
  study["facts"].as_object()["template.smallest_effect_reason"] =
      json::object{{"kind", "text"}, {"text", "so little that a single block cannot show it"}};
  EXPECT_FALSE(says(paper_of(analysed(study)), between)) << "the reason of the limit says it";
}

TEST(Limits, NameWhatTheTemplateOffersAndNobodyRan) {
  json::object study = fixture::study("supported");
  study["scope"].as_object()["arms"] = json::array{"gelu", "relu", "tanh"};  // all of these were run
  study["scope"].as_object()["moderator"] = nullptr;
  EXPECT_TRUE(says(paper_of(analysed(study)), "Of what the template offers as activation function, "));
}

TEST(Limits, NameWhatASecondPilotPreferredAndTheOneSizeOfTheModels) {
  json::object study = fixture::study("refuted");
  const std::string plain = paper_of(analysed(study));
  EXPECT_FALSE(says(plain, "A second pilot"));
  EXPECT_TRUE(says(plain, "Only one architecture was trained, at one size."));
  fixture::factor(study, "learning_rate")["rivals"] = json::array{0.005};
  EXPECT_TRUE(
      says(paper_of(analysed(study)),
           " A second pilot picked 0.005 in its place, so with each arm at its best the difference may be another."));
  study = fixture::study("supported");
  fixture::factor(study, "learning_rate")["rivals"] = json::array{0.005};
  fixture::factor(study, "learning_rate")["picked_with"] =
      json::array{json::object{{"factor", "activation"}, {"level", "gelu"}}};
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   " which may favour arms of that kind. A second pilot picked 0.005 in its place, so the two pilots "
                   "disagree; the pair of c3 was run there in n4."))
      << paper_of(analysed(study));
  json::object alone = study;  // n4 is the one check
  for (auto& value : alone["nodes"].as_array())
    if (text_of(value.as_object(), "id") != "n4")
      for (auto& arm : value.as_object()["plan"].as_object()["arms"].as_array())
        arm.as_object()["config"].as_object().erase("learning_rate");
  EXPECT_TRUE(says(paper_of(analysed(alone)), "disagree; the pair of c3 was run there in that check."))
      << paper_of(analysed(alone));
  const char* even = " A further pilot, with ReLU, put the usual value level with 0.005, so that it may favour arms";
  EXPECT_FALSE(says(paper_of(analysed(study)), even));
  fixture::factor(study, "learning_rate")["rivals_even_with"] =
      json::array{json::object{{"factor", "activation"}, {"level", "relu"}}};
  EXPECT_TRUE(says(paper_of(analysed(study)), even));
}

TEST(Limits, SayWhereAPairLiesOnTheOtherSideAtAnotherRate) {
  json::object study = fixture::study("supported");  // n4 sets the pair of n1 at another rate
  const char* words =
      "the estimate of GELU minus ReLU lies on the other side of zero from that in the usual setting (n1)";
  EXPECT_FALSE(says(paper_of(analysed(study)), words));
  for (std::size_t i = 0; i < study.at("nodes").as_array().size(); ++i) {
    json::object& node = fixture::node(study, i);
    if (text_of(node, "id") != "n4") continue;
    auto& contrast = node["evidence"].as_object()["contrast"].as_object();
    contrast["mean"] = -0.01, contrast["lower"] = -0.03, contrast["upper"] = 0.01;
    study["facts"].as_object()["n4.contrast.mean"].as_object()["value"] = -0.01;
    study["facts"].as_object()["n4.contrast.mean"].as_object()["text"] = "-1.0 percentage points";
  }
  const json::object whole = analysed(study);
  const std::string text = fixture::printed_paper(offline::writing_paper(whole), whole);
  EXPECT_TRUE(says(text, words)) << text;
  EXPECT_TRUE(says(text, "(n1), though its interval in n4 contains zero."));
}

TEST(Limits, SayWhichPairAloneRanAtOtherAmountsOfData) {
  json::object study = fixture::study("supported");  // n2 sets ReLU against tanh at the usual amount
  const char* words = " in the search (there for GELU beside ReLU alone), and the claims speak of";
  EXPECT_TRUE(says(paper_of(analysed(study)), words)) << paper_of(analysed(study));
  fixture::node(study, 1)["hypothesis"].as_object()["context"].as_object()["train_size"] = 100;
  EXPECT_FALSE(says(paper_of(analysed(study)), words));
}

TEST(Tables, SayWhereAnIntervalGoesPastWhatAScoreCanBe) {
  json::object study = fixture::study("supported");
  auto& arms = claim(study, 0)["evidence"].as_object()["arms"].as_object();
  arms.begin()->value().as_object()["upper"] = 0.99;
  for (const char* list : {"nodes", "claims"})
    for (auto& value : study[list].as_array())
      if (auto* evidence = value.as_object().if_contains("evidence"))
        for (auto& [key, arm] : evidence->as_object()["arms"].as_object()) arm.as_object()["upper"] = 0.99;
  EXPECT_FALSE(says(paper_of(analysed(study)), "may reach past what a score can be"));
  arms.begin()->value().as_object()["upper"] = 1.01;
  EXPECT_TRUE(says(paper_of(analysed(study)), "An interval may reach past what a score can be."));
}

TEST(Tables, SayWhyAnEndHasMoreDigits) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "An interval's end has more digits"));
  study["facts"].as_object()["n1.contrast.lower"].as_object()["text"] = "+1.97 percentage points";
  EXPECT_TRUE(says(paper_of(analysed(study)), "An interval's end has more digits"));
}

// What a figure over one factor's levels shows is read from what it draws.
TEST(Figures, OverLevelsSayWhetherTheResponseIsGraded) {
  const auto told = [](const std::vector<std::array<double, 4>>& levels) {
    json::object study = analysed(fixture::study("supported"));
    json::array drawn;
    for (const auto& [level, mean, lower, upper] : levels)
      drawn.push_back(json::object{{"level", level}, {"mean", mean}, {"lower", lower}, {"upper", upper}});
    study["figures"].as_array().push_back(
        json::object{{"id", "f99"},
                     {"kind", "dose"},
                     {"title", "Doses"},
                     {"caption", "Blocks, with intervals."},
                     {"data", json::object{{"reference", 100}, {"levels", std::move(drawn)}}}});
    return fixture::printed_paper(offline::writing_paper(study), study);
  };
  EXPECT_TRUE(says(told({{5, 0.0, -0.1, 0.1}, {20, -0.1, -0.2, 0.1}}), "so no direction is to be read from it."));
  EXPECT_FALSE(says(told({{5, -0.2, -0.3, -0.1}, {20, -0.1, -0.2, 0.1}}), "the means change di"));
  EXPECT_TRUE(says(told({{5, -0.2, -0.3, -0.1}, {20, 0.1, -0.2, 0.3}}), "the means change direction"));
}

TEST(Figures, OverLevelsNameTheVerdictOnAPairThatWasNotConfirmed) {
  json::object study = fixture::study("supported");
  const auto told = [&] {
    json::object whole = analysed(study);
    const json::object drawn{{"level", "gelu"}, {"mean", 0.01}, {"lower", 0.0}, {"upper", 0.02}};
    whole["figures"].as_array().push_back(
        json::object{{"id", "f99"},
                     {"kind", "dose"},
                     {"title", "Levels"},
                     {"caption", "Blocks, with intervals."},
                     {"data", json::object{{"reference", "relu"}, {"levels", json::array{drawn}}}}});
    return fixture::printed_paper(offline::writing_paper(whole), whole);
  };
  EXPECT_FALSE(says(told(), "estimates of the search; the claim")) << "it holds";
  fixture::claim(study, 2)["verdict"] = "equivalent";
  const std::string text = told();
  EXPECT_TRUE(says(text,
                   " For GELU and ReLU these are estimates of the search; the claim on that pair in this setting is "
                   "c3 (equivalent)."))
      << text;
  fixture::claim(study, 0)["verdict"] = "inconclusive";  // in another setting
  EXPECT_TRUE(says(told(), "the claim on that pair in this setting is c3 (equivalent)."));
}

TEST(Limits, NameLevelsOfTheQuestionThatWereNotRun) {
  json::object study = fixture::study("supported");
  std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(
      text, "Of the levels that the question was read to be about, SiLU, leaky ReLU, ELU and sigmoid were not run."))
      << text;
  study["scope"].as_object()["arms"] = json::array{"gelu", "relu", "tanh"};
  study["scope"].as_object()["moderator"] = nullptr;
  text = paper_of(analysed(study));
  EXPECT_FALSE(says(text, "Of the levels that the question came to"));
}

TEST(Limits, TellThatTrainingSubsetsComeFromOnePool) {
  json::object study = fixture::study("supported");
  EXPECT_TRUE(says(paper_of(analysed(study)), "so those of different blocks overlap"));
  fixture::metric(study)["measured_on"] = "training";
  EXPECT_FALSE(says(paper_of(analysed(study)), "so those of different blocks overlap"));
}

TEST(Limits, TellThatTheModelsOfAClaimDifferInSize) {
  json::object study = fixture::study("supported");
  const std::string id = text_of(claim(study, 2), "id");
  ASSERT_EQ(text_of(claim(study, 2), "node"), "n1");
  EXPECT_FALSE(says(paper_of(analysed(study)), "not of one size"));
  const auto give = [&](const std::string& arm, int count) {
    study["facts"].as_object()[id + "." + arm + ".parameters"] = json::object{{"value", count},
                                                                              {"kind", "count"},
                                                                              {"text", std::to_string(count)},
                                                                              {"arm", id + "." + arm},
                                                                              {"arms", json::array{id + "." + arm}}};
  };
  give("gelu", 36763);
  give("relu", 53595);
  EXPECT_TRUE(
      says(paper_of(analysed(study)),
           "are not of one size: GELU has 36763 trainable parameters and ReLU has 53595, so the comparison is of "
           "activation function and size at once."));
  give("relu", 36900);
  EXPECT_FALSE(says(paper_of(analysed(study)), "not of one size"));
}

TEST(Setting, InTheWordsOfTheQuestionFollowsTheRightPreposition) {
  json::object study = fixture::study("supported");
  study["scope"].as_object()["moderator"] = nullptr;  // else a title tells the amount of data that was confirmed
  const std::string data = " on Optical Recognition of Handwritten Digits", after = " (" + data.substr(4) + ")";
  for (const auto& [name, place] : {std::pair{"small datasets", " on small datasets" + after},
                                    std::pair{"training data are few", " where training data are few" + after},
                                    std::pair{"label noise", " under label noise" + data},
                                    std::pair{"small training budgets", " at small training budgets" + data}}) {
    study["scope"].as_object()["setting"] = std::string{"\""} + name + "\" stands for a range";
    EXPECT_TRUE(says(paper_of(analysed(study)), std::string{"ViT with GELU and with ReLU"} + place + ": ")) << name;
  }
  study["scope"].as_object()["setting"] = "\"high learning rate\" stands for a range";
  const std::string text = paper_of(analysed(study));
  EXPECT_FALSE(says(text, "on high learning rate")) << text;
  EXPECT_TRUE(says(text, "here, \u201chigh learning rate\u201d stands for a range"));
}

}  // namespace
}  // namespace aisci
