// What a study finds for a query, and the user's collection for programs.
#include <aisci/literature.hpp>
#include <mutex>

#include "literature/files.hpp"
#include "literature/nearness.hpp"
#include "research/library.hpp"
#include "research/plugin_crew.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

std::vector<PaperRecord> papers_of(const std::vector<json::object>& records) {
  std::vector<PaperRecord> papers;
  for (const auto& record : records)
    papers.push_back({text_of(record, "key"), text_of(record, "title"), text_of(record, "venue"),
                      text_of(record, "doi"), text_of(record, "arxiv"), text_of(record, "url"),
                      static_cast<int>(integer_of(record, "year")), texts_of(record, "authors"),
                      texts_of(record, "themes"), texts_of(record, "statements"), canonical(record)});
  return papers;
}

Result<fs::path> store_folder(const fs::path& store) {
  fs::path folder = store.empty() ? default_literature_store() : store;
  if (folder.empty())
    return failed_precondition("there is no home folder to keep a collection in; name one with --store FOLDER");
  return folder;
}

}  // namespace

Result<PaperSearch> literature_search(const Options& options, Registry& registry,
                                      std::function<void(const std::string&)> tell) {
  AISCI_ASSIGN_OR_RETURN(auto retriever, registry.create_retriever("local"));
  auto library = std::make_shared<Library>(options, std::move(tell));
  return PaperSearch{[retriever, library](const std::string& words, int k) -> Result<std::vector<json::object>> {
    AISCI_ASSIGN_OR_RETURN(auto rankings, library->search(words, static_cast<std::size_t>(k)));
    for (auto& ranking : rankings)
      for (auto& record : ranking) record["added"] = true;  // by the user, whatever aisci ships
    auto& found = rankings.emplace_back();
    const Sink sink = [&found](std::string_view text) -> Status {
      AISCI_ASSIGN_OR_RETURN(json::object record, parse_json_object(text, "a record"));
      found.push_back(std::move(record));
      return {};
    };
    AISCI_RETURN_IF_ERROR(retriever->search(words, static_cast<std::uint32_t>(k), sink, {}));
    return fused(rankings, static_cast<std::size_t>(k));
  }};
}

fs::path default_literature_store() { return collection_folder({}); }

Result<LiteratureAdded> add_literature(const fs::path& path, const fs::path& store) {
  AISCI_ASSIGN_OR_RETURN(const fs::path folder, store_folder(store));
  AISCI_ASSIGN_OR_RETURN(Reading reading, read_literature(path));
  AISCI_ASSIGN_OR_RETURN(const auto papers, PaperStore::open(folder, PaperStore::kWrite));
  AISCI_ASSIGN_OR_RETURN(const AddReport report, papers->add(reading.records));
  LiteratureAdded out{
      folder, report.added, report.merged, report.unchanged, std::move(reading.problems), std::move(reading.notes)};
  for (const auto& problem : report.problems) out.problems.push_back(path.string() + ": " + problem);
  return out;
}

Result<std::vector<PaperRecord>> list_literature(const fs::path& store) {
  AISCI_ASSIGN_OR_RETURN(const fs::path folder, store_folder(store));
  AISCI_ASSIGN_OR_RETURN(const auto papers, PaperStore::open(folder, PaperStore::kRead));
  AISCI_ASSIGN_OR_RETURN(const auto records, papers->list());
  return papers_of(records);
}

Result<std::vector<PaperRecord>> search_literature(const std::string& words, int k, const Options& options) {
  if (k < 1) return invalid_argument("a search for " + std::to_string(k) + " papers finds none; ask for at least 1");
  AISCI_ASSIGN_OR_RETURN(const auto registry, open_registry(options));
  AISCI_ASSIGN_OR_RETURN(const auto search, literature_search(options, *registry, {}));
  AISCI_ASSIGN_OR_RETURN(const auto records, search(words, k));
  return papers_of(records);
}

}  // namespace aisci
