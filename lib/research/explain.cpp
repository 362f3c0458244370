// From a number in the paper back to the raw files it was computed from.
#include <aisci/inspect.hpp>
#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "base/text.hpp"
#include "research/rerun.hpp"
#include "research/study_facts.hpp"

namespace aisci {
namespace {

// What the paper prints: fact -> printed form -> where it stands.
using PrintedFacts = std::map<std::string, std::map<std::string, std::set<std::string>>>;

std::string words(const json::value& pieces) {
  std::string out;
  if (pieces.is_array())
    for (const auto& piece : pieces.get_array())
      out +=
          text_of(piece.as_object(), "text") + text_of(piece.as_object(), "value") + text_of(piece.as_object(), "math");
  return out;
}

void collect(const json::value& value, const std::string& place, PrintedFacts& out) {
  if (const auto* object = value.if_object()) {
    if (object->contains("fact")) out[text_of(*object, "fact")][text_of(*object, "value")].insert(place);
    const bool table = text_of(*object, "type") == "table";
    const std::string inside = table ? "Table " + std::to_string(integer_of(*object, "number")) : place;
    for (const auto& entry : *object) collect(entry.value(), inside, out);
  } else if (const auto* array = value.if_array()) {
    for (const auto& item : *array) collect(item, place, out);
  }
}

PrintedFacts printed_facts(const json::object& paper) {
  PrintedFacts out;
  collect(member(paper, "title"), "title", out);
  collect(member(paper, "abstract"), "abstract", out);
  for (const char* part : {"sections", "appendix"})
    for (const auto& section : array_of(paper, part))
      collect(member(section.as_object(), "blocks"), words(member(section.as_object(), "title")), out);
  for (const auto& figure : object_of(paper, "figures"))
    collect(figure.value(), "caption of Figure " + std::to_string(integer_of(figure.value().as_object(), "number")),
            out);
  return out;
}

// As a person may type what a page shows: one minus sign, no plus, no unit where none is asked for.
std::string plain_number(std::string text) {
  text = replace_all(trim(text), "\u2212", "-");
  return text.empty() || text[0] != '+' ? text : text.substr(1);
}

std::string without_unit(const std::string& text) { return text.substr(0, text.find_first_not_of("-<.0123456789")); }

bool asks_for(const std::string& number, const std::string& fact, const std::string& printed) {
  const std::string wanted = plain_number(number), there = plain_number(printed);
  if (wanted == fact || wanted == there) return true;
  return without_unit(wanted) == wanted && wanted == without_unit(there);
}

// What the last part of a fact's name says about how it was computed. Owners of evidence are nodes and claims.
std::string how(const std::string& fact) {
  static const std::vector<std::pair<const char*, const char*>> kHow = {
      {".contrast.mean", "mean of the block contrasts; a block's contrast is the weighted sum of its arms' scores"},
      {".contrast.sd", "standard deviation of the block contrasts"},
      {".contrast.lower", "lower end of the t interval of the mean block contrast"},
      {".contrast.upper", "upper end of the t interval of the mean block contrast"},
      {".contrast.median", "median of the block contrasts"},
      {".contrast.as_predicted", "number of blocks whose contrast has the predicted sign"},
      {".contrast.as_zero", "number of blocks whose contrast is zero"},
      {".contrast.p", "two-sided paired t test on the block contrasts"},
      {".contrast.sign_flip_p", "exact sign-flip permutation test on the block contrasts"},
      {".contrast.smallest_p", "smallest p that sign flips of so many blocks can reach"},
      {".contrast.d", "mean of the block contrasts over their standard deviation, with Hedges' correction"},
      {".training.mean", "mean over the blocks of one arm's last recorded training loss less the other's"},
      {".training.lower", "lower end of the 95% t interval of that mean difference"},
      {".training.upper", "upper end of the 95% t interval of that mean difference"},
      {".mean", "mean of the arm's scores over the blocks"},
      {".sd", "standard deviation of the arm's scores over the blocks"},
      {".lower", "lower end of the 95% t interval of the arm's mean score"},
      {".upper", "upper end of the 95% t interval of the arm's mean score"},
      {".n", "number of whole blocks"},
      {".single_block", "contrast of the one block without which the verdict would be another"},
      {".outlying_block",
       "contrast of the one block whose modified z score (Iglewicz and Hoaglin, 1993) passes 3.5, well apart from the "
       "rest"},
      {".mean_of_others", "mean of the contrast over all blocks but that one"},
      {".arms_mean", "mean of the claim's arms, each over the blocks"},
      {".smallest_effect_points", "what the limit in log odds comes to where the claim's arms score"},
      {".holm_p", "the claim's paired t test, after Holm's steps over all claims"},
      {".alpha", "what Holm's steps leave the claim of the family's 0.05"},
      {".confidence", "one less the claim's alpha"},
      {".power", "power of the locked number of blocks at the smallest effect of interest, from the search's spread"},
      {".significance", "the larger of the posterior probabilities of an effect past the smallest of interest"},
      {".score", "the value function's answer for the node"},
  };
  // Named by the value function, whose parts anybody may add to.
  if (fact.rfind("study.weight.", 0) == 0)
    return "share of this part in every node's value, as the value function told it";
  if (fact.find(".score.") != std::string::npos) return "part of the node's value, as the value function told it";
  for (const auto& [ending, text] : kHow)
    if (const std::string_view tail{ending};
        fact.size() > tail.size() && fact.compare(fact.size() - tail.size(), tail.size(), tail) == 0)
      return text;
  if (fact == "study.least_training_accuracy" || fact == "study.most_training_accuracy")
    return "over the claims' arms: the mean over an arm's blocks of the metric train_accuracy that its trials report";
  if (fact == "study.least_parameters" || fact == "study.most_parameters")
    return "over all arms with evidence: the metric parameters that every trial of an arm reports";
  if (fact == "study.aisci") return "the version of aisci that began the study, by its ledger";
  const std::string head = fact.substr(0, fact.find('.'));
  if (head == "study") return "counted over the study's ledger, study.db";
  if (head == "protocol") return "fixed by the protocol before any study";
  return "stated by the experiment's template";
}

// The blocks behind a fact of `owner`: per block the arms' scores with their files, and the contrast where it is one;
// for a fact on training loss the losses and their difference instead.
template <typename Owner>  // a node or a claim
json::array blocks_of(const Owner& owner, const std::vector<std::string>& arms, bool contrast, bool training) {
  const Evidence& evidence = *owner.evidence;
  const std::string place = experiment_place(owner.id, changes_in(owner.retries));
  json::array out;
  for (std::size_t i = 0; i < evidence.blocks.size(); ++i) {
    json::object block{{"block", i + 1}, {"seed", std::to_string(evidence.blocks[i])}};
    json::array files;
    double difference = 0;
    for (const auto& one : owner.trials) {
      if (one.trial.seed != evidence.blocks[i]) continue;
      if (!arms.empty() && std::find(arms.begin(), arms.end(), owner.id + "." + one.trial.arm) == arms.end()) continue;
      json::object file{{"arm", owner.plan.arm(one.trial.arm)->label},
                        {"file", place + "/trials/" + one.trial.id + "/metrics.json"}};
      if (training) {
        const double loss = one.training_loss.value_or(std::numeric_limits<double>::quiet_NaN());
        difference += owner.plan.contrast.weights.at(one.trial.arm) * loss;
        file["training_loss"] = loss;
      } else {
        file["score"] = one.score;
      }
      files.push_back(std::move(file));
    }
    if (contrast) block["contrast"] = training ? difference : evidence.contrast.values[i];
    block["trials"] = std::move(files);
    out.push_back(std::move(block));
  }
  return out;
}

json::array blocks_behind(const StudyView& study, const std::string& name, const Fact& fact) {
  const std::string owner = name.substr(0, name.find('.'));
  const bool contrast = fact.arms.size() != 1, training = name.find(".training.") != std::string::npos;
  for (const auto& node : study.nodes)
    if (node.id == owner && node.evidence) return blocks_of(node, fact.arms, contrast, training);
  for (const auto& claim : study.claims)
    if (claim.id == owner && claim.evidence) return blocks_of(claim, fact.arms, contrast, training);
  return {};
}

}  // namespace

Result<std::string> explain_number(const std::filesystem::path& folder, const std::string& number,
                                   const std::string& plugins, std::shared_ptr<Registry> registry) {
  if (trim(number).empty())
    return invalid_argument("which number? Give it as the paper prints it: \"0.8\" or \"84.3%\"");
  AISCI_ASSIGN_OR_RETURN(const auto rerun, Rerun::of(folder, plugins, std::move(registry)));
  AISCI_RETURN_IF_ERROR(rerun->ended());
  const StudyView& study = rerun->flow().view();
  const Facts facts = study_facts(study);
  json::array matches;
  for (const auto& [name, texts] : printed_facts(rerun->flow().resolved_paper())) {
    const auto fact = facts.find(name);
    if (fact == facts.end()) continue;
    std::set<std::string> places;
    std::string printed;
    for (const auto& [text, where] : texts) {
      if (!asks_for(number, name, text)) continue;
      printed = text;
      places.insert(where.begin(), where.end());
    }
    if (printed.empty()) continue;
    json::object match{{"fact", name},
                       {"printed", printed},
                       {"places", json::array(places.begin(), places.end())},
                       {"how", how(name)},
                       {"blocks", blocks_behind(study, name, fact->second)}};
    if (fact->second.kind != FactKind::kText) match["value"] = fact->second.value;
    matches.push_back(std::move(match));
  }
  if (matches.empty())
    return not_found("the paper prints no number \"" + number +
                     "\"; give it as it stands there, with or without its unit");
  return pretty(json::object{{"schema", "aisci/explain/1"},
                             {"number", number},
                             {"holds", rerun->findings().empty()},
                             {"matches", std::move(matches)}});
}

}  // namespace aisci
