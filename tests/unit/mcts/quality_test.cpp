// What the policies are for: that they find good nodes, judge them soberly, and do so in parallel too.
#include <gtest/gtest.h>
#include <aisci/mcts/search.hpp>

#include <cmath>

namespace aisci::mcts {
namespace {

struct Result {
  double truth = 0;     // of the published node
  double believed = 0;  // its posterior mean less the reported optimism
  double depth = 0, branching = 0;
};

// Drafts are normal; a child keeps 0.7 of its parent's lead; a fifth fails; scores are as noisy as drafts differ.
Result play(const std::string& policy, std::uint64_t seed, std::size_t workers, double spread = 0.1,
            std::uint32_t budget = 60) {
  Options options;
  options.policy = policy;
  options.budget = budget;
  options.seed = seed;
  Search search = Search::create(options).value();
  Random world = Random{77}.fork(seed), order = Random{5}.fork(seed);
  std::vector<double> truth(1, 0.5);
  std::vector<Lease> out;
  for (;;) {
    for (const Lease& lease : search.ask(workers - out.size())) {
      if (lease.node == truth.size())
        truth.push_back(lease.parent == 0 ? 0.5 + spread * world.normal()
                                          : 0.5 + 0.7 * (truth[lease.parent] - 0.5) + 0.7 * spread * world.normal());
      out.push_back(lease);
    }
    if (out.empty()) break;
    const std::size_t pick = order.below(out.size());
    search.tell(out[pick], {.value = truth[out[pick].node] + 0.1 * world.normal(), .failed = world.uniform() < 0.2})
        .value();
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(pick));
  }
  const auto best = search.published();
  Result result{truth[best->node], best->mean - best->optimism};
  double parents = 0;
  for (std::size_t i = 1; i < search.nodes().size(); ++i) {
    result.depth += static_cast<double>(search.nodes()[i].depth) / static_cast<double>(search.nodes().size() - 1);
    parents += search.nodes()[i].children > 0;
  }
  result.branching = static_cast<double>(search.nodes().size() - 1) / (parents + 1);
  return result;
}

Result average(const std::string& policy, std::size_t workers, int repetitions, double spread = 0.1) {
  Result sum;
  for (int r = 0; r < repetitions; ++r) {
    const Result one = play(policy, static_cast<std::uint64_t>(r), workers, spread);
    sum.truth += one.truth / repetitions;
    sum.believed += one.believed / repetitions;
    sum.depth += one.depth / repetitions;
    sum.branching += one.branching / repetitions;
  }
  return sum;
}

TEST(Quality, AdaptivePublishesBetterNodesThanEveryOtherPolicyUnderNoise) {
  const double adaptive = average("adaptive", 1, 300).truth;
  for (const auto& policy : {"random", "ucb1", "uct", "puct", "greedy", "thompson"})
    EXPECT_GT(adaptive, average(policy, 1, 300).truth) << policy;
}

// The mean error of what is believed of the published node, in units of the noise of one score.
double bias(double spread, std::uint32_t budget, int repetitions) {
  double sum = 0;
  for (int r = 0; r < repetitions; ++r) {
    const Result one = play("adaptive", static_cast<std::uint64_t>(r), 1, spread, budget);
    sum += (one.believed - one.truth) / 0.1 / repetitions;
  }
  return sum;
}

// Over these repetitions the bias itself is uncertain by less than a hundredth.
TEST(Quality, AdaptiveIsSoberAboutEqualArms) {
  for (const std::uint32_t budget : {10, 20, 50, 100}) EXPECT_LT(std::abs(bias(0.0, budget, 2000)), 0.1) << budget;
}

// Where nodes differ, no more may be promised than there is, but for a little; nor much less once the noise is known.
TEST(Quality, AdaptiveIsSoberAboutNodesThatDiffer) {
  for (const double spread : {0.05, 0.1, 0.3})
    for (const std::uint32_t budget : {10, 20, 50, 100}) {
      const double error = bias(spread, budget, 400);
      EXPECT_LT(error, 0.2) << spread << " at " << budget;
      EXPECT_TRUE(budget < 50 || error > -1.0) << error << " with " << spread << " at " << budget;
    }
}

// What is lost against a perfect node of about three spreads, with eight workers and with one.
TEST(Quality, EightWorkersFindWhatOneFinds) {
  const Result one = average("adaptive", 1, 400), eight = average("adaptive", 8, 400);
  const double perfect = 0.8;
  EXPECT_NEAR((perfect - eight.truth) / (perfect - one.truth), 1.0, 0.1);
  EXPECT_NEAR(eight.depth / one.depth, 1.0, 0.1);
  EXPECT_NEAR(eight.branching / one.branching, 1.0, 0.1);
}

// How often the published node is one of the few that stand far out, where children are no more like them than drafts.
double share_of_spikes(bool drafts_alone, int repetitions) {
  double found = 0;
  for (int r = 0; r < repetitions; ++r) {
    Options options;
    options.budget = 50;
    options.seed = static_cast<std::uint64_t>(r);
    if (drafts_alone) {
      options.policy = "random";
      options.expand = false;
      options.drafts = options.budget;
    }
    Search search = Search::create(options).value();
    Random world = Random{41}.fork(options.seed);
    std::vector<double> truth(1, 0.0);
    while (const auto lease = search.ask()) {
      if (lease->node == truth.size()) truth.push_back(world.uniform() < 0.03 ? 1.0 : 0.02 * world.normal());
      search.tell(*lease, {.value = truth[lease->node] + 0.06 * world.normal()}).value();
    }
    found += truth[search.published()->node] == 1.0;
  }
  return found / repetitions;
}

TEST(Quality, AdaptiveKeepsDraftingWhereItSawNothingButNoise) {
  const double drafts = share_of_spikes(true, 1000), adaptive = share_of_spikes(false, 1000);
  EXPECT_GT(drafts, 0.7);
  EXPECT_GT(adaptive, drafts - 0.1);
}

TEST(Quality, CostsWeighWhenTheyAreLimited) {
  // Improvements cost twenty times what drafts do. Over a few searches.
  const auto improvements = [](double limit) {
    int count = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      Options options;
      options.budget = 60;
      options.cost = limit;
      options.seed = seed;
      Search search = Search::create(options).value();
      Random random{seed};
      while (const auto lease = search.ask()) {
        count += lease->kind == Kind::kImprove;
        search.tell(*lease, {.value = random.normal(), .cost = lease->kind == Kind::kImprove ? 20.0 : 1.0}).value();
      }
    }
    return count;
  };
  EXPECT_LT(improvements(1e6), improvements(std::numeric_limits<double>::infinity()));
}

TEST(Quality, ACostLimitEndsTheSearch) {
  Options options;
  options.cost = 9.5;
  Search search = Search::create(options).value();
  int count = 0;
  while (const auto lease = search.ask()) search.tell(*lease, {.value = 1, .cost = 2}).value(), ++count;
  EXPECT_EQ(count, 5);
  EXPECT_EQ(search.ended_by(), "cost");
}

}  // namespace
}  // namespace aisci::mcts
