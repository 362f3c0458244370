// The papers that a study can find: the user's own beside what its retriever knows.
//
//   Library library{options, tell};
//   AISCI_ASSIGN_OR_RETURN(const auto found, library.search("dropout small data", 10));   // the user's alone
//
// The user's are the files, folders and collections of the option `literature`, then the collection of the option
// `literature_store`. They are read at the first search: a study that is looked at again opens no file of the user's.
//
// Threads: one at a time. Since 0.1.
#pragma once

#include <aisci/options.hpp>
#include <aisci/registry.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "literature/store.hpp"

namespace aisci {

class Library {
 public:
  // `tell` hears of each entry that could not be read, and of members that are not.
  Library(const Options& options, std::function<void(const std::string&)> tell);

  // One ranking a source, each best first.
  Result<std::vector<std::vector<json::object>>> search(std::string_view words, std::size_t k);
  // Reads the sources now. NOT_FOUND, INVALID_ARGUMENT and DATA_LOSS name the one that cannot be read.
  Status open();

 private:
  Status open_named(const std::filesystem::path& path, std::vector<json::object>& records);

  std::string named_, collection_;
  std::function<void(const std::string&)> tell_;
  std::vector<std::unique_ptr<PaperStore>> stores_;
  bool opened_ = false;
};

using PaperSearch = std::function<Result<std::vector<json::object>>(const std::string& words, int k)>;

// What a study finds: the user's papers and those of the retriever `local`, each once, in one order (nearness.hpp,
// fused). The retriever is looked for now, the user's papers are read at the first search.
Result<PaperSearch> literature_search(const Options& options, Registry& registry,
                                      std::function<void(const std::string&)> tell);

// The folder of the user's collection: the option, or its default. Empty: none.
std::filesystem::path collection_folder(const std::string& option);

// The option `literature` with absolute paths: what a study records, which may be resumed from elsewhere.
std::string absolute_literature(const std::string& option);

}  // namespace aisci
