// What stands beside a verdict: what the search had given, what single sentences of it turn on, and a reversed order.
#include <gtest/gtest.h>

#include "llm/offline/writing.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::claim;
using fixture::paper_of;
using fixture::says;
using kit::text_of;

TEST(Sign, ThatTurnedIsExplainedByTheRowsThatDiffer) {
  json::object study = fixture::study("supported");
  const auto seen = [&](double mean, double lower, double upper) {
    for (auto& value : study["nodes"].as_array())
      if (text_of(value.as_object(), "id") == "n1") {
        auto& contrast = value.as_object()["evidence"].as_object()["contrast"].as_object();
        contrast["mean"] = mean, contrast["lower"] = lower, contrast["upper"] = upper;
      }
    return paper_of(analysed(study));
  };
  EXPECT_TRUE(says(seen(-0.01, -0.05, 0.03),
                   "; the fresh blocks, scored on other examples, gave the other sign. The verdict rests on the "
                   "confirmation alone."));
  // Where the intervals do not meet, the rows are told of there.
  const std::string apart = seen(-0.03, -0.05, -0.01);
  EXPECT_TRUE(says(apart, "; the fresh blocks gave the other sign. The verdict rests on the confirmation alone."));
  EXPECT_TRUE(says(apart, "the confirmation scores other examples, and neither interval includes what hangs on that"));
}

TEST(Shrinkage, SaysWhereTheEstimateOfTheSearchLiesOutside) {
  json::object study = fixture::study("supported");
  const auto seen = [&](double mean) {
    for (auto& value : study["nodes"].as_array())
      if (text_of(value.as_object(), "id") == "n1") {
        auto& contrast = value.as_object()["evidence"].as_object()["contrast"].as_object();
        contrast["mean"] = mean, contrast["lower"] = mean - 0.01, contrast["upper"] = mean + 0.01;
      }
    return paper_of(analysed(study));
  };
  const char* farther = "which lies outside the interval of the fresh blocks and farther from zero";
  EXPECT_TRUE(says(seen(0.06), farther));
  EXPECT_FALSE(says(seen(0.035), farther)) << "inside";
  EXPECT_TRUE(says(seen(0.015), "which lies nearer to zero than the interval of the fresh blocks."));
}

// A sign that a tenth of the limit's mean has is none to speak of; two intervals short of the limit agree on a verdict.
TEST(Shrinkage, CallsAnEstimateCloseToZeroSoAndSaysWhereBothStayBelowTheLimit) {
  json::object study = fixture::study("supported");
  const auto set = [&](json::object& entry, double mean, double lower, double upper) {
    auto& contrast = entry["evidence"].as_object()["contrast"].as_object();
    contrast["mean"] = mean, contrast["lower"] = lower, contrast["upper"] = upper;
  };
  json::object& main = claim(study, 2);
  main["verdict"] = "equivalent";
  set(main, -0.001, -0.008, 0.006);
  for (auto& value : study["nodes"].as_array())
    if (text_of(value.as_object(), "id") == "n1") set(value.as_object(), 0.012, 0.006, 0.018);
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text,
                   "; in the fresh blocks it came close to zero (within a tenth of the limit); what the search had "
                   "given lies outside the fresh interval, and the two estimates are over two standard errors of their "
                   "difference apart."))
      << text;
  EXPECT_FALSE(says(text, "gave the other sign"));
  const char* both =
      " The search's own interval lies within the limit, too: both put the difference below it; they part on whether "
      "there is a small one.";
  EXPECT_TRUE(says(text, both));
  set(main, -0.001, -0.01, 0.008);  // which reaches into what the search showed
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   " both put the difference below it; that of the search shows a small one as well, which the fresh "
                   "interval neither shows nor excludes."));
  set(main, -0.005, -0.012, 0.002);  // a quarter of the limit has a sign
  EXPECT_TRUE(says(paper_of(analysed(study)), "gave the other sign"));
  set(main, -0.001, -0.008, 0.006);
  for (auto& value : study["nodes"].as_array())
    if (text_of(value.as_object(), "id") == "n1") set(value.as_object(), 0.022, 0.016, 0.028);
  EXPECT_FALSE(says(paper_of(analysed(study)), both)) << "the search's interval reaches past the limit";
}

TEST(Claims, SayWhatPairingTakesOutByHowTheirArmsMoveTogether) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "two arms correlate"));
  const auto told = [&](double r) {
    for (const char* id : {"c1", "c2", "c3"})
      study["facts"].as_object()[std::string{id} + ".correlation"] =
          json::object{{"kind", "number"}, {"value", r}, {"text", "0.12"}, {"arms", json::array{}}};
    const std::string text = paper_of(analysed(study));
    EXPECT_TRUE(says(text, "the scores of a claim's two arms correlate at 0.12 in c1, 0.12 in c2 and 0.12 in c3"))
        << text;
    return says(text, "pairing takes hardly anything out of the spread") ? "hardly"
           : says(text, "pairing takes it out of their difference")      ? "well"
                                                                         : "";
  };
  EXPECT_STREQ(told(0.1), "hardly");
  EXPECT_STREQ(told(0.7), "well");
  EXPECT_STREQ(told(0.4), "") << "neither little nor much";
  EXPECT_STREQ(told(-0.7), "") << "there pairing widens it";
}

TEST(Claims, ThatStayedOpenSayWhatFurtherBlocksWouldDecide) {
  json::object study = fixture::study("inconclusive");
  auto& facts = study["facts"].as_object();
  facts["c3.blocks_to_decide"] =
      json::object{{"kind", "count"}, {"value", 28}, {"text", "28"}, {"arms", json::array{}}};
  facts["c3.decided_then"] =
      json::object{{"kind", "text"}, {"value", 0}, {"text", "equivalent"}, {"arms", json::array{}}};
  EXPECT_TRUE(says(paper_of(analysed(study)), "would just decide from 28 blocks on for c3 (as equivalent), and a plan"))
      << paper_of(analysed(study));
  json::object further = study;
  auto& more = further["facts"].as_object();
  const json::value count{{"kind", "count"}, {"value", 64}, {"text", "64"}, {"arms", json::array{}}},
      then = more.at("c3.decided_then");  // a copy
  more["c3.blocks_to_turn"] = count;
  more["c3.turned_then"] = then;
  more["c3.decided_then"].as_object()["text"] = "supported";
  EXPECT_TRUE(says(paper_of(analysed(further)),
                   "from 28 blocks on for c3 (as supported, and from 64 on as equivalent), and a plan"));
  const json::value mean = facts.at("c3.contrast.mean");  // a copy
  for (const char* name : {"outlying_block", "mean_of_others", "lower_of_others", "upper_of_others", "contrast.median",
                           "contrast.as_predicted"})
    facts["c3." + std::string{name}] = mean;
  const auto printed = [&] { return fixture::printed_paper(offline::writing_paper(analysed(study)), analysed(study)); };
  const std::string far = printed();
  EXPECT_TRUE(says(far, "how many would decide c3 is not said, since much of what was found comes from one far block."))
      << far;
  EXPECT_FALSE(says(far, "28 blocks on"));
  for (const auto& [name, arm] : {std::pair{"treatment", 0}, {"baseline", 1}}) {
    const json::value of = facts.at("c3.contrast.mean").at("arms").at(static_cast<std::size_t>(arm));
    facts["c3.outlying_" + std::string{name}] =
        json::object{{"kind", "fraction"}, {"value", 0.8}, {"text", "80.0%"}, {"arms", json::array{of}}};
  }
  EXPECT_TRUE(says(printed(), " scored 80.0% there and ")) << printed();
}

TEST(Claims, SayWhereTheirVerdictTurnsOnTheCorrection) {
  json::object study = fixture::study("inconclusive");
  EXPECT_FALSE(says(paper_of(analysed(study)), "The verdict turns on the correction"));
  const auto told = [&](const char* verdict) {
    study["facts"].as_object()["c3.uncorrected"] =
        json::object{{"kind", "text"}, {"value", 0}, {"text", verdict}, {"arms", json::array{}}};
    const json::object whole = analysed(study);
    return fixture::printed_paper(offline::writing_paper(whole), whole);
  };
  EXPECT_TRUE(says(told("supported"),
                   " The verdict turns on the correction: without it, at 95%, zero would lie outside and the claim "
                   "would be supported."));
  EXPECT_TRUE(says(told("equivalent"), "without it, at 95%, the claim would be equivalent."));
}

TEST(Claims, SayOnWhichBlockTheSignOfTheirMeanHangs) {
  json::object study = fixture::study("inconclusive");
  auto& facts = study["facts"].as_object();
  for (const auto& [name, text] :
       {std::pair{"turning_block", "+5.6 percentage points"}, {"mean_without_it", "-0.1 percentage points"}}) {
    json::value fact = facts.at("c3.contrast.mean");
    fact.as_object()["text"] = text;
    facts["c3." + std::string{name}] = fact;
  }
  for (const char* name : {"contrast.median", "contrast.as_predicted"})
    if (!facts.contains("c3." + std::string{name})) {
      const json::value mean = facts.at("c3.contrast.mean");  // a copy
      facts["c3." + std::string{name}] = mean;
    }
  const json::object whole = analysed(study);
  const std::string text = fixture::printed_paper(offline::writing_paper(whole), whole);
  const char* clause = "; leaving out the block at +5.6 percentage points turns the mean to -0.1 percentage points.";
  EXPECT_TRUE(says(text, clause)) << text;
  for (const char* name : {"outlying_block", "mean_of_others", "lower_of_others", "upper_of_others"}) {
    const json::value mean = facts.at("c3.contrast.mean");  // a copy
    facts["c3." + std::string{name}] = mean;
  }
  const json::object far = analysed(study);
  EXPECT_FALSE(says(fixture::printed_paper(offline::writing_paper(far), far), clause)) << "the far block is told";
}

TEST(Protocol, SaysToWhichPairAloneTheQuestionGivesADirection) {
  json::object study = fixture::study("inconclusive");  // whose predictions are conjectures
  const char* words = " The question is taken to give a direction to the pair that it was read as, and to no other.";
  EXPECT_FALSE(says(paper_of(analysed(study)), words));
  ASSERT_TRUE(fixture::node(study, 2)["hypothesis"].as_object()["moderator"].is_object());
  fixture::node(study, 2)["hypothesis"].as_object()["primary"] = true;
  EXPECT_FALSE(says(paper_of(analysed(study)), words)) << "an interaction is no pair";
  fixture::node(study, 0)["hypothesis"].as_object()["primary"] = true;
  EXPECT_TRUE(says(paper_of(analysed(study)), words)) << paper_of(analysed(study));
}

TEST(Protocol, TellsTheChanceOfShowingEquivalenceBesideThePower) {
  json::object study = fixture::study("supported");
  const char* plain = "The power is that of finding a difference, not of showing equivalence.";
  const char* own = "for a true mean of zero, the planned spreads and that level, it is 91.2% for each claim.";
  for (const char* id : {"c1", "c2", "c3"}) {
    EXPECT_TRUE(says(paper_of(analysed(study)), plain)) << id;
    for (const char* fact : {".planned_spread", ".power_equivalence"})
      study["facts"].as_object()[id + std::string{fact}] =
          json::object{{"kind", "fraction"}, {"value", 0.912}, {"text", "91.2%"}, {"arms", json::array{}}};
  }
  const json::object whole = analysed(study);
  const std::string text = fixture::printed_paper(offline::writing_paper(whole), whole);
  EXPECT_FALSE(says(text, plain));
  EXPECT_TRUE(says(text, own)) << text;
  study["facts"].as_object()["c2.power_equivalence"].as_object()["text"] = "64.0%";
  const json::object other = analysed(study);
  EXPECT_TRUE(says(fixture::printed_paper(offline::writing_paper(other), other),
                   "it is 91.2% for c1, 64.0% for c2 and 91.2% for c3."));
}

TEST(Shrinkage, IsNotSpokenOfWhereNothingStoodOut) {
  json::object study = fixture::study("supported");
  for (auto& value : study["nodes"].as_array())
    for (const char* id : {"n1", "n4", "n8"})  // those that claims are about
      if (text_of(value.as_object(), "id") == id)
        for (const auto& [name, number] : {std::pair{"mean", 0.004}, std::pair{"lower", -0.01}})
          value.as_object()["evidence"].as_object()["contrast"].as_object()[name] = number;
  EXPECT_FALSE(says(paper_of(analysed(study)), "a striking estimate"));
  study["facts"].as_object()["n1.contrast.mean"].as_object()["text"] = "0.0 percentage points";
  EXPECT_FALSE(says(paper_of(analysed(study)), "the search had given"));
}

TEST(Refuted, ByTheReverseSaysSo) {
  json::object study = fixture::study("supported");
  for (auto& value : study["claims"].as_array()) {
    auto& one = value.as_object();
    auto& contrast = one["evidence"].as_object()["contrast"].as_object();
    contrast["mean"] = -0.05, contrast["lower"] = -0.07, contrast["upper"] = -0.03;
    one["verdict"] = "refuted";
    const std::string fact = text_of(one, "id") + ".contrast.mean";
    study["facts"].as_object()[fact].as_object()["value"] = -0.05;
  }
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "the order is the reverse of the one that was claimed: GELU is behind ReLU."));
  EXPECT_TRUE(says(text, "Lock the opposite of the claims that came out reversed, on"));
  EXPECT_FALSE(says(text, "before giving it up as a means"));
}

// c3's pair, run again for a reviewer at another rate (n4), is held against c3.
TEST(LateNodes, AreHeldAgainstTheClaimThatTheyWereAskedAbout) {
  json::object study = fixture::study("supported");
  study["claims"].as_array().erase(study["claims"].as_array().begin());  // n4's own
  for (auto& value : study["nodes"].as_array())
    if (auto& node = value.as_object(); text_of(node, "id") == "n4") node["late"] = true, node["parent"] = "n1";
  const auto told = [&](const char* verdict, double above, double below) {
    for (auto& value : study["claims"].as_array())
      if (text_of(value.as_object(), "id") == "c3") value.as_object()["verdict"] = verdict;
    for (auto& value : study["nodes"].as_array())
      if (text_of(value.as_object(), "id") == "n4") {
        auto& evidence = value.as_object()["evidence"].as_object();
        evidence["probability_above"] = above, evidence["probability_below"] = below;
      }
    json::object input = analysed(study);
    input["paper"] = offline::writing_paper(input);
    input["points"] = json::array{};
    return json::serialize(offline::writing_revise(input).at("paper"));
  };
  EXPECT_TRUE(says(told("supported", 0.9, 0), ", which agrees with {{c3.name}}.")) << told("supported", 0.9, 0);
  EXPECT_TRUE(says(told("equivalent", 0.01, 0.01), ", which agrees with {{c3.name}}."));
  EXPECT_TRUE(says(told("supported", 0.01, 0.01), ", unlike what {{c3.name}} found in its own setting."));
  EXPECT_TRUE(says(told("supported", 0.4, 0.1), ". Whether {{c3.name}} holds there is not known."));
  const std::string open = told("inconclusive", 0.9, 0);
  for (const char* words : {"which agrees with", "unlike what {{c3", "holds there is not known"})
    EXPECT_FALSE(says(open, words)) << "an open claim has nothing to agree with";
}

}  // namespace
}  // namespace aisci
