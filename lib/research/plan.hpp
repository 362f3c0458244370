// The plan of an experiment, fixed before its first run: arms, blocks, contrast, limits.
//
// A plan comes from the design role as a document (docs/guide/documents.md, "plan") and is read
// here into a value; everything that runs, scores or tests an experiment works from that value.
#pragma once

#include <aisci/status.hpp>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace aisci {

// A level of a factor as text refers to it: relu, 200, 0.05.
std::string level_name(const json::value& level);

struct Arm {
  std::string id;       // "gelu" or "gelu-100"
  std::string label;    // "GELU"
  json::object config;  // every factor of the template has a value
};

// The number that answers the hypothesis, computed per block: sum of weight x metric of the arm.
struct Contrast {
  enum class Scale { kLinear, kLogit };
  std::string kind = "difference";  // or "interaction"
  Scale scale = Scale::kLinear;
  std::map<std::string, double> weights;  // arm -> weight; they sum to zero
  int predicted_sign = 1;                 // of the contrast, by the hypothesis
  // Inputs that a score is a share of: on the logit scale a score stays half an observation away from its ends.
  double observations = 450;

  // Positive weights first, in the plan's order of arms: the order in which text names them.
  std::vector<std::string> arms_in_order;
};

struct Plan {
  std::string title;
  std::string metric;
  std::string metric_direction;  // "higher" or "lower" is better
  std::vector<Arm> arms;
  std::string baseline;
  Contrast contrast;
  int blocks = 5;
  double alpha = 0.05;
  double smallest_effect = 0;  // in the units of the contrast's scale
  std::vector<std::string> program;
  std::vector<std::string> files;
  double memory_mb = 2048;
  double wall_seconds_per_trial = 60;
  int gpus = 0;                  // that the program can use, where there are any
  double seconds_per_trial = 1;  // declared cost
  double seconds_per_process = 1;
  json::object document;  // as the design role gave it

  const Arm* arm(std::string_view id) const;
};

// INVALID_ARGUMENT names the member that is missing or wrong.
Result<Plan> read_plan(const json::object& document);

// What one run may use, from `limits` of a plan or a template.
void read_limits(const json::object& document, Plan& plan);

// What one run of `blocks` blocks is declared to cost, in seconds of one processor.
double declared_cost(const Plan& plan, int blocks);

}  // namespace aisci
