#include "runtime/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace aisci {
namespace {

int attempts_for(const RetryPolicy& policy, const FailedAttempt& failed) {
  if (failed.http.contains("retry")) return flag_of(failed.http, "retry") ? policy.attempts_told : 1;
  for (const auto& rule : policy.rules) {
    if (rule.code != failed.code) continue;
    const bool unreached = !failed.reached_before && failed.http.contains("sent") && !flag_of(failed.http, "sent");
    return unreached ? std::min(rule.attempts, policy.attempts_unreached) : rule.attempts;
  }
  return 1;
}

}  // namespace

RetryAdvice advise(const RetryPolicy& policy, const FailedAttempt& failed, double jitter) {
  if (failed.attempt >= attempts_for(policy, failed)) return {};
  if (failed.http.contains("retry_after_seconds")) {
    const double told = std::max(0.0, number_of(failed.http, "retry_after_seconds"));
    if (told > policy.longest_told_seconds) return {};
    return {true, told};
  }
  const double wait = policy.first_seconds * std::pow(2.0, failed.attempt - 1);
  return {true, std::min(wait, policy.longest_seconds) * (1.0 - 0.25 * jitter)};
}

}  // namespace aisci
