#include "provider.hpp"

#include "answer.hpp"
#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace aisci::anthropic {
namespace {

using plugin::Code;
using plugin::Error;

constexpr kit::Dialect kDialect{"Anthropic", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", "https://api.anthropic.com",
                                "ANTHROPIC_CUSTOM_HEADERS"};
constexpr std::int64_t kDefaultOutputTokens = 32000;
constexpr int kAdaptations = 4;

}  // namespace

Anthropic::Anthropic(const plugin::Setup& setup) : server_{kDialect, setup.config_json}, prices_{setup.data_folder} {}

std::vector<std::string> Anthropic::headers() const {
  std::vector<std::string> list{"anthropic-version: 2023-06-01"};
  if (!server_.key().empty()) list.push_back("x-api-key: " + server_.key());
  return list;
}

json::object Anthropic::body_of(const json::object& request, bool stream) const {
  kit::Conversation conversation = kit::conversation_of(request);
  auto limit = static_cast<std::int64_t>(kit::number_of(request, "max_output_tokens"));
  if (limit <= 0) limit = kDefaultOutputTokens;
  if (const std::int64_t largest = largest_output_; largest > 0) limit = std::min(limit, largest);
  json::object body{
      {"model", kit::text_of(request, "model")}, {"max_tokens", limit}, {"messages", std::move(conversation.turns)}};
  if (!conversation.system.empty()) body["system"] = conversation.system;
  if (kit::has(request, "temperature")) body["temperature"] = request.at("temperature");
  if (const json::object& schema = kit::object_of(request, "schema");
      tools_ && kit::text_of(schema, "type") == "object") {
    const std::string name = kit::schema_name(request);
    body["tools"] =
        json::array{json::object{{"name", name}, {"description", "Takes the answer."}, {"input_schema", schema}}};
    body["tool_choice"] = json::object{{"type", "tool"}, {"name", name}};
  }
  if (stream) body["stream"] = true;
  return body;
}

// Whether the refusal is about something that can be asked for in a weaker form; the next request then does.
bool Anthropic::adapt(const kit::http::Response& refused, const json::object& body) {
  if (refused.status != 400 && refused.status != 422) return false;
  const auto asked = static_cast<std::int64_t>(kit::number_of(body, "max_tokens"));
  if (const std::int64_t largest = kit::largest_output(refused.body, asked); largest > 0) {
    largest_output_ = largest;
    return true;
  }
  const bool about_tools =
      refused.body.find("tool") != std::string::npos || refused.body.find("schema") != std::string::npos;
  if (!body.contains("tools") || !about_tools) return false;
  tools_ = false;
  return true;
}

void Anthropic::complete(std::string_view request_json, plugin::Sink* deltas, plugin::Sink& response,
                         plugin::Call& call) {
  server_.demand_key();
  const json::object request = kit::parse_object(request_json, "the request");
  if (kit::text_of(request, "model").empty())
    throw Error{Code::kFailedPrecondition,
                "name a model with --model; aisci doctor --llm anthropic lists those of " + server_.base_url()};
  for (int tried = 0;; ++tried) {
    const json::object body = body_of(request, deltas != nullptr);
    kit::Stream stream{deltas, server_,
                       [](std::string_view, const json::object& event, kit::Stream& into) { read_event(event, into); }};
    const auto answered = stream.post("/v1/messages", headers(), json::serialize(body), call);
    if (answered.status != 200) {
      if (tried < kAdaptations && adapt(answered, body)) continue;
      server_.fail(answered, call, kit::text_of(body, "model"));
    }
    if (!stream.used()) {
      stream.answer = answer_of(server_.object_of(answered, call));
      if (deltas) stream.show();
    }
    response.write(kit::response_document(server_, std::move(stream.answer), call));
    return;
  }
}

std::uint64_t Anthropic::count_tokens(std::string_view text, plugin::Call&) { return kit::estimated_tokens(text); }

std::vector<std::string> Anthropic::models(plugin::Call& call) {
  server_.demand_key();
  const kit::http::Response answered = server_.get("/v1/models?limit=1000", headers(), call);
  if (answered.status == 404 || answered.status == 405 || answered.status == 501)
    throw Error{Code::kUnimplemented, server_.base_url() + " does not list its models"};
  if (answered.status != 200) server_.fail(answered, call);
  return server_.models_of(answered, server_.is_own() ? &prices_ : nullptr, call);
}

}  // namespace aisci::anthropic
