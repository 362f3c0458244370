#include "provider.hpp"

#include <algorithm>

#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace aisci::anthropic {
namespace {

using plugin::Code;
using plugin::Error;

constexpr kit::Dialect kDialect{"Anthropic", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", "https://api.anthropic.com"};
constexpr std::int64_t kDefaultOutputTokens = 8192;  // the API demands a limit

// Input tokens are those that were read fresh; what came from or went into the cache was paid as well.
json::object usage_of(const json::object& body) {
  const json::object& given = kit::object_of(body, "usage");
  if (!kit::has(given, "input_tokens") && !kit::has(given, "output_tokens")) return {};
  const auto count = [&](const char* name) { return static_cast<std::int64_t>(std::max(0.0, kit::number_of(given, name))); };
  json::object usage{{"input_tokens", count("input_tokens") + count("cache_read_input_tokens") + count("cache_creation_input_tokens")}, {"output_tokens", count("output_tokens")}};
  if (const auto cached = count("cache_read_input_tokens"); cached > 0) usage["cached_tokens"] = cached;
  return usage;
}

kit::Answer answer_of(const json::object& body) {
  kit::Answer answer;
  answer.model = kit::text_of(body, "model");
  answer.usage = usage_of(body);
  std::string words;
  for (const auto& value : kit::array_of(body, "content")) {
    if (!value.is_object()) continue;
    const json::object& block = value.get_object();
    const std::string type = kit::text_of(block, "type");
    if (type == "text") words += kit::text_of(block, "text");
    if (type == "tool_use" && answer.text.empty()) answer.text = json::serialize(kit::object_of(block, "input"));
  }
  if (answer.text.empty()) answer.text = words;
  const std::string stop = kit::text_of(body, "stop_reason");
  if (stop == "max_tokens" || stop == "model_context_window_exceeded") answer.finish = "length";
  if (stop == "refusal") {
    answer.finish = "refused";
    answer.refusal = words;
  }
  return answer;
}

}  // namespace

Anthropic::Anthropic(const plugin::Setup& setup) : server_{kDialect, setup.config_json} {}

std::vector<std::string> Anthropic::headers() const {
  std::vector<std::string> list{"anthropic-version: 2023-06-01"};
  if (!server_.key().empty()) list.push_back("x-api-key: " + server_.key());
  return list;
}

json::object Anthropic::body_of(const json::object& request) const {
  kit::Conversation conversation = kit::conversation_of(request);
  const double limit = kit::number_of(request, "max_output_tokens");
  json::object body{{"model", kit::text_of(request, "model")}, {"max_tokens", limit > 0 ? static_cast<std::int64_t>(limit) : kDefaultOutputTokens}, {"messages", std::move(conversation.turns)}};
  if (!conversation.system.empty()) body["system"] = conversation.system;
  if (kit::has(request, "temperature")) body["temperature"] = request.at("temperature");
  if (const json::object& schema = kit::object_of(request, "schema"); tools_ && kit::text_of(schema, "type") == "object") {
    const std::string name = kit::schema_name(request);
    body["tools"] = json::array{json::object{{"name", name}, {"description", "Takes the answer."}, {"input_schema", schema}}};
    body["tool_choice"] = json::object{{"type", "tool"}, {"name", name}};
  }
  return body;
}

void Anthropic::complete(std::string_view request_json, plugin::Sink* deltas, plugin::Sink& response, plugin::Call& call) {
  server_.demand_key();
  const json::object request = kit::parse_object(request_json, "the request");
  if (kit::text_of(request, "model").empty()) throw Error{Code::kFailedPrecondition, "name a model with --model; `aisci doctor --llm anthropic` lists them"};
  for (;;) {
    const json::object body = body_of(request);
    const kit::http::Response answered = server_.post("/v1/messages", headers(), json::serialize(body), call);
    if (answered.status != 200) {
      const bool about_tools = answered.body.find("tool") != std::string::npos || answered.body.find("schema") != std::string::npos;
      if ((answered.status == 400 || answered.status == 422) && body.contains("tools") && about_tools) {
        tools_ = false;
        continue;
      }
      server_.fail(answered, call);
    }
    kit::Answer answer = answer_of(server_.object_of(answered, call));
    if (deltas && !answer.text.empty()) deltas->write(json::serialize(json::object{{"text", server_.without_key(answer.text)}}));
    response.write(kit::response_document(server_, std::move(answer), call));
    return;
  }
}

std::vector<std::string> Anthropic::models(plugin::Call& call) {
  server_.demand_key();
  const kit::http::Response answered = server_.get("/v1/models", headers(), call);
  if (answered.status == 404 || answered.status == 405 || answered.status == 501) throw Error{Code::kUnimplemented, server_.base_url() + " does not list its models"};
  if (answered.status != 200) server_.fail(answered, call);
  return server_.models_of(answered, call);
}

}  // namespace aisci::anthropic
