// What a search believes of its nodes.
#include <gtest/gtest.h>
#include <aisci/mcts/search.hpp>

#include <cmath>

namespace aisci::mcts {
namespace {

TEST(Belief, NoiseIsLearnedFromKnownVariances) {
  for (const double sd : {0.02, 0.3}) {
    Options options;
    options.noise = 0.1;
    options.drafts = 30;
    Search search = Search::create(options).value();
    Random random{3};
    for (int i = 0; i < 30; ++i) search.tell(*search.ask(), {.value = random.uniform(), .variance = sd * sd}).value();
    EXPECT_NEAR(search.belief().noise, sd, 0.3 * std::abs(sd - 0.1) + 0.02) << "and not the option's 0.1";
  }
}

TEST(Belief, AFreshScoreMovesRelativesTheRightWay) {
  Options options;
  options.policy = "adaptive";
  options.drafts = 8;
  Search search = Search::create(options).value();
  for (int i = 0; i < 8; ++i) search.tell(*search.ask(), {.value = 0.4 + 0.02 * i}).value();
  const double before = search.belief().mean[3];
  for (const std::uint32_t i : search.belief().leaders) EXPECT_GT(search.belief().sd[i], 0);
  EXPECT_LT(search.belief().mean[1], search.belief().mean[8]);
  EXPECT_GT(search.belief().mean[1], 0.4);  // shrunk towards the group
  EXPECT_LT(search.belief().mean[8], 0.54);
  EXPECT_GT(before, 0.4);
}

TEST(Belief, BestIsNotOneLuckyScore) {
  Options options;
  options.policy = "random";
  options.drafts = 3;
  options.width = 3;
  options.noise = 0.3;
  options.expand = false;
  Search search = Search::create(options).value();
  std::vector<Lease> leases;
  while (const auto lease = search.ask()) leases.push_back(*lease);
  ASSERT_EQ(leases.size(), 3u);
  search.tell(leases[0], {.value = 0.5}).value();
  search.tell(leases[1], {.value = 0.52}).value();
  search.tell(leases[2], {.value = 0.6}).value();
  // Noise far above the spread: all posteriors lie close together, and below the lucky score.
  EXPECT_LT(search.posterior(leases[2].node), 0.58);
}

// Of two nodes that are alike, the one of which less is known is run again; what is sure is left alone.
TEST(Belief, AdaptiveReplicatesWhatItsCallerIsUnsureOf) {
  for (const std::uint32_t unsure : {1u, 2u}) {
    Options options;
    options.expand = false;
    options.drafts = options.width = 2;
    options.noise = 0.1;
    Search search = Search::create(options).value();
    for (const std::uint32_t node : {1u, 2u})
      search.tell(*search.ask(), {.value = node == 1 ? 0.8 : 0.75, .variance = node == unsure ? 0.04 : 1e-6}).value();
    const Lease again = *search.ask();
    EXPECT_EQ(again.kind, Kind::kReplicate);
    EXPECT_EQ(again.node, unsure);
    search.tell(again, {.value = 0.78, .replace = true, .variance = 0.02}).value();
    EXPECT_NEAR(search.nodes()[unsure].variance, 0.02, 1e-8);
    EXPECT_EQ(search.nodes()[unsure].own, 2u);
  }
}

struct Told {
  std::uint32_t node = 0;
  Best best;
  double posterior = 0, least = 0, most = 0;
};

// What is published where all that the policy weighs has that scale.
Told told(const std::string& policy, double scale) {
  Options options;
  options.policy = policy;
  options.budget = 40;
  options.seed = 4;
  options.exploration *= scale;
  Search search = Search::create(options).value();
  Random random{8};
  Told result{.least = 1e300, .most = -1e300};
  while (const auto lease = search.ask()) {
    const double value = 2 + random.normal();
    result.least = std::min(result.least, value);
    result.most = std::max(result.most, value);
    search.tell(*lease, {.value = scale * value}).value();
  }
  result.best = *search.published();
  result.posterior = search.posterior(result.best.node);
  EXPECT_EQ(result.best.mean, search.belief().mean[result.best.node]) << policy;
  EXPECT_EQ(result.best.stddev, search.belief().sd[result.best.node]) << policy;
  return result;
}

TEST(Belief, WhatIsPublishedIsOnTheScaleOfTheValues) {
  for (const auto& policy : {"random", "greedy", "ucb1", "uct", "puct", "adaptive"}) {
    const Told one = told(policy, 1);
    EXPECT_GT(one.best.mean + 2 * one.best.stddev, 2) << policy;
    for (const double scale : {1e-3, 1e3}) {
      const Told other = told(policy, scale);
      EXPECT_EQ(other.best.node, one.best.node) << policy;
      EXPECT_NEAR(other.best.mean / scale, one.best.mean, 1e-6) << policy;
      EXPECT_NEAR(other.best.stddev / scale, one.best.stddev, 1e-6) << policy;
      EXPECT_NEAR(other.best.optimism / scale, one.best.optimism, 1e-6) << policy;
      EXPECT_EQ(other.posterior, other.best.mean) << policy;
    }
  }
}

TEST(Belief, AValueIsReachedOnAnyScale) {
  for (const double scale : {1e-4, 1.0, 1e4}) {
    Options options;
    options.policy = "greedy";
    options.exploration *= scale;
    options.stops.push_back(stop_at_value(1.6 * scale));
    Search search = Search::create(options).value();
    double value = 0;  // the mean of all comes to 1.3
    while (const auto lease = search.ask()) search.tell(*lease, {.value = scale * (value += 0.05)}).value();
    EXPECT_EQ(search.ended_by(), "value") << scale;
  }
}

TEST(Belief, BeforeAnythingIsToldThereAreNumbers) {
  Search search = Search::create({}).value();
  const Lease lease = *search.ask();
  EXPECT_TRUE(std::isfinite(search.posterior(lease.node)));
  search.tell(lease, {.failed = true}).value();
  EXPECT_TRUE(std::isfinite(search.posterior(lease.node)));
  EXPECT_FALSE(search.published());
}

}  // namespace
}  // namespace aisci::mcts
