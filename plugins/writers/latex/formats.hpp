// Formats of a paper: each a folder of data under formats/, with preamble.tex and
//
//   format.json   {"title": "two columns, eight pages and an appendix", "columns": 2, "text_em": 61, "column_em": 29,
//                  "body_pages": 8}
//
// text_em and column_em say how wide the text and one column of it are, in em of a table's type (\footnotesize);
// body_pages, how long the body may be before references and appendix, absent when it may be of any length. Since 0.1.
#pragma once

#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::latex {

struct Format {
  std::string name, title;
  int columns = 1;
  double text_em = 52, column_em = 52;
  int body_pages = 0;    // 0: of any length
  std::string preamble;  // the format's own, then what all share
};

// Reads `folder`/formats/NAME. Error INVALID_ARGUMENT: there is no such format (it names those that there are);
// DATA_LOSS: a file of it is missing or wrong.
Format read_format(const std::string& folder, const std::string& name);
std::vector<std::string> format_names(const std::string& folder);

}  // namespace aisci::latex
