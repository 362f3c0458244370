// Summaries, two samples, bootstrap and analysis of variance.
#include <gtest/gtest.h>
#include <aisci/random.hpp>
#include <aisci/statistics/statistics.hpp>

#include <cmath>
#include <limits>

namespace aisci::statistics {
namespace {

const std::vector<double> kNone, kOne{1}, kTwo{1, 2}, kThree{4, 6, 9};
const double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> normals(std::uint64_t seed, int n, double mean) {
  Random random{seed};
  std::vector<double> out;
  for (int i = 0; i < n; ++i) out.push_back(mean + random.normal());
  return out;
}

TEST(Summary, DescribesAndHasDefinedEdges) {
  const auto s = summarize(std::vector<double>{4, 1, 3, 2}).value();
  EXPECT_EQ(s.median, 2.5);
  EXPECT_EQ(s.lower_quartile, 1.75);
  EXPECT_EQ(summarize(kOne).value().sd, 0);
  EXPECT_EQ(summarize(kOne).value().upper_quartile, 1);
  EXPECT_FALSE(summarize(kNone).ok());
  EXPECT_FALSE(quantile(kTwo, 1.01).ok());
  EXPECT_EQ(quantile(kTwo, 1).value(), 2);
}

TEST(WelchT, TurnsWithTheOrderAndHasDefinedEdges) {
  const auto a = welch_t(kThree, kTwo).value(), b = welch_t(kTwo, kThree).value();
  EXPECT_NEAR(a.p, b.p, 1e-15);
  EXPECT_NEAR(a.lower, -b.upper, 1e-14);
  const std::vector<double> fives{5, 5, 5};
  EXPECT_EQ(welch_t(fives, fives).value().p, 1);
  EXPECT_EQ(welch_t(fives, std::vector<double>{4, 4}).value().p, 0);
  EXPECT_EQ(welch_t(kOne, kThree).status().message().find("the first sample"), 0U);
  EXPECT_FALSE(welch_t(kThree, kTwo, 0).ok());
}

TEST(MannWhitney, TurnsWithTheOrderAndAgreesWithCliffsDelta) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    auto x = normals(seed, 9, 0), y = normals(seed + 100, 6, 0.5);
    for (auto& value : x) value = std::round(2 * value);
    for (auto& value : y) value = std::round(2 * value);
    const auto a = mann_whitney(x, y).value(), b = mann_whitney(y, x).value();
    EXPECT_NEAR(a.p, b.p, 1e-14);
    EXPECT_EQ(a.u + b.u, 54);
    EXPECT_NEAR(a.delta, cliffs_delta(x, y).value(), 1e-15);
  }
}

TEST(MannWhitney, ExactAndNormalMeetAtTheBorder) {
  auto x = normals(2, 25, 0), y = normals(3, 25, 0.5);
  const auto exact = mann_whitney(x, y).value();
  y.push_back(0.25);
  const auto normal = mann_whitney(x, y).value();
  EXPECT_TRUE(exact.exact);
  EXPECT_FALSE(normal.exact);
  EXPECT_NEAR(exact.p, normal.p, 0.02);
}

TEST(MannWhitney, HasDefinedAnswersAtTheEdges) {
  EXPECT_EQ(mann_whitney(kOne, kOne).value().p, 1);
  EXPECT_EQ(mann_whitney(std::vector<double>(40, 1.0), std::vector<double>(40, 1.0)).value().p, 1);
  EXPECT_FALSE(mann_whitney(kNone, kOne).ok());
  EXPECT_FALSE(cliffs_delta(kOne, std::vector<double>{kNaN}).ok());
}

TEST(Permutation, SmallSamplesAttainTheirSmallestP) {
  const auto r = permutation_two_sample(std::vector<double>{10, 11, 12}, std::vector<double>{1, 2, 3, 4}).value();
  EXPECT_TRUE(r.exact);
  EXPECT_NEAR(r.p, 2.0 / 35, 1e-15);
  EXPECT_EQ(r.p, r.smallest_p);
  EXPECT_EQ(permutation_two_sample(std::vector<double>(3, 7.0), std::vector<double>(4, 7.0)).value().p, 1);
  EXPECT_FALSE(permutation_two_sample(kOne, kNone).ok());
}

TEST(Permutation, ManySplitsAreDrawnAndSeeded) {
  const auto x = normals(1, 20, 0), y = normals(2, 25, 0.7);
  const auto a = permutation_two_sample(x, y, 4).value(), b = permutation_two_sample(x, y, 4).value();
  EXPECT_FALSE(a.exact);
  EXPECT_EQ(a.p, b.p);
  EXPECT_NEAR(a.p, welch_t(x, y).value().p, 0.01);
}

TEST(Bootstrap, RefusesFewerThanTwentyValues) {
  EXPECT_EQ(bootstrap_mean(normals(1, 19, 0)).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_TRUE(bootstrap_mean(normals(1, 20, 0)).ok());
}

TEST(Bootstrap, MovesWithTheDataAndRepeatsUnderItsSeed) {
  const auto x = normals(5, 30, 1);
  auto shifted = x;
  for (auto& value : shifted) value += 10;
  const auto a = bootstrap_mean(x).value(), b = bootstrap_mean(x).value(), c = bootstrap_mean(shifted).value();
  EXPECT_EQ(a.lower, b.lower);
  EXPECT_NEAR(c.upper, a.upper + 10, 1e-9);
  EXPECT_LT(a.lower, a.estimate);
  EXPECT_GT(a.upper, a.estimate);
}

TEST(Bootstrap, HasDefinedAnswersAtTheEdges) {
  const auto flat = bootstrap_mean(std::vector<double>(25, 3.0)).value();
  EXPECT_EQ(flat.lower, 3);
  EXPECT_EQ(flat.upper, 3);
  const auto x = normals(5, 30, 1);
  EXPECT_FALSE(bootstrap(x, [](std::span<const double>) { return kNaN; }).ok());
  EXPECT_FALSE(bootstrap(x, nullptr).ok());
  EXPECT_FALSE(bootstrap_mean(x, {.confidence = 1}).ok());
  EXPECT_FALSE(bootstrap_mean(x, {.resamples = 10}).ok());
}

TEST(Anova, TwoGroupsAreTheSquareOfStudentsT) {
  // With equal sizes Welch's t is Student's.
  const auto x = normals(1, 8, 0), y = normals(2, 8, 1);
  std::vector<double> values{x};
  values.insert(values.end(), y.begin(), y.end());
  std::vector<int> levels(8, 3);
  levels.resize(16, -7);
  const auto r = anova_one_factor(values, levels).value();
  EXPECT_NEAR(r.factor.f, std::pow(welch_t(x, y).value().t, 2), 1e-10);
  EXPECT_EQ(r.residual_df, 14);
}

TEST(WelchT, DoesNotDependOnTheSizeOfTheValues) {
  const auto x = normals(1, 6, 0), y = normals(2, 9, 0.7), z = normals(3, 25, 0.7);
  const auto at = [](std::vector<double> values, int exponent) {
    for (auto& value : values) value = std::ldexp(value, exponent);
    return values;
  };
  for (const int exponent : {-1000, -700, 700, 1000}) {
    const auto a = welch_t(x, y).value(), b = welch_t(at(x, exponent), at(y, exponent)).value();
    EXPECT_NEAR(b.t, a.t, 1e-12) << exponent;
    EXPECT_NEAR(b.df, a.df, 1e-10) << exponent;
    EXPECT_NEAR(std::ldexp(b.upper, -exponent), a.upper, 1e-12) << exponent;
    EXPECT_EQ(permutation_two_sample(at(x, exponent), at(y, exponent)).value().p,
              permutation_two_sample(x, y).value().p);
    EXPECT_NEAR(std::ldexp(summarize(at(z, exponent)).value().se, -exponent), summarize(z).value().se, 1e-12);
    const auto c = bootstrap_mean(z).value(), d = bootstrap_mean(at(z, exponent)).value();
    EXPECT_NEAR(std::ldexp(d.se, -exponent), c.se, 1e-12) << exponent;
    EXPECT_NEAR(std::ldexp(d.lower, -exponent), c.lower, 1e-12) << exponent;
  }
  const std::vector<double> most{1.7e308, 1.7e308}, least{-1.7e308, -1.7e308}, both{1.7e308, -1.7e308};
  EXPECT_FALSE(welch_t(most, least).ok());
  EXPECT_FALSE(permutation_two_sample(most, least).ok());
  EXPECT_FALSE(summarize(both).ok());
  EXPECT_EQ(summarize(most).value().mean, 1.7e308);
}

TEST(Anova, ManyLevelsCostNoMoreThanFew) {
  constexpr int kLevels = 50'000;
  auto values = normals(1, 2 * kLevels, 0);
  std::vector<int> levels;
  for (int i = 0; i < 2 * kLevels; ++i) levels.push_back(i % kLevels);
  const auto r = anova_one_factor(values, levels).value();
  double within = 0;  // of a pair: half of its squared difference
  for (std::size_t i = 0; i < kLevels; ++i) within += std::pow(values[i] - values[i + kLevels], 2) / 2;
  EXPECT_NEAR(r.residual_sum_of_squares / within, 1, 1e-12);
  EXPECT_NEAR(r.factor.sum_of_squares + within, std::pow(summarize(values).value().sd, 2) * (2 * kLevels - 1), 1e-6);
  EXPECT_EQ(r.factor.df, kLevels - 1);
  const auto refused = anova_two_factor(values, std::vector<int>(levels.rbegin(), levels.rend()), levels).status();
  EXPECT_NE(refused.message().find("a combination of levels has no value"), std::string::npos) << refused.message();
}

TEST(Anova, TooLargeATableIsRefused) {
  std::vector<int> a, b, block;
  for (int i = 0; i < 40'000; ++i) a.push_back(i % 2), b.push_back(i / 2 % 2), block.push_back(i / 4);
  const auto refused = anova_two_factor(normals(1, 40'000, 0), a, b, block).status();
  EXPECT_EQ(refused.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(refused.message().find("40000 values"), std::string::npos) << refused.message();
}

TEST(Anova, ValuesWhoseSquaresLeaveTheRangeAreRefused) {
  const std::vector<int> levels{0, 0, 1, 1, 2, 2};
  for (const double unit : {1e-200, 1e-150, 1e160, 1e200, 1e307}) {
    std::vector<double> values;
    for (const double value : {1.0, 3.0, 4.0, 2.0, 7.0, 8.0}) values.push_back(unit * value);
    const auto refused = anova_one_factor(values, levels).status();
    EXPECT_EQ(refused.code(), StatusCode::kInvalidArgument) << unit;
    EXPECT_NE(refused.message().find("power of ten"), std::string::npos) << unit;
  }
  EXPECT_EQ(anova_one_factor(std::vector<double>(6, 1e200), levels).value().factor.p, 1) << "no squares";
}

TEST(Anova, BlockedInteractionIsTheContrastOfBlocks) {
  // In a 2 x 2 of whole blocks the terms are independent contrasts; the sum of squares of the interaction is that of
  // the mean contrast.
  const int blocks = 7;
  std::vector<double> arms[4], values;
  std::vector<int> a, b, block;
  for (int arm = 0; arm < 4; ++arm) {
    arms[arm] = normals(static_cast<std::uint64_t>(arm) + 1, blocks, arm == 3 ? 2 : 0);
    for (int i = 0; i < blocks; ++i) {
      values.push_back(arms[arm][static_cast<std::size_t>(i)]);
      a.push_back(arm / 2);
      b.push_back(arm % 2);
      block.push_back(i);
    }
  }
  const auto table = anova_two_factor(values, a, b, block).value();
  const auto contrast = interaction_contrast(arms[3], arms[2], arms[1], arms[0]).value();
  const double mean = summarize(contrast).value().mean;
  EXPECT_NEAR(table.interaction.sum_of_squares, blocks * mean * mean / 4, 1e-10);
  EXPECT_EQ(table.residual_df, 18);
  EXPECT_EQ(table.block.df, 6);
}

TEST(Anova, HasDefinedAnswersAtTheEdges) {
  const std::vector<int> levels{0, 0, 1, 1}, a{0, 0, 0, 0, 1, 1, 1, 1}, b{0, 0, 1, 1, 0, 0, 1, 1};
  EXPECT_EQ(anova_one_factor(std::vector<double>{5, 5, 5, 5}, levels).value().factor.p, 1);
  EXPECT_EQ(anova_one_factor(std::vector<double>{1, 1, 2, 2}, levels).value().factor.p, 0);
  const auto clear = anova_two_factor(std::vector<double>{1, 1, 2, 2, 3, 3, 4, 4}, a, b).value();
  EXPECT_EQ(clear.a.p, 0);
  EXPECT_EQ(clear.interaction.p, 1);
  EXPECT_EQ(clear.block.p, 1);
  EXPECT_FALSE(anova_one_factor(std::vector<double>{1, 2, 3, 4}, std::vector<int>{0, 0, 1}).ok());
  EXPECT_FALSE(anova_one_factor(std::vector<double>{1, 2, 3}, std::vector<int>{0, 0, 0}).ok());
  EXPECT_FALSE(anova_one_factor(std::vector<double>{1, 2, 3}, std::vector<int>{0, 1, 2}).ok());
  EXPECT_FALSE(anova_two_factor(std::vector<double>(8, 1.0), a, a).ok()) << "cells without values";
  EXPECT_FALSE(anova_two_factor(std::vector<double>{1, 2, 3, 4, kNaN, 6, 7, 8}, a, b).ok());
}

}  // namespace
}  // namespace aisci::statistics
