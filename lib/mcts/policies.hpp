// The shipped policies by name.
#pragma once

#include <aisci/mcts/search.hpp>

#include <map>
#include <string>

namespace aisci::mcts {

std::map<std::string, Policy>& policies();

// The mean of a node's own observations, shrunk towards the mean of all nodes.
double shrunken_mean(const std::vector<Node>& nodes, std::uint32_t node, double noise);
// The estimated sd of one observation: pooled over replicates, with the option as one prior observation.
double pooled_noise(const std::vector<Node>& nodes, double prior);

}  // namespace aisci::mcts
