// Faults of wording that readers of papers found, each with the rule that keeps it out.
#include <gtest/gtest.h>

#include "llm/offline/question.hpp"
#include "llm/offline/review.hpp"
#include "llm/offline/review_audit.hpp"
#include "llm/offline/writing.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::claim;
using fixture::factor;
using fixture::node;
using fixture::paper_of;
using fixture::printed_paper;
using fixture::says;
using kit::objects_of;
using kit::text_of;
using Strings = std::vector<std::string>;

json::object one_claim(json::object study) {
  study["claims"].as_array().resize(1);
  return study;
}

TEST(Articles, StandBeforeTheModelOfTheQuestion) {
  for (const char* question : {"Does label smoothing help small CNNs?",
                               "Does stacking weight decay, dropout and batch normalisation help small CNNs?"}) {
    const auto scope =
        offline::ideation_scope({{"question", question}, {"templates", json::array{shipped::manifest()}}});
    EXPECT_TRUE(says(text_of(scope, "restated"), "the accuracy of a {{label:model.cnn}}"))
        << text_of(scope, "restated");
  }
  EXPECT_TRUE(says(paper_of(analysed(fixture::study("supported"))), "The architecture is a ViT"));
}

// A template that a model wrote names no roles, and its study has few records.
TEST(WrittenTemplates, AreToldWithTheirLimits) {
  json::object study = fixture::study("supported");
  json::object& manifest = study["template"].as_object();
  manifest["written"] = {{"model", "scripted-1"},
                         {"failures", json::array{json::object{{"failure", "KeyError"}, {"told", "Mended."}}}}};
  manifest["metrics"].as_object()["accuracy"].as_object()["scored_by"] = "program";
  study["facts"].as_object()["study.failed_rehearsals"] = {{"value", 1}, {"kind", "count"}, {"text", "1"}};
  const std::string paper = paper_of(analysed(study));
  EXPECT_TRUE(says(paper, "no person has read them"));
  EXPECT_TRUE(says(paper, "after failed ones to the number of 1"));
  EXPECT_TRUE(says(paper, "The number of versions that failed before one passed is 1."));
  EXPECT_TRUE(says(paper, "so it is as good as they are"));
  EXPECT_TRUE(says(paper, "No experiment varied the "));
  manifest["written"].as_object()["failures"] = json::array{};
  study["facts"].as_object()["study.failed_rehearsals"] = {{"value", 0}, {"kind", "count"}, {"text", "0"}};
  EXPECT_TRUE(says(paper_of(analysed(study)), "They passed their first rehearsal"));
  EXPECT_FALSE(says(paper_of(analysed(fixture::study("supported"))), "rehears"));
}

TEST(Articles, StandBeforeEachModelThatIsCompared) {
  json::object study = fixture::study("supported");
  factor(study, "model").erase("role");
  factor(study, "activation")["role"] = "model";
  study["scope"].as_object()["context"] = json::object{};
  study = analysed(study);
  const json::object paper = offline::writing_paper(study);
  EXPECT_EQ(writing::paper_problems(paper, study), Strings{});
  const std::string text = printed_paper(paper, study);
  EXPECT_TRUE(says(text, "a GELU minus a ReLU came to")) << text;
  EXPECT_TRUE(says(text, "With peak learning rate 0.01, ViT and 200 training images, a GELU minus")) << text;
  EXPECT_TRUE(says(text, "GELU minus ReLU is")) << text;
  EXPECT_FALSE(says(text, "Activation function and accuracy of a network"));
  // and the words do not speak of more than was studied
  json::object input = study;
  input["paper"] = paper;
  input["text"] = text;
  for (const auto& weakness : offline::weaknesses_of(input))
    EXPECT_FALSE(says(weakness.text, "speaks of more")) << weakness.text;
}

TEST(Counts, OfOneAreSaidInTheSingular) {
  json::object study = one_claim(analysed(fixture::study("supported")));
  study["facts"].as_object()["study.hypotheses"].as_object()["value"] = 1;
  const std::string text = paper_of(study);
  EXPECT_TRUE(says(text, "A tree search over one hypothesis spent"));
  for (const char* several : {"each claim", "estimates with intervals", "each of the claims"})
    EXPECT_FALSE(says(text, several)) << several;
  study = analysed(one_claim(fixture::study("supported")));
  for (const auto* figure : objects_of(study, "figures"))
    EXPECT_FALSE(says(text_of(*figure, "caption"), "leave them")) << text_of(*figure, "caption");
}

TEST(Citations, OfANamedProcedureAreOfItsAuthor) {
  const json::object study = analysed(fixture::study("supported"));
  const json::object paper = offline::writing_paper(study);
  std::size_t found = 0;
  for (const auto& placed : writing::placed_texts(paper))
    if (const auto at = placed.text.find("Holm's procedure"); at != std::string::npos && placed.place != "abstract") {
      ++found;
      EXPECT_TRUE(says(placed.text, "Holm's procedure {{cite:holm1979}} sets")) << placed.text.substr(at, 120);
    }
  EXPECT_EQ(found, 2u);
}

TEST(Claims, WhoseMeansAreRoundedApartSaySo) {
  json::object study = fixture::study("supported");
  const auto paper = [&] { return json::serialize(offline::writing_paper(analysed(study))); };
  auto& facts = study["facts"].as_object();
  for (const std::string id : {"c1", "c2", "c3"}) {
    auto& contrast = facts[id + ".contrast.mean"].as_object();
    const auto& arms = contrast.at("arms").as_array();
    facts[std::string{arms.at(0).as_string()} + ".mean"].as_object()["text"] = "84.1%";
    facts[std::string{arms.at(1).as_string()} + ".mean"].as_object()["text"] = "80.1%";
    contrast["text"] = "+4.0 percentage points";
  }
  const char* rounded = "(The means are rounded one by one, here and below.)";
  EXPECT_FALSE(says(paper(), rounded));
  facts["c1.contrast.mean"].as_object()["text"] = "+4.1 percentage points";
  facts["c3.contrast.mean"].as_object()["text"] = "+4.1 percentage points";
  const std::string twice = paper();
  ASSERT_TRUE(says(twice, rounded));
  EXPECT_EQ(twice.find(rounded, twice.find(rounded) + 1), std::string::npos) << "once is enough";
}

TEST(Deviations, OfOneKindAreOneItem) {
  json::object study = fixture::study("supported");
  node(study, 0)["experiments"] = node(study, 1)["experiments"] = 2;
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text,
                   "Nodes n1 and n2 were given further blocks by the search, as the protocol provides; all of them "
                   "enter their evidence."));
}

TEST(Setup, NamesWhatTheQuestionFixes) {
  const json::object study = analysed(fixture::study("inconclusive"));  // on a CNN, where the default is a ViT
  const json::object paper = offline::writing_paper(study);
  for (const auto* section : objects_of(paper, "sections"))
    for (const auto* block : objects_of(*section, "blocks"))
      if (text_of(*block, "id") == "setup") {
        EXPECT_EQ(kit::array_of(*block, "rows")[0].as_array()[1].as_string(), "{{label:model.cnn}}");
      }
}

// Of a metric of which less is better, the treatment leads where its value is below.
TEST(LowerIsBetter, TurnsTheWordsOfMeritAndNotThoseOfValue) {
  for (const char* name : {"supported", "refuted", "inconclusive"}) {
    SCOPED_TRACE(name);
    json::object study = fixture::study(name);
    study["template"].as_object()["metrics"].as_object()["accuracy"].as_object()["direction"] = "lower";
    study = analysed(study);
    const json::object paper = offline::writing_paper(study);
    const std::string text = paper_of(study);
    EXPECT_TRUE(says(text, "(small is good)"));
    for (const char* merit : {" a lead for ", "How far GELU leads", " gained on ", "the margin of"})
      EXPECT_FALSE(says(text, merit)) << merit;
    json::object input = study;
    input["paper"] = paper;
    input["text"] = text;
    for (const auto& weakness : offline::weaknesses_of(input))
      EXPECT_NE(weakness.rule, "direction-wrong") << weakness.text;
    // and the reviewer still finds words that are the wrong way round
    input["paper"].as_object()["abstract"] =
        "{{arm:c1.gelu}} {{direction:c1.contrast.mean|leads|trails}} {{arm:c1.relu}}.";
    bool found = false;
    for (const auto& weakness : offline::weaknesses_of(input)) found = found || weakness.rule == "direction-wrong";
    EXPECT_TRUE(found);
  }
}

TEST(Search, IsSaidToSurviveOrLoseOnlyAnEffectThatWasSeen) {
  json::object study = fixture::study("supported");  // n4 is a rival of n1, on which c3 is a claim
  study["claims"].as_array() = json::array{claim(study, 1), claim(study, 2)};
  auto& evidence = node(study, 3)["evidence"].as_object();
  evidence["probability_above"] = evidence["probability_below"] = 0.05;
  evidence["contrast"].as_object()["mean"] = 0.001;
  const char* lost = "With the recipe changed the contrast all but goes";
  EXPECT_TRUE(says(printed_paper(offline::writing_paper(analysed(study)), study), lost));
  claim(study, 1)["verdict"] = "equivalent";
  EXPECT_FALSE(says(printed_paper(offline::writing_paper(analysed(study)), study), lost));
}

// Label smoothing, depth and dropout, of which the last was never run.
json::object stack(const char* verdict) {
  json::object study = fixture::study("inconclusive");
  study["scope"].as_object()["stack"] =
      json::array{json::object{{"factor", "label_smoothing"}, {"off", 0}, {"on", 0.1}},
                  json::object{{"factor", "depth"}, {"off", 2}, {"on", 4}},
                  json::object{{"factor", "dropout"}, {"off", 0}, {"on", 0.2}}};
  claim(study, 1)["verdict"] = verdict;
  return analysed(study);
}

TEST(Search, SaysHowManyHypothesesWereProposedAndByWhichRuleItWentOn) {
  json::object study = fixture::study("supported");
  auto& facts = study["facts"].as_object();
  EXPECT_TRUE(says(paper_of(analysed(study)), "Every hypothesis is a node of a tree. A node with evidence rests on "));
  EXPECT_TRUE(says(paper_of(analysed(study)), "Which step comes next is left to the policy of the search."));
  json::object more = facts.at("study.hypotheses").as_object();
  more["value"] = kit::number_of(more, "value") + 2, more["text"] = "8";
  facts["study.proposed"] = more;
  study["policy"] = "adaptive";
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(
      text,
      "Of 8 hypotheses that were proposed, those that were taken up are the nodes of a tree; the others stand in the "
      "ledger alone. A node with evidence rests on "))
      << text;
  EXPECT_TRUE(
      says(text, "that is expected to add most to the value of the leading node: a hypothesis from the question, one"));
  study["policy"] = "greedy";
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   "After the first hypotheses from the question, the search goes on from the node of highest value."));
}

// "n18" of a reference is no digit by hand, and the step that names it is one to take.
TEST(NextSteps, ThatNameANodeAreInThePaper) {
  json::object study = analysed(fixture::study("supported"));
  study["next"] = json::array{"Put {{n1.name}} to the test.", "Run 7 more."};
  const std::string text = paper_of(study);
  EXPECT_TRUE(says(text, "Put n1 to the test."));
  EXPECT_FALSE(says(text, "Run 7 more."));
  EXPECT_FALSE(kit::has_typed_digit("{{n1.name}} and {{c2.name}}"));
  EXPECT_TRUE(kit::has_typed_digit("{{n1.name}} and 2"));
  EXPECT_TRUE(kit::has_typed_digit("2 and {{n1.name}}"));
}

TEST(Value, IsSaidToBeMadeOfThePartsThatWereReported) {
  json::object study = fixture::study("supported");
  const std::string plain_parts =
      "of a node, by which the search decides where to go on, is made of the maximum of the two probabilities, so that "
      "a clear contradiction is worth as much to it as a clear agreement; the novelty N of its statement, which is one "
      "minus the cosine of its words with those of the nearest title or finding of the retrieved work; and its "
      "feasibility R/(R + S), in which S is the declared seconds of one experiment on it and R those "
      "of the study's first experiment times the number, at least one, of experiments not yet begun";
  EXPECT_TRUE(says(paper_of(analysed(study)), "The value " + plain_parts + "."))
      << "without weights there is no formula";
  json::object weighed = study;
  auto& facts = weighed["facts"].as_object();
  for (const auto& [name, text] : {std::pair{"significance", "0.5"}, {"novelty", "0.375"}, {"feasibility", "0.125"}})
    facts["study.weight." + std::string{name}] =
        json::object{{"kind", "number"}, {"value", std::stod(text)}, {"text", text}};
  facts["n1.score.novelty"] = json::object{{"kind", "number"}, {"value", 0.71}, {"text", "0.71"}};
  const std::string told = paper_of(analysed(weighed));
  EXPECT_TRUE(says(told, "The value v " + plain_parts + ":"));
  EXPECT_TRUE(says(told, "v = 0.5 max(p_+, p_-) + 0.375 N + 0.125 R/(R + S)"));
  json::object other = weighed;  // a value function that sums otherwise, or has a part of its own
  other["nodes"].as_array()[0].as_object()["score"].as_object()["value"] = 0.9;
  EXPECT_FALSE(says(paper_of(analysed(other)), "v = 0.5"));
  other = weighed;
  other["nodes"].as_array()[0].as_object()["score"].as_object()["parts"].as_object()["elegance"] = 0.0;
  EXPECT_FALSE(says(paper_of(analysed(other)), "v = 0.5"));
  EXPECT_TRUE(says(
      told, "the parts of its value to the search, that value, all as of the node's last run, how its evidence reads"));
  EXPECT_TRUE(says(told, "0.71"));
  for (auto& value : study["nodes"].as_array())
    value.as_object()["score"].as_object()["parts"] =
        json::object{{"novelty", 0.4}, {"significance", 0.6}, {"reproducibility", 0.8}};
  EXPECT_TRUE(says(paper_of(analysed(study)), "; and the probability p_s that a repetition has the same sign."));
  for (auto& value : study["nodes"].as_array()) value.as_object()["score"].as_object()["parts"] = json::object{};
  EXPECT_TRUE(says(paper_of(analysed(study)), "A value function gave each node the value by which the search"));
}

TEST(Abstract, SpellsOutTheQuestionsModelWhereTheTemplateDoes) {
  json::object study = fixture::study("supported");
  fixture::factor(study, "model")["spelled"] = json::object{};
  EXPECT_TRUE(says(paper_of(analysed(study)), " that a ViT reaches"));
  fixture::factor(study, "model")["spelled"] = json::object{{"vit", "vision transformer"}};
  EXPECT_TRUE(says(paper_of(analysed(study)), " that a ViT (vision transformer) reaches"));
  std::string too_long = "vision transformer";
  for (int i = 0; i < 90; ++i) too_long += " of the kind";
  fixture::factor(study, "model")["spelled"] = json::object{{"vit", too_long}};
  const std::string abstract = text_of(offline::writing_paper(analysed(study)), "abstract");
  EXPECT_FALSE(says(abstract, "of the kind")) << abstract;
  for (const char* claimed : {"c1", "c2", "c3"})
    EXPECT_TRUE(says(abstract, "{{verdict:" + std::string{claimed} + "}}")) << "no claim makes way for a name";
}

// Work on the joint use of such techniques is told even where its data are of another kind, and as what it is.
TEST(Stack, TellsWhatWasFoundOfStackingElsewhere) {
  json::object study = stack("equivalent");
  const auto add = [&](const char* key, json::array themes) {
    study["literature"].as_array().push_back(
        json::object{{"key", key},
                     {"title", "Nets for tables"},
                     {"authors", json::array{"Ada Author"}},
                     {"year", 2020},
                     {"themes", std::move(themes)},
                     {"statements", json::array{"The joint use of many techniques pays for tables."}}});
  };
  EXPECT_FALSE(says(paper_of(study), "at once were studied in other set-ups"));
  add("author2020tables", json::array{"tabular", "joint regularisation"});
  add("author2020none", json::array{"tabular", "regularisation"});
  const std::string text = paper_of(study);
  EXPECT_TRUE(says(text,
                   "Several such techniques at once were studied in other set-ups. The joint use of many techniques "
                   "pays for tables [author2020tables]. For the data and the parts"))
      << text;
  EXPECT_FALSE(says(text, "author2020none"));
}

TEST(Stack, IsWordedAsSeveralAndSaysWhatWasNotTested) {
  for (const char* verdict : {"supported", "refuted", "equivalent", "inconclusive"}) {
    SCOPED_TRACE(verdict);
    const json::object study = stack(verdict);
    const std::string text = paper_of(study);
    EXPECT_TRUE(says(text, "How label smoothing, depth and dropout act together on the accuracy of a CNN"));
    EXPECT_TRUE(says(text, "That no label smoothing gains more over label smoothing 0.1 with depth")) << text;
    EXPECT_TRUE(says(text, "the whole was not compared with its best part"));
    EXPECT_TRUE(says(text, "No comparison was made of depth alone or dropout alone."));
    EXPECT_TRUE(
        says(text, "The whole was not set against label smoothing alone, depth alone or dropout alone, so how"));
    EXPECT_TRUE(says(text, "Set the whole stack against the best one of its parts"));
    for (const auto& step : kit::texts_of(study, "next")) EXPECT_FALSE(says(step, "dropout rate does")) << step;
  }
}

TEST(NextSteps, DoNotAskForWhatWasDone) {
  json::object study = fixture::study("supported");
  auto& nodes = study["nodes"].as_array();
  for (auto& one : nodes) one.as_object()["hypothesis"].as_object()["relation"] = "initial";
  const auto varies = [](const json::object& found) {
    for (const auto& step : kit::texts_of(found, "next"))
      if (says(step, "Vary the peak learning rate, which all arms shared")) return true;
    return false;
  };
  EXPECT_FALSE(varies(offline::analysis_findings(study)));
  for (auto& one : nodes) one.as_object()["hypothesis"].as_object()["context"].as_object().erase("learning_rate");
  EXPECT_TRUE(varies(offline::analysis_findings(study)));
  fixture::factor(study, "learning_rate")["rivals"] = json::array{0.005};
  EXPECT_TRUE(says(json::serialize(offline::analysis_findings(study)),
                   "which all arms shared, for instance to {{level:learning_rate.0.005}}, which a second pilot picked, "
                   "to see whether"));
}

// The bold way of the tree's figure ends at the claim that the text calls nearest to the question.
TEST(Figures, OfTheSearchLeadToTheClaimOfTheStoryline) {
  for (const char* name : {"supported", "refuted", "inconclusive"}) {
    json::object study = fixture::study(name);
    const json::object findings = offline::analysis_findings(study);
    study["findings"] = json::array{};
    bool found = false;
    const json::object made = analysis::choose_figures(study);
    for (const auto* figure : objects_of(made, "figures"))
      if (text_of(*figure, "kind") == "tree") {
        found = true;
        EXPECT_EQ(kit::texts_of(kit::object_of(*figure, "data"), "storyline"), kit::texts_of(findings, "storyline"));
      }
    EXPECT_TRUE(found) << name;
  }
}

TEST(Review, NamesTheConditionsOfAnInteraction) {
  const json::object study = fixture::study("supported");
  for (const auto* one : objects_of(study, "nodes"))
    if (text_of(*one, "id") == "n3") {
      EXPECT_EQ(offline::pair_of(kit::object_of(*one, "plan")),
                "GELU over ReLU with 100 training images rather than 400 training images");
    }
}

TEST(Review, CountsNobodyAsNone) {
  json::array reviews;
  for (int i = 0; i < 3; ++i) reviews.push_back(json::object{{"decision", "reject"}, {"overall", 3}});
  const auto meta = offline::review_meta({{"reviews", reviews}});
  EXPECT_TRUE(says(text_of(meta, "summary"), "; none would accept it")) << text_of(meta, "summary");
}

TEST(Rebuttal, SaysWhereStandsWhatWouldDecideAClaimOrWhyItDoesNot) {
  const auto answer = [](const std::vector<const char*>& facts) {
    json::object input = analysed(fixture::study("inconclusive"));
    for (const char* fact : facts)
      input["facts"].as_object()["c3." + std::string{fact}] =
          json::object{{"kind", "count"}, {"value", 28}, {"text", "28"}, {"arms", json::array{}}};
    input["paper"] = offline::writing_paper(input);
    input["points"] = json::array{json::object{
        {"id", "p1"}, {"text", "How many further blocks would decide it?"}, {"kind", "experiment"}, {"entry", "c3"}}};
    const json::object revised = offline::writing_revise(input);
    return text_of(*objects_of(revised, "responses").front(), "text");
  };
  EXPECT_TRUE(says(answer({}), "The limitations now say that none was added.")) << answer({});
  EXPECT_TRUE(says(answer({"blocks_to_decide"}),
                   " none was added; how many would just decide {{c3.name}} stands in the "
                   "conclusion."))
      << answer({"blocks_to_decide"});
  EXPECT_TRUE(says(answer({"blocks_to_decide", "outlying_block"}),
                   " the conclusion leaves unsaid, since much of its spread comes from one far block."));
}

TEST(Rebuttal, QuotesTheLimitationThatGrantsAPoint) {
  json::object input = analysed(fixture::study("refuted"));
  input["paper"] = offline::writing_paper(input);
  input["points"] = json::array{
      json::object{
          {"id", "p1"}, {"text", "Only one architecture was trained."}, {"kind", "experiment"}, {"entry", "c1"}},
      json::object{{"id", "p2"}, {"text", "One data set carries it."}, {"kind", "experiment"}, {"entry", "c1"}}};
  const json::object answer = offline::writing_revise(input);
  const auto responses = objects_of(answer, "responses");
  ASSERT_EQ(responses.size(), 2u);
  EXPECT_TRUE(says(text_of(*responses[0], "text"), "\u201cOnly one architecture was trained, at one size.\u201d"));
  EXPECT_TRUE(says(text_of(*responses[1], "text"),
                   "\u201cEvery conclusion rests on one data set and one task, and is about these.\u201d"));
}

}  // namespace
}  // namespace aisci
