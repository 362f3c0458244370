// The flow with a crew of stubs: no plugin, no process, milliseconds.
#include "research/flow.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/stub_study.hpp"

namespace aisci {
namespace {

using testing::parse;
using testing::StubCrew;
using testing::StubStudy;

TEST(Flow, RunsFromQuestionToReviewedPaper) {
  StubStudy study;
  StubCrew stubs;
  const auto result = study.run(stubs);
  ASSERT_TRUE(result.ok()) << result.status().to_string();
  EXPECT_EQ(result->ended_by, "max_experiments");
  ASSERT_EQ(result->paper.verdicts.size(), 1u);
  EXPECT_EQ(result->paper.verdicts[0].verdict, "supported");
  EXPECT_NEAR(result->paper.verdicts[0].effect, 0.05, 0.02);
  EXPECT_EQ(result->paper.findings, std::vector<std::string>{"supported"});
  EXPECT_TRUE(std::filesystem::exists(study.folder.path() / "tree.html"));
  EXPECT_TRUE(study.verify(stubs).empty());
}

TEST(Flow, SameSeedSameStoryAtAnySpeed) {
  StubStudy a, b;
  StubCrew stubs_a, stubs_b;
  stubs_b.runs = 1000;  // other sleeps
  ASSERT_TRUE(a.run(stubs_a).ok());
  ASSERT_TRUE(b.run(stubs_b).ok());
  EXPECT_TRUE(a.story() == b.story());
}

TEST(Flow, CancelledAtAnyRunItResumesToTheSameStory) {
  StubStudy whole;
  StubCrew undisturbed;
  ASSERT_TRUE(whole.run(undisturbed).ok());
  for (int after = 0; after < undisturbed.runs; ++after) {
    StubStudy study;
    StubCrew stubs;
    stubs.cancel_after = after;
    EXPECT_EQ(study.run(stubs).status().code(), StatusCode::kCancelled) << after;
    stubs.cancel_after = 1 << 20;
    const auto resumed = study.run(stubs);
    ASSERT_TRUE(resumed.ok()) << after << ": " << resumed.status().to_string();
    EXPECT_TRUE(study.story() == whole.story()) << "cancelled at run " << after;
  }
}

TEST(Flow, ResumingACompletedStudyRunsNothing) {
  StubStudy study;
  StubCrew stubs;
  ASSERT_TRUE(study.run(stubs).ok());
  const int runs = stubs.runs;
  ASSERT_TRUE(study.run(stubs).ok());
  EXPECT_EQ(stubs.runs, runs);
}

TEST(Flow, ChangedRawFileIsFoundWithItsPlace) {
  StubStudy study;
  StubCrew stubs;
  ASSERT_TRUE(study.run(stubs).ok());
  const auto file = study.folder.path() / "experiments/n1/trials/t001/metrics.json";
  auto document = parse_json_object(read_file(file).value(), "trial").value();
  document["metrics"].as_object()["accuracy"] = 0.99;
  ASSERT_TRUE(write_file(file, json::serialize(document)).ok());
  const auto findings = study.verify(stubs);
  ASSERT_FALSE(findings.empty());
  EXPECT_NE(findings[0].place.find("experiments/n1/trials/t001/metrics.json"), std::string::npos);
}

// Where ideation has nothing to refine the search goes on elsewhere, also when nothing else is under way.
TEST(Flow, NodeWithoutRefinementsDoesNotEndTheSearch) {
  for (const int parallel : {1, 2}) {
    StubStudy study;
    study.options.parallel_experiments = parallel;
    StubCrew stubs;
    stubs.crew.act = [act = stubs.crew.act](std::string_view task, const json::object& input) {
      if (task == "ideation.refine" && text_of(input, "parent") == "n1")
        return Result<json::object>{json::object{{"hypotheses", json::array{}}}};
      return act(task, input);
    };
    const auto result = study.run(stubs);
    ASSERT_TRUE(result.ok()) << result.status().to_string();
    EXPECT_EQ(result->ended_by, "max_experiments") << parallel;
  }
}

TEST(Flow, QuestionWithoutTemplateIsRefusedBeforeAnyRun) {
  StubStudy study;
  StubCrew stubs;
  auto act = stubs.crew.act;
  stubs.crew.act = [act](std::string_view task, const json::object& input) {
    if (task == "ideation.scope")
      return Result<json::object>{
          parse(R"({"answerable": false, "reason": "about proteins", "can_study": ["images"]})")};
    return act(task, input);
  };
  const auto result = study.run(stubs);
  EXPECT_EQ(result.status().code(), StatusCode::kNotFound);
  EXPECT_NE(result.status().message().find("images"), std::string::npos);
  EXPECT_EQ(stubs.runs, 0);
}

TEST(Flow, ExperimentsThatFailAreNodesThatFailAndTheStudySaysWhy) {
  StubStudy study;
  StubCrew stubs;
  auto run = stubs.crew.run;
  stubs.crew.run = [run](const RunRequest& request, const std::function<void(std::string_view)>& line,
                         const std::atomic<bool>& cancelled) {
    if (request.program[0] != "experiment") return run(request, line, cancelled);
    RunOutcome outcome;
    outcome.exit_code = 1;
    outcome.log_tail = "boom";
    return Result<RunOutcome>{outcome};
  };
  const auto result = study.run(stubs);
  EXPECT_EQ(result.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(result.status().message().find("boom"), std::string::npos);
}

}  // namespace
}  // namespace aisci
