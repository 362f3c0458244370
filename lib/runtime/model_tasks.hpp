// Model tasks: the one way from an agent to a model.
//
// A model task is {name, input document, rendered messages, response schema}. run() answers it
// from the ledger when the same task was answered before, else asks the model (model_calls.hpp), checks the
// answer against the schema, gives the model two chances to repair a bad one, and records question and answer with
// what they cost before it returns.
//
//   ModelTasks tasks{ledger, provider, {.provider = "openai", .model = "gpt-4.1"}};
//   tasks.use_at_cap("offline", offline);                       // who answers once a cap is reached
//   Result<std::string> answer = tasks.run({"ideation.scope", input, messages, schema});
//
// Threads: one thread at a time, the study's own; the ledger demands it.
#pragma once

#include <aisci/status.hpp>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "ledger/ledger.hpp"
#include "runtime/model_calls.hpp"

namespace aisci {

struct ModelRequest {
  std::string name;      // "ideation.scope"
  json::value input;     // the task's input document
  json::value messages;  // [{"role", "content"}]; what a real model reads
  json::value schema;    // JSON Schema of the answer; {} accepts any object
};

class ModelTasks {
 public:
  ModelTasks(Ledger& ledger, ModelProvider provider, ModelCalls::Settings settings)
      : ledger_{ledger},
        provider_{provider},
        name_{settings.provider},
        model_{settings.model},
        redaction_{settings.redaction},
        calls_{ledger, std::move(provider), std::move(settings)} {}

  // Who answers tasks once a cap of the budget is reached, so that a study still ends with a paper. Without one, run()
  // then fails with RESOURCE_EXHAUSTED.
  void use_at_cap(std::string name, ModelProvider provider) {
    substitute_name_ = std::move(name);
    substitute_ = std::move(provider);
  }

  // The answer as JSON text. FAILED_PRECONDITION when the model's answer fits the schema neither at first nor
  // after its repairs, or it refused, with what is wrong.
  Result<std::string> run(const ModelRequest& request);

  static constexpr int kRepairs = 2;

  // The cap of which more than `share` is used: "budget_tokens" or "budget_usd"; "" when none is.
  Result<std::string> used_beyond(double share);
  // What is left of "tokens" or "usd"; none when it has no cap.
  std::optional<double> budget_left(std::string_view what) const { return calls_.budget().left(what); }
  // What people must know of answers that did not come from the configured model; the same when a study is run again
  // over its ledger.
  std::vector<std::string> substitutions() const;

  // From now on nothing is recorded: what was answered is returned, what was not is DATA_LOSS. With `ask_again` (for a
  // deterministic provider) every task is also asked again, and an answer that differs is told to `differs`.
  using Differs = std::function<void(const std::string& place, const std::string& expected, const std::string& found)>;
  void verify(bool ask_again, Differs differs) {
    verifying_ = true;
    ask_again_ = ask_again;
    differs_ = std::move(differs);
  }

 private:
  // What a conversation about one task came to so far.
  struct Talk {
    json::object question;
    std::string provider, model, because;
    std::int64_t input_tokens = 0, output_tokens = 0;
    int attempts = 0;
  };

  Result<json::object> ask(const std::string& name, Talk& talk);
  Result<std::string> record(const std::string& key, const std::string& name, const json::value& answer,
                             const Talk& talk);
  Result<std::string> take_recorded(const std::string& key, const Event& answered, const json::object& question);
  Status check_recorded(const std::string& key, const json::object& question, const std::string& recorded);

  Ledger& ledger_;
  bool verifying_ = false;
  bool ask_again_ = false;
  Differs differs_;
  ModelProvider provider_;
  std::string name_;
  std::string model_;
  Redaction redaction_;
  ModelCalls calls_;
  std::string substitute_name_;
  ModelProvider substitute_;
  std::map<std::string, std::set<std::string>> substituted_;  // "because" -> tasks that another provider answered
};

// Checks a document against a JSON Schema (draft 7). The failure lists up to five places.
Status check_schema(const json::value& document, const json::value& schema, std::string_view what);

}  // namespace aisci
