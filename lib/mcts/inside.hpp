// What a Search keeps beside the tree.
#pragma once

#include <aisci/mcts/search.hpp>

#include <limits>
#include <map>
#include <span>
#include <vector>

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
  // What a failed evaluation is backed up as: the lowest of 0 and all values told.
  double failure = 0;
  // By node, how many of them are backed up through it; as long as it must be.
  std::vector<std::uint32_t> failures;
  // By node, the values backed up through it in order of size; kept for Backup::kMax and kQuantile alone.
  std::vector<std::vector<double>> backed_up;
  // The values that are backed up for a node itself, where there are several; a single one is its mean.
  std::map<std::uint32_t, std::vector<double>> several;

  std::uint32_t failures_through(std::uint32_t node) const { return node < failures.size() ? failures[node] : 0; }
  // value() of a node by its backed-up values in order.
  double ordered_value(std::uint32_t node, const Options& options) const;
  // The last node is given back: lists by node end before it.
  void forget_last(std::uint32_t node);

  // Each member but the model, for a snapshot; stops at the first false.
  template <typename Each>
  bool visit(Each&& each) {
    return each(tally) && each(highest) && each(failure) && each(cost) && each(finished) && each(since_gain) &&
           each(squares) && each(degrees);
  }
};

// What becomes of the values backed up along a lease's path.
struct Search::Change {
  std::span<const double> gone = {}, come = {};
  bool failure = false;  // one more failed evaluation
};

// What the last eight bytes of a snapshot say of those before them.
std::uint64_t snapshot_checksum(const char* data, std::size_t size);

}  // namespace aisci::mcts
