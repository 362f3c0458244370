// What a study does about experiments that fail, seen from whole studies: the table, its bound, what is recorded and
// what the study's readers are told.
#include "research/retry.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/failing_crew.hpp"
#include "support/stub_study.hpp"

namespace aisci {
namespace {

using testing::Attempt;
using testing::events_of;
using testing::FailingCrew;
using testing::StubCrew;
using testing::StubStudy;

// The configurations of all trials that count, read from where they lie.
std::vector<json::object> configs_of(const StubStudy& study, const std::string& place) {
  std::vector<json::object> found;
  for (const auto& entry : std::filesystem::directory_iterator{study.folder.path() / place / "trials"})
    found.push_back(
        object_of(parse_json_object(read_file(entry.path() / "metrics.json").value(), "trial").value(), "config"));
  return found;
}

// A study of which the papers' authors saw the last node document.
struct Seen {
  json::object document;
  void watch(FailingCrew& stubs) {
    stubs.crew.act = [this, act = stubs.crew.act](std::string_view task, const json::object& input) {
      if (task == "writing.paper") document = input;
      return act(task, input);
    };
  }
  const json::object& node(std::size_t i) const { return array_of(document, "nodes").at(i).as_object(); }
};

TEST(Retry, OutOfMemoryHalvesTheBatchInEveryArmAndBlock) {
  StubStudy study;
  FailingCrew stubs;
  stubs.fails = [](const Attempt& run) { return run.number("batch_size") > 8 ? "memory" : ""; };
  Seen seen;
  seen.watch(stubs);
  const auto result = study.run(stubs);
  ASSERT_TRUE(result.ok()) << result.status().to_string();
  const auto retried = events_of(study, "experiment.retried");
  ASSERT_GE(retried.size(), 4u);
  EXPECT_EQ(retried[0].key, "n1#1");
  EXPECT_EQ(text_of(retried[0].body, "failure_class"), "memory");
  EXPECT_EQ(text_of(retried[0].body, "remedy"), "halve_batch_size");
  EXPECT_EQ(number_of(object_of(retried[0].body, "change"), "to"), 16);
  EXPECT_EQ(number_of(object_of(retried[1].body, "change"), "to"), 8);
  const auto configs = configs_of(study, "experiments/n1/retry-2");
  EXPECT_EQ(configs.size(), 10u);  // five blocks of two arms
  for (const auto& config : configs) EXPECT_EQ(integer_of(config, "batch_size"), 8);
  // What authors are told, and the facts that they may print.
  ASSERT_EQ(array_of(seen.node(0), "changes").size(), 2u);
  const auto& facts = object_of(seen.document, "facts");
  EXPECT_EQ(text_of(object_of(facts, "n1.change2.from"), "text"), "16");
  EXPECT_EQ(text_of(object_of(facts, "n1.change2.to"), "text"), "8");
  EXPECT_TRUE(study.verify(stubs).empty());
}

TEST(Retry, TimeOutRunsSmaller) {
  StubStudy study;
  FailingCrew stubs;
  stubs.fails = [](const Attempt& run) { return run.number("steps") != 80 ? "timeout" : ""; };
  ASSERT_TRUE(study.run(stubs).ok());
  for (const auto& config : configs_of(study, "experiments/n1/retry-1")) EXPECT_EQ(integer_of(config, "steps"), 80);
  EXPECT_EQ(text_of(events_of(study, "experiment.retried").at(0).body, "remedy"), "smaller_run");
  EXPECT_TRUE(study.verify(stubs).empty());
}

TEST(Retry, IsBoundedAndOneFailedExperimentDoesNotEndTheStudy) {
  for (const int most : {0, 2}) {
    StubStudy study;
    study.options.max_retries = most;
    FailingCrew stubs;
    stubs.fails = [](const Attempt& run) { return run.request.id.rfind("n2/", 0) == 0 ? "memory" : ""; };
    ASSERT_TRUE(study.run(stubs).ok());
    EXPECT_EQ(stubs.runs_of["n2"], most + 1);
    EXPECT_EQ(events_of(study, "experiment.retried").size(), static_cast<std::size_t>(most));
    for (const auto& event : events_of(study, "experiment.completed"))
      EXPECT_EQ(text_of(event.body, "failure_class"), event.key == "n2" ? "memory" : "") << event.key;
    EXPECT_TRUE(study.verify(stubs).empty());
  }
}

TEST(Retry, CodeIsRepairedFromItsError) {
  StubStudy study;
  FailingCrew stubs;
  stubs.fails = [](const Attempt& run) { return run.code == "repaired" ? "" : "code"; };
  json::object asked;
  stubs.repair = [&](const json::object& input) {
    asked = input;
    return Result<json::object>{
        json::object{{"code", json::object{{"experiment.py", "repaired"}}}, {"told", "a name was missing"}}};
  };
  Seen seen;
  seen.watch(stubs);
  ASSERT_TRUE(study.run(stubs).ok());
  EXPECT_NE(text_of(asked, "failure").find("it failed: code"), std::string::npos);
  EXPECT_EQ(text_of(object_of(asked, "code"), "experiment.py"), "as designed");
  EXPECT_EQ(read_file(study.folder.path() / "code/n1/experiment.py").value(), "repaired");
  EXPECT_EQ(text_of(array_of(seen.node(0), "changes").at(0).as_object(), "remedy"), "repair_code");
  EXPECT_TRUE(study.verify(stubs).empty());
}

// A repair may change the files of the experiment, and no other: not the part of the evaluator that lies beside them.
TEST(Retry, CodeThatCannotBeRepairedFails) {
  const std::vector<Result<json::object>> answers{
      unimplemented("no rules"),
      json::object{{"code", json::object{}}, {"told", ""}},
      json::object{{"code", json::object{{"experiment.py", "as designed"}}}, {"told", "nothing"}},
      json::object{{"code", json::object{{"experiment.py", 7}}}, {"told", "no text"}},
      json::object{{"code", json::object{{"../study.db", "x"}}}, {"told", "elsewhere"}},
      json::object{{"code", json::object{{kExperimentModule, "x"}}}, {"told", "the evaluator"}}};
  for (const auto& answer : answers) {
    StubStudy study;
    FailingCrew stubs;
    stubs.fails = [](const Attempt& run) { return run.request.id.rfind("n1/", 0) == 0 ? "code" : ""; };
    stubs.repair = [&](const json::object&) { return answer; };
    ASSERT_TRUE(study.run(stubs).ok());
    EXPECT_TRUE(events_of(study, "experiment.retried").empty());
    EXPECT_EQ(text_of(events_of(study, "experiment.completed").at(0).body, "failure_class"), "code");
  }
}

// A study may be a stranger's: what its ledger calls a repair is held to the same as what a model answers.
TEST(Retry, RecordedRepairsOfOtherFilesWriteNothing) {
  const std::map<std::string, std::string> code{{"experiment.py", "as designed"}, {kExperimentModule, "the evaluator"}};
  const auto recorded = [](const std::string& name, const json::value& text) {
    return json::object{{"remedy", "repair_code"}, {"code", json::object{{name, text}}}};
  };
  EXPECT_EQ(read_retry(recorded("experiment.py", "repaired"), code)->code.at("experiment.py"), "repaired");
  StubStudy aside;
  const std::string outside = aside.folder.path() / "outside";
  for (const std::string& name : {std::string{"../outside"}, outside, std::string{"another.py"}, std::string{},
                                  std::string{kExperimentModule}, std::string{"./experiment.py"}}) {
    EXPECT_EQ(read_retry(recorded(name, "x"), code).status().code(), StatusCode::kDataLoss) << name;
    StubStudy study;
    ASSERT_TRUE(Ledger::open_for_writing(study.folder.path() / "study.db")
                    .value()
                    ->append("experiment.retried", "n1#1", recorded(name, "x"))
                    .ok());
    FailingCrew stubs;
    EXPECT_EQ(study.run(stubs).status().code(), StatusCode::kDataLoss) << name;
    EXPECT_FALSE(std::filesystem::exists(outside));
    EXPECT_FALSE(std::filesystem::exists(study.folder.path() / "experiments/n1/retry-1")) << name;
  }
  EXPECT_EQ(read_retry(recorded("experiment.py", 7), code).status().code(), StatusCode::kDataLoss);
}

TEST(Retry, RecordedTrialsAreNamedByLettersAndDigits) {
  for (const char* id : {"../../../outside", "t001/x", ".", ""}) {
    EXPECT_FALSE(is_trial_id(id));
    StubStudy study;
    ASSERT_TRUE(Ledger::open_for_writing(study.folder.path() / "study.db")
                    .value()
                    ->append("experiment.completed", "n1",
                             {{"trials", json::array{json::object{{"id", id}, {"arm", "a"}, {"score", 0.5}}}}})
                    .ok());
    FailingCrew stubs;
    const auto result = study.run(stubs);
    EXPECT_NE(result.status().message().find("the names of trials are letters and digits"), std::string::npos)
        << result.status().to_string();
  }
  EXPECT_TRUE(is_trial_id("t001"));
}

TEST(Retry, FailuresOfTheMachineRepeatTheSameSeedsAndChangeNothing) {
  StubStudy whole;
  FailingCrew undisturbed;
  ASSERT_TRUE(whole.run(undisturbed).ok());
  for (const char* failure : {"lost", "interrupted"}) {
    StubStudy study;
    FailingCrew stubs;
    stubs.fails = [&](const Attempt& run) { return run.experiment_runs < 2 ? failure : ""; };
    Seen seen;
    seen.watch(stubs);
    ASSERT_TRUE(study.run(stubs).ok());
    EXPECT_TRUE(study.story() == whole.story()) << failure;
    EXPECT_GE(events_of(study, "experiment.retried").size(), 6u);  // of each experiment
    EXPECT_FALSE(seen.node(0).contains("changes"));
    EXPECT_TRUE(study.verify(stubs).empty());
  }
}

TEST(Retry, DataThatChangedArePreparedAgain) {
  StubStudy study;
  FailingCrew stubs;
  stubs.fails = [&](const Attempt& run) -> std::string {
    if (run.request.id != "n1/r1" || run.experiment_runs > 0) return "";
    EXPECT_TRUE(write_file(study.folder.path() / "data/public/x", "flipped").ok());
    EXPECT_TRUE(write_file(study.folder.path() / "data/public/more", "stray").ok());
    return "data";
  };
  ASSERT_TRUE(study.run(stubs).ok());
  EXPECT_EQ(text_of(events_of(study, "experiment.retried").at(0).body, "remedy"), "rebuild_data");
  EXPECT_EQ(read_file(study.folder.path() / "data/public/x").value(), "x");
  EXPECT_FALSE(std::filesystem::exists(study.folder.path() / "data/public/more"));
  EXPECT_TRUE(study.verify(stubs).empty());
}

TEST(Retry, FiguresDataAndPaperAreRunAgainWhenTheyWereInterrupted) {
  StubStudy study;
  FailingCrew stubs;
  std::map<std::string, int> runs;
  stubs.crew.run = [&, run = stubs.crew.run](const auto& request, const auto& line, const auto& cancelled) {
    RunOutcome outcome;
    outcome.signal = 9;
    const bool first = request.program[0] != "experiment" && runs[request.id]++ == 0;
    return first ? Result<RunOutcome>{outcome} : run(request, line, cancelled);
  };
  const auto result = study.run(stubs);
  ASSERT_TRUE(result.ok()) << result.status().to_string();
  EXPECT_TRUE(result->degraded.empty());
  EXPECT_EQ(runs["data"], 2);
  EXPECT_EQ(runs["paper-draft"], 2);
  EXPECT_EQ(runs["rebuttal-revised"], 2);
  EXPECT_EQ(events_of(study, "run.repeated").size(), 4u);
}

// Blocks that a node gets later belong to the same experiment: a change of the recipe runs all of them again.
TEST(Retry, ReplicateThatChangesTheRecipeRunsTheEarlierBlocksAgain) {
  StubStudy study;
  study.options.policy = "adaptive";
  study.options.max_experiments = 24;
  FailingCrew stubs;
  stubs.world.spread = 0.6;  // noisy scores, so that replicates are worth having
  stubs.fails = [](const Attempt& run) {
    const auto config = parse_json_object(read_file(run.request.folder / "job/config.json").value(), "c").value();
    const std::string first = text_of(array_of(config, "trials")[0].as_object(), "id");
    return first > "t010" && run.number("batch_size") > 16 ? "memory" : "";
  };
  ASSERT_TRUE(study.run(stubs).ok());
  std::string node;
  for (const auto& event : events_of(study, "experiment.retried"))
    if (event.key.find("/2#1") != std::string::npos) node = event.key.substr(0, event.key.find('/'));
  ASSERT_NE(node, "") << "no node was replicated";
  const auto configs = configs_of(study, "experiments/" + node + "/retry-1");
  EXPECT_GE(configs.size(), 20u);
  for (const auto& config : configs) EXPECT_EQ(integer_of(config, "batch_size"), 16);
  EXPECT_TRUE(study.verify(stubs).empty());
}

Plan plan_of(const char* arms, const char* more = "") {
  return read_plan(testing::parse((std::string{R"({"metric": "accuracy", "baseline": "b", "program": ["x"],
    "smallest_effect": 0.02, "contrast": {"weights": {"a": 1, "b": -1}, "predicted_sign": 1}, "arms": )"} +
                                   arms + more + "}")
                                      .c_str()))
      .value();
}

TEST(RetryTable, WhatWouldAnswerAnotherQuestionIsNotChanged) {
  const auto plan =
      plan_of(R"([{"id": "a", "config": {"batch_size": 24}}, {"id": "b", "config": {"batch_size": 24}}])");
  const Remedy& memory = remedy_for("memory");
  ASSERT_TRUE(halved(plan, {}, memory));
  EXPECT_EQ(halved(plan, {}, memory)->to, 12);
  for (const char* hypothesis : {R"({"context": {"batch_size": 24}})", R"({"factor": "batch_size"})",
                                 R"({"moderator": {"factor": "batch_size"}})"})
    EXPECT_FALSE(halved(plan, testing::parse(hypothesis), memory)) << hypothesis;
  EXPECT_FALSE(
      halved(plan_of(R"([{"id": "a", "config": {"batch_size": 24}}, {"id": "b", "config": {"batch_size": 48}}])"), {},
             memory));
  EXPECT_FALSE(halved(
      plan_of(R"([{"id": "a", "config": {"batch_size": 1}}, {"id": "b", "config": {"batch_size": 1}}])"), {}, memory));
  EXPECT_FALSE(halved(plan, {}, remedy_for("timeout")));  // nothing here makes a run smaller
  const auto told =
      plan_of(R"([{"id": "a", "config": {}}, {"id": "b", "config": {}}])", R"(, "recipe": {"steps": 160})");
  const auto smaller = halved(told, {}, remedy_for("timeout"));
  ASSERT_TRUE(smaller);
  EXPECT_EQ(integer_of(with_change(told, *smaller).value().arm("b")->config, "steps"), 80);
}

TEST(RetryTable, EachClassHasOneRuleAndWhatIsNoFailureHasNone) {
  std::set<std::string_view> classes;
  for (const auto& remedy : remedies()) EXPECT_TRUE(classes.insert(remedy.failure_class).second);
  for (const char* other : {"", "tamper", "results", "processes", "diverged"})
    EXPECT_EQ(remedy_for(other).kind, Remedy::Kind::kNone) << other;
}

}  // namespace
}  // namespace aisci
