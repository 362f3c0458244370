// The writing and analysis agents as they ship, with a model that the test plays.
#include <gtest/gtest.h>
#include <aisci/registry.hpp>

#include <fstream>
#include <sstream>

#include "base/json.hpp"

namespace aisci {
namespace {

json::object finished_study() {
  std::ifstream file{std::string{AISCI_SOURCE_DIR} + "/tests/golden/study/supported.json"};
  std::ostringstream text;
  text << file.rdbuf();
  json::object study = *parse_json_object(text.str(), "the fixture");
  study.erase("curves");
  return study;
}

// A paper that may be printed, but for its abstract.
json::object paper_with(const std::string& abstract) {
  json::array sections;
  for (const char* id : {"introduction", "method", "results", "limitations", "conclusion"})
    sections.push_back(
        json::object{{"id", id},
                     {"title", "A title"},
                     {"blocks", json::array{json::object{{"type", "paragraph"}, {"text", "A sentence."}}}}});
  return {{"title", "A paper"},
          {"abstract", abstract + std::string(200, ' ')},
          {"sections", std::move(sections)},
          {"appendix", json::array{}},
          {"citations", json::array{}}};
}

class Agents : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"writing", "analysis"})
      ASSERT_TRUE(
          registry_.load_plugin(std::string{AISCI_BINARY_DIR} + "/lib/aisci/plugins/abi1/" + name + "/" + name + ".so")
              .ok());
    services_.model_task = [this](const ModelTaskRequest& request, const CallContext&) -> Result<std::string> {
      inputs_.push_back(*parse_json_object(request.input_json, "input"));
      messages_.emplace_back(request.messages_json);
      if (answers_.empty()) return unavailable("no answer is left");
      const json::object answer = answers_.front();
      if (answers_.size() > 1) answers_.erase(answers_.begin());
      return json::serialize(answer);
    };
  }

  Result<json::object> act(const std::string& role, const std::string& task, const json::object& input) {
    AISCI_ASSIGN_OR_RETURN(const auto agent, registry_.create_agent(role, "{}", services_));
    AISCI_ASSIGN_OR_RETURN(const std::string output, agent->act(task, json::serialize(input), {}));
    return parse_json_object(output, "output");
  }

  Registry registry_;
  HostServices services_;
  std::vector<json::object> answers_, inputs_;
  std::vector<std::string> messages_;
};

TEST_F(Agents, TakeAPaperThatMayBePrintedAtOnce) {
  answers_ = {paper_with("{{study.claims}} claims.")};
  const auto paper = act("writing", "writing.paper", finished_study());
  ASSERT_TRUE(paper.ok()) << paper.status().to_string();
  EXPECT_EQ(inputs_.size(), 1u);
}

TEST_F(Agents, AskOnceMoreAndSayWhatIsWrong) {
  answers_ = {paper_with("3 claims."), paper_with("{{study.claims}} claims.")};
  const auto paper = act("writing", "writing.paper", finished_study());
  ASSERT_TRUE(paper.ok()) << paper.status().to_string();
  ASSERT_EQ(inputs_.size(), 2u);
  EXPECT_EQ(array_of(inputs_[1], "problems").size(), 1u);
  EXPECT_NE(messages_[1].find("a number written by hand"), std::string::npos);
  EXPECT_NE(messages_[1].find("\"assistant\""), std::string::npos);
}

TEST_F(Agents, RefuseAPaperThatStaysWrong) {
  answers_ = {paper_with("{{arm:n1.relu}} reached {{n1.gelu.mean}}.")};
  const auto paper = act("writing", "writing.paper", finished_study());
  ASSERT_FALSE(paper.ok());
  EXPECT_EQ(paper.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(paper.status().message().find("must follow {{arm:n1.gelu}}"), std::string::npos)
      << paper.status().message();
  EXPECT_EQ(inputs_.size(), 2u);
}

TEST_F(Agents, MentionAComparativeButPrintIt) {
  answers_ = {paper_with("GELU is better.")};
  const auto paper = act("writing", "writing.paper", finished_study());
  ASSERT_TRUE(paper.ok()) << paper.status().to_string();
  EXPECT_EQ(inputs_.size(), 2u);
  EXPECT_NE(messages_[1].find("is bound to no value"), std::string::npos);
}

TEST_F(Agents, RefuseARevisionThatLeavesAPointOpen) {
  answers_ = {json::object{{"paper", paper_with("Words.")}, {"responses", json::array{}}}};
  json::object input = finished_study();
  input["paper"] = paper_with("Words.");
  input["points"] = json::array{json::object{{"id", "p1"}, {"text", "?"}, {"kind", "wording"}, {"entry", ""}}};
  const auto revised = act("writing", "writing.revise", input);
  ASSERT_FALSE(revised.ok());
  EXPECT_NE(revised.status().message().find("point p1 has none"), std::string::npos) << revised.status().message();
}

TEST_F(Agents, ChooseFiguresAndTheirProgramWithoutAModel) {
  const auto figures = act("analysis", "analysis.figures", finished_study());
  ASSERT_TRUE(figures.ok()) << figures.status().to_string();
  EXPECT_GE(array_of(*figures, "figures").size(), 4u);
  const auto plotting = act("analysis", "analysis.plotting", {});
  ASSERT_TRUE(plotting.ok()) << plotting.status().to_string();
  EXPECT_TRUE(object_of(*plotting, "code").contains("plot.py"));
  EXPECT_EQ(json::serialize(array_of(*plotting, "program")), R"(["python3","/job/plot.py"])");
  EXPECT_TRUE(inputs_.empty());
}

}  // namespace
}  // namespace aisci
