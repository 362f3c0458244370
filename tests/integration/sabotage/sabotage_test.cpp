// Reviewers against sabotaged studies: what share of the sabotages some reviewer raises, tied to the right entry, and
// on what share of clean studies one of the sabotages' rules speaks up. The tables are printed.
#include <cstdio>
#include <map>

#include "base/text.hpp"
#include "integration/sabotage/second.hpp"

namespace aisci::sabotage {
namespace {

// How many studies each sabotage is done to; the nightly run does more.
std::size_t studies_per_sabotage() {
  const char* given = std::getenv("AISCI_SABOTAGE_STUDIES");
  return given ? std::strtoul(given, nullptr, 10) : 1;
}
constexpr double kHeldOutFloor = 0.8;        // a floor against decay, not a promise
constexpr double kUnknownWordsFloor = 0.65;  // where nothing but the word was to be known: docs/guide/review.md

struct Tally {
  int tried = 0, caught = 0;
};

Tally tally(const Sabotage& sabotage, const std::vector<Bundle>& bundles, std::string& missed) {
  Tally out;
  for (std::size_t i = 0; i < bundles.size() && out.tried < static_cast<int>(studies_per_sabotage()); ++i) {
    // Every sabotage meets other studies than its neighbour.
    const auto& bundle = bundles[(7 * i + std::string_view{sabotage.name}.size()) % bundles.size()];
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

double print_and_rate(const char* title, const std::vector<Sabotage>& sabotages,
                      const std::vector<Bundle>& bundles = clean_bundles()) {
  std::printf("\n%s\n%-10s %-42s %-26s %s\n", title, "family", "sabotage", "rule", "raised");
  std::map<std::string, Tally> families;
  Tally all;
  std::string missed;
  for (const auto& sabotage : sabotages) {
    const Tally one = tally(sabotage, bundles, missed);
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

// What a weakness may be tied to: a claim, node, trial, figure, table or reference of the study, or all of it.
bool of_the_study(const json::object& study, const std::string& entry) {
  const std::string name = entry.substr(0, entry.find('/'));
  if (name.empty()) return entry.empty();
  for (const char* list : {"claims", "nodes", "figures"})
    for (const auto& value : array_of(study, list))
      if (id(value.as_object()) == name) return true;
  json::object copy = study;
  return table(copy, name) != nullptr || json::serialize(copy).find("{{cite:" + name) != std::string::npos ||
         json::serialize(copy).find("\"key\":\"" + name + "\"") != std::string::npos;
}

TEST(Sabotage, EveryWeaknessIsTiedToAnEntryOfTheStudy) {
  std::size_t tied = 0, round = 0;
  for (const auto& sabotages : {known_sabotages(), held_out_sabotages(), second_held_out_sabotages()})
    for (const auto& sabotage : sabotages) {
      if (++round % 4 != 0) continue;  // every fourth, of all families
      json::object study = clean_bundles()[round % clean_bundles().size()].study;
      if (sabotage.apply(study).empty()) continue;
      for (const auto& weakness : raised(study)) {
        EXPECT_TRUE(of_the_study(study, weakness.entry))
            << sabotage.name << ": " << weakness.rule << " at " << weakness.entry;
        tied += !weakness.entry.empty();
      }
    }
  EXPECT_GT(tied, 100u);
}

TEST(Sabotage, FortyKnownOnesAreRaisedWithTheirEntry) {
  ASSERT_EQ(known_sabotages().size(), 40u);
  EXPECT_GE(print_and_rate("Sabotages with which the rules were written", known_sabotages()), 0.95);
}

TEST(Sabotage, HeldOutOnesAreRaisedWithTheirEntry) {
  ASSERT_EQ(held_out_sabotages().size(), 40u);
  EXPECT_GE(print_and_rate("Held-out sabotages, written after the rules", held_out_sabotages()), kHeldOutFloor);
}

TEST(Sabotage, SecondHeldOutOnesAreRaisedWithTheirEntry) {
  ASSERT_GE(second_held_out_sabotages().size(), 24u);
  EXPECT_GE(print_and_rate("Second held-out sabotages", second_held_out_sabotages(), second_clean_bundles()), 0.95);
}

TEST(Sabotage, ThirdHeldOutOnesAreRaisedWithTheirEntry) {
  EXPECT_GE(print_and_rate("Third held-out set", sabotages_of(third_sentences()), second_clean_bundles()), 0.95);
}

TEST(Sabotage, FourthHeldOutOnesAreRaisedWithTheirEntry) {
  EXPECT_GE(print_and_rate("Fourth held-out set", sabotages_of(fourth_sentences()), second_clean_bundles()),
            kUnknownWordsFloor);
}

// How many of them a rule of any sabotage speaks up on.
int false_alarms(const char* title, const std::vector<Bundle>& bundles) {
  std::set<std::string> rules;
  for (const auto& sabotages : {known_sabotages(), held_out_sabotages(), second_held_out_sabotages()})
    for (const auto& sabotage : sabotages) rules.insert(sabotage.rules.begin(), sabotage.rules.end());
  int alarmed = 0;
  std::string told;
  for (const auto& bundle : bundles) {
    bool alarm = false;
    for (const auto& weakness : raised(bundle.study))
      if (rules.count(weakness.rule) > 0) {
        alarm = true;
        told += "  " + bundle.name + ": " + weakness.rule + "@" + weakness.entry + " " + weakness.text + "\n";
      }
    alarmed += alarm;
  }
  std::printf("\n%s with a false alarm: %d of %zu\n%s", title, alarmed, bundles.size(), told.c_str());
  return alarmed;
}
int allowed(const std::vector<Bundle>& bundles) { return static_cast<int>(bundles.size() / 20); }
std::size_t verdicts(const std::vector<Bundle>& bundles) {
  std::set<std::string> all;
  for (const auto& bundle : bundles)
    for (const auto& value : array_of(bundle.study, "claims")) all.insert(text_of(value.as_object(), "verdict"));
  return all.size();
}

TEST(Sabotage, CleanStudiesRaiseNoneOfTheirRules) {
  ASSERT_GE(clean_bundles().size(), 20u);
  EXPECT_EQ(verdicts(clean_bundles()), 4u) << "every verdict must be among the clean studies";
  EXPECT_LE(false_alarms("Clean studies", clean_bundles()), allowed(clean_bundles()));
}

TEST(Sabotage, CleanStudiesOfOtherQuestionsRaiseNoneOfTheirRules) {
  ASSERT_GE(second_clean_bundles().size(), 12u);
  EXPECT_EQ(verdicts(second_clean_bundles()), 4u) << "every verdict must be among the clean studies";
  EXPECT_LE(false_alarms("Clean studies of other questions", second_clean_bundles()), allowed(second_clean_bundles()));
}

TEST(Sabotage, HonestSentencesRaiseNoneOfTheirRules) {
  const auto bundles = honest_bundles(second_honest_sentences());
  EXPECT_LE(false_alarms("Studies with honest sentences", bundles), allowed(bundles));
}

TEST(Sabotage, HonestSentencesOfLaterSetsRaiseNoneOfTheirRules) {
  for (const auto* sentences : {&third_honest_sentences(), &fourth_honest_sentences()}) {
    const auto bundles = honest_bundles(*sentences);
    EXPECT_LE(false_alarms("Studies with later honest sentences", bundles), allowed(bundles));
  }
}

}  // namespace
}  // namespace aisci::sabotage
