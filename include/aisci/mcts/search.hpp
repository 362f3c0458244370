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
//     search.tell(*lease, {.value = evaluate(state)}).value();
//   }
//   std::uint32_t best = search.best().value();
//
// A lease is the right to work on one node; several may be out at once, and are told in any order. Pending work counts
// as visits without value (virtual visits), so workers spread over the tree instead of crowding one node. Repeatable:
// the same options and the same sequence of calls give the same tree, on every machine whose mathematical library
// agrees on exp, log and erfc; to repeat a parallel search, tell in ticket order.
//
// In a research study the root's children are hypotheses (kDraft), a child of a node is a hypothesis that refines it
// (kImprove), and kReplicate adds blocks to a node that was evaluated.
//
// Errors: create() names an unknown policy's alternatives; create() and tell() refuse numbers that no search can work
// with, by INVALID_ARGUMENT that names the number and what is allowed; tell() then changes nothing, nor does it for an
// unknown or settled ticket.
// Threads: none inside, and no lock: one caller at a time.
// Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/random.hpp>
#include <aisci/status.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aisci::mcts {

class Search;
struct Progress;

// A reason to end a search: a name and a test, asked before each lease.
struct Stop {
  std::string name;
  std::function<bool(const Progress&)> fired;
};

// What a Stop sees.
struct Progress {
  const Search& search;
  std::uint32_t started = 0;     // evaluations
  std::uint32_t finished = 0;    // told
  std::uint32_t since_gain = 0;  // told since the highest score rose
  double highest = 0;            // score so far; -infinity before the first
  double cost = 0;               // told
};

AISCI_API Stop stop_at_value(double value);             // "value": the best node's posterior mean reaches it
AISCI_API Stop stop_without_gain(std::uint32_t tells);  // "patience"
AISCI_API Stop stop_when_sure(double chance);  // "sure": the best node is better than the next with that probability
AISCI_API Stop stop_when_all(std::vector<Stop> stops);  // names joined by "+"

// How the values below a node are summarised in Node::value().
enum class Backup : std::uint8_t { kMean, kMax, kQuantile };

struct Options {
  std::string policy = "adaptive";  // see policy_names()
  std::uint64_t seed = 0;
  std::uint32_t budget = 50;                                             // evaluations that may be started
  std::uint32_t iterations = std::numeric_limits<std::uint32_t>::max();  // expansions that may be started
  // Children of the root that are asked for before anything is improved. Not by `random`: to it a draft is one of the
  // things it draws from, with each node that can be improved.
  std::uint32_t drafts = 3;
  std::uint32_t depth = 1000;  // longest path below the root
  std::uint32_t width =
      std::numeric_limits<std::uint32_t>::max();  // children a node may have; the root max(width, drafts)
  double exploration = 1.414;                     // ucb1, uct and puct; at least 0
  double pruning =
      -std::numeric_limits<double>::infinity();  // a node worth less is not expanded; a failed one never is
  bool expand = true;                            // false: drafts only, as many as the root may have children
  std::uint32_t observations =
      std::numeric_limits<std::uint32_t>::max();  // of one node at most: no replicate is asked for beyond them
  // sd of one observation, as far as known beforehand; 0: learn it from the scores alone. But Search::noise(), by which
  // `thompson` draws and all policies but `adaptive` compare nodes for best(), then begins at 0.1.
  double noise = 0;
  double debug = 0.5;             // greedy: how often a failed node is repaired before anything else; 0..1
  std::uint32_t debug_depth = 3;  // and how many repairs in a row
  double cost = std::numeric_limits<double>::infinity();  // told cost after which nothing more is started; at least 0
  Backup backup = Backup::kMean;
  double quantile = 0.9;    // of Backup::kQuantile
  std::vector<Stop> stops;  // further reasons to end; the first that fires is what ended_by() names
};

// A draft is a new start; an improvement refines a node; a repair (kDebug) is a new attempt at a node that failed; a
// replicate is one more observation of a node.
enum class Kind : std::uint8_t { kDraft, kImprove, kReplicate, kDebug };

struct Lease {
  std::uint64_t ticket = 0;  // counts from 1 in the order of asking
  Kind kind = Kind::kDraft;
  std::uint32_t node = 0;  // new, but for a replicate
  std::uint32_t parent = 0;
  std::uint32_t depth = 1;
  std::uint64_t seed = 0;  // of this ticket's own stream
};

struct Outcome {
  double value = 0;      // higher is better, on any scale; at most 1e100 in size
  double cost = 1;       // in whatever unit the caller counts; 0 to 1e30
  bool failed = false;   // no value; a node without any is never improved
  bool replace = false;  // of a replicate: the value replaces the node's mean, and each of its values along the path
  // Of `value` as an estimate, when the caller knows it, up to 1e38; 0: it is one observation of unknown noise. What is
  // above 0 and below 1e-38 counts as that.
  double variance = 0;
  // Of the node, any number of them, the same for all nodes, at most 1e100 in size; empty: keep what was told before.
  std::vector<double> features;
};

// A node as policies and callers see it: one cache line.
struct Node {
  std::uint32_t parent = 0;
  std::uint32_t first_child = 0;   // newest child; 0: none
  std::uint32_t next_sibling = 0;  // the child created before it; 0: none
  std::uint32_t children = 0;      // created, pending ones included
  std::uint32_t visits = 0;        // of the node and everything below it
  std::uint32_t in_flight = 0;     // pending work on the node and below it
  std::uint32_t own = 0;           // observations of the node itself
  std::uint16_t depth = 0;
  bool failed = false;
  bool open = true;    // may be expanded, as far as limits and the caller say
  double sum = 0;      // value() times visits: of the values backed up through the node, by default
  double mean = 0;     // of its own observations
  double squares = 0;  // sum of squared deviations of its own observations
  float cost = 0;
  float variance = 0;  // of `mean`, when it was told; 0: own observations of unknown noise

  double value() const { return visits ? sum / visits : 0.0; }
};
static_assert(sizeof(Node) == 64);

// The upper end of a set of values as an exponential tail. It remembers what a normal distribution forgets: that one in
// n new values beats all before it, and by about as much as those at the top lie apart.
struct Tail {
  double threshold = 0;  // the tail begins here
  double excess = 0;     // mean height above it
  double share = 0;      // of values in the tail
  // E[max(0, value - level)].
  double gain(double level) const {
    if (excess <= 0) return 0;
    return level < threshold ? share * (excess + threshold - level)
                             : share * excess * std::exp((threshold - level) / excess);
  }
};

// What the search believes about every node, given all that was told. Values of drafts are normal; the value of a child
// is draft_mean + shift + inherit * (its parent's - draft_mean), and a step that is normal too; an observation adds
// normal noise. All six numbers are learned by expectation-maximisation under weak priors, and the posterior is exact:
// two passes over the tree (Pearl, Probabilistic Reasoning in Intelligent Systems, 1988, ch. 7). So a node is judged by
// its own scores, by its parent's and by its children's. Scores far below the median count as just bad: how bad must
// not widen the spread that is expected above it.
struct Belief {
  double draft_mean = 0, draft_sd = 0;
  double inherit = 0, shift = 0, step_sd = 0;
  double noise = 0;                    // sd of one observation
  double noise_share = 0.5;            // of the variance of drafts' scores, expected, by drafts and replicates alone
  double failures[4] = {0, 0, 0, 0};   // expected share of each Kind that fails
  double costs[4] = {1, 1, 1, 1};      // expected cost of each Kind
  Tail draft_tail, step_tail;          // of drafts' means, and of what children exceed promise() by
  std::vector<double> mean, sd;        // by node; of a node without scores: what its parent promises
  std::vector<std::uint32_t> leaders;  // evaluated nodes that matter, best mean first

  // Expected value of a new child of the node.
  double promise(std::uint32_t node) const { return draft_mean + shift + inherit * (mean[node] - draft_mean); }
};

// The node that would be published, and how far to trust that choice.
struct Best {
  std::uint32_t node = 0;
  double mean = 0;    // posterior
  double stddev = 0;  // posterior
  std::uint32_t visits = 0;
  // By how much `mean` is expected to be too high because this node was chosen for looking best: mean - optimism is the
  // lower of two estimates, the other by a model that reckons with nodes that do not differ at all. Never negative.
  // Costs a few passes over the tree.
  double optimism = 0;
};

// What a policy decides on. Read-only; valid during the call.
struct AISCI_API Tree {
  const std::vector<Node>& nodes;
  const Options& options;
  std::uint32_t started = 0;  // evaluations so far
  double noise = 0;           // Search::noise()
  bool can_draft = false;
  const Search* search = nullptr;
  double failure = 0;  // what a failed evaluation is backed up as
  // Whether a child may be added to the node now.
  bool expandable(std::uint32_t node) const;
  // Observations of the node itself that are pending.
  std::uint32_t pending_on(std::uint32_t node) const;
  // Whether one more observation of the node may be asked for, as far as Options::observations goes.
  bool repeatable(std::uint32_t node) const;
  // Brought up to date on demand; costs a pass over the tree now and then.
  const Belief& belief() const;
};

struct Choice {
  Kind kind = Kind::kDraft;
  std::uint32_t node = 0;  // to improve or to replicate; 0 for a draft
};

// A rule that picks the next piece of work: stateless, all randomness from `random`. Nothing: there is nothing to do
// now. A user's own, in full:
//
//   aisci::mcts::register_policy("newest", [](const aisci::mcts::Tree& tree, aisci::Random&) -> std::optional<Choice> {
//     for (std::uint32_t i = static_cast<std::uint32_t>(tree.nodes.size()); i-- > 1;)
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
  Search(Search&&) noexcept;
  Search& operator=(Search&&) noexcept;
  ~Search();

  // The next lease; nothing when the search is over, or must wait for what is pending.
  std::optional<Lease> ask();
  // Up to n at once.
  std::vector<Lease> ask(std::size_t n);
  // False, and no effect, when the ticket is unknown or was settled before. INVALID_ARGUMENT, and no effect either, for
  // an Outcome with a number that is out of bounds, or features of another number than those of other nodes: the lease
  // is still out. A new node's failure is backed up as the lowest of 0 and the values told, also of those told later.
  Result<bool> tell(const Lease& lease, const Outcome& outcome);
  // Gives a lease back, as when its worker died: it never happened. Its new node is closed, its evaluation is not
  // counted, also where the budget had ended with it, and the search may ask for the same again; where nothing more is
  // to be had below a node, close() it.
  bool abandon(const Lease& lease);
  // Which of several proposals for a lease's node to run: the one with the highest expected improvement on the best
  // node by the surrogate, less what is like a node in progress; the most unlike all others before there are four
  // scores of nodes with features.
  // The node gets the chosen features; tell() need not repeat them. One vector of features a candidate; 0 when they
  // cannot be compared.
  std::size_t choose(const Lease& lease, const std::vector<std::vector<double>>& candidates);
  // No child of this node will be asked for any more; of node 0: no draft.
  void close(std::uint32_t node);

  // Over: nothing is pending and nothing more will be asked for.
  bool over() const;
  // "budget", "iterations", "cost", a Stop's name or "exhausted" once asking ended; "" before.
  const std::string& ended_by() const noexcept { return ended_by_; }
  std::uint32_t evaluations_left() const noexcept { return options_.budget - started_; }

  // The first of top(). Nothing when no evaluation succeeded.
  std::optional<std::uint32_t> best() const;
  // The same with what is believed of it.
  std::optional<Best> published() const;
  // The k best nodes, best first. Under `adaptive` by the mean of Belief. Under the other policies, which play without
  // a model, by the mean of the node's own scores shrunk towards that of all nodes by noise(): replicates count, one
  // lucky score among many singles does not outweigh a confirmed one.
  std::vector<std::uint32_t> top(std::size_t k) const;
  // What is believed of a node: the mean of Belief, of which Best takes the sd too. Only where Options::noise is given
  // to a policy other than `adaptive` is it the shrunk mean by which top() orders. Where it is not given, top() orders
  // by that mean all the same, though the 0.1 in noise() says nothing on the values' scale: so a node further down may
  // have the higher posterior().
  double posterior(std::uint32_t node) const;
  const Belief& belief() const;

  // The whole search as bytes, to be read by the same version on the same kind of machine: a cache that spares
  // replaying a long journal. load() refuses what is damaged with DATA_LOSS; stopping rules are code, so they are given
  // anew.
  std::string save() const;
  static Result<Search> load(std::string_view snapshot, std::vector<Stop> stops = {});

  const std::vector<Node>& nodes() const noexcept { return nodes_; }
  const Options& options() const noexcept { return options_; }
  std::uint32_t pending() const noexcept { return nodes_[0].in_flight; }
  // sd of one observation: pooled over replicates, with one before them of Options::noise, or of 0.1 where that is 0.
  double noise() const;

 private:
  struct Inside;
  struct Change;
  Search(const Options& options, Policy policy);
  Tree view() const;
  Progress progress() const;
  bool ended();
  void take(const Lease& lease, const Outcome& outcome);
  void settle(const Lease& lease, const Change& change);
  void lower_failure(double value);

  Options options_;
  Policy policy_;
  std::vector<Node> nodes_;
  std::unordered_map<std::uint64_t, Lease> leases_;
  std::uint64_t tickets_ = 0;
  std::uint32_t started_ = 0;
  std::uint32_t expansions_ = 0;
  std::string ended_by_;
  std::unique_ptr<Inside> inside_;
};

}  // namespace aisci::mcts
