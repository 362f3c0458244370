// How the claims and the search stand to the answer, said in the discussion.
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

// The contrast of an entry, and its printed value, as if the other side had been ahead.
void turn_round(json::object& study, json::object& entry) {
  auto& evidence = entry["evidence"].as_object();
  auto& contrast = evidence["contrast"].as_object();
  evidence["probability_above"] = 0.01, evidence["probability_below"] = 0.97;
  contrast["mean"] = -0.05, contrast["lower"] = -0.07, contrast["upper"] = -0.03;
  study["facts"].as_object()[text_of(entry, "id") + ".contrast.mean"].as_object()["value"] = -0.05;
}

TEST(Order, ThatHoldsElsewhereIsSaidToHold) {
  const std::string text = paper_of(analysed(fixture::study("supported")));
  EXPECT_TRUE(says(text, "The same pair was also put to confirmation with")) << text;
  EXPECT_TRUE(says(text, "and its order held."));
  EXPECT_FALSE(says(text, "turns round"));
}

TEST(Order, ThatTurnsRoundInAClaimIsSaidToTurn) {
  json::object study = fixture::study("supported");
  json::object& other = claim(study, 1);
  turn_round(study, other);
  other["verdict"] = "refuted";
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "The order turns round with")) << text;
  EXPECT_TRUE(says(text, "so the answer belongs to its conditions."));
  EXPECT_TRUE(says(text, "GELU trails ReLU by")) << text;
}

TEST(Order, IsReadFromAClaimThatNamesThePairTheOtherWayRound) {
  json::object study = fixture::study("supported");
  json::object& other = claim(study, 1);
  auto& hypothesis = other["hypothesis"].as_object();
  std::swap(hypothesis["treatment"], hypothesis["baseline"]);
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "The order turns round with")) << text;  // the other side is supported there
}

TEST(Order, ThatTurnsRoundInTheSearchIsCalledExploratory) {
  json::object study = fixture::study("supported");
  auto& claims = study["claims"].as_array();
  ASSERT_EQ(text_of(claim(study, 1), "node"), "n8");
  claims.erase(claims.begin() + 1);
  for (auto& value : study["nodes"].as_array())
    if (text_of(value.as_object(), "id") == "n8") turn_round(study, value.as_object());
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "The search also saw another order than the blocks of c3 show: ")) << text;
  EXPECT_TRUE(says(text, "no claim was made of it"));
}

TEST(Order, IsToldOfOtherClaimsInDiscussionAndConclusion) {
  json::object study = fixture::study("supported");
  auto& hypothesis = claim(study, 1)["hypothesis"].as_object();
  hypothesis["treatment"] = "relu";
  hypothesis["baseline"] = "tanh";
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "One other claim shows a difference: ")) << text;
  EXPECT_TRUE(says(text, "Besides, ")) << text;
  EXPECT_TRUE(says(text, " (c2, size open)")) << text;
}

TEST(Order, ThatTheSearchSawIsToldWhereNoneWasConfirmed) {
  json::object study = fixture::study("supported");
  auto& claims = study["claims"].as_array();
  claims.erase(claims.begin() + 1);  // of n8
  for (auto& value : claims) value.as_object()["verdict"] = "equivalent";
  EXPECT_TRUE(says(paper_of(analysed(study)), "uncorrected, the search saw the pair apart: GELU minus ReLU was"));
}

TEST(Search, ThatConfirmationDoesNotMeetIsSaid) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "do not meet in"));
  turn_round(study, claim(study, 1));
  claim(study, 1)["verdict"] = "refuted";
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "The intervals of search and confirmation do not meet in c2 (n8 in Table 2)")) << text;
  EXPECT_TRUE(says(text, "Arm by arm, n8 saw GELU at ")) << "what they scored here and there is printed";
  EXPECT_TRUE(says(text, "that for c2 (n8) has the opposite sign to the fresh one")) << text;
  claim(study, 1)["evidence"].as_object()["contrast"].as_object()["sd"] = 5.0;
  const char* near = "that for c2 (n8) has the other sign, and less than two standard errors lie between it and the";
  EXPECT_TRUE(says(paper_of(analysed(study)), near)) << "a sign alone would make much of little";
}

TEST(Search, OfAnEstimateAtAnEndOfTheFreshIntervalTheEndIsNamed) {
  json::object study = fixture::study("supported");
  const auto node_at = [&](const char* end) {
    const double at = kit::number_of(kit::object_at(claim(study, 1), "evidence.contrast"), end);
    for (auto& value : study["nodes"].as_array())
      if (auto& node = value.as_object(); text_of(node, "id") == "n8")
        node["evidence"].as_object()["contrast"].as_object()["mean"] = at;
    auto& facts = study["facts"].as_object();
    const json::object fact = facts.at(std::string{"c2.contrast."} + end).as_object();
    for (const char* member : {"value", "text"}) facts["n8.contrast.mean"].as_object()[member] = fact.at(member);
    return paper_of(analysed(study));
  };
  const std::string lower = node_at("lower"), upper = node_at("upper");
  EXPECT_TRUE(says(lower, " c2 (n8) lies just above the bottom of the fresh interval")) << lower;
  EXPECT_TRUE(says(upper, " c2 (n8) lies just below the top of the fresh interval")) << upper;
}

TEST(Search, OfEachOtherClaimItIsSaidHowTheEstimateStands) {
  json::object study = fixture::study("supported");
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text,
                   "The nodes' estimates for c1 (n4) and c2 (n8) lie outside the fresh intervals, "
                   "though within two standard errors of their differences."))
      << text;
  const char* luck = "chosen favours large estimates, and of those some are large by luck (regression to the mean).";
  study["facts"].as_object()["study.weight.significance"] =
      json::object{{"kind", "number"}, {"value", 0.5}, {"text", "0.5"}};
  EXPECT_TRUE(says(paper_of(analysed(study)), luck)) << paper_of(analysed(study));
  for (auto& value : study["claims"].as_array()) value.as_object()["hypothesis"].as_object()["primary"] = true;
  EXPECT_FALSE(says(paper_of(analysed(study)), luck)) << "what the question asks is claimed whatever its value";
}

TEST(Search, NodesThatPutTheSameQuestionAreNamedBesideTheClearest) {
  json::object study = fixture::study("supported");
  auto& nodes = study["nodes"].as_array();
  std::vector<json::object*> rivals;
  for (auto& value : nodes)
    if (kit::text_of(kit::object_of(value.as_object(), "hypothesis"), "relation") != "initial" &&
        value.as_object().contains("evidence") && text_of(value.as_object(), "id") != "n8")
      rivals.push_back(&value.as_object());
  ASSERT_GE(rivals.size(), 2u);
  for (auto* node : rivals) (*node)["hypothesis"].as_object()["relation"] = "rival";
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(
      text, "All three interactions read as probably small (n3, n5 and n7): no dependence worth acting on was seen"))
      << text;
}

TEST(Search, OfSeveralWithAChangedRecipeTheClearestIsToldAfterTheTally) {
  json::object study = fixture::study("supported");
  json::object& main = claim(study, 2);
  ASSERT_EQ(text_of(main, "node"), "n1");
  main["verdict"] = "equivalent";
  auto& contrast = main["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = -0.001, contrast["lower"] = -0.008, contrast["upper"] = 0.006;
  for (auto& value : study["nodes"].as_array())
    if (auto& node = value.as_object(); text_of(node, "id") != "n1")
      node["hypothesis"].as_object()["relation"] = "rival", node["parent"] = "n1";
  EXPECT_FALSE(says(paper_of(analysed(study)), "relative to the width")) << "the one in the usual setting is told";
  auto& clear = fixture::node(study, 1)["evidence"].as_object()["contrast"].as_object();
  clear["mean"] = 0.03, clear["lower"] = 0.028, clear["upper"] = 0.032;
  const std::string text = paper_of(analysed(study));
  const auto tally = text.find("nodes taken up under a changed recipe"),
             told = text.find("Among these, one estimate is the largest relative to the width of its interval: ");
  ASSERT_NE(tally, std::string::npos) << text;
  ASSERT_NE(told, std::string::npos) << text;
  EXPECT_LT(tally, told);
  EXPECT_EQ(text.find("nodes taken up under a changed recipe", tally + 1), std::string::npos) << "once";
}

TEST(Search, NodesThatWentOnToAClaimAreNamedBesideTheirReadings) {
  json::object study = fixture::study("supported");
  for (auto& value : study["nodes"].as_array())
    if (text_of(value.as_object(), "id") != "n1") value.as_object()["hypothesis"].as_object()["relation"] = "rival";
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "; of the whole search, n")) << text;
  EXPECT_TRUE(says(text, " were put to confirmation, and any other node would need a claim of its own."));
}

TEST(Verdict, OfNoDifferenceThatHangsOnSingleBlocksIsSaidSoInTheAbstract) {
  json::object study = fixture::study("supported");
  json::object& main = claim(study, 2);
  auto& contrast = main["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = -0.01, contrast["lower"] = -0.015, contrast["upper"] = -0.005;
  main["verdict"] = "equivalent";
  for (auto& value : study["nodes"].as_array())
    if (text_of(value.as_object(), "id") == "n1") value.as_object()["evidence"].as_object()["contrast"] = contrast;
  EXPECT_TRUE(says(paper_of(analysed(study)), "may choose between GELU and ReLU by cost or convenience."));
  EXPECT_FALSE(says(paper_of(analysed(study)), "hangs on single blocks"));
  EXPECT_TRUE(says(paper_of(analysed(study)), " their direction. Data, budget"))
      << "and a direction that a record gave is not contradicted";
  json::object alone = study;  // the others compare something else
  for (const int i : {0, 1}) {
    auto& hypothesis = claim(alone, i)["hypothesis"].as_object();
    hypothesis["treatment"] = "relu", hypothesis["baseline"] = "tanh";
  }
  EXPECT_TRUE(says(paper_of(analysed(alone)), " gave the prediction of c3 its direction. Data, budget"))
      << paper_of(analysed(alone));
  EXPECT_FALSE(says(paper_of(analysed(study)), "and here it did not hold"));
  EXPECT_FALSE(says(paper_of(analysed(study)), "the verdict on c3 would be"));
  claim(study, 2)["without_one_block"] = json::object{{"equivalent", 12}, {"inconclusive", 2}};
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, " equivalent (inconclusive if one of two particular blocks is left out).")) << text;
  EXPECT_TRUE(says(text, "Without one of two particular blocks the verdict on c3 would be inconclusive.")) << text;
}

TEST(Tests, OfFlippedSignsAreCalledExactWhereAllFlipsWereCounted) {
  json::object study = fixture::study("supported");
  auto& facts = study["facts"].as_object();
  for (const char* list : {"nodes", "claims"})
    for (const auto& value : study[list].as_array()) {
      const std::string id = text_of(value.as_object(), "id");
      if (!facts.contains(id + ".n")) continue;
      const int blocks = static_cast<int>(kit::number_of(facts.at(id + ".n").as_object(), "value"));
      facts[id + ".contrast.smallest_p"] =
          json::object{{"value", std::ldexp(2.0, -blocks)}, {"kind", "p"}, {"text", "<0.001"}};
    }
  std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "An exact sign-flip test")) << text;
  EXPECT_TRUE(says(text, "p of the exact sign-flip test"));
  facts["c1.contrast.smallest_p"].as_object()["value"] = 1.0 / 100001;  // some were drawn
  text = paper_of(analysed(study));
  EXPECT_FALSE(says(text, "An exact sign-flip") || says(text, "the exact sign-flip"));
  EXPECT_TRUE(says(text, " A sign-flip test"));
  EXPECT_TRUE(says(text, "p of the sign-flip test (over all flips; over a hundred thousand random ones for c1"));
}

TEST(Verdict, ThatHangsOnOneBlockIsSaidToHang) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "hangs on one block"));
  claim(study, 0)["without_one_block"] = json::object{{"supported", 13}, {"inconclusive", 1}};
  claim(study, 1)["without_one_block"] = json::object{{"supported", 11}, {"inconclusive", 3}};
  auto& facts = study["facts"].as_object();
  for (const char* id : {"c1", "c2"}) {
    const std::string name = std::string{id} + ".contrast.";
    const json::value mean = facts.at(name + "mean");  // a copy: what is added moves the others
    for (const char* fact : {"median", "as_predicted"}) facts[name + fact] = mean;
  }
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, " (inconclusive if one particular block is left out)")) << "the abstract";
  EXPECT_TRUE(says(text, "The verdict hangs on one block, without which it would be inconclusive.")) << text;
  EXPECT_TRUE(says(text, "leaving out one of three particular blocks would make it inconclusive."));
  EXPECT_TRUE(says(text, "Block by block, GELU minus ReLU has the predicted sign in "));
  const json::value mean = facts.at("c1.contrast.mean");
  facts["c1.single_block"] = mean;  // which one it is
  EXPECT_TRUE(
      says(paper_of(analysed(study)),
           "; in one block it is +3.1 percentage points, and without that block the verdict would be inconclusive."))
      << paper_of(analysed(study));
  const json::value lower = facts.at("c1.contrast.lower"), upper = facts.at("c1.contrast.upper");
  facts["c1.outlying_block"] = mean, facts["c1.mean_of_others"] = mean;
  facts["c1.lower_of_others"] = lower, facts["c1.upper_of_others"] = upper;
  const std::string far =
      "; one block, at +3.1 percentage points, lies far from the others, whose mean is +3.1 percentage points; without "
      "it the interval would be +1.8 to +4.4";
  EXPECT_TRUE(says(paper_of(analysed(study)), far + " and the verdict inconclusive.")) << "one block is told as one";
  facts.erase("c1.single_block");
  EXPECT_TRUE(says(paper_of(analysed(study)), far + ".")) << "a single block decides, though not this one";
  claim(study, 0)["without_one_block"] = json::object{{"supported", 14}};
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   ", whose mean is +3.1 percentage points; without it the interval would be +1.8 to +4.4, and the "
                   "verdict the same."))
      << paper_of(analysed(study));
}

TEST(Search, ThatAgreesWithConfirmationIsNotPutDownToSelection) {
  EXPECT_TRUE(
      says(paper_of(analysed(fixture::study("supported"))), "which lies inside the interval of the fresh blocks"));
}

// Where the search, on other rows, saw the pair farther off than the limit, a verdict is said of the rows it is about.
TEST(Verdict, ThatHoldsForItsRowsAloneIsSaidOfThem) {
  json::object study = fixture::study("supported");
  json::object& main = claim(study, 2);  // c3, of n1
  ASSERT_EQ(text_of(main, "node"), "n1");
  EXPECT_FALSE(says(paper_of(analysed(study)), "so the result belongs to"));
  auto& contrast = main["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = -0.01, contrast["lower"] = -0.015, contrast["upper"] = -0.005;
  main["verdict"] = "equivalent";
  for (auto& value : study["nodes"].as_array())
    if (text_of(value.as_object(), "id") == "n1") {
      auto& seen = value.as_object()["evidence"].as_object()["contrast"].as_object();
      seen["mean"] = 0.05, seen["lower"] = 0.03, seen["upper"] = 0.07;
    }
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "has the other sign, so the result belongs to the examples that were scored.")) << text;
  EXPECT_FALSE(says(text, "may choose by cost or convenience"));
  EXPECT_TRUE(says(text.substr(0, text.find('\n')), ", on the confirmation's examples")) << "the title";
  EXPECT_TRUE(says(text,
                   "on average over blocks and on the confirmation's examples; on those of the search GELU was ahead "
                   "of ReLU by "));
  contrast["lower"] = -0.025, contrast["upper"] = 0.005;
  main["verdict"] = "refuted";
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   " gains less than 2.0 percentage points by it, if anything, on average over blocks and on the "
                   "confirmation's examples; on those of the search GELU was ahead of ReLU by "));
}

TEST(Verdict, OfAnotherClaimThatHoldsForItsRowsAloneIsNotLeftToTheBody) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "of the search had given"));
  json::object& other = claim(study, 1);
  auto& contrast = other["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = -0.01, contrast["lower"] = -0.015, contrast["upper"] = -0.005;
  other["verdict"] = "equivalent";
  for (auto& value : study["nodes"].as_array())
    if (text_of(value.as_object(), "id") == text_of(other, "node")) {
      auto& seen = value.as_object()["evidence"].as_object()["contrast"].as_object();
      seen["mean"] = 0.05, seen["lower"] = 0.03, seen["upper"] = 0.07;
    }
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text,
                   "In one of the other comparisons, the examples of the search had given an estimate farther from the "
                   "confirmed one than the limit is wide."))
      << text;
  EXPECT_TRUE(says(text, "so that verdict is about the examples that were scored.")) << text;
}

// A level that acts on one side belongs to that side wherever a sentence says who leads.
TEST(Order, IsToldWithWhatEachSideHasOfItsOwn) {
  json::object study = fixture::study("supported");
  fixture::factor(study, "learning_rate")["applies_to"] =
      json::object{{"factor", "activation"}, {"levels", json::array{"gelu"}}};
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "GELU with peak learning rate 0.005 does better than ReLU (c1")) << text;
  EXPECT_TRUE(says(text, "GELU with peak learning rate 0.005 minus ReLU was "));
  EXPECT_TRUE(says(text, "GELU with peak learning rate 0.01 minus ReLU came to "))
      << "the main claim, whose rate is the usual one, beside that";
}

TEST(Interaction, WhoseMeansTurnRoundSaysWhoIsAheadWhere) {
  for (const char* name : {"supported", "refuted", "inconclusive"}) {
    json::object study = fixture::study(name);
    for (std::size_t i = 0; i < study["claims"].as_array().size(); ++i) {
      json::object& one = claim(study, i);
      if (text_of(one["hypothesis"].as_object(), "kind") != "interaction") continue;
      one["verdict"] = "supported";
      auto& contrast = one["evidence"].as_object()["contrast"].as_object();
      const double sign = kit::number_of(contrast, "predicted_sign", 1);
      contrast["mean"] = sign, contrast["lower"] = sign - 0.5, contrast["upper"] = sign + 0.5;
      bool treatment = true, low = true;  // arms come as treatment and baseline at the first level, then at the second
      for (auto& [key, arm] : one["evidence"].as_object()["arms"].as_object()) {
        arm.as_object()["mean"] = treatment == low ? 0.9 : 0.8;
        if (!treatment) low = false;
        treatment = !treatment;
      }
      EXPECT_TRUE(says(paper_of(analysed(study)), "y the arm means of c")) << name;
      EXPECT_TRUE(says(paper_of(analysed(study)), " turns by the arm means: with ")) << name;
      one["verdict"] = "refuted";
      contrast["mean"] = -sign, contrast["lower"] = -sign - 0.5, contrast["upper"] = -sign + 0.5;
      EXPECT_TRUE(says(paper_of(analysed(study)), " the latter, against the claim.")) << name;
      return;
    }
  }
  FAIL() << "no study has an interaction among its claims";
}

TEST(Recipe, ThatActsOnOneSideIsSaidToActThere) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "GELU alone has a peak learning rate"));
  fixture::factor(study, "learning_rate")["applies_to"] =
      json::object{{"factor", "activation"}, {"levels", json::array{"gelu"}}};
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(
      text, "GELU alone has a peak learning rate. None of this was tuned, though the peak learning rate was changed"));
  EXPECT_FALSE(says(text, "happens to suit one of the arms by accident"));
}

TEST(Recipe, ThatIsTunedForTheFactorIsNotCalledShared) {
  json::object study = fixture::study("supported");
  fixture::factor(study, "learning_rate")["tuned_for"] = json::array{"activation"};
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "multiplies a value that each activation function has of its own")) << text;
  EXPECT_TRUE(says(text, "Tune the peak learning rate of each arm on these data"));
  EXPECT_FALSE(says(text, "All arms share one"));
}

// The figures of the main claim come first, wherever it stands among the claims.
TEST(Figures, OfAClaimStandWithThatClaim) {
  json::object study = analysed(fixture::study("supported"));
  const json::object paper = offline::writing_paper(study);
  std::size_t seen = 0;
  for (const auto* section : kit::objects_of(paper, "sections")) {
    if (text_of(*section, "id") != "results") continue;
    for (const auto* block : kit::objects_of(*section, "blocks")) {
      const std::string text = text_of(*block, "text");
      for (const auto* figure : kit::objects_of(study, "figures")) {
        const std::string claimed = text_of(*figure, "subject");
        if (!says(text, "{{figure:" + text_of(*figure, "id") + "}}") || claimed.rfind('c', 0) != 0) continue;
        EXPECT_TRUE(says(text, "{{" + claimed + ".name}}")) << text;
        ++seen;
      }
    }
  }
  EXPECT_GE(seen, 2u);
}

TEST(Interaction, SaysWhereTheMeansBehindItAre) {
  for (const char* name : {"supported", "refuted", "inconclusive"}) {
    json::object study = fixture::study(name);
    for (std::size_t i = 0; i < study["claims"].as_array().size(); ++i)
      if (text_of(claim(study, i)["hypothesis"].as_object(), "kind") == "interaction") {
        EXPECT_TRUE(says(paper_of(analysed(study)), "What each arm of an interaction scored is in Table ")) << name;
        return;
      }
  }
  FAIL() << "no study has an interaction among its claims";
}

TEST(Claims, OfAPairThatTheQuestionNamesAreSaidToComeFirst) {
  json::object study = fixture::study("supported");
  EXPECT_TRUE(says(
      paper_of(analysed(study)),
      "After the search, the nodes of highest value become claims, as many as are allowed; if none of them is a "
      "difference proposed from the question itself, and not after a node, the best difference of that kind takes "));
  for (const char* list : {"nodes", "claims"})
    for (auto& value : study[list].as_array())
      if (const auto& entry = value.as_object(); text_of(entry, "id") == "n1" || text_of(entry, "node") == "n1")
        value.as_object()["hypothesis"].as_object()["primary"] = true;
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(
      says(text,
           "After the search, three claims were made; one, the main claim, is the comparison that the question was "
           "read as, GELU against ReLU in the usual setting, whatever its value, and the others went by value."))
      << text;
  EXPECT_FALSE(says(text, "the least was taken"));

  json::object amounts = fixture::study("inconclusive");
  for (auto& value : amounts["claims"].as_array()) value.as_object()["hypothesis"].as_object()["primary"] = true;
  const char* least = "Of the template's levels above no label smoothing the least was taken, label smoothing 0.1.";
  EXPECT_FALSE(says(paper_of(analysed(amounts)), least)) << "0.05 is less";
  fixture::factor(amounts, "label_smoothing")["levels"] = json::array{0, 0.1, 0.2};
  EXPECT_TRUE(says(paper_of(analysed(amounts)), least)) << paper_of(analysed(amounts));
}

}  // namespace
}  // namespace aisci
