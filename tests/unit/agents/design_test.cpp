#include <gtest/gtest.h>
#include <aisci/plugin/call.hpp>

#include <array>

#include "agents/design/assembly.hpp"
#include "agents/design/templates.hpp"
#include "llm/offline/design.hpp"
#include "unit/agents/shipped_data.hpp"

namespace aisci {
namespace {

using kit::object_of;
using kit::text_of;

json::object hypothesis() {
  return {{"statement",
           "A {{label:model.vit}} reaches a higher accuracy with {{label:activation.gelu}} than with "
           "{{label:activation.relu}}."},
          {"metric", "accuracy"},
          {"factor", "activation"},
          {"treatment", "gelu"},
          {"baseline", "relu"},
          {"context", json::object{{"model", "vit"}, {"train_size", 200}}},
          {"moderator", nullptr},
          {"expected", json::object{{"direction", "higher"}, {"size", 0.03}}},
          {"population", "small images"}};
}

json::object interaction() {
  json::object h = hypothesis();
  h["context"] = json::object{{"model", "vit"}};
  h["moderator"] = json::object{{"factor", "train_size"}, {"levels", json::array{100, 400}}};
  h["expected"] = json::object{{"direction", "lower"}};
  return h;
}

std::vector<std::string> ids(const json::object& plan) {
  std::vector<std::string> list;
  for (const auto* arm : kit::objects_of(plan, "arms")) list.push_back(text_of(*arm, "id"));
  return list;
}

json::object decided(const json::object& h, int blocks) {
  return offline::design_plan({{"hypothesis", h}, {"template", shipped::manifest()}, {"blocks", blocks}});
}

TEST(DesignPlan, ADifferenceHasTwoArmsWithAValueForEveryFactor) {
  const auto plan = design::assembled_plan(hypothesis(), shipped::manifest(), decided(hypothesis(), 5), 5);
  EXPECT_EQ(ids(plan), (std::vector<std::string>{"gelu", "relu"}));
  EXPECT_EQ(text_of(plan, "baseline"), "relu");
  EXPECT_EQ(text_of(object_of(plan, "contrast"), "scale"), "linear");
  EXPECT_EQ(kit::number_of(object_of(object_of(plan, "contrast"), "weights"), "gelu"), 1);
  EXPECT_EQ(kit::number_of(object_of(plan, "contrast"), "predicted_sign"), 1);
  EXPECT_EQ(kit::number_of(plan, "smallest_effect"), 0.02);
  const auto arms = kit::objects_of(plan, "arms");
  for (const auto* arm : arms) {
    EXPECT_EQ(object_of(*arm, "config").size(), object_of(shipped::manifest(), "factors").size());
    EXPECT_EQ(kit::number_of(object_of(*arm, "config"), "train_size"), 200);
  }
  EXPECT_EQ(text_of(object_of(*arms[0], "config"), "activation"), "gelu");
  EXPECT_EQ(text_of(*arms[0], "label"), "GELU");
}

TEST(DesignPlan, AnInteractionHasFourArmsOnTheLogitScale) {
  const auto plan = design::assembled_plan(interaction(), shipped::manifest(), decided(interaction(), 5), 5);
  EXPECT_EQ(ids(plan), (std::vector<std::string>{"gelu-100", "relu-100", "gelu-400", "relu-400"}));
  const auto& contrast = object_of(plan, "contrast");
  EXPECT_EQ(text_of(contrast, "kind"), "interaction");
  EXPECT_EQ(text_of(contrast, "scale"), "logit");
  EXPECT_EQ(kit::number_of(contrast, "predicted_sign"), -1);
  std::vector<double> weights;
  for (const auto& id : ids(plan)) weights.push_back(kit::number_of(object_of(contrast, "weights"), id));
  EXPECT_EQ(weights, (std::vector<double>{1, -1, -1, 1}));
  EXPECT_NEAR(kit::number_of(plan, "smallest_effect"), 0.125, 1e-12);
  EXPECT_EQ(kit::number_of(object_of(*kit::objects_of(plan, "arms")[2], "config"), "train_size"), 400);
  EXPECT_EQ(text_of(*kit::objects_of(plan, "arms")[0], "label"), "GELU, 100 training images");
}

TEST(DesignPlan, SidesMaySetSeveralFactors) {
  json::object h = hypothesis();
  h["also"] = json::object{{"dropout", json::array{0.2, 0}}, {"weight_decay", json::array{0.05, 0.05}}};
  h["called"] = json::array{"the whole recipe", "ReLU alone"};
  const auto plan = design::assembled_plan(h, shipped::manifest(), decided(h, 5), 5);
  EXPECT_EQ(ids(plan), (std::vector<std::string>{"the_whole_recipe", "ReLU_alone"}));
  EXPECT_EQ(text_of(plan, "title").rfind("the whole recipe against ReLU alone", 0), 0u) << text_of(plan, "title");
  const auto arms = kit::objects_of(plan, "arms");
  EXPECT_EQ(text_of(*arms[1], "label"), "ReLU alone");
  const std::vector<std::array<double, 2>> wanted{{0.2, 0.05}, {0, 0.05}};
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& config = object_of(*arms[side], "config");
    EXPECT_EQ(text_of(config, "activation"), side == 0 ? "gelu" : "relu");
    EXPECT_EQ(kit::number_of(config, "dropout"), wanted[side][0]);
    EXPECT_EQ(kit::number_of(config, "weight_decay"), wanted[side][1]);
    EXPECT_EQ(kit::number_of(config, "train_size"), 200) << "the context holds on both sides";
  }
  h["called"] = json::array{"\u5168\u90e8", "\u5355\u72ec"};  // ids are of letters and digits
  EXPECT_EQ(ids(design::assembled_plan(h, shipped::manifest(), decided(h, 5), 5)),
            (std::vector<std::string>{"gelu", "relu"}));
  json::object nameless = h;
  nameless.erase("called");
  EXPECT_THROW((void)design::assembled_plan(nameless, shipped::manifest(), {}, 5), plugin::Error);
  h["moderator"] = json::object{{"factor", "dropout"}, {"levels", json::array{0, 0.2}}};
  EXPECT_THROW((void)design::assembled_plan(h, shipped::manifest(), {}, 5), plugin::Error);
  h["moderator"] = nullptr;
  h["also"] = json::object{{"dropout", json::array{0.2}}};
  EXPECT_THROW((void)design::assembled_plan(h, shipped::manifest(), {}, 5), plugin::Error);
  h["also"] = json::object{{"dropout", json::array{0.2, 0.77}}};
  EXPECT_THROW((void)design::assembled_plan(h, shipped::manifest(), {}, 5), plugin::Error);
}

TEST(DesignPlan, NumbersMakeUsableNames) {
  json::object h = hypothesis();
  h["factor"] = "dropout", h["treatment"] = 0.1, h["baseline"] = 0;
  const auto plan = design::assembled_plan(h, shipped::manifest(), {}, 5);
  EXPECT_EQ(ids(plan), (std::vector<std::string>{"0_1", "0"}));
  EXPECT_EQ(text_of(*kit::objects_of(plan, "arms")[0], "label"), "dropout rate 0.1");
  EXPECT_EQ(text_of(*kit::objects_of(plan, "arms")[1], "label"), "no dropout");
}

TEST(DesignPlan, NeverHasFewerThanFiveBlocks) {
  EXPECT_EQ(kit::number_of(design::assembled_plan(hypothesis(), shipped::manifest(), {}, 1), "blocks"), 5);
  EXPECT_EQ(kit::number_of(design::assembled_plan(hypothesis(), shipped::manifest(), {{"blocks", 9}}, 5), "blocks"), 9);
  EXPECT_EQ(kit::number_of(decided(hypothesis(), 2), "blocks"), 5);
}

TEST(DesignPlan, NamesWhatTheTemplateDoesNotHave) {
  const auto message = [](json::object h) -> std::string {
    try {
      (void)design::assembled_plan(h, shipped::manifest(), {}, 5);
    } catch (const plugin::Error& error) {
      return error.message();
    }
    return {};
  };
  json::object h = hypothesis();
  h["treatment"] = "mish";
  EXPECT_EQ(message(h), "activation function has no level \"mish\"");
  h = hypothesis();
  h["context"] = json::object{{"optimizer", "sgd"}};
  EXPECT_EQ(message(h), "the template has no factor \"optimizer\"");
  h = hypothesis();
  h["baseline"] = "gelu";
  EXPECT_EQ(message(h), "treatment and baseline are the same level of activation");
  h = interaction();
  h["moderator"] = json::object{{"factor", "train_size"}, {"levels", json::array{100}}};
  EXPECT_EQ(message(h), "an interaction needs two different levels of its moderator");
}

TEST(DesignPlan, OfflineDecisionsFitTheSchemaAndStandInWords) {
  const auto answer = decided(interaction(), 5);
  EXPECT_TRUE(shipped::fits(answer, "design", "design.plan").ok())
      << shipped::fits(answer, "design", "design.plan").message();
  EXPECT_EQ(text_of(answer, "title"), "GELU against ReLU, 100 training images against 400 training images (ViT)");
}

// A paper says that no arm is tuned beside how the template's own values were found: both must be true.
TEST(DesignPlan, SaysWhatArmsShareInsteadOfBeingTuned) {
  const auto tuning = [](const json::object& h, const json::value& tuned_for) {
    json::object manifest = shipped::manifest();
    manifest["factors"].as_object()["learning_rate"].as_object()["tuned_for"] = tuned_for;
    return text_of(offline::design_plan({{"hypothesis", h}, {"template", manifest}, {"blocks", 5}}), "tuning");
  };
  EXPECT_EQ(tuning(hypothesis(), json::array{}),
            "No arm is tuned in this study: every setting, the peak learning rate included, is the template's unless "
            "the question or a comparison names another level.");
  EXPECT_EQ(tuning(hypothesis(), json::array{"model"}), tuning(hypothesis(), json::array{}));
  EXPECT_EQ(tuning(hypothesis(), json::array{"activation", "model"}),
            "No arm is tuned in this study: every setting, the peak learning rate included, is the template's unless "
            "the question or a comparison names another level; what the peak learning rate comes to "
            "for each activation function and architecture was "
            "picked "
            "beforehand.");
  json::object rates = hypothesis();
  rates["factor"] = "learning_rate", rates["treatment"] = 0.01, rates["baseline"] = 0.002;
  EXPECT_EQ(tuning(rates, json::array{}), "No arm is tuned in this study: all share one recipe.")
      << "what arms differ in they do not share";
}

TEST(DesignTemplates, OffersManifestsAndFilesAndNothingOutside) {
  const design::Templates templates{std::string{AISCI_SOURCE_DIR} + "/plugins/agents/design/templates"};
  EXPECT_GE(templates.manifests().size(), 1u);
  const auto code = templates.files(templates.manifest("image_classification"), "files");
  EXPECT_NE(text_of(code, "experiment.py").find("import"), std::string::npos);
  const auto prepare = templates.files(templates.manifest("image_classification"), "prepare_files");
  EXPECT_NE(text_of(prepare, "prepare_digits.py").find("load_digits"), std::string::npos) << "shared by templates";
  EXPECT_THROW((void)templates.manifest("../review"), plugin::Error);
  EXPECT_THROW(design::Templates{"/nowhere"}, plugin::Error);
}

// Nobody can guess what a program measures in its own networks: there `chance` is what a diverged trial counts as.
TEST(Design, SaysWhatADivergedTrialCountsAs) {
  json::object manifest = shipped::manifest();
  const auto divergence = [&] {
    return text_of(offline::design_plan({{"hypothesis", hypothesis()}, {"template", manifest}}), "divergence");
  };
  EXPECT_NE(divergence().find("with the score of guessing"), std::string::npos);
  auto& metric = manifest["metrics"].as_object()["accuracy"].as_object();
  metric["scored_by"] = "program";
  EXPECT_NE(divergence().find("by the value that the template gives it"), std::string::npos);
  metric["measured_on"] = "training";
  EXPECT_NE(divergence().find("with the score of guessing"), std::string::npos);
  metric.erase("chance");
  EXPECT_NE(divergence().find("has no score, and its block is left out"), std::string::npos);
  EXPECT_NE(divergence().find("whose loss or outputs stop being finite"), std::string::npos);
  manifest["terms"].as_object()["trained"] = "fitted";  // in one go, with no loss to follow
  EXPECT_EQ(divergence().find("loss"), std::string::npos);
}

}  // namespace
}  // namespace aisci
