// The state of a study as a fold over its events: what `aisci show` prints, while the study runs or long after.
#include <aisci/inspect.hpp>
#include <map>

#include "base/text.hpp"
#include "ledger/ledger.hpp"
#include "research/cost.hpp"

namespace aisci {
namespace {

struct Fold {
  json::object study;
  std::string state = "running";
  std::vector<std::string> order;
  std::map<std::string, json::object> nodes;
  json::array claims;
  Cost cost;

  Fold() { cost.usd = 0; }

  // Of what a study has once, the event under the key that its flow gives it: others are not the study's.
  void take(const Event& event) {
    const auto& body = event.body;
    const std::string node = event.key.substr(0, event.key.find('/'));
    const auto once = [&](std::string_view type) { return event.type == type && event.key == "study"; };
    add_to(cost, event);
    if (once("study.created")) {
      study = {{"question", member(body, "question")},
               {"seed", member(body, "seed")},
               {"aisci", member(body, "aisci")},
               {"created", event.time}};
    } else if (once("scope.decided")) {
      study["template"] = member(body, "template");
    } else if (once("study.refused")) {
      state = "refused";
    } else if (event.type == "node.created") {
      order.push_back(event.key);
      nodes[event.key] = {{"id", event.key},
                          {"parent", member(body, "parent")},
                          {"stage", member(body, "stage")},
                          {"hypothesis", member(body, "statement")},
                          {"verdict", nullptr},
                          {"score", nullptr},
                          {"visits", 0},
                          {"experiments", 0},
                          {"state", "created"}};
    } else if (event.type == "experiment.started" && nodes.count(node)) {
      nodes[node]["experiments"] = integer_of(nodes[node], "experiments") + 1;
      nodes[node]["state"] = "running";
    } else if (event.type == "experiment.retried") {
      if (const auto entry = nodes.find(event.key.substr(0, event.key.find_first_of("/#"))); entry != nodes.end())
        entry->second["retries"] = integer_of(entry->second, "retries") + 1;
    } else if (event.type == "node.evaluated" && nodes.count(node)) {
      auto& entry = nodes[node];
      entry["state"] = member(body, "state");
      entry["visits"] = integer_of(entry, "visits") + 1;
      entry["score"] = at(body, "score.value");
      entry["reading"] = at(body, "evidence.reading");
      entry["contrast"] = at(body, "evidence.contrast.mean");
      if (body.contains("judgements")) entry["judgements"] = member(body, "judgements");
      if (!text_of(body, "failure").empty()) entry["failure"] = member(body, "failure");
    } else if (once("search.ended")) {
      study["policy"] = member(body, "policy");
      study["order"] = member(body, "order");
      study["leader"] = member(body, "leader");
      for (const auto& posterior : object_of(body, "posteriors"))
        if (const auto entry = nodes.find(std::string{posterior.key()}); entry != nodes.end())
          entry->second["posterior"] = posterior.value();
    } else if (once("claims.locked")) {
      for (const auto& claim : array_of(body, "claims")) {
        claims.push_back(json::object{{"id", at(claim, "id")},
                                      {"node", at(claim, "node")},
                                      {"statement", at(claim, "statement")},
                                      {"blocks", at(claim, "blocks")},
                                      {"verdict", nullptr}});
      }
    } else if (event.type == "claim.decided") {
      decide(event);
    } else if (once("study.completed")) {
      state = "completed";
      study["ended_by"] = member(body, "ended_by");
      study["quality"] = member(body, "quality");
      study["degraded"] = member(body, "degraded");
    }
    const std::string ended = event.type == "run.ended" ? text_of(body, "state") : "";
    if (ended == "cancelled" || ended == "failed")
      state = ended;
    else if (state == "cancelled" || state == "failed")
      state = "running";  // a later run continued it
    study["updated"] = event.time;
  }

  void decide(const Event& event) {
    for (auto& value : claims) {
      auto& claim = value.get_object();
      if (text_of(claim, "id") != event.key) continue;
      claim["verdict"] = member(event.body, "verdict");
      claim["blocks"] = array_of(object_of(event.body, "evidence"), "blocks").size();
      claim["effect"] = at(event.body, "evidence.contrast.mean");
      claim["lower"] = at(event.body, "evidence.contrast.lower");
      claim["upper"] = at(event.body, "evidence.contrast.upper");
      if (const auto node = nodes.find(text_of(claim, "node")); node != nodes.end())
        node->second["verdict"] = member(event.body, "verdict");
    }
  }
};

}  // namespace

Result<std::string> describe_study(const std::filesystem::path& folder) {
  AISCI_ASSIGN_OR_RETURN(const auto ledger, Ledger::open_for_reading(folder / "study.db"));
  AISCI_ASSIGN_OR_RETURN(const auto events, ledger->events());
  Fold fold;
  for (const auto& event : events) {
    if (event.type == "node.created" && event.key.empty())
      return data_loss("event " + std::to_string(event.sequence) +
                       " of the ledger is a hypothesis without a name, which aisci never makes: somebody changed it");
    fold.take(event);
  }
  const Cost& cost = fold.cost;
  json::array nodes;
  for (const auto& id : fold.order) nodes.push_back(fold.nodes[id]);
  return pretty(json::object{{"schema", "aisci/show/1"},
                             {"study", fold.study},
                             {"state", fold.state},
                             {"nodes", std::move(nodes)},
                             {"claims", fold.claims},
                             {"cost", json::object{{"model_calls", cost.model_calls},
                                                   {"input_tokens", cost.input_tokens},
                                                   {"output_tokens", cost.output_tokens},
                                                   {"model_attempts", cost.model_attempts},
                                                   {"usd", cost.usd ? json::value(*cost.usd) : json::value(nullptr)},
                                                   {"trials", cost.trials}}},
                             {"events", events.size()},
                             {"head", ledger->head()}});
}

}  // namespace aisci
