// A landscape to search: a table of configurations with a score for each of several seeds.
#pragma once

#include <aisci/random.hpp>
#include <aisci/status.hpp>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace aisci {

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

// An `aisci-landscape/1` file. INVALID_ARGUMENT names what does not fit.
Result<Landscape> read_landscape(const std::string& path);

// One run of a row.
struct RowScore {
  double value = 0;
  bool failed = false;
  double cost = 1;
};

// A landscape as a search meets it. Repetition r draws the same rows, scores and failures for every policy: the k-th
// draft, the k-th neighbour of a row and the k-th run of a row are fixed by (r, k). play_treequest.py of the benchmark
// draws the same numbers.
class LandscapeWorld {
 public:
  LandscapeWorld(const Landscape& landscape, std::uint64_t repetition) : landscape_{&landscape}, seed_{repetition} {}

  std::uint32_t draft() { return static_cast<std::uint32_t>(draw(1, 0, drafts_++) % landscape_->rows.size()); }
  std::uint32_t improve(std::uint32_t row) {
    const auto& near = landscape_->near[row];
    return near[draw(2, row, improvements_[row]++) % near.size()];
  }
  RowScore run(std::uint32_t row) {
    const std::uint32_t k = runs_[row]++;
    RowScore score;
    score.failed = static_cast<double>(draw(3, row, k) >> 11) * 0x1.0p-53 < landscape_->failure;
    score.value = landscape_->scores[row][draw(4, row, k) % (landscape_->seeds() / 2)];
    if (landscape_->uneven_cost) score.cost = 1 + 9 * landscape_->rows[row][0] / 2.0;
    return score;
  }

 private:
  std::uint64_t draw(std::uint64_t stream, std::uint64_t a, std::uint64_t b) const {
    return mix64(mix64(mix64(mix64(seed_) ^ stream) ^ a) ^ b);
  }

  const Landscape* landscape_;
  std::uint64_t seed_;
  std::uint64_t drafts_ = 0;
  std::unordered_map<std::uint32_t, std::uint32_t> improvements_, runs_;
};

}  // namespace aisci
