// The arguments of bwrap, in parts: what is separated, what of the system can be seen, what is covered.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace aisci::sandboxes {

using Arguments = std::vector<std::string>;

// Namespaces, user, session, capabilities, an empty environment.
Arguments isolation();

// The read-only system, /proc, /dev, capped /tmp and /dev/shm. `devices`: nodes of /dev that can be opened beside the
// usual ones; with any of them /sys is there too, read-only, because CUDA does not start without it. Throws
// plugin::Error INVALID_ARGUMENT for one that is no character device of /dev.
Arguments system_view(const std::vector<std::filesystem::path>& devices = {});

// The Python environment that a program's first word lies in; empty when it lies in the system.
std::filesystem::path environment_of(const std::string& program);

// Covers the data sets that scikit-learn ships, with their labels, in `environment` and in the system.
Arguments covered_labels(const std::filesystem::path& environment);

// A wrapper that limits the processes of the sandbox's own user namespace, or nothing where the kernel counts by user
// alone (before 5.14).
Arguments process_limit(long processes);

void append(Arguments& list, const Arguments& more);

}  // namespace aisci::sandboxes
