#include "llm/offline/writing.hpp"

#include <gtest/gtest.h>

#include <set>

#include "llm/offline/review.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::printed_paper;
using fixture::repeated_runs;
using kit::objects_of;
using kit::text_of;
using Strings = std::vector<std::string>;

// What every paper must satisfy, whatever the study.
void expect_sound(const json::object& paper, const json::object& study) {
  EXPECT_EQ(writing::paper_problems(paper, study), Strings{});
  EXPECT_EQ(writing::unbound_comparatives(paper), Strings{});
  EXPECT_EQ(repeated_runs(paper, study), Strings{});
  EXPECT_EQ(writing::repeated_phrases(paper, study), Strings{});
  const std::size_t words = fixture::count_words(writing::printed(text_of(paper, "abstract"), paper, study));
  EXPECT_GE(words, 150u);
  EXPECT_LE(words, 250u);
}

Status fits_schema(const json::object& answer, const std::string& task) {
  return check_schema(answer, json::parse(shipped::text("plugins/agents/writing/data/tasks/" + task + ".schema.json")),
                      task);
}

class Paper : public ::testing::TestWithParam<const char*> {
 protected:
  const json::object study = analysed(fixture::study(GetParam()));
  const json::object paper = offline::writing_paper(study);
};

TEST_P(Paper, IsSoundAndFitsItsSchema) {
  expect_sound(paper, study);
  const Status fits = fits_schema(paper, "writing.paper");
  EXPECT_TRUE(fits.ok()) << fits.message();
}

TEST_P(Paper, SaysInItsAbstractWhatStandsForTheSetting) {
  const std::string abstract = writing::printed(text_of(paper, "abstract"), paper, study);
  EXPECT_NE(abstract.find("\u201csmall datasets\u201d stands for training sets of 100 to 400 images"),
            std::string::npos)
      << abstract;
}

TEST_P(Paper, PrintsEveryVerdictInTheAbstract) {
  for (const auto* claim : objects_of(study, "claims"))
    EXPECT_NE(text_of(paper, "abstract").find("{{verdict:" + text_of(*claim, "id") + "}}"), std::string::npos);
}

TEST_P(Paper, RefersToEveryFigureAndTableThatItPlaces) {
  std::string text;
  for (const auto& placed : writing::placed_texts(paper)) text += placed.text + "\n";
  std::size_t placed = 0;
  for (const char* part : {"sections", "appendix"})
    for (const auto* section : objects_of(paper, part))
      for (const auto* block : objects_of(*section, "blocks")) {
        const std::string type = text_of(*block, "type"), id = text_of(*block, "id");
        if ((type != "figure" && type != "table") || id.rfind("arms-", 0) == 0) continue;  // a table's continuation
        ++placed;
        EXPECT_NE(text.find("{{" + type + ":" + id + "}}"), std::string::npos) << type << " " << id;
      }
  EXPECT_GE(placed, 9u);
}

TEST_P(Paper, ListsEveryNodeAndNamesTheFailedOne) {
  std::set<std::string> rows;
  for (const auto* section : objects_of(paper, "sections"))
    for (const auto* block : objects_of(*section, "blocks"))
      if (text_of(*block, "id") == "search")
        for (const auto& row : kit::array_of(*block, "rows")) rows.insert(row.as_array()[0].as_string().c_str());
  for (const auto* node : objects_of(study, "nodes"))
    EXPECT_TRUE(rows.count("{{" + text_of(*node, "id") + ".name}}")) << text_of(*node, "id");
  EXPECT_NE(printed_paper(paper, study).find("failed: killed by signal after the time limit"), std::string::npos);
}

TEST_P(Paper, SaysOfItsEstimatesThatRoundingCameLast) {
  bool said = false;
  for (const auto* section : objects_of(paper, "appendix"))
    for (const auto* block : objects_of(*section, "blocks"))
      if (text_of(*block, "id") == "arms")  // where a reader would subtract
        said = text_of(*block, "caption").find("means of differences inside blocks, rounded once") != std::string::npos;
  EXPECT_TRUE(said);
}

TEST_P(Paper, NeverCallsAnythingSignificantExceptWithASource) {
  for (const auto& placed : writing::placed_texts(paper)) {
    const bool sourced = placed.text.find("{{cite:") != std::string::npos;
    EXPECT_TRUE(sourced || placed.text.find("significant") == std::string::npos) << placed.place;
  }
}

TEST_P(Paper, IsTheSameForTheSameStudy) {
  EXPECT_EQ(json::serialize(offline::writing_paper(study)), json::serialize(paper));
}

TEST_P(Paper, StaysSoundWithoutFiguresLiteratureOrFindings) {
  for (const char* member : {"figures", "literature", "findings", "next", "not_assessed"}) {
    SCOPED_TRACE(member);
    json::object bare = study;
    bare[member] = json::array{};
    expect_sound(offline::writing_paper(bare), bare);
  }
}

TEST_P(Paper, StaysSoundWithOneClaimAndWithAClaimThatCouldNotBeTested) {
  json::object one = study;
  one["claims"].as_array().resize(1);
  expect_sound(offline::writing_paper(one), one);
  for (std::size_t i = 0; i < study.at("claims").as_array().size(); ++i) {
    json::object failed = study;
    auto& claim = failed["claims"].as_array()[i].as_object();
    claim.erase("evidence");
    claim["verdict"] = "inconclusive";
    claim["failure"] = "killed by signal 9";
    const json::object written = offline::writing_paper(failed);
    EXPECT_EQ(writing::paper_problems(written, failed), Strings{});
    EXPECT_EQ(repeated_runs(written, failed), Strings{});
  }
}

INSTANTIATE_TEST_SUITE_P(Studies, Paper, ::testing::Values("supported", "refuted", "inconclusive"));

// A study whose claims all have one interval, with the verdict that the rule gives it.
json::object with_interval(double mean, double lower, double upper, const char* verdict) {
  json::object study = fixture::study("supported");
  for (auto& value : study["claims"].as_array()) {
    auto& claim = value.as_object();
    auto& contrast = claim["evidence"].as_object()["contrast"].as_object();
    contrast["mean"] = mean, contrast["lower"] = lower, contrast["upper"] = upper;
    claim["verdict"] = verdict;
    for (const char* name : {"mean", "lower", "upper"}) {
      auto& fact = study["facts"].as_object()[std::string{claim["id"].as_string()} + ".contrast." + name].as_object();
      fact["value"] = contrast[name];
    }
  }
  return analysed(std::move(study));
}

TEST(PaperOfAnInterval, SaysWhatTheIntervalSays) {
  struct Case {
    double mean, lower, upper;
    const char* verdict;
    const char* says;
    const char* title;
  };
  const Case kCases[] = {
      {0.05, 0.03, 0.07, "supported", "The interval excludes zero, and with it all that was declared too small",
       ": {{arm:c3.gelu}} ahead"},
      {0.03, 0.01, 0.05, "supported", "so a sign is established and a size is not", ": {{arm:c3.gelu}} ahead"},
      {-0.05, -0.07, -0.03, "refuted", "The whole interval lies on the side opposite to the prediction",
       "{{arm:c3.relu}} ahead, against the prediction"},
      {-0.01, -0.03, 0.01, "refuted", "an advantage worth acting on is excluded, while a loss of that size is not",
       "a prediction that confirmation refuted"},
      {0.00, -0.01, 0.01, "equivalent", "Both ends lie inside the band of differences",
       "no mean difference as large as {{c3.smallest_effect}}"},
      {0.01, 0.005, 0.015, "equivalent", "although the interval leaves zero out",
       "no mean difference as large as {{c3.smallest_effect}}"},
      {0.01, -0.02, 0.04, "inconclusive", "The interval contains zero as well as effects worth acting on",
       "a question that confirmation left open"},
  };
  for (const auto& one : kCases) {
    SCOPED_TRACE(std::string{one.verdict} + " at " + std::to_string(one.mean));
    const json::object study = with_interval(one.mean, one.lower, one.upper, one.verdict);
    const json::object paper = offline::writing_paper(study);
    EXPECT_EQ(writing::paper_problems(paper, study), Strings{});
    EXPECT_EQ(writing::unbound_comparatives(paper), Strings{});
    EXPECT_NE(printed_paper(paper, study).find(one.says), std::string::npos);
    EXPECT_NE(text_of(paper, "title").find(one.title), std::string::npos) << text_of(paper, "title");
    const bool below = printed_paper(paper, study).find("to the disadvantage of the former") != std::string::npos;
    EXPECT_EQ(below, one.upper < 0) << "a side is named where the interval leaves zero out";
  }
}

TEST(PaperOfAQuestion, GivesNoDirectionToADifferenceThatPrintsAsZero) {
  json::object study = analysed(with_interval(0.0001, -0.01, 0.01, "equivalent"));
  for (auto& claim : study["claims"].as_array()) {
    const std::string name = text_of(claim.as_object(), "id") + ".contrast.mean";
    if (study["facts"].as_object().contains(name))
      study["facts"].as_object()[name].as_object()["text"] = "0.0 percentage points";
  }
  const std::string text = printed_paper(offline::writing_paper(study), study);
  for (const char* direction :
       {"above", "below", "in favour of", "to the disadvantage of", "gained", "a lead", "a deficit"})
    EXPECT_EQ(text.find(std::string{direction} + " 0.0"), std::string::npos) << direction;
  EXPECT_NE(text.find("GELU minus ReLU came to 0.0 percentage points"), std::string::npos);
  EXPECT_EQ(text.find("0.0 percentage points, a difference in favour"), std::string::npos);
  const std::string finding = text_of(study["findings"].as_array()[0].as_object(), "text");
  EXPECT_NE(text_of(offline::analysis_findings(study)["findings"].as_array()[0].as_object(), "text").find("level with"),
            std::string::npos)
      << finding;
}

TEST(PaperOfAQuestion, QuotesItInAnyScriptWithItsDigits) {
  json::object study = analysed(fixture::study("supported"));
  for (const char* question : {"Is 7 better than 3?", "激活函数如何影响泛化?", "Does {{n1.gelu.mean}} matter?"}) {
    study["facts"].as_object()["study.question"] = json::object{{"kind", "text"}, {"text", question}};
    const json::object paper = offline::writing_paper(study);
    EXPECT_EQ(writing::paper_problems(paper, study), Strings{});
    EXPECT_NE(printed_paper(paper, study).find("\u201c" + std::string{question} + "\u201d"), std::string::npos);
  }
}

TEST(PaperOfTheLiterature, CitesWithAStatementOfTheRecord) {
  const json::object study = analysed(fixture::study("supported"));
  const json::object paper = offline::writing_paper(study);
  EXPECT_GE(objects_of(paper, "citations").size(), 12u);
  for (const auto* citation : objects_of(paper, "citations")) {
    bool stated = false;
    for (const auto* record : objects_of(study, "literature"))
      if (text_of(*record, "key") == text_of(*citation, "key"))
        stated = kit::contains(kit::texts_of(*record, "statements"), text_of(*citation, "support"));
    EXPECT_TRUE(stated) << text_of(*citation, "key");
  }
}

json::object revision_of(const json::object& study, const json::object& paper, json::array points) {
  json::object input = study;
  input["paper"] = paper;
  input["points"] = std::move(points);
  return offline::writing_revise(input);
}

// The points that the offline reviewers raise about a paper.
json::array points_of(const json::object& study, const json::object& paper) {
  json::object input = study;
  input["paper"] = paper;
  input["text"] = printed_paper(paper, study);
  json::array reviews;
  for (const char* reviewer : {"careful", "demanding", "generous"}) {
    input["reviewer"] = reviewer;
    reviews.push_back(offline::review_review(input));
  }
  json::object meta = study;
  meta["reviews"] = std::move(reviews);
  return offline::review_meta(meta).at("points").as_array();
}

TEST_P(Paper, ClosesEveryPointOfItsReviewsAndStaysSound) {
  const json::array points = points_of(study, paper);
  ASSERT_FALSE(points.empty());
  const json::object answer = revision_of(study, paper, points);
  json::object input = study;
  input["points"] = points;
  EXPECT_EQ(writing::response_problems(answer, input), Strings{});
  expect_sound(answer.at("paper").as_object(), study);
  // Each point changes the text, or is granted by a limitation that stands there already.
  const bool changed = json::serialize(answer.at("paper")) != json::serialize(paper);
  for (const auto* response : objects_of(answer, "responses"))
    EXPECT_TRUE(changed || text_of(*response, "text").find("the limitations said so already") != std::string::npos)
        << text_of(*response, "text");
  const Status fits = fits_schema(answer, "writing.revise");
  EXPECT_TRUE(fits.ok()) << fits.message();
}

TEST_P(Paper, StaysSoundUnderAnyPoint) {
  json::array points;
  for (const char* text : {"The interval is wide.",
                           "No evidence.",
                           "Tune the learning rate.",
                           "Other architecture?",
                           "One data set.",
                           "Explain the logit scale.",
                           "Close to the ceiling.",
                           "The failed runs?",
                           "Few related papers.",
                           "Mark what is exploratory.",
                           "The text overstates.",
                           "No figure shows it.",
                           "Fewer blocks than planned.",
                           "Too small to matter.",
                           "Regression to the mean.",
                           "Does not follow from its interval.",
                           "The power is low.",
                           "More blocks are needed.",
                           "The sign seen in the search.",
                           "I do not like it at 3 a.m."})
    for (const char* entry : {"c1", "c2", "n3", "", "x9"})
      points.push_back(json::object{
          {"id", "p" + std::to_string(points.size() + 1)}, {"text", text}, {"kind", "evidence"}, {"entry", entry}});
  const json::object answer = revision_of(study, paper, points);
  EXPECT_EQ(answer.at("responses").as_array().size(), points.size());
  expect_sound(answer.at("paper").as_object(), study);
}

TEST(Revision, PointsToAnExperimentThatTheStudyHolds) {
  const json::object study = analysed(fixture::study("supported"));
  const json::object answer = revision_of(study, offline::writing_paper(study),
                                          {json::object{{"id", "p1"},
                                                        {"text", "Does it persist at another learning rate?"},
                                                        {"kind", "experiment"},
                                                        {"entry", "c3"}}});
  EXPECT_EQ(text_of(answer.at("responses").as_array()[0].as_object(), "action"), "experiment");
  EXPECT_NE(text_of(answer.at("responses").as_array()[0].as_object(), "text")
                .find("What ran with a changed peak learning rate: {{n4.name}} ({{value:n4.contrast.mean|short}}, "
                      "{{value:n4.contrast.lower|short}} to {{value:n4.contrast.upper|short}});"),
            std::string::npos)
      << answer.at("responses");
}

// The rebuttal tells of the run itself.
TEST(Revision, LeavesWhatARunGaveToTheRebuttalWhereNothingElseRan) {
  json::object study = analysed(fixture::study("supported"));
  study["paper"] = offline::writing_paper(study);
  study["points"] = json::array{json::object{
      {"id", "p1"}, {"text", "Does it persist at another learning rate?"}, {"kind", "experiment"}, {"entry", "c3"}}};
  study["answers"] = json::array{json::object{{"point", "p1"}, {"node", "n4"}}};
  const json::object answer = offline::writing_revise(study);
  const auto& response = answer.at("responses").as_array()[0].as_object();
  EXPECT_EQ(text_of(response, "action"), "experiment");
  EXPECT_EQ(text_of(response, "node"), "n4");
  EXPECT_EQ(
      text_of(response, "text"),
      "In the experiment below both arms have a peak learning rate of {{level:learning_rate.0.005}}, which is a check "
      "and no tuning of each; the limitations say what it leaves open.");
}

TEST(Revision, ConcedesWhatNoExperimentAnswers) {
  const json::object study = analysed(fixture::study("refuted"));
  const json::object answer = revision_of(
      study, offline::writing_paper(study),
      {json::object{
          {"id", "p1"}, {"text", "Only one architecture was trained."}, {"kind", "experiment"}, {"entry", "c1"}}});
  EXPECT_EQ(text_of(answer.at("responses").as_array()[0].as_object(), "action"), "concession");
}

TEST(Revision, GrantsNothingTwice) {
  const json::object study = analysed(fixture::study("refuted"));
  const json::object paper = offline::writing_paper(study);
  const json::object answer = revision_of(
      study, paper,
      {json::object{
          {"id", "p1"}, {"text", "Only one architecture was trained."}, {"kind", "experiment"}, {"entry", "c1"}}});
  EXPECT_TRUE(json::serialize(answer.at("paper")) == json::serialize(paper));
  EXPECT_NE(json::serialize(answer.at("responses")).find("the limitations said so already"), std::string::npos);
}

TEST(Revision, WithoutPointsLeavesThePaperAsItIs) {
  const json::object study = analysed(fixture::study("refuted"));
  const json::object paper = offline::writing_paper(study);
  const json::object answer = revision_of(study, paper, {});
  EXPECT_EQ(json::serialize(answer.at("paper")), json::serialize(paper));
  EXPECT_TRUE(answer.at("responses").as_array().empty());
}

}  // namespace
}  // namespace aisci
