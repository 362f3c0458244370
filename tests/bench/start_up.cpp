// How long `aisci --version` takes, from fork to exit: median and worst of 50 starts.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

int main() {
  std::vector<double> milliseconds;
  for (int i = 0; i < 50; ++i) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    char program[] = AISCI_BINARY_DIR "/bin/aisci", flag[] = "--version";
    char* arguments[] = {program, flag, nullptr};
    const auto start = std::chrono::steady_clock::now();
    pid_t child = 0;
    int status = 0;
    if (posix_spawn(&child, program, &actions, nullptr, arguments, environ) != 0 ||
        waitpid(child, &status, 0) != child || status != 0) {
      std::fprintf(stderr, "%s did not run\n", program);
      return 1;
    }
    milliseconds.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    posix_spawn_file_actions_destroy(&actions);
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  std::printf("aisci --version: median %.1f ms, worst %.1f ms of %zu starts\n", milliseconds[milliseconds.size() / 2],
              milliseconds.back(), milliseconds.size());
}
