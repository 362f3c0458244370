// The value function novelty_significance_feasibility: 0.3 novelty + 0.4 significance + 0.1 feasibility + 0.2 impact.
//
// A part that the node has no metric for was not assessed: its weight is taken out, the others are scaled up to one,
// and the call reports it, so that the paper can say so. Configuration: {"weights": {"novelty": 0.3, ...}}.
#include <aisci/plugin/json.hpp>
#include <aisci/plugin/value_function.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace json = aisci::plugin::json;
using aisci::plugin::Code;
using aisci::plugin::Error;

class NoveltySignificanceFeasibility final : public aisci::plugin::ValueFunction {
 public:
  explicit NoveltySignificanceFeasibility(const aisci::plugin::Setup& setup) {
    const json::Value config = json::parse(setup.config_json);
    for (const json::Member& member : config["weights"].members()) {
      const auto known = std::find_if(weights_.begin(), weights_.end(),
                                      [&](const auto& weight) { return weight.first == member.name; });
      if (known == weights_.end())
        throw Error{Code::kInvalidArgument, "weights: there is no part \"" + member.name +
                                                "\"; parts are novelty, significance, feasibility, impact"};
      known->second = member.value.number(-1);
      if (!(known->second >= 0))
        throw Error{Code::kInvalidArgument, "weights: " + member.name + " must be a number of at least 0"};
    }
    double sum = 0;
    for (const auto& [name, weight] : weights_) sum += weight;
    if (!(sum > 0)) throw Error{Code::kInvalidArgument, "weights: at least one must be above 0"};
  }

  aisci::plugin::Score evaluate(const aisci::plugin::NodeView& node, aisci::plugin::Call& call) override {
    double value = 0, assessed = 0;
    json::Value parts;
    json::Value::Array not_assessed;
    for (const auto& [name, weight] : weights_) {
      if (weight == 0) continue;
      if (const auto metric = node.metric(name)) {
        const double part = std::clamp(*metric, 0.0, 1.0);
        value += weight * part;
        assessed += weight;
        parts.set(name, part);
      } else {
        not_assessed.push_back(name);
      }
    }
    json::Value report;
    report.set("node", static_cast<std::int64_t>(node.id())).set("parts", parts).set("not_assessed", not_assessed);
    call.report("score", json::write(report));
    if (assessed == 0) throw Error{Code::kFailedPrecondition, "no part of the value could be assessed"};
    return {.value = value / assessed};
  }

 private:
  std::vector<std::pair<std::string, double>> weights_{
      {"novelty", 0.3}, {"significance", 0.4}, {"feasibility", 0.1}, {"impact", 0.2}};
};

}  // namespace

AISCI_PLUGIN("org.aisci.value-functions", "0.1.0",
             AISCI_VALUE_FUNCTION("novelty_significance_feasibility", NoveltySignificanceFeasibility))
