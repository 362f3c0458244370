// aisci-plugin-host SOCKET MEMORY_MB: the process that a plugin runs in when it does not run in the program's. Started
// by the library; there is nothing in it for people.
#include "host/server.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  const int socket = argc == 3 ? std::atoi(argv[1]) : -1;
  int type = 0;
  socklen_t size = sizeof type;
  if (socket < 0 || ::getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
    std::fputs("aisci-plugin-host is started by aisci, not by hand\n", stderr);
    return 2;
  }
  // What one call needed is kept for the next: giving it back and asking again costs more than the call.
  (void)::mallopt(M_MMAP_THRESHOLD, 4 << 20);
  (void)::mallopt(M_TRIM_THRESHOLD, 16 << 20);
  const rlimit no_core{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &no_core);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their shadow memory counts as data
  if (const rlim_t memory = std::strtoull(argv[2], nullptr, 10) << 20; memory > 0) {
    const rlimit limit{memory, memory};
    (void)::setrlimit(RLIMIT_DATA, &limit);
  }
#endif
  // Threads may wait in it until the very end: it is never destroyed.
  auto* const server = new aisci::host::Server{socket};
  server->run();
  std::_Exit(0);
}
