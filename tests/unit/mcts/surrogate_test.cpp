#include "mcts/surrogate.hpp"

#include <gtest/gtest.h>
#include <aisci/mcts/search.hpp>

#include <cmath>

namespace aisci::mcts {
namespace {

double hill(double x, double y) { return std::exp(-4 * ((x - 0.7) * (x - 0.7) + (y - 0.3) * (y - 0.3))); }

TEST(Surrogate, LearnsASmoothFunctionAndIsSureWhereItHasSeenIt) {
  Surrogate surrogate;
  Random random{1};
  std::vector<Sample> samples;
  for (std::uint32_t i = 1; i <= 40; ++i) {
    const double x = random.uniform(), y = random.uniform();
    ASSERT_TRUE(surrogate.set_features(i, {x, y}));
    samples.push_back({i, hill(x, y) + 0.01 * random.normal(), 0.0001});
  }
  surrogate.fit(samples, 0.4, 0.1);
  double error = 0;
  for (int i = 0; i < 200; ++i) {
    const double at[2] = {0.1 + 0.8 * random.uniform(), 0.1 + 0.8 * random.uniform()};
    const Prediction p = surrogate.predict(at);
    error += std::abs(p.mean - hill(at[0], at[1])) / 200;
  }
  EXPECT_LT(error, 0.04);
  const double far[2] = {9, -9};
  const auto near = surrogate.features(1);
  EXPECT_GT(surrogate.predict(far).sd, 2 * surrogate.predict(near.data()).sd);
  EXPECT_NEAR(surrogate.predict(far).mean, 0.4, 0.02);
}

TEST(Surrogate, RefusesFeaturesOfAnotherNumberOrNotFinite) {
  Surrogate surrogate;
  EXPECT_TRUE(surrogate.set_features(1, {1, 2}));
  EXPECT_FALSE(surrogate.set_features(2, {1}));
  EXPECT_FALSE(surrogate.set_features(2, {1, NAN}));
  EXPECT_FALSE(surrogate.set_features(2, {}));
  EXPECT_FALSE(surrogate.has(2));
}

TEST(Screening, PrefersTheProposalThatIsExpectedToBeBetter) {
  Options options;
  options.budget = 60;
  options.drafts = 30;
  Search search = Search::create(options).value();
  Random random{2};
  double chosen = 0, average = 0;
  for (int i = 0; i < 50; ++i) {
    const Lease lease = *search.ask();
    std::vector<std::vector<double>> candidates;
    for (int c = 0; c < 8; ++c) candidates.push_back({random.uniform(), random.uniform()});
    const std::size_t pick = lease.kind == Kind::kReplicate ? 0 : search.choose(lease, candidates);
    ASSERT_LT(pick, candidates.size());
    const double value = hill(candidates[pick][0], candidates[pick][1]);
    if (i >= 20 && lease.kind != Kind::kReplicate) {
      chosen += value;
      for (const auto& c : candidates) average += hill(c[0], c[1]) / 8;
    }
    search.tell(lease, {.value = value + 0.05 * random.normal(), .features = candidates[pick]}).value();
  }
  EXPECT_GT(chosen, 1.15 * average);
}

TEST(Screening, BeforeThereAreScoresTheMostUnlikeIsTaken) {
  Options options;
  options.drafts = 10;
  Search search = Search::create(options).value();
  const Lease first = *search.ask(), second = *search.ask(), third = *search.ask();
  EXPECT_EQ(search.choose(first, {{0.0, 0.0}, {5.0, 5.0}}), 0u);  // nothing to be unlike
  search.tell(first, {.value = 0.5, .features = {0.0, 0.0}}).value();
  EXPECT_EQ(search.choose(second, {{0.1, 0.0}, {1.0, 1.0}, {0.5, 0.5}}), 1u);
  EXPECT_EQ(search.choose(third, {{0.9, 1.0}, {0.4, 0.6}, {0.1, 0.1}}), 1u);  // far from what is pending too
  EXPECT_EQ(search.choose(third, {{0.9, 1.0, 1.0}, {0.4, 0.6}}), 0u);
}

TEST(Screening, WithoutComparableFeaturesTheFirstIsTaken) {
  Search search = Search::create({}).value();
  const Lease lease = *search.ask();
  EXPECT_EQ(search.choose(lease, {{1.0}, {2.0}}), 0u);
  EXPECT_EQ(search.choose(lease, {}), 0u);
}

// As if it had never been asked for: neither the next node of its number gets its features, nor is anything unlike
// them.
TEST(Screening, TheFeaturesOfAnAbandonedLeaseAreForgotten) {
  const auto play = [](bool abandons) {
    Options options;
    options.drafts = 10;
    Search search = Search::create(options).value();
    for (int i = 0; i < 6; ++i) search.tell(*search.ask(), {.value = 0.1 * i, .features = {0.2 * i, 0.5}}).value();
    search.belief();  // learned from as many scores in either case
    if (abandons) {
      const Lease lease = *search.ask();
      search.choose(lease, {{0.9, 0.5}, {0.8, 0.4}});
      search.abandon(lease);
    }
    const Lease lease = *search.ask();
    search.tell(lease, {.value = 0.4}).value();
    return search.belief().mean[lease.node];
  };
  EXPECT_EQ(play(true), play(false));
  // Also where its node is not the last, and where it alone said how many features there are.
  Options options;
  options.drafts = 10;
  Search search = Search::create(options).value();
  const Lease first = *search.ask(), second = *search.ask(), third = *search.ask();
  search.choose(first, {{5.0, 5.0}});
  search.abandon(first);
  EXPECT_TRUE(search.tell(second, {.value = 0.5, .features = {0, 0, 0}}).value());
  EXPECT_EQ(search.choose(third, {{1, 1, 1}, {5, 5, 5}}), 1u);
}

TEST(Screening, GivesTheFeaturesToTheNodeThatWasLeased) {
  Options options;
  options.drafts = 10;
  Search search = Search::create(options).value();
  search.tell(*search.ask(), {.value = 0.5, .features = {0, 0}}).value();
  Lease altered = *search.ask();
  altered.node = 500;
  search.choose(altered, {{1, 1}});
  EXPECT_TRUE(Search::load(search.save()).ok());
}

}  // namespace
}  // namespace aisci::mcts
