#include "host/wire.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace aisci::host {

Wire::~Wire() { ::close(fd_); }

bool Wire::send(FrameKind kind, std::uint64_t number, const Packer& body) {
  if (body.size() > kLargestBody) return false;
  char header[kFrameHeader];
  write_header(header, kind, number, body.size());
  std::vector<iovec> parts{{header, sizeof header}};
  for (const std::string_view piece : body.pieces()) parts.push_back({const_cast<char*>(piece.data()), piece.size()});
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  const std::lock_guard lock{sending_};
  while (message.msg_iovlen > 0) {
    const ssize_t sent = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    auto left = static_cast<std::size_t>(sent);
    while (message.msg_iovlen > 0 && left >= message.msg_iov->iov_len) {
      left -= message.msg_iov->iov_len;
      ++message.msg_iov;
      --message.msg_iovlen;
    }
    if (message.msg_iovlen > 0) {
      message.msg_iov->iov_base = static_cast<char*>(message.msg_iov->iov_base) + left;
      message.msg_iov->iov_len -= left;
    }
  }
  return true;
}

bool Wire::wait(const std::function<bool()>& done, Clock::time_point until) {
  std::unique_lock lock{state_};
  Waiter self{done};
  self.is_done = done();
  if (self.is_done) return true;
  waiters_.push_back(&self);
  while (!self.is_done && !closed_ && Clock::now() < until) {
    if (!reading_) {
      reading_ = true;
      lock.unlock();
      bool ended = false;
      std::vector<Frame> frames = read(until, ended);
      lock.lock();
      take(std::move(frames), ended, self);
    } else if (until == Clock::time_point::max()) {
      self.wake->wait(lock);
    } else {
      self.wake->wait_until(lock, until);
    }
  }
  std::erase(waiters_, &self);
  if (reading_) return self.is_done;
  const auto next =
      std::find_if(waiters_.rbegin(), waiters_.rend(), [](const Waiter* other) { return !other->is_done; });
  if (next == waiters_.rend()) return self.is_done;
  const auto wake = (*next)->wake;
  lock.unlock();       // or it would wake only to wait for the lock
  wake->notify_one();  // somebody else reads on
  return self.is_done;
}

// Reads once, for everybody.
std::vector<Frame> Wire::read(Clock::time_point until, bool& ended) {
  int milliseconds = -1;
  if (until != Clock::time_point::max()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    milliseconds = static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
  }
  pollfd ready{fd_, POLLIN, 0};
  std::vector<Frame> frames;
  if (::poll(&ready, 1, milliseconds) <= 0) return frames;
  const std::span<char> room = frames_.room();
  const ssize_t got = ::recv(fd_, room.data(), room.size(), 0);
  ended = got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
  if (got > 0) frames_.came(static_cast<std::size_t>(got));
  Frame frame;
  while (frames_.next(frame)) frames.push_back(std::move(frame));
  ended |= frames_.broken();
  return frames;
}

// With state() locked: gives out what was read, and wakes those alone whom it concerns.
void Wire::take(std::vector<Frame> frames, bool ended, Waiter& reader) {
  for (Frame& frame : frames) handler_(std::move(frame));
  reading_ = false;
  closed_ |= ended;
  if (frames.empty() && !ended) return;
  reader.is_done = reader.done();
  for (Waiter* const waiter : waiters_) {
    if (waiter->is_done) continue;  // the reader, or one that has not woken yet
    waiter->is_done = waiter->done();
    if (waiter != &reader && (waiter->is_done || closed_)) waiter->wake->notify_one();
  }
}

bool Wire::closed() const {
  const std::lock_guard lock{state_};
  return closed_;
}

void Wire::finish_sending() noexcept { ::shutdown(fd_, SHUT_WR); }

}  // namespace aisci::host
