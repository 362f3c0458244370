// The keys of models' servers stay outside the sandbox.
#include <cstdlib>

#include "sandbox_fixture.hpp"

namespace aisci {
namespace {

constexpr const char* kKey = "sk-sandbox-0123456789abcdef";
constexpr const char* kNames[] = {"OPENAI_API_KEY", "ANTHROPIC_API_KEY"};

class ModelKey : public testing::SandboxTest {
 protected:
  void SetUp() override {
    for (const char* name : kNames) ::setenv(name, kKey, 1);
    SandboxTest::SetUp();
  }
  void TearDown() override {
    for (const char* name : kNames) ::unsetenv(name);
  }
};

TEST_P(ModelKey, IsNotInTheEnvironmentOfAProgram) {
  const auto ran = run("env; echo GIVEN is $GIVEN");
  EXPECT_TRUE(ran.exit.succeeded()) << ran.errors;
  EXPECT_NE(ran.output.find("GIVEN is yes"), std::string::npos) << ran.output;
  EXPECT_EQ(ran.output.find(kKey), std::string::npos) << ran.output;
  for (const char* name : kNames) EXPECT_EQ(ran.output.find(name), std::string::npos) << ran.output;
}

INSTANTIATE_TEST_SUITE_P(Sandboxes, ModelKey, ::testing::Values("bubblewrap", "process"),
                         [](const auto& instance) { return instance.param; });

// Processes outside are out of sight, and with them what they were started with.
class ModelKeyIsolated : public ModelKey {};

TEST_P(ModelKeyIsolated, IsNotInSightOfAProgram) {
  const auto ran = run("cat /proc/[0-9]*/environ | tr '\\0' '\\n'; ls -d /proc/[0-9]*");
  EXPECT_NE(ran.output.find("/proc/1"), std::string::npos) << ran.output;
  EXPECT_EQ(ran.output.find(kKey), std::string::npos) << ran.output;
  EXPECT_EQ(ran.output.find("/proc/" + std::to_string(::getpid()) + "\n"), std::string::npos) << ran.output;
}

INSTANTIATE_TEST_SUITE_P(Sandboxes, ModelKeyIsolated, ::testing::Values("bubblewrap"),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace aisci
