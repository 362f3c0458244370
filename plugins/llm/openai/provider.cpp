#include "provider.hpp"

#include <cstdlib>

#include "answer.hpp"
#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace aisci::openai {
namespace {

using plugin::Code;
using plugin::Error;

constexpr kit::Dialect kDialect{"OpenAI", "OPENAI_BASE_URL", "OPENAI_API_KEY", "https://api.openai.com/v1",
                                "OPENAI_CUSTOM_HEADERS"};
constexpr int kAdaptations = 6;

bool mentions(const std::string& text, std::initializer_list<const char*> words) {
  for (const char* word : words)
    if (text.find(word) != std::string::npos) return true;
  return false;
}

bool refuses_name(const std::string& said) {
  return mentions(said, {"nsupported", "not supported", "nrecognized", "nknown", "xtra", "not permitted"});
}

json::object format_for(int format, const json::object& request) {
  if (format == 1) return {{"type", "json_object"}};
  return {{"type", "json_schema"},
          {"json_schema",
           json::object{
               {"name", kit::schema_name(request)}, {"schema", kit::object_of(request, "schema")}, {"strict", false}}}};
}

}  // namespace

OpenAI::OpenAI(const plugin::Setup& setup)
    : server_{kDialect, setup.config_json}, prices_{setup.data_folder}, old_limit_{!server_.is_own()} {}

std::vector<std::string> OpenAI::headers() const {
  std::vector<std::string> list;
  if (!server_.key().empty()) list.push_back("Authorization: Bearer " + server_.key());
  if (!server_.is_own()) return list;
  for (const auto& [variable, header] :
       {std::pair{"OPENAI_ORG_ID", "OpenAI-Organization: "}, std::pair{"OPENAI_PROJECT_ID", "OpenAI-Project: "}})
    if (const char* value = std::getenv(variable); value && *value) list.push_back(std::string{header} + value);
  return list;
}

// A server of one model needs no name.
std::string OpenAI::default_model(plugin::Call& call) {
  std::lock_guard lock{mutex_};
  if (!model_.empty()) return model_;
  std::vector<std::string> known;
  try {
    known = models(call);
  } catch (const Error& error) {
    if (error.code() != Code::kUnimplemented) throw;
  }
  if (known.size() != 1)
    throw Error{Code::kFailedPrecondition,
                "name a model with --model: " + server_.base_url() +
                    (known.empty() ? " does not say which it has"
                                   : " has " + std::to_string(known.size()) + ", and aisci doctor lists them")};
  return model_ = kit::text_of(kit::parse_object(known[0], "the model"), "id");
}

json::object OpenAI::body_of(const json::object& request, bool stream, plugin::Call& call) {
  kit::Conversation conversation = kit::conversation_of(request);
  json::array messages;
  if (!conversation.system.empty())
    messages.push_back(json::object{{"role", "system"}, {"content", conversation.system}});
  for (auto& turn : conversation.turns) messages.push_back(std::move(turn));
  std::string model = kit::text_of(request, "model");
  if (model.empty()) model = default_model(call);
  json::object body{{"model", model}, {"messages", std::move(messages)}};
  auto limit = static_cast<std::int64_t>(kit::number_of(request, "max_output_tokens"));
  if (const std::int64_t largest = largest_output_; limit > 0 && largest > 0) limit = std::min(limit, largest);
  if (limit > 0) body[old_limit_ ? "max_tokens" : "max_completion_tokens"] = limit;
  for (const char* name : {"temperature", "seed"})
    if (kit::has(request, name)) body[name] = request.at(name);
  if (!kit::object_of(request, "schema").empty() && format_ != kWords)
    body["response_format"] = format_for(format_, request);
  if (stream) body["stream"] = true;
  if (stream && counts_in_stream_) body["stream_options"] = json::object{{"include_usage", true}};
  return body;
}

// Whether the refusal is about a means that there is a weaker one for; the next request then uses that.
bool OpenAI::adapt(const kit::http::Response& refused, const json::object& body) {
  if (refused.status != 400 && refused.status != 422 && refused.status != 500 && refused.status != 501) return false;
  const std::string said = refused.body.substr(0, 20000);
  const char* limit = body.contains("max_tokens") ? "max_tokens" : "max_completion_tokens";
  if (body.contains(limit)) {
    const auto asked = static_cast<std::int64_t>(kit::number_of(body, limit));
    if (mentions(said, {"max_tokens", "max_completion_tokens"}) && refuses_name(said)) {
      old_limit_ = !body.contains("max_tokens");
      return true;
    }
    if (const std::int64_t largest = kit::largest_output(said, asked); largest > 0) {
      largest_output_ = largest;
      return true;
    }
  }
  if (body.contains("stream_options") && mentions(said, {"stream_options", "include_usage"})) {
    counts_in_stream_ = false;
    return true;
  }
  const char* const words[] = {"response_format", "json_schema", "json_object", "chema", "rammar"};
  if (!body.contains("response_format") || !mentions(said, {words[0], words[1], words[2], words[3], words[4]}))
    return false;
  const bool had_schema = kit::text_of(kit::object_of(body, "response_format"), "type") == "json_schema";
  int expected = had_schema ? kSchema : kObject;
  format_.compare_exchange_strong(expected, had_schema ? kObject : kWords);
  return true;
}

void OpenAI::complete(std::string_view request_json, plugin::Sink* deltas, plugin::Sink& response, plugin::Call& call) {
  server_.demand_key();
  const json::object request = kit::parse_object(request_json, "the request");
  for (int tried = 0;; ++tried) {
    const json::object body = body_of(request, deltas != nullptr, call);
    kit::Stream stream{deltas, server_,
                       [](std::string_view, const json::object& chunk, kit::Stream& into) { read_chunk(chunk, into); }};
    const auto answered = stream.post("/chat/completions", headers(), json::serialize(body), call);
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

std::uint64_t OpenAI::count_tokens(std::string_view text, plugin::Call&) { return kit::estimated_tokens(text); }

std::vector<std::string> OpenAI::models(plugin::Call& call) {
  server_.demand_key();
  const kit::http::Response answered = server_.get("/models", headers(), call);
  // A server without a list is there all the same.
  if (answered.status == 404 || answered.status == 405 || answered.status == 501)
    throw Error{Code::kUnimplemented, server_.base_url() + " does not list its models"};
  if (answered.status != 200) server_.fail(answered, call);
  return server_.models_of(answered, server_.is_own() ? &prices_ : nullptr, call);
}

}  // namespace aisci::openai
