// Lists of phrases, as reviewers look for them.
#pragma once

#include <vector>

namespace aisci::offline::vocabulary {

using Phrases = std::vector<const char*>;

}  // namespace aisci::offline::vocabulary
