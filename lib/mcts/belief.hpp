// The model behind Belief, kept up to date as scores come in.
#pragma once

#include <aisci/mcts/search.hpp>

#include "mcts/surrogate.hpp"

#include <cstdint>
#include <vector>

namespace aisci::mcts {

// What has happened to leases of each Kind.
struct Tally {
  double told[4] = {0, 0, 0, 0};
  double failed[4] = {0, 0, 0, 0};
  double cost[4] = {0, 0, 0, 0};
};

class Model {
 public:
  // A node's own observations changed.
  void touch(std::uint32_t node) {
    touched_.push_back(node);
    ++tells_;
  }
  // The last node is given back, unobserved.
  void forget_last(std::uint32_t node) {
    for (auto* list : {&belief_.mean, &belief_.sd, &precision_, &information_, &sent_precision_, &sent_information_})
      if (list->size() > node) list->resize(node);
  }
  // Brings the belief in line with the nodes. Small trees are always exact; in large ones the six numbers are learned
  // again, and far relatives hear of a score, after every twentieth part of the tree's size at the latest.
  const Belief& update(const std::vector<Node>& nodes, const Options& options, const Tally& tally);
  const Belief& belief() const noexcept { return belief_; }
  Surrogate& surrogate() noexcept { return surrogate_; }

  // Each number, and each list, that a snapshot must hold; stops at the first false.
  template <typename Number, typename List>
  bool visit(Number&& number, List&& list) {
    Belief& b = belief_;
    return number(b.draft_mean) && number(b.draft_sd) && number(b.inherit) && number(b.shift) && number(b.step_sd) &&
           number(b.noise) && number(b.noise_share) && number(b.failures) && number(b.costs) && number(b.draft_tail) &&
           number(b.step_tail) && list(b.mean) && list(b.sd) && list(b.leaders) && number(floor_) && number(scale_) &&
           number(bulk_) && number(noise_prior_) && list(precision_) && list(information_) && list(sent_precision_) &&
           list(sent_information_) && list(touched_) && number(tells_) && number(learn_at_) && number(pass_at_) &&
           number(fit_at_) && number(learned_) && surrogate_.visit(number, list);
  }
  // After loading: whether the lists fit a tree of so many nodes.
  bool sound(std::size_t nodes) const;

 private:
  struct Moments;
  void begin(const std::vector<Node>& nodes, const Options& options);
  void set_scale(const std::vector<Node>& nodes);
  void learn(const std::vector<Node>& nodes);
  void up(const std::vector<Node>& nodes);
  void down(const std::vector<Node>& nodes);
  void down_one(const std::vector<Node>& nodes, std::uint32_t node);
  void up_path(const std::vector<Node>& nodes, std::uint32_t node);
  void own_evidence(const Node& node, double& precision, double& information) const;
  void send(std::uint32_t node);
  void shortlist(const std::vector<Node>& nodes);
  void consult_surrogate(const std::vector<Node>& nodes);

  Belief belief_;
  double floor_ = 0;        // scores below count as this
  double scale_ = 1;        // squared spread of scores, the unit of the priors
  double bulk_ = 0;         // the same by the middle half of the drafts; 0: too few
  double noise_prior_ = 0;  // variance
  // By node, in coordinates centred on draft_mean: evidence from below and from its own scores, and what it sent
  // upwards.
  std::vector<double> precision_, information_, sent_precision_, sent_information_;
  Surrogate surrogate_;
  std::uint64_t fit_at_ = 0;
  std::vector<std::uint32_t> touched_;
  std::uint64_t tells_ = 0;
  std::uint64_t learn_at_ = 0;
  std::uint64_t pass_at_ = 0;
  bool learned_ = false;
};

}  // namespace aisci::mcts
