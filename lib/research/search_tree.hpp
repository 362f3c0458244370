// The search engine as a study uses it: nodes by name, options by name.
#pragma once

#include <aisci/options.hpp>
#include <aisci/status.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aisci {

// The right to work on one node.
struct Ticket {
  enum class Kind { kDraft, kImprove, kReplicate };
  std::uint64_t id = 0;
  Kind kind = Kind::kDraft;
  std::string node;    // of this ticket: new for a draft or an improvement, the one to run again for a replicate
  std::string parent;  // "" below the root
  int depth = 1;
};

// What the search believes of a node's value.
struct NodeBelief {
  double mean = 0, stddev = 0;
};

// The node it holds to be worth most, and by how much that mean is expected to be too high because it was chosen.
struct Leader {
  std::string node;
  NodeBelief belief;
  double optimism = 0;
};

class SearchTree {
 public:
  // INVALID_ARGUMENT for an unknown policy, naming the known ones.
  static Result<std::unique_ptr<SearchTree>> create(const Options& options, std::uint64_t seed);
  ~SearchTree();

  // The next node to work on, or nothing: the search is over, or waits for what is pending.
  std::optional<Ticket> ask();
  // Which of several proposals, by their features, to make of a ticket's new node: the one from which the search
  // expects most. The first, where there is one alone or too few nodes have a value yet: proposals come best first.
  std::size_t choose(const Ticket& ticket, const std::vector<std::vector<double>>& proposals);
  // `value` in 0..1, of all the node's blocks, and how uncertain these leave it, where that is known; a failed
  // evaluation has none. INVALID_ARGUMENT for a number that no search can work with.
  Status tell(const Ticket& ticket, std::optional<double> value, std::optional<double> stddev, double declared_cost);
  // There is nothing to try at this place: the ticket is given back and its parent closed.
  void abandon(const Ticket& ticket);
  // How many evaluations may still be started.
  int experiments_left() const;

  bool over() const;
  // What ended it: the option's name, or "exhausted"; "" while it goes on.
  std::string ended_by() const;
  int visits(const std::string& node) const;
  // Nothing for a node without a value.
  std::optional<NodeBelief> belief(const std::string& node) const;
  std::optional<Leader> leader() const;

 private:
  struct State;
  explicit SearchTree(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace aisci
