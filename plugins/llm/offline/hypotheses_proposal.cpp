#include "hypotheses_proposal.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "document.hpp"
#include "question_reading.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

const json::object& metric_in(const Ground& ground) {
  return object_of(object_of(*ground.manifest, "metrics"), ground.metric);
}
bool higher_is_better(const Ground& ground) { return text_of(metric_in(ground), "direction", "higher") != "lower"; }

std::string metric_title(const Ground& ground) { return text_of(metric_in(ground), "title", ground.metric); }

std::string contrast_identity(const json::object& manifest, const std::string& factor, std::string one,
                              std::string other, const json::object& context, const std::string& moderator,
                              std::string low, std::string high, const std::vector<Further>& also) {
  const bool turned = other < one;
  if (turned) std::swap(one, other);
  if (high < low) std::swap(low, high);
  std::string text = factor + "|" + one + "|" + other + "|" + moderator + "|" + low + "|" + high;
  for (const auto& [key, value] : object_of(manifest, "factors")) {
    const std::string name{key};
    if (name == factor || name == moderator) continue;
    const json::value* fixed = context.if_contains(key);
    if (const auto further = std::find_if(also.begin(), also.end(), [&](const auto& it) { return it.factor == name; });
        further != also.end()) {
      const auto &first = turned ? further->baseline : further->treatment,
                 &second = turned ? further->treatment : further->baseline;
      text += "|" + name + "=" + (first == second ? first : first + "/" + second);
      continue;
    }
    text += "|" + name + "=" + (fixed ? level_name(*fixed) : default_level(manifest, name));
  }
  return text;
}

std::string statement_of(const Ground& ground, const Proposal& proposal) {
  const auto& manifest = *ground.manifest;
  const std::string better = higher_is_better(ground) ? "higher" : "lower";
  const std::string treatment = treatment_in(manifest, proposal), baseline = baseline_in(manifest, proposal);
  if (proposal.moderator.empty()) {
    if (has_role(manifest, proposal.factor, "model")) {
      const auto of = [&](const std::string& level) {
        return subject_phrase(manifest, {{proposal.factor, level_value(factor_in(manifest, proposal.factor), level)}},
                              false);
      };
      const std::string bare = subject_phrase(manifest, {}, false);
      return capitalised(of(proposal.treatment)) + " reaches a " + better + " " + metric_title(ground) + " than " +
             of(proposal.baseline) +
             (proposal.context.empty()
                  ? ""
                  : ", both" + subject_phrase(manifest, proposal.context, false).substr(bare.size())) +
             ".";
    }
    return subject_phrase(manifest, proposal.context, true) + " reaches a " + better + " " + metric_title(ground) +
           " with " + treatment + " than with " + baseline + ".";
  }
  const std::string near = proposal.larger_at_low ? proposal.low : proposal.high,
                    far = proposal.larger_at_low ? proposal.high : proposal.low;
  const bool models = has_role(manifest, proposal.factor, "model") || has_role(manifest, proposal.moderator, "model");
  const std::string where = proposal.context.empty()
                                ? std::string{}
                                : " in " + (models ? setting_phrase(manifest, proposal.context)
                                                   : subject_phrase(manifest, proposal.context, false));
  return "The advantage in " + metric_title(ground) + " of " + treatment + " over " + baseline + where +
         " is larger with " + told_level(manifest, proposal.moderator, near) + " than with " +
         told_level(manifest, proposal.moderator, far) + ".";
}

// The conditions of an interaction, in the order in which its contrast subtracts: such that what is predicted is
// positive.
std::pair<std::string, std::string> conditions_of(const Ground& ground, const Proposal& proposal) {
  return proposal.larger_at_low == higher_is_better(ground) ? std::pair{proposal.low, proposal.high}
                                                            : std::pair{proposal.high, proposal.low};
}

std::string experiment_of(const Ground& ground, const Proposal& proposal) {
  const auto& manifest = *ground.manifest;
  const Terms terms = terms_of(manifest);
  const std::string pair = treatment_in(manifest, proposal) + (proposal.also.empty() ? " and " : " and with ") +
                           baseline_in(manifest, proposal);
  if (proposal.moderator.empty())
    return "In every block one seed fixes " + terms.block + "; " +
           (has_role(manifest, proposal.factor, "model") ? "" : terms.subjects + " with ") + pair + " are " +
           terms.trained + " from it and the difference of their " + metric_title(ground) + " is the unit of the test.";
  const auto [first, second] = conditions_of(ground, proposal);
  return "In every block four " + terms.subjects + " are " + terms.trained + " from one seed, " + pair + " each with " +
         told_level(manifest, proposal.moderator, first) + " and with " +
         told_level(manifest, proposal.moderator, second) +
         ", and the difference between the two advantages is the unit of the test.";
}

std::string rationale_of(const Proposal& proposal) {
  std::string text;
  if (!proposal.support.empty()) {
    text = has_digit(proposal.support.statement)
               ? "The prediction takes its direction from {{cite:" + proposal.support.key + "}}."
               : without_stop(proposal.support.statement) + " {{cite:" + proposal.support.key + "}}.";
  }
  if (!proposal.reason.empty()) text += (text.empty() ? "" : " ") + proposal.reason;
  if (!proposal.contrary.empty())
    text += std::string{proposal.called.empty() ? " Elsewhere the opposite order was reported"
                                                : " Elsewhere a part of the combination was reported to do harm"} +
            " {{cite:" + proposal.contrary.key + "}}.";
  return text;
}

// Whether the template's tuning factor does anything on a side of the comparison.
bool tuned(const json::object& manifest, const Proposal& proposal, const std::string& tuning) {
  for (const auto& level : {proposal.treatment, proposal.baseline}) {
    json::object levels = proposal.context;
    levels[proposal.factor] = level_value(factor_in(manifest, proposal.factor), level);
    for (const auto& further : proposal.also)
      levels[further.factor] = level_value(factor_in(manifest, further.factor),
                                           level == proposal.treatment ? further.treatment : further.baseline);
    if (acts(manifest, tuning, levels)) return true;
  }
  return false;
}

json::array risks_of(const Ground& ground, const Proposal& proposal) {
  json::array risks;
  const std::string tuning = factor_with_role(*ground.manifest, "tuning");
  const auto tuned_for = texts_of(factor_in(*ground.manifest, tuning), "tuned_for");
  if (!tuning.empty() && proposal.factor != tuning && !contains(tuned_for, proposal.factor) &&
      tuned(*ground.manifest, proposal, tuning))
    risks.emplace_back("All arms share one " + text_of(factor_in(*ground.manifest, tuning), "title", tuning) +
                       ", which may suit one of them better.");
  if (!proposal.moderator.empty() && text_of(metric_in(ground), "unit", "fraction") == "fraction")
    risks.emplace_back(
        "Near the ceiling of the metric equal advantages look unequal; the contrast is therefore taken on the logit "
        "scale.");
  else
    risks.emplace_back("The effect may be smaller than what the planned number of blocks can resolve.");
  risks.emplace_back("One data set is used, so other kinds of data may answer otherwise.");
  return risks;
}

json::object expectation_of(const Ground& ground, const Proposal& proposal) {
  const double smallest = number_of(metric_in(ground), "smallest_effect", 0.02);
  const bool up = !proposal.moderator.empty() || higher_is_better(ground);
  const bool logit = !proposal.moderator.empty() && text_of(metric_in(ground), "unit", "fraction") == "fraction";
  const double size = proposal.moderator.empty() ? 1.5 * smallest
                      : logit ? 2.0 * number_of(metric_in(ground), "smallest_effect_logit", smallest / 0.16)
                              : 2.0 * smallest;
  return {{"direction", up ? "higher" : "lower"}, {"size", size}};
}

}  // namespace

const json::object& factor_in(const json::object& manifest, const std::string& name) {
  return object_of(object_of(manifest, "factors"), name);
}

std::string default_level(const json::object& manifest, const std::string& factor) {
  const auto& object = factor_in(manifest, factor);
  const json::value* value = object.if_contains("default");
  return value ? level_name(*value) : std::string{};
}

std::string data_factor(const json::object& manifest) { return factor_with_role(manifest, "data"); }

bool takes_effect(const json::object& manifest, const Proposal& proposal) {
  std::vector<json::object> arms(2, proposal.context);
  arms[0][proposal.factor] = level_value(factor_in(manifest, proposal.factor), proposal.treatment);
  arms[1][proposal.factor] = level_value(factor_in(manifest, proposal.factor), proposal.baseline);
  for (const auto& further : proposal.also) {
    if (further.factor == proposal.moderator || proposal.context.contains(further.factor)) return false;
    arms[0][further.factor] = level_value(factor_in(manifest, further.factor), further.treatment);
    arms[1][further.factor] = level_value(factor_in(manifest, further.factor), further.baseline);
  }
  const auto somewhere = [&](const std::string& name) {
    return acts(manifest, name, arms[0]) || acts(manifest, name, arms[1]);
  };
  if (!somewhere(proposal.factor)) return false;
  // An interaction has four arms that differ: a factor that does nothing in one of them makes two of them the same.
  if (!proposal.moderator.empty())
    for (auto arm : arms)
      for (const auto& level : {proposal.low, proposal.high}) {
        arm[proposal.moderator] = level_value(factor_in(manifest, proposal.moderator), level);
        if (!acts(manifest, proposal.factor, arm) || !acts(manifest, proposal.moderator, arm)) return false;
      }
  for (const auto& [key, value] : proposal.context)
    if (level_name(value) != default_level(manifest, std::string{key}) && !somewhere(std::string{key})) return false;
  return true;
}

bool sets_what_matters(const json::object& manifest, const json::object& scope, const Proposal& proposal) {
  std::vector<json::object> arms(2, proposal.context);
  arms[0][proposal.factor] = level_value(factor_in(manifest, proposal.factor), proposal.treatment);
  arms[1][proposal.factor] = level_value(factor_in(manifest, proposal.factor), proposal.baseline);
  const auto is_idle = [&](const std::string& name) {
    return idle(manifest, name, arms[0]) && idle(manifest, name, arms[1]);
  };
  if (!proposal.moderator.empty() && is_idle(proposal.moderator)) return false;
  for (const auto& [key, value] : proposal.context)
    if (level_name(value) != default_level(manifest, std::string{key}) && !object_of(scope, "context").contains(key) &&
        is_idle(std::string{key}))
      return false;
  return true;
}

std::string identity_of(const json::object& manifest, const Proposal& proposal) {
  return contrast_identity(manifest, proposal.factor, proposal.treatment, proposal.baseline, proposal.context,
                           proposal.moderator, proposal.low, proposal.high, proposal.also);
}

std::string identity_of(const json::object& manifest, const json::object& hypothesis) {
  const auto& moderator = object_of(hypothesis, "moderator");
  const auto& levels = array_of(moderator, "levels");
  const auto name = [&](const char* member) {
    const json::value* value = hypothesis.if_contains(member);
    return value ? level_name(*value) : std::string{};
  };
  return contrast_identity(manifest, text_of(hypothesis, "factor"), name("treatment"), name("baseline"),
                           object_of(hypothesis, "context"), text_of(moderator, "factor"),
                           levels.size() == 2 ? level_name(levels[0]) : std::string{},
                           levels.size() == 2 ? level_name(levels[1]) : std::string{}, further_in(hypothesis));
}

std::vector<Further> further_in(const json::object& hypothesis) {
  std::vector<Further> also;
  for (const auto& [key, pair] : object_of(hypothesis, "also"))
    if (pair.is_array() && pair.get_array().size() == 2)
      also.push_back({std::string{key}, level_name(pair.get_array()[0]), level_name(pair.get_array()[1])});
  return also;
}

std::string called_in(const json::object& hypothesis, bool treatment) {
  const auto called = texts_of(hypothesis, "called");
  return called.size() == 2 ? called[treatment ? 0 : 1] : std::string{};
}

std::string treatment_in(const json::object& manifest, const Proposal& proposal) {
  return proposal.called.size() == 2 ? proposal.called[0] : told_level(manifest, proposal.factor, proposal.treatment);
}
std::string baseline_in(const json::object& manifest, const Proposal& proposal) {
  return proposal.called.size() == 2 ? proposal.called[1] : told_level(manifest, proposal.factor, proposal.baseline);
}

std::string off_in_stack(const json::object& scope, const std::string& factor) {
  for (const auto* layer : objects_of(scope, "stack"))
    if (text_of(*layer, "factor") == factor && has(*layer, "off")) return level_name(layer->at("off"));
  return {};
}

std::string layer_title(const json::object& manifest, const json::object& scope, const std::string& name) {
  const auto& factor = factor_in(manifest, name);
  const std::string title = text_of(factor, "title", name), off = level_label(factor, off_in_stack(scope, name));
  if (!is_numeric(factor))
    for (const auto* layer : objects_of(scope, "stack"))
      if (text_of(*layer, "factor") == name && has(*layer, "on"))
        if (const std::string on = level_label(factor, level_name(layer->at("on"))); !has_digit(on)) return on;
  for (const std::string_view none : {"no ", "zero "})
    if (off.rfind(none, 0) == 0 && !has_digit(off)) return off.substr(none.size());
  return title;
}

std::string level_phrase(const json::object& manifest, const std::string& name, const std::string& level) {
  const auto& factor = factor_in(manifest, name);
  const std::string reference = level_reference(manifest, name, level), title = text_of(factor, "title", name);
  if (!is_numeric(factor) || reference.rfind("{{label:", 0) == 0) return reference;
  constexpr std::string_view kNumberOf = "number of ";
  if (title.rfind(kNumberOf, 0) == 0) return reference + " " + title.substr(kNumberOf.size());
  return title + " " + reference;
}

std::string told_level(const json::object& manifest, const std::string& name, const std::string& level) {
  const std::string phrase = level_phrase(manifest, name, level);
  return has_role(manifest, name, "model") ? article(level_label(factor_in(manifest, name), level)) + " " + phrase
                                           : phrase;
}

std::string subject_phrase(const json::object& manifest, const json::object& context, bool capital) {
  const std::string role = factor_with_role(manifest, "model"), subject = terms_of(manifest).subject;
  std::string text = article(subject) + " " + subject;
  if (const json::value* model = role.empty() ? nullptr : context.if_contains(role)) {
    const std::string label = level_label(factor_in(manifest, role), level_name(*model));
    text = article(label) + " " + level_reference(manifest, role, level_name(*model));
  }
  std::vector<std::string> with;
  for (const auto& [key, value] : context)
    if (std::string_view{key.data(), key.size()} != role)
      with.push_back(level_phrase(manifest, std::string{key}, level_name(value)));
  if (!with.empty()) text += " with " + listed(with);
  return capital ? capitalised(text) : text;
}

std::string setting_phrase(const json::object& manifest, const json::object& context) {
  const std::string role = factor_with_role(manifest, "model");
  std::vector<std::string> with;
  for (const auto& [key, value] : context)
    with.push_back(std::string_view{key.data(), key.size()} == role
                       ? told_level(manifest, role, level_name(value))
                       : level_phrase(manifest, std::string{key}, level_name(value)));
  return with.empty() ? "the usual setting" : "a setting with " + listed(with);
}

json::object hypothesis_of(const Ground& ground, const Proposal& proposal) {
  const auto& manifest = *ground.manifest;
  const auto& factor = factor_in(manifest, proposal.factor);
  json::object out{{"statement", statement_of(ground, proposal)},
                   {"rationale", rationale_of(proposal)},
                   {"experiment", experiment_of(ground, proposal)},
                   {"relation", proposal.relation}};
  out["kind"] = proposal.moderator.empty() ? "difference" : "interaction";
  out["template"] = text_of(manifest, "name");
  out["metric"] = ground.metric;
  out["factor"] = proposal.factor;
  out["treatment"] = level_value(factor, proposal.treatment);
  out["baseline"] = level_value(factor, proposal.baseline);
  out["context"] = proposal.context;
  out["moderator"] = nullptr;
  if (!proposal.moderator.empty()) {
    const auto& by = factor_in(manifest, proposal.moderator);
    const auto [first, second] = conditions_of(ground, proposal);
    out["moderator"] = json::object{{"factor", proposal.moderator},
                                    {"levels", json::array{level_value(by, first), level_value(by, second)}}};
  }
  if (!proposal.also.empty()) {
    json::object also;
    for (const auto& further : proposal.also) {
      const auto& it = factor_in(manifest, further.factor);
      also[further.factor] = json::array{level_value(it, further.treatment), level_value(it, further.baseline)};
    }
    out["also"] = std::move(also);
  }
  if (proposal.called.size() == 2)
    out["called"] = json::array{json::value(proposal.called[0]), json::value(proposal.called[1])};
  if (proposal.primary) out["primary"] = true;
  out["expected"] = expectation_of(ground, proposal);
  const std::string where =
      proposal.context.empty() ? std::string{} : "; here " + subject_phrase(manifest, proposal.context, false);
  out["population"] = without_stop(text_of(manifest, "population")) + where;
  out["risks"] = risks_of(ground, proposal);
  json::array citations;
  for (const Support* support : {&proposal.support, &proposal.contrary})
    if (!support->empty()) citations.push_back(json::object{{"key", support->key}, {"support", support->statement}});
  out["citations"] = std::move(citations);
  out["novelty"] = 0.5;  // the host knows the nearest papers and puts its own value here
  return out;
}

}  // namespace aisci::offline
