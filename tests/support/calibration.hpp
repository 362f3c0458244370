// Whole studies over worlds whose truth is known: how often do their claims err, and is the power what they say?
//
//   const Calibration none = calibrate({.advantage = [](int) { return 0.0; }}, 200, 1);
//   none.studies_with_effect      // studies that published an effect that does not exist
#pragma once

#include "support/stub_study.hpp"

namespace aisci::testing {

struct Calibration {
  int studies = 0;
  int studies_with_effect = 0;  // studies of which a claim on a hypothesis without advantage was published as an effect
  int claims = 0;               // confirmed claims on hypotheses with an advantage
  int supported = 0;            // of these
  double stated_power = 0;      // their mean
};

// An effect is published when the corrected interval of a claim excludes zero on either side.
inline Calibration calibrate(const StubWorld& world, int studies, std::uint64_t first_seed) {
  Calibration out;
  for (int i = 0; i < studies; ++i) {
    StubStudy study;
    study.options.seed = first_seed + static_cast<std::uint64_t>(i);
    study.options.confirmation_share = 0.34;
    study.options.parallel_experiments = 1;
    StubCrew stubs;
    stubs.world = world;
    stubs.duration = [](int) { return std::chrono::milliseconds{0}; };
    EXPECT_TRUE(study.run(stubs).ok()) << "study " << i;
    ++out.studies;
    const auto ledger = Ledger::open_for_reading(study.folder.path() / "study.db").value();
    const auto locked = ledger->find("claims.locked", "study").value();
    bool wrong = false;
    for (const auto& value : array_of(locked->body, "claims")) {
      const auto& claim = value.as_object();
      const auto decided = ledger->find("claim.decided", text_of(claim, "id")).value();
      const auto& contrast = object_of(object_of(decided->body, "evidence"), "contrast");
      const bool effect = number_of(contrast, "lower") > 0 || number_of(contrast, "upper") < 0;
      const bool real = world.advantage(static_cast<int>(
                            integer_of(object_of(object_of(claim, "hypothesis"), "context"), "variant"))) != 0;
      wrong |= effect && !real;
      if (!real) continue;
      ++out.claims;
      out.supported += text_of(decided->body, "verdict") == "supported";
      out.stated_power += number_of(claim, "power");
    }
    out.studies_with_effect += wrong;
  }
  if (out.claims > 0) out.stated_power /= out.claims;
  return out;
}

// sd of block differences on the scale of the score, near `base`, for a spread on the logit scale.
inline double spread_for(double sd_of_differences, double base) {
  return sd_of_differences / std::sqrt(2.0) / (base * (1 - base));
}

}  // namespace aisci::testing
