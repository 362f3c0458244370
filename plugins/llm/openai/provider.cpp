#include "provider.hpp"

#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace aisci::openai {
namespace {

using plugin::Code;
using plugin::Error;

constexpr kit::Dialect kDialect{"OpenAI", "OPENAI_BASE_URL", "OPENAI_API_KEY", "https://api.openai.com/v1"};
constexpr int kAdaptations = 4;

bool mentions(const std::string& text, std::initializer_list<const char*> words) {
  for (const char* word : words)
    if (text.find(word) != std::string::npos) return true;
  return false;
}

// A message's content: a text, or a list of parts.
std::string content_of(const json::object& message) {
  const json::value* content = kit::find_member(message, "content");
  if (!content || !content->is_array()) return kit::text_of(message, "content");
  std::string text;
  for (const auto& part : content->get_array())
    if (part.is_object()) text += kit::text_of(part.get_object(), "text");
  return text;
}

json::object usage_of(const json::object& body) {
  const json::object& given = kit::object_of(body, "usage");
  if (!kit::has(given, "prompt_tokens") && !kit::has(given, "completion_tokens")) return {};
  const auto count = [](const json::object& from, const char* name) { return static_cast<std::int64_t>(std::max(0.0, kit::number_of(from, name))); };
  json::object usage{{"input_tokens", count(given, "prompt_tokens")}, {"output_tokens", count(given, "completion_tokens")}};
  if (const auto cached = count(kit::object_of(given, "prompt_tokens_details"), "cached_tokens"); cached > 0) usage["cached_tokens"] = cached;
  if (const auto thought = count(kit::object_of(given, "completion_tokens_details"), "reasoning_tokens"); thought > 0) usage["reasoning_tokens"] = thought;
  if (kit::has(given, "cost")) usage["cost_usd"] = kit::number_of(given, "cost");
  return usage;
}

kit::Answer answer_of(const json::object& body) {
  kit::Answer answer;
  answer.model = kit::text_of(body, "model");
  answer.usage = usage_of(body);
  const json::array& choices = kit::array_of(body, "choices");
  if (choices.empty() || !choices[0].is_object()) return answer;  // no text: the caller says what it wanted
  const json::object& choice = choices[0].get_object();
  const json::object& message = kit::object_of(choice, "message");
  answer.text = content_of(message);
  answer.refusal = kit::text_of(message, "refusal");
  const std::string finish = kit::text_of(choice, "finish_reason");
  if (finish == "length") answer.finish = "length";
  else if (finish == "content_filter" || !answer.refusal.empty()) answer.finish = "refused";
  return answer;
}

}  // namespace

OpenAI::OpenAI(const plugin::Setup& setup) : server_{kDialect, setup.config_json}, old_limit_{!server_.is_own()} {}

std::vector<std::string> OpenAI::headers() const {
  if (server_.key().empty()) return {};
  return {"Authorization: Bearer " + server_.key()};
}

// A server of one model needs no name.
std::string OpenAI::default_model(plugin::Call& call) {
  std::lock_guard lock{mutex_};
  if (!model_.empty()) return model_;
  const auto known = models(call);
  if (known.size() != 1) throw Error{Code::kFailedPrecondition, "name a model with --model: " + server_.base_url() + (known.empty() ? " does not say which it has" : " has " + std::to_string(known.size()))};
  return model_ = kit::text_of(kit::parse_object(known[0], "the model"), "id");
}

json::object OpenAI::body_of(const json::object& request, plugin::Call& call) {
  const kit::Conversation conversation = kit::conversation_of(request);
  json::array messages;
  if (!conversation.system.empty()) messages.push_back(json::object{{"role", "system"}, {"content", conversation.system}});
  for (const auto& turn : conversation.turns) messages.push_back(turn);
  std::string model = kit::text_of(request, "model");
  if (model.empty()) model = default_model(call);
  json::object body{{"model", model}, {"messages", std::move(messages)}};
  if (const double limit = kit::number_of(request, "max_output_tokens"); limit > 0) body[old_limit_ ? "max_tokens" : "max_completion_tokens"] = static_cast<std::int64_t>(limit);
  for (const char* name : {"temperature", "seed"})
    if (kit::has(request, name)) body[name] = request.at(name);
  const json::object& schema = kit::object_of(request, "schema");
  if (!schema.empty() && format_ == kSchema)
    body["response_format"] = json::object{{"type", "json_schema"}, {"json_schema", json::object{{"name", kit::schema_name(request)}, {"schema", schema}, {"strict", false}}}};
  else if (!schema.empty() && format_ == kObject)
    body["response_format"] = json::object{{"type", "json_object"}};
  return body;
}

// Whether the refusal is about a means that there is a weaker one for; the next request then uses that.
bool OpenAI::adapt(const kit::http::Response& refused, const json::object& body) {
  if (refused.status != 400 && refused.status != 422 && refused.status != 500 && refused.status != 501) return false;
  const std::string said = refused.body.substr(0, 20000);
  if (mentions(said, {"max_tokens", "max_completion_tokens"}) && mentions(said, {"nsupported", "not supported", "nrecognized", "nknown", "xtra", "not permitted"})) {
    const bool now = body.contains("max_tokens");
    bool expected = now;
    return old_limit_.compare_exchange_strong(expected, !now) || expected != now;
  }
  if (!body.contains("response_format") || !mentions(said, {"response_format", "json_schema", "json_object", "schema", "Schema", "grammar", "Grammar"})) return false;
  const bool had_schema = kit::text_of(kit::object_of(body, "response_format"), "type") == "json_schema";
  int expected = had_schema ? kSchema : kObject;
  format_.compare_exchange_strong(expected, had_schema ? kObject : kWords);
  return true;
}

void OpenAI::complete(std::string_view request_json, plugin::Sink* deltas, plugin::Sink& response, plugin::Call& call) {
  server_.demand_key();
  const json::object request = kit::parse_object(request_json, "the request");
  for (int tried = 0;; ++tried) {
    const json::object body = body_of(request, call);
    const kit::http::Response answered = server_.post("/chat/completions", headers(), json::serialize(body), call);
    if (answered.status != 200) {
      if (tried < kAdaptations && adapt(answered, body)) continue;
      server_.fail(answered, call);
    }
    kit::Answer answer = answer_of(server_.object_of(answered, call));
    if (deltas && !answer.text.empty()) deltas->write(json::serialize(json::object{{"text", server_.without_key(answer.text)}}));
    response.write(kit::response_document(server_, std::move(answer), call));
    return;
  }
}

std::vector<std::string> OpenAI::models(plugin::Call& call) {
  server_.demand_key();
  const kit::http::Response answered = server_.get("/models", headers(), call);
  // A server without a list is there all the same.
  if (answered.status == 404 || answered.status == 405 || answered.status == 501) throw Error{Code::kUnimplemented, server_.base_url() + " does not list its models"};
  if (answered.status != 200) server_.fail(answered, call);
  return server_.models_of(answered, call);
}

}  // namespace aisci::openai
