// HTTP out, over libcurl: one request, one answer, whole or as it arrives.
//
//   kit::http::Request request;
//   request.url = "https://api.openai.com/v1/chat/completions";
//   request.headers = {"Content-Type: application/json", "Authorization: Bearer " + key};
//   request.body = body;                                          // a body makes it a POST
//   kit::http::Response response = kit::http::send(request, call);   // throws plugin::Error; any status is a response
//
// One attempt: nothing is retried and no redirect is followed, so that a header with a key goes to the named server and
// nowhere else. Proxies come from the usual environment variables; the own machine is reached without one.
//
// Errors: CANCELLED within 100 ms of the call's cancellation; UNAVAILABLE when there is no connection, or it broke;
// DEADLINE_EXCEEDED; RESOURCE_EXHAUSTED when the answer is larger than `max_bytes`; INVALID_ARGUMENT for a bad URL.
// Their messages name host and port, never headers. The error's detail is {"sent": true} when the server may have acted
// on it.
//
// An answer of status 200 that is a stream of events goes to `on_event_stream` piece by piece as it arrives, and its
// body stays empty; what that function throws ends the request and leaves send().
//
// Threads: any, at once; `on_event_stream` is called on the caller's. Since 0.1.
#pragma once

#include <aisci/plugin/call.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace aisci::kit::http {

struct Request {
  std::string url;                   // http or https, without user and password
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  double connect_seconds = 10;  // name look-up, connection and TLS
  double total_seconds = 600;   // with the answer; less when the call has less time
  double silent_seconds = 0;    // longest time without a byte; 0: no limit of its own
  std::size_t max_bytes = 32u << 20;
  std::function<void(std::string_view)> on_event_stream;
};

struct Response {
  long status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

Response send(const Request& request, plugin::Call& call);

}  // namespace aisci::kit::http
