// How one node of the search is told: what it measured, how that leans, and what stands beside an interaction.
#include <algorithm>
#include <cmath>

#include "document.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Of an interval that holds zero: the sides on which an effect worth acting on is not excluded.
std::string open_sides(const Entry& node, std::size_t index) {
  const bool predicted = node.upper >= node.smallest_effect, other = node.lower <= -node.smallest_effect;
  if (predicted == other)
    return turn(index, {"which leaves both directions open", "too uncertain to be read",
                        "compatible with an effect in either direction"});
  const std::string open = predicted ? "in the predicted direction" : "against the prediction",
                    closed = predicted ? "against the prediction" : "in the predicted direction";
  return turn(index, {"which excludes an effect worth acting on ", "so that what would matter is excluded ",
                      "with no effect that matters left "}) +
         closed + turn(index, {" and leaves one open ", " and stays possible ", ", though one stays possible "}) + open;
}

std::string lean_words(const Study& study, const Entry& node, std::size_t index) {
  const std::string either = node.id + ".either_side",
                    against = node.upper < 0 ? "against the prediction, " : "";  // of a node that reads as small
  switch (node.lean) {
    case Lean::kAsPredicted:
      if (!node.without_zero())
        return turn(index, {"on the side that was predicted, though the interval holds zero",
                            "with a mean of the predicted sign and zero inside",
                            "leaning as predicted with zero inside", "with the predicted sign, zero not excluded"});
      return turn(index, {"leaning to the prediction", "on the side that was predicted for it",
                          "in the direction of its prediction"});
    case Lean::kAgainst:
      if (!node.without_zero())
        return turn(index,
                    {"against the prediction, though the interval holds zero",
                     "with a mean of the other sign and zero inside", "leaning against the prediction with zero inside",
                     "with the sign that was not predicted, zero not excluded"});
      return turn(
          index, {"leaning against the prediction", "contrary to what was predicted", "the reverse of the hypothesis"});
    case Lean::kNull:
      if (!study.has_fact(either) || number_of(study.fact(either), "value") < 0.01)
        return against +
               turn(index, {"with a posterior probability below one in a hundred of an effect worth acting on",
                            "probably short of what is worth acting on", "hardly anything to act on by the posterior",
                            "most likely too little to act on"});
      return against +
             turn(index, {"with a posterior probability of ",
                          "probably short of what is worth acting on (posterior probability ", "where ",
                          "and the posterior puts "}) +
             ("about {{" + either + "}}") +
             turn(index,
                  {" of an effect worth acting on, both directions together", " for more, either direction counted",
                   " is the posterior probability of an effect that would matter, both signs together",
                   " on an effect past the limit, whatever its sign"}) +
             (std::max(node.upper, -node.lower) > 2 * node.smallest_effect
                  ? turn(index,
                         {"; the interval reaches past the limit", ", though the interval reaches past the limit"}) +
                        std::string{past_both_limits(node) ? " on both sides and by itself excludes neither direction"
                                                           : ""}
                  : "") +
             turn(index, {"", ")", "", ""});
    default:
      if (node.without_zero())
        return turn(index, {"which leaves open whether it is worth acting on",
                            "with a sign that is clear and a size that may fall short of the limit",
                            "where zero is outside and the size is open"});
      return open_sides(node, index);
  }
}

// The condition whose blocks spread so much farther that the interval of an interaction that reads as small is wide.
std::string widened_by(const Study& study, const Entry& interaction) {
  constexpr double kFarther = 5;
  const auto width = [&](const std::string& condition) {
    return number_of(study.fact(interaction.id + condition + ".upper"), "value") -
           number_of(study.fact(interaction.id + condition + ".lower"), "value");
  };
  const double first = width(".first"), second = width(".second");
  if (past_both_limits(interaction) && std::max(first, second) > kFarther * std::min(first, second))
    return " What makes the interval of " + study.name(interaction) + " wide is the spread with " +
           (first > second ? study.low(interaction) : study.high(interaction)) + " alone.";
  return {};
}

}  // namespace

bool past_both_limits(const Entry& entry) {
  return entry.upper > entry.smallest_effect && entry.lower < -entry.smallest_effect;
}

std::string explored(const Study& study, const Entry& node, std::size_t index) {
  const std::string range = study.bare(node, "contrast.lower") + " to " + study.bare(node, "contrast.upper"),
                    name = study.name(node), one = study.treatment(node), other = study.baseline(node);
  if (node.interaction) {
    const std::string unit = node.logit ? " in log odds" : "",
                      within = range + "; predicted " + (node.sign > 0 ? "positive" : "negative"),
                      special = study.peculiarity(node, true), given = special.empty() ? "" : " (" + special + ")";
    switch (index % 3) {
      case 0:
        return "In " + name + given + ", the " + study.margin() + " of " + one + " over " + other + " with " +
               study.low(node) + ", less the same with " + study.high(node) + ", was " +
               study.value(node, "contrast.mean") + unit + " (" + within + "), " + lean_words(study, node, index) + ".";
      case 1:
        return "From " + study.high(node) + " to " + study.low(node) + ", what " + one +
               (study.lower_is_better() ? " had in excess of " : " gained on ") + other + " changed by " +
               study.value(node, "contrast.mean") + unit + " (" + within + ") in " + name + given + ", " +
               lean_words(study, node, index) + ".";
      default:
        return "Node " + name + given + " takes what separates " + one + " from " + other + " with " + study.low(node) +
               ", less that with " + study.high(node) + ": " + study.value(node, "contrast.mean") + unit + " (" +
               within + "), " + lean_words(study, node, index) + ".";
    }
  }
  const std::string special = study.peculiarity(node, true), where = special.empty() ? study.subject(node) : special;
  switch (index % 4) {
    case 0:
      return (special.empty() ? "In " : "With ") + where + ", " + name + " saw " + one + " end " +
             (study.prints_as_zero(node) ? "level with " + other + ", at "
                                         : study.direction(node, "above", "below") + " " + other + " by ") +
             study.size(node) + " (" + range + "), " + lean_words(study, node, index) + ".";
    case 1:
      return "Node " + name + " (" + where + ") gives " + study.difference(node, " minus ") + " as " +
             study.value(node, "contrast.mean") + ", between " + replaced(range, " to ", " and ") + ", " +
             lean_words(study, node, index) + ".";
    case 3:
      return "In " + name + " (" + where + "), the blocks put " + study.difference(node, " minus ") + " at " +
             study.value(node, "contrast.mean") + " with an interval of " + range + ", " +
             lean_words(study, node, index) + ".";
    default:
      return "For " + where + ", " + one + " versus " + other + " gave " + study.value(node, "contrast.mean") + " (" +
             range + ") in " + name + ", " + lean_words(study, node, index) + ".";
  }
}

std::string at_its_conditions(const Study& study, const Entry& interaction) {
  std::string text;
  bool both = true;
  for (const bool first : {true, false}) {
    const auto nodes = study.at_condition(interaction, first);
    both = both && !nodes.empty();
    if (nodes.empty()) continue;
    const Entry& node = *nodes.front();
    const std::string where = "with " + (first ? study.low(interaction) : study.high(interaction)),
                      seen = study.value(node, "contrast.mean") + " (" + study.bare(node, "contrast.lower") + " to " +
                             study.bare(node, "contrast.upper") + ", " + study.name(node) + ")";
    text += (text.empty() ? " " : ", and ") + study.difference(node, " minus ") +
            (text.empty() ? " stood at " : " at ") + seen + " " + where;
  }
  if (text.empty()) return text;
  text = " In blocks apart from those of " + study.name(interaction) + (both ? " and from each other's," : ",") + text;
  if (both) {
    const auto agree = study.ends_agree(interaction);
    if (agree)
      text += "; side by side these " + (*agree ? "point the same way as " + study.name(interaction)
                                                : "do not bear " + study.name(interaction) + " out");
  }
  return text + ".";
}

std::vector<std::string> arms_under(const Study& study, const Entry& interaction, const std::string& condition) {
  std::vector<std::string> found;
  for (const auto& side : {interaction.treatment, interaction.baseline})
    for (const auto* arm : objects_of(*interaction.plan, "arms")) {
      const auto& config = object_of(*arm, "config");
      const json::value *level = config.if_contains(interaction.factor),
                        *at = config.if_contains(interaction.moderator);
      const std::string name = interaction.id + "." + text_of(*arm, "id");
      if (level && at && level_name(*level) == side && level_name(*at) == condition && study.has_fact(name + ".mean"))
        found.push_back(name);
    }
  return found.size() == 2 ? found : std::vector<std::string>{};
}

bool order_turns(const Study& study, const Entry& interaction) {
  const auto first = arms_under(study, interaction, interaction.low),
             second = arms_under(study, interaction, interaction.high);
  if (first.empty() || second.empty() || !study.has_fact("template.smallest_effect")) return false;
  const double limit = number_of(study.fact("template.smallest_effect"), "value");
  const auto gap = [&](const std::vector<std::string>& arms) {
    return number_of(study.fact(arms[0] + ".mean"), "value") - number_of(study.fact(arms[1] + ".mean"), "value");
  };
  return gap(first) * gap(second) < 0 && std::min(std::abs(gap(first)), std::abs(gap(second))) >= limit;
}

std::string arms_listed(const Study& study, const Entry& interaction, bool baseline_first) {
  std::string text;
  for (const auto& condition : {interaction.low, interaction.high}) {
    auto arms = arms_under(study, interaction, condition);
    if (arms.empty()) return {};
    if (baseline_first) std::swap(arms[0], arms[1]);
    for (const auto& arm : arms) text += (text.empty() ? "{{arm:" : "; {{arm:") + arm + "}}: {{" + arm + ".mean}}";
  }
  return text;
}

std::string where_it_turns(const Study& study, const Entry& interaction) {
  return order_turns(study, interaction) ? " From one condition to the other the two change places (" +
                                               arms_listed(study, interaction, false) + ")."
                                         : std::string{};
}

std::string under_each(const Study& study, const Entry& interaction, std::size_t index) {
  if (!study.has_fact(interaction.id + ".second.mean")) return {};
  const auto seen = [&](const std::string& condition) {
    return study.value(interaction, condition + ".mean") + " (" + study.bare(interaction, condition + ".lower") +
           " to " + study.bare(interaction, condition + ".upper") + ")";
  };
  return turn(index, {" In its blocks, ", " There, "}) + study.difference(interaction, " minus ") +
         turn(index, {" stood at ", " came to "}) + seen("first") + " with " + study.low(interaction) +
         turn(index, {" and at ", " and to "}) + seen("second") + " with " + study.high(interaction) +
         turn(index, {" (t intervals at {{protocol.confidence}}, uncorrected).", " (intervals likewise)."}) +
         widened_by(study, interaction);
}

}  // namespace aisci::offline
