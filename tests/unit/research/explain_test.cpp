// What stands behind a number of a paper: facts with their trials, constants without any, words, references, figures.
#include "research/explain.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "research/pdf_text.hpp"
#include "research/printed_numbers.hpp"
#include "support/comma_locale.hpp"
#include "support/folder.hpp"
#include "support/minimal_pdf.hpp"

namespace aisci {
namespace {

json::object parsed(const char* text) { return json::parse(text).as_object(); }

Plan plan_of(const char* contrast, double smallest_effect) {
  json::object document = parsed(R"({"title": "T", "metric": "accuracy", "baseline": "b", "blocks": 5, "program": ["x"],
    "arms": [{"id": "a", "label": "weight decay 0.3", "config": {}}, {"id": "b", "label": "no weight decay",
    "config": {}}]})");
  document["contrast"] = parsed(contrast);
  document["smallest_effect"] = smallest_effect;
  return read_plan(document).value();
}

// A claim on two arms, of which a has learned everything by heart, and a node in log odds.
StudyView small_study() {
  StudyView study;
  study.question = "Does weight decay help in 40 steps?";
  study.template_document = parsed(R"({"metric": "accuracy", "metrics": {"accuracy": {"unit": "fraction",
    "smallest_effect": 0.02, "smallest_effect_reason": "The paired blocks of a pilot differed by 2.3 points."}},
    "facts": {"about": {"value": "The whole data set has 5620 images", "title": "about", "kind": "text"}},
    "details": [{"text": "Images are padded to 17 pixels before they are cut."}],
    "factors": {"steps": {"default": 0.05, "levels": [0.05, 30], "labels": {}}}})");
  Claim claim;
  claim.id = "c1";
  claim.node = "n1";
  claim.power = 0.8;
  claim.plan = plan_of(R"({"kind": "difference", "weights": {"a": 1, "b": -1}, "predicted_sign": 1})", 0.02);
  Node node;
  node.id = "n1";
  node.plan = plan_of(
      R"({"kind": "interaction", "scale": "logit", "observations": 100, "weights": {"a": 1, "b": -1}, "predicted_sign": 1})",
      0.125);
  for (int block = 0; block < 5; ++block)
    for (const char* arm : {"a", "b"}) {
      const bool a = *arm == 'a';
      ScoredTrial trial{{"t" + std::to_string(2 * block + (a ? 1 : 2)), arm, static_cast<std::uint64_t>(block), block},
                        (a ? 0.7 : 0.6) + 0.01 * block * a,
                        a ? 10858.0 : 9000.0};
      trial.training_accuracy = a ? 1.0 : 0.9;
      claim.trials.push_back(trial);
      node.trials.push_back(trial);
    }
  node.evidence = compute_evidence(node.plan, node.trials).value();
  study.nodes = {node};
  study.claims = {claim};
  decide(study.claims, 0.05);
  study.claims[0].n = 5;
  return study;
}

// A paper of one section, whose pieces are given.
json::object paper_of(const char* pieces) {
  json::object paper = parsed(R"({"title": [{"text": "On 12 things"}], "abstract": [{"text": "Short."}],
    "appendix": [], "figures": {"f1": {"file": "figures/f1.pdf", "number": 3, "caption": [{"text": "Over 70 runs."}]}},
    "references": [{"key": "lecun1998gradient", "title": "Gradient-based learning", "year": 1998}],
    "sections": [{"id": "method", "title": [{"text": "Method"}], "blocks": [{"type": "paragraph", "text": []}]}]})");
  paper["sections"].as_array()[0].as_object()["blocks"].as_array()[0].as_object()["text"] = json::parse(pieces);
  return paper;
}

json::array asked(const std::string& number, const StudyView& study, const json::object& paper) {
  return explained(number, study, paper, "/nowhere").value();
}

// The only answer to a number.
json::object only(const std::string& number, const json::object& paper) {
  const json::array matches = asked(number, small_study(), paper);
  EXPECT_EQ(matches.size(), 1u) << number << ": " << pretty(matches);
  return matches.empty() ? json::object{} : matches[0].as_object();
}

bool says(const json::object& match, const char* words) {
  return text_of(match, "how").find(words) != std::string::npos;
}

TEST(Explain, ConstantsOfTheProtocolAreToldAsSuchAndRestOnNoTrial) {
  const json::object paper = paper_of(R"([{"value": "80%", "fact": "protocol.power"},
    {"value": "0.05", "fact": "protocol.alpha"}, {"value": "95.0%", "fact": "c1.confidence"},
    {"value": "2.0 percentage points", "fact": "c1.smallest_effect"}, {"value": "0.125", "fact": "n1.smallest_effect"}])");
  const json::object power = only("80%", paper), alpha = only("0.05", paper), limit = only("2.0", paper),
                     log_odds = only("0.125", paper);
  EXPECT_TRUE(says(power, "planned for; a constant of the protocol")) << pretty(power);
  EXPECT_TRUE(says(alpha, "over all claims of a study")) << pretty(alpha);
  EXPECT_TRUE(says(alpha, "a constant of the protocol")) << pretty(alpha);
  EXPECT_TRUE(says(limit, "stated by the experiment's template: metrics.accuracy.smallest_effect")) << pretty(limit);
  EXPECT_TRUE(says(log_odds, "metrics.accuracy.smallest_effect = 0.02, over 0.16")) << pretty(log_odds);
  for (const auto& constant : {power, alpha, limit, log_odds, only("95.0%", paper)})
    EXPECT_TRUE(array_of(constant, "blocks").empty()) << pretty(constant);
}

TEST(Explain, FactsOfTrialsShowTheirFiles) {
  const json::object paper = paper_of(R"([{"value": "100.0%", "fact": "study.most_training_accuracy"},
    {"value": "10858", "fact": "study.most_parameters"}, {"value": "79.9%", "fact": "c1.power"},
    {"value": "+12.0 percentage points", "fact": "c1.contrast.mean"}])");
  const json::object accuracy = only("100.0%", paper), parameters = only("10858", paper), power = only("79.9%", paper),
                     mean = only("12.0", paper);
  for (const auto& match : {accuracy, parameters, mean}) {
    ASSERT_EQ(array_of(match, "blocks").size(), 5u) << pretty(match);
    EXPECT_EQ(text_of(array_of(array_of(match, "blocks")[0].as_object(), "trials")[0].as_object(), "file"),
              "experiments/c1/trials/t1/metrics.json");
  }
  const auto first_trial = [](const json::object& match) {
    return array_of(array_of(match, "blocks")[0].as_object(), "trials")[0].as_object();
  };
  EXPECT_EQ(number_of(first_trial(accuracy), "training_accuracy"), 1.0);
  EXPECT_EQ(number_of(first_trial(parameters), "parameters"), 10858.0);
  EXPECT_EQ(number_of(first_trial(mean), "score"), 0.7);
  EXPECT_EQ(text_of(first_trial(power), "file"), "experiments/n1/trials/t1/metrics.json") << "of the search";
}

TEST(Explain, OneNumberThatIsSeveralFactsIsAllOfThemTheLikelierFirst) {
  const json::array matches =
      asked("0.05", small_study(), paper_of(R"([{"value": "0.05 nats", "fact": "level.steps.0.05"},
    {"value": "0.05", "fact": "config.steps"}, {"text": " or "}, {"value": "0.05", "fact": "protocol.alpha"}])"));
  ASSERT_EQ(matches.size(), 3u) << pretty(matches);
  EXPECT_EQ(text_of(matches[0].as_object(), "fact"), "config.steps");
  EXPECT_EQ(text_of(matches[1].as_object(), "fact"), "protocol.alpha");
  EXPECT_EQ(text_of(matches[2].as_object(), "fact"), "level.steps.0.05") << "which is printed with a unit";
}

TEST(Explain, TheLimitOfTrainingLossesIsTheirMetrics) {
  StudyView study = small_study();
  study.template_document["metrics"].as_object()["train_loss"] = parsed(R"({"unit": "nats", "smallest_effect": 0.05})");
  const json::array matches =
      asked("0.05 nats", study, paper_of(R"([{"value": "0.05 nats", "fact": "template.alike_training_losses"}])"));
  ASSERT_EQ(matches.size(), 1u) << pretty(matches);
  EXPECT_TRUE(says(matches[0].as_object(), "experiment's template: metrics.train_loss.smallest_effect"))
      << pretty(matches);
}

TEST(Explain, NumbersInWordsComeFromWhereTheWordsDo) {
  const json::object paper = paper_of(
      R"([{"text": "The whole data set has 5620 images, which are small. "}, {"text": "The paired blocks of a pilot differed by 2.3 points, as n41 says. "},
    {"text": "Images are padded to 17 pixels before they are cut. "}, {"text": "Take weight decay 0.3 as given. "},
    {"value": "Does weight decay help in 40 steps?", "fact": "study.question"}, {"cite": ["lecun1998gradient"]},
    {"text": "It was \u22124.5, or 6.78 apart."}])");
  EXPECT_EQ(text_of(only("5620", paper), "source"), "template.about");
  EXPECT_TRUE(says(only("5620", paper), "facts.about"));
  EXPECT_EQ(array_of(only("5620", paper), "places"), (json::array{"Method"}));
  EXPECT_TRUE(says(only("2.3", paper), "metrics.accuracy.smallest_effect_reason"));
  EXPECT_TRUE(says(only("17", paper), "words of the experiment's template: details.0.text"));
  EXPECT_TRUE(says(only("0.3", paper), "the name of an arm"));
  EXPECT_EQ(text_of(only("40", paper), "source"), "study.question");
  EXPECT_EQ(text_of(only("1998", paper), "source"), "lecun1998gradient");
  EXPECT_EQ(array_of(only("1998", paper), "places"), (json::array{"Method", "References"}));
  EXPECT_TRUE(says(only("12", paper), "the paper's own words"));
  EXPECT_EQ(array_of(only("70", paper), "places"), (json::array{"caption of Figure 3"}));
  EXPECT_EQ(text_of(only("-4.5", paper), "printed"), "-4.5");
  for (const char* nowhere : {"41", "562", "4.5", "78", "998"})
    EXPECT_TRUE(asked(nowhere, small_study(), paper).empty());
}

// A page of one line.
std::string pdf_with(const std::string& text) {
  const std::string stream = "BT /F1 12 Tf 10 50 Td (" + text + ") Tj ET";
  return testing::pdf_of(
      {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
       "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
       "<</Length " + std::to_string(stream.size()) + ">>stream\n" + stream + "\nendstream",
       "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"});
}

TEST(Explain, NumbersThatAFigureAlonePrintsLeadToItsTable) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file(folder.path() / "figures/f1.pdf", pdf_with("2.6 and 93 to 94")).ok());
  ASSERT_TRUE(write_file(folder.path() / "figures/f1.csv", "arm,value\na,0.0261\nb,0.5\n").ok());
  ASSERT_TRUE(pdf_text(folder.path() / "figures/f1.pdf").ok()) << "setup.sh installs pdftotext";
  const json::object paper = paper_of(R"([{"text": "See below."}])");
  const auto cell = explained("2.6", small_study(), paper, folder.path()).value();
  ASSERT_EQ(cell.size(), 1u);
  EXPECT_EQ(text_of(cell[0].as_object(), "source"), "figures/f1.csv");
  EXPECT_EQ(array_of(cell[0].as_object(), "places"), (json::array{"Figure 3"}));
  EXPECT_EQ(pretty(array_of(cell[0].as_object(), "lines")), pretty(json::array{2}));
  const auto mark = explained("94", small_study(), paper, folder.path()).value();
  ASSERT_EQ(mark.size(), 1u);
  EXPECT_TRUE(says(mark[0].as_object(), "a mark on an axis"));
  EXPECT_TRUE(explained("2.7", small_study(), paper, folder.path()).value().empty());
  const testing::CommaLocale locale;
  ASSERT_EQ(locale.problem(), "");
  const auto again = explained("2.6", small_study(), paper, folder.path()).value();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0], cell[0]) << "whatever the host writes before decimals";
}

}  // namespace
}  // namespace aisci
