#include "research/curves.hpp"

#include <aisci/statistics/statistics.hpp>
#include <map>

#include "base/files.hpp"

namespace aisci {

json::object mean_curves(const std::filesystem::path& trials_folder, const Plan& plan,
                         const std::vector<ScoredTrial>& trials) {
  std::map<std::string, std::map<std::string, std::map<double, std::vector<double>>>> values;  // arm, curve, step
  std::map<std::string, std::size_t> blocks;
  for (const auto& scored : trials) {
    const auto text = read_file(trials_folder / scored.trial.id / "metrics.json");
    if (!text.ok()) continue;
    const auto document = parse_json_object(*text, "trial");
    if (!document.ok()) continue;
    ++blocks[scored.trial.arm];
    for (const auto& curve : object_of(*document, "curves")) {
      if (!curve.value().is_array()) continue;
      for (const auto& point : curve.value().get_array()) {
        if (point.is_array() && point.get_array().size() == 2)
          values[scored.trial.arm][std::string{curve.key()}][as_number(point.get_array()[0])].push_back(
              as_number(point.get_array()[1]));
      }
    }
  }
  json::object out;
  for (const auto& arm : plan.arms) {
    json::object curves;
    for (const auto& [name, steps] : values[arm.id]) {
      json::array points;
      for (const auto& [step, samples] : steps) {
        if (samples.size() != blocks[arm.id]) continue;
        const auto interval = statistics::paired_t(samples, 0.95);
        if (interval.ok()) points.push_back(json::array{step, interval->mean, interval->lower, interval->upper});
      }
      curves[name] = std::move(points);
    }
    out[arm.id] = std::move(curves);
  }
  return out;
}

}  // namespace aisci
