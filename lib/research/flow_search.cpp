// The search: select a node, create it, run its experiment, compute the evidence, score it, tell the tree.
//
// Leases are issued and outcomes committed in ticket order, whatever finishes first: the tree then depends on the
// seed alone. With the option `order = "arrival"` what ends first is committed first; which that was is an outcome in
// the ledger, so the tree depends on the ledger alone. Agents are asked on the study's thread; only experiments run
// beside it.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "research/flow.hpp"
#include "research/pending.hpp"
#include "research/proposal_features.hpp"

namespace aisci {
namespace {

// The search's share of the progress of a whole study.
constexpr double kSearchBegins = 0.05;
constexpr double kSearchEnds = 0.55;
constexpr double kSearchShareOfModels = 0.6;  // of a cap on models; the rest is for the paper and its reviews

}  // namespace

// None: there is nothing left to propose there.
Result<std::optional<json::object>> Flow::next_hypothesis(SearchTree& tree, const Ticket& ticket) {
  using Next = std::optional<json::object>;
  std::vector<json::object> proposals;
  std::vector<std::vector<double>> features;
  const auto propose = [&](json::object hypothesis) {
    features.push_back(proposal_features(hypothesis, view_.template_document));
    proposals.push_back(std::move(hypothesis));
  };
  if (ticket.kind == Ticket::Kind::kDraft && !waiting_.empty()) {
    propose(std::move(waiting_.front()));
    waiting_.erase(waiting_.begin());
    return Next{std::move(proposals[tree.choose(ticket, features)])};
  }
  json::array tried;
  for (const auto& node : view_.nodes) tried.push_back(node.hypothesis);
  for (const auto& hypothesis : waiting_) tried.push_back(hypothesis);
  json::object input = study_document(around(view_, ticket.parent));
  input["parent"] = ticket.parent;
  input["count"] = 3;
  input["tried"] = std::move(tried);
  AISCI_ASSIGN_OR_RETURN(const json::object refined, act("ideation.refine", input));
  for (const auto& value : array_of(refined, "hypotheses")) {
    json::object hypothesis = value.is_object() ? value.get_object() : json::object{};
    if (hypothesis.empty()) continue;
    view_.proposed.insert(text_of(hypothesis, "statement"));
    if (!published(hypothesis)) propose(std::move(hypothesis));
  }
  if (proposals.empty()) return Next{};
  return Next{std::move(proposals[tree.choose(ticket, features)])};
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
    waiting_.insert(waiting_.begin(), hypothesis), view_.proposed.insert(text_of(hypothesis, "statement"));
  return {};
}

// Issues one lease and starts its experiment; `asked` says whether there was one to issue.
Status Flow::search_step(SearchTree& tree, std::vector<Pending>& pending, bool& asked) {
  const auto ticket = tree.ask();
  asked = ticket.has_value();
  if (!ticket) return {};
  Pending next;
  next.ticket = *ticket;
  next.key = ticket->node;
  if (ticket->kind != Ticket::Kind::kReplicate) {
    AISCI_ASSIGN_OR_RETURN(auto hypothesis, next_hypothesis(tree, *ticket));
    if (!hypothesis) {
      tree.abandon(*ticket);  // closed there; elsewhere there may be more
      return {};
    }
    AISCI_RETURN_IF_ERROR(create_node(*ticket, std::move(*hypothesis)));
  }
  AISCI_RETURN_IF_ERROR(start(*ticket, next));
  pending.push_back(std::move(next));
  return {};
}

// Which of the experiments under way is settled next: the one that was asked for first, or, in order of arrival, the
// one that ended first. Those of one node keep their order, as their blocks do.
Result<std::size_t> Flow::next_to_settle(const std::vector<Pending>& pending, std::size_t turn) {
  if (!by_arrival()) return 0;
  std::set<std::string> nodes;
  std::vector<std::string> keys;
  std::string at_hand;  // there is nothing to wait for
  for (const auto& one : pending) {
    if (!nodes.insert(one.ticket.node).second) continue;
    keys.push_back(one.key);
    if (at_hand.empty() && !one.running.valid()) at_hand = one.key;
  }
  if (keys.size() < 2) return 0;
  AISCI_ASSIGN_OR_RETURN(
      const json::object arrived,
      recorder_.outcome("search.arrived", "turn-" + std::to_string(turn), [&]() -> Result<json::object> {
        const std::string key = at_hand.empty() ? arrivals_.first_of(keys) : at_hand;
        if (control_.cancelled) return cancelled("the study was cancelled; aisci resume continues it");
        return json::object{{"experiment", key}};
      }));
  const std::string key = text_of(arrived, "experiment");
  if (std::find(keys.begin(), keys.end(), key) == keys.end())
    return data_loss("the ledger says that experiment \"" + key + "\" was the next to end, where only " +
                     join(keys, ", ") + " were under way");
  return static_cast<std::size_t>(
      std::find_if(pending.begin(), pending.end(), [&](const Pending& one) { return one.key == key; }) -
      pending.begin());
}

// Waits for one experiment, computes what it says and tells the tree; false when it runs once more.
Result<bool> Flow::commit(SearchTree& tree, Pending& pending) {
  std::optional<double> value;
  const int left = tree.experiments_left();
  AISCI_ASSIGN_OR_RETURN(const bool ended, conclude(pending, left, value));
  if (!ended) return false;
  const Node& node = *find_node(pending.ticket.node);
  AISCI_RETURN_IF_ERROR(tree.tell(pending.ticket, value, value ? node.score->stddev : std::nullopt,
                                  node.plan.arms.empty() ? 0.0 : declared_cost(node.plan, node.plan.blocks)));
  const double share = 1.0 - static_cast<double>(left) / std::max(1, options_.max_experiments);
  tell(node.id +
           (value ? ": " + reading_of(*node.evidence) + ", worth " + fixed(*value, 2) : ": failed, " + node.failure),
       kSearchBegins + (kSearchEnds - kSearchBegins) * share);
  return true;
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
    const auto next = next_to_settle(pending, turn);
    const auto ended = next.ok() ? commit(*tree, pending[*next]) : Result<bool>{next.status()};
    status = ended.status();
    if (ended.ok() && *ended) pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(*next));
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
  return end_search(*tree);
}

Status Flow::end_search(const SearchTree& tree) {
  json::object posteriors;
  for (auto& node : view_.nodes) {
    node.belief = tree.belief(node.id);
    if (node.belief) posteriors[node.id] = json::object{{"mean", node.belief->mean}, {"sd", node.belief->stddev}};
  }
  view_.leader = tree.leader();
  view_.policy = options_.policy;
  if (view_.ended_by.empty()) view_.ended_by = finish_search_ ? "steering" : tree.ended_by();
  // A search that a person or a cap ended leaves nothing to the reviews.
  if (!finish_search_) experiments_left_ = tree.experiments_left();
  tell("search ended: " + view_.ended_by, kSearchEnds);
  json::object body{{"by", view_.ended_by},
                    {"nodes", view_.nodes.size()},
                    {"policy", options_.policy},
                    {"order", options_.order},
                    {"posteriors", std::move(posteriors)}};
  if (view_.leader) body["leader"] = json::object{{"node", view_.leader->node}, {"optimism", view_.leader->optimism}};
  return recorder_.derive("search.ended", "study", body);
}

}  // namespace aisci
