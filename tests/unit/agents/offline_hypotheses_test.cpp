#include <gtest/gtest.h>

#include <set>

#include "agents/ideation/answers.hpp"
#include "llm/offline/hypotheses.hpp"
#include "llm/offline/question.hpp"
#include "unit/agents/shipped_data.hpp"

namespace aisci {
namespace {

using kit::object_of;
using kit::text_of;

constexpr const char* kQuestion =
    "How does the choice of activation function affect the generalization performance of Vision Transformers on small "
    "datasets?";

json::object scope_of(const std::string& question) {
  return offline::ideation_scope({{"question", question}, {"templates", json::array{shipped::manifest()}}});
}

json::object propose(const std::string& question, int count = 8) {
  return offline::ideation_hypotheses({{"question", question},
                                       {"scope", scope_of(question)},
                                       {"template", shipped::manifest()},
                                       {"records", shipped::records()},
                                       {"count", count}});
}

std::string without_references(std::string text) {
  for (auto begin = text.find("{{"); begin != std::string::npos; begin = text.find("{{"))
    text.erase(begin, text.find("}}", begin) + 2 - begin);
  return text;
}

// A study with one finished node, as ideation.refine gets it.
json::object study(const json::object& hypothesis, double above, double below,
                   const std::string& question = kQuestion) {
  json::object node{{"id", "n1"}, {"state", "done"}, {"hypothesis", hypothesis}};
  node["plan"] = json::object{{"contrast", json::object{{"weights", json::object{{"gelu", 1}, {"relu", -1}}}}}};
  node["evidence"] = json::object{
      {"contrast", json::object{{"mean", 0.03}}}, {"probability_above", above}, {"probability_below", below}};
  return {{"question", question},
          {"scope", scope_of(question)},
          {"template", shipped::manifest()},
          {"literature", shipped::records()},
          {"nodes", json::array{node}},
          {"parent", "n1"},
          {"count", 4},
          {"tried", json::array{}}};
}

std::set<std::string> relations(const json::object& answer) {
  std::set<std::string> found;
  for (const auto* hypothesis : kit::objects_of(answer, "hypotheses")) found.insert(text_of(*hypothesis, "relation"));
  return found;
}

// What a rationale says of the parent is what the parent's evidence reads as.
TEST(OfflineHypotheses, CallANodeTooSmallOnlyWhereItReadsSo) {
  const auto first = *kit::objects_of(propose(kQuestion), "hypotheses").front();
  const auto says_small = [&](double above, double below) {
    const auto answer = offline::ideation_refine(study(first, above, below));
    return text_of(*kit::objects_of(answer, "hypotheses").front(), "rationale").find("too small to act on") !=
           std::string::npos;
  };
  EXPECT_TRUE(says_small(0.1, 0.1));
  EXPECT_FALSE(says_small(0.2, 0.2)) << "which is undecided";
}

TEST(OfflineHypotheses, AreDistinctTestableAndFitTheSchema) {
  for (const char* question :
       {kQuestion, "Does GELU beat ReLU in ViTs on small data?", "Does dropout help ViTs on small datasets?",
        "Is a CNN more accurate than a ViT on small datasets?",
        "How does the learning rate affect the accuracy of MLPs?", "Does more training data help a CNN?",
        "Does weight decay interact with dropout in ViTs?"}) {
    const auto answer = propose(question, 5);
    EXPECT_TRUE(shipped::fits(answer, "ideation", "ideation.hypotheses").ok())
        << question << ": " << shipped::fits(answer, "ideation", "ideation.hypotheses").message();
    const auto list = kit::objects_of(answer, "hypotheses");
    EXPECT_EQ(list.size(), 5u) << question;
    std::set<std::string> comparisons, statements;
    for (const auto* hypothesis : list) {
      comparisons.insert(ideation::comparison_of(shipped::manifest(), *hypothesis));
      statements.insert(text_of(*hypothesis, "statement"));
      for (const char* member : {"statement", "rationale", "experiment"})
        EXPECT_FALSE(kit::has_digit(without_references(text_of(*hypothesis, member)))) << text_of(*hypothesis, member);
    }
    EXPECT_EQ(comparisons.size(), list.size()) << question;
    EXPECT_EQ(statements.size(), list.size()) << question;
  }
}

TEST(OfflineHypotheses, DirectionsComeFromRecordsThatAreCitedLetterForLetter) {
  const auto answer = propose(kQuestion);
  const auto first = *kit::objects_of(answer, "hypotheses").front();
  EXPECT_EQ(text_of(first, "treatment"), "gelu");
  EXPECT_EQ(text_of(first, "baseline"), "relu");
  EXPECT_EQ(text_of(object_of(first, "expected"), "direction"), "higher");
  for (const auto* hypothesis : kit::objects_of(answer, "hypotheses"))
    for (const auto* citation : kit::objects_of(*hypothesis, "citations")) {
      bool found = false;
      for (const auto& record : shipped::records())
        found =
            found || (text_of(record.as_object(), "key") == text_of(*citation, "key") &&
                      kit::contains(kit::texts_of(record.as_object(), "statements"), text_of(*citation, "support")));
      EXPECT_TRUE(found) << text_of(*citation, "support");
    }
  // Records that say the opposite turn the prediction.
  json::array reversed{json::object{
      {"key", "k"}, {"statements", json::array{"Networks with ReLU outperform networks with GELU on small images."}}}};
  const auto other = offline::ideation_hypotheses({{"scope", scope_of("Which is better, GELU or ReLU?")},
                                                   {"template", shipped::manifest()},
                                                   {"records", reversed},
                                                   {"count", 1}});
  EXPECT_EQ(text_of(*kit::objects_of(other, "hypotheses").front(), "treatment"), "relu");
}

TEST(OfflineHypotheses, WithoutRecordsADirectionIsCalledAConjecture) {
  const auto answer = offline::ideation_hypotheses(
      {{"scope", scope_of(kQuestion)}, {"template", shipped::manifest()}, {"records", json::array{}}, {"count", 5}});
  ASSERT_EQ(kit::objects_of(answer, "hypotheses").size(), 5u);
  const auto& first = *kit::objects_of(answer, "hypotheses").front();
  EXPECT_NE(text_of(first, "rationale").find("conjecture"), std::string::npos);
  EXPECT_TRUE(kit::array_of(first, "citations").empty());
}

TEST(OfflineHypotheses, TestTheClaimThatTheQuestionMakes) {
  const auto answer = propose("Is GELU worse than ReLU for Vision Transformers trained on small datasets?");
  const auto& first = *kit::objects_of(answer, "hypotheses").front();
  EXPECT_EQ(text_of(first, "treatment"), "relu");
  EXPECT_NE(text_of(first, "rationale").find("opposite order was reported {{cite:hendrycks2016gelu}}"),
            std::string::npos)
      << text_of(first, "rationale");
}

// A pair that the question names is confirmed before all else; where it names none, worth decides.
TEST(OfflineHypotheses, MarkThePairThatTheQuestionNames) {
  const auto primary = [](const char* question) {
    const auto answer = propose(question);
    std::vector<std::string> pairs;
    for (const auto* hypothesis : kit::objects_of(answer, "hypotheses"))
      if (kit::flag_of(*hypothesis, "primary"))
        pairs.push_back(text_of(*hypothesis, "treatment") + " " + text_of(*hypothesis, "baseline"));
    return pairs;
  };
  EXPECT_EQ(primary("Does GELU beat ReLU in ViTs on small data?"), std::vector<std::string>{"gelu relu"});
  EXPECT_EQ(primary(kQuestion), std::vector<std::string>{});
}

TEST(OfflineHypotheses, ParaphrasesGiveTheSameHypotheses) {
  EXPECT_EQ(propose(kQuestion), propose("Does the choice of activation function not matter for how well ViTs "
                                        "generalise when training data is scarce?"));
  EXPECT_EQ(propose(kQuestion), propose("在小数据集上，激活函数的选择如何影响视觉Transformer的泛化性能？"));
}

TEST(OfflineHypotheses, IncludeAnInteractionWithTheSetting) {
  bool found = false;
  const auto answer = propose(kQuestion, 3);
  for (const auto* hypothesis : kit::objects_of(answer, "hypotheses"))
    found = found || (text_of(*hypothesis, "kind") == "interaction" &&
                      text_of(object_of(*hypothesis, "moderator"), "factor") == "train_size" &&
                      !object_of(*hypothesis, "context").contains("train_size"));
  EXPECT_TRUE(found);
}

TEST(OfflineRefine, FollowsFromTheParentsResult) {
  const auto first = *kit::objects_of(propose(kQuestion), "hypotheses").front();
  const auto effect = offline::ideation_refine(study(first, 0.9, 0.0)),
             null = offline::ideation_refine(study(first, 0.1, 0.1)),
             against = offline::ideation_refine(study(first, 0.0, 0.9));
  EXPECT_TRUE(shipped::fits(effect, "ideation", "ideation.refine").ok());
  EXPECT_TRUE(relations(effect).count("interaction") && relations(effect).count("rival") &&
              relations(effect).count("mechanism"));
  EXPECT_NE(effect, null);
  EXPECT_EQ(text_of(*kit::objects_of(null, "hypotheses").front(), "relation"), "broader");
  bool picked = false;  // the rate that another pilot preferred, and no neighbour of the usual one
  for (const auto* hypothesis : kit::objects_of(null, "hypotheses")) {
    const auto& context = object_of(*hypothesis, "context");
    if (!context.contains("learning_rate")) continue;
    picked = context.at("learning_rate") == json::value(0.005);
    EXPECT_TRUE(picked) << context;
  }
  EXPECT_TRUE(picked);
  EXPECT_EQ(text_of(*kit::objects_of(effect, "hypotheses").front(), "treatment"), "gelu");
  EXPECT_EQ(text_of(*kit::objects_of(against, "hypotheses").front(), "treatment"), "relu");
  for (const auto* hypothesis : kit::objects_of(effect, "hypotheses"))
    EXPECT_NE(
        text_of(*hypothesis, "rationale")
            .find("{{arm:n1.gelu}} against {{arm:n1.relu}} the parent measured a contrast of {{n1.contrast.mean}}"),
        std::string::npos);
}

TEST(OfflineRefine, AnInteractionThatFailsKeepsItsArmsAndTurnsItsPlace) {
  const auto list = propose(kQuestion, 3);
  json::object interaction;
  for (const auto* hypothesis : kit::objects_of(list, "hypotheses"))
    if (text_of(*hypothesis, "kind") == "interaction") interaction = *hypothesis;
  ASSERT_FALSE(interaction.empty());
  const auto found = offline::ideation_refine(study(interaction, 0.9, 0.0)),
             failed = offline::ideation_refine(study(interaction, 0.0, 0.9));
  EXPECT_EQ(kit::number_of(object_of(*kit::objects_of(found, "hypotheses").front(), "context"), "train_size"), 100);
  EXPECT_EQ(kit::number_of(object_of(*kit::objects_of(failed, "hypotheses").front(), "context"), "train_size"), 400);
  EXPECT_EQ(text_of(*kit::objects_of(failed, "hypotheses").front(), "treatment"), text_of(interaction, "treatment"));
}

TEST(OfflineRefine, NeverRepeatsAComparisonAndDiffersBetweenParents) {
  for (const char* question : {kQuestion, "Does dropout help ViTs on small datasets?"}) {
    const auto proposed = propose(question, 3);
    std::set<std::string> seen;
    json::array tried = kit::array_of(proposed, "hypotheses");
    for (const auto* hypothesis : kit::objects_of(proposed, "hypotheses"))
      seen.insert(ideation::comparison_of(shipped::manifest(), *hypothesis));
    json::object parent = *kit::objects_of(proposed, "hypotheses").front();
    for (int step = 0; step < 40; ++step) {
      json::object input = study(parent, step % 3 == 0 ? 0.9 : 0.1, step % 3 == 1 ? 0.9 : 0.1, question);
      input["tried"] = tried;
      input["count"] = 1;
      const auto answer = offline::ideation_refine(input);
      ASSERT_EQ(kit::objects_of(answer, "hypotheses").size(), 1u) << "step " << step;
      parent = *kit::objects_of(answer, "hypotheses").front();
      EXPECT_TRUE(seen.insert(ideation::comparison_of(shipped::manifest(), parent)).second)
          << text_of(parent, "statement");
      tried.push_back(parent);
    }
  }
  const auto proposed = propose(kQuestion, 3);
  const auto list = kit::objects_of(proposed, "hypotheses");
  EXPECT_NE(offline::ideation_refine(study(*list[0], 0.9, 0.0)), offline::ideation_refine(study(*list[1], 0.9, 0.0)));
}

// One choice of the recipe for another is the same question under a changed recipe, and no part of its setting.
TEST(OfflineRefine, CallsAChangedRecipeByItsName) {
  const auto first = *kit::objects_of(propose(kQuestion), "hypotheses").front();
  json::object input = study(first, 0.9, 0.0);
  input["count"] = 60;  // all there is
  const auto answer = offline::ideation_refine(input);
  int rivals = 0, removed = 0;
  for (const auto* hypothesis : kit::objects_of(answer, "hypotheses")) {
    const std::string relation = text_of(*hypothesis, "relation");
    for (const auto& [key, level] : object_of(*hypothesis, "context")) {
      if (key == "model" || key == "train_size" || text_of(*hypothesis, "kind") == "interaction") continue;
      const bool off = kit::level_name(level) == "none" || kit::level_name(level) == "0";
      EXPECT_EQ(relation, off ? "ablation" : "rival") << key << " " << kit::level_name(level);
      ++(off ? removed : rivals);
    }
  }
  EXPECT_GT(rivals, 1);
  EXPECT_GT(removed, 0);
}

TEST(OfflineRefine, WithoutAParentThereIsNothing) {
  auto input = study(*kit::objects_of(propose(kQuestion), "hypotheses").front(), 0.9, 0.0);
  input["parent"] = "n9";
  EXPECT_TRUE(kit::array_of(offline::ideation_refine(input), "hypotheses").empty());
}

TEST(OfflineHypotheses, AreTheSameEveryTime) {
  EXPECT_EQ(json::serialize(propose(kQuestion)), json::serialize(propose(kQuestion)));
}

}  // namespace
}  // namespace aisci
