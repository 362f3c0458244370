#include "kit/containment/processes.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "support/folder.hpp"

namespace aisci::kit {
namespace {

// A child with a child of its own; both wait until they are killed. Returns the child; it has said that both are there.
pid_t family() {
  int ready[2];
  EXPECT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (::fork() == 0 && ::write(ready[1], "g", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  EXPECT_EQ(::read(ready[0], &byte, 1), 1);
  ::close(ready[0]);
  ::close(ready[1]);
  return child;
}

char state_of(pid_t pid) {
  std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
  std::string number, name;
  char state = 0;
  return file >> number >> name >> state ? state : '?';
}

TEST(Processes, StartTimeNamesAProcess) {
  EXPECT_GT(start_time(::getpid()), 0u);
  EXPECT_EQ(start_time(::getpid()), start_time(::getpid()));
  EXPECT_EQ(start_time(-1), 0u);
}

// A process may be gone by the time that its file is read: then there is nothing to read, and no exception.
TEST(Processes, ProcessThatIsGoneWhileItsFileIsReadHasNoStartTime) {
  for (int i = 0; i < 300; ++i) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    std::thread reaper{[child] { ::waitpid(child, nullptr, 0); }};
    while (start_time(child) != 0) {
    }
    reaper.join();
  }
  EXPECT_EQ(kernel_text("/nonexistent"), "");
}

TEST(Processes, DescendantsAreFoundAndEnded) {
  const pid_t child = family();
  EXPECT_EQ(descendants_of(::getpid()).size(), 2u);
  EXPECT_EQ(children_of(child).size(), 1u);
  EXPECT_GT(resident_bytes_below(::getpid()), 0);
  signal_descendants(::getpid(), SIGKILL);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
}

TEST(Processes, SparedProcessKeepsRunningWhileItsChildrenAreEnded) {
  const pid_t child = family();
  const pid_t below = children_of(child).at(0);
  signal_descendants(::getpid(), SIGTERM, child);
  // The child reaps nobody: what was ended stays as a zombie.
  for (int i = 0; i < 1000 && state_of(below) != 'Z'; ++i) ::usleep(1000);
  EXPECT_EQ(state_of(below), 'Z');
  EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << "the spared one is gone";
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST(Processes, DeletedFilesThatAreHeldOpenAreCounted) {
  const testing::Folder folder;
  const auto path = folder.path() / "gone";
  const int fd = ::open(path.c_str(), O_CREAT | O_RDWR, 0644);
  const std::vector<char> block(1 << 20, 'x');
  ASSERT_EQ(::write(fd, block.data(), block.size()), static_cast<ssize_t>(block.size()));
  struct stat info {};
  ASSERT_EQ(::fstat(fd, &info), 0);
  const pid_t child = family();  // inherits the descriptor
  EXPECT_EQ(deleted_bytes_below(::getpid(), info.st_dev), 0);
  ::unlink(path.c_str());
  ::fsync(fd);
  EXPECT_GE(deleted_bytes_below(::getpid(), info.st_dev), 1 << 20);
  EXPECT_LT(deleted_bytes_below(::getpid(), info.st_dev), 2 << 20) << "the two holders count once";
  signal_descendants(::getpid(), SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(fd);
}

}  // namespace
}  // namespace aisci::kit
