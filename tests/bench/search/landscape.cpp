#include "bench/search/landscape.hpp"

#include "base/files.hpp"
#include "base/json.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace aisci::bench {
namespace {

int distance(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  int count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
  return count;
}

double mean_of(const std::vector<float>& scores, std::size_t from, std::size_t to) {
  return std::accumulate(scores.begin() + static_cast<std::ptrdiff_t>(from),
                         scores.begin() + static_cast<std::ptrdiff_t>(to), 0.0) /
         static_cast<double>(to - from);
}

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

}  // namespace

double Landscape::noise() const {
  double sum = 0;
  for (const auto& row : scores) {
    const double mean = mean_of(row, 0, row.size());
    for (const float s : row) sum += (s - mean) * (s - mean);
  }
  return std::sqrt(sum / static_cast<double>(scores.size() * (seeds() - 1)));
}

void Landscape::finish() {
  const std::size_t half = seeds() / 2;
  near.assign(rows.size(), {});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    int closest = 1000;
    std::vector<std::uint32_t> nearest;
    for (std::size_t j = 0; j < rows.size(); ++j) {
      if (i == j) continue;
      const int d = distance(rows[i], rows[j]);
      if (d <= 2) near[i].push_back(static_cast<std::uint32_t>(j));
      if (d < closest) closest = d, nearest.clear();
      if (d == closest) nearest.push_back(static_cast<std::uint32_t>(j));
    }
    if (near[i].empty()) near[i] = nearest;
    first_mean.push_back(mean_of(scores[i], 0, half));
    other_mean.push_back(mean_of(scores[i], half, seeds()));
  }
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return first_mean[a] != first_mean[b] ? first_mean[a] > first_mean[b] : a < b; });
  const std::size_t percent = std::max<std::size_t>(1, rows.size() / 100);
  top = 0;
  for (std::size_t i = 0; i < percent; ++i) top += other_mean[order[i]] / static_cast<double>(percent);
  auto sorted = other_mean;
  std::sort(sorted.begin(), sorted.end());
  median = sorted[sorted.size() / 2];
}

Result<Landscape> read_landscape(const std::string& path) {
  AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  AISCI_ASSIGN_OR_RETURN(const json::object document, parse_json_object(text, path));
  if (text_of(document, "format") != "aisci-landscape/1")
    return invalid_argument(path + " is not an aisci-landscape/1");
  Landscape landscape;
  landscape.name = text_of(document, "name", path);
  for (const auto& factor : object_of(document, "space"))
    landscape.levels.push_back(static_cast<std::uint32_t>(factor.value().as_array().size()));
  for (const auto& row : array_of(document, "rows")) {
    landscape.rows.emplace_back();
    for (const auto& level : array_of(row.as_object(), "config"))
      landscape.rows.back().push_back(static_cast<std::uint8_t>(as_number(level)));
    landscape.scores.emplace_back();
    for (const auto& score : array_of(row.as_object(), "val"))
      landscape.scores.back().push_back(static_cast<float>(as_number(score)));
    if (landscape.rows.back().size() != landscape.levels.size() ||
        landscape.scores.back().size() != landscape.seeds() || landscape.seeds() < 2)
      return invalid_argument(path + ": row " + std::to_string(landscape.rows.size()) + " does not fit");
  }
  if (landscape.rows.size() < 2) return invalid_argument(path + " has no rows");
  landscape.finish();
  return landscape;
}

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
  }
  landscape.finish();
  return landscape;
}

}  // namespace aisci::bench
