#include "hypotheses.hpp"

#include <algorithm>
#include <set>

#include "document.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

Pair oriented(const Ground& ground, const std::string& factor, const std::string& first, const std::string& second) {
  const Opinion opinion = ground.literature->order(first, second);
  if (opinion.sign != 0) {
    const bool kept = opinion.sign > 0;
    Pair pair{kept ? first : second, kept ? second : first, {}, opinion.support, {}};
    pair.reason =
        !opinion.direct
            ? "No retrieved record compares the two directly; the order is inferred from what is said of each."
        : data_factor(*ground.manifest).empty() ? "Whether that order holds in this setting is open."
                                                : "Whether that order survives when training data are few is open.";
    return pair;
  }
  Pair pair{first, second, {}, ground.literature->about_factor(), {}};
  // What a template says helps is expected to beat its absence, also where absence is the usual choice.
  const std::string helps = reason_of(*ground.manifest, factor, "helps", "");
  if (second == "none" && !helps.empty()) {
    pair.reason = helps;
    return pair;
  }
  if (second == default_level(*ground.manifest, factor)) std::swap(pair.better, pair.worse);
  pair.reason = "No retrieved record orders " + level_phrase(*ground.manifest, factor, first) + " and " +
                level_phrase(*ground.manifest, factor, second) + ", so the direction is a conjecture.";
  return pair;
}

std::vector<Pair> categorical_pairs(const Ground& ground, const std::string& name,
                                    const std::vector<std::string>& arms) {
  const auto& factor = factor_in(*ground.manifest, name);
  std::string reference = text_of(factor, "reference", level_names(factor).front());
  if (!contains(arms, reference)) reference = arms.front();
  std::vector<std::string> others;
  for (const auto& arm : arms)
    if (arm != reference) others.push_back(arm);
  std::stable_sort(others.begin(), others.end(), [&](const std::string& a, const std::string& b) {
    return ground.literature->standing(a) > ground.literature->standing(b);
  });
  if (!others.empty() &&
      ground.literature->standing(others.front()) <= 0) {  // the records praise none: begin with the common choice
    const auto common = std::find(others.begin(), others.end(), default_level(*ground.manifest, name));
    if (common != others.end()) std::rotate(others.begin(), common, common + 1);
  }
  std::vector<Pair> pairs;
  const auto add = [&](const std::string& first, const std::string& second) {
    pairs.push_back(oriented(ground, name, first, second));
  };
  if (!others.empty()) add(others.front(), reference);
  // A level that is faulted for saturating, against the reference: a contrast of kinds. One that a record compares with
  // the reference directly comes first.
  std::vector<std::string> faulted;
  for (const auto& arm : others)
    if (arm != others.front() && !ground.literature->fault(arm).empty() && ground.literature->fault(reference).empty())
      faulted.push_back(arm);
  std::stable_partition(faulted.begin(), faulted.end(),
                        [&](const std::string& arm) { return ground.literature->order(reference, arm).direct; });
  if (!faulted.empty()) {
    const Opinion opinion = ground.literature->order(reference, faulted.front());
    pairs.push_back({reference,
                     faulted.front(),
                     reason_of(*ground.manifest, name, "kinds",
                               "What the records fault in the latter should cost it here as well."),
                     opinion.sign > 0 && opinion.direct ? opinion.support : ground.literature->fault(faulted.front()),
                     {}});
  }
  if (others.size() > 1) add(others[1], reference), add(others.front(), others.back()), add(others.front(), others[1]);
  for (std::size_t i = 2; i < others.size(); ++i) add(others[i], reference);
  for (std::size_t i = 0; i < others.size(); ++i)
    for (std::size_t j = i + 1; j < others.size(); ++j) add(others[i], others[j]);
  return pairs;
}

// A factor that can be switched off (its least level is zero) is compared with off, and may be overdone; any other
// starts from its default.
std::vector<Pair> numeric_pairs(const Ground& ground, const std::string& name, std::vector<std::string> arms) {
  const auto& factor = factor_in(*ground.manifest, name);
  const auto order = level_names(factor);
  std::sort(arms.begin(), arms.end(), [&](const std::string& a, const std::string& b) {
    return std::find(order.begin(), order.end(), a) < std::find(order.begin(), order.end(), b);
  });
  const Support support = ground.literature->about_factor();
  const std::string end = expects(*ground.manifest, name);
  const bool optional = end == "moderate" && arms.front() == "0";
  std::vector<Pair> pairs;
  if (optional) {
    const std::string& moderate = arms[arms.size() > 2 ? arms.size() / 2 : 1];
    pairs.push_back(
        {moderate,
         arms.front(),
         reason_of(*ground.manifest, name, "helps",
                   "A dose that is neither nothing nor the most there is leaves room for both to be worse."),
         support,
         {}});
    if (arms.back() != moderate) {
      pairs.push_back({arms.front(),
                       arms.back(),
                       reason_of(*ground.manifest, name, "overdone",
                                 "Too strong a dose should cost more than none, if the response has a peak at all."),
                       {},
                       {}});
      pairs.push_back({moderate, arms.back(), "If the response has a peak, it lies below the strongest dose.", {}, {}});
    }
    for (std::size_t i = 1; i < arms.size(); ++i) {
      if (arms[i] != moderate && arms[i] != arms.back())
        pairs.push_back({arms[i], arms.front(), "A weak dose shows whether the response is graded.", support, {}});
      if (i > 1)
        pairs.push_back({arms[i - 1], arms[i], "Neighbouring doses locate the peak of the response.", support, {}});
    }
    return pairs;
  }
  const std::string why = reason_of(*ground.manifest, name, "helps", "");
  const std::string start =
      contains(arms, default_level(*ground.manifest, name)) ? default_level(*ground.manifest, name) : arms.front();
  const auto add = [&](const std::string& less, const std::string& more, const std::string& reason) {
    const bool up = end == "more" || (end != "less" && more == start);
    pairs.push_back(
        {up ? more : less, up ? less : more, why.empty() || end.empty() ? reason : why + " " + reason, support, {}});
  };
  if (arms.back() != arms.front())
    add(arms.front(), arms.back(), "The two ends of the range give the contrast that is easiest to resolve.");
  if (arms.back() != start)
    add(start, arms.back(), "The upper half of the range says whether the common choice is already enough.");
  if (arms.front() != start) add(arms.front(), start, "The lower half of the range says what the common choice buys.");
  for (std::size_t i = 1; i < arms.size(); ++i)
    add(arms[i - 1], arms[i], "Neighbouring levels locate where the response changes.");
  return pairs;
}

Proposal difference(const std::string& factor, const Pair& pair, const json::object& context) {
  return {factor, pair.better, pair.worse, context,     {},           {},
          {},     true,        "initial",  pair.reason, pair.support, pair.contrary};
}

std::string dependence_reason(const json::object& manifest, const std::string& factor, const std::string& moderator,
                              bool at_low) {
  if (moderator == data_factor(manifest))
    return "What the choice itself contributes should matter most where data contribute least, so the advantage should "
           "shrink as " +
           terms_of(manifest).examples + " are added.";
  if (same_family(manifest, factor, moderator))
    return "Two means that act on the same thing overlap, so the second should add less than it does alone.";
  if (contains(level_names(factor_in(manifest, moderator)), "0"))
    return "If the two act on the same thing they overlap, and the advantage should be smaller with both than with "
           "one.";
  const std::string more = "a larger " + text_of(factor_in(manifest, moderator), "title", moderator);
  return at_low ? "If the advantage makes up for something that " + more + " supplies, it should shrink."
                : "If the advantage comes from what " + more + " brings in, it should grow with that.";
}

// A statement about the inductive bias of the architecture in question.
Support bias_of_model(const Ground& ground, const json::object& context) {
  const std::string role = factor_with_role(*ground.manifest, "model");
  const json::value* model = role.empty() ? nullptr : context.if_contains(role);
  if (!model) return {};
  for (const auto& word : level_words(factor_in(*ground.manifest, role), level_name(*model)))
    if (const Support found = ground.literature->about({"inductive bias", read_wording(word).text}); !found.empty())
      return found;
  return {};
}

Proposal interaction(const Ground& ground, const std::string& factor, const Pair& pair, json::object context,
                     const Dependence& by) {
  context.erase(by.factor);
  const bool claimed = !by.larger_at.empty();
  const bool at_low = claimed ? by.larger_at == by.low : larger_at_low(*ground.manifest, by.factor);
  Support support = pair.support;
  if (by.factor == data_factor(*ground.manifest)) {
    if (const Support bias = bias_of_model(ground, context); !bias.empty()) support = bias;
  }
  Proposal proposal{factor,  pair.better, pair.worse, context, by.factor, by.low,
                    by.high, at_low,      "initial",  {},      support,   {}};
  proposal.reason = claimed ? "The question itself says where the difference is larger."
                            : dependence_reason(*ground.manifest, factor, by.factor, at_low);
  return proposal;
}

std::vector<std::string> arms_in(const json::object& scope, const json::object& factor) {
  std::vector<std::string> arms;
  for (const auto& value : array_of(scope, "arms"))
    if (!level_value(factor, level_name(value)).is_null() && !contains(arms, level_name(value)))
      arms.push_back(level_name(value));
  return arms.size() >= 2 ? arms : level_names(factor);
}

std::string asked(const json::object& scope, const char* side) {
  const json::value* value = object_of(scope, "asks").if_contains(side);
  return value ? level_name(*value) : std::string{};
}

json::object at_level(json::object context, const json::object& manifest, const Dependence& by,
                      const std::string& level) {
  if (!by.factor.empty()) context[by.factor] = level_value(factor_in(manifest, by.factor), level);
  return context;
}

// A narrow question still gives distinct hypotheses: other conditions for its one pair, those that could overturn the
// answer first.
std::vector<Proposal> elsewhere(const Ground& ground, const std::string& factor, const Pair& pair,
                                const json::object& usual, const std::string& moderator) {
  struct Condition {
    const char* role;
    const char* reason;  // TITLE stands for the title of the factor that has the role
  };
  static constexpr Condition kConditions[] = {
      {"model", "A property of the levels themselves should show in another TITLE as well."},
      {"tuning", "If a TITLE that suits one side explains the gap, changing it should close the gap."},
      {"mechanism", "What happens in each part should still be there when the TITLE changes."},
      {"component", "The TITLE could hide the effect or make it, so a change of it should tell."},
      {"capacity", "Spare capacity could stand in for what the better side supplies."}};
  std::vector<Proposal> list;
  for (const auto& condition : kConditions) {
    const std::string name = factor_with_role(*ground.manifest, condition.role);
    if (name.empty() || name == factor || name == moderator || usual.contains(name)) continue;
    const auto& other = factor_in(*ground.manifest, name);
    for (const auto& level : level_names(other)) {
      if (level == default_level(*ground.manifest, name)) continue;
      Proposal proposal = difference(factor, pair, usual);
      proposal.context[name] = level_value(other, level);
      proposal.reason = replaced(condition.reason, "TITLE", text_of(other, "title", name));
      list.push_back(std::move(proposal));
      break;
    }
  }
  return list;
}

// Candidates in the order of their value for the question.
std::vector<Proposal> candidates(const Ground& ground, const json::object& scope, const std::string& factor,
                                 const std::vector<Pair>& pairs) {
  const auto& manifest = *ground.manifest;
  const Dependence by = dependence_of(manifest, scope, factor);
  const json::object fixed = object_of(scope, "context");
  const bool small_is_asked = has(scope, "moderator") && by.factor == text_of(object_of(scope, "moderator"), "factor");
  const json::object usual = small_is_asked ? at_level(fixed, manifest, by, by.middle) : fixed;
  std::vector<Proposal> list;
  list.push_back(difference(factor, pairs.front(), usual));
  if (pairs.size() > 1) list.push_back(difference(factor, pairs[1], usual));
  if (!by.factor.empty()) {
    list.push_back(interaction(ground, factor, pairs.front(), fixed, by));
    list.back().primary = !by.larger_at.empty();
  }
  // A pair that the question names is what it asks before all else.
  if (const auto& asks = object_of(scope, "asks");
      has(asks, "treatment") && has(asks, "baseline") && !flag_of(asks, "interaction"))
    list.front().primary = true;
  if (flag_of(object_of(scope, "asks"), "interaction") && list.size() > 1)
    std::rotate(list.begin(), list.end() - 1, list.end());
  if (pairs.size() > 2) list.push_back(difference(factor, pairs[2], usual));
  if (!by.factor.empty()) list.push_back(difference(factor, pairs.front(), at_level(fixed, manifest, by, by.low)));
  if (!by.factor.empty() && pairs.size() > 1) list.push_back(interaction(ground, factor, pairs[1], fixed, by));
  for (std::size_t i = 3; i < pairs.size(); ++i) list.push_back(difference(factor, pairs[i], usual));
  for (auto& proposal : elsewhere(ground, factor, pairs.front(), usual, by.factor)) list.push_back(std::move(proposal));
  return list;
}

struct Layer {
  std::string factor, off, on;
};

std::vector<Layer> layers_of(const json::object& scope) {
  std::vector<Layer> layers;
  for (const auto* one : objects_of(scope, "stack")) {
    const json::value *off = find_member(*one, "off"), *on = find_member(*one, "on");
    if (off && on) layers.push_back({text_of(*one, "factor"), level_name(*off), level_name(*on)});
  }
  return layers;
}

}  // namespace

std::vector<Proposal> stacked(const Ground& ground, const json::object& scope) {
  const auto& manifest = *ground.manifest;
  const auto layers = layers_of(scope);
  const bool more_together = flag_of(object_of(scope, "asks"), "together");
  // The context of the question, with the layers that a proposal does not vary off.
  const auto others_off = [&] {
    json::object context = object_of(scope, "context");
    for (const auto& layer : layers) context[layer.factor] = level_value(factor_in(manifest, layer.factor), layer.off);
    return context;
  };
  const auto alone = [&](const Layer& layer) {
    Proposal proposal{layer.factor, layer.on, layer.off, others_off(), {}, {}, {}, true, "initial", {}, {}, {}};
    proposal.context.erase(layer.factor);
    proposal.reason =
        reason_of(manifest, layer.factor, "helps", "What it does alone is what stacking is held against.");
    proposal.support = ground.literature->about_factor();
    return proposal;
  };
  const auto together = [&](const Layer& layer, const Layer& by) {
    Proposal proposal = alone(layer);
    proposal.context.erase(by.factor);
    proposal.moderator = by.factor, proposal.low = by.off, proposal.high = by.on;
    proposal.larger_at_low = !more_together;
    proposal.support = {};
    proposal.reason = more_together
                          ? "That two help more together than each alone is a claim about this contrast, and two "
                            "separate comparisons could not carry it."
                          : dependence_reason(manifest, layer.factor, by.factor, true);
    return proposal;
  };
  // All layers on against one of them alone: the comparison that a question about a stack asks for.
  const auto whole = [&](const Layer& part) {
    const Layer& first = part.factor == layers.front().factor ? layers[1] : layers.front();
    Proposal proposal = alone(first);
    for (const auto& layer : layers) {
      proposal.context.erase(layer.factor);
      if (layer.factor != first.factor)
        proposal.also.push_back({layer.factor, layer.on, layer.factor == part.factor ? layer.on : layer.off});
    }
    const std::string all = layers.size() == 2 ? "both" : "all " + in_words(layers.size());
    proposal.called = {all + " together", layer_title(manifest, scope, part.factor) + " alone"};
    proposal.support = {};
    const auto words = [&](const Layer& layer) {
      return read_wording(layer_title(manifest, scope, layer.factor)).text;
    };
    for (const auto& layer : layers) {  // what is known of the part combined with another
      if (layer.factor == part.factor) continue;
      const Support found = ground.literature->about({words(part), words(layer), "combin"});
      const int opinion = found.empty() ? 0 : opinion_of(found.statement);
      if (opinion != 0) (opinion < 0 ? proposal.contrary : proposal.support) = found;
    }
    proposal.reason = "What the others add to a part that is there already is what stacking them is worth.";
    return proposal;
  };
  std::vector<Proposal> pairs, singles, list;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    singles.push_back(alone(layers[i]));
    for (std::size_t j = i + 1; j < layers.size(); ++j) pairs.push_back(together(layers[i], layers[j]));
    list.push_back(whole(layers[i]));
  }
  list.insert(list.end(), pairs.begin(), pairs.end());
  for (auto& proposal : list) proposal.primary = true;
  list.insert(list.end(), singles.begin(), singles.end());
  return list;
}

std::vector<Pair> pairs_of(const Ground& ground, const std::string& factor, const std::vector<std::string>& arms,
                           const std::string& asked_better, const std::string& asked_worse) {
  std::vector<Pair> pairs = is_numeric(factor_in(*ground.manifest, factor)) ? numeric_pairs(ground, factor, arms)
                                                                            : categorical_pairs(ground, factor, arms);
  if (!asked_better.empty() && !asked_worse.empty()) {
    const Opinion opinion = ground.literature->order(asked_better, asked_worse);
    // Against nothing, what the template says of its use is a reason, which a question is not.
    const bool against_none = is_off(asked_worse);
    Pair pair{asked_better,
              asked_worse,
              reason_of(*ground.manifest, factor, against_none ? "helps" : "",
                        "The question itself puts this order forward."),
              {},
              {}};
    (opinion.sign < 0 ? pair.contrary : pair.support) = opinion.support;
    if (against_none && pair.support.empty()) pair.support = ground.literature->about_factor();
    pairs.insert(pairs.begin(), std::move(pair));
  }
  std::vector<Pair> distinct;
  std::set<std::pair<std::string, std::string>> seen;
  for (auto& pair : pairs)
    if (seen.insert(std::minmax(pair.better, pair.worse)).second) distinct.push_back(std::move(pair));
  return distinct;
}

Dependence dependence_of(const json::object& manifest, const json::object& scope, const std::string& primary) {
  const auto& moderator = object_of(scope, "moderator");
  const auto& levels = array_of(moderator, "levels");
  if (levels.size() >= 2) {
    const std::string low = level_name(levels.front()), high = level_name(levels.back());
    std::string larger = asked(scope, "larger_at");
    if (larger != low && larger != high) larger.clear();
    const std::string first = larger.empty() ? low : larger;
    return {text_of(moderator, "factor"), low, levels.size() > 2 ? level_name(levels[levels.size() / 2]) : first, high,
            larger};
  }
  std::vector<std::string> wanted{data_factor(manifest)};
  for (const auto& [key, value] : object_of(manifest, "factors"))
    if (value.is_object() && is_numeric(value.get_object())) wanted.emplace_back(key);
  for (const auto& name : wanted) {
    if (name.empty() || name == primary || object_of(scope, "context").contains(name)) continue;
    const auto all = level_names(factor_in(manifest, name));
    if (all.size() < 2) continue;
    return {name, all.front(), all[all.size() / 2], all.back(), {}};
  }
  return {};
}

bool larger_at_low(const json::object& manifest, const std::string& moderator) {
  return moderator == data_factor(manifest) || contains(level_names(factor_in(manifest, moderator)), "0");
}

json::object ideation_hypotheses(const json::object& input) {
  const auto& scope = object_of(input, "scope");
  const auto& manifest = object_of(input, "template");
  const std::string factor = text_of(scope, "factor");
  json::array hypotheses;
  if (level_names(factor_in(manifest, factor)).size() >= 2) {
    const Literature literature{manifest, factor, objects_of(input, "records")};
    const Ground ground{&manifest, &literature, text_of(scope, "metric", text_of(manifest, "metric"))};
    const auto pairs = pairs_of(ground, factor, arms_in(scope, factor_in(manifest, factor)), asked(scope, "treatment"),
                                asked(scope, "baseline"));
    const auto count = static_cast<std::size_t>(std::clamp(number_of(input, "count", 5), 1.0, 50.0));
    std::set<std::string> seen;
    auto proposals = stacked(ground, scope);
    for (auto& proposal : candidates(ground, scope, factor, pairs)) proposals.push_back(std::move(proposal));
    for (const auto& proposal : proposals)
      if (hypotheses.size() < count && takes_effect(manifest, proposal) &&
          sets_what_matters(manifest, scope, proposal) && seen.insert(identity_of(manifest, proposal)).second)
        hypotheses.push_back(hypothesis_of(ground, proposal));
  }
  return {{"hypotheses", std::move(hypotheses)}};
}

}  // namespace aisci::offline
