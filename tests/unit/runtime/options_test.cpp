#include <gtest/gtest.h>
#include <aisci/options.hpp>

#include <cstdlib>
#include <optional>

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
                                                                      {"isolation", "x"},
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

// Nothing tells a misspelt variable from no variable but this.
TEST(Options, AVariableThatIsNearlyAnOptionIsRefusedAndOthersAreNot) {
  for (const auto& [name, option] : std::map<std::string, std::string>{
           {"AISCI_MAX_EXPERIMENT", "AISCI_MAX_EXPERIMENTS"}, {"AISCI_LLM", "AISCI_LLM_PROVIDER"}}) {
    ::setenv(name.c_str(), "3", 1);
    const auto loaded = load_options({});
    ::unsetenv(name.c_str());
    EXPECT_EQ(loaded.status().code(), StatusCode::kInvalidArgument) << name;
    EXPECT_NE(loaded.status().message().find(name + ", which is no option; did you mean " + option + "?"),
              std::string::npos)
        << loaded.status().message();
  }
  for (const char* name : {"AISCI_PYTHON", "AISCI_JOB", "AISCI_CONFIG", "AISCI_RESULTS", "AISCI_QUESTION_FLAGS",
                           "AISCI_WARNINGS_AS_ERRORS", "AISCI_SLOW_TESTS", "AISCI_ENVIRONMENTS", "AISCI_BUILD"}) {
    ::setenv(name, "3", 1);
    EXPECT_TRUE(load_options({}).ok()) << name;
    ::unsetenv(name);
  }
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

// A test that stands in a folder of its own, with a user's configuration of its own.
class ProjectFile : public ::testing::Test {
 protected:
  void SetUp() override {
    before_ = std::filesystem::current_path();
    std::filesystem::create_directories(folder_.path() / "user/aisci");
    std::filesystem::create_directories(folder_.path() / "project");
    std::filesystem::current_path(folder_.path() / "project");
    if (const char* config = std::getenv("XDG_CONFIG_HOME")) config_ = config;
    ::setenv("XDG_CONFIG_HOME", (folder_.path() / "user").c_str(), 1);
  }
  void TearDown() override {
    std::filesystem::current_path(before_);
    config_ ? ::setenv("XDG_CONFIG_HOME", config_->c_str(), 1) : ::unsetenv("XDG_CONFIG_HOME");
  }
  static void project(const std::string& toml) { ASSERT_TRUE(write_file("aisci.toml", toml).ok()); }
  void user(const std::string& toml) { ASSERT_TRUE(write_file(folder_.path() / "user/aisci/config.toml", toml).ok()); }

  testing::Folder folder_;
  std::filesystem::path before_;
  std::optional<std::string> config_;
};

// What lies where a stranger's study was unpacked must not choose anything.
TEST_F(ProjectFile, IsNoWordOfTheUserWhereAStudyIsRead) {
  project("max_experiments = 4\n");
  const auto alone = load_options({}), own = load_own_options({});
  ASSERT_TRUE(write_file("study.db", "").ok());
  const auto in_study = load_options({}), named = load_options({}, "aisci.toml");
  std::filesystem::create_directory("code");
  std::filesystem::current_path("code");
  project("max_experiments = 4\n");
  const auto below = load_options({});
  ASSERT_TRUE(alone.ok() && own.ok() && named.ok());
  EXPECT_EQ(alone->options.max_experiments, 4);
  EXPECT_EQ(named->options.max_experiments, 4);
  EXPECT_NE(own->options.max_experiments, 4);
  EXPECT_EQ(in_study.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(below.status().code(), StatusCode::kFailedPrecondition) << "its README has people work there";
  EXPECT_NE(in_study.status().message().find("--config aisci.toml"), std::string::npos);
}

TEST_F(ProjectFile, ChoosesNoCodeNoServerAndNoPapers) {
  for (const auto& [name, value] : std::map<std::string, std::string>{{"sandbox", "process"},
                                                                      {"isolation", "in-process"},
                                                                      {"plugins", "my plugs"},
                                                                      {"llm_base_url", "http://127.0.0.1:9/v1"},
                                                                      {"literature", "theirs.bib"},
                                                                      {"literature_store", "papers"}}) {
    project("max_experiments = 4\n" + name + " = '" + value + "'\n");
    const auto refused = load_options({});
    ASSERT_EQ(refused.status().code(), StatusCode::kFailedPrecondition) << name;
    for (const std::string& said :
         {"./aisci.toml sets " + name + " = \"" + value + "\"", std::string{"--config ./aisci.toml"}})
      EXPECT_NE(refused.status().message().find(said), std::string::npos) << refused.status().message();
    const auto given = load_options({{name, value}}), named = load_options({}, "./aisci.toml");
    ASSERT_TRUE(given.ok() && named.ok()) << name;
    EXPECT_EQ(given->options.max_experiments, 4) << "the rest counts";
    EXPECT_EQ(get_option(named->options, name), value);
    user(name + " = '" + value + "'\n");
    EXPECT_TRUE(load_options({}).ok()) << name << ": the user says the same";
    user("");
  }
  project("plugins = 'my plugs'\n");
  EXPECT_NE(load_options({}).status().message().find("--plugins 'my plugs'"), std::string::npos);
}

TEST_F(ProjectFile, MayIsolateMoreAndNotLessThanTheUserSays) {
  project("sandbox = 'bubblewrap'\nisolation = 'process'\nrequire_layers = 'memory'\nliterature_store = 'none'\n");
  ASSERT_TRUE(load_options({}).ok()) << load_options({}).status().message();
  EXPECT_EQ(load_options({})->options.require_layers, "memory");
  user("require_layers = 'memory,network'\n");
  EXPECT_NE(load_options({}).status().message().find("./aisci.toml sets require_layers"), std::string::npos);
  project("require_layers = ''\n");
  EXPECT_FALSE(load_options({}).ok());
  user("isolation = 'process'\n");
  project("isolation = 'auto'\n");
  EXPECT_FALSE(load_options({}).ok());
}

TEST_F(ProjectFile, HasItsOptionsCheckedTogetherWithFlags) {
  project("data = 'mine.csv'\n");
  EXPECT_TRUE(load_options({{"target", "price"}}).ok());
  EXPECT_FALSE(load_own_options({{"target", "price"}}).ok());
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
