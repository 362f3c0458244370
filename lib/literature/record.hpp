// A record of a paper (docs/guide/documents.md, "record"): when two are of one paper, and what both say together.
//
//   same_paper(a, b)      // the same DOI; or arXiv number whatever its version; or title, first author and year +- 1
//   merged(a, b)          // a's fields, b's where a has none, the statements of both
//   problem_with(record)  // "" or what is wrong: "authors is not a list of names"
//
// Two papers of different DOIs are different papers, whatever their titles, unless one DOI is arXiv's.
//
// Since 0.1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace aisci {

// "10.1109/5.726791" of "https://doi.org/10.1109/5.726791", in lower case; "" when the text is no DOI.
std::string normal_doi(std::string_view text);
// "1412.6980" of "arXiv:1412.6980v9", "cs/9301001" of its address; "" when the text holds no arXiv number.
std::string normal_arxiv(std::string_view text);
// Letters and figures alone, in lower case, without accents: what two spellings of one title share.
std::string normal_title(std::string_view title);
// The family name of the first author, normalised like a title; "" without authors.
std::string first_family(const json::object& record);

bool same_paper(const json::object& a, const json::object& b);

// The first record with what the second adds. The key is that of the first record with statements: that is the one
// which a citation rests on.
json::object merged(const json::object& first, const json::object& second);

// A record in the form that the documents have, from one that a person or a program wrote: missing members become
// empty ones, DOI and arXiv number take their normal form, a missing key is made from author, year and title.
json::object complete(json::object record);

// What is wrong with a record as it came, in a few words; "" when nothing is.
std::string problem_with(const json::object& record);
// The members that are read, of a record as it came.
const std::vector<std::string>& members_read();

// The sentences of an abstract, one a statement. Not cut at "e.g.", initials and decimal points.
std::vector<std::string> sentences_of(std::string_view abstract);

}  // namespace aisci
