// The provider "offline": answers model tasks by rules instead of a language model.
//
// It reads the task's name and input document, and neither messages nor files. What it answers is said in
// docs/guide/offline.md. A task it has no rules for is UNIMPLEMENTED, and the message lists those it has.
//
// Threads: several calls at once. Since 0.1.
#pragma once

#include <aisci/plugin/llm_provider.hpp>

#include "kit/document.hpp"
#include "tasks.hpp"

namespace aisci::offline {

// The response document to a request document; throws plugin::Error.
inline json::object respond(std::string_view request_json) {
  boost::system::error_code error;
  const json::value request = json::parse(json::string_view{request_json.data(), request_json.size()}, error);
  if (error || !request.is_object())
    throw plugin::Error{plugin::Code::kInvalidArgument, "the request is not a JSON object"};
  // A task is {"name", "input"}, or its name with the input beside it.
  const json::object& nested = kit::object_of(request.get_object(), "task");
  const std::string name = nested.empty() ? kit::text_of(request.get_object(), "task") : kit::text_of(nested, "name");
  const json::object& input = kit::object_of(nested.empty() ? request.get_object() : nested, "input");
  const Answer* answer = answer_to(name);
  if (!answer) {
    throw plugin::Error{
        plugin::Code::kUnimplemented,
        name.empty() ? std::string{"offline is no language model: it answers model tasks, and the request names none"}
                     : "offline has no rules for the task " + name + "; it answers " + kit::listed(task_names())};
  }
  json::object output = (*answer)(input);
  std::string text = json::serialize(output);
  return {{"output", std::move(output)},
          {"text", std::move(text)},
          {"usage", json::object{{"input_tokens", 0}, {"output_tokens", 0}}},
          {"model", "offline-1"},
          {"finish", "stop"}};
}

class Offline final : public plugin::LLMProvider {
 public:
  void complete(std::string_view request_json, plugin::Sink*, plugin::Sink& response, plugin::Call&) override {
    response.write(json::serialize(respond(request_json)));
  }
  std::uint64_t count_tokens(std::string_view, plugin::Call&) override { return 0; }  // nothing is paid for
  std::vector<std::string> models(plugin::Call&) override {
    return {R"({"id":"offline-1","context_tokens":0,"input_price":0,"output_price":0})"};
  }
};

}  // namespace aisci::offline
