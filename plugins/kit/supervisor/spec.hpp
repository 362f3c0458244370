// What the supervisor is to run: a file of lines "name value"; "argv N" and "environment N" are followed by N lines.
// plugins/kit/process/run.cpp writes it.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace aisci::supervisor {

struct Spec {
  std::vector<std::string> argv, environment;
  std::vector<std::pair<std::string, std::string>> stages;  // host folder -> name below the staging mount
  std::string results, directory, filter;
  double wall_seconds = 3600, memory_mb = 0, results_mb = 0, output_mb = 16, cpus = 0;
  long processes = 0;
  bool drop = false;      // run as nobody, with the folders staged where nobody can reach them
  bool reserves = false;  // it may reserve far more than it uses, as the driver of a GPU does
  bool wrapped = false;   // the program is a wrapper: it reports a signal as exit code 128 + n, and ends all it runs
                          // when it is ended
};

// Ends this process with a message when the file cannot be read.
Spec read_spec(const char* path);

[[noreturn]] void die(const std::string& why);

}  // namespace aisci::supervisor
