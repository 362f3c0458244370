// When a failed call to a model is made again, and after how long. The policy is data; the one loop that follows it is
// in model_calls.cpp.
//
//   RetryPolicy policy;
//   const RetryAdvice advice = advise(policy, {status.code(), attempt, reported, reached_before}, jitter);
//   if (advice.again) wait(advice.seconds);
//
// Pure functions.
#pragma once

#include <aisci/status.hpp>
#include <vector>

#include "base/json.hpp"

namespace aisci {

struct RetryPolicy {
  struct Rule {
    StatusCode code;
    int attempts;  // in all, in one run of aisci
  };
  std::vector<Rule> rules{
      {StatusCode::kUnavailable, 6},
      {StatusCode::kResourceExhausted, 8},
      {StatusCode::kDeadlineExceeded, 3},
  };
  int attempts_unreached = 2;  // as long as this run never reached the server: it is not there, or the address is wrong
  int attempts_told = 4;       // when the server itself says that trying again helps, whatever the code
  double first_seconds = 1;    // then twice as long each time
  double longest_seconds = 60;
  double longest_told_seconds = 300;  // a server that asks for more is not waited for
};

struct RetryAdvice {
  bool again = false;
  double seconds = 0;
};

// What is known of a failed attempt. `http` is what the provider reported: {"status", "retry_after_seconds", "retry",
// "sent"}, each optional.
struct FailedAttempt {
  StatusCode code = StatusCode::kUnknown;
  int attempt = 1;  // the first is 1
  const json::object& http;
  bool reached_before = false;
};

// `jitter`, 0 to 1, shortens an own wait by up to a quarter, so that many clients do not come back at once. A wait that
// the server asked for is never shortened.
RetryAdvice advise(const RetryPolicy& policy, const FailedAttempt& failed, double jitter);

}  // namespace aisci
