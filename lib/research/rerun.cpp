#include "research/rerun.hpp"

#include <utility>

#include "ledger/ledger.hpp"
#include "research/model_access.hpp"
#include "research/plain_study.hpp"
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

Result<std::unique_ptr<Rerun>> Rerun::of(const std::filesystem::path& folder, const std::string& plugins,
                                         std::shared_ptr<Registry> given) {
  AISCI_ASSIGN_OR_RETURN(auto ledger, Ledger::open_for_reading(folder / "study.db"));
  AISCI_ASSIGN_OR_RETURN(const auto completed, ledger->find("study.completed", "study"));
  if (!completed)
    return failed_precondition(folder.string() + " holds an unfinished study; finish it with  aisci resume " +
                               folder.string());
  AISCI_RETURN_IF_ERROR(check_plain(folder));
  AISCI_ASSIGN_OR_RETURN(const auto created, ledger->find("study.created", "study"));
  if (!created) return data_loss("the ledger does not begin with study.created");
  AISCI_ASSIGN_OR_RETURN(LoadedOptions loaded, read_options(text_of(created->body, "options"), "the ledger's options"));

  std::unique_ptr<Rerun> rerun{new Rerun{std::move(ledger)}};
  rerun->options_ = loaded.options;
  const std::string named = std::exchange(loaded.options.plugins, plugins);
  const auto hint = [&](Status status) {
    if (named.empty() || !plugins.empty()) return status;
    return Status{status.code(), status.message() + "; the study used plugins from " + named +
                                     ": if you trust them, name the folder with --plugins"};
  };
  const auto registry = open_registry(loaded.options, std::move(given));
  if (!registry.ok()) return hint(registry.status());
  rerun->registry_ = *registry;
  auto tasks = make_model_tasks(loaded.options, **registry, *rerun->ledger_);
  if (!tasks.ok()) return hint(tasks.status());
  rerun->tasks_ = std::move(*tasks);
  auto& findings = rerun->findings_;
  rerun->tasks_->verify(loaded.options.llm_provider == kOffline,
                        [&findings](const std::string& place, const std::string& expected, const std::string& found) {
                          findings.push_back({place, expected, found});
                        });
  auto crew = make_crew(loaded.options, *registry, *rerun->tasks_, "python3", {*rerun->ledger_, false, {}});
  if (!crew.ok()) return hint(crew.status());
  rerun->crew_ = reading_crew(std::move(*crew));
  rerun->recorder_.emplace(*rerun->ledger_, findings);
  rerun->flow_.emplace(folder, text_of(created->body, "question"), rerun->options_, rerun->crew_, *rerun->recorder_,
                       rerun->control_);
  rerun->ended_ = rerun->flow_->run().status();
  return rerun;
}

Result<Crew> Rerun::running_crew(const Options& caller, decltype(CrewWorld::tell) tell) {
  Options options = options_;
  options.sandbox = caller.sandbox;
  options.gpu_allocation = caller.gpu_allocation;
  options.gpu_ids = caller.gpu_ids;
  options.require_layers = caller.require_layers;
  options.parallel_experiments = caller.parallel_experiments;
  options.plugins = caller.plugins;
  options.isolation = caller.isolation;
  AISCI_ASSIGN_OR_RETURN(const auto python, experiment_python());
  return make_crew(options, registry_, *tasks_, python, {*ledger_, false, std::move(tell)});
}

}  // namespace aisci
