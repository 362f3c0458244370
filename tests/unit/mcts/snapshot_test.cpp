#include <gtest/gtest.h>
#include <aisci/mcts/search.hpp>

namespace aisci::mcts {
namespace {

Search half_played(const std::string& policy, bool features, Backup backup = Backup::kMean) {
  Options options;
  options.policy = policy;
  options.budget = 120;
  options.seed = 9;
  options.backup = backup;
  Search search = Search::create(options).value();
  Random random{4};
  std::vector<Lease> out;
  for (int i = 0; i < 60; ++i) {
    out.push_back(*search.ask());
    if (out.size() < 3) continue;
    Outcome outcome{.value = random.uniform(), .cost = 2, .failed = random.below(5) == 0};
    if (features) outcome.features = {random.uniform(), random.uniform()};
    search.tell(out.front(), outcome);
    out.erase(out.begin());
  }
  return search;  // two leases are out
}

std::string play_on(Search search) {
  std::string journal;
  Random random{6};
  while (const auto lease = search.ask()) {
    journal += std::to_string(lease->ticket) + ":" + std::to_string(int(lease->kind)) + ":" +
               std::to_string(lease->node) + "<" + std::to_string(lease->parent) + "@" + std::to_string(lease->seed) +
               " ";
    search.tell(*lease, {.value = random.uniform(), .features = {0.5, random.uniform()}});
  }
  const auto best = search.published();
  return journal + search.ended_by() + " " + std::to_string(best->node) + " " + std::to_string(best->mean);
}

TEST(Snapshot, ALoadedSearchGoesOnAsTheSavedOneWould) {
  for (const auto& policy : {"random", "ucb1", "uct", "puct", "greedy", "thompson", "adaptive"}) {
    for (const bool features : {false, true}) {
      Search search = half_played(policy, features);
      const std::string bytes = search.save();
      auto loaded = Search::load(bytes);
      ASSERT_TRUE(loaded.ok()) << policy << ": " << loaded.status().to_string();
      EXPECT_EQ(loaded->pending(), 2u);
      EXPECT_EQ(loaded->save(), bytes);
      EXPECT_EQ(play_on(std::move(*loaded)), play_on(std::move(search))) << policy;
    }
  }
}

TEST(Snapshot, KeepsOrderedBackups) {
  Search search = half_played("uct", false, Backup::kQuantile);
  auto loaded = Search::load(search.save());
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(play_on(std::move(*loaded)), play_on(std::move(search)));
}

TEST(Snapshot, EveryTruncationIsDataLoss) {
  const std::string bytes = half_played("adaptive", true).save();
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 64) {
    const auto loaded = Search::load(std::string_view{bytes}.substr(0, size));
    ASSERT_FALSE(loaded.ok()) << size;
    EXPECT_EQ(loaded.status().code(), StatusCode::kDataLoss);
  }
}

TEST(Snapshot, EveryFlippedBitIsDataLoss) {
  const std::string bytes = half_played("adaptive", true).save();
  Random random{8};
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = bytes;
    damaged[random.below(damaged.size())] ^= static_cast<char>(1u << random.below(8));
    const auto loaded = Search::load(damaged);
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.status().code(), StatusCode::kDataLoss);
  }
}

TEST(Snapshot, OtherBytesAreDataLoss) {
  EXPECT_FALSE(Search::load("").ok());
  EXPECT_FALSE(Search::load("not a snapshot at all, but long enough to be one").ok());
}

TEST(Snapshot, StopsAreGivenAnew) {
  Search search = half_played("adaptive", false);
  std::vector<Stop> stops;
  stops.push_back(stop_at_value(-1));
  auto loaded = Search::load(search.save(), std::move(stops));
  ASSERT_TRUE(loaded.ok());
  EXPECT_FALSE(loaded->ask().has_value());
  EXPECT_EQ(loaded->ended_by(), "value");
}

}  // namespace
}  // namespace aisci::mcts
