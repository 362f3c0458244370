// What stands where a comparison needs an arm: a name that no template has is refused by that name, of however many
// words it is, and words that only describe an arm that there is are not.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/agents/shipped_library.hpp"

namespace aisci {
namespace {

using kit::text_of;
using shipped::library;
using shipped::scope_of;

TEST(OfflineArms, ANameOfSeveralWordsThatNoTemplateHasIsRefused) {
  const std::pair<const char*, const char*> kQuestions[] = {
      {"Does quantum annealing beat SGD?", "quantum annealing (optimiser)"},
      {"Does a Kalman filter reach a lower loss than Adam?", "Kalman filter (optimiser)"},
      {"Does Adam reach a lower loss than a Kalman filter?", "Kalman filter (optimiser)"},
      {"Does Kalman reach a lower loss than Adam?", "Kalman (optimiser)"},
      {"Does a Kalman filter with momentum beat SGD?", "Kalman filter (optimiser)"},
      {"Does training with a Kalman filter beat Adam?", "Kalman filter (optimiser)"},
      {"Does using a Kalman filter instead of SGD lower the training loss?", "Kalman filter (optimiser)"},
      {"Does replacing SGD by a Kalman filter help?", "Kalman filter (optimiser)"},
      {"Does a Kalman filter help SGD more than Adam?", "Kalman filter (optimiser)"},
      {"Is a Kalman filter as good as Adam?", "Kalman filter (optimiser)"},
      {"How much better is a Kalman filter than Adam?", "Kalman filter (optimiser)"},
      {"Should I use Adam or a Kalman filter?", "Kalman filter (optimiser)"},
      {"Compare Adam with a Kalman filter.", "Kalman filter (optimiser)"},
      {"What is the difference between Adam and a Kalman filter?", "Kalman filter (optimiser)"},
      {"Adam versus a natural gradient method: which converges faster?", "natural gradient method (optimiser)"},
      {"Is SGD outperformed by particle swarm optimisation?", "particle swarm optimisation (optimiser)"},
      {"Is an ant colony a better optimiser than Adam?", "ant colony (optimiser)"},
      {"Does a genetic algorithm converge faster than SGD?", "genetic algorithm (optimiser)"},
      {"Does a triangular schedule beat a cosine schedule?", "triangular schedule (learning-rate schedule)"},
      {"Does second-order optimisation help more than dropout?", "second-order optimisation (dropout rate)"},
      {"Does knowledge editing help CNNs more than dropout?", "knowledge editing (dropout rate)"},
      {"Is a spiking neural network more accurate than a CNN?", "spiking neural network (architecture)"},
      {"Is ReLU worse than a cubic spline for ViTs?", "cubic spline (activation function)"},
      {"Does a spline activation function beat ReLU?", "spline activation function (activation function)"},
      {"Is a Bayesian classifier better than a random forest?", "Bayesian classifier (kind of model)"},
      {"Is the accuracy of a Bayesian network higher than that of a random forest?",
       "Bayesian network (kind of model)"},
      {"Is a random Fourier feature map better than a linear model?", "random Fourier feature map"},
      {"Does linear discriminant analysis beat logistic regression?", "linear discriminant analysis (kind of model)"},
      {"Do hidden Markov models reach a lower perplexity than LSTMs?", "hidden Markov models (architecture)"},
      {"Does a mixture of experts beat an LSTM?", "mixture of experts (architecture)"},
      {"Is gradient surgery better than loss reweighting for conflicts between loss terms?",
       "loss reweighting (gradient surgery)"},
      {"Does orthogonal initialisation prevent vanishing gradients better than spectral rescaling?",
       "spectral rescaling (initialisation)"}};
  for (const auto& [question, name] : kQuestions) {
    const json::object scope = scope_of(question);
    EXPECT_FALSE(kit::flag_of(scope, "answerable", true)) << question;
    EXPECT_NE(text_of(scope, "reason").find(std::string{": "} + name), std::string::npos)
        << question << " " << text_of(scope, "reason");
    EXPECT_FALSE(kit::array_of(scope, "can_study").empty()) << question;
  }
}

TEST(OfflineArms, WordsAroundAnArmThatThereIsAreNoNames) {
  const std::pair<const char*, const char*> kQuestions[] = {
      {"Does a well-tuned plain SGD beat Adam?", "optimiser"},
      {"Is the Adam optimizer better than the SGD optimizer?", "optimiser"},
      {"Does training with Adam converge faster than training with SGD?", "optimiser"},
      {"Do people get better results with Adam than with SGD?", "optimiser"},
      {"Does the popular AdamW optimiser really beat old-fashioned SGD?", "optimiser"},
      {"Is Adam better than people think?", "optimiser"},
      {"Is Adam better than doing nothing?", "optimiser"},
      {"Do adaptive optimisers beat SGD?", "optimiser"},
      {"Does any optimiser beat Adam?", "optimiser"},
      {"Does stepwise decay beat a fixed learning rate?", "schedule"},
      {"Does a warm-up help Adam more than it helps plain SGD?", "warm_up"},
      {"Do small neural networks with GELU beat those with ReLU?", "activation"},
      {"Does an image classifier with GELU beat one with ReLU?", "activation"},
      {"Is there any benefit of GELU over ReLU when data are scarce?", "activation"},
      {"Does the validation accuracy of a CNN exceed that of an MLP on small datasets?", "model"},
      {"Does a fully connected network with batch norm beat one without normalisation?", "normalisation"},
      {"Is random erasing better than random shifts when images are scarce?", "augmentation"},
      {"Do CNNs lose more than ten percent accuracy without augmentation?", "augmentation"},
      {"Does heavy augmentation beat light augmentation?", "augmentation"},
      {"Does dropout help sigmoid more than relu?", "dropout"},
      {"Do tree-based models beat linear models on small tabular data?", "model"},
      {"Is a carefully regularised linear model as accurate as a random forest on the wine data?", "model"},
      {"Do forests of a hundred trees predict better than forests of five trees?", "trees"},
      {"Does a random forest beat logistic regression by more than one percent?", "model"},
      {"Is ridge regression any worse than gradient boosting when only a handful of rows is available?", "model"},
      {"Are tied embeddings better than untied embeddings for transformers?", "tying"},
      {"Do words as units give a lower perplexity than characters as units?", "unit"},
      {"Is Kaiming initialisation better than Glorot initialisation in deep ReLU networks?", "initialisation"},
      {"Do residual connections help deep tanh networks more than deep ReLU networks?", "residual"}};
  for (const auto& [question, factor] : kQuestions) {
    const json::object scope = scope_of(question);
    EXPECT_TRUE(kit::flag_of(scope, "answerable")) << question << " " << text_of(scope, "reason");
    EXPECT_EQ(text_of(scope, "factor"), factor) << question;
  }
}

TEST(OfflineArms, WhatCanBeStudiedIsSaidOnceOfTheVariantsOfATemplate) {
  const auto can = kit::texts_of(scope_of("What is love?"), "can_study");
  const auto tabular = [](const std::string& text) {
    return text.starts_with("Prediction from the columns of a table");
  };
  ASSERT_EQ(std::count_if(can.begin(), can.end(), tabular), 1);
  const std::string text = *std::find_if(can.begin(), can.end(), tabular);
  for (const char* part : {"tabular/breast_cancer, tabular/diabetes and tabular/wine", "accuracy or r2",
                           "random forest", "(28, 56, 113, 227; or 22, 44, 88, 176; or 12, 18, 35, 71)"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  EXPECT_EQ(text.find("random forest"), text.rfind("random forest"));
}

}  // namespace
}  // namespace aisci
