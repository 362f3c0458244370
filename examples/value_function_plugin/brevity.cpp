// A value function that likes short programs: the whole of a plugin.
//
//   cmake -B build && cmake --build build          (find_package(aisci COMPONENTS plugin_sdk), aisci_add_plugin)
// or, without CMake:
//   g++ -std=c++20 -O2 -fPIC -shared -fvisibility=hidden -I PREFIX/include brevity.cpp -o brevity.so
//   aisci plugin manifest brevity.so
// and then
//   aisci run "QUESTION" --plugins FOLDER --value-function brevity
#include <aisci/plugin/json.hpp>
#include <aisci/plugin/value_function.hpp>

using namespace aisci::plugin;

struct Brevity final : ValueFunction {
  explicit Brevity(const Setup& setup) : half_{json::parse(setup.config_json)["half"].number(4000.0)} {}

  // 1 for an empty program, a half for one of `half` bytes.
  Score evaluate(const NodeView& node, Call&) override {
    return {.value = half_ / (half_ + static_cast<double>(node.blob("code").size()))};
  }

  double half_;
};

AISCI_PLUGIN("org.example.brevity", "1.0.0", AISCI_VALUE_FUNCTION("brevity", Brevity))
