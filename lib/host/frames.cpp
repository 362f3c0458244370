#include "host/frames.hpp"

#include "host/call_state.hpp"

namespace aisci::host {

Status Unpacker::status() {
  const StatusCode code = to_code(number<std::int32_t>());
  const std::string_view message = text();
  return code == StatusCode::kOk ? Status{} : Status{code, std::string{message}};
}

void write_header(char (&header)[kFrameHeader], FrameKind kind, std::uint64_t number, std::uint64_t size) noexcept {
  const auto length = static_cast<std::uint32_t>(size);
  std::memset(header, 0, sizeof header);
  std::memcpy(header, &length, sizeof length);
  header[4] = static_cast<char>(kind);
  std::memcpy(header + 8, &number, sizeof number);
}

void FrameReader::feed(std::string_view bytes) {
  if (broken_) return;
  if (used_ == buffer_.size()) {
    buffer_.clear();
    used_ = 0;
  } else if (used_ > (std::size_t{1} << 20)) {
    buffer_.erase(0, used_);
    used_ = 0;
  }
  buffer_ += bytes;
}

bool FrameReader::next(Frame& frame) {
  if (broken_ || buffer_.size() - used_ < kFrameHeader) return false;
  const char* const at = buffer_.data() + used_;
  std::uint32_t size = 0;
  std::memcpy(&size, at, sizeof size);
  const auto kind = static_cast<std::uint8_t>(at[4]);
  if (size > kLargestBody || kind < 1 || kind > static_cast<std::uint8_t>(kLastFrameKind) || at[5] || at[6] || at[7]) {
    broken_ = true;
    return false;
  }
  if (buffer_.size() - used_ - kFrameHeader < size) return false;
  frame.kind = static_cast<FrameKind>(kind);
  std::memcpy(&frame.number, at + 8, sizeof frame.number);
  frame.body.assign(at + kFrameHeader, size);
  used_ += kFrameHeader + size;
  return true;
}

}  // namespace aisci::host
