#include <gtest/gtest.h>
#include <aisci/mcts/search.hpp>

#include "mcts/inside.hpp"

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
    search.tell(out.front(), outcome).value();
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
    search.tell(*lease, {.value = random.uniform(), .features = {0.5, random.uniform()}}).value();
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

// Failures, values that were replaced and such as were not, on either side of 0.
TEST(Snapshot, KeepsWhatIsBackedUp) {
  for (const Backup backup : {Backup::kMean, Backup::kMax, Backup::kQuantile}) {
    Search search = half_played("adaptive", false, backup);
    Random random{3};
    for (int i = 0; i < 50; ++i)
      search.tell(*search.ask(), {.value = random.normal() - 1, .failed = random.below(4) == 0, .replace = i % 3 == 0})
          .value();
    const std::string bytes = search.save();
    Search loaded = Search::load(bytes).value();
    EXPECT_EQ(loaded.save(), bytes);
    EXPECT_EQ(play_on(std::move(loaded)), play_on(std::move(search)));
  }
}

// The node of the lease is the last, so it is taken out; with it must go all that was kept of it.
TEST(Snapshot, NothingIsLeftOfAnAbandonedLease) {
  for (const auto& [policy, backup] :
       {std::pair{"adaptive", Backup::kMean}, {"uct", Backup::kMean}, {"uct", Backup::kMax}}) {
    for (const bool look : {false, true})
      for (const bool choose : {false, true}) {
        Search search = half_played(policy, true, backup);
        const Lease lease = *search.ask();
        if (look) search.published();
        if (choose) search.choose(lease, {{0.1, 0.2}, {0.8, 0.9}});
        EXPECT_TRUE(search.abandon(lease));
        auto loaded = Search::load(search.save());
        ASSERT_TRUE(loaded.ok()) << policy << ": " << loaded.status().to_string();
        EXPECT_EQ(play_on(std::move(*loaded)), play_on(std::move(search)));
      }
  }
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

// Made to mislead: damaged, with the checksum of the damage. It is refused, or it is a search like any other.
TEST(Snapshot, ASealedForgeryIsRefusedOrPlaysOn) {
  for (const Backup backup : {Backup::kMean, Backup::kQuantile}) {
    const std::string bytes = half_played("adaptive", true, backup).save();
    Random random{12};
    int refused = 0, played = 0;
    for (int i = 0; i < 1000; ++i) {
      std::string forged = bytes.substr(0, bytes.size() - 8);
      for (std::uint64_t n = 1 + random.below(3); n-- > 0;) {
        const std::size_t at = 40 + random.below(forged.size() - 40);
        forged[at] = static_cast<char>(random.below(3) == 0 ? random.below(256) : forged[at] ^ (1 << random.below(8)));
      }
      if (random.below(8) == 0) forged.resize(random.below(forged.size()));
      const std::uint64_t seal = snapshot_checksum(forged.data(), forged.size());
      forged.append(reinterpret_cast<const char*>(&seal), sizeof seal);
      auto loaded = Search::load(forged);
      if (!loaded.ok()) {
        ++refused;
        continue;
      }
      ++played;
      for (int turn = 0; turn < 6; ++turn) {
        const auto lease = loaded->ask();
        if (!lease) break;
        if (turn % 3 == 2)
          loaded->abandon(*lease);
        else
          loaded->tell(*lease, {.value = 0.1 * turn, .features = {0.5, 0.5}}).value();
      }
      loaded->top(3);
      if (loaded->best()) loaded->published();
      loaded->save();
    }
    EXPECT_GT(refused, 100);
    EXPECT_GT(played, 100);
  }
}

TEST(Snapshot, OtherBytesAreDataLoss) {
  EXPECT_FALSE(Search::load("").ok());
  EXPECT_FALSE(Search::load("not a snapshot at all, but long enough to be one").ok());
  std::string older = half_played("uct", false).save();
  older[7] = '3';
  EXPECT_EQ(Search::load(older).status().code(), StatusCode::kDataLoss);
  EXPECT_NE(Search::load(older).status().message().find("another version"), std::string::npos);
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
