// The user's own papers: a collection that every study searches beside the records that ship with aisci.
//
//   const auto added = aisci::add_literature("thesis.bib").value();
//   std::cout << added.added << " new papers\n";
//   for (const auto& problem : added.problems) std::cerr << problem << '\n';   // "thesis.bib, line 12: ..."
//
//   for (const auto& paper : aisci::search_literature("dropout on small data", 5).value())
//     std::cout << paper.title << (paper.statements.empty() ? " (supports no claim)" : "") << '\n';
//
// A paper is one paper however often it is added: papers with the same DOI, the same arXiv number, or the same title,
// first author and year (+- 1) are merged. The sentences of an abstract become the paper's statements, and a study
// cites a paper only for one of its statements: a paper without abstract can be found and listed, and supports no
// claim.
//
// Thread safety: free functions without shared state; several processes may use one collection.
// Errors: NOT_FOUND, INVALID_ARGUMENT (a kind of file that is not read), DATA_LOSS (a damaged collection), UNAVAILABLE
// (another process is writing).
// Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/options.hpp>
#include <aisci/status.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace aisci {

struct PaperRecord {
  std::string key, title, venue, doi, arxiv, url;
  int year = 0;  // 0: not known
  std::vector<std::string> authors, themes, statements;
  std::string json;  // the whole record (docs/guide/documents.md, "record")
};

struct LiteratureAdded {
  std::filesystem::path store;
  int added = 0;                      // papers that were not there
  int merged = 0;                     // papers that were there and now say more
  int unchanged = 0;                  // papers that were there and say what they said
  std::vector<std::string> problems;  // entries that were not added: file, line, what to do
  std::vector<std::string> notes;     // what records that were added hold and is not read: file, members, lines
};

// $XDG_DATA_HOME/aisci/literature, or ~/.local/share/aisci/literature; empty without a home.
AISCI_API std::filesystem::path default_literature_store();

// Adds a file (.bib, .jsonl) or the files of a folder to the collection in the folder `store`, which is made when it is
// not there; empty: the default one. Good entries are added whatever the others are.
AISCI_API Result<LiteratureAdded> add_literature(const std::filesystem::path& path,
                                                 const std::filesystem::path& store = {});

// The collection's papers, by key. NOT_FOUND: there is no collection.
AISCI_API Result<std::vector<PaperRecord>> list_literature(const std::filesystem::path& store = {});

// Up to k papers as a study with these options finds them, best first: the user's, then those that ship with aisci.
AISCI_API Result<std::vector<PaperRecord>> search_literature(const std::string& words, int k,
                                                             const Options& options = {});

}  // namespace aisci
