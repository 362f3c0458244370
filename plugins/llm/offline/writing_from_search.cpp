// How what confirmation measured stands to what the search had given for it.
#include <cmath>
#include <utility>

#include "document.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Whether an end of the claim's interval has the same digits in print as the node's estimate.
bool prints_as_an_end(const Study& study, const Entry& claim, const Entry& node) {
  const auto print = [&](const Entry& entry, const char* what) {
    return text_of(study.fact(entry.id + ".contrast." + what), "text");
  };
  return print(node, "mean") == print(claim, "lower") || print(node, "mean") == print(claim, "upper");
}

// The standard error of an entry's mean over its blocks.
double error_of(const Entry& entry) {
  return entry.n > 0 ? number_of(object_at(*entry.document, "evidence.contrast"), "sd") / std::sqrt(entry.n) : 0;
}

constexpr double kManyErrors = 2;  // "two standard errors" in the text

// Whether the estimates of search and confirmation are nearer to each other than two standard errors of what lies
// between them.
bool near(const Entry& claim, const Entry& node) {
  return std::abs(node.mean - claim.mean) <= kManyErrors * std::hypot(error_of(claim), error_of(node));
}

// How the fresh estimates of the other claims stand to what the search had given for them.
std::string others_from_search(const Study& study, const Entry& main) {
  std::vector<std::string> inside, at_lower, at_upper, close, less, more, turned, turned_near, picked;
  for (const auto& claim : study.claims()) {
    const Entry* node = study.node(claim.node);
    if (&claim == &main || !claim.known || !node || !node->known) continue;
    const bool other = node->mean * claim.mean < 0 && !study.prints_as_zero(claim) && !study.prints_as_zero(*node);
    if (!other && (node->lower > claim.upper || claim.lower > node->upper)) continue;  // told of below
    const bool below = node->mean < (claim.lower + claim.upper) / 2;
    auto& names = other ? (near(claim, *node) ? turned_near : turned)
                  : claim.lower <= node->mean && node->mean <= claim.upper
                      ? (!prints_as_an_end(study, claim, *node) ? inside
                         : below                                ? at_lower
                                                                : at_upper)
                  : near(claim, *node)                          ? close
                  : std::abs(claim.mean) < std::abs(node->mean) ? less
                                                                : more;
    names.push_back(study.name(claim) + " (" + study.name(*node) + ")");
    const bool outside = node->mean < claim.lower || node->mean > claim.upper;
    if (outside && std::abs(node->mean) > std::abs(claim.mean) && !flag_of(*claim.hypothesis, "primary"))
      picked.push_back(study.name(*node));
  }
  const struct {
    const std::vector<std::string>& names;
    const char *one, *several;
  } kGroups[] = {
      {inside, "lies inside the fresh interval", "lie inside the fresh intervals"},
      {at_lower, "lies just above the bottom of the fresh interval",
       "lie just above the bottoms of the fresh intervals"},
      {at_upper, "lies just below the top of the fresh interval", "lie just below the tops of the fresh intervals"},
      {close, "lies outside the fresh interval, though within two standard errors of their difference",
       "lie outside the fresh intervals, though within two standard errors of their differences"},
      {less, "lies outside the fresh interval, farther from zero",
       "lie outside the fresh intervals, farther from zero"},
      {more, "lies nearer to zero than the fresh interval", "lie nearer to zero than the fresh intervals"},
      {turned_near, "has the other sign, and less than two standard errors lie between it and the fresh one",
       "have the other sign, and less than two standard errors lie between each and the fresh one"},
      {turned, "has the opposite sign to the fresh one", "have the opposite sign to the fresh ones"}};
  std::string text;
  for (const auto& [names, one, several] : kGroups) {
    if (names.empty()) continue;
    const bool alone = names.size() == 1;
    text += text.empty() ? (alone ? "The node's estimate for " : "The nodes' estimates for ")
                         : (alone ? "; that for " : "; those for ");
    text += listed(names) + " " + (alone ? one : several);
  }
  if (!picked.empty() && study.has_fact("study.weight.significance"))
    text += ". The value by which " + listed(picked) + (picked.size() == 1 ? " was" : " were") +
            " chosen favours large estimates, and of those some are large by luck (regression to the mean)";
  return text.empty() ? text : text + ".";
}

// What the two arms of a claim scored in search and confirmation, where their contrasts do not agree: in the arms it
// shows what the other data that are scored have to do with it.
std::string arms_from_search(const Study& study, const Entry& claim, const Entry& node) {
  if (study.on_training_data() || claim.interaction || claim.arms.size() != 2 || node.arms.size() != 2) return {};
  for (const Entry* entry : {&claim, &node})
    for (const auto& arm : entry->arms)
      if (!study.has_fact(arm + ".mean")) return {};
  const auto seen = [&](const Entry& entry) {
    return study.treatment(entry) + " at {{" + entry.arms[0] + ".mean}} and " + study.baseline(entry) + " at {{" +
           entry.arms[1] + ".mean}}";
  };
  return " " + study.name(node) + " saw " + seen(node) + ", and " + study.name(claim) + " " + seen(claim) + ".";
}

// Claims whose interval and that of the search do not meet.
std::string far_from_search(const Study& study) {
  std::vector<std::string> claims, nodes;
  std::string arms;
  for (const Entry* claim : by_relevance(study)) {
    const Entry* node = study.node(claim->node);
    if (!claim->known || !node || !node->known || (node->lower <= claim->upper && claim->lower <= node->upper))
      continue;
    claims.push_back(study.name(*claim));
    nodes.push_back(study.name(*node));
    if (arms.empty()) arms = arms_from_search(study, *claim, *node);
  }
  if (claims.empty()) return {};
  return "The intervals of search and confirmation do not meet in " + listed(claims) + " (" + listed(nodes) +
         " in {{table:search}})" +
         (study.on_training_data() ? "; only the confirmation is evidence."
                                   : "; the confirmation scores other " + study.terms().examples +
                                         ", and neither interval includes what hangs on that choice.") +
         (arms.empty() ? arms : " Arm by arm," + arms);
}

// How far the arms of a claim moved from what those of its node scored, if all by half of the smallest effect or more
// and in one direction; else 0.
double arms_moved(const Study& study, const Entry& claim, const Entry& node) {
  if (node.arms.size() != claim.arms.size() || !study.has_fact("template.smallest_effect")) return 0;
  const double limit = number_of(study.fact("template.smallest_effect"), "value");
  double least = 0;
  for (std::size_t i = 0; i < claim.arms.size(); ++i) {
    if (!study.has_fact(claim.arms[i] + ".mean") || !study.has_fact(node.arms[i] + ".mean")) return 0;
    const double moved = number_of(study.fact(claim.arms[i] + ".mean"), "value") -
                         number_of(study.fact(node.arms[i] + ".mean"), "value");
    if (std::abs(moved) <= limit / 2 || moved * least < 0) return 0;
    if (i == 0 || std::abs(moved) < std::abs(least)) least = moved;
  }
  return least;
}

// Whether all arms of these claims' nodes have over half of what is scored right: from there on the same log odds are
// fewer points the higher a share is.
bool past_the_middle(const Study& study, const std::vector<std::pair<const Entry*, double>>& claims) {
  if (text_of(study.metric(), "unit", "fraction") != "fraction") return false;
  return std::all_of(claims.begin(), claims.end(), [&](const auto& claim) {
    const auto& arms = study.node(claim.first->node)->arms;
    return std::all_of(arms.begin(), arms.end(),
                       [&](const std::string& arm) { return number_of(study.fact(arm + ".mean"), "value") >= 0.5; });
  });
}

// Claims whose arms all score better, or all worse, than those of their nodes did, on another split.
std::string splits_apart(const Study& study) {
  std::vector<std::pair<const Entry*, double>> moved;
  double farthest = 0;
  for (const auto& claim : study.claims()) {
    const Entry* node = study.node(claim.node);
    if (!claim.known || !node || !node->known) continue;
    moved.emplace_back(&claim, arms_moved(study, claim, *node));
    if (std::abs(moved.back().second) > std::abs(farthest) && !study.on_training_data()) farthest = moved.back().second;
  }
  if (farthest == 0) return {};
  std::vector<std::string> names;
  bool more_than_two = false;
  for (const auto& [claim, by] : moved)
    if (by * farthest > 0) names.push_back(study.name(*claim)), more_than_two |= claim->arms.size() > 2;
  return "In " + listed(names) + (more_than_two ? " all" : " both") + " arms scored" +
         (farthest > 0 ? " above" : " below") + " those of " + (names.size() == 1 ? "its node" : "their nodes") +
         "; the two splits hold different " + study.terms().examples + ", and differences alone are compared." +
         (farthest > 0 && !study.lower_is_better() && past_the_middle(study, moved)
              ? " Nearer to the ceiling, the same effect in log odds is fewer points; how much of a change that makes "
                "was not computed."
              : "");
}

// What may have a part in it where a comparison that was not chosen for its estimate came out otherwise.
std::string why_it_moved(const Study& study, const Entry& claim, const Entry& node) {
  if (!flag_of(*claim.hypothesis, "primary") || !node.without_zero()) return {};
  std::vector<std::string> causes{"chance"};
  if (number_of(*node.document, "experiments", 1) > 1) causes.emplace_back("blocks that were added after a look");
  if (!study.on_training_data()) causes.emplace_back("the change of " + study.terms().examples);
  return causes.size() == 1 ? std::string{}
                            : " The claim was not chosen for its estimate; " + listed(causes) +
                                  " may have a part in it, and the study cannot tell which.";
}

// By how much the estimates of a claim and of its node differ, in what such a difference varies by.
std::string apart_in_errors(const Entry& claim, const Entry& node) {
  return std::string{near(claim, node) ? " less than" : " over"} + " two standard errors of their difference";
}

// So little that its sign says nothing.
bool close_to_zero(const Entry& claim) {
  constexpr double kLittle = 0.1;  // of the limit
  return !claim.without_zero() && std::abs(claim.mean) < kLittle * claim.smallest_effect;
}

// Where the search's interval and that of an equivalent claim both stay short of the limit.
std::string both_below_the_limit(const Entry& claim, const Entry& node) {
  return claim.verdict == "equivalent" && node.without_zero() &&
                 std::max(std::abs(node.lower), std::abs(node.upper)) < claim.smallest_effect
             ? std::string{" The search's own interval lies within the limit, too: both put the difference below it"} +
                   (claim.without_zero() ? "."
                    : std::min(claim.upper, node.upper) <= std::max(claim.lower, node.lower)
                        ? "; they part on whether there is a small one."
                        : "; that of the search shows a small one as well, which the fresh interval "
                          "neither shows nor excludes.")
             : "";
}

}  // namespace

std::string shrinkage(const Study& study) {
  const Entry* claim = study.main_claim();
  const Entry* node = claim && claim->known ? study.node(claim->node) : nullptr;
  if (!node || !node->known || study.prints_as_zero(*node)) return {};  // nothing had stood out
  const std::string was = "For " + study.sides(*node, " set against ") + ", the search (" + study.name(*node) +
                          ") had given " + study.value(*node, "contrast.mean") + (claim->logit ? " in log odds" : "");
  if (study.prints_as_zero(*claim) || close_to_zero(*claim)) {
    const bool inside = claim->lower <= node->mean && node->mean <= claim->upper,
               at_the_end = !inside && prints_as_an_end(study, *claim, *node);
    return was + "; in the fresh blocks it came " +
           (study.prints_as_zero(*claim) ? "to zero, to the digits printed"
                                         : "close to zero (within a tenth of the limit)") +
           (inside       ? "."
            : at_the_end ? ", with an interval that ends about where the estimate of the search lies."
                         : "; what the search had given lies outside the fresh interval, " +
                               std::string{near(*claim, *node) ? "but" : "and"} + " the two estimates are" +
                               apart_in_errors(*claim, *node) + " apart." + why_it_moved(study, *claim, *node)) +
           (inside ? "" : both_below_the_limit(*claim, *node));
  }
  const bool apart = node->lower > claim->upper || claim->lower > node->upper;  // told of below
  if (node->mean * claim->mean < 0)
    return was + "; the fresh blocks" +
           (apart || study.on_training_data() ? "" : ", scored on other " + study.terms().examples + ",") +
           " gave the other sign" +
           (claim->without_zero() ? ""
            : claim->lower <= node->mean && node->mean <= claim->upper
                ? ", with an interval that holds zero and the estimate of the search"
                : ", though their interval holds zero; the estimate of the search lies outside it, and" +
                      apart_in_errors(*claim, *node) + " away") +
           "." + why_it_moved(study, *claim, *node) + " The verdict rests on the confirmation alone.";
  if (std::abs(node->mean) < claim->smallest_effect && !node->without_zero())
    return was + ", with an interval that holds zero.";
  if (std::abs(node->mean - claim->mean) < (claim->upper - claim->lower) / 2)
    return was + ", which lies inside the interval of the fresh blocks.";
  if (near(*claim, *node))
    return was + ", which lies outside the interval of the fresh blocks; but the two estimates are" +
           apart_in_errors(*claim, *node) + " apart, as other blocks alone may put them.";
  if (std::abs(claim->mean) >= std::abs(node->mean))
    return was + ", which lies nearer to zero than the interval of the fresh blocks.";
  const std::string outside = was + ", which lies outside the interval of the fresh blocks and farther from zero";
  if (flag_of(*claim->hypothesis, "primary"))  // it was not chosen for what it showed
    return outside + (study.on_training_data() ? "." : "; these are scored on other " + study.terms().examples + ".");
  return outside + ", as is to be expected where an estimate stood out by luck as well " +
         (study.on_training_data() ? "(regression to the mean)."
                                   : "(regression to the mean) and other " + study.terms().examples + " are scored.");
}

std::string others_of_search(const Study& study, const Entry& main) {
  const std::string others = others_from_search(study, main), apart = far_from_search(study),
                    more = apart.empty() ? splits_apart(study) : apart;
  return others + (others.empty() || more.empty() ? "" : " ") + more;
}

bool rows_matter(const Study& study, const Entry& claim) {
  const Entry* node = study.node(claim.node);
  return !study.on_training_data() && claim.known && node && node->known && !claim.interaction &&
         (node->lower > claim.upper || claim.lower > node->upper) &&
         std::abs(node->mean - claim.mean) > claim.smallest_effect;
}

std::vector<const Entry*> claims_of_their_rows(const Study& study) {
  std::vector<const Entry*> claims;
  for (const auto& claim : study.claims())
    if (&claim != study.main_claim() && rows_matter(study, claim)) claims.push_back(&claim);
  return claims;
}

}  // namespace aisci::offline
