#include "research/pdf_text.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/text.hpp"

extern char** environ;

namespace aisci {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<std::string> pdf_text(const std::filesystem::path& pdf) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return resource_exhausted("no pipe for pdftotext");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string program = "pdftotext", option = "-raw", file = std::filesystem::absolute(pdf).string(), out = "-";
  std::array<char*, 5> argv{program.data(), option.data(), file.data(), out.data(), nullptr};
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, "pdftotext", &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    return failed_precondition("pdftotext cannot be started: apt-get install poppler-utils");
  }
  std::string text;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t n = ::read(ends[0], buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return data_loss("pdftotext cannot read " + pdf.string());
  return text;
}

std::string bare(std::string_view text) {
  std::string out{text};
  for (const char* dash : {"\u2212", "\u2013", "\u2010", "\u2011"}) out = replace_all(std::move(out), dash, "-");
  out = replace_all(std::move(out), "\u00a0", " ");
  std::string single;
  for (const char c : out) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
    if (!space)
      single += c;
    else if (!single.empty() && single.back() != ' ')
      single += ' ';
  }
  return single;
}

int occurrences(std::string_view page, std::string_view value) {
  if (value.empty()) return 0;
  int count = 0;
  for (auto at = page.find(value); at != std::string_view::npos; at = page.find(value, at + 1)) {
    const std::size_t end = at + value.size();
    const bool digit_before = digit(value.front()) && at > 0 &&
                              (digit(page[at - 1]) || (page[at - 1] == '.' && at > 1 && digit(page[at - 2])));
    const bool digit_after = digit(value.back()) && end < page.size() &&
                             (digit(page[end]) || (page[end] == '.' && end + 1 < page.size() && digit(page[end + 1])));
    if (!digit_before && !digit_after) ++count;
  }
  return count;
}

}  // namespace aisci
