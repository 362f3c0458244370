#include "research/refused_study.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "ledger/ledger.hpp"
#include "ledger/writer_lock.hpp"
#include "research/taken.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

// All that such a study writes.
const std::set<std::string> kWritten{"config.toml", "question.txt", "study.db",      "study.db-wal", "study.db-shm",
                                     "study.lock",  kSourceFolder,  kTemplateFolder, "data-runs"};

// Whether these events are those of a study that ended as its inputs or its question were refused: nothing was
// prepared, planned or run. What a model was paid for is work, but for the reading of a question that cannot be
// answered.
bool refused_at_once(const std::vector<Event>& events) {
  static const std::set<std::string> kBeginning{
      "study.created",  "template.taken", "data.taken", "data.described.started",
      "data.described", "study.refused",  "run.ended"};
  if (events.empty() || events.back().type != "run.ended" ||
      text_of(events.back().body, "state") != to_string(StudyState::kFailed))
    return false;
  const bool unanswerable =
      std::any_of(events.begin(), events.end(), [](const Event& event) { return event.type == "study.refused"; });
  return std::all_of(events.begin(), events.end(), [&](const Event& event) {
    return kBeginning.count(event.type) > 0 || (unanswerable && event.type.rfind("model.", 0) == 0);
  });
}

Status open_elsewhere(const fs::path& folder) {
  return already_exists(
      folder.string() +
      " holds a study that is still open, here or in another process; close it, or choose another folder");
}

}  // namespace

Result<bool> may_begin_anew(const fs::path& folder, const Options& options) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{folder, error})
    if (kWritten.count(entry.path().filename().string()) == 0) return false;
  std::vector<std::string> inputs = split(options.literature, ':');
  inputs.insert(inputs.end(), {options.data, options.template_folder});
  for (const auto& input : inputs)
    if (!input.empty() && fs::exists(input, error) && lies_in(input, folder)) return false;
  const auto ledger = Ledger::open_for_reading(folder / "study.db");
  if (!ledger.ok()) return false;
  const auto events = (*ledger)->events();
  if (!events.ok() || !refused_at_once(*events)) return false;
  return WriterLock::take(folder / "study.db").ok() ? Result<bool>{true} : Result<bool>{open_elsewhere(folder)};
}

Status empty_refused(const fs::path& folder) {
  const auto alone = WriterLock::take(folder / "study.db");
  if (!alone.ok()) return open_elsewhere(folder);
  std::error_code error;
  for (const auto& name : kWritten) fs::remove_all(folder / name, error);
  return {};
}

}  // namespace aisci
