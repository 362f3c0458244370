// The one place where the program prints.
#include <aisci/terminal.hpp>
#include <cstdarg>

#include "cli.hpp"

namespace aisci::cli {

void say(std::FILE* to, const char* format, ...) {
  va_list values, again;
  va_start(values, format);
  va_copy(again, values);
  const int size = std::vsnprintf(nullptr, 0, format, values);
  std::string text(static_cast<std::size_t>(size < 0 ? 0 : size) + 1, '\0');
  std::vsnprintf(text.data(), text.size(), format, again);
  va_end(again);
  va_end(values);
  text.pop_back();
  const std::string shown = printable(text);
  std::fwrite(shown.data(), 1, shown.size(), to);
}

void say_json(const std::string& json) {
  const std::string shown = printable_json(json);
  std::fwrite(shown.data(), 1, shown.size(), stdout);
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\t') {
      out += c == '\n' ? "\\n" : "\\t";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return printable_json(out);
}

int fail(const Status& status) {
  say(stderr, "aisci: %s\n", status.message().c_str());
  switch (status.code()) {
    case StatusCode::kInvalidArgument:
    case StatusCode::kAlreadyExists:
      return kUsage;
    case StatusCode::kCancelled:
      return kCancelledRun;
    case StatusCode::kNotFound:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kUnauthenticated:
    case StatusCode::kPermissionDenied:
      return kMissing;
    default:
      return kFailed;
  }
}

}  // namespace aisci::cli
