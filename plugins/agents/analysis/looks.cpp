#include "looks.hpp"

#include <algorithm>

#include "kit/document.hpp"

namespace aisci::analysis {
namespace {

using namespace kit;

std::string side_of(const std::string& factor, const json::value& level) { return factor + "=" + level_name(level); }

// What a hypothesis compares: two levels of a factor, or two sides that it gives names.
std::string side_of(const json::object& hypothesis, const json::object& planned) {
  if (texts_of(hypothesis, "called").size() == 2) return text_of(planned, "label");
  const std::string factor = text_of(hypothesis, "factor");
  const auto* level = find_member(object_of(planned, "config"), factor);
  return level ? side_of(factor, *level) : text_of(planned, "label");
}

std::int64_t variant_of(const json::object& hypothesis, const json::object& planned) {
  const auto& moderator = object_of(hypothesis, "moderator");
  const auto* level = find_member(object_of(planned, "config"), text_of(moderator, "factor"));
  const auto& levels = array_of(moderator, "levels");
  if (!level) return 0;
  const auto found = std::find_if(levels.begin(), levels.end(),
                                  [&](const json::value& one) { return level_name(one) == level_name(*level); });
  return found == levels.end() ? 0 : found - levels.begin();
}

bool is_treatment(const json::object& hypothesis, const json::object& planned) {
  const auto called = texts_of(hypothesis, "called");
  if (called.size() == 2) return text_of(planned, "label") == called.front();
  const auto* level = find_member(object_of(planned, "config"), text_of(hypothesis, "factor"));
  const auto* treatment = find_member(hypothesis, "treatment");
  return level && treatment && level_name(*level) == level_name(*treatment);
}

}  // namespace

Looks::Looks(const std::vector<const json::object*>& hypotheses) {
  for (const auto* hypothesis : hypotheses) {
    const auto called = texts_of(*hypothesis, "called");
    for (const bool treatment : {false, true}) {
      const auto* level = find_member(*hypothesis, treatment ? "treatment" : "baseline");
      if (called.size() == 2)
        place(called[treatment ? 0 : 1]);
      else if (level)
        place(side_of(text_of(*hypothesis, "factor"), *level));
    }
  }
}

std::int64_t Looks::place(const std::string& side) {
  const auto found = std::find(sides_.begin(), sides_.end(), side);
  const auto at = found - sides_.begin();
  if (found == sides_.end()) sides_.push_back(side);
  return at;
}

void Looks::dress(json::object& drawn, const json::object& hypothesis, const json::object& planned) {
  drawn["look"] = place(side_of(hypothesis, planned));
  drawn["variant"] = variant_of(hypothesis, planned);
}

void Looks::dress(json::object& drawn, const std::string& factor, const json::value& level) {
  drawn["look"] = place(side_of(factor, level));
  drawn["variant"] = 0;
}

std::vector<const json::object*> Looks::in_order(const json::object& plan, const json::object& hypothesis) {
  auto arms = objects_of(plan, "arms");
  std::stable_sort(arms.begin(), arms.end(), [&](const json::object* a, const json::object* b) {
    return std::pair{variant_of(hypothesis, *a), is_treatment(hypothesis, *a)} <
           std::pair{variant_of(hypothesis, *b), is_treatment(hypothesis, *b)};
  });
  return arms;
}

}  // namespace aisci::analysis
