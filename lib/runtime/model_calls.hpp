// Calls to a model: each question is paid once, whatever happens between.
//
// ask() answers from the ledger when the question was paid for before. Otherwise, stage by stage: the budget reserves
// the worst case; the ledger records the intent ("model.call.started"); secrets are taken out; the provider is asked;
// the outcome is recorded ("model.call": tokens, cost, model, what failed); the budget settles; and the retry policy
// says whether and when the next attempt comes. This is the only retry loop. An intent without an outcome, left by a
// crash, counts at its worst case: it may have been paid.
//
//   ModelCalls calls{ledger, provider, {.provider = "openai", .model = "gpt-4.1", .budget = {.usd = 5}}};
//   Result<json::object> response = calls.ask("ideation.scope", question);    // {"text", "usage", "finish", ...}
//
// A provider that computes its answers, as `offline` does, is not metered: nothing is paid, waited for or recorded
// here.
//
// Threads: one at a time, the study's own; the ledger demands it.
#pragma once

#include <aisci/status.hpp>
#include <functional>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "ledger/ledger.hpp"
#include "runtime/model_budget.hpp"
#include "runtime/redaction.hpp"
#include "runtime/retry_policy.hpp"

namespace aisci {

// One attempt: the response document, or why there is none; and what the provider reported on the way.
struct ModelReply {
  ModelReply(Result<std::string> given) : response{std::move(given)} {}  // NOLINT: implicit on purpose
  ModelReply(Status failure) : response{std::move(failure)} {}           // NOLINT
  ModelReply(std::string text) : response{std::move(text)} {}            // NOLINT

  Result<std::string> response;
  json::object http;   // {"status", "retry_after_seconds", "retry", "sent"}
  json::object usage;  // {"input_tokens", "output_tokens", "cached_tokens", "cost_usd", "estimated"}
};

// Sends one request document to a model; makes one attempt.
using ModelProvider = std::function<ModelReply(const std::string& request)>;

class ModelCalls {
 public:
  struct Settings {
    std::string provider;
    std::string model;
    bool metered = true;
    ModelBudget::Limits budget;
    RetryPolicy retry;
    Redaction redaction;
    // The price of the model, asked for once and before the first call; none: unknown.
    std::function<std::optional<ModelPrice>()> price = [] { return std::nullopt; };
    // The price is the user's own: then a lower cost that the server says does not count.
    bool price_given = false;
    // Tokens of a text, from above.
    std::function<std::int64_t(std::string_view)> count_tokens = [](std::string_view text) {
      return static_cast<std::int64_t>(text.size() / 2 + 1);
    };
    std::function<bool()> cancelled = [] { return false; };
    std::function<void(double seconds)> wait;  // none: sleeps, and returns early when cancelled
    std::function<void(const std::string& line)> tell = [](const std::string&) {};
  };

  ModelCalls(Ledger& ledger, ModelProvider provider, Settings settings);

  // The model's response to a question {"task", "messages", "schema", "model"}. The provider's failure when attempts
  // are used up; RESOURCE_EXHAUSTED when a cap is reached, which budget().reached() then names.
  Result<json::object> ask(const std::string& task, const json::object& question);

  const ModelBudget& budget() const noexcept { return budget_; }
  // What was spent in earlier runs counts from the first time that either this or ask() is called.
  Status read_past();

 private:
  Result<std::optional<json::object>> recorded(const std::string& key, int& next) const;
  Result<json::object> attempt(const std::string& task, const std::string& key, json::object question,
                               ModelReply& reply);
  Result<json::object> response_of(const ModelReply& reply) const;
  ModelCost cost_of_reply(const ModelReply& reply, const json::object& response, const ModelCost& worst) const;
  void wait(double seconds) const;

  Ledger& ledger_;
  ModelProvider provider_;
  Settings settings_;
  ModelBudget budget_;
  bool past_read_ = false;
  bool priced_ = false;
  bool reached_before_ = false;  // this run has had an answer of any kind from the server
};

}  // namespace aisci
