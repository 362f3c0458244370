// What a sandbox costs: how much later a program starts and ends than as a bare process; and whether many short trials
// leave anything behind: processes, descriptors, memory, folders, control groups.
//
//   sandbox [TRIALS]        10000 trials by default; fails when something is left behind
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <aisci/registry.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "support/folder.hpp"

extern char** environ;

namespace aisci {
namespace {

namespace fs = std::filesystem;

double milliseconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double best(const std::vector<double>& values) { return *std::min_element(values.begin(), values.end()); }

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

void run_bare() {
  char program[] = "/bin/true";
  char* argv[] = {program, nullptr};
  pid_t pid = 0;
  if (::posix_spawn(&pid, program, nullptr, nullptr, argv, environ) != 0) fail("cannot start /bin/true");
  ::waitpid(pid, nullptr, 0);
}

void run_in(Sandbox& sandbox, const fs::path& folder, const json::array& argv) {
  fs::create_directories(folder / "job");
  fs::create_directories(folder / "results");
  auto session = sandbox.open("{}", {});
  if (!session.ok()) fail(session.status().to_string());
  const json::object spec{{"folder", folder.string()},
                          {"argv", argv},
                          {"job", (folder / "job").string()},
                          {"results", (folder / "results").string()},
                          {"directory", "/results"},
                          {"wall_seconds", 20},
                          {"memory_mb", 256}};
  const auto token = (*session)->start(json::serialize(spec), folder.string(), {});
  if (!token.ok()) fail(token.status().to_string());
  const auto exit = (*session)->wait(*token, {}, {}, {}, {});
  if (!exit.ok()) fail(exit.status().to_string());
  if (exit->succeeded()) return;
  std::ifstream errors{folder / "errors.log"}, record{folder / "completion.json"},
      supervisor{folder / "supervisor.log"};
  std::string told;
  for (auto* file : {&errors, &record, &supervisor}) told.append(std::istreambuf_iterator<char>{*file}, {});
  fail("a run failed: code " + std::to_string(exit->code) + ", signal " + std::to_string(exit->signal) +
       (exit->lost ? ", lost" : "") + "\n" + told);
}

struct Held {
  long processes = 0, descriptors = 0, resident_kb = 0, folders = 0, groups = 0;
};

long entries(const fs::path& folder, const std::string& prefix = {}) {
  long count = 0;
  std::error_code error;
  for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error))
    count += it->path().filename().string().rfind(prefix, 0) == 0;
  return count;
}

// Control groups "aisci-NAMESPACE-PID-STARTED" whose supervisor is gone: others' sandboxes may run beside this.
long groups_below(const fs::path& top) {
  long count = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it{top, error}, end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    long pid = 0;
    if (name.rfind("aisci-", 0) != 0 || std::sscanf(name.c_str(), "aisci-%*u-%ld", &pid) != 1) continue;
    std::error_code none;
    count += it->is_directory(none) && !fs::exists("/proc/" + std::to_string(pid), none);
  }
  return count;
}

// Processes of ours: their command line names the folder, or they are children that nobody waited for.
long processes_of(const fs::path& folder) {
  long count = 0;
  std::ifstream children{"/proc/self/task/" + std::to_string(::getpid()) + "/children"};
  for (long child = 0; children >> child;) ++count;
  std::error_code error;
  for (fs::directory_iterator it{"/proc", error}, end; !error && it != end; it.increment(error)) {
    std::ifstream file{it->path() / "cmdline"};
    const std::string words{std::istreambuf_iterator<char>{file}, {}};
    count += words.find(folder.string()) != std::string::npos;
  }
  return count;
}

Held held(const fs::path& folder) {
  Held now;
  now.processes = processes_of(folder);
  now.descriptors = entries("/proc/self/fd");
  std::ifstream status{"/proc/self/statm"};
  long size = 0, resident = 0;
  status >> size >> resident;
  now.resident_kb = resident * 4;
  now.folders = entries(folder) + entries(fs::temp_directory_path(), "aisci-");
  now.groups = groups_below("/sys/fs/cgroup");
  return now;
}

void starts(Registry& registry, const fs::path& folder) {
  constexpr int kRuns = 100;
  std::vector<double> bare;
  for (int i = 0; i < kRuns; ++i) bare.push_back(milliseconds_of(run_bare));
  std::printf("/bin/true as a bare process: median %.2f ms, best %.2f ms\n", median(bare), best(bare));
  std::vector<double> other;
  for (const char* name : {"process", "bubblewrap"}) {
    const auto sandbox = registry.create_sandbox(name);
    if (!sandbox.ok()) fail(sandbox.status().to_string());
    run_in(**sandbox, folder / "first", {"/bin/true"});
    std::vector<double> times;
    for (int i = 0; i < kRuns; ++i)
      times.push_back(milliseconds_of([&] { run_in(**sandbox, folder / ("s" + std::to_string(i)), {"/bin/true"}); }));
    std::printf("supervised by the sandbox %-10s: median %.2f ms, best %.2f ms; over the bare process %.2f and %.2f ms",
                name, median(times), best(times), median(times) - median(bare), best(times) - best(bare));
    if (!other.empty())
      std::printf("; over no isolation %.2f and %.2f ms", median(times) - median(other), best(times) - best(other));
    std::printf("\n");
    other = times;
    for (int i = 0; i < kRuns; ++i) fs::remove_all(folder / ("s" + std::to_string(i)));
  }
  fs::remove_all(folder / "first");
}

bool leaks(Registry& registry, const fs::path& folder, int trials) {
  const auto sandbox = registry.create_sandbox("bubblewrap");
  const auto one = [&](int i) {
    run_in(**sandbox, folder / ("t" + std::to_string(i)), {"/bin/sleep", "0.001"});
    fs::remove_all(folder / ("t" + std::to_string(i)));
  };
  for (int i = 0; i < 100; ++i) one(i);  // allocators and caches settle
  const Held before = held(folder);
  const double whole = milliseconds_of([&] {
    for (int i = 0; i < trials; ++i) one(i);
  });
  const Held after = held(folder);
  std::printf(
      "%d one-millisecond trials: %.1f ms each; left behind: %+ld processes, %+ld descriptors, %+ld kB, %+ld folders, "
      "%+ld control groups\n",
      trials, whole / trials, after.processes - before.processes, after.descriptors - before.descriptors,
      after.resident_kb - before.resident_kb, after.folders - before.folders, after.groups - before.groups);
  constexpr long kUnrest = 4096;  // kB that an allocator may keep
  return after.processes > before.processes || after.descriptors > before.descriptors ||
         after.folders > before.folders || after.groups > before.groups ||
         after.resident_kb > before.resident_kb + kUnrest;
}

}  // namespace
}  // namespace aisci

int main(int argc, char** argv) {
  aisci::Registry registry;
  if (!registry.load_folder(std::filesystem::path{AISCI_BINARY_DIR} / "lib/aisci/plugins/abi1").ok())
    aisci::fail("no plugins");
  const aisci::testing::Folder folder;
  std::filesystem::create_directories(folder.path() / "tmp");
  ::setenv("TMPDIR", (folder.path() / "tmp").c_str(), 1);  // whose folders are counted
  aisci::starts(registry, folder.path());
  return aisci::leaks(registry, folder.path(), argc > 1 ? std::atoi(argv[1]) : 10000) ? 1 : 0;
}
