// Model tasks: the one way from an agent to a model.
//
// A model task is {name, input document, rendered messages, response schema}. run() answers it
// from the ledger when the same task was answered before, else asks the provider, checks the
// answer against the schema, gives the model one bounded chance to repair a bad one, and records
// question, answer and usage before it returns.
//
// Threads: one thread at a time, the study's own; the ledger demands it.
#pragma once

#include <aisci/status.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "ledger/ledger.hpp"

namespace aisci {

struct ModelRequest {
  std::string name;      // "ideation.scope"
  json::value input;     // the task's input document
  json::value messages;  // [{"role", "content"}]; what a real model reads
  json::value schema;    // JSON Schema of the answer; {} accepts any object
};

class ModelTasks {
 public:
  // Sends one request document to the configured provider, returns its response document.
  using Provider = std::function<Result<std::string>(const std::string& request)>;

  ModelTasks(Ledger& ledger, Provider provider, std::string provider_name, std::string model)
      : ledger_{ledger},
        provider_{std::move(provider)},
        provider_name_{std::move(provider_name)},
        model_{std::move(model)} {}

  // The answer as JSON text. INVALID_ARGUMENT when the model's answer fits the schema neither at first nor
  // after its repairs, with what is wrong.
  Result<std::string> run(const ModelRequest& request);

  static constexpr int kRepairs = 2;

  // From now on nothing is recorded: what was answered is returned, what was not is DATA_LOSS. With `ask_again` (for a
  // deterministic provider) every task is also asked again, and an answer that differs is told to `differs`.
  using Differs = std::function<void(const std::string& place, const std::string& expected, const std::string& found)>;
  void verify(bool ask_again, Differs differs) {
    verifying_ = true;
    ask_again_ = ask_again;
    differs_ = std::move(differs);
  }

 private:
  Result<std::string> check_recorded(const std::string& key, const json::object& question, const std::string& recorded);

  Ledger& ledger_;
  bool verifying_ = false;
  bool ask_again_ = false;
  Differs differs_;
  Provider provider_;
  std::string provider_name_;
  std::string model_;
};

// Checks a document against a JSON Schema (draft 7). The failure lists up to five places.
Status check_schema(const json::value& document, const json::value& schema, std::string_view what);

}  // namespace aisci
