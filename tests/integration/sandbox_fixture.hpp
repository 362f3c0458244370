// One sandbox, one session, one folder: programs run in a shipped sandbox, and what came back.
#pragma once

#include <gtest/gtest.h>
#include <aisci/registry.hpp>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/files.hpp"
#include "base/json.hpp"
#include "support/folder.hpp"

namespace aisci::testing {

namespace fs = std::filesystem;

struct Ran {
  Exit exit;
  std::string output, errors;
  json::object record;  // the completion record
};

class SandboxTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(registry_.load_folder(fs::path{AISCI_BINARY_DIR} / "lib/aisci/plugins/abi1").ok());
    auto sandbox = registry_.create_sandbox(GetParam());
    ASSERT_TRUE(sandbox.ok()) << sandbox.status().to_string();
    sandbox_ = *sandbox;
    auto session = sandbox_->open("{}", {});
    ASSERT_TRUE(session.ok()) << session.status().to_string();
    session_ = std::move(*session);
  }

  json::object spec(const std::string& script, double wall_seconds = 20) const {
    fs::create_directories(root() / "job");
    fs::create_directories(root() / "results");
    std::ofstream{root() / "job" / "script.sh"} << script;
    return {{"folder", root().string()},
            {"argv", json::array{"/bin/sh", "/job/script.sh"}},
            {"environment", json::object{{"GIVEN", "yes"}}},
            {"job", (root() / "job").string()},
            {"results", (root() / "results").string()},
            {"mounts", json::array{}},
            {"directory", "/results"},
            {"wall_seconds", wall_seconds},
            {"memory_mb", 1024},
            {"results_mb", 20},
            {"output_mb", 1},
            {"processes", 64}};
  }

  Ran run(const json::object& what) {
    const auto token = session_->start(json::serialize(what), root().string(), {});
    EXPECT_TRUE(token.ok()) << token.status().to_string();
    return wait();
  }
  Ran run(const std::string& script, double wall_seconds = 20) { return run(spec(script, wall_seconds)); }

  Ran wait() {
    Ran result;
    const auto exit = session_->wait(
        root().string(),
        [&](std::string_view text) {
          result.output += text;
          return Status{};
        },
        [&](std::string_view text) {
          result.errors += text;
          return Status{};
        },
        [&](std::string_view text) {
          result.record = parse_json_object(text, "event").value();
          return Status{};
        },
        {});
    EXPECT_TRUE(exit.ok()) << exit.status().to_string();
    if (exit.ok()) result.exit = *exit;
    return result;
  }

  const fs::path& root() const { return folder_.path(); }

  testing::Folder folder_;
  Registry registry_;
  std::shared_ptr<Sandbox> sandbox_;
  std::unique_ptr<SandboxSession> session_;
};

// Which layers the sandbox says hold here.
inline std::map<std::string, bool> layers_of(Sandbox& sandbox) {
  std::map<std::string, bool> found;
  CallContext call;
  call.on_report = [&](std::string_view key, std::string_view text) {
    if (key != "layers") return;
    const auto list = parse_json(text, "layers").value();
    for (const auto& layer : list.as_array())
      found[text_of(layer.as_object(), "name")] = flag_of(layer.as_object(), "active");
  };
  EXPECT_TRUE(sandbox.open("{}", call).ok());
  return found;
}

}  // namespace aisci::testing
