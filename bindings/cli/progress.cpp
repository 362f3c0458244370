#include "progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <aisci/terminal.hpp>
#include <cstdio>
#include <cstdlib>

#include "cli.hpp"

namespace aisci::cli {
namespace {

int terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

// At most `width` columns, cut at a character; a multi-byte character counts as one.
std::string cut(const std::string& text, int width) {
  int columns = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80 && ++columns > width) break;
    ++i;
  }
  return text.substr(0, i);
}

std::string first_line(const std::string& text) { return printable(text.substr(0, text.find('\n'))); }

}  // namespace

Progress::Progress(bool quiet, bool json) : quiet_{quiet}, json_{json}, terminal_{::isatty(STDERR_FILENO) == 1} {}

void Progress::tell(const StudyEvent& event) {
  std::lock_guard lock{mutex_};
  progress_ = event.progress;
  if (json_ && event.type != "progress") {
    say(stdout, "{\"event\":\"%s\",\"key\":\"%s\",\"progress\":%.3f}\n", escaped(event.type).c_str(),
        escaped(event.key).c_str(), event.progress);
    std::fflush(stdout);
  }
  // What a component warns of stands on a line of its own; what it merely tells is for programs.
  if (event.type == "log" && event.message.rfind("info:", 0) != 0 && !quiet_) {
    std::fprintf(stderr, "%s%s: %s\n", drawn_ ? "\r\x1b[K" : "", first_line(event.key).c_str(),
                 first_line(event.message).c_str());
    return;
  }
  if (event.type != "progress" || quiet_) return;
  const std::string line = first_line(event.message);
  if (line == line_) return;
  line_ = line;
  if (terminal_)
    draw();
  else
    std::fprintf(stderr, "%3d%%  %s\n", static_cast<int>(100 * progress_), line_.c_str());
}

void Progress::tick() {
  if (quiet_ || !terminal_) return;
  std::lock_guard lock{mutex_};
  if (!line_.empty()) draw();
}

void Progress::draw() {
  constexpr int kCells = 20;
  const int full = static_cast<int>(progress_ * kCells);
  std::string bar;
  for (int i = 0; i < kCells; ++i) bar += i < full ? "█" : "░";
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun_).count();
  char head[64];
  std::snprintf(head, sizeof head, " %3d%%  %ld:%02ld  ", static_cast<int>(100 * progress_),
                static_cast<long>(seconds / 60), static_cast<long>(seconds % 60));
  std::fprintf(stderr, "\r\x1b[K%s", cut(bar + head + line_, terminal_width() - 1).c_str());
  drawn_ = true;
}

void Progress::finish() {
  std::lock_guard lock{mutex_};
  if (drawn_) std::fprintf(stderr, "\r\x1b[K");
  drawn_ = false;
  line_.clear();
}

}  // namespace aisci::cli
