#include "research/paper_build.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

namespace aisci {
namespace {

std::string quoted(std::string_view word) { return "'" + replace_all(std::string{word}, "'", "'\\''") + "'"; }

// The build as one script: sources are read-only in the job folder, so they are copied to where output may go.
std::string build_script(const json::object& build) {
  std::string script = "set -e\ncp -R \"$AISCI_JOB/sources/.\" \"$AISCI_RESULTS\"\ncd \"$AISCI_RESULTS\"\n";
  for (const auto& step : array_of(build, "steps")) {
    if (!step.is_array()) continue;
    for (const auto& word : step.get_array())
      if (word.is_string()) script += quoted(word.get_string().c_str()) + " ";
    script += "\n";
  }
  return script;
}

}  // namespace

Result<RunRequest> begin_build(const json::object& build, const std::filesystem::path& runs, const std::string& name,
                               const std::string& version) {
  RunRequest request;
  request.id = name + "-" + version;
  int attempt = 1;
  std::error_code error;
  do request.folder = runs / (version + "-" + std::to_string(attempt++));
  while (std::filesystem::exists(request.folder, error));
  request.program = {"/bin/sh", "/job/build.sh"};
  request.wall_seconds = 180;
  request.environment["PATH"] = kBuildPath;
  for (const auto& entry : object_of(build, "environment"))
    request.environment[std::string{entry.key()}] = text_of(object_of(build, "environment"), entry.key());
  AISCI_RETURN_IF_ERROR(write_file(request.folder / "job" / "build.sh", build_script(build)));
  AISCI_RETURN_IF_ERROR(make_folders(request.folder / "results"));
  return request;
}

}  // namespace aisci
