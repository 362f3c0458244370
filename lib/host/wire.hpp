// One end of the connection between the host and the process of a plugin. There is no thread that reads: of the threads
// that wait for something, one reads for all of them and hands over when it has what it wanted. So the common case,
// one call at a time, costs no change of thread.
#pragma once

#include "host/frames.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace aisci::host {

class Wire {
 public:
  using Clock = std::chrono::steady_clock;
  // Called for each frame by the thread that read it, with state() locked.
  using Handler = std::function<void(Frame&&)>;

  // Owns the descriptor of a connected stream socket.
  Wire(int fd, Handler handler) : fd_{fd}, handler_{std::move(handler)} {}
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();

  // False when the other end is gone. Several threads may send.
  bool send(FrameKind kind, std::uint64_t number, const Packer& body = {});

  // Guards whatever the handler and the predicates of wait() look at.
  std::mutex& state() noexcept { return state_; }

  // Until done(), the end of the connection, or the time. True when done. done() is called with state() locked, by
  // whoever reads, and never again once it was true: it may take what it waited for.
  bool wait(const std::function<bool()>& done, Clock::time_point until);

  // The other end is gone, or said something senseless.
  bool closed() const;
  // Ends the connection from this side: the other end reads to the end of what was sent.
  void finish_sending() noexcept;

 private:
  struct Waiter {
    const std::function<bool()>& done;
    bool is_done = false;
    std::shared_ptr<std::condition_variable> wake = std::make_shared<std::condition_variable>();
  };

  std::vector<Frame> read(Clock::time_point until, bool& ended);
  void take(std::vector<Frame> frames, bool ended, Waiter& reader);

  const int fd_;
  const Handler handler_;
  std::mutex sending_;
  mutable std::mutex state_;
  std::vector<Waiter*> waiters_;  // the last one came last: its memory is warmest
  bool reading_ = false;          // a thread reads
  bool closed_ = false;
  // Of the thread that reads.
  FrameReader frames_;
};

}  // namespace aisci::host
