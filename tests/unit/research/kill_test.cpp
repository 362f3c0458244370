// A study that is killed at any event of its ledger, by a signal or by a power cut, and resumed.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "support/failing_crew.hpp"
#include "support/held_experiments.hpp"
#include "support/stub_study.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;
using testing::FailingCrew;
using testing::HeldExperiments;
using testing::StubStudy;

// Short runs that end in any order: there are some thousands of them.
std::chrono::milliseconds short_run(int n) {
  return std::chrono::milliseconds{1 + Random{static_cast<std::uint64_t>(n)}.below(2)};
}

// Two experiments at once, or one after the other; all do well, or one of them runs out of memory and another by an
// error of its program at first. By order of arrival, n1 ends after n3 and n4 after n6.
struct Setting {
  int parallel;
  bool failing;
  bool arrival = false;

  HeldExperiments held() const {
    using Until = std::map<std::string, std::string>;
    return HeldExperiments{arrival ? Until{{"n1", "n3"}, {"n4", "n6"}} : Until{}};
  }
};

void set_up(StubStudy& study, FailingCrew& stubs, const Setting& setting) {
  study.options.parallel_experiments = setting.parallel;
  if (setting.arrival) study.options.order = "arrival";
  stubs.duration = short_run;
  if (!setting.failing) return;
  stubs.fails = [](const testing::Attempt& run) -> std::string {
    if (run.request.id.rfind("n2/", 0) == 0 && run.number("batch_size") > 16) return "memory";
    return run.request.id.rfind("n3/", 0) == 0 && run.code != "repaired" ? "code" : "";
  };
  stubs.repair = [](const json::object&) {
    return Result<json::object>{
        json::object{{"code", json::object{{"experiment.py", "repaired"}}}, {"told", "repaired"}}};
  };
}

// Runs the study in a process of its own that is killed right after event `last` was recorded.
void run_until_killed(StubStudy& study, const Setting& setting, std::int64_t last) {
  const pid_t child = ::fork();
  if (child == 0) {
    FailingCrew stubs;
    set_up(study, stubs, setting);
    HeldExperiments held = setting.held();
    held.hold(stubs);
    (void)study.run(stubs, [&held, last](const Event& event) {
      if (event.sequence == last) ::raise(SIGKILL);
      held.hear(event);
    });
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the study ended before event " << last;
}

// What follows from other events is not synced by itself, so a power cut may take it.
bool derived(const std::string& type) {
  static const std::set<std::string> kOutcomes{
      "study.created", "literature.read",      "data.prepared",      "study.steered", "figures.drawn",
      "paper.built",   "experiment.completed", "experiment.retried", "run.ended",     "search.arrived"};
  return kOutcomes.count(type) == 0;
}

// What a power cut leaves at worst: no event after the last synced one, and nothing in the files of experiments that
// the ledger does not call complete.
void cut_power(const fs::path& folder) {
  std::int64_t synced = 0;
  std::set<std::string> complete;
  {
    const auto ledger = Ledger::open_for_reading(folder / "study.db").value();
    for (const auto& event : ledger->events().value()) {
      if (!derived(event.type)) synced = event.sequence;
      if (event.type == "experiment.completed") complete.insert(event.key);
    }
  }
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "study.db").c_str(), &database), SQLITE_OK);
  const std::string forget =
      "DROP TRIGGER events_remain; DELETE FROM events WHERE sequence > " + std::to_string(synced);
  EXPECT_EQ(sqlite3_exec(database, forget.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
  std::error_code none;
  for (const auto& experiment : fs::directory_iterator{folder / "experiments", none}) {
    if (complete.count(experiment.path().filename().string()) != 0) continue;
    for (const auto& file : fs::recursive_directory_iterator{experiment.path()})
      if (file.is_regular_file()) fs::resize_file(file.path(), 0);
  }
}

// A sanitizer makes each study ten times slower: there every third event stands for all.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::int64_t kStride = 3;
#else
constexpr std::int64_t kStride = 1;
#endif

class Killed : public ::testing::TestWithParam<Setting> {};

TEST_P(Killed, AtAnyEventTheStudyResumesToTheSameStory) {
  StubStudy whole;
  FailingCrew undisturbed;
  set_up(whole, undisturbed, GetParam());
  HeldExperiments held = GetParam().held();
  held.hold(undisturbed);
  ASSERT_TRUE(whole.run(undisturbed, held.listener()).ok());
  const auto ledger = Ledger::open_for_reading(whole.folder.path() / "study.db").value();
  const std::int64_t events = ledger->size();
  ASSERT_GT(events, 30);
  for (std::int64_t last = 1; last <= events; last += kStride) {
    for (const bool power : {false, true}) {
      if ((GetParam().failing || GetParam().arrival) && power != (last % 2 == 0))
        continue;  // either, in turn: it takes its time
      StubStudy study;
      run_until_killed(study, GetParam(), last);
      if (power) cut_power(study.folder.path());
      std::set<std::string> complete;
      {
        const auto left = Ledger::open_for_reading(study.folder.path() / "study.db").value();
        for (const auto& event : left->events().value())
          if (event.type == "experiment.completed") complete.insert(event.key);
      }
      FailingCrew stubs;
      set_up(study, stubs, GetParam());
      std::set<std::string> ran;
      stubs.crew.run = [&, run = stubs.crew.run, guard = std::make_shared<std::mutex>()](
                           const auto& request, const auto& line, const auto& cancelled) {
        {
          const std::lock_guard lock{*guard};
          ran.insert(request.id.substr(0, request.id.find('/')));
        }
        return run(request, line, cancelled);
      };
      HeldExperiments held_again = GetParam().held();
      held_again.hold(stubs);
      held_again.recall(study);
      const auto resumed = study.run(stubs, held_again.listener());
      const std::string when = std::string{power ? "power cut" : "killed"} + " after event " + std::to_string(last) +
                               " of " + std::to_string(events);
      ASSERT_TRUE(resumed.ok()) << when << ": " << resumed.status().to_string();
      EXPECT_TRUE(study.story() == whole.story()) << when;
      EXPECT_TRUE(study.verify(stubs).empty()) << when;
      for (const auto& id : complete) EXPECT_EQ(ran.count(id), 0u) << when << ": " << id << " ran again";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Parallel, Killed,
                         ::testing::Values(Setting{1, false}, Setting{2, false}, Setting{2, true},
                                           Setting{2, false, true}, Setting{2, true, true}));

}  // namespace
}  // namespace aisci
