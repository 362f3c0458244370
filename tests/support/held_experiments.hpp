// Experiments that end in an order of the test's own: each is held until the ledger has the outcome of another.
//
//   HeldExperiments held{{{"n1", "n3"}}};        // n1 ends once n3 is committed
//   held.hold(stubs);
//   study.run(stubs, held.listener());
//
// In ticket order a study whose first experiment is held for a later one would never end.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "support/stub_study.hpp"

namespace aisci::testing {

class HeldExperiments {
 public:
  explicit HeldExperiments(std::map<std::string, std::string> until) : until_{std::move(until)} {}

  void hold(StubCrew& stubs) {
    stubs.crew.run = [this, run = stubs.crew.run](const RunRequest& request, const auto& line,
                                                  const std::atomic<bool>& cancelled) {
      if (const auto other = until_.find(request.id.substr(0, request.id.find('/'))); other != until_.end())
        await(other->second, cancelled);
      return run(request, line, cancelled);
    };
  }
  Recorder::Listener listener() {
    return [this](const Event& event) { hear(event); };
  }
  void hear(const Event& event) {
    if (event.type != "experiment.completed") return;
    const std::lock_guard lock{mutex_};
    completed_.insert(event.key);
    changed_.notify_all();
  }
  // What an earlier process recorded.
  void recall(const StubStudy& study) {
    const auto ledger = Ledger::open_for_reading(study.folder.path() / "study.db").value();
    for (const auto& event : ledger->events().value()) hear(event);
  }

 private:
  void await(const std::string& key, const std::atomic<bool>& cancelled) {
    std::unique_lock lock{mutex_};
    while (completed_.count(key) == 0 && !cancelled) changed_.wait_for(lock, std::chrono::milliseconds{20});
  }

  std::map<std::string, std::string> until_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> completed_;
};

}  // namespace aisci::testing
