#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "mcts/policies.hpp"

namespace aisci::mcts {
namespace {

constexpr double kRatios[] = {0, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2.5, 4};  // spread between nodes over noise
constexpr double kNoSpread = 60;  // prior weight of "they do not differ", each other ratio having 1
constexpr int kNoises = 24;       // steps of a fifth of an octave
constexpr double kDraftRatios[] = {0.1, 0.15, 0.22, 0.33, 0.5, 0.7, 1, 1.4, 2, 3, 4.5, 7, 10};
constexpr double kLogRatioSd = 0.8;  // of the prior, around a ratio of 1
constexpr double kEnoughDrafts = 4;

struct Fit {
  double likelihood = 0, mean = 0;  // of the chosen node
};

// All nodes exchangeable around one centre, for one spread and one noise (variances).
Fit fit(const std::vector<Node>& nodes, std::uint32_t chosen, double spread, double noise, double squares,
        double degrees) {
  double weights = 0, centre = 0;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (!nodes[i].own) continue;
    const double weight = 1 / (spread + (nodes[i].variance > 0 ? nodes[i].variance : noise / nodes[i].own));
    weights += weight;
    centre += weight * nodes[i].mean;
  }
  centre /= weights;
  Fit result{-0.5 * (degrees * std::log(noise) + squares / noise) - 0.5 * std::log(weights), 0};
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (!nodes[i].own) continue;
    const double error = nodes[i].variance > 0 ? nodes[i].variance : noise / nodes[i].own;
    const double difference = nodes[i].mean - centre;
    result.likelihood -= 0.5 * (std::log(spread + error) + difference * difference / (spread + error));
    if (i == chosen) result.mean = centre + spread / (spread + error) * difference;
  }
  return result;
}

struct Observed {
  double count = 0, mean = 0;
};

// Drafts by how often they were observed, and what replicates of any node say of the noise.
struct Drafts {
  std::vector<Observed> replicated;
  double single = 0, single_mean = 0, single_squares = 0;
  double squares = 0, degrees = 0;

  double count() const { return single + static_cast<double>(replicated.size()); }
  void add(const Node& node, double floor) {
    if (node.own > 1 && node.mean >= floor) squares += node.squares, degrees += node.own - 1;
    if (node.parent != 0) return;
    const double value = std::max(node.mean, floor);
    if (node.own > 1) {
      replicated.push_back({static_cast<double>(node.own), value});
      return;
    }
    const double difference = value - single_mean;
    single_mean += difference / ++single;
    single_squares += difference * (value - single_mean);
  }
};

// Of a squared ratio of spread to noise, centre and noise integrated out.
double log_likelihood(const Drafts& drafts, double ratio) {
  double weights = drafts.single / (ratio + 1), centre = drafts.single_mean * weights;
  double logs = drafts.single * std::log(ratio + 1);
  for (const Observed& one : drafts.replicated) {
    const double weight = 1 / (ratio + 1 / one.count);
    weights += weight;
    centre += weight * one.mean;
    logs -= std::log(weight);
  }
  centre /= weights;
  const double off = drafts.single_mean - centre;
  double squares = drafts.squares + (drafts.single_squares + drafts.single * off * off) / (ratio + 1);
  for (const Observed& one : drafts.replicated)
    squares += (one.mean - centre) * (one.mean - centre) / (ratio + 1 / one.count);
  const double degrees = drafts.degrees + drafts.count() - 1;
  return -0.5 * (logs + std::log(weights) + degrees * std::log(std::max(squares, std::numeric_limits<double>::min())));
}

}  // namespace

std::optional<double> noise_share(const std::vector<Node>& nodes, double floor) {
  Drafts drafts;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (!nodes[i].own) continue;
    if (nodes[i].variance > 0) return std::nullopt;
    drafts.add(nodes[i], floor);
  }
  if (drafts.count() < kEnoughDrafts) return std::nullopt;
  double likelihoods[std::size(kDraftRatios)], highest = -std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < std::size(kDraftRatios); ++k) {
    const double z = std::log(kDraftRatios[k]) / kLogRatioSd;
    likelihoods[k] = log_likelihood(drafts, kDraftRatios[k] * kDraftRatios[k]) - 0.5 * z * z;
    highest = std::max(highest, likelihoods[k]);
  }
  double sum = 0, weights = 0;
  for (std::size_t k = 0; k < std::size(kDraftRatios); ++k) {
    const double weight = std::exp(likelihoods[k] - highest);
    sum += weight / (1 + kDraftRatios[k] * kDraftRatios[k]);
    weights += weight;
  }
  return sum / weights;
}

double sober_mean(const std::vector<Node>& nodes, std::uint32_t chosen, double squares, double degrees) {
  double count = 0, centre = 0, total = squares;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (!nodes[i].own) continue;
    ++count;
    const double difference = nodes[i].mean - centre;
    centre += difference / count;
    total += difference * (nodes[i].mean - centre);
  }
  if (count < 2 || !(total > 0)) return nodes[chosen].mean;
  const double scale = total / (count - 1 + degrees);
  std::vector<Fit> fits;
  double highest = -std::numeric_limits<double>::infinity();
  for (const double ratio : kRatios)
    for (int step = 0; step < kNoises; ++step) {
      const double noise = scale * std::exp2(0.4 * (step - 20));
      fits.push_back(fit(nodes, chosen, ratio * ratio * noise, noise, squares, degrees));
      fits.back().likelihood += ratio == 0 ? std::log(kNoSpread) : 0.0;
      highest = std::max(highest, fits.back().likelihood);
    }
  double sum = 0, weights = 0;
  for (const Fit& one : fits) {
    const double weight = std::exp(one.likelihood - highest);
    sum += weight * one.mean;
    weights += weight;
  }
  return sum / weights;
}

}  // namespace aisci::mcts
