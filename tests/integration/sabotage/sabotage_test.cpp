// Reviewers against sabotaged studies: what share of the sabotages some reviewer raises, tied to the right entry, and
// on what share of clean studies one of the sabotages' rules speaks up. The tables are printed.
#include <cstdio>
#include <map>

#include "base/text.hpp"
#include "integration/sabotage/bundle.hpp"

namespace aisci::sabotage {
namespace {

// How many studies each sabotage is done to; the nightly run does more.
std::size_t studies_per_sabotage() {
  const char* given = std::getenv("AISCI_SABOTAGE_STUDIES");
  return given ? std::strtoul(given, nullptr, 10) : 1;
}
constexpr double kHeldOutFloor = 0.8;  // a floor against decay, not a promise

struct Tally {
  int tried = 0, caught = 0;
};

Tally tally(const Sabotage& sabotage, std::string& missed) {
  Tally out;
  for (std::size_t i = 0; i < clean_bundles().size() && out.tried < static_cast<int>(studies_per_sabotage()); ++i) {
    // Every sabotage meets other studies than its neighbour.
    const auto& bundle = clean_bundles()[(7 * i + std::string_view{sabotage.name}.size()) % clean_bundles().size()];
    json::object study = bundle.study;
    const auto entries = sabotage.apply(study);
    if (entries.empty()) continue;
    ++out.tried;
    const auto found = raised(study);
    bool caught = false;
    for (const auto& weakness : found)
      caught = caught ||
               (std::count(sabotage.rules.begin(), sabotage.rules.end(), weakness.rule) > 0 &&
                std::count(entries.begin(), entries.end(), weakness.entry.substr(0, weakness.entry.find('/'))) > 0);
    out.caught += caught;
    if (!caught) {
      missed +=
          std::string{"  missed: "} + sabotage.name + " in " + bundle.name + " (" + join(entries, ", ") + "); raised:";
      for (const auto& weakness : found) missed += " " + weakness.rule + "@" + weakness.entry;
      missed += "\n";
    }
  }
  return out;
}

double print_and_rate(const char* title, const std::vector<Sabotage>& sabotages) {
  std::printf("\n%s\n%-10s %-42s %-26s %s\n", title, "family", "sabotage", "rule", "raised");
  std::map<std::string, Tally> families;
  Tally all;
  std::string missed;
  for (const auto& sabotage : sabotages) {
    const Tally one = tally(sabotage, missed);
    EXPECT_GT(one.tried, 0) << sabotage.name << " found nothing to do";
    std::printf("%-10s %-42s %-26s %d of %d\n", sabotage.family, sabotage.name, join(sabotage.rules, ", ").c_str(),
                one.caught, one.tried);
    for (Tally* sum : {&all, &families[sabotage.family]}) {
      sum->tried += one.tried;
      sum->caught += one.caught;
    }
  }
  for (const auto& [family, sum] : families) std::printf("%-10s %d of %d\n", family.c_str(), sum.caught, sum.tried);
  std::printf("all        %d of %d = %.1f %%\n%s", all.caught, all.tried, 100.0 * all.caught / std::max(1, all.tried),
              missed.c_str());
  return static_cast<double>(all.caught) / std::max(1, all.tried);
}

TEST(Sabotage, FortyKnownOnesAreRaisedWithTheirEntry) {
  ASSERT_EQ(known_sabotages().size(), 40u);
  EXPECT_GE(print_and_rate("Sabotages with which the rules were written", known_sabotages()), 0.95);
}

TEST(Sabotage, HeldOutOnesAreRaisedWithTheirEntry) {
  ASSERT_EQ(held_out_sabotages().size(), 40u);
  EXPECT_GE(print_and_rate("Held-out sabotages, written after the rules", held_out_sabotages()), kHeldOutFloor);
}

TEST(Sabotage, CleanStudiesRaiseNoneOfTheirRules) {
  std::set<std::string> rules, verdicts;
  for (const auto& sabotages : {known_sabotages(), held_out_sabotages()})
    for (const auto& sabotage : sabotages) rules.insert(sabotage.rules.begin(), sabotage.rules.end());
  int alarmed = 0;
  std::string told;
  for (const auto& bundle : clean_bundles()) {
    for (const auto& value : array_of(bundle.study, "claims")) verdicts.insert(text_of(value.as_object(), "verdict"));
    bool alarm = false;
    for (const auto& weakness : raised(bundle.study))
      if (rules.count(weakness.rule) > 0) {
        alarm = true;
        told += "  " + bundle.name + ": " + weakness.rule + "@" + weakness.entry + " " + weakness.text + "\n";
      }
    alarmed += alarm;
  }
  std::printf("\nClean studies with a false alarm: %d of %zu\n%s", alarmed, clean_bundles().size(), told.c_str());
  ASSERT_GE(clean_bundles().size(), 20u);
  EXPECT_EQ(verdicts.size(), 4u) << "every verdict must be among the clean studies";
  EXPECT_LE(alarmed, static_cast<int>(clean_bundles().size() / 20));
}

}  // namespace
}  // namespace aisci::sabotage
