// The search tree as one self-contained web page: no script from elsewhere, no network.
#pragma once

#include <string>

#include "research/study_document.hpp"

namespace aisci {

std::string tree_page(const StudyView& study);

// Text for HTML: & < > " escaped.
std::string html(std::string_view text);

}  // namespace aisci
