// A host that loads every plugin it is given into one process and asks each for a score. Built twice, against the
// shared and against a static C++ runtime: a plugin brings its own, and they do not meet.
//   abi_host PLUGIN...        prints "FILE: component VALUE" a line; exit code 1 when one fails
#include <aisci/registry.hpp>

#include <cstdio>
#include <memory>
#include <vector>

int main(int argc, char** argv) {
  // All stay loaded until the end: two versions of one component, and several C++ runtimes, in one process.
  std::vector<std::unique_ptr<aisci::Registry>> registries;
  bool failed = argc < 2;
  for (int i = 1; i < argc; ++i) {
    auto& registry = *registries.emplace_back(std::make_unique<aisci::Registry>());
    aisci::Trust trust;
    trust.isolation = aisci::Isolation::kInProcess;
    if (const aisci::Status status = registry.load_plugin(argv[i], trust); !status.ok()) {
      std::printf("%s: %s\n", argv[i], status.to_string().c_str());
      failed = true;
      continue;
    }
    for (const auto& info : registry.list()) {
      if (info.kind != "value_function") continue;
      const auto made = registry.create_value_function(info.id);
      aisci::NodeView node;
      node.visits = 1;
      aisci::Score score;
      const aisci::Status status = made.ok() ? (*made)->evaluate({&node, 1}, {&score, 1}, {}) : made.status();
      // A foreign exception must not cross: a configuration that is no JSON makes the SDK throw inside.
      const auto broken = registry.create_value_function(info.id, "{");
      const bool sound = status.ok() && score.code == aisci::StatusCode::kOk && score.value >= 0 && score.value <= 1 &&
                         (broken.ok() || broken.status().code() == aisci::StatusCode::kInvalidArgument);
      std::printf("%s: %s %.3f%s\n", argv[i], info.id.c_str(), score.value,
                  sound ? "" : (" FAILED " + status.to_string() + "; " + broken.status().to_string()).c_str());
      failed |= !sound;
    }
  }
  return failed ? 1 : 0;
}
