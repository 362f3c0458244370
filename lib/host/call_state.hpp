// The C side of one call: the call object a plugin sees, and the streams it reads and writes. All of it
// lives on the stack of the proxy that makes the call.
#pragma once

#include <aisci/abi/host.h>
#include <aisci/call_context.hpp>

#include <mutex>
#include <thread>

namespace aisci::host {

inline aisci_bytes_t bytes(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline std::string_view view(aisci_bytes_t text) noexcept {
  if (text.size == 0 || !text.data) return {};
  return {static_cast<const char*>(text.data), text.size};
}

// A code that came from a plugin; what is no canonical code is UNKNOWN.
StatusCode to_code(std::int32_t code) noexcept;

class CallState {
 public:
  // who: "agent ideation (org.aisci.ideation)", for messages.
  CallState(const CallContext& context, std::string_view who);
  CallState(const CallState&) = delete;  // raw_.ctx points here
  CallState& operator=(const CallState&) = delete;

  const aisci_call_t* raw() const noexcept { return &raw_; }
  const CallContext& context() const noexcept { return context_; }
  // Of a call that a plugin hands back to the host; null for null.
  static const CallState* of(const aisci_call_t* call) noexcept;

  // What the function's return code means, with the words it gave to fail.
  Status outcome(std::int32_t code) const;

 private:
  static std::int32_t is_cancelled(const aisci_call_t* call);
  static std::int32_t fail(const aisci_call_t* call, std::int32_t code, aisci_bytes_t message, aisci_bytes_t detail);
  static void progress(const aisci_call_t* call, double done, aisci_bytes_t note);
  static void report(const aisci_call_t* call, aisci_bytes_t key, aisci_bytes_t json);

  const CallContext& context_;
  std::string_view who_;
  aisci_call_t raw_;
  mutable std::mutex mutex_;  // fail is called from any thread
  std::int32_t code_ = AISCI_OK;
  std::string message_;
};

// A C sink over a C++ one: counts, and keeps what went wrong.
class SinkState {
 public:
  static constexpr std::uint64_t kLimit = std::uint64_t{1} << 30;

  explicit SinkState(Sink target, std::uint64_t limit = kLimit);
  SinkState(const SinkState&) = delete;
  SinkState& operator=(const SinkState&) = delete;

  aisci_sink_t* raw() noexcept { return &raw_; }
  // Null for a sink that nobody listens to.
  aisci_sink_t* raw_if_wanted() noexcept { return target_ ? &raw_ : nullptr; }
  std::uint64_t writes() const noexcept { return writes_; }
  // The sink's own failure is the reason when there is one, whatever the plugin made of it.
  Status settle(const Status& outcome) const { return failure_.ok() ? outcome : failure_; }

 private:
  static std::int32_t write(aisci_sink_t* sink, aisci_bytes_t text);
  Status take(aisci_bytes_t text);

  Sink target_;
  aisci_sink_t raw_;
  std::thread::id thread_ = std::this_thread::get_id();
  std::uint64_t taken_ = 0;
  std::uint64_t writes_ = 0;
  Status failure_;
};

// A sink that keeps one text, for results that are one document.
class TextState {
 public:
  explicit TextState(std::uint64_t limit = SinkState::kLimit);
  aisci_sink_t* raw() noexcept { return sink_.raw(); }
  // The text, or why there is none; a call that succeeded without writing exactly once is a defect of the plugin.
  Result<std::string> take(Status outcome, std::string_view who);

 private:
  std::string text_;
  SinkState sink_;
};

class SourceState {
 public:
  explicit SourceState(const Source& source);
  SourceState(const SourceState&) = delete;
  SourceState& operator=(const SourceState&) = delete;
  aisci_source_t* raw() noexcept { return &raw_; }
  Status settle(const Status& outcome) const { return failure_.ok() ? outcome : failure_; }

 private:
  static std::int32_t read(aisci_source_t* source, void* buffer, std::uint64_t capacity, std::uint64_t* filled);

  const Source& source_;
  aisci_source_t raw_;
  Status failure_;
};

}  // namespace aisci::host
