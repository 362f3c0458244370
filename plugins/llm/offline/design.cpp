#include "design.hpp"

#include <algorithm>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

// A level in plain words, for titles: "GELU", "200 training images", "dropout rate 0.2".
std::string plain_level(const json::object& manifest, const std::string& name, const json::value& value) {
  const auto& factor = factor_in(manifest, name);
  const std::string level = level_name(value), label = level_label(factor, level),
                    title = text_of(factor, "title", name);
  if (!is_numeric(factor) || label != level) return label;
  constexpr std::string_view kNumberOf = "number of ";
  return title.rfind(kNumberOf, 0) == 0 ? level + " " + title.substr(kNumberOf.size()) : title + " " + level;
}

std::string title_of(const json::object& hypothesis, const json::object& manifest) {
  const std::string factor = text_of(hypothesis, "factor");
  const auto level = [&](const char* member) {
    if (auto called = called_in(hypothesis, std::string_view{member} == "treatment"); !called.empty()) return called;
    const json::value* value = hypothesis.if_contains(member);
    return value ? plain_level(manifest, factor, *value) : std::string{};
  };
  std::string title = level("treatment") + " against " + level("baseline");
  const auto& moderator = object_of(hypothesis, "moderator");
  const auto& levels = array_of(moderator, "levels");
  if (levels.size() == 2)
    title += ", " + plain_level(manifest, text_of(moderator, "factor"), levels[0]) + " against " +
             plain_level(manifest, text_of(moderator, "factor"), levels[1]);
  std::vector<std::string> context;
  for (const auto& [key, value] : object_of(hypothesis, "context"))
    context.push_back(plain_level(manifest, std::string{key}, value));
  return context.empty() ? title : title + " (" + listed(context, ", ") + ")";
}

std::string question_of(const json::object& hypothesis) {
  std::string statement = without_stop(text_of(hypothesis, "statement"));
  if (!statement.empty() && statement[0] >= 'A' && statement[0] <= 'Z' &&
      !(statement.size() > 1 && statement[1] >= 'A' && statement[1] <= 'Z'))
    statement[0] = static_cast<char>(statement[0] - 'A' + 'a');
  return "Do fresh trials bear out that " + statement + "?";
}

// On how many of a comparison's two sides the template's tuning factor does anything.
std::size_t arms_tuned(const json::object& hypothesis, const json::object& manifest) {
  const std::string tuning = factor_with_role(manifest, "tuning");
  std::size_t acting = 0;
  for (const char* side : {"treatment", "baseline"}) {
    json::object levels = object_of(hypothesis, "context");
    if (const json::value* level = hypothesis.if_contains(side)) levels[text_of(hypothesis, "factor")] = *level;
    for (const auto& further : further_in(hypothesis))
      levels[further.factor] =
          level_value(factor_in(manifest, further.factor),
                      std::string_view{side} == "treatment" ? further.treatment : further.baseline);
    acting += acts(manifest, tuning, levels);
  }
  return acting;
}

// How arms are tuned, which is not at all.
std::string tuning_of(const json::object& hypothesis, const json::object& manifest) {
  const std::string name = factor_with_role(manifest, "tuning");
  const auto& tuning = factor_in(manifest, name);
  const std::string rate = text_of(tuning, "title");
  const std::size_t acting = arms_tuned(hypothesis, manifest);
  if (rate.empty() || acting == 0 || text_of(hypothesis, "factor") == name)
    return "No arm is tuned in this study: all share one recipe.";
  std::string text = "No arm is tuned in this study: every setting, the " + rate +
                     (acting == 1 ? " where it acts included" : " included") +
                     ", is the template's unless the question or a comparison names another level.";
  const auto tuned_for = texts_of(tuning, "tuned_for");
  if (!contains(tuned_for, text_of(hypothesis, "factor"))) return text;
  // Its levels are then multiples of values that were found beforehand, and are not the same for all arms.
  std::vector<std::string> titles;
  for (const auto& factor : tuned_for) titles.push_back(text_of(factor_in(manifest, factor), "title", factor));
  text.back() = ';';
  return text + " what the " + rate + " comes to for each " + listed(titles) + " was picked beforehand.";
}

}  // namespace

json::object design_plan(const json::object& input) {
  const auto& hypothesis = object_of(input, "hypothesis");
  const auto& manifest = object_of(input, "template");
  const auto& metric =
      object_of(object_of(manifest, "metrics"), text_of(hypothesis, "metric", text_of(manifest, "metric")));
  json::object out{{"title", title_of(hypothesis, manifest)}, {"question", question_of(hypothesis)}};
  out["blocks"] = static_cast<std::int64_t>(std::clamp(number_of(input, "blocks", 5), 5.0, 10000.0));
  // What is fitted in one go has no loss to follow.
  const std::string broken = terms_of(manifest).trained == "fitted"
                                 ? "A trial whose outputs are not finite "
                                 : "A trial whose loss or outputs stop being finite ";
  out["divergence"] = broken + (has(metric, "chance") && !can_be_guessed(metric)
                                    ? "counts as an outcome, by the value that the template gives it."
                                : has(metric, "chance") ? "counts as an outcome, with the score of guessing."
                                                        : "has no score, and its block is left out.");
  out["tuning"] = tuning_of(hypothesis, manifest);
  return out;
}

}  // namespace aisci::offline
