// The offline author: a whole paper from a study document, and its revision after the reviews.
#pragma once

#include "kit/json.hpp"

namespace aisci::offline {

json::object writing_paper(const json::object& input);
json::object writing_revise(const json::object& input);

}  // namespace aisci::offline
