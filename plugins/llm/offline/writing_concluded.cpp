// The main claim's verdict, as a conclusion says it.
#include <algorithm>
#include <cmath>

#include "document.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// "GELU was ahead of ReLU by 4.2 percentage points."
std::string seen_in_search(const Study& study, const Entry& node) {
  return study.treatment(node) + study.verb(node, " was ", " were ") + study.merit(node, "ahead of ", "behind ") +
         study.baseline(node) + " by " + study.size(node) + ".";
}

// " in the usual setting (c1)", " with 400 training images (c2)".
std::string setting_of(const Study& study, const Entry& claim) {
  const std::string special = study.peculiarity(claim, true);
  return (special.empty() ? " in the usual setting" : " with " + special) + " (" + study.name(claim) + ")";
}

// A difference that is too small to act on, or an advantage that is.
std::string too_small(const Study& study, const Entry& claim) {
  const std::string one = study.treatment(claim), other = study.baseline(claim);
  return " Whoever picks " + one + " over " + other +
         (study.claims().size() == 1 ? std::string{" in this setting"} : setting_of(study, claim)) +
         (claim.verdict == "equivalent"
              ? " neither gains nor loses as much as " + limit_of(study, claim) + " by it, on average over blocks"
              : " gains less than " + limit_of(study, claim) + " by it, if anything, on average over blocks") +
         (rows_matter(study, claim)
              ? " and on the confirmation's " + study.terms().examples + "; on those of the search " +
                    (study.node(claim.node)->mean * claim.mean < 0 ? seen_in_search(study, *study.node(claim.node))
                     : std::abs(study.node(claim.node)->mean) > std::abs(claim.mean)
                         ? std::string{"the two stand farther apart."}
                         : std::string{"the estimate departs from this one by more than that."})
              : " ({{" + claim.id + ".confidence}} interval of " + study.difference(claim, " minus ") + ": " +
                    study.bare(claim, "contrast.lower") + " to " + study.value(claim, "contrast.upper") + ").") +
         (study.guesses(claim)
              ? " Both arms only guess, though: where nothing is learned, that is no ground for a choice."
              : "");
}

// `everywhere`: a sentence before says that all claims came to one order.
std::string difference_concluded(const Study& study, const Entry& claim, bool everywhere) {
  const bool reversed = claim.verdict == "refuted" && claim.upper < 0;
  const std::string one = study.treatment(claim), other = study.baseline(claim),
                    ahead = " " +
                            study.merit(claim, study.verb(claim, "is ahead of", "are ahead of"),
                                        study.verb(claim, "is behind", "are behind")) +
                            " ",
                    special = study.peculiarity(claim, true),
                    setting = special.empty() ? "In the usual setting" : "With " + special;
  if (claim.supported() && claim.lower < claim.smallest_effect)
    return " " + setting + " (" + study.name(claim) + "), " + one + ahead + other +
           ", by an amount that may or may not be worth acting on.";
  if (claim.supported())
    return " " + setting + " (" + study.name(claim) + "), " + study.the_factor() +
           " is a choice with a consequence: " + one + ahead + other + ".";
  if (reversed && everywhere)
    return " " + setting + " (" + study.name(claim) + ") that is the reverse of the order that was claimed.";
  if (reversed)
    return " " + setting + " (" + study.name(claim) + ") the order is the reverse of the one that was claimed: " + one +
           ahead + other + ".";
  if (claim.verdict == "inconclusive")
    return " " + setting + " (" + study.name(claim) + "), whether to take " + one + " or " + other +
           " remains to be found out" +
           (claim.lower > -claim.smallest_effect
                ? "; a disadvantage of the former by as much as " + limit_of(study, claim) + " is excluded."
                : ".");
  return too_small(study, claim);
}

std::string dependence_concluded(const Study& study, const Entry& claim) {
  const std::string one = study.treatment(claim), other = study.baseline(claim), low = study.low(claim),
                    high = study.high(claim);
  if (claim.supported())
    return " Between " + low + " and " + high + ", what is gained by " + one + " over " + other +
           " does not stay the same.";
  if (claim.verdict == "equivalent")
    return " Between " + low + " and " + high + ", what is gained by " + one + " over " + other +
           " does not change by an amount worth acting on.";
  if (claim.verdict == "refuted" && claim.upper < 0)
    return " Between " + low + " and " + high + ", what is gained by " + one + " over " + other +
           " changes, in the direction opposite to the claim.";
  if (claim.verdict == "refuted")
    return " A change of the predicted kind in what is gained by " + one + " over " + other + ", from " + low + " to " +
           high + ", would be too small to act on.";
  return " Whether a move from " + low + " to " + high + " changes what is gained by " + one + " over " + other +
         " remains to be found out.";
}

}  // namespace

// Where all claims are differences between the same two sides and every one came to the same order, however it was
// worded: a tally of verdicts alone would read as mixed evidence.
std::string one_order(const Study& study, const Entry& main) {
  const auto& claims = study.claims();
  if (claims.size() < 2 || one_verdict(study)) return {};
  const auto ahead = [&](const Entry& claim) {  // of the main claim's treatment
    const bool same = claim.same_pair(main);
    if (!claim.known || !claim.without_zero() || !(same || claim.turned_pair(main))) return 0;
    return (claim.lower > 0) == (claim.sign > 0) ? (same ? 1 : -1) : (same ? -1 : 1);
  };
  const int order = ahead(main);
  if (order == 0 || !std::all_of(claims.begin(), claims.end(), [&](const Entry& one) { return ahead(one) == order; }))
    return {};
  return " In " + std::string{claims.size() == 2 ? "both" : "all " + in_words(claims.size())} + " of them, " +
         study.treatment(main) + " " +
         study.merit(main, study.verb(main, "is ahead of", "are ahead of"),
                     study.verb(main, "is behind", "are behind")) +
         " " + study.baseline(main) + ".";
}

std::string main_concluded(const Study& study, const Entry& claim, bool everywhere) {
  return claim.interaction ? dependence_concluded(study, claim) : difference_concluded(study, claim, everywhere);
}

}  // namespace aisci::offline
