// The search by order of arrival: what ends first counts first, and what the ledger says of it is what happened.
#include <gtest/gtest.h>
#include <aisci/mcts/search.hpp>

#include "support/failing_crew.hpp"
#include "support/held_experiments.hpp"

namespace aisci {
namespace {

using testing::events_of;
using testing::FailingCrew;
using testing::HeldExperiments;
using testing::StubCrew;
using testing::StubStudy;

std::vector<std::string> keys_of(const StubStudy& study, const std::string& type) {
  std::vector<std::string> keys;
  for (const auto& event : events_of(study, type)) keys.push_back(event.key);
  return keys;
}

// n1 ends after n3 was committed, n4 after n6.
const std::map<std::string, std::string> kScrambled{{"n1", "n3"}, {"n4", "n6"}};
const std::vector<std::string> kAsTheyEnd{"n2", "n3", "n1", "n5", "n6", "n4"};

TEST(Arrival, WhatEndsFirstIsCommittedFirstAndItsSlotTakenAtOnce) {
  StubStudy study;
  study.options.order = "arrival";
  StubCrew stubs;
  HeldExperiments held{kScrambled};
  held.hold(stubs);
  const auto result = study.run(stubs, held.listener());
  ASSERT_TRUE(result.ok()) << result.status().to_string();
  EXPECT_EQ(keys_of(study, "node.evaluated"), kAsTheyEnd);
  // Which of two was first is in the ledger; where only one was under way there is nothing to say.
  std::vector<std::string> arrived;
  for (const auto& event : events_of(study, "search.arrived")) arrived.push_back(text_of(event.body, "experiment"));
  EXPECT_EQ(arrived, (std::vector<std::string>{"n2", "n3", "n1", "n5", "n6"}));
  EXPECT_TRUE(study.verify(stubs).empty());

  // Another order of the same experiments gives another tree: it was not ticket order that was recorded.
  StubStudy ticket;
  StubCrew others;
  ASSERT_TRUE(ticket.run(others).ok());
  EXPECT_EQ(keys_of(ticket, "node.evaluated"), (std::vector<std::string>{"n1", "n2", "n3", "n4", "n5", "n6"}));
  EXPECT_TRUE(keys_of(ticket, "search.arrived").empty());
}

// Resumed by a crew whose experiments would end in ticket order, a study goes on from the order on record.
TEST(Arrival, AResumedStudyTakesTheOrderOnRecord) {
  StubStudy study;
  study.options.order = "arrival";
  StubCrew stubs;
  HeldExperiments held{{{"n1", "n6"}}};  // n1 is under way for as long as this process lives
  held.hold(stubs);
  const auto result = study.run(stubs, [&](const Event& event) {
    held.hear(event);
    if (event.type == "node.evaluated" && event.key == "n3") stubs.control->cancelled = true;
  });
  ASSERT_EQ(result.status().code(), StatusCode::kCancelled);
  const auto before = keys_of(study, "node.evaluated");
  ASSERT_EQ(before, (std::vector<std::string>{"n2", "n3"}));

  StubCrew others;  // n4, which may begin with n1, ends after it: the test's order from here on
  HeldExperiments next{{{"n4", "n1"}, {"n5", "n4"}, {"n6", "n5"}}};
  next.hold(others);
  next.recall(study);
  const auto resumed = study.run(others, next.listener());
  ASSERT_TRUE(resumed.ok()) << resumed.status().to_string();
  EXPECT_EQ(keys_of(study, "node.evaluated"), (std::vector<std::string>{"n2", "n3", "n1", "n4", "n5", "n6"}));
  EXPECT_TRUE(study.verify(others).empty());
  const int runs = others.runs;
  ASSERT_TRUE(study.run(others).ok());
  EXPECT_EQ(others.runs, runs) << "the finished study is replayed from its ledger";
}

// While one experiment is repeated, another is committed: nobody waits for the second attempt.
TEST(Arrival, ARepeatedExperimentIsWaitedForLikeAnyOther) {
  StubStudy study;
  study.options.order = "arrival";
  FailingCrew stubs;
  stubs.fails = [](const testing::Attempt& run) {
    return run.request.id.rfind("n1/", 0) == 0 && run.number("batch_size") > 16 ? "memory" : "";
  };
  // The second attempt, which has the smaller batch, is held for n3.
  HeldExperiments held{{{"n1", "n3"}}};
  stubs.crew.run = [&, failing = stubs.crew.run](const RunRequest& request, const auto& line, const auto& cancelled) {
    if (request.id.rfind("n1/", 0) == 0 && request.folder.string().find("retry-1") == std::string::npos)
      return failing(request, line, cancelled);
    StubCrew inner;
    inner.crew.run = failing;
    held.hold(inner);
    return inner.crew.run(request, line, cancelled);
  };
  const auto result = study.run(stubs, held.listener());
  ASSERT_TRUE(result.ok()) << result.status().to_string();
  EXPECT_EQ(keys_of(study, "experiment.retried"), (std::vector<std::string>{"n1#1"}));
  const auto evaluated = keys_of(study, "node.evaluated");
  ASSERT_EQ(evaluated.size(), 6u);
  EXPECT_LT(std::find(evaluated.begin(), evaluated.end(), "n3"), std::find(evaluated.begin(), evaluated.end(), "n1"));
  EXPECT_TRUE(study.verify(stubs).empty());
}

// Several experiments of one node keep their order, whichever ends first and whatever happens to the recipe.
TEST(Arrival, BlocksOfOneNodeKeepTheirOrder) {
  ASSERT_TRUE(mcts::register_policy("one draft, replicates at once",
                                    [](const mcts::Tree& tree, Random&) -> std::optional<mcts::Choice> {
                                      if (tree.nodes.size() == 1) return mcts::Choice{};
                                      if (tree.nodes[1].own == 0) return std::nullopt;
                                      return mcts::Choice{mcts::Kind::kReplicate, 1};
                                    })
                  .ok());
  std::string stories[2];
  for (const bool arrival : {false, true}) {
    StubStudy study;
    study.options.policy = "one draft, replicates at once";
    study.options.max_experiments = 5;
    study.options.parallel_experiments = 3;
    study.options.order = arrival ? "arrival" : "ticket";
    FailingCrew stubs;
    // The second experiment of the node fails until the batch is smaller; the first has none of its blocks.
    stubs.fails = [](const testing::Attempt& run) {
      return run.experiment_runs > 0 && run.number("batch_size") > 16 ? "memory" : "";
    };
    stubs.duration = [](int n) { return std::chrono::milliseconds{n % 2 ? 1 : 20}; };
    const auto result = study.run(stubs);
    ASSERT_TRUE(result.ok()) << result.status().to_string();
    for (const auto& event : events_of(study, "node.evaluated"))
      stories[arrival] += event.key + " " + event.text + "\n";
    EXPECT_FALSE(keys_of(study, "experiment.retried").empty());
    EXPECT_TRUE(study.verify(stubs).empty());
  }
  EXPECT_EQ(stories[0], stories[1]);
}

TEST(Arrival, AnOrderThatCannotHaveBeenIsRefused) {
  StubStudy study;
  study.options.order = "arrival";
  StubCrew stubs;
  HeldExperiments held{kScrambled};
  held.hold(stubs);
  auto ledger = Ledger::open_for_writing(study.folder.path() / "study.db").value();
  ASSERT_TRUE(ledger->append("search.arrived", "turn-0", json::object{{"experiment", "n4"}}).ok());
  ledger.reset();
  const auto result = study.run(stubs, held.listener());
  EXPECT_EQ(result.status().code(), StatusCode::kDataLoss);
  EXPECT_NE(result.status().message().find("n4"), std::string::npos);
}

}  // namespace
}  // namespace aisci
