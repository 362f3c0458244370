// What the shipped templates say of how their trials come about: the Method of a paper says it where it acts, and a
// template that says it wrongly is refused by name.
#include <gtest/gtest.h>
#include <aisci/plugin/call.hpp>

#include <filesystem>

#include "agents/design/details.hpp"
#include "agents/design/templates.hpp"
#include "llm/offline/hypotheses.hpp"
#include "llm/offline/question.hpp"
#include "llm/offline/writing_author.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::says;
using kit::object_of;
using kit::objects_of;
using kit::text_of;

const design::Templates& library() {
  static const design::Templates kLibrary{std::string{AISCI_SOURCE_DIR} + "/plugins/agents/design/templates"};
  return kLibrary;
}

// A study of one experiment, whose two arms have these levels and otherwise the template's usual ones.
json::object study_of(const json::object& manifest, const json::object& levels, const std::string& metric) {
  json::object config;
  for (const auto& [name, factor] : object_of(manifest, "factors")) config[name] = factor.at("default");
  for (const auto& [name, level] : levels) config[name] = level;
  json::object facts;
  const auto text = [](const json::value& value) { return json::object{{"text", kit::level_name(value)}}; };
  for (const auto& [name, fact] : object_of(manifest, "facts")) {
    json::object stated = text(fact.at("value"));
    stated["kind"] = fact.at("kind");
    facts["template." + std::string{name}] = std::move(stated);
  }
  for (const auto& [name, value] : object_of(object_of(manifest, "dataset"), "splits"))
    facts["template." + std::string{name}] = text(value);
  const json::array arms{json::object{{"id", "a"}, {"config", config}}, json::object{{"id", "b"}, {"config", config}}};
  const json::object node{{"id", "n1"},
                          {"state", "done"},
                          {"hypothesis", json::object{{"factor", "model"}}},
                          {"plan", json::object{{"arms", arms}}}};
  return {{"template", manifest},
          {"scope", json::object{{"metric", metric}, {"context", json::object{}}}},
          {"nodes", json::array{node}},
          {"claims", json::array{}},
          {"facts", facts}};
}

struct Method {
  std::string text;   // of its paragraphs, as a reader sees them
  std::string setup;  // of its table
};

Method method_of(const json::object& study) {
  offline::Author author{study};
  Method found;
  const json::object section = offline::method(author);
  for (const auto* block : objects_of(section, "blocks"))
    if (text_of(*block, "id") == "setup")
      found.setup += json::serialize(*block);
    else
      found.text += author.plain(text_of(*block, "text")) + "\n";
  return found;
}

Method method_of(const std::string& name, const json::object& levels, const std::string& metric) {
  return method_of(study_of(library().manifest(name), levels, metric));
}

TEST(TemplateDetails, OfImageNetworksAreThoseOfTheArms) {
  const Method cnn = method_of("image_classification", {{"model", "cnn"}, {"dropout", 0.2}}, "accuracy");
  EXPECT_TRUE(says(cnn.text, "is clipped to a norm of 1 before every step")) << cnn.text;
  EXPECT_TRUE(says(cnn.setup, "norm to which gradients are clipped"));
  EXPECT_TRUE(says(cnn.text, "dropout sits at one place alone"));
  EXPECT_TRUE(says(cnn.text, "leaves biases, normalisation and positions alone"));
  for (const char* other : {"In the MLP dropout", "in each block of the transformer", "Mixup", "Label smoothing takes",
                            "beside the other optimisers"})
    EXPECT_FALSE(says(cnn.text, other)) << other;
  const Method vit = method_of("image_classification", {{"label_smoothing", 0.1}, {"optimiser", "sgd"}}, "train_loss");
  for (const char* own : {"Label smoothing takes its share away", "on its own training images",
                          "without label smoothing", "of which another optimiser takes a multiple"})
    EXPECT_TRUE(says(vit.text, own)) << own;
  EXPECT_FALSE(says(vit.text, "dropout sits")) << "nothing is dropped in any arm";
  EXPECT_TRUE(says(vit.setup, "multiple of the peak learning rate that plain SGD takes"));
  EXPECT_FALSE(says(vit.setup, "RMSprop takes"));
}

TEST(TemplateDetails, OfOptimisersTellThePilotThatChoseTheRates) {
  const json::object adamw{{"optimiser", "adamw"}};
  const Method digits = method_of("optimization/digits", adamw, "log_train_loss");
  EXPECT_TRUE(says(digits.text, "the least loss on the validation rows of these data")) << digits.text;
  EXPECT_TRUE(says(digits.text, "not for each schedule"));
  EXPECT_TRUE(says(digits.text, "decimal logarithm of the mean cross-entropy over all training rows"));
  EXPECT_TRUE(says(digits.text, "AdamW was not in the pilot"));
  EXPECT_TRUE(says(digits.text, "not below that of guessing counts as diverged"));
  EXPECT_FALSE(says(digits.text, "have no part in this one")) << "the validation rows had one in the pilot";
  EXPECT_TRUE(says(digits.setup, "peak learning rate of AdamW on the network of one hidden layer"));
  EXPECT_FALSE(says(digits.setup, "peak learning rate of RMSprop"));
  EXPECT_FALSE(says(digits.setup, "rates at an end of their grid")) << "texts are said, not listed";
  EXPECT_TRUE(says(method_of("optimization/breast_cancer", adamw, "log_loss").text,
                   "the validation rows of another table, the digits"));
  EXPECT_FALSE(says(method_of("optimization/breast_cancer", adamw, "log_loss").text, "training subsets"));
  const Method diabetes = method_of("optimization/diabetes", adamw, "log_train_loss");
  EXPECT_TRUE(says(diabetes.text, "mean squared error of the standardised target over all training rows"));
  EXPECT_TRUE(says(diabetes.text, "four lie at the low end"));
}

TEST(TemplateDetails, OfTablesAreThoseOfTheirTarget) {
  const Method classes = method_of("tabular/breast_cancer", {}, "accuracy");
  const Method quantity = method_of("tabular/diabetes", {}, "r2");
  EXPECT_TRUE(says(classes.text, "linear model is logistic regression")) << classes.text;
  EXPECT_FALSE(says(classes.text, "ridge"));
  EXPECT_TRUE(says(quantity.text, "linear model is ridge regression")) << quantity.text;
  EXPECT_FALSE(says(quantity.text, "logistic"));
  EXPECT_TRUE(says(quantity.text, "The outcome is R²"));
  EXPECT_TRUE(says(quantity.text, "R² is one minus the mean squared error over the variance"));
  EXPECT_TRUE(says(quantity.text, "The 10 columns to predict from are age, sex"));
  EXPECT_FALSE(says(quantity.text, "radial kernel"));
  EXPECT_TRUE(says(method_of("tabular/wine", {{"model", "svm"}}, "accuracy").text, "radial kernel"));
  const Method noisy = method_of("tabular/wine", {{"model", "boosting"}, {"feature_noise", 1}}, "accuracy");
  EXPECT_TRUE(says(noisy.text, "adds each at a rate of 0.1"));
  EXPECT_TRUE(says(noisy.text, "in units of each column's standard deviation"));
  EXPECT_FALSE(says(noisy.text, "regularisation strength is"));
}

TEST(TemplateDetails, OfLanguageModelsAndDiagnosticsDefineTheirTerms) {
  const Method words =
      method_of("nlp_language_modeling", {{"unit", "words"}, {"model", "gru"}, {"dropout", 0.1}}, "log_loss");
  for (const char* own : {"is clipped to a norm of 1", "The relative learning rate multiplies a peak rate",
                          "what enters each recurrent layer", "nothing is carried over"})
    EXPECT_TRUE(says(words.text, own)) << own;
  EXPECT_TRUE(says(words.setup, "peak learning rate of a GRU of words"));
  EXPECT_FALSE(says(words.setup, "peak learning rate of an LSTM"));
  const Method dead = method_of("diagnostic", {}, "dead_units");
  EXPECT_TRUE(says(dead.text, "is called dead when the slope"));
  EXPECT_FALSE(says(dead.text, "gradient imbalance is"));
  EXPECT_TRUE(says(dead.text, "clipped to a norm of 5"));
}

TEST(TemplateDetails, ThatReferToWhatAStudyHasNotAreLeftOut) {
  json::object study = study_of(library().manifest("image_classification"), {}, "accuracy");
  study["facts"].as_object().erase("template.clip_norm");
  EXPECT_FALSE(says(method_of(study).text, "is clipped"));
  study["template"].as_object().erase("details");
  EXPECT_FALSE(says(method_of(study).text, "Batches pass over"));
}

TEST(TemplateDetails, PrintInAWholePaperWithoutAnythingToObject) {
  json::object study = fixture::study("supported");
  const auto& shipped = library().manifest("image_classification");
  json::object& manifest = study["template"].as_object();
  manifest["details"] = shipped.at("details");
  for (const auto& [name, fact] : object_of(shipped, "facts")) {
    manifest["facts"].as_object()[name] = fact;
    study["facts"].as_object()["template." + std::string{name}] = json::object{
        {"kind", fact.at("kind")}, {"value", fact.at("value")}, {"text", kit::level_name(fact.at("value"))}};
  }
  EXPECT_TRUE(says(fixture::paper_of(fixture::analysed(study)), "is clipped to a norm of 1 before every step"));
}

std::vector<std::string> problems(const json::value& details, const json::value& facts = json::object{}) {
  json::object manifest = library().manifest("tabular/wine");
  manifest["details"] = details;
  manifest["facts"] = facts;
  return design::detail_problems(manifest);
}

json::array one(const char* text) { return {json::object{{"text", text}}}; }

TEST(TemplateDetails, ThatCannotBePrintedAreNamed) {
  using Problems = std::vector<std::string>;
  EXPECT_EQ(problems(one("Rows number {{template.train}}, at {{level:depth.4}} levels of {{label:model.knn}}.")),
            Problems{});
  EXPECT_EQ(problems("A text."), Problems{"`details` is no list"});
  EXPECT_EQ(problems(json::array{"A text."}), Problems{"details[0] has no `text`"});
  EXPECT_EQ(problems(one("Five of 7.")),
            Problems{"details[0] has a digit; refer to a fact, or write numbers as words: \"Five of 7.\""});
  const json::value facts =
      json::parse(R"({"n": {"value": 1, "kind": "number"}, "t": {"value": "x", "kind": "text"}})");
  EXPECT_EQ(problems(one("{{template.n}} of {{text:template.t}}."), facts), Problems{});
  EXPECT_EQ(problems(one("{{template.t}}."), facts),
            Problems{"details[0]: {{template.t}} is a text, so write {{text:template.t}}"});
  EXPECT_EQ(problems(one("{{text:template.n}}."), facts),
            Problems{"details[0]: {{text:template.n}} is no text, so write {{template.n}}"});
  EXPECT_EQ(problems(one("A {{template.train")), Problems{"details[0]: a reference is not closed"});
  EXPECT_EQ(problems(one("A { b.")), Problems{"details[0] has a brace that opens no reference"});
  for (const char* wrong : {"template.speed", "level:depth.3", "level:speed.1", "arm:n1.a", "label:model"})
    EXPECT_EQ(problems(one(("A {{" + std::string{wrong} + "}}.").c_str())),
              Problems{"details[0]: {{" + std::string{wrong} +
                       "}} is none of {{template.FACT}}, {{text:template.FACT}}, {{level:FACTOR.LEVEL}} and "
                       "{{label:FACTOR.LEVEL}} that there are"});
  const auto under = [](const json::value& condition) {
    return problems(json::array{json::object{{"text", "A."}, {"applies_to", condition}}});
  };
  EXPECT_EQ(under(json::object{{"factor", "speed"}, {"levels", json::array{1}}}),
            Problems{"details[0].applies_to names the factor \"speed\", which there is not"});
  EXPECT_EQ(under(json::array{json::object{{"factor", "depth"}, {"levels", json::array{3}}}}),
            Problems{"details[0].applies_to names \"3\", which is no level of depth"});
  EXPECT_EQ(under(json::object{{"factor", "depth"}}), Problems{"details[0].applies_to names no `levels` of depth"});
  EXPECT_EQ(under("depth"), Problems{"details[0].applies_to is neither a condition nor a list of them"});
  EXPECT_EQ(
      problems(json::array{}, json::parse(R"({"x": {"value": 1, "applies_to": {"factor": "y", "levels": [1]}}})")),
      Problems{"facts.x.applies_to names the factor \"y\", which there is not"});
}

TEST(TemplateDetails, OfAFolderThatCannotBePrintedRefuseIt) {
  const std::filesystem::path folder = std::filesystem::path{testing::TempDir()} / "details_library";
  std::filesystem::create_directories(folder / "image_classification");
  json::object manifest = shipped::manifest();
  manifest["details"] = one("There are 5.");
  std::ofstream{folder / "image_classification/template.json"} << json::serialize(manifest);
  try {
    const design::Templates wrong{folder.string()};
    FAIL() << "a digit by hand";
  } catch (const plugin::Error& error) {
    EXPECT_TRUE(says(error.what(), "details[0] has a digit")) << error.what();
  }
  std::filesystem::remove_all(folder);
}

TEST(TabularLiterature, OfAQuantityIsNotThatOfClasses) {
  json::array records = shipped::records();
  std::istringstream lines{shipped::text("plugins/retrievers/local/data/tabular.jsonl")};
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) records.push_back(json::parse(line));
  const auto cited = [&](const std::string& question) {
    const json::object scope = offline::ideation_scope({{"question", question}, {"templates", library().manifests()}});
    const auto& manifest = library().manifest(text_of(scope, "template"));
    const json::object proposed = offline::ideation_hypotheses(
        {{"question", question}, {"scope", scope}, {"template", manifest}, {"records", records}, {"count", 6}});
    json::object study = study_of(manifest, {}, text_of(scope, "metric"));
    study["scope"].as_object()["context"] = json::object{{"model", "linear"}};
    study["literature"] = records;
    offline::Author author{study};
    return json::serialize(proposed) + json::serialize(offline::method(author));
  };
  const std::string quantity = cited("Do random forests beat linear models on the diabetes data?");
  EXPECT_FALSE(says(quantity, "couronne2018forest")) << quantity;
  EXPECT_TRUE(says(quantity, "hoerl1970ridge"));
  EXPECT_TRUE(says(cited("Do random forests beat linear models on breast cancer data?"), "couronne2018forest"));
}

}  // namespace
}  // namespace aisci
