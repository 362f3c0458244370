#include "runtime/model_tasks.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"

namespace aisci {
namespace {

// A real model wraps JSON in prose or fences now and then; take the outermost object.
Result<json::value> answer_of(const json::object& response, const std::string& what) {
  const auto& output = member(response, response.contains("output") ? "output" : "text");
  if (!output.is_string()) return output;
  std::string_view text{output.get_string().data(), output.get_string().size()};
  const auto begin = text.find('{');
  const auto end = text.rfind('}');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
    return invalid_argument(what + " is not a JSON object");
  return parse_json(text.substr(begin, end - begin + 1), what);
}

}  // namespace

// A deterministic provider answers again as it did; the recorded answer was changed when it does not.
Result<std::string> ModelTasks::check_recorded(const std::string& key, const json::object& question,
                                               const std::string& recorded) {
  AISCI_ASSIGN_OR_RETURN(const std::string text, provider_(json::serialize(question)));
  AISCI_ASSIGN_OR_RETURN(const json::object response,
                         parse_json_object(text, "the response of provider " + provider_name_));
  AISCI_ASSIGN_OR_RETURN(const json::value answer, answer_of(response, "the answer to " + key));
  if (const std::string now = canonical(answer); now != recorded) {
    const auto [expected, found] = difference(now, recorded);
    differs_("ledger: answer to " + key, expected, found);
  }
  return recorded;
}

Result<std::string> ModelTasks::run(const ModelRequest& request) {
  json::object question{{"task", json::object{{"name", request.name}, {"input", request.input}}},
                        {"messages", request.messages},
                        {"schema", request.schema},
                        {"model", model_}};
  const std::string identity = sha256(canonical(json::object{{"question", question}, {"provider", provider_name_}}));
  const std::string key = request.name + "/" + identity.substr(0, 16);
  AISCI_ASSIGN_OR_RETURN(const auto answered, ledger_.find("model.answered", key));
  if (answered) {
    AISCI_ASSIGN_OR_RETURN(std::string recorded, ledger_.get(text_of(answered->body, "answer")));
    return verifying_ && ask_again_ ? check_recorded(key, question, recorded) : recorded;
  }
  if (verifying_) return data_loss("the ledger has no answer to " + key + ": the task's input is not what it was");

  AISCI_ASSIGN_OR_RETURN(const auto asked, ledger_.find("model.asked", key));
  if (!asked) {
    AISCI_ASSIGN_OR_RETURN(const std::string stored, ledger_.put(canonical(question)));
    AISCI_RETURN_IF_ERROR(
        ledger_
            .append("model.asked", key,
                    {{"task", request.name}, {"question", stored}, {"provider", provider_name_}, {"model", model_}})
            .status());
  }
  const std::string what = "the answer to " + request.name;
  std::int64_t input_tokens = 0, output_tokens = 0;
  Status problem;
  for (int attempt = 0; attempt <= kRepairs; ++attempt) {
    AISCI_ASSIGN_OR_RETURN(const std::string text, provider_(json::serialize(question)));
    AISCI_ASSIGN_OR_RETURN(const json::object response,
                           parse_json_object(text, "the response of provider " + provider_name_));
    const auto& usage = object_of(response, "usage");
    input_tokens += integer_of(usage, "input_tokens");
    output_tokens += integer_of(usage, "output_tokens");
    const auto answer = answer_of(response, what);
    problem = answer.ok() ? check_schema(*answer, request.schema, what) : answer.status();
    if (problem.ok()) {
      std::string document = canonical(*answer);
      AISCI_ASSIGN_OR_RETURN(const std::string stored, ledger_.put(document));
      AISCI_RETURN_IF_ERROR(ledger_
                                .append("model.answered", key,
                                        {{"task", request.name},
                                         {"answer", stored},
                                         {"provider", provider_name_},
                                         {"model", text_of(response, "model", model_)},
                                         {"attempts", attempt + 1},
                                         {"input_tokens", input_tokens},
                                         {"output_tokens", output_tokens}})
                                .status());
      return document;
    }
    if (!question["messages"].is_array()) question["messages"] = json::array{};
    question["messages"].as_array().push_back(json::object{
        {"role", "user"},
        {"content",
         problem.message() + ". Answer again with one JSON object that fits the schema, and nothing else."}});
  }
  return invalid_argument(problem.message() + " (after " + std::to_string(kRepairs) + " repairs)");
}

}  // namespace aisci
