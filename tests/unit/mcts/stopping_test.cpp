// When a search ends, other than by its limits.
#include <gtest/gtest.h>
#include <aisci/mcts/search.hpp>

#include <algorithm>

namespace aisci::mcts {
namespace {

TEST(Stopping, StoppingRulesComposeAndSayWhichFired) {
  const auto ended_by = [](std::vector<Stop> stops) {
    Options options;
    options.policy = "random";
    options.budget = 40;
    options.drafts = 40;
    options.stops = std::move(stops);
    Search search = Search::create(options).value();
    double value = 0.3;
    while (const auto lease = search.ask()) search.tell(*lease, {.value = value = std::min(0.5, value + 0.05)}).value();
    return search.ended_by();
  };
  EXPECT_EQ(ended_by({}), "budget");
  EXPECT_EQ(ended_by({stop_without_gain(5)}), "patience");
  EXPECT_EQ(ended_by({stop_at_value(0.9), stop_without_gain(5)}), "patience");
  EXPECT_EQ(ended_by({stop_when_all({stop_at_value(0.3), stop_without_gain(5)})}), "value+patience");
  EXPECT_EQ(ended_by({stop_when_all({stop_at_value(0.9), stop_without_gain(5)})}), "budget");
  EXPECT_EQ(ended_by({{"three", [](const Progress& progress) { return progress.finished >= 3; }}}), "three");
}

TEST(Stopping, SureWhenTheBestIsFarAhead) {
  Options options;
  options.drafts = 4;
  options.budget = 50;
  options.noise = 0.01;
  options.stops.push_back(stop_when_sure(0.99));
  Search search = Search::create(options).value();
  int told = 0;
  while (const auto lease = search.ask()) search.tell(*lease, {.value = lease->node == 2 ? 0.9 : 0.5}).value(), ++told;
  EXPECT_EQ(search.ended_by(), "sure");
  EXPECT_LT(told, 50);
}

}  // namespace
}  // namespace aisci::mcts
