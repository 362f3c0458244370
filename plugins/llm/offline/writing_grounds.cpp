// What a predicted direction rests on: a record, the node before, the question, or a conjecture.
#include <algorithm>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Whether a node predicts the side to which the one before it leans.
bool follows_lean(const Entry& node, const Entry& parent) {
  return node.turned_pair(parent) ? parent.lean == Lean::kAgainst
                                  : node.same_pair(parent) && parent.lean == Lean::kAsPredicted;
}

// Whether a node on other arms predicts that the arm, or the side of a scale, is ahead that is ahead in the one before.
bool keeps_ahead(const Study& study, const Entry& node, const Entry& parent) {
  if (node.relation != "dose" || node.interaction || node.factor != parent.factor || node.same_pair(parent) ||
      node.turned_pair(parent))
    return false;
  const bool turned = parent.lean == Lean::kAgainst;
  const std::string &leads = turned ? parent.baseline : parent.treatment,
                    &trails = turned ? parent.treatment : parent.baseline;
  if (node.treatment == leads) return true;
  const auto levels = level_names(factor_in(study.manifest(), node.factor));
  const auto place = [&](const std::string& level) { return std::find(levels.begin(), levels.end(), level); };
  return (place(node.treatment) > place(node.baseline)) == (place(leads) > place(trails));
}

// Whether the question itself says which way a prediction goes.
bool put_by_question(const Study& study, const Entry& node) {
  const auto& asked = object_of(study.scope(), "asks");
  const bool primary = flag_of(*node.hypothesis, "primary");
  if (node.interaction) return primary && (!study.stacked() || flag_of(asked, "together"));
  for (const auto& one : study.nodes())  // the same order under another condition
    if (!one.interaction && !one.whole() && flag_of(*one.hypothesis, "primary") && node.same_pair(one)) return true;
  return primary || (text_of(asked, "treatment") == node.treatment && text_of(asked, "baseline") == node.baseline);
}

// Whether a template gives a sentence as the reason for a direction of its factor.
bool gives_direction(const Study& study, const std::string& factor, const std::string& sentence) {
  for (const auto& reason : object_of(factor_in(study.manifest(), factor), "reasons"))
    if (reason.value().is_string() && without_stop(std::string{reason.value().as_string().c_str()}) == sentence)
      return true;
  return false;
}

// The reason of a conjecture from the question, as it was written down with it; of a refinement it would be the reason
// for the condition, and not for the direction.
std::string reason_in_quotes(const Study& study, const Entry& node) {
  if (node.relation != "initial") return {};
  constexpr std::size_t kLong = 240;  // characters
  const std::string rationale = text_of(*node.hypothesis, "rationale");
  std::string reason;  // the first sentence that names no number and no work
  for (std::size_t begin = 0, end; reason.empty() && begin < rationale.size(); begin = end + 2) {
    end = std::min(rationale.find(". ", begin), rationale.size());
    const std::string sentence = without_stop(rationale.substr(begin, end - begin));
    if (!has_digit(sentence) && sentence.find("{{") == std::string::npos &&
        (node.interaction || gives_direction(study, node.factor, sentence)))
      reason = sentence;
  }
  return reason.empty() || reason.size() > kLong ? std::string{} : " (\u201c" + reason + "\u201d)";
}

}  // namespace

Basis basis_of(const Author& author, const Entry& node) {
  const Study& study = author.study;
  if (!author.ordering(1, &node).empty()) return Basis::kRecord;
  const Entry* parent = study.node(node.parent);
  if (parent && parent->interaction != node.interaction)
    parent = nullptr;  // what leads says nothing of where it leads more
  if (parent && follows_lean(node, *parent)) return Basis::kNode;
  if (parent && node.relation != "initial" && node.same_pair(*parent))
    return Basis::kNode;  // and predicts what that did
  if (put_by_question(study, node)) return Basis::kQuestion;
  return parent && (node.same_pair(*parent) || keeps_ahead(study, node, *parent)) ? Basis::kNode : Basis::kConjecture;
}

std::string ground_of(Author& author, const Entry& node) {
  const Study& study = author.study;
  switch (basis_of(author, node)) {
    case Basis::kRecord: {
      std::vector<std::string> records;
      for (const auto& key : author.ordering(1, &node)) records.push_back(author.cite_as_text(key));
      return "the order reported by " + listed(records);
    }
    case Basis::kNode: {
      const Entry& parent = *study.node(node.parent);
      if (keeps_ahead(study, node, parent))
        return std::string{node.treatment == (parent.lean == Lean::kAgainst ? parent.baseline : parent.treatment)
                               ? "the arm "
                               : "the side of the scale "} +
               (parent.lean == Lean::kAsPredicted || parent.lean == Lean::kAgainst ? "" : "predicted ") + "ahead in " +
               study.name(parent);
      return follows_lean(node, parent)
                 ? "the side to which " + study.name(parent) + " leans"
                 : "the prediction of " + study.name(parent) + " (" +
                       (basis_of(author, parent) == Basis::kConjecture ? "a conjecture" : ground_of(author, parent)) +
                       ")";
    }
    case Basis::kQuestion:
      return node.interaction && study.stacked() ? "a strong reading of the question, that together the parts gain "
                                                   "more than their separate gains add up to"
                                                 : "what the question puts forward";
    case Basis::kConjecture:
      break;
  }
  const std::string reason = reason_in_quotes(study, node);
  return reason.empty() ? "a conjecture, no reason for its direction on record" : "a conjecture" + reason;
}

}  // namespace aisci::offline
