// A small study with a crew of stubs in a folder of its own, which can be run, run again, told and verified.
//
//   testing::StubStudy study;
//   testing::StubCrew stubs;
//   study.run(stubs);                       // once more: resumes
//   study.story(); study.verify(stubs);
#pragma once

#include <algorithm>

#include "support/folder.hpp"
#include "support/stub_crew.hpp"

namespace aisci::testing {

struct StubStudy {
  Folder folder{Folder::in_memory()};
  Options options;
  StubStudy() {
    options.seed = 5;
    options.max_experiments = 6;
    options.policy = "ucb1";
    options.parallel_experiments = 2;
  }
  // `listener` hears each event once it is recorded.
  Result<StudyResult> run(StubCrew& stubs, Recorder::Listener listener = {}) {
    auto ledger = Ledger::open_for_writing(folder.path() / "study.db").value();
    Recorder recorder{*ledger, std::move(listener)};
    FlowControl control;
    stubs.control = &control;
    return Flow{folder.path(), "Does A beat B?", options, stubs.crew, recorder, control}.run();
  }
  // Everything that was recorded, without what is volatile: times and hashes, how runs ended.
  std::string story() const {
    std::vector<std::string> lines;
    const auto ledger = Ledger::open_for_reading(folder.path() / "study.db").value();
    for (const auto& event : ledger->events().value())
      if (event.type != "run.ended" && event.type != "study.recovered" && event.type != "paper.rendered" &&
          event.type != "run.repeated" && text_of(event.body, "remedy") != "same_again" &&
          event.type.find(".started") == std::string::npos)
        lines.push_back(event.type + " " + event.key + " " + event.text);
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all;
  }
  std::vector<Finding> verify(StubCrew& stubs) {
    auto ledger = Ledger::open_for_reading(folder.path() / "study.db").value();
    std::vector<Finding> findings;
    Recorder recorder{*ledger, findings};
    FlowControl control;
    const auto result = Flow{folder.path(), "Does A beat B?", options, stubs.crew, recorder, control}.run();
    if (!result.ok()) findings.push_back({"flow", "to run", result.status().message()});
    return findings;
  }
};

// What the study's ledger holds of one type.
inline std::vector<Event> events_of(const StubStudy& study, const std::string& type) {
  std::vector<Event> found;
  const auto ledger = Ledger::open_for_reading(study.folder.path() / "study.db").value();
  for (auto& event : ledger->events().value())
    if (event.type == type) found.push_back(std::move(event));
  return found;
}

}  // namespace aisci::testing
