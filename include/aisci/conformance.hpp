// Conformance: does a component keep the rules of its kind?
//
//   aisci::Result<aisci::ConformanceReport> report = aisci::check_plugin("brevity.so");
//   if (!report.ok()) { std::cerr << report.status().to_string() << '\n'; return 5; }
//   std::cout << aisci::to_text(*report);
//   return report->passed() ? 0 : 1;
//
// One suite for all: `aisci plugin check` runs it on a plugin, aisci's own tests run it on the shipped components, and
// check_component() runs it on an object of the program's own, a Python subclass included. The rules have numbers;
// docs/abi/README.md says what each asks for and what happens to a component that breaks it.
//
// The suite asks each component for a handful of small things, also senseless ones: a provider that is paid by the call
// is asked once, a sandbox runs two programs of a second. What cannot be judged here (a missing key, no network, a
// setting the component wants first) is kNotChecked with the reason, and is no failure.
//
// Threads: everything runs on the calling thread and on threads that are joined before it returns.
// Since 0.1.
#pragma once

#include <aisci/registry.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace aisci {

struct ConformanceFinding {
  enum class Outcome { kHolds, kBroken, kNotChecked };
  Outcome outcome = Outcome::kHolds;
  std::string rule;       // "P8", "V2"
  std::string component;  // "agent echo"; "" for the plugin as a whole
  std::string done;       // what the suite did
  std::string expected;
  std::string got;  // "" when the rule holds; why, when it was not checked
};

struct AISCI_API ConformanceReport {
  std::string plugin;  // its id; "" for objects
  std::string version;
  std::vector<ConformanceFinding> findings;

  // No rule is broken.
  bool passed() const noexcept;
  std::size_t count(ConformanceFinding::Outcome outcome) const noexcept;
};

struct ConformanceOptions {
  std::string config_json = "{}";  // what every component is created with
  // Where the plugin runs. In a process of its own a plugin that crashes or hangs is a finding; inside this one it is
  // the end of the check.
  Isolation isolation = Isolation::kProcess;
};

// Checks a plugin by the path of its shared object or of its manifest; a shared object needs no manifest, but one that
// is there must describe it. The status is why nothing could be checked at all: NOT_FOUND, PERMISSION_DENIED. A file
// that is no usable plugin is a report with a broken rule.
AISCI_API Result<ConformanceReport> check_plugin(const std::filesystem::path& file,
                                                 const ConformanceOptions& options = {});

// Checks one object. `name` is what findings call it.
AISCI_API void check_component(ValueFunction& component, const std::string& name, ConformanceReport& report);
AISCI_API void check_component(Agent& component, const std::string& name, ConformanceReport& report);
AISCI_API void check_component(Sandbox& component, const std::string& name, ConformanceReport& report);
AISCI_API void check_component(LLMProvider& component, const std::string& name, ConformanceReport& report);
AISCI_API void check_component(Retriever& component, const std::string& name, ConformanceReport& report);
AISCI_API void check_component(Writer& component, const std::string& name, ConformanceReport& report);

// For people: broken rules first, each with what was done, expected and got; then what was not checked; then a count.
AISCI_API std::string to_text(const ConformanceReport& report);
// {"schema":"aisci/plugin-check/1","plugin","version","passed","findings":[{"outcome","rule",..}]}
AISCI_API std::string to_json(const ConformanceReport& report);

}  // namespace aisci
