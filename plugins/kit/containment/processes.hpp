// Processes seen through /proc: which they are, what they started, what they hold.
//
// Threads: free functions without state.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace aisci::kit {

// What a file of /proc or of a control group holds; "" when it, or the process that it tells of, is gone, also while it
// is being read (a standard stream throws then).
std::string kernel_text(const std::filesystem::path& file);

// Start time in clock ticks since boot; 0 when there is no such process. With the pid it names one process for ever.
unsigned long long start_time(pid_t pid);

// The pid namespace that numbers of this process mean something in.
std::uint64_t pid_namespace();

std::vector<pid_t> children_of(pid_t pid);
std::vector<pid_t> descendants_of(pid_t pid);

// Signals everything below `pid`, not `pid` itself and not `spared`. With SIGKILL each is stopped first: it must not
// fork while its children are looked for.
void signal_descendants(pid_t pid, int signal, pid_t spared = 0);

// Memory of their own that all processes below `pid` hold together, in bytes.
double resident_bytes_below(pid_t pid);

// Disk space of files on `device` that processes below `pid` hold open though their names are gone, in bytes.
double deleted_bytes_below(pid_t pid, dev_t device);

}  // namespace aisci::kit
