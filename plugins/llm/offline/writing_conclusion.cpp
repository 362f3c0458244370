// The conclusion: verdicts in short, what they come to, and what to try next.
#include <algorithm>
#include <cmath>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

std::string verdict_counts(const Study& study) {
  std::vector<std::string> parts;
  for (const char* verdict : {"supported", "refuted", "equivalent", "inconclusive"})
    if (const std::size_t count = study.count(verdict); count > 0)
      parts.push_back(in_words(count) + (parts.empty() ? " came out " : " ") + verdict);
  return listed(parts);
}

// What the main claim says to the question whether a whole gives more than each of its parts; "" where it leaves that
// open.
std::string whole_in_short(const Study& study) {
  const Entry* main = study.main_claim();
  const bool gain_predicted = main && (main->sign > 0) != study.lower_is_better();
  if (!gain_predicted || !main->known || !main->whole() || main->upper >= main->smallest_effect) return {};
  return " Does the whole give more than each part alone? By the limit it does not: over " +
         study.layer_title(main->part) + " alone, a gain of that size is excluded (" + study.name(*main) + ").";
}

// "Both locked claims are supported."
std::string verdicts_in_short(const Study& study) {
  const auto& claims = study.claims();
  if (claims.empty()) return "No claim was locked, so this study confirms nothing.";
  if (claims.size() == 1)
    return "The verdict on the one claim that was locked is {{verdict:" + claims.front().id + "}}.";
  if (!one_verdict(study))
    return "Of the " + in_words(claims.size()) + " locked claims, " + verdict_counts(study) +
           (study.count("supported") == 0 ? "; none was supported." : ".");
  // Of arms that are equivalent the prediction that set them in an order did not come true.
  const bool borne_out = claims.front().verdict != "equivalent" ||
                         std::any_of(claims.begin(), claims.end(), [](const Entry& one) { return one.without_zero(); });
  return (claims.size() == 2 ? "Both" : "All " + in_words(claims.size())) +
         " locked claims came out as {{verdict:" + claims.front().id + "}}" +
         (borne_out ? "."
                    : std::string{", and "} +
                          (claims.size() == 2 ? "both intervals hold zero, so neither"
                                              : "every interval holds zero, so none") +
                          " of the predicted directions was shown.");
}

// Other claims in which the two sides came out level.
std::string level_beside(const Study& study, const Entry& main) {
  std::vector<std::string> parts;
  for (const auto& claim : study.claims()) {
    if (&claim == &main || !claim.known || claim.interaction || claim.verdict != "equivalent" || claim.without_zero())
      continue;
    const std::string special = study.shared_peculiarity(claim);
    parts.push_back(study.treatment_in_full(claim) + " and " + study.baseline_in_full(claim) +
                    (special.empty() ? "" : " with " + special) + " (" + study.name(claim) + ": " +
                    study.bare(claim, "contrast.lower") + " to " + study.value(claim, "contrast.upper") + ")");
  }
  return listed(parts);
}

// A node of the search on the pair of a claim, with part of what the claim departs in from the usual setting, that saw
// nothing worth acting on; null without one.
const Entry* nothing_nearer(const Study& study, const Entry& claim) {
  const auto own = study.departing(claim);
  for (const auto& node : study.nodes()) {
    const auto parts = study.departing(node);
    const auto shared = [&](const std::string& factor) {
      return contains(own, factor) && study.level_in(node, factor) == study.level_in(claim, factor);
    };
    if (node.known && !node.late && node.lean == Lean::kNull && node.same_pair(claim) && !study.claim_on(node.id) &&
        !parts.empty() && parts.size() < own.size() && std::all_of(parts.begin(), parts.end(), shared))
      return &node;
  }
  return nullptr;
}

// Other claims that came to an order, so that the main one does not stand for them.
std::string shown_beside(const Study& study, const Entry& main) {
  std::vector<std::string> parts, nothing;
  bool elsewhere = !models_beyond(study, main).empty();  // another model was spoken of
  for (const auto& claim : study.claims()) {
    if (&claim == &main || !claim.known || claim.interaction || !claim.without_zero()) continue;
    std::string special = study.shared_peculiarity(claim);
    const bool beyond = !models_beyond(study, claim).empty();
    if (elsewhere && !beyond && !special.empty() && study.fixed_model())
      special = whose(study) + (special.find(" and ") == std::string::npos ? " and " : ", ") + special;
    elsewhere = beyond;
    if (const Entry* node = nothing_nearer(study, claim))
      if (const std::string where = study.sides(claim, " and ") + " with " + study.peculiarity(*node, true) +
                                    " alone (" + study.name(*node) + ")";
          nothing.empty() || nothing.back() != where)
        nothing.push_back(where);
    const std::string absent = absent_from(study, main, claim);
    parts.push_back(study.treatment_in_full(claim) + " " +
                    (parts.size() % 2 == 0 ? study.merit(claim, study.verb(claim, "does better than", "do better than"),
                                                         study.verb(claim, "does worse than", "do worse than"))
                                           : study.merit(claim, study.verb(claim, "leads", "lead"),
                                                         study.verb(claim, "trails", "trail"))) +
                    " " + study.baseline_in_full(claim) + " (" + study.name(claim) +
                    (claim.verdict == "equivalent" ? ", by " + study.size(claim) + ", short of the limit)"
                     : claim.supported() && std::abs(claim.lower) < claim.smallest_effect ? ", size open)"
                                                                                          : ")") +
                    (special.empty() ? "" : ", with " + special + (parts.empty() ? " and all else as usual" : "")) +
                    (absent.empty() ? "" : ", which is no comparison with " + absent));
  }
  if (parts.empty()) return {};
  std::string text = "Besides, " + listed(parts, ", and ");
  if (const std::string level = level_beside(study, main); !level.empty()) text += "; level came out " + level;
  text += ".";
  if (!nothing.empty())
    text += " What the search saw between " + listed(nothing) + " was probably too little to act on.";
  return text;
}

// Whether some other claim's order comes with less than a size worth acting on, which has to be told with it.
bool open_beside(const Study& study, const Entry& main) {
  return std::any_of(study.claims().begin(), study.claims().end(), [&](const Entry& claim) {
    return &claim != &main && std::min(std::abs(claim.lower), std::abs(claim.upper)) < claim.smallest_effect;
  });
}

// What claims beside the main one left open, with all that their intervals hold.
std::string left_open(const Study& study, const Entry& main) {
  std::string text;
  for (const auto& claim : study.claims()) {
    if (&claim == &main || !claim.known || claim.interaction || claim.verdict != "inconclusive") continue;
    const std::string special = study.peculiarity(claim, true),
                      range = study.bare(claim, "contrast.lower") + " to " + study.value(claim, "contrast.upper");
    text += (text.empty() ? " Which leads, " : "; which leads, ") + study.sides(claim, " or ") +
            (special.empty() ? ", in the usual setting" : ", with " + special) + ", stayed open (" + study.name(claim) +
            ": " + range + ")";
  }
  return text.empty() ? text : text + ".";
}

// At what the rest of a stack was held where two of its parts were combined: "no normalisation".
std::string rest_of_stack(const Study& study, const Entry& claim) {
  std::vector<std::string> parts;
  for (const auto* layer : objects_of(study.scope(), "stack"))
    if (const std::string factor = text_of(*layer, "factor"); factor != claim.factor && factor != claim.moderator) {
      const json::value* level = object_of(*claim.hypothesis, "context").if_contains(factor);
      const std::string off = study.off_in_stack(factor);
      if (!level || level_name(*level) == off) parts.push_back(told_level(study.manifest(), factor, off));
    }
  if (const std::string special = study.peculiarity(claim, true); !special.empty()) parts.push_back(special);
  return listed(parts);
}

// What other claims say of how a lead depends on its conditions.
std::string dependences_beside(const Study& study, const Entry& main) {
  std::string text;
  for (const auto& claim : study.claims()) {
    if (&claim == &main || !claim.known || !claim.interaction) continue;
    const std::string special = study.stacked() ? rest_of_stack(study, claim) : study.peculiarity(claim, true),
                      limit = study.value(claim, "smallest_effect");
    const bool turns = means_turn(claim);
    const std::string span = " between " + study.far(claim) + " and " + study.near(claim),
                      in_log_odds = claim.logit ? " in log odds" : "";
    if (turns && (claim.supported() || (claim.verdict == "refuted" && claim.upper < 0))) {
      const auto [former, latter] = led_under(study, claim);
      text += " By " + study.name(claim) + ", " + (special.empty() ? "" : "with " + special + ", ") + "the order of " +
              study.sides(claim, " and ") + " turns by the arm means: with " + former + " the former leads, with " +
              latter + " the latter" + (claim.supported() ? "." : ", against the claim.");
      continue;
    }
    text += " By " + study.name(claim) + ", " + (special.empty() ? "" : "with " + special + ", ") + "the advantage" +
            ((claim.supported() || turns) && ahead_somewhere(study, claim) ? "" : ", if any,") + " that " +
            study.treatment(claim) + study.verb(claim, " has", " have") + " over " + study.baseline(claim) +
            (claim.supported() ? " grows" + span
             : claim.verdict == "refuted" && claim.upper < 0
                 ? " shrinks" + span + ", in the direction opposite to the claim"
             : claim.verdict == "refuted"
                 ? " does not grow by as much as " + limit + in_log_odds + span + "; to shrink by that is not excluded"
             : claim.verdict == "equivalent" ? " changes by less than " + limit + in_log_odds + span
                                             : " may or may not grow" + span) +
            ".";
  }
  return text;
}

// Which verdicts of these claims one block could turn, and to what.
std::string fragile_verdicts(const Study& study, const std::vector<const Entry*>& claims) {
  std::vector<std::string> names;
  for (const Entry* claim : claims)
    if (claim->known && claim->hangs_on_single_blocks())
      names.push_back("without " + single_blocks(*claim) + (names.empty() ? " the verdict on " : " that on ") +
                      study.name(*claim) + " would be " + listed(claim->verdicts_without_one(), " or "));
  return names.empty() ? std::string{} : " " + capitalised(listed(names)) + ".";
}

// What the search saw between other levels of the main claim's factor in the usual setting: no claim speaks of these.
std::string other_levels(const Study& study, const Entry& main) {
  if (main.interaction || study.stacked()) return {};
  std::vector<const Entry*> small, level, apart;
  for (const auto& node : study.nodes()) {
    if (node.known && !node.late && !node.interaction && node.factor == main.factor && !node.same_pair(main) &&
        !node.turned_pair(main) && !study.claim_on(node.id) && study.peculiarity(node).empty())
      (node.without_zero() ? apart : node.lean == Lean::kNull ? small : level).push_back(&node);
  }
  const std::size_t count = small.size() + level.size() + apart.size();
  if (count == 0) return {};
  const auto told = [&](const std::vector<const Entry*>& nodes, const std::string& last) {
    std::vector<std::string> parts;
    for (const Entry* node : nodes)
      parts.push_back(count > 3 ? study.name(*node)
                                : "between " + study.sides(*node, " and ") + " (" + study.name(*node) + ")");
    return (count > 3 ? " in " : " ") + listed(parts, last);
  };
  std::vector<std::string> orders;
  for (const Entry* node : apart)
    orders.push_back(study.treatment(*node) + " stood " + study.merit(*node, "ahead of ", "behind ") +
                     study.baseline(*node) + " by " + study.size(*node) + " (" + study.name(*node) +
                     (node->lean == Lean::kOpen   ? ", which may be too small to act on)"
                      : node->lean == Lean::kNull ? ", probably short of the limit)"
                                                  : ")"));
  const std::string order = count > 3 ? "an order showed" + told(apart, " and ") : listed(orders);
  std::vector<std::string> parts;
  const bool wide = std::any_of(small.begin(), small.end(), [](const Entry* node) {
    return std::max(node->upper, -node->lower) > node->smallest_effect;
  });
  if (!small.empty())
    parts.push_back("what lies" + told(small, " and ") + " is probably too small to act on" +
                    (!wide               ? ""
                     : small.size() == 1 ? ", though its interval reaches past the limit"
                                         : ", though intervals there reach past the limit"));
  if (!level.empty())
    parts.push_back("the order" + told(level, " and ") + " stayed open in the blocks that compare them");
  if (!apart.empty()) parts.push_back(order);
  std::string text = "In the search, in the usual setting, ";
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i > 0 ? "; " : "") + parts[i];
  return text + ".";
}

// What the search saw of how the main claim's pair depends on the condition that the question names, where no claim is
// on that.
std::string other_dependence(const Study& study, const Entry& main) {
  const std::string by = text_of(object_of(study.scope(), "moderator"), "factor");
  if (main.interaction || by.empty()) return {};
  const std::set<std::string> pair{main.treatment, main.baseline};
  const auto on_it = [&](const Entry& entry) {
    return entry.known && entry.interaction && entry.moderator == by && entry.factor == main.factor &&
           std::set<std::string>{entry.treatment, entry.baseline} == pair;
  };
  if (std::any_of(study.claims().begin(), study.claims().end(), on_it)) return {};
  std::vector<const Entry*> nodes;
  for (const auto& node : study.nodes())
    if (on_it(node) && !node.late && study.peculiarity(node).empty()) nodes.push_back(&node);
  if (nodes.empty()) return {};
  std::vector<std::string> names;
  for (const Entry* node : nodes) names.push_back(study.name(*node));
  const bool agree = std::all_of(nodes.begin(), nodes.end(),
                                 [&](const auto&node) { return node->lean == nodes.front()->lean; }),
             wide = std::any_of(nodes.begin(), nodes.end(), [](const auto&node) {
               return std::max(node->upper, -node->lower) > node->smallest_effect;
             });
  const Lean lean = nodes.front()->lean;
  const std::string arms = arms_listed(study, *nodes.front(), true), scored = arms.empty() ? "" : " (" + arms + ")";
  return "Whether the gap of " + study.sides(main, " to ") + " depends on the " +
         text_of(factor_in(study.manifest(), by), "title", by) + ", no claim asks; in the search (" + listed(names) +
         "), " +
         (!agree                                       ? "readings of that differ."
          : lean == Lean::kNull && wide                ? "the interval does not exclude a dependence worth acting on, "
                                                         "though the posterior makes one improbable."
          : lean == Lean::kNull                        ? "a dependence worth acting on is improbable."
          : lean == Lean::kOpen || lean == Lean::kNone ? "that could not be told."
                                                       : "a dependence is more probable than not" + scored + ".");
}

// Conditions under which the search saw the main pair change places, and no claim is on that: what a reader who takes
// the verdict elsewhere has to know.
std::string turned_in_search(const Study& study, const Entry& main) {
  std::vector<std::string> names;
  const Entry* first = nullptr;
  for (const auto& node : study.nodes()) {
    const bool pair =
        node.known && node.interaction && node.factor == main.factor && !study.claim_on(node.id) &&
        std::set<std::string>{node.treatment, node.baseline} == std::set<std::string>{main.treatment, main.baseline};
    if (!pair || !node.without_zero() || !order_turns(study, node)) continue;
    if (!first) first = &node;
    if (node.moderator == first->moderator && node.low == first->low && node.high == first->high)
      names.push_back(study.name(node));
  }
  return first ? "Elsewhere the order need not be this: in the search (" + listed(names) + ", exploratory), " +
                     study.sides(main, " and ") + " changed places from " + study.low(*first) + " to " +
                     study.high(*first) + "."
               : std::string{};
}

// What the search saw of each part of a stack by itself; the discussion has the values.
std::string parts_in_short(const Study& study) {
  if (const PartThatCounts part = part_that_counts(study); part.own) {
    std::vector<std::string> over, idle;
    for (const Entry* node : part.whole_over_idle)
      over.push_back(study.layer_title(node->part) + " alone (" + study.name(*node) + ")");
    for (const Entry* node : part.idle)
      idle.push_back(study.layer_title(node->factor) + " (" + study.name(*node) + ")");
    return " By itself, in the search, " + study.difference(*part.own, " minus ") + " stood at " +
           study.value(*part.own, "contrast.mean") + " (" + study.name(*part.own) + ", {{" + part.own->id +
           ".n}} blocks, " + study.bare(*part.own, "contrast.lower") + " to " +
           study.bare(*part.own, "contrast.upper") + "), about what the whole gains over " +
           listed(over, " and over ") + "; " + listed(idle) +
           (idle.size() == 1 ? " by itself did not gain as much." : " by themselves did not gain as much.");
  }
  std::vector<std::string> parts;
  for (const Entry* node : parts_by_themselves(study))
    parts.push_back(study.difference(*node, " minus ") + " at " + study.value(*node, "contrast.mean") + " (" +
                    study.name(*node) + ")");
  return parts.empty() ? std::string{} : " By themselves, in the search, the parts stood so: " + listed(parts) + ".";
}

}  // namespace

std::string absent_from(const Study& study, const Entry& main, const Entry& claim) {
  if (claim.factor != main.factor || is_off(claim.treatment) || is_off(claim.baseline)) return {};
  return is_off(main.treatment) ? study.treatment(main) : is_off(main.baseline) ? study.baseline(main) : std::string{};
}

bool one_verdict(const Study& study) { return study.count(study.claims().front().verdict) == study.claims().size(); }

std::string single_blocks(const Entry& claim) {
  const std::size_t count = claim.deciding_blocks();
  return count == 1 ? "one particular block" : "one of " + in_words(count) + " particular blocks";
}

json::object conclusion(Author& author) {
  const Study& study = author.study;
  const Entry* claim = study.main_claim();
  std::string text = verdicts_in_short(study) + whole_in_short(study);
  const std::string everywhere = claim && claim->known && !claim->interaction ? one_order(study, *claim) : "";
  text += everywhere;
  if (claim && claim->known) {
    text += main_concluded(study, *claim, !everywhere.empty()) + fragile_verdicts(study, {claim});
    const std::string more = everywhere.empty() || open_beside(study, *claim) ? shown_beside(study, *claim) : "",
                      level = level_beside(study, *claim);
    if (!more.empty())
      text += " " + more;
    else if (claim->verdict == "equivalent" && !level.empty())
      text += " The same holds of " + level + ".";
    text += left_open(study, *claim);
    auto others = by_relevance(study);
    others.erase(others.begin());  // the main claim
    text += dependences_beside(study, *claim) + fragile_verdicts(study, others) + held_to_odds(study, true) +
            parts_in_short(study);
  } else {
    text += fragile_verdicts(study, by_relevance(study));
  }
  std::vector<std::string> names;
  for (const Entry* one : claims_of_their_rows(study)) names.push_back(study.name(*one));
  if (!names.empty())
    text += " For " + listed(names) + " the search, on other " + study.terms().examples +
            ", had given estimates outside the fresh intervals, so " +
            (names.size() == 1 ? "that verdict is" : "those verdicts are") + " about the " + study.terms().examples +
            " that were scored.";
  if (claim && claim->known)
    for (const auto& more :
         {other_dependence(study, *claim), turned_in_search(study, *claim), other_levels(study, *claim)})
      if (!more.empty()) text += " " + more;
  if (!study.on_training_data() && std::any_of(study.claims().begin(), study.claims().end(), [](const Entry& one) {
        return one.known && one.verdict != "inconclusive";
      }))
    text += " All this holds for one data set under one division of it.";
  json::array blocks{paragraph(text)};
  json::array next;
  for (const auto& step : texts_of(study.document(), "next"))
    if (!has_typed_digit(step) && !step.empty()) next.emplace_back(step);
  if (!next.empty()) {
    blocks.push_back(paragraph("What to try next:"));
    blocks.push_back(list_block(std::move(next)));
  }
  return section("conclusion", "Conclusion", std::move(blocks));
}

}  // namespace aisci::offline
