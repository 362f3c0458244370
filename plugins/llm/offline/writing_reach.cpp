// Which levels of the question's factors the experiments reached, and which they left.
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Those of `named` that are not among `levels`, as sentences name them, less those that are not among `within`.
std::vector<std::string> without(const Study& study, const std::string& factor, const json::array& named,
                                 const std::set<std::string>& levels, const std::set<std::string>* within = nullptr) {
  std::vector<std::string> missing;
  for (const auto& level : named) {
    const std::string one = factor + "=" + level_name(level);
    if (!factor.empty() && !levels.count(one) && (!within || within->count(one)))
      missing.push_back(level_phrase(study.manifest(), factor, level_name(level)));
  }
  return missing;
}

}  // namespace

std::set<std::string> levels_run(const std::vector<Entry>& entries, bool with_failed) {
  std::set<std::string> names;
  for (const auto& entry : entries) {
    if (!entry.known && !with_failed) continue;
    for (const auto* arm : objects_of(*entry.plan, "arms"))
      for (const auto& [key, value] : object_of(*arm, "config"))
        names.insert(std::string{key} + "=" + level_name(value));
  }
  return names;
}

std::vector<std::string> levels_not_run(const Study& study) {
  const auto levels = levels_run(study.nodes());
  auto missing = without(study, text_of(study.scope(), "factor"), array_of(study.scope(), "arms"), levels);
  const auto& moderator = object_of(study.scope(), "moderator");
  for (auto& level : without(study, text_of(moderator, "factor"), array_of(moderator, "levels"), levels))
    missing.push_back(std::move(level));
  return missing;
}

std::vector<std::string> levels_of_the_search(const Study& study) {
  const auto searched = levels_run(study.nodes());
  return without(study, text_of(study.scope(), "factor"), array_of(study.scope(), "arms"),
                 levels_run(study.claims(), true), &searched);
}

}  // namespace aisci::offline
