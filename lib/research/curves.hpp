// Training curves of an experiment, averaged over its blocks.
#pragma once

#include <filesystem>
#include <vector>

#include "research/plan.hpp"
#include "research/trials.hpp"

namespace aisci {

// {arm: {curve: [[step, mean, lower, upper], ...]}}: mean and 95 % t interval over the blocks at each step that every
// block reports. Read from the trials' files; what cannot be read is left out.
json::object mean_curves(const std::filesystem::path& trials_folder, const Plan& plan,
                         const std::vector<ScoredTrial>& trials);

}  // namespace aisci
