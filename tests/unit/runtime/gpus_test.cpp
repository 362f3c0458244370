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
    {"GPU-aa1", "One", 1024, {}}, {"GPU-aa2", "Two", 1024, {}}, {"GPU-b", "Three", 81920, {}}};

std::vector<std::string> names(const Result<std::vector<Gpu>>& gpus) {
  std::vector<std::string> out;
  for (const auto& gpu : gpus.value()) out.push_back(gpu.name);
  return out;
}
using Names = std::vector<std::string>;

class Driver : public ::testing::Test {
 protected:
  void SetUp() override { ::setenv("FAKE_NVML", (folder_.path() / "gpus").c_str(), 1); }
  void TearDown() override {
    ::unsetenv("FAKE_NVML");
    ::unsetenv("CUDA_VISIBLE_DEVICES");
  }
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

TEST_F(Driver, ThatDoesNotStartIsAnErrorOnlyWhereGpusWereNamed) {
  tells("broken\n");
  const auto found = find_gpus();
  EXPECT_EQ(found.status().code(), StatusCode::kUnavailable);
  EXPECT_NE(found.status().message().find("version mismatch"), std::string::npos);
  Options options;
  EXPECT_TRUE(usable_gpus(options).value().empty());
  options.gpu_ids = "0";
  EXPECT_EQ(usable_gpus(options).status().code(), StatusCode::kUnavailable);
  options.gpu_allocation = "none";
  EXPECT_TRUE(usable_gpus(options).value().empty());
}

TEST_F(Driver, WhatAJobSchedulerHidesIsNotUsed) {
  tells("GPU-8f|A|1|0\nGPU-9c|B|1|1\nGPU-9d|C|1|2\n");
  ::setenv("CUDA_VISIBLE_DEVICES", "2,GPU-8f", 1);
  EXPECT_EQ(names(usable_gpus(Options{})), (Names{"C", "A"}));
  Options options;
  options.gpu_ids = "1";  // named: the user knows
  EXPECT_EQ(names(usable_gpus(options)), Names{"B"});
}

TEST(ChooseGpus, ByListIndexAndUuid) {
  EXPECT_EQ(names(choose_gpus(kThree, "all", nullptr)), (Names{"One", "Two", "Three"}));
  EXPECT_EQ(names(choose_gpus(kThree, "auto", nullptr)), (Names{"One", "Two", "Three"}));
  EXPECT_EQ(names(choose_gpus(kThree, "none", nullptr)), Names{});
  EXPECT_EQ(names(choose_gpus(kThree, "2, 0", nullptr)), (Names{"Three", "One"}));
  EXPECT_EQ(names(choose_gpus(kThree, "GPU-b,GPU-aa2", nullptr)), (Names{"Three", "Two"}));
  EXPECT_EQ(names(choose_gpus(kThree, "0,0", nullptr)), (Names{"One", "One"}));
  EXPECT_EQ(names(choose_gpus(kThree, "all", "")), Names{});
  EXPECT_EQ(names(choose_gpus(kThree, "all", "1,7,0")), Names{"Two"});  // CUDA stops at 7 as well
}

TEST(ChooseGpus, RefusesWhatNamesNone) {
  const auto refused = [](const char* ids) { return choose_gpus(kThree, ids, nullptr).status(); };
  EXPECT_EQ(refused("3").code(), StatusCode::kNotFound);
  EXPECT_NE(refused("3").message().find("0 (GPU-aa1), 1 (GPU-aa2)"), std::string::npos);
  EXPECT_EQ(refused("GPU-c").code(), StatusCode::kNotFound);
  EXPECT_NE(refused("GPU-aa").message().find("several"), std::string::npos);
  for (const char* text : {"", "first", "-1", "0,,1", "0;1", "1.5", "99999999999999999999"})
    EXPECT_EQ(refused(text).code(), StatusCode::kInvalidArgument) << text;
  EXPECT_NE(choose_gpus({}, "0", nullptr).status().message().find("tells of none"), std::string::npos);
}

}  // namespace
}  // namespace aisci
