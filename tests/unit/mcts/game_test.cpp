#include <gtest/gtest.h>
#include <aisci/mcts/game.hpp>
#include <aisci/random.hpp>

#include <cmath>

#include "connect_four.hpp"

namespace aisci::mcts {
namespace {

using Four = GameSearch<ConnectFour>;

ConnectFour after(std::initializer_list<int> columns) {
  ConnectFour state;
  for (const int column : columns) state.play(static_cast<ConnectFour::Action>(column));
  return state;
}

// Whether the player to move can force a win within so many of his own moves; the truth to compare with.
bool wins(const ConnectFour& state, int moves);

bool loses_whatever(const ConnectFour& state, int moves) {
  if (state.over()) return state.result() < 0;
  ConnectFour::Action actions[7];
  const int count = state.actions(actions);
  for (int i = 0; i < count; ++i) {
    ConnectFour next = state;
    next.play(actions[i]);
    if (next.over() || !wins(next, moves)) return false;
  }
  return true;
}

bool wins(const ConnectFour& state, int moves) {
  ConnectFour::Action actions[7];
  const int count = state.actions(actions);
  for (int i = 0; i < count && moves > 0; ++i) {
    ConnectFour next = state;
    next.play(actions[i]);
    if (next.over() ? next.result() < 0 : moves > 1 && loses_whatever(next, moves - 1)) return true;
  }
  return false;
}

TEST(ConnectFour, KnowsLinesInEveryDirectionAndNoneAcrossTheEdge) {
  EXPECT_TRUE(after({0, 6, 1, 6, 2, 6, 3}).over());
  EXPECT_TRUE(after({0, 1, 0, 1, 0, 1, 0}).over());
  EXPECT_TRUE(after({0, 1, 1, 2, 2, 3, 2, 3, 3, 6, 3}).over());
  EXPECT_TRUE(after({6, 5, 5, 4, 4, 3, 4, 3, 3, 0, 3}).over());
  // Three on top of one column and one at the bottom of the next are no line.
  EXPECT_FALSE(ConnectFour::won(0b10111000));
}

TEST(GameSearch, TakesAWinAndStopsOne) {
  Four attack{after({0, 6, 1, 6, 2, 5})};
  attack.simulate(500, uniform_evaluator);
  EXPECT_EQ(int(attack.best_action()), 3);
  EXPECT_GT(attack.value_of(3), 0.99);
  Four defence{after({0, 6, 1, 6, 2})};
  defence.simulate(2000, uniform_evaluator);
  EXPECT_EQ(int(defence.best_action()), 3);
}

// Random positions in which exhaustive search finds a win in two or three moves: the search must play one.
TEST(GameSearch, FindsForcedWins) {
  Random random{11};
  int found = 0;
  while (found < 25) {
    ConnectFour state;
    for (int i = 0; i < 14 && !state.over(); ++i) {
      ConnectFour::Action actions[7];
      state.play(actions[random.below(static_cast<std::uint64_t>(state.actions(actions)))]);
    }
    if (state.over() || wins(state, 1) || !wins(state, 3)) continue;
    ++found;
    Four search{state};
    search.simulate(60000, uniform_evaluator);
    ConnectFour next = state;
    next.play(search.best_action());
    EXPECT_TRUE(loses_whatever(next, 4)) << "position " << found << " column " << int(search.best_action());
  }
}

void expect_consistent(const Four& search) {
  const auto& nodes = search.nodes();
  for (const GameNode& node : nodes) {
    EXPECT_EQ(node.pending, 0);
    std::uint64_t below = 0;
    double sum = 0;
    for (std::uint32_t e = node.first; e < node.first + node.count; ++e) {
      const GameEdge& edge = search.edges()[e];
      if (!edge.child) continue;
      below += nodes[edge.child].visits;
      sum -= nodes[edge.child].sum;
      if (nodes[edge.child].visits) {
        ASSERT_NEAR(edge.mean, nodes[edge.child].sum / nodes[edge.child].visits, 1e-5);
      }
    }
    // Every visit but the one that expanded the node went on to a child; that one was worth 0.
    if (node.count) {
      ASSERT_EQ(node.visits, below + 1);
      ASSERT_NEAR(node.sum, sum, 1e-6);
    }
  }
}

TEST(GameSearch, VisitsAndSumsAgreeThroughoutTheTree) {
  Four search{ConnectFour{}};
  search.simulate(20000, uniform_evaluator);
  EXPECT_EQ(search.visits(), 20000u);
  expect_consistent(search);
}

TEST(GameSearch, AskAndTellOneByOneEqualTheSynchronousTwin) {
  Four one{ConnectFour{}}, other{ConnectFour{}};
  one.simulate(3000, uniform_evaluator);
  while (other.visits() < 3000) {
    const auto leaf = other.ask(1);
    if (!leaf) continue;
    EXPECT_TRUE(other.tell(*leaf, 0));
    EXPECT_FALSE(other.tell(*leaf, 0));
  }
  ASSERT_EQ(one.nodes().size(), other.nodes().size());
  for (std::size_t i = 0; i < one.nodes().size(); ++i) {
    EXPECT_EQ(one.nodes()[i].visits, other.nodes()[i].visits);
    EXPECT_EQ(one.nodes()[i].sum, other.nodes()[i].sum);
  }
}

TEST(GameSearch, PendingLeavesSpreadAndReturnToZeroInAnyOrder) {
  Four search{ConnectFour{}};
  Random random{5};
  std::vector<Four::Leaf> out;
  for (int i = 0; i < 5000; ++i) {
    if (const auto leaf = search.ask(); leaf && out.size() < 16) {
      for (const auto& other : out)
        EXPECT_FALSE(other.state.all == leaf->state.all && other.state.mover == leaf->state.mover &&
                     other.ticket == leaf->ticket);
      out.push_back(*leaf);
    } else if (leaf) {
      search.abandon(*leaf);
    }
    if (out.size() < 16 && random.below(3) > 0) continue;
    if (out.empty()) continue;
    const std::size_t pick = random.below(out.size());
    if (random.below(10) == 0)
      EXPECT_TRUE(search.abandon(out[pick]));
    else
      EXPECT_TRUE(search.tell(out[pick], 0));
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(pick));
  }
  for (const auto& leaf : out) search.tell(leaf, 0);
  EXPECT_EQ(search.pending(), 0u);
  expect_consistent(search);
}

TEST(GameSearch, AdvanceKeepsWhatIsBelowThePlayedMove) {
  Four search{ConnectFour{}};
  search.simulate(20000, uniform_evaluator);
  const auto action = search.best_action();
  const double value = search.value_of(action);
  search.advance(action);
  EXPECT_GT(search.visits(), 2000u);
  EXPECT_NEAR(-search.nodes()[0].sum / search.visits(), -value, 1e-5);
  expect_consistent(search);
  search.simulate(1000, uniform_evaluator);
  expect_consistent(search);
}

// A planner's own problem: one player, a path of five steps, one of 243 paths is best.
struct Path {
  using Action = std::uint16_t;
  static constexpr int kPlayers = 1;
  static constexpr int kMaxActions = 3;
  int length = 0, right = 0;
  int actions(Action* out) const { return out[0] = 0, out[1] = 1, out[2] = 2, 3; }
  void play(Action action) {
    right += action == static_cast<Action>(length * 7 % 3);
    ++length;
  }
  bool over() const { return length == 5; }
  double result() const { return right / 5.0; }
};

TEST(GameSearch, PlansForASinglePlayer) {
  GameSearch<Path> search{Path{}};
  while (!search.state().over()) {
    search.simulate(2000, uniform_evaluator);
    search.advance(search.best_action());
  }
  EXPECT_EQ(search.state().right, 5);
}

// Whoever takes the last match wins.
struct Nim {
  using Action = int;
  static constexpr int kPlayers = 2;
  static constexpr int kMaxActions = 3;
  int matches = 21;
  int actions(Action* out) const {
    int count = 0;
    while (count < 3 && count < matches) out[count] = count + 1, ++count;
    return count;
  }
  void play(Action taken) { matches -= taken; }
  bool over() const { return matches == 0; }
  double result() const { return -1; }
};

TEST(GameSearch, AGameThatIsOverIsNotPlayedOn) {
  for (const bool visited : {false, true}) {
    GameSearch<Nim> played{Nim{1}}, begun{Nim{0}};
    EXPECT_TRUE(played.simulate(visited ? 10 : 1, uniform_evaluator));
    played.advance(1);
    for (GameSearch<Nim>* search : {&played, &begun}) {
      EXPECT_TRUE(search->state().over());
      EXPECT_FALSE(search->ask());
      const std::uint32_t before = search->visits();
      EXPECT_TRUE(search->simulate(10, uniform_evaluator));
      EXPECT_EQ(search->visits(), before + 10);
      EXPECT_EQ(search->nodes().size(), 1u);
      EXPECT_EQ(search->nodes()[0].sum, search->visits()) << "for whoever took the last match";
    }
  }
}

// One step, with as many actions; the last one is best.
struct Wide {
  using Action = std::uint32_t;
  static constexpr int kPlayers = 1;
  static constexpr int kMaxActions = 70000;
  bool played = false;
  double value = 0;
  int actions(Action* out) const {
    for (Action i = 0; i < kMaxActions; ++i) out[i] = i;
    return kMaxActions;
  }
  void play(Action action) {
    played = true;
    value = action == kMaxActions - 1 ? 1 : 0.5;
  }
  bool over() const { return played; }
  double result() const { return value; }
};

TEST(GameSearch, EveryActionOfManyIsThere) {
  GameSearch<Wide> search{Wide{}};
  const auto knows = [](const Wide&, const Wide::Action*, float* priors, int count) {
    for (int i = 0; i < count; ++i) priors[i] = i + 1 == count ? 1.0f : 0.0f;
    return 0.0;
  };
  EXPECT_TRUE(search.simulate(20, knows));
  EXPECT_EQ(search.nodes()[0].count, 70000u);
  EXPECT_EQ(search.edges().size(), 70000u);
  EXPECT_EQ(search.best_action(), 69999u);
}

TEST(GameSearch, WhatIsNoNumberIsRefused) {
  const double nan = std::nan("");
  GameSearch<Nim> search{Nim{}};
  EXPECT_TRUE(search.simulate(100, uniform_evaluator));
  const auto leaf = search.ask();
  ASSERT_TRUE(leaf);
  const float priors[] = {0.5f, std::nanf(""), 0.5f};
  for (const double value : {nan, 1e9, -1e300}) EXPECT_FALSE(search.tell(*leaf, value));
  EXPECT_FALSE(search.tell(*leaf, 0, priors));
  EXPECT_EQ(search.pending(), 1u);
  EXPECT_EQ(search.visits(), 100u);
  EXPECT_TRUE(search.tell(*leaf, 0));
  int left = 50;
  EXPECT_FALSE(search.simulate(1000, [&](const auto&, const auto*, float* out, int count) {
    for (int i = 0; i < count; ++i) out[i] = 1.0f / static_cast<float>(count);
    return --left == 0 ? nan : 0.0;
  }));
  EXPECT_TRUE(search.simulate(10000, uniform_evaluator));
  EXPECT_EQ(search.best_action(), 1);
}

TEST(GameSearch, AnActionThatIsPendingAloneHasNoValue) {
  GameSearch<Nim> search{Nim{}};
  EXPECT_TRUE(search.simulate(1, uniform_evaluator));
  ASSERT_TRUE(search.ask());
  EXPECT_EQ(search.value_of(1), 0);
}

}  // namespace
}  // namespace aisci::mcts
