#include "bench/search/synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace aisci::bench {
namespace {

// A true value in about 0..1 for a configuration: main effects, and interactions of neighbouring factors.
struct Truth {
  std::vector<std::vector<double>> main;
  std::vector<std::vector<double>> pair;

  Truth(const std::vector<std::uint32_t>& levels, double interaction, Random& random) {
    for (std::size_t f = 0; f < levels.size(); ++f) {
      const double weight = random.uniform() * random.uniform();
      main.emplace_back();
      for (std::uint32_t l = 0; l < levels[f]; ++l) main.back().push_back(weight * random.normal());
      pair.emplace_back();
      const std::uint32_t next = levels[(f + 1) % levels.size()];
      for (std::uint32_t l = 0; l < levels[f] * next; ++l)
        pair.back().push_back(interaction * random.uniform() * random.normal());
    }
  }
  double operator()(const std::vector<std::uint8_t>& row) const {
    double sum = 0;
    for (std::size_t f = 0; f < row.size(); ++f) {
      const std::size_t g = (f + 1) % row.size();
      sum += main[f][row[f]] + pair[f][row[f] * main[g].size() + row[g]];
    }
    return sum;
  }
};

// Makes each half of a row's scores have that mean: twenty scores' own would differ by a fifth of the noise.
void equalise(std::vector<float>& scores, double value) {
  const auto half = scores.begin() + static_cast<std::ptrdiff_t>(scores.size() / 2);
  for (const auto& [from, to] : {std::pair{scores.begin(), half}, std::pair{half, scores.end()}}) {
    const double mean = std::accumulate(from, to, 0.0) / static_cast<double>(to - from);
    for (auto score = from; score != to; ++score) *score += static_cast<float>(value - mean);
  }
}

}  // namespace

std::vector<std::string> synthetic_names() {
  return {"smooth",      "deceptive",   "sparse",      "heavy_noise", "failures_0",
          "failures_30", "failures_60", "uneven_cost", "equal_arms"};
}

// A landscape of random character, like what model training gives: skewed towards the top or the bottom, levels that
// ruin a row, noise between a quarter of the spread and more than all of it, few seeds, seeds that are easier or harder
// for all rows.
Landscape various(std::uint64_t variant) {
  Random random = Random{0xa110}.fork(variant);
  Landscape landscape;
  landscape.name = "various_" + std::to_string(variant);
  const std::size_t factors = 10 + random.below(4), fine = 1 + random.below(3);  // few levels: dense neighbourhoods
  for (std::size_t f = 0; f < factors; ++f)
    landscape.levels.push_back(static_cast<std::uint32_t>(2 + random.below(fine)));
  const Truth truth{landscape.levels, 0.6 * random.uniform(), random};
  const double skew = std::exp(1.2 * random.normal()), ruin = random.uniform() < 0.5 ? 0.3 * random.uniform() : 0.0;
  const double noise = std::exp(std::log(0.25) + random.uniform() * std::log(6.0)), ease = noise * random.uniform();
  const std::size_t rows = 400 + random.below(1200), seeds = 8 + 2 * random.below(3);
  std::vector<double> values;
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<std::uint8_t> row;
    for (const std::uint32_t n : landscape.levels) row.push_back(static_cast<std::uint8_t>(random.below(n)));
    values.push_back(truth(row));
    landscape.rows.push_back(std::move(row));
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double least = *low, span = *high - *low;
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    values[i] = std::pow((values[i] - least) / span, skew);
    if (landscape.rows[i][0] == 0 && landscape.rows[i][1] == 1) values[i] *= 1 - ruin;
    if (landscape.rows[i][2] == 1 && landscape.rows[i][3] == 0 && ruin > 0) values[i] = 0.05 * values[i];
    mean += values[i] / static_cast<double>(rows);
    square += values[i] * values[i] / static_cast<double>(rows);
  }
  const double sd = std::sqrt(std::max(1e-9, square - mean * mean));
  std::vector<double> seed_ease;
  for (std::size_t s = 0; s < seeds; ++s) seed_ease.push_back(ease * sd * random.normal());
  for (const double value : values) {
    landscape.scores.emplace_back();
    for (std::size_t s = 0; s < seeds; ++s)
      landscape.scores.back().push_back(static_cast<float>(value + seed_ease[s] + noise * sd * random.normal()));
  }
  landscape.finish();
  return landscape;
}

Landscape synthetic(const std::string& name, std::uint64_t variant) {
  if (name == "various") return various(variant);
  Random random = Random{0x5e47c4}.fork(variant * 16 + name.size() * 7 + static_cast<unsigned char>(name[0]));
  Landscape landscape;
  landscape.name = name;
  landscape.levels = {3, 2, 3, 2, 3, 2, 3, 2, 2, 3, 2};
  const Truth truth{landscape.levels, name == "smooth" ? 0.1 : 0.35, random};
  std::vector<double> values;
  for (int i = 0; i < 1200; ++i) {
    std::vector<std::uint8_t> row;
    for (const std::uint32_t n : landscape.levels) row.push_back(static_cast<std::uint8_t>(random.below(n)));
    values.push_back(truth(row));
    landscape.rows.push_back(std::move(row));
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double least = *low, span = *high - *low;
  for (double& value : values) value = (value - least) / span;
  if (name == "deceptive") {
    // Two far corners: a broad hill leads to the lower one, and the way to the higher goes through poor rows.
    for (std::size_t i = 0; i < values.size(); ++i) {
      int ones = 0;
      for (std::size_t f = 0; f < landscape.levels.size(); ++f) ones += landscape.rows[i][f] != 0;
      const double broad = 0.75 * (1 - ones / 11.0), narrow = ones >= 9 ? 1.0 - 0.12 * (11 - ones) : 0.0;
      values[i] = 0.8 * std::max(broad, narrow) + 0.2 * values[i];
    }
  }
  if (name == "sparse")
    for (double& value : values) value = value > 0.75 ? value : 0.15 * value;
  if (name == "equal_arms") std::fill(values.begin(), values.end(), 0.5);
  const double noise = name == "heavy_noise" ? 0.25 : name == "equal_arms" ? 0.1 : 0.06;
  landscape.failure = name == "failures_0" ? 0.0 : name == "failures_30" ? 0.3 : name == "failures_60" ? 0.6 : 0.2;
  landscape.uneven_cost = name == "uneven_cost";
  for (const double value : values) {
    landscape.scores.emplace_back();
    for (int s = 0; s < 40; ++s) landscape.scores.back().push_back(static_cast<float>(value + noise * random.normal()));
    if (name == "equal_arms") equalise(landscape.scores.back(), value);
  }
  landscape.finish();
  return landscape;
}

}  // namespace aisci::bench
