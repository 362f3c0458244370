#include "mcts/surrogate.hpp"

#include <algorithm>
#include <cmath>

namespace aisci::mcts {
namespace {

constexpr std::size_t kWeighFeatures = 24;  // with more of them each counts alike

double matern52(double distance) {
  const double x = std::sqrt(5.0) * distance;
  return (1 + x + x * x / 3) * std::exp(-x);
}

}  // namespace

bool Surrogate::set_features(std::uint32_t node, const std::vector<double>& features) {
  if (features.empty() || (dimensions_ && features.size() != dimensions_)) return false;
  for (const double value : features)
    if (!std::isfinite(value)) return false;
  dimensions_ = features.size();
  if (offsets_.size() <= node) offsets_.resize(node + 1, -1);
  if (offsets_[node] < 0) {
    offsets_[node] = static_cast<std::int64_t>(values_.size());
    values_.insert(values_.end(), features.begin(), features.end());
  } else {
    std::copy(features.begin(), features.end(), values_.begin() + offsets_[node]);
  }
  return true;
}

void Surrogate::forget(std::uint32_t node) {
  if (!has(node)) return;
  if (static_cast<std::size_t>(offsets_[node]) + dimensions_ == values_.size())
    values_.resize(values_.size() - dimensions_);
  offsets_[node] = -1;
  while (!offsets_.empty() && offsets_.back() < 0) offsets_.pop_back();
  if (!offsets_.empty()) return;
  values_.clear();
  dimensions_ = 0;  // of whatever number the next ones are
}

std::vector<double> Surrogate::features(std::uint32_t node) const {
  if (!has(node)) return {};
  return {row(node), row(node) + dimensions_};
}

bool Surrogate::sound(std::size_t nodes) const {
  const std::size_t n = samples_.size();
  if (offsets_.size() > nodes || n > kMost || factor_.size() != n * n || alpha_.size() != n || posterior_.size() != n)
    return false;
  if (scale_.size() != weight_.size() || (!scale_.empty() && scale_.size() != dimensions_) || (n > 0 && scale_.empty()))
    return false;
  for (const std::int64_t offset : offsets_)
    if (offset >= 0 &&
        (dimensions_ > values_.size() || static_cast<std::uint64_t>(offset) > values_.size() - dimensions_))
      return false;
  for (const Sample& sample : samples_)
    if (!has(sample.node)) return false;
  return true;
}

double Surrogate::distance(const double* a, const double* b) const {
  double sum = 0;
  for (std::size_t d = 0; d < dimensions_; ++d) {
    const double difference = (a[d] - b[d]) * scale_[d];
    sum += weight_[d] * difference * difference;
  }
  return std::sqrt(sum) / length_;
}

double Surrogate::similarity(const double* a, const double* b) const { return matern52(distance(a, b)); }

double Surrogate::solve() {
  const std::size_t n = samples_.size();
  factor_.assign(n * n, 0.0);
  double likelihood = 0;
  std::vector<double> half(n);  // L^-1 (y - mean)
  for (std::size_t i = 0; i < n; ++i) {
    double* const line = &factor_[i * n];
    for (std::size_t j = 0; j <= i; ++j) {
      double k = variance_ * share_ * similarity(row(samples_[i].node), row(samples_[j].node));
      if (i == j) k = variance_ + samples_[i].variance;
      const double* const other = &factor_[j * n];
      for (std::size_t m = 0; m < j; ++m) k -= line[m] * other[m];
      line[j] = i == j ? std::sqrt(std::max(k, 1e-10 * variance_)) : k / other[j];
    }
    double value = samples_[i].value - mean_;
    for (std::size_t m = 0; m < i; ++m) value -= line[m] * half[m];
    half[i] = value / line[i];
    likelihood -= 0.5 * half[i] * half[i] + std::log(line[i]);
  }
  alpha_ = half;
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t m = i + 1; m < n; ++m) alpha_[i] -= factor_[m * n + i] * alpha_[m];
    alpha_[i] /= factor_[i * n + i];
  }
  const double log_length = std::log(length_);
  double prior = -0.5 * log_length * log_length / 0.5;
  for (const double w : weight_) prior -= 0.5 * std::log(w) * std::log(w) / 2.0;
  return likelihood + prior;
}

void Surrogate::learn() {
  const std::size_t n = samples_.size();
  // Every feature is measured by its spread, and all together so that an average pair is one unit apart.
  scale_.assign(dimensions_, 0.0);
  double varied = 0;
  for (std::size_t d = 0; d < dimensions_; ++d) {
    double sum = 0, squares = 0;
    for (const Sample& s : samples_) sum += row(s.node)[d] / static_cast<double>(n);
    for (const Sample& s : samples_)
      squares += (row(s.node)[d] - sum) * (row(s.node)[d] - sum) / static_cast<double>(n);
    if (squares > 1e-12) scale_[d] = 1 / std::sqrt(2 * squares), varied += 1;
  }
  for (double& s : scale_) s /= std::sqrt(std::max(1.0, varied));
  if (weight_.size() != dimensions_) weight_.assign(dimensions_, 1.0);
  double best = solve();
  const auto attempt = [&](double& parameter, double value) {
    const double before = parameter;
    parameter = value;
    const double now = solve();
    if (now > best) return best = now, true;
    parameter = before;
    return false;
  };
  for (int round = 0; round < 2; ++round) {
    for (const double factor : {0.6, 1.7})
      while (length_ * factor > 0.1 && length_ * factor < 10 && attempt(length_, length_ * factor)) {
      }
    for (const double share : {0.5, 0.8, 0.95, 0.995}) attempt(share_, share);
    if (dimensions_ > kWeighFeatures || n > 128) continue;
    for (std::size_t d = 0; d < dimensions_; ++d)
      if (scale_[d] > 0 && !attempt(weight_[d], std::min(weight_[d] * 3, 30.0)))
        attempt(weight_[d], std::max(weight_[d] / 3, 0.03));
  }
}

void Surrogate::fit(std::vector<Sample> samples, double mean, double variance) {
  if (samples.size() > kMost) {
    const auto better = [](const Sample& a, const Sample& b) {
      return a.value != b.value ? a.value > b.value : a.node < b.node;
    };
    const auto middle = samples.begin() + kMost / 2;
    std::nth_element(samples.begin(), middle, samples.end(), better);
    std::nth_element(middle, middle + kMost / 2, samples.end(),
                     [](const Sample& a, const Sample& b) { return a.node > b.node; });
    samples.resize(kMost);
    std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.node < b.node; });
  }
  const bool again = samples.size() >= learn_at_ || scale_.empty();
  samples_ = std::move(samples);
  mean_ = mean;
  variance_ = std::max(variance, 1e-12);
  if (samples_.empty()) return;
  if (again) {
    learn();
    learn_at_ = samples_.size() + std::max<std::size_t>(2, samples_.size() / 4);
  }
  solve();
  // At a sample, with e the error variance of its mean: value - e alpha, and e - e^2 (K^-1)_ii.
  const std::size_t n = samples_.size();
  std::vector<double> inverse(n, 0.0), column(n);
  for (std::size_t i = 0; i < n; ++i) {  // columns of L^-1, whose squares add up to the diagonal of K^-1
    for (std::size_t r = i; r < n; ++r) {
      double value = r == i ? 1.0 : 0.0;
      for (std::size_t m = i; m < r; ++m) value -= factor_[r * n + m] * column[m];
      column[r] = value / factor_[r * n + r];
      inverse[i] += column[r] * column[r];
    }
  }
  posterior_.clear();
  for (std::size_t i = 0; i < n; ++i) {
    const double error = samples_[i].variance;
    posterior_.push_back({samples_[i].value - error * alpha_[i],
                          std::sqrt(std::max(error - error * error * inverse[i], 1e-9 * variance_))});
  }
}

Prediction Surrogate::predict(const double* features) const {
  const std::size_t n = samples_.size();
  Prediction p{mean_, std::sqrt(variance_)};
  std::vector<double> line(n);
  double explained = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double k = variance_ * share_ * similarity(features, row(samples_[i].node));
    p.mean += k * alpha_[i];
    for (std::size_t m = 0; m < i; ++m) k -= factor_[i * n + m] * line[m];
    line[i] = k / factor_[i * n + i];
    explained += line[i] * line[i];
  }
  p.sd = std::sqrt(std::max(variance_ - explained, 1e-6 * variance_));
  return p;
}

Prediction Surrogate::predict(std::uint32_t node) const { return predict(row(node)); }

}  // namespace aisci::mcts
