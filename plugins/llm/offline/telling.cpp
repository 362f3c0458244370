#include "telling.hpp"

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

std::string value(const std::string& name) { return "{{" + name + "}}"; }
std::string arm(const std::string& owner, const std::string& id) { return "{{arm:" + owner + "." + id + "}}"; }
std::string interval(const std::string& owner) {
  return value(owner + ".contrast.lower") + " to " + value(owner + ".contrast.upper");
}

const json::object& manifest_of(const json::object& study) { return object_of(study, "template"); }

}  // namespace

std::string level_word(const json::object& manifest, const std::string& factor, const json::value& level) {
  return level_reference(manifest, factor, level_name(level));
}

bool is_interaction(const json::object& hypothesis) { return text_of(hypothesis, "kind") == "interaction"; }

std::string comparison_of(const json::object& study, const json::object& hypothesis) {
  const auto& manifest = manifest_of(study);
  const auto& factors = object_of(manifest, "factors");
  const std::string factor = text_of(hypothesis, "factor");
  const auto side = [&](const char* name) {
    if (auto called = called_in(hypothesis, std::string_view{name} == "treatment"); !called.empty()) return called;
    const auto* level = find_member(hypothesis, name);
    return level ? level_word(manifest, factor, *level) : std::string{};
  };
  std::string text = side("treatment") + " over " + side("baseline");
  if (text_of(object_of(factors, factor), "kind") == "ordered")
    text = text_of(object_of(factors, factor), "title", factor) + " " + text;
  for (const auto& entry : object_of(hypothesis, "context")) {
    const std::string name{entry.key()};
    const auto& other = object_of(factors, name);
    const auto* usual = find_member(other, "default");
    if (usual && level_name(*usual) == level_name(entry.value()) && text_of(other, "kind") != "ordered") continue;
    text += " with " + level_phrase(manifest, name, level_name(entry.value()));
  }
  if (const auto& moderator = object_of(hypothesis, "moderator"); !moderator.empty()) {
    const std::string name = text_of(moderator, "factor");
    const auto& levels = array_of(moderator, "levels");
    if (levels.size() >= 2)
      text = "the advantage of " + text + " with " + level_phrase(manifest, name, level_name(levels[0])) +
             " rather than " + level_phrase(manifest, name, level_name(levels[1]));
  }
  return text;
}

std::vector<std::string> arms_of(const json::object& entry) {
  std::vector<std::string> ids;
  if (const auto& listed = array_of(entry, "arms"); !listed.empty()) {
    for (const auto& id : listed) ids.emplace_back(id.as_string().c_str());
    return ids;
  }
  const auto& plan = object_of(entry, "plan");
  const auto& weights = object_at(plan, "contrast.weights");
  for (const bool positive : {true, false})
    for (const auto* one : objects_of(plan, "arms"))
      if (const auto* weight = find_member(weights, text_of(*one, "id"));
          weight && (as_number(*weight) > 0) == positive)
        ids.push_back(text_of(*one, "id"));
  return ids;
}

std::string result_sentence(const json::object& study, const json::object& entry, std::size_t turn) {
  const std::string id = text_of(entry, "id");
  const auto& hypothesis = object_of(entry, "hypothesis");
  if (object_of(entry, "evidence").empty())
    return "It gave no evidence: " + without_stop(capitalised("the experiment failed")) + ".";
  const std::string n = value(id + ".n");
  if (is_interaction(hypothesis)) {
    const std::string what = comparison_of(study, hypothesis), contrast = value(id + ".contrast.mean");
    switch (turn % 3) {
      case 0:
        return "On the logit scale, " + what + " came to " + contrast + " (interval " + interval(id) + ", " + n +
               " blocks of four " + terms_of(manifest_of(study)).subjects + ").";
      case 1:
        return "Measured as a difference of log odds ratios, " + what + " was estimated at " + contrast + " from " + n +
               " blocks, between " + value(id + ".contrast.lower") + " and " + value(id + ".contrast.upper") + ".";
      default:
        return n + " blocks put " + what + " at " + contrast + " log odds, with limits " + interval(id) + ".";
    }
  }
  const auto ids = arms_of(entry);
  if (ids.size() < 2) return {};
  const std::string a = arm(id, ids[0]), b = arm(id, ids[1]), mean_a = value(id + "." + ids[0] + ".mean"),
                    mean_b = value(id + "." + ids[1] + ".mean"), difference = value(id + ".contrast.mean");
  switch (turn % 3) {
    case 0:
      return a + " reached " + mean_a + " and " + b + " " + mean_b + ", a difference of " + difference +
             " with an interval from " + interval(id) + " over " + n + " blocks.";
    case 1:
      return "Over " + n + " blocks the mean score of " + a + " was " + mean_a + ", that of " + b + " " + mean_b +
             "; the paired difference is " + difference + ", its limits " + interval(id) + ".";
    default:
      return "With " + a + " the " + terms_of(manifest_of(study)).subjects + " scored " + mean_a + ", with " + b + " " +
             mean_b + ": " + difference + " apart (" + interval(id) + "; " + n + " blocks).";
  }
}

std::string verdict_sentence(const json::object& study, const json::object& claim, std::size_t turn) {
  (void)study;
  const std::string id = text_of(claim, "id"), verdict = text_of(claim, "verdict"), word = "{{verdict:" + id + "}}",
                    least = value(id + ".smallest_effect");
  if (object_of(claim, "evidence").empty())
    return "Because its confirmation gave no usable blocks, the claim stays " + word + ".";
  if (verdict == "supported")
    return turn % 2 == 0 ? "The whole interval lies on the predicted side of zero, so the claim is " + word + "."
                         : "Zero is excluded in the direction that was predicted beforehand; by the rule fixed in "
                           "advance this makes the claim " +
                               word + ".";
  if (verdict == "equivalent")
    return turn % 2 == 0 ? "Since the interval stays within " + least + " of zero on both sides, the arms count as " +
                               word + " for practical purposes."
                         : "Neither direction leaves room for an effect of " + least +
                               " or more; the claim is decided as " + word + ".";
  if (verdict == "refuted")
    return turn % 2 == 0 ? "An effect of " + least +
                               " or more in the predicted direction is excluded, and the claim is " + word + "."
                         : "The upper limit in the predicted direction falls short of " + least +
                               ", the smallest effect worth having, which leaves the claim " + word + ".";
  return turn % 2 == 0 ? "The interval holds both zero and effects beyond " + least + ", so the data leave the claim " +
                             word + "."
                       : "Effects larger than " + least + " remain possible and so does none at all; the outcome is " +
                             word + ".";
}

}  // namespace aisci::offline
