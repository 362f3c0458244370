#include "research/search_ground.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace aisci {

std::string configuration_text(const SearchSpace& space, const Levels& levels) {
  json::object object;
  for (std::size_t f = 0; f < levels.size(); ++f)
    object[space.factors[f].name] = parse_json(space.factors[f].levels[levels[f]], "a level").value();
  return canonical(object);
}

std::uint32_t SpaceGround::draft() {
  Random random{draw(1, 0, drafts_++)};
  Levels levels;
  for (const auto& factor : space_->factors)
    levels.push_back(static_cast<std::uint32_t>(random.below(factor.levels.size())));
  return number_of(levels);
}

std::uint32_t SpaceGround::improve(std::uint32_t configuration) {
  Random random{draw(2, configurations_[configuration].name, configurations_[configuration].improved++)};
  Levels levels = configurations_[configuration].levels;
  std::vector<std::size_t> free;
  for (std::size_t f = 0; f < levels.size(); ++f)
    if (space_->factors[f].levels.size() > 1) free.push_back(f);
  random.shuffle(free);
  const std::size_t changes = std::min<std::size_t>(free.size(), 1 + random.below(2));
  for (std::size_t i = 0; i < changes; ++i) {
    const std::uint64_t count = space_->factors[free[i]].levels.size();
    levels[free[i]] = static_cast<std::uint32_t>((levels[free[i]] + 1 + random.below(count - 1)) % count);
  }
  return number_of(levels);
}

Result<Evaluation> SpaceGround::run(std::uint32_t configuration) {
  Known& known = configurations_[configuration];
  const std::uint64_t seed = seed_from(draw(3, known.name, known.runs++), false);
  return evaluations_->get(configuration_text(*space_, known.levels), seed);
}

std::uint32_t SpaceGround::number_of(const Levels& levels) {
  const auto [found, fresh] = numbers_.emplace(levels, static_cast<std::uint32_t>(configurations_.size()));
  if (fresh) {
    std::uint64_t name = 0;
    for (const std::uint32_t level : levels) name = mix64(name ^ level);
    configurations_.push_back({levels, name});
  }
  return found->second;
}

}  // namespace aisci
