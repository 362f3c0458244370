// What the limit that effects are held to amounts to where the arms score: beside the errors that are left, one
// example, and the limit of interactions.
#include <algorithm>
#include <cmath>
#include <map>

#include "document.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Which part of the errors that the best arm leaves a claim's limit is.
std::string share_of_errors(const Entry& entry) {
  double best = 0;
  for (const auto& arm : object_of(object_of(*entry.document, "evidence"), "arms"))
    if (arm.value().is_object()) best = std::max(best, number_of(arm.value().get_object(), "mean"));
  static constexpr std::pair<double, const char*> kParts[] = {{0.28, "a part"},           {0.42, "about a third"},
                                                              {0.58, "about half"},       {0.73, "about two thirds"},
                                                              {0.9, "about four fifths"}, {1.15, "about the whole"}};
  for (const auto& [most, words] : kParts)
    if (entry.smallest_effect < most * (1 - best)) return words;
  return "more than the whole";
}

// "about half for c1 and about two thirds for c3"; the words alone where they are those of all `entries`.
std::string shares_in_words(const std::map<std::string, std::vector<std::string>>& shares, std::size_t entries) {
  if (shares.size() == 1 && shares.begin()->second.size() == entries) return shares.begin()->first;
  std::vector<std::string> each;
  for (const auto& [words, names] : shares) each.push_back("for " + listed(names) + " " + words);
  return listed(each);
}

// What the limit of differences is in log odds where the arms of an interaction score, at the share m on average; 0 for
// any other claim. Two shares that lie L log odds apart, half on either side of logit m, differ by
//   d = sinh(L / 2) / (cosh(logit m) + cosh(L / 2)), a quadratic equation in exp(L / 2).
double difference_in_odds(const Study& study, const Entry& claim) {
  if (!claim.logit || !study.has_fact(claim.id + ".arms_mean")) return 0;
  const double d = number_of(study.fact("template.smallest_effect"), "value"),
               m = number_of(study.fact(claim.id + ".arms_mean"), "value");
  if (d <= 0 || d >= 1 || m <= 0 || m >= 1) return 0;
  const double dc = d * (m / (1 - m) + (1 - m) / m) / 2;
  return 2 * std::log((dc + std::sqrt(dc * dc + 1 - d * d)) / (1 - d));
}

// The verdict that a claim would have with another limit, by the rule of the protocol.
std::string verdict_at(const Entry& claim, double limit) {
  if (claim.upper < limit) return claim.lower > -limit ? "equivalent" : "refuted";
  return claim.lower > 0 ? "supported" : "inconclusive";
}

}  // namespace

std::string near_ceiling(const Study& study) {
  for (const auto* list : {&study.claims(), &study.nodes()}) {
    std::vector<std::string> near, throughout;               // in some arm, in each
    std::map<std::string, std::vector<std::string>> shares;  // in words -> the entries
    for (const auto& entry : *list)
      if (study.near_ceiling(entry)) {
        near.push_back(study.name(entry));
        if (study.near_ceiling(entry, true)) throughout.push_back(study.name(entry));
        if (!entry.logit) shares[share_of_errors(entry)].push_back(study.name(entry));
      }
    if (!near.empty())
      return (list == &study.claims() ? "" : "In the search, ") + listed(near) + (near.size() == 1 ? " has" : " have") +
             " an arm close to the ceiling of the score" +
             (throughout.empty() ? "" : " (in " + listed(throughout) + " each arm is)") +
             ", where a difference has little room to show" +
             (study.lower_is_better() || shares.empty()
                  ? "."
                  : "; the limit of {{template.smallest_effect}} is " + shares_in_words(shares, near.size()) +
                        " of the errors that are left to the best arm.");
  }
  return {};
}

std::string one_example(const Study& study) {
  if (study.on_training_data() || !study.has_fact("template.confirmation") ||
      text_of(study.metric(), "unit") != "fraction")
    return {};
  const double held = number_of(study.fact("template.confirmation"), "value");
  if (held <= 0 || 1.0 / held <= number_of(study.fact("template.smallest_effect"), "value", 1)) return {};
  const bool said =
      text_of(study.fact("template.smallest_effect_reason"), "text").find("a single block") != std::string::npos;
  return "One of the {{template.confirmation}} " + study.terms().examples +
         " for confirmation weighs more than the smallest effect of interest" +
         (said ? "."
               : ", so a single block shows either no difference or one past that limit; only means over blocks lie "
                 "between.");
}

const Entry* on_logit_scale(const Study& study) {
  for (const auto* list : {&study.nodes(), &study.claims()})
    for (const auto& entry : *list)
      if (entry.logit && study.has_fact(entry.id + ".smallest_effect")) return &entry;
  return nullptr;
}

std::string held_to_odds(const Study& study, bool brief) {
  const auto& claims = study.claims();
  const auto entry = std::find_if(claims.begin(), claims.end(), [](const Entry& claim) { return claim.logit; });
  if (entry == claims.end()) return {};
  std::vector<std::string> limits, others, reverse;
  for (const auto& claim : claims) {
    const std::string fact = claim.id + ".odds_limit_points";
    if (!claim.known) continue;
    if (const double limit = difference_in_odds(study, claim); limit > 0 && verdict_at(claim, limit) != claim.verdict)
      reverse.push_back(study.name(claim) + " would be " + verdict_at(claim, limit));
    if (!study.has_fact(fact)) continue;
    const std::string verdict = verdict_at(claim, number_of(study.fact(fact), "value"));
    if (verdict == claim.verdict) continue;
    limits.push_back("{{" + fact + "}} for " + study.name(claim));
    others.push_back(study.name(claim) + (brief && !others.empty() ? " " : " would be ") + verdict);
  }
  std::string text;
  if (!limits.empty())
    text = brief ? " Had the differences been held to the limit of the interactions, " + listed(others) + "."
                 : "At the mean " + study.metric_title() + " of their arms, the limit of the interactions is " +
                       listed(limits) + "; held to it, " + listed(others) + ".";
  if (!reverse.empty())
    text += (brief ? " By the limit of the differences, "
                   : std::string{text.empty() ? "" : " "} +
                         "Held to the {{template.smallest_effect}} of a difference, " + "at the mean of its arms, ") +
            listed(reverse) + ".";
  return text;
}

}  // namespace aisci::offline
