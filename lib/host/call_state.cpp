#include "host/call_state.hpp"

#include "base/text.hpp"

#include <exception>

namespace aisci::host {
namespace {

constexpr std::size_t kLongestMessage = 8192;

// Runs a callback of the program's under a plugin's frames, where nothing may be thrown.
template <typename Function>
auto contained(Function&& function) noexcept -> Status {
  try {
    return function();
  } catch (const std::exception& error) {
    return internal_error(std::string{"a callback threw: "} + error.what());
  } catch (...) {
    return internal_error("a callback threw");
  }
}

}  // namespace

StatusCode to_code(std::int32_t code) noexcept {
  return code >= AISCI_OK && code <= AISCI_UNAUTHENTICATED ? static_cast<StatusCode>(code) : StatusCode::kUnknown;
}

CallState::CallState(const CallContext& context, std::string_view who)
    : context_{context}, who_{who}, raw_{sizeof(aisci_call_t),
                                         0,
                                         this,
                                         nullptr,
                                         0,
                                         -1,
                                         &CallState::is_cancelled,
                                         &CallState::fail,
                                         &CallState::progress,
                                         &CallState::report} {
  bool limited = false;
  for (const CallContext* at = &context; at; at = at->parent) {
    if (raw_.trace_id == 0) raw_.trace_id = at->trace_id;
    if (!raw_.parent) raw_.parent = at->plugin_call;
    limited |= at->deadline.has_value();
  }
  if (limited) raw_.timeout_ns = context.time_left()->count();
}

const CallState* CallState::of(const aisci_call_t* call) noexcept {
  return call ? static_cast<const CallState*>(call->ctx) : nullptr;
}

Status CallState::outcome(std::int32_t code) const {
  if (code == AISCI_OK) return {};
  const std::string who{who_};
  if (code == AISCI_CANCELLED && context_.is_expired() && !context_.was_cancelled())
    return deadline_exceeded(who + " ran out of time");
  if (code < AISCI_OK || code > AISCI_UNAUTHENTICATED)
    return Status{StatusCode::kUnknown, who + " failed with the unknown code " + std::to_string(code)};
  const std::lock_guard lock{mutex_};
  if (code_ != code || message_.empty()) return Status{to_code(code), who + " failed and did not say why"};
  return Status{to_code(code), message_};
}

std::int32_t CallState::is_cancelled(const aisci_call_t* call) {
  try {
    return of(call)->context_.is_cancelled() ? 1 : 0;
  } catch (...) {
    return 1;
  }
}

std::int32_t CallState::fail(const aisci_call_t* call, std::int32_t code, aisci_bytes_t message, aisci_bytes_t detail) {
  auto* const self = static_cast<CallState*>(call->ctx);
  (void)contained([&] {
    {
      const std::lock_guard lock{self->mutex_};
      self->code_ = code;
      self->message_ = printable(view(message), kLongestMessage);
    }
    if (detail.size > 0) self->context_.report("failure", view(detail));
    return Status{};
  });
  return code;
}

void CallState::progress(const aisci_call_t* call, double done, aisci_bytes_t note) {
  (void)contained([&] {
    if (done >= 0.0 && done <= 1.0) of(call)->context_.progress(done, view(note));
    return Status{};
  });
}

void CallState::report(const aisci_call_t* call, aisci_bytes_t key, aisci_bytes_t json) {
  (void)contained([&] {
    of(call)->context_.report(view(key), view(json));
    return Status{};
  });
}

SinkState::SinkState(Sink target, std::uint64_t limit)
    : target_{std::move(target)}, raw_{sizeof(aisci_sink_t), 0, this, limit, &SinkState::write} {}

std::int32_t SinkState::write(aisci_sink_t* sink, aisci_bytes_t text) {
  auto* const self = static_cast<SinkState*>(sink->ctx);
  // A foreign thread gets its refusal without touching what the call's own thread uses.
  if (std::this_thread::get_id() != self->thread_) return AISCI_FAILED_PRECONDITION;
  if (self->failure_.ok()) self->failure_ = contained([&] { return self->take(text); });
  return static_cast<std::int32_t>(self->failure_.code());
}

Status SinkState::take(aisci_bytes_t text) {
  if (text.size > raw_.limit - taken_)
    return resource_exhausted("a plugin's output is larger than " + std::to_string(raw_.limit) + " bytes");
  taken_ += text.size;
  ++writes_;
  return target_(view(text));
}

TextState::TextState(std::uint64_t limit)
    : sink_{[this](std::string_view text) {
              text_ += text;
              return Status{};
            },
            limit} {}

Result<std::string> TextState::take(Status outcome, std::string_view who) {
  AISCI_RETURN_IF_ERROR(sink_.settle(std::move(outcome)));
  if (sink_.writes() != 1)
    return internal_error(std::string{who} + " wrote " + std::to_string(sink_.writes()) + " documents, expected one");
  return std::move(text_);
}

SourceState::SourceState(const Source& source)
    : source_{source}, raw_{sizeof(aisci_source_t), 0, this, UINT64_MAX, &SourceState::read} {}

std::int32_t SourceState::read(aisci_source_t* source, void* buffer, std::uint64_t capacity, std::uint64_t* filled) {
  auto* const self = static_cast<SourceState*>(source->ctx);
  if (!self->failure_.ok()) return static_cast<std::int32_t>(self->failure_.code());
  self->failure_ = contained([&]() -> Status {
    AISCI_ASSIGN_OR_RETURN(const std::size_t got, self->source_(static_cast<char*>(buffer), capacity));
    if (got > capacity) return internal_error("a source gave more than was asked for");
    *filled = got;
    return {};
  });
  return static_cast<std::int32_t>(self->failure_.code());
}

}  // namespace aisci::host
