// The schemas of docs/schemas, and documents held to them.
//
//   testing::fit("plan", document)            // "" or what does not fit
//   testing::misfits_of_study("my-study")     // of every file that a finished study leaves
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "runtime/model_tasks.hpp"

namespace aisci::testing {

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

inline json::value load(const std::filesystem::path& path) { return parse_json(contents(path), path.string()).value(); }

inline json::value schema(const std::string& name) {
  return load(std::filesystem::path{AISCI_SOURCE_DIR} / "docs/schemas" / (name + ".schema.json"));
}

inline std::string fit(const std::string& name, const json::value& document, const std::string& what = "document") {
  const Status status = check_schema(document, schema(name), what);
  return status.ok() ? "" : status.message();
}

inline std::vector<std::string> misfits_of_study(const std::filesystem::path& folder) {
  std::vector<std::string> misfits;
  int checked = 0;
  const auto check = [&](const std::string& name, const std::filesystem::path& path) {
    ++checked;
    if (const std::string problem = fit(name, load(path), path.lexically_relative(folder).string()); !problem.empty())
      misfits.push_back(problem);
  };
  check("summary", folder / "summary.json");
  check("paper", folder / "paper/paper.json");
  check("meta_review", folder / "reviews/meta-review.json");
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder / "experiments"}) {
    const std::string name = entry.path().filename();
    if (name == "plan.json") check("plan", entry.path());
    if (name == "metrics.json") check("trial", entry.path());
  }
  for (const auto& entry : std::filesystem::directory_iterator{folder / "reviews"})
    if (const std::string name = entry.path().filename(); name.starts_with("draft-") || name.starts_with("revised-"))
      if (name.ends_with(".json")) check("review", entry.path());
  if (checked < 10) misfits.push_back(folder.string() + " holds " + std::to_string(checked) + " documents only");
  return misfits;
}

}  // namespace aisci::testing
