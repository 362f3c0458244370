#include "research/begun.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "base/files.hpp"
#include "runtime/own_options.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFile = "begun";

// Own options that a study has and that nobody would have by default.
std::vector<std::string> asked_by(const Options& options) {
  std::vector<std::string> names;
  for (const auto& name : own_options())
    if (!is_harmless(name, get_option(options, name))) names.push_back(name);
  return names;
}

bool same(const std::string& name, const Options& one, const Options& other) {
  return mean_the_same(name, get_option(one, name), get_option(other, name));
}

}  // namespace

fs::path default_state_folder() {
  const auto absolute = [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value == '/' ? fs::path{value} : fs::path{};
  };
  if (const fs::path state = absolute("XDG_STATE_HOME"); !state.empty()) return state / "aisci";
  if (const fs::path home = absolute("HOME"); !home.empty()) return home / ".local/state/aisci";
  return {};
}

bool has_own_options(const Options& options) { return !asked_by(options).empty(); }

Status note_begun(const fs::path& state, const Event& first) {
  AISCI_RETURN_IF_ERROR(make_folders(state));
  const fs::path file = state / kFile;
  const int to = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (to < 0) return failed_precondition("cannot write " + file.string() + ": " + std::strerror(errno));
  const std::string line = hash_of(first) + "\n";
  const bool whole = ::write(to, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const std::string why = std::strerror(errno);
  const bool closed = ::close(to) == 0;
  if (!whole || !closed) return failed_precondition("cannot write " + file.string() + ": " + why);
  return {};
}

bool was_begun(const fs::path& state, const Event& first) {
  if (state.empty() || first.sequence != 1) return false;
  struct stat found {};
  const fs::path file = state / kFile;
  if (::lstat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode) || found.st_uid != ::geteuid() ||
      (found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return false;
  std::ifstream lines{file};
  const std::string hash = hash_of(first);  // not what the ledger says that it is
  for (std::string line; std::getline(lines, line);)
    if (line == hash) return true;
  return false;
}

Status check_own_options(const ResumeRequest& request) {
  const auto& [folder, begun_with, standing, how, state, first] = request;
  Options again = standing;
  for (const auto& [name, value] : how.again) {
    AISCI_RETURN_IF_ERROR(set_option(again, name, value));
    if (!same(name, again, begun_with))
      return invalid_argument("a study keeps its options: " + as_text(begun_with, {name}) + " in " + folder.string() +
                              ", not " + as_text(again, {name}) + "; leave it out, or begin another study");
  }
  const auto asked = asked_by(begun_with);
  std::vector<std::string> open;
  for (const auto& name : asked)
    if (!same(name, again, begun_with)) open.push_back(name);
  if (open.empty() || how.trusted || (first && was_begun(state, *first))) return {};
  return failed_precondition(
      folder.string() + " is not known as a study that you began, so it may be a stranger's, and asks for " +
      as_text(begun_with, open) + ". Such options " + kOwnOptionsChoose +
      ". If you want that, go on with:  aisci resume " + shell_word(folder.string()) + as_flags(begun_with, asked));
}

}  // namespace aisci
