// Requests and answers of language models in the form that providers share: a conversation out of aisci's request
// document, an answer whole or as a stream, and aisci's response document.
//
//   const Conversation conversation = conversation_of(request);
//   ...
//   Stream stream{deltas, server, [&](std::string_view event, const json::object& data, Stream& into) { ... }};
//   http::Response response = server.post(path, headers, body, stream.reader(), call);
//   response.write(response_document(server, std::move(answer), call));
//
// Threads: pure functions; a Stream belongs to its call. Since 0.1.
#pragma once

#include "kit/http/event_stream.hpp"
#include "kit/http/model_server.hpp"

namespace aisci::kit {

// The request's messages, of which systems are one text, with the schema told in words: not every server shows it to
// the model.
struct Conversation {
  std::string system;
  json::array turns;  // {"role": "user" or "assistant", "content"}; two of one role never follow each other
};
Conversation conversation_of(const json::object& request);

// "ideation.scope" of a request as a name that every server takes: "ideation_scope".
std::string schema_name(const json::object& request);

// The largest output that a refusal names when it says that `asked` tokens are too many; 0 when it says no such thing.
std::int64_t largest_output(std::string_view refusal, std::int64_t asked);

// Tokens of a text, estimated from above: three bytes a token.
std::uint64_t estimated_tokens(std::string_view text);

// A count of tokens in a server's usage: 0 when it is not there, none when what is there is no whole number from 0 to
// 2^53. A provider reports none as null: then the call counts at what was reserved for it.
std::optional<std::int64_t> token_count(const json::object& usage, std::string_view name);
json::value json_of(const std::optional<std::int64_t>& count);

struct Answer {
  std::string text;
  std::string model;
  std::string finish = "stop";  // "length", "refused"
  std::string refusal;          // the model's words when it refused
  json::object usage;           // empty: the server did not say
};

// The response document that a provider writes; reports the usage.
std::string response_document(const Server& server, Answer answer, plugin::Call& call);

// An answer that arrives as a stream of events. Text goes to `deltas` as it comes.
class Stream {
 public:
  // What a dialect makes of one event: it fills answer, calls add_text() and, at the end, sets `ended`.
  using Read = std::function<void(std::string_view event, const json::object& data, Stream& into)>;

  Stream(plugin::Sink* deltas, const Server& server, Read read);
  Stream(const Stream&) = delete;  // the reader points here
  Stream& operator=(const Stream&) = delete;

  // For Server::post; empty when nobody listens to deltas: then a whole answer is asked for.
  std::function<void(std::string_view)> reader();
  void add_text(std::string_view text);

  // Tells the deltas an answer that came whole.
  void show();

  // Posts, and reads what comes. A stream that broke off, or told of an error, is thrown.
  http::Response post(const std::string& path, std::vector<std::string> headers, const std::string& body,
                      plugin::Call& call);
  // Whether the answer came as a stream, and is in `answer`.
  bool used() const noexcept { return used_; }

  Answer answer;
  bool ended = false;

 private:
  plugin::Sink* deltas_;
  const Server& server_;
  Read read_;
  http::EventStream events_;
  json::object error_;
  bool used_ = false;
};

}  // namespace aisci::kit
