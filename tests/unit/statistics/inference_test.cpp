// Posterior, sequential evidence, verdicts and corrections.
#include <gtest/gtest.h>
#include <aisci/random.hpp>
#include <aisci/statistics/statistics.hpp>

#include <cmath>
#include <functional>
#include <limits>

namespace aisci::statistics {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Posterior, IsAProbabilityDistribution) {
  const auto r = posterior_paired(std::vector<double>{0.031, -0.018, 0.044, 0.007, 0.029}, {.scale = 0.01}).value();
  for (const double x : {-1.0, -0.01, 0.0, 0.004, 0.02, 3.0})
    EXPECT_NEAR(r.probability_above(x) + r.probability_below(x), 1, 1e-13);
  EXPECT_NEAR(r.probability_between(-0.01, 0.02), r.probability_above(-0.01) - r.probability_above(0.02), 1e-12);
  for (const double p : {0.001, 0.025, 0.5, 0.975}) EXPECT_NEAR(r.probability_below(r.quantile(p)), p, 1e-12);
  EXPECT_TRUE(std::isnan(r.quantile(0)));
  EXPECT_EQ(r.probability_between(1, 0), 0);
}

TEST(Posterior, ShrinksTowardsZeroMoreWithNoiseAndLetsGoOfTheClear) {
  const auto sharp = posterior_paired(std::vector<double>{0.23, 0.231, 0.229, 0.23}, {.scale = 0.02}).value();
  const auto noisy = posterior_paired(std::vector<double>{0.23, -0.17, 0.13, -0.07}, {.scale = 0.02}).value();
  EXPECT_NEAR(sharp.mean, 0.23, 1e-3);
  EXPECT_GT(noisy.mean, 0);
  EXPECT_LT(noisy.mean, 0.5 * 0.03);
  EXPECT_GT(sharp.probability_above(0.02), 0.99);
  EXPECT_LT(noisy.probability_above(0.02), 0.5);
}

TEST(Posterior, WithoutInformationIsThePrior) {
  // A spread of a thousand prior scales says nothing: half of a Cauchy lies within its scale.
  const auto r = posterior_paired(std::vector<double>{1000, -1000, 1000, -1000}, {.scale = 1}).value();
  EXPECT_NEAR(r.probability_above(1), 0.25, 0.002);
  EXPECT_NEAR(r.probability_below(-1), 0.25, 0.002);
}

TEST(Posterior, TurnsWithTheSignAndHasDefinedEdges) {
  const auto a = posterior_paired(std::vector<double>{1, 2, 4}).value(),
             b = posterior_paired(std::vector<double>{-1, -2, -4}).value();
  EXPECT_NEAR(a.probability_above(0.5), b.probability_below(-0.5), 1e-13);
  EXPECT_GT(a.scale, 0);
  const auto point = posterior_paired(std::vector<double>{0.1, 0.1}, {.scale = 1}).value();
  EXPECT_EQ(point.probability_above(0.05), 1);
  EXPECT_EQ(point.probability_above(0.1), 0);
  EXPECT_EQ(point.quantile(0.3), point.mean);
  EXPECT_FALSE(posterior_paired(std::vector<double>{0.1}, {.scale = 1}).ok());
  EXPECT_FALSE(posterior_paired(std::vector<double>{0.1, 0.2}, {.scale = -1}).ok());
}

TEST(Posterior, DoesNotDependOnTheSizeOfTheValues) {
  const std::vector<double> x{0.3, 0.1, -0.4, 0.2, 0.5};
  const auto r = posterior_paired(x, {.scale = 0.25}).value();
  for (const int exponent : {-1000, -700, -500, 500, 700, 1000}) {
    const auto at = [exponent](double value) { return std::ldexp(value, exponent); };
    std::vector<double> scaled;
    for (const double value : x) scaled.push_back(at(value));
    const auto s = posterior_paired(scaled, {.scale = at(0.25)}).value();
    EXPECT_NEAR(std::ldexp(s.mean, -exponent), r.mean, 1e-12) << exponent;
    EXPECT_NEAR(std::ldexp(s.sd, -exponent), r.sd, 1e-12) << exponent;
    EXPECT_NEAR(s.probability_above(at(0.25)), r.probability_above(0.25), 1e-12) << exponent;
    EXPECT_NEAR(s.probability_below(at(0.1)), r.probability_below(0.1), 1e-12) << exponent;
    EXPECT_NEAR(s.probability_between(at(-0.25), at(0.25)), r.probability_between(-0.25, 0.25), 1e-12) << exponent;
    EXPECT_NEAR(std::ldexp(s.quantile(0.9), -exponent), r.quantile(0.9), 1e-10) << exponent;
  }
}

TEST(Posterior, PriorOfAnotherUnitIsFlatOrRefused) {
  std::vector<double> small, large;
  for (const double value : {0.3, 0.1, -0.4, 0.2, 0.5}) {
    small.push_back(1e-200 * value);
    large.push_back(1e200 * value);
  }
  const auto flat = posterior_paired(small, {.scale = 1}).value();
  const auto test = paired_t(small, 0.8).value();
  EXPECT_NEAR(flat.quantile(0.9) / test.upper, 1, 1e-9) << "the likelihood alone";
  EXPECT_EQ(flat.probability_above(1), 0);
  EXPECT_NE(posterior_paired(large, {.scale = 1}).status().message().find("the same unit"), std::string::npos);
}

// The share of `studies` in which a watcher of every block up to `horizon` ever sees the true mean outside the
// interval.
double ever_missed(int studies, int horizon, double mean, const std::function<double(Random&)>& noise) {
  int missed = 0;
  for (int study = 0; study < studies; ++study) {
    Random random{static_cast<std::uint64_t>(study) + 17};
    SequentialMean sequence;
    bool miss = false;
    for (int n = 0; n < horizon && !miss; ++n) {
      EXPECT_TRUE(sequence.add(mean + noise(random)).ok());
      const auto interval = sequence.interval();
      miss = interval.lower > mean || interval.upper < mean;
    }
    missed += miss;
  }
  return static_cast<double>(missed) / studies;
}

TEST(SequentialMean, CoversAtAllTimesWhileLooking) {
  const double missed = ever_missed(4000, 200, 0.3, [](Random& random) { return 2 * random.normal(); });
  EXPECT_LE(missed, 0.05);
  EXPECT_GT(missed, 0.005) << "an interval that never misses is too wide";
}

TEST(SequentialMean, ToleratesTheShapesThatDifferencesHave) {
  const auto uniform = [](Random& random) { return random.uniform() - 0.5; };
  const auto heavy = [](Random& random) {  // t with 5 degrees of freedom
    double squares = 0;
    for (int i = 0; i < 5; ++i) squares += std::pow(random.normal(), 2);
    return random.normal() / std::sqrt(squares / 5);
  };
  const auto counts = [](Random& random) { return std::round(3 * random.normal()) / 450; };  // accuracies move in steps
  EXPECT_LE(ever_missed(2000, 100, 0.1, uniform), 0.055);
  EXPECT_LE(ever_missed(2000, 100, 0.1, heavy), 0.055);
  EXPECT_LE(ever_missed(2000, 100, 0.0, counts), 0.055);
}

TEST(SequentialMean, LookingWithAFixedIntervalIsWhatItPreventsAndItFindsEffects) {
  int fooled = 0, found = 0;
  for (std::uint64_t study = 0; study < 1000; ++study) {
    Random random{study};
    std::vector<double> null;
    SequentialMean effect;
    bool wrong = false;
    for (int n = 0; n < 60; ++n) {
      null.push_back(random.normal());
      if (n >= 4) wrong = wrong || paired_t(null).value().p < 0.05;
      EXPECT_TRUE(effect.add(1.0 + random.normal()).ok());
    }
    fooled += wrong;
    found += effect.interval().lower > 0;
  }
  EXPECT_GT(fooled, 150);
  EXPECT_GT(found, 990);
}

TEST(SequentialMean, IntervalIsWhereTheEValueIsSmall) {
  SequentialMean mean{0.9, 0.7};
  for (const double x : {0.3, 1.2, 0.8, -0.1, 0.5, 0.9, 1.0, 0.2, 0.4}) ASSERT_TRUE(mean.add(x).ok());
  const auto interval = mean.interval();
  EXPECT_NEAR(mean.e_value(interval.lower), 10, 1e-9);
  EXPECT_NEAR(mean.e_value(interval.upper), 10, 1e-9);
  EXPECT_LT(mean.e_value(mean.mean()), 1);
  EXPECT_LE(mean.anytime_p(), 1 / mean.e_value(0));
}

TEST(SequentialMean, HasDefinedAnswersAtTheEdges) {
  SequentialMean mean;
  EXPECT_EQ(mean.e_value(), 1);
  EXPECT_EQ(mean.anytime_p(), 1);
  EXPECT_FALSE(mean.add(kNaN).ok());
  EXPECT_EQ(mean.n(), 0U);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(mean.add(0.1).ok());
  EXPECT_TRUE(std::isinf(mean.interval().upper)) << "two blocks exclude nothing";
  EXPECT_NEAR(mean.e_value(0), std::sqrt(3.0), 1e-12) << "equal values: r^((n-1)/2)";
  EXPECT_NEAR(mean.e_value(mean.mean()), 1 / std::sqrt(3.0), 1e-12);
  const auto all = confidence_sequence(std::vector<double>{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}).value();
  EXPECT_NEAR(all.back().upper, 0.1, 1e-15);
  EXPECT_TRUE(confidence_sequence(std::vector<double>{}).value().empty());
  EXPECT_FALSE(confidence_sequence(std::vector<double>{1, 2}, 1.0).ok());
  EXPECT_FALSE(confidence_sequence(std::vector<double>{1, 2}, 0.9, 0.0).ok());
}

TEST(SequentialMean, DoesNotDependOnTheSizeOfTheValues) {
  for (const int exponent : {-1060, -700, 700, 1020}) {
    SequentialMean one, scaled;
    for (const double x : {0.0, 0.5, 1.25, 0.75, -0.25, 0.5, 1.0, 0.75}) {
      ASSERT_TRUE(one.add(x).ok());
      ASSERT_TRUE(scaled.add(std::ldexp(x, exponent)).ok());
    }
    EXPECT_NEAR(scaled.e_value(), one.e_value(), 1e-12) << exponent;
    EXPECT_NEAR(scaled.e_value(std::ldexp(0.25, exponent)), one.e_value(0.25), 1e-12) << exponent;
    EXPECT_EQ(scaled.anytime_p(), one.anytime_p()) << exponent;
    EXPECT_NEAR(std::ldexp(scaled.mean(), -exponent), one.mean(), 1e-4) << exponent;
    EXPECT_NEAR(std::ldexp(scaled.interval().upper, -exponent), one.interval().upper, 1e-4) << exponent;
  }
  SequentialMean growing;  // an extreme value changes the unit of what came before
  for (const double x : {1e-200, -2e-200, 1.0, -2.0, 1e200, -1e200}) ASSERT_TRUE(growing.add(x).ok());
  EXPECT_LT(growing.e_value(), 1);
  EXPECT_NEAR(growing.mean(), -1.0 / 6, 1e185);
  EXPECT_FALSE(confidence_sequence(std::vector<double>{1, 2}, 0.9, 1e200).ok());
}

TEST(Corrections, StepAndKeepTheOrder) {
  const std::vector<double> p{0.04, 0.01, 0.03};
  const auto h = holm(p).value(), b = benjamini_hochberg(p).value();
  EXPECT_NEAR(h[0], 0.06, 1e-15);
  EXPECT_NEAR(h[1], 0.03, 1e-15);
  EXPECT_NEAR(h[2], 0.06, 1e-15);
  for (std::size_t i = 0; i < p.size(); ++i) {
    EXPECT_GE(b[i], p[i]);
    EXPECT_LE(b[i], h[i]);
  }
  EXPECT_TRUE(holm(std::vector<double>{}).value().empty());
  EXPECT_FALSE(holm(std::vector<double>{0.1, kNaN}).ok());
  EXPECT_FALSE(benjamini_hochberg(std::vector<double>{1.5}).ok());
}

TEST(Verdict, FollowsTheIntervalAlone) {
  EXPECT_EQ(verdict(0.005, 0.03, 0.02), Verdict::kSupported);
  EXPECT_EQ(verdict(-0.01, 0.03, 0.02), Verdict::kInconclusive);
  EXPECT_EQ(verdict(-0.05, 0.01, 0.02), Verdict::kRefuted);
  EXPECT_EQ(verdict(-0.01, 0.01, 0.02), Verdict::kEquivalent);
  EXPECT_EQ(verdict(0.001, 0.01, 0.02), Verdict::kEquivalent);
  EXPECT_EQ(verdict(-0.02, 0.02, 0.02), Verdict::kInconclusive) << "the ends themselves decide nothing";
  EXPECT_EQ(verdict(kNaN, 0.01, 0.02), Verdict::kInconclusive);
  EXPECT_EQ(verdict(0.2, 0.1, 0.02), Verdict::kInconclusive);
  EXPECT_EQ(verdict(-1, -0.5, 0), Verdict::kInconclusive);
  EXPECT_STREQ(to_string(Verdict::kEquivalent), "equivalent");
}

TEST(InteractionContrast, IsTheDifferenceOfDifferences) {
  const std::vector<double> a1{0.9, 0.8}, b1{0.7, 0.7}, a0{0.6, 0.5}, b0{0.5, 0.5};
  const auto linear = interaction_contrast(a1, b1, a0, b0).value();
  EXPECT_NEAR(linear[0], 0.1, 1e-15);
  EXPECT_NEAR(linear[1], 0.1, 1e-15);
  const auto logit = interaction_contrast(a1, b1, a0, b0, ContrastScale::kLogit, 1000).value();
  EXPECT_NEAR(logit[0], std::log(9.0) - std::log(7.0 / 3) - std::log(1.5), 1e-12);
}

TEST(InteractionContrast, ClampsPerfectSharesByHalfAnObservation) {
  EXPECT_NEAR(clamped_logit(1, 450), std::log(899.0), 1e-12);
  EXPECT_NEAR(clamped_logit(0, 450), -std::log(899.0), 1e-12);
  EXPECT_NEAR(clamped_logit(0.25, 450), std::log(1.0 / 3), 1e-15);
  EXPECT_TRUE(std::isnan(clamped_logit(1.2, 450)));
  EXPECT_TRUE(std::isnan(clamped_logit(0.5, 0)));
}

TEST(InteractionContrast, RefusesWhatHasNoAnswer) {
  const std::vector<double> one{0.5}, two{0.5, 0.5}, large{1.5}, bad{kNaN};
  EXPECT_FALSE(interaction_contrast(two, two, two, one).ok());
  EXPECT_FALSE(interaction_contrast(bad, one, one, one).ok());
  EXPECT_FALSE(interaction_contrast(one, one, one, one, ContrastScale::kLogit).ok());
  EXPECT_FALSE(interaction_contrast(one, one, one, large, ContrastScale::kLogit, 10).ok());
  EXPECT_TRUE(interaction_contrast(one, one, one, large).ok());
  const std::vector<double> most{1.7e308}, least{-1.7e308};
  EXPECT_NE(interaction_contrast(most, least, one, one).status().message().find("block 0"), std::string::npos);
}

}  // namespace
}  // namespace aisci::statistics
