// Starting the program: limits that a process sets on itself, the user it runs as, the descriptors it gets.
#pragma once

#include "spec.hpp"

namespace aisci::supervisor {

// In the child: waits until `go` can be read, so that it is in its control group before it does anything, then becomes
// the program. `bounded`: a control group limits the memory; the limit by process is then only a second line.
[[noreturn]] void become_program(const Spec& spec, int out, int err, int go, bool bounded);

}  // namespace aisci::supervisor
