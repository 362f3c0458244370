// The models of value functions: a judgement that a model did not give stays ungiven.
//
// A value function may go on without an answer: the part is not assessed, the node has its value, and the search has
// gone on from there. When the study runs again over its ledger the model may be back; the same question must then fail
// as it did, or the node's value would be another. So each failure that a value was made without is an event
// "model.unanswered", and decides from then on.
//
// What it answered with a reason is kept for people to read beside the value.
//
//   Judgements judgements{ledger, recording, ask};
//   services.model_task = [&](const auto& request, const auto& call) { return judgements.ask(request, call); };
//   ... the value function gives a node its value ...
//   Status status = judgements.settle();                // or forget(), when the call itself failed
//   score.judgements = judgements.given();
//
// Threads: the study's own; the ledger demands it.
#pragma once

#include <aisci/registry.hpp>

#include <string>
#include <utility>
#include <vector>

#include "ledger/ledger.hpp"
#include "research/crew.hpp"

namespace aisci {

class Judgements {
 public:
  Judgements(Ledger& ledger, bool recording, decltype(HostServices::model_task) model)
      : ledger_{ledger}, recording_{recording}, model_{std::move(model)} {}

  Result<std::string> ask(const ModelTaskRequest& request, const CallContext& call);

  // Records what failed since the last time.
  Status settle();
  void forget();
  // The answers since the last time.
  std::vector<Judgement> given() { return std::exchange(given_, {}); }

 private:
  struct Unanswered {
    std::string key, task;
    Status failure;
  };

  Ledger& ledger_;
  bool recording_;
  decltype(HostServices::model_task) model_;
  std::vector<Unanswered> open_;
  std::vector<Judgement> given_;
};

}  // namespace aisci
