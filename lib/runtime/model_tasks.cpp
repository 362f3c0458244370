#include "runtime/model_tasks.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"

namespace aisci {
namespace {

constexpr std::size_t kLongestQuoted = 60000;  // of a bad answer, in the message that asks for a better one

// A real model wraps JSON in prose or fences now and then; take the outermost object.
Result<json::value> answer_of(const json::object& response, const std::string& what) {
  if (text_of(response, "finish") == "refused")
    return failed_precondition(what + ": the model refused" +
                               (text_of(response, "refusal").empty() ? "" : ", saying: ") +
                               printable(text_of(response, "refusal"), 300));
  const auto& output = member(response, response.contains("output") ? "output" : "text");
  if (!output.is_string()) return output;
  std::string_view text{output.get_string().data(), output.get_string().size()};
  const auto begin = text.find('{');
  const auto end = text.rfind('}');
  const char* cut = text_of(response, "finish") == "length" ? " was cut off by the limit of its length, so it" : "";
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
    return invalid_argument(what + cut + " is not a JSON object");
  auto parsed = parse_json(text.substr(begin, end - begin + 1), what);
  if (!parsed.ok() && *cut) return invalid_argument(what + cut + " is not a JSON object: be briefer");
  return parsed;
}

// The conversation goes on with what the model said and what is wrong with it.
void add_complaint(json::object& question, const json::object& response, const Status& problem) {
  if (!question["messages"].is_array()) question["messages"] = json::array{};
  auto& messages = question["messages"].as_array();
  std::string said = text_of(response, "text");
  if (said.empty() && response.contains("output")) said = json::serialize(member(response, "output"));
  if (!said.empty())
    messages.push_back(json::object{{"role", "assistant"}, {"content", printable(said, kLongestQuoted)}});
  messages.push_back(json::object{
      {"role", "user"},
      {"content", problem.message() + ". Answer again with one JSON object that fits the schema, and nothing else."}});
}

}  // namespace

// A deterministic provider answers again as it did; the recorded answer was changed when it does not.
Status ModelTasks::check_recorded(const std::string& key, const json::object& question, const std::string& recorded) {
  const ModelReply reply = provider_(json::serialize(question));
  AISCI_RETURN_IF_ERROR(reply.response.status());
  AISCI_ASSIGN_OR_RETURN(const json::object response,
                         parse_json_object(*reply.response, "the response of provider " + name_));
  AISCI_ASSIGN_OR_RETURN(const json::value answer, answer_of(response, "the answer to " + key));
  if (const std::string now = canonical(answer); now != recorded) {
    const auto [expected, found] = difference(now, recorded);
    differs_("ledger: answer to " + key, expected, found);
  }
  return {};
}

Result<std::string> ModelTasks::take_recorded(const std::string& key, const Event& answered,
                                              const json::object& question) {
  if (const std::string because = text_of(answered.body, "because"); !because.empty())
    substituted_[because].insert(key);
  AISCI_ASSIGN_OR_RETURN(std::string recorded, ledger_.get(text_of(answered.body, "answer")));
  if (verifying_ && ask_again_) AISCI_RETURN_IF_ERROR(check_recorded(key, question, recorded));
  return recorded;
}

Result<json::object> ModelTasks::ask(const std::string& name, Talk& talk) {
  ++talk.attempts;
  auto response = calls_.ask(name, talk.question);
  if (!response.ok() && !calls_.budget().reached().empty() && substitute_) {
    talk.because = calls_.budget().reached();
    talk.provider = substitute_name_;
    const ModelReply reply = substitute_(json::serialize(talk.question));
    if (reply.response.status().code() == StatusCode::kUnimplemented)
      return resource_exhausted(talk.because + " was reached, and " + name + " is no task that the rules of " +
                                substitute_name_ + " can do in the model's place: a higher cap is needed");
    AISCI_RETURN_IF_ERROR(reply.response.status());
    response = parse_json_object(*reply.response, "the response of provider " + substitute_name_);
  }
  if (!response.ok()) return response;
  const auto& usage = object_of(*response, "usage");
  talk.input_tokens += integer_of(usage, "input_tokens");
  talk.output_tokens += integer_of(usage, "output_tokens");
  talk.model = text_of(*response, "model", model_);
  return response;
}

Result<std::string> ModelTasks::record(const std::string& key, const std::string& name, const json::value& answer,
                                       const Talk& talk) {
  std::string document = canonical(answer);
  AISCI_ASSIGN_OR_RETURN(const std::string stored, ledger_.put(document));
  json::object body{{"task", name},
                    {"answer", stored},
                    {"provider", talk.provider},
                    {"model", talk.model},
                    {"attempts", talk.attempts},
                    {"input_tokens", talk.input_tokens},
                    {"output_tokens", talk.output_tokens}};
  if (!talk.because.empty()) {
    body["because"] = talk.because;
    substituted_[talk.because].insert(key);
  }
  AISCI_RETURN_IF_ERROR(ledger_.append("model.answered", key, body).status());
  return document;
}

Result<std::string> ModelTasks::run(const ModelRequest& request) {
  Talk talk{json::object{{"task", json::object{{"name", request.name}, {"input", request.input}}},
                         {"messages", request.messages},
                         {"schema", request.schema},
                         {"model", model_}},
            name_, model_, ""};
  const std::string identity = sha256(canonical(json::object{{"question", talk.question}, {"provider", name_}}));
  const std::string key = request.name + "/" + identity.substr(0, 16);
  AISCI_ASSIGN_OR_RETURN(const auto answered, ledger_.find("model.answered", key));
  if (answered) return take_recorded(key, *answered, talk.question);
  if (verifying_) return data_loss("the ledger has no answer to " + key + ": the task's input is not what it was");

  AISCI_ASSIGN_OR_RETURN(const auto asked, ledger_.find("model.asked", key));
  if (!asked) {
    AISCI_ASSIGN_OR_RETURN(const std::string stored, ledger_.put(redaction_(canonical(talk.question))));
    AISCI_RETURN_IF_ERROR(
        ledger_
            .append("model.asked", key,
                    {{"task", request.name}, {"question", stored}, {"provider", name_}, {"model", model_}})
            .status());
  }
  const std::string what = "the answer to " + request.name;
  Status problem;
  for (int attempt = 0; attempt <= kRepairs; ++attempt) {
    AISCI_ASSIGN_OR_RETURN(const json::object response, ask(request.name, talk));
    const auto answer = answer_of(response, what);
    problem = answer.ok() ? check_schema(*answer, request.schema, what) : answer.status();
    if (problem.ok()) return record(key, request.name, *answer, talk);
    add_complaint(talk.question, response, problem);
  }
  return failed_precondition(problem.message() + " (after " + std::to_string(kRepairs) +
                             " repairs). Another model (--model) may do better");
}

Result<std::string> ModelTasks::used_beyond(double share) {
  AISCI_RETURN_IF_ERROR(calls_.read_past());
  return calls_.budget().used_beyond(share);
}

std::vector<std::string> ModelTasks::substitutions() const {
  std::vector<std::string> lines;
  for (const auto& [because, tasks] : substituted_)
    lines.push_back(because + " was reached: " + std::to_string(tasks.size()) +
                    " model tasks were answered by the rules of offline instead of the model");
  return lines;
}

}  // namespace aisci
