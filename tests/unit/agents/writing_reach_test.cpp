// How far sentences of a paper reach: that each speaks of those claims, nodes and records alone of which it is true.
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

void set_interval(json::object& entry, double mean, double lower, double upper) {
  auto& contrast = entry["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = mean, contrast["lower"] = lower, contrast["upper"] = upper;
}

void undecided(json::object& entry) {
  auto& evidence = entry["evidence"].as_object();
  evidence["probability_above"] = evidence["probability_below"] = 0.2;
}

TEST(Abstract, GivesASizeToThoseClaimsAloneThatShowIt) {
  json::object study = fixture::study("supported");  // told in the order c3, c1, c2
  for (std::size_t i = 0; i < 3; ++i) set_interval(claim(study, i), 0.04, 0.025, 0.06);
  EXPECT_TRUE(says(paper_of(analysed(study)), "Under these conditions the choice between GELU and ReLU matters"));
  set_interval(claim(study, 1), 0.04, 0.005, 0.06);
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   "In the first two of these comparisons the choice between GELU and ReLU matters, on average over "
                   "blocks, by at least 2.0 percentage points (the limit set beforehand); in the third the direction "
                   "alone is shown."));
  set_interval(claim(study, 0), 0.04, 0.005, 0.06);
  EXPECT_TRUE(says(paper_of(analysed(study)), "In the first of these comparisons the choice between"));
  set_interval(claim(study, 1), 0.04, 0.025, 0.06);
  EXPECT_TRUE(says(paper_of(analysed(study)), "In the first and the third of these comparisons the choice between"));
  set_interval(claim(study, 2), 0.04, 0.005, 0.06);  // the main one itself
  EXPECT_TRUE(says(paper_of(analysed(study)), "In the first two of these comparisons the evidence is that GELU leads"));
}

TEST(Abstract, SaysWhereAPairIsEquivalentThatOtherClaimsHaveToo) {
  json::object study = fixture::study("supported");
  claim(study, 2)["verdict"] = "equivalent";
  set_interval(claim(study, 2), 0.001, -0.01, 0.012);
  const char* where =
      "In a ViT with 200 training images, anyone who can neglect a mean difference of 2.0 percentage points (the limit "
      "set beforehand) may choose between GELU and ReLU by cost or convenience.";
  EXPECT_TRUE(says(paper_of(analysed(study)), where));
  study["claims"].as_array().erase(study["claims"].as_array().begin(), study["claims"].as_array().begin() + 2);
  EXPECT_FALSE(says(paper_of(analysed(study)), where));
  EXPECT_TRUE(says(paper_of(analysed(study)), "Anyone who can neglect a mean difference of 2.0 percentage points"));
}

TEST(Abstract, NamesWhatOfTheMainClaimIsUsualAndOfOthersIsNot) {
  json::object study = fixture::study("supported");  // c1 is at another rate
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   "In a ViT with peak learning rate 0.01 and 200 training images, GELU minus ReLU came to"));
  EXPECT_TRUE(says(paper_of(analysed(study)), "at levels that Holm's procedure sets. ")) << "there are three";
  study["claims"].as_array().erase(study["claims"].as_array().begin());
  EXPECT_TRUE(says(paper_of(analysed(study)), "In a ViT with 200 training images, GELU minus ReLU came to"));
}

// Models compared whose sides have settings of their own share their data, and not a setting; and such an
// abstract, the longest there is, names every claim.
TEST(Abstract, OfModelsWithSettingsOfTheirOwnKeepsAllClaims) {
  json::object study = fixture::study("supported");
  fixture::factor(study, "model").erase("role");
  auto& compared = fixture::factor(study, "activation");
  compared["role"] = "model";
  fixture::factor(study, "learning_rate")["applies_to"] =
      json::object{{"factor", "activation"}, {"levels", json::array{"gelu"}}};
  for (const std::size_t index : {0, 1, 2}) {
    auto& context = claim(study, index)["hypothesis"].as_object()["context"].as_object();
    context["model"] = "vit", context["train_size"] = 200;
    set_interval(claim(study, index), 0.03, 0.01, 0.05);
  }
  set_interval(claim(study, 2), -0.006, -0.015, 0.003);
  claim(study, 2)["verdict"] = "equivalent";
  for (const std::size_t index : {0, 3, 7}) set_interval(node(study, index), 0.1, 0.08, 0.12);  // on other rows
  const std::string abstract = kit::text_of(offline::writing_paper(analysed(study)), "abstract");
  for (const char* verdict : {"{{verdict:c1}}", "{{verdict:c2}}", "{{verdict:c3}}"})
    EXPECT_TRUE(says(abstract, verdict)) << verdict << " in " << abstract;
  EXPECT_TRUE(says(abstract, "With the same data, ")) << abstract;
  EXPECT_TRUE(says(abstract, "has the other sign, so the result belongs to the examples that were scored")) << abstract;
}

TEST(Abstract, SaysOfAnEquivalentPairThatItsIntervalIsClearOfZero) {
  json::object study = fixture::study("supported");  // told in the order c3, c1, c2
  const char* clear = ": different from zero, but by less than {{c2.smallest_effect}}, so by the rule {{verdict:c2}}.";
  claim(study, 1)["verdict"] = "equivalent";
  set_interval(claim(study, 1), 0.008, 0.002, 0.015);
  EXPECT_TRUE(says(kit::text_of(offline::writing_paper(analysed(study)), "abstract"), clear));
  set_interval(claim(study, 1), 0.004, -0.002, 0.015);
  EXPECT_FALSE(says(kit::text_of(offline::writing_paper(analysed(study)), "abstract"), clear));
}

TEST(Discussion, SaysWhereBothArmsScoreDifferentlyOnTheOtherSplit) {
  json::object study = fixture::study("supported");
  json::object& facts = study["facts"].as_object();
  const auto score = [&](const std::string& arm, double value) { facts[arm + ".mean"].as_object()["value"] = value; };
  for (const char* node : {"n1", "n4", "n8"})
    for (const char* arm : {".gelu", ".relu"}) score(node + std::string{arm}, 0.9);
  for (const char* claimed : {"c1", "c2", "c3"})
    for (const char* arm : {".gelu", ".relu"}) score(claimed + std::string{arm}, 0.905);
  const char* apart = "In c3 both arms scored above those of its node; the two splits hold different";
  EXPECT_FALSE(says(paper_of(analysed(study)), apart));
  score("c3.gelu", 0.93);
  EXPECT_FALSE(says(paper_of(analysed(study)), apart)) << "one arm alone is a contrast";
  score("c3.relu", 0.92);
  EXPECT_TRUE(says(paper_of(analysed(study)), apart));
  const char* fewer =
      " Nearer to the ceiling, the same effect in log odds is fewer points; how much of a change that makes was not "
      "computed.";
  EXPECT_TRUE(says(paper_of(analysed(study)), fewer));
  for (const char* arm : {".gelu", ".relu"}) score("n1" + std::string{arm}, 0.3);
  EXPECT_TRUE(says(paper_of(analysed(study)), apart));
  EXPECT_FALSE(says(paper_of(analysed(study)), fewer)) << "below one half they are more";
  for (const char* arm : {".gelu", ".relu"}) score("n1" + std::string{arm}, 0.9);
  for (const char* arm : {".gelu", ".relu"}) score("c2" + std::string{arm}, 0.885);
  EXPECT_TRUE(says(paper_of(analysed(study)), apart)) << "not those that went the other way";
}

TEST(Discussion, CountsTheArmsOfAnInteractionAmongThoseThatScoreDifferently) {
  json::object study = fixture::study("inconclusive");  // c2 is an interaction

  auto& facts = study["facts"].as_object();
  for (auto& [name, fact] : facts)
    if (const std::string fact_of{name}; fact_of.size() > 5 && fact_of.rfind(".mean") == fact_of.size() - 5 &&
                                         fact_of.find(".contrast") == std::string::npos)
      fact.as_object()["value"] = fact_of[0] == 'c' ? 0.95 : 0.9;
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "In c1, c2 and c3 all arms scored above those of their nodes; ")) << text;
}

TEST(Protocol, GivesTheReasonOfTheLimitAsTheTemplateStatesIt) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "The template explains the limit"));
  study["facts"].as_object()["template.smallest_effect_reason"] =
      json::object{{"kind", "text"}, {"value", "nine images"}, {"text", "nine images"}};
  EXPECT_TRUE(
      says(paper_of(analysed(study)), "The template explains the limit of 2.0 percentage points: it is nine images."));
}

TEST(Conclusion, TellsWhatTheSearchSawBetweenOtherLevels) {
  json::object study = fixture::study("supported");  // n2 set ReLU against tanh
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   "In the search, in the usual setting, the order between ReLU and tanh (n2) stayed open in the "
                   "blocks that compare them."));
  const json::value open = node(study, 1)["evidence"];
  auto& evidence = node(study, 1)["evidence"].as_object();
  evidence["probability_above"] = evidence["probability_below"] = 0.01;
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   "In the search, in the usual setting, what lies between ReLU and tanh (n2) is probably too "
                   "small to act on, though its interval reaches past the limit."));
  node(study, 1)["evidence"] = open;
  set_interval(node(study, 1), 0.03, 0.01, 0.05);
  EXPECT_TRUE(says(paper_of(analysed(study)), "In the search, in the usual setting, ReLU stood ahead of tanh by "));
  node(study, 1).erase("evidence");
  EXPECT_FALSE(says(paper_of(analysed(study)), "In the search, in the usual setting"));
}

// A node like n1, with as many images.
void add_node(json::object& study, const std::string& id, int images, const char* relation = "initial") {
  json::object copy = node(study, 0);
  copy["id"] = id;
  auto& hypothesis = copy["hypothesis"].as_object();
  hypothesis["context"].as_object()["train_size"] = images;
  hypothesis["relation"] = relation;
  study["nodes"].as_array().push_back(std::move(copy));
  for (const char* list : {"facts", "arms"}) {
    auto& members = study[list].as_object();
    const json::object copied = members;
    for (const auto& [name, member] : copied)
      if (const std::string of{name}; of.rfind("n1.", 0) == 0)
        members[id + of.substr(2)] = json::parse(kit::replaced(json::serialize(member), "\"n1.", "\"" + id + "."));
  }
  study["facts"].as_object()[id + ".name"] = json::object{{"kind", "text"}, {"value", id}, {"text", id}};
}

TEST(Discussion, NamesWhatElseStandsOnTheMainPair) {
  json::object study = fixture::study("supported");
  const std::string told = "On the pair of the main claim there ";
  EXPECT_FALSE(says(paper_of(analysed(study)), told));
  const std::pair<const char*, int> added[] = {
      {"mechanism", 100}, {"dose", 400}, {"broader", 400}};  // too many to tell
  for (std::size_t i = 0; i < std::size(added); ++i)
    add_node(study, "n" + std::to_string(9 + i), added[i].second, added[i].first);
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, told)) << text;
}

TEST(Interactions, AreToldBesideThePairItselfAtTheirConditions) {
  json::object study = fixture::study("supported");  // n3 set 100 images against 400, and n1 has 200
  add_node(study, "n9", 400);
  const std::string one = paper_of(analysed(study));
  EXPECT_TRUE(says(one, "In blocks apart from those of n3, GELU minus ReLU stood at ")) << one;
  EXPECT_FALSE(says(one, "side by side these"));

  add_node(study, "n10", 100);
  EXPECT_TRUE(
      says(paper_of(analysed(study)), "In blocks apart from those of n3 and from each other's, GELU minus ReLU "));
  const bool grows = kit::number_of(node(study, 2)["evidence"].as_object()["contrast"].as_object(), "mean") > 0;
  const auto side_by_side = [&](double few_gelu, double few_relu, double many_gelu, double many_relu, double half) {
    const double few = few_gelu - few_relu, many = many_gelu - many_relu;
    set_interval(node(study, 9), few, few - half, few + half);
    set_interval(node(study, 8), many, many - half, many + half);
    auto& facts = study["facts"].as_object();
    for (const auto& [name, value] : {std::pair{"n10.gelu.mean", few_gelu},
                                      {"n10.relu.mean", few_relu},
                                      {"n9.gelu.mean", many_gelu},
                                      {"n9.relu.mean", many_relu}})
      facts[name].as_object()["value"] = value;
    const std::string text = paper_of(analysed(study));
    const auto at = text.find("; side by side these ");
    return at == std::string::npos ? std::string{} : text.substr(at, text.find('.', at) - at);
  };
  const char *same = "; side by side these point the same way as n3",
             *other = "; side by side these do not bear n3 out";
  EXPECT_EQ(side_by_side(0.70, 0.60, 0.75, 0.74, 0.01), grows ? same : other);
  EXPECT_EQ(side_by_side(0.75, 0.74, 0.70, 0.60, 0.01), grows ? other : same);
  // Near the ceiling the points step says the opposite of that in log odds, on which n3 is.
  EXPECT_EQ(side_by_side(0.82, 0.79, 0.985, 0.970, 0.001), grows ? other : same);
  EXPECT_EQ(side_by_side(0.82, 0.79, 0.985, 0.970, 0.02), "") << "open";
}

TEST(Conclusion, TellsOfOneDivisionAndOfClaimsWithoutOneSupported) {
  json::object study = fixture::study("supported");
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, " All this holds for one data set under one division of it."));
  EXPECT_FALSE(says(text, "none was supported"));
  claim(study, 0)["verdict"] = "refuted";
  claim(study, 1)["verdict"] = "refuted";
  claim(study, 2)["verdict"] = "equivalent";
  set_interval(claim(study, 2), 0.001, -0.01, 0.012);
  const std::string closed = paper_of(analysed(study));
  EXPECT_TRUE(says(closed, "; none was supported.")) << closed;
  EXPECT_TRUE(says(closed, " by it, on average over blocks (98.3% interval of GELU minus ReLU: ")) << closed;
}

TEST(Next, SaysWhereAnInteractionIsNotBorneOutAtItsConditions) {
  json::object study = fixture::study("supported");  // n3 set 100 images against 400
  auto& evidence = node(study, 2)["evidence"].as_object();
  const bool grows = kit::number_of(evidence["contrast"].as_object(), "mean") > 0;
  evidence["probability_above"] = grows ? 0.9 : 0.05;
  evidence["probability_below"] = grows ? 0.05 : 0.9;
  const char* said = " though single nodes at its two conditions do not bear it out";
  EXPECT_FALSE(says(paper_of(analysed(study)), said));
  add_node(study, "n9", 400);
  add_node(study, "n10", 100);
  const auto set = [&](std::size_t at, const char* id, double gelu, double relu) {
    set_interval(node(study, at), gelu - relu, gelu - relu - 0.01, gelu - relu + 0.01);
    study["facts"].as_object()[std::string{id} + ".gelu.mean"].as_object()["value"] = gelu;
    study["facts"].as_object()[std::string{id} + ".relu.mean"].as_object()["value"] = relu;
  };
  set(8, "n9", grows ? 0.70 : 0.75, grows ? 0.60 : 0.74);
  set(9, "n10", grows ? 0.75 : 0.70, grows ? 0.74 : 0.60);
  EXPECT_TRUE(says(paper_of(analysed(study)), said)) << paper_of(analysed(study));
}

TEST(RelatedWork, TellsTheProgramOfALikeNameApart) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "is not the one that wrote this paper"));
  study["literature"].as_array().push_back(json::object{{"key", "lu2024aiscientist"},
                                                        {"title", "The AI Scientist"},
                                                        {"authors", json::array{"Chris Lu"}},
                                                        {"year", 2024},
                                                        {"themes", json::array{"automated research"}},
                                                        {"statements", json::array{"A framework writes papers."}}});
  EXPECT_TRUE(says(
      paper_of(analysed(study)),
      "The program of [lu2024aiscientist], also called The AI Scientist, carries out research by itself too; it is "
      "not the one that wrote this paper."));
}

TEST(Fit, IsToldOfTheClaimsArmsWhereTheirProgramsReportIt) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "by their programs' own account"));
  auto& facts = study["facts"].as_object();
  const auto fit = [&](const char* least, const char* most) {
    facts["study.least_training_accuracy"] = json::object{{"kind", "fraction"}, {"value", 0.9}, {"text", least}};
    facts["study.most_training_accuracy"] = json::object{{"kind", "fraction"}, {"value", 1.0}, {"text", most}};
    return paper_of(analysed(study));
  };
  EXPECT_TRUE(says(fit("90.0%", "100.0%"),
                   "the arms of the claims had from 90.0% to 100.0% of their training examples right, on"));
  EXPECT_TRUE(says(fit("100.0%", "100.0%"), "each arm of the claims had 100.0% of its training examples right"));
}

TEST(Conclusion, PartsAConditionFromTheArmAfterIt) {
  const std::string text = paper_of(analysed(fixture::study("supported")));
  EXPECT_TRUE(says(
      text,
      "Besides, GELU does better than ReLU (c1, size open), with peak learning rate 0.005 and all else as usual, and "))
      << text;
}

TEST(Search, SaysOnWhichSideAnUndecidedNodeLeavesAnEffectOpen) {
  json::object study = fixture::study("supported");
  undecided(node(study, 1));
  set_interval(node(study, 1), 0.0, -0.03, 0.03);
  std::string text = paper_of(analysed(study));
  EXPECT_FALSE(says(text, "stays possible ")) << text;
  set_interval(node(study, 1), -0.018, -0.055, 0.019);
  text = paper_of(analysed(study));
  EXPECT_TRUE(
      says(text, "what would matter is excluded in the predicted direction and stays possible against the prediction"))
      << text;
  set_interval(node(study, 1), 0.018, -0.019, 0.055);
  text = paper_of(analysed(study));
  EXPECT_TRUE(
      says(text, "what would matter is excluded against the prediction and stays possible in the predicted direction"))
      << text;
}

TEST(Search, CallsTheMainPairElsewhereTheSamePair) {
  json::object study = fixture::study("supported");
  EXPECT_TRUE(says(paper_of(analysed(study)), "Another comparison came from the question: "));
  auto& hypothesis = node(study, 1)["hypothesis"].as_object();
  hypothesis["treatment"] = "gelu", hypothesis["baseline"] = "relu";
  hypothesis["context"].as_object()["train_size"] = 400;
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "The pair of the main claim was compared elsewhere, too: ")) << text;
  EXPECT_FALSE(says(text, "that pair is also the one of")) << "n4 and n8 have claims";
  node(study, 7)["hypothesis"].as_object()["relation"] = "rival";
  for (const std::size_t i : {0u, 1u}) claim(study, i)["node"] = "n9";
  const std::string rivals = paper_of(analysed(study));
  EXPECT_TRUE(says(rivals, " In the search that pair is also the one of n4 and n8, ")) << rivals;
  EXPECT_TRUE(says(rivals,
                   "with estimates on the same side of zero as that of n1 and uncorrected intervals that leave zero "
                   "out, as the one of n1 does."))
      << rivals;
  set_interval(node(study, 3), 0.05, -0.02, 0.12);
  EXPECT_FALSE(says(paper_of(analysed(study)), "intervals that leave zero out")) << "n4's holds zero";
}

TEST(Search, NamesAllNodesThatPutAQuestionWhereTheyAreFew) {
  json::object study = fixture::study("supported");
  for (const std::size_t i : {1u, 3u}) node(study, i)["hypothesis"].as_object()["relation"] = "rival";
  claim(study, 0)["node"] = "n9";  // so that the clearer node on a rival is told of
  for (const std::size_t i : {1u, 3u}) {
    auto& evidence = node(study, i)["evidence"].as_object();
    evidence["probability_above"] = 0.9, evidence["probability_below"] = 0.01;
  }
  node(study, 3)["parent"] = node(study, 1)["parent"] = "n1";
  const std::string text = paper_of(analysed(study));
  EXPECT_FALSE(says(text, "Beyond the question,"));
  EXPECT_TRUE(says(text,
                   "survives a changed recipe speaks against that. Both nodes taken up under a changed recipe "
                   "(\u201crival\u201d in Table 4) "
                   "lean to their prediction (n2 and n4)."))
      << text;

  for (auto& arm : node(study, 3)["plan"].as_object()["arms"].as_array())
    arm.as_object()["config"].as_object()["model"] = "cnn";
  const std::string beyond = paper_of(analysed(study));
  EXPECT_TRUE(says(beyond, "(n2 and n4). Beyond the question, n4 is on a CNN.")) << beyond;
}

TEST(RelatedWork, LeavesOutPartsOfARecipeThatTheTemplateHasNot) {
  json::object study = fixture::study("supported");
  auto& records = study["literature"].as_array();
  for (const auto& [what, theme] : {std::pair{"smooth", "label smoothing"}, std::pair{"mlp", "multilayer perceptron"}})
    records.insert(records.begin(),
                   json::object{{"key", std::string{"other2000"} + what},
                                {"title", "Activation"},
                                {"authors", json::array{"A. Body"}},
                                {"year", 2000},
                                {"themes", json::array{theme, "activation"}},
                                {"statements", json::array{std::string{"Work on "} + what + " was done."}}});
  records.erase(records.begin() + 8, records.end());  // work on another model comes last, where there is room
  const auto told = [&](const char* what) { return says(paper_of(analysed(study)), std::string{"ork on "} + what); };
  EXPECT_TRUE(told("smooth"));
  EXPECT_TRUE(told("mlp")) << "it is a level of the architecture";
  records[0].as_object()["themes"] = json::array{"multilayer perceptron", "small data"};
  EXPECT_FALSE(told("mlp")) << "of the setting, a ViT's, it says nothing";
  records[0].as_object()["themes"] = json::array{"multilayer perceptron", "activation"};
  auto& factors = study["template"].as_object()["factors"].as_object();
  factors.erase("label_smoothing");
  factors["model"].as_object()["levels"] = json::array{"vit", "cnn"};
  EXPECT_FALSE(told("smooth"));
  EXPECT_FALSE(told("mlp"));
}

TEST(Protocol, GivesTheLimitOfInteractionsWhereItIsThatOfDifferences) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "for an interaction alike"));
  json::object stated = study;
  stated["facts"].as_object()["n3.smallest_effect"] =
      json::object{{"kind", "logit"}, {"value", 0.125}, {"text", "0.125"}};
  EXPECT_TRUE(says(paper_of(analysed(stated)),
                   " Its limit, 0.125, corresponds to that of a difference where the score is about four fifths"));
  // A limit of the template's own is not derived so.
  stated["template"].as_object()["metrics"].as_object()["accuracy"].as_object()["smallest_effect_logit"] = 0.3;
  EXPECT_FALSE(says(paper_of(analysed(stated)), "corresponds to that of a difference"));
  for (auto& value : study["nodes"].as_array()) {
    auto& contrast = value.as_object()["plan"].as_object()["contrast"].as_object();
    if (contrast.at("scale") == "logit") contrast["scale"] = "linear";
  }
  EXPECT_TRUE(says(paper_of(analysed(study)), "The limit is one for a difference and for an interaction alike."));
}

TEST(Revision, WarnsOfAWideIntervalOnlyWhereItIsWideForItsEstimate) {
  json::object study = fixture::study("supported");
  const auto warned = [&](double mean) {
    set_interval(claim(study, 2), mean, mean - 0.05, mean + 0.05);
    json::object input = analysed(study);
    input["paper"] = offline::writing_paper(input);
    input["points"] = json::array{
        json::object{{"id", "p1"}, {"text", "The interval is wide."}, {"kind", "evidence"}, {"entry", "c3"}}};
    return says(json::serialize(offline::writing_revise(input).at("paper")), "spans several times the smallest effect");
  };
  EXPECT_TRUE(warned(0.06));
  EXPECT_FALSE(warned(0.5));
}

}  // namespace
}  // namespace aisci
