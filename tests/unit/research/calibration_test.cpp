// A shortened run of tests/bench/calibration: the errors of whole studies over worlds whose truth is known, seeds
// fixed.
//
// Every bound is a tail of a binomial distribution: at the rate that is promised, one run in a hundred or fewer lies
// beyond it (errors: the upper tail at 5 % of the studies; power: the lower tail at the mean of what was stated for the
// claims). The run is long enough for the opposite as well: twice the error, or a power of 60 %, would stay within its
// bound in fewer than one run of a hundred.
#include "support/calibration.hpp"

namespace aisci {
namespace {

using testing::Calibration;
using testing::StubWorld;

constexpr double kTail = 0.01;
constexpr double kFamilyError = 0.05;                           // Holm's, over the claims of a study
constexpr double kErrorToBeFound = 0.1, kPowerToBeFound = 0.6;  // in all studies, and in the claims of each kind
constexpr double kEffect = 0.02, kInteraction = 0.25;           // the smallest of interest; d_z = 1 for each

// P(X <= hits) of X out of `of`, each with the given chance.
double at_most(int hits, int of, double chance) {
  double sum = 0;
  for (int k = 0; k <= hits; ++k)
    sum += std::exp(std::lgamma(of + 1.0) - std::lgamma(k + 1.0) - std::lgamma(of - k + 1.0) + k * std::log(chance) +
                    (of - k) * std::log1p(-chance));
  return sum;
}

// The bounds on hits: at the given chance, more or fewer come with a probability of kTail at most.
int most_hits(int of, double chance) {
  int hits = 0;
  while (1 - at_most(hits, of, chance) > kTail) ++hits;
  return hits;
}
int fewest_hits(int of, double chance) {
  int hits = 0;
  while (at_most(hits, of, chance) <= kTail) ++hits;
  return hits;
}

StubWorld differences() {
  StubWorld world;
  world.spread = testing::spread_for(kEffect, world.base);
  world.advantage = [](int) { return 0.0; };
  return world;
}

StubWorld interactions() {
  StubWorld world = differences();
  world.interaction = true;
  world.smallest_effect = kInteraction;
  world.spread = kInteraction / 2;  // four arms: sd of the contrast is twice a trial's
  return world;
}

// One variant alone has the effect: what is published on the others is an error.
StubWorld with_effect(StubWorld world, double advantage) {
  world.advantage = [advantage](int variant) { return variant == 1 ? advantage : 0.0; };
  return world;
}

void expect_nominal_error(const char* of_what, int wrong, int studies) {
  EXPECT_LE(wrong, most_hits(studies, kFamilyError)) << of_what << ": of " << studies << " studies";
}

void expect_stated_power(const char* of_what, const Calibration& c) {
  EXPECT_GT(c.stated_power, 0.8) << of_what << ": less than the number of blocks is planned for";
  const int fewest = fewest_hits(c.claims, c.stated_power);
  EXPECT_GE(c.supported, fewest) << of_what << ": of " << c.claims << ", with a stated power of " << c.stated_power;
  EXPECT_LT(1 - at_most(fewest - 1, c.claims, kPowerToBeFound), kTail) << of_what << ": too few claims, " << c.claims;
}

TEST(Calibration, StudiesKeepTheirErrorAndTheirPower) {
  const StubWorld plain = differences();
  const Calibration none = testing::calibrate(plain, 285, 1),
                    effect =
                        testing::calibrate(with_effect(plain, kEffect / (plain.base * (1 - plain.base))), 85, 1001),
                    no_interaction = testing::calibrate(interactions(), 165, 2001),
                    interaction = testing::calibrate(with_effect(interactions(), kInteraction), 85, 3001);
  const int wrong_differences = none.studies_with_effect + effect.studies_with_effect,
            wrong_interactions = no_interaction.studies_with_effect + interaction.studies_with_effect,
            of_differences = none.studies + effect.studies,
            of_interactions = no_interaction.studies + interaction.studies;
  const int wrong = wrong_differences + wrong_interactions, studies = of_differences + of_interactions;
  expect_nominal_error("differences", wrong_differences, of_differences);
  expect_nominal_error("interactions", wrong_interactions, of_interactions);
  expect_nominal_error("both", wrong, studies);
  EXPECT_LT(at_most(most_hits(studies, kFamilyError), studies, kErrorToBeFound), kTail)
      << "too few studies: " << studies;
  expect_stated_power("differences", effect);
  expect_stated_power("interactions", interaction);
  RecordProperty("wrong", std::to_string(wrong) + " of " + std::to_string(studies));
  RecordProperty("supported_differences", std::to_string(effect.supported) + " of " + std::to_string(effect.claims));
  RecordProperty("supported_interactions",
                 std::to_string(interaction.supported) + " of " + std::to_string(interaction.claims));
}

}  // namespace
}  // namespace aisci
