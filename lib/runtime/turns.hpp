// Taking turns: all who name the same thing share so many calls a second, whichever component or thread they come from.
//
//   Turns turns;
//   AISCI_RETURN_IF_ERROR(turns.wait("export.arxiv.org", 1.0 / 3, call));    // one request in three seconds
//
// Threads: any.
#pragma once

#include <aisci/call_context.hpp>
#include <aisci/status.hpp>
#include <map>
#include <mutex>
#include <string>

namespace aisci {

class Turns {
 public:
  // Returns when it is the caller's turn. INVALID_ARGUMENT for a rate that is not above zero; CANCELLED and
  // DEADLINE_EXCEEDED as the call says, and the turn is then lost.
  Status wait(const std::string& what, double per_second, const CallContext& call);

 private:
  std::mutex mutex_;
  std::map<std::string, CallContext::Clock::time_point> next_;
};

}  // namespace aisci
