// Analysis and discussion: the answer, what the search leaves around it, and how it sits with the literature.
#include <algorithm>
#include <cmath>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

std::string answer(const Study& study) {
  const Entry* claim = study.main_claim();
  if (!claim || !claim->known)
    return "No claim could be tested, so the question stays where it was; what the search saw suggests where to look "
           "and proves nothing.";
  const std::string one = study.treatment(*claim), other = study.baseline(*claim), metric = study.metric_title();
  const std::string opening = "The pair nearest to the question is " + one + " and " + other + ". ";
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
    return opening + "There is an answer: " + one + leads() + other + " in " + metric + " by about " +
           study.size(*claim) + ", and the estimate comes from data that had no part in choosing it." +
           (std::abs(claim->mean) < claim->smallest_effect
                ? " It stays short of what was declared worth acting on, so it is a finding about direction."
                : "");
  if (claim->verdict == "equivalent")
    return opening + "The answer is a negative one of the useful kind: whatever separates " + one + " from " + other +
           " in " + metric + " is too small to act on.";
  if (claim->verdict == "refuted")
    return opening + (claim->upper < 0
                          ? "The prediction failed, and the data say the opposite: " + one + leads() + other +
                                " by about " + study.size(*claim) + "."
                          : "The prediction failed: an advantage of " + one +
                                " that would matter is excluded, and what remains possible is little or a loss.");
  return opening + "There is no answer yet. The difference between " + one + " and " + other + " is estimated as " +
         study.value(*claim, "contrast.mean") +
         ", which is compatible with nothing at all and with an effect that would matter.";
}

// What was left of an estimate that had been chosen for standing out.
std::string shrinkage(const Study& study) {
  const Entry* claim = study.main_claim();
  const Entry* node = claim && claim->known ? study.node(claim->node) : nullptr;
  if (!node || !node->known || study.prints_as_zero(*node)) return {};  // nothing had stood out
  const std::string was = "For " + study.sides(*node, " set against ") + ", the search had given " +
                          study.value(*node, "contrast.mean") + (claim->logit ? " in log odds" : "");
  if (study.prints_as_zero(*claim)) return was + "; nothing of that was left in the fresh blocks.";
  if (node->mean * claim->mean < 0)
    return was + "; fresh blocks turned the sign, so the text leans on the confirmation alone." +
           (study.on_training_data() ? ""
                                     : " The two were scored on different " + study.terms().examples +
                                           ", and what hangs on that choice is part of neither interval.");
  if (std::abs(node->mean) < claim->smallest_effect && !node->without_zero())
    return was + ", which did not stand out either.";
  if (std::abs(claim->mean) < 0.8 * std::abs(node->mean))
    return was +
           ". The confirmed estimate shrank, which is to be expected where an estimate is high by luck as well "
           "(regression to the mean).";
  if (std::abs(claim->mean) >= std::abs(node->mean)) return was + "; the fresh blocks gave no less.";
  return was + "; the fresh blocks gave back at least four fifths of it.";
}

const char* lean_words(Lean lean, std::size_t index) {
  switch (lean) {
    case Lean::kAsPredicted:
      return turn(index, {"which leans to the prediction", "on the side that was predicted for it",
                          "as the hypothesis would have it"});
    case Lean::kAgainst:
      return turn(index, {"which leans against the prediction", "contrary to what was predicted",
                          "the reverse of the hypothesis"});
    case Lean::kNull:
      return turn(index, {"and the posterior gives an effect worth acting on little credit",
                          "probably short of what is worth acting on, as the posterior reads it",
                          "with little room, by the posterior, for an effect that would matter"});
    default:
      return turn(index,
                  {"which leaves the matter open", "too uncertain to be read", "compatible with either reading"});
  }
}

std::string explored(const Study& study, const Entry& node, std::size_t index) {
  const std::string range = study.bare(node, "contrast.lower") + " to " + study.bare(node, "contrast.upper"),
                    name = study.name(node), one = study.treatment(node), other = study.baseline(node);
  if (node.interaction) {
    const std::string unit = node.logit ? " in log odds" : "";
    switch (index % 3) {
      case 0:
        return "In " + name + ", the " + study.margin() + " of " + one + " over " + other + " under " +
               study.low(node) + " less the same under " + study.high(node) + " was " +
               study.value(node, "contrast.mean") + unit + " (" + range + "), " + lean_words(node.lean, index) + ".";
      case 1:
        return "From " + study.high(node) + " to " + study.low(node) + ", what " + one +
               (study.lower_is_better() ? " had in excess of " : " gained on ") + other + " changed by " +
               study.value(node, "contrast.mean") + unit + " in " + name + " (" + range + "), " +
               lean_words(node.lean, index) + ".";
      default:
        return "Node " + name + " takes what separates " + one + " from " + other + " with " + study.low(node) +
               ", less that with " + study.high(node) + ": " + study.value(node, "contrast.mean") + unit + ", " +
               range + ", " + lean_words(node.lean, index) + ".";
    }
  }
  const std::string special = study.peculiarity(node, true), where = special.empty() ? study.subject(node) : special;
  switch (index % 3) {
    case 0:
      return (special.empty() ? "In " : "With ") + where + ", " + name + " saw " + one + " end " +
             (study.prints_as_zero(node) ? "level with " + other + ", at "
                                         : study.direction(node, "above", "below") + " " + other + " by ") +
             study.size(node) + " (" + range + "), " + lean_words(node.lean, index) + ".";
    case 1:
      return "Node " + name + " (" + where + ") gives " + study.difference(node, " minus ") + " as " +
             study.value(node, "contrast.mean") + ", between " + replaced(range, " to ", " and ") + ", " +
             lean_words(node.lean, index) + ".";
    default:
      return "For " + where + ", " + one + " versus " + other + " gave " + study.value(node, "contrast.mean") + " in " +
             name + ", with " + range + " as its interval, " + lean_words(node.lean, index) + ".";
  }
}

struct Question {
  const char* relation;
  const char* opening;
  const char* yes;   // what a node that leans to its prediction suggests
  const char* null;  // what one close to zero suggests
};
constexpr Question kQuestions[] = {
    {"rival", "A rival explanation is that one choice of recipe, shared by all arms, happens to suit one of them.",
     "A contrast that survives a changed recipe speaks against that.",
     "With the recipe changed the contrast all but goes, so the rival stays in play."},
    {"mechanism", "Where the effect arises should show in what changes its size.", "", ""},
    {"dose", "Other steps along the same scale show whether the response is graded.", "", ""},
    {"narrower", "The effect might be confined to part of the setting.", "", ""},
    {"broader", "Another pair of levels, or another set-up, could answer otherwise.", "", ""},
    {"ablation", "Taking a component away shows what the effect needs.", "The effect does without that component.",
     "Without that component little of it is left."},
    {"interaction", "Refining another node led to a contrast of contrasts.", "", ""},
    {"dataset", "The result might be one of these data.", "", ""},
};

// What the search adds around the claims, by the question that a node put.
std::string around(const Study& study) {
  std::string text;
  std::size_t index = 0;
  const auto tell = [&](const Entry& node, const std::string& opening, const char* yes, const char* null) {
    text += (text.empty() ? "" : " ") + opening + " " + explored(study, node, index);
    // Only an effect that was there to begin with can survive a change or be lost to it.
    const Entry* parent = study.node(node.parent);
    const Entry* claimed = parent ? study.claim_on(parent->id) : nullptr;
    const bool seen = claimed ? claimed->supported() : parent && parent->known && parent->lean == Lean::kAsPredicted;
    const char* reading = !seen                                                      ? ""
                          : node.lean == Lean::kAsPredicted                          ? yes
                          : node.lean == Lean::kNull && 2 * node.mean < parent->mean ? null
                                                                                     : "";
    if (*reading) text += std::string{" "} + reading;
    ++index;
  };
  const auto open = [&](const Entry& node) { return node.known && !study.claim_on(node.id) && index < 3; };
  for (const auto& node : study.nodes())
    if (node.interaction && node.relation == "initial" && open(node)) {
      tell(node,
           std::string{study.stacked() ? "Do " : "Does "} + study.the_factor() +
               " matter differently under different conditions?",
           "", "");
      break;
    }
  for (const auto& question : kQuestions)
    for (const auto& node : study.nodes())
      if (node.relation == question.relation && open(node)) {
        tell(node, question.opening, question.yes, question.null);
        break;
      }
  if (text.empty()) return text;
  return text + (index == 1 ? " This reading is exploratory; it would need a claim of its own."
                            : " These readings are exploratory; each would need a claim of its own.");
}

std::string claimed_checks(const Study& study) {
  std::vector<std::string> held, failed;
  const Entry* main = study.main_claim();
  for (const auto& claim : study.claims()) {
    if (&claim == main || !claim.known || study.peculiarity(claim).empty() || claim.interaction || !main ||
        claim.treatment != main->treatment || claim.baseline != main->baseline)
      continue;
    (claim.supported() == main->supported() ? held : failed)
        .push_back(study.peculiarity(claim, true) + " (" + study.name(claim) + ")");
  }
  std::string text;
  if (!held.empty())
    text = "The same pair was also put to confirmation with " + listed(held) + ", with a verdict of the same kind.";
  if (!failed.empty())
    text += (text.empty() ? "" : " ") + ("The verdict did not carry over to " + listed(failed)) +
            ", so the result belongs to its conditions.";
  return text;
}

std::string literature(Author& author) {
  const Study& study = author.study;
  const Entry* claim = study.main_claim();
  if (!claim || !claim->known) return {};
  if (claim->interaction)
    return "No retrieved record says how this contrast depends on its conditions, so there is nothing in the "
           "literature for it to agree or disagree with.";
  const std::string with = author.cite(author.ordering(1, claim)), against = author.cite(author.ordering(-1, claim));
  const bool opposite = claim->verdict == "refuted" && claim->upper < 0;
  if (with.empty() && against.empty())
    return "No retrieved record gave this comparison a direction, so there is nothing in the literature for it to "
           "agree or disagree with.";
  // The model is no difference where it is what both compare.
  const std::string model = factor_with_role(study.manifest(), "model");
  const std::string differ =
      "Data, budget and " +
      (model == claim->factor ? "set-up" : text_of(factor_in(study.manifest(), model), "title", "set-up")) +
      " differ, so this bounds how far that work reaches and does not dispute it where it was "
      "done.";
  if (with.empty()) {  // the question put forward what a record denies
    if (opposite) return "The order that was found is the one that earlier work" + against + " reports.";
    if (claim->supported()) return "Earlier work" + against + " reports the opposite order. " + differ;
    return "Earlier work" + against +
           " reports the order opposite to the one predicted. The interval here bears out neither of the two by an "
           "amount worth acting on.";
  }
  if (claim->supported())
    return "The prediction drew on the literature" + with +
           ", and the result is in keeping with it. What it adds is an interval, for a setting described down to the "
           "seed.";
  if (claim->verdict == "inconclusive")
    return "Earlier work" + with +
           " gave the prediction its direction. The interval here neither takes that up nor speaks against it.";
  return "Earlier work" + with + " gave the prediction its direction, and here it did not hold. " + differ;
}

// Figures over the levels of factors, with what is to be seen there.
void show_levels(Author& author, json::array& blocks) {
  const Study& study = author.study;
  std::vector<std::string> ids;
  std::string text;
  const auto show = [&](const char* kind, const std::string& before, const std::string& after) {
    const std::string id = author.take_figure(kind);
    if (id.empty()) return;
    text += (text.empty() ? "" : " ") + before + "{{figure:" + id + "}}" + after;
    ids.push_back(id);
  };
  show("sizes", "What two arms scored at each condition, both in the same blocks there, is drawn in ",
       ", as a picture and not as a test.");
  show("dose", "",
       " sets the levels of " + study.the_factor() +
           " against the one that they met inside blocks; a graded response would show as a line that keeps "
           "its direction.");
  show("heat", "How two levels fare under another factor is in ",
       ", a column for each of its levels; the rows of one column share their blocks, which the columns need not.");
  if (text.empty()) return;
  blocks.push_back(paragraph(text));
  for (const auto& id : ids) blocks.push_back(figure_block(id));
}

}  // namespace

json::object discussion(Author& author) {
  const Study& study = author.study;
  json::array blocks;
  std::string text = answer(study);
  for (const std::string& more : {shrinkage(study), claimed_checks(study)})
    if (!more.empty()) text += " " + more;
  blocks.push_back(paragraph(text));
  if (const std::string more = around(study); !more.empty()) blocks.push_back(paragraph(more));
  show_levels(author, blocks);
  std::string training;
  for (const auto* finding : objects_of(study.document(), "findings"))
    if (text_of(*finding, "kind") == "training") training = text_of(*finding, "text");
  if (const std::string id = author.take_figure("curves"); !id.empty()) {
    blocks.push_back(
        paragraph((training.empty() ? "How the training loss fell in the arms of one claim is drawn in {{figure:"
                                    : training + " The curves are in {{figure:") +
                  id + "}}."));
    blocks.push_back(figure_block(id));
  } else if (!training.empty()) {
    blocks.push_back(paragraph(training));
  }
  if (const std::string more = literature(author); !more.empty()) blocks.push_back(paragraph(more));
  return section("discussion", "Analysis and discussion", std::move(blocks));
}

}  // namespace aisci::offline
