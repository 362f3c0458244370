#include "kit/http/model_api.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ctime>

#include <curl/curl.h>

#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace aisci::kit {
namespace {

using plugin::Code;
using plugin::Error;

std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? value : "";
}

std::string stripped(std::string text) {
  const char* blank = " \t\r\n";
  const auto begin = text.find_first_not_of(blank);
  return begin == std::string::npos ? std::string{} : text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

void replace_each(std::string& text, const std::string& from, std::string_view to) {
  if (from.empty()) return;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// Retry-After in seconds: "2", "1.5", or a date.
double seconds_of(const std::string& text, double unit) {
  double value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size()) return std::max(0.0, value * unit);
  const std::time_t date = curl_getdate(text.c_str(), nullptr);
  return date < 0 ? -1 : std::max(0.0, std::difftime(date, std::time(nullptr)));
}

double retry_after(const http::Response& response) {
  for (const auto& [name, unit] : {std::pair{"retry-after-ms", 0.001}, std::pair{"retry-after", 1.0}})
    if (const auto found = response.headers.find(name); found != response.headers.end())
      if (const double seconds = seconds_of(found->second, unit); seconds >= 0) return seconds;
  return -1;
}

// What the server said went wrong, in whatever of the known shapes.
std::string said_in(const json::value& body) {
  if (body.is_array() && !body.get_array().empty()) return said_in(body.get_array()[0]);
  if (!body.is_object()) return {};
  const json::object& object = body.get_object();
  const json::value* error = find_member(object, "error");
  if (error && error->is_string()) return text_of(object, "error");
  const json::object& nested = object_of(object, "error");
  std::string message = text_of(nested, "message", text_of(object, "message", text_of(object, "detail")));
  for (const char* name : {"code", "type"})
    if (const std::string code = text_of(nested, name); !code.empty() && !contains(message, code)) message += " [" + code + "]";
  return message;
}

// A limit that waiting does not lift.
bool needs_a_person(const std::string& said) {
  for (const char* sign : {"insufficient_quota", "exceeded your current quota", "spend_limit", "spend limit", "credit balance", "billing", "insufficient credits"})
    if (contains(said, sign)) return true;
  return false;
}

std::string schema_text(const json::object& request) {
  const json::object& schema = object_of(request, "schema");
  return schema.empty() ? std::string{} : "\nThe answer's JSON Schema:\n" + json::serialize(schema) + "\n";
}

}  // namespace

Server::Server(const Dialect& dialect, const std::string& config_json) : dialect_{dialect} {
  const json::object config = parse_object(config_json.empty() ? "{}" : config_json, "the configuration of " + std::string{dialect.name});
  base_url_ = stripped(text_of(config, "base_url"));
  if (base_url_.empty()) base_url_ = stripped(environment(dialect.base_env));
  if (base_url_.empty()) base_url_ = dialect.base_url;
  while (base_url_.size() > 1 && base_url_.back() == '/') base_url_.pop_back();
  const std::string start = lower(base_url_.substr(0, 8));
  if (start.rfind("http://", 0) != 0 && start != "https://") throw Error{Code::kInvalidArgument, "the base address must begin with http:// or https://"};
  const auto host = base_url_.find("://") + 3;
  const std::string authority = base_url_.substr(host, base_url_.find_first_of("/?#", host) - host);
  if (contains(authority, "@")) throw Error{Code::kInvalidArgument, std::string{"the base address must not carry a user or password; the key belongs into "} + dialect.key_env};
  if (authority.empty() || std::any_of(base_url_.begin(), base_url_.end(), [](char c) { return c >= 0 && c <= ' '; })) throw Error{Code::kInvalidArgument, "the base address names no host, or holds blanks"};
  own_ = base_url_.rfind(dialect.base_url, 0) == 0;
  timeout_seconds_ = number_of(config, "timeout_seconds", timeout_seconds_);

  key_ = stripped(environment(dialect.key_env));
  if (const std::string file = environment(std::string{dialect.key_env} + "_FILE"); key_.empty() && !file.empty()) key_ = stripped(read_text_file(file));
  if (std::any_of(key_.begin(), key_.end(), [](char c) { return c >= 0 && c < ' '; })) throw Error{Code::kInvalidArgument, std::string{dialect.key_env} + " holds a control character"};
}

void Server::demand_key() const {
  if (!own_ || !key_.empty()) return;
  throw Error{Code::kFailedPrecondition, std::string{"there is no key for "} + base_url_ + ": set the environment variable " + dialect_.key_env + " (or " + dialect_.key_env +
                                             "_FILE), or name a server of your own with --llm-base-url or " + dialect_.base_env};
}

http::Response Server::send(http::Request request, plugin::Call& call) const {
  try {
    return http::send(request, call);
  } catch (const Error& error) {
    if (error.code() == Code::kCancelled) throw;
    const bool sent = contains(error.detail(), "true");
    call.report("http", json::serialize(json::object{{"status", 0}, {"sent", sent}}));
    std::string message = without_key(error.message());
    if (!sent) message += std::string{". Is the server running and the address right? It is "} + base_url_ + " (--llm-base-url, " + dialect_.base_env + ")";
    else if (error.code() == Code::kDeadlineExceeded) message += ". A slow model needs a larger llm_timeout_seconds";
    throw Error{error.code(), message, error.detail()};
  }
}

http::Response Server::post(const std::string& path, std::vector<std::string> headers, std::string body, plugin::Call& call) const {
  http::Request request;
  request.url = base_url_ + path;
  request.headers = std::move(headers);
  request.headers.emplace_back("Content-Type: application/json");
  request.headers.emplace_back("Expect:");
  request.body = std::move(body);
  request.total_seconds = timeout_seconds_;
  return send(std::move(request), call);
}

http::Response Server::get(const std::string& path, std::vector<std::string> headers, plugin::Call& call) const {
  http::Request request;
  request.url = base_url_ + path;
  request.headers = std::move(headers);
  request.connect_seconds = 1.5;
  request.total_seconds = std::min(10.0, timeout_seconds_);
  return send(std::move(request), call);
}

void Server::fail(const http::Response& response, plugin::Call& call) const {
  boost::system::error_code error;
  const json::value body = json::parse(response.body, error);
  std::string said = error ? std::string{} : said_in(body);
  if (said.empty()) said = response.body.substr(0, 400);
  fail_as(response.status, said, response, call);
}

void Server::fail_as(long status, std::string_view said, const http::Response& response, plugin::Call& call) const {
  const std::string low = lower(said);
  const bool person = needs_a_person(low);
  const double wait = retry_after(response);
  json::object report{{"status", status}, {"sent", true}};
  if (wait >= 0) report["retry_after_seconds"] = wait;
  if (const auto advice = response.headers.find("x-should-retry"); advice != response.headers.end()) report["retry"] = advice->second == "true";
  if (person) report["retry"] = false;
  call.report("http", json::serialize(report));

  const std::string words = clean(said);
  const std::string what = base_url_ + " answered " + std::to_string(status) + (words.empty() ? "" : ": " + words);
  const std::string key_name = dialect_.key_env;
  if (person) throw Error{Code::kFailedPrecondition, what + ". The account has no credit left, or a spending limit of its own: its owner must act"};
  if (status == 401) throw Error{Code::kUnauthenticated, what + (key_.empty() ? ". It wants a key: set " + key_name : ". The key in " + key_name + " is wrong, expired or meant for another server")};
  if (status == 402) throw Error{Code::kFailedPrecondition, what + ". The account has no credit"};
  if (status == 403) throw Error{Code::kPermissionDenied, what + ". The key in " + key_name + " has no right to this model or from this place"};
  if (status == 404) throw Error{Code::kFailedPrecondition, what + ". The model (--model) or the address (--llm-base-url) does not exist there; `aisci doctor` lists the models"};
  if (status == 408 || status == 504) throw Error{Code::kDeadlineExceeded, what};
  if (status == 409) throw Error{Code::kUnavailable, what};
  if (status == 429) throw Error{Code::kResourceExhausted, what + ". Too many requests, or tokens, at a time"};
  if (status >= 500) throw Error{Code::kUnavailable, what};
  if (status >= 300 && status < 400) throw Error{Code::kFailedPrecondition, what + ". Redirects are not followed: name the final address"};
  throw Error{Code::kInvalidArgument, what};
}

json::object Server::object_of(const http::Response& response, plugin::Call& call) const {
  boost::system::error_code error;
  json::value body = json::parse(response.body, error);
  if (error || !body.is_object()) {
    call.report("http", json::serialize(json::object{{"status", response.status}, {"sent", true}}));
    throw Error{Code::kUnavailable, base_url_ + " answered something else than a JSON object: " + clean(response.body, 120)};
  }
  // Some gateways put an error into an answer of status 200.
  if (const json::object& inner = kit::object_of(body.get_object(), "error"); !inner.empty()) {
    const double code = number_of(inner, "code", 502);
    fail_as(code >= 400 && code < 600 ? static_cast<long>(code) : 502, said_in(body), response, call);
  }
  call.report("http", json::serialize(json::object{{"status", response.status}, {"sent", true}}));
  return std::move(body.get_object());
}

std::vector<std::string> Server::models_of(const http::Response& response, plugin::Call& call) const {
  const json::object body = object_of(response, call);
  std::vector<std::string> models;
  for (const auto& entry : array_of(body, "data")) {
    if (!entry.is_object()) continue;
    json::object model{{"id", without_key(text_of(entry.get_object(), "id"))}};
    for (const char* name : {"max_model_len", "context_length"})
      if (const double tokens = number_of(entry.get_object(), name); tokens > 0) model["context_tokens"] = static_cast<std::int64_t>(tokens);
    models.push_back(json::serialize(model));
  }
  return models;
}

std::string Server::without_key(std::string text) const {
  replace_each(text, key_, "[key]");
  return text;
}

std::string Server::clean(std::string_view text, std::size_t limit) const {
  std::string out;
  for (const char c : without_key(std::string{text.substr(0, 20000)})) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
    if (!blank) out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  }
  if (out.size() > limit) {
    out.resize(limit);
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();  // no half of a character
    if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0) out.pop_back();
    out += "…";
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

Conversation conversation_of(const json::object& request) {
  Conversation conversation;
  for (const auto& value : array_of(request, "messages")) {
    if (!value.is_object()) continue;
    const std::string role = text_of(value.get_object(), "role"), content = text_of(value.get_object(), "content");
    if (role == "system") {
      conversation.system += (conversation.system.empty() ? "" : "\n") + content;
      continue;
    }
    auto& turns = conversation.turns;
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

std::string response_document(const Server& server, Answer answer, plugin::Call& call) {
  json::object document{{"text", server.without_key(std::move(answer.text))}, {"model", server.clean(answer.model, 200)}, {"finish", answer.finish}, {"server", server.base_url()}};
  if (!answer.refusal.empty()) document["refusal"] = server.clean(answer.refusal);
  if (!answer.usage.empty()) {
    call.report("usage", json::serialize(answer.usage));
    document["usage"] = std::move(answer.usage);
  }
  return json::serialize(document);
}

}  // namespace aisci::kit
