// A question about a stack, studied whole: what it claims, what its paper says of the whole, and that reviewers neither
// take two sides of several factors for a fault nor miss one in them.
#include <map>

#include "integration/sabotage/bundle.hpp"

namespace aisci::sabotage {
namespace {

constexpr const char* kStack =
    "Does stacking weight decay, dropout and batch normalisation help small CNNs more than each alone?";

bool whole(const json::object& entry) {
  return difference(entry) && !object_of(object_of(entry, "hypothesis"), "also").empty();
}

// What the whole had over its part, as the study document has it.
double gain(const json::object& entry) {
  const auto& contrast = object_of(object_of(entry, "evidence"), "contrast");
  return number_of(contrast, "predicted_sign", 1) * number_of(contrast, "mean");
}

std::string title_end(const std::string& verdict) {
  static const std::map<std::string, std::string> kEnds{{"supported", "more than "},
                                                        {"equivalent", "no gain worth acting on over "},
                                                        {"refuted", "no gain worth acting on over "},
                                                        {"inconclusive", "whether they gain on "}};
  return kEnds.at(verdict);
}

testing::SimulatedStudy studied(std::uint64_t seed, double effect, const char* question = kStack) {
  const testing::Folder folder{testing::Folder::in_memory()};
  testing::SimulatedWorld world;
  world.effect = effect;
  return testing::simulate(question, seed, world, folder.path(), {.experiments = 20, .verified = true});
}

TEST(Stack, IsAnsweredByTheWholeAgainstItsBestPart) {
  std::set<std::string> verdicts;
  for (const double effect : {0.05, 0.3, 0.5})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      SCOPED_TRACE(std::to_string(effect) + ", seed " + std::to_string(seed));
      auto study = studied(seed, effect);
      for (const auto& finding : study.findings)
        ADD_FAILURE() << finding.place << ": " << finding.expected << " / " << finding.found;
      auto& document = study.revised;
      const auto claimed = claims(document);
      ASSERT_EQ(claimed.size(), 3u);
      ASSERT_TRUE(whole(*claimed[0]));
      EXPECT_TRUE(std::any_of(claimed.begin(), claimed.end(), [](const auto* claim) { return !difference(*claim); }));
      int parts = 0;
      for (const auto& value : array_of(document, "nodes"))
        if (const auto& node = value.as_object(); whole(node) && flag_of(object_of(node, "hypothesis"), "primary")) {
          ++parts;
          EXPECT_LE(gain(*node_of(document, *claimed[0])), gain(node)) << "the part nearest to the whole is claimed";
        }
      EXPECT_EQ(parts, 3);
      const std::string verdict = text_of(*claimed[0], "verdict"), paper = json::serialize(document.at("paper"));
      EXPECT_NE(
          paper.find("One record that the queries brought, of {{cite:li2018disharmony|text}}, is set aside, since "
                     "its set-up does not occur here with a {{label:model.cnn}}; it reports that dropout and "
                     "batch normalisation often "),
          std::string::npos)
          << "a record on dropout before batch normalisation, which comes nowhere in a CNN";
      EXPECT_NE(paper.find("nothing is learned here {{cite:li2018disharmony}}."), std::string::npos);
      EXPECT_EQ(paper.find("The retrieved record that comes nearest"), std::string::npos);
      EXPECT_EQ(paper.find("reports the order opposite to the one predicted"), std::string::npos)
          << "a record on a part of a stack ranks no whole";
      verdicts.insert(verdict);
      EXPECT_NE(text_of(object_of(document, "paper"), "title").find(title_end(verdict)), std::string::npos)
          << text_of(object_of(document, "paper"), "title");
      for (const char* said : {"each alone and all three together (weight decay", "“all three together” means",
                               "“alone” one of them with the others off", "in log odds where it is an interaction",
                               "What each arm of an interaction scored is in",
                               "Of the parts by themselves, the others off, the search saw this",
                               "By themselves, in the search, the parts stood so: "})
        EXPECT_NE(paper.find(said), std::string::npos) << said;
      EXPECT_EQ(paper.find("was not compared with its best part"), std::string::npos);
      for (const auto& weakness : raised(document))
        EXPECT_NE(weakness.weight, "fatal") << weakness.rule << " " << weakness.entry << " " << weakness.text;
    }
  EXPECT_GE(verdicts.size(), 2u) << "the sentences of one verdict alone would prove little";
}

// In a transformer normalisation does come after dropout: what a record says of the two is set beside the verdict.
TEST(Stack, IsHeldAgainstARecordOnItsPartsWhereThatCanApply) {
  int told_of_parts = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto study =
        studied(seed, 0.3, "Do dropout and batch normalisation help a transformer more together than each alone?");
    const std::string paper = json::serialize(study.revised.at("paper"));
    told_of_parts += paper.find("The retrieved record that comes nearest") != std::string::npos;
  }
  EXPECT_GT(told_of_parts, 0);
}

TEST(Stack, ReviewersSeeSidesThatAreNotWhatTheyAreCalled) {
  const auto rules = [](const json::object& study) {
    std::set<std::string> found;
    for (const auto& weakness : raised(study)) found.insert(weakness.rule);
    return found;
  };
  const json::object clean = studied(1, 0.3).reviewed;
  EXPECT_EQ(rules(clean).count("arms-swapped") + rules(clean).count("budget-unequal"), 0u);

  json::object swapped = clean;  // each arm under the other's name
  auto& arms = list(member(*claims(swapped)[0], "plan"), "arms");
  std::swap(at(arms[0])["label"], at(arms[1])["label"]);
  EXPECT_EQ(rules(swapped).count("arms-swapped"), 1u);

  json::object fewer = clean;  // a part that has a second layer on
  json::object& part = at(list(member(*claims(fewer)[0], "plan"), "arms")[1]);
  const json::object& also = member(*claims(fewer)[0], "hypothesis.also");
  for (const auto& [name, sides] : also) member(part, "config")[name] = sides.as_array()[0];
  EXPECT_EQ(rules(fewer).count("arms-swapped"), 1u);

  json::object tuned = clean;  // a factor that no side names
  member(at(list(member(*claims(tuned)[0], "plan"), "arms")[0]), "config")["learning_rate"] = 0.02;
  EXPECT_EQ(rules(tuned).count("budget-unequal"), 1u);
}

}  // namespace
}  // namespace aisci::sabotage
