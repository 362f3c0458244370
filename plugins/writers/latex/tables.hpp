// Tables that fit, all in \footnotesize: columns as wide as their text where the page allows it, else as wide as their
// share of the page, or as makes the table shorter, and never narrower than their widest word. What even that does not
// fit is made smaller as a whole. Since 0.1.
#pragma once

#include <string>

#include "formats.hpp"
#include "kit/json.hpp"

namespace aisci::latex {

// One table block of the resolved paper, as one float or, when it is longer than a page, as several. With `flowing` and
// one column it is no float: it stands in its place and goes on over pages, unless it has to be made smaller to fit. So
// does any table of one column that would fill half a page.
std::string table(const json::object& block, const Format& format, bool flowing = false);

}  // namespace aisci::latex
