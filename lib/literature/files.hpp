// Files and folders of references.
//
//   read_literature("mine.bib")     // BibTeX
//   read_literature("mine.jsonl")   // JSON Lines: one record a line
//   read_literature("papers/")      // every .bib, .jsonl and .ndjson below it, in order of name
//
// A bad entry is named with file and line and costs itself alone; members of a record that are not read are noted. Only
// a file that cannot be read at all, or a kind that is not known, is an error.
//
// Since 0.1.
#pragma once

#include <filesystem>

#include "literature/bibtex.hpp"

namespace aisci {

Reading read_json_lines(std::string_view text, const std::string& name);

// NOT_FOUND: no such file or folder, or a folder without such files. INVALID_ARGUMENT: a kind of file that is not read.
Result<Reading> read_literature(const std::filesystem::path& path);

}  // namespace aisci
