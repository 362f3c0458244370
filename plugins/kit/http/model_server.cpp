#include "kit/http/model_server.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <sstream>

#include <curl/curl.h>

#include "kit/document.hpp"
#include "kit/number.hpp"
#include "kit/prompt.hpp"

namespace aisci::kit {
namespace {

using plugin::Code;
using plugin::Error;

constexpr std::size_t kShortestSecret = 8;  // a shorter value of a header is a word, not a secret
constexpr double kStreamSeconds = 3600;     // the longest answer, as long as the server keeps talking
constexpr double kBytesPerToken = 3.5;      // of an estimate

std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? value : "";
}

std::string stripped(const std::string& text) {
  const char* blank = " \t\r\n";
  const auto begin = text.find_first_not_of(blank);
  return begin == std::string::npos ? std::string{} : text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

void replace_each(std::string& text, const std::string& from, std::string_view to) {
  if (from.empty()) return;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// Retry-After in seconds: "2", "1.5", or a date.
double seconds_of(const std::string& text, double unit) {
  if (const auto value = parsed_number(text)) return std::max(0.0, *value * unit);
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
    if (const std::string code = text_of(nested, name); !code.empty() && !contains(message, code))
      message += " [" + code + "]";
  return message;
}

// A limit that waiting does not lift.
bool needs_a_person(const std::string& said) {
  for (const char* sign : {"insufficient_quota", "exceeded your current quota", "spend_limit", "spend limit",
                           "credit balance", "billing", "insufficient credits"})
    if (contains(said, sign)) return true;
  return false;
}

// Some servers call an unknown model a bad request.
bool knows_no_such_model(const std::string& said) {
  for (const char* sign : {"model_not_found", "model not found", "model not exist", "model does not exist"})
    if (contains(said, sign)) return true;
  return false;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);)
    if (line = stripped(line); line.find(':') != std::string::npos) lines.push_back(line);
  return lines;
}

// What a status means, and what to do about it.
struct Meaning {
  long from, to;  // statuses
  Code code;
  const char* advice;  // "%KEY" stands for the key's variable, "%MODEL" and "%URL" for what was asked
};

constexpr Meaning kMeanings[] = {
    {300, 399, Code::kFailedPrecondition, "Redirects are not followed: name the final address"},
    {401, 401, Code::kUnauthenticated, "The key in %KEY is wrong, expired or meant for another server"},
    {402, 402, Code::kFailedPrecondition, "The account has no credit: its owner must act"},
    {403, 403, Code::kPermissionDenied, "The key in %KEY has no right to this model, or not from this place"},
    {404, 404, Code::kNotFound,
     "%MODEL (--model) or the address %URL (--llm-base-url) does not exist there; aisci doctor lists the models, "
     "and aisci resume goes on once it is there"},
    {408, 408, Code::kDeadlineExceeded, "The server gave up waiting; try again later"},
    {409, 409, Code::kUnavailable, "Try again later"},
    {413, 413, Code::kInvalidArgument, "The request is too large for this server: choose a model of longer context"},
    {429, 429, Code::kResourceExhausted, "Too many requests or tokens at a time: wait, or ask for a higher limit"},
    {504, 504, Code::kDeadlineExceeded, "The server gave up waiting for its model; try again later"},
    {529, 529, Code::kUnavailable, "The server is overloaded; aisci resume goes on later without paying twice"},
    {500, 599, Code::kUnavailable, "The fault is the server's; aisci resume goes on later without paying twice"},
};

}  // namespace

Server::Server(const Dialect& dialect, const std::string& config_json) : dialect_{dialect} {
  const json::object config =
      parse_object(config_json.empty() ? "{}" : config_json, "the configuration of " + std::string{dialect.name});
  base_url_ = stripped(text_of(config, "base_url"));
  if (base_url_.empty()) base_url_ = stripped(environment(dialect.base_env));
  if (base_url_.empty()) base_url_ = dialect.base_url;
  while (base_url_.size() > 1 && base_url_.back() == '/') base_url_.pop_back();
  const std::string start = lower(base_url_.substr(0, 8));
  if (start.rfind("http://", 0) != 0 && start != "https://")
    throw Error{Code::kInvalidArgument, "the base address must begin with http:// or https://"};
  const auto host = base_url_.find("://") + 3;
  const std::string authority = base_url_.substr(host, base_url_.find_first_of("/?#", host) - host);
  if (contains(authority, "@"))
    throw Error{
        Code::kInvalidArgument,
        std::string{"the base address must not carry a user or password; the key belongs into "} + dialect.key_env};
  if (authority.empty() || std::any_of(base_url_.begin(), base_url_.end(), [](char c) { return c >= 0 && c <= ' '; }))
    throw Error{Code::kInvalidArgument, "the base address names no host, or holds blanks"};
  own_ = base_url_.rfind(dialect.base_url, 0) == 0;
  timeout_seconds_ = number_of(config, "timeout_seconds", timeout_seconds_);

  key_ = stripped(environment(dialect.key_env));
  if (const std::string file = environment(std::string{dialect.key_env} + "_FILE"); key_.empty() && !file.empty())
    key_ = stripped(read_text_file(file));
  if (std::any_of(key_.begin(), key_.end(), [](char c) { return c >= 0 && c < ' '; }))
    throw Error{Code::kInvalidArgument, std::string{dialect.key_env} + " holds a control character"};
  if (!key_.empty()) secrets_.push_back(key_);
  custom_headers_ = lines_of(environment(dialect.headers_env));
  for (const auto& header : custom_headers_)
    if (const std::string value = stripped(header.substr(header.find(':') + 1)); value.size() >= kShortestSecret)
      secrets_.push_back(value);
}

void Server::demand_key() const {
  if (!own_ || !key_.empty()) return;
  throw Error{Code::kFailedPrecondition,
              std::string{"there is no key for "} + base_url_ + ": set the environment variable " + dialect_.key_env +
                  " (or " + dialect_.key_env + "_FILE), or name a server of your own with --llm-base-url or " +
                  dialect_.base_env};
}

http::Response Server::send(http::Request request, plugin::Call& call) const {
  request.headers.insert(request.headers.end(), custom_headers_.begin(), custom_headers_.end());
  try {
    return http::send(request, call);
  } catch (const Error& error) {
    if (error.detail().empty()) throw;  // not the connection's
    const bool sent = contains(error.detail(), "true");
    call.report("http", json::serialize(json::object{{"status", 0}, {"sent", sent}}));
    std::string message = without_key(error.message());
    if (!sent)
      message += std::string{". Is the server running and the address right? It is "} + base_url_ +
                 " (--llm-base-url, " + dialect_.base_env + ")";
    else if (error.code() == Code::kDeadlineExceeded)
      message += ". A slow model needs a larger llm_timeout_seconds";
    throw Error{error.code(), message, error.detail()};
  }
}

http::Response Server::post(const std::string& path, std::vector<std::string> headers, std::string body,
                            std::function<void(std::string_view)> on_event_stream, plugin::Call& call) const {
  http::Request request;
  request.url = base_url_ + path;
  request.headers = std::move(headers);
  request.headers.emplace_back("Content-Type: application/json");
  request.headers.emplace_back("Expect:");
  request.body = std::move(body);
  request.silent_seconds = timeout_seconds_;
  request.total_seconds = on_event_stream ? std::max(timeout_seconds_, kStreamSeconds) : timeout_seconds_;
  request.on_event_stream = std::move(on_event_stream);
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

void Server::fail(const http::Response& response, plugin::Call& call, std::string_view model) const {
  boost::system::error_code error;
  const json::value body = json::parse(response.body, error);
  std::string said = error ? std::string{} : said_in(body);
  if (said.empty()) said = response.body.substr(0, 400);
  fail_as(response.status, said, response, call, model);
}

void Server::fail_as(long status, std::string_view said, const http::Response& response, plugin::Call& call,
                     std::string_view model) const {
  const std::string low = lower(said);
  const bool person = needs_a_person(low);
  const double wait = retry_after(response);
  json::object report{{"status", status}, {"sent", true}};
  if (wait >= 0) report["retry_after_seconds"] = wait;
  if (const auto advice = response.headers.find("x-should-retry"); advice != response.headers.end())
    report["retry"] = advice->second == "true";
  if (person) report["retry"] = false;
  call.report("http", json::serialize(report));

  const std::string words = clean(said);
  const std::string what = base_url_ + " answered " + std::to_string(status) + (words.empty() ? "" : ": " + words);
  if (person)
    throw Error{Code::kFailedPrecondition,
                what + ". The account has no credit left, or a spending limit of its own: its owner must act"};
  if (status == 401 && key_.empty())
    throw Error{Code::kUnauthenticated, what + ". It wants a key: set the environment variable " + dialect_.key_env};
  const long meant = status == 400 && knows_no_such_model(low) ? 404 : status;
  for (const Meaning& meaning : kMeanings) {
    if (meant < meaning.from || meant > meaning.to) continue;
    std::string advice = meaning.advice;
    replace_each(advice, "%KEY", dialect_.key_env);
    replace_each(advice, "%URL", base_url_);
    replace_each(advice, "%MODEL", "The model" + (model.empty() ? std::string{} : " " + std::string{model}));
    throw Error{meaning.code, what + ". " + advice};
  }
  throw Error{Code::kInvalidArgument, what + ". The server does not take this request"};
}

json::object Server::object_of(const http::Response& response, plugin::Call& call) const {
  boost::system::error_code error;
  json::value body = json::parse(response.body, error);
  if (error || !body.is_object()) {
    call.report("http", json::serialize(json::object{{"status", response.status}, {"sent", true}}));
    throw Error{Code::kUnavailable, base_url_ +
                                        " answered something else than a JSON object: " + clean(response.body, 120) +
                                        ". Is this the address of a model server, with /v1 where it wants that?"};
  }
  check_error(body.get_object(), response, call);
  call.report("http", json::serialize(json::object{{"status", response.status}, {"sent", true}}));
  return std::move(body.get_object());
}

// Some gateways put an error into an answer of status 200, or into the middle of a stream.
void Server::check_error(const json::object& body, const http::Response& response, plugin::Call& call) const {
  const json::value* error = find_member(body, "error");
  if (!error || error->is_null()) return;
  const json::object& inner = kit::object_of(body, "error");
  double code = number_of(inner, "code", 0);
  const std::string type = text_of(inner, "type");
  if (type == "rate_limit_error") code = 429;
  if (type == "overloaded_error") code = 529;
  fail_as(code >= 400 && code < 600 ? static_cast<long>(code) : 502, said_in(body), response, call);
}

void Server::fail_broken(std::string_view why, std::size_t request_bytes, std::string_view text,
                         plugin::Call& call) const {
  const auto tokens = [](std::size_t bytes) {
    return static_cast<std::int64_t>(static_cast<double>(bytes) / kBytesPerToken) + 1;
  };
  call.report("usage", json::serialize(json::object{{"input_tokens", tokens(request_bytes)},
                                                    {"output_tokens", tokens(text.size())},
                                                    {"estimated", true}}));
  call.report("http", json::serialize(json::object{{"status", 200}, {"sent", true}}));
  throw Error{Code::kUnavailable, "the answer of " + base_url_ + " broke off after " + std::to_string(text.size()) +
                                      " characters (" + clean(why, 200) + ")"};
}

std::vector<std::string> Server::models_of(const http::Response& response, const Prices* prices,
                                           plugin::Call& call) const {
  const json::object body = object_of(response, call);
  std::vector<std::string> models;
  for (const auto& entry : array_of(body, "data")) {
    if (!entry.is_object()) continue;
    json::object model{{"id", without_key(text_of(entry.get_object(), "id"))}};
    for (const char* name : {"max_model_len", "context_length"})
      if (const double tokens = number_of(entry.get_object(), name); tokens > 0)
        model["context_tokens"] = static_cast<std::int64_t>(std::min(tokens, 1e12));
    // Per token and as text, as routers tell it, with -1 where it varies; aisci says it per million.
    const json::object& pricing = kit::object_of(entry.get_object(), "pricing");
    for (const auto& [theirs, ours] : {std::pair{"prompt", "input_price"}, std::pair{"completion", "output_price"}})
      if (const std::string text = text_of(pricing, theirs); !text.empty())
        if (const auto price = parsed_number(text); price && *price >= 0) model[ours] = 1e6 * *price;
    if (prices) prices->add_to(model);
    models.push_back(json::serialize(model));
  }
  return models;
}

std::string Server::without_key(std::string text) const {
  for (const auto& secret : secrets_) replace_each(text, secret, "[key]");
  return text;
}

std::string Server::clean(std::string_view text, std::size_t limit) const {
  std::string out;
  for (const char c : without_key(std::string{text.substr(0, 20000)})) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.size() > limit) {
    out.resize(limit);
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80)
      out.pop_back();  // no half of a character
    if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0) out.pop_back();
    out += "…";
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace aisci::kit
