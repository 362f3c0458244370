#include "research/plain_study.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

// "experiments/n1/runs/r1/results", "paper-runs/r1/results".
bool is_results_of_a_run(const fs::path& folder) {
  if (folder.filename() != "results") return false;
  const std::string runs = folder.parent_path().parent_path().filename().string();
  constexpr std::string_view kEnd = "-runs";
  return runs == "runs" ||
         (runs.size() > kEnd.size() && runs.compare(runs.size() - kEnd.size(), kEnd.size(), kEnd) == 0);
}

}  // namespace

Result<std::vector<NotPlain>> not_plain(const fs::path& study) {
  std::vector<NotPlain> found;
  std::vector<fs::path> folders{""};
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    for (fs::directory_iterator it{study / folder, error}, end; !error && it != end; it.increment(error)) {
      const fs::path name = folder / it->path().filename();
      std::error_code gone;  // a study that is being worked on loses files meanwhile
      const auto type = it->symlink_status(gone).type();
      if (type == fs::file_type::directory && !is_results_of_a_run(name))
        folders.push_back(name);
      else if (type != fs::file_type::directory && type != fs::file_type::regular && type != fs::file_type::not_found)
        found.push_back({printable(name.generic_string(), 500),
                         type == fs::file_type::symlink ? "a symbolic link" : "a pipe, a socket or a device"});
    }
    if (error && error != std::errc::no_such_file_or_directory)
      return permission_denied("cannot read " + (study / folder).string() + ": " + error.message());
  }
  std::sort(found.begin(), found.end(), [](const NotPlain& a, const NotPlain& b) { return a.name < b.name; });
  return found;
}

Status check_plain(const fs::path& study) {
  AISCI_ASSIGN_OR_RETURN(const auto found, not_plain(study));
  if (found.empty()) return {};
  return failed_precondition(study.string() + " holds " + found[0].kind + ", " + found[0].name +
                             (found.size() > 1 ? ", and " + std::to_string(found.size() - 1) + " more such" : "") +
                             ": a study is files and folders alone, and nothing of it is read or written through "
                             "another; put the file or folder itself in its place, if it belongs to the study");
}

}  // namespace aisci
