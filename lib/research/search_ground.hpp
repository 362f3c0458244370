// What the searches of a comparison are played on.
#pragma once

#include <aisci/compare_policies.hpp>

#include <map>

#include "research/evaluations.hpp"
#include "research/landscape.hpp"

namespace aisci {

// The problem as one repetition meets it: configurations by number.
class Ground {
 public:
  virtual ~Ground() = default;
  virtual std::uint32_t draft() = 0;
  virtual std::uint32_t improve(std::uint32_t configuration) = 0;
  virtual Result<Evaluation> run(std::uint32_t configuration) = 0;
};

class TableGround : public Ground {
 public:
  TableGround(const Landscape& landscape, std::uint64_t repetition) : world_{landscape, repetition} {}
  std::uint32_t draft() override { return world_.draft(); }
  std::uint32_t improve(std::uint32_t row) override { return world_.improve(row); }
  Result<Evaluation> run(std::uint32_t row) override {
    const RowScore score = world_.run(row);
    return Evaluation{score.value, score.cost, score.failed, {}};
  }

 private:
  LandscapeWorld world_;
};

using Levels = std::vector<std::uint32_t>;  // one of each factor

// {"rate": 0.1, ...}, members sorted.
std::string configuration_text(const SearchSpace& space, const Levels& levels);

// Seeds of searches are even, those that judge what is published odd.
inline std::uint64_t seed_from(std::uint64_t draw, bool judges) { return (draw & 0x7ffffffe) | (judges ? 1 : 0); }

class SpaceGround : public Ground {
 public:
  SpaceGround(const SearchSpace& space, Evaluations& evaluations, std::uint64_t seed)
      : space_{&space}, evaluations_{&evaluations}, seed_{seed} {}

  std::uint32_t draft() override;

  std::uint32_t improve(std::uint32_t configuration) override;

  Result<Evaluation> run(std::uint32_t configuration) override;

  const Levels& levels(std::uint32_t configuration) const { return configurations_[configuration].levels; }

 private:
  struct Known {
    Levels levels;
    std::uint64_t name = 0;  // the same in every search
    std::uint64_t improved = 0, runs = 0;
  };

  std::uint32_t number_of(const Levels& levels);
  std::uint64_t draw(std::uint64_t stream, std::uint64_t a, std::uint64_t b) const {
    return mix64(mix64(mix64(mix64(seed_) ^ stream) ^ a) ^ b);
  }

  const SearchSpace* space_;
  Evaluations* evaluations_;
  std::uint64_t seed_;
  std::uint64_t drafts_ = 0;
  std::map<Levels, std::uint32_t> numbers_;
  std::vector<Known> configurations_;
};

}  // namespace aisci
