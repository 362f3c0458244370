// Finding plugins, deciding whether to trust them, and loading them.
#include "host/library.hpp"
#include "host/manifest.hpp"
#include "support/folder.hpp"

#include <aisci/registry.hpp>

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

namespace {

using aisci::StatusCode;

const fs::path kBrevity = AISCI_BINARY_DIR "/plugins/brevity/brevity.so";
const fs::path kVisits = AISCI_BINARY_DIR "/plugins/visits/visits.so";
const fs::path kNoPlugin = AISCI_BINARY_DIR "/plugins/no_plugin.so";

const aisci::Trust kInside{{}, aisci::Isolation::kInProcess, {}};

std::string read(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Loading : public ::testing::Test {
 protected:
  // A copy of a plugin's file in the folder, with its manifest.
  fs::path install(const fs::path& from, const std::string& name) {
    const fs::path to = folder_.path() / (name + ".so");
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    EXPECT_TRUE(aisci::write_manifest(to).ok());
    return to;
  }
  // The problem of the only component found in the folder.
  std::string problem() {
    EXPECT_TRUE(registry_.load_folder(folder_.path(), trust_).ok());
    const std::vector<aisci::ComponentInfo> found = registry_.list();
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? "nothing found" : found.front().problem;
  }
  aisci::Status create(const std::string& id) { return registry_.create_value_function(id).status(); }

  aisci::testing::Folder folder_;
  aisci::Trust trust_;
  aisci::Registry registry_;
};

TEST_F(Loading, Folder_IsListedWithoutLoading) {
  install(kBrevity, "brevity");
  EXPECT_EQ(problem(), "");
  aisci::ComponentInfo info = registry_.list().front();
  EXPECT_EQ(info.kind, "value_function");
  EXPECT_EQ(info.id, "brevity");
  EXPECT_EQ(info.plugin, "org.example.brevity");
  EXPECT_EQ(info.version, "1.0.0");
  EXPECT_FALSE(info.loaded);
  EXPECT_TRUE(info.apart);  // not shipped with aisci
  EXPECT_TRUE(create("brevity").ok());
  EXPECT_FALSE(registry_.list().front().loaded);

  aisci::Registry inside;
  ASSERT_TRUE(inside.load_folder(folder_.path(), kInside).ok());
  EXPECT_FALSE(inside.list().front().apart);
  EXPECT_TRUE(inside.create_value_function("brevity").ok());
  EXPECT_TRUE(inside.list().front().loaded);
}

TEST_F(Loading, ExampleInCpp_ScoresByLength) {
  ASSERT_TRUE(registry_.load_plugin(kBrevity, kInside).ok());
  const auto function = registry_.create_value_function("brevity", R"({"half":10})").value();
  std::vector<aisci::NodeView> nodes(1);
  nodes[0].blob = [](std::string_view) -> aisci::Result<std::string_view> { return std::string_view{"0123456789"}; };
  std::vector<aisci::Score> scores(1);
  ASSERT_TRUE(function->evaluate(nodes, scores, {}).ok());
  EXPECT_EQ(scores[0].value, 0.5);
}

TEST_F(Loading, ExampleInC_ScoresByVisits) {
  ASSERT_TRUE(registry_.load_plugin(kVisits, kInside).ok());
  std::vector<aisci::NodeView> nodes(2);
  nodes[1].visits = 3;
  std::vector<aisci::Score> scores(2);
  ASSERT_TRUE(registry_.create_value_function("visits").value()->evaluate(nodes, scores, {}).ok());
  EXPECT_EQ(scores[0].value, 1.0);
  EXPECT_EQ(scores[1].value, 0.25);
}

TEST_F(Loading, TwoPluginsAtOnce_DoNotMeet) {
  ASSERT_TRUE(registry_.load_plugin(kBrevity, kInside).ok());
  ASSERT_TRUE(registry_.load_plugin(kVisits, kInside).ok());
  EXPECT_TRUE(create("brevity").ok());
  EXPECT_TRUE(create("visits").ok());
  EXPECT_EQ(registry_.load_plugin(kVisits, kInside).code(), StatusCode::kAlreadyExists);
}

TEST_F(Loading, FoldersInTheFolder_AreSearched) {
  fs::create_directory(folder_.path() / "visits");
  fs::copy_file(kVisits, folder_.path() / "visits" / "visits.so");
  ASSERT_TRUE(aisci::write_manifest(folder_.path() / "visits" / "visits.so").ok());
  EXPECT_EQ(problem(), "");
  EXPECT_TRUE(create("visits").ok());
}

TEST_F(Loading, MissingFolder_IsNotFound) {
  EXPECT_EQ(registry_.load_folder(folder_.path() / "none").code(), StatusCode::kNotFound);
  EXPECT_TRUE(registry_.load_folder(folder_.path()).ok());
  EXPECT_TRUE(registry_.list().empty());
}

TEST_F(Loading, ManifestWithoutFile_IsListedWithItsProblem) {
  fs::remove(install(kBrevity, "brevity"));
  EXPECT_NE(problem().find("is missing"), std::string::npos);
  EXPECT_EQ(create("brevity").code(), StatusCode::kNotFound);
}

TEST_F(Loading, FileWithoutManifest_IsListedWithTheRemedy) {
  fs::copy_file(kBrevity, folder_.path() / "brevity.so");
  EXPECT_NE(problem().find("aisci plugin manifest"), std::string::npos);
}

TEST_F(Loading, ChangedFile_IsRefused) {
  trust_ = kInside;
  const fs::path file = install(kBrevity, "brevity");
  std::ofstream{file, std::ios::app} << "x";
  EXPECT_EQ(problem(), "");  // listing reads manifests alone
  EXPECT_EQ(create("brevity").code(), StatusCode::kDataLoss);
  EXPECT_NE(registry_.list().front().problem.find("not the file its manifest describes"), std::string::npos);
}

TEST_F(Loading, FileChangedAfterLoading_IsRefused) {
  const fs::path file = folder_.path() / "brevity.so";
  fs::copy_file(kBrevity, file);
  ASSERT_TRUE(registry_.load_plugin(file, kInside).ok());
  // Appended, not rewritten: the pages in use stay what they were.
  std::ofstream{file, std::ios::app} << "x";
  aisci::Registry another;
  EXPECT_EQ(another.load_plugin(file, kInside).code(), StatusCode::kFailedPrecondition);
}

TEST_F(Loading, BrokenManifest_SaysWhatIsWrong) {
  install(kBrevity, "brevity");
  std::ofstream{folder_.path() / "brevity.aisci.json"} << "{\"$schema\":\"aisci/plugin-manifest/1\"}";
  EXPECT_NE(problem().find("`id`"), std::string::npos);
}

TEST_F(Loading, WritableByOthers_IsRefused) {
  const fs::path file = install(kBrevity, "brevity");
  ::chmod(file.c_str(), 0777);
  EXPECT_NE(problem().find("can be written by others"), std::string::npos);
  EXPECT_EQ(create("brevity").code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(aisci::Registry{}.load_plugin(file, kInside).code(), StatusCode::kPermissionDenied);
}

TEST_F(Loading, FolderWritableByOthers_IsRefused) {
  install(kBrevity, "brevity");
  ::chmod(folder_.path().c_str(), 0777);
  EXPECT_EQ(registry_.load_folder(folder_.path()).code(), StatusCode::kPermissionDenied);
}

TEST_F(Loading, OwnedBySomeoneElse_IsRefused) {
  const fs::path file = install(kBrevity, "brevity");
  if (::chown(file.c_str(), 65534, 65534) != 0) GTEST_SKIP() << "only root can give a file away";
  EXPECT_NE(problem().find("another user"), std::string::npos);
  EXPECT_EQ(create("brevity").code(), StatusCode::kPermissionDenied);
}

TEST_F(Loading, AllowList_DecidesBeforeLoading) {
  install(kBrevity, "brevity");
  std::string asked;
  aisci::Trust trust;
  trust.allow = [&](const aisci::ComponentInfo& info) {
    asked = info.plugin;
    return false;
  };
  ASSERT_TRUE(registry_.load_folder(folder_.path(), trust).ok());
  EXPECT_EQ(asked, "org.example.brevity");
  EXPECT_EQ(create("brevity").code(), StatusCode::kPermissionDenied);
  EXPECT_FALSE(registry_.list().front().loaded);
}

TEST_F(Loading, SharedObjectThatIsNoPlugin_IsRefused) {
  EXPECT_EQ(registry_.load_plugin(kNoPlugin, kInside).code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(registry_.load_plugin(kNoPlugin, kInside).code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(aisci::write_manifest(kNoPlugin).status().code(), StatusCode::kFailedPrecondition);
}

TEST_F(Loading, FileThatIsNoSharedObject_IsRefused) {
  std::ofstream{folder_.path() / "text.so"} << "not ELF";
  EXPECT_EQ(registry_.load_plugin(folder_.path() / "text.so", kInside).code(), StatusCode::kFailedPrecondition);
  fs::create_directory(folder_.path() / "folder.so");
  EXPECT_EQ(registry_.load_plugin(folder_.path() / "folder.so", kInside).code(), StatusCode::kInvalidArgument);
  ASSERT_EQ(::mkfifo((folder_.path() / "pipe.so").c_str(), 0600), 0);
  EXPECT_EQ(registry_.load_plugin(folder_.path() / "pipe.so", kInside).code(), StatusCode::kInvalidArgument);
}

// The dynamic linker knows a library by its name, and names here are numbers of descriptors: were they closed,
// the second plugin would get the first one's number, and with it the first one's code.
TEST_F(Loading, DescriptorsAreNotReused) {
  const fs::path first = folder_.path() / "first.so";
  const fs::path second = folder_.path() / "second.so";
  fs::copy_file(kBrevity, first);
  fs::copy_file(kVisits, second);
  ASSERT_TRUE(aisci::Registry{}.load_plugin(first, kInside).ok());
  ASSERT_TRUE(registry_.load_plugin(second, kInside).ok());
  EXPECT_TRUE(create("visits").ok());
  EXPECT_EQ(create("brevity").code(), StatusCode::kNotFound);
}

TEST_F(Loading, FirstFolderCounts) {
  const aisci::testing::Folder other;
  install(kBrevity, "brevity");
  fs::copy_file(kBrevity, other.path() / "brevity.so");
  ASSERT_TRUE(aisci::write_manifest(other.path() / "brevity.so").ok());
  ASSERT_TRUE(registry_.load_folder(other.path()).ok());
  ASSERT_TRUE(registry_.load_folder(folder_.path()).ok());
  const std::vector<aisci::ComponentInfo> found = registry_.list();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].problem, "");
  EXPECT_EQ(found[0].path, fs::canonical(other.path() / "brevity.so"));
  EXPECT_NE(found[1].problem.find("came first"), std::string::npos);
}

TEST_F(Loading, FolderListedTwice_AddsNothing) {
  install(kBrevity, "brevity");
  fs::copy_file(kVisits, folder_.path() / "visits.so");  // without a manifest
  ASSERT_TRUE(registry_.load_folder(folder_.path()).ok());
  ASSERT_TRUE(registry_.load_folder(folder_.path()).ok());
  EXPECT_EQ(registry_.list().size(), 2u);
}

TEST_F(Loading, BrokenPluginIsNotReplacedByALaterOne) {
  const aisci::testing::Folder other;
  fs::copy_file(kBrevity, other.path() / "brevity.so");
  ASSERT_TRUE(aisci::write_manifest(other.path() / "brevity.so").ok());
  fs::remove(install(kBrevity, "brevity"));
  ASSERT_TRUE(registry_.load_folder(folder_.path()).ok());
  ASSERT_TRUE(registry_.load_folder(other.path()).ok());
  EXPECT_EQ(create("brevity").code(), StatusCode::kNotFound);
}

// What a manifest requires.
class Needs : public Loading {
 protected:
  void require(const fs::path& from, const std::string& name, std::vector<std::string> needs) {
    ASSERT_TRUE(aisci::write_manifest(install(from, name), {aisci::Isolation::kAuto, std::move(needs)}).ok());
  }
  std::string refusal(const std::string& id, const aisci::HostServices& services = {}) {
    const aisci::Status status = registry_.create_value_function(id, "{}", services).status();
    EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition) << status.to_string();
    return status.message();
  }
};

TEST_F(Needs, HostServiceThatIsNotOffered_StopsTheCreation) {
  require(kBrevity, "brevity", {"aisci.host.model-task/1", "aisci.host.rng/1"});
  EXPECT_EQ(problem(), "");
  EXPECT_EQ(registry_.list().front().needs, (std::vector<std::string>{"aisci.host.model-task/1", "aisci.host.rng/1"}));
  EXPECT_NE(refusal("brevity").find("aisci.host.model-task/1, which is not offered here; name a model with --llm"),
            std::string::npos);
  aisci::HostServices services;
  services.model_task = [](const auto&, const auto&) { return aisci::Result<std::string>{"{}"}; };
  EXPECT_NE(refusal("brevity", services).find("aisci.host.rng/1"), std::string::npos);
  services.further["aisci.host.rng/1"] = [](auto, auto, auto, const auto&) { return aisci::Result<std::string>{"1"}; };
  EXPECT_TRUE(registry_.create_value_function("brevity", "{}", services).ok());
}

TEST_F(Needs, ComponentThatIsMissing_IsNamed) {
  require(kBrevity, "brevity", {"value_function/visits"});
  EXPECT_EQ(problem(), "");
  EXPECT_NE(refusal("brevity").find("value_function/brevity requires value_function/visits, and there is no"),
            std::string::npos);
  install(kVisits, "visits");
  ASSERT_TRUE(registry_.load_folder(folder_.path()).ok());
  EXPECT_TRUE(create("brevity").ok());
}

TEST_F(Needs, ComponentThatCannotBeUsed_SaysWhy) {
  require(kBrevity, "brevity", {"value_function/visits"});
  fs::remove(install(kVisits, "visits"));
  ASSERT_TRUE(registry_.load_folder(folder_.path()).ok());
  EXPECT_NE(refusal("brevity").find("which cannot be used: "), std::string::npos);
}

TEST_F(Needs, Circle_IsRefusedBeforeAnythingRuns) {
  require(kBrevity, "brevity", {"value_function/visits"});
  require(kVisits, "visits", {"value_function/brevity"});
  ASSERT_TRUE(registry_.load_folder(folder_.path()).ok());
  EXPECT_EQ(refusal("brevity"),
            "value_function/brevity requires value_function/visits requires value_function/brevity: a circle");
}

TEST_F(Needs, WordsThatNameNothing_AreNotWritten) {
  const fs::path file = install(kBrevity, "brevity");
  for (const char* need : {"", "a model", "aisci.host.model-task", "retriever/", "shelf/arxiv", "/1"})
    EXPECT_EQ(aisci::write_manifest(file, {aisci::Isolation::kAuto, {need}}).status().code(),
              StatusCode::kInvalidArgument)
        << need;
}

TEST_F(Needs, WishForAProcess_IsHeard) {
  ASSERT_TRUE(aisci::write_manifest(install(kBrevity, "brevity"), {aisci::Isolation::kInProcess, {}}).ok());
  EXPECT_NE(read(folder_.path() / "brevity.aisci.json").find("in-process"), std::string::npos);
}

TEST(Manifest, ReadsWhatItWrites) {
  aisci::host::Manifest manifest{"org.example.x",
                                 "2.0.0",
                                 1,
                                 3,
                                 2,
                                 {{"agent", "a"}, {"writer", "w"}},
                                 std::string(64, 'a'),
                                 "process",
                                 {"aisci.host.rng/1", "retriever/arxiv"}};
  const aisci::Result<aisci::host::Manifest> back = aisci::host::parse_manifest(aisci::host::to_text(manifest), "x");
  ASSERT_TRUE(back.ok()) << back.status().to_string();
  EXPECT_EQ(back->id, "org.example.x");
  EXPECT_EQ(back->version, "2.0.0");
  EXPECT_EQ(back->abi_major, 1);
  EXPECT_EQ(back->abi_minor, 3);
  EXPECT_EQ(back->min_host_minor, 2);
  EXPECT_EQ(back->components, manifest.components);
  EXPECT_EQ(back->sha256, manifest.sha256);
  EXPECT_EQ(back->isolation, "process");
  EXPECT_EQ(back->needs, manifest.needs);
}

TEST(Manifest, EveryWrongMemberIsNamed) {
  const std::string good = aisci::host::to_text({"org.x", "1", 1, 0, 0, {{"agent", "a"}}, std::string(64, 'a')});
  const auto broken = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const aisci::Status status = aisci::host::parse_manifest(text, "m").status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << to;
    return status.message();
  };
  EXPECT_NE(broken("aisci/plugin-manifest/1", "other").find("`$schema`"), std::string::npos);
  EXPECT_NE(broken("\"org.x\"", "7").find("`id`"), std::string::npos);
  EXPECT_NE(broken("\"1.0\"", "\"1.\"").find("`abi`"), std::string::npos);
  EXPECT_NE(broken("\"1.0\"", "\"one\"").find("`abi`"), std::string::npos);
  EXPECT_NE(broken(": 0", ": -4").find("`min_host_minor`"), std::string::npos);
  EXPECT_NE(broken("aaaa", "AAAA").find("`sha256`"), std::string::npos);
  EXPECT_NE(broken("auto", "nowhere").find("`isolation`"), std::string::npos);
  EXPECT_NE(broken("\"agent\"", "null").find("`components`"), std::string::npos);
  EXPECT_NE(broken("\"isolation\"", "\"requires\": [\"a model\"], \"isolation\"").find("`requires`"),
            std::string::npos);
}

TEST(Manifest, IsWrittenBesideThePlugin) {
  const aisci::testing::Folder folder;
  fs::copy_file(kVisits, folder.path() / "visits.so");
  const aisci::Result<fs::path> written = aisci::write_manifest(folder.path() / "visits.so");
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(*written, folder.path() / "visits.aisci.json");
  EXPECT_NE(read(*written).find("org.example.visits"), std::string::npos);
  EXPECT_EQ(aisci::write_manifest(folder.path() / "visits").status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
