// What no experiment tuned: the recipe that all arms share, and what each side of a comparison has of its own.
#include <algorithm>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {

bool was_varied(const std::set<std::string>& levels, const std::string& factor) {
  return std::count_if(levels.begin(), levels.end(),
                       [&](const std::string& level) { return level.rfind(factor + "=", 0) == 0; }) > 1;
}

namespace {

// ", which acts in c2 alone," where a part of the recipe acts in some claims only.
std::string where_it_acts(const Study& study, const std::string& factor) {
  std::vector<std::string> names;
  for (const auto& claim : study.claims()) {
    const auto arms = objects_of(*claim.plan, "arms");
    if (std::any_of(arms.begin(), arms.end(),
                    [&](const json::object* arm) { return acts(study.manifest(), factor, object_of(*arm, "config")); }))
      names.push_back(study.name(claim));
  }
  return names.empty() || names.size() == study.claims().size() ? std::string{}
                                                                : ", which acts in " + listed(names) + " alone,";
}

// Of factors with an order, those of which every experiment set the usual level or one to the same side of it:
// "tree depth downwards only".
std::vector<std::string> moved_one_way(const Study& study, const std::vector<std::string>& factors) {
  std::vector<std::string> lowered, raised;
  for (const auto& name : factors) {
    const auto& factor = factor_in(study.manifest(), name);
    if (!is_numeric(factor)) continue;
    const auto levels = level_names(factor);
    const auto place = [&](const std::string& level) {
      return std::find(levels.begin(), levels.end(), level) - levels.begin();
    };
    const auto usual = place(study.usual_level(name));
    bool below = false, above = false;
    for (const auto& node : study.nodes())
      for (const auto* arm : objects_of(*node.plan, "arms"))
        if (const json::value* level = object_of(*arm, "config").if_contains(name)) {
          below = below || place(level_name(*level)) < usual;
          above = above || place(level_name(*level)) > usual;
        }
    if (below != above) (below ? lowered : raised).push_back(text_of(factor, "title", name));
  }
  std::vector<std::string> told;
  if (!lowered.empty()) told.push_back(listed(lowered) + " downwards only, so that no level above the usual ran");
  if (!raised.empty()) told.push_back(listed(raised) + " upwards only, so that no level below the usual ran");
  return told;
}

// The nodes that set a factor to another level than the usual one.
std::vector<std::string> changing(const Study& study, const std::string& factor) {
  const std::string usual = study.usual_level(factor);
  std::vector<std::string> names;
  for (const auto& node : study.nodes())
    for (const auto* arm : objects_of(*node.plan, "arms"))
      if (const json::value* level = object_of(*arm, "config").if_contains(factor);
          node.known && level && level_name(*level) != usual) {
        names.push_back(study.name(node));
        break;
      }
  return names;
}

// Where few nodes changed a factor: " (in n7 alone)".
std::string changed_in(const Study& study, const std::string& factor) {
  constexpr std::size_t kFew = 3;
  const auto names = changing(study, factor);
  return names.empty() || names.size() > kFew ? std::string{} : " (in " + listed(names) + " alone)";
}

// Where a pair comes out on the other side at another value of the factor, all else usual: an estimate, no test.
std::string turned_there(const Study& study, const std::string& factor) {
  if (text_of(object_of(study.scope(), "moderator"), "factor") == factor) return {};  // the question's own condition
  for (const auto& node : study.nodes()) {
    const auto departing = study.departing(node);
    if (!node.known || node.interaction || departing.size() != 1 || departing.front() != factor) continue;
    for (const auto& usual : study.nodes())
      if (usual.known && usual.same_pair(node) && study.peculiarity(usual).empty() && !study.prints_as_zero(usual) &&
          !study.prints_as_zero(node) && (usual.sign * usual.mean > 0) != (node.sign * node.mean > 0))
        return " With " + level_phrase(study.manifest(), factor, study.level_in(node, factor)) + " (" +
               study.name(node) + ") the estimate of " + study.difference(node, " minus ") +
               " lies on the other side of zero from that in the usual setting (" + study.name(usual) + ")" +
               (node.without_zero() ? "." : ", though its interval in " + study.name(node) + " contains zero.");
  }
  return {};
}

// What each side of a comparison of models has of its own, none of it tuned.
std::string own_settings(const Study& study, const Entry& claim, const std::set<std::string>& levels) {
  std::vector<std::string> first, second, changed, moved;
  for (const auto& [key, value] : object_of(study.manifest(), "factors")) {
    const std::string name{key}, on = study.only_side(claim, name),
                                 title = text_of(factor_in(study.manifest(), name), "title", name);
    if (on.empty() || has_digit(title)) continue;
    (on == study.treatment(claim) ? first : second).push_back("a " + title);
    if (was_varied(levels, name)) changed.push_back("the " + title), moved.push_back(name);
  }
  if (first.empty() && second.empty()) return {};
  const auto has_alone = [&](const std::string& side, const std::vector<std::string>& titles) {
    return titles.empty() ? std::string{} : side + " alone has " + listed(titles);
  };
  std::string text = has_alone(study.treatment(claim), first);
  if (const std::string more = has_alone(study.baseline(claim), second); !more.empty())
    text += (text.empty() ? "" : ", and ") + more;
  const auto one_way = moved_one_way(study, moved);
  return " Of the two sides of " + study.name(claim) + ", " + text + ". None of this was tuned" +
         (changed.empty() ? ""
                          : ", though " + listed(changed) + (changed.size() == 1 ? " was" : " were") +
                                " changed as a check" + (one_way.empty() ? "" : " (" + listed(one_way, "; ") + ")")) +
         "; what either side reaches when tuned is open.";
}

// The settings that a factor's entry lists as a member, of which the arms of some claims differ, or those of one: with
// what its usual level was picked, say. "{{label:activation.gelu}}".
std::string compared_of(const Study& study, const std::string& tuning, const char* member,
                        const Entry* only = nullptr) {
  std::vector<std::string> levels;
  for (const auto* setting : objects_of(factor_in(study.manifest(), tuning), member)) {
    const std::string factor = text_of(*setting, "factor");
    const json::value* level = setting->if_contains("level");
    const auto compares = [&](const Entry& claim) {
      const bool sides = claim.factor == factor, conditions = claim.moderator == factor;
      return level && ((sides && contains({claim.treatment, claim.baseline}, level_name(*level))) ||
                       (conditions && contains({claim.low, claim.high}, level_name(*level))));
    };
    if (only ? compares(*only) : std::any_of(study.claims().begin(), study.claims().end(), compares))
      levels.push_back(level_phrase(study.manifest(), factor, level_name(*level)));
  }
  return listed(levels);
}

// A model in full where the template spells it out: "a vision transformer".
std::string spelled(const Study& study, const std::string& role, const std::string& level) {
  const std::string words = text_of(object_of(factor_in(study.manifest(), role), "spelled"), level);
  return words.empty() || has_digit(words) ? told_level(study.manifest(), role, level) : article(words) + " " + words;
}

// Where the usual level was picked with another model than the one that the question fixes.
std::string picked_for_another(const Study& study, const std::string& tuning, const std::string& title) {
  const std::string role = factor_with_role(study.manifest(), "model");
  const json::value* model = study.fixed_model();
  for (const auto* picked : objects_of(factor_in(study.manifest(), tuning), "picked_with"))
    if (const json::value* level = picked->if_contains("level");
        model && level && text_of(*picked, "factor") == role && level_name(*level) != level_name(*model))
      return " The usual " + title + " was picked with " + spelled(study, role, level_name(*level)) + " and not with " +
             told_level(study.manifest(), role, level_name(*model)) + ".";
  return {};
}

// What a pilot that the template tells of preferred to the usual level; `favours`: the text has said whom the first one
// may favour.
std::string preferred_by_a_pilot(const Study& study, const std::string& tuning, bool favours) {
  const Entry* main = study.main_claim();
  std::vector<std::string> rivals, tried;  // and the nodes that set the main claim's pair at one of them
  for (const auto& level : array_of(factor_in(study.manifest(), tuning), "rivals")) {
    rivals.push_back(level_reference(study.manifest(), tuning, level_name(level)));
    for (const auto& node : study.nodes())
      if (main && node.known && node.same_pair(*main) && study.level_in(node, tuning) == level_name(level))
        tried.push_back(study.name(node));
  }
  if (rivals.empty()) return {};
  const std::string picked =
      " A second pilot picked " + listed(rivals) + " in its place" + (favours ? ", so the two pilots disagree" : "");
  const std::string even = compared_of(study, tuning, "rivals_even_with");
  const bool one_check = tried.size() == 1 && tried == changing(study, tuning);  // which was told of, and where
  return (tried.empty()
              ? picked + (favours ? ", and" : ", so") + " with each arm at its best the difference may be another."
              : picked + "; the pair of " + study.name(*main) + " was run there in " +
                    (one_check ? "that check" : listed(tried)) + ".") +
         (even.empty() ? std::string{}
                       : " A further pilot, with " + even + ", put the usual value level with " + listed(rivals) +
                             ", so that it may favour arms of this kind as well.");
}

}  // namespace

bool changes_in_limitations(const Study& study, const std::string& factor) {
  const Entry* main = study.main_claim();
  return factor == factor_with_role(study.manifest(), "tuning") && factor != text_of(study.scope(), "factor") &&
         study.acts_somewhere(factor, true) && !study.tuned_apart(factor) &&
         !(main && !study.only_side(*main, factor).empty()) && !changed_in(study, factor).empty();
}

std::string recipe_limits(const Study& study, const std::set<std::string>& levels) {
  std::string text =
      study.has_fact("template.steps")
          ? "Training lasts {{template.steps}} steps, so the results concern what is reached in that time."
          : "Beyond the levels that {{table:setup}} names, every trial follows one recipe, so the results "
            "concern what that recipe reaches.";
  const std::string tuning = factor_with_role(study.manifest(), "tuning"),
                    title = text_of(factor_in(study.manifest(), tuning), "title", tuning);
  if (tuning.empty() || text_of(study.scope(), "factor") == tuning || !study.acts_somewhere(tuning, true)) return text;
  const Entry* main = study.main_claim();
  if (study.tuned_apart(tuning))
    return text + " The " + title + " multiplies a value that each " +
           text_of(factor_in(study.manifest(), main->factor), "title", main->factor) +
           " has of its own, picked beforehand and not for this study" +
           (was_varied(levels, tuning)
                ? (std::count_if(levels.begin(), levels.end(),
                                 [&](const std::string& level) { return level.rfind(tuning + "=", 0) == 0; }) > 2
                       ? "; other multiples were run as a check."
                       : "; one other multiple was run as a check.")
                : "; no experiment varied the multiple, so how far each side is from its best is open.");
  if (main && !study.only_side(*main, tuning).empty()) return text + own_settings(study, *main, levels);
  const std::string where = where_it_acts(study, tuning),
                    picked = main ? compared_of(study, tuning, "picked_with", main) : "",
                    any_picked = compared_of(study, tuning, "picked_with");
  text +=
      was_varied(levels, tuning)
          ? " The " + title + where + " was changed as a check" + changed_in(study, tuning) +
                " but never tuned for each arm" +
                (any_picked.empty() ? ", so an arm may have profited from a value that happened to suit it."
                                    : (study.on_training_data()
                                           ? ". In a pilot, judged on the validation " + study.terms().examples +
                                                 " and not by the outcome of this study, its usual value did well with "
                                           : ". In a pilot its usual value did well on the validation " +
                                                 study.terms().examples + " with ") +
                                          any_picked + ", which may favour arms of that kind.")
          : " All arms share one " + title + where + (where.empty() ? " that" : " and") + " no experiment varied; " +
                (picked.empty() ? "it may suit one of them, by accident or by how it was picked, and so make a "
                                  "difference or hide one."
                                : "in " + study.name(*main) + " it may suit " + picked +
                                      ", with which a pilot picked it on the validation " + study.terms().examples +
                                      ", and so make a difference or hide one.");
  const bool favours = was_varied(levels, tuning) ? !any_picked.empty() : !picked.empty();
  return text + turned_there(study, tuning) + preferred_by_a_pilot(study, tuning, favours) +
         picked_for_another(study, tuning, title);
}

}  // namespace aisci::offline
