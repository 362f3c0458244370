// Landscapes to search: tables of configurations with a validation score for each of several seeds.
#pragma once

#include <aisci/random.hpp>
#include <aisci/status.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace aisci::bench {

struct Landscape {
  std::string name;
  std::vector<std::uint32_t> levels;            // of each factor
  std::vector<std::vector<std::uint8_t>> rows;  // level of each factor
  std::vector<std::vector<float>> scores;       // of each row, one per seed: `val`
  std::vector<std::vector<std::uint32_t>>
      near;  // of each row, rows within Hamming distance 2 (the nearest when there is none)
  double failure = 0.2;
  bool uneven_cost = false;

  // By the first half of the seeds, and by the other.
  std::vector<double> first_mean, other_mean;
  double top = 0, median = 0;

  std::size_t seeds() const { return scores.empty() ? 0 : scores[0].size(); }
  double regret(std::uint32_t row) const { return top > median ? (top - other_mean[row]) / (top - median) : 0.0; }
  double noise() const;  // pooled sd of one score of a row
  // Fills in what follows from rows and scores.
  void finish();
};

// An `aisci-landscape/1` file.
Result<Landscape> read_landscape(const std::string& path);

// Names of landscapes built in code: smooth, deceptive, sparse, ... Beside them `various`, where `variant` draws the
// character.
std::vector<std::string> synthetic_names();
Landscape synthetic(const std::string& name, std::uint64_t variant);

}  // namespace aisci::bench
