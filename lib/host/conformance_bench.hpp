// What the suites of the six kinds share: recording a finding, and reading a status for broken general rules.
#pragma once

#include <aisci/conformance.hpp>

#include <chrono>
#include <functional>

namespace aisci::host {

class Bench {
 public:
  Bench(ConformanceReport& report, std::string component) : report_{report}, component_{std::move(component)} {}

  // One rule, one try. `got` is kept when it does not hold.
  void expect(const char* rule, std::string done, std::string expected, bool holds, std::string got);
  void not_checked(const char* rule, std::string done, std::string why);

  // Calls, and checks what holds for every call of every kind: it returns in time, with a canonical code and words,
  // without an exception, and the component is there afterwards. False when one of these is broken.
  bool sound(const std::string& done, const std::function<Status(const CallContext&)>& call, Status& outcome);
  // The same where nothing but OK is right; a failure for want of a key, network or setting is not checked, nor is a
  // function that the kind may leave out.
  enum class Need { kRequired, kOptional };
  bool succeeds(const char* rule, const std::string& done, const std::function<Status(const CallContext&)>& call,
                Need need = Need::kRequired);
  // A call that is cancelled from the start must end within the grace.
  void cancelled(const std::string& done, const std::function<Status(const CallContext&)>& call);

 private:
  ConformanceReport& report_;
  std::string component_;
};

// Not the component's fault: a key, the network, a program or a setting is missing here.
bool is_circumstance(StatusCode code) noexcept;

inline constexpr std::chrono::seconds kCallTime{5};
inline constexpr std::chrono::seconds kGrace{2};

}  // namespace aisci::host
