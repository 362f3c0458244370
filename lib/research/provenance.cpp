#include "research/provenance.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace aisci {
namespace {

enum class Behind { kNothing, kTrials, kSearch };  // its owner's trials, or those of the node that a claim is from

struct Computed {
  const char* name;
  const char* how;
  Behind behind = Behind::kNothing;
};

// By the last part of a fact's name. Owners of evidence are nodes and claims.
constexpr Computed kOfOwners[] = {
    {".contrast.mean", "mean of the block contrasts; a block's contrast is the weighted sum of its arms' scores",
     Behind::kTrials},
    {".contrast.sd", "standard deviation of the block contrasts", Behind::kTrials},
    {".contrast.lower", "lower end of the t interval of the mean block contrast", Behind::kTrials},
    {".contrast.upper", "upper end of the t interval of the mean block contrast", Behind::kTrials},
    {".contrast.median", "median of the block contrasts", Behind::kTrials},
    {".contrast.as_predicted", "number of blocks whose contrast has the predicted sign", Behind::kTrials},
    {".contrast.as_zero", "number of blocks whose contrast is zero", Behind::kTrials},
    {".contrast.p", "two-sided paired t test on the block contrasts", Behind::kTrials},
    {".contrast.sign_flip_p", "exact sign-flip permutation test on the block contrasts", Behind::kTrials},
    {".contrast.smallest_p", "smallest p that sign flips of so many blocks can reach", Behind::kTrials},
    {".contrast.d", "mean of the block contrasts over their standard deviation, with Hedges' correction",
     Behind::kTrials},
    {".first.mean",
     "mean over the blocks of one level's score less the other's, under the interaction's first condition",
     Behind::kTrials},
    {".first.lower", "lower end of the 95% t interval of that mean difference", Behind::kTrials},
    {".first.upper", "upper end of the 95% t interval of that mean difference", Behind::kTrials},
    {".second.mean",
     "mean over the blocks of one level's score less the other's, under the interaction's second condition",
     Behind::kTrials},
    {".second.lower", "lower end of the 95% t interval of that mean difference", Behind::kTrials},
    {".second.upper", "upper end of the 95% t interval of that mean difference", Behind::kTrials},
    {".training.mean", "mean over the blocks of one arm's last recorded training loss less the other's",
     Behind::kTrials},
    {".training.treatment", "mean over the blocks of the first arm's last recorded training loss", Behind::kTrials},
    {".training.baseline", "mean over the blocks of the second arm's last recorded training loss", Behind::kTrials},
    {".training.lower", "lower end of the 95% t interval of that mean difference", Behind::kTrials},
    {".training.upper", "upper end of the 95% t interval of that mean difference", Behind::kTrials},
    {".mean", "mean of the arm's scores over the blocks", Behind::kTrials},
    {".sd", "standard deviation of the arm's scores over the blocks", Behind::kTrials},
    {".lower", "lower end of the 95% t interval of the arm's mean score", Behind::kTrials},
    {".upper", "upper end of the 95% t interval of the arm's mean score", Behind::kTrials},
    {".parameters", "the metric parameters that every trial of the arm reports", Behind::kTrials},
    {".n", "number of whole blocks", Behind::kTrials},
    {".single_block", "contrast of the one block without which the verdict would be another", Behind::kTrials},
    {".outlying_block",
     "contrast of the one block whose modified z score (Iglewicz and Hoaglin, 1993) passes 3.5, well apart from the "
     "rest",
     Behind::kTrials},
    {".mean_of_others", "mean of the contrast over all blocks but that one", Behind::kTrials},
    {".sd_of_others", "standard deviation of the contrast over all blocks but that one", Behind::kTrials},
    {".lower_of_others", "lower end of the claim's t interval over all blocks but that one", Behind::kTrials},
    {".upper_of_others", "upper end of the claim's t interval over all blocks but that one", Behind::kTrials},
    {".turning_block", "the contrast in the one block without which its mean would have the other sign",
     Behind::kTrials},
    {".mean_without_it", "mean of the contrast over all blocks but that one", Behind::kTrials},
    {".blocks_to_decide", "fewest blocks that would decide the claim, were mean and spread of its blocks to stay",
     Behind::kTrials},
    {".decided_then", "verdict that so many blocks would come to", Behind::kTrials},
    {".blocks_to_turn",
     "fewest blocks that would change the verdict which the first deciding number of blocks comes to", Behind::kTrials},
    {".turned_then", "verdict that this larger number of blocks would come to", Behind::kTrials},
    {".correlation", "Pearson's correlation over the blocks of the two arms' scores", Behind::kTrials},
    {".outlying_treatment", "score of the first arm in the block that lies far from the others", Behind::kTrials},
    {".outlying_baseline", "score of the second arm in that block", Behind::kTrials},
    {".arms_mean", "mean of the claim's arms, each over the blocks", Behind::kTrials},
    {".smallest_effect_points", "what the limit in log odds comes to where the claim's arms score", Behind::kTrials},
    {".odds_limit_points", "what the limit of interactions, in log odds, comes to where the claim's arms score",
     Behind::kTrials},
    {".planned_spread", "standard deviation of the node's block contrasts when the claim's blocks were counted",
     Behind::kSearch},
    {".holm_p", "the claim's paired t test, after Holm's steps over all claims", Behind::kTrials},
    {".alpha", "what Holm's steps leave the claim of the family's 0.05"},
    {".confidence", "one less the claim's alpha, which Holm's steps leave it"},
    {".power", "power of the locked number of blocks at the smallest effect of interest, from the search's spread",
     Behind::kSearch},
    {".power_equivalence",
     "chance that the locked number of blocks shows equivalence where there is no effect at all, from the search's "
     "spread",
     Behind::kSearch},
    {".uncorrected", "what the claim's rule makes of the 95% interval of its blocks, where that is another verdict",
     Behind::kTrials},
    {".significance", "the larger of the posterior probabilities of an effect past the smallest of interest",
     Behind::kTrials},
    {".either_side", "the sum of the posterior probabilities of an effect past the smallest of interest, of both signs",
     Behind::kTrials},
    {".score", "the value function's answer for the node", Behind::kTrials},
    {".from", "a setting of the experiment's recipe before it was changed for a repeated run, by the ledger"},
    {".to", "the same setting as the repeated run had it, by the ledger"},
    {".name", "the name that the study gave to a hypothesis or claim"},
};

// By the whole name: what holds for every study, and what is said of a study as a whole.
constexpr Computed kByName[] = {
    {"protocol.alpha",
     "the probability of an error over all claims of a study that Holm's steps keep to; a constant of the protocol, "
     "fixed before any study"},
    {"protocol.confidence",
     "the confidence of every interval that no step of Holm's corrects; a constant of the protocol, fixed before any "
     "study"},
    {"protocol.power",
     "the power at the smallest effect of interest that the number of a claim's blocks is planned for; a constant of "
     "the protocol, fixed before any study"},
    {"protocol.least_confirmation_blocks",
     "the fewest blocks that a claim is confirmed with; a constant of the protocol, fixed before any study"},
    {"protocol.most_confirmation_blocks",
     "the most blocks that a claim is confirmed with; a constant of the protocol, fixed before any study"},
    {"protocol.most_claims", "the most claims that a study locks; a constant of the protocol, fixed before any study"},
    {"study.least_training_accuracy",
     "over the claims' arms: the mean over an arm's blocks of the metric train_accuracy that its trials report; below, "
     "an arm with the least"},
    {"study.most_training_accuracy",
     "over the claims' arms: the mean over an arm's blocks of the metric train_accuracy that its trials report; below, "
     "an arm with the most"},
    {"study.least_parameters",
     "over all arms with evidence: the metric parameters that every trial of an arm reports; below, an arm with the "
     "least"},
    {"study.most_parameters",
     "over all arms with evidence: the metric parameters that every trial of an arm reports; below, an arm with the "
     "most"},
    {"study.least_claimed_parameters",
     "over the claims' arms: the metric parameters that every trial of an arm reports; below, an arm with the least"},
    {"study.most_claimed_parameters",
     "over the claims' arms: the metric parameters that every trial of an arm reports; below, an arm with the most"},
    {"study.aisci", "the version of aisci that began the study, by its ledger"},
    {"study.question", "the question that the study was given"},
    {"study.seed", "the study's seed, by its ledger"},
    {"study.environment", "what the programs of the trials say they ran with"},
};

bool ends_with(const std::string& text, std::string_view tail) {
  return text.size() > tail.size() && text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
}

// The limit that a plan judges by: as the template states it, or turned into log odds.
std::string how_of_limit(const StudyView& study, const Plan& plan) {
  constexpr double kSlopeAtFourFifths = 0.16;  // of a share, against its log odds
  const std::string place = "metrics." + plan.metric + ".smallest_effect";
  const auto& metric = object_of(object_of(study.template_document, "metrics"), plan.metric);
  const double stated = number_of(metric, "smallest_effect"), in_log_odds = number_of(metric, "smallest_effect_logit");
  const auto is = [&](double value) { return std::abs(value - plan.smallest_effect) <= 1e-9 * plan.smallest_effect; };
  const std::string by_template = "the smallest effect of interest, stated by the experiment's template: ";
  if (plan.contrast.scale != Contrast::Scale::kLogit) return is(stated) ? by_template + place : "stated by the plan";
  if (in_log_odds > 0 && is(in_log_odds)) return by_template + place + "_logit";
  if (is(stated / kSlopeAtFourFifths))
    return "the smallest effect of interest in log odds: what the experiment's template states, " + place + " = " +
           level_name(member(metric, "smallest_effect")) +
           ", over 0.16, the slope of a share of four fifths against its log odds";
  return "stated by the plan";
}

enum class Reported { kScore, kTrainingLoss, kTrainingAccuracy, kParameters };

Reported reported_by(const std::string& fact) {
  if (fact.find(".training.") != std::string::npos) return Reported::kTrainingLoss;
  if (ends_with(fact, "_training_accuracy")) return Reported::kTrainingAccuracy;
  return ends_with(fact, "parameters") ? Reported::kParameters : Reported::kScore;
}

std::pair<const char*, double> reported(const ScoredTrial& trial, Reported what) {
  switch (what) {
    case Reported::kTrainingLoss:
      return {"training_loss", trial.training_loss.value_or(NAN)};
    case Reported::kTrainingAccuracy:
      return {"training_accuracy", trial.training_accuracy.value_or(NAN)};
    case Reported::kParameters:
      return {"parameters", trial.parameters.value_or(NAN)};
    case Reported::kScore:
      break;
  }
  return {"score", trial.score};
}

// The blocks of `owner`: per block what the arms' trials have, with their files, and the contrast of it where it is one
// of several arms. `arms` as a fact names them; empty: all.
template <typename Owner>  // a node or a claim
json::array blocks_of(const Owner& owner, const std::vector<std::string>& arms, Reported what) {
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
      const auto [name, value] = reported(one, what);
      const auto weight = owner.plan.contrast.weights.find(one.trial.arm);
      if (what == Reported::kTrainingLoss && weight != owner.plan.contrast.weights.end())
        difference += weight->second * value;
      files.push_back(json::object{{"arm", owner.plan.arm(one.trial.arm)->label},
                                   {"file", place + "/trials/" + one.trial.id + "/metrics.json"},
                                   {name, value}});
    }
    if (arms.size() != 1 && what == Reported::kTrainingLoss) block["contrast"] = difference;
    if (arms.size() != 1 && what == Reported::kScore) block["contrast"] = evidence.contrast.values[i];
    block["trials"] = std::move(files);
    out.push_back(std::move(block));
  }
  return out;
}

json::array blocks_behind(const StudyView& study, const std::string& owner, const Fact& fact, Reported what) {
  for (const auto& node : study.nodes)
    if (node.id == owner && node.evidence) return blocks_of(node, fact.arms, what);
  for (const auto& claim : study.claims)
    if (claim.id == owner && claim.evidence) return blocks_of(claim, fact.arms, what);
  return {};
}

// The trials of an arm that has the least or the most of something, which is the fact's value.
json::array blocks_of_extreme(const StudyView& study, const Fact& fact, Reported what) {
  json::array out;
  const auto look = [&](const auto& owners) {
    for (const auto& owner : owners) {
      if (!owner.evidence || !out.empty()) continue;
      for (const auto& arm : owner.evidence->arms)
        if (out.empty() && (what == Reported::kParameters ? arm.parameters : arm.training_accuracy) == fact.value)
          out = blocks_of(owner, {owner.id + "." + arm.id}, what);
    }
  };
  look(study.claims);
  if (what == Reported::kParameters) look(study.nodes);
  return out;
}

Provenance of_owner(const StudyView& study, const std::string& name, const std::string& owner, const Plan& plan,
                    const std::string& from, const Fact& fact) {
  if (ends_with(name, ".smallest_effect")) return {how_of_limit(study, plan), {}};
  if (name.find(".score.") != std::string::npos)  // named by the value function, whose parts anybody may add to
    return {"part of the node's value, as the value function told it",
            blocks_behind(study, owner, fact, Reported::kScore)};
  for (const auto& entry : kOfOwners) {
    if (!ends_with(name, entry.name)) continue;
    json::array blocks;
    if (entry.behind != Behind::kNothing)
      blocks = blocks_behind(study, entry.behind == Behind::kSearch ? from : owner, fact, reported_by(name));
    return {entry.how, std::move(blocks)};
  }
  return {"computed from the study's ledger", {}};
}

}  // namespace

std::string member_of_template(const StudyView& study, const std::string& name) {
  const json::object& manifest = study.template_document;
  const auto dot = name.find('.');
  const std::string head = name.substr(0, dot), rest = dot == std::string::npos ? std::string{} : name.substr(dot + 1);
  if (head == "config") return "factors." + rest + ".default";
  if (head == "level") return "factors." + rest.substr(0, rest.find('.')) + ".levels";
  if (head != "template") return {};
  if (rest == "alike_training_losses") return "metrics.train_loss.smallest_effect";
  if (object_of(manifest, "facts").contains(rest)) return "facts." + rest;
  if (object_of(object_of(manifest, "dataset"), "splits").contains(rest)) return "dataset.splits." + rest;
  if (object_of(manifest, "dataset").contains(rest)) return "dataset." + rest;
  return "metrics." + text_of(study.scope, "metric", text_of(manifest, "metric")) + "." + rest;
}

Provenance provenance_of(const StudyView& study, const std::string& name, const Fact& fact) {
  for (const auto& entry : kByName)
    if (name == entry.name) {
      const Reported what = reported_by(name);
      return {entry.how, what == Reported::kScore ? json::array{} : blocks_of_extreme(study, fact, what)};
    }
  if (const std::string member = member_of_template(study, name); !member.empty())
    return {"stated by the experiment's template: " + member, {}};
  if (name.rfind("study.untried", 0) == 0) return {"a hypothesis that was proposed and is no node, by the ledger", {}};
  if (name.rfind("study.weight.", 0) == 0)
    return {"share of this part in every node's value, as the value function told it", {}};
  const std::string owner = name.substr(0, name.find('.'));
  for (const auto& node : study.nodes)
    if (node.id == owner) return of_owner(study, name, owner, node.plan, owner, fact);
  for (const auto& claim : study.claims)
    if (claim.id == owner) return of_owner(study, name, owner, claim.plan, claim.node, fact);
  return {"counted over the study's ledger, study.db", {}};
}

}  // namespace aisci
