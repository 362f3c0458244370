// The text of a PDF, as Poppler's pdftotext reads it, in a form in which printed values can be looked for.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <string>
#include <string_view>

namespace aisci {

// FAILED_PRECONDITION when pdftotext is missing, with the package to install. INVALID_ARGUMENT for what is no regular
// file; DEADLINE_EXCEEDED and RESOURCE_EXHAUSTED for a PDF that takes a minute or has more than 64 MB of text.
Result<std::string> pdf_text(const std::filesystem::path& pdf);

// White space as single spaces, typographic minus and dashes as '-': layout must not hide a value.
std::string bare(std::string_view text);

// How often `value` stands in `page` as a number of its own: no digit, nor a point with a digit, directly beside it.
int occurrences(std::string_view page, std::string_view value);

}  // namespace aisci
