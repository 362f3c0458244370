// The search as a study sets it up.
#include "research/search_tree.hpp"

#include <gtest/gtest.h>

#include <map>

#include "research/claims.hpp"

namespace aisci {
namespace {

// A value that lies at the limit is never known well. No node takes more blocks in the search than a claim may.
TEST(SearchTree, GivesNoNodeMoreBlocksThanAClaimMayHave) {
  for (const int blocks : {5, 8, 100}) {
    Options options;
    options.max_experiments = 60;
    options.blocks = blocks;
    options.tree_search_depth = 1;
    options.tree_search_width = 3;
    auto tree = SearchTree::create(options, 7).value();
    std::map<std::string, int> experiments;
    while (const auto ticket = tree->ask()) {
      ++experiments[ticket->node];
      ASSERT_TRUE(tree->tell(*ticket, 0.5, 0.3, 1.0).ok());
    }
    int most = 0;
    for (const auto& [node, count] : experiments) most = std::max(most, count);
    EXPECT_EQ(most, std::max(2, (kMostConfirmationBlocks + blocks - 1) / blocks)) << blocks;
  }
}

}  // namespace
}  // namespace aisci
