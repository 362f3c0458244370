// A program that cheats gets no score. Each misbehaviour is written as what such a program leaves in its results
// folder.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <future>

#include "base/files.hpp"
#include "research/experiment.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

struct Cheat {
  std::string name;
  std::function<void(const RunRequest&, const std::vector<json::object>& trials)> run;
  std::string expected_class;
  std::string said;  // part of the failure
};

json::object honest(const json::object& trial) {
  json::object document = trial;
  document["trial"] = text_of(trial, "id");
  document["metrics"] = json::object{{"train_loss", 0.5}};
  const auto seed = integer_of(trial, "seed");
  document["predictions"] = json::object{
      {"split", "validation"}, {"labels", json::array{seed % 2, 1, seed % 3, text_of(trial, "arm") == "a" ? 1 : 0}}};
  document["curves"] = json::object{{"train_loss", json::array{json::array{1, static_cast<double>(seed)}}}};
  return document;
}

void hand_in(const RunRequest& request, const std::string& id, const json::object& document) {
  EXPECT_TRUE(write_file(request.folder / "results" / id / "metrics.json", json::serialize(document)).ok());
}

// Hands in every trial after `change`.
std::function<void(const RunRequest&, const std::vector<json::object>&)> changed(
    std::function<void(json::object&)> change) {
  return [change](const RunRequest& request, const std::vector<json::object>& trials) {
    for (const auto& trial : trials) {
      json::object document = honest(trial);
      change(document);
      hand_in(request, text_of(trial, "id"), document);
    }
  };
}

Experiment experiment_in(const fs::path& folder) {
  Experiment experiment;
  experiment.id = "n1";
  experiment.folder = folder / "n1";
  experiment.plan =
      read_plan(
          parse_json_object(
              R"({"metric": "accuracy", "arms": [{"id": "a", "config": {"x": 1}}, {"id": "b", "config": {"x": 2}}], "baseline": "b",
    "contrast": {"weights": {"a": 1, "b": -1}, "predicted_sign": 1}, "smallest_effect": 0.02, "program": ["x"]})",
              "plan")
              .value())
          .value();
  experiment.trials = make_trials(experiment.plan, {11, 12, 13});
  experiment.code = {{"experiment.py", "honest code"}, {"aisci_experiment.py", "the evaluator's part"}};
  experiment.split = "validation";
  experiment.labels = folder / "labels.json";
  experiment.scoring.guess = 0.1;
  EXPECT_TRUE(write_file(experiment.labels, R"({"labels": [1, 1, 1, 1]})").ok());
  return experiment;
}

// Runs every program as `run` would, which then ends as `ending` says.
Crew crew_of(const std::function<void(const RunRequest&, const std::vector<json::object>&)>& run,
             const RunOutcome& ending = {}) {
  Crew crew;
  crew.run = [run, ending](const RunRequest& request, const std::function<void(std::string_view)>&,
                           const std::atomic<bool>&) -> Result<RunOutcome> {
    const auto config = parse_json_object(read_file(request.folder / "job/config.json").value(), "config").value();
    std::vector<json::object> trials;
    for (const auto& trial : array_of(config, "trials")) trials.push_back(trial.as_object());
    run(request, trials);
    return ending;
  };
  return crew;
}

ExperimentOutcome outcome_of(const Cheat& cheat, int processes = 1, RunOutcome ending = {}) {
  const testing::Folder folder;
  Experiment experiment = experiment_in(folder.path());
  experiment.processes = processes;
  const std::atomic<bool> cancelled{false};
  return run_experiment(experiment, crew_of(cheat.run, ending), {}, cancelled).value();
}

const auto kNothing = [](json::object&) {};

const std::vector<Cheat> kCheats{
    {"claims accuracy 1.0", changed([](json::object& d) { d["metrics"].as_object()["accuracy"] = 1.0; }), "tamper",
     "its predictions score"},
    {"claims accuracy 1.0 and predicts nothing", changed([](json::object& d) {
       d["metrics"].as_object()["accuracy"] = 1.0;
       d.erase("predictions");
     }),
     "tamper", "predicts nothing"},
    {"reports another seed", changed([](json::object& d) { d["seed"] = integer_of(d, "seed") + 1; }), "tamper",
     "seed was not honoured"},
    {"reports another configuration", changed([](json::object& d) {
       d["config"] = json::object{{"x", 7}};
     }),
     "tamper", "not the arm's"},
    {"hands in another trial's result", changed([](json::object& d) { d["trial"] = "t001"; }), "tamper",
     "it is the result of trial t001"},
    {"ignores its seed", changed([](json::object& d) {
       d["predictions"] = json::object{{"split", "validation"}, {"labels", json::array{1, 0, 1, 0}}};
       d["curves"] = json::object{};
     }),
     "tamper", "identical output"},
    {"copies an earlier output",
     [](const RunRequest& request, const std::vector<json::object>& trials) {
       const json::object first = honest(trials[0]);
       for (const auto& trial : trials) {
         json::object document = honest(trial);
         document["predictions"] = first.at("predictions");
         document["curves"] = first.at("curves");
         hand_in(request, text_of(trial, "id"), document);
       }
     },
     "tamper", "identical output"},
    {"edits the evaluator",
     [](const RunRequest& request, const std::vector<json::object>& trials) {
       changed(kNothing)(request, trials);
       EXPECT_TRUE(write_file(request.folder / "job/aisci_experiment.py", "a friendlier part").ok());
     },
     "tamper", "changed aisci_experiment.py"},
    {"links to a result elsewhere",
     [](const RunRequest& request, const std::vector<json::object>& trials) {
       changed(kNothing)(request, trials);
       const auto own = request.folder / "results" / text_of(trials[0], "id");
       fs::rename(own, request.folder / "elsewhere");
       fs::create_directory_symlink(request.folder / "elsewhere", own);
     },
     "tamper", "a link"},
    {"leaves a FIFO as result",
     [](const RunRequest& request, const std::vector<json::object>& trials) {
       for (const auto& trial : trials) {
         fs::create_directories(request.folder / "results" / text_of(trial, "id"));
         EXPECT_EQ(::mkfifo((request.folder / "results" / text_of(trial, "id") / "metrics.json").c_str(), 0644), 0);
       }
     },
     "results", ""},
    {"leaves a sparse terabyte as result",
     [](const RunRequest& request, const std::vector<json::object>& trials) {
       for (const auto& trial : trials) {
         hand_in(request, text_of(trial, "id"), {});
         fs::resize_file(request.folder / "results" / text_of(trial, "id") / "metrics.json", 1ull << 40);
       }
     },
     "results", ""},
    {"leaves nothing", [](const RunRequest&, const std::vector<json::object>&) {}, "results", ""},
};

TEST(Tampering, EachMisbehaviourIsNamedAndScoresNothing) {
  for (const auto& cheat : kCheats) {
    SCOPED_TRACE(cheat.name);
    const auto outcome = outcome_of(cheat);
    EXPECT_EQ(outcome.failure_class, cheat.expected_class) << outcome.failure;
    EXPECT_NE(outcome.failure.find(cheat.said), std::string::npos) << outcome.failure;
    EXPECT_TRUE(outcome.scored.empty());
  }
}

TEST(Tampering, HonestProgramIsScoredByTheHost) {
  const auto outcome = outcome_of({"honest", changed(kNothing), "", ""});
  EXPECT_EQ(outcome.failure, "");
  ASSERT_EQ(outcome.scored.size(), 6u);
  EXPECT_DOUBLE_EQ(outcome.scored[0].score, 0.75);  // arm a, seed 11: 1, 1, 2, 1 against 1, 1, 1, 1
}

TEST(Tampering, TrueClaimOfTheHostsMetricIsNoTampering) {
  const auto outcome = outcome_of({"modest", changed([](json::object& d) {
                                     double right = 0;
                                     for (const auto& label : array_of(object_of(d, "predictions"), "labels"))
                                       right += label.get_int64() == 1;
                                     d["metrics"].as_object()["accuracy"] = right / 4;
                                   }),
                                   "", ""});
  EXPECT_EQ(outcome.failure, "");
  EXPECT_EQ(outcome.scored.size(), 6u);
}

// Two processes share an experiment; a run answers for its own trials alone.
TEST(Tampering, ResultOfATrialThatWasNotTheRunsIsRejected) {
  const auto outcome = outcome_of({"helpful",
                                   [](const RunRequest& request, const std::vector<json::object>& trials) {
                                     changed(kNothing)(request, trials);
                                     const std::string foreign = text_of(trials[0], "id") == "t001" ? "t003" : "t001";
                                     hand_in(request, foreign, honest(trials[0]));
                                   },
                                   "", ""},
                                  2);
  EXPECT_EQ(outcome.failure_class, "tamper");
  EXPECT_NE(outcome.failure.find("not this run's"), std::string::npos) << outcome.failure;
  EXPECT_TRUE(outcome.scored.empty());
}

TEST(FailureClass, ComesFromTheSandboxAndTheProgramsOwnRecord) {
  const auto with = [](const std::function<void(RunOutcome&)>& set) {
    RunOutcome ending;
    ending.exit_code = 1;
    set(ending);
    return outcome_of({"", [](const RunRequest&, const std::vector<json::object>&) {}, "", ""}, 1, ending)
        .failure_class;
  };
  EXPECT_EQ(with([](RunOutcome&) {}), "code");
  EXPECT_EQ(with([](RunOutcome& o) { o.timed_out = true; }), "timeout");
  EXPECT_EQ(with([](RunOutcome& o) { o.out_of_memory = true; }), "memory");
  EXPECT_EQ(with([](RunOutcome& o) { o.limited = true; }), "results");
  EXPECT_EQ(with([](RunOutcome& o) { o.crowded = true; }), "processes");
  EXPECT_EQ(with([](RunOutcome& o) { o.lost = true; }), "lost");
  RunOutcome ending;
  ending.exit_code = 1;
  const auto recorded =
      outcome_of({"",
                  [](const RunRequest& request, const std::vector<json::object>& trials) {
                    EXPECT_TRUE(write_file(request.folder / "results" / text_of(trials[0], "id") / "error.json",
                                           R"({"class": "out_of_memory"})")
                                    .ok());
                  },
                  "", ""},
                 1, ending);
  EXPECT_EQ(recorded.failure_class, "memory");
  // Exit code 137 alone says nothing about memory.
  ending.exit_code = 137;
  EXPECT_EQ(
      outcome_of({"", [](const RunRequest&, const std::vector<json::object>&) {}, "", ""}, 1, ending).failure_class,
      "code");
}

TEST(Tamper, HonestExperimentsOfOneNodeAtOnceKeepApart) {
  const Crew crew = crew_of(changed([](json::object&) {}));
  const std::atomic<bool> cancelled{false};
  for (int round = 0; round < 40; ++round) {
    const testing::Folder folder;
    std::vector<std::future<ExperimentOutcome>> outcomes;
    for (int i = 0; i < 3; ++i) {
      Experiment experiment = experiment_in(folder.path());
      const auto seed = static_cast<std::uint64_t>(10 * i);
      experiment.trials = make_trials(experiment.plan, {seed + 1, seed + 2}, 1 + 4 * i);
      outcomes.push_back(std::async(std::launch::async, [experiment, &crew, &cancelled] {
        return run_experiment(experiment, crew, {}, cancelled).value();
      }));
    }
    for (auto& outcome : outcomes) {
      const ExperimentOutcome ended = outcome.get();
      ASSERT_EQ(ended.failure, "");
      ASSERT_EQ(ended.scored.size(), 4u);
    }
  }
}

}  // namespace
}  // namespace aisci
