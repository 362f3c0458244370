// Plugins of released minors in today's host: the binaries that were made then, and their source built with the headers
// of then. And today's table in a host that knows less.
#include "support/folder.hpp"

#include <aisci/conformance.hpp>

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace fs = std::filesystem;

namespace {

using aisci::Isolation;

class Released : public ::testing::TestWithParam<Isolation> {
 protected:
  // The file where it can be loaded from: a checkout's files may be writable by a group.
  fs::path placed(const fs::path& file) {
    const fs::path copy = folder_.path() / file.filename();
    fs::copy_file(file, copy, fs::copy_options::overwrite_existing);
    ::chmod(copy.c_str(), 0644);
    return copy;
  }
  aisci::Result<aisci::Score> score(const fs::path& file, const char* id) {
    aisci::Registry registry;
    AISCI_RETURN_IF_ERROR(registry.load_plugin(placed(file), {{}, GetParam(), {}}));
    AISCI_ASSIGN_OR_RETURN(const auto function, registry.create_value_function(id));
    std::vector<aisci::NodeView> nodes(1);
    nodes[0].visits = 3;
    nodes[0].blob = [](std::string_view) -> aisci::Result<std::string_view> { return std::string_view{"12345678"}; };
    std::vector<aisci::Score> scores(1);
    AISCI_RETURN_IF_ERROR(function->evaluate(nodes, scores, {}));
    return scores[0];
  }

  aisci::testing::Folder folder_;
};

const fs::path kFrozen = AISCI_SOURCE_DIR "/tests/abi/frozen/v1";

TEST_P(Released, BinaryInC_StillScores) { EXPECT_EQ(score(kFrozen / "visits.so", "visits").value().value, 0.25); }

TEST_P(Released, BinaryOfTheSdk_StillScores) {
  EXPECT_EQ(score(kFrozen / "brevity.so", "brevity").value().value, 4000.0 / 4008.0);
}

TEST_P(Released, SourceWithItsHeaders_StillScores) {
  EXPECT_EQ(score(AISCI_BINARY_DIR "/plugins/visits_v1_0.so", "visits").value().value, 0.25);
}

TEST_P(Released, BinariesKeepTheRules) {
  for (const char* name : {"visits.so", "brevity.so"}) {
    aisci::ConformanceOptions options;
    options.isolation = GetParam();
    const auto report = aisci::check_plugin(placed(kFrozen / name), options);
    ASSERT_TRUE(report.ok()) << report.status().to_string();
    EXPECT_TRUE(report->passed()) << aisci::to_text(*report);
  }
}

INSTANTIATE_TEST_SUITE_P(Isolation, Released, ::testing::Values(Isolation::kInProcess, Isolation::kProcess),
                         [](const auto& each) { return each.param == Isolation::kProcess ? "Apart" : "Inside"; });

}  // namespace
