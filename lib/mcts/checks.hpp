// What a search refuses to be given.
#pragma once

#include <aisci/mcts/search.hpp>

namespace aisci::mcts {

// INVALID_ARGUMENT names the number that does not fit and what is allowed.
Status check(const Options& options);
// `dimensions`: how many features a node of this search has; 0: none was told yet.
Status check(const Outcome& outcome, std::size_t dimensions);

}  // namespace aisci::mcts
