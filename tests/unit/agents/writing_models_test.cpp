// What papers say of the models of their claims: what these are set to, and whether the question is about them; and of
// titles, limits and parts of the set-up.
#include <gtest/gtest.h>

#include "llm/offline/review.hpp"
#include "llm/offline/writing.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::claim;
using fixture::factor;
using fixture::node;
using fixture::paper_of;
using fixture::says;
using kit::text_of;
using Strings = std::vector<std::string>;

std::string paragraph_with(const std::string& paper, const std::string& words) {
  const auto at = paper.find(words);
  if (at == std::string::npos) return {};
  const auto begin = paper.rfind('\n', at) + 1;
  return paper.substr(begin, paper.find('\n', at) - begin);
}

std::string abstract_of(const json::object& study) {
  const json::object paper = offline::writing_paper(study);
  return writing::printed(text_of(paper, "abstract"), paper, study);
}

TEST(Title, NamesWhatWasClaimedWhereThatIsLittle) {
  json::object study = fixture::study("supported");
  const auto title = [&] {
    const json::object read = analysed(study);
    const json::object paper = offline::writing_paper(read);
    return text_of(paper, "title");
  };
  EXPECT_TRUE(says(title(), "of a {{label:model.vit}} with {{arm:c3.gelu}} and with {{arm:c3.relu}} at")) << title();
  const auto compare = [&](std::size_t index, const char* treatment, const char* baseline) {
    auto& hypothesis = claim(study, index)["hypothesis"].as_object();
    hypothesis["treatment"] = treatment, hypothesis["baseline"] = baseline;
  };
  compare(1, "tanh", "relu");
  EXPECT_FALSE(says(title(), "tanh")) << "that is on another kind of model";
  for (auto& arm : claim(study, 1)["plan"].as_object()["arms"].as_array())
    arm.as_object()["config"].as_object()["model"] = "vit";
  EXPECT_TRUE(says(title(), "with {{arm:c3.gelu}} and with {{label:activation.tanh}} against {{arm:c3.relu}} at"))
      << title();                             // GELU and tanh never met
  claim(study, 2)["verdict"] = "equivalent";  // of the main pair alone, which a title of three arms has to say
  EXPECT_TRUE(says(title(), ": no mean difference as large as {{c3.smallest_effect}} in the first comparison"))
      << title();
  compare(1, "gelu", "tanh");
  EXPECT_TRUE(says(title(), "with {{arm:c3.relu}} and with {{label:activation.tanh}} against {{arm:c3.gelu}} at"))
      << title();
  compare(0, "relu", "tanh");  // all three have met
  EXPECT_TRUE(says(title(), "with {{arm:c3.gelu}}, with {{arm:c3.relu}} and with {{label:activation.tanh}} at"))
      << title();
  EXPECT_TRUE(says(title(), ": no mean difference as large as {{c3.smallest_effect}} between the first two"))
      << title();
  compare(0, "gelu", "relu");
  compare(1, "tanh", "relu");
  claim(study, 2)["verdict"] = "supported";
  compare(1, "tanh", "sigmoid");  // more than a title can hold
  EXPECT_EQ(title().rfind("Activation function and accuracy of", 0), 0u) << title();
  compare(1, "gelu", "relu");
  claim(study, 1)["hypothesis"].as_object()["factor"] = "dropout";  // what is left would not be all that was claimed
  EXPECT_EQ(title().rfind("Activation function and accuracy of", 0), 0u) << title();
}

TEST(Models, AreToldWithTheirSizesWhereTheyAreFirstClaimed) {
  json::object study = fixture::study("supported");
  std::string paper = paper_of(analysed(study));
  EXPECT_TRUE(says(paragraph_with(paper, "Claim c1 concerns"), " In this claim a ViT has width 32 and depth 2."))
      << paper;
  EXPECT_TRUE(says(paragraph_with(paper, "For claim c2"), " Here a CNN has width 32 and depth 2."));
  EXPECT_FALSE(says(paragraph_with(paper, "Claim c3"), "depth 2")) << "told of the first claim";

  // Where the claims are on one model the set-up's table says it.
  for (auto& arm : claim(study, 1)["plan"].as_object()["arms"].as_array())
    arm.as_object()["config"].as_object()["model"] = "vit";
  EXPECT_FALSE(says(paper_of(analysed(study)), "has width 32 and depth 2"));
  study = fixture::study("supported");

  // A part that a later claim has as well is not told again.
  claim(study, 2)["hypothesis"].as_object()["context"].as_object()["width"] = 64;
  for (auto& arm : claim(study, 2)["plan"].as_object()["arms"].as_array())
    arm.as_object()["config"].as_object()["width"] = 64;
  EXPECT_FALSE(says(paragraph_with(paper_of(analysed(study)), "Claim c3"), "has depth 2"));
  study = fixture::study("supported");

  // What some models alone have is told of these; what the claim's setting or its factors say is not told again.
  factor(study, "batch_size")["applies_to"] = json::object{{"factor", "model"}, {"levels", json::array{"cnn"}}};
  claim(study, 1)["hypothesis"].as_object()["context"].as_object()["depth"] = 2;
  paper = paper_of(analysed(study));
  EXPECT_TRUE(says(paper, "Here a CNN has batch size 24 and width 32.")) << paper;
  EXPECT_TRUE(says(paper, "In this claim a ViT has width 32 and depth 2."));
}

TEST(Models, ThatTheQuestionIsNotAboutAreSaidToBeBeyondIt) {
  json::object study = fixture::study("supported");
  const std::string paper = paper_of(analysed(study));
  EXPECT_TRUE(says(paragraph_with(paper, "For claim c2"),
                   " The question, as this study reads it, is about a ViT; what is found of a CNN lies beyond it and "
                   "does not answer it."));
  EXPECT_FALSE(says(paragraph_with(paper, "Claim c1 concerns"), "beyond"));
  EXPECT_TRUE(says(abstract_of(analysed(study)), " (a model beyond the question), GELU"))
      << abstract_of(analysed(study));

  study["scope"].as_object()["context"] = json::object{};  // then it asks about no model in particular
  EXPECT_FALSE(says(paper_of(analysed(study)), "beyond the question"));

  study = fixture::study("supported");  // two such claims, each in words of its own, and a title that is true
  for (const std::size_t index : {0, 2}) {
    claim(study, index)["hypothesis"].as_object()["context"] = json::object{{"model", "mlp"}};
    for (auto& arm : claim(study, index)["plan"].as_object()["arms"].as_array())
      arm.as_object()["config"].as_object()["model"] = "mlp";
  }
  const std::string elsewhere = paper_of(analysed(study));
  EXPECT_TRUE(says(elsewhere, "what is found of an MLP lies beyond it"));
  EXPECT_TRUE(says(elsewhere, " This claim, too, lies beyond the question: it is on a CNN."));
  EXPECT_TRUE(says(elsewhere, " Of an MLP nothing was asked either."));
  EXPECT_EQ(elsewhere.rfind("Accuracy of a ViT with", 0), std::string::npos) << elsewhere.substr(0, 200);
  json::object input = analysed(study);  // and no reviewer takes offence at these words
  input["paper"] = offline::writing_paper(input);
  input["text"] = elsewhere;
  for (const auto& weakness : offline::weaknesses_of(input))
    EXPECT_NE(weakness.rule, "cause-untested") << weakness.text;
}

TEST(Models, OutsideAQuestionThatSetsModelsAgainstEachOtherAreThoseItDoesNotName) {
  json::object study = fixture::study("supported");
  factor(study, "activation")["role"] = "model";
  study["scope"].as_object()["context"] = json::object{};
  study["scope"].as_object()["arms"] = json::array{"gelu", "tanh"};
  const json::object read = analysed(study);
  const json::object paper = offline::writing_paper(read);
  EXPECT_TRUE(says(fixture::printed_paper(paper, read),
                   "is about a GELU and a tanh; what is found of a ReLU lies beyond it and does not answer it."));
}

TEST(Limits, InLogOddsAreGivenInPointsWhereTheArmsScore) {
  json::object study = fixture::study("supported");
  const auto interact = [&](std::size_t index) {
    auto& one = claim(study, index);
    const std::string id = text_of(one, "id");
    one["plan"].as_object()["contrast"].as_object()["scale"] = "logit";
    auto& facts = study["facts"].as_object();
    facts[id + ".smallest_effect"] = json::object{{"value", 0.125}, {"kind", "logit"}, {"text", "0.125"}};
    facts[id + ".arms_mean"] = json::object{{"value", 0.98}, {"kind", "fraction"}, {"text", "98.0%"}};
    facts[id + ".smallest_effect_points"] =
        json::object{{"value", 0.0025}, {"kind", "points"}, {"text", "0.25 percentage points"}};
  };
  EXPECT_FALSE(says(paper_of(analysed(study)), "that limit comes to"));
  for (const std::size_t index : {0, 1, 2}) interact(index);
  const json::object read = analysed(study);
  const std::string paper = fixture::printed_paper(offline::writing_paper(read), read);
  EXPECT_TRUE(
      says(paragraph_with(paper, "Claim c1 concerns"),
           "This verdict is held to 0.125 in log odds and not to the 2.0 percentage points of a plain difference; at "
           "the mean of these arms, which is 98.0%, that limit comes to 0.25 percentage points."))
      << paper;
  EXPECT_TRUE(says(paper, ", limit 0.125 or 0.25 percentage points here)"))
      << "the abstract, whose other limit is in points";
  EXPECT_TRUE(says(paper, "With its arms at 98.0% on average, 0.125 log odds are 0.25 percentage points."));
  EXPECT_TRUE(says(paper, "Its own limit is 0.25 percentage points around 98.0%, where the arms lie (0.125 in log"));
}

// After a claim on a CNN, one on the ViT that the question is about names it; and what the search saw of the CNN alone
// is told with the claim on it.
TEST(Models, OfTheQuestionAreNamedAnewAfterAnother) {
  json::object study = fixture::study("supported");
  const auto set = [&](std::size_t index, const char* model, json::object context) {
    context["model"] = model;
    claim(study, index)["hypothesis"].as_object()["context"] = std::move(context);
    for (auto& arm : claim(study, index)["plan"].as_object()["arms"].as_array())
      arm.as_object()["config"].as_object()["model"] = model;
  };
  set(0, "cnn", {{"depth", 1}});
  set(1, "vit", {{"depth", 4}});
  claim(study, 1)["node"] = "n4";  // n8, on a CNN, is left to the search
  const std::string first = paper_of(analysed(study));
  EXPECT_TRUE(says(first, "In a ViT with depth 4, GELU minus ReLU")) << first.substr(0, 2500);
  EXPECT_TRUE(says(first, ", with a ViT and depth 4")) << first;
  EXPECT_FALSE(says(first, "What the search saw between"));
  auto& evidence = node(study, 7)["evidence"].as_object();
  evidence["probability_above"] = evidence["probability_below"] = 0.01;
  EXPECT_TRUE(
      says(paper_of(analysed(study)),
           " What the search saw between GELU and ReLU with a CNN alone (n8) was probably too little to act on."));
}

TEST(Rivals, NameWhatOfTheSetUpWasChanged) {
  json::object study = fixture::study("supported");
  node(study, 7)["hypothesis"].as_object()["context"].as_object()["normalisation"] = "none";
  claim(study, 0)["node"] = "n9";  // so that the node on a rival is told of
  const std::string paper = paper_of(analysed(study));
  EXPECT_TRUE(says(paper,
                   "Of the set-up, besides the architecture and the number of training images, this study changed "
                   "normalisation (this in n8 and its claim c2 alone), the peak learning rate "
                   "and the depth (this in n5 alone). "))
      << paper;
}

}  // namespace
}  // namespace aisci
