// What a Search keeps beside the tree.
#pragma once

#include <aisci/mcts/search.hpp>

#include <limits>

#include "mcts/belief.hpp"

namespace aisci::mcts {

struct Search::Inside {
  Model model;
  Tally tally;
  double highest = -std::numeric_limits<double>::infinity();
  double cost = 0;
  std::uint32_t finished = 0, since_gain = 0;
  // What noise() pools: squared deviations and their degrees of freedom.
  double squares = 0, degrees = 0;
  // By node, the values backed up through it in order of size; kept for Backup::kMax and kQuantile alone.
  std::vector<std::vector<double>> backed_up;

  // Each member but the model, for a snapshot; stops at the first false.
  template <typename Each>
  bool visit(Each&& each) {
    return each(tally) && each(highest) && each(cost) && each(finished) && each(since_gain) && each(squares) &&
           each(degrees);
  }
};

// What the last eight bytes of a snapshot say of those before them.
std::uint64_t snapshot_checksum(const char* data, std::size_t size);

}  // namespace aisci::mcts
