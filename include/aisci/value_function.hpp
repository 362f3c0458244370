// ValueFunction: what a node of the search tree is worth, 0 to 1.
//
//   class Brevity final : public aisci::ValueFunction {
//    public:
//     aisci::Status evaluate(std::span<const aisci::NodeView> nodes, std::span<aisci::Score> scores,
//                            const aisci::CallContext&) override {
//       for (std::size_t i = 0; i < nodes.size(); ++i)
//         scores[i].value = 1.0 / (1.0 + static_cast<double>(nodes[i].document("code").size()) / 4000.0);
//       return {};
//     }
//   };
//   registry.register_component<aisci::ValueFunction>("brevity", std::make_shared<Brevity>());
//
// The same nodes must get the same scores: no clock, no unseeded random numbers. What a value is made of may
// be told with call.report("score", R"({"node":3,"parts":{"novelty":0.5},"not_assessed":["impact"]})"); with
// "weights":{"novelty":1} the paper says what each part weighs.
//
// Threads: aisci makes one call at a time on one object.
// Since 0.1.
#pragma once

#include <aisci/call_context.hpp>
#include <aisci/export.hpp>

#include <span>
#include <vector>

namespace aisci {

struct Metric {
  std::string name;
  double value = 0;
};

// A node as a value function sees it; valid during the call.
struct NodeView {
  std::uint64_t id = 0;      // 3 is "n3" in documents; 0 is the root, the question
  std::uint64_t parent = 0;  // the root's: 0
  std::uint32_t depth = 0;
  std::uint64_t visits = 0;
  std::vector<Metric> metrics;  // sorted by name
  // Documents by name: "hypothesis", "plan", "evidence", "code". NOT_FOUND when there is none. The text must
  // stay valid until the call returns.
  std::function<Result<std::string_view>(std::string_view)> blob;

  // The document, or "" when there is none.
  std::string_view document(std::string_view name) const { return blob ? blob(name).value_or({}) : std::string_view{}; }
};

struct Score {
  double value = 0;
  std::optional<double> stddev;       // how uncertain the value is
  StatusCode code = StatusCode::kOk;  // otherwise: why this node has no value; the others still count
};

class AISCI_API ValueFunction {
 public:
  virtual ~ValueFunction() = default;
  // Fills scores[i] for nodes[i]; both have the same length.
  virtual Status evaluate(std::span<const NodeView> nodes, std::span<Score> scores, const CallContext& call) = 0;
};

}  // namespace aisci
