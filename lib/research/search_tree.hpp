// The search engine as a study uses it: nodes by name, options by name.
#pragma once

#include <aisci/options.hpp>
#include <aisci/status.hpp>
#include <memory>
#include <optional>
#include <string>

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

class SearchTree {
 public:
  // INVALID_ARGUMENT for an unknown policy, naming the known ones.
  static Result<std::unique_ptr<SearchTree>> create(const Options& options, std::uint64_t seed);
  ~SearchTree();

  // The next node to work on, or nothing: the search is over, or waits for what is pending.
  std::optional<Ticket> ask();
  // `value` in 0..1; a failed evaluation has none.
  void tell(const Ticket& ticket, std::optional<double> value, double declared_cost);
  // The ticket's work was not begun after all.
  void abandon(const Ticket& ticket);
  // How many evaluations may still be started.
  int experiments_left() const;

  bool over() const;
  // What ended it: the option's name, or "exhausted"; "" while it goes on.
  std::string ended_by() const;
  int visits(const std::string& node) const;

 private:
  struct State;
  explicit SearchTree(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace aisci
