// CallContext: the limits of one call to a component, and the way back for progress and side reports;
// Sink and Source: the streams of a call.
//
//   std::atomic<bool> stop{false};
//   aisci::CallContext call;
//   call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
//   call.cancelled = [&] { return stop.load(); };
//   call.on_progress = [](double done, std::string_view note) { std::cerr << 100 * done << " % " << note << '\n'; };
//   aisci::Result<std::string> output = agent.act("review.review", input, call);
//
// A call that is made for another names it as its parent: then it is cancelled with it, has no more time
// than it, and its reports count for both.
//
// Ownership: lives until the call returns; components keep no reference.
// Threads: components may use it from any thread, so the functions put into it must allow that.
// Since 0.1.
#pragma once

#include <aisci/abi/call.h>
#include <aisci/status.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aisci {

// Takes output of a component; one write is what the function that gets the sink says. A failure ends the
// call with that failure.
using Sink = std::function<Status(std::string_view)>;

// Gives input to a component: copies up to `capacity` bytes, returns how many; 0 is the end.
using Source = std::function<Result<std::size_t>(char* buffer, std::size_t capacity)>;

struct CallContext {
  using Clock = std::chrono::steady_clock;

  std::optional<Clock::time_point> deadline;                          // none: no limit of its own
  std::function<bool()> cancelled;                                    // true: end the call soon
  std::function<void(double, std::string_view)> on_progress;          // 0 to 1, and a note for people
  std::function<void(std::string_view, std::string_view)> on_report;  // key and JSON; counts even if the call fails
  const CallContext* parent = nullptr;                                // the call this one is made for
  std::uint64_t trace_id = 0;                                         // for logs; 0: the parent's
  // Set by the host in the context it hands to a service that a plugin called.
  const aisci_call_t* plugin_call = nullptr;

  // Asked to end, or out of time; its own or its parent's.
  bool is_cancelled() const { return was_cancelled() || is_expired(); }
  // Asked to end, apart from any deadline.
  bool was_cancelled() const { return (cancelled && cancelled()) || (parent && parent->was_cancelled()); }
  bool is_expired() const { return (deadline && Clock::now() >= *deadline) || (parent && parent->is_expired()); }

  // Time left, never negative; nothing when there is no limit.
  std::optional<std::chrono::nanoseconds> time_left() const {
    std::optional<std::chrono::nanoseconds> left;
    if (deadline) left = std::max<std::chrono::nanoseconds>(*deadline - Clock::now(), std::chrono::nanoseconds{0});
    if (const auto outer = parent ? parent->time_left() : std::nullopt) left = left ? std::min(*left, *outer) : *outer;
    return left;
  }

  void progress(double done, std::string_view note = {}) const {
    if (on_progress) on_progress(done, note);
  }
  void report(std::string_view key, std::string_view json) const {
    if (on_report) on_report(key, json);
    if (parent) parent->report(key, json);
  }
};

}  // namespace aisci
