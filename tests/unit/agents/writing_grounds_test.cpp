// What a paper's predictions, numbers of blocks and recipe rest on, and what its tally of verdicts comes to.
#include <gtest/gtest.h>

#include <string>

#include "llm/offline/hypotheses_literature.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::claim;
using fixture::node;
using fixture::paper_of;
using fixture::says;

json::object& hypothesis_of(json::object& entry) { return entry["hypothesis"].as_object(); }

void set_fact(json::object& study, const std::string& name, double value, const char* kind) {
  study["facts"].as_object()[name] = json::object{{"value", value}, {"kind", kind}, {"text", std::to_string(value)}};
}

TEST(Grounds, OfEachNodesDirectionAreNamed) {
  json::object study = fixture::study("supported");  // c3 is made of n1
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(
      says(text, "rest on: n1 (c3), n4 (c1), n6 and n8 (c2), the order reported by [hendrycks2016gelu]; n2, the order"))
      << text;
  for (const char* list : {"nodes", "claims"})
    for (auto& value : study[list].as_array()) hypothesis_of(value.as_object())["citations"] = json::array{};
  EXPECT_TRUE(says(paper_of(analysed(study)), ", a conjecture, no reason for its direction on record"));
  study["scope"].as_object()["asks"] = json::object{{"treatment", "gelu"}, {"baseline", "relu"}};
  EXPECT_TRUE(says(paper_of(analysed(study)), ", what the question puts forward"));
}

TEST(Grounds, OfARefinementAreTheSideToWhichItsParentLeant) {
  json::object study = fixture::study("supported");
  for (auto& value : study["nodes"].as_array()) {
    auto& one = value.as_object();
    hypothesis_of(one)["citations"] = json::array{};
    if (kit::text_of(one, "id") != kit::text_of(claim(study, 2), "node")) continue;
    one["parent"] = "n9";  // a node that asks the same in another setting
  }
  json::object parent = node(study, 0);
  parent["id"] = "n9";
  parent["evidence"].as_object()["probability_above"] = 0.9;
  study["nodes"].as_array().push_back(parent);
  study["facts"].as_object()["n9.name"] = json::object{{"kind", "text"}, {"text", "n9"}};
  const json::object paper = offline::writing_paper(analysed(study));
  EXPECT_TRUE(says(fixture::printed_paper(paper, study), ", the side to which n9 leans"));
}

// A node on other arms takes over what is ahead; which way an interaction goes, a plain difference does not say.
TEST(Grounds, OfARefinementOnOtherArmsAreWhatIsAheadInItsParent) {
  json::object study = fixture::study("supported");
  for (auto& value : study["nodes"].as_array()) hypothesis_of(value.as_object())["citations"] = json::array{};
  json::object parent = node(study, 0);
  parent["id"] = "n9";
  parent["evidence"].as_object()["probability_above"] = 0.9;
  hypothesis_of(parent)["baseline"] = "tanh";  // GELU leads there, and in c3 it is to lead ReLU
  study["nodes"].as_array().push_back(parent);
  study["facts"].as_object()["n9.name"] = json::object{{"kind", "text"}, {"text", "n9"}};
  json::object* claimed = nullptr;
  for (auto& value : study["nodes"].as_array())
    if (kit::text_of(value.as_object(), "id") == kit::text_of(claim(study, 2), "node")) claimed = &value.as_object();
  ASSERT_NE(claimed, nullptr);
  (*claimed)["parent"] = "n9", hypothesis_of(*claimed)["relation"] = "dose";
  const auto told = [&] { return fixture::printed_paper(offline::writing_paper(analysed(study)), study); };
  EXPECT_TRUE(says(told(), "n1 (c3), the arm ahead in n9")) << told();
  hypothesis_of(study["nodes"].as_array().back().as_object())["kind"] = "interaction";
  hypothesis_of(study["nodes"].as_array().back().as_object())["moderator"] =
      json::object{{"factor", "train_size"}, {"levels", json::array{100, 400}}};
  EXPECT_FALSE(says(told(), "ahead in n9"));
}

// "Weight decay improves generalisation ... the noise on the targets" is no word for noise on images.
TEST(Grounds, AreNotPraiseOfAnotherThing) {
  const json::object manifest =
      json::parse(shipped::text("plugins/agents/design/templates/image_classification/template.json")).as_object();
  const auto supports = [&](const char* statement) {
    const json::object record{{"key", "r"}, {"statements", json::array{statement}}};
    return !offline::Literature{manifest, "augmentation", {&record}}.order("noise", "none").support.empty();
  };
  EXPECT_FALSE(
      supports("Weight decay improves generalisation because it suppresses some of the noise on the targets."));
  EXPECT_TRUE(supports("Gaussian noise improves generalisation as weight decay does."));
}

TEST(Recipe, NamesTheSideWithWhichTheSharedRateWasPicked) {
  json::object study = fixture::study("supported");
  auto& rate = fixture::factor(study, "learning_rate");
  for (auto& value : study["nodes"].as_array())  // no experiment varied it
    for (auto& arm : value.as_object()["plan"].as_object()["arms"].as_array())
      arm.as_object()["config"].as_object()["learning_rate"] = rate.at("default");
  for (auto& value : study["nodes"].as_array())
    hypothesis_of(value.as_object())["context"].as_object().erase("learning_rate");
  EXPECT_TRUE(
      says(paper_of(analysed(study)),
           "it may suit one of them, by accident or by how it was picked, and so make a difference or hide one."));
  rate["picked_with"] = json::array{json::object{{"factor", "activation"}, {"level", "gelu"}}};
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   "in c3 it may suit GELU, with which a pilot picked it on the validation examples, and so make a "
                   "difference or hide one."));
}

TEST(Recipe, SaysWhereTheRateWasPickedWithAnotherModel) {
  json::object study = fixture::study("supported");  // on a ViT
  auto& rate = fixture::factor(study, "learning_rate");
  rate["picked_with"] = json::array{json::object{{"factor", "model"}, {"level", "vit"}}};
  EXPECT_FALSE(says(paper_of(analysed(study)), "was picked with"));
  rate["picked_with"] = json::array{json::object{{"factor", "model"}, {"level", "cnn"}}};
  EXPECT_TRUE(
      says(paper_of(analysed(study)), " The usual peak learning rate was picked with a CNN and not with a ViT."));
  fixture::factor(study, "model")["spelled"] = json::object{{"cnn", "convolutional neural network"}};
  EXPECT_TRUE(says(paper_of(analysed(study)), " was picked with a convolutional neural network and not with a ViT."))
      << "a model that the paper has not met is spelled out";
}

// What did not fit among the work on the subject is no neighbour of it.
TEST(RelatedWork, OnTheSubjectIsNotCalledNeighbouring) {
  json::object study = fixture::study("supported");
  auto& literature = study["literature"].as_array();
  const auto add = [&](const std::string& name, json::array themes) {
    literature.push_back(json::object{{"key", "author2020" + name},
                                      {"title", name},
                                      {"authors", json::array{"Ada Author"}},
                                      {"year", 2020},
                                      {"themes", std::move(themes)},
                                      {"statements", json::array{name + " makes " + name + " what it is."}}});
  };
  for (const char* name : {"Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"})
    add(name, {"activation function", "learning rate"});
  for (const char* name : {"Omega", "Psi"}) add(name, {"learning rate"});
  const std::string text = paper_of(analysed(study));
  const auto neighbours = text.find("Neighbouring subjects have been studied");
  ASSERT_NE(neighbours, std::string::npos);
  EXPECT_NE(text.find("Omega makes", neighbours), std::string::npos);
  EXPECT_EQ(text.find("Zeta makes"), std::string::npos) << "one more than there is room for";
}

TEST(Recipe, SaysOfTheSamePairWhereOneSideAloneIsAnother) {
  json::object study = fixture::study("supported");  // c1 is at another rate
  EXPECT_FALSE(says(paper_of(analysed(study)), "What is set otherwise acts"));
  fixture::factor(study, "learning_rate")["applies_to"] =
      json::object{{"factor", "activation"}, {"levels", json::array{"gelu"}}};
  EXPECT_TRUE(
      says(paper_of(analysed(study)),
           "What is set otherwise acts in c1 on GELU alone, so there the pair is one of other versions of the two"));
}

TEST(Recipe, SaysOfSettingsOfOneSideWhetherTheyWereMovedOneWay) {
  json::object study = fixture::study("supported");
  fixture::factor(study, "learning_rate")["applies_to"] =
      json::object{{"factor", "activation"}, {"levels", json::array{"gelu"}}};
  const auto text = paper_of(analysed(study));
  EXPECT_TRUE(
      says(text, "was changed as a check (peak learning rate downwards only, so that no level above the usual ran)"))
      << text;
  auto& other = node(study, 1)["plan"].as_object()["arms"].as_array()[0].as_object()["config"].as_object();
  other["learning_rate"] = fixture::factor(study, "learning_rate").at("levels").as_array().back();
  EXPECT_FALSE(says(paper_of(analysed(study)), "downwards only"));
}

TEST(OpenClaims, SayWhereTheirBlocksSpreadFartherThanPlanned) {
  json::object study = fixture::study("supported");
  claim(study, 2)["verdict"] = "inconclusive";
  const auto interval = [&](std::size_t index, double half) {
    auto& contrast = claim(study, index)["evidence"].as_object()["contrast"].as_object();
    const double mean = contrast["mean"].to_number<double>();
    contrast["lower"] = mean - half, contrast["upper"] = mean + half;
  };
  for (const std::size_t index : {0, 2}) interval(index, 0.03);
  const std::string planned = kit::text_of(claim(study, 2), "node") + ".contrast.sd";
  set_fact(study, planned, 0.02, "points");
  for (const char* other : {"c1.contrast.sd", "c2.contrast.sd"}) set_fact(study, other, 0.001, "points");
  set_fact(study, "c3.contrast.sd", 0.021, "points");
  EXPECT_FALSE(says(paper_of(analysed(study)), "The blocks of c3 spread by"));
  set_fact(study, "c3.contrast.sd", 0.034, "points");
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   "The blocks of c3 spread by over one and a half times what the search had led one "
                   "to expect, so its power was below the planned one."));
  json::object far = study;
  set_fact(far, "c3.outlying_block", -0.6, "points");
  set_fact(far, "c3.mean_of_others", 0.03, "points");
  const json::value amount{{"kind", "number"}, {"value", 0.024}, {"text", "2.4 percentage points"}};
  for (const char* name : {"c3.sd_of_others", "c3.planned_spread"}) far["facts"].as_object()[name] = amount;
  EXPECT_TRUE(
      says(paper_of(analysed(far)),
           "below the planned one; without the one block that lies far from the others, the standard deviation would "
           "be 2.4 percentage points, against 2.4 percentage points in the plan."))
      << paper_of(analysed(far));
  interval(2, 0.01);
  EXPECT_FALSE(says(paper_of(analysed(study)), "The blocks of c3 spread by")) << "its power did not suffer";
  set_fact(study, "c3.contrast.sd", 0.021, "points");
  set_fact(study, "c1.contrast.sd", 9, "points");
  EXPECT_TRUE(says(paper_of(analysed(study)), "The blocks of c1 spread by over twice what")) << "a decided claim, too";
}

TEST(Trials, ThatDivergedAreCounted) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "diverged, in"));
  set_fact(study, "study.diverged", 0, "count");
  for (auto& value : study["nodes"].as_array())
    value.as_object()["plan"].as_object()["divergence"] = "A trial that diverges counts as an outcome.";
  EXPECT_TRUE(says(paper_of(analysed(study)), "No trial diverged, in the search or in confirmation."));
  study["facts"].as_object()["study.diverged"] = json::object{{"value", 3}, {"kind", "count"}, {"text", "3"}};
  EXPECT_TRUE(says(paper_of(analysed(study)), " 3 trials, counted over search and confirmation, diverged and have"));
}

// Two claims on one pair, worded either way round, can agree where their verdicts differ.
TEST(Conclusion, SaysThatClaimsOfUnlikeVerdictsCameToOneOrder) {
  json::object study = fixture::study("supported");
  study["claims"].as_array().erase(study["claims"].as_array().begin() + 1);  // leaves c1 and c3, one pair
  const auto ahead = [&](json::object& one, double mean, const char* verdict) {
    auto& contrast = one["evidence"].as_object()["contrast"].as_object();
    contrast["mean"] = mean, contrast["lower"] = mean - 0.01, contrast["upper"] = mean + 0.01;
    one["verdict"] = verdict;
    study["facts"].as_object()[kit::text_of(one, "id") + ".contrast.mean"].as_object()["value"] = mean;
  };
  ahead(claim(study, 0), 0.05, "supported");
  ahead(claim(study, 1), -0.05, "refuted");
  const char* alike = " In both of them, ";
  EXPECT_FALSE(says(paper_of(analysed(study)), alike)) << "one has GELU ahead, the other ReLU";
  auto& hypothesis = hypothesis_of(claim(study, 0));
  std::swap(hypothesis["treatment"], hypothesis["baseline"]);
  const std::string text = fixture::printed_paper(offline::writing_paper(analysed(study)), study);
  EXPECT_TRUE(says(text, alike)) << text;
  EXPECT_TRUE(says(text, " that is the reverse of the order that was claimed.")) << "of the main one";
  EXPECT_FALSE(says(text, "Besides, ")) << "what holds in both is not told of one again";
  EXPECT_FALSE(says(text, "Lock the opposite of the claim")) << "it has been locked, and is supported";
}

TEST(Conclusion, SaysThatNoPredictionWasBorneOut) {
  json::object study = fixture::study("supported");
  const char* none =
      "All three locked claims came out as equivalent, and every interval holds zero, so none of the "
      "predicted directions was shown.";
  for (std::size_t i = 0; i < 3; ++i) {
    auto& contrast = claim(study, i)["evidence"].as_object()["contrast"].as_object();
    contrast["mean"] = 0.001, contrast["lower"] = -0.01, contrast["upper"] = 0.012;
    claim(study, i)["verdict"] = "equivalent";
  }
  EXPECT_TRUE(says(fixture::printed_paper(offline::writing_paper(analysed(study)), study), none));
  auto& contrast = claim(study, 1)["evidence"].as_object()["contrast"].as_object();
  contrast["lower"] = 0.0005;  // an order showed, if a small one
  EXPECT_FALSE(says(fixture::printed_paper(offline::writing_paper(analysed(study)), study), none));
}

TEST(Conclusion, TellsWhatTheSearchSawOfTheConditionInTheQuestionWhereNoClaimIsOnIt) {
  json::object study = fixture::study("supported");
  const std::string depends =
      "Whether the gap of GELU to ReLU depends on the number of training images, no claim asks; in the search (n3), ";
  const auto set_interval = [&](double end) {
    auto& contrast = node(study, 2)["evidence"].as_object()["contrast"].as_object();
    contrast["mean"] = 0.0, contrast["lower"] = -end, contrast["upper"] = end;
  };
  set_interval(0.01);
  EXPECT_TRUE(says(paper_of(analysed(study)), (depends + "a dependence worth acting on is improbable.").c_str()));
  set_interval(1.0);
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   (depends + "the interval does not exclude a dependence worth acting on").c_str()));
  study["scope"].as_object()["moderator"] = nullptr;
  EXPECT_FALSE(says(paper_of(analysed(study)), depends.c_str()));
}

TEST(Abstract, NamesTheFewLevelsOfTheQuestionThatWereLeftOut) {
  json::object study = fixture::study("supported");
  const json::array all = study["scope"].as_object()["arms"].as_array();
  study["scope"].as_object()["arms"] = json::array{"gelu", "relu", "elu", "sigmoid"};
  EXPECT_TRUE(
      says(paper_of(analysed(study)), " As read, the question also covers ELU and sigmoid, which were not run."));
  json::object short_one = study;
  short_one["claims"].as_array().erase(short_one["claims"].as_array().begin());
  short_one["scope"].as_object()["arms"] = json::array{"gelu", "relu", "tanh", "sigmoid"};
  EXPECT_TRUE(
      says(paper_of(analysed(short_one)),
           " As read, the question also covers tanh, of which no claim was made, and sigmoid, which was not run."));
  study["scope"].as_object()["arms"] = json::array{"gelu", "relu"};
  EXPECT_FALSE(says(paper_of(analysed(study)), "As read, the question also covers"));
}

TEST(Table, OfClaimsNamesTheLevelOfEachInterval) {
  json::object study = fixture::study("supported");
  auto& facts = study["facts"].as_object();
  const auto level = [&](const char* id, const char* text) {
    facts[std::string{id} + ".confidence"].as_object()["text"] = text;
  };
  level("c1", "98.3%"), level("c2", "97.5%"), level("c3", "95.0%");
  EXPECT_TRUE(
      says(paper_of(analysed(study)), "leave each claim (98.3% for c1, 97.5% for c2 and 95.0% for c3), p-values"));
  level("c2", "98.3%"), level("c3", "98.3%");
  EXPECT_TRUE(says(paper_of(analysed(study)), "leave each claim (98.3%), p-values"));
}

TEST(Appendix, SaysWhatTheProgramsRanWith) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "By their own account"));
  study["facts"].as_object()["study.environment"] =
      json::object{{"kind", "text"}, {"text", "python 3.11.2, torch 1.13.1; device cpu"}};
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   "By their own account the programs of the trials ran with python 3.11.2, "
                   "torch 1.13.1; device cpu."));
}

TEST(Abstract, RecommendsNothingWhereTheLimitIsMuchOfTheErrorsLeft) {
  json::object study = fixture::study("supported");
  auto& contrast = claim(study, 2)["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = 0.001, contrast["lower"] = -0.01, contrast["upper"] = 0.012;
  claim(study, 2)["verdict"] = "equivalent";
  auto& arms = claim(study, 2)["evidence"].as_object()["arms"].as_object();
  for (auto& arm : arms) arm.value().as_object()["mean"] = 0.975;
  const std::string text = fixture::printed_paper(offline::writing_paper(analysed(study)), study);
  EXPECT_TRUE(
      says(text, "is excluded in both directions, a limit that so near the ceiling is much of what is left to gain"));
  EXPECT_FALSE(says(text, "cost or convenience"));
}

}  // namespace
}  // namespace aisci
