// The checker: good plugins pass, and of bad ones it names the rule, the deed, what was expected and what came.
#include "support/folder.hpp"

#include <aisci/conformance.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace fs = std::filesystem;

namespace {

using Outcome = aisci::ConformanceFinding::Outcome;

aisci::ConformanceReport check(const fs::path& file) {
  auto report = aisci::check_plugin(file);
  EXPECT_TRUE(report.ok()) << report.status().to_string();
  return report.ok() ? *report : aisci::ConformanceReport{};
}

std::set<std::string> broken(const aisci::ConformanceReport& report) {
  std::set<std::string> rules;
  for (const auto& finding : report.findings)
    if (finding.outcome == Outcome::kBroken) rules.insert(finding.rule + " " + finding.component);
  return rules;
}

const fs::path kPlugins = AISCI_BINARY_DIR "/plugins";

TEST(PluginCheck, ExamplesPass) {
  for (const char* name : {"brevity", "visits", "referee"}) {
    const auto report = check(kPlugins / name / (std::string{name} + ".so"));
    EXPECT_TRUE(report.passed()) << aisci::to_text(report);
    EXPECT_GE(report.count(Outcome::kHolds), 10u);
  }
}

TEST(PluginCheck, EveryShippedPluginPasses) {
  int checked = 0;
  for (const auto& entry : fs::recursive_directory_iterator{AISCI_BINARY_DIR "/lib/aisci/plugins/abi1"}) {
    if (entry.path().extension() != ".so") continue;
    const auto report = check(entry.path());
    EXPECT_TRUE(report.passed()) << aisci::to_text(report);
    ++checked;
  }
  EXPECT_GE(checked, 8);
}

TEST(PluginCheck, BrokenRulesAreNamed) {
  EXPECT_EQ(broken(check(kPlugins / "all_kinds" / "all_kinds.so")),
            (std::set<std::string>{"A3 agent echo", "R3 retriever shelf", "S3 sandbox memory"}));
  EXPECT_EQ(broken(check(kPlugins / "zoo" / "zoo.so")),
            (std::set<std::string>{"A1 agent clings", "A1 agent good", "A1 agent short", "P17 agent crashes",
                                   "P17 agent incomplete", "P17 agent no-interface", "P17 agent null",
                                   "P17 agent throws", "P17 agent throws-interface", "V1 value_function forgets"}));
}

TEST(PluginCheck, FileThatIsNoPlugin_IsABrokenRule) {
  EXPECT_EQ(broken(check(kPlugins / "no_plugin.so")), (std::set<std::string>{"P3 "}));
  EXPECT_EQ(broken(check(kPlugins / "zoo_table_7.so")), (std::set<std::string>{"P3 "}));
  EXPECT_EQ(aisci::check_plugin(kPlugins / "nowhere.so").status().code(), aisci::StatusCode::kNotFound);
}

TEST(PluginCheck, ManifestMustDescribeTheFile) {
  const aisci::testing::Folder folder;
  const fs::path file = folder.path() / "visits.so";
  fs::copy_file(kPlugins / "visits" / "visits.so", file);
  EXPECT_TRUE(check(file).passed());  // none is needed
  ASSERT_TRUE(aisci::write_manifest(file).ok());
  EXPECT_TRUE(check(folder.path() / "visits.aisci.json").passed());
  std::ofstream{file, std::ios::app} << "stripped afterwards";
  EXPECT_EQ(broken(check(file)), (std::set<std::string>{"P18 "}));
}

TEST(PluginCheck, MoreSymbolsThanOne_AreNamed) {
  const auto report = check(kPlugins / "leaky.so");
  EXPECT_TRUE(broken(report).contains("P1 "));
  EXPECT_NE(aisci::to_text(report).find("also zoo_leaks_this"), std::string::npos) << aisci::to_text(report);
}

TEST(PluginCheck, ReportSaysWhatWasDoneExpectedAndGot) {
  const auto report = check(kPlugins / "zoo" / "zoo.so");
  const std::string text = aisci::to_text(report), json = aisci::to_json(report);
  EXPECT_NE(text.find("BROKEN       V1  value_function forgets: evaluated three nodes"), std::string::npos) << text;
  EXPECT_NE(text.find("a value is not between 0 and 1"), std::string::npos) << text;
  EXPECT_NE(text.find("not checked  P17  agent fails: created it"), std::string::npos) << text;
  EXPECT_NE(json.find(R"("passed":false)"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("rule":"V1")"), std::string::npos) << json;
}

// A component of the program's own, as a Python subclass is one.
class Drifting final : public aisci::ValueFunction {
 public:
  aisci::Status evaluate(std::span<const aisci::NodeView>, std::span<aisci::Score> scores,
                         const aisci::CallContext&) override {
    for (aisci::Score& score : scores) score.value = (calls_ += 0.01);
    return {};
  }

 private:
  double calls_ = 0;
};

TEST(CheckComponent, RunsOnAnObject) {
  aisci::ConformanceReport report;
  Drifting drifting;
  aisci::check_component(drifting, "drifting", report);
  EXPECT_EQ(broken(report), (std::set<std::string>{"V2 drifting", "V3 drifting"}));
}

}  // namespace
