// How a study tells of its entries: their settings, sides and values as references.
#include <algorithm>
#include <cmath>
#include "analysis_study.hpp"
#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"

namespace aisci::offline {

// The hypothesis' context, with the architecture and the amount of data said even where they are the template's
// defaults.
json::object Study::whole_context(const Entry& entry) const {
  const auto& context = object_of(*entry.hypothesis, "context");
  json::object whole;
  std::vector<std::string> order{factor_with_role(manifest(), "model"), data_factor()};
  for (const auto& [key, value] : context)
    if (!contains(order, std::string{key})) order.emplace_back(key);
  // A factor that nobody set has the template's default, which is worth saying where it is not this study's usual
  // level.
  for (const auto& [key, factor] : object_of(manifest(), "factors"))
    if (factor.is_object() && has(factor.get_object(), "default") && !contains(order, std::string{key}) &&
        expected_level(std::string{key}) != default_level(manifest(), std::string{key}))
      order.emplace_back(key);
  for (const auto& name : order) {
    if (name.empty() || name == entry.factor || name == entry.moderator || factor_in(manifest(), name).empty() ||
        object_of(*entry.hypothesis, "also").contains(name))
      continue;
    if (const json::value* given = context.if_contains(name))
      whole[name] = *given;
    else if (const json::value* usual = factor_in(manifest(), name).if_contains("default"))
      whole[name] = *usual;
  }
  return whole;
}

std::string Study::subject(const Entry& entry, bool last_first) const {
  json::object context = whole_context(entry);
  if (last_first) {
    json::object turned;
    for (auto member = context.end(); member != context.begin();) turned.insert(*--member);
    context = std::move(turned);
  }
  return varies_model(entry) ? setting_phrase(manifest(), context) : subject_phrase(manifest(), context, false);
}

std::string Study::in_subject(const Entry& entry) const {
  const std::string subject = this->subject(entry), setting = "a setting with ";
  return subject.rfind(setting, 0) == 0 ? subject.substr(setting.size() - 5) : "in " + subject;
}

const char* Study::verb(const Entry& entry, const char* of_one, const char* of_several) const {
  const auto& factor = factor_in(manifest(), entry.factor);
  for (const char* several : {"all ", "both "})  // "all three together lead"
    if (called_in(*entry.hypothesis, true).rfind(several, 0) == 0) return of_several;
  if (has_role(manifest(), entry.factor, "model")) return of_one;  // said with an article
  const std::string label = level_label(factor, entry.treatment);
  const bool counted = label == entry.treatment && is_numeric(factor);
  if (counted)
    return text_of(factor, "title").rfind("number of ", 0) == 0 && entry.treatment != "1" ? of_several : of_one;
  const auto ends = [&](std::string_view ending) {
    return label.size() > ending.size() && label.compare(label.size() - ending.size(), ending.size(), ending) == 0;
  };
  return ends("s") && !ends("ss") && !ends("us") && !ends("is") && !ends("as") ? of_several : of_one;
}

bool Study::varies_model(const Entry& entry) const {
  const std::string role = factor_with_role(manifest(), "model");
  return !role.empty() && (entry.factor == role || entry.moderator == role);
}

std::string Study::setting(const Entry& entry) const {
  std::vector<std::string> parts;
  for (const auto& [key, value] : whole_context(entry))
    parts.push_back(level_phrase(manifest(), std::string{key}, level_name(value)));
  return listed(parts, ", ");
}

std::string Study::expected_level(const std::string& name) const {
  if (const std::string off = off_in_stack(name); !off.empty()) return off;
  const auto& moderator = object_of(scope(), "moderator");
  const auto& levels = array_of(moderator, "levels");
  if (text_of(moderator, "factor") == name && !levels.empty())
    return level_name(levels[levels.size() > 2 ? levels.size() / 2 : 0]);
  const json::value* given = object_of(scope(), "context").if_contains(name);
  return given ? level_name(*given) : default_level(manifest(), name);
}

std::string Study::peculiarity(const Entry& entry, bool told) const {
  std::vector<std::string> parts;
  for (const auto& [key, value] : whole_context(entry)) {
    const std::string name{key};
    if (level_name(value) != expected_level(name))
      parts.push_back(told ? told_level(manifest(), name, level_name(value))
                           : level_phrase(manifest(), name, level_name(value)));
  }
  return listed(parts);
}

std::string Study::shared_peculiarity(const Entry& entry) const {
  std::vector<std::string> parts;
  for (const auto& [key, value] : whole_context(entry))
    if (const std::string name{key}; level_name(value) != expected_level(name) && only_side(entry, name).empty())
      parts.push_back(told_level(manifest(), name, level_name(value)));
  return listed(parts);
}

std::vector<std::string> Study::departing(const Entry& entry) const {
  std::vector<std::string> factors;
  for (const auto& [key, value] : whole_context(entry))
    if (const std::string factor{key}; level_name(value) != expected_level(factor)) factors.push_back(factor);
  return factors;
}

std::string Study::level_in(const Entry& entry, const std::string& factor) const {
  const auto context = whole_context(entry);
  const json::value* given = context.if_contains(factor);
  return given ? level_name(*given) : expected_level(factor);
}

bool Study::at_chance(const std::string& arm) const {
  if (!has_fact("template.chance") || !has_fact(arm + ".mean")) return false;
  const double mean = number_of(fact(arm + ".mean"), "value"), chance = number_of(fact("template.chance"), "value");
  return lower_is_better() ? mean >= chance : mean <= chance;
}

bool Study::guesses(const Entry& entry) const {
  return entry.known && !entry.arms.empty() && can_be_guessed(metric()) &&
         std::all_of(entry.arms.begin(), entry.arms.end(), [&](const std::string& arm) { return at_chance(arm); });
}

std::vector<const Entry*> Study::at_condition(const Entry& interaction, bool first) const {
  const auto context = whole_context(interaction);
  std::vector<const Entry*> found;
  for (const auto& node : nodes_) {
    if (!node.known || node.interaction || has(*node.hypothesis, "also") || node.factor != interaction.factor ||
        !node.part.empty() || node.treatment != interaction.treatment || node.baseline != interaction.baseline)
      continue;
    const auto own = whole_context(node);
    const auto same = [&](const auto& member) {
      const std::string factor{member.key()};
      return factor == interaction.moderator || level_in(node, factor) == level_in(interaction, factor);
    };
    if (std::all_of(own.begin(), own.end(), same) && std::all_of(context.begin(), context.end(), same) &&
        level_in(node, interaction.moderator) == (first ? interaction.low : interaction.high))
      found.push_back(&node);
  }
  return found;
}

std::optional<bool> Study::ends_agree(const Entry& interaction) const {
  const auto first = at_condition(interaction, true), second = at_condition(interaction, false);
  if (first.empty() || second.empty() || !interaction.known) return {};
  const auto half = [](const Entry& entry) { return (entry.upper - entry.lower) / 2; };
  const auto raw = [](const Entry& entry) { return entry.sign * entry.mean; };
  if (std::abs(raw(*first.front()) - raw(*second.front())) <= std::hypot(half(*first.front()), half(*second.front())))
    return {};
  // An interaction in log odds may have another sign than the same means in points.
  const auto gap = [&](const Entry& entry) {
    if (!interaction.logit) return raw(entry);
    const auto logit = [&](const std::string& arm) {
      const double share = std::clamp(number_of(fact(arm + ".mean"), "value"), 1e-6, 1 - 1e-6);
      return std::log(share / (1 - share));
    };
    return logit(entry.arms.front()) - logit(entry.arms.back());
  };
  return (gap(*first.front()) - gap(*second.front())) * raw(interaction) > 0;
}

std::string Study::usual_beside_others(const Entry& entry) const {
  const std::string role = factor_with_role(manifest(), "model");
  const auto own = whole_context(entry);
  std::vector<std::string> told, parts;
  for (const auto& claim : claims_)
    for (const auto& factor : departing(claim)) {
      if (factor == role || factor == data_factor() || factor == entry.factor || factor == entry.moderator ||
          !off_in_stack(factor).empty() || own.contains(factor) || !acts_on_all(entry, factor) ||
          contains(told, factor))
        continue;
      told.push_back(factor);
      parts.push_back(told_level(manifest(), factor, expected_level(factor)));
    }
  return listed(parts);
}

std::string Study::side_in_full(const Entry& entry, bool treatment) const {
  const std::string name = told_side(entry, treatment);
  std::vector<std::string> parts;
  const auto context = whole_context(entry);
  std::vector<std::string> told = departing(entry);
  // Of the main claim, and where one side departs from the usual, what another claim on the same two sides sets is told
  // where it is as usual, too.
  const bool beside_others = &entry == main_claim() ||
                             std::any_of(told.begin(), told.end(),
                                         [&](const std::string& factor) { return !only_side(entry, factor).empty(); });
  for (const auto& claim : claims_)
    if (beside_others && (claim.same_pair(entry) || claim.turned_pair(entry)))
      for (const auto& factor : departing(claim))
        if (!contains(told, factor)) told.push_back(factor);
  for (const auto& factor : told)
    if (only_side(entry, factor) == name) {
      const json::value* level = context.if_contains(factor);
      parts.push_back(told_level(manifest(), factor, level ? level_name(*level) : expected_level(factor)));
    }
  return name + (parts.empty() ? "" : " with " + listed(parts));
}

std::string Study::side(const Entry& entry, bool treatment) const {
  if (const std::string called = called_in(*entry.hypothesis, treatment); !called.empty() && entry.interaction)
    return called;
  if (entry.interaction || entry.arms.empty())
    return level_phrase(manifest(), entry.factor, treatment ? entry.treatment : entry.baseline);
  return "{{arm:" + (treatment ? entry.arms.front() : entry.arms.back()) + "}}";
}

std::string Study::told_side(const Entry& entry, bool treatment) const {
  const std::string name = side(entry, treatment);
  if (!has_role(manifest(), entry.factor, "model") || !called_in(*entry.hypothesis, treatment).empty()) return name;
  const std::string label =
      level_label(factor_in(manifest(), entry.factor), treatment ? entry.treatment : entry.baseline);
  return article(label) + " " + name;
}

std::string Study::difference(const Entry& entry, const std::string& sign) const {
  return side(entry, true) + sign + side(entry, false);
}

std::string Study::low(const Entry& entry) const { return told_level(manifest(), entry.moderator, entry.low); }
std::string Study::high(const Entry& entry) const { return told_level(manifest(), entry.moderator, entry.high); }

std::string Study::comparison(const Entry& entry, const std::string& between) const {
  return entry.interaction ? sides(entry, between) + ", " + conditions(entry) : sides(entry, between);
}

std::string Study::conditions(const Entry& entry) const {
  const std::string low = level_phrase(manifest(), entry.moderator, entry.low),
                    high = level_phrase(manifest(), entry.moderator, entry.high);
  const bool counted = high.rfind("{{level:", 0) == 0;  // "100 against 400 training images"
  // "tree depth 1 against 8", but "no dropout against dropout rate 0.2"
  const bool titled = low != level_reference(manifest(), entry.moderator, entry.low);
  return (counted ? level_reference(manifest(), entry.moderator, entry.low) : low) + " against " +
         (titled && !counted ? level_reference(manifest(), entry.moderator, entry.high) : high);
}

std::string Study::value(const Entry& entry, const std::string& name) const {
  return "{{" + entry.id + "." + name + "}}";
}
bool Study::prints_as_zero(const Entry& entry) const {
  const std::string text = text_of(fact(entry.id + ".contrast.mean"), "text");
  return has_digit(text) && text.find_first_of("123456789") == std::string::npos;
}

std::string Study::size(const Entry& entry) const { return "{{value:" + entry.id + ".contrast.mean|abs}}"; }

std::string Study::bare(const Entry& entry, const std::string& name) const {
  const std::string full = entry.id + "." + name;
  return has_unit(text_of(fact(full), "kind")) ? "{{value:" + full + "|short}}" : "{{" + full + "}}";
}

std::string Study::direction(const Entry& entry, const std::string& positive, const std::string& negative) const {
  return "{{direction:" + entry.id + ".contrast.mean|" + positive + "|" + negative + "}}";
}

std::string Study::name(const Entry& entry) const { return "{{" + entry.id + ".name}}"; }

}  // namespace aisci::offline
