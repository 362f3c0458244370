#include <gtest/gtest.h>
#include <aisci/random.hpp>
#include <aisci/statistics/statistics.hpp>

#include <cmath>
#include <limits>

namespace aisci::statistics {
namespace {

const std::vector<double> kSmall{0.031, 0.018, 0.044, 0.007, 0.029};
const std::vector<double> kNone;
const double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> normals(std::uint64_t seed, int n, double mean, double sd = 1) {
  Random random{seed};
  std::vector<double> out;
  for (int i = 0; i < n; ++i) out.push_back(mean + sd * random.normal());
  return out;
}

TEST(PairedT, MovesWithTheUnitAndTurnsWithTheSign) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto x = normals(seed, 3 + static_cast<int>(seed), 0.4);
    std::vector<double> turned;
    for (const double value : x) turned.push_back(-100 * value);
    const auto a = paired_t(x).value(), b = paired_t(turned).value();
    EXPECT_NEAR(b.p, a.p, 1e-12);
    EXPECT_NEAR(b.lower, -100 * a.upper, 1e-9);
    EXPECT_EQ(a.p<0.05, a.lower> 0 || a.upper < 0);
  }
}

TEST(PairedT, HasDefinedAnswersAtTheEdges) {
  EXPECT_EQ(paired_t(kNone).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(paired_t(std::vector<double>{1, kNaN}).status().message(), "value 1 is not finite");
  EXPECT_FALSE(paired_t(kSmall, 1.0).ok());
  const auto one = paired_t(std::vector<double>{0.5}).value();
  EXPECT_TRUE(std::isinf(one.lower) && std::isinf(one.upper));
  EXPECT_EQ(one.p, 1);
  const auto equal = paired_t(std::vector<double>{0.1, 0.1, 0.1}).value();
  EXPECT_EQ(equal.p, 0);
  EXPECT_TRUE(std::isinf(equal.t));
  EXPECT_EQ(equal.lower, equal.upper);
  EXPECT_EQ(paired_t(std::vector<double>{0, 0, 0}).value().p, 1);
  const auto rounding = paired_t(std::vector<double>{0.3 - 0.2, 0.9 - 0.8, 0.1}).value();
  EXPECT_EQ(rounding.sd, 0) << "rounding of equal values is no spread";
}

// Everything that is free of the unit stays, everything in it moves with it, however large or small the values are.
TEST(PairedT, AnswersDoNotDependOnTheSizeOfTheValues) {
  const std::vector<double> x{0.3, 0.1, -0.4, 0.2, -0.1};
  const auto t = paired_t(x).value();
  const auto d = hedges_dz(x).value();
  const auto e = tost(x, -0.5, 0.5).value();
  for (const int exponent : {-1000, -700, -500, 500, 700, 1000}) {
    std::vector<double> scaled;
    for (const double value : x) scaled.push_back(std::ldexp(value, exponent));
    const auto one = paired_t(scaled).value();
    EXPECT_NEAR(one.t, t.t, 1e-12) << exponent;
    EXPECT_NEAR(one.p, t.p, 1e-12) << exponent;
    EXPECT_NEAR(std::ldexp(one.lower, -exponent), t.lower, 1e-12) << exponent;
    EXPECT_NEAR(std::ldexp(one.upper, -exponent), t.upper, 1e-12) << exponent;
    EXPECT_NEAR(std::ldexp(one.sd, -exponent), t.sd, 1e-12) << exponent;
    EXPECT_NEAR(hedges_dz(scaled).value().d, d.d, 1e-12) << exponent;
    EXPECT_NEAR(hedges_dz(scaled).value().upper, d.upper, 1e-9) << exponent;
    EXPECT_EQ(sign_flip(scaled).value().p, sign_flip(x).value().p) << exponent;
    const auto equal = tost(scaled, std::ldexp(-0.5, exponent), std::ldexp(0.5, exponent)).value();
    EXPECT_NEAR(equal.p_upper, e.p_upper, 1e-12) << exponent;
    EXPECT_NEAR(std::ldexp(equal.lower, -exponent), e.lower, 1e-12) << exponent;
  }
  EXPECT_EQ(sign_flip(std::vector<double>(5, 1.7e308)).value().p, 0.0625);
  EXPECT_EQ(sign_flip(std::vector<double>{5e-324, 1e-323, 5e-324, 2e-323, 5e-324}).value().p, 0.0625);
}

TEST(PairedT, RefusesAnAnswerBeyondTheRangeOfADouble) {
  const auto large = paired_t(std::vector<double>{1.7e308, -1.7e308}).status();
  EXPECT_EQ(large.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(large.message().find("divide them"), std::string::npos) << large.message();
  const auto small = paired_t(std::vector<double>{5e-324, 1e-323, 2e-323}).status();
  EXPECT_EQ(small.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(small.message().find("multiply them"), std::string::npos) << small.message();
  EXPECT_FALSE(tost(std::vector<double>{1.7e308, -1.7e308}, -1, 1).ok());
  EXPECT_EQ(paired_t(std::vector<double>{1.7e308, 1.7e308}).value().upper, 1.7e308) << "no spread";
}

TEST(SignFlip, CountsAllAssignmentsAndSaysWhatItCanAttain) {
  const auto all_up = sign_flip(kSmall).value();
  EXPECT_DOUBLE_EQ(all_up.p, 0.0625);
  EXPECT_DOUBLE_EQ(all_up.smallest_p, 0.0625);
  EXPECT_TRUE(all_up.exact);
  EXPECT_EQ(sign_flip(std::vector<double>{0, 0}).value().p, 1);
  EXPECT_EQ(sign_flip(std::vector<double>{2}).value().p, 1);
  EXPECT_FALSE(sign_flip(kNone).ok());
}

TEST(SignFlip, ManyValuesAreDrawnSeededAndNeverZero) {
  const auto values = normals(3, 40, 0.3);
  const auto a = sign_flip(values, 5).value(), b = sign_flip(values, 5).value();
  EXPECT_FALSE(a.exact);
  EXPECT_EQ(a.p, b.p);
  EXPECT_NEAR(a.p, paired_t(values).value().p, 0.02);
  EXPECT_EQ(sign_flip(normals(4, 60, 50.0)).value().p, a.smallest_p);
  const auto most = normals(5, 300, 0.1);
  EXPECT_EQ(sign_flip(most).value().smallest_p, 1.0 / 10'001);
  EXPECT_NEAR(sign_flip(most).value().p, paired_t(most).value().p, 0.02);
}

TEST(SignFlip, CountIsThatOfAllAssignments) {
  const std::vector<double> values{0.5, -1.25, 2.0, 0.75, 1.0, -0.5, 2.0};  // with ties
  double observed = 0;
  for (const double value : values) observed += value;
  int extreme = 0;
  for (unsigned signs = 0; signs < 1u << values.size(); ++signs) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += signs >> i & 1 ? -values[i] : values[i];
    extreme += std::abs(sum) >= std::abs(observed);
  }
  EXPECT_EQ(sign_flip(values).value().p, extreme / 128.0);
}

TEST(SignFlip, DrawsAgreeWithTheCountAtTheBorder) {
  auto values = normals(8, 20, 0.45);
  const double exact = sign_flip(values).value().p;
  values.push_back(0.0);  // changes no sum, but is one more than is counted exactly
  const auto drawn = sign_flip(values).value();
  EXPECT_FALSE(drawn.exact);
  EXPECT_NEAR(drawn.p, exact, 4 * std::sqrt(exact * (1 - exact) / 100000));
}

TEST(Wilcoxon, IgnoresMonotoneChangesAndDropsZeros) {
  const std::vector<double> x{1, -2, 3, 4, 6}, cubed{1, -8, 27, 64, 216}, with_zeros{0, 1, -2, 0, 3, 4, 6};
  const auto a = wilcoxon(x).value();
  EXPECT_EQ(a.p, wilcoxon(cubed).value().p);
  EXPECT_EQ(a.p, wilcoxon(with_zeros).value().p);
  EXPECT_EQ(wilcoxon(with_zeros).value().n, 5U);
  EXPECT_EQ(a.w_plus + a.w_minus, 15);
  EXPECT_EQ(wilcoxon(std::vector<double>{0, 0, 0}).value().p, 1);
  EXPECT_FALSE(wilcoxon(kNone).ok());
}

TEST(Wilcoxon, ExactAndNormalMeetAtTheBorder) {
  auto values = normals(6, 50, 0.3);
  const auto exact = wilcoxon(values).value();
  values.push_back(1e-9);
  const auto normal = wilcoxon(values).value();
  EXPECT_TRUE(exact.exact);
  EXPECT_FALSE(normal.exact);
  EXPECT_NEAR(exact.p, normal.p, 0.01);
}

TEST(HedgesDz, IntervalHoldsTheEffectAndEdgesAreDefined) {
  const auto d = hedges_dz(kSmall).value();
  EXPECT_LT(d.lower, d.d);
  EXPECT_GT(d.upper, d.d);
  EXPECT_GT(d.lower, 0) << "as the t interval of the same data excludes 0";
  EXPECT_EQ(hedges_dz(std::vector<double>{1, 2}).value().correction, 0);
  EXPECT_EQ(hedges_correction(1), 0);
  EXPECT_NEAR(hedges_correction(2), 1 / std::sqrt(std::acos(-1.0)), 1e-12);
  EXPECT_EQ(hedges_dz(std::vector<double>{1, 1, 1}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(hedges_dz(std::vector<double>{1}).ok());
}

TEST(HedgesDz, IntervalOfAnEnormousEffectIsThatOfItsSpread) {
  // The mean is all but known beside the spread: d is as uncertain as 1 / sd, whose square is chi-squared.
  for (const double mean : {1e9, 1e12, 3e13}) {
    const auto r = hedges_dz(std::vector<double>{mean + 1, mean - 1, mean, mean + 0.5, mean - 0.75}).value();
    const double ratio = r.d / r.correction;
    EXPECT_NEAR(r.lower / ratio, std::sqrt(chi_squared_quantile(0.025, 4) / 4), 1e-9) << mean;
    EXPECT_NEAR(r.upper / ratio, std::sqrt(chi_squared_quantile(0.975, 4) / 4), 1e-9) << mean;
  }
}

TEST(Tost, AgreesWithItsInterval) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto r = tost(normals(seed, 12, 0.1, 0.5), -0.4, 0.4).value();
    EXPECT_EQ(r.equivalent, r.lower > -0.4 && r.upper < 0.4);
    EXPECT_EQ(r.p, std::max(r.p_lower, r.p_upper));
  }
  EXPECT_TRUE(tost(std::vector<double>{0.1, 0.1}, -1, 1).value().equivalent);
  EXPECT_FALSE(tost(std::vector<double>{3, 3}, -1, 1).value().equivalent);
  EXPECT_FALSE(tost(kSmall, 1, -1).ok());
  EXPECT_FALSE(tost(kSmall, -1, 1, 0.5).ok());
}

TEST(Power, BlocksNeededIsTheFirstThatReachesIt) {
  for (const double effect : {0.3, 0.8, 2.0})
    for (const bool two_sided : {true, false}) {
      const auto n = blocks_needed(effect, 1, 0.05, 0.8, two_sided).value();
      EXPECT_GE(power_paired(n, effect, 1, 0.05, two_sided).value(), 0.8);
      if (n > 2) {
        EXPECT_LT(power_paired(n - 1, effect, 1, 0.05, two_sided).value(), 0.8);
      }
    }
}

TEST(Power, HasDefinedAnswersAtTheEdges) {
  EXPECT_NEAR(power_paired(10, 0, 1, 0.05).value(), 0.05, 1e-12) << "the level without an effect";
  EXPECT_EQ(power_paired(10, 1, 0, 0.05).value(), 1);
  EXPECT_EQ(power_paired(10, -1, 0, 0.05, false).value(), 0);
  EXPECT_EQ(blocks_needed(1, 0, 0.05, 0.8).value(), 2U);
  EXPECT_EQ(blocks_needed(1e200, 1e-200, 0.05, 0.8).value(), 2U) << "as with no spread";
  EXPECT_EQ(power_paired(5, -1e200, 1e-200, 0.05).value(), 1);
  EXPECT_EQ(power_paired(5, -1e200, 1e-200, 0.05, false).value(), 0);
  EXPECT_FALSE(power_paired(1, 1, 1, 0.05).ok());
  EXPECT_FALSE(power_paired(5, kNaN, 1, 0.05).ok());
  EXPECT_FALSE(blocks_needed(0, 1, 0.05, 0.8).ok());
  EXPECT_FALSE(blocks_needed(-1, 1, 0.05, 0.8, false).ok());
  EXPECT_EQ(blocks_needed(1e-9, 1, 0.05, 0.8).status().code(), StatusCode::kOutOfRange);
}

TEST(Power, IsReachedInSimulation) {
  int rejected = 0;
  constexpr int kStudies = 4000;
  for (int study = 0; study < kStudies; ++study)
    rejected += paired_t(normals(static_cast<std::uint64_t>(study), 14, 0.8)).value().p < 0.05;
  const double stated = power_paired(14, 0.8, 1, 0.05).value();
  EXPECT_NEAR(static_cast<double>(rejected) / kStudies, stated, 4 * std::sqrt(stated * (1 - stated) / kStudies));
}

TEST(PowerOfEquivalence, IsReachedInSimulation) {
  constexpr int kStudies = 4000;
  for (const double delta : {0.0, 0.4}) {
    int inside = 0;
    for (int study = 0; study < kStudies; ++study) {
      const auto r = paired_t(normals(static_cast<std::uint64_t>(study), 14, delta)).value();
      inside += r.lower > -0.8 && r.upper < 0.8;
    }
    const double stated = power_equivalence(14, 0.8, 1, 0.05, delta).value();
    EXPECT_NEAR(static_cast<double>(inside) / kStudies, stated, 4 * std::sqrt(stated * (1 - stated) / kStudies));
  }
}

TEST(PowerOfEquivalence, HasDefinedAnswersAtTheEdges) {
  EXPECT_EQ(power_equivalence(5, 1, 0, 0.05).value(), 1);
  EXPECT_EQ(power_equivalence(5, 1, 0, 0.05, -1).value(), 0) << "at the limit is not inside";
  EXPECT_EQ(power_equivalence(5, 1, 1e-320, 0.05).value(), 1) << "as with no spread";
  EXPECT_EQ(power_equivalence(2, 1, 1e-308, 0.05).value(), 1);
  EXPECT_EQ(power_equivalence(5, 5e-324, 1, 0.05).value(), 0);
  EXPECT_LT(power_equivalence(5, 1e-9, 1, 0.05).value(), 1e-9) << "no interval fits";
  // The same in units of 1e308, of which the sum of two is too large for a number.
  EXPECT_NEAR(power_equivalence(5, 1.7e308, 1e308, 0.05, 1e308).value(), power_equivalence(5, 1.7, 1, 0.05, 1).value(),
              1e-12);
  EXPECT_NEAR(power_equivalence(14, 1, 1, 0.05, 0.3).value(), power_equivalence(14, 1, 1, 0.05, -0.3).value(), 1e-12);
  EXPECT_LT(power_equivalence(14, 1, 1, 0.05, 1).value(), 0.025) << "the level, where the difference is the limit";
  EXPECT_FALSE(power_equivalence(1, 1, 1, 0.05).ok());
  EXPECT_FALSE(power_equivalence(5, 0, 1, 0.05).ok());
  EXPECT_FALSE(power_equivalence(5, 1, -1, 0.05).ok());
  EXPECT_FALSE(power_equivalence(5, 1, 1, 1).ok());
  EXPECT_FALSE(power_equivalence(5, 1, 1, 0.05, kNaN).ok());
}

}  // namespace
}  // namespace aisci::statistics
