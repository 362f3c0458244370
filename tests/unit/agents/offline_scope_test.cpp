#include <gtest/gtest.h>

#include "llm/offline/question.hpp"
#include "unit/agents/shipped_data.hpp"

namespace aisci {
namespace {

using kit::text_of;

json::object scope_of(const std::string& question) {
  return offline::ideation_scope({{"question", question}, {"templates", json::array{shipped::manifest()}}});
}

std::string asked(const json::object& scope) {
  const auto& asks = kit::object_of(scope, "asks");
  return kit::level_name(asks.at("treatment")) + ">" + kit::level_name(asks.at("baseline"));
}

TEST(OfflineScope, ReadsTheQuestionOfTheQuickstart) {
  const auto scope = scope_of(
      "How does the choice of activation function affect the generalization performance of Vision Transformers on "
      "small datasets?");
  EXPECT_TRUE(shipped::fits(scope, "ideation", "ideation.scope").ok())
      << shipped::fits(scope, "ideation", "ideation.scope").message();
  EXPECT_EQ(text_of(scope, "factor"), "activation");
  EXPECT_EQ(text_of(scope, "metric"), "accuracy");
  EXPECT_EQ(text_of(kit::object_of(scope, "context"), "model"), "vit");
  EXPECT_EQ(text_of(kit::object_of(scope, "moderator"), "factor"), "train_size");
  EXPECT_EQ(kit::array_of(scope, "arms").size(), 7u);
  EXPECT_EQ(
      text_of(scope, "setting"),
      "\"small datasets\" stands for training sets of {{level:train_size.100}} to {{level:train_size.400}} images");
  EXPECT_FALSE(kit::array_of(scope, "queries").empty());
}

TEST(OfflineScope, ParaphrasesAgree) {
  const auto first = scope_of(
      "How does the choice of activation function affect the generalization performance of Vision Transformers on "
      "small datasets?");
  for (const char* question :
       {"Does the choice of activation function not matter for how well ViTs generalise when training data is scarce?",
        "在小数据集上，激活函数的选择如何影响视觉Transformer的泛化性能？",
        "Wie beeinflusst die Wahl der Aktivierungsfunktion die Generalisierung von Vision Transformern auf kleinen "
        "Datensätzen?",
        "Comment le choix de la fonction d'activation affecte-t-il la généralisation des transformers de vision sur de "
        "petits jeux de données ?",
        "¿Cómo afecta la función de activación a la generalización de los Vision Transformers con pocos datos?",
        "Is it irrelevant which nonlinearity a vision transformer uses if there are few training images?"}) {
    const auto scope = scope_of(question);
    for (const char* member : {"answerable", "template", "factor", "metric", "arms", "context", "moderator"})
      EXPECT_EQ(scope.at(member), first.at(member)) << member << " of " << question;
  }
  EXPECT_EQ(text_of(scope_of("在小数据集上，激活函数的选择如何影响视觉Transformer的泛化性能？"), "language"), "zh");
}

TEST(OfflineScope, AClaimKeepsItsDirectionHoweverItIsWorded) {
  for (const char* question :
       {"Does GELU beat ReLU in vision transformers on small datasets?",
        "Is ReLU worse than GELU for ViTs on small datasets?",
        "Do ViTs generalise worse with ReLU than with GELU when data are limited?",
        "Is GELU no better than ReLU in ViTs trained on few images?",
        "Does GELU not outperform ReLU in small-data vision transformers?",
        "GELU在小数据集上的视觉Transformer中是否优于ReLU？", "在小数据集上，ReLU是否不如GELU？",
        "小数据下GELU比ReLU更好吗？", "Ist GELU bei kleinen Datensätzen besser als ReLU?",
        "Does ReLU have a lower accuracy than GELU on small data?", "Is ReLU outperformed by GELU on small datasets?"})
    EXPECT_EQ(asked(scope_of(question)), "gelu>relu") << question;
  EXPECT_EQ(asked(scope_of("Is GELU worse than ReLU for Vision Transformers trained on small datasets?")), "relu>gelu");
  EXPECT_TRUE(kit::flag_of(kit::object_of(scope_of("Is GELU no better than ReLU?"), "asks"), "negated"));
}

TEST(OfflineScope, RefusesArmsThatNoTemplateOffersByName) {
  const std::pair<const char*, const char*> kQuestions[] = {
      {"Does Mish beat ReLU in vision transformers?", "Mish"},
      {"Are maxout activations better than GELU?", "maxout"},
      {"Compare ReLU, GELU and Snake in small ViTs.", "Snake"},
      {"Does GELU beat Foo in vision transformers?", "Foo"},
      {"Is GELU better than blorp?", "blorp"},
      {"How does the Zorp activation function change the accuracy of CNNs?", "Zorp"},
      {"How do activation functions affect ResNet-50 on small data?", "ResNet"},
      {"How does the learning rate affect a ViT trained with Adagrad?", "adagrad"},
      {"Does dropout of 0.7 help a CNN?", "0.7"}};
  for (const auto& [question, name] : kQuestions) {
    const auto scope = scope_of(question);
    EXPECT_FALSE(kit::flag_of(scope, "answerable", true)) << question;
    EXPECT_NE(text_of(scope, "reason").find(name), std::string::npos) << question << " -> " << text_of(scope, "reason");
    EXPECT_FALSE(kit::array_of(scope, "can_study").empty());
  }
}

TEST(OfflineScope, RefusesOtherSubjectsAndSaysWhatCanBeStudied) {
  for (const char* question :
       {"How does dropout affect protein folding?", "What is the effect of dropout on reinforcement learning agents?",
        "How do activation functions affect ViTs on ImageNet?", "Does label smoothing improve calibration?",
        "How do language models hallucinate?", "Who won the match?", "Is dropout better than weight decay?", ""}) {
    const auto scope = scope_of(question);
    EXPECT_FALSE(kit::flag_of(scope, "answerable", true)) << question;
    EXPECT_FALSE(text_of(scope, "reason").empty());
    ASSERT_EQ(kit::array_of(scope, "can_study").size(), 1u);
    EXPECT_NE(kit::texts_of(scope, "can_study").front().find("activation function (ReLU, GELU"), std::string::npos);
  }
  EXPECT_FALSE(kit::flag_of(offline::ideation_scope({{"question", "Does dropout help?"}, {"templates", json::array{}}}),
                            "answerable", true));
}

TEST(OfflineScope, ReadsOtherFactorsContextAndNumbers) {
  auto scope = scope_of("Does dropout of 0.2 help a CNN with 100 training images?");
  EXPECT_EQ(text_of(scope, "factor"), "dropout");
  EXPECT_EQ(text_of(kit::object_of(scope, "context"), "model"), "cnn");
  EXPECT_EQ(kit::number_of(kit::object_of(scope, "context"), "train_size"), 100);
  scope = scope_of("Does batch normalisation beat layer normalisation in MLPs without dropout?");
  EXPECT_EQ(asked(scope), "batch>layer");
  EXPECT_EQ(kit::number_of(kit::object_of(scope, "context"), "dropout", -1), 0);
  scope = scope_of("Does weight decay interact with dropout in vision transformers on small datasets?");
  EXPECT_EQ(text_of(kit::object_of(scope, "moderator"), "factor"), "dropout");
  EXPECT_TRUE(kit::flag_of(kit::object_of(scope, "asks"), "interaction"));
  scope = scope_of("Is leaky ReLU better than ReLU?");
  EXPECT_EQ(asked(scope), "leaky_relu>relu");
  scope = scope_of("Does GELU help ViTs that are trained without pretraining on small data?");
  EXPECT_TRUE(kit::flag_of(scope, "answerable"));
}

TEST(OfflineScope, TextToBePrintedHoldsNoDigit) {
  const auto scope = scope_of("Which activation is best for deep networks on small datasets?");
  std::string printed = text_of(scope, "setting") + text_of(scope, "restated");
  for (auto begin = printed.find("{{"); begin != std::string::npos; begin = printed.find("{{"))
    printed.erase(begin, printed.find("}}", begin) + 2 - begin);
  EXPECT_FALSE(kit::has_digit(printed)) << printed;
}

TEST(OfflineScope, SurvivesAnyBytes) {
  for (const std::string& question :
       {std::string{"\xff\xfe\x80 gelu \xe6\xbf"}, std::string(2000, 'a'),
        std::string{"{{level:x}} 比 比 than than gelu than"}, std::string{"\0dropout", 8}})
    EXPECT_TRUE(scope_of(question).contains("answerable"));
}

}  // namespace
}  // namespace aisci
