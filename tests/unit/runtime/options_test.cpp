#include <gtest/gtest.h>
#include <aisci/options.hpp>

#include <cstdlib>

#include "base/files.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

TEST(Options, AnExperimentIsWrittenByAModelAndNotByRules) {
  Options options;
  options.template_folder = "free";
  EXPECT_NE(check_options(options).message().find("--llm openai"), std::string::npos);
  options.llm_provider = "openai";
  EXPECT_TRUE(check_options(options).ok());
}

TEST(Options, EveryOptionCanBeReadSetAndWrittenToToml) {
  Options options;
  options.seed = 7;
  options.policy = "ucb1";
  options.confirmation_share = 0.35;
  options.enable_tree_search = false;
  options.order = "arrival";
  testing::Folder folder;
  const auto file = folder.path() / "config.toml";
  ASSERT_TRUE(write_file(file, to_toml(options)).ok());
  const auto loaded = load_options({}, file.string());
  ASSERT_TRUE(loaded.ok()) << loaded.status().to_string();
  for (const auto& row : option_table())
    EXPECT_EQ(get_option(loaded->options, row.name), get_option(options, row.name)) << row.name;
}

TEST(Options, UnknownNameSaysTheNearestOne) {
  Options options;
  EXPECT_NE(set_option(options, "max_experiment", "3").message().find("did you mean max_experiments?"),
            std::string::npos);
}

TEST(Options, ValuesOutOfRangeAreRefusedAndLeaveTheOptionAlone) {
  Options options;
  for (const auto& [name, value] : std::map<std::string, std::string>{{"max_experiments", "0"},
                                                                      {"blocks", "4"},
                                                                      {"blocks", "five"},
                                                                      {"confirmation_share", "2"},
                                                                      {"enable_tree_search", "yes"},
                                                                      {"seed", "-1"},
                                                                      {"order", "random"},
                                                                      {"order", ""},
                                                                      {"max_iterations", "1.5"}}) {
    const std::string before = get_option(options, name);
    EXPECT_EQ(set_option(options, name, value).code(), StatusCode::kInvalidArgument) << name;
    EXPECT_EQ(get_option(options, name), before);
  }
}

TEST(Options, AChoiceIsOneOfAFewWordsWhereverItComesFrom) {
  Options options;
  EXPECT_NE(set_option(options, "order", "arival").message().find("expected ticket or arrival"), std::string::npos);
  options.order = "none";  // from C++
  EXPECT_EQ(check_options(options).code(), StatusCode::kInvalidArgument);
  ::setenv("AISCI_ORDER", "arrival", 1);
  const auto loaded = load_options({});
  ::setenv("AISCI_ORDER", "both", 1);
  const auto refused = load_options({});
  ::unsetenv("AISCI_ORDER");
  ASSERT_TRUE(loaded.ok()) << loaded.status().to_string();
  EXPECT_EQ(loaded->options.order, "arrival");
  EXPECT_NE(refused.status().message().find("AISCI_ORDER"), std::string::npos);
}

TEST(Options, FlagsWinOverEnvironmentOverFiles) {
  testing::Folder folder;
  const auto file = folder.path() / "config.toml";
  ASSERT_TRUE(write_file(file, "max_experiments = 3\nmax_iterations = 4\nblocks = 6\n").ok());
  ::setenv("AISCI_MAX_ITERATIONS", "5", 1);
  ::setenv("AISCI_BLOCKS", "7", 1);
  const auto loaded = load_options({{"blocks", "8"}}, file.string());
  ::unsetenv("AISCI_MAX_ITERATIONS");
  ::unsetenv("AISCI_BLOCKS");
  ASSERT_TRUE(loaded.ok()) << loaded.status().to_string();
  EXPECT_EQ(loaded->options.max_experiments, 3);
  EXPECT_EQ(loaded->options.max_iterations, 5);
  EXPECT_EQ(loaded->options.blocks, 8);
  EXPECT_EQ(loaded->origin.at("max_experiments"), file.string());
  EXPECT_EQ(loaded->origin.at("max_iterations"), "environment");
  EXPECT_EQ(loaded->origin.at("blocks"), "flag");
  EXPECT_EQ(loaded->origin.at("policy"), "default");
}

TEST(Options, BadFileNamesItsLine) {
  testing::Folder folder;
  const auto file = folder.path() / "config.toml";
  ASSERT_TRUE(write_file(file, "blocks = 6\nblocks = = 7\n").ok());
  EXPECT_NE(load_options({}, file.string()).status().message().find("line 2"), std::string::npos);
  ASSERT_TRUE(write_file(file, "blockz = 6\n").ok());
  EXPECT_NE(load_options({}, file.string()).status().message().find("did you mean blocks?"), std::string::npos);
}

}  // namespace
}  // namespace aisci
