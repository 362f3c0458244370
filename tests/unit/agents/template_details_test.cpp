// What the shipped templates say of how their trials come about: the Method of a paper says it where it acts, and a
// template that says it wrongly is refused by name.
#include <gtest/gtest.h>
#include <aisci/plugin/call.hpp>

#include <filesystem>

#include "agents/design/details.hpp"
#include "agents/design/templates.hpp"
#include "llm/offline/hypotheses.hpp"
#include "llm/offline/question.hpp"
#include "llm/offline/review.hpp"
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
  json::object labels;
  for (const auto& [name, factor] : object_of(manifest, "factors"))
    for (const auto& level : kit::array_of(factor.as_object(), "levels")) {
      const std::string key = std::string{name} + "." + kit::level_name(level);
      facts["level." + key] = text(level);
      labels[key] = text_of(object_of(factor.as_object(), "labels"), kit::level_name(level), kit::level_name(level));
    }
  const json::array arms{json::object{{"id", "a"}, {"config", config}}, json::object{{"id", "b"}, {"config", config}}};
  const json::object node{{"id", "n1"},
                          {"state", "done"},
                          {"hypothesis", json::object{{"factor", "model"}}},
                          {"plan", json::object{{"arms", arms}}}};
  return {{"template", manifest},
          {"scope", json::object{{"metric", metric}, {"context", json::object{}}}},
          {"nodes", json::array{node}},
          {"claims", json::array{}},
          {"facts", facts},
          {"labels", labels}};
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
  EXPECT_TRUE(says(cnn.text, "leaves biases and normalisation alone"));
  EXPECT_TRUE(says(cnn.text, "In the CNN, normalisation follows each convolution"));
  EXPECT_LT(cnn.text.find("grey levels are mapped"), cnn.text.find("The data were divided")) << "with the data";
  EXPECT_GT(cnn.text.find("Guessing is to name"), cnn.text.find("The outcome is accuracy")) << "with the outcome";
  for (const char* other : {"In the MLP", "The transformer", "positions of the transformer are not decayed", "Mixup",
                            "Label smoothing takes", "optimisers other than AdamW"})
    EXPECT_FALSE(says(cnn.text, other)) << other;
  const Method vit = method_of("image_classification", {{"label_smoothing", 0.1}, {"optimiser", "sgd"}}, "train_loss");
  for (const char* own :
       {"Label smoothing takes its share away", "on its own training images",
        "positions of the transformer are not decayed", "of which another optimiser takes a multiple"})
    EXPECT_TRUE(says(vit.text, own)) << own;
  EXPECT_FALSE(says(vit.text, "CNN")) << vit.text;
  EXPECT_FALSE(says(method_of("image_classification", {{"normalisation", "none"}}, "accuracy").text,
                    "normalisation stands before attention"));
  EXPECT_FALSE(says(vit.text, "dropout sits")) << "nothing is dropped in any arm";
  for (const Method* any : {&cnn, &vit})
    EXPECT_TRUE(
        says(any->text, "four seeds of a pilot, made before this study with GELU, AdamW and 200 training images"));
  EXPECT_TRUE(says(vit.text, "by a pilot of one seed with the transformer"));
  EXPECT_TRUE(says(vit.setup, "multiple of the peak learning rate that plain SGD takes"));
  EXPECT_FALSE(says(vit.setup, "RMSprop takes"));
}

TEST(TemplateDetails, OfOptimisersTellThePilotThatChoseTheRates) {
  const json::object adamw{{"optimiser", "adamw"}};
  const Method digits = method_of("optimization/digits", adamw, "log_train_loss");
  EXPECT_TRUE(says(digits.text, "the least loss on the validation rows of these data")) << digits.text;
  EXPECT_TRUE(says(digits.text,
                   "on standardised features, with a cosine decay, no warm-up and 150 steps on batches of 32, without "
                   "clipping and weight decay"));
  EXPECT_TRUE(says(digits.text, "An optimiser has one rate on a model, whatever schedule"));
  EXPECT_TRUE(says(digits.text, "decimal logarithm of the mean cross-entropy over all training rows"));
  EXPECT_TRUE(says(digits.text, "AdamW was not in the pilot"));
  EXPECT_TRUE(says(digits.text, "not below what it costs to give every class the same probability counts as diverged"));
  EXPECT_FALSE(says(digits.text, "have no part in this one")) << "the validation rows had one in the pilot";
  EXPECT_TRUE(says(digits.setup, "peak learning rate of AdamW on the network of one hidden layer"));
  EXPECT_FALSE(says(digits.setup, "peak learning rate of RMSprop"));
  EXPECT_FALSE(says(digits.setup, "rates at an end of their grid")) << "texts are said, not listed";
  EXPECT_TRUE(says(method_of("optimization/breast_cancer", adamw, "log_loss").text,
                   "the validation rows of another table, the digits"));
  EXPECT_FALSE(says(method_of("optimization/breast_cancer", adamw, "log_loss").text, "training subsets"));
  const Method diabetes = method_of("optimization/diabetes", adamw, "log_train_loss");
  EXPECT_TRUE(says(diabetes.text, "mean squared error of the standardised target over all training rows"));
  EXPECT_TRUE(says(diabetes.text, "the table names those that are the lowest that was tried"));
  EXPECT_TRUE(says(diabetes.text, "Guessing is to answer with the mean throughout"));
  EXPECT_TRUE(says(digits.text, "The whole data set has 5620 images; thirteen people wrote this part"));
  EXPECT_FALSE(says(diabetes.text, "5620"));
  EXPECT_TRUE(says(method_of("optimization/digits", {{"model", "deep"}}, "log_train_loss").setup,
                   "peak learning rate of Adam on the network of four hidden layers"));
  EXPECT_FALSE(says(diabetes.text + diabetes.setup, "RMSprop")) << "only AdamW ran";
  EXPECT_TRUE(says(method_of("optimization/diabetes", {{"optimiser", "rmsprop"}}, "log_train_loss").setup,
                   "RMSprop on the network of one hidden layer, the lowest tried"));
}

// Each optimiser by itself: what is said of weight decay is true of it, and none that did not run is spoken of.
TEST(TemplateDetails, OfWeightDecayAreThoseOfTheOptimiser) {
  const auto of = [](const char* optimiser) {
    return method_of("optimization/digits", {{"optimiser", optimiser}}, "log_train_loss").text;
  };
  EXPECT_TRUE(says(of("adamw"), "AdamW does not add it to the gradient but shrinks the matrices at each step"));
  EXPECT_FALSE(says(of("adamw"), "It is added to the gradient"));
  for (const char* coupled : {"sgd", "momentum", "nesterov", "rmsprop", "adam"}) {
    EXPECT_TRUE(says(of(coupled), "It is added to the gradient, as the decay times the matrices")) << coupled;
    EXPECT_FALSE(says(of(coupled), "AdamW")) << coupled;
  }
}

// Beside each other: one sentence does not deny the other.
TEST(TemplateDetails, OfWeightDecayAreTrueOfTwoOptimisersToo) {
  json::object study = study_of(library().manifest("optimization/digits"), {{"optimiser", "adam"}}, "log_train_loss");
  study["nodes"]
      .as_array()[0]
      .as_object()["plan"]
      .as_object()["arms"]
      .as_array()[1]
      .as_object()["config"]
      .as_object()["optimiser"] = "adamw";
  const std::string text = method_of(study).text;
  const auto added = text.find("It is added to the gradient"), not_added = text.find("AdamW does not add it");
  ASSERT_NE(added, std::string::npos);
  ASSERT_NE(not_added, std::string::npos);
  EXPECT_LT(added, not_added) << "the exception comes after";
}

// A work stands behind what it says, and not behind what this program does with it.
TEST(TemplateDetails, CiteAWorkForItsOwnStatement) {
  std::vector<std::string> cited;
  for (const auto* detail : objects_of(library().manifest("image_classification"), "details"))
    for (const auto& key : kit::texts_of(*detail, "cites"))
      if (key == "loshchilov2017adamw") cited.push_back(text_of(*detail, "text"));
  EXPECT_EQ(cited, std::vector<std::string>{"Weight decay is decoupled from the gradient."});
}

TEST(TemplateDetails, OfTrainingCurvesNeedAFigureOfThem) {
  for (const char* name : {"image_classification", "optimization/digits", "nlp_language_modeling", "diagnostic"}) {
    const auto& manifest = library().manifest(name);
    json::object study = study_of(manifest, {}, text_of(manifest, "metric"));
    EXPECT_FALSE(says(method_of(study).text, "Training curves")) << name;
    study["figures"] = json::array{json::object{{"id", "f1"}, {"kind", "forest"}}};
    EXPECT_FALSE(says(method_of(study).text, "Training curves")) << name;
    study["figures"].as_array().push_back(json::object{{"id", "f2"}, {"kind", "curves"}});
    EXPECT_TRUE(says(method_of(study).text, "Training curves show")) << name;
  }
}

// What one seed fixes, as the protocol prints it.
std::string fixed_by_a_seed(const std::string& name, const json::object& levels) {
  const json::object study = study_of(library().manifest(name), levels, "accuracy");
  return offline::Study{study}.terms().block;
}

TEST(TemplateTerms, NameOfWhatASeedFixesTheActingPartsAlone) {
  EXPECT_EQ(fixed_by_a_seed("tabular/wine", {}), "the training rows");
  EXPECT_EQ(fixed_by_a_seed("tabular/wine", {{"feature_noise", 1}}),
            "the training rows and the noise that is added to columns");
  EXPECT_EQ(fixed_by_a_seed("tabular/wine", {{"label_noise", 0.1}, {"model", "forest"}}),
            "the training rows, the labels that are shuffled and the random choices of a model");
  EXPECT_EQ(fixed_by_a_seed("optimization/digits", {}), "the initial weights and the order of the batches");
}

// A sentence that a reviewer's rule takes for something else would be cut from the paper, and no reader would have it.
TEST(TemplateDetails, GiveNoReviewerAnythingToObject) {
  std::size_t read = 0;
  for (const auto& value : library().manifests()) {
    const auto& manifest = value.as_object();
    json::object study = study_of(manifest, {}, text_of(manifest, "metric"));
    for (const auto* detail : objects_of(manifest, "details")) {
      const json::object said{{"type", "paragraph"}, {"text", text_of(*detail, "text")}};
      study["paper"] =
          json::object{{"sections", json::array{json::object{{"id", "method"}, {"blocks", json::array{said}}}}}};
      for (const auto& weakness : offline::weaknesses_of(study))
        EXPECT_FALSE(says(weakness.text, "the method"))
            << text_of(manifest, "name") << ": " << text_of(*detail, "text") << "\n"
            << weakness.text;
      ++read;
    }
  }
  EXPECT_GT(read, 100u);
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
  EXPECT_TRUE(says(quantity.text, "how far the disease has gone a year after the columns were taken, from 25 to 346"));
  EXPECT_TRUE(says(classes.text, "malignant tumours, with 212 rows"));
  EXPECT_TRUE(says(classes.text, "The guess is the commonest class, whatever the input."));
  EXPECT_FALSE(says(quantity.text, "commonest class"));
  const char* variance = "count most in that distance and in that variance";
  EXPECT_TRUE(says(method_of("tabular/wine", {{"model", "svm"}, {"scaling", "none"}}, "accuracy").text, variance));
  EXPECT_FALSE(says(method_of("tabular/wine", {{"model", "svm"}}, "accuracy").text, variance));
  EXPECT_FALSE(says(method_of("tabular/wine", {{"scaling", "none"}}, "accuracy").text, variance));
  EXPECT_FALSE(says(quantity.text, "radial kernel"));
  const Method noisy = method_of("tabular/wine", {{"model", "boosting"}, {"feature_noise", 1}}, "accuracy");
  EXPECT_TRUE(says(noisy.text, "at a learning rate of 0.1"));
  EXPECT_TRUE(says(noisy.text, "nothing ends the fit early"));
  EXPECT_TRUE(says(noisy.text, "SD, is each column's standard deviation on the rows that the trial learns from"));
  EXPECT_FALSE(says(classes.text, "oise")) << "none is added";
  EXPECT_FALSE(says(noisy.text, "regularisation strength is"));
}

// Each kind of model says how it is set up, by its class in scikit-learn, and nothing of the others.
TEST(TemplateDetails, OfATableAreThoseOfTheModel) {
  struct Said {
    const char *model, *of_classes, *of_quantities;
  };
  const std::vector<Said> all{{"linear", "(LogisticRegression)", "(Ridge)"},
                              {"forest", "(RandomForestClassifier)", "(RandomForestRegressor)"},
                              {"boosting", "(GradientBoostingClassifier)", "(GradientBoostingRegressor)"},
                              {"knn", "(KNeighborsClassifier)", "(KNeighborsRegressor)"},
                              {"svm", "(SVC)", "(SVR)"}};
  for (const auto& one : all) {
    const Method classes = method_of("tabular/wine", {{"model", one.model}}, "accuracy"),
                 quantity = method_of("tabular/diabetes", {{"model", one.model}}, "rmse");
    for (const auto& other : all) {
      const bool own = &other == &one;
      EXPECT_EQ(says(classes.text, other.of_classes), own) << one.model << "\n" << classes.text;
      EXPECT_EQ(says(quantity.text, other.of_quantities), own) << one.model << "\n" << quantity.text;
      EXPECT_FALSE(says(classes.text, other.of_quantities) || says(quantity.text, other.of_classes)) << one.model;
    }
    EXPECT_EQ(says(classes.text, "5 nearest rows"), std::string_view{one.model} == "knn");
  }
}

TEST(TemplateDetails, OfManyClassesStayOutWhereThereAreTwo) {
  const auto said = [](const char* template_name, const char* model) {
    return method_of(template_name, {{"model", model}}, "accuracy").text;
  };
  for (const auto& [model, text] :
       {std::pair{"linear", "It is fitted to all classes together."},
        std::pair{"svm", "Each pair of classes has a machine of its own, and a vote."},
        std::pair{
            "boosting",
            "In each step every class has a tree of its own, unless the rows of a trial hold two classes alone."}}) {
    EXPECT_TRUE(says(said("tabular/wine", model), text)) << model;
    EXPECT_FALSE(says(said("tabular/breast_cancer", model), text)) << model;
  }
}

TEST(TemplateDetails, OfLanguageModelsAndDiagnosticsDefineTheirTerms) {
  const Method words =
      method_of("nlp_language_modeling", {{"unit", "words"}, {"model", "gru"}, {"dropout", 0.1}}, "log_loss");
  for (const char* own : {"Gradient clipping cuts", "The relative learning rate multiplies a peak rate",
                          "In a recurrent network, dropout acts on what enters each layer", "nothing is carried over",
                          "Two rates were tried"})
    EXPECT_TRUE(says(words.text, own)) << own;
  for (const char* other : {"LSTM", "ransformer"}) EXPECT_FALSE(says(words.text, other)) << words.text;
  EXPECT_FALSE(says(method_of("nlp_language_modeling", {{"clipping", 0}}, "log_loss").text, "clip"));
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

TEST(TemplateDetails, OfPilotsNameLevelsThatThereAre) {
  json::object manifest = library().manifest("image_classification");
  for (const char* member : {"picked_with", "rivals_even_with"}) {
    ASSERT_EQ(design::detail_problems(manifest), std::vector<std::string>{});
    auto& rate = manifest["factors"].as_object()["learning_rate"].as_object();
    const json::value good = rate.at(member);
    rate[member] = json::array{json::object{{"factor", "activation"}, {"level", "gulu"}}};
    EXPECT_EQ(design::detail_problems(manifest),
              std::vector<std::string>{"factors.learning_rate." + std::string{member} +
                                       " names no level of a factor that there is"});
    rate[member] = good;
  }
}

TEST(TemplateDetails, ThatCannotBePrintedAreNamed) {
  using Problems = std::vector<std::string>;
  EXPECT_EQ(problems(one("Rows number {{template.train}}, at {{level:depth.4}} levels of {{label:model.knn}}.")),
            Problems{});
  EXPECT_EQ(problems("A text."), Problems{"`details` is no list"});
  EXPECT_EQ(problems(json::array{json::object{{"text", "A."}, {"place", "data"}}}), Problems{});
  EXPECT_EQ(problems(json::array{json::object{{"text", "A."}, {"place", "end"}}}),
            Problems{"details[0].place is neither data nor outcome"});
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
  EXPECT_EQ(problems(json::array{json::object{{"text", "A."}, {"figures", "curves"}}}),
            Problems{"details[0].figures is no list of figures"});
  EXPECT_EQ(problems(json::array{json::object{{"text", "A text."}, {"least_classes", "three"}}}),
            Problems{"details[0].least_classes is no number from two on"});
  json::object seeded = library().manifest("tabular/wine");
  seeded["details"] = json::array{};
  seeded["terms"].as_object()["block"] = json::array{
      "rows", 1,
      json::object{{"text", "x"}, {"applies_to", json::object{{"factor", "y"}, {"levels", json::array{1}}}}}};
  EXPECT_EQ(design::detail_problems(seeded),
            (Problems{"terms.block[1] is neither a text nor has one",
                      "terms.block[2].applies_to names the factor \"y\", which there is not"}));
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
