// A Gaussian process over the features of nodes: what similar nodes scored says something about this one.
#pragma once

#include <cstdint>
#include <vector>

namespace aisci::mcts {

// One evaluated node as the process sees it.
struct Sample {
  std::uint32_t node = 0;
  double value = 0;     // mean of its observations
  double variance = 0;  // of that mean
};

struct Prediction {
  double mean = 0;
  double sd = 0;
};

// Kernel: variance * (share * matern52(distance) + (1 - share) * same node), distances weighted by feature; length,
// share and weights maximise the marginal likelihood under weak priors (Rasmussen and Williams, Gaussian Processes for
// Machine Learning, 2006, ch. 2 and 5), anew whenever the samples have grown by a quarter.
class Surrogate {
 public:
  // Features of a node, the same number for all. False when the number differs or one is not finite: they are not kept.
  bool set_features(std::uint32_t node, const std::vector<double>& features);
  // Of a node that was given back, and so is no sample.
  void forget(std::uint32_t node);
  bool has(std::uint32_t node) const { return node < offsets_.size() && offsets_[node] >= 0; }
  std::uint32_t nodes() const {
    return static_cast<std::uint32_t>(offsets_.size());
  }  // one more than the last with features
  bool empty() const { return dimensions_ == 0; }
  std::size_t dimensions() const { return dimensions_; }
  std::vector<double> features(std::uint32_t node) const;

  // Learns from the samples, all of which have features; `mean` and `variance` are those of a node nothing is known of.
  // At most kMost samples are used: the best half, and the last.
  void fit(std::vector<Sample> samples, double mean, double variance);
  bool fitted() const { return !samples_.empty(); }
  std::size_t size() const { return samples_.size(); }

  Prediction predict(const double* features) const;                         // a node that is not there yet
  Prediction predict(std::uint32_t node) const;                             // one that is, but was not a sample
  const std::vector<Prediction>& at_samples() const { return posterior_; }  // in the order of samples()
  const std::vector<Sample>& samples() const { return samples_; }
  double similarity(const double* a, const double* b) const;  // 0..1

  // For a snapshot; see Model::visit.
  template <typename Number, typename List>
  bool visit(Number&& number, List&& list) {
    return number(dimensions_) && list(values_) && list(offsets_) && list(scale_) && list(weight_) && number(length_) &&
           number(share_) && number(mean_) && number(variance_) && list(samples_) && list(factor_) && list(alpha_) &&
           list(posterior_) && number(learn_at_);
  }
  bool sound(std::size_t nodes) const;

  static constexpr std::size_t kMost = 200;

 private:
  double solve();  // factorises for the present parameters; the log marginal likelihood with the priors
  void learn();
  double distance(const double* a, const double* b) const;
  const double* row(std::uint32_t node) const { return &values_[static_cast<std::size_t>(offsets_[node])]; }

  std::size_t dimensions_ = 0;
  std::vector<double> values_;
  std::vector<std::int64_t> offsets_;  // of a node's features in values_; -1: none
  std::vector<double> scale_, weight_;
  double length_ = 1, share_ = 0.9, mean_ = 0, variance_ = 1;
  std::vector<Sample> samples_;
  std::vector<double> factor_, alpha_;  // Cholesky factor, row by row; K^-1 (y - mean)
  std::vector<Prediction> posterior_;
  std::size_t learn_at_ = 0;
};

}  // namespace aisci::mcts
