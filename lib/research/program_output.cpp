#include "research/program_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

extern char** environ;

namespace aisci {
namespace {

using Clock = std::chrono::steady_clock;

// Reads until the end, or says what was over first.
Status drain(int from, std::string& text, double seconds, std::size_t most) {
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{seconds});
  std::array<char, 1 << 16> buffer;
  for (;;) {
    if (seconds > 0) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
      pollfd ready{from, POLLIN, 0};
      if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) == 0)
        return {StatusCode::kDeadlineExceeded, "took too long"};
    }
    const ssize_t n = ::read(from, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return {};
    if (text.size() + static_cast<std::size_t>(n) > most)
      return resource_exhausted("printed more than " + std::to_string(most >> 20) + " MB");
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

}  // namespace

Result<ProgramOutput> program_output(std::vector<std::string> argv, double seconds, std::size_t most) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return resource_exhausted("no pipe for " + argv.front());
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<char*> words;
  for (auto& word : argv) words.push_back(word.data());
  words.push_back(nullptr);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    return failed_precondition(argv.front() + " cannot be started");
  }
  ProgramOutput told;
  const Status drained = drain(ends[0], told.text, seconds, most);
  ::close(ends[0]);
  if (!drained.ok()) ::kill(child, SIGKILL);  // ours and not waited for yet: the number is still its own
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!drained.ok()) return Status{drained.code(), argv.front() + " " + drained.message()};
  told.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return told;
}

Result<ProgramOutput> script_output(const std::filesystem::path& python, std::string_view script, double seconds,
                                    const std::vector<std::string>& arguments) {
  // An empty entry is the working folder. Not -I: a wrapper may set PYTHONPATH for its packages, as trials get them.
  std::vector<std::string> argv{python.string(), "-c",
                                "import sys\nsys.path = [p for p in sys.path if p]\n" + std::string{script}};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return program_output(std::move(argv), seconds);
}

}  // namespace aisci
