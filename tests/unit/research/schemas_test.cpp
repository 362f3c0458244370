// docs/schemas against the documents that there are, and against the same documents with a member gone.
#include "support/schemas.hpp"

#include <gtest/gtest.h>

namespace aisci::testing {
namespace {

namespace fs = std::filesystem;
const fs::path kSource = AISCI_SOURCE_DIR;

std::vector<fs::path> files(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (entry.path().string().ends_with(ending)) found.push_back(entry.path());
  EXPECT_FALSE(found.empty()) << folder;
  return found;
}

// The document fits, and fits no more without any of the members that the schema requires.
void expect_fits(const std::string& name, const json::value& document, const std::string& what) {
  EXPECT_EQ(fit(name, document), "") << what;
  const json::value schema = testing::schema(name);
  for (const json::value& required : array_of(schema.get_object(), "required")) {
    json::value less = document;
    less.as_object().erase(std::string_view{required.as_string()});
    EXPECT_NE(fit(name, less), "") << what << " without " << required;
  }
}

class RecordedStudy : public ::testing::TestWithParam<const char*> {
 protected:
  json::value study_ = load(kSource / "tests/golden/study" / (std::string{GetParam()} + ".json"));
};

TEST_P(RecordedStudy, AndWhatIsInIt_Fits) {
  const json::object& study = study_.as_object();
  expect_fits("study", study, GetParam());
  expect_fits("template", study.at("template"), GetParam());
  EXPECT_EQ(fit("scope", study.at("scope")), "");
  for (const json::value& record : study.at("literature").as_array()) expect_fits("record", record, "a record");
  for (const json::value& node : study.at("nodes").as_array()) {
    const std::string id = text_of(node.as_object(), "id");
    expect_fits("hypothesis", at(node, "hypothesis"), id);
    if (!at(node, "evidence").is_null()) expect_fits("evidence", at(node, "evidence"), id);
  }
  for (const json::value& claim : study.at("claims").as_array())
    expect_fits("evidence", at(claim, "evidence"), text_of(claim.as_object(), "id"));
}
INSTANTIATE_TEST_SUITE_P(Schemas, RecordedStudy, ::testing::Values("supported", "refuted", "inconclusive"),
                         [](const auto& each) { return std::string{each.param}; });

TEST(Schemas, ScopeThatRefuses_Fits) {
  const json::value refusal = {{"answerable", false}, {"reason", "no template"}, {"can_study", {"images"}}};
  EXPECT_EQ(fit("scope", refusal), "");
  EXPECT_NE(fit("scope", {{"answerable", false}}), "");
  EXPECT_NE(fit("scope", {{"answerable", true}, {"reason", "a mixture"}}), "");
}

TEST(Schemas, ShippedTemplates_Fit) {
  for (const fs::path& file : files(kSource / "plugins/agents/design/templates", "template.json"))
    expect_fits("template", load(file), file.string());
}

TEST(Schemas, ShippedRecords_Fit) {
  int records = 0;
  for (const fs::path& file : files(kSource / "plugins/retrievers/local/data", ".jsonl")) {
    std::ifstream lines{file};
    for (std::string line; std::getline(lines, line); ++records)
      ASSERT_EQ(fit("record", parse_json(line, file.string()).value()), "") << line;
  }
  EXPECT_GT(records, 20);
}

TEST(Schemas, RecordedLandscapes_Fit) {
  for (const fs::path& file : files(kSource / "tests/bench/search/landscapes", ".json"))
    expect_fits("landscape", load(file), file.string());
}

TEST(Schemas, ManifestsOfShippedPlugins_Fit) {
  for (const fs::path& file : files(fs::path{AISCI_BINARY_DIR} / "lib/aisci/plugins", ".aisci.json"))
    expect_fits("plugin_manifest", load(file), file.string());
}

TEST(Schemas, EachIsListedInTheGuide) {
  const std::string guide = contents(kSource / "docs/guide/documents.md");
  for (const fs::path& file : files(kSource / "docs/schemas", ".schema.json")) {
    const std::string name = file.filename().string();
    EXPECT_NE(guide.find("`" + name.substr(0, name.find('.')) + "`"), std::string::npos) << name;
    EXPECT_FALSE(load(file).as_object().empty());
  }
}

}  // namespace
}  // namespace aisci::testing
