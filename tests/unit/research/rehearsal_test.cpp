// The rehearsal of a written template: which trials it runs, and what it finds.
#include "research/rehearsal.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/files.hpp"
#include "research/crew.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

json::object manifest() {
  return parse_json_object(R"({"metric": "cost", "program": ["p"], "files": ["p"],
    "metrics": {"cost": {"direction": "lower", "scored_by": "program", "smallest_effect": 1},
                "depth": {"direction": "lower", "scored_by": "program", "smallest_effect": 1}},
    "factors": {"pivot": {"levels": ["a", "b", "c"], "default": "b"}, "size": {"levels": [100, 200], "default": 100}}})",
                           "manifest")
      .value();
}

class RehearsalTest : public ::testing::Test {
 protected:
  RehearsalTest() {
    rehearsal_.folder = folder_.path() / "rehearsal";
    rehearsal_.data = folder_.path();
  }

  // What a program reports for a trial: cost and depth, or none.
  using Program = std::function<json::object(const json::object& trial)>;

  std::string fault(const Program& program) {
    Crew crew;
    crew.run = [&](const RunRequest& request, const std::function<void(std::string_view)>&,
                   const std::atomic<bool>&) -> Result<RunOutcome> {
      const auto config = parse_json_object(read_file(request.folder / "job/config.json").value(), "config").value();
      for (const auto& value : array_of(config, "trials")) {
        json::object trial = value.as_object();
        const std::string id = text_of(trial, "id");
        trial["metrics"] = program(trial);
        trial["trial"] = id;
        EXPECT_TRUE(write_file(request.folder / "results" / id / "metrics.json", json::serialize(trial)).ok());
      }
      return RunOutcome{};
    };
    const std::atomic<bool> cancelled{false};
    const auto outcome = run_experiment(rehearsal_, crew, {}, cancelled);
    EXPECT_TRUE(outcome.ok()) << outcome.status().message();
    return fault_of_results(rehearsal_, *outcome, manifest());
  }

  static json::object honest(const json::object& trial) {
    return {{"cost", static_cast<double>(integer_of(trial, "seed") % 1000) + 0.5}, {"depth", 3}};
  }

  testing::Folder folder_;
  Experiment rehearsal_ = rehearsal_of(manifest(), {}, 7);
};

TEST_F(RehearsalTest, RunsEveryLevelAndTheUsualArmThreeTimes) {
  std::multiset<std::string> configs;
  for (const auto& trial : rehearsal_.trials) configs.insert(canonical(rehearsal_.plan.arm(trial.arm)->config));
  EXPECT_EQ(configs, (std::multiset<std::string>{R"({"pivot":"a","size":100})", R"({"pivot":"b","size":100})",
                                                 R"({"pivot":"b","size":100})", R"({"pivot":"b","size":100})",
                                                 R"({"pivot":"b","size":200})", R"({"pivot":"c","size":100})"}));
  std::set<std::uint64_t> seeds;
  for (const auto& trial : rehearsal_.trials) seeds.insert(trial.seed);
  EXPECT_EQ(seeds.size(), 2u);
  for (const auto seed : block_seeds(7, "n1", 20)) EXPECT_EQ(seeds.count(seed), 0u) << "a seed of the study's own";
}

TEST_F(RehearsalTest, AnHonestProgramPasses) { EXPECT_EQ(fault(honest), ""); }

TEST_F(RehearsalTest, AProgramThatIgnoresItsSeedDoesNot) {
  EXPECT_NE(fault([](const json::object&) {
              return json::object{{"cost", 1.5}, {"depth", 3}};
            }).find("different seeds and identical output"),
            std::string::npos);
}

TEST_F(RehearsalTest, AProgramThatDoesNotRepeatItselfDoesNot) {
  int calls = 0;
  EXPECT_EQ(fault([&](const json::object& trial) {
              json::object metrics = honest(trial);
              metrics["depth"] = ++calls;
              return metrics;
            }),
            "the same arm and seed gave metrics.depth 1 and then 3; every random choice must come from "
            "trial.seed_for(...)");
}

TEST_F(RehearsalTest, EveryMetricIsAskedForNotOnlyTheMainOne) {
  EXPECT_NE(fault([&](const json::object& trial) {
              json::object metrics = honest(trial);
              if (text_of(object_of(trial, "config"), "pivot") == "c") metrics.erase("depth");
              return metrics;
            }).find("(pivot = c, seed "),
            std::string::npos);
}

TEST_F(RehearsalTest, DataNeedInputsOfTheirOwnForTheConfirmation) {
  const auto& place = folder_.path();
  EXPECT_EQ(fault_of_data(place, manifest()), "prepare.py left nothing in public/ below the folder of its results");
  ASSERT_TRUE(write_file(place / "public/x", "1").ok());
  EXPECT_EQ(fault_of_data(place, manifest()),
            "prepare.py left nothing in confirmation/ below the folder of its results");
  ASSERT_TRUE(write_file(place / "confirmation/x", "1").ok());
  EXPECT_NE(fault_of_data(place, manifest()).find("the same files"), std::string::npos);
  ASSERT_TRUE(write_file(place / "confirmation/x", "2").ok());
  EXPECT_EQ(fault_of_data(place, manifest()), "");

  json::object scored = manifest();
  scored["metrics"].as_object()["depth"].as_object()["scored_by"] = "host";
  EXPECT_NE(fault_of_data(place, scored).find("labels/validation.json"), std::string::npos);
  for (const char* split : {"validation", "confirmation"})
    ASSERT_TRUE(write_file(place / "labels" / (std::string{split} + ".json"), R"({"labels": [1, 0]})").ok());
  EXPECT_EQ(fault_of_data(place, scored), "");
}

}  // namespace
}  // namespace aisci
