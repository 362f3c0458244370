#include <aisci/mcts/search.hpp>

#include <cmath>

#include <algorithm>

#include "mcts/checks.hpp"
#include "mcts/gain.hpp"
#include "mcts/inside.hpp"
#include "mcts/policies.hpp"

namespace aisci::mcts {
namespace {

constexpr const char* kAdaptive = "adaptive";  // the policy that plays by Belief

// As a node keeps it: never 0, which is one that is not known.
float known_variance(double variance) {
  return variance > 0 ? static_cast<float>(std::clamp(variance, 1e-38, 1e38)) : 0.0f;
}

}  // namespace

Status register_policy(const std::string& name, Policy policy) {
  if (!policies().emplace(name, std::move(policy)).second)
    return already_exists("there is a policy " + name + " already");
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

std::uint32_t Tree::pending_on(std::uint32_t index) const {
  std::uint32_t count = nodes[index].in_flight;
  for (std::uint32_t child = nodes[index].first_child; child && count; child = nodes[child].next_sibling)
    count -= nodes[child].in_flight;
  return count;
}

bool Tree::repeatable(std::uint32_t index) const {
  return index != 0 && nodes[index].own + pending_on(index) < options.observations;
}

const Belief& Tree::belief() const { return search->belief(); }

Search::Search(const Options& options, Policy policy)
    : options_{options}, policy_{std::move(policy)}, nodes_(1), inside_{std::make_unique<Inside>()} {}
Search::Search(Search&&) noexcept = default;
Search& Search::operator=(Search&&) noexcept = default;
Search::~Search() = default;

Result<Search> Search::create(const Options& options) {
  const auto policy = policies().find(options.policy);
  if (policy == policies().end()) {
    std::string known;
    for (const auto& name : policy_names()) known += (known.empty() ? "" : ", ") + name;
    return invalid_argument("unknown policy \"" + options.policy + "\"; known are " + known);
  }
  AISCI_RETURN_IF_ERROR(check(options));
  return Search{options, policy->second};
}

Tree Search::view() const {
  const bool can_draft = nodes_[0].open && nodes_[0].children < std::max(options_.width, options_.drafts);
  return {nodes_, options_, started_, noise(), can_draft, this, inside_->failure};
}

Progress Search::progress() const {
  return {*this, started_, inside_->finished, inside_->since_gain, inside_->highest, inside_->cost};
}

bool Search::ended() {
  if (!ended_by_.empty()) return true;
  if (started_ >= options_.budget)
    ended_by_ = "budget";
  else if (expansions_ >= options_.iterations)
    ended_by_ = "iterations";
  else if (inside_->cost >= options_.cost)
    ended_by_ = "cost";
  for (std::size_t i = 0; i < options_.stops.size() && ended_by_.empty(); ++i)
    if (options_.stops[i].fired(progress())) ended_by_ = options_.stops[i].name;
  return !ended_by_.empty();
}

std::optional<Lease> Search::ask() {
  if (ended()) return std::nullopt;
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
    lease.depth = nodes_[lease.parent].depth + 1u;
    Node node;
    node.parent = lease.parent;
    node.depth = static_cast<std::uint16_t>(lease.depth);
    node.next_sibling = nodes_[lease.parent].first_child;
    nodes_[lease.parent].first_child = lease.node;
    ++nodes_[lease.parent].children;
    nodes_.push_back(node);
  }
  for (std::uint32_t at = lease.node;; at = nodes_[at].parent) {
    ++nodes_[at].in_flight;
    if (at == 0) break;
  }
  leases_.emplace(ticket, lease);
  return lease;
}

std::vector<Lease> Search::ask(std::size_t n) {
  std::vector<Lease> list;
  while (list.size() < n) {
    const auto lease = ask();
    if (!lease) break;
    list.push_back(*lease);
  }
  return list;
}

Result<bool> Search::tell(const Lease& lease, const Outcome& outcome) {
  const auto found = leases_.find(lease.ticket);
  if (found == leases_.end()) return false;
  AISCI_RETURN_IF_ERROR(check(outcome, inside_->model.surrogate().dimensions()));
  const Lease settled = found->second;
  leases_.erase(found);
  Node& node = nodes_[settled.node];
  Inside& in = *inside_;
  const auto kind = static_cast<std::size_t>(settled.kind);
  if (!outcome.features.empty()) in.model.surrogate().set_features(settled.node, outcome.features);
  node.cost += static_cast<float>(outcome.cost);
  in.cost += outcome.cost;
  in.tally.cost[kind] += outcome.cost;
  ++in.tally.told[kind];
  ++in.finished;
  ++in.since_gain;
  if (outcome.failed) {
    ++in.tally.failed[kind];
    if (node.own == 0) node.failed = true;
    settle(settled, {{}, {}, settled.kind != Kind::kReplicate});
    return true;
  }
  if (outcome.value > in.highest) {
    in.highest = outcome.value;
    in.since_gain = 0;
  }
  if (outcome.value < in.failure) lower_failure(outcome.value);
  take(settled, outcome);
  return true;
}

// The node's own mean with one observation more, and what that changes along the path.
void Search::take(const Lease& lease, const Outcome& outcome) {
  Node& node = nodes_[lease.node];
  Inside& in = *inside_;
  in.model.touch(lease.node);
  node.failed = false;
  const double before = node.mean;
  if (outcome.replace && node.own > 0) {
    // The better-informed value takes the place of each old one along the path.
    const auto several = in.several.find(lease.node);
    const std::vector<double> gone = several == in.several.end() ? std::vector{before} : several->second;
    const std::vector<double> come(gone.size(), outcome.value);
    if (several != in.several.end()) several->second = come;
    node.mean = outcome.value;
    node.variance = known_variance(outcome.variance);
    ++node.own;
    settle(lease, {gone, come});
    return;
  }
  if (node.own > 0) in.several.try_emplace(lease.node, 1, before).first->second.push_back(outcome.value);
  if (outcome.variance > 0 || node.variance > 0) {
    // Weighted by precision; what came without a variance has that of one observation.
    const double noise = std::max(this->noise(), 1e-9);
    const double old_error = node.variance > 0 ? node.variance : node.own ? noise * noise / node.own : 0;
    const double error = outcome.variance > 0 ? outcome.variance : noise * noise;
    const double weight = node.own ? old_error / (old_error + error) : 1.0;
    node.mean += weight * (outcome.value - before);
    node.variance = known_variance(node.own ? old_error * error / (old_error + error) : error);
    ++node.own;
  } else {
    ++node.own;
    node.mean += (outcome.value - before) / node.own;
    const double squares = (outcome.value - before) * (outcome.value - node.mean);
    node.squares += squares;
    if (node.own > 1) {
      in.squares += squares;
      in.degrees += 1;
    }
  }
  settle(lease, {{}, {&outcome.value, 1}});
}

bool Search::abandon(const Lease& lease) {
  const auto found = leases_.find(lease.ticket);
  if (found == leases_.end()) return false;
  const Lease settled = found->second;
  leases_.erase(found);
  --started_;
  if (ended_by_ == "budget" || ended_by_ == "iterations") ended_by_.clear();  // what it took of them is there again
  settle(settled, {});
  if (settled.kind == Kind::kReplicate) return true;
  --expansions_;
  --nodes_[settled.parent].children;
  // Out of its parent's list; its number is free again only when no later node was made.
  std::uint32_t* link = &nodes_[settled.parent].first_child;
  while (*link != settled.node) link = &nodes_[*link].next_sibling;
  *link = nodes_[settled.node].next_sibling;
  nodes_[settled.node].next_sibling = 0;
  nodes_[settled.node].open = false;
  inside_->model.surrogate().forget(settled.node);
  if (settled.node + 1 == nodes_.size()) {
    nodes_.pop_back();
    inside_->forget_last(settled.node);
  }
  return true;
}

std::size_t Search::choose(const Lease& lease, const std::vector<std::vector<double>>& candidates) {
  const auto found = leases_.find(lease.ticket);
  if (found == leases_.end() || found->second.kind == Kind::kReplicate) return 0;
  std::vector<std::uint32_t> pending;
  for (const auto& [ticket, other] : leases_)
    if (ticket != lease.ticket) pending.push_back(other.node);
  std::sort(pending.begin(), pending.end());
  const Belief& belief = this->belief();
  const std::size_t chosen = screen(inside_->model.surrogate(), belief, pending, candidates);
  if (chosen < candidates.size()) inside_->model.surrogate().set_features(found->second.node, candidates[chosen]);
  return chosen;
}

void Search::close(std::uint32_t node) { nodes_[node].open = false; }

bool Search::over() const { return pending() == 0 && !ended_by_.empty(); }

double Search::noise() const {
  const double prior = options_.noise > 0 ? options_.noise : 0.1;
  return std::sqrt((prior * prior + inside_->squares) / (1 + inside_->degrees));
}

const Belief& Search::belief() const { return inside_->model.update(nodes_, options_, inside_->tally); }

double Search::posterior(std::uint32_t node) const {
  const bool shrunk = options_.policy != kAdaptive && options_.noise > 0;
  return shrunk ? Shrinkage{nodes_, noise()}.mean(nodes_[node]) : belief().mean[node];
}

std::vector<std::uint32_t> Search::top(std::size_t k) const {
  const bool by_belief = options_.policy == kAdaptive;
  const Shrinkage shrinkage{nodes_, noise()};
  std::vector<std::pair<double, std::uint32_t>> list;
  for (std::uint32_t i = 1; i < nodes_.size(); ++i)
    if (nodes_[i].own) list.emplace_back(by_belief ? -belief().mean[i] : -shrinkage.mean(nodes_[i]), i);
  k = std::min(k, list.size());
  std::partial_sort(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(k), list.end());
  std::vector<std::uint32_t> nodes;
  for (std::size_t i = 0; i < k; ++i) nodes.push_back(list[i].second);
  return nodes;
}

std::optional<std::uint32_t> Search::best() const {
  const auto first = top(1);
  return first.empty() ? std::nullopt : std::optional{first[0]};
}

std::optional<Best> Search::published() const {
  const auto node = best();
  if (!node) return std::nullopt;
  const double mean = posterior(*node);
  // Two models that err differently: what either thinks too high is not promised.
  const double excess = mean - sober_mean(nodes_, *node, inside_->squares, inside_->degrees);
  return Best{*node, mean, belief().sd[*node], nodes_[*node].own, std::max(0.0, excess)};
}

}  // namespace aisci::mcts
