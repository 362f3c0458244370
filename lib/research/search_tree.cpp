#include "research/search_tree.hpp"

#include <aisci/mcts/search.hpp>
#include <algorithm>
#include <cmath>
#include <map>

#include "research/claims.hpp"

namespace aisci {
namespace {

// No value is held to be known better than this, whatever its few blocks agree on; the engine reads 0 as unknown.
constexpr double kLeastStddev = 1e-3;

constexpr int kLeastScored = 4;  // nodes with a value, before the surrogate has a say in what is tried

std::uint32_t index_of(const std::string& node) {
  return static_cast<std::uint32_t>(std::strtoul(node.c_str() + 1, nullptr, 10));
}

std::string name_of(std::uint32_t node) { return node == 0 ? std::string{} : "n" + std::to_string(node); }

mcts::Options engine_options(const Options& options, std::uint64_t seed) {
  mcts::Options engine;
  engine.policy = options.policy;
  engine.seed = seed;
  engine.budget = static_cast<std::uint32_t>(options.max_experiments);
  engine.iterations = static_cast<std::uint32_t>(options.max_iterations);
  engine.drafts = static_cast<std::uint32_t>(options.initial_hypotheses_kept);
  engine.depth = static_cast<std::uint32_t>(options.tree_search_depth);
  // Without a tree search there are no hypotheses but those that were kept.
  engine.width = options.enable_tree_search ? static_cast<std::uint32_t>(options.tree_search_width) : engine.drafts;
  engine.exploration = options.exploration_weight;
  engine.pruning = options.pruning_threshold;
  engine.expand = options.enable_tree_search;
  engine.debug = 0;  // an experiment's own repairs are the designer's; a hypothesis is not tried twice
  engine.noise = 0.1;
  // Precision is the confirmation's business: a node gets no more blocks than a claim may.
  const int blocks = std::max(1, options.blocks);
  engine.observations = static_cast<std::uint32_t>(std::max(2, (kMostConfirmationBlocks + blocks - 1) / blocks));
  return engine;
}

}  // namespace

struct SearchTree::State {
  mcts::Search search;
  std::map<std::uint64_t, mcts::Lease> leases;
  std::map<std::string, std::vector<double>> features;  // of nodes under way
  int scored = 0;
};

SearchTree::SearchTree(std::unique_ptr<State> state) : state_{std::move(state)} {}
SearchTree::~SearchTree() = default;

Result<std::unique_ptr<SearchTree>> SearchTree::create(const Options& options, std::uint64_t seed) {
  AISCI_ASSIGN_OR_RETURN(auto search, mcts::Search::create(engine_options(options, seed)));
  return std::unique_ptr<SearchTree>{new SearchTree{std::make_unique<State>(State{std::move(search), {}, {}})}};
}

std::optional<Ticket> SearchTree::ask() {
  const auto lease = state_->search.ask();
  if (!lease) return std::nullopt;
  state_->leases[lease->ticket] = *lease;
  const auto kind = lease->kind == mcts::Kind::kDraft     ? Ticket::Kind::kDraft
                    : lease->kind == mcts::Kind::kImprove ? Ticket::Kind::kImprove
                                                          : Ticket::Kind::kReplicate;
  return Ticket{lease->ticket, kind, name_of(lease->node), name_of(lease->parent), static_cast<int>(lease->depth)};
}

Status SearchTree::tell(const Ticket& ticket, std::optional<double> value, std::optional<double> stddev,
                        double declared_cost) {
  // A node's value is computed from all its blocks, so after a replicate it takes the old one's place.
  const mcts::Outcome outcome{.value = value.value_or(0.0),
                              .cost = declared_cost,
                              .failed = !value,
                              .replace = ticket.kind == Ticket::Kind::kReplicate,
                              .variance = stddev ? std::pow(std::max(*stddev, kLeastStddev), 2) : 0.0,
                              .features = state_->features[ticket.node]};
  AISCI_RETURN_IF_ERROR(state_->search.tell(state_->leases[ticket.id], outcome)
                            .status()
                            .with_context("telling the search of " + ticket.node));
  state_->features.erase(ticket.node);
  if (value && ticket.kind != Ticket::Kind::kReplicate) ++state_->scored;
  state_->leases.erase(ticket.id);
  return {};
}

std::size_t SearchTree::choose(const Ticket& ticket, const std::vector<std::vector<double>>& proposals) {
  std::size_t chosen = 0;
  if (proposals.size() > 1 && state_->scored >= kLeastScored)
    chosen = state_->search.choose(state_->leases[ticket.id], proposals);
  if (chosen < proposals.size()) state_->features[ticket.node] = proposals[chosen];
  return chosen;
}

void SearchTree::abandon(const Ticket& ticket) {
  const mcts::Lease lease = state_->leases[ticket.id];
  state_->search.abandon(lease);
  if (lease.kind != mcts::Kind::kReplicate) state_->search.close(lease.parent);
  state_->leases.erase(ticket.id);
}

int SearchTree::experiments_left() const { return static_cast<int>(state_->search.evaluations_left()); }

bool SearchTree::over() const { return state_->search.over(); }

std::string SearchTree::ended_by() const {
  const std::string& by = state_->search.ended_by();
  if (by == "budget") return "max_experiments";
  if (by == "iterations") return "max_iterations";
  return by;
}

int SearchTree::visits(const std::string& node) const {
  const std::uint32_t index = index_of(node);
  return index < state_->search.nodes().size() ? static_cast<int>(state_->search.nodes()[index].visits) : 0;
}

std::optional<NodeBelief> SearchTree::belief(const std::string& node) const {
  const std::uint32_t index = index_of(node);
  if (index == 0 || index >= state_->search.nodes().size() || !state_->search.nodes()[index].own) return std::nullopt;
  return NodeBelief{state_->search.posterior(index), state_->search.belief().sd[index]};
}

std::optional<Leader> SearchTree::leader() const {
  const auto best = state_->search.published();
  if (!best) return std::nullopt;
  return Leader{name_of(best->node), {best->mean, best->stddev}, best->optimism};
}

}  // namespace aisci
