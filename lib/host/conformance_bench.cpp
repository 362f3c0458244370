#include "host/conformance_bench.hpp"

#include <algorithm>
#include <exception>

namespace aisci::host {
namespace {

// What the host says of a call that broke a general rule.
struct Sign {
  StatusCode code;
  const char* words;  // part of the message
  const char* rule;
  const char* expected;
};
constexpr Sign kSigns[] = {
    {StatusCode::kUnavailable, "the process of ", "P17", "the component survives the call"},
    {StatusCode::kDeadlineExceeded, "did not end when asked", "P8", "it ends within two seconds of being asked to"},
    {StatusCode::kCancelled, "did not end when asked", "P8", "it ends within two seconds of being asked to"},
    {StatusCode::kInternal, "an exception left its function", "P5", "no exception leaves a function"},
    {StatusCode::kUnknown, "an exception of unknown type", "P5", "exceptions are turned into codes that say why"},
    {StatusCode::kUnknown, "failed with the unknown code", "P6", "one of the canonical codes"},
    {StatusCode::kInternal, "documents, expected one", "P11", "one document in one write"},
};

}  // namespace

bool is_circumstance(StatusCode code) noexcept {
  constexpr StatusCode kCircumstances[] = {StatusCode::kUnavailable,       StatusCode::kUnauthenticated,
                                           StatusCode::kPermissionDenied,  StatusCode::kFailedPrecondition,
                                           StatusCode::kResourceExhausted, StatusCode::kDeadlineExceeded};
  return std::find(std::begin(kCircumstances), std::end(kCircumstances), code) != std::end(kCircumstances);
}

void Bench::expect(const char* rule, std::string done, std::string expected, bool holds, std::string got) {
  using Outcome = ConformanceFinding::Outcome;
  report_.findings.push_back({holds ? Outcome::kHolds : Outcome::kBroken, rule, component_, std::move(done),
                              std::move(expected), holds ? std::string{} : std::move(got)});
}

void Bench::not_checked(const char* rule, std::string done, std::string why) {
  report_.findings.push_back(
      {ConformanceFinding::Outcome::kNotChecked, rule, component_, std::move(done), {}, std::move(why)});
}

bool Bench::sound(const std::string& done, const std::function<Status(const CallContext&)>& call, Status& outcome) {
  CallContext context;
  context.deadline = CallContext::Clock::now() + kCallTime;
  const auto began = CallContext::Clock::now();
  try {
    outcome = call(context);
  } catch (const std::exception& error) {
    expect("P5", done, "no exception leaves a function", false, std::string{"an exception: "} + error.what());
    return false;
  }
  const std::chrono::duration<double> took = CallContext::Clock::now() - began;
  for (const Sign& sign : kSigns)
    if (outcome.code() == sign.code && outcome.message().find(sign.words) != std::string::npos) {
      expect(sign.rule, done, sign.expected, false, outcome.to_string());
      return false;
    }
  expect("P8", done, "it ends within two seconds of its deadline", took < kCallTime + kGrace,
         "it took " + std::to_string(took.count()) + " s");
  expect("P7", done, "a failure says why",
         outcome.ok() || outcome.message().find("did not say why") == std::string::npos, outcome.to_string());
  return true;
}

bool Bench::succeeds(const char* rule, const std::string& done, const std::function<Status(const CallContext&)>& call,
                     Need need) {
  Status outcome;
  if (!sound(done, call, outcome)) return false;
  if (is_circumstance(outcome.code()) || (need == Need::kOptional && outcome.code() == StatusCode::kUnimplemented)) {
    not_checked(rule, done, outcome.to_string());
    return false;
  }
  expect(rule, done, "OK", outcome.ok(), outcome.to_string());
  return outcome.ok();
}

void Bench::cancelled(const std::string& done, const std::function<Status(const CallContext&)>& call) {
  CallContext context;
  context.cancelled = [] { return true; };
  const auto began = CallContext::Clock::now();
  Status outcome;
  try {
    outcome = call(context);
  } catch (const std::exception& error) {
    expect("P5", done, "no exception leaves a function", false, std::string{"an exception: "} + error.what());
    return;
  }
  const std::chrono::duration<double> took = CallContext::Clock::now() - began;
  expect("P8", done, "it ends within two seconds of being cancelled",
         took < kGrace && outcome.message().find("did not end when asked") == std::string::npos,
         "it took " + std::to_string(took.count()) + " s: " + outcome.to_string());
}

}  // namespace aisci::host
