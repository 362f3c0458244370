// The value function novelty_significance_feasibility: 0.3 novelty + 0.4 significance + 0.1 feasibility + 0.2 impact.
//
// Novelty, significance and feasibility are the node's metrics. Impact is a model's judgement of how much would follow
// from knowing whether the hypothesis holds. It reads the hypothesis and no result, so a replicate asks nothing again,
// and how sure the result is counts once, as significance.
#include "value_functions/parts.hpp"

namespace {

namespace kit = aisci::kit;
namespace values = aisci::values;

class NoveltySignificanceFeasibility final : public aisci::plugin::ValueFunction {
 public:
  explicit NoveltySignificanceFeasibility(const aisci::plugin::Setup& setup)
      : parts_{setup, {{"novelty", 0.3}, {"significance", 0.4}, {"feasibility", 0.1}, {"impact", 0.2}}, "impact"},
        impact_{setup, "value.impact"} {}

  aisci::plugin::Score evaluate(const aisci::plugin::NodeView& node, aisci::plugin::Call& call) override {
    return parts_.score(node, call, [&](const std::string& part) {
      return part == "impact" ? values::Part::of(impact_.of(judged(node), call)) : values::metric(node, part);
    });
  }

 private:
  static json::object judged(const aisci::plugin::NodeView& node) {
    const json::object hypothesis = values::document_of(node, "hypothesis");
    json::object input;
    if (kit::text_of(hypothesis, "statement").empty()) return input;
    for (const char* member : {"statement", "rationale", "population", "expected"})
      if (kit::has(hypothesis, member)) input[member] = hypothesis.at(member);
    return input;
  }

  values::Parts parts_;
  values::Judgement impact_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.value-functions", "0.1.0",
             AISCI_VALUE_FUNCTION("novelty_significance_feasibility", NoveltySignificanceFeasibility))
