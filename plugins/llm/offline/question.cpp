#include "question.hpp"

#include <algorithm>
#include <optional>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "question_refusal.hpp"
#include "question_words.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

using Kind = Mention::Kind;

const json::object& factor_of(const Reading& reading, const std::string& name) {
  return object_of(object_of(*reading.manifest, "factors"), name);
}

// How much a question is about a factor: a comparison of its levels, then its own word, then a cue like "effect of".
int aboutness(const Wording& wording, const Reading& reading, const std::string& name) {
  int score = 0;
  if (reading.comparison.found && reading.comparison.factor == name) score += 6;
  // A setting of what is said to do something is as good as the factor's own word.
  if (reading.subject == name) score += reading.mentions_factor(name) ? 4 : 7;
  if (reading.levels_of(name).size() >= 2) score += 4;
  if (!reading.mentions_factor(name)) return score > 0 ? score : (reading.levels_of(name).empty() ? 0 : 1);
  score += 3;
  for (const auto& mention : reading.mentions) {
    if (mention.kind != Kind::kFactor || mention.factor != name) continue;
    const std::string before =
        wording.text.substr(mention.begin > 24 ? mention.begin - 24 : 0, std::min<std::size_t>(mention.begin, 24));
    for (const char* cue : {"effect of", "affect of", "choice of", "role of", "impact of", "influence of", "choosing",
                            "which", "changing", "varying", "does"})
      if (has_word(before, cue)) return score + 1;
  }
  return score;
}

// The factor that a question varies; none when it names none, or only things that stay fixed.
std::string primary_factor(const Wording& wording, const Reading& reading) {
  std::string best;
  int most = 0;
  for (const auto& [key, value] : object_of(*reading.manifest, "factors")) {
    const std::string name{key};
    const int score = aboutness(wording, reading, name);
    if (score > most || (score == most && score > 0 && reading.position_of(name) < reading.position_of(best)))
      most = score, best = name;
  }
  if (most > 1) return best;
  // A single level and nothing else ("does GELU help ViTs?"): the level of the smaller part, never the model alone.
  std::string only;
  for (const auto& mention : reading.mentions)
    if (mention.kind == Kind::kLevel && !has_role(*reading.manifest, mention.factor, "model") &&
        !is_numeric(factor_of(reading, mention.factor)))
      only = only.empty() ? mention.factor : only;
  if (!only.empty()) return only;
  // Nothing but a setting ("in deep networks"): what it varies, the amount of data last.
  for (const bool data : {false, true})
    for (const auto& mention : reading.mentions)
      if (mention.kind == Mention::Kind::kSetting && has_role(*reading.manifest, mention.factor, "data") == data)
        return mention.factor;
  return {};
}

// Levels of different factors set against each other ("dropout versus weight decay"): no contrast of one factor answers
// that.
std::string mixed_comparison(const Wording& wording, const Reading& reading) {
  std::vector<Mention> named;
  for (const auto& mention : reading.mentions)
    if (mention.kind == Kind::kFactor) named.push_back(mention);
  for (std::size_t i = 1; i < named.size() && !reading.larger_at.found; ++i) {
    const Mention &left = named[i - 1], &right = named[i];
    if (left.factor == right.factor) continue;
    const std::string between = wording.text.substr(left.end, right.begin > left.end ? right.begin - left.end : 0);
    for (const char* word : {"than", "versus", "vs", "instead of", "over", "beat", "outperform", "surpass"})
      if (has_word(between, word))
        return text_of(factor_of(reading, left.factor), "title", left.factor) + " against " +
               text_of(factor_of(reading, right.factor), "title", right.factor);
  }
  return {};
}

// What one name that it does not offer costs a template: more than any wording gains it, since it could only refuse.
constexpr int kNotOffered = 20;

// "training sets of 100 to 400 images": numbers that are levels become references, so that the text can be printed.
std::string with_level_references(const std::string& text, const std::string& name, const json::object& factor) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] < '0' || text[at] > '9') {
      out += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() &&
           ((text[end] >= '0' && text[end] <= '9') ||
            (text[end] == '.' && end + 1 < text.size() && text[end + 1] >= '0' && text[end + 1] <= '9')))
      ++end;
    const std::string number = text.substr(at, end - at);
    out += contains(level_names(factor), number) ? "{{level:" + name + "." + number + "}}" : number;
    at = end;
  }
  return out;
}

struct Setting {
  std::size_t rank = 0;  // in the template
  std::string factor;
  json::array levels;
  std::string text;
};

// The settings that the question's wording stands for, one a factor, in the template's order: the first is the one
// that is varied.
std::vector<Setting> settings_of(const Wording& wording, const Reading& reading) {
  const auto& settings = array_of(*reading.manifest, "settings");
  std::vector<Setting> found;
  for (const auto& mention : reading.mentions) {
    if (mention.kind != Kind::kSetting || mention.setting >= settings.size()) continue;
    const auto& setting = settings[mention.setting].get_object();
    const std::string name = text_of(setting, "factor");
    if (std::any_of(found.begin(), found.end(), [&](const Setting& other) { return other.factor == name; })) continue;
    std::string words = wording.quote(mention.begin, mention.end);
    if (has_digit(words)) words = texts_of(setting, "words").front();
    found.push_back(
        {mention.setting, name, array_of(setting, "levels"),
         "\"" + words + "\" stands for " +
             with_level_references(without_stop(text_of(setting, "states")), name, factor_of(reading, name))});
  }
  std::sort(found.begin(), found.end(), [](const Setting& a, const Setting& b) { return a.rank < b.rank; });
  return found;
}

// Levels of other factors that the question fixes: one named level, or a factor that it says is absent.
json::object context_of(const Wording& wording, const Reading& reading, const std::string& primary,
                        const std::string& moderator) {
  json::object context;
  for (const auto& [key, value] : object_of(*reading.manifest, "factors")) {
    const std::string name{key};
    if (name == primary || name == moderator || !value.is_object()) continue;
    const auto& factor = value.get_object();
    const auto named = reading.levels_of(name);
    if (named.size() == 1) context[name] = level_value(factor, named.front());
    for (const auto& mention : reading.mentions) {
      if (mention.kind != Kind::kFactor || mention.factor != name || !named.empty()) continue;
      const std::string before =
          wording.text.substr(mention.begin > 9 ? mention.begin - 9 : 0, std::min<std::size_t>(mention.begin, 9));
      const std::string absent = is_numeric(factor) ? "0" : "none";
      if ((has_word(before, "without") || has_word(before, "ohne") || has_word(before, "sans") ||
           has_word(before, "sin")) &&
          contains(level_names(factor), absent))
        context[name] = level_value(factor, absent);
    }
  }
  return context;
}

// Factors that a question stacks ("weight decay, dropout and batch normalisation together"), each off or on; empty
// when it names fewer than two that can be off, or does not ask about them together.
json::array stack_of(const Wording& wording, const Reading& reading) {
  bool asked = false;
  for (const char* word :
       {"stack", "combin", "together", "jointly", "alone", "add up", "additive", "synerg", "redundan"})
    asked = asked || has_word(wording.text, word);
  json::array layers;
  if (!asked) return layers;
  std::vector<std::string> seen;
  for (const auto& mention : reading.mentions) {
    if ((mention.kind != Kind::kFactor && mention.kind != Kind::kLevel) || contains(seen, mention.factor)) continue;
    seen.push_back(mention.factor);
    const auto& factor = factor_of(reading, mention.factor);
    const auto all = level_names(factor), named = reading.levels_of(mention.factor);
    const std::string off = contains(all, "none") ? "none" : "0";
    if (!contains(all, off) || has_role(*reading.manifest, mention.factor, "data")) continue;
    std::string on = is_numeric(factor) ? all[all.size() > 2 ? all.size() / 2 : 1] : all.back();
    for (const auto& level : named)
      if (level != off) on = level;
    layers.push_back(
        json::object{{"factor", mention.factor}, {"off", level_value(factor, off)}, {"on", level_value(factor, on)}});
  }
  if (layers.size() < 2) layers.clear();
  return layers;
}

// "Training images" say what is trained on, and not that their number is varied.
bool names_data(const json::object& manifest, const std::string& text) {
  const auto& examples = terms_of(manifest).examples;
  return text == "training " + examples || text == "training examples" || text == "training samples";
}

// The factor on which the effect may depend: one that the question names beside the primary factor, else the setting's.
json::value moderator_of(const Wording& wording, const Reading& reading, const std::string& primary,
                         const std::vector<Setting>& settings) {
  if (const auto& by = reading.larger_at; by.found && by.factor != primary) {
    json::array levels;
    for (const auto& level : level_names(factor_of(reading, by.factor)))
      if (level == by.larger || level == by.smaller)
        levels.push_back(level_value(factor_of(reading, by.factor), level));
    return json::object{{"factor", by.factor}, {"levels", std::move(levels)}};
  }
  for (const auto& mention : reading.mentions) {
    if ((mention.kind != Kind::kFactor && mention.kind != Kind::kLevel) || mention.factor == primary) continue;
    const auto& factor = factor_of(reading, mention.factor);
    auto named = reading.levels_of(mention.factor);
    if (named.size() == 1) continue;  // it is fixed
    const auto all = level_names(factor);
    if (all.size() < 2) continue;
    if (named.size() < 2 && !is_numeric(factor) && !reading.interaction) continue;  // "model" and the like, in passing
    if (named.size() < 2) {  // the ends of its range, with the usual level between them
      named = {all.front(), all.back()};
      if (const std::string usual = default_level(*reading.manifest, mention.factor);
          usual != all.front() && usual != all.back() && contains(all, usual) && all.size() > 2)
        named.insert(named.begin() + 1, usual);
    }
    if (context_of(wording, reading, primary, {}).contains(mention.factor)) continue;
    if (has_role(*reading.manifest, mention.factor, "data") && mention.kind == Kind::kFactor &&
        names_data(*reading.manifest, wording.text.substr(mention.begin, mention.end - mention.begin)))
      continue;
    // "How deep should the trees be?": what the question describes, and not what else is to be varied.
    const std::string before = wording.text.substr(0, mention.begin);
    if (before.ends_with("should the ") || before.ends_with("should ")) continue;
    json::array levels;
    for (const auto& level : named) levels.push_back(level_value(factor, level));
    return json::object{{"factor", mention.factor}, {"levels", std::move(levels)}};
  }
  for (const auto& setting : settings)
    if (setting.factor != primary && reading.levels_of(setting.factor).empty())
      return json::object{{"factor", setting.factor}, {"levels", setting.levels}};
  return nullptr;
}

std::vector<std::string> arms_of(const Reading& reading, const std::string& primary) {
  const auto all = level_names(factor_of(reading, primary));
  auto named = reading.levels_of(primary);
  if (named.empty()) return all;
  if (named.size() == 1) {
    const std::string reference = text_of(factor_of(reading, primary), "reference", all.front());
    if (named.front() == reference) return all;
    named.push_back(reference);
  }
  return named;
}

json::array queries_for(const Reading& reading, const std::string& primary, const json::object& context,
                        bool has_setting, const std::vector<std::string>& arms, const json::array& stack) {
  const auto& factor = factor_of(reading, primary);
  const std::string title = text_of(factor, "title", primary);
  std::vector<std::string> queries;
  const auto add = [&](const std::string& query) {
    if (!contains(queries, query)) queries.push_back(query);
  };
  const std::string role = factor_with_role(*reading.manifest, "model");
  std::string where;
  if (const json::value* model = role.empty() ? nullptr : context.if_contains(role))
    where = level_label(factor_of(reading, role), level_name(*model));
  if (!where.empty()) add(title + " " + where);
  add(title + " generalization");
  for (const auto& layer : stack)
    if (const std::string other = text_of(layer.get_object(), "factor"); other != primary)
      add(text_of(factor_of(reading, other), "title", other) + " generalization");
  for (std::size_t i = 0; i < stack.size(); ++i)  // and of two parts together
    for (std::size_t j = i + 1; j < stack.size(); ++j) {
      const auto titled = [&](std::size_t at) {
        const std::string name = text_of(stack[at].get_object(), "factor");
        return text_of(factor_of(reading, name), "title", name);
      };
      add(titled(i) + " " + titled(j));
    }
  if (has_setting) add((where.empty() ? text_of(*reading.manifest, "title") : where) + " small datasets");
  if (!where.empty()) add(where);
  // What the abbreviation of a model stands for, which the record that introduced it is found by.
  if (const json::value* model = role.empty() ? nullptr : context.if_contains(role))
    for (const auto& word : level_words(factor_of(reading, role), level_name(*model)))
      if (word.find(' ') != std::string::npos) {
        add(word);
        break;
      }
  if (!is_numeric(factor))
    for (std::size_t i = 0; i < arms.size() && i < 5; ++i) add(level_label(factor, arms[i]) + " " + title);
  // What any such paper has to stand on: how results vary, how they are judged, what they are made with.
  for (const auto& query : texts_of(*reading.manifest, "queries")) add(query);
  for (const char* ground : {"seeds variance evaluation benchmarks", "multiple comparisons equivalence statistics",
                             "software library", "automated research"})
    add(ground);
  json::array out;
  for (const auto& query : queries) out.emplace_back(query);
  return out;
}

std::string restated(const Reading& reading, const std::string& primary, const std::string& metric_name,
                     const json::object& context, const json::value& moderator, const std::vector<std::string>& arms) {
  const auto& metric = object_of(object_of(*reading.manifest, "metrics"), metric_name);
  std::vector<std::string> named;
  for (const auto& arm : arms) named.push_back(level_reference(*reading.manifest, primary, arm));
  std::string text = "How does " + with_article(text_of(factor_of(reading, primary), "title", primary)) + " (" +
                     listed(named, " or ") + ") change the " + text_of(metric, "title", metric_name);
  const std::string role = factor_with_role(*reading.manifest, "model");
  if (const json::value* model = role.empty() ? nullptr : context.if_contains(role))
    text += " of " + subject_phrase(*reading.manifest, {{role, *model}}, false);
  if (text_of(metric, "scored_by") == "host")
    text += " on " + terms_of(*reading.manifest).examples + " that were not used for training";
  if (moderator.is_object()) {
    const std::string by = text_of(moderator.get_object(), "factor");
    const auto& levels = array_of(moderator.get_object(), "levels");
    const std::string first = level_reference(*reading.manifest, by, level_name(levels.front())),
                      last = level_reference(*reading.manifest, by, level_name(levels.back()));
    text += is_numeric(factor_of(reading, by))
                ? ", as the " + text_of(factor_of(reading, by), "title", by) + " goes from " + first + " to " + last
                : ", and how does that differ between " + first + " and " + last;
  }
  return text + "?";
}

// "more than each alone", "better together": a claim that the benefits of two add to more than their sum.
bool asks_for_more(const Wording& wording) {
  for (const char* word : {"more than", "better than", "synerg", "beyond", "exceed", "outperform"})
    if (has_word(wording.text, word)) return true;
  return false;
}

// The template's metric, unless the question speaks of others alone.
std::string metric_of(const Reading& reading) {
  const std::string main = text_of(*reading.manifest, "metric");
  std::string named;
  for (const auto& mention : reading.mentions) {
    if (mention.kind != Kind::kMetric) continue;
    if (mention.level == main) return main;
    if (named.empty()) named = mention.level;
  }
  return named.empty() ? main : named;
}

// Whether the question names the metric that the template is about.
bool metric_named(const Reading& reading) {
  const std::string main = text_of(*reading.manifest, "metric");
  return std::any_of(reading.mentions.begin(), reading.mentions.end(),
                     [&](const Mention& m) { return m.kind == Kind::kMetric && m.level == main; });
}

std::string restated_stack(const Reading& reading, const std::string& metric_name, const json::object& context,
                           const json::array& stack) {
  const auto& metric = object_of(object_of(*reading.manifest, "metrics"), metric_name);
  std::vector<std::string> layers;
  for (const auto& value : stack) {
    const auto& layer = value.get_object();
    const std::string name = text_of(layer, "factor");
    layers.push_back(with_article(text_of(factor_of(reading, name), "title", name)) + " (" +
                     level_reference(*reading.manifest, name, level_name(layer.at("off"))) + " or " +
                     level_reference(*reading.manifest, name, level_name(layer.at("on"))) + ")");
  }
  std::string text = "How does the " + text_of(metric, "title", metric_name);
  const std::string role = factor_with_role(*reading.manifest, "model");
  if (const json::value* model = role.empty() ? nullptr : context.if_contains(role))
    text += " of " + subject_phrase(*reading.manifest, {{role, *model}}, false);
  return text + " change with " + listed(layers) + ", each alone and with the others?";
}

json::object scope_of(const Wording& wording, const Reading& reading, std::string primary) {
  const auto settings = settings_of(wording, reading);
  const json::array stack = stack_of(wording, reading);
  json::value moderator = nullptr;
  if (stack.empty()) {
    moderator = moderator_of(wording, reading, primary, settings);
  } else {
    primary = text_of(stack[0].get_object(), "factor");
    const auto& second = stack[1].get_object();
    moderator =
        json::object{{"factor", second.at("factor")}, {"levels", json::array{second.at("off"), second.at("on")}}};
  }
  const std::string moderated = moderator.is_object() ? text_of(moderator.get_object(), "factor") : std::string{};
  json::object context = context_of(wording, reading, primary, moderated);
  for (const auto& layer : stack) context.erase(text_of(layer.get_object(), "factor"));
  auto arms = arms_of(reading, primary);
  if (!stack.empty()) arms = {level_name(stack[0].get_object().at("off")), level_name(stack[0].get_object().at("on"))};
  if (const auto& needs = object_of(factor_of(reading, primary), "applies_to");
      !needs.empty() && !acts(*reading.manifest, primary, context) && text_of(needs, "factor") != primary) {
    const std::string other = text_of(needs, "factor");
    if (context.contains(other)) return {};  // named, and the factor does nothing there
    context[other] = array_of(needs, "levels").front();
  }
  json::array arm_values;
  for (const auto& arm : arms) arm_values.push_back(level_value(factor_of(reading, primary), arm));
  std::vector<std::string> stated;
  for (const auto& setting : settings) {
    stated.push_back(setting.text);
    if (setting.factor == primary || setting.factor == moderated || context.contains(setting.factor)) continue;
    context[setting.factor] = has_role(*reading.manifest, setting.factor, "data")
                                  ? setting.levels[setting.levels.size() / 2]
                                  : setting.levels.back();
  }
  json::object asks{{"treatment", nullptr},
                    {"baseline", nullptr},
                    {"negated", reading.negated},
                    {"interaction", reading.interaction || reading.larger_at.found},
                    {"together", !stack.empty() && asks_for_more(wording)},
                    {"larger_at", nullptr}};
  if (const auto& by = reading.larger_at; by.found && by.factor == moderated)
    asks["larger_at"] = level_value(factor_of(reading, by.factor), by.larger);
  if (stack.empty() && reading.comparison.found && reading.comparison.factor == primary) {
    asks["treatment"] = level_value(factor_of(reading, primary), reading.comparison.better);
    asks["baseline"] = level_value(factor_of(reading, primary), reading.comparison.worse);
  }
  const std::string metric = metric_of(reading);
  return {{"answerable", true},
          {"template", text_of(*reading.manifest, "name")},
          {"factor", primary},
          {"metric", metric},
          {"arms", std::move(arm_values)},
          {"context", context},
          {"moderator", moderator},
          {"setting", listed(stated, "; and ")},
          {"asks", std::move(asks)},
          {"queries", queries_for(reading, primary, context, !settings.empty(), arms, stack)},
          {"language", wording.language},
          {"left_out", json::array(reading.left_out.begin(), reading.left_out.end())},
          {"restated", stack.empty() ? restated(reading, primary, metric, context, moderator, arms)
                                     : restated_stack(reading, metric, context, stack)},
          {"stack", stack}};
}

}  // namespace

json::object ideation_scope(const json::object& input) {
  const Wording wording = read_wording(text_of(input, "question"));
  const auto templates = objects_of(input, "templates");
  if (templates.empty()) return refusal("There is no template to study anything with.", templates, wording);
  std::optional<Reading> best;
  std::string primary;
  int most = -1000000;
  double preferred = 0;
  for (const auto* manifest : templates) {
    Reading reading = read_question(wording, *manifest);
    const std::string factor = primary_factor(wording, reading);
    int score = (factor.empty() ? 0 : 10 + aboutness(wording, reading, factor)) +
                2 * static_cast<int>(reading.count(Kind::kSubject)) +
                2 * static_cast<int>(reading.count(Kind::kLevel)) +
                2 * static_cast<int>(reading.count(Kind::kMetric)) +  // who measures what is asked about
                static_cast<int>(reading.count(Kind::kFactor) + reading.count(Kind::kSetting)) -
                kNotOffered * static_cast<int>(reading.not_offered.size());
    const double preference = number_of(*manifest, "preference");
    // What a template is made for decides where no model is named, which would tell more.
    if (contains(texts_of(*manifest, "made_for"), factor) &&
        reading.levels_of(factor_with_role(*manifest, "model")).empty())
      ++score;
    if (metric_named(reading)) ++score;
    if (score > most || (score == most && preference > preferred))
      most = score, preferred = preference, best = std::move(reading), primary = factor;
  }
  // "Is tea better than coffee?": no side of it is anything here.
  if (!best->not_offered.empty() && !(primary.empty() && best->strangers == best->not_offered.size()))
    return refusal(not_offered_reason(*best, wording, templates), templates, wording);
  if (!best->ambiguous.empty())
    return refusal("The question names what may be one or another: " + listed(best->ambiguous, "; ") +
                       "; write the name as it stands in full, or rename it.",
                   templates, wording);
  if (has_word(wording.text, "large dataset") && best->count(Kind::kSetting) == 0)
    return refusal("The question is about large data sets, and no template offers one.", templates, wording);
  if (primary.empty()) return refusal("The question names nothing that a template can vary.", templates, wording);
  if (const std::string mixed = mixed_comparison(wording, *best); !mixed.empty())
    return refusal(
        "The question sets " + mixed + "; a study here varies one of them, or asks whether their effects add up.",
        templates, wording);
  json::object scope = scope_of(wording, *best, primary);
  if (!scope.empty()) return scope;
  const auto& factor = object_of(object_of(*best->manifest, "factors"), primary);
  const auto& needs = object_of(factor, "applies_to");
  const auto& other = object_of(object_of(*best->manifest, "factors"), text_of(needs, "factor"));
  std::vector<std::string> labels;
  for (const auto& level : array_of(needs, "levels")) labels.push_back(level_label(other, level_name(level)));
  return refusal("The " + text_of(factor, "title", primary) + " acts on no other " + text_of(other, "title", "level") +
                     " than " + listed(labels, " or ") + ".",
                 templates, wording);
}

}  // namespace aisci::offline
