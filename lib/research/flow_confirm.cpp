// Claims are locked before their first trial, then confirmed once, on fresh seeds and the split that nobody has read.
#include <algorithm>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "research/claims.hpp"
#include "research/flow_retry.hpp"

namespace aisci {
namespace {

constexpr double kConfirmBegins = 0.55;
constexpr double kConfirmEnds = 0.85;

}  // namespace

Status Flow::lock_claims() {
  view_.claims = choose_claims(view_.nodes, claims_affordable(options_.max_experiments, options_.confirmation_share),
                               options_.max_experiments);
  view_.reserved = reserve_of(options_.max_experiments, options_.confirmation_share);
  if (view_.claims.empty()) {
    std::string reasons;
    for (const auto& node : view_.nodes) reasons += "\n  " + node.id + ": " + node.failure;
    return failed_precondition("no experiment gave evidence, so there is nothing to confirm or to write about:" +
                               reasons);
  }
  if (!finish_search_)
    experiments_left_ += std::max(
        0, reserve_of(options_.max_experiments, options_.confirmation_share) - static_cast<int>(view_.claims.size()));
  json::array locked;
  for (const auto& claim : view_.claims) {
    locked.push_back(json::object{{"id", claim.id},
                                  {"node", claim.node},
                                  {"statement", shown(text_of(claim.hypothesis, "statement"))},
                                  {"hypothesis", claim.hypothesis},
                                  {"plan", claim.plan.document},
                                  {"blocks", claim.n},
                                  {"power", claim.power},
                                  {"spread", claim.spread},
                                  {"family_alpha", kFamilyAlpha}});
  }
  const std::string hash = sha256(canonical(locked));
  tell(std::to_string(view_.claims.size()) + (view_.claims.size() == 1 ? " claim locked" : " claims locked"),
       kConfirmBegins);
  return recorder_.derive("claims.locked", "study", {{"claims", std::move(locked)}, {"sha256", hash}});
}

Status Flow::confirm(Claim& claim, Experiment& experiment, const TrialListener& listener) {
  AISCI_ASSIGN_OR_RETURN(const auto known, recorder_.recorded("experiment.completed", claim.id));
  AISCI_ASSIGN_OR_RETURN(const bool retried, retried_before(claim.id));
  if (!known && !retried && !recorder_.verifying()) {
    control_.wait_while_paused();
    AISCI_RETURN_IF_ERROR(
        recorder_
            .note("experiment.started", claim.id,
                  {{"trials", experiment.trials.size()}, {"declared_seconds", declared_cost(claim.plan, claim.n)}})
            .status());
  }
  Attempts attempts{claim.id, experiment, claim.plan, claim.hypothesis, claim.retries, listener, [&](const Plan& plan) {
                      return make_trials(plan, block_seeds(view_.seed, claim.id + "/confirmation", claim.n));
                    }};
  AISCI_ASSIGN_OR_RETURN(const auto outcome, settle(attempts));
  return take_scores(outcome, experiment, claim.trials, claim.failure);
}

Status Flow::confirm() {
  // One claim after the other, each over all slots: they end together, whatever their sizes.
  std::vector<Experiment> experiments;
  std::atomic<std::size_t> done{0};
  std::size_t total = 0;
  for (const auto& claim : view_.claims) {
    code_[claim.id] = code_[claim.node];
    auto trials = make_trials(claim.plan, block_seeds(view_.seed, claim.id + "/confirmation", claim.n));
    total += trials.size();
    experiments.push_back(experiment_for(claim.id, claim.plan, std::move(trials), true, 0));
    experiments.back().processes = parallel();
  }
  const TrialListener listener = [&](const std::string&) {
    const auto count = std::min<std::size_t>(++done, total);
    control_.tell(
        "confirming: trial " + std::to_string(count) + " of " + std::to_string(total),
        kConfirmBegins + (kConfirmEnds - kConfirmBegins) * static_cast<double>(count) / static_cast<double>(total));
  };
  for (std::size_t i = 0; i < view_.claims.size(); ++i)
    if (const Status status = confirm(view_.claims[i], experiments[i], listener); !status.ok()) return status;
  decide(view_.claims, kFamilyAlpha);
  for (const auto& claim : view_.claims) {
    json::object body{
        {"verdict", claim.verdict}, {"alpha", claim.alpha}, {"holm_p", claim.holm_p}, {"failure", claim.failure}};
    if (claim.evidence) body["evidence"] = to_json(*claim.evidence, claim.plan);
    AISCI_RETURN_IF_ERROR(recorder_.derive("claim.decided", claim.id, body));
    tell(claim.id + ": " + claim.verdict, kConfirmEnds);
    if (!claim.evidence)
      degraded_.push_back("no evidence on claim " + claim.id + ", which is inconclusive for want of blocks: " +
                          claim.failure.substr(0, claim.failure.find('\n')));
  }
  return {};
}

}  // namespace aisci
