#include <gtest/gtest.h>

#include "agents/review/answers.hpp"
#include "llm/offline/review.hpp"
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
  json::object boasting = study(claim(0.03, 0.05, "supported"));
  boasting["text"] = "We prove it. Exploratory. Limitations.";
  EXPECT_TRUE(raises(boasting, "wording", "", "\"prove\""));
}

TEST(OfflineReview, RaisesNothingGraveAboutASoundStudy) {
  for (const auto& weakness : offline::weaknesses_of(study(claim(0.03, 0.05, "supported"))))
    EXPECT_EQ(weakness.weight, offline::Weakness::Weight::kMinor) << weakness.text;
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

}  // namespace
}  // namespace aisci
