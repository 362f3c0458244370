// The search: select a node, create it, run its experiment, compute the evidence, score it, tell the tree.
//
// Leases are issued and outcomes committed in ticket order, whatever finishes first: the tree then depends on the
// seed alone. Agents are asked on the study's thread; only experiments run beside it.
#include <algorithm>
#include <cmath>
#include <deque>

#include "base/files.hpp"
#include "base/text.hpp"
#include "research/flow.hpp"
#include "research/flow_retry.hpp"
#include "research/proposal_features.hpp"

namespace aisci {

// A node's experiment under way.
struct Pending {
  Ticket ticket;
  Experiment experiment;
  std::string key;      // of its event: "n3" or "n3/2" for further blocks
  std::string refused;  // why there is no experiment; "" when there is one
  int first_block = 0;
  std::size_t changes = 0;  // of the node's recipe, when it started
  std::future<Result<ExperimentOutcome>> running;
};

namespace {

// The trials of a node's blocks from `first_block` on, numbered after those of the blocks before.
std::vector<Trial> further_trials(const Plan& plan, const std::vector<std::uint64_t>& seeds, int first_block) {
  const auto end = std::min(seeds.size(), static_cast<std::size_t>(first_block + plan.blocks));
  const std::vector<std::uint64_t> fresh(seeds.begin() + first_block, seeds.begin() + static_cast<std::ptrdiff_t>(end));
  auto trials = make_trials(plan, fresh, 1 + first_block * static_cast<int>(plan.arms.size()));
  for (auto& trial : trials) trial.block += first_block;
  return trials;
}

// The search's share of the progress of a whole study.
constexpr double kSearchBegins = 0.05;
constexpr double kSearchEnds = 0.55;
constexpr double kSearchShareOfModels = 0.6;  // of a cap on models; the rest is for the paper and its reviews

}  // namespace

Experiment Flow::experiment_for(const std::string& id, const Plan& plan, std::vector<Trial> trials, bool confirmation,
                                std::size_t changes) const {
  const auto& metric = object_of(object_of(view_.template_document, "metrics"), plan.metric);
  Experiment experiment;
  experiment.id = id;
  experiment.folder = folder_ / experiment_place(id, changes);
  experiment.plan = plan;
  experiment.trials = std::move(trials);
  experiment.split = confirmation ? "confirmation" : "validation";
  experiment.data = folder_ / "data" / (confirmation ? "confirmation" : "public");
  experiment.labels = folder_ / "data" / "labels" / (experiment.split + ".json");
  experiment.scoring = read_scoring(metric, plan.metric);
  if (const auto code = code_.find(id); code != code_.end()) experiment.code = code->second;
  return experiment;
}

Result<Experiment> Flow::experiment(const std::string& id) const {
  std::vector<std::string> known;
  const auto with_trials = [&](const auto& owner, bool confirmation) {
    std::vector<Trial> trials;
    for (const auto& one : owner.trials) trials.push_back(one.trial);
    return experiment_for(id, owner.plan, std::move(trials), confirmation, changes_in(owner.retries));
  };
  for (const auto& node : view_.nodes) {
    if (node.id == id && node.evidence) return with_trials(node, false);
    if (node.evidence) known.push_back(node.id);
  }
  for (const auto& claim : view_.claims) {
    if (claim.id == id && claim.evidence) return with_trials(claim, true);
    if (claim.evidence) known.push_back(claim.id);
  }
  return not_found("the study has no experiment \"" + id + "\" with results; it has " + join(known, ", "));
}

// Reads an experiment's event back, holding it against the raw files when verifying.
Status Flow::take_scores(const json::object& outcome, const Experiment& experiment, std::vector<ScoredTrial>& scored,
                         std::string& failure) {
  failure = text_of(outcome, "failure");
  for (const auto& value : array_of(outcome, "trials")) {
    const auto& object = value.as_object();
    scored.push_back(
        {{text_of(object, "id"), text_of(object, "arm"), static_cast<std::uint64_t>(integer_of(object, "seed")),
          static_cast<int>(integer_of(object, "block"))},
         number_of(object, "score")});
  }
  if (!recorder_.verifying()) return {};
  const json::object now = outcome_json(read_experiment(experiment));
  const std::string place = experiment.folder.lexically_relative(folder_).generic_string();
  std::map<std::string, const json::object*> raw;
  for (const auto& value : array_of(now, "trials")) raw[text_of(value.as_object(), "id")] = &value.as_object();
  for (const auto& value : array_of(outcome, "trials")) {
    const auto& recorded = value.as_object();
    const std::string file = place + "/trials/" + text_of(recorded, "id") + "/metrics.json";
    const auto found = raw.find(text_of(recorded, "id"));
    if (found == raw.end())
      recorder_.report({file, "a trial that can be scored", "none: " + text_of(now, "failure")});
    else if (!equal_documents(*found->second, recorded))
      recorder_.report(first_difference(*found->second, recorded, file));
    const auto score_file = read_file(experiment.folder / "trials" / text_of(recorded, "id") / "score.json");
    const auto score =
        score_file.ok() ? parse_json_object(*score_file, "score.json") : Result<json::object>{score_file.status()};
    if (found != raw.end() &&
        (!score.ok() || !equal_documents(member(*score, experiment.plan.metric), member(*found->second, "score")))) {
      recorder_.report({place + "/trials/" + text_of(recorded, "id") + "/score.json",
                        canonical(member(*found->second, "score")),
                        score.ok() ? canonical(member(*score, experiment.plan.metric)) : score.status().message()});
    }
  }
  return {};
}

Result<json::object> Flow::next_hypothesis(SearchTree& tree, const Ticket& ticket) {
  std::vector<json::object> proposals;
  std::vector<std::vector<double>> features;
  const auto propose = [&](json::object hypothesis) {
    features.push_back(proposal_features(hypothesis, view_.template_document));
    proposals.push_back(std::move(hypothesis));
  };
  if (ticket.kind == Ticket::Kind::kDraft && !waiting_.empty()) {
    propose(std::move(waiting_.front()));
    waiting_.erase(waiting_.begin());
    return std::move(proposals[tree.choose(ticket, features)]);
  }
  json::array tried;
  for (const auto& node : view_.nodes) tried.push_back(node.hypothesis);
  for (const auto& hypothesis : waiting_) tried.push_back(hypothesis);
  json::object input = study_document(around(view_, ticket.parent));
  input["parent"] = ticket.parent;
  input["count"] = 3;
  input["tried"] = std::move(tried);
  AISCI_ASSIGN_OR_RETURN(const json::object refined, act("ideation.refine", input));
  for (const auto& value : array_of(refined, "hypotheses"))
    if (json::object hypothesis = value.is_object() ? value.get_object() : json::object{};
        !hypothesis.empty() && !published(hypothesis))
      propose(std::move(hypothesis));
  if (proposals.empty()) return not_found("ideation has nothing left to propose here");
  return std::move(proposals[tree.choose(ticket, features)]);
}

Status Flow::create_node(const Ticket& ticket, json::object hypothesis) {
  Node node;
  node.id = ticket.node;
  node.parent = ticket.parent;
  node.depth = ticket.depth;
  node.hypothesis = std::move(hypothesis);
  AISCI_RETURN_IF_ERROR(recorder_.derive("node.created", node.id,
                                         {{"parent", node.parent},
                                          {"depth", node.depth},
                                          {"stage", node.stage},
                                          {"hypothesis", node.hypothesis},
                                          {"statement", shown(text_of(node.hypothesis, "statement"))}}));
  AISCI_RETURN_IF_ERROR(plan(node));
  view_.nodes.push_back(std::move(node));
  return {};
}

// Gives a node its plan and code, or says why there is none. That there is none is on record: whoever was asked might
// plan it after all when asked again, and a study that is resumed must be the one that was begun.
Status Flow::plan(Node& node) {
  AISCI_ASSIGN_OR_RETURN(auto refused, recorder_.recorded("plan.refused", node.id));
  if (!refused || recorder_.verifying()) {
    json::object wanted = design_input();
    wanted["hypothesis"] = node.hypothesis;
    wanted["template"] = view_.template_document;
    wanted["blocks"] = options_.blocks;
    wanted["stage"] = node.stage;
    const auto designed = act("design.plan", wanted);
    if (!refused && ends_a_study(designed.status())) return designed.status();
    auto plan = designed.ok() ? read_plan(object_of(*designed, "plan")) : Result<Plan>{designed.status()};
    if (plan.ok() && refused) recorder_.report({"ledger: plan.refused " + node.id, "no event", "a plan is there"});
    if (plan.ok()) {
      node.plan = std::move(*plan);
      auto& files = code_[node.id];
      for (const auto& file : object_of(*designed, "code"))
        files[std::string{file.key()}] = std::string{file.value().as_string()};
      files[kExperimentModule] = crew_.experiment_module;
      return recorder_.derive("plan.made", node.id, {{"plan", node.plan.document}});
    }
    if (!refused) {
      AISCI_ASSIGN_OR_RETURN(refused, recorder_.outcome("plan.refused", node.id, [&]() -> Result<json::object> {
        return json::object{{"failure", plan.status().message()}};
      }));
    }
  }
  node.failure = text_of(*refused, "failure");
  return {};
}

Status Flow::steer(std::size_t turn) {
  const std::string key = "turn-" + std::to_string(turn);
  AISCI_ASSIGN_OR_RETURN(auto said, recorder_.recorded("study.steered", key));
  if (!said && !recorder_.verifying()) {
    json::object body;
    for (const auto& steering : control_.take_steering()) {
      if (steering.finish_search) body["finish_search"] = true;
      if (steering.hypothesis.empty()) continue;
      AISCI_ASSIGN_OR_RETURN(json::object hypothesis, parse_json_object(steering.hypothesis, "the steered hypothesis"));
      body["hypothesis"] = std::move(hypothesis);
    }
    if (!body.empty()) {
      AISCI_ASSIGN_OR_RETURN(said, recorder_.note("study.steered", key, body));
    }
  }
  if (!said) return {};
  if (flag_of(*said, "finish_search")) finish_search_ = true;
  if (const auto& hypothesis = object_of(*said, "hypothesis"); !hypothesis.empty())
    waiting_.insert(waiting_.begin(), hypothesis);
  return {};
}

TrialListener Flow::counter(const Experiment& experiment) {
  return [this, id = experiment.id, count = experiment.trials.size(),
          done = std::make_shared<std::atomic<std::size_t>>(0)](const std::string&) {
    control_.tell(id + ": trial " + std::to_string(++*done) + " of " + std::to_string(count), progress_);
  };
}

// Issues one lease and starts its experiment; `asked` says whether there was one to issue.
Status Flow::search_step(SearchTree& tree, std::vector<Pending>& pending, bool& asked) {
  const auto ticket = tree.ask();
  asked = ticket.has_value();
  if (!ticket) return {};
  Pending next{*ticket, {}, ticket->node, {}, 0, 0, {}};
  if (ticket->kind != Ticket::Kind::kReplicate) {
    auto hypothesis = next_hypothesis(tree, *ticket);
    if (hypothesis.status().code() == StatusCode::kNotFound) {
      tree.abandon(*ticket);  // closed there; elsewhere there may be more
      return {};
    }
    if (!hypothesis.ok()) return hypothesis.status();
    AISCI_RETURN_IF_ERROR(create_node(*ticket, std::move(*hypothesis)));
  }
  AISCI_RETURN_IF_ERROR(start(*ticket, next));
  pending.push_back(std::move(next));
  return {};
}

// Begins the experiment of a node that exists, unless its outcome is known.
Status Flow::start(const Ticket& ticket, Pending& next) {
  Node* node = find_node(ticket.node);
  if (!node) return internal_error("the search leased a node that does not exist: " + ticket.node);
  ++node->experiments;
  if (!node->failure.empty() && node->trials.empty()) {
    next.refused = node->failure;
    return {};
  }
  next.first_block = static_cast<int>(node->seeds.size());
  next.changes = changes_in(node->retries);
  node->seeds = block_seeds(view_.seed, node->id, next.first_block + node->plan.blocks);
  if (node->experiments > 1) next.key = node->id + "/" + std::to_string(node->experiments);
  next.experiment = experiment_for(node->id, node->plan, further_trials(node->plan, node->seeds, next.first_block),
                                   false, next.changes);
  AISCI_ASSIGN_OR_RETURN(const auto known, recorder_.recorded("experiment.completed", next.key));
  AISCI_ASSIGN_OR_RETURN(const bool retried, retried_before(next.key));
  if (!known && !retried && !recorder_.verifying()) {
    control_.wait_while_paused();
    AISCI_RETURN_IF_ERROR(recorder_
                              .note("experiment.started", next.key,
                                    {{"trials", next.experiment.trials.size()},
                                     {"declared_seconds", declared_cost(node->plan, node->plan.blocks)}},
                                    Durability::kBuffered)
                              .status());
    tell(node->id + ": " + shown(node->plan.title), progress_);
    next.running =
        std::async(std::launch::async, [this, experiment = next.experiment, listener = counter(next.experiment)] {
          return run_experiment(experiment, crew_, listener, control_.cancelled);
        });
  }
  return {};
}

Status Flow::score(Node& node, int experiments_left) {
  const double cost = declared_cost(node.plan, node.plan.blocks);
  if (reference_cost_ == 0) reference_cost_ = cost;
  // Feasibility: what the experiment costs, against the declared cost of all that may still run.
  const double left = reference_cost_ * std::max(1, experiments_left);
  NodeMetrics metrics{node.id, node.parent, node.depth, node.experiments, experiments_left, {}, {}};
  if (member(node.hypothesis, "novelty").is_number())
    metrics.metrics["novelty"] = number_of(node.hypothesis, "novelty");
  metrics.metrics["significance"] = node.evidence->significance;
  metrics.metrics["feasibility"] = std::clamp(1.0 - cost / (cost + left), 0.0, 1.0);
  metrics.documents = {{"hypothesis", canonical(node.hypothesis)},
                       {"plan", canonical(node.plan.document)},
                       {"evidence", canonical(to_json(*node.evidence, node.plan))}};
  for (const auto& [name, text] : code_[node.id])
    if (name != kExperimentModule) metrics.documents["code"] += "# " + name + "\n" + text;
  AISCI_ASSIGN_OR_RETURN(node.score, crew_.evaluate(metrics));
  node.score_parts = {};
  for (const auto& [name, value] : node.score->parts.empty() ? metrics.metrics : node.score->parts) {
    const auto own = metrics.metrics.find(name);
    node.score_parts[name] = own == metrics.metrics.end() ? value : own->second;  // not as it was printed and read
  }
  for (const auto& part : node.score->not_assessed)
    if (std::find(view_.not_assessed.begin(), view_.not_assessed.end(), part) == view_.not_assessed.end())
      view_.not_assessed.push_back(part);
  return {};
}

// Waits for one experiment, computes what it says and tells the tree.
Status Flow::commit(SearchTree& tree, Pending& pending) {
  std::optional<double> value;
  const int left = tree.experiments_left();
  AISCI_RETURN_IF_ERROR(conclude(pending, left, value));
  const Node& node = *find_node(pending.ticket.node);
  tree.tell(pending.ticket, value, node.plan.arms.empty() ? 0.0 : declared_cost(node.plan, node.plan.blocks));
  const double share = 1.0 - static_cast<double>(left) / std::max(1, options_.max_experiments);
  tell(node.id +
           (value ? ": " + reading_of(*node.evidence) + ", worth " + fixed(*value, 2) : ": failed, " + node.failure),
       kSearchBegins + (kSearchEnds - kSearchBegins) * share);
  return {};
}

// Evidence and value of an experiment that ended; no value when it failed.
Status Flow::conclude(Pending& pending, int left, std::optional<double>& value) {
  Node& node = *find_node(pending.ticket.node);
  std::string failure = pending.refused;
  if (failure.empty()) {
    const std::size_t changes = changes_in(node.retries);
    if (changes > pending.changes) {  // another experiment of the node changed its recipe meanwhile
      if (pending.running.valid()) (void)std::exchange(pending.running, {}).get();
      pending.experiment = experiment_for(node.id, node.plan,
                                          further_trials(node.plan, node.seeds, pending.first_block), false, changes);
    }
    const std::vector<std::uint64_t> seeds(node.seeds.begin(),
                                           node.seeds.begin() + pending.first_block + node.plan.blocks);
    Attempts attempts{pending.key,
                      pending.experiment,
                      node.plan,
                      node.hypothesis,
                      node.retries,
                      counter(pending.experiment),
                      [&seeds](const Plan& plan) { return make_trials(plan, seeds); }};
    AISCI_ASSIGN_OR_RETURN(const json::object outcome, settle(attempts, std::move(pending.running)));
    if (changes_in(node.retries) > changes) node.trials.clear();  // all blocks ran again
    AISCI_RETURN_IF_ERROR(take_scores(outcome, pending.experiment, node.trials, failure));
    if (const auto evidence = compute_evidence(node.plan, node.trials); evidence.ok()) {
      node.evidence = *evidence;
      node.failure = "";
    } else {
      node.failure = failure.empty() ? evidence.status().message() : failure;
    }
  }
  json::object body{{"state", node.evidence ? "done" : "failed"}, {"failure", node.failure}};
  if (node.evidence) {
    AISCI_RETURN_IF_ERROR(score(node, left));
    value = node.score->value;
    body["evidence"] = to_json(*node.evidence, node.plan);
    body["score"] =
        json::object{{"value", node.score->value},
                     {"parts", node.score_parts},
                     {"not_assessed", json::array(node.score->not_assessed.begin(), node.score->not_assessed.end())}};
  }
  return recorder_.derive("node.evaluated", pending.key, body);
}

// One more node below `parent` once the search is over, for a point of the reviews; the answer is its name.
Result<std::string> Flow::search_further(const std::string& parent, json::object hypothesis) {
  int last = 0;
  for (const auto& node : view_.nodes) last = std::max(last, std::atoi(node.id.c_str() + 1));
  const Node* above = find_node(parent);
  const Ticket ticket{0, Ticket::Kind::kImprove, "n" + std::to_string(last + 1), parent, above ? above->depth + 1 : 1};
  AISCI_RETURN_IF_ERROR(create_node(ticket, std::move(hypothesis)));
  Pending pending{ticket, {}, ticket.node, {}, 0, 0, {}};
  AISCI_RETURN_IF_ERROR(start(ticket, pending));
  std::optional<double> value;
  AISCI_RETURN_IF_ERROR(conclude(pending, 0, value));
  return ticket.node;
}

// Limits that do not follow from the ledger, the clock's and what models cost, are recorded when they strike, so that a
// resumed study ends its search at the same turn.
Status Flow::strike(std::size_t turn, double hours) {
  const std::string key = "turn-" + std::to_string(turn);
  AISCI_ASSIGN_OR_RETURN(const auto struck, recorder_.recorded("search.limited", key));
  std::string by = struck ? text_of(*struck, "by") : std::string{};
  if (by.empty() && !recorder_.verifying()) {
    if (options_.budget_hours > 0 && hours > options_.budget_hours) by = "budget_hours";
    if (by.empty()) {
      AISCI_ASSIGN_OR_RETURN(by, crew_.model_budget(kSearchShareOfModels));
    }
    if (!by.empty()) AISCI_RETURN_IF_ERROR(recorder_.note("search.limited", key, {{"by", by}}).status());
  }
  if (by.empty()) return {};
  finish_search_ = true;
  view_.ended_by = by;
  return {};
}

Status Flow::search() {
  AISCI_ASSIGN_OR_RETURN(const auto tree, SearchTree::create(options_, view_.seed));
  std::vector<Pending> pending;
  const auto began = std::chrono::steady_clock::now();
  Status status;
  for (std::size_t turn = 0; status.ok(); ++turn) {
    status = steer(turn);
    bool asked = true;
    while (status.ok() && asked && !finish_search_ && !control_.cancelled &&
           static_cast<int>(pending.size()) < parallel())
      status = search_step(*tree, pending, asked);
    if (pending.empty() || !status.ok()) break;
    status = commit(*tree, pending.front());
    if (status.ok()) pending.erase(pending.begin());
    const double hours =
        std::chrono::duration<double, std::ratio<3600>>(std::chrono::steady_clock::now() - began).count();
    AISCI_RETURN_IF_ERROR(strike(turn, hours));
  }
  if (!status.ok()) {
    control_.cancelled = true;  // the experiments under way must not outlive the study
    for (auto& rest : pending)
      if (rest.running.valid()) rest.running.wait();
    return status;
  }
  if (control_.cancelled) return cancelled("the study was cancelled; aisci resume continues it");
  for (auto& node : view_.nodes) node.belief = tree->belief(node.id);
  view_.leader = tree->leader();
  if (view_.ended_by.empty()) view_.ended_by = finish_search_ ? "steering" : tree->ended_by();
  // A search that a person or a cap ended leaves nothing to the reviews.
  if (!finish_search_) experiments_left_ = tree->experiments_left();
  tell("search ended: " + view_.ended_by, kSearchEnds);
  return recorder_.derive("search.ended", "study", {{"by", view_.ended_by}, {"nodes", view_.nodes.size()}});
}

}  // namespace aisci
