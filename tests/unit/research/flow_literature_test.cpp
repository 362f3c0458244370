// What a study reads of the literature and what it sets aside, and what becomes of hypotheses that a paper states.
#include <gtest/gtest.h>

#include "research/flow.hpp"
#include "support/stub_study.hpp"

namespace aisci {
namespace {

using testing::parse;
using testing::StubCrew;
using testing::StubStudy;

// Crews whose template is not about what the rules name and whose question is looked up by two queries; the document
// that the paper is written from is kept.
void let_set_aside(StubCrew& stubs, json::array rules, json::object& document) {
  const auto act = stubs.crew.act;
  stubs.crew.act = [act, rules = std::move(rules), &document](std::string_view task,
                                                              const json::object& input) -> Result<json::object> {
    auto answer = act(task, input);
    if (task == "writing.paper") document = input;
    if (task == "design.catalogue") (*answer)["templates"].as_array()[0].as_object()["not_about"] = rules;
    if (task == "ideation.scope") (*answer)["queries"] = json::array{"first", "second"};
    return answer;
  };
}

const json::object kClassesAlone{{"theme", "classification"}, {"unless", "regression"}};

struct Records {
  int read = -1;
  std::vector<std::string> aside;  // keys, and why: "firstno-theme {...}"
};

// What a study reads whose template leaves out one theme, and one record where `with` is the usual setting.
Records records_read(const json::object& with) {
  StubStudy study;
  StubCrew stubs;
  json::object document;
  let_set_aside(stubs, {kClassesAlone, json::object{{"key", "firstno-theme"}, {"with", with}}}, document);
  stubs.crew.search = [](const std::string& query, int) -> Result<std::vector<json::object>> {
    const auto record = [&](const char* key, json::array themes) {
      return json::object{{"key", query + key}, {"title", key}, {"themes", std::move(themes)}};
    };
    return std::vector<json::object>{record("classes", {"classification"}), record("no-theme", {}),
                                     record("both", {"classification", "regression"}),
                                     record("quantities", {"regression"})};
  };
  EXPECT_TRUE(study.run(stubs).ok());
  EXPECT_TRUE(study.verify(stubs).empty());
  const auto read = testing::events_of(study, "literature.read");
  Records records;
  if (read.size() != 1) return records;
  records.read = static_cast<int>(integer_of(read[0].body, "count"));
  for (const auto& record : array_of(document, "set_aside"))
    records.aside.push_back(text_of(record.as_object(), "key") + " " +
                            canonical(member(record.as_object(), "because")));
  EXPECT_EQ(number_of(object_of(object_of(document, "facts"), "study.records_aside"), "value"), 2)
      << "those for their theme";
  return records;
}

TEST(Flow, ReadsNothingThatTheTemplateSaysItIsNotAbout) {
  const auto levels = [](const char* factor, json::array names) {
    return json::object{{"factor", factor}, {"levels", std::move(names)}};
  };
  using Keys = std::vector<std::string>;
  const Records nothing = records_read(levels("nothing", {"a"}));
  EXPECT_EQ(nothing.read, 6) << "of eight, the two on classes alone are left out";
  const std::string theme = R"( {"theme":"classification","unless":"regression"})";
  EXPECT_EQ(nothing.aside, (Keys{"firstclasses" + theme, "secondclasses" + theme})) << "and not forgotten";
  const Records usual = records_read(levels("f", {"a"}));
  EXPECT_EQ(usual.read, 5) << "and the one that is about another set-up";
  EXPECT_EQ(usual.aside,
            (Keys{"firstclasses" + theme, R"(firstno-theme {"factor":"f","level":"a"})", "secondclasses" + theme}));
  EXPECT_EQ(records_read(levels("f", {"b"})).read, 6);
}

TEST(Flow, ReadsWhatALaterQueryKnowsToBeAboutItsSubjectAndSetsNothingWithoutAKeyAside) {
  StubStudy study;
  StubCrew stubs;
  json::object document;
  let_set_aside(stubs, {kClassesAlone}, document);
  stubs.crew.search = [](const std::string& query, int) -> Result<std::vector<json::object>> {
    json::object forests{{"key", "forests"}, {"title", "Forests"}, {"themes", json::array{"classification"}}};
    if (query == "second") forests["themes"].as_array().push_back("regression");
    return std::vector<json::object>{forests, json::object{{"title", "No key"}, {"themes", {"classification"}}}};
  };
  ASSERT_TRUE(study.run(stubs).ok());
  EXPECT_TRUE(study.verify(stubs).empty());
  ASSERT_EQ(array_of(document, "literature").size(), 1u);
  EXPECT_EQ(text_of(array_of(document, "literature")[0].as_object(), "key"), "forests");
  EXPECT_FALSE(document.contains("set_aside"));
}

// Crews whose search finds one paper, which says this.
void let_find(StubCrew& stubs, const char* statement) {
  auto act = stubs.crew.act;
  stubs.crew.act = [act](std::string_view task, const json::object& input) {
    if (task != "ideation.scope") return act(task, input);
    return Result<json::object>{
        parse(R"({"answerable": true, "template": "toy", "restated": "toy", "queries": ["letters"]})")};
  };
  stubs.crew.search = [statement](const std::string&, int) {
    json::object record{{"key", "roe2020"}, {"title", "A Study"}, {"statements", json::array{statement}}};
    return Result<std::vector<json::object>>{std::vector<json::object>{record}};
  };
}

TEST(Flow, NoveltyIsMeasuredAgainstThePapersFound) {
  StubStudy study;
  StubCrew stubs;
  let_find(stubs, "Beating drums is healthy.");
  std::vector<double> values;
  auto evaluate = stubs.crew.evaluate;
  stubs.crew.evaluate = [&](const NodeMetrics& node) {
    values.push_back(node.metrics.at("novelty"));
    return evaluate(node);
  };
  ASSERT_TRUE(study.run(stubs).ok());
  ASSERT_FALSE(values.empty());
  for (const double value : values) {
    EXPECT_GT(value, 0.5);  // what the agent said
    EXPECT_LT(value, 1.0);
  }
  EXPECT_TRUE(study.verify(stubs).empty());
}

TEST(Flow, PublishedHypothesisIsLeftOutAndThePaperNamed) {
  StubStudy study;
  StubCrew stubs;
  let_find(stubs, "The letter A always beats the letter B.");
  auto act = stubs.crew.act;
  stubs.crew.act = [act](std::string_view task, const json::object& input) {
    auto output = act(task, input);
    if (task != "ideation.hypotheses" || !output.ok()) return output;
    (*output)["hypotheses"].as_array()[0].as_object()["statement"] = "The letter A always beats the letter B";
    return output;
  };
  ASSERT_TRUE(study.run(stubs).ok());
  const std::string story = study.story();
  EXPECT_NE(story.find(R"("published":[{"key":"roe2020","statement":"The letter A always beats the letter B"}])"),
            std::string::npos);
  EXPECT_EQ(story.find("node.created n1 {\"statement\":\"The letter"), std::string::npos);
  EXPECT_TRUE(study.verify(stubs).empty());
}

TEST(Flow, WhenAllIsPublishedTheStudySaysSo) {
  StubStudy study;
  StubCrew stubs;
  let_find(stubs, "A beats B.");
  const auto result = study.run(stubs);
  EXPECT_EQ(result.status().code(), StatusCode::kNotFound);
  EXPECT_NE(result.status().message().find("published"), std::string::npos);
  EXPECT_EQ(stubs.runs, 1);  // the data were prepared
}

}  // namespace
}  // namespace aisci
