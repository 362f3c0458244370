// Watching a program until nothing of it is left: its time, its memory, its results, its output.
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <string>

#include "kit/containment/cgroup.hpp"
#include "spec.hpp"

namespace aisci::supervisor {

// One stream of the program: copied to its log up to a cap.
struct Stream {
  int from = -1, to = -1;
  double left = 0;
  bool cut = false;
  void pump();
};

struct Ending {
  int status = 0;
  bool timed_out = false, killed = false, overgrown = false, out_of_memory = false, cut = false;
  kit::GroupEvents events;
  rusage usage{};
  std::chrono::steady_clock::duration wall{};
};

Ending watch(const Spec& spec, pid_t program, Stream (&streams)[2], const kit::ControlGroup& group,
             const volatile sig_atomic_t& asked_to_end);

// completion.json
std::string record_of(const Spec& spec, const Ending& ending);

}  // namespace aisci::supervisor
