// Questions as researchers word them, over all shipped templates: what each is read as, down to the direction of its
// claim and to where the claim says that an effect is larger.
#include <gtest/gtest.h>

#include "llm/offline/hypotheses.hpp"
#include "unit/agents/shipped_library.hpp"

namespace aisci {
namespace {

using kit::object_of;
using kit::text_of;
using shipped::library;
using shipped::scope_of;

struct Read {
  const char* question;
  const char* template_name;
  const char* factor;
  const char* asked;      // "better>worse"; "" when the question leaves the order open
  const char* moderator;  // "factor", or "factor:level" where the effect is claimed to be largest; "" for none
  const char* metric;
  const char* context;  // "factor=level ..." that the question fixes, in the template's order
};

std::string told(const json::object& scope) {
  if (!kit::flag_of(scope, "answerable")) return "refused: " + text_of(scope, "reason");
  const auto& asks = object_of(scope, "asks");
  const auto level = [&](const char* member) {
    const json::value* value = asks.if_contains(member);
    return value && !value->is_null() ? kit::level_name(*value) : std::string{};
  };
  std::string text = text_of(scope, "template") + " | " + text_of(scope, "factor") + " | " + level("treatment") +
                     (level("treatment").empty() ? "" : ">") + level("baseline") + " | " +
                     text_of(object_of(scope, "moderator"), "factor") + (level("larger_at").empty() ? "" : ":") +
                     level("larger_at") + " | " + text_of(scope, "metric") + " |";
  for (const auto& [name, value] : object_of(scope, "context"))
    text += " " + std::string{name} + "=" + kit::level_name(value);
  return text;
}

std::string told(const Read& read) {
  return std::string{read.template_name} + " | " + read.factor + " | " + read.asked + " | " + read.moderator + " | " +
         read.metric + " |" + (*read.context ? " " : "") + read.context;
}

const Read kQuestions[] = {
    // image_classification
    {"How deep should a small CNN be?", "image_classification", "depth", "", "", "accuracy", "model=cnn"},
    {"Does a high learning rate harm ViT more than CNN?", "image_classification", "learning_rate", "0.01>0.04",
     "model:vit", "accuracy", ""},
    {"Do smaller batches generalise better?", "image_classification", "batch_size", "6>48", "", "accuracy", ""},
    {"Do wider networks generalise better when data are scarce?", "image_classification", "width", "64>32",
     "train_size", "accuracy", ""},
    {"Is a deeper ViT more accurate than a shallow one?", "image_classification", "depth", "4>1", "", "accuracy",
     "model=vit"},
    {"Which activation function is best for a small vision transformer?", "image_classification", "activation", "", "",
     "accuracy", "model=vit"},
    {"Does dropout hurt CNNs trained on little data?", "image_classification", "dropout", "0>0.2", "train_size",
     "accuracy", "model=cnn"},
    {"Does batch normalisation help MLPs?", "image_classification", "normalisation", "batch>none", "", "accuracy",
     "model=mlp"},
    {"Is cutout useful for CNNs when there are only a few training images?", "image_classification", "augmentation",
     "cutout>none", "train_size", "accuracy", "model=cnn"},
    {"Does augmentation help convnets more than vision transformers?", "image_classification", "augmentation", "",
     "model:cnn", "accuracy", ""},
    {"Do vision transformers suffer more from small training sets than CNNs?", "image_classification", "train_size",
     "400>100", "model:vit", "accuracy", ""},
    {"Does weight decay matter for small MLPs?", "image_classification", "weight_decay", "", "", "accuracy",
     "model=mlp"},
    {"Is AdamW better than SGD with momentum for training vision transformers?", "image_classification", "optimiser",
     "adamw>momentum", "", "accuracy", "model=vit"},
    {"Does label smoothing reduce overfitting in CNNs?", "image_classification", "label_smoothing", "0.1>0", "",
     "accuracy", "model=cnn"},
    {"Does the benefit of batch norm depend on the batch size?", "image_classification", "normalisation", "batch>none",
     "batch_size", "accuracy", ""},
    {"Can a cosine schedule beat a constant learning rate for ViTs?", "image_classification", "schedule",
     "cosine>constant", "", "accuracy", "model=vit"},
    {"What is the best learning rate for a ViT on few images?", "image_classification", "learning_rate", "",
     "train_size", "accuracy", "model=vit"},
    // tabular
    {"Does label noise hurt random forests more than linear models?", "tabular/breast_cancer", "label_noise", "0>0.3",
     "model:forest", "accuracy", ""},
    {"Do random forests need more training rows than logistic regression?", "tabular/breast_cancer", "train_size",
     "227>28", "model:forest", "accuracy", ""},
    {"Are support vector machines more sensitive to feature scaling than random forests?", "tabular/breast_cancer",
     "scaling", "", "model:svm", "accuracy", ""},
    {"Does gradient boosting overfit more than a random forest on the wine data?", "tabular/wine", "model",
     "forest>boosting", "", "accuracy", ""},
    {"Does adding more trees keep improving a random forest?", "tabular/breast_cancer", "trees", "100>5", "",
     "accuracy", "model=forest"},
    {"How deep should the trees of a random forest be?", "tabular/breast_cancer", "depth", "", "", "accuracy",
     "model=forest"},
    {"Is a k-nearest neighbour model hurt more by noisy features than gradient boosting?", "tabular/breast_cancer",
     "feature_noise", "0>1", "model:knn", "accuracy", ""},
    {"Does stronger regularisation help logistic regression when there are few rows?", "tabular/breast_cancer",
     "regularisation", "100>0.01", "train_size", "accuracy", "model=linear"},
    {"Does a random forest explain more variance than ridge regression on the diabetes data?", "tabular/diabetes",
     "model", "forest>linear", "", "r2", ""},
    {"Can boosting beat a support vector machine when labels are noisy?", "tabular/breast_cancer", "model",
     "boosting>svm", "label_noise", "accuracy", ""},
    {"Do mislabelled rows degrade boosted trees less than nearest neighbours?", "tabular/breast_cancer", "label_noise",
     "0>0.3", "model:knn", "accuracy", ""},
    // optimization
    {"Does momentum help SGD?", "optimization/digits", "optimiser", "momentum>sgd", "", "log_train_loss", ""},
    {"Does Adam converge faster than SGD?", "optimization/digits", "optimiser", "adam>sgd", "", "log_train_loss", ""},
    {"Does momentum help SGD converge on an ill-conditioned problem?", "optimization/digits", "optimiser",
     "momentum>sgd", "", "log_train_loss", "scaling=raw"},
    {"Does weight decay slow down the optimisation of a logistic regression?", "optimization/digits", "weight_decay",
     "0>0.01", "", "log_train_loss", "model=linear"},
    {"Is a linear decay as good as a cosine decay for optimising a small network?", "optimization/digits", "schedule",
     "", "", "log_train_loss", ""},
    {"Does RMSprop reach a lower training loss than plain SGD on the diabetes data?", "optimization/diabetes",
     "optimiser", "rmsprop>sgd", "", "log_train_loss", ""},
    {"Does standardising the inputs help plain SGD more than Adam?", "optimization/digits", "scaling",
     "standardised>raw", "optimiser:sgd", "log_train_loss", ""},
    {"Does a high learning rate hurt momentum more than Adam?", "optimization/digits", "learning_rate", "1>4",
     "optimiser:momentum", "log_train_loss", ""},
    {"Does gradient clipping help plain SGD when the learning rate is high?", "optimization/digits", "clipping",
     "0.1>0", "learning_rate", "log_train_loss", "optimiser=sgd"},
    // nlp_language_modeling
    {"Does a longer context help transformers?", "nlp_language_modeling", "context", "64>16", "", "log_loss",
     "model=transformer"},
    {"Does a longer context help transformers more than LSTMs?", "nlp_language_modeling", "context", "64>16",
     "model:transformer", "log_loss", ""},
    {"Does gradient clipping help an LSTM?", "nlp_language_modeling", "clipping", "0.1>0", "", "log_loss",
     "model=lstm"},
    {"Do LSTMs learn better than transformers at small training budgets?", "nlp_language_modeling", "model",
     "lstm>transformer", "steps", "log_loss", ""},
    {"Is a word-level language model better than a character-level one?", "nlp_language_modeling", "unit",
     "words>characters", "", "log_loss", ""},
    {"Does dropout hurt character-level language models?", "nlp_language_modeling", "dropout", "0>0.25", "", "log_loss",
     "unit=characters"},
    {"Does tying the input and output embeddings lower perplexity?", "nlp_language_modeling", "tying", "tied>none", "",
     "perplexity", ""},
    {"How long should the context of a GRU be?", "nlp_language_modeling", "context", "", "", "log_loss", "model=gru"},
    {"Does a wider LSTM reach a lower perplexity?", "nlp_language_modeling", "width", "128>32", "", "perplexity",
     "model=lstm"},
    // diagnostic
    {"Do vanishing gradients limit deep MLPs?", "diagnostic", "depth", "4>16", "", "gradient_imbalance", ""},
    {"Do vanishing gradients get worse in deeper networks?", "diagnostic", "depth", "4>16", "", "gradient_imbalance",
     ""},
    {"Do residual connections prevent vanishing gradients in deep networks?", "diagnostic", "residual", "residual>none",
     "depth", "gradient_imbalance", ""},
    {"Does He initialisation keep gradients from vanishing better than Xavier initialisation in ReLU networks?",
     "diagnostic", "initialisation", "he>xavier", "", "gradient_imbalance", "activation=relu"},
    {"Do sigmoid networks suffer more from vanishing gradients than ReLU networks?", "diagnostic", "activation",
     "relu>sigmoid", "", "gradient_imbalance", ""},
    {"Do higher learning rates cause more dead ReLU units?", "diagnostic", "learning_rate", "0.05>0.2", "",
     "dead_units", ""},
    {"Does gradient surgery reduce the conflict between two losses?", "diagnostic", "surgery", "projection>none", "",
     "gradient_conflict", ""},
    {"Does batch norm protect sigmoid networks from saturation?", "diagnostic", "normalisation", "batch>none", "",
     "dead_units", "activation=sigmoid"},
    // Written after the rules and read by them unchanged, or by words that the tables then got.
    {"Does dropout help ViTs less than it helps CNNs?", "image_classification", "dropout", "0.2>0", "model:cnn",
     "accuracy", ""},
    {"Are CNNs more robust to input noise than vision transformers?", "image_classification", "augmentation",
     "none>noise", "model:vit", "accuracy", ""},
    {"Do deeper CNNs need batch normalisation?", "image_classification", "normalisation", "batch>none", "depth",
     "accuracy", "model=cnn"},
    {"Is the gain from data augmentation bigger for ViTs than for CNNs on few images?", "image_classification",
     "augmentation", "", "model:vit", "accuracy", "train_size=200"},
    {"Do sigmoid activations hurt deep networks?", "image_classification", "activation", "relu>sigmoid", "depth",
     "accuracy", ""},
    {"How many training images does a CNN need?", "image_classification", "train_size", "", "", "accuracy",
     "model=cnn"},
    {"Will rotating the training images improve an MLP?", "image_classification", "augmentation", "rotation>none", "",
     "accuracy", "model=mlp"},
    {"Hilft Dropout kleinen CNNs?", "image_classification", "dropout", "0.2>0", "", "accuracy", "model=cnn"},
    {"Sind Random Forests besser als lineare Modelle?", "tabular/breast_cancer", "model", "forest>linear", "",
     "accuracy", ""},
    {"Ist ein Random Forest besser als ein lineares Modell?", "tabular/breast_cancer", "model", "forest>linear", "",
     "accuracy", ""},
    {"Ist Adam besser als SGD bei einem linearen Modell?", "optimization/digits", "optimiser", "adam>sgd", "",
     "log_train_loss", "model=linear"},
    {"Ist Adam bei linearen Modellen besser als SGD?", "optimization/digits", "optimiser", "adam>sgd", "",
     "log_train_loss", "model=linear"},
    {"Do random forests lose accuracy when features are noisy?", "tabular/breast_cancer", "feature_noise", "0>1", "",
     "accuracy", "model=forest"},
    {"Is a support vector machine still useful without feature scaling?", "tabular/breast_cancer", "scaling",
     "standard>none", "", "accuracy", "model=svm"},
    {"Does averaging more trees reduce the error of forests?", "tabular/breast_cancer", "trees", "100>5", "",
     "accuracy", "model=forest"},
    {"Does AdamW generalise better than Adam?", "optimization/digits", "optimiser", "adamw>adam", "", "accuracy", ""},
    {"How much warm-up does Adam need?", "optimization/digits", "warm_up", "", "", "log_train_loss", "optimiser=adam"},
    {"Do large batches make optimisation faster?", "optimization/digits", "batch_size", "128>32", "", "log_train_loss",
     ""},
    {"Is Adam less sensitive to badly scaled features than SGD?", "optimization/digits", "scaling", "", "optimiser:sgd",
     "log_train_loss", ""},
    {"Does weight decay hurt Adam more than SGD?", "optimization/digits", "weight_decay", "0>0.01", "optimiser:adam",
     "log_train_loss", ""},
    {"Do word models need more data than character models?", "nlp_language_modeling", "train_size", "140000>40000",
     "unit:words", "log_loss", ""},
    {"Does a two-layer LSTM beat a one-layer LSTM?", "nlp_language_modeling", "depth", "2>1", "", "log_loss",
     "model=lstm"},
    {"Does dropout reduce the perplexity of LSTMs when text is scarce?", "nlp_language_modeling", "dropout", "0.25>0",
     "train_size", "perplexity", "model=lstm"},
    {"Does an unrelated auxiliary task cause gradient conflict?", "diagnostic", "second_term", "reconstruction>random",
     "", "gradient_conflict", ""},
    {"Does a wider network suffer less from dead units?", "diagnostic", "width", "128>32", "", "dead_units", ""},
    {"Does depth make gradients vanish?", "diagnostic", "depth", "2>16", "", "gradient_imbalance", ""},
    {"Do leaky ReLUs prevent dead units at high learning rates?", "diagnostic", "activation", "leaky_relu>relu",
     "learning_rate", "dead_units", ""},
};

TEST(OfflineQuestions, AreReadAsAResearcherMeansThem) {
  EXPECT_GE(std::size(kQuestions), 30u);
  for (const auto& expected : kQuestions) {
    const json::object scope = scope_of(expected.question);
    EXPECT_EQ(told(scope), told(expected)) << expected.question;
    EXPECT_TRUE(shipped::fits(scope, "ideation", "ideation.scope").ok()) << expected.question;
  }
}

TEST(OfflineQuestions, AColumnThatHelpsIsMissedWhereItIsLeftOut) {
  // As describe.py writes the factor: its levels leave a column out, and questions name the column.
  json::object own = library().manifest("tabular/breast_cancer");
  own["factors"].as_object()["columns"] = json::object{
      {"title", "choice of columns"},
      {"kind", "categorical"},
      {"role", "input"},
      {"default", "all"},
      {"reference", "all"},
      {"levels", json::array{"all", "c1"}},
      {"words", json::array{"column", "feature"}},
      {"labels", json::object{{"all", "all columns"}, {"c1", "all columns but rain_mm"}}},
      {"level_words", json::object{{"c1", json::array{"without rain mm", "column rain mm", "no rain mm", "rain mm"}}}}};
  for (const auto& [question, asked] : {std::pair{"Does the column rain mm help linear models to predict?", "all>c1"},
                                        std::pair{"Do linear models benefit from rain mm?", "all>c1"},
                                        std::pair{"Does training without rain mm hurt linear models?", "all>c1"},
                                        std::pair{"Does leaving out the column rain mm hurt linear models?", "all>c1"},
                                        std::pair{"Does removing rain mm hurt linear models?", "all>c1"},
                                        std::pair{"Does it hurt linear models when rain mm is left out?", "all>c1"},
                                        std::pair{"Does dropping the column rain mm help linear models?", "c1>all"},
                                        std::pair{"Does rain mm hurt linear models?", "c1>all"}}) {
    const json::object scope = offline::ideation_scope({{"question", question}, {"templates", json::array{own}}});
    EXPECT_EQ(told(scope), "tabular/breast_cancer | columns | " + std::string{asked} + " |  | accuracy | model=linear")
        << question;
  }
}

// A target whose name is in another script: no word of it is one that the rules know, so it ends no name of an arm.
TEST(OfflineQuestions, ATargetMayHaveANameInAnyScript) {
  json::object own = library().manifest("tabular/breast_cancer");
  own["metrics"].as_object()["accuracy"].as_object()["words"].as_array().emplace_back("цена");
  for (const char* question : {"Does scaling help for цена versus area?", "Does scaling help for area versus цена?",
                               "Is цена versus 面积 better with scaling?", "Does цена beat цена?"}) {
    const json::object scope = offline::ideation_scope({{"question", question}, {"templates", json::array{own}}});
    EXPECT_TRUE(shipped::fits(scope, "ideation", "ideation.scope").ok()) << question;
  }
}

// Two columns whose names differ in signs alone: the letters that they share name neither.
TEST(OfflineQuestions, ANameThatMayBeOneOrAnotherIsRefusedWithBoth) {
  json::object own = library().manifest("tabular/breast_cancer");
  own["factors"].as_object()["columns"] = json::object{
      {"title", "choice of columns"},
      {"kind", "categorical"},
      {"role", "input"},
      {"default", "all"},
      {"reference", "all"},
      {"levels", json::array{"all", "c1", "c2"}},
      {"words", json::array{"column"}},
      {"labels",
       json::object{{"all", "all columns"}, {"c1", "all columns but prix €"}, {"c2", "all columns but prix $"}}},
      {"level_words", json::object{{"c1", json::array{"column prix", "prix", "column prix €", "prix €"}},
                                   {"c2", json::array{"column prix", "prix", "column prix $", "prix $"}}}}};
  const auto asked = [&](const char* question) {
    return offline::ideation_scope({{"question", question}, {"templates", json::array{own}}});
  };
  const json::object refused = asked("Does leaving out the column prix hurt linear models?");
  EXPECT_FALSE(kit::flag_of(refused, "answerable", true));
  EXPECT_NE(text_of(refused, "reason").find("\"column prix\" (all columns but prix € or all columns but prix $)"),
            std::string::npos)
      << text_of(refused, "reason");
  EXPECT_EQ(told(asked("Does leaving out the column prix $ hurt linear models?")),
            "tabular/breast_cancer | columns | all>c2 |  | accuracy | model=linear");
}

TEST(OfflineQuestions, WhatNoTemplateAnswersIsRefusedWithWhatIsMissingAndWhatCanBeAsked) {
  const std::pair<const char*, const char*> kRefused[] = {
      {"Does dropout help random forests?", "random forest (model), which belongs to \"Prediction from the columns"},
      {"Does label noise hurt CNNs?", "which belongs to"},
      {"Does mixup help language models?", "language model (subject), which belongs to \"Language modelling"},
      {"Does gradient clipping help a random forest?", "random forest (model), which belongs to"},
      {"Is XGBoost better than a random forest?", "XGBoost"},
      {"Does an RNN beat an LSTM?", "rnn"},
      {"Does quantization hurt an LSTM?", "quantization"},
      {"Does early stopping help a CNN?", "early stopping"},
      {"How does the number of attention heads affect a transformer?", "attention heads"},
      {"Does dropout beat weight decay for LSTMs?", "dropout rate against weight decay"},
      {"Is a deeper LSTM better than a wider one?", "number of layers against width"},
      {"How does temperature affect sampling from a language model?", "nothing that a template can vary"},
      {"Should I buy a GPU?", "nothing that a template can vary"}};
  for (const auto& [question, missing] : kRefused) {
    const json::object scope = scope_of(question);
    EXPECT_FALSE(kit::flag_of(scope, "answerable", true)) << question << " " << told(scope);
    EXPECT_NE(text_of(scope, "reason").find(missing), std::string::npos) << question << " " << text_of(scope, "reason");
    EXPECT_EQ(kit::array_of(scope, "can_study").size(), 5u) << question;  // variants are told of together
  }
}

TEST(OfflineQuestions, WhereAnEffectIsClaimedToBeLargerIsTheFirstHypothesisAndItsDirection) {
  // The contrast is the effect at the first level less that at the second, in such an order that the claim is positive.
  const std::tuple<const char*, const char*, bool> kClaims[] = {
      {"Does label noise hurt random forests more than linear models?", "forest", true},
      {"Does label noise hurt random forests less than linear models?", "linear", true},
      {"Are random forests more robust to label noise than linear models?", "linear", true},
      {"Does a high learning rate hurt momentum more than Adam?", "momentum", false}};
  for (const auto& [question, larger, higher_is_better] : kClaims) {
    const json::object scope = scope_of(question);
    const json::object answer =
        offline::ideation_hypotheses({{"question", question},
                                      {"scope", scope},
                                      {"template", library().manifest(text_of(scope, "template"))},
                                      {"records", shipped::records()},
                                      {"count", 3}});
    const json::object& first = answer.at("hypotheses").as_array().front().as_object();
    const auto& levels = kit::array_of(object_of(first, "moderator"), "levels");
    ASSERT_EQ(levels.size(), 2u) << question;
    EXPECT_TRUE(kit::flag_of(first, "primary")) << question;
    EXPECT_EQ(text_of(object_of(first, "expected"), "direction"), "higher") << question;
    EXPECT_EQ(kit::level_name(levels[higher_is_better ? 0 : 1]), larger) << question;
    EXPECT_NE(text_of(first, "statement").find("is larger with a {{label:model." + std::string{larger}) ==
                      std::string::npos &&
                  text_of(first, "statement").find("is larger with {{label:optimiser." + std::string{larger}) ==
                      std::string::npos,
              true)
        << text_of(first, "statement");
  }
}

}  // namespace
}  // namespace aisci
