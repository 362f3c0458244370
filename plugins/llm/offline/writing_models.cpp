// The models of a claim: what they are set to where that stands in the set-up's table alone, and whether the question
// is about them.
#include <algorithm>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "template_words.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

std::string model_in(const Study& study, const json::object& arm) {
  const json::value* level = object_of(arm, "config").if_contains(factor_with_role(study.manifest(), "model"));
  return level ? level_name(*level) : std::string{};
}

// The models that a claim's arms are, in the order of the arms; one without a name where the template has no kinds.
std::vector<std::string> models_of(const Study& study, const Entry& claim) {
  std::vector<std::string> models;
  for (const auto* arm : objects_of(*claim.plan, "arms"))
    if (const std::string model = model_in(study, *arm); !contains(models, model)) models.push_back(model);
  return models;
}

// Whether a factor sets how large a model is, or is one that only some models have.
bool of_models(const json::object& manifest, const std::string& name) {
  const auto& factor = factor_in(manifest, name);
  if (text_of(factor, "kind") != "ordered") return false;
  if (has_role(manifest, name, "capacity") || has_role(manifest, name, "mechanism")) return true;
  const std::string role = factor_with_role(manifest, "model");
  return !role.empty() && text_of(object_of(factor, "applies_to"), "factor") == role;
}

// "tree depth 4", "50 trees": what all arms of the claim with this model have alike and its setting does not say.
std::vector<std::string> settings_of(const Study& study, const Entry& claim, const std::string& model) {
  const auto& manifest = study.manifest();
  std::vector<std::string> parts;
  for (const auto& [key, value] : object_of(manifest, "factors")) {
    const std::string name{key};
    if (!of_models(manifest, name) || name == claim.factor || name == claim.moderator ||
        object_of(*claim.hypothesis, "context").contains(name) || object_of(*claim.hypothesis, "also").contains(name))
      continue;
    std::string level;
    for (const auto* arm : objects_of(*claim.plan, "arms")) {
      const auto& config = object_of(*arm, "config");
      if (const json::value* given = config.if_contains(key);
          given && model_in(study, *arm) == model && acts(manifest, name, config))
        level = level_name(*given);
    }
    // A factor that departs from the study's usual level is told with the claim's setting.
    if (!level.empty() && level == study.usual_level(name)) parts.push_back(level_phrase(manifest, name, level));
  }
  return parts;
}

std::string called(const Study& study, const std::string& model) {
  return model.empty() ? article(study.terms().subject) + " " + study.terms().subject
                       : told_level(study.manifest(), factor_with_role(study.manifest(), "model"), model);
}

// The models that the question is about; none where it leaves them open.
std::vector<std::string> asked_models(const Study& study) {
  if (const json::value* fixed = study.fixed_model()) return {level_name(*fixed)};
  std::vector<std::string> models;
  if (has_role(study.manifest(), text_of(study.scope(), "factor"), "model"))
    for (const auto& level : array_of(study.scope(), "arms")) models.push_back(level_name(level));
  return models;
}

// Of the claims with evidence before this one, how many `is` holds for.
template <typename Is>
std::size_t count_before(const Study& study, const Entry& claim, const Is& is) {
  std::size_t count = 0;
  for (const auto& one : study.claims()) {
    if (&one == &claim) break;
    count += one.known && is(one);
  }
  return count;
}

// What is set of each of the claim's models that no claim before it has told: "a forest has tree depth 4".
std::vector<std::string> untold(const Study& study, const Entry& claim) {
  std::vector<std::string> sentences;
  for (const auto& model : models_of(study, claim)) {
    std::vector<std::string> parts;
    for (const auto& part : settings_of(study, claim, model))
      if (count_before(study, claim,
                       [&](const Entry& one) { return contains(settings_of(study, one, model), part); }) == 0)
        parts.push_back(part);
    if (!parts.empty()) sentences.push_back(called(study, model) + " has " + listed(parts));
  }
  return sentences;
}

}  // namespace

std::string model_of(const Study& study, const Entry& entry) {
  const auto arms = objects_of(*entry.plan, "arms");
  return arms.empty() ? std::string{} : model_in(study, *arms.front());
}

std::string settings_of_models(const Study& study, const Entry& claim) {
  // Where all claims are on one model, the set-up's table says it.
  std::set<std::string> models;
  for (const auto& one : study.claims())
    for (auto& model : models_of(study, one)) models.insert(std::move(model));
  if (models.size() < 2) return {};
  std::string text;
  for (const auto& part : untold(study, claim)) text += (text.empty() ? "" : "; ") + part;
  if (text.empty()) return text;
  const auto before = count_before(study, claim, [&](const Entry& one) { return !untold(study, one).empty(); });
  return turn(before, {" In this claim ", " Here ", " This time "}) + text + ".";
}

std::vector<std::string> models_beyond(const Study& study, const Entry& claim) {
  const auto asked = asked_models(study);
  std::vector<std::string> beyond;
  for (const auto& model : models_of(study, claim))
    if (!asked.empty() && !model.empty() && !contains(asked, model)) beyond.push_back(called(study, model));
  return beyond;
}

std::string beyond_question(const Study& study, const Entry& claim) {
  const auto beyond = models_beyond(study, claim);
  if (beyond.empty()) return {};
  std::vector<std::string> asked;
  for (const auto& model : asked_models(study)) asked.push_back(called(study, model));
  switch (count_before(study, claim, [&](const Entry& one) { return !models_beyond(study, one).empty(); }) % 3) {
    case 0:
      return " The question, as this study reads it, is about " + listed(asked) + "; what is found of " +
             listed(beyond) + " lies beyond it and does not answer it.";
    case 1:
      return " This claim, too, lies beyond the question: it is on " + listed(beyond) + ".";
    default:
      return " Of " + listed(beyond) + " nothing was asked either.";
  }
}

}  // namespace aisci::offline
