// Numbers of a paper that are no fact of the study: they stand in texts that the study was given, in its references or
// in its figures.
//
//   numbers_in_texts("5620", study, paper)  ->  [{source: "template.json", printed: "5620", places: ["Data"], how:
//   ...}]
#pragma once

#include <aisci/status.hpp>

#include <filesystem>
#include <functional>
#include <string>

#include "base/json.hpp"
#include "research/study_document.hpp"

namespace aisci {

// Every piece of text, value or formula of a resolved paper, with where it stands: "abstract", the title of its
// section, "Table 3", "caption of Figure 2".
void visit_pieces(const json::object& paper,
                  const std::function<void(const json::object& piece, const std::string& place)>& visit);

// As a person may type what a page shows: one minus sign, no plus.
std::string plain_number(std::string text);

// Whether `number` stands in a text as a number of its own: not inside a longer one, a word or a negative one.
bool stands_in(const std::string& text, const std::string& number);

// Where it stands in words, and where these come from.
json::array numbers_in_texts(const std::string& number, const StudyView& study, const json::object& paper);

// The figures that print it, by the text of their drawings, each with the lines of its table that round to it.
// FAILED_PRECONDITION when pdftotext is missing.
Result<json::array> numbers_in_figures(const std::string& number, const json::object& paper,
                                       const std::filesystem::path& folder);

}  // namespace aisci
