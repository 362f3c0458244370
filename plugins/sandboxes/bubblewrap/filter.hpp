// The seccomp filter of the sandbox `bubblewrap`: which system calls a program is refused, with what error, and why.
//
// It lists what is refused and lets the rest through, because numerical libraries use most of the ordinary calls and
// the namespaces already bound what those can reach. What is refused is what has been used to leave a sandbox, what
// reaches into other processes, and what no experiment needs. Calls newer than the list are refused too.
//
// Threads: free functions without state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aisci::sandboxes {

struct Refusal {
  std::string_view calls;  // names, separated by spaces
  int error;               // what the program gets
  std::string_view reason;
};

// Calls refused whatever their arguments. Further rules look at arguments: see filter.cpp.
const std::vector<Refusal>& refusals();

// The filter as a BPF program, ready for `bwrap --seccomp`. Throws plugin::Error when libseccomp refuses a rule.
std::string filter_program();

}  // namespace aisci::sandboxes
