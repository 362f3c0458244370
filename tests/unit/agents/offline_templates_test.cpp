// Questions over several templates: which one answers, what a stack of factors becomes, and what acts on nothing.
#include <gtest/gtest.h>
#include <aisci/plugin/call.hpp>

#include <set>
#include <tuple>

#include "agents/design/assembly.hpp"
#include "llm/offline/design.hpp"
#include "llm/offline/hypotheses.hpp"
#include "llm/offline/hypotheses_proposal.hpp"
#include "llm/offline/template_words.hpp"
#include "unit/agents/shipped_library.hpp"

namespace aisci {
namespace {

using kit::object_of;
using kit::text_of;
using shipped::library;
using shipped::scope_of;

json::array propose(const std::string& question, int count) {
  const json::object scope = scope_of(question);
  return offline::ideation_hypotheses({{"question", question},
                                       {"scope", scope},
                                       {"template", library().manifest(text_of(scope, "template"))},
                                       {"records", shipped::records()},
                                       {"count", count}})
      .at("hypotheses")
      .as_array();
}

json::object plan_of(const json::object& hypothesis) {
  return design::assembled_plan(hypothesis, library().manifest(text_of(hypothesis, "template")), {}, 5);
}

TEST(OfflineTemplates, TheQuestionsWordsChooseTheTemplate) {
  const auto chosen = [](const char* question) { return text_of(scope_of(question), "template"); };
  EXPECT_EQ(chosen("How does dropout affect generalization?"), "image_classification");
  EXPECT_EQ(chosen("Do regularised linear models beat random forests on small tabular data?"), "tabular/breast_cancer");
  EXPECT_EQ(chosen("Does gradient boosting beat linear models on the diabetes data?"), "tabular/diabetes");
  EXPECT_EQ(chosen("How does the number of trees change random forests on the wine data?"), "tabular/wine");
}

TEST(OfflineTemplates, AMoveOfAFactorWithoutItsLevelsIsAClaimAboutTheEndsOfItsRange) {
  // The level that is claimed to be better comes first.
  const std::tuple<const char*, const char*, const char*> kQuestions[] = {
      {"Do larger batches hurt generalisation?", "batch_size", "6>48"},
      {"Do larger batches hurt the accuracy of small networks?", "batch_size", "6>48"},
      {"Does a larger batch size improve the accuracy of CNNs?", "batch_size", "48>6"}};
  for (const auto& [question, factor, asked] : kQuestions) {
    const json::object scope = scope_of(question);
    EXPECT_EQ(text_of(scope, "template"), "image_classification") << question << text_of(scope, "reason");
    EXPECT_EQ(text_of(scope, "factor"), factor) << question;
    const json::object& asks = object_of(scope, "asks");
    EXPECT_EQ(json::serialize(asks.at("treatment")) == "null"
                  ? "null>null"
                  : kit::level_name(asks.at("treatment")) + ">" + kit::level_name(asks.at("baseline")),
              asked)
        << question;
  }
  // Both ends become the first hypothesis, with the better one as its treatment.
  const json::object first = propose("Do larger batches hurt generalisation?", 3)[0].as_object();
  EXPECT_EQ(kit::level_name(first.at("treatment")), "6");
  EXPECT_EQ(kit::level_name(first.at("baseline")), "48");
}

TEST(OfflineTemplates, AMeasureThatAVariantHasIsTaken) {
  const auto scope =
      scope_of("Does gradient boosting reach a lower root mean squared error than linear models on the diabetes data?");
  EXPECT_EQ(text_of(scope, "metric"), "rmse");
  EXPECT_EQ(kit::level_name(object_of(scope, "asks").at("treatment")), "boosting");
  EXPECT_NE(text_of(scope, "restated").find("rows that were not used"), std::string::npos);
}

TEST(OfflineTemplates, AStackIsSetAgainstEachPartThenCrossedThenTakenApart) {
  const char* question =
      "Does stacking weight decay, dropout and batch normalisation help small CNNs more than each alone?";
  const auto scope = scope_of(question);
  EXPECT_TRUE(shipped::fits(scope, "ideation", "ideation.scope").ok())
      << shipped::fits(scope, "ideation", "ideation.scope").message();
  ASSERT_EQ(kit::array_of(scope, "stack").size(), 3u);
  EXPECT_TRUE(kit::flag_of(object_of(scope, "asks"), "together"));
  EXPECT_EQ(text_of(object_of(scope, "context"), "model"), "cnn");
  EXPECT_FALSE(object_of(scope, "context").contains("normalisation"));
  std::set<std::string> singles, pairs, parts;
  for (const auto& value : propose(question, 9)) {
    const auto& hypothesis = value.as_object();
    const auto plan = plan_of(hypothesis);
    const auto arms = kit::objects_of(plan, "arms");
    if (const auto& by = object_of(hypothesis, "moderator"); !by.empty()) {
      pairs.insert(text_of(hypothesis, "factor") + "*" + text_of(by, "factor"));
      EXPECT_TRUE(kit::flag_of(hypothesis, "primary"));
      // "More than each alone": the benefit is claimed to be larger where the other is on, so that comes first.
      const json::object* other = nullptr;
      for (const auto* layer : kit::objects_of(scope, "stack"))
        if (text_of(*layer, "factor") == text_of(by, "factor")) other = layer;
      ASSERT_TRUE(other);
      EXPECT_EQ(kit::array_of(by, "levels"), (json::array{other->at("on"), other->at("off")}));
      EXPECT_EQ(text_of(object_of(hypothesis, "expected"), "direction"), "higher");
      EXPECT_EQ(text_of(object_of(plan, "contrast"), "scale"), "logit");
      EXPECT_EQ(arms.size(), 4u);
    } else if (hypothesis.contains("also")) {
      EXPECT_TRUE(kit::flag_of(hypothesis, "primary"));
      EXPECT_TRUE(singles.empty()) << "what the question asks comes first";
      ASSERT_EQ(arms.size(), 2u);
      EXPECT_EQ(text_of(*arms[0], "label"), "all three together");
      parts.insert(text_of(*arms[1], "label"));
      int on[2] = {0, 0};
      for (const auto* layer : kit::objects_of(scope, "stack"))
        for (int side = 0; side < 2; ++side)
          on[side] += kit::level_name(object_of(*arms[side], "config").at(text_of(*layer, "factor"))) ==
                      kit::level_name(layer->at("on"));
      EXPECT_EQ(on[0], 3);
      EXPECT_EQ(on[1], 1);
    } else {
      singles.insert(text_of(hypothesis, "factor"));
      EXPECT_FALSE(kit::flag_of(hypothesis, "primary"));
      const auto& context = object_of(hypothesis, "context");
      for (const char* other : {"weight_decay", "dropout"})
        EXPECT_TRUE(text_of(hypothesis, "factor") == other || kit::number_of(context, other, -1) == 0) << other;
    }
  }
  EXPECT_EQ(singles, (std::set<std::string>{"weight_decay", "dropout", "normalisation"}));
  EXPECT_EQ(parts, (std::set<std::string>{"weight decay alone", "dropout alone", "batch normalisation alone"}));
  EXPECT_EQ(pairs.size(), 3u);
}

TEST(OfflineTemplates, WithoutAClaimOfMoreAStackPredictsOverlap) {
  const char* question = "Do weight decay and dropout combine well in small CNNs?";
  const auto scope = scope_of(question);
  std::size_t seen = 0;
  for (const auto& value : propose(question, 4))
    if (const auto& by = object_of(value.as_object(), "moderator"); !by.empty())
      for (const auto* layer : kit::objects_of(scope, "stack"))
        if (text_of(*layer, "factor") == text_of(by, "factor")) {
          ++seen;
          EXPECT_EQ(kit::array_of(by, "levels"), (json::array{layer->at("off"), layer->at("on")}));
        }
  EXPECT_GT(seen, 0u);
}

TEST(OfflineTemplates, AFactorIsStudiedWhereItActs) {
  const auto trees = scope_of("How does the number of trees change accuracy on tabular data?");
  EXPECT_EQ(text_of(object_of(trees, "context"), "model"), "forest");
  const auto refused = scope_of("How does the number of trees change the accuracy of nearest neighbour models?");
  EXPECT_FALSE(kit::flag_of(refused, "answerable"));
  EXPECT_NE(text_of(refused, "reason").find("random forest or gradient boosting"), std::string::npos)
      << text_of(refused, "reason");
  for (const auto& value : propose("Do random forests beat linear models on small tabular data?", 20)) {
    const auto& hypothesis = value.as_object();
    const auto arms = kit::objects_of(plan_of(hypothesis), "arms");
    EXPECT_TRUE(text_of(hypothesis, "factor") != "trees" ||
                text_of(object_of(hypothesis, "context"), "model") != "linear");
  }
}

// A forest takes no notice of scaling: nothing is learnt by setting it there, unless the question asks.
TEST(OfflineTemplates, WhatIsIdleIsNotSetOnTheSide) {
  const auto& manifest = library().manifest("tabular/wine");
  EXPECT_TRUE(offline::idle(manifest, "scaling", {{"model", "forest"}}));
  EXPECT_FALSE(offline::idle(manifest, "scaling", {{"model", "knn"}}));
  EXPECT_FALSE(offline::idle(manifest, "trees", {{"model", "forest"}}));
  offline::Proposal proposal;
  proposal.factor = "trees", proposal.treatment = "100", proposal.baseline = "5";
  proposal.context = {{"model", "forest"}, {"scaling", "none"}};
  EXPECT_FALSE(
      offline::sets_what_matters(manifest, json::object{{"context", json::object{{"model", "forest"}}}}, proposal));
  EXPECT_TRUE(offline::sets_what_matters(
      manifest, json::object{{"context", json::object{{"model", "forest"}, {"scaling", "none"}}}}, proposal));
  proposal.context = {{"model", "forest"}};
  EXPECT_TRUE(offline::sets_what_matters(manifest, json::object{}, proposal));
  proposal.moderator = "scaling", proposal.low = "none", proposal.high = "standard";
  EXPECT_FALSE(offline::sets_what_matters(manifest, json::object{}, proposal));
}

TEST(OfflineTemplates, AMetricWithoutAShareIsContrastedOnItsOwnScale) {
  const auto list =
      propose("Do random forests reach a lower root mean squared error than linear models on the diabetes data?", 6);
  ASSERT_FALSE(list.empty());
  std::size_t interactions = 0;
  for (const auto& value : list) {
    const auto plan = plan_of(value.as_object());
    EXPECT_EQ(text_of(object_of(plan, "contrast"), "scale"), "linear");
    EXPECT_EQ(kit::number_of(plan, "smallest_effect"), 1.5);
    EXPECT_EQ(text_of(plan, "metric_direction"), "lower");
    // What separates the models is an excess here: it shrinks to where the advantage is claimed to be larger.
    if (const auto& by = object_of(value.as_object(), "moderator"); !by.empty()) {
      ++interactions;
      EXPECT_EQ(kit::number_of(object_of(plan, "contrast"), "predicted_sign"), 1);
      const std::string second = kit::level_name(kit::array_of(by, "levels").at(1)),
                        statement = text_of(value.as_object(), "statement");
      EXPECT_LT(statement.find("larger with"), statement.find("." + second + "}}"));
      EXPECT_LT(statement.find("." + second + "}}"), statement.find("than with")) << statement;
    }
  }
  EXPECT_GT(interactions, 0u);
  EXPECT_EQ(text_of(object_of(list[0].as_object(), "expected"), "direction"), "lower");
  EXPECT_NE(text_of(list[0].as_object(), "experiment")
                .find("a {{label:model.forest}} and a {{label:model.linear}} are fitted"),
            std::string::npos);
}

TEST(DesignLibrary, VariantsArePatchesAndFilesAreTheTemplatesOwn) {
  const auto& wine = library().manifest("tabular/wine");
  EXPECT_FALSE(object_of(wine, "metrics").contains("r2"));
  EXPECT_EQ(text_of(object_of(wine, "dataset"), "name"), "wine");
  EXPECT_TRUE(library().files(wine, "prepare_files").contains("table.py"));
  EXPECT_THROW((void)library().manifest("tabular"), plugin::Error);
  const auto own = library().manifests(true);
  ASSERT_FALSE(own.empty());
  EXPECT_EQ(text_of(own.back().as_object(), "name"), "tabular");
  json::object thief = wine;
  thief["name"] = "../x";
  EXPECT_THROW((void)library().files(thief, "files"), plugin::Error);
}

}  // namespace
}  // namespace aisci
