// The answer that a discussion begins with: the main claim, and how the other claims and the search stand to it.
#include <algorithm>
#include <cmath>
#include <utility>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "writing_author.hpp"

namespace aisci::offline {

std::vector<const Entry*> parts_by_themselves(const Study& study) {
  std::vector<const Entry*> alone;
  if (!study.stacked()) return alone;
  for (const auto* layer : objects_of(study.scope(), "stack")) {
    const auto node = std::find_if(study.nodes().begin(), study.nodes().end(), [&](const Entry& one) {
      return one.known && !one.interaction && one.part.empty() && one.factor == text_of(*layer, "factor") &&
             study.peculiarity(one).empty() && !study.claim_on(one.id);
    });
    if (node != study.nodes().end()) alone.push_back(&*node);
  }
  return alone;
}

namespace {

// What an entry's treatment gains on its baseline, whatever was predicted.
struct Gain {
  double mean, lower, upper;
};
Gain gain_of(const Study& study, const Entry& entry) {
  const bool as_it_stands = (entry.sign > 0) != study.lower_is_better();
  return as_it_stands ? Gain{entry.mean, entry.lower, entry.upper} : Gain{-entry.mean, -entry.upper, -entry.lower};
}

}  // namespace

PartThatCounts part_that_counts(const Study& study) {
  const Entry* main = study.main_claim();
  const auto alone = parts_by_themselves(study);
  if (!main || !main->whole() || main->verdict != "equivalent" ||
      alone.size() < objects_of(study.scope(), "stack").size())
    return {};
  PartThatCounts part;
  for (const Entry* node : alone)
    if (node->factor == main->part)
      part.own = node;
    else
      part.idle.push_back(node);
  if (!part.own) return {};
  const Gain own = gain_of(study, *part.own);
  const auto idle = [&](const Entry* node) {
    return gain_of(study, *node).upper < std::min(own.mean, main->smallest_effect);
  };
  if (own.lower <= 0 || !std::all_of(part.idle.begin(), part.idle.end(), idle)) return {};
  for (const auto& node : study.nodes())
    if (node.known && node.whole() && node.part != main->part && study.peculiarity(node).empty() &&
        std::abs(gain_of(study, node).mean - own.mean) < main->smallest_effect / 2)
      part.whole_over_idle.push_back(&node);
  return part.whole_over_idle.empty() ? PartThatCounts{} : part;
}

namespace {

std::string answer(const Study& study) {
  const Entry* claim = study.main_claim();
  if (!claim || !claim->known)
    return "No claim could be tested, so the question stays where it was; what the search saw suggests where to look "
           "and proves nothing.";
  const std::string one = study.treatment(*claim), other = study.baseline(*claim), metric = study.metric_title();
  const std::string special = study.peculiarity(*claim, true),
                    opening = "The main claim compares " + one + " with " + other +
                              (special.empty() ? ". " : ", here with " + special + ". ");
  if (claim->interaction)
    return "The claim nearest to the question is about an interaction. That " + one +
           study.verb(*claim, " gains", " gain") + " more over " + other + " with " + study.near(*claim) +
           " than with " + study.far(*claim) +
           (claim->verdict == "supported"
                ? " is {{verdict:" + claim->id + "}}, so neither of the two can be judged without the other."
            : claim->verdict == "equivalent"
                ? " does not hold by an amount worth acting on, and neither does the reverse: the two conditions are "
                  "{{verdict:" +
                      claim->id + "}} in this, so each can be judged without the other."
            : claim->verdict == "refuted" && claim->upper < 0
                ? " is {{verdict:" + claim->id + "}}: the dependence runs the other way."
            : claim->verdict == "refuted"
                ? " is {{verdict:" + claim->id + "}}: a dependence of that kind and of a size that matters is excluded."
                : " stays {{verdict:" + claim->id + "}}: the data allow such a dependence and do not require it.");
  const auto leads = [&] {
    return " " + study.merit(*claim, study.verb(*claim, "leads", "lead"), study.verb(*claim, "trails", "trail")) + " ";
  };
  if (claim->verdict == "supported")
    return opening + "It has an answer: " + one + leads() + other + " in " + metric + " by about " +
           study.size(*claim) + ", and the estimate comes from fresh seeds" +
           (study.on_training_data() ? std::string{", which had no part in choosing it."}
                                     : ", scored on " + study.terms().examples + " that had no part in choosing it.") +
           (std::abs(claim->mean) < claim->smallest_effect
                ? " It stays short of what was declared worth acting on, so it is a finding about direction."
                : "");
  if (claim->verdict == "equivalent")
    return opening + "Its answer is that " +
           (rows_matter(study, *claim) ? "on the " + study.terms().examples + " of the confirmation, "
                                       : std::string{}) +
           (claim->same_in_every_block()
                ? one + " and " + other + " score the same in " + metric + ", block by block"
                : "the difference in " + metric + ", on average over blocks, is below the limit") +
           (claim->hangs_on_single_blocks() ? ", by a verdict that hangs on single blocks" : "") +
           (special.empty() && study.claims().size() > 1 ? ", in the usual setting." : ".");
  if (claim->verdict == "refuted")
    return opening + (claim->upper < 0
                          ? "The prediction failed, and the data say the opposite: " + one + leads() + other +
                                " by about " + study.size(*claim) + "."
                          : "The prediction failed: an advantage of " + one +
                                " that would matter is excluded, and what remains possible is little or a loss.");
  return opening + "There is no answer yet: the difference between " + one + " and " + other + " is estimated as " +
         study.value(*claim, "contrast.mean") + ", and its interval leaves open whether there is one that matters.";
}

// Which side did better: 1 the treatment, -1 the baseline, 0 where that is not decided by an amount that counts.
int ahead(const Study& study, const Entry& entry) {
  if (!entry.known || !entry.without_zero() || entry.verdict == "equivalent") return 0;
  const bool higher = (entry.mean > 0) == (entry.sign > 0);
  return higher != study.lower_is_better() ? 1 : -1;
}

// Whether two comparisons have the same two sides: 1 as they stand, -1 the other way round, 0 when they have not.
int same_pair(const Entry& one, const Entry& other) {
  return one.same_pair(other) ? 1 : one.turned_pair(other) ? -1 : 0;
}

// Parts that hold commas of their own.
std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : i + 1 == parts.size() ? "; and " : "; ") + parts[i];
  return text;
}

std::string place(const Study& study, const Entry& entry) {
  const std::string special = study.peculiarity(entry, true);
  return special.empty() ? "in the usual setting" : "with " + special;
}

// "with 20 rows (c2), where a forest with tree depth 1 leads a linear model by 2.1"
std::string order_there(const Study& study, const Entry& entry, std::size_t index,
                        const std::string& joint = ", where ") {
  const std::string special = study.shared_peculiarity(entry), name = study.name(entry);
  return (!special.empty()                         ? "with " + special + " (" + name + ")"
          : study.peculiarity(entry, true).empty() ? "in the usual setting (" + name + ")"
                                                   : "in " + name) +
         joint + study.treatment_in_full(entry) + " " +
         (index % 2 == 0
              ? study.merit(entry, study.verb(entry, "leads", "lead"), study.verb(entry, "trails", "trail")) + " " +
                    study.baseline_in_full(entry) + " by " + study.size(entry)
              : study.merit(entry, study.verb(entry, "is ahead of", "are ahead of"),
                            study.verb(entry, "is behind", "are behind")) +
                    " " + study.baseline_in_full(entry) + ", and that by " + study.size(entry));
}

// The other claims on the pair of the main one: where its order holds, where it does not, and where it turns round.
std::string same_pair_elsewhere(const Study& study, const Entry& main) {
  const int order = ahead(study, main);
  std::vector<std::string> held, alike, apart, turned, within;
  bool all_open = true;  // of those apart
  for (const auto& claim : study.claims()) {
    const int same = same_pair(claim, main);
    if (&claim == &main || !claim.known || same == 0) continue;
    const int there = same * ahead(study, claim);
    const double raw = same * claim.mean * claim.sign * main.sign;  // as the main claim counts
    // The settings with commas: the abstract has them with "and".
    const std::string where = replaced(place(study, claim), " and ", ", ") + " (" + study.name(claim) + ")";
    if (order != 0 && there == order)
      held.push_back(where);
    else if (there != 0 && order == 0 && main.verdict == "inconclusive" && main.lower <= raw && raw <= main.upper)
      within.push_back(order_there(study, claim, within.size()));
    else if (there != 0)
      turned.push_back(order_there(study, claim, turned.size()));
    else if (claim.verdict == main.verdict)
      alike.push_back(where);
    else
      apart.push_back(where + ", where the claim is {{verdict:" + claim.id + "}}"),
          all_open = all_open && claim.verdict == "inconclusive";
  }
  std::vector<std::string> one_sided;
  for (const auto& claim : study.claims())
    if (&claim != &main && claim.known && same_pair(claim, main) != 0)
      if (const auto sides = study.sides_changed(claim, &main); !sides.empty())
        one_sided.push_back("in " + study.name(claim) + " on " +
                            (sides.size() == 1   ? sides[0] + " alone"
                             : one_sided.empty() ? listed(sides, " and, by another setting, on ")
                                                 : "both sides, each by a setting of its own"));
  std::string text;
  const auto add = [&](const std::string& before, const std::string& places, const std::string& after) {
    if (!places.empty()) text += (text.empty() ? "" : " ") + before + places + after;
  };
  add("The same pair was also put to confirmation ", listed(held), ", and its order held.");
  add("The same pair was also put to confirmation ", listed(alike), ", with a verdict of the same kind.");
  if (main.verdict == "equivalent" && all_open)
    add("Equivalence stayed open for the same pair ", joined(apart), "; that does not show that the effect differs.");
  else
    add("That did not carry over to the same pair ", joined(apart), ".");
  add("An order does show ", joined(within), "; the interval of the main comparison does not exclude as much.");
  if (order != 0)
    add("The order turns round ", joined(turned), "; so the answer belongs to its conditions.");
  else
    add("An order does show ", joined(turned), "; so the answer is not the same everywhere.");
  add("What is set otherwise acts ", listed(one_sided),
      ", so there the pair is one of other versions of the two, and its size no second estimate of the same "
      "difference.");
  return text;
}

// Claims on other pairs, and on what a pair depends on, where they came to an order.
std::string other_claims(const Study& study, const Entry& main) {
  std::vector<std::string> parts;
  std::string turned;
  for (const auto& claim : study.claims()) {
    if (&claim == &main || !claim.known || same_pair(claim, main) != 0 || ahead(study, claim) == 0) continue;
    const std::string end = " (" + study.name(claim) + (claim.supported() ? ")" : ", the reverse of what was claimed)");
    if (!claim.interaction) {
      parts.push_back(order_there(study, claim, parts.size(), ", ") +
                      (claim.supported() ? "" : ", the reverse of what was claimed"));
    } else if (claim.supported() || claim.upper < 0) {
      const std::string moderator = text_of(factor_in(study.manifest(), claim.moderator), "title", claim.moderator);
      parts.push_back("what separates " + study.sides(claim, " from ") + " changes with the " + moderator + end);
      if (means_turn(claim))
        turned += " " + capitalised(turning(study, claim, "the arm means of " + study.name(claim), true)) + ".";
    }
  }
  if (parts.empty()) return {};
  const bool one = parts.size() == 1, main_shows_one = ahead(study, main) != 0;
  const char* opening =
      main_shows_one ? (one ? "One other claim shows a difference: " : "Other claims show a difference: ")
                     : (one ? "A difference does show in another claim: " : "Differences do show in other claims: ");
  return opening + joined(parts) + "." + turned;
}

// Nodes without a claim in which the main pair has another order than was confirmed, or one where none was.
std::string other_order_in_search(const Study& study, const Entry& main, std::set<std::string>& told) {
  const int order = ahead(study, main);
  std::vector<const Entry*> nodes;
  for (const auto& node : study.nodes()) {
    const int there = same_pair(node, main) * ahead(study, node);
    if (there != 0 && there != order && node.lean != Lean::kNull && !node.late && !study.claim_on(node.id))
      nodes.push_back(&node);
  }
  std::stable_sort(nodes.begin(), nodes.end(),
                   [](const Entry* one, const Entry* other) { return one->clarity() > other->clarity(); });
  // Those that are named alone: the other way round than the first, or not.
  std::vector<std::string> parts, further, otherwise;
  for (; nodes.size() > 3; nodes.pop_back()) {
    const Entry& last = *nodes.back();
    const bool alike =
        same_pair(last, main) * ahead(study, last) == same_pair(*nodes[0], main) * ahead(study, *nodes[0]);
    auto& names = alike ? further : otherwise;
    names.insert(names.begin(), study.name(last) + (alike ? "" : " (" + place(study, last) + ")"));
    told.insert(last.id);
  }
  for (const Entry* node : nodes) {
    parts.push_back(study.difference(*node, " minus ") + " was " + study.value(*node, "contrast.mean") + " (" +
                    study.bare(*node, "contrast.lower") + " to " + study.bare(*node, "contrast.upper") + ") " +
                    place(study, *node) + " (" + study.name(*node) + ")");
    told.insert(node->id);
  }
  if (parts.empty()) return {};
  return (order != 0 ? "The search also saw another order than the blocks of " + study.name(main) + " show: "
                     : std::string{"By intervals that leave out zero, uncorrected, the search saw the pair apart: "}) +
         joined(parts) + (further.empty() ? "" : "; so it did in " + listed(further)) +
         (otherwise.empty() ? "" : "; the order is the other way round in " + listed(otherwise)) +
         ". That is exploratory, and no claim was made of it.";
}

// That one part by itself would give what the whole gains on the others; "" where the runs do not say so.
std::string part_accounts_for_whole(const Study& study) {
  const PartThatCounts part = part_that_counts(study);
  if (!part.own) return {};
  std::vector<std::string> others, idle;
  for (const Entry* node : part.whole_over_idle) others.push_back(study.name(*node));
  for (const Entry* node : part.idle) idle.push_back(study.name(*node));
  return " By these readings " + study.layer_title(part.own->factor) +
         " by itself would account for what the whole gains over its other parts (" + listed(others) +
         "): it gains about as much, and the intervals of the other parts alone (" + listed(idle) +
         ") end below its own estimate; each was run in blocks of its own.";
}

// Of a stack, what the search saw each part do with the others off.
std::string parts_alone(const Study& study, std::set<std::string>& told) {
  std::vector<std::string> parts;
  for (const Entry* node : parts_by_themselves(study)) {
    parts.push_back(study.difference(*node, " minus ") + " gave " + study.value(*node, "contrast.mean") + " (" +
                    study.bare(*node, "contrast.lower") + " to " + study.bare(*node, "contrast.upper") + ", " +
                    study.name(*node) + ")");
    told.insert(node->id);
  }
  return parts.empty()
             ? std::string{}
             : "Of the parts by themselves, the others off, the search saw this, and no claim was made of it: " +
                   joined(parts) + "." + part_accounts_for_whole(study);
}

// Comparisons of the search in which no block tells the two arms apart.
std::string alike_in_search(const Study& study) {
  std::vector<std::string> names;
  for (const auto& node : study.nodes())
    if (node.known && node.same_in_every_block()) names.push_back(study.name(node));
  return names.empty()
             ? std::string{}
             : "In the search, the two arms of " + listed(names) + " scored the same as each other in every " +
                   "block, so that what was varied changed no score at all.";
}

// What the treatment has more than the baseline at the first condition of an interaction and at its second.
std::pair<double, double> means_at(const Entry& claim) {
  const auto& arms = object_at(*claim.document, "evidence.arms");
  std::pair<double, double> gaps{0, 0};
  for (const auto* planned : objects_of(*claim.plan, "arms")) {
    const auto at = [&](const std::string& factor) {
      const json::value* level = object_of(*planned, "config").if_contains(factor);
      return level ? level_name(*level) : std::string{};
    };
    const double mean = number_of(object_of(arms, text_of(*planned, "id")), "mean"),
                 sign = at(claim.factor) == claim.treatment ? 1 : -1;
    (at(claim.moderator) == claim.low ? gaps.first : gaps.second) += sign * mean;
  }
  return gaps;
}

}  // namespace

bool means_turn(const Entry& claim) { return means_at(claim).first * means_at(claim).second < 0; }

bool ahead_somewhere(const Study& study, const Entry& claim) {
  const auto [first, second] = means_at(claim);
  return study.lower_is_better() ? first < 0 || second < 0 : first > 0 || second > 0;
}

std::pair<std::string, std::string> led_under(const Study& study, const Entry& claim) {
  const bool ahead = (means_at(claim).first > 0) != study.lower_is_better();  // with the first condition
  return ahead ? std::pair{study.low(claim), study.high(claim)} : std::pair{study.high(claim), study.low(claim)};
}

std::string turning(const Study& study, const Entry& claim, const std::string& means, bool second_first) {
  const bool ahead = (means_at(claim).first > 0) != study.lower_is_better();  // with the first condition
  const std::string one = study.treatment(claim) + study.verb(claim, " is ", " are "), other = study.baseline(claim);
  if (second_first)
    return "by " + means + ", with " + study.high(claim) + " " + one + (ahead ? "behind " : "ahead of ") + other +
           ", and with " + study.low(claim) + (ahead ? " ahead" : " behind");
  return "by " + means + " " + one + (ahead ? "ahead of " : "behind ") + other + " with " + study.low(claim) + " and " +
         (ahead ? "behind" : "ahead") + " with " + study.high(claim);
}

std::string answer_text(const Study& study, std::set<std::string>& told) {
  std::string text = answer(study);
  const Entry* main = study.main_claim();
  if (!main || !main->known) return text;
  std::vector<std::string> more{shrinkage(study)};
  if (!main->interaction) {
    more.push_back(same_pair_elsewhere(study, *main));
    more.push_back(other_order_in_search(study, *main, told));
  }
  more.push_back(others_of_search(study, *main));
  more.push_back(parts_alone(study, told));
  more.push_back(other_claims(study, *main));
  more.push_back(alike_in_search(study));
  for (const auto& sentence : more)
    if (!sentence.empty()) text += " " + sentence;
  return text;
}

}  // namespace aisci::offline
