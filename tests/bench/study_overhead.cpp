// What a study costs beside its experiments: 500 stub experiments of one millisecond, one at a time, through the whole
// flow and the real ledger with full synchronisation. Also how the cost grows with the study, and what resuming it
// costs.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "support/folder.hpp"
#include "support/stub_crew.hpp"

namespace aisci {
namespace {

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void run(const std::filesystem::path& folder, int experiments, testing::StubCrew& stubs) {
  Options options;
  options.seed = 5;
  options.max_experiments = experiments;
  options.max_iterations = experiments * 2;
  options.tree_search_depth = 8;
  options.confirmation_share = 0.01;
  options.parallel_experiments = 1;
  auto ledger = Ledger::open_for_writing(folder / "study.db").value();
  Recorder recorder{*ledger, Recorder::Listener{}};
  FlowControl control;
  const auto result = Flow{folder, "Does A beat B?", options, stubs.crew, recorder, control}.run();
  if (!result.ok()) {
    std::fprintf(stderr, "the study failed: %s\n", result.status().to_string().c_str());
    std::exit(1);
  }
}

void measure(int experiments) {
  const testing::Folder folder;
  testing::StubCrew stubs;
  stubs.duration = [](int) { return std::chrono::milliseconds{1}; };
  const double whole = seconds_of([&] { run(folder.path(), experiments, stubs); });
  const int runs = stubs.runs;
  const double again = seconds_of([&] { run(folder.path(), experiments, stubs); });
  std::printf("%4d experiments (%d programs run): %.2f s, %.1f ms of overhead an experiment; resuming it: %.2f s\n",
              experiments, runs, whole, 1000 * whole / experiments - 1, again);
}

}  // namespace
}  // namespace aisci

int main() {
  for (const int experiments : {20, 100, 500}) aisci::measure(experiments);
}
