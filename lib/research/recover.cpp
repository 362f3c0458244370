// A new study from what is intact of a damaged one.
#include <aisci/inspect.hpp>

#include "base/files.hpp"
#include "ledger/ledger.hpp"
#include "ledger/salvage.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

// The ledger is salvaged, not copied; its lock is the other folder's own.
bool of_the_ledger(const fs::path& name) { return name == "study.lock" || name.string().rfind("study.db", 0) == 0; }

Status copy_study(const fs::path& from, const fs::path& to) {
  std::error_code error;
  for (fs::recursive_directory_iterator it{from, error}, end; !error && it != end; it.increment(error)) {
    const fs::path name = it->path().lexically_relative(from);
    if (it->symlink_status(error).type() != fs::file_type::regular || of_the_ledger(name)) continue;
    AISCI_RETURN_IF_ERROR(copy_regular_file(it->path(), to / name, Durability::kBuffered));
  }
  if (error) return internal_error("cannot read " + from.string() + ": " + error.message());
  return sync_files(to);
}

}  // namespace

Result<Recovery> recover_study(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from / "study.db", error)) return not_found(from.string() + " holds no study");
  if (fs::exists(to, error) && (!fs::is_directory(to, error) || !fs::is_empty(to, error)))
    return already_exists(to.string() + " is not an empty folder; choose another one");
  const fs::path inside = fs::weakly_canonical(to, error).lexically_relative(fs::weakly_canonical(from, error));
  if (!inside.empty() && *inside.begin() != "..")
    return invalid_argument(to.string() + " lies inside " + from.string() + "; choose a folder beside it");
  const bool fresh = !fs::exists(to, error);
  AISCI_RETURN_IF_ERROR(make_folders(to));
  const auto kept = salvage(from / "study.db", to / "study.db");
  const Status status = kept.ok() ? copy_study(from, to) : kept.status();
  if (!status.ok()) {
    for (const auto& entry : fs::directory_iterator{to, error}) fs::remove_all(entry.path(), error);
    if (fresh) fs::remove(to, error);
    return status;
  }
  AISCI_ASSIGN_OR_RETURN(const auto ledger, Ledger::open_for_writing(to / "study.db"));
  AISCI_RETURN_IF_ERROR(ledger
                            ->append("study.recovered", "after-" + std::to_string(kept->events),
                                     {{"events", kept->events}, {"damage", kept->damage}})
                            .status());
  return Recovery{kept->events, kept->damage};
}

}  // namespace aisci
