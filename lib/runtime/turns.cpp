#include "runtime/turns.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace aisci {

Status Turns::wait(const std::string& what, double per_second, const CallContext& call) {
  using Clock = CallContext::Clock;
  if (!(per_second > 0 && per_second < 1e6)) return invalid_argument("a rate is a number above 0, calls a second");
  const auto apart = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{1.0 / per_second});
  Clock::time_point turn;
  {
    const std::lock_guard lock{mutex_};
    auto& next = next_[what];
    turn = std::max(next, Clock::now());
    next = turn + apart;
  }
  while (Clock::now() < turn) {
    if (call.was_cancelled()) return cancelled("waiting for a turn at " + what + " was cancelled");
    if (call.is_expired()) return deadline_exceeded("no turn at " + what + " came in time");
    std::this_thread::sleep_for(std::min<Clock::duration>(turn - Clock::now(), std::chrono::milliseconds{20}));
  }
  return {};
}

}  // namespace aisci
