// What the host and the process of a plugin say to each other: frames over a stream socket. A frame is a header of 16
// bytes (size of the body, kind, number of the call or request) and a body of packed values. Both ends are the same
// machine and the same build; the format is nobody else's business. What comes from a plugin's process is not believed:
// a body that does not unpack, or is too large, ends the connection.
#pragma once

#include <aisci/status.hpp>

#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace aisci::host {

enum class FrameKind : std::uint8_t {
  // Host to plugin.
  kCall = 1,  // number of the call; function, target, time left, trace, arguments
  kCancel,    // number of the call
  kAnswer,    // number of the request; code, message, data
  kClose,     // number of the session
  // Plugin to host; the number is the call's.
  kResult,      // see pack_result
  kSinkWrite,   // request, which sink, bytes
  kSourceRead,  // request, capacity
  kBlob,        // request, which node, name
  kModelTask,   // request, name, input, messages, schema
  kProgress,    // done, note
  kReport,      // key, JSON
  kLog,         // level, component, message, fields; belongs to no call
  kService,     // request, service, component, name, input
};
inline constexpr FrameKind kLastFrameKind = FrameKind::kService;

struct Frame {
  FrameKind kind = FrameKind::kCall;
  std::uint64_t number = 0;
  std::string body;
};

inline constexpr std::size_t kFrameHeader = 16;
// A result of the largest size that a sink takes, and what is packed around it.
inline constexpr std::uint64_t kLargestBody = (std::uint64_t{1} << 30) + (1u << 20);

// Packs values into the body of a frame. A long text is not copied: it must last until the body was sent or taken.
class Packer {
 public:
  template <typename T>
  Packer& number(T value) {
    static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof value);
    std::memcpy(bytes_.data() + at, &value, sizeof value);
    return *this;
  }
  Packer& text(std::string_view value);
  template <std::same_as<std::string> T>  // one that ends too soon
  Packer& text(T&& value) = delete;
  // Without its size.
  Packer& raw(std::string_view value);
  Packer& status(const Status& status) {
    return number(static_cast<std::int32_t>(status.code())).text(status.message());
  }
  // All that another packed.
  Packer& add(const Packer& other);

  std::uint64_t size() const noexcept { return bytes_.size() + borrowed_size_; }
  // The body, piece by piece.
  std::vector<std::string_view> pieces() const;
  // The body in one.
  std::string take() const;

 private:
  struct Borrowed {
    std::size_t at;  // in bytes_
    std::string_view text;
  };
  std::string bytes_;
  std::vector<Borrowed> borrowed_;
  std::uint64_t borrowed_size_ = 0;
};

// Reads what a Packer wrote. After the first value that is not there everything is 0 or "", and good() is false.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) noexcept : rest_{bytes} {}

  template <typename T>
  T number() noexcept {
    T value{};
    if (rest_.size() < sizeof value) {
      spoil();
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  // A view into the bytes.
  std::string_view text() noexcept {
    const auto size = number<std::uint64_t>();
    if (size > rest_.size()) {
      spoil();
      return {};
    }
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  // A count of things of at least `smallest` bytes each; 0 when so many cannot follow.
  std::uint64_t count(std::size_t smallest) noexcept {
    const auto value = number<std::uint64_t>();
    if (value <= rest_.size() / smallest) return value;
    spoil();
    return 0;
  }
  Status status();
  bool good() const noexcept { return good_; }
  bool finished() const noexcept { return good_ && rest_.empty(); }

 private:
  void spoil() noexcept {
    good_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool good_ = true;
};

// The body of a result. The data come first, so that what is left of the body when its end is cut off is they.
Packer pack_result(const Status& status, std::string_view data);
// The data, or the failure; nothing when it is no such body.
std::optional<Result<std::string>> take_result(std::string&& body);

// Cuts a stream of bytes into frames. The body of a large frame is read to where it stays.
class FrameReader {
 public:
  // Where the next bytes of the stream belong; never empty.
  std::span<char> room();
  // So many of them are there now.
  void came(std::size_t bytes) noexcept;
  // The next whole frame: true and `frame`. False when more bytes are needed, or never again: broken().
  bool next(Frame& frame);
  bool broken() const noexcept { return broken_; }

 private:
  bool begin();

  std::string buffer_ = std::string(std::size_t{1} << 14, '\0');
  std::size_t begin_ = 0;  // of what has come and belongs to no frame yet
  std::size_t end_ = 0;
  bool started_ = false;  // frame_ is under way
  Frame frame_;
  std::size_t size_ = 0;  // of its body
  std::size_t have_ = 0;
  bool straight_ = false;  // the room is the body's own
  bool broken_ = false;
};

// The header of a frame with this body.
void write_header(char (&header)[kFrameHeader], FrameKind kind, std::uint64_t number, std::uint64_t size) noexcept;

}  // namespace aisci::host
