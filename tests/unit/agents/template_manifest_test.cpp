// A template.json is held to its schema when it is read: what is wrong is named with what is allowed, before a study
// begins.
#include <gtest/gtest.h>
#include <aisci/plugin/call.hpp>

#include <filesystem>

#include "agents/design/manifest.hpp"
#include "agents/design/templates.hpp"
#include "unit/agents/shipped_data.hpp"

namespace aisci {
namespace {

using Problems = std::vector<std::string>;
namespace fs = std::filesystem;

// The shipped template with a member, "metrics.accuracy.direction", set to a value.
json::object with(std::string_view path, const json::value& value) {
  json::object manifest = shipped::manifest();
  json::object* holder = &manifest;
  for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    holder = &(*holder)[path.substr(0, dot)].as_object();
    path.remove_prefix(dot + 1);
  }
  (*holder)[path] = value;
  return manifest;
}

Problems problems(std::string_view path, const json::value& value) {
  return design::manifest_problems(with(path, value));
}

TEST(TemplateManifest, OfAShippedTemplateFits) {
  EXPECT_EQ(design::manifest_problems(shipped::manifest()), Problems{});
  EXPECT_EQ(problems("metrics.accuracy.chance", nullptr), Problems{}) << "null is not given";
}

TEST(TemplateManifest, MembersOfClosedSetsTakeNoOtherValue) {
  EXPECT_EQ(problems("metrics.accuracy.direction", "Lower"),
            Problems{R"(`metrics.accuracy.direction` is "Lower"; it may be "higher" or "lower")"});
  EXPECT_EQ(problems("metrics.accuracy.scored_by", "me"),
            Problems{R"(`metrics.accuracy.scored_by` is "me"; it may be "host" or "program")"});
  EXPECT_EQ(problems("$schema", "aisci/template/2"),
            Problems{R"(`$schema` is "aisci/template/2"; it must be "aisci/template/1")"});
  for (const char* path : {"metrics.accuracy.scoring", "metrics.accuracy.measured_on", "factors.activation.kind",
                           "factors.activation.role", "factors.activation.expects", "facts.clip_norm.kind"}) {
    const Problems found = problems(path, "other");
    ASSERT_EQ(found.size(), 1u) << path;
    EXPECT_EQ(found[0].rfind("`" + std::string{path} + "` is \"other\"; it may be ", 0), 0u) << found[0];
  }
}

TEST(TemplateManifest, MembersThatNoTemplateHasAreNamedWithThoseThatThereAre) {
  EXPECT_EQ(problems("limits.nonsense", 1),
            Problems{"there is no member `limits.nonsense`; there are memory_mb, wall_seconds_per_trial, threads and "
                     "gpus"});
  for (const auto& [path, member] :
       {std::pair{"factors.activation.aplies_to", "applies_to"}, std::pair{"reciepe", "recipe"}}) {
    const Problems found = problems(path, json::object{});
    ASSERT_EQ(found.size(), 1u) << path;
    EXPECT_EQ(found[0].rfind("there is no member `" + std::string{path} + "`; there are ", 0), 0u) << found[0];
    EXPECT_NE(found[0].find(std::string{" "} + member + ","), std::string::npos) << found[0];
  }
}

TEST(TemplateManifest, NamesCostsAndPackagesAreChecked) {
  EXPECT_EQ(problems("name", "Bad Name!"),
            Problems{"`name` is \"Bad Name!\"; it must be a small letter, then small letters, digits and '_'"});
  EXPECT_EQ(problems("cost", json::object{}),
            (Problems{"`cost.seconds_per_trial` is missing", "`cost.seconds_per_process` is missing"}));
  EXPECT_EQ(problems("metrics.accuracy.smallest_effect", -1),
            Problems{"`metrics.accuracy.smallest_effect` is -1; it must be above 0"});
  EXPECT_EQ(problems("environment", json::object{}), Problems{"`environment.packages` is missing"});
  EXPECT_EQ(problems("environment.packages.torch", 1.13),
            Problems{"`environment.packages.torch` is 1.13E0; it must be a text"});
  EXPECT_EQ(problems("environment.packages.torch", ">=1.13"),
            Problems{R"(`environment.packages.torch` is ">=1.13"; it must be a version, such as "1.13")"});
  EXPECT_EQ(problems("terms.block", 1), Problems{"`terms.block` is 1; it must be a text or a list"});
}

class TemplateFolder : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_ / "image_classification"); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string refusal(const json::object& manifest) const {
    std::ofstream{folder_ / "image_classification/template.json"} << json::serialize(manifest);
    try {
      const design::Templates read{folder_.string()};
    } catch (const plugin::Error& error) {
      EXPECT_EQ(error.code(), plugin::Code::kInvalidArgument);
      return error.message();
    }
    return {};
  }

  const fs::path folder_ = fs::path{testing::TempDir()} / "manifest_library";
  const std::string own_ = (folder_ / "image_classification").string();
};

TEST_F(TemplateFolder, WithAManifestThatDoesNotFitIsRefusedWithEverythingWrong) {
  json::object manifest = with("metrics.accuracy.direction", "Lower");
  manifest["nonsense"] = 1;
  const std::string told = refusal(manifest);
  EXPECT_NE(told.find("`metrics.accuracy.direction` is \"Lower\""), std::string::npos) << told;
  EXPECT_NE(told.find("there is no member `nonsense`"), std::string::npos) << told;
}

TEST_F(TemplateFolder, WithoutAFileThatItNamesIsRefused) {
  EXPECT_EQ(refusal(shipped::manifest()), own_ + ": `files` names experiment.py, and there is no such file");
  for (const auto* member : {"files", "prepare_files"})
    for (const auto& file : kit::texts_of(shipped::manifest(), member)) std::ofstream{fs::path{own_} / file} << "1";
  EXPECT_EQ(refusal(shipped::manifest()), "");
  EXPECT_EQ(refusal(with("files", json::array{"../../../etc/passwd"})),
            "the template image_classification names a file outside its folder: ../../../etc/passwd");
}

TEST_F(TemplateFolder, WhoseMetricTheHostCannotScoreIsRefused) {
  json::object manifest =
      with("metrics.beauty", kit::object_of(kit::object_of(shipped::manifest(), "metrics"), "accuracy"));
  manifest["metrics"].as_object()["beauty"].as_object().erase("scoring");
  EXPECT_NE(refusal(manifest).find("the metric beauty is `scored_by` the host, so it needs a `scoring`: accuracy"),
            std::string::npos);
}

TEST_F(TemplateFolder, WhoseVariantsAreNoPatchesOrHaveAnEnvironmentIsRefused) {
  EXPECT_NE(refusal(with("variants", json::object{{"a", 1}})).find("`variants.a` must be an object"),
            std::string::npos);
  const json::object other{{"environment", json::object{{"packages", json::object{}}}}};
  EXPECT_NE(refusal(with("variants", json::object{{"a", other}})).find("has an `environment`"), std::string::npos);
}

}  // namespace
}  // namespace aisci
