// Python packages that a template states are asked for before any work of a study that uses it.
#include "research/packages.hpp"

#include <gtest/gtest.h>

#include "support/stub_study.hpp"

namespace aisci {
namespace {

using testing::StubCrew;
using testing::StubStudy;

void state_torch(StubCrew& stubs) {
  stubs.crew.act = [act = stubs.crew.act](std::string_view task, const json::object& input) {
    auto answer = act(task, input);
    if (task == "design.catalogue")
      (*answer)["templates"].as_array()[0].as_object()["environment"] =
          json::object{{"packages", json::object{{"torch", "1.13"}}}};
    return answer;
  };
}

TEST(Packages, OfTheTemplateThatIsUsedAreAskedForBeforeAnyRun) {
  StubStudy study;
  StubCrew stubs;
  state_torch(stubs);
  stubs.crew.missing_packages = [](const json::object& packages) {
    EXPECT_EQ(text_of(packages, "torch"), "1.13");
    return std::vector<std::string>{"torch 1.13 or newer"};
  };
  const auto result = study.run(stubs);
  EXPECT_EQ(result.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(result.status().message().find("the template toy needs Python packages that are missing: torch 1.13"),
            std::string::npos)
      << result.status().message();
  EXPECT_EQ(stubs.runs, 0);
}

TEST(Packages, OfAStudyThatIsFinishedAreNotAskedForAgain) {
  StubStudy study;
  StubCrew stubs;
  state_torch(stubs);
  ASSERT_TRUE(study.run(stubs).ok());
  stubs.crew.missing_packages = [](const json::object&) { return std::vector<std::string>{"torch"}; };
  EXPECT_TRUE(study.run(stubs).ok());
  EXPECT_TRUE(study.verify(stubs).empty());
}

TEST(Packages, AreLookedUpWithTheirVersions) {
  const auto missing = [](const json::object& packages) {
    auto found = missing_packages("/usr/bin/python3", packages);
    EXPECT_TRUE(found.ok()) << found.status().message();
    return found.ok() ? *found : std::vector<std::string>{};
  };
  EXPECT_EQ(missing({}), std::vector<std::string>{});
  EXPECT_EQ(missing({{"aisci-has-no-such-package", "1.0"}, {"nor-this", ""}}),
            (std::vector<std::string>{"aisci-has-no-such-package 1.0 or newer", "nor-this"}));
  EXPECT_EQ(missing_packages("/bin/false", {{"numpy", ""}}).status().code(), StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace aisci
