// What is backed up along the path from a node to the root.
#include <gtest/gtest.h>
#include <aisci/mcts/search.hpp>

#include <algorithm>

namespace aisci::mcts {
namespace {

// A policy of a user's own: one draft, then the same node again and again.
std::optional<Choice> again_policy(const Tree& tree, Random&) {
  if (tree.nodes.size() == 1) return Choice{};
  return Choice{Kind::kReplicate, 1};
}

Options again() {
  static const Status registered = register_policy("again", again_policy);
  EXPECT_TRUE(registered.ok());
  EXPECT_EQ(register_policy("again", again_policy).code(), StatusCode::kAlreadyExists);
  Options options;
  options.policy = "again";
  return options;
}

TEST(Backup, ReplaceTakesTheOldValueBackAlongThePath) {
  Options options = again();
  Search search = Search::create(options).value();
  search.tell(*search.ask(), {.value = 0.4}).value();
  const Lease again = *search.ask();
  EXPECT_EQ(again.kind, Kind::kReplicate);
  EXPECT_EQ(again.node, 1u);
  search.tell(again, {.value = 0.7, .replace = true}).value();
  EXPECT_NEAR(search.nodes()[0].value(), 0.7, 1e-12);
  EXPECT_EQ(search.nodes()[0].visits, 1u);
  search.tell(*search.ask(), {.value = 0.5}).value();
  EXPECT_NEAR(search.nodes()[0].value(), 0.6, 1e-12);
  EXPECT_EQ(search.nodes()[0].visits, 2u);
}

TEST(Backup, BackupByMaximumAndQuantile) {
  for (const auto& [backup, expected] :
       {std::pair{Backup::kMean, 0.5}, {Backup::kMax, 0.9}, {Backup::kQuantile, 0.7}}) {
    Options options;
    options.policy = "random";
    options.expand = false;
    options.drafts = 5;
    options.backup = backup;
    options.quantile = 0.8;
    Search search = Search::create(options).value();
    for (const double value : {0.1, 0.9, 0.5, 0.3, 0.7}) search.tell(*search.ask(), {.value = value}).value();
    EXPECT_NEAR(search.nodes()[0].value(), expected, 1e-12);
  }
}

TEST(Backup, KnownVariancesWeighScores) {
  Options options = again();
  Search search = Search::create(options).value();
  search.tell(*search.ask(), {.value = 0.2, .variance = 0.04}).value();
  search.tell(*search.ask(), {.value = 0.6, .variance = 0.01}).value();
  EXPECT_NEAR(search.nodes()[1].mean, 0.52, 1e-6);
  EXPECT_NEAR(search.nodes()[1].variance, 0.008, 1e-6);
}

// Also when the node had several values; how often it was visited stays.
TEST(Backup, ReplaceTakesEveryOldValueOfTheNode) {
  for (const auto& [backup, at_last] : {std::pair{Backup::kMean, 0.4}, {Backup::kMax, 0.8}, {Backup::kQuantile, 0.2}}) {
    Options options = again();
    options.backup = backup;
    options.quantile = 0.5;
    Search search = Search::create(options).value();
    for (const double value : {0.4, 0.6}) search.tell(*search.ask(), {.value = value}).value();
    for (const double value : {0.9, 0.2}) {
      search.tell(*search.ask(), {.value = value, .replace = true}).value();
      EXPECT_NEAR(search.nodes()[0].value(), value, 1e-12);
      EXPECT_NEAR(search.nodes()[1].value(), value, 1e-12);
      EXPECT_EQ(search.nodes()[0].visits, 2u);
      search = Search::load(search.save()).value();
    }
    search.tell(*search.ask(), {.value = 0.8}).value();
    EXPECT_NEAR(search.nodes()[0].value(), at_last, 1e-12);
  }
}

// Whether it is told before the lowest value or after it.
TEST(Backup, AFailureIsWorthNoMoreThanTheLowestValue) {
  struct Case {
    Backup backup;
    double negative, positive;  // of -4, -6 and a failure; of 4, 6 and a failure
  };
  for (const Case& expected :
       {Case{Backup::kMean, -16.0 / 3, 10.0 / 3}, {Backup::kMax, -4, 6}, {Backup::kQuantile, -6, 4}}) {
    for (const double sign : {-1.0, 1.0})
      for (int failure = 0; failure < 3; ++failure) {
        Options options;
        options.policy = "random";
        options.expand = false;
        options.backup = expected.backup;
        options.quantile = 0.5;
        Search search = Search::create(options).value();
        std::vector<double> values{4 * sign, 6 * sign};
        for (int i = 0; i < 3; ++i) {
          const bool failed = i == failure;
          search.tell(*search.ask(), {.value = failed ? 0 : values.front(), .failed = failed}).value();
          if (!failed) values.erase(values.begin());
        }
        EXPECT_NEAR(search.nodes()[0].value(), sign < 0 ? expected.negative : expected.positive, 1e-12)
            << int(expected.backup) << ", failed " << failure;
        EXPECT_EQ(search.nodes()[0].visits, 3u);
      }
  }
}

// The share of improvements that go where all fail: below drafts worth less than 0.4. On any scale alike.
double wasted(const std::string& policy, double shift) {
  int improvements = 0, failed = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Options options;
    options.policy = policy;
    options.budget = 100;
    options.seed = seed;
    Search search = Search::create(options).value();
    Random world = Random{3}.fork(seed);
    std::vector<double> truth(1);
    while (const auto lease = search.ask()) {
      const bool improves = lease->kind == Kind::kImprove;
      const double parent = truth[lease->parent];
      truth.resize(std::max<std::size_t>(truth.size(), lease->node + 1));
      truth[lease->node] = improves ? parent + 0.1 * world.uniform() : world.uniform();
      improvements += improves;
      failed += improves && parent < 0.4;
      search.tell(*lease, {.value = truth[lease->node] + shift, .failed = improves && parent < 0.4}).value();
    }
  }
  return static_cast<double>(failed) / improvements;
}

TEST(Backup, WhereAllFailsIsNotMoreTemptingWithNegativeScores) {
  for (const auto& policy : {"ucb1", "uct", "puct", "thompson"})
    EXPECT_NEAR(wasted(policy, -5), wasted(policy, 0), 0.05) << policy;
}

// How many drafts a search makes where two in five evaluations fail, and the mean depth of its nodes.
std::pair<double, double> shape(const std::string& policy, double shift) {
  double drafts = 0, depth = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Options options;
    options.policy = policy;
    options.budget = 100;
    options.seed = seed;
    Search search = Search::create(options).value();
    Random world = Random{5}.fork(seed);
    for (auto leases = search.ask(4); !leases.empty(); leases = search.ask(4))
      for (const Lease& lease : leases) {
        const double value = world.uniform();
        search.tell(lease, {.value = value + shift, .failed = world.uniform() < 0.4}).value();
      }
    drafts += search.nodes()[0].children / 30.0;
    for (const Node& node : search.nodes()) depth += node.depth / 3000.0;
  }
  return {drafts, depth};
}

TEST(Backup, WhatFailedOrIsPendingDoesNotTemptToWidenWithNegativeScores) {
  const auto [drafts, depth] = shape("thompson", 0);
  const auto [shifted_drafts, shifted_depth] = shape("thompson", -5);
  EXPECT_NEAR(shifted_drafts / drafts, 1, 0.2);
  EXPECT_NEAR(shifted_depth / depth, 1, 0.2);
}

}  // namespace
}  // namespace aisci::mcts
