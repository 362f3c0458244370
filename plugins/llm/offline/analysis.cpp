#include "analysis.hpp"

#include <algorithm>
#include <set>

#include "analysis_study.hpp"
#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"

namespace aisci::offline {
namespace {

struct Finding {
  std::string kind, subject;
  double weight = 0;
  std::string text;
};

double relevance(const Study& study, const Entry& entry) {
  if (entry.factor != text_of(study.scope(), "factor")) return 0.7;
  return study.peculiarity(entry).empty() ? 1.0 : 0.9;
}

std::string interval(const Study& study, const Entry& entry) {
  return "interval " + study.bare(entry, "contrast.lower") + " to " + study.bare(entry, "contrast.upper") + ", {{" +
         entry.id + ".n}} blocks";
}

std::string contrast_text(const Study& study, const Entry& entry) {
  if (entry.interaction)
    return "In " + study.subject(entry) + ", the " + study.margin() + " of " + study.treatment(entry) + " over " +
           study.baseline(entry) + " with " + study.low(entry) + ", less the same with " + study.high(entry) +
           ", was " + study.value(entry, "contrast.mean") + (entry.logit ? " in log odds (" : " (") +
           interval(study, entry) + ")";
  return "In " + study.subject(entry) + ", " + study.treatment(entry) + " came out " +
         (study.prints_as_zero(entry)
              ? "level with " + study.baseline(entry) + ", at "
              : study.direction(entry, "above", "below") + " " + study.baseline(entry) + " by ") +
         study.size(entry) + " (" + interval(study, entry) + ")";
}

Finding claim_finding(const Study& study, const Entry& claim) {
  const bool decided = claim.known && claim.verdict != "inconclusive";
  Finding finding{"claim", claim.id, (decided ? 1.0 : 0.6) * relevance(study, claim), {}};
  finding.text = claim.known ? contrast_text(study, claim) + ": {{verdict:" + claim.id + "}}."
                             : "The confirmation of " + study.comparison(claim, " against ") +
                                   " gave no evidence: {{verdict:" + claim.id + "}}.";
  return finding;
}

// The clearest contrast among nodes of a kind that no claim is about; null when none leans.
const Entry* clearest(const Study& study, bool interaction) {
  const Entry* best = nullptr;
  for (const auto& node : study.nodes()) {
    if (!node.known || node.interaction != interaction || study.claim_on(node.id)) continue;
    if (node.lean != Lean::kAsPredicted && node.lean != Lean::kAgainst) continue;
    if (!best || node.significance * relevance(study, node) > best->significance * relevance(study, *best))
      best = &node;
  }
  return best;
}

void exploratory_findings(const Study& study, std::vector<Finding>& findings) {
  const std::size_t before = findings.size();
  for (const bool interaction : {true, false})
    if (const Entry* node = clearest(study, interaction))
      findings.push_back({interaction ? "moderation" : "exploratory", node->id,
                          0.5 * node->significance * relevance(study, *node),
                          contrast_text(study, *node) + "; this is exploratory, and no claim was made of it."});
  if (findings.size() > before) return;
  std::size_t others = 0, wide = 0;
  std::string pairs;
  for (const auto& node : study.nodes())
    if (node.known && !node.late && !study.claim_on(node.id)) {
      ++others;
      pairs +=
          (pairs.empty() ? "" : "; ") + study.sides(node, " against ") +
          (node.interaction ? " by the " + text_of(factor_in(study.manifest(), node.moderator), "title", node.moderator)
                            : "");
      wide += node.upper > node.smallest_effect || node.lower < -node.smallest_effect;
    }
  const std::string reaching = wide == 0     ? ""
                               : others == 1 ? ", though its interval reaches past the limit"
                               : wide == 1   ? ", though the interval of one of them reaches past its limit"
                               : others == 2
                                   ? ", though each interval reaches past its limit"
                                   : ", though the intervals of " + (wide == others ? "all" : in_words(wide)) +
                                         " of them reach past their limits";
  if (others > 0)
    findings.push_back(
        {"null", "", 0.2,
         (others == 1 ? "Outside the claims, the one other comparison of the search (" + pairs + ") did not lean"
          : others == 2
              ? "Outside the claims, neither of the two other comparisons of the search (" + pairs + ") leaned"
              : "Outside the claims, no other comparison of the search leaned") +
             std::string{" to an effect worth acting on"} + reaching + "."});
}

// Whether a template says of a factor, beside its training curves, that what they show is not what its arms train on.
bool loss_left_out(const Study& study, const std::string& factor) {
  const auto details = objects_of(study.manifest(), "details");
  return std::any_of(details.begin(), details.end(), [&](const json::object* detail) {
    return contains(texts_of(*detail, "figures"), "curves") &&
           text_of(object_of(*detail, "applies_to"), "factor") == factor;
  });
}

// Of a claim on two arms with one loss, how the last recorded ones differ: "GELU minus ReLU" + what + "-0.005 nats
// (...)";
// "" for any other. A component of the training (dropout, label smoothing) changes what its loss is measured with, and
// so does a change of the inputs.
std::string last_losses(const Study& study, const Entry& claim, const std::string& what) {
  if (!study.has_fact(claim.id + ".training.mean") || has(*claim.hypothesis, "also") ||
      contains({"component", "input"}, text_of(factor_in(study.manifest(), claim.factor), "role")) ||
      loss_left_out(study, claim.factor))
    return {};
  return study.treatment(claim) + " minus " + study.baseline(claim) + what + "{{" + claim.id + ".training.mean}} (" +
         study.bare(claim, "training.lower") + " to " + study.bare(claim, "training.upper") + "; " +
         study.treatment(claim) + " at {{" + claim.id + ".training.treatment}} and " + study.baseline(claim) +
         " at {{" + claim.id + ".training.baseline}})";
}

// How the claims' arms differ in training loss at the last recorded step, inside blocks. Exploratory, and told without
// a direction, which the sign has; of how well the arms fit it says nothing, since all may fit nearly perfectly.
void training_finding(const Study& study, std::vector<Finding>& findings) {
  const Entry* main = study.main_claim();
  if (!main || study.on_training_data()) return;
  const std::string first = last_losses(study, *main, " in training loss, at the last point of its curve, was ");
  if (first.empty()) return;
  const double alike = study.has_fact("template.alike_training_losses")
                           ? number_of(study.fact("template.alike_training_losses"), "value")
                           : 0;
  bool all_alike = true;
  double most = 0, least = 0;  // of the losses themselves
  const auto zero = [&](const Entry& claim) {
    const double lower = number_of(study.fact(claim.id + ".training.lower"), "value"),
                 upper = number_of(study.fact(claim.id + ".training.upper"), "value");
    all_alike = all_alike && std::max(std::abs(lower), std::abs(upper)) < alike;
    for (const char* arm : {".training.treatment", ".training.baseline"}) {
      const double loss = number_of(study.fact(claim.id + arm), "value");
      most = std::max(most, loss), least = std::min(least, loss);
    }
    return std::string{" with zero "} + (lower <= 0 && upper >= 0 ? "inside" : "outside");
  };
  std::string text = "Inside the blocks of " + study.name(*main) + ", " + first +
                     ", an uncorrected {{protocol.confidence}} t interval" + zero(*main) + ".";
  std::vector<std::string> others;
  for (const auto& claim : study.claims()) {
    const std::string other = &claim == main ? "" : last_losses(study, claim, " in " + study.name(claim) + " gave ");
    if (!other.empty()) others.push_back(other + zero(claim));
  }
  if (!others.empty()) text += " By the same measure, " + listed(others, "; ", "; ") + ".";
  if (all_alike && most < alike && least >= 0)
    text +=
        " All of these means are below {{template.alike_training_losses}}, the difference up to which the template "
        "counts training losses as alike, so by that no two of them could differ.";
  else if (all_alike)
    text += std::string{others.empty() ? " The interval lies" : " These intervals lie"} +
            " within {{template.alike_training_losses}}, the template's limit for training losses to count as alike.";
  findings.push_back({"training", main->id, 0.3 * relevance(study, *main), std::move(text)});
}

json::array storyline(const Study& study) {
  std::vector<std::string> path;
  const Entry* claim = study.main_claim();
  for (const Entry* node = claim ? study.node(claim->node) : nullptr; node && path.size() <= study.nodes().size();
       node = study.node(node->parent))
    path.insert(path.begin(), node->id);
  return json::array(path.begin(), path.end());
}

// What a factor is called, without digits.
std::string title_in(const Study& study, const std::string& factor) {
  const std::string title = text_of(factor_in(study.manifest(), factor), "title", factor);
  return has_digit(title) ? std::string{"setting"} : title;
}

// Whether an experiment gave all its arms another level of a factor than the usual one.
bool was_changed(const Study& study, const std::string& factor) {
  return std::any_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& node) {
    const json::value* level = object_of(*node.hypothesis, "context").if_contains(factor);
    return node.known && level && level_name(*level) != study.usual_level(factor);
  });
}

// Whether a factor acts in every arm of every claim.
bool everywhere(const Study& study, const std::string& factor) {
  for (const auto& claim : study.claims())
    for (const auto* arm : objects_of(*claim.plan, "arms"))
      if (!acts(study.manifest(), factor, object_of(*arm, "config"))) return false;
  return true;
}

// A level of an entry's factor without digits; "" where its label has any.
std::string plain_level(const Study& study, const std::string& factor, const std::string& level) {
  const std::string label = level_label(factor_in(study.manifest(), factor), level);
  return has_digit(label) ? std::string{} : label;
}

// What to compare next where the claims saw no difference that counts: a level that no claim has, by name.
std::string further_levels(const Study& study) {
  const std::string factor = text_of(study.scope(), "factor");
  const auto& levels = array_of(factor_in(study.manifest(), factor), "levels");
  if (levels.size() <= 2) return "Compare other levels than the two that the template offers.";
  std::set<std::string> claimed;
  for (const auto& claim : study.claims())
    if (claim.factor == factor) claimed.insert({claim.treatment, claim.baseline});
  std::vector<std::string> left;
  for (const auto& value : levels)
    if (const std::string level = level_name(value); !claimed.count(level))
      if (const std::string label = plain_level(study, factor, level); !label.empty())
        left.push_back((has_role(study.manifest(), factor, "model") ? article(label) + " " : std::string{}) + label);
  const std::string title = title_in(study, factor);
  if (left.empty()) {
    std::vector<std::string> clear;
    for (const auto& node : study.nodes())
      if (node.known && !node.interaction && node.factor == factor && node.without_zero() && !study.claim_on(node.id) &&
          std::none_of(study.claims().begin(), study.claims().end(),
                       [&](const Entry& claim) { return claim.same_pair(node) || claim.turned_pair(node); }))
        clear.push_back(study.name(node));
    return "Compare pairs of levels of " + with_article(title) + " that no claim has compared" +
           (clear.empty() ? "."
                          : ", first of all " + (clear.size() == 1 ? std::string{"that of "} : "those of ") +
                                listed(clear) + ".");
  }
  left.resize(std::min<std::size_t>(left.size(), 3));
  return "Put further levels of the " + title + " to confirmation, such as " + listed(left) +
         ", which no claim compares.";
}

// Of a stack, the parts that have a strength, which the claims have at one alone.
std::string further_strengths(const Study& study) {
  std::vector<std::string> parts;
  for (const auto* layer : objects_of(study.scope(), "stack"))
    if (const std::string factor = text_of(*layer, "factor");
        text_of(factor_in(study.manifest(), factor), "kind") == "ordered")
      parts.push_back(study.layer_title(factor));
  return parts.empty()
             ? "Try other levels of " + study.factor_title() + "."
             : "Try further strengths of " + listed(parts) + ", which the claims have off or at one strength.";
}

// Whether another claim on the same two sides, in whatever setting, has shown the order that this one came out with.
bool supported_the_other_way(const Study& study, const Entry& claim) {
  return std::any_of(study.claims().begin(), study.claims().end(),
                     [&](const Entry& other) { return other.supported() && other.turned_pair(claim); });
}

// What a new claim on what stayed open would have to have, by where the intervals of this study would just decide.
std::string decide_what_stayed_open(const Study& study) {
  std::vector<std::string> blocks, far;
  for (const auto& claim : study.claims())
    if (const std::string fact = claim.id + ".blocks_to_decide"; study.has_fact(fact)) {
      if (study.has_fact(claim.id + ".outlying_block"))
        far.push_back(study.name(claim));
      else
        blocks.push_back("{{" + fact + "}} blocks on for " + study.name(claim) + " (as {{" + claim.id +
                         ".decided_then}}" +
                         (study.has_fact(claim.id + ".blocks_to_turn")
                              ? ", and from {{" + claim.id + ".blocks_to_turn}} on as {{" + claim.id + ".turned_then}}"
                              : "") +
                         ")");
    }
  const std::string untold = far.empty() ? ""
                                         : "; how many would decide " + listed(far) +
                                               " is not said, since much of what was found comes from one far block";
  return "Lock a new claim on what stayed inconclusive, with a number of fresh blocks fixed beforehand" +
         (blocks.empty() ? ""
                         : ": at the level it had here, the mean and spread found would just decide from " +
                               listed(blocks) + ", and a plan needs more, as it cannot count on either") +
         untold + ".";
}

// "for instance to 0.005, which a second pilot picked, " where the template knows such levels.
std::string preferred(const Study& study, const std::string& tuning) {
  std::vector<std::string> levels;
  for (const auto& level : array_of(factor_in(study.manifest(), tuning), "rivals"))
    levels.push_back(level_reference(study.manifest(), tuning, level_name(level)));
  return levels.empty() ? std::string{}
                        : "for instance to " + listed(levels, " or ") + ", which a second pilot picked, ";
}

// What would teach most next, as text with references and without digits.
json::array next_steps(const Study& study) {
  const std::string factor = study.the_factor();
  json::array next;
  if (study.count("inconclusive") > 0) next.emplace_back(decide_what_stayed_open(study));
  if (const std::size_t held = study.count("supported"); held > 0)
    next.emplace_back(std::string{"Repeat the supported "} + (held == 1 ? "comparison" : "comparisons") +
                      " on a second data set, unchanged, to learn how far " +
                      (held == 1 ? "the result reaches." : "the results reach."));
  if (study.stacked() && !study.whole_against_part())
    next.emplace_back("Set the whole stack against the best one of its parts, which no experiment of this study did.");
  std::vector<std::string> met;
  for (const auto& node : study.nodes())
    if (study.stacked() && node.known && node.whole() && study.peculiarity(node).empty() && !study.claim_on(node.id))
      met.push_back(study.layer_title(node.part) + " alone");
  const auto put_rest = [&] {
    if (!met.empty()) next.emplace_back("Put the whole to confirmation against " + listed(met) + ".");
  };
  // Without a gain on the part that was claimed, the others can change the answer no more: they come last.
  const bool gained = study.main_claim() && study.main_claim()->supported();
  if (gained) put_rest();
  bool closed_difference = false, closed_interaction = false;
  int turned = 0;
  for (const auto& claim : study.claims())
    if (claim.known && claim.verdict == "refuted" && claim.upper < 0) {
      if (!supported_the_other_way(study, claim)) ++turned;
    } else if (claim.verdict == "refuted" || claim.verdict == "equivalent")
      (claim.interaction ? closed_interaction : closed_difference) = true;
  if (turned > 0)
    next.emplace_back(std::string{"Lock the opposite of the "} + (turned == 1 ? "claim" : "claims") +
                      " that came out reversed, on fresh blocks: what was locked here was the other direction.");
  if (closed_difference) next.emplace_back(study.stacked() ? further_strengths(study) : further_levels(study));
  if (closed_interaction) {
    std::vector<std::string> conditions;
    for (const auto& node : study.nodes())
      if (node.interaction)
        if (const std::string title = title_in(study, node.moderator); !contains(conditions, title))
          conditions.push_back(title);
    const std::string data = title_in(study, study.data_factor()),
                      model = title_in(study, factor_with_role(study.manifest(), "model"));
    const std::string other = !data.empty() && !contains(conditions, data)     ? "such as another " + data
                              : !model.empty() && !contains(conditions, model) ? "such as another " + model
                                                                               : std::string{};
    next.emplace_back((study.stacked() ? std::string{"Repeat the comparisons in another setting"}
                                       : "Ask what " + factor + " " + study.does() +
                                             " where something else differs than the " + listed(conditions)) +
                      (other.empty() ? "." : ", " + other + "."));
  }
  const Entry* moderated = nullptr;
  for (const auto& node : study.nodes())
    if (node.interaction && node.known && (node.lean == Lean::kAsPredicted || node.lean == Lean::kAgainst) &&
        !study.claim_on(node.id) && (!moderated || node.clarity() > moderated->clarity()))
      moderated = &node;
  if (moderated) {
    const std::string one = plain_level(study, moderated->factor, moderated->treatment),
                      other = plain_level(study, moderated->factor, moderated->baseline);
    next.emplace_back(
        "Put the exploratory interaction of the " + title_in(study, moderated->factor) +
        (one.empty() || other.empty() ? "" : " (" + one + " against " + other + ")") + " with the " +
        title_in(study, moderated->moderator) + " (" + study.name(*moderated) + ")" +
        ", by its own blocks more likely than not one worth acting on" +
        (study.ends_agree(*moderated) == false ? " though single nodes at its two conditions do not bear it out" : "") +
        ", to a confirmation of its own, with blocks planned for the spread that it showed.");
  }
  const std::string tuning = factor_with_role(study.manifest(), "tuning");
  if (const std::string title = text_of(factor_in(study.manifest(), tuning), "title", tuning);
      !tuning.empty() && text_of(study.scope(), "factor") != tuning && !has_digit(title) &&
      study.acts_somewhere(tuning, true))
    next.emplace_back(study.tuned_apart(tuning)
                          ? "Tune the " + title +
                                " of each arm on these data with an equal budget, for what each has of "
                                "its own was picked beforehand."
                      : study.main_claim() && !study.only_side(*study.main_claim(), tuning).empty()
                          ? "Tune each side's own settings, the " + title +
                                " among them, with an equal budget before the result is read as one about the kinds of "
                                "model."
                      : was_changed(study, tuning)
                          ? "Tune the " + title + " of each arm" + (everywhere(study, tuning) ? "" : " that has one") +
                                " with an equal budget, which no experiment did."
                          : "Vary the " + title + ", which all arms shared, " + preferred(study, tuning) +
                                "to see whether the result depends on it.");
  if (!gained) put_rest();
  for (const auto& node : study.nodes())
    if (!node.known) {
      next.emplace_back(
          "Repeat the experiments that failed, since what they would have shown is missing from every table.");
      break;
    }
  return next;
}

}  // namespace

json::object analysis_findings(const json::object& input) {
  const Study study{input};
  std::vector<Finding> findings;
  for (const auto& claim : study.claims()) findings.push_back(claim_finding(study, claim));
  exploratory_findings(study, findings);
  training_finding(study, findings);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.weight > b.weight; });
  json::array list;
  for (auto& finding : findings)
    list.push_back(json::object{{"id", "k" + std::to_string(list.size() + 1)},
                                {"kind", finding.kind},
                                {"subject", finding.subject},
                                {"weight", finding.weight},
                                {"text", std::move(finding.text)}});
  return {{"findings", std::move(list)}, {"storyline", storyline(study)}, {"next", next_steps(study)}};
}

}  // namespace aisci::offline
