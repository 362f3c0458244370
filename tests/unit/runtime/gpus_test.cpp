// GPUs as the driver tells them, and which of them a study may use. The driver is tests/support/fake_nvml.c, found by
// the loader as a real one would be.
#include "runtime/gpus.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "support/folder.hpp"

namespace aisci {
namespace {

const std::vector<Gpu> kThree{
    {"GPU-aa1", "One", 1024, {}, {}, ""}, {"GPU-aa2", "Two", 1024, {}, {}, ""}, {"GPU-b", "Three", 81920, {}, {}, ""}};

std::vector<std::string> names(const Result<std::vector<Gpu>>& gpus) {
  std::vector<std::string> out;
  for (const auto& gpu : gpus.value()) out.push_back(gpu.name);
  return out;
}
using Names = std::vector<std::string>;

class Driver : public ::testing::Test {
 protected:
  void SetUp() override { ::setenv("FAKE_NVML", (folder_.path() / "gpus").c_str(), 1); }
  void TearDown() override { ::unsetenv("FAKE_NVML"); }
  void tells(const std::string& text) { std::ofstream{folder_.path() / "gpus"} << text; }
  testing::Folder folder_;
};

TEST_F(Driver, TellsWhatItHas) {
  tells("GPU-8f|NVIDIA A100-SXM4-80GB|81920|0\nGPU-9c|NVIDIA L4|23034|1\n");
  const auto found = find_gpus();
  ASSERT_TRUE(found.ok()) << found.status().to_string();
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ((*found)[0].uuid, "GPU-8f");
  EXPECT_EQ((*found)[1].memory_mb, 23034U);
  EXPECT_EQ(describe((*found)[0]), "NVIDIA A100-SXM4-80GB (80 GB)");
}

TEST_F(Driver, ThatDoesNotStartSaysWhy) {
  tells("broken\n");
  const auto found = find_gpus();
  EXPECT_EQ(found.status().code(), StatusCode::kUnavailable);
  EXPECT_NE(found.status().message().find("version mismatch"), std::string::npos);
}

TEST_F(Driver, OneThatIsOutOfOrderDoesNotTakeTheOthersWithIt) {
  tells("GPU-1|A|1|0\nGPU-2|B|1|1|lost\nGPU-3|C|1|2|mig\nGPU-4|D|1|0|no minor\n");
  const auto found = find_gpus().value();
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[1].problem, "GPU is lost");
  EXPECT_EQ(names(choose_gpus(found, "all", nullptr)), (Names{"A", "D"}));
  for (const char* broken : {"1", "2", "GPU-3"})
    EXPECT_EQ(choose_gpus(found, broken, nullptr).status().code(), StatusCode::kUnavailable) << broken;
  EXPECT_NE(choose_gpus(found, "2", nullptr).status().message().find("MIG"), std::string::npos);
  EXPECT_EQ(found[3].missing.size() + found[3].devices.size() + 1, found[0].missing.size() + found[0].devices.size());
}

TEST(ChooseGpus, ByListIndexAndUuid) {
  EXPECT_EQ(names(choose_gpus(kThree, "all", nullptr)), (Names{"One", "Two", "Three"}));
  EXPECT_EQ(names(choose_gpus(kThree, "auto", nullptr)), (Names{"One", "Two", "Three"}));
  EXPECT_EQ(names(choose_gpus(kThree, "none", nullptr)), Names{});
  EXPECT_EQ(names(choose_gpus(kThree, "2, 0", nullptr)), (Names{"Three", "One"}));
  EXPECT_EQ(names(choose_gpus(kThree, "GPU-b,GPU-aa2", nullptr)), (Names{"Three", "Two"}));
  EXPECT_EQ(names(choose_gpus(kThree, "0,0", nullptr)), (Names{"One", "One"}));
}

TEST(ChooseGpus, WhatAJobSchedulerHidesIsNotInAll) {
  const std::vector<Gpu> one{kThree[0]};
  const auto seen = [](const std::vector<Gpu>& found, const char* visible) {
    return names(choose_gpus(found, "all", visible));
  };
  EXPECT_EQ(seen(kThree, "2,GPU-aa1"), (Names{"Three", "One"}));
  EXPECT_EQ(seen(kThree, "1,7,0"), Names{"Two"});  // CUDA stops at 7 as well
  for (const char* nothing : {"", "-1", "NoDevFiles", "MIG-1", "0,0", ",0"})
    EXPECT_EQ(seen(one, nothing), Names{}) << nothing;
  EXPECT_EQ(seen(one, "0,"), Names{"One"});
  EXPECT_EQ(names(choose_gpus(kThree, "1", "2")), Names{"Two"});  // named: the user knows
}

TEST(ChooseGpus, RefusesWhatNamesNone) {
  const auto refused = [](const char* ids) { return choose_gpus(kThree, ids, nullptr).status(); };
  EXPECT_EQ(refused("3").code(), StatusCode::kNotFound);
  EXPECT_NE(refused("3").message().find("0 (GPU-aa1), 1 (GPU-aa2)"), std::string::npos);
  EXPECT_EQ(refused("GPU-c").code(), StatusCode::kNotFound);
  EXPECT_NE(refused("GPU-aa").message().find("several"), std::string::npos);
  for (const char* text : {"", "first", "MIG-1", "-1", "0,,1", "0;1", "1.5", "99999999999999999999"})
    EXPECT_EQ(refused(text).code(), StatusCode::kInvalidArgument) << text;
  EXPECT_NE(choose_gpus({}, "0", nullptr).status().message().find("tells of none"), std::string::npos);
}

}  // namespace
}  // namespace aisci
