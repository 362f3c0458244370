// Search: a tree search that is asked what to evaluate next and told what came of it.
//
// The engine holds a tree of nodes and their values; what a node stands for stays with the caller, by
// node id. Node 0 is the root, the problem itself, which has no value. Ids count up in the order in which nodes are
// asked for, so they are stable names.
//
//   aisci::mcts::Options options;
//   options.policy = "ucb1";
//   options.budget = 50;
//   options.seed = 7;
//   auto search = aisci::mcts::Search::create(options).value();
//   while (auto lease = search.ask()) {
//     State state = lease->kind == aisci::mcts::Kind::kDraft ? draft() : improve(states[lease->parent]);
//     states[lease->node] = state;
//     search.tell(*lease, {.value = evaluate(state)});
//   }
//   std::uint32_t best = search.best().value();
//
// A lease is the right to work on one node; several may be out at once, and are told in any order. Pending work counts as
// visits without value (virtual visits), so workers spread over the tree instead of crowding one node. Repeatable:
// the same options and the same sequence of calls give the same tree on every machine; to repeat a parallel search,
// tell in ticket order.
//
// In a research study the root's children are hypotheses (kDraft), a child of a node is a hypothesis that refines it
// (kImprove), and kReplicate adds blocks to a node that was evaluated.
//
// Errors: create() names an unknown policy's alternatives; tell() of an unknown or settled ticket changes nothing.
// Threads: none inside, and no lock: one caller at a time.
// Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/random.hpp>
#include <aisci/status.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aisci::mcts {

struct Options {
  std::string policy = "adaptive";     // see policy_names()
  std::uint64_t seed = 0;
  std::uint32_t budget = 50;           // evaluations that may be started
  std::uint32_t iterations = std::numeric_limits<std::uint32_t>::max();  // expansions that may be started
  std::uint32_t drafts = 3;            // children of the root that are asked for before anything is improved
  std::uint32_t depth = 3;             // longest path below the root
  std::uint32_t width = 5;             // children a node may have; the root may have max(width, drafts)
  double exploration = 1.414;          // ucb1 and uct
  double pruning = 0.1;                // a node worth less is not expanded; a failed one never is
  bool expand = true;                  // false: drafts only
  double noise = 0.1;                  // sd of one observation, until the search has replicates to learn it from
};

enum class Kind : std::uint8_t { kDraft, kImprove, kReplicate };

struct Lease {
  std::uint64_t ticket = 0;  // counts from 1 in the order of asking
  Kind kind = Kind::kDraft;
  std::uint32_t node = 0;    // new for a draft or an improvement
  std::uint32_t parent = 0;
  std::uint32_t depth = 1;
  std::uint64_t seed = 0;    // of this ticket's own stream
};

struct Outcome {
  double value = 0;      // 0 to 1, higher is better
  double cost = 1;       // in whatever unit the caller counts; reported, and weighed by nothing yet told
  bool failed = false;   // no value; the node is never expanded
  bool replace = false;  // of a replicate: the value replaces the node's mean instead of joining it
};

// A node as policies and callers see it.
struct Node {
  std::uint32_t parent = 0;
  std::uint32_t depth = 0;
  std::uint32_t children = 0;   // created, pending ones included
  std::uint32_t visits = 0;     // of the node and everything below it
  std::uint32_t in_flight = 0;  // pending work on the node and below it
  std::uint32_t own = 0;        // observations of the node itself
  double sum = 0;               // of values backed up through the node
  double mean = 0;              // of its own observations
  double squares = 0;           // sum of squared deviations of its own observations
  double cost = 0;
  bool failed = false;
  bool open = true;             // may be expanded, as far as limits and the caller say

  double value() const { return visits ? sum / visits : 0.0; }
};

// What a policy decides on. Read-only; valid during the call.
struct Tree {
  const std::vector<Node>& nodes;
  const Options& options;
  std::uint32_t started = 0;   // evaluations so far
  double noise = 0;            // estimated sd of one observation
  bool can_draft = false;
  // Whether a child may be added to the node now.
  bool expandable(std::uint32_t node) const;
};

struct Choice {
  Kind kind = Kind::kDraft;
  std::uint32_t node = 0;  // to improve or to replicate; 0 for a draft
};

// A rule that picks the next piece of work: stateless, all randomness from `random`. Nothing: there is nothing to do now.
// A user's own, in full:
//
//   aisci::mcts::register_policy("newest", [](const aisci::mcts::Tree& tree, aisci::Random&) -> std::optional<Choice> {
//     for (std::uint32_t i = tree.nodes.size(); i-- > 1;)
//       if (tree.expandable(i)) return Choice{Kind::kImprove, i};
//     return tree.can_draft ? std::optional{Choice{}} : std::nullopt;
//   });
using Policy = std::function<std::optional<Choice>(const Tree& tree, Random& random)>;

// ALREADY_EXISTS for a name that is taken. Call before searches are created; not thread-safe.
AISCI_API Status register_policy(const std::string& name, Policy policy);
AISCI_API std::vector<std::string> policy_names();

class AISCI_API Search {
 public:
  static Result<Search> create(const Options& options);

  // The next lease; nothing when the search is over, or must wait for what is pending.
  std::optional<Lease> ask();
  // False, and no effect, when the ticket is unknown or was settled before.
  bool tell(const Lease& lease, const Outcome& outcome);
  // Gives a lease back: its new node is closed, and its evaluation is not counted.
  bool abandon(const Lease& lease);
  // No child will be asked for below this node any more.
  void close(std::uint32_t node);

  // Over: nothing is pending and nothing more will be asked for.
  bool over() const;
  // "budget", "iterations" or "exhausted" once asking ended; "" before.
  const std::string& ended_by() const noexcept { return ended_by_; }
  std::uint32_t evaluations_left() const noexcept { return options_.budget - started_; }

  // The node with the highest mean after shrinkage towards the mean of all nodes by the estimated noise: one lucky score
  // does not win. Nothing when no evaluation succeeded.
  std::optional<std::uint32_t> best() const;
  // That shrunken mean.
  double posterior(std::uint32_t node) const;

  const std::vector<Node>& nodes() const noexcept { return nodes_; }
  std::uint32_t pending() const noexcept { return nodes_[0].in_flight; }
  double noise() const;

 private:
  explicit Search(const Options& options, Policy policy);
  Tree view() const;

  Options options_;
  Policy policy_;
  std::vector<Node> nodes_;
  std::map<std::uint64_t, Lease> leases_;
  std::uint64_t tickets_ = 0;
  std::uint32_t started_ = 0;
  std::uint32_t expansions_ = 0;
  std::string ended_by_;
};

}  // namespace aisci::mcts
