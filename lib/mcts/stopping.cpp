#include <aisci/mcts/search.hpp>

#include <cmath>

namespace aisci::mcts {

Stop stop_at_value(double value) {
  return {"value", [value](const Progress& progress) {
            const auto best = progress.search.best();
            return best && progress.search.posterior(*best) >= value;
          }};
}

Stop stop_without_gain(std::uint32_t tells) {
  return {"patience", [tells](const Progress& progress) { return progress.since_gain >= tells; }};
}

Stop stop_when_sure(double chance) {
  return {"sure", [chance](const Progress& progress) {
            const auto best = progress.search.top(2);
            if (best.size() < 2) return false;
            const Belief& belief = progress.search.belief();
            const double lead = belief.mean[best[0]] - belief.mean[best[1]];
            const double sd = std::hypot(belief.sd[best[0]], belief.sd[best[1]]);
            return 0.5 * std::erfc(-lead / sd * 0.70710678118654752) >= chance;
          }};
}

Stop stop_when_all(std::vector<Stop> stops) {
  std::string name;
  for (const auto& stop : stops) name += (name.empty() ? "" : "+") + stop.name;
  return {name, [stops = std::move(stops)](const Progress& progress) {
            for (const auto& stop : stops)
              if (!stop.fired(progress)) return false;
            return !stops.empty();
          }};
}

}  // namespace aisci::mcts
