// Resuming a study that somebody else began: what it may choose, what has to be given again, and how a user's own are
// known.
#include "research/begun.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "base/files.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

// As start() leaves it, killed right after its first event.
Event begin(const fs::path& folder, const Options& options, const std::string& question = "Is it so?") {
  fs::create_directories(folder);
  EXPECT_TRUE(write_file(folder / "config.toml", to_toml(options)).ok());
  EXPECT_TRUE(write_file(folder / "question.txt", question + "\n").ok());
  return Ledger::open_for_writing(folder / "study.db")
      .value()
      ->append("study.created", "study", {{"question", question}, {"options", to_toml(options)}})
      .value();
}

Options with(const std::string& name, const std::string& value) {
  Options options;
  EXPECT_TRUE(set_option(options, name, value).ok()) << name;
  return options;
}

class Begun : public ::testing::Test {
 protected:
  Status check(const Options& begun_with, const Options& standing = {}, const ResumeOptions& how = {},
               const std::optional<Event>& first = {}) {
    return check_own_options({study_, begun_with, standing, how, state_, first});
  }

  testing::Folder folder_;
  fs::path study_ = folder_.path() / "their study";
  fs::path state_ = folder_.path() / "state/aisci";
};

TEST_F(Begun, WhatChoosesCodeKeysOrPapersIsToBeGivenAgain) {
  for (const auto& [name, value] : std::map<std::string, std::string>{{"sandbox", "process"},
                                                                      {"isolation", "in-process"},
                                                                      {"plugins", "plug"},
                                                                      {"llm_base_url", "http://127.0.0.1:9/v1"},
                                                                      {"literature", "theirs.bib"},
                                                                      {"literature_store", "papers"}}) {
    const Options theirs = with(name, value);
    const Status refused = check(theirs);
    EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition) << name;
    EXPECT_NE(refused.message().find(name + " = \"" + value + "\""), std::string::npos) << refused.message();
    EXPECT_TRUE(check(theirs, theirs).ok()) << name << ", as in the user's configuration";
    ResumeOptions how;
    how.again = {{name, value}};
    EXPECT_TRUE(check(theirs, {}, how).ok()) << name;
    how.again = {{name, name == "isolation" ? "process" : "other"}};
    EXPECT_EQ(check(theirs, {}, how).code(), StatusCode::kInvalidArgument) << name << ": another value";
    how.again = {};
    how.trusted = true;
    EXPECT_TRUE(check(theirs, {}, how).ok()) << name;
  }
}

TEST_F(Begun, WhatTheDefaultAlsoDoesNeedsNothing) {
  Options theirs = with("isolation", "process");
  theirs.literature_store = "none";
  theirs.require_layers = "memory";
  theirs.max_experiments = 5;
  theirs.policy = "ucb1";
  EXPECT_TRUE(check({}).ok());
  EXPECT_TRUE(check(theirs).ok());
  EXPECT_TRUE(check({}, with("sandbox", "process")).ok()) << "a user's configuration that the study does not follow";
  EXPECT_FALSE(has_own_options(theirs));
}

TEST_F(Begun, TheCommandThatGoesOnIsSaidWhole) {
  Options theirs = with("sandbox", "process");
  theirs.plugins = "/tmp/a plug's; rm -rf ~\n\x1b[2J";
  theirs.literature_store = "-x";
  const std::string message = check(theirs, with("sandbox", "process")).message();
  EXPECT_NE(message.find("aisci resume '" + study_.string() +
                         "' --sandbox process --literature-store=-x --plugins '/tmp/a plug'\\''s; rm -rf ~ [2J'"),
            std::string::npos)
      << message;
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
}

TEST_F(Begun, PathsAreTheSameWhereTheyNameTheSamePlace) {
  ResumeOptions how;
  how.again = {{"plugins", "plug:./other/"}};
  EXPECT_TRUE(
      check(with("plugins", fs::absolute("plug").string() + ":" + fs::absolute("other/").string()), {}, how).ok());
  EXPECT_FALSE(check(with("plugins", "/plug"), {}, how).ok());
}

TEST_F(Begun, AStudyIsKnownByItsFirstEvent) {
  const Options options = with("sandbox", "process");
  const Event mine = begin(study_, options);
  EXPECT_FALSE(was_begun(state_, mine)) << "no folder yet";
  ASSERT_TRUE(note_begun(state_, mine).ok());
  EXPECT_TRUE(was_begun(state_, mine));
  EXPECT_TRUE(check(options, {}, {}, mine).ok());
  struct stat found {};
  ASSERT_EQ(::stat((state_ / "begun").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);

  const Event other = begin(folder_.path() / "other", options, "Or so?");
  EXPECT_FALSE(was_begun(state_, other));
  Event claimed = other;  // a ledger may say any hash
  claimed.hash = mine.hash;
  EXPECT_FALSE(was_begun(state_, claimed));
  Event changed = mine;
  changed.text.replace(changed.text.find("process"), 7, "docker ");
  EXPECT_FALSE(was_begun(state_, changed));
  EXPECT_FALSE(check(options, {}, {}, other).ok());
}

TEST_F(Begun, StudiesThatBeginAtOnceAreAllNoted) {
  std::vector<Event> events(20);
  for (std::size_t i = 0; i < events.size(); ++i) events[i].sequence = 1, events[i].key = std::to_string(i);
  std::vector<std::thread> threads;
  for (const auto& event : events) threads.emplace_back([&, this] { (void)note_begun(state_, event); });
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(std::all_of(events.begin(), events.end(), [this](const Event& e) { return was_begun(state_, e); }));
}

TEST_F(Begun, AFileThatOthersMayWriteOrALinkSaysNothing) {
  const Event mine = begin(study_, {});
  ASSERT_TRUE(note_begun(state_, mine).ok());
  fs::permissions(state_ / "begun", fs::perms::others_write, fs::perm_options::add);
  EXPECT_FALSE(was_begun(state_, mine));
  fs::permissions(state_ / "begun", fs::perms::others_write, fs::perm_options::remove);
  EXPECT_TRUE(was_begun(state_, mine));
  fs::rename(state_ / "begun", state_ / "elsewhere");
  fs::create_symlink("elsewhere", state_ / "begun");
  EXPECT_FALSE(was_begun(state_, mine));
  EXPECT_FALSE(note_begun(state_, mine).ok());
}

TEST_F(Begun, NothingOfAStrangersStudyIsLoadedBeforeItIsRefused) {
  Options theirs = with("plugins", "/nonexistent-plugins");
  begin(study_, theirs);
  fs::remove(study_ / "study.lock");
  const auto refused = Scientist{}.resume(study_);
  EXPECT_EQ(refused.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.status().message().find("--plugins /nonexistent-plugins"), std::string::npos);
  EXPECT_FALSE(fs::exists(study_ / "study.lock")) << "the ledger was not opened for writing";
}

TEST_F(Begun, TheStateFolderFollowsTheEnvironment) {
  const auto set = [](const char* name, const char* value) {
    value ? ::setenv(name, value, 1) : ::unsetenv(name);
    return default_state_folder();
  };
  const char* const home = std::getenv("HOME");
  const std::string kept = home ? home : "";
  const char* const state = std::getenv("XDG_STATE_HOME");
  const std::string kept_state = state ? state : "";
  set("XDG_STATE_HOME", "/state");
  EXPECT_EQ(set("HOME", "/home/me"), "/state/aisci");
  EXPECT_EQ(set("XDG_STATE_HOME", "here"), "/home/me/.local/state/aisci") << "never below the working folder";
  EXPECT_EQ(set("XDG_STATE_HOME", nullptr), "/home/me/.local/state/aisci");
  EXPECT_EQ(set("HOME", nullptr), "");
  set("HOME", home ? kept.c_str() : nullptr);
  set("XDG_STATE_HOME", state ? kept_state.c_str() : nullptr);
}

}  // namespace
}  // namespace aisci
