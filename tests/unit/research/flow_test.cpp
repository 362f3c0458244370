// The flow with a crew of stubs: no plugin, no process, milliseconds.
#include "research/flow.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/folder.hpp"
#include "support/stub_crew.hpp"

namespace aisci {
namespace {

using testing::StubCrew;
using testing::parse;

struct Study {
  testing::Folder folder;
  Options options;
  Study() {
    options.seed = 5;
    options.max_experiments = 6;
    options.policy = "ucb1";
    options.parallel_experiments = 2;
  }
  Result<StudyResult> run(StubCrew& stubs) {
    auto ledger = Ledger::open_for_writing(folder.path() / "study.db").value();
    Recorder recorder{*ledger, Recorder::Listener{}};
    FlowControl control;
    stubs.control = &control;
    return Flow{folder.path(), "Does A beat B?", options, stubs.crew, recorder, control}.run();
  }
  // Everything that was recorded, without what is volatile: times and hashes, how runs ended.
  std::string story() const {
    std::vector<std::string> lines;
    const auto ledger = Ledger::open_for_reading(folder.path() / "study.db").value();
    for (const auto& event : ledger->events().value())
      if (event.type != "run.ended" && event.type != "paper.rendered" && event.type.find(".started") == std::string::npos) lines.push_back(event.type + " " + event.key + " " + event.text);
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all;
  }
  std::vector<Finding> verify(StubCrew& stubs) {
    auto ledger = Ledger::open_for_reading(folder.path() / "study.db").value();
    std::vector<Finding> findings;
    Recorder recorder{*ledger, findings};
    FlowControl control;
    const auto result = Flow{folder.path(), "Does A beat B?", options, stubs.crew, recorder, control}.run();
    if (!result.ok()) findings.push_back({"flow", "to run", result.status().message()});
    return findings;
  }
};

TEST(Flow, RunsFromQuestionToReviewedPaper) {
  Study study;
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
  Study a, b;
  StubCrew stubs_a, stubs_b;
  stubs_b.runs = 1000;  // other sleeps
  ASSERT_TRUE(a.run(stubs_a).ok());
  ASSERT_TRUE(b.run(stubs_b).ok());
  EXPECT_TRUE(a.story() == b.story());
}

TEST(Flow, CancelledAtAnyRunItResumesToTheSameStory) {
  Study whole;
  StubCrew undisturbed;
  ASSERT_TRUE(whole.run(undisturbed).ok());
  for (int after = 0; after < undisturbed.runs; ++after) {
    Study study;
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
  Study study;
  StubCrew stubs;
  ASSERT_TRUE(study.run(stubs).ok());
  const int runs = stubs.runs;
  ASSERT_TRUE(study.run(stubs).ok());
  EXPECT_EQ(stubs.runs, runs);
}

TEST(Flow, ChangedRawFileIsFoundWithItsPlace) {
  Study study;
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

TEST(Flow, QuestionWithoutTemplateIsRefusedBeforeAnyRun) {
  Study study;
  StubCrew stubs;
  auto act = stubs.crew.act;
  stubs.crew.act = [act](std::string_view task, const json::object& input) {
    if (task == "ideation.scope") return Result<json::object>{parse(R"({"answerable": false, "reason": "about proteins", "can_study": ["images"]})")};
    return act(task, input);
  };
  const auto result = study.run(stubs);
  EXPECT_EQ(result.status().code(), StatusCode::kNotFound);
  EXPECT_NE(result.status().message().find("images"), std::string::npos);
  EXPECT_EQ(stubs.runs, 0);
}

TEST(Flow, ExperimentsThatFailAreNodesThatFailAndTheStudySaysWhy) {
  Study study;
  StubCrew stubs;
  auto run = stubs.crew.run;
  stubs.crew.run = [run](const RunRequest& request, const std::function<void(std::string_view)>& line, const std::atomic<bool>& cancelled) {
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
