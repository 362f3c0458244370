#include "kit/http/model_api.hpp"

#include <cmath>

#include "kit/document.hpp"

namespace aisci::kit {
namespace {

using plugin::Code;
using plugin::Error;

std::string schema_text(const json::object& request) {
  const json::object& schema = object_of(request, "schema");
  return schema.empty() ? std::string{} : "\nThe answer's JSON Schema:\n" + json::serialize(schema) + "\n";
}

}  // namespace

Conversation conversation_of(const json::object& request) {
  Conversation conversation;
  auto& turns = conversation.turns;
  for (const json::object* message : objects_of(request, "messages")) {
    const std::string role = text_of(*message, "role"), content = text_of(*message, "content");
    if (role == "system") {
      conversation.system += (conversation.system.empty() ? "" : "\n") + content;
      continue;
    }
    if (!turns.empty() && text_of(turns.back().get_object(), "role") == role) {
      const std::string before = text_of(turns.back().get_object(), "content");
      turns.back().get_object()["content"] = before + "\n\n" + content;
    } else {
      turns.push_back(json::object{{"role", role == "assistant" ? "assistant" : "user"}, {"content", content}});
    }
  }
  conversation.system += schema_text(request);
  return conversation;
}

std::string schema_name(const json::object& request) {
  std::string name = text_of(object_of(request, "task"), "name", text_of(request, "task", "answer"));
  for (char& c : name)
    if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) c = '_';
  return name.empty() ? "answer" : name.substr(0, 60);
}

std::int64_t largest_output(std::string_view refusal, std::int64_t asked) {
  if (refusal.find("max_") == std::string_view::npos && refusal.find("output tokens") == std::string_view::npos)
    return 0;
  std::int64_t largest = 0;
  for (std::size_t at = 0; at < refusal.size();) {
    if (refusal[at] < '0' || refusal[at] > '9') {
      ++at;
      continue;
    }
    const bool part_of_name = at > 0 && (refusal[at - 1] == '-' || refusal[at - 1] == '.');  // claude-3, gpt-4.1
    std::int64_t number = 0;
    for (; at < refusal.size() && refusal[at] >= '0' && refusal[at] <= '9'; ++at)
      number = std::min<std::int64_t>(number * 10 + (refusal[at] - '0'), std::int64_t{1} << 40);
    if (!part_of_name && number < asked && number >= 256) largest = std::max(largest, number);
  }
  return largest;
}

std::uint64_t estimated_tokens(std::string_view text) { return text.size() / 3 + 1; }

std::optional<std::int64_t> token_count(const json::object& usage, std::string_view name) {
  constexpr double kLargest = 9007199254740992;  // 2^53
  if (!has(usage, name)) return 0;
  const double count = number_of(usage, name, -1);
  if (!(count >= 0 && count <= kLargest && count == std::floor(count))) return std::nullopt;
  return static_cast<std::int64_t>(count);
}

json::value json_of(const std::optional<std::int64_t>& count) {
  return count ? json::value(*count) : json::value(nullptr);
}

std::string response_document(const Server& server, Answer answer, plugin::Call& call) {
  json::object document{{"text", server.without_key(std::move(answer.text))},
                        {"model", server.clean(answer.model, 200)},
                        {"finish", answer.finish},
                        {"server", server.base_url()}};
  if (!answer.refusal.empty()) document["refusal"] = server.clean(answer.refusal);
  if (!answer.usage.empty()) {
    call.report("usage", json::serialize(answer.usage));
    document["usage"] = std::move(answer.usage);
  }
  return json::serialize(document);
}

Stream::Stream(plugin::Sink* deltas, const Server& server, Read read)
    : deltas_{deltas},
      server_{server},
      read_{std::move(read)},
      events_{[this](std::string_view event, std::string_view data) {
        if (ended && data == "[DONE]") return;
        if (data == "[DONE]") {
          ended = true;
          return;
        }
        boost::system::error_code failure;
        const json::value parsed = json::parse(json::string_view{data.data(), data.size()}, failure);
        if (failure || !parsed.is_object())
          throw Error{Code::kUnavailable,
                      server_.base_url() + " streamed an event that is no JSON object: " + server_.clean(data, 120)};
        if (has(parsed.get_object(), "error"))
          error_ = parsed.get_object();
        else
          read_(event, parsed.get_object(), *this);
      }} {}

std::function<void(std::string_view)> Stream::reader() {
  if (!deltas_) return {};
  return [this](std::string_view piece) {
    used_ = true;
    events_.take(piece);
  };
}

void Stream::add_text(std::string_view text) {
  if (text.empty()) return;
  answer.text += text;
  deltas_->write(json::serialize(json::object{{"text", server_.without_key(std::string{text})}}));
}

void Stream::show() {
  if (!answer.text.empty()) add_text(std::exchange(answer.text, {}));
}

http::Response Stream::post(const std::string& path, std::vector<std::string> headers, const std::string& body,
                            plugin::Call& call) {
  http::Response response;
  try {
    response = server_.post(path, std::move(headers), body, reader(), call);
  } catch (const Error& error) {
    if (!used_ || ended || error.code() != Code::kUnavailable) throw;
    server_.fail_broken(error.message(), body.size(), answer.text, call);
  }
  if (!used_) return response;
  events_.end();
  if (!error_.empty()) server_.check_error(error_, response, call);
  if (!ended) server_.fail_broken("the stream ended without its last event", body.size(), answer.text, call);
  call.report("http", json::serialize(json::object{{"status", response.status}, {"sent", true}}));
  return response;
}

}  // namespace aisci::kit
