#include <gtest/gtest.h>

#include <cmath>

#include "agents/review/answers.hpp"
#include "llm/offline/review.hpp"
#include "support/comma_locale.hpp"
#include "unit/agents/shipped_data.hpp"

namespace aisci {
namespace {

using kit::text_of;

json::object plan() {
  return {
      {"metric", "accuracy"},
      {"smallest_effect", 0.02},
      {"arms",
       json::array{json::object{{"id", "gelu"}, {"label", "GELU"}}, json::object{{"id", "relu"}, {"label", "ReLU"}}}},
      {"contrast",
       json::object{{"scale", "linear"}, {"weights", json::object{{"gelu", 1}, {"relu", -1}}}, {"predicted_sign", 1}}}};
}

json::object claim(double lower, double upper, const char* verdict, int n = 20) {
  return {
      {"id", "c1"},
      {"node", "n1"},
      {"plan", plan()},
      {"n", n},
      {"power", 0.9},
      {"smallest_effect", 0.02},
      {"verdict", verdict},
      {"evidence",
       json::object{{"contrast", json::object{{"mean", (lower + upper) / 2}, {"lower", lower}, {"upper", upper}}}}}};
}

json::object node(const char* id, const char* relation, json::object context) {
  return {
      {"id", id},
      {"state", "done"},
      {"plan", plan()},
      {"hypothesis", json::object{{"factor", "activation"}, {"relation", relation}, {"context", std::move(context)}}},
      {"evidence", json::object{{"blocks", json::array{1, 2, 3, 4, 5}},
                                {"arms", json::object{{"gelu", json::object{{"mean", 0.8}}},
                                                      {"relu", json::object{{"mean", 0.76}}}}},
                                {"contrast", json::object{{"mean", 0.04}, {"lower", 0.01}, {"upper", 0.07}}}}}};
}

json::object study(json::object claim_document) {
  return {{"question", "q"},
          {"scope", json::object{{"factor", "activation"}}},
          {"template", shipped::manifest()},
          {"claims", json::array{std::move(claim_document)}},
          {"nodes", json::array{node("n1", "initial", {{"model", "vit"}}),
                                node("n2", "rival", {{"model", "vit"}, {"learning_rate", 0.002}}),
                                node("n3", "broader", {{"model", "cnn"}})}},
          {"figures", json::array{json::object{{"id", "f1"}}}},
          {"literature", json::array{1, 2, 3, 4, 5, 6}},
          {"text", "Exploratory results. Limitations: one learning rate. The smallest effect of interest."}};
}

bool raises(const json::object& document, const std::string& kind, const std::string& entry, const std::string& words) {
  for (const auto& weakness : offline::weaknesses_of(document))
    if (weakness.kind == kind && weakness.entry == entry && weakness.text.find(words) != std::string::npos) return true;
  return false;
}

TEST(OfflineReview, RaisesWhatTheEvidenceShows) {
  EXPECT_TRUE(raises(study(claim(-0.01, 0.05, "inconclusive")), "experiment", "c1", "stays open"));
  EXPECT_TRUE(raises(study(claim(0.03, 0.05, "refuted")), "evidence", "c1", "should read supported, not refuted"));
  EXPECT_TRUE(raises(study(claim(0.03, 0.05, "supported", 6)), "evidence", "c1", "fewer fresh blocks"));
  EXPECT_TRUE(raises(study(claim(-0.05, -0.03, "refuted")), "evidence", "c1", "turned round"));
  json::object unvaried = study(claim(0.03, 0.05, "supported"));
  unvaried["nodes"] = json::array{node("n1", "initial", {{"model", "vit"}})};
  EXPECT_TRUE(raises(unvaried, "experiment", "c1", "learning rate"));
  EXPECT_TRUE(raises(unvaried, "experiment", "c1", "Only one architecture"));
  json::object two = unvaried;  // a node without a model of its own has the usual one
  two["nodes"].as_array().push_back(node("n2", "initial", {}));
  EXPECT_TRUE(raises(two, "experiment", "c1", "Only one architecture")) << "which is the ViT";
  two["scope"].as_object()["context"] = json::object{{"model", "cnn"}};
  EXPECT_FALSE(raises(two, "experiment", "c1", "Only one architecture")) << "which the question fixes";
  json::object boasting = study(claim(0.03, 0.05, "supported"));
  boasting["text"] = "We prove it. Exploratory. Limitations.";
  EXPECT_TRUE(raises(boasting, "wording", "", "\"prove\""));
}

TEST(OfflineReview, RaisesNothingGraveAboutASoundStudy) {
  for (const auto& weakness : offline::weaknesses_of(study(claim(0.03, 0.05, "supported"))))
    EXPECT_EQ(weakness.weight, offline::Weakness::Weight::kMinor) << weakness.text;
}

const offline::Weakness* raised(const std::vector<offline::Weakness>& list, const std::string& rule,
                                const std::string& entry = "") {
  for (const auto& weakness : list)
    if (weakness.rule == rule && (entry.empty() || weakness.entry == entry)) return &weakness;
  return nullptr;
}
bool grave(const std::vector<offline::Weakness>& list, const std::string& rule, const std::string& entry) {
  const auto* found = raised(list, rule, entry);
  return found && found->weight != offline::Weakness::Weight::kMinor;
}

// A claim and its node, each with the scores of GELU and ReLU.
json::object scored(const json::array& claim_gelu, const json::array& claim_relu, const json::array& node_gelu,
                    const json::array& node_relu) {
  json::object document = study(claim(0.03, 0.05, "supported", static_cast<int>(claim_gelu.size())));
  const auto arms = [](const json::array& gelu, const json::array& relu) {
    return json::object{{"gelu", json::object{{"label", "GELU"}, {"values", gelu}}},
                        {"relu", json::object{{"label", "ReLU"}, {"values", relu}}}};
  };
  for (const char* list : {"claims", "nodes"}) {
    auto& entry = document[list].as_array()[0].as_object();
    for (auto& arm : entry["plan"].as_object()["arms"].as_array())
      arm.as_object()["config"] = json::object{{"activation", arm.as_object()["id"]}, {"model", "vit"}};
    const bool claimed = list[0] == 'c';
    entry["evidence"].as_object()["arms"] = arms(claimed ? claim_gelu : node_gelu, claimed ? claim_relu : node_relu);
  }
  return document;
}
const json::array kMoving{0.80, 0.82, 0.81, 0.83, 0.79, 0.80, 0.84}, kOther{0.77, 0.78, 0.76, 0.8, 0.75, 0.76, 0.79};
const json::array kStill{1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0};

TEST(OfflineReview, EqualScoresOfTwoArmsAreGraveWhereTheRecordShowsACopy) {
  const auto same = offline::weaknesses_of(scored(kMoving, kMoving, kMoving, kMoving));
  ASSERT_TRUE(raised(same, "arms-identical", "c1"));  // the factor reaches no score wherever it was tried
  EXPECT_FALSE(grave(same, "arms-identical", "c1"));
  EXPECT_FALSE(raised(same, "arms-identical", "n1"));  // and is said once
  EXPECT_TRUE(grave(offline::weaknesses_of(scored(kMoving, kMoving, kMoving, kOther)), "arms-identical", "c1"));
  EXPECT_TRUE(grave(offline::weaknesses_of(scored(kMoving, kOther, kMoving, kMoving)), "arms-identical", "n1"));
  json::object alike = scored(kMoving, kMoving, kMoving, kMoving);
  for (auto& arm : alike["claims"].as_array()[0].as_object()["plan"].as_object()["arms"].as_array())
    arm.as_object()["config"] = json::object{{"activation", "gelu"}, {"model", "vit"}};
  EXPECT_TRUE(grave(offline::weaknesses_of(alike), "arms-identical", "c1"));
}

TEST(OfflineReview, AScoreThatNoSeedMovesIsGraveWhereOtherSeedsMovedIt) {
  const auto saturated = offline::weaknesses_of(scored(kStill, kMoving, kStill, kMoving));
  ASSERT_TRUE(raised(saturated, "constant", "c1"));
  EXPECT_FALSE(grave(saturated, "constant", "c1"));
  EXPECT_FALSE(grave(saturated, "constant", "n1"));
  EXPECT_TRUE(grave(offline::weaknesses_of(scored(kStill, kMoving, kOther, kMoving)), "constant", "c1"));
  // One score in seven that is another is what a saturated outcome does.
  const json::array almost{1.0, 1.0, 1.0, 0.98, 1.0, 1.0, 1.0};
  EXPECT_FALSE(grave(offline::weaknesses_of(scored(kStill, kMoving, almost, kMoving)), "constant", "c1"));
}

TEST(OfflineReview, ALogitIsComputedWithTheObservationsOfThePlan) {
  json::object document = scored(json::array{1.0, 1.0}, json::array{0.5, 0.5}, kMoving, kOther);
  auto& claimed = document["claims"].as_array()[0].as_object();
  auto& contrast = claimed["plan"].as_object()["contrast"].as_object();
  contrast["scale"] = "logit";
  contrast["observations"] = 45;
  const double value = std::log((1 - 0.5 / 45) / (0.5 / 45));
  claimed["evidence"].as_object()["contrast"] =
      json::object{{"mean", value}, {"lower", value}, {"upper", value}, {"values", json::array{value, value}}};
  EXPECT_FALSE(raised(offline::weaknesses_of(document), "contrast-differs", "c1"));
  contrast["observations"] = 450;
  EXPECT_TRUE(grave(offline::weaknesses_of(document), "contrast-differs", "c1"));
}

TEST(OfflineReview, ATuningFactorExplainsNothingWhereItDoesNotAct) {
  json::object document = scored(kMoving, kOther, kMoving, kOther);
  document["nodes"].as_array().resize(1);
  EXPECT_TRUE(raised(offline::weaknesses_of(document), "rate"));
  document["template"].as_object()["factors"].as_object()["learning_rate"].as_object()["applies_to"] =
      json::object{{"factor", "model"}, {"levels", json::array{"cnn"}}};
  EXPECT_FALSE(raised(offline::weaknesses_of(document), "rate"));
}

TEST(OfflineReview, AnArmThatGuessesForWantOfAColumnOrOfRowsWasNotBadlyTrained) {
  const json::array guessing{0.05, 0.06, 0.04, 0.05, 0.07, 0.05, 0.06};
  const auto found = [&](const char* factor, json::value level) {
    json::object document = scored(kMoving, kMoving, kMoving, guessing);
    document["template"].as_object()["factors"].as_object()["columns"] = json::object{
        {"title", "choice of columns"}, {"role", "input"}, {"default", "all"}, {"levels", json::array{"all", "c1"}}};
    auto& arms = document["nodes"].as_array()[0].as_object()["plan"].as_object()["arms"].as_array();
    arms[1].as_object()["config"].as_object()[factor] = std::move(level);
    return offline::weaknesses_of(document);
  };
  EXPECT_FALSE(raised(found("columns", "c1"), "untrained", "n1"));
  EXPECT_TRUE(grave(found("columns", "all"), "untrained", "n1"));
  ASSERT_TRUE(raised(found("train_size", 50), "untrained", "n1"));
  EXPECT_FALSE(grave(found("train_size", 50), "untrained", "n1"));
  EXPECT_TRUE(grave(found("train_size", 200), "untrained", "n1"));
}

TEST(OfflineReview, ASignThatNeverWasCannotTurn) {
  EXPECT_FALSE(raised(offline::weaknesses_of(study(claim(-0.019, 0.015, "equivalent"))), "turned"));
  EXPECT_TRUE(grave(offline::weaknesses_of(study(claim(-0.05, -0.03, "refuted"))), "turned", "c1"));
  // What is left of a clear effect is told, whichever side of zero it is on.
  EXPECT_TRUE(raised(offline::weaknesses_of(study(claim(-0.019, 0.015, "equivalent"))), "shrank", "c1"));
  json::object told = study(claim(-0.019, 0.015, "equivalent"));
  told["paper"] = json::object{
      {"sections",
       json::array{json::object{
           {"id", "discussion"},
           {"blocks",
            json::array{json::object{{"type", "paragraph"},
                                     {"text",
                                      "The search ({{n1.name}}) had given {{n1.contrast.mean}}; in the fresh blocks it "
                                      "came to {{c1.contrast.mean}}."}}}}}}}};
  EXPECT_FALSE(raised(offline::weaknesses_of(told), "shrank")) << "both are in one sentence";
  json::object unclear = study(claim(-0.019, 0.015, "equivalent"));
  unclear["nodes"].as_array()[0].as_object()["evidence"].as_object()["contrast"] =
      json::object{{"mean", 0.01}, {"lower", -0.02}, {"upper", 0.04}};
  EXPECT_FALSE(raised(offline::weaknesses_of(unclear), "shrank"));
}

TEST(OfflineReview, ALowPowerIsNoPointAgainstAClaimThatWasDecided) {
  for (const auto& [lower, upper, verdict, missed] :
       {std::tuple{0.03, 0.05, "supported", false}, std::tuple{-0.01, 0.05, "inconclusive", true}}) {
    json::object weak = claim(lower, upper, verdict);
    weak["power"] = 0.7;
    EXPECT_EQ(raised(offline::weaknesses_of(study(weak)), "power-low") != nullptr, missed) << verdict;
  }
}

TEST(OfflineReview, ARateThatWasTunedForEachArmIsNotShared) {
  json::object document = scored(kMoving, kOther, kMoving, kOther);
  document["nodes"].as_array().resize(1);
  EXPECT_TRUE(raised(offline::weaknesses_of(document), "rate", "c1"));
  document["template"].as_object()["factors"].as_object()["learning_rate"].as_object()["tuned_for"] =
      json::array{"activation"};
  EXPECT_FALSE(raised(offline::weaknesses_of(document), "rate"));
}

TEST(OfflineReview, OneDataSetIsNoPointAgainstATableOfTheReadersOwn) {
  json::object document = study(claim(0.03, 0.05, "supported"));
  EXPECT_TRUE(raised(offline::weaknesses_of(document), "data"));
  document["template"].as_object()["dataset"].as_object()["file"] = "mine.csv";
  EXPECT_FALSE(raised(offline::weaknesses_of(document), "data"));
}

json::object saying(const std::string& sentence) {
  json::object document = study(claim(0.001, 0.03, "supported"));
  document["paper"] = json::object{
      {"title", "t"},
      {"abstract", ""},
      {"sections",
       json::array{json::object{{"id", "discussion"},
                                {"blocks", json::array{json::object{{"kind", "paragraph"}, {"text", sentence}}}}}}}};
  return document;
}

TEST(OfflineReview, LargeEstimatesAreNoLargeEffect_AndExplainedVarianceExplainsNothing) {
  EXPECT_FALSE(raised(offline::weaknesses_of(saying("Where {{c1.name}} gave less, selection for large estimates is the "
                                                    "first thing to suspect.")),
                      "size-overstated"));
  EXPECT_TRUE(raised(offline::weaknesses_of(saying("The gain in {{c1.name}} is large.")), "size-overstated", "c1"));
  EXPECT_TRUE(raised(offline::weaknesses_of(saying("Large estimates aside, {{c1.name}} shows a large gain.")),
                     "size-overstated", "c1"));
  json::object document =
      saying("Under these conditions {{arm:c1.gelu}} matters by the explained variance of {{c1.name}}.");
  document["template"].as_object()["metrics"].as_object()["r2"] = json::object{{"title", "explained variance"}};
  EXPECT_FALSE(raised(offline::weaknesses_of(document), "cause-untested"));
  EXPECT_TRUE(raised(offline::weaknesses_of(saying("The gain of {{c1.name}} is explained by a better condition of its "
                                                   "gradients.")),
                     "cause-untested", "c1"));
}

TEST(OfflineReview, WhatAQuestionsWordsStandForIsNoClaim) {
  EXPECT_FALSE(
      raised(offline::weaknesses_of(saying("\"Wider networks\" stands for networks of width {{level:width.32}}; "
                                           "{{c1.name}} has a gain there.")),
             "scope"));
  EXPECT_TRUE(
      raised(offline::weaknesses_of(saying("The gain of {{c1.name}} holds for networks of every width.")), "scope"));
}

TEST(OfflineReview, ThePopulationOfTheTemplateIsNowhereElse) {
  const char* sentence =
      "The findings are about small models of language trained on text, and hold in the setting of {{c1.name}}.";
  json::object document = saying(sentence);
  // Of which a paper prints what stands before the comma.
  document["template"].as_object()["population"] =
      "small models of language trained on text, asked for the next letter";
  EXPECT_FALSE(raised(offline::weaknesses_of(document), "scope"));
  EXPECT_TRUE(raised(offline::weaknesses_of(saying(sentence)), "scope")) << "of a study on something else";
}

TEST(OfflineReview, LeadsAndTrailsMayNotChangePlaces) {
  for (const auto& [up, down] : {std::pair{"leads", "trails"}, std::pair{"lead", "trail"}}) {
    json::object document = study(claim(0.03, 0.05, "supported"));
    const auto text = [&](const std::string& positive, const std::string& negative) {
      const std::string words = "{{arm:c1.gelu}} {{direction:c1.contrast.mean|" + positive + "|" + negative +
                                "}} {{arm:c1.relu}} by about {{c1.contrast.mean}}.";
      json::array blocks{json::object{{"kind", "paragraph"}, {"text", words}}};
      document["paper"] =
          json::object{{"sections", json::array{json::object{{"id", "discussion"}, {"blocks", std::move(blocks)}}}}};
      return offline::weaknesses_of(document);
    };
    EXPECT_FALSE(raised(text(up, down), "direction-wrong")) << up;
    EXPECT_TRUE(grave(text(down, up), "direction-wrong", "c1")) << up;
  }
}

// What is printed for a value may be off by half of its last digit, whatever its kind.
TEST(OfflineReview, APrintedNumberIsHeldAgainstItsRecordToItsLastDigit) {
  json::object document = study(claim(0.03, 0.05, "supported"));
  document["claims"].as_array()[0].as_object()["evidence"].as_object()["contrast"].as_object()["p"] = 0.0134;
  const auto stale = [&](const char* fact, const char* kind, double value, const char* text) {
    document["facts"] = json::object{{fact, json::object{{"kind", kind}, {"value", value}, {"text", text}}}};
    return raises(document, "evidence", "c1", "another number than its record holds");
  };
  for (const char* right : {"0.013", "<0.05", "0.0134"}) EXPECT_FALSE(stale("c1.contrast.p", "p", 0.0134, right));
  for (const char* wrong : {"0.012", "0.014", "0.04", "0.0135"})
    EXPECT_TRUE(stale("c1.contrast.p", "p", 0.0134, wrong)) << wrong;
  EXPECT_FALSE(stale("c1.contrast.mean", "points", 0.04, "+4.0 percentage points"));
  EXPECT_FALSE(stale("c1.contrast.mean", "points", 0.04, "+4 percentage points"));
  EXPECT_TRUE(stale("c1.contrast.mean", "points", 0.04, "-4.0 percentage points"));
  EXPECT_TRUE(stale("c1.contrast.mean", "points", 0.04, "+4.1 percentage points"));
  EXPECT_FALSE(stale("c1.contrast.mean", "change", 0.04, "+4.000e-02 nats"));
  EXPECT_TRUE(stale("c1.contrast.mean", "change", 0.04, "+4.100e-02 nats"));
  const testing::CommaLocale locale;
  ASSERT_EQ(locale.problem(), "");
  EXPECT_FALSE(stale("c1.contrast.p", "p", 0.0134, "0.013"));
}

TEST(OfflineReview, ALowerMetricTurnsTheIntervalToThePrediction) {
  json::object turned = claim(-0.05, -0.03, "supported");
  turned.at("plan").as_object().at("contrast").as_object()["predicted_sign"] = -1;
  json::object document = study(turned);
  document["nodes"] = json::array{};
  EXPECT_FALSE(raises(document, "evidence", "c1", "does not follow"));
}

TEST(OfflineReview, TemperamentsOrderTheScoresAndTheMetaReviewMerges) {
  const json::object base = study(claim(-0.01, 0.05, "inconclusive"));
  json::array reviews;
  std::map<std::string, double> overall;
  for (const char* reviewer : {"careful", "demanding", "generous"}) {
    json::object input = base;
    input["reviewer"] = reviewer;
    json::object review = offline::review_review(input);
    EXPECT_TRUE(shipped::fits(review, "review", "review.review").ok())
        << shipped::fits(review, "review", "review.review").message();
    EXPECT_EQ(review, review::checked_review(base, review)) << "an answer in order is left as it is";
    overall[reviewer] = kit::number_of(review, "overall");
    reviews.push_back(std::move(review));
  }
  EXPECT_LT(overall["demanding"], overall["careful"]);
  EXPECT_LT(overall["careful"], overall["generous"]);
  const auto meta = offline::review_meta({{"reviews", reviews}});
  EXPECT_TRUE(shipped::fits(meta, "review", "review.meta").ok());
  std::set<std::string> texts;
  for (const auto* point : kit::objects_of(meta, "points")) EXPECT_TRUE(texts.insert(text_of(*point, "text")).second);
  ASSERT_FALSE(texts.empty());
  EXPECT_NE(kit::objects_of(meta, "points").front()->at("text").as_string().find("stays open"), json::string::npos)
      << "what all raise comes first";
}

TEST(ReviewAnswers, AreBroughtIntoRange) {
  const json::object document = study(claim(0.03, 0.05, "supported"));
  const auto review = review::checked_review(
      document, {{"soundness", 9},
                 {"presentation", -1},
                 {"contribution", 2.6},
                 {"overall", 7},
                 {"confidence", 4},
                 {"decision", "maybe"},
                 {"weaknesses", json::array{json::object{{"text", "w"}, {"entry", "c9"}, {"kind", "taste"}},
                                            json::object{{"text", ""}}}}});
  EXPECT_EQ(kit::number_of(review, "soundness"), 4);
  EXPECT_EQ(kit::number_of(review, "presentation"), 1);
  EXPECT_EQ(kit::number_of(review, "contribution"), 3);
  EXPECT_EQ(text_of(review, "decision"), "accept");
  ASSERT_EQ(kit::array_of(review, "weaknesses").size(), 1u);
  EXPECT_EQ(text_of(*kit::objects_of(review, "weaknesses").front(), "entry"), "");
  EXPECT_EQ(text_of(*kit::objects_of(review, "weaknesses").front(), "kind"), "evidence");
  const auto meta = review::checked_meta(
      document,
      {{"overall", 4},
       {"points", json::array{json::object{{"id", "zz"}, {"text", "a"}, {"entry", "c1"}, {"kind", "wording"}}}}});
  EXPECT_EQ(text_of(*kit::objects_of(meta, "points").front(), "id"), "p1");
  EXPECT_EQ(text_of(meta, "decision"), "reject");
}

TEST(ReviewAnswers, APointMayNameAWorkThatTheTextCitesByItsWholeKey) {
  json::object document = study(claim(0.03, 0.05, "supported"));
  document["paper"] =
      json::object{{"abstract", "As {{cite:hendrycks2016gelu, holm1979|text}} and {{cite:smith2020}} show."}};
  const auto entry = [&](const char* named) {
    const auto meta = review::checked_meta(
        document, {{"overall", 4},
                   {"points", json::array{json::object{{"text", "a"}, {"entry", named}, {"kind", "positioning"}}}}});
    return text_of(*kit::objects_of(meta, "points").front(), "entry");
  };
  for (const char* key : {"hendrycks2016gelu", "holm1979", "smith2020"}) EXPECT_EQ(entry(key), key);
  for (const char* part : {"holm", "1979", "text", "smith2020}}", "hendrycks2016gelu, holm1979"})
    EXPECT_EQ(entry(part), "") << part;
}

}  // namespace
}  // namespace aisci
