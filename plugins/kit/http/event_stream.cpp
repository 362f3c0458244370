#include "kit/http/event_stream.hpp"

#include <aisci/plugin/call.hpp>

namespace aisci::kit::http {
namespace {

constexpr std::size_t kLargestEvent = 8u << 20;

}  // namespace

void EventStream::take(std::string_view piece) {
  for (const char c : piece) {
    if (c == '\n' && std::exchange(after_return_, false)) continue;
    after_return_ = c == '\r';
    if (c == '\n' || c == '\r') {
      take_line(line_);
      line_.clear();
    } else {
      line_ += c;
      if (line_.size() + data_.size() > kLargestEvent)
        throw plugin::Error{plugin::Code::kResourceExhausted, "an event of the server's stream is larger than 8 MiB"};
    }
  }
}

void EventStream::end() {
  if (!line_.empty()) take_line(std::exchange(line_, {}));
  tell();
}

void EventStream::take_line(std::string_view line) {
  if (std::exchange(first_line_, false) && line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
  if (line.empty()) return tell();
  const auto colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  if (field == "event") name_ = value;
  if (field != "data") return;
  if (std::exchange(has_data_, true)) data_ += '\n';
  data_ += value;
}

void EventStream::tell() {
  const std::string name = std::exchange(name_, {});
  const std::string data = std::exchange(data_, {});
  if (std::exchange(has_data_, false)) event_(name.empty() ? "message" : name, data);
}

}  // namespace aisci::kit::http
