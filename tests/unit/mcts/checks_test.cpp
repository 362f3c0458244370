// Numbers that no search can work with.
#include <gtest/gtest.h>
#include <aisci/mcts/search.hpp>

#include <cmath>
#include <limits>

namespace aisci::mcts {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();

void expect_refused(const Status& status, const std::string& name, const std::string& given) {
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << name << " " << given;
  for (const std::string& word : {name, given, std::string{"must"}})
    EXPECT_NE(status.message().find(word), std::string::npos) << word << " is not in: " << status.message();
}

TEST(Checks, OptionsOutOfBoundsAreNamed) {
  struct Case {
    double Options::*option;
    const char* name;
    double given;
    const char* text;
  };
  for (const Case& wrong : {Case{&Options::exploration, "exploration", kNan, "nan"},
                            {&Options::exploration, "exploration", -3, "-3"},
                            {&Options::exploration, "exploration", kInfinity, "inf"},
                            {&Options::pruning, "pruning", kNan, "nan"},
                            {&Options::pruning, "pruning", kInfinity, "inf"},
                            {&Options::noise, "noise", kNan, "nan"},
                            {&Options::noise, "noise", kInfinity, "inf"},
                            {&Options::noise, "noise", -0.1, "-0.1"},
                            {&Options::debug, "debug", 5, "5"},
                            {&Options::debug, "debug", kNan, "nan"},
                            {&Options::cost, "cost", kNan, "nan"},
                            {&Options::cost, "cost", -1, "-1"},
                            {&Options::quantile, "quantile", 0, "0"},
                            {&Options::quantile, "quantile", kNan, "nan"}}) {
    Options options;
    options.*wrong.option = wrong.given;
    expect_refused(Search::create(options).status(), wrong.name, wrong.text);
  }
  Options options;
  options.backup = static_cast<Backup>(3);
  EXPECT_EQ(Search::create(options).status().code(), StatusCode::kInvalidArgument);
  options = {};
  options.exploration = options.debug = options.cost = 0;
  options.pruning = -1e100;
  EXPECT_TRUE(Search::create(options).ok());
}

// Nothing changes, and the lease can still be told.
TEST(Checks, OutcomesOutOfBoundsAreNamedAndChangeNothing) {
  struct Case {
    Outcome outcome;
    const char* name;
    const char* text;
  };
  for (const Case& wrong : {Case{{.value = kNan}, "value", "nan"},
                            {{.value = kInfinity}, "value", "inf"},
                            {{.value = -1e101}, "value", "-1e+101"},
                            {{.value = 1, .cost = kNan}, "cost", "nan"},
                            {{.value = 1, .cost = -1}, "cost", "-1"},
                            {{.value = 1, .cost = kInfinity}, "cost", "inf"},
                            {{.cost = kNan, .failed = true}, "cost", "nan"},
                            {{.value = 1, .variance = -1}, "variance", "-1"},
                            {{.value = 1, .replace = true, .variance = -1}, "variance", "-1"},
                            {{.value = 1, .variance = kNan}, "variance", "nan"},
                            {{.value = 1, .variance = kInfinity}, "variance", "inf"},
                            {{.value = 1, .variance = 1e39}, "variance", "1e+39"},
                            {{.value = 1, .features = {0, kNan}}, "feature 1", "nan"},
                            {{.value = 1, .features = {1e200, 0}}, "feature 0", "1e+200"},
                            {{.value = 1, .features = {1, 2, 3}}, "3 features", "have 2"},
                            {{.failed = true, .features = {1}}, "1 features", "have 2"}}) {
    Search search = Search::create({}).value();
    search.tell(*search.ask(), {.value = 0.5, .features = {1, 2}}).value();
    const Lease lease = *search.ask();
    const std::string before = search.save();
    expect_refused(search.tell(lease, wrong.outcome).status(), wrong.name, wrong.text);
    EXPECT_EQ(search.save(), before) << wrong.name;
    EXPECT_EQ(search.pending(), 1u);
    EXPECT_TRUE(search.tell(lease, {.value = 1, .features = {3, 4}}).value());
    EXPECT_FALSE(search.tell(lease, wrong.outcome).value()) << "a settled lease, whatever is told";
  }
}

TEST(Checks, AFailureNeedsNoValue) {
  Search search = Search::create({}).value();
  EXPECT_TRUE(search.tell(*search.ask(), {.value = kNan, .failed = true}).value());
  EXPECT_TRUE(search.nodes()[1].failed);
}

TEST(Checks, ASmallVarianceIsNotAnUnknownOne) {
  Options options;
  options.drafts = options.width = 1;
  options.expand = false;
  options.budget = 4;
  Search search = Search::create(options).value();
  while (const auto lease = search.ask()) {
    search.tell(*lease, {.value = 0.5, .variance = 1e-50}).value();
    EXPECT_GT(search.nodes()[1].variance, 0);
  }
}

TEST(Checks, WhatIsAllowedCanBeWorkedWith) {
  for (const double scale : {1e-100, 1e-12, 1e12, 1e100}) {
    Options options;
    options.budget = 60;
    Search search = Search::create(options).value();
    Random random{6};
    while (const auto lease = search.ask())
      search.tell(*lease, {.value = scale * (2 * random.uniform() - 1), .failed = random.below(5) == 0}).value();
    const Best best = search.published().value();
    for (const double number : {best.mean, best.stddev, best.optimism}) EXPECT_TRUE(std::isfinite(number)) << scale;
    EXPECT_LE(std::abs(best.mean), scale);
    EXPECT_TRUE(Search::load(search.save()).ok()) << scale;
  }
}

}  // namespace
}  // namespace aisci::mcts
