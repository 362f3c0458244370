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

// A paper of `paragraphs` blocks, one to a page, in a format of three pages.
void write_long_paper(StubCrew& stubs, int paragraphs) {
  const auto act = stubs.crew.act;
  stubs.crew.act = [act, paragraphs](std::string_view task, const json::object& input) -> Result<json::object> {
    auto answer = act(task, input);
    if (task != "writing.paper") return answer;
    json::array blocks;
    for (int i = 0; i < paragraphs; ++i)
      blocks.push_back(json::object{{"type", "paragraph"}, {"text", std::string(200, 'x')}});
    (*answer)["sections"] = json::array{json::object{{"id", "method"}, {"title", "Method"}, {"blocks", blocks}}};
    return answer;
  };
  stubs.crew.check = [](const json::object& paper) {
    std::size_t pages = 0;
    for (const auto& section : array_of(paper, "sections")) pages += array_of(section.as_object(), "blocks").size();
    return Result<json::object>{
        json::object{{"problems", json::array{}}, {"body_pages", static_cast<double>(pages)}, {"most_body_pages", 3}}};
  };
}

TEST(Flow, PrintsAPaperThatIsTooLongAgainWithMoreInTheAppendix) {
  StubStudy study;
  StubCrew stubs;
  write_long_paper(stubs, 6);
  const auto result = study.run(stubs);
  ASSERT_TRUE(result.ok()) << result.status().to_string();
  EXPECT_TRUE(result->degraded.empty()) << ::testing::PrintToString(result->degraded);
  const auto ledger = Ledger::open_for_reading(study.folder.path() / "study.db").value();
  EXPECT_TRUE(ledger->find("paper.built", "draft/1").value().has_value());
  const auto last = ledger->find("paper.built", "revised").value();
  ASSERT_TRUE(last.has_value());
  EXPECT_LE(number_of(object_of(last->body, "checked"), "body_pages"), 3);
  EXPECT_EQ(array_of(parse_json_object(read_file(study.folder.path() / "paper/paper.json").value(), "model").value(),
                     "sections")
                .size(),
            1u)
      << "the model stays whole";
  EXPECT_TRUE(study.verify(stubs).empty());
}

TEST(Flow, SaysThatAPaperDoesNotFitAndWhatItsBuildComplainsOf) {
  StubStudy study;
  StubCrew stubs;
  stubs.crew.check = [](const json::object&) {
    return Result<json::object>{parse(
        R"({"problems": [{"place": "build", "text": "a line is overfull"}], "body_pages": 5.5, "most_body_pages": 4})")};
  };
  const auto result = study.run(stubs);
  ASSERT_TRUE(result.ok()) << result.status().to_string();
  EXPECT_EQ(result->degraded,
            (std::vector<std::string>{"the paper's layout: its body has 5.5 pages, the format article allows 4",
                                      "the paper's layout: a line is overfull"}));
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
