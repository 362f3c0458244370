#include "research/library.hpp"

#include <cstdlib>

#include "base/text.hpp"
#include "literature/files.hpp"

namespace aisci {
namespace fs = std::filesystem;

fs::path collection_folder(const std::string& option) {
  if (option == "none") return {};
  if (!option.empty()) return option;
  if (const char* home = std::getenv("XDG_DATA_HOME"); home && *home) return fs::path{home} / "aisci/literature";
  if (const char* home = std::getenv("HOME"); home && *home) return fs::path{home} / ".local/share/aisci/literature";
  return {};
}

std::string absolute_literature(const std::string& option) {
  std::vector<std::string> paths;
  for (const auto& path : split(option, ':'))
    if (!path.empty()) paths.push_back(fs::absolute(path).string());
  return join(paths, ":");
}

Library::Library(const Options& options, std::function<void(const std::string&)> tell)
    : named_{options.literature}, collection_{options.literature_store}, tell_{std::move(tell)} {}

Status Library::open_named(const fs::path& path, std::vector<json::object>& records) {
  if (PaperStore::is_in(path)) {
    AISCI_ASSIGN_OR_RETURN(auto store, PaperStore::open(path, PaperStore::kRead));
    stores_.push_back(std::move(store));
    return {};
  }
  AISCI_ASSIGN_OR_RETURN(Reading reading, read_literature(path));
  for (const auto* lines : {&reading.problems, &reading.notes})
    for (const auto& line : *lines)
      if (tell_) tell_(line);
  std::move(reading.records.begin(), reading.records.end(), std::back_inserter(records));
  return {};
}

Status Library::open() {
  if (opened_) return {};
  stores_.clear();
  std::vector<json::object> records;
  for (const auto& path : split(named_, ':'))
    if (!path.empty()) AISCI_RETURN_IF_ERROR(open_named(path, records));
  if (!records.empty()) {
    AISCI_ASSIGN_OR_RETURN(auto store, PaperStore::in_memory());
    AISCI_ASSIGN_OR_RETURN(const AddReport report, store->add(records));
    for (const auto& problem : report.problems)
      if (tell_) tell_(problem);
    stores_.insert(stores_.begin(), std::move(store));
  }
  if (const auto folder = collection_folder(collection_); PaperStore::is_in(folder)) {
    AISCI_ASSIGN_OR_RETURN(auto store, PaperStore::open(folder, PaperStore::kRead));
    stores_.push_back(std::move(store));
  } else if (!collection_.empty() && collection_ != "none") {
    return not_found("literature_store: there is no collection of papers in " + folder.string() +
                     "; make it with  aisci lit add FILE --store " + folder.string());
  }
  opened_ = true;
  return {};
}

Result<std::vector<std::vector<json::object>>> Library::search(std::string_view words, std::size_t k) {
  AISCI_RETURN_IF_ERROR(open());
  std::vector<std::vector<json::object>> rankings;
  for (const auto& store : stores_) {
    AISCI_ASSIGN_OR_RETURN(auto found, store->search(words, k));
    rankings.push_back(std::move(found));
  }
  return rankings;
}

}  // namespace aisci
