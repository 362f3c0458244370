// What a paper tells beside its claims' estimates: what limits come to where the arms score, how blocks were counted,
// how large the models are, where directions come from, and what was never run.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "llm/offline/writing_abstract.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::claim;
using fixture::node;
using fixture::paper_of;
using fixture::says;

json::object& hypothesis_of(json::object& entry) { return entry["hypothesis"].as_object(); }

void set_fact(json::object& study, const std::string& name, double value, const char* kind, const std::string& text) {
  study["facts"].as_object()[name] = json::object{{"value", value}, {"kind", kind}, {"text", text}};
}

void set_text(json::object& study, const std::string& name, const std::string& text) {
  study["facts"].as_object()[name] = json::object{{"kind", "text"}, {"text", text}};
}

// What is seen of a paper in which two claims are made to be on one thing, so that runs of words may repeat.
std::string printed(const json::object& study) {
  const json::object read = analysed(study);
  return fixture::printed_paper(offline::writing_paper(read), read);
}

TEST(Interactions, AreNamedByTheirPairAndTheFactorThatTheyGoBy) {
  json::object study = fixture::study("inconclusive");
  auto& facts = study["facts"].as_object();
  for (const char* name : {"median", "as_predicted"}) {
    const json::value mean = facts.at("c2.contrast.mean");  // a copy, bound to the claim's arms
    facts["c2.contrast." + std::string{name}] = mean;
  }
  const std::string text = printed(study);
  EXPECT_TRUE(says(text, "the interaction (no label smoothing against label smoothing 0.1, by the depth) ")) << text;
}

// c1 is refuted with -3.9 to +0.6 percentage points, c3 open with -1.4 to +2.5, and c2 an interaction.
TEST(Limits, SayWhichVerdictTheLimitOfInteractionsWouldTurn) {
  json::object study = fixture::study("inconclusive");
  set_fact(study, "c2.smallest_effect_points", 0.04, "points", "4.0 percentage points");
  set_fact(study, "c2.arms_mean", 0.8, "fraction", "80.0%");
  const auto held_to = [&](const char* id, double limit, const char* text) {
    set_fact(study, std::string{id} + ".odds_limit_points", limit, "points", text);
    return paper_of(analysed(study));
  };
  EXPECT_FALSE(says(held_to("c1", 0.03, "3.0 percentage points"), "c1 would be")) << "refuted as it is";
  EXPECT_FALSE(says(held_to("c3", 0.02, "2.0 percentage points"), "c3 would be")) << "open as it is";
  const std::string text = held_to("c1", 0.05, "5.0 percentage points");
  EXPECT_TRUE(says(text,
                   "At the mean accuracy of their arms, the limit of the interactions is 5.0 percentage points for c1; "
                   "held to it, c1 would be equivalent."))
      << text;
  EXPECT_TRUE(says(text, " Had the differences been held to the limit of the interactions, c1 would be equivalent."))
      << "in the conclusion";
  EXPECT_TRUE(says(held_to("c1", 0.005, "0.5 percentage points"), ", c1 would be inconclusive."));
  const std::string both = held_to("c3", 0.03, "3.0 percentage points");
  EXPECT_TRUE(says(both, "is 0.5 percentage points for c1 and 3.0 percentage points for c3; ")) << both;
  EXPECT_TRUE(says(both, ", c1 would be inconclusive and c3 would be equivalent."));
  EXPECT_TRUE(says(both, ", a dependence of effects from ")) << "both limits are told from the start";
  EXPECT_TRUE(says(both, " in log odds; both limits were set before the first run of this study."));
  EXPECT_FALSE(says(both, "limit of the differences")) << "0.125 around 80%, half the limit of c2, which stays open";
  set_fact(study, "c2.arms_mean", 0.965, "fraction", "96.5%");  // -0.465 to +0.341, and 2.0 points are 0.585
  const std::string reverse = paper_of(analysed(study));
  EXPECT_TRUE(says(
      reverse, " Held to the 2.0 percentage points of a difference, at the mean of its arms, c2 would be equivalent."))
      << reverse;
  EXPECT_TRUE(says(reverse, " By the limit of the differences, c2 would be equivalent.")) << "in the conclusion";
}

TEST(Limits, OfInteractionsTurnNothingWhereNoClaimIsHeldToThem) {
  json::object study = fixture::study("supported");  // no claim is an interaction
  set_fact(study, "c3.odds_limit_points", 0.05, "points", "5.0 percentage points");
  EXPECT_FALSE(says(paper_of(analysed(study)), "c3 would be")) << "though +1.9 to +4.5 points are less than that";
}

TEST(Protocol, TellsTheSpreadsThatBlocksWereCountedBy) {
  json::object study = fixture::study("supported");
  set_fact(study, "c1.planned_spread", 0.021, "points", "2.1 percentage points");
  set_fact(study, "c2.planned_spread", 0.029, "points", "2.9 percentage points");
  EXPECT_TRUE(says(paper_of(analysed(study)), "the block differences in the claim's node; it gets"))
      << "that of c3 is not on record";
  set_fact(study, "c3.planned_spread", 0.017, "points", "1.7 percentage points");
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text,
                   "in the claim's node (2.1 percentage points for c1, 2.9 percentage points for c2 and 1.7 percentage "
                   "points for c3); it gets"))
      << text;
  study["claims"].as_array().resize(1);
  EXPECT_TRUE(says(paper_of(analysed(study)), "in the claim's node (2.1 percentage points); it gets"));

  json::object open = fixture::study("inconclusive");  // c2 is an interaction
  for (const char* id : {"c1", "c3"})
    set_fact(open, std::string{id} + ".planned_spread", 0.048, "points", "4.8 percentage points");
  set_fact(open, "c2.planned_spread", 0.77, "logit", "0.77");
  EXPECT_TRUE(says(paper_of(analysed(open)), "4.8 percentage points for c1, 0.77 in log odds for c2 and 4.8"));
}

TEST(Appendix, NamesWhatWasProposedAndNeverRun) {
  json::object study = fixture::study("supported");
  const char* untried = "Proposed and not taken up";
  EXPECT_FALSE(says(paper_of(analysed(study)), untried));
  set_text(study, "study.untried1", "A CNN prefers tanh to ELU");
  EXPECT_TRUE(says(paper_of(analysed(study)), "Proposed and not taken up: \u201cA CNN prefers tanh to ELU\u201d."));
  set_text(study, "study.untried2", "Depth helps");
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   "Proposed and not taken up: \u201cA CNN prefers tanh to ELU\u201d; \u201cDepth helps\u201d."));
  const char* more[] = {"ELU beats sigmoid", "ELU is fast", "SiLU beats ELU", "Tanh beats SiLU"};
  for (std::size_t i = 0; i < 4; ++i) set_text(study, "study.untried" + std::to_string(i + 3), more[i]);
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "\u201cDepth helps\u201d; \u201cELU beats sigmoid\u201d; \u201cELU is fast\u201d; "));
  for (const char* statement : more) EXPECT_TRUE(says(text, "\u201c" + std::string{statement} + "\u201d")) << text;
  set_text(study, "study.untried7", "Width helps");
  EXPECT_FALSE(says(paper_of(analysed(study)), untried)) << "seven are too many to print";
}

TEST(Abstract, TellsHowManyParametersTheModelsHave) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), " parameters"));
  set_fact(study, "study.least_parameters", 18154, "count", "18154");
  set_fact(study, "study.most_parameters", 18154, "count", "18154");
  EXPECT_TRUE(says(paper_of(analysed(study)), " trials, each of one network of 18154 parameters"))
      << paper_of(analysed(study));
  set_fact(study, "study.most_parameters", 53595, "count", "53595");
  EXPECT_TRUE(says(paper_of(analysed(study)), " trials, each of one network of 18154 to 53595 parameters"));
  for (const char* arm : {"n1.gelu", "n1.relu"})
    set_fact(study, std::string{arm} + ".parameters", 18154, "count", "18154");
  EXPECT_FALSE(says(paper_of(analysed(study)), "53595 parameters")) << "which only a later node has";
}

TEST(SetUp, TellsHowManyParametersTheClaimsModelsHave) {
  json::object study = fixture::study("supported");
  const auto set = [&](const char* fact, double value) {
    set_fact(study, fact, value, "count", std::to_string(static_cast<int>(value)).c_str());
  };
  set("study.least_parameters", 9610), set("study.most_parameters", 35242);
  EXPECT_TRUE(says(paper_of(analysed(study)), "9610 to 35242 over all arms"));
  set("study.least_claimed_parameters", 18154), set("study.most_claimed_parameters", 18154);
  EXPECT_TRUE(says(paper_of(analysed(study)), "18154 in the claims; 9610 to 35242 over all arms"));
  set("study.least_claimed_parameters", 9610);
  for (const char* arm : {"n1.gelu", "n2.relu"}) set((std::string{arm} + ".parameters").c_str(), 9610);
  set("n1.relu.parameters", 35242);
  EXPECT_TRUE(says(paper_of(analysed(study)), "9610 or 35242 over all arms")) << "there is nothing in between";
  for (const char* arm : {"n1.gelu", "n2.relu", "n1.relu"})
    study["facts"].as_object().erase(arm + std::string{".parameters"});
  set("n1.gelu.parameters", 9610), set("n1.relu.parameters", 35242);
  EXPECT_TRUE(says(paper_of(analysed(study)), "9610 with GELU, 35242 with ReLU")) << "one factor tells them apart";
}

TEST(Abstract, TellsWhatTheSearchFoundWhereThatIsNothing) {
  const char* null = "Outside the claims, no other comparison of the search leaned to an effect worth acting on.";
  json::object whole = fixture::study("supported");
  whole["claims"].as_array().erase(whole["claims"].as_array().begin() + 1);  // for an abstract with room
  json::object study = analysed(whole);
  EXPECT_FALSE(says(paper_of(study), null));
  study["findings"].as_array().push_back(json::object{{"id", "k9"}, {"kind", "null"}, {"text", null}});
  EXPECT_TRUE(says(paper_of(study), null)) << paper_of(study);
}

// Intervals may reach past the limit where the posterior does not lean, and an abstract alone must not hide that.
TEST(Abstract, TellsOfIntervalsThatReachPastTheLimitWhereNothingWasFound) {
  json::object study = fixture::study("supported");
  std::size_t others = 0;
  for (auto& value : study["nodes"].as_array()) {
    auto& node = value.as_object();
    if (!node["evidence"].is_object()) continue;
    ++others;
    node["reading"] = "undecided";
    auto& evidence = node["evidence"].as_object();
    evidence["reading"] = "probably small", evidence["probability_above"] = 0.01, evidence["probability_below"] = 0.01;
    auto& contrast = evidence["contrast"].as_object();
    contrast["mean"] = 0.0, contrast["lower"] = -0.001, contrast["upper"] = 0.001;
  }
  ASSERT_GT(others, 3u);
  const auto null_of = [](const json::object& told) {
    const json::object findings = offline::analysis_findings(told);
    for (const auto* finding : kit::objects_of(findings, "findings"))
      if (kit::text_of(*finding, "kind") == "null") return kit::text_of(*finding, "text");
    return std::string{};
  };
  EXPECT_EQ(null_of(study),
            "Outside the claims, no other comparison of the search leaned to an effect worth acting on.");
  std::set<std::string> claimed;
  for (const auto* one : kit::objects_of(study, "claims")) claimed.insert(kit::text_of(*one, "node"));
  for (auto& value : study["nodes"].as_array())
    if (auto& node = value.as_object(); node["evidence"].is_object() && !claimed.count(kit::text_of(node, "id"))) {
      node["evidence"].as_object()["contrast"].as_object()["upper"] = 0.9;
      break;
    }
  EXPECT_EQ(
      null_of(study),
      "Outside the claims, no other comparison of the search leaned to an effect worth acting on, though the interval "
      "of one of "
      "them reaches past its limit.");
  std::size_t left = 0;  // two others, both of them wide
  for (auto& value : study["nodes"].as_array()) {
    auto& node = value.as_object();
    if (!node["evidence"].is_object() || claimed.count(kit::text_of(node, "id"))) continue;
    if (++left > 2)
      node["evidence"] = nullptr;
    else
      node["evidence"].as_object()["contrast"].as_object()["upper"] = 0.9;
  }
  EXPECT_EQ(null_of(study),
            "Outside the claims, neither of the two other comparisons of the search ({{arm:n2.relu}} against "
            "{{arm:n2.tanh}}; "
            "{{label:activation.gelu}} against {{label:activation.relu}} by the number of training images) leaned to "
            "an effect worth acting on, though each interval reaches past its limit.");
}

TEST(Abstract, ExplainsAUnitThatFewKnow) {
  json::object study = fixture::study("supported");
  fixture::metric(study)["direction"] = "lower";
  EXPECT_TRUE(says(paper_of(analysed(study)), " (small is good)"));
  fixture::metric(study)["unit_in_words"] = "a decade is a factor of ten";
  EXPECT_TRUE(says(paper_of(analysed(study)), " (small is good; a decade is a factor of ten)"));
}

// "Does GELU help with a batch size of 24?" is about that recipe as far as the claims keep to it.
TEST(Title, NamesTheRecipeThatTheQuestionFixes) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), " trained with "));
  study["scope"].as_object()["context"].as_object()["normalisation"] = "layer";
  for (auto& value : study["claims"].as_array())
    for (auto& arm : value.as_object()["plan"].as_object()["arms"].as_array())
      arm.as_object()["config"].as_object()["normalisation"] = "layer";
  EXPECT_TRUE(
      says(paper_of(analysed(study)), " of a ViT trained with layer normalisation, with GELU and with ReLU, at "))
      << paper_of(analysed(study));
  auto& config = claim(study, 1)["plan"].as_object()["arms"].as_array()[0].as_object()["config"].as_object();
  config["normalisation"] = "none";
  EXPECT_FALSE(says(paper_of(analysed(study)), " trained with layer")) << "one claim departs from it";
}

// A node that reads as probably small is held to both signs together.
TEST(Search, ThatIsProbablySmallIsToldWithBothSignsTogether) {
  json::object study = fixture::study("supported");
  for (auto& value : study["nodes"].as_array()) {
    const std::string id = kit::text_of(value.as_object(), "id");
    if (!value.as_object()["evidence"].is_object()) continue;  // it failed
    auto& evidence = value.as_object()["evidence"].as_object();
    evidence["probability_above"] = 0.11, evidence["probability_below"] = 0.13;
    set_fact(study, id + ".significance", 0.13, "probability", "0.13");
    set_fact(study, id + ".either_side", 0.24, "probability", "0.24");
  }
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "about 0.24 of an effect worth acting on, both directions together")) << text;
  EXPECT_FALSE(says(text, "about 0.13"));
}

// The main claim, c3, has GELU against ReLU from one record; c2 takes over n2's pair with n2's record.
TEST(Literature, NamesTheRecordOfAnotherClaimsDirection) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "The direction of c"));
  const auto take_pair = [&](std::size_t index) {
    for (const char* part : {"treatment", "baseline", "citations"})
      hypothesis_of(claim(study, index))[part] = hypothesis_of(node(study, 1))[part];
  };
  take_pair(1);
  EXPECT_TRUE(says(printed(study), " The direction of c2 comes from [glorot2011relu], whose set-up was another."))
      << printed(study);
  take_pair(0);
  EXPECT_TRUE(says(printed(study),
                   " The direction of c1 comes from [glorot2011relu], whose set-up was another. That of c2 is "
                   "from [glorot2011relu], whose set-up was another."))
      << printed(study);
  for (std::size_t index : {0, 1})  // that record is on GELU and ReLU
    hypothesis_of(claim(study, index))["citations"] = hypothesis_of(claim(study, 2))["citations"];
  EXPECT_FALSE(says(printed(study), "The direction of c"));
}

TEST(Search, OfAClaimThatTheQuestionPutsIsToldWhatMayHaveTurnedIt) {
  json::object study = fixture::study("supported");
  json::object& main = claim(study, 2);
  auto& contrast = main["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = -0.01, contrast["lower"] = -0.03, contrast["upper"] = 0.012;
  main["verdict"] = "refuted";
  const char* chosen = "The claim was not chosen for its estimate; ";
  EXPECT_TRUE(says(printed(study), " gave the other sign"));
  EXPECT_FALSE(says(printed(study), chosen)) << "it may have been";
  hypothesis_of(main)["primary"] = true;
  EXPECT_TRUE(
      says(printed(study),
           "The claim was not chosen for its estimate; chance and the change of examples may have a part in it, "
           "and the study cannot tell which."))
      << printed(study);
  node(study, 0)["experiments"] = 2;
  EXPECT_TRUE(
      says(printed(study), "; chance, blocks that were added after a look and the change of examples may have"));
  node(study, 0)["evidence"].as_object()["contrast"].as_object()["lower"] = -0.001;
  EXPECT_FALSE(says(printed(study), chosen)) << "the search had not told the two apart";
}

TEST(Grounds, OfTheQuestionsPairUnderAnotherConditionAreTheQuestion) {
  json::object study = fixture::study("supported");
  for (const char* list : {"nodes", "claims"})
    for (auto& value : study[list].as_array()) hypothesis_of(value.as_object())["citations"] = json::array{};
  node(study, 3)["parent"] = "";  // n4, on the pair of n1, at another learning rate
  EXPECT_FALSE(says(printed(study), "what the question puts forward"));
  hypothesis_of(node(study, 0))["primary"] = true;
  EXPECT_TRUE(says(printed(study), "n1 (c3), n4 (c1), n6 and n8 (c2), what the question puts forward"))
      << printed(study);
  auto& turned = hypothesis_of(node(study, 3));
  std::swap(turned["treatment"], turned["baseline"]);
  EXPECT_TRUE(says(printed(study), "n1 (c3), n6 and n8 (c2), what the question puts forward"))
      << "the other way round it is another prediction";
}

// A dependence that is refuted may still grow a little where its interval reaches above zero.
TEST(Abstract, SaysOfARefutedDependenceWhatGrowthIsExcluded) {
  json::object study = fixture::study("inconclusive");
  json::object& other = claim(study, 1);  // predicted below zero
  auto& contrast = other["evidence"].as_object()["contrast"].as_object();
  const auto told = [&](const char* verdict, double lower, double upper, offline::Length length) {
    other["verdict"] = verdict, contrast["lower"] = lower, contrast["upper"] = upper;
    const offline::Study read{study};
    return offline::claim_in_abstract(read, read.claims()[1], 1, &read.claims()[0], length);
  };
  constexpr auto kBrief = offline::Length::kBrief, kFull = offline::Length::kFull;
  const char* growth = "growth by that limit is excluded, hence ";
  EXPECT_TRUE(says(told("refuted", -0.2, 0.34, kBrief), "growth by that limit is excluded, hence {{verdict:c2}}"))
      << told("refuted", -0.2, 0.34, kBrief);
  EXPECT_TRUE(says(told("refuted", -0.2, 0.34, kFull), " grows by an amount worth acting on from "));
  EXPECT_FALSE(says(told("refuted", 0.1, 0.34, kBrief), growth)) << "it shrinks";
  EXPECT_FALSE(says(told("equivalent", -0.2, 0.2, kBrief), growth));
  EXPECT_FALSE(says(told("inconclusive", -0.4, 0.34, kBrief), growth));
  EXPECT_FALSE(says(told("inconclusive", -0.4, 0.34, kFull), "worth acting on from "));
}

}  // namespace
}  // namespace aisci
