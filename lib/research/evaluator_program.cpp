// One run of a user's program an evaluation. Its standard streams are files in memory: nothing blocks, whether or not
// it reads, and whatever it leaves running.
#include <aisci/compare_policies.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstring>
#include <thread>

#include "base/json.hpp"
#include "base/text.hpp"

extern char** environ;

namespace aisci {
namespace {

constexpr off_t kMostOutput = 16 << 20;
constexpr std::size_t kShown = 300;  // bytes of output in a message

struct Stream {
  int fd = ::memfd_create("aisci-evaluator", MFD_CLOEXEC);
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (fd >= 0) ::close(fd);
  }
  off_t size() const {
    struct stat about {};
    return ::fstat(fd, &about) == 0 ? about.st_size : 0;
  }
  std::string text() const {
    std::string all(static_cast<std::size_t>(std::min(size(), kMostOutput)), '\0');
    const ssize_t got = ::pread(fd, all.data(), all.size(), 0);
    all.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return all;
  }
};

int spawn(std::vector<std::string> command, const Stream& in, const Stream& out, const Stream& err, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, in.fd, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.fd, 1);
  ::posix_spawn_file_actions_adddup2(&actions, err.fd, 2);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv;
  for (auto& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int error = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  return error;
}

enum class End { kByItself, kTimeout, kCancelled, kFlood };

// Waits for it to end, or ends it; then what it started too. `how` is waitpid's, -1 when the program collects all its
// children itself.
End wait_for(pid_t pid, const ProgramLimits& limits, const Stream& out, const Stream& err, int& how) {
  const auto begun = std::chrono::steady_clock::now();
  auto pause = std::chrono::microseconds{100};
  End end = End::kByItself;
  for (;;) {
    // Looked at first and collected later, so that its group can still be named by its number.
    siginfo_t info{};
    const int got = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
    if ((got == 0 && info.si_pid != 0) || (got < 0 && errno != EINTR)) break;
    if (limits.cancelled && *limits.cancelled) end = End::kCancelled;
    if (out.size() > kMostOutput || err.size() > kMostOutput) end = End::kFlood;
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    if (taken.count() > limits.seconds) end = End::kTimeout;
    if (end != End::kByItself) break;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds{5000});
  }
  ::kill(-pid, SIGKILL);
  if (end != End::kByItself) ::kill(pid, SIGKILL);  // it may not lead its group yet
  how = -1;
  pid_t collected;
  do collected = ::waitpid(pid, &how, 0);
  while (collected < 0 && errno == EINTR);
  if (collected != pid) how = -1;
  return end;
}

std::string last_words(const Stream& stream) {
  const std::string all = trim(stream.text());
  return printable(all.size() > kShown ? "... " + all.substr(all.size() - kShown) : all, kShown + 4);
}

std::string last_line(const std::string& text) {
  const std::string trimmed = trim(text);
  const auto at = trimmed.rfind('\n');
  return trim(at == std::string::npos ? trimmed : trimmed.substr(at + 1));
}

Evaluation failure(std::string why) {
  Evaluation evaluation;
  evaluation.failed = true;
  evaluation.failure = std::move(why);
  return evaluation;
}

Result<Evaluation> read_score(const std::string& line, const std::string& program, const std::string& input) {
  // What languages print in place of a number that JSON does not have.
  std::string text = line == "nan" || line == "inf" || line == "-inf" ? "null" : line;
  for (const char* word : {"NaN", "-Infinity", "Infinity"}) text = replace_all(text, word, "null");
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  const json::object* object = error ? nullptr : value.if_object();
  const json::value& score = object ? member(*object, "score") : value;
  if (object && flag_of(*object, "failed")) return failure("it says that it failed");
  const bool null = object ? object->contains("score") && score.is_null() : value.is_null();
  if (error || !(score.is_number() || null))
    return data_loss("the evaluator " + program + " printed " +
                     (line.empty() ? "nothing" : "\"" + printable(line, kShown) + "\"") + " for " + input +
                     "; its last line must be a score: {\"score\": 0.83}");
  if (!std::isfinite(as_number(score))) return failure("its score is not a number");
  return Evaluation{as_number(score), object ? number_of(*object, "cost", 1.0) : 1.0, false, {}};
}

Result<Evaluation> evaluate(const std::vector<std::string>& command, const ProgramLimits& limits,
                            const std::string& configuration, std::uint64_t seed) {
  const std::string input = "{\"config\":" + configuration + ",\"seed\":" + std::to_string(seed) + "}";
  std::vector<std::string> words = command;
  for (auto& word : words)
    if (word == "{}") word = input;
  const Stream in, out, err;
  if (in.fd < 0 || out.fd < 0 || err.fd < 0 || ::write(in.fd, (input + "\n").data(), input.size() + 1) < 0 ||
      ::lseek(in.fd, 0, SEEK_SET) < 0)
    return resource_exhausted(std::string{"no memory for an evaluator's input: "} + std::strerror(errno));
  pid_t pid = -1;
  if (const int error = spawn(words, in, out, err, pid); error != 0)
    return not_found("the evaluator " + command[0] + " cannot be started: " + std::strerror(error));
  int how = -1;
  switch (wait_for(pid, limits, out, err, how)) {
    case End::kCancelled:
      return cancelled("stopped while the evaluator was running");
    case End::kTimeout:
      return failure("it took longer than " + fixed(limits.seconds, 0) + " s");
    case End::kFlood:
      return failure("it printed more than 16 MB");
    case End::kByItself:
      break;
  }
  const std::string said = last_words(err);
  const std::string words_of_it = said.empty() ? "" : "; it wrote: " + said;
  if (how >= 0 && WIFSIGNALED(how))
    return failure("it was ended by signal " + std::to_string(WTERMSIG(how)) + words_of_it);
  if (how >= 0 && WEXITSTATUS(how) != 0)
    return failure("it ended with exit code " + std::to_string(WEXITSTATUS(how)) + words_of_it);
  return read_score(last_line(out.text()), command[0], input);
}

}  // namespace

Evaluator program_evaluator(std::vector<std::string> command, const ProgramLimits& limits) {
  return [command = std::move(command), limits](const std::string& configuration,
                                                std::uint64_t seed) -> Result<Evaluation> {
    if (command.empty()) return invalid_argument("the evaluator's command is empty");
    return evaluate(command, limits, configuration, seed);
  };
}

}  // namespace aisci
