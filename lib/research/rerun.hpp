// A finished study, run again over its ledger: nothing is executed and nothing recorded, and everything that follows
// from the raw trials is computed anew. What verification compares, and explanation leads back, starts here.
//
//   AISCI_ASSIGN_OR_RETURN(const auto rerun, Rerun::of("my-study", ""));
//   for (const Claim& claim : rerun->flow().view().claims) look_at(claim.evidence);
//   for (const Finding& finding : rerun->findings()) say(finding.place);    // what does not hold
#pragma once

#include <aisci/options.hpp>
#include <aisci/registry.hpp>
#include <aisci/status.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "research/flow.hpp"
#include "research/plugin_crew.hpp"
#include "runtime/model_tasks.hpp"

namespace aisci {

class Rerun {
 public:
  // FAILED_PRECONDITION for a study that is not finished or has links below its folder (plain_study.hpp). A study may
  // be a stranger's: plugins are loaded from the shipped folder and from `plugins` (as in Options), never from where
  // its ledger says. `given`: the caller's own components, or null.
  static Result<std::unique_ptr<Rerun>> of(const std::filesystem::path& folder, const std::string& plugins,
                                           std::shared_ptr<Registry> given = nullptr);

  // What the study was made with, and a crew that runs programs in the caller's sandbox; `tell` as in CrewWorld.
  const Options& options() const noexcept { return options_; }
  Result<Crew> running_crew(const Options& caller, decltype(CrewWorld::tell) tell);

  const Ledger& ledger() const noexcept { return *ledger_; }
  const Crew& crew() const noexcept { return crew_; }
  const Flow& flow() const noexcept { return *flow_; }
  // How the flow ended, and everything that it found different from what is recorded.
  const Status& ended() const noexcept { return ended_; }
  const std::vector<Finding>& findings() const noexcept { return findings_; }

 private:
  explicit Rerun(std::unique_ptr<Ledger> ledger) : ledger_{std::move(ledger)} {}

  std::unique_ptr<Ledger> ledger_;
  std::vector<Finding> findings_;
  Options options_;
  std::shared_ptr<Registry> registry_;
  std::unique_ptr<ModelTasks> tasks_;
  Crew crew_;
  std::optional<Recorder> recorder_;
  FlowControl control_;
  std::optional<Flow> flow_;
  Status ended_;
};

}  // namespace aisci
