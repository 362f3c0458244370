// What settling an experiment needs to know and may change.
#pragma once

#include "research/flow.hpp"

namespace aisci {

struct Flow::Attempts {
  std::string key;         // of its event
  Experiment& experiment;  // replaced when the recipe changes
  Plan& plan;              // of the node or claim
  const json::object& hypothesis;
  std::vector<Retry>& retries;
  TrialListener listener;
  std::function<std::vector<Trial>(const Plan&)> all_trials;  // every arm and block of the node or claim
};

}  // namespace aisci
