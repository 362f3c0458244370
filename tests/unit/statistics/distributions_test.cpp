// Identities of the distributions, and values of mpmath (40 digits) where SciPy has none.
#include <gtest/gtest.h>
#include <aisci/statistics/distributions.hpp>

#include <cmath>
#include <limits>
#include <numbers>

namespace aisci::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(LogGamma, FollowsTheRecurrenceAndKnownValues) {
  EXPECT_NEAR(log_gamma(0.5), 0.5 * std::log(std::acos(-1.0)), 1e-14);
  EXPECT_NEAR(log_gamma(1), 0, 1e-14);
  for (const double x : {1e-8, 0.3, 1.7, 14.9, 15.1, 1234.5}) {
    EXPECT_NEAR(log_gamma(x + 1), log_gamma(x) + std::log(x), 1e-13 * std::max(1.0, std::abs(log_gamma(x + 1)))) << x;
  }
}

TEST(Quantiles, InvertTheirCdf) {
  for (const double p : {1e-12, 0.001, 0.2, 0.5, 0.75, 0.9, 0.99999}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-14 + 1e-12 * p);
    for (const double df : {0.3, 1.0, 2.0, 7.5, 100.0, 1e6}) {
      EXPECT_NEAR(student_t_cdf(student_t_quantile(p, df), df) / p, 1, 1e-11) << p << " " << df;
      EXPECT_NEAR(chi_squared_cdf(chi_squared_quantile(p, df), df) / p, 1, 1e-11) << p << " " << df;
      EXPECT_NEAR(f_cdf(f_quantile(p, df, 5), df, 5) / p, 1, 1e-11) << p << " " << df;
    }
  }
}

TEST(Quantiles, AreTheEndsOfTheSupportAtZeroAndOne) {
  EXPECT_EQ(normal_quantile(0), -kInfinity);
  EXPECT_EQ(student_t_quantile(1, 3), kInfinity);
  EXPECT_EQ(chi_squared_quantile(0, 3), 0);
  EXPECT_EQ(f_quantile(1, 3, 4), kInfinity);
}

TEST(Distributions, AreTiedToEachOther) {
  for (const double t : {0.1, 1.0, 4.0}) {
    for (const double df : {1.0, 3.3, 50.0}) {
      EXPECT_NEAR(student_t_cdf(t, df) + student_t_tail(t, df), 1, 1e-15);
      EXPECT_NEAR(student_t_two_sided(t, df), f_tail(t * t, 1, df), 1e-14);
      EXPECT_NEAR(noncentral_t_cdf(t, df, 0), student_t_cdf(t, df), 1e-13);
      EXPECT_NEAR(noncentral_t_cdf(-t, df, 1.2), noncentral_t_tail(t, df, -1.2), 1e-13);
      EXPECT_NEAR(chi_squared_cdf(t, df) + chi_squared_tail(t, df), 1, 1e-14);
    }
    EXPECT_NEAR(chi_squared_tail(t * t, 1), 2 * normal_tail(t), 1e-14);
    EXPECT_NEAR(student_t_cdf(t, kInfinity), normal_cdf(t), 1e-15);
    EXPECT_NEAR(incomplete_beta(2.5, t, 0.3) + incomplete_beta(t, 2.5, 0.7), 1, 1e-14);
  }
}

TEST(NoncentralT, AgreesWithMpmathFarInTheTail) {
  EXPECT_NEAR(noncentral_t_cdf(-2.1, 13, 9) / 9.277619171223422532e-26, 1, 1e-12);
  EXPECT_NEAR(noncentral_t_cdf(-2.1, 400, 9) / 8.914785331571990723e-29, 1, 1e-10);
  EXPECT_NEAR(noncentral_t_cdf(2.1, 2.5, 0.7), 0.8154336073952197536, 1e-13);
}

TEST(NoncentralT, StaysAProbabilityAtExtremeArguments) {
  for (const double df : {1.0, 1.3, 30.0, 1e6})
    for (const double delta : {-60.0, 0.0, 200.0}) {
      double before = 0;
      for (const double t : {-1e4, -3.0, 0.0, 2.0, 190.0, 1e5}) {
        const double p = noncentral_t_cdf(t, df, delta);
        EXPECT_GE(p, before - 1e-13) << t << " " << df << " " << delta;
        EXPECT_NEAR(p + noncentral_t_tail(t, df, delta), 1, 1e-12) << t << " " << df << " " << delta;
        before = p;
      }
    }
}

TEST(Distributions, FarTailsOutliveTheSquareOfTheirArgument) {
  for (const double t : {1e150, 1e160, 1e250, 1e300})
    EXPECT_NEAR(student_t_two_sided(t, 1) * t, 2 / std::numbers::pi, 1e-12) << t;  // Cauchy's tail
  EXPECT_EQ(student_t_two_sided(1e300, 5), 0);
  EXPECT_NEAR(f_tail(1e308, 4, 2) * 1e308, 1, 1e-12);
  EXPECT_EQ(f_cdf(1e308, 4, 2), 1);
}

TEST(Distributions, AnswerNaNOutsideTheirDomain) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(log_gamma(0)));
  EXPECT_TRUE(std::isnan(incomplete_beta(1, 1, 1.5)));
  EXPECT_TRUE(std::isnan(incomplete_gamma(-1, 1)));
  EXPECT_TRUE(std::isnan(normal_quantile(1.1)));
  EXPECT_TRUE(std::isnan(student_t_cdf(0, -1)));
  EXPECT_TRUE(std::isnan(student_t_quantile(nan, 3)));
  EXPECT_TRUE(std::isnan(chi_squared_tail(1, 0)));
  EXPECT_TRUE(std::isnan(f_cdf(nan, 1, 1)));
  EXPECT_TRUE(std::isnan(noncentral_t_cdf(1, 0.5, 0)));
}

}  // namespace
}  // namespace aisci::statistics
