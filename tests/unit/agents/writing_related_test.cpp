// The related work of a paper: where its records come from, what is told of them and what is said of those set aside.
#include <gtest/gtest.h>
#include <algorithm>

#include "llm/offline/question.hpp"
#include "llm/offline/review.hpp"
#include "llm/offline/writing.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::paper_of;
using fixture::says;

TEST(RelatedWork, AGroupThatStandsAloneIsNotTheLastOne) {
  json::object study = fixture::study("supported");
  json::array kept;
  for (const auto& record : study["literature"].as_array())
    for (const auto& theme : kit::texts_of(record.as_object(), "themes"))
      if (theme == "multiple comparisons" || theme == "equivalence") {
        kept.push_back(record);
        break;
      }
  ASSERT_FALSE(kept.empty());
  study["literature"] = kept;
  const std::string paper = paper_of(analysed(study));
  EXPECT_FALSE(says(paper, "A last group"));
  EXPECT_TRUE(says(paper, "The works cited here concern how such comparisons are judged"));
}

TEST(Records, AreSaidToComeFromWhereTheyCameFrom) {
  json::object study = fixture::study("supported");
  for (auto& record : study["literature"].as_array()) record.as_object()["checked_in"] = "its abstract";
  EXPECT_TRUE(
      says(paper_of(analysed(study)),
           "brought from the collection that comes with aisci (fixed, and a small part of what was published)."));
  study["literature"].as_array()[0].as_object()["added"] = true;
  EXPECT_TRUE(
      says(paper_of(analysed(study)), "brought from the collection that comes with aisci and the user's own (fixed"));
  study["literature"].as_array()[0].as_object()["checked_in"] = "";
  EXPECT_TRUE(says(paper_of(analysed(study)), "brought from the collections that the study was set up with. "));
}

TEST(Records, ThatTheTemplateSetsAsideAreCountedAndASingleOneIsTold) {
  json::object study = fixture::study("supported");
  const std::string whole = paper_of(analysed(study));
  EXPECT_FALSE(says(whole, "set aside, being")) << whole;
  EXPECT_TRUE(says(whole, "What this section tells is chosen from the ")) << whole;
  const auto record = [](const char* key, json::object because, const char* statement) {
    return json::object{{"key", key},
                        {"title", "Something Else"},
                        {"authors", json::array{"Ada Example", "Ben Example"}},
                        {"year", 2020},
                        {"themes", json::array{"regression", "normalisation"}},
                        {"statements", json::array{statement}},
                        {"because", std::move(because)}};
  };
  const char* layers = "The order of two layers decides what is gathered in training.";
  const auto themed = [&](const char* key, const char* theme = "regression") {
    return record(key, {{"theme", theme}, {"unless", "classification"}}, layers);
  };
  const auto single = [&](const char* key, const char* level, const char* statement) {
    return record(key, {{"factor", "model"}, {"level", level}}, statement);
  };
  const auto brings = [&](json::array records) {
    const auto aside = std::count_if(records.begin(), records.end(), [](const json::value& one) {
      return one.at("because").as_object().contains("theme");
    });
    study["facts"].as_object().erase("study.records_aside");
    if (aside > 0)
      study["facts"].as_object()["study.records_aside"] =
          json::object{{"value", aside}, {"kind", "count"}, {"text", std::to_string(aside)}};
    study["set_aside"] = std::move(records);
    return paper_of(analysed(study));
  };
  std::string text = brings({themed("a"), themed("b")});
  EXPECT_TRUE(says(text, " of the records that the queries in the appendix brought from ")) << text;
  EXPECT_TRUE(says(text, " 2 more that the queries brought are set aside, being about regression and not about "))
      << text;
  EXPECT_FALSE(says(json::serialize(offline::writing_paper(analysed(study)).at("citations")), R"("a")"))
      << "what is counted is not cited";
  text = brings({themed("a")});
  EXPECT_TRUE(says(text, " One more that the queries brought is set aside, being about regression and not about "))
      << text;
  text = brings({themed("a", "1-d regression")});
  EXPECT_TRUE(says(text, " is set aside, being about something else. ")) << text;
  text = brings({single("example2020else", "vit", layers)});
  const char* told = ", is set aside, since its set-up does not occur here with a ViT; it reports that the order of ";
  EXPECT_TRUE(says(text, told)) << text;
  EXPECT_FALSE(says(text, "more that the queries brought")) << "and nothing is said of others";
  json::object whole_study = analysed(study);
  whole_study["paper"] = offline::writing_paper(whole_study);
  const auto unknown = [&] {
    const auto found = offline::weaknesses_of(whole_study);
    return std::count_if(found.begin(), found.end(),
                         [](const auto& one) { return std::string_view{one.rule} == "citation-unknown"; });
  };
  EXPECT_EQ(unknown(), 0) << "the paper may cite what was set aside";
  fixture::node(whole_study, 0)["hypothesis"].as_object()["citations"] =
      json::array{json::object{{"key", "example2020else"}, {"support", layers}}};
  EXPECT_EQ(unknown(), 1) << "and no hypothesis may";
  text = brings({single("example2020else", "cnn", "At a rate of 0.5 it costs 3 points.")});
  EXPECT_TRUE(says(text, ", is set aside, since its set-up does not occur here with a CNN.")) << text;
  text = brings({single("a", "vit", layers), themed("b"), single("c", "cnn", "The shift of a variance is explained.")});
  EXPECT_TRUE(says(text, " One more that the queries brought is set aside, being about ")) << text;
  EXPECT_TRUE(says(text, told)) << text;
  EXPECT_TRUE(says(text,
                   " Set aside as well is one of [c], whose set-up does not occur with a CNN: it reports that the "
                   "shift"))
      << text;
}

}  // namespace
}  // namespace aisci
