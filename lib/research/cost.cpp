#include "research/cost.hpp"

namespace aisci {

void add_to(Cost& cost, const Event& event) {
  const auto& body = event.body;
  if (event.type == "experiment.completed") {
    cost.trials += static_cast<std::int64_t>(array_of(body, "trials").size());
  } else if (event.type == "model.answered") {
    ++cost.model_calls;
  } else if (event.type == "model.call") {  // each attempt, also one that failed
    ++cost.model_attempts;
    cost.input_tokens += integer_of(body, "input_tokens");
    cost.output_tokens += integer_of(body, "output_tokens");
    if (!member(body, "cost_usd").is_number())
      cost.usd.reset();
    else if (cost.usd)
      *cost.usd += number_of(body, "cost_usd");
  }
}

Result<Cost> cost_of(const Ledger& ledger) {
  AISCI_ASSIGN_OR_RETURN(const auto events, ledger.events());
  Cost cost;
  cost.usd = 0;
  for (const auto& event : events) add_to(cost, event);
  return cost;
}

}  // namespace aisci
