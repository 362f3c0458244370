#include "research/pdf_text.hpp"

#include "base/text.hpp"
#include "research/program_output.hpp"

namespace aisci {
namespace {

// The PDF may be a stranger's. A paper takes a second and has a hundredth of this.
constexpr double kMostSeconds = 60;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<std::string> pdf_text(const std::filesystem::path& pdf) {
  std::error_code error;  // a FIFO or a device would never end
  if (std::filesystem::symlink_status(pdf, error).type() != std::filesystem::file_type::regular)
    return error || !std::filesystem::exists(pdf, error) ? not_found(pdf.string() + " is not there")
                                                         : invalid_argument(pdf.string() + " is not a regular file");
  const auto told =
      program_output({"pdftotext", "-raw", std::filesystem::absolute(pdf).string(), "-"}, kMostSeconds, kMostBytes);
  if (told.status().code() == StatusCode::kFailedPrecondition)
    return failed_precondition(told.status().message() + ": apt-get install poppler-utils");
  if (!told.ok()) return told.status();
  if (told->status != 0) return data_loss("pdftotext cannot read " + pdf.string());
  return told->text;
}

std::string bare(std::string_view text) {
  std::string out{text};
  for (const char* dash : {"\u2212", "\u2013", "\u2010", "\u2011"}) out = replace_all(std::move(out), dash, "-");
  out = replace_all(std::move(out), "\u00a0", " ");
  std::string single;
  for (const char c : out) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
    if (!space)
      single += c;
    else if (!single.empty() && single.back() != ' ')
      single += ' ';
  }
  return single;
}

int occurrences(std::string_view page, std::string_view value) {
  if (value.empty()) return 0;
  int count = 0;
  for (auto at = page.find(value); at != std::string_view::npos; at = page.find(value, at + 1)) {
    const std::size_t end = at + value.size();
    const bool digit_before = digit(value.front()) && at > 0 &&
                              (digit(page[at - 1]) || (page[at - 1] == '.' && at > 1 && digit(page[at - 2])));
    const bool digit_after = digit(value.back()) && end < page.size() &&
                             (digit(page[end]) || (page[end] == '.' && end + 1 < page.size() && digit(page[end + 1])));
    if (!digit_before && !digit_after) ++count;
  }
  return count;
}

}  // namespace aisci
