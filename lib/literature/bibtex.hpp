// BibTeX and BibLaTeX files, as people have them.
//
//   const Reading reading = read_bibtex(text, "mine.bib");
//   reading.records    // documents/record, in the order of the file
//   reading.problems   // "mine.bib, line 12: the entry smith2020 is not closed; ..."
//
// Understood: braces and quotation marks, @string and # (months are known), @preamble, @comment and text between
// entries, entries in parentheses, crossref (the parent may come later), accents and special letters of LaTeX, `date`
// and `journaltitle`, `eprint`. A broken entry costs itself alone: reading goes on at the next @ that begins a line.
// A value has at most 1 MB, and what values repeat of each other, by @string or in broken entries, at most 64 MB in
// all. The sentences of `abstract` become the record's statements; without an abstract there are none.
//
// Since 0.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace aisci {

// What a file gave: the good records, a line for each that was not, and what good ones hold that is not read.
struct Reading {
  std::vector<json::object> records;
  std::vector<std::string> problems;
  std::vector<std::string> notes;
};

Reading read_bibtex(std::string_view text, const std::string& name);

}  // namespace aisci
