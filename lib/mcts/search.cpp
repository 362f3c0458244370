#include <aisci/mcts/search.hpp>

#include <cmath>

#include "mcts/policies.hpp"

namespace aisci::mcts {

Status register_policy(const std::string& name, Policy policy) {
  if (!policies().emplace(name, std::move(policy)).second) return already_exists("there is a policy " + name + " already");
  return {};
}

std::vector<std::string> policy_names() {
  std::vector<std::string> names;
  for (const auto& [name, policy] : policies()) names.push_back(name);
  return names;
}

bool Tree::expandable(std::uint32_t index) const {
  const Node& node = nodes[index];
  if (index == 0 || !options.expand || !node.open || node.failed || node.own == 0) return false;
  return node.depth < options.depth && node.children < options.width && node.mean >= options.pruning;
}

Search::Search(const Options& options, Policy policy) : options_{options}, policy_{std::move(policy)}, nodes_(1) {}

Result<Search> Search::create(const Options& options) {
  const auto policy = policies().find(options.policy);
  if (policy == policies().end()) {
    std::string known;
    for (const auto& name : policy_names()) known += (known.empty() ? "" : ", ") + name;
    return invalid_argument("unknown policy \"" + options.policy + "\"; known are " + known);
  }
  if (options.budget == 0 || options.depth == 0 || options.width == 0) return invalid_argument("budget, depth and width of a search must be at least 1");
  if (!std::isfinite(options.exploration) || !(options.noise > 0)) return invalid_argument("exploration must be finite and noise positive");
  return Search{options, policy->second};
}

Tree Search::view() const {
  const std::uint32_t width = options_.expand ? std::max(options_.width, options_.drafts) : options_.drafts;
  return {nodes_, options_, started_, noise(), nodes_[0].open && nodes_[0].children < width};
}

std::optional<Lease> Search::ask() {
  if (!ended_by_.empty()) return std::nullopt;
  if (started_ >= options_.budget || expansions_ >= options_.iterations) {
    ended_by_ = started_ >= options_.budget ? "budget" : "iterations";
    return std::nullopt;
  }
  const std::uint64_t ticket = tickets_ + 1;
  Random random = Random{options_.seed}.fork(ticket);
  const auto choice = policy_(view(), random);
  if (!choice) {
    if (pending() == 0) ended_by_ = "exhausted";
    return std::nullopt;
  }
  Lease lease{ticket, choice->kind, choice->node, 0, 1, random()};
  tickets_ = ticket;
  ++started_;
  if (choice->kind == Kind::kReplicate) {
    lease.parent = nodes_[choice->node].parent;
    lease.depth = nodes_[choice->node].depth;
  } else {
    ++expansions_;
    lease.parent = choice->kind == Kind::kDraft ? 0 : choice->node;
    lease.node = static_cast<std::uint32_t>(nodes_.size());
    lease.depth = nodes_[lease.parent].depth + 1;
    ++nodes_[lease.parent].children;
    nodes_.emplace_back();
    nodes_.back().parent = lease.parent;
    nodes_.back().depth = lease.depth;
  }
  for (std::uint32_t at = lease.node;; at = nodes_[at].parent) {
    ++nodes_[at].in_flight;
    if (at == 0) break;
  }
  leases_.emplace(ticket, lease);
  return lease;
}

bool Search::tell(const Lease& lease, const Outcome& outcome) {
  const auto found = leases_.find(lease.ticket);
  if (found == leases_.end()) return false;
  const Lease settled = found->second;
  leases_.erase(found);
  const bool failed = outcome.failed || !std::isfinite(outcome.value);
  Node& node = nodes_[settled.node];
  node.cost += outcome.cost;
  double backed_up = failed ? 0.0 : outcome.value, visits = 1;
  if (failed) {
    if (node.own == 0) node.failed = true;
    if (settled.kind == Kind::kReplicate) visits = 0;
  } else if (outcome.replace && node.own > 0) {
    // The better-informed value takes the place of the old one along the path.
    backed_up = outcome.value - node.mean;
    visits = 0;
    node.mean = outcome.value;
    ++node.own;
  } else {
    ++node.own;
    const double before = node.mean;
    node.mean += (outcome.value - before) / node.own;
    node.squares += (outcome.value - before) * (outcome.value - node.mean);
  }
  for (std::uint32_t at = settled.node;; at = nodes_[at].parent) {
    --nodes_[at].in_flight;
    nodes_[at].visits += static_cast<std::uint32_t>(visits);
    if (visits > 0 || !failed) nodes_[at].sum += backed_up;
    if (at == 0) break;
  }
  return true;
}

bool Search::abandon(const Lease& lease) {
  const auto found = leases_.find(lease.ticket);
  if (found == leases_.end()) return false;
  const Lease settled = found->second;
  leases_.erase(found);
  --started_;
  for (std::uint32_t at = settled.node;; at = nodes_[at].parent) {
    --nodes_[at].in_flight;
    if (at == 0) break;
  }
  if (settled.kind == Kind::kReplicate) return true;
  --expansions_;
  --nodes_[settled.parent].children;
  nodes_[settled.node].open = false;
  if (settled.node + 1 == nodes_.size()) nodes_.pop_back();
  nodes_[settled.parent].open = false;  // nothing was to be had below it
  return true;
}

void Search::close(std::uint32_t node) { nodes_[node].open = false; }

bool Search::over() const { return pending() == 0 && !ended_by_.empty(); }

double Search::noise() const { return pooled_noise(nodes_, options_.noise); }

double Search::posterior(std::uint32_t node) const { return shrunken_mean(nodes_, node, noise()); }

std::optional<std::uint32_t> Search::best() const {
  std::optional<std::uint32_t> best;
  double highest = 0;
  for (std::uint32_t i = 1; i < nodes_.size(); ++i) {
    if (!nodes_[i].own) continue;
    const double mean = posterior(i);
    if (!best || mean > highest) {
      best = i;
      highest = mean;
    }
  }
  return best;
}

}  // namespace aisci::mcts
