// What providers over HTTP share: where the server is, the key, what an error means, and what must not get out.
//
//   const Dialect kOpenAI{"OpenAI", "OPENAI_BASE_URL", "OPENAI_API_KEY", "https://api.openai.com/v1",
//                      "OPENAI_CUSTOM_HEADERS"};
//   Server server{kOpenAI, setup.config_json};      // throws INVALID_ARGUMENT for a bad address
//   http::Response response = server.post("/chat/completions", {"Authorization: Bearer " + server.key()}, body, {},
//   call); if (response.status != 200) server.fail(response, call);          // throws, with what to do
//
// Configuration: {"base_url", "timeout_seconds"}, each optional; then the environment variable, then the dialect's own
// server. The key comes from its variable, or from the file that KEY_FILE names; only the dialect's own server demands
// one. A variable PREFIX_CUSTOM_HEADERS holds further headers, one a line, for gateways. Whatever a provider hands on
// of a server's words goes through clean() or without_key(): no key and no value of a custom header gets out.
//
// Codes: UNAUTHENTICATED, PERMISSION_DENIED, FAILED_PRECONDITION: a person must act (key, rights, credit, address,
// model); INVALID_ARGUMENT: this request is refused; RESOURCE_EXHAUSTED, UNAVAILABLE, DEADLINE_EXCEEDED: later it may
// work. Reported: "http" {"status", "retry_after_seconds", "retry", "sent"}.
//
// Threads: const after construction. Since 0.1.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/http/http.hpp"
#include "kit/http/prices.hpp"
#include "kit/json.hpp"

namespace aisci::kit {

struct Dialect {
  const char* name;         // "OpenAI"
  const char* base_env;     // "OPENAI_BASE_URL"
  const char* key_env;      // "OPENAI_API_KEY"
  const char* base_url;     // of the dialect's own server
  const char* headers_env;  // "OPENAI_CUSTOM_HEADERS"
};

class Server {
 public:
  Server(const Dialect& dialect, const std::string& config_json);

  const std::string& base_url() const noexcept { return base_url_; }
  const std::string& key() const noexcept { return key_; }
  bool is_own() const noexcept { return own_; }  // the dialect's own server, api.openai.com

  // FAILED_PRECONDITION, with what to set, when the server demands a key and there is none.
  void demand_key() const;

  // `on_event_stream` gets the pieces of an answer that is a stream of events (http.hpp).
  http::Response post(const std::string& path, std::vector<std::string> headers, std::string body,
                      std::function<void(std::string_view)> on_event_stream, plugin::Call& call) const;
  // Quick to see that nobody is there: a server is asked this before a study starts.
  http::Response get(const std::string& path, std::vector<std::string> headers, plugin::Call& call) const;

  // Throws what an answer other than success means; `model`: the one that was asked, for the message. NOT_FOUND: the
  // model or the address does not exist there.
  [[noreturn]] void fail(const http::Response& response, plugin::Call& call, std::string_view model = {}) const;
  // The answer as an object; throws UNAVAILABLE when it is none, and what an "error" in it means.
  json::object object_of(const http::Response& response, plugin::Call& call) const;
  // Throws what an {"error": ..} in an answer of status 200 means; nothing when there is none.
  void check_error(const json::object& body, const http::Response& response, plugin::Call& call) const;
  // Throws UNAVAILABLE for an answer that broke off after `text`, and reports what it cost at least.
  [[noreturn]] void fail_broken(std::string_view why, std::size_t request_bytes, std::string_view text,
                                plugin::Call& call) const;
  // The ids of a list {"data": [{"id"}]} as model documents, with context_tokens and
  // prices where the server says them; `prices`: what to take where the server does not, or null.
  std::vector<std::string> models_of(const http::Response& response, const Prices* prices, plugin::Call& call) const;

  // A server's words for people: one line, without the key, at most `limit` bytes.
  std::string clean(std::string_view text, std::size_t limit = 400) const;
  // Text without the key.
  std::string without_key(std::string text) const;

 private:
  http::Response send(http::Request request, plugin::Call& call) const;
  [[noreturn]] void fail_as(long status, std::string_view said, const http::Response& response, plugin::Call& call,
                            std::string_view model = {}) const;

  Dialect dialect_;
  std::string base_url_, key_;
  std::vector<std::string> custom_headers_;
  std::vector<std::string> secrets_;  // the key, and the values of custom headers
  double timeout_seconds_ = 600;
  bool own_ = false;
};

}  // namespace aisci::kit
