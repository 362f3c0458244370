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
  ++waiting_;
  bool is_done = done();
  while (!is_done && !closed_ && Clock::now() < until) {
    if (!reading_)
      read(lock, until);
    else if (until == Clock::time_point::max())
      changed_.wait(lock);
    else
      changed_.wait_until(lock, until);
    is_done = done();
  }
  --waiting_;
  if (waiting_ > 0 && !reading_) changed_.notify_one();  // somebody else reads on
  return is_done;
}

// Reads once, for everybody.
void Wire::read(std::unique_lock<std::mutex>& lock, Clock::time_point until) {
  reading_ = true;
  lock.unlock();
  int milliseconds = -1;
  if (until != Clock::time_point::max()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    milliseconds = static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
  }
  pollfd ready{fd_, POLLIN, 0};
  bool ended = false;
  std::vector<Frame> frames;
  if (::poll(&ready, 1, milliseconds) > 0) {
    const std::span<char> room = frames_.room();
    const ssize_t got = ::recv(fd_, room.data(), room.size(), 0);
    ended = got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
    if (got > 0) frames_.came(static_cast<std::size_t>(got));
    Frame frame;
    while (frames_.next(frame)) frames.push_back(std::move(frame));
    ended |= frames_.broken();
  }
  lock.lock();
  for (Frame& frame : frames) handler_(std::move(frame));
  closed_ |= ended;
  reading_ = false;
  if ((!frames.empty() || ended) && waiting_ > 1) changed_.notify_all();
}

bool Wire::closed() const {
  const std::lock_guard lock{state_};
  return closed_;
}

void Wire::finish_sending() noexcept { ::shutdown(fd_, SHUT_WR); }

}  // namespace aisci::host
