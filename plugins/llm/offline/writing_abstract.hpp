// Claims as an abstract tells them, in the words that there is room for.
#pragma once

#include <string>

#include "writing_author.hpp"

namespace aisci::offline {

// How much an abstract says: all; a short beginning and claims after the first in brief; no more on a claim than has to
// be; and that without what the search had given for the claims after the first.
enum class Length { kFull, kBrief, kBriefest, kLeast };

// One sentence on a claim, `index` the how manieth, with its verdict; `before` is the claim that was told before it,
// null for the first.
std::string claim_in_abstract(const Study& study, const Entry& claim, std::size_t index, const Entry* before,
                              Length length);

}  // namespace aisci::offline
