#include <algorithm>
#include <cmath>
#include <limits>

#include "mcts/policies.hpp"

namespace aisci::mcts {
namespace {

constexpr double kRatios[] = {0, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2.5, 4};  // spread between nodes over noise
constexpr double kNoSpread = 60;  // prior weight of "they do not differ", each other ratio having 1
constexpr int kNoises = 24;       // steps of a fifth of an octave

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

}  // namespace

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
