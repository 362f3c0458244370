#include "research/rerun.hpp"

#include "ledger/ledger.hpp"
#include "research/plugin_crew.hpp"

namespace aisci {
namespace {

// Ends the flow without running anything: `render` and agents alone compute.
Crew reading_crew(Crew crew) {
  crew.run = [](const RunRequest& request, const auto&, const auto&) -> Result<RunOutcome> {
    return data_loss("verification would have to run " + request.id + ", which the ledger says was done");
  };
  return crew;
}

}  // namespace

Result<std::unique_ptr<Rerun>> Rerun::of(const std::filesystem::path& folder) {
  AISCI_ASSIGN_OR_RETURN(auto ledger, Ledger::open_for_reading(folder / "study.db"));
  AISCI_ASSIGN_OR_RETURN(const auto completed, ledger->find("study.completed", "study"));
  if (!completed)
    return failed_precondition(folder.string() + " holds an unfinished study; finish it with  aisci resume " +
                               folder.string());
  AISCI_ASSIGN_OR_RETURN(const auto created, ledger->find("study.created", "study"));
  if (!created) return data_loss("the ledger does not begin with study.created");
  AISCI_ASSIGN_OR_RETURN(const LoadedOptions loaded,
                         read_options(text_of(created->body, "options"), "the ledger's options"));
  AISCI_ASSIGN_OR_RETURN(const auto registry, open_registry(loaded.options));
  AISCI_ASSIGN_OR_RETURN(auto provider, make_provider(loaded.options, *registry));

  std::unique_ptr<Rerun> rerun{new Rerun{std::move(ledger)}};
  auto& findings = rerun->findings_;
  rerun->tasks_.emplace(*rerun->ledger_, std::move(provider), loaded.options.llm_provider, loaded.options.model);
  rerun->tasks_->verify(loaded.options.llm_provider == "offline",
                        [&findings](const std::string& place, const std::string& expected, const std::string& found) {
                          findings.push_back({place, expected, found});
                        });
  AISCI_ASSIGN_OR_RETURN(Crew crew, make_crew(loaded.options, registry, *rerun->tasks_, "python3"));
  rerun->crew_ = reading_crew(std::move(crew));
  rerun->recorder_.emplace(*rerun->ledger_, findings);
  rerun->flow_.emplace(folder, text_of(created->body, "question"), loaded.options, rerun->crew_, *rerun->recorder_,
                       rerun->control_);
  rerun->ended_ = rerun->flow_->run().status();
  return rerun;
}

}  // namespace aisci
