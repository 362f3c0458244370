// The shipped policies by name.
#pragma once

#include <aisci/mcts/search.hpp>

#include <map>
#include <string>

namespace aisci::mcts {

std::map<std::string, Policy>& policies();

std::optional<Choice> adaptive_policy(const Tree& tree, Random& random);

// The mean of a node's own observations, shrunk towards the mean of all nodes; the spread between nodes by moments.
class Shrinkage {
 public:
  Shrinkage(const std::vector<Node>& nodes, double noise);
  double mean(const Node& node) const;

 private:
  double error(const Node& node) const;  // variance of its mean

  double noise_;
  double centre_ = 0;
  double spread_ = 0;
};

// The chosen node's mean by a model that assumes nothing of how much nodes differ: averaged over all ratios of spread
// to noise, none at all included, by their likelihood (which selection and uneven replication leave valid). `squares`
// and `degrees` are those of the replicates.
double sober_mean(const std::vector<Node>& nodes, std::uint32_t chosen, double squares, double degrees);

// The share of noise in the variance of drafts' scores, averaged over ratios of spread to noise by their likelihood. A
// score below `floor` counts as that. Nothing if there are too few drafts, or variances that the caller told.
std::optional<double> noise_share(const std::vector<Node>& nodes, double floor);

}  // namespace aisci::mcts
