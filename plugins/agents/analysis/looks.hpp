// How an arm is drawn, the same in every figure of a paper: a place among the colours, markers and lines of
// data/figures/style.py for the side of a comparison, and a variant for the condition that it ran in.
//
// The first two places belong to baseline and treatment of the claim that the question is nearest to. Any thread that
// owns the object. Since 0.1.
#pragma once

#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::analysis {

class Looks {
 public:
  // Baseline and treatment of each hypothesis get their places in this order.
  explicit Looks(const std::vector<const json::object*>& hypotheses);

  // Sets `look` and `variant` of an arm that is drawn, by what its plan says of it ({"config", "label"}).
  void dress(json::object& drawn, const json::object& hypothesis, const json::object& planned);
  // The same for a level of a factor.
  void dress(json::object& drawn, const std::string& factor, const json::value& level);

  // The arms of an experiment, baseline before treatment, condition by condition.
  static std::vector<const json::object*> in_order(const json::object& plan, const json::object& hypothesis);

 private:
  std::int64_t place(const std::string& side);

  std::vector<std::string> sides_;
};

}  // namespace aisci::analysis
