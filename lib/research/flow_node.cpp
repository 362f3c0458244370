// One node of the search: it is created, its experiment runs, and what came of that becomes its evidence and value.
#include <algorithm>

#include "base/files.hpp"
#include "base/text.hpp"
#include "research/flow.hpp"
#include "research/flow_retry.hpp"
#include "research/pending.hpp"

namespace aisci {
namespace {

// The trials of a node's blocks from `first_block` on, numbered after those of the blocks before.
std::vector<Trial> further_trials(const Plan& plan, const std::vector<std::uint64_t>& seeds, int first_block) {
  const auto end = std::min(seeds.size(), static_cast<std::size_t>(first_block + plan.blocks));
  const std::vector<std::uint64_t> fresh(seeds.begin() + first_block, seeds.begin() + static_cast<std::ptrdiff_t>(end));
  auto trials = make_trials(plan, fresh, 1 + first_block * static_cast<int>(plan.arms.size()));
  for (auto& trial : trials) trial.block += first_block;
  return trials;
}

json::array judgements_json(const std::vector<Judgement>& judgements) {
  json::array out;
  for (const auto& one : judgements)
    out.push_back(json::object{
        {"task", one.task}, {"score", one.score ? json::value(*one.score) : json::value(nullptr)}, {"why", one.why}});
  return out;
}

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
    if (!value.is_object()) return data_loss("the ledger has a trial of " + experiment.id + " that is no document");
    const auto& object = value.get_object();
    if (!is_trial_id(text_of(object, "id")))  // names a folder
      return data_loss("the ledger has a trial \"" + printable(text_of(object, "id"), 200) + "\" of " + experiment.id +
                       ", and the names of trials are letters and digits");
    if (!experiment.plan.arm(text_of(object, "arm")))
      return data_loss("the ledger has a trial of " + experiment.id + " with the arm \"" +
                       printable(text_of(object, "arm"), 200) + "\", which its plan does not have");
    scored.push_back(
        {{text_of(object, "id"), text_of(object, "arm"), static_cast<std::uint64_t>(integer_of(object, "seed")),
          static_cast<int>(integer_of(object, "block"))},
         number_of(object, "score")});
    if (object.contains("parameters")) scored.back().parameters = number_of(object, "parameters");
    if (object.contains("training_loss")) scored.back().training_loss = number_of(object, "training_loss");
    scored.back().diverged = flag_of(object, "diverged");
    if (object.contains("training_accuracy")) scored.back().training_accuracy = number_of(object, "training_accuracy");
  }
  for (const auto& environment : texts_of(outcome, "environments")) view_.environments.insert(environment);
  if (!recorder_.verifying()) return {};
  const json::object now = outcome_json(read_experiment(experiment));
  const std::string place = experiment.folder.lexically_relative(folder_).generic_string();
  if (!equal_documents(member(now, "environments"), member(outcome, "environments")))
    recorder_.report({place + "/trials: what their programs ran with", canonical(member(now, "environments")),
                      canonical(member(outcome, "environments"))});
  std::map<std::string, const json::object*> raw;
  for (const auto& value : array_of(now, "trials")) raw[text_of(value.get_object(), "id")] = &value.get_object();
  for (const auto& value : array_of(outcome, "trials")) {
    const auto& recorded = value.get_object();
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

Status Flow::create_node(const Ticket& ticket, json::object hypothesis) {
  Node node;
  node.id = ticket.node;
  node.parent = ticket.parent;
  node.depth = ticket.depth;
  node.hypothesis = std::move(hypothesis);
  view_.proposed.insert(text_of(node.hypothesis, "statement"));
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
        files[std::string{file.key()}] = text_of(object_of(*designed, "code"), file.key());
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

TrialListener Flow::counter(const Experiment& experiment) {
  return [this, id = experiment.id, count = experiment.trials.size(),
          done = std::make_shared<std::atomic<std::size_t>>(0)](const std::string&) {
    control_.tell(id + ": trial " + std::to_string(++*done) + " of " + std::to_string(count), progress_);
  };
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
  return launch(next);
}

// Runs an experiment beside the study's thread, unless the ledger knows how this attempt at it ended.
Status Flow::launch(Pending& next) {
  AISCI_ASSIGN_OR_RETURN(const auto known, recorder_.recorded("experiment.completed", next.key));
  AISCI_ASSIGN_OR_RETURN(const bool retried, retried_before(next.key, next.attempt));
  if (known || retried || recorder_.verifying()) return {};
  control_.wait_while_paused();
  const Node& node = *find_node(next.ticket.node);
  AISCI_RETURN_IF_ERROR(recorder_
                            .note("experiment.started", next.key,
                                  {{"trials", next.experiment.trials.size()},
                                   {"declared_seconds", declared_cost(node.plan, node.plan.blocks)}},
                                  Durability::kBuffered)
                            .status());
  tell(node.id + ": " + shown(node.plan.title), progress_);
  next.experiment.attempt = next.attempt;
  arrivals_.expect(next.key);
  next.running = std::async(std::launch::async,
                            [this, key = next.key, experiment = next.experiment, listener = counter(next.experiment)] {
                              const Arrivals::Ended ended{arrivals_, key};
                              return run_experiment(experiment, crew_, listener, control_.cancelled);
                            });
  return {};
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the state that futures share is not seen to be freed

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
  const auto parts = metrics.metrics;
  AISCI_ASSIGN_OR_RETURN(const auto error, significance_error(node.plan, *node.evidence));
  if (error) metrics.metrics["significance_stddev"] = *error;
  metrics.documents = {{"hypothesis", canonical(node.hypothesis)},
                       {"plan", canonical(node.plan.document)},
                       {"evidence", canonical(to_json(*node.evidence, node.plan))}};
  for (const auto& [name, text] : code_[node.id])
    if (name != kExperimentModule) metrics.documents["code"] += "# " + name + "\n" + text;
  AISCI_ASSIGN_OR_RETURN(node.score, crew_.evaluate(metrics));
  node.score_parts = {};
  for (const auto& [name, value] : node.score->parts.empty() ? parts : node.score->parts) {
    const auto own = parts.find(name);
    node.score_parts[name] = own == parts.end() ? value : own->second;  // not as it was printed and read
  }
  for (const auto& part : node.score->not_assessed)
    if (std::find(view_.not_assessed.begin(), view_.not_assessed.end(), part) == view_.not_assessed.end())
      view_.not_assessed.push_back(part);
  return {};
}

// How a pending experiment ended. Nothing while it has to be waited for again: in order of arrival nobody waits while
// it is repeated.
Result<std::optional<json::object>> Flow::outcome_of(Pending& pending) {
  Node& node = *find_node(pending.ticket.node);
  const std::size_t before = changes_in(node.retries);
  std::optional<json::object> outcome;
  if (before > pending.changes) {  // another experiment of the node changed its recipe meanwhile
    if (pending.running.valid()) (void)std::exchange(pending.running, {}).get();
    pending.experiment =
        experiment_for(node.id, node.plan, further_trials(node.plan, node.seeds, pending.first_block), false, before);
    pending.changes = before;
    if (by_arrival()) {
      AISCI_RETURN_IF_ERROR(launch(pending));
      return outcome;
    }
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
  do {
    AISCI_ASSIGN_OR_RETURN(outcome, attempt(attempts, pending.attempt, std::exchange(pending.running, {})));
    if (!outcome) ++pending.attempt;
  } while (!outcome && !by_arrival());
  if (changes_in(node.retries) > before) pending.whole = true;
  pending.changes = changes_in(node.retries);
  if (!outcome) AISCI_RETURN_IF_ERROR(launch(pending));
  return outcome;
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the state that futures share is not seen to be freed

// Evidence and value of an experiment that ended; no value when it failed. False when it did not end yet.
Result<bool> Flow::conclude(Pending& pending, int left, std::optional<double>& value) {
  Node& node = *find_node(pending.ticket.node);
  std::string failure = pending.refused;
  if (failure.empty()) {
    AISCI_ASSIGN_OR_RETURN(const auto outcome, outcome_of(pending));
    if (!outcome) return false;
    if (pending.whole) node.trials.clear();  // all blocks ran again
    AISCI_RETURN_IF_ERROR(take_scores(*outcome, pending.experiment, node.trials, failure));
    if (const auto evidence = compute_evidence(node.plan, node.trials); evidence.ok()) {
      node.evidence = *evidence;
      node.failure = "";
    } else {
      node.failure = failure.empty() ? evidence.status().message() : failure;
    }
  }
  if (node.evidence) {
    // FAILED_PRECONDITION is about this node alone: others may yet be told apart. It failed, unless it has a value from
    // before it got further blocks, which then stands.
    const Status scored = score(node, left);
    if (!scored.ok() && scored.code() != StatusCode::kFailedPrecondition) return scored;
    if (!node.score) {
      node.failure = scored.message();
      node.evidence.reset();
    }
  }
  json::object body{{"state", node.evidence ? "done" : "failed"}, {"failure", node.failure}};
  if (node.evidence) {
    value = node.score->value;
    body["evidence"] = to_json(*node.evidence, node.plan);
    json::object told{{"value", node.score->value},
                      {"parts", node.score_parts},
                      {"not_assessed", json::array(node.score->not_assessed.begin(), node.score->not_assessed.end())}};
    if (const json::object weights = weights_json(*node.score); !weights.empty()) told["weights"] = weights;
    if (node.score->stddev) told["stddev"] = *node.score->stddev;
    body["score"] = std::move(told);
    if (!node.score->judgements.empty()) body["judgements"] = judgements_json(node.score->judgements);
  }
  AISCI_RETURN_IF_ERROR(recorder_.derive("node.evaluated", pending.key, body));
  return true;
}

// One more node below `parent` once the search is over, for a point of the reviews; the answer is its name.
Result<std::string> Flow::search_further(const std::string& parent, json::object hypothesis) {
  int last = 0;
  for (const auto& node : view_.nodes) last = std::max(last, std::atoi(node.id.c_str() + 1));
  const Node* above = find_node(parent);
  const Ticket ticket{0, Ticket::Kind::kImprove, "n" + std::to_string(last + 1), parent, above ? above->depth + 1 : 1};
  AISCI_RETURN_IF_ERROR(create_node(ticket, std::move(hypothesis)));
  find_node(ticket.node)->late = true;
  Pending pending;
  pending.ticket = ticket;
  pending.key = ticket.node;
  AISCI_RETURN_IF_ERROR(start(ticket, pending));
  std::optional<double> value;
  for (bool ended = false; !ended;) {
    AISCI_ASSIGN_OR_RETURN(ended, conclude(pending, 0, value));
  }
  return ticket.node;
}

}  // namespace aisci
