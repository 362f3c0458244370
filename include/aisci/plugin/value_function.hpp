// A value function: what a node of the search tree is worth, 0 to 1.
//
//   #include <aisci/plugin/value_function.hpp>
//
//   struct Brevity final : aisci::plugin::ValueFunction {
//     aisci::plugin::Score evaluate(const aisci::plugin::NodeView& node, aisci::plugin::Call&) override {
//       return {.value = 1.0 / (1.0 + double(node.blob("code").size()) / 4000.0)};
//     }
//   };
//   AISCI_PLUGIN("org.example.brevity", "1.0.0", AISCI_VALUE_FUNCTION("brevity", Brevity))
//
// The same node must get the same score: no clock, no unseeded random numbers. What a value is made of may be
// told with call.report("score", R"({"node":3,"parts":{"novelty":0.5},"not_assessed":["impact"]})"); with
// "weights":{"novelty":1} the paper says what each part weighs.
//
// Threads: one call at a time on one instance, unless the class says kConcurrent (plugin.hpp).
// Since 0.1.
#pragma once

#include <aisci/abi/kinds/value_function.h>
#include <aisci/plugin/plugin.hpp>

#include <cstddef>
#include <new>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace aisci::plugin {

struct Score {
  double value = 0.0;
  std::optional<double> stddev{};  // how uncertain the value is
  Code code = Code::kOk;           // otherwise: why this node has no value
};

// A node; valid during the call.
class NodeView {
 public:
  NodeView() noexcept = default;  // of no node
  explicit NodeView(const aisci_node_t* raw) noexcept : raw_{raw} {}

  std::uint64_t id() const noexcept { return raw_->id; }          // 3 is "n3" in documents; 0 is the root
  std::uint64_t parent() const noexcept { return raw_->parent; }  // the root's: 0
  std::uint32_t depth() const noexcept { return raw_->depth; }
  std::uint64_t visits() const noexcept { return raw_->visits; }

  std::optional<double> metric(std::string_view name) const noexcept {
    for (std::uint64_t i = 0; i < raw_->metric_count; ++i)
      if (detail::view(raw_->metrics[i].name) == name) return raw_->metrics[i].value;
    return std::nullopt;
  }

  // A document of the node: "hypothesis", "plan", "evidence", "code". Empty when it has none. Throws Error when the
  // host cannot get it.
  std::string_view blob(std::string_view name) const {
    aisci_bytes_t out{nullptr, 0};
    const std::int32_t code = AISCI_HAS(raw_, blob) ? raw_->blob(raw_, detail::bytes(name), &out) : AISCI_NOT_FOUND;
    if (code == AISCI_NOT_FOUND) return {};
    if (code != AISCI_OK) throw Error{static_cast<Code>(code), "cannot get " + std::string{name} + " of a node"};
    return detail::view(out);
  }

 private:
  const aisci_node_t* raw_ = nullptr;
};

class ValueFunction {
 public:
  struct Kind;
  virtual ~ValueFunction() = default;

  virtual Score evaluate(const NodeView& node, Call& call) = 0;

  // All nodes of one call. Override it when they are cheaper together; as it is, each by itself: what one throws
  // becomes that node's code, and the others still count. Both have the same length; a score starts as {}.
  virtual void evaluate_batch(std::span<const NodeView> nodes, std::span<Score> scores, Call& call) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (i > 0 && call.is_cancelled()) throw Error{Code::kCancelled, "stopped"};
      try {
        ::new (&scores[i]) Score(evaluate(nodes[i], call));  // made in its place: a copy costs more than the call
      } catch (const Error& error) {
        if (error.code() == Code::kCancelled) throw;
        ::new (&scores[i]) Score{.code = error.code()};
        call.log(Level::kWarning, "node " + std::to_string(nodes[i].id()) + ": " + error.message());
      }
    }
  }
};

struct ValueFunction::Kind {
  static constexpr const char* kName = "value_function";
  static constexpr const char* kInterface = AISCI_VALUE_FUNCTION_1;

  static std::int32_t evaluate(aisci_instance_t* instance, const aisci_call_t* raw, const aisci_node_t* const* nodes,
                               std::uint64_t count, aisci_score_t* out) noexcept {
    return detail::answer<ValueFunction>(instance, raw, [&](ValueFunction& object, Call& call) {
      // Up to sixteen on the stack, where only what is used is set; more on the heap.
      static_assert(std::is_trivially_destructible_v<NodeView> && std::is_trivially_destructible_v<Score>);
      alignas(NodeView) std::byte few_views[kFew * sizeof(NodeView)];
      alignas(Score) std::byte few_scores[kFew * sizeof(Score)];
      std::vector<std::byte> many;
      std::byte* views = few_views;
      std::byte* scores = few_scores;
      if (count > kFew) {
        many.resize(count * (sizeof(NodeView) + sizeof(Score)));
        scores = many.data();  // from new: aligned for both
        views = scores + count * sizeof(Score);
      }
      fill(object, call, nodes, count, views, scores, out);
    });
  }

  static const void* table() noexcept;

 private:
  static constexpr std::uint64_t kFew = 16;
  static void fill(ValueFunction& object, Call& call, const aisci_node_t* const* nodes, std::uint64_t count,
                   std::byte* views_at, std::byte* scores_at, aisci_score_t* out) {
    auto* const views = reinterpret_cast<NodeView*>(views_at);
    auto* const scores = reinterpret_cast<Score*>(scores_at);
    for (std::uint64_t i = 0; i < count; ++i) {
      ::new (views + i) NodeView{nodes[i]};
      ::new (scores + i) Score{};
    }
    object.evaluate_batch({views, count}, {scores, count}, call);
    for (std::uint64_t i = 0; i < count; ++i) {
      const Score& score = scores[i];
      out[i] = {score.value, score.stddev.value_or(0.0), score.stddev ? AISCI_SCORE_HAS_STDDEV : 0u,
                static_cast<std::int32_t>(score.code)};
    }
  }
};

namespace detail {
AISCI_SDK_LOCAL inline constexpr aisci_value_function_t kValueFunctionTable{sizeof(aisci_value_function_t), 0,
                                                                            &ValueFunction::Kind::evaluate};
}
inline const void* ValueFunction::Kind::table() noexcept { return &detail::kValueFunctionTable; }

}  // namespace aisci::plugin

#define AISCI_VALUE_FUNCTION(id, Class) ::aisci::plugin::detail::entry<::aisci::plugin::ValueFunction, Class>(id)
