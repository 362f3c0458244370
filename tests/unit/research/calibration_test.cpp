// A shortened run of tests/bench/calibration: the errors of whole studies, seeds fixed.
#include "support/calibration.hpp"

namespace aisci {
namespace {

using testing::Calibration;
using testing::StubWorld;

TEST(Calibration, StudiesWithoutAnyEffectSeldomPublishOne) {
  StubWorld world;
  world.spread = testing::spread_for(0.02, world.base);
  world.advantage = [](int) { return 0.0; };
  const Calibration c = testing::calibrate(world, 40, 1);
  EXPECT_EQ(c.studies, 40);
  EXPECT_LE(c.studies_with_effect, 5) << "a family error of 5 % gives more in one of a hundred such runs";
}

TEST(Calibration, ATrueEffectIsSupportedAboutAsOftenAsStated) {
  StubWorld world;
  world.spread = testing::spread_for(0.02, world.base);
  world.advantage = [&](int) { return 0.02 / (world.base * (1 - world.base)); };
  const Calibration c = testing::calibrate(world, 20, 1);
  EXPECT_EQ(c.claims, 40);
  EXPECT_GT(c.stated_power, 0.75);
  EXPECT_GE(c.supported, 24) << "of 40 with a power of four in five";
}

}  // namespace
}  // namespace aisci
