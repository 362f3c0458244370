// Comparing policies with functions as evaluators: what they throw.
#include <aisci/compare_policies.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/folder.hpp"

namespace aisci {
namespace {

const SearchSpace kSpace{{{"rate", {"1", "2", "3"}}, {"deep", {"true", "false"}}}};

ComparisonOptions small(unsigned parallel) {
  ComparisonOptions options;
  options.policies = {"adaptive", "drafts"};
  options.budget = 6;
  options.repetitions = 4;
  options.seed = 3;
  options.parallel = parallel;
  return options;
}

// By configuration, so that the outcome does not depend on the order of the threads.
Result<Evaluation> score_of(const std::string& configuration) {
  return Evaluation{configuration.find("\"rate\":3") != std::string::npos ? 0.9 : 0.1, 1, false, {}};
}

TEST(Evaluations, WhatAnEvaluatorThrowsIsAFailedEvaluation) {
  const auto comparison_by = [](unsigned parallel, bool throws) {
    return compare_policies(
        kSpace,
        [throws](const std::string& configuration, std::uint64_t) -> Result<Evaluation> {
          if (configuration.find("\"rate\":2") == std::string::npos) return score_of(configuration);
          if (throws) throw std::runtime_error("out of memory");
          return Evaluation{0, 1, true, "out of memory"};
        },
        small(parallel));
  };
  const auto told = comparison_by(1, false);
  ASSERT_TRUE(told.ok()) << told.status().to_string();
  EXPECT_GT(told->policies[1].failed, 0);
  for (const unsigned parallel : {1u, 2u, 3u}) {
    const auto thrown = comparison_by(parallel, true);
    ASSERT_TRUE(thrown.ok()) << parallel << ": " << thrown.status().to_string();
    for (std::size_t p = 0; p < told->policies.size(); ++p) {
      EXPECT_EQ(thrown->policies[p].values, told->policies[p].values) << parallel;
      EXPECT_EQ(thrown->policies[p].failed, told->policies[p].failed) << parallel;
    }
  }
}

TEST(Evaluations, AnEvaluatorThatOnlyThrowsEndsTheComparisonAndIsQuoted) {
  for (const unsigned parallel : {1u, 2u}) {
    const auto by_exception = compare_policies(
        kSpace,
        [](const std::string&, std::uint64_t) -> Result<Evaluation> { throw std::runtime_error("the GPU is lost"); },
        small(parallel));
    EXPECT_EQ(by_exception.status().code(), StatusCode::kFailedPrecondition);
    EXPECT_NE(by_exception.status().to_string().find("threw an exception: the GPU is lost"), std::string::npos)
        << by_exception.status().to_string();
    const auto by_number = compare_policies(
        kSpace, [](const std::string&, std::uint64_t) -> Result<Evaluation> { throw 7; }, small(parallel));
    EXPECT_EQ(by_number.status().code(), StatusCode::kFailedPrecondition);
  }
}

TEST(Evaluations, WhatTheProgressThrowsComesOutOnceTheThreadsHaveEnded) {
  for (const unsigned parallel : {1u, 2u}) {
    ComparisonOptions options = small(parallel);
    options.tell = [](const std::string&, double) { throw std::runtime_error("no terminal"); };
    EXPECT_THROW(
        (void)compare_policies(
            kSpace, [](const std::string& configuration, std::uint64_t) { return score_of(configuration); }, options),
        std::runtime_error)
        << parallel;
  }
}

TEST(Evaluations, ANumberThatNoSearchTakesIsNotKept) {
  const testing::Folder folder;
  ComparisonOptions options = small(1);
  options.journal = folder.path() / "done.jsonl";
  for (const Evaluation& wrong : {Evaluation{1e200, 1, false, {}}, Evaluation{0.5, -1, false, {}}}) {
    const auto refused = compare_policies(
        kSpace, [&](const std::string&, std::uint64_t) -> Result<Evaluation> { return wrong; }, options);
    EXPECT_EQ(refused.status().code(), StatusCode::kInvalidArgument) << refused.status().to_string();
  }
  const auto mended = compare_policies(
      kSpace, [](const std::string& configuration, std::uint64_t) { return score_of(configuration); }, options);
  EXPECT_TRUE(mended.ok()) << "the journal holds nothing that ends it again: " << mended.status().to_string();
}

}  // namespace
}  // namespace aisci
