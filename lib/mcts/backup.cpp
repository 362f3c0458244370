// How values are backed up: along the path from an evaluated node to the root.
#include <algorithm>
#include <cmath>

#include "mcts/inside.hpp"

namespace aisci::mcts {

double Search::Inside::ordered_value(std::uint32_t node, const Options& options) const {
  // No value is below that of a failure, so the failures come first.
  const auto& list = backed_up[node];
  const std::size_t failed = failures_through(node), count = failed + list.size();
  if (count == 0) return 0;
  const double share = options.backup == Backup::kMax ? 1.0 : options.quantile;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(count)));
  const std::size_t place = std::clamp<std::size_t>(rank, 1, count) - 1;
  return place < failed ? failure : list[place - failed];
}

void Search::Inside::forget_last(std::uint32_t node) {
  if (backed_up.size() > node) backed_up.resize(node);
  if (failures.size() > node) failures.resize(node);
  model.forget_last(node);
}

// The lease's work is over.
void Search::settle(const Lease& lease, const Change& change) {
  Inside& in = *inside_;
  const bool ordered = options_.backup != Backup::kMean;
  if (ordered) in.backed_up.resize(nodes_.size());
  if (change.failure) in.failures.resize(nodes_.size());
  for (std::uint32_t at = lease.node;; at = nodes_[at].parent) {
    Node& node = nodes_[at];
    --node.in_flight;
    node.visits -= static_cast<std::uint32_t>(change.gone.size());
    node.visits += static_cast<std::uint32_t>(change.come.size()) + (change.failure ? 1 : 0);
    for (const double value : change.gone) node.sum -= value;
    for (const double value : change.come) node.sum += value;
    if (change.failure) ++in.failures[at], node.sum += in.failure;
    if (ordered) {
      auto& list = in.backed_up[at];
      for (const double value : change.gone)
        if (const auto place = std::lower_bound(list.begin(), list.end(), value); place != list.end())
          list.erase(place);
      for (const double value : change.come) list.insert(std::upper_bound(list.begin(), list.end(), value), value);
      // value() is sum / visits for everyone; here that is the statistic asked for.
      node.sum = in.ordered_value(at, options_) * node.visits;
    }
    if (at == 0) break;
  }
}

// A failure must not beat what was told: those that are backed up sink with the lowest value.
void Search::lower_failure(double value) {
  Inside& in = *inside_;
  const double before = std::exchange(in.failure, value);
  for (std::uint32_t at = 0; at < in.failures.size(); ++at) {
    if (in.failures[at] == 0) continue;
    if (options_.backup == Backup::kMean)
      nodes_[at].sum += in.failures[at] * (value - before);
    else
      nodes_[at].sum = in.ordered_value(at, options_) * nodes_[at].visits;
  }
}

}  // namespace aisci::mcts
