// A comparison as a table for people and as JSON.
#include <aisci/compare_policies.hpp>
#include <aisci/statistics/bootstrap.hpp>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"

namespace aisci {

std::string to_text(const Comparison& comparison) {
  std::size_t width = 6;
  for (const auto& score : comparison.policies) width = std::max(width, score.policy.size());
  const auto cell = [](std::string text, std::size_t columns) {
    text.resize(std::max(columns, text.size()), ' ');
    return text;
  };
  const std::string interval =
      comparison.repetitions < statistics::kLeastBootstrapValues ? "95 % (t)" : "95 % (bootstrap)";
  std::string out = cell("policy", width) + "  " + cell(comparison.measure, 8) + "  " + cell(interval, 20) + "  " +
                    cell("difference to " + comparison.policies[0].policy, 34) + "  replicates  failed\n";
  for (const auto& score : comparison.policies) {
    std::string difference;
    if (!score.against_first.empty())
      difference = fixed(score.difference, 4) + " (" + fixed(score.difference_lower, 4) + " to " +
                   fixed(score.difference_upper, 4) + ") " + score.against_first;
    out += cell(score.policy, width) + "  " + cell(fixed(score.mean, 4), 8) + "  " +
           cell(fixed(score.lower, 4) + " to " + fixed(score.upper, 4), 20) + "  " + cell(difference, 34) + "  " +
           cell(fixed(score.replicates, 1), 10) + "  " + fixed(score.failed, 1) + "\n";
    if (score.unpublished)
      out += cell("", width) + "  published nothing in " + std::to_string(score.unpublished) +
             " repetitions, which count as the worst value seen\n";
  }
  out += comparison.measure == "regret"
             ? "Regret, lower is better: 0 is the top hundredth of the rows, 1 the median row."
             : "Score of what was published, in evaluations no search saw; higher is better.";
  out += " " + std::to_string(comparison.repetitions) + " repetitions of " + std::to_string(comparison.budget) +
         " evaluations; " + std::to_string(comparison.evaluated) + " evaluated, " + std::to_string(comparison.reused) +
         " reused.\n";
  if (comparison.measure == "score")
    for (const auto& score : comparison.policies)
      if (score.most_published_by)
        out += score.policy + " published most often (" + std::to_string(score.most_published_by) + " of " +
               std::to_string(comparison.repetitions) + "): " + score.most_published + "\n";
  return out;
}

std::string to_json(const Comparison& comparison) {
  json::array policies;
  for (const auto& score : comparison.policies) {
    json::object one{{"policy", score.policy},
                     {"mean", score.mean},
                     {"interval", {score.lower, score.upper}},
                     {"values", json::array(score.values.begin(), score.values.end())},
                     {"nodes", score.nodes},
                     {"replicates", score.replicates},
                     {"failed", score.failed},
                     {"unpublished", score.unpublished},
                     {"most_published", score.most_published},
                     {"most_published_by", score.most_published_by}};
    if (!score.against_first.empty()) {
      one["difference"] = score.difference;
      one["difference_interval"] = {score.difference_lower, score.difference_upper};
      one["against_first"] = score.against_first;
    }
    policies.push_back(std::move(one));
  }
  return json::serialize(json::object{{"schema", "aisci/policy-comparison/1"},
                                      {"measure", comparison.measure},
                                      {"budget", comparison.budget},
                                      {"repetitions", comparison.repetitions},
                                      {"evaluated", comparison.evaluated},
                                      {"reused", comparison.reused},
                                      {"policies", std::move(policies)}}) +
         "\n";
}

}  // namespace aisci
