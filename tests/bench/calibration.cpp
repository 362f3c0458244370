// Calibration: studies through the real engine, search, claims and confirmation, over worlds whose truth is known.
// Prints how many publish an effect that does not exist, and whether claims reach the power that was stated for them.
#include "support/calibration.hpp"

#include <aisci/statistics/statistics.hpp>
#include <cstdio>

namespace aisci::testing {
namespace {

// Wilson's interval (J. American Statistical Association 22, 1927) at 95 %.
std::pair<double, double> wilson(int hits, int of) {
  const double z = 1.959963984540054, n = of, p = hits / n;
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {middle - half, middle + half};
}

void row(const char* what, int hits, int of, const char* beside) {
  const auto [low, high] = wilson(hits, of);
  std::printf("| %-58s | %4d of %4d | %5.1f %% (%.1f to %.1f) | %s |\n", what, hits, of, 100.0 * hits / of, 100 * low,
              100 * high, beside);
}

void without_effects(const char* what, StubWorld world, int studies) {
  world.advantage = [](int) { return 0.0; };
  const Calibration c = calibrate(world, studies, 1000);
  row(what, c.studies_with_effect, c.studies, "at most 5.0 % by design");
}

void with_one_effect(const char* what, StubWorld world, double advantage, int studies) {
  world.advantage = [advantage](int variant) { return variant == 1 ? advantage : 0.0; };
  const Calibration c = calibrate(world, studies, 5000);
  char beside[64];
  std::snprintf(beside, sizeof beside, "stated power %.1f %%", 100 * c.stated_power);
  if (c.claims > 0) row(what, c.supported, c.claims, beside);
  std::printf("|   in the same studies, an effect that does not exist        | %4d of %4d | | |\n",
              c.studies_with_effect, c.studies);
}

}  // namespace
}  // namespace aisci::testing

int main(int argc, char** argv) {
  using namespace aisci::testing;
  const int studies = argc > 1 ? std::atoi(argv[1]) : 400;
  const double effect = 0.02, base = 0.8;
  StubWorld plain;
  plain.base = base;
  plain.spread = spread_for(effect, base);  // d_z = 1 for an effect of the smallest size of interest
  StubWorld ceiling = plain;
  ceiling.base = 0.985;
  ceiling.spread = 0.3;
  StubWorld interaction = plain;
  interaction.interaction = true;
  interaction.smallest_effect = 0.25;
  interaction.spread = 0.25 / 2;  // four arms: sd of the contrast is twice a trial's
  std::printf("| world | hits | share, 95 %% interval | beside |\n|---|---|---|---|\n");
  without_effects("no effect anywhere: an effect is published", plain, studies);
  without_effects("no effect, near the ceiling", ceiling, studies);
  without_effects("no interaction anywhere: one is published", interaction, studies);
  with_one_effect("one true effect, d_z = 1: its claims that are supported", plain, effect / (base * (1 - base)),
                  studies);
  with_one_effect("one true interaction, d_z = 1: its claims supported", interaction, 0.25, studies);
}
