// A landscape as a search meets it. Repetition r draws the same rows, scores and failures for every policy: the k-th
// draft, the k-th neighbour of a row and the k-th run of a row are fixed by (landscape's name, r, k). play_treequest.py
// draws the same numbers.
#pragma once

#include "bench/search/landscape.hpp"

#include <unordered_map>

namespace aisci::bench {

struct Score {
  double value = 0;
  bool failed = false;
  double cost = 1;
};

class World {
 public:
  World(const Landscape& landscape, std::uint64_t repetition) : landscape_{&landscape}, seed_{repetition} {}

  std::uint32_t draft() { return static_cast<std::uint32_t>(draw(1, 0, drafts_++) % landscape_->rows.size()); }
  std::uint32_t improve(std::uint32_t row) {
    const auto& near = landscape_->near[row];
    return near[draw(2, row, improvements_[row]++) % near.size()];
  }
  Score run(std::uint32_t row) {
    const std::uint32_t k = runs_[row]++;
    Score score;
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

}  // namespace aisci::bench
