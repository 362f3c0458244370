// Counts that a study tells are those of what there was.
#include <gtest/gtest.h>
#include <aisci/inspect.hpp>

#include "base/files.hpp"
#include "support/stub_study.hpp"

namespace aisci {
namespace {

using testing::StubCrew;
using testing::StubStudy;

// Programs that prepare data say that they left one row to train on.
void say_splits(StubCrew& stubs) {
  stubs.crew.run = [run = stubs.crew.run](const RunRequest& request, const std::function<void(std::string_view)>& line,
                                          const std::atomic<bool>& cancelled) {
    if (request.program[0] == "prepare") {
      EXPECT_TRUE(write_file(request.folder / "results/splits.json", R"({"counts": {"train": 1, "test": 7}})").ok());
    }
    return run(request, line, cancelled);
  };
}

void state_train(StubCrew& stubs, int rows) {
  stubs.crew.act = [act = stubs.crew.act, rows](std::string_view task, const json::object& input) {
    auto answer = act(task, input);
    if (task == "design.catalogue")
      (*answer)["templates"].as_array()[0].as_object()["dataset"] =
          json::object{{"splits", json::object{{"train", rows}, {"validation", 3}}}};
    return answer;
  };
}

TEST(Counts, ASplitOfAnotherSizeThanStatedIsRefusedBeforeAnyExperiment) {
  StubStudy study;
  StubCrew stubs;
  say_splits(stubs);
  state_train(stubs, 2);
  const auto result = study.run(stubs);
  EXPECT_EQ(result.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(result.status().message().find("data/splits.json, train: the template says 2 and prepare.py left 1"),
            std::string::npos)
      << result.status().message();
  EXPECT_EQ(stubs.runs, 1);
}

TEST(Counts, VerificationHoldsStatedSplitsAgainstThoseThatWereLeft) {
  StubStudy study;
  StubCrew stubs;
  say_splits(stubs);
  ASSERT_TRUE(study.run(stubs).ok());
  EXPECT_TRUE(study.verify(stubs).empty());
  state_train(stubs, 2);
  bool found = false;
  for (const auto& finding : study.verify(stubs))
    found |= finding.place == "data/splits.json, train" && finding.expected == "2" && finding.found == "1";
  EXPECT_TRUE(found);
}

TEST(Counts, AClaimWithoutABlockMakesTheStudyDegradedAndIsShownWithNone) {
  StubStudy study;
  StubCrew stubs;
  stubs.crew.run = [run = stubs.crew.run](const RunRequest& request, const std::function<void(std::string_view)>& line,
                                          const std::atomic<bool>& cancelled) {
    if (request.program[0] != "experiment" || request.id[0] != 'c') return run(request, line, cancelled);
    RunOutcome outcome;
    outcome.exit_code = 1;
    outcome.log_tail = "boom";
    return Result<RunOutcome>{outcome};
  };
  stubs.crew.act = [act = stubs.crew.act](std::string_view task, const json::object& input) {
    auto answer = act(task, input);
    if (task == "writing.paper") (*answer)["abstract"] = "It is {{verdict:c1}}.";
    return answer;
  };
  const auto result = study.run(stubs);
  ASSERT_TRUE(result.ok()) << result.status().message();
  ASSERT_EQ(result->degraded.size(), 1u);
  EXPECT_EQ(result->degraded[0].rfind("no evidence on claim c1", 0), 0u) << result->degraded[0];
  EXPECT_NE(result->degraded[0].find("exit code 1"), std::string::npos);
  ASSERT_EQ(result->paper.verdicts.size(), 1u);
  EXPECT_EQ(result->paper.verdicts[0].blocks, 0);
  const auto shown = parse_json_object(describe_study(study.folder.path()).value(), "show").value();
  EXPECT_EQ(integer_of(array_of(shown, "claims").at(0).as_object(), "blocks", -1), 0);
}

}  // namespace
}  // namespace aisci
