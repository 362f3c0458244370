#include "host/frames.hpp"

#include "host/call_state.hpp"

#include <algorithm>
#include <utility>

namespace aisci::host {
namespace {

constexpr std::size_t kShort = 1024;                 // bytes of a text that is copied at once
constexpr std::size_t kMostBorrowed = 64;            // texts that are not: each is two pieces of a message
constexpr std::size_t kStep = std::size_t{1} << 20;  // bytes of a body that room is made for before they come

}  // namespace

Packer pack_result(const Status& status, std::string_view data) {
  Packer body;
  if (status.ok()) body.raw(data);
  return std::move(body.status(status).number(static_cast<std::uint64_t>(status.ok() ? data.size() : 0)));
}

std::optional<Result<std::string>> take_result(std::string&& body) {
  std::uint64_t size = 0;
  if (body.size() < sizeof size) return std::nullopt;
  const std::string_view rest{body.data(), body.size() - sizeof size};
  std::memcpy(&size, rest.data() + rest.size(), sizeof size);
  if (size > rest.size()) return std::nullopt;
  Unpacker end{rest.substr(size)};
  const Status status = end.status();
  if (!end.finished()) return std::nullopt;
  if (!status.ok()) return status;
  body.resize(size);
  return std::move(body);
}

Status Unpacker::status() {
  const StatusCode code = to_code(number<std::int32_t>());
  const std::string_view message = text();
  return code == StatusCode::kOk ? Status{} : Status{code, std::string{message}};
}

Packer& Packer::text(std::string_view value) { return number(static_cast<std::uint64_t>(value.size())).raw(value); }

Packer& Packer::raw(std::string_view value) {
  if (value.size() < kShort || borrowed_.size() == kMostBorrowed) {
    bytes_ += value;
  } else {
    borrowed_.push_back({bytes_.size(), value});
    borrowed_size_ += value.size();
  }
  return *this;
}

Packer& Packer::add(const Packer& other) {
  for (const Borrowed& borrowed : other.borrowed_) borrowed_.push_back({bytes_.size() + borrowed.at, borrowed.text});
  borrowed_size_ += other.borrowed_size_;
  bytes_ += other.bytes_;
  return *this;
}

std::vector<std::string_view> Packer::pieces() const {
  std::vector<std::string_view> pieces;
  pieces.reserve(2 * borrowed_.size() + 1);
  const std::string_view own = bytes_;
  std::size_t from = 0;
  for (const Borrowed& borrowed : borrowed_) {
    pieces.push_back(own.substr(from, borrowed.at - from));
    pieces.push_back(borrowed.text);
    from = borrowed.at;
  }
  pieces.push_back(own.substr(from));
  return pieces;
}

std::string Packer::take() const {
  std::string body;
  body.reserve(size());
  for (const std::string_view piece : pieces()) body += piece;
  return body;
}

void write_header(char (&header)[kFrameHeader], FrameKind kind, std::uint64_t number, std::uint64_t size) noexcept {
  const auto length = static_cast<std::uint32_t>(size);
  std::memset(header, 0, sizeof header);
  std::memcpy(header, &length, sizeof length);
  header[4] = static_cast<char>(kind);
  std::memcpy(header + 8, &number, sizeof number);
}

std::span<char> FrameReader::room() {
  straight_ = started_ && begin_ == end_;
  if (straight_) {
    // As far as a little more than has come: a size that was only said takes no memory.
    frame_.body.resize(std::min(size_, have_ + kStep));
    return {frame_.body.data() + have_, frame_.body.size() - have_};
  }
  if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
  return {buffer_.data() + end_, buffer_.size() - end_};
}

void FrameReader::came(std::size_t bytes) noexcept { (straight_ ? have_ : end_) += bytes; }

// Reads a header.
bool FrameReader::begin() {
  if (end_ - begin_ < kFrameHeader) return false;
  const char* const at = buffer_.data() + begin_;
  std::uint32_t size = 0;
  std::memcpy(&size, at, sizeof size);
  const auto kind = static_cast<std::uint8_t>(at[4]);
  if (size > kLargestBody || kind < 1 || kind > static_cast<std::uint8_t>(kLastFrameKind) || at[5] || at[6] || at[7]) {
    broken_ = true;
    return false;
  }
  frame_ = {static_cast<FrameKind>(kind), 0, {}};
  std::memcpy(&frame_.number, at + 8, sizeof frame_.number);
  begin_ += kFrameHeader;
  size_ = size;
  have_ = 0;
  frame_.body.reserve(std::min(size_, kStep));
  return true;
}

bool FrameReader::next(Frame& frame) {
  if (broken_) return false;
  if (!started_) started_ = begin();
  if (!started_) return false;
  if (const std::size_t more = std::min(end_ - begin_, size_ - have_); more > 0) {
    frame_.body.append(buffer_, begin_, more);
    begin_ += more;
    have_ += more;
  }
  if (have_ < size_) return false;
  frame = std::move(frame_);
  started_ = false;
  return true;
}

}  // namespace aisci::host
