// Limitations of this very study.
#include <algorithm>
#include <cmath>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "kit/number.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Whether every model of one architecture has one size: some factor gives it, and no experiment varied any that does.
bool one_size(const Study& study, const std::set<std::string>& levels) {
  bool some = false;
  for (const auto& [key, value] : object_of(study.manifest(), "factors"))
    if (const std::string name{key}; has_role(study.manifest(), name, "capacity")) {
      if (was_varied(levels, name)) return false;
      some = true;
    }
  return some;
}

// " (there for GELU beside ReLU alone)" where the search had one pair at amounts of data that are not the usual one,
// and others at that.
std::string pair_elsewhere(const Study& study, const std::string& data) {
  std::set<std::set<std::string>> all, elsewhere;
  const Entry* first = nullptr;
  for (const auto& node : study.nodes()) {
    if (!node.known || node.late) continue;
    const std::set<std::string> pair{node.factor, node.treatment, node.baseline};
    all.insert(pair);
    if (node.moderator != data && study.level_in(node, data) == study.usual_level(data)) continue;
    elsewhere.insert(pair);
    if (!first) first = &node;
  }
  return first && elsewhere.size() == 1 && all.size() > 1 ? " (there for " + study.sides(*first, " beside ") + " alone)"
                                                          : std::string{};
}

std::string reach(const Study& study, const std::set<std::string>& levels) {
  std::string text = "Every conclusion rests on one data set and one task, and is about these.";
  const std::string factor = study.data_factor();
  const auto& entry = object_of(object_of(study.manifest(), "factors"), factor);
  const auto among = [&](const std::set<std::string>& all) {
    std::vector<std::string> sizes;
    for (const auto& level : level_names(entry))
      if (all.count(factor + "=" + level)) sizes.push_back(level_reference(study.manifest(), factor, level));
    return sizes;
  };
  const auto sizes = among(levels), claimed = among(levels_run(study.claims()));
  const std::string title = text_of(entry, "title", factor);
  if (sizes.size() == 1) text += " The " + title + " was " + sizes.front() + " throughout.";
  if (sizes.size() > 1 && !claimed.empty() && claimed.size() < sizes.size())
    text += " The " + title + " went from " + sizes.front() + " to " + sizes.back() + " in the search" +
            pair_elsewhere(study, factor) + ", and " +
            (study.claims().size() == 1 ? "the claim speaks" : "the claims speak") + " of " + listed(claimed) +
            " alone; of numbers that were not run nothing is known.";
  else if (sizes.size() > 1)
    text += " The " + title + " went from " + sizes.front() + " to " + sizes.back() +
            "; of numbers that were not run nothing is known.";
  if (sizes.size() > 1 && study.has_fact("template.steps"))
    text +=
        " Since the number of steps is fixed, more " + study.terms().examples + " also mean fewer passes over each.";
  if (const std::string role = factor_with_role(study.manifest(), "model"); !role.empty() && !was_varied(levels, role))
    text += " Only one " + text_of(factor_in(study.manifest(), role), "title", role) + " was " + study.terms().trained +
            (one_size(study, levels) ? ", at one size." : ".");
  return text;
}

// Whether each trial trains on a part of one pool: then the parts of two blocks have examples in common.
bool subsets_overlap(const Study& study) {
  return !study.on_training_data() && study.has_fact("template.train") && study.has_fact("template.validation") &&
         study.has_fact("template.confirmation") && !study.data_factor().empty();
}

// Whether such a part is usually more than nine tenths of the pool.
bool nearly_all(const Study& study) {
  const double usual = parsed_number(study.usual_level(study.data_factor())).value_or(0);
  return usual > 0.9 * number_of(study.fact("template.train"), "value");
}

constexpr double kSizesApart = 1.1;

// Arms of a claim whose models differ in how many parameters they have, where size is not what they are to differ in.
void sizes_apart(const Study& study, json::array& items) {
  std::set<std::set<std::string>> told;
  for (const Entry* claim : by_relevance(study)) {
    const auto& factor = factor_in(study.manifest(), claim->factor);
    if (!claim->known || claim->interaction || claim->whole() || text_of(factor, "kind") == "ordered") continue;
    const std::string one = claim->arms.front() + ".parameters", other = claim->arms.back() + ".parameters";
    if (!study.has_fact(one) || !study.has_fact(other)) continue;
    const double first = number_of(study.fact(one), "value"), second = number_of(study.fact(other), "value");
    if (std::max(first, second) < kSizesApart * std::min(first, second) ||
        !told.insert({claim->treatment, claim->baseline}).second)
      continue;
    items.emplace_back("The models of " + study.name(*claim) + " are not of one size: " + study.treatment(*claim) +
                       " has {{" + one + "}} trainable parameters and " + study.baseline(*claim) + " has {{" + other +
                       "}}, so the comparison is of " + text_of(factor, "title") + " and size at once.");
  }
}

std::string named_but_not_run(const Study& study) {
  const auto missing = levels_not_run(study);
  return missing.empty() ? std::string{}
                         : "Of the levels that the question was read to be about, " + listed(missing) +
                               (missing.size() == 1 ? " was" : " were") + " not run.";
}

// Factors that a template of a model's making offers and no experiment moved.
std::string left_alone(const Study& study, const std::set<std::string>& levels) {
  std::vector<std::string> titles;
  for (const auto& [key, value] : object_of(study.manifest(), "factors"))
    if (const std::string name{key}, title = text_of(factor_in(study.manifest(), name), "title", name);
        !was_varied(levels, name) && !has_digit(title))
      titles.push_back("the " + title);
  return titles.empty()
             ? std::string{}
             : "No experiment varied " + listed(titles, " or ") + ", of which the template has other levels.";
}

// What nobody but a model vouches for.
std::string written_by_a_model(const Study& study) {
  const std::size_t failed = array_of(object_of(study.manifest(), "written"), "failures").size();
  const bool counted = study.has_fact("study.failed_rehearsals");
  std::string text =
      "Factors, levels, outcome, smallest effect and the programs that measure were written by a model, "
      "and no person has read them. ";
  text += failed == 0 ? "They passed their first rehearsal"
          : counted   ? "They passed a rehearsal, after failed ones to the number of {{study.failed_rehearsals}}"
                      : "They passed a rehearsal, after others had failed";
  text += ", which shows that conditions run and repeat, and not that the programs measure what their names say.";
  if (text_of(study.metric(), "scored_by") == "program")
    text += " The outcome is reported by these programs themselves, so it is as good as they are.";
  return text;
}

// Whether each part of a stack took no level but that of the stack and its absence.
bool one_strength(const Study& study) {
  const auto stack = objects_of(study.scope(), "stack");
  return std::all_of(stack.begin(), stack.end(), [&](const json::object* layer) {
    std::set<std::string> levels;
    for (const auto& node : study.nodes())
      for (const auto* arm : objects_of(*node.plan, "arms"))
        if (const json::value* level = object_of(*arm, "config").if_contains(text_of(*layer, "factor")))
          levels.insert(level_name(*level));
    return levels.size() <= 2;
  });
}

// Parts of a stack that the search saw do too little by themselves to act on.
std::string idle_at_this_strength(const Study& study) {
  std::vector<std::string> parts;
  for (const Entry* node : parts_by_themselves(study))
    if (node->lean == Lean::kNull) parts.push_back(study.layer_title(node->factor) + " (" + study.name(*node) + ")");
  return parts.empty()
             ? std::string{}
             : "At these strengths the search saw too little of " + listed(parts) +
                   " alone to act on, so the study hardly tests whether parts that each do something add up. ";
}

// Whether each part of a stack that is a number is at the middle one of its levels above zero, as where the question
// names none.
bool at_the_middle(const Study& study, const std::vector<const json::object*>& stack) {
  bool some = false;
  for (const auto* layer : stack) {
    const json::value* on = layer->if_contains("on");
    if (!on || !on->is_number()) continue;
    std::vector<std::string> above;
    for (const auto& level : array_of(factor_in(study.manifest(), text_of(*layer, "factor")), "levels"))
      if (level.is_number() && level.to_number<double>() > 0) above.push_back(level_name(level));
    if (above.size() < 3 || above.size() % 2 == 0 || above[above.size() / 2] != level_name(*on)) return false;
    some = true;
  }
  return some;
}

// What a question about several factors together asks and no experiment of the study answers.
std::string untested_of_stack(const Study& study) {
  if (!study.stacked()) return {};
  const auto stack = objects_of(study.scope(), "stack");
  const auto title = [&](const std::string& factor) { return study.layer_title(factor); };
  const auto any = [&](const auto& is) { return std::any_of(study.nodes().begin(), study.nodes().end(), is); };
  std::vector<std::string> alone, pairs;
  for (std::size_t i = 0; i < stack.size(); ++i) {
    const std::string factor = text_of(*stack[i], "factor");
    if (!any([&](const Entry& node) {
          return node.known && !node.interaction && node.factor == factor && study.peculiarity(node).empty();
        }))
      alone.push_back(title(factor) + " alone");
    for (std::size_t j = i + 1; j < stack.size(); ++j) {
      const std::string other = text_of(*stack[j], "factor");
      if (!any([&](const Entry& node) {
            return node.known && node.interaction &&
                   ((node.factor == factor && node.moderator == other) ||
                    (node.factor == other && node.moderator == factor));
          }))
        pairs.push_back(title(factor) + " with " + title(other));
    }
  }
  std::vector<std::string> parts;
  for (const auto* layer : stack)
    if (const std::string factor = text_of(*layer, "factor"); !study.whole_against_part(factor))
      parts.push_back(title(factor) + " alone");
  std::string text;
  if (!alone.empty()) text += "No comparison was made of " + listed(alone, " or ") + ". ";
  if (!pairs.empty()) text += "The combination of " + listed(pairs) + " was not tested as an interaction. ";
  if (!parts.empty())
    text += "The whole was not set against " + listed(parts, " or ") + ", so how it stands to that is not known. ";
  if (one_strength(study))
    text += "Each part was run at one strength" +
            std::string{at_the_middle(study, stack)
                            ? " (where that is a number, the middle one of the template's levels above zero, not tuned)"
                            : ""} +
            ", so of a stronger or weaker one nothing is known. " + idle_at_this_strength(study);
  std::vector<std::string> searched;
  for (const auto& node : study.nodes())
    if (node.known && node.whole() && study.peculiarity(node).empty() && !study.claim_on(node.id))
      searched.push_back(study.baseline(node));
  if (!searched.empty())
    text +=
        "Against " + listed(searched, " and ") + " the whole was run in the search only" +
        (searched.size() > 1 ? ", and which part leaves it the least advantage is the search's word as well. " : ". ");
  const auto& nodes = study.nodes();
  const bool otherwise = std::any_of(nodes.begin(), nodes.end(), [](const Entry& node) {  // somebody's own comparison
    return node.known && !node.interaction && !node.whole() && !object_of(*node.hypothesis, "also").empty();
  });
  if (study.whole_against_part() && !otherwise)
    text += std::string{"The whole was set against single parts, never against none of them"} +
            (array_of(study.scope(), "stack").size() > 2 ? " or two. " : ". ");
  return without_stop(text).empty() ? text : without_stop(text) + ".";
}

// How many half widths of its interval the limit has to be for a power of four fifths: t(0.8) more than the critical t
// of a dozen blocks or two.
constexpr double kHalfWidthsOfPower = 1.35;

// Of a claim whose blocks spread so much more than those of the search, which its number of blocks was planned by, that
// its power fell short.
std::string wider_spread(const Study& study, const Entry& claim, std::size_t index) {
  const auto spread = [&](const std::string& owner) { return number_of(study.fact(owner + ".contrast.sd"), "value"); };
  const double ratio = spread(claim.id) / spread(claim.node);  // without a node's evidence it is no number
  const char* by = ratio >= 2 ? "over twice" : ratio >= 1.5 ? "over one and a half times" : nullptr;
  if (!by || !std::isfinite(ratio) || claim.smallest_effect >= kHalfWidthsOfPower * (claim.upper - claim.lower) / 2)
    return {};
  return turn(index, {" The blocks of ", " In ", " The standard deviation over the blocks of "}) + study.name(claim) +
         turn(index, {" spread by ", " the spread over blocks is ", " is "}) + by +
         turn(index, {" what the search had led one to expect, so its power was below the planned one",
                      " the planned one, and the power less", " that of the plan"}) +
         (study.has_fact(claim.id + ".sd_of_others") && study.has_fact(claim.id + ".planned_spread")
              ? "; without the one block that lies far from the others, the standard deviation would be " +
                    study.value(claim, "sd_of_others") + (claim.logit ? " in log odds" : "") + ", against " +
                    study.value(claim, "planned_spread") + " in the plan."
              : ".");
}

void open_claims(const Study& study, json::array& items) {
  std::size_t index = 0;
  std::vector<std::string> weak, decided, open;
  std::string spreads;
  for (const auto& claim : study.claims()) {
    if (claim.power < kWantedPower && has(*claim.document, "power"))
      (claim.verdict == "inconclusive" ? weak : decided).push_back(study.name(claim) + " ({{" + claim.id + ".power}})");
    if (!claim.known) continue;
    const std::string wider = wider_spread(study, claim, index);
    index += !wider.empty();
    spreads += wider;
    if (claim.verdict == "inconclusive") open.push_back(study.name(claim));
  }
  if (!open.empty())
    items.emplace_back("What is true of " + listed(open) +
                       " is open: " + (open.size() == 1 ? "its interval holds" : "their intervals hold") +
                       " zero as well as an effect worth acting on." + spreads);
  else if (!spreads.empty())
    items.emplace_back(spreads.substr(1));
  if (std::vector<std::string> low = decided; !low.empty() || !weak.empty()) {
    low.insert(low.end(), weak.begin(), weak.end());
    items.emplace_back("The cap on blocks left " + listed(low) +
                       " with a planned power short of {{protocol.power}} at the smallest effect of interest" +
                       (weak.empty()      ? "; the data decided all the same."
                        : decided.empty() ? ", so an effect of that size may be missed."
                                          : ", so an effect of that size may be missed, as may have happened in " +
                                                listed(weak) + "; the rest the data decided all the same."));
  }
  for (const auto& claim : study.claims())
    if (!claim.known)
      items.emplace_back("The confirmation of " + study.name(claim) + " produced nothing that could be analysed.");
}

// What is held against paired t tests over subsets of one pool, where a record that says so was retrieved.
std::string resampled_test(Author& author) {
  const auto keys = author.of_author("Dietterich", author.with_theme({"paired test"}));
  return keys.empty() ? std::string{}
                      : " The test used here is of the kind that " + author.cite_as_text(keys.front()) +
                            " warns of: its intervals hold for this pool and this split, and for new data they may be "
                            "too narrow.";
}

// Levels of the factor in question that the template offers and no experiment ran.
std::string levels_left(const Study& study, const std::set<std::string>& levels) {
  const std::string factor = text_of(study.scope(), "factor");
  const auto& entry = factor_in(study.manifest(), factor);
  if (study.stacked() || text_of(entry, "kind") == "ordered") return {};
  std::vector<std::string> left;
  for (const auto& level : level_names(entry))
    if (!levels.count(factor + "=" + level)) {
      const std::string label = level_label(entry, level);
      left.push_back((has_role(study.manifest(), factor, "model") ? article(label) + " " : "") +
                     level_phrase(study.manifest(), factor, level));
    }
  return left.empty() || left.size() > 5 ? std::string{}
                                         : "Of what the template offers as " + text_of(entry, "title", factor) + ", " +
                                               listed(left) + (left.size() == 1 ? " was" : " were") + " not run.";
}

}  // namespace

json::object limitations(Author& author) {
  const Study& study = author.study;
  const auto levels = levels_run(study.nodes());
  json::array items;
  items.emplace_back(reach(study, levels));
  if (const std::string missing = named_but_not_run(study); !missing.empty()) items.emplace_back(missing);
  if (const std::string left = levels_left(study, levels); !left.empty() && named_but_not_run(study).empty())
    items.emplace_back(left);
  items.emplace_back(recipe_limits(study, levels));
  sizes_apart(study, items);
  if (is_written(study)) {
    items.emplace_back(written_by_a_model(study));
    if (const std::string alone = left_alone(study, levels); !alone.empty()) items.emplace_back(alone);
  }
  if (const std::string missing = untested_of_stack(study); !missing.empty()) items.emplace_back(missing);
  open_claims(study, items);
  items.emplace_back(std::string{"The intervals express variation over seeds and what hangs on them. The split of "
                                 "the data is the same in all blocks"} +
                     (study.on_training_data()
                          ? ", and no interval includes the chance by which these are the " + study.terms().examples +
                                " that " + study.terms().subjects + " are " + study.terms().trained + " on."
                      : study.has_fact("template.confirmation")
                          ? ", and no interval includes the chance by which these {{template.confirmation}} " +
                                study.terms().examples + " make up the confirmation split."
                          : ", so no interval includes the chance in drawing it.") +
                     (subsets_overlap(study)
                          ? " Training subsets come from one pool of {{template.train}} " + study.terms().examples +
                                (nearly_all(study) ? ", so those of different blocks are nearly the same, and "
                                                     "initial weights and order are most of what varies"
                                                   : ", so those of different blocks overlap") +
                                author.cite(author.of_author("Nadeau", author.with_theme({"variance", "evaluation"}))) +
                                "." + resampled_test(author)
                          : ""));
  if (const std::string coarse = one_example(study); !coarse.empty()) items.emplace_back(coarse);
  if (const std::string near = near_ceiling(study); !near.empty()) items.emplace_back(near);
  const auto failed = std::count_if(study.nodes().begin(), study.nodes().end(),
                                    [](const Entry& node) { return !node.known && !node.late; });
  if (failed > 0)
    items.emplace_back(
        failed == 1
            ? "One experiment of the search failed. What it would have shown might have led the search elsewhere."
            : "Some experiments of the search failed. What they would have shown might have led it elsewhere.");
  if (const auto missing = texts_of(study.document(), "not_assessed"); !missing.empty())
    items.emplace_back("The value that steered the search could not take a judgement of " + listed(missing) +
                       " into account (see the appendix); with it, other comparisons might have become claims.");
  items.emplace_back("Hypotheses are limited to factors and levels that the experimental template offers.");
  return section("limitations", "Limitations", {list_block(std::move(items))});
}

}  // namespace aisci::offline
