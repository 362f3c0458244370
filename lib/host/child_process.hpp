// The process of one component: aisci-plugin-host at the other end of a socket.
#pragma once

#include <aisci/status.hpp>

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

namespace aisci::host {

// Where aisci-plugin-host is: in lib/aisci, beside or above the library or program this is part of.
Result<std::filesystem::path> plugin_host_program();

class ChildProcess {
 public:
  // Starts the program in a process group of its own, with nothing open but the socket, and at most so much memory
  // of its own (0: no limit). `socket` is this side's end.
  static Result<std::unique_ptr<ChildProcess>> start(std::uint64_t memory_mb, int& socket);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  // Ends it, if it has not ended.
  ~ChildProcess();

  // Waits so long for it to end by itself, then ends it with everything in its group.
  void end(std::chrono::milliseconds patience);
  // How it ended, for people: "was ended by signal 11 (Segmentation fault)", and what it wrote to its standard error.
  std::string how_it_ended() const;
  pid_t id() const noexcept { return pid_; }

 private:
  ChildProcess(pid_t pid, int words) : pid_{pid}, words_{words} {}
  bool has_ended();  // with mutex_ locked
  void read_words();

  const pid_t pid_;
  const int words_;  // reads what it writes to its standard error
  mutable std::mutex mutex_;
  bool ended_ = false;
  bool by_us_ = false;
  int how_ = -1;  // of waitpid; -1: unknown
  std::string said_;
};

}  // namespace aisci::host
