// Reference values: SciPy 1.13.
#include <aisci/random.hpp>
#include <aisci/statistics/distributions.hpp>
#include <aisci/statistics/statistics.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace aisci::statistics {
namespace {

const std::vector<double> kSmall{0.031, 0.018, 0.044, 0.007, 0.029};
const std::vector<double> kMixed{0.031, -0.018, 0.044, 0.007, 0.029, -0.002};

TEST(Distributions, AgreeWithReferenceValues) {
  EXPECT_NEAR(student_t_quantile(0.975, 4), 2.7764451051977987, 1e-10);
  EXPECT_NEAR(student_t_cdf(-1.3, 7.5), 0.11606338940780428, 1e-12);
  EXPECT_NEAR(noncentral_t_cdf(2.1, 13, 1.7), 0.6299604643980115, 1e-8);
  EXPECT_NEAR(noncentral_t_cdf(-2.1, 13, 1.7), 0.0002304558855311723, 1e-9);
  EXPECT_NEAR(noncentral_t_cdf(2.5, 30, 9.0), 3.1076604714932373e-10, 1e-11);
  EXPECT_NEAR(incomplete_beta(2.5, 0.7, 0.3), 0.029814024845250465, 1e-13);
  EXPECT_TRUE(std::isnan(student_t_cdf(0, -1)));
}

TEST(Distributions, QuantileInvertsTheCdf) {
  for (const double df : {1.0, 2.0, 7.5, 100.0})
    for (const double p : {0.001, 0.2, 0.5, 0.9, 0.99999}) EXPECT_NEAR(student_t_cdf(student_t_quantile(p, df), df), p, 1e-11) << df << " " << p;
}

TEST(PairedT, AgreesWithReferenceValues) {
  const auto test = paired_t(kSmall).value();
  EXPECT_NEAR(test.t, 4.12391110726745, 1e-10);
  EXPECT_NEAR(test.p, 0.014565940449660812, 1e-11);
  EXPECT_NEAR(test.lower, 0.00843001266252619, 1e-11);
  EXPECT_NEAR(test.upper, 0.043169987337473806, 1e-11);
  EXPECT_NEAR(paired_t(kMixed).value().p, 0.17304112718589917, 1e-11);
}

TEST(PairedT, HasDefinedAnswersAtTheEdges) {
  EXPECT_FALSE(paired_t(std::vector<double>{}).ok());
  EXPECT_FALSE(paired_t(std::vector<double>{1, NAN}).ok());
  EXPECT_FALSE(paired_t(kSmall, 1.0).ok());
  const auto one = paired_t(std::vector<double>{0.5}).value();
  EXPECT_TRUE(std::isinf(one.lower) && std::isinf(one.upper));
  EXPECT_EQ(one.p, 1);
  const auto equal = paired_t(std::vector<double>{0.1, 0.1, 0.1}).value();
  EXPECT_EQ(equal.p, 0);
  EXPECT_EQ(equal.lower, equal.upper);
  EXPECT_EQ(paired_t(std::vector<double>{0, 0, 0}).value().p, 1);
}

TEST(SignFlip, CountsAllAssignments) {
  EXPECT_DOUBLE_EQ(sign_flip(kSmall).value().p, 0.0625);
  EXPECT_DOUBLE_EQ(sign_flip(kSmall).value().smallest_p, 0.0625);
  EXPECT_DOUBLE_EQ(sign_flip(kMixed).value().p, 0.1875);
}

TEST(SignFlip, ManyValuesAreDrawnAndSeeded) {
  Random random{3};
  std::vector<double> values;
  for (int i = 0; i < 40; ++i) values.push_back(random.normal() + 0.3);
  const auto a = sign_flip(values, 5).value(), b = sign_flip(values, 5).value();
  EXPECT_FALSE(a.exact);
  EXPECT_EQ(a.p, b.p);
  EXPECT_NEAR(a.p, paired_t(values).value().p, 0.02);
}

TEST(HedgesDz, AgreesWithTheGammaFormula) {
  EXPECT_NEAR(hedges_dz(kSmall)->d, 1.471513851869227, 1e-12);
  EXPECT_FALSE(hedges_dz(std::vector<double>{1, 1, 1}).ok());
}

TEST(Power, AgreesWithReferenceAndBlocksNeededIsTheFirstThatReachesIt) {
  EXPECT_NEAR(power_paired(14, 0.02, 0.025, 0.05 / 3).value(), 0.6055438617113807, 1e-8);
  const auto n = blocks_needed(0.02, 0.025, 0.05, 0.8).value();
  EXPECT_GE(power_paired(n, 0.02, 0.025, 0.05).value(), 0.8);
  EXPECT_LT(power_paired(n - 1, 0.02, 0.025, 0.05).value(), 0.8);
  EXPECT_FALSE(blocks_needed(0, 1, 0.05, 0.8).ok());
  EXPECT_EQ(blocks_needed(1e-9, 1, 0.05, 0.8).status().code(), StatusCode::kOutOfRange);
}

TEST(Power, IsTheLevelWithoutAnEffect) { EXPECT_NEAR(power_paired(10, 0.0, 1.0, 0.05).value(), 0.05, 1e-9); }

TEST(Posterior, ShrinksTowardsZeroAndMoreWithNoise) {
  const auto sharp = posterior_paired(std::vector<double>{0.03, 0.031, 0.029, 0.03}, {.scale = 0.02}).value();
  const auto noisy = posterior_paired(std::vector<double>{0.23, -0.17, 0.13, -0.07}, {.scale = 0.02}).value();
  EXPECT_NEAR(sharp.mean, 0.03, 1e-4);
  EXPECT_LT(noisy.mean, 0.03);
  EXPECT_GT(sharp.probability_above(0.02), 0.99);
  EXPECT_LT(noisy.probability_above(0.02), 0.7);
  EXPECT_NEAR(noisy.probability_above(0.01) + noisy.probability_below(0.01), 1, 1e-12);
}

TEST(Holm, StepsDown) {
  const auto adjusted = holm(std::vector<double>{0.04, 0.01, 0.03});
  EXPECT_NEAR(adjusted[1], 0.03, 1e-15);
  EXPECT_NEAR(adjusted[2], 0.06, 1e-15);
  EXPECT_NEAR(adjusted[0], 0.06, 1e-15);
}

TEST(Verdict, FollowsTheIntervalAlone) {
  EXPECT_EQ(verdict(0.005, 0.03, 0.02), Verdict::kSupported);
  EXPECT_EQ(verdict(-0.01, 0.03, 0.02), Verdict::kInconclusive);
  EXPECT_EQ(verdict(-0.05, 0.01, 0.02), Verdict::kRefuted);
  EXPECT_EQ(verdict(-0.01, 0.01, 0.02), Verdict::kEquivalent);
  EXPECT_EQ(verdict(0.001, 0.01, 0.02), Verdict::kEquivalent);
}

}  // namespace
}  // namespace aisci::statistics
