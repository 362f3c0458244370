// The search tree as one self-contained web page: each node's plan, code, metrics of every block, a drawing of them,
// and its posterior; of a node that became a claim also what the search had promised beyond what confirmation gave. No
// script, nothing loaded from elsewhere; whatever programs and models wrote is text.
#pragma once

#include <map>
#include <string>

#include "research/study_document.hpp"

namespace aisci {

// node or claim -> file -> text
using CodeOf = std::map<std::string, std::map<std::string, std::string>>;

std::string tree_page(const StudyView& study, const CodeOf& code);

// Text for HTML: & < > " escaped.
std::string html(std::string_view text);

}  // namespace aisci
