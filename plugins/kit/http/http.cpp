#include "kit/http/http.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <string_view>

namespace aisci::kit::http {
namespace {

using plugin::Code;
using plugin::Error;

constexpr int kPollMilliseconds = 50;  // how soon a cancellation is seen

struct Reader {
  Response response;
  CURL* easy = nullptr;
  std::size_t limit = 0;
  std::size_t taken = 0;
  bool too_large = false;
  const std::function<void(std::string_view)>* on_event_stream = nullptr;
  std::exception_ptr thrown;  // by on_event_stream: nothing may pass through libcurl
};

bool is_event_stream(Reader& reader) {
  long status = 0;
  curl_easy_getinfo(reader.easy, CURLINFO_RESPONSE_CODE, &status);
  const auto type = reader.response.headers.find("content-type");
  return status == 200 && type != reader.response.headers.end() && type->second.rfind("text/event-stream", 0) == 0;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& reader = *static_cast<Reader*>(user);
  reader.taken += size;
  if (reader.taken > reader.limit) {
    reader.too_large = true;
    return 0;
  }
  try {
    if (*reader.on_event_stream && is_event_stream(reader))
      (*reader.on_event_stream)({data, size});
    else
      reader.response.body.append(data, size);
  } catch (...) {
    reader.thrown = std::current_exception();
    return 0;
  }
  return size;
}

std::string_view stripped(std::string_view text) {
  while (!text.empty() && std::string_view{" \t\r\n"}.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (!text.empty() && std::string_view{" \t\r\n"}.find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  const std::string_view line{data, size};
  if (line.rfind("HTTP/", 0) == 0) static_cast<Reader*>(user)->response.headers.clear();  // of an interim answer
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    std::string name{line.substr(0, colon)};
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    static_cast<Reader*>(user)->response.headers[std::move(name)] = std::string{stripped(line.substr(colon + 1))};
  }
  return size;
}

// "127.0.0.1:8080" of a URL, for messages.
std::string place_of(const std::string& url) {
  const auto begin = url.find("://");
  const auto from = begin == std::string::npos ? 0 : begin + 3;
  return url.substr(from, url.find_first_of("/?#", from) - from);
}

// The own machine is never behind a proxy, whatever the environment says of others.
std::string no_proxy() {
  std::string hosts = "localhost,127.0.0.1,::1";
  for (const char* name : {"no_proxy", "NO_PROXY"})
    if (const char* given = std::getenv(name); given && *given) return hosts + "," + given;
  return hosts;
}

struct Handles {
  Handles() {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) throw Error{Code::kInternal, "libcurl cannot be initialised"};
    easy = curl_easy_init();
    multi = curl_multi_init();
    if (!easy || !multi) throw Error{Code::kResourceExhausted, "libcurl has no memory"};
  }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    if (easy && multi) curl_multi_remove_handle(multi, easy);
    if (easy) curl_easy_cleanup(easy);
    if (multi) curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
  }
  CURL* easy = nullptr;
  CURLM* multi = nullptr;
  curl_slist* headers = nullptr;
};

long milliseconds(double seconds) { return static_cast<long>(std::clamp(seconds, 0.001, 1e6) * 1000); }

void prepare(Handles& handles, const Request& request, const plugin::Call& call, Reader& reader, char* problem) {
  CURL* easy = handles.easy;
  for (const auto& header : request.headers) handles.headers = curl_slist_append(handles.headers, header.c_str());
  double total = request.total_seconds;
  if (call.timeout_ns() >= 0) total = std::min(total, static_cast<double>(call.timeout_ns()) / 1e9);
  static const std::string direct = no_proxy();
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, direct.c_str());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, handles.headers);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connect_seconds));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(total));
  if (request.silent_seconds > 0) {
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, std::max(1L, std::lround(request.silent_seconds)));
  }
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reader);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &reader);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, problem);
  if (!request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
}

CURLcode perform(Handles& handles, plugin::Call& call, const std::string& place) {
  curl_multi_add_handle(handles.multi, handles.easy);
  for (int running = 1; running > 0;) {
    if (call.is_cancelled()) throw Error{Code::kCancelled, "the request to " + place + " was cancelled"};
    if (curl_multi_perform(handles.multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running > 0) curl_multi_poll(handles.multi, nullptr, 0, kPollMilliseconds, nullptr);
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(handles.multi, &left);
  return message ? message->data.result : CURLE_FAILED_INIT;
}

[[noreturn]] void fail(CURLcode code, const Handles& handles, const std::string& place, const std::string& reason,
                       const Reader& reader) {
  long sent = 0;
  curl_easy_getinfo(handles.easy, CURLINFO_REQUEST_SIZE, &sent);
  const std::string detail = sent > 0 ? R"({"sent":true})" : R"({"sent":false})";
  if (reader.too_large)
    throw Error{Code::kResourceExhausted, place + " answered with more than " + std::to_string(reader.limit) + " bytes",
                detail};
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      throw Error{Code::kInvalidArgument, "the address is not one of http or https", detail};
    case CURLE_OPERATION_TIMEDOUT:
      if (sent == 0)
        throw Error{Code::kUnavailable, "cannot connect to " + place + " in time (" + reason + ")", detail};
      throw Error{Code::kDeadlineExceeded, place + " did not answer in time (" + reason + ")", detail};
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      throw Error{Code::kUnavailable, "cannot connect to " + place + " (" + reason + ")", detail};
    default:
      throw Error{Code::kUnavailable, "the connection to " + place + " failed (" + reason + ")", detail};
  }
}

}  // namespace

Response send(const Request& request, plugin::Call& call) {
  Handles handles;
  Reader reader;
  reader.easy = handles.easy;
  reader.limit = request.max_bytes;
  reader.on_event_stream = &request.on_event_stream;
  char problem[CURL_ERROR_SIZE] = "";
  prepare(handles, request, call, reader, problem);
  const std::string place = place_of(request.url);
  const CURLcode code = perform(handles, call, place);
  if (reader.thrown) std::rethrow_exception(reader.thrown);
  if (code != CURLE_OK) fail(code, handles, place, *problem ? problem : curl_easy_strerror(code), reader);
  curl_easy_getinfo(handles.easy, CURLINFO_RESPONSE_CODE, &reader.response.status);
  return std::move(reader.response);
}

}  // namespace aisci::kit::http
