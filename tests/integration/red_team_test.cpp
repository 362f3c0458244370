// A program that tries to leave the sandbox every way we know: each attempt is denied, with the error that says which
// layer denied it. The table is printed.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <set>
#include <sstream>

#include "integration/sandbox_fixture.hpp"

namespace aisci {
namespace {

using namespace testing;

constexpr const char* kCanary = "sk-canary-0b2f";

// A listening unix socket of the host's: at a path, or abstract.
class Listener {
 public:
  Listener(const std::string& name, bool abstract) : fd_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path + (abstract ? 1 : 0), sizeof address.sun_path - 2);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + 1);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(fd_, 4), 0);
  }
  ~Listener() { ::close(fd_); }

 private:
  int fd_;
};

struct Line {
  std::string name, happened;
  std::set<std::string> denied;
};

std::vector<Line> lines_of(const std::string& output) {
  std::vector<Line> lines;
  std::istringstream stream{output};
  for (std::string text; std::getline(stream, text);) {
    const auto first = text.find('\t'), second = text.find('\t', first + 1);
    if (second == std::string::npos) continue;
    Line line{text.substr(0, first), text.substr(second + 1), {}};
    std::istringstream words{text.substr(first + 1, second - first - 1)};
    for (std::string word; std::getline(words, word, '|');) line.denied.insert(word);
    lines.push_back(std::move(line));
  }
  return lines;
}

// Which layer an error speaks for.
const char* layer_of(const std::string& error) {
  static const std::map<std::string, const char*> table{{"ENOENT", "not visible"},
                                                        {"EROFS", "read-only"},
                                                        {"EXDEV", "another mount"},
                                                        {"EACCES", "not permitted"},
                                                        {"EPERM", "refused"},
                                                        {"ENOSYS", "no such call"},
                                                        {"EAFNOSUPPORT", "no such family"},
                                                        {"ECONNREFUSED", "another network"},
                                                        {"ENETUNREACH", "no network"},
                                                        {"ESRCH", "another process namespace"},
                                                        {"EBADF", "nothing inherited"},
                                                        {"ENXIO", "no terminal"},
                                                        {"EINVAL", "no such user"},
                                                        {"nothing", "nothing there"},
                                                        {"SIGSYS", "killed"},
                                                        {"EINTR", "killed"},
                                                        {"EFAULT", "refused"}};
  const auto found = table.find(error);
  return found == table.end() ? "?" : found->second;
}

using RedTeam = SandboxTest;

TEST_P(RedTeam, EveryAttemptIsDenied) {
  json::object what = spec("", 60);
  fs::copy_file(AISCI_RED_TEAM, root() / "job/red_team");
  const char* home = std::getenv("HOME");
  const fs::path home_file = fs::path{home && ::access(home, W_OK) == 0 ? home : root().string()} /
                             (".aisci-canary-" + std::to_string(::getpid()));
  for (const fs::path& file :
       {home_file, root() / "sibling/metrics.json", root() / "study.db", root() / "data/labels/validation.json"})
    ASSERT_TRUE(write_file(file, kCanary).ok());
  const std::string socket_path = (root() / "host.socket").string(),
                    socket_name = "aisci-red-team-" + std::to_string(::getpid());
  const Listener by_path{socket_path, false}, abstract{socket_name, true};
  ::setenv("AISCI_TEST_SECRET", kCanary, 1);
  what["argv"] = json::array{"/job/red_team"};
  // CANARY itself must not look like a leak: the program joins it from two halves.
  what["environment"] = json::object{{"HOME_FILE", home_file.string()},
                                     {"SIBLING_FILE", (root() / "sibling/metrics.json").string()},
                                     {"LEDGER_FILE", (root() / "study.db").string()},
                                     {"LABELS_FILE", (root() / "data/labels/validation.json").string()},
                                     {"SOCKET_PATH", socket_path},
                                     {"SOCKET_NAME", socket_name},
                                     {"HOST_PID", std::to_string(::getpid())},
                                     {"CANARY_HEAD", "sk-canary-"},
                                     {"CANARY_TAIL", "0b2f"}};
  const Ran result = run(what);
  ::unsetenv("AISCI_TEST_SECRET");
  fs::remove(home_file);
  const auto lines = lines_of(result.output);
  for (const auto& line : lines) {
    std::printf("%-44s %-14s %s\n", line.name.c_str(), line.happened.c_str(), layer_of(line.happened));
    EXPECT_TRUE(line.denied.count(line.happened)) << line.name << ": " << line.happened;
    EXPECT_STRNE(layer_of(line.happened), "?") << line.name;
  }
  EXPECT_GE(lines.size(), 88u) << result.errors;
  EXPECT_EQ(result.exit.code, 0) << result.errors;
  EXPECT_EQ(read_file(root() / "sibling/metrics.json").value(), kCanary);
  for (const char* path : {"/usr/canary", "/etc/canary", "/canary"}) EXPECT_FALSE(fs::exists(path)) << path;
  for (const auto& entry : fs::directory_iterator{root() / "results"})
    EXPECT_EQ(static_cast<unsigned>(entry.status().permissions()) & 06000u, 0u) << entry.path();
}

INSTANTIATE_TEST_SUITE_P(Sandboxes, RedTeam, ::testing::Values("bubblewrap"),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace aisci
