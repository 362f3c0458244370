// The paper's model, resolved: every reference replaced by what the ledger says, ready for a writer.
#pragma once

#include <aisci/status.hpp>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "research/prose.hpp"

namespace aisci {

struct PaperContext {
  Referents referents;                // figures and tables are numbered by resolve_paper
  std::vector<json::object> figures;  // {"id", "title", "caption"}: what analysis made
  std::vector<json::object> records;  // retrieved records
  std::string author;
  std::string responsible;  // "" when none was named
  std::string statement;    // that the paper is machine-made
};

struct ResolvedPaper {
  json::object document;              // as docs/guide/documents.md, "paper", says
  std::vector<std::string> problems;  // empty: it may be printed
};

// Numbers figures and tables in order of appearance, resolves every text, checks that each citation
// is a retrieved record and carries a statement of that record as its support.
ResolvedPaper resolve_paper(const json::object& model, PaperContext context);

// All printed text of a resolved paper, one paragraph a line, for people and for checks.
std::string plain_text(const json::object& resolved);

}  // namespace aisci
