// Reads a stream of server-sent events, however it is cut into pieces.
//
//   kit::http::EventStream stream{[&](std::string_view event, std::string_view data) { ... }};
//   request.on_event_stream = [&](std::string_view piece) { stream.take(piece); };
//   ...
//   stream.end();      // an event without the blank line after it is told as well
//
// Lines end with LF, CR or CRLF; comments, ids and unknown fields are skipped; several data lines of one event are
// joined with a line feed; a byte order mark at the beginning is dropped. (The HTML standard, "Server-sent events".)
//
// Errors: RESOURCE_EXHAUSTED for an event of more than 8 MiB. Threads: one at a time. Since 0.1.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace aisci::kit::http {

class EventStream {
 public:
  // Gets each event's name, "message" when it has none, and its data.
  using Take = std::function<void(std::string_view event, std::string_view data)>;

  explicit EventStream(Take event) : event_{std::move(event)} {}
  void take(std::string_view piece);
  void end();

 private:
  void take_line(std::string_view line);
  void tell();

  Take event_;
  std::string line_, name_, data_;
  bool has_data_ = false;
  bool first_line_ = true;
  bool after_return_ = false;  // a line feed that comes next belongs to the line before
};

}  // namespace aisci::kit::http
