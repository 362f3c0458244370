// Questions about parts of a factor and about several factors together: what they are read as, and what is proposed and
// refined for them.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "llm/offline/hypotheses.hpp"
#include "llm/offline/question.hpp"
#include "unit/agents/shipped_data.hpp"

namespace aisci {
namespace {

using kit::array_of;
using kit::object_of;
using kit::objects_of;
using kit::text_of;

json::object scope_of(const char* question, const char* name = "optimization") {
  return offline::ideation_scope(
      {{"question", question},
       {"templates", json::array{json::parse(
                         shipped::text("plugins/agents/design/templates/" + std::string{name} + "/template.json"))}}});
}

TEST(Question, OfAPartOfAFactorIsAboutThePart) {
  const json::object scope = scope_of("Does a warm-up of the learning rate lower the training loss of Adam?");
  EXPECT_EQ(text_of(scope, "factor"), "warm_up");
  EXPECT_TRUE(scope.at("moderator").is_null()) << json::serialize(scope.at("moderator"));
}

TEST(Question, ThatNamesASecondFactorHasItsUsualLevelAmongTheRest) {
  const json::object scope = scope_of("Does the warm-up matter less at another learning rate?");
  EXPECT_EQ(json::serialize(object_of(scope, "moderator").at("levels")), "[1.25E-1,1,4]");
}

TEST(Question, OfSeveralFactorsIsRestatedWithTheirLevels) {
  EXPECT_EQ(
      text_of(scope_of("Does stacking weight decay, dropout and batch normalisation help small CNNs?",
                       "image_classification"),
              "restated"),
      "How does the accuracy of a {{label:model.cnn}} change with weight decay ({{label:weight_decay.0}} or "
      "{{level:weight_decay.0.2}}), the dropout rate ({{label:dropout.0}} or {{level:dropout.0.2}}) and normalisation "
      "({{label:normalisation.none}} or {{label:normalisation.batch}}), each alone and with the others?");
}

TEST(Stack, GoesOnWithWhatWasNotKept) {
  const json::object& manifest = shipped::manifest();
  const json::object scope = offline::ideation_scope(
      {{"question",
        "Does stacking weight decay, dropout and batch normalisation help small CNNs more than each alone?"},
       {"templates", json::array{manifest}}});
  json::object input{{"scope", scope}, {"template", manifest}, {"records", json::array{}}, {"count", 3}};
  json::array tried = offline::ideation_hypotheses(input).at("hypotheses").as_array();
  std::set<std::string> alone;
  input["parent"] = "n1";
  input["nodes"] = json::array{json::object{{"id", "n1"}, {"hypothesis", tried[0]}}};
  for (int round = 0; round < 2; ++round) {  // three at first, three a round
    input["tried"] = tried;
    const json::object more = offline::ideation_refine(input);
    for (const auto& one : array_of(more, "hypotheses")) tried.push_back(one);
  }
  input["tried"] = tried;  // only then is anything refined
  const json::object refined = offline::ideation_refine(input);
  for (const auto* one : objects_of(refined, "hypotheses")) EXPECT_NE(text_of(*one, "relation"), "initial");
  input["parent"] = "";
  EXPECT_TRUE(array_of(offline::ideation_refine(input), "hypotheses").empty());
  for (const auto& one : tried)
    if (text_of(one.as_object(), "kind") == "difference" && !one.as_object().contains("also"))
      alone.insert(text_of(one.as_object(), "factor"));
  EXPECT_EQ(tried.size(), 9u);  // the whole against each, three pairs, three alone
  EXPECT_EQ(alone, (std::set<std::string>{"weight_decay", "dropout", "normalisation"}));
}

TEST(Stack, KeepsWhatAnInteractionVariedAtItsUsualLevel) {
  const json::object& manifest = shipped::manifest();
  const json::object scope = offline::ideation_scope(
      {{"question", "Does stacking dropout and batch normalisation help small CNNs more than each alone?"},
       {"templates", json::array{manifest}}});
  json::object input{{"scope", scope}, {"template", manifest}, {"records", json::array{}}, {"count", 9}};
  const json::array tried = offline::ideation_hypotheses(input).at("hypotheses").as_array();
  const auto pair = std::find_if(tried.begin(), tried.end(), [](const json::value& one) {
    return text_of(one.as_object(), "kind") == "interaction";
  });
  ASSERT_NE(pair, tried.end());
  input["parent"] = "n1";
  input["nodes"] = json::array{json::object{{"id", "n1"}, {"hypothesis", *pair}}};
  input["tried"] = tried;
  std::size_t seen = 0;
  const json::object more = offline::ideation_refine(input);
  for (const auto* one : objects_of(more, "hypotheses"))
    if (text_of(object_of(*one, "moderator"), "factor") != "normalisation" && text_of(*one, "factor") == "dropout") {
      const auto* level = kit::find_member(object_of(*one, "context"), "normalisation");
      ++seen;
      EXPECT_TRUE(level) << json::serialize(*one);
    }
  EXPECT_GT(seen, 0u);
}

// What refines a comparison of the whole with a part is about the same two sides.
TEST(Stack, ARefinementKeepsBothSides) {
  const json::object& manifest = shipped::manifest();
  const json::object scope = offline::ideation_scope(
      {{"question", "Does stacking dropout and batch normalisation help small CNNs more than each alone?"},
       {"templates", json::array{manifest}}});
  json::object input{{"scope", scope}, {"template", manifest}, {"records", json::array{}}, {"count", 50}};
  const json::array tried = offline::ideation_hypotheses(input).at("hypotheses").as_array();
  const auto& whole = tried.front().as_object();
  ASSERT_EQ(kit::texts_of(whole, "called"), (std::vector<std::string>{"both together", "dropout alone"}));
  input["parent"] = "n1";
  input["nodes"] = json::array{json::object{{"id", "n1"}, {"hypothesis", whole}}};
  input["tried"] = tried;
  const json::object more = offline::ideation_refine(input);
  EXPECT_GT(array_of(more, "hypotheses").size(), 3u);
  for (const auto* one : objects_of(more, "hypotheses")) {
    EXPECT_EQ(kit::texts_of(*one, "called"), kit::texts_of(whole, "called"));
    EXPECT_EQ(object_of(*one, "also"), object_of(whole, "also"));
    EXPECT_FALSE(kit::flag_of(*one, "primary"));
    for (const auto* layer : objects_of(scope, "stack")) {
      EXPECT_FALSE(object_of(*one, "context").contains(text_of(*layer, "factor"))) << json::serialize(*one);
      EXPECT_NE(text_of(object_of(*one, "moderator"), "factor"), text_of(*layer, "factor"));
    }
  }
}

}  // namespace
}  // namespace aisci
