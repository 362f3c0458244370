#include <gtest/gtest.h>
#include <aisci/mcts/search.hpp>

#include <cmath>

namespace aisci::mcts {
namespace {

// A landscape with a value by node: children of better nodes are better on average.
double truth(const Search& search, const Lease& lease, std::uint64_t world) {
  const double own = Random{world}.fork(lease.node).uniform();
  return lease.parent == 0 ? 0.6 * own : std::min(1.0, 0.8 * search.nodes()[lease.parent].mean + 0.3 * own);
}

// Runs to the end with `workers` leases out at once, telling in an order drawn from `order`.
Search play(const Options& options, std::size_t workers, std::uint64_t order,
            std::vector<std::string>* journal = nullptr) {
  Search search = Search::create(options).value();
  Random random{order};
  std::vector<Lease> out;
  for (;;) {
    while (out.size() < workers) {
      const auto lease = search.ask();
      if (!lease) break;
      if (journal)
        journal->push_back(std::to_string(lease->ticket) + ":" + std::to_string(int(lease->kind)) + ":" +
                           std::to_string(lease->node) + "<" + std::to_string(lease->parent) + "@" +
                           std::to_string(lease->seed));
      out.push_back(*lease);
    }
    if (out.empty()) return search;
    const std::size_t pick = order == 0 ? 0 : random.below(out.size());
    const Lease lease = out[pick];
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(pick));
    const bool failed = Random{7}.fork(lease.node).uniform() < 0.2;
    EXPECT_TRUE(search.tell(lease, {.value = truth(search, lease, 5), .failed = failed}).value());
    EXPECT_FALSE(search.tell(lease, {.value = 1}).value());
  }
}

class EveryPolicy : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryPolicy, KeepsLimitsAndItsBooksInAnyOrderOfTelling) {
  for (const std::uint64_t order : {0u, 1u, 2u, 3u}) {
    Options options;
    options.policy = GetParam();
    options.budget = 60;
    options.depth = 4;
    options.width = 3;
    options.seed = 11;
    const Search search = play(options, 4, order);
    EXPECT_EQ(search.pending(), 0u);
    EXPECT_TRUE(search.over());
    const auto& nodes = search.nodes();
    std::vector<std::uint32_t> visits(nodes.size()), children(nodes.size());
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      EXPECT_EQ(nodes[i].in_flight, 0u);
      EXPECT_LE(nodes[i].depth, 4u);
      if (i > 0) {
        EXPECT_LE(nodes[i].children, 3u);
        EXPECT_TRUE(!nodes[i].failed || nodes[i].children == 0 || GetParam() == "greedy")
            << "a failed node was expanded";
        visits[nodes[i].parent] += nodes[i].visits;
        ++children[nodes[i].parent];
      }
    }
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      EXPECT_EQ(children[i], nodes[i].children);
      EXPECT_GE(nodes[i].visits, visits[i]);
      EXPECT_NEAR(nodes[i].sum, nodes[i].value() * nodes[i].visits, 1e-9);
    }
    EXPECT_EQ(nodes[0].visits, visits[0]);
  }
}

TEST_P(EveryPolicy, SameSeedSameJournal) {
  Options options;
  options.policy = GetParam();
  options.seed = 3;
  std::vector<std::string> a, b;
  play(options, 2, 0, &a);
  play(options, 2, 0, &b);
  EXPECT_EQ(a, b);
  EXPECT_FALSE(a.empty());
}

TEST_P(EveryPolicy, FindsBetterThanTheAverageDraft) {
  double found = 0, drafts = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Options options;
    options.policy = GetParam();
    options.seed = seed;
    options.budget = 30;
    const Search search = play(options, 1, 0);
    ASSERT_TRUE(search.best().has_value());
    found += search.nodes()[*search.best()].mean;
    drafts += 0.3;
  }
  EXPECT_GT(found, drafts);
}

// As many as the budget and the width of the root allow: `drafts` says how many come first, not how many there are.
TEST_P(EveryPolicy, WithoutExpansionThereAreDraftsOnlyUpToTheWidth) {
  for (const std::uint32_t width : {5u, 100u}) {
    Options options;
    options.policy = GetParam();
    options.expand = false;
    options.budget = 20;
    options.width = width;
    options.debug = 1;
    const Search search = play(options, 1, 0);
    for (const Node& node : search.nodes()) EXPECT_LE(node.depth, 1u);
    if (GetParam() == "adaptive") {
      EXPECT_GE(search.nodes().size(), 1 + std::min(width, 10u)) << "it replicates too";
    } else {
      EXPECT_EQ(search.nodes().size(), 1 + std::min(width, 20u));
      EXPECT_EQ(search.ended_by(), width < 20 ? "exhausted" : "budget");
    }
  }
}

TEST_P(EveryPolicy, WhatIsWorthLessThanThePruningIsNotExpanded) {
  for (const double pruning : {-std::numeric_limits<double>::infinity(), 0.5}) {
    int improved = 0, poor = 0;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      Options options;
      options.policy = GetParam();
      options.seed = seed;
      options.budget = 80;
      options.pruning = pruning;
      Search search = Search::create(options).value();
      Random random{seed};
      while (const auto lease = search.ask()) {
        improved += lease->kind == Kind::kImprove;
        poor += lease->kind == Kind::kImprove && search.nodes()[lease->parent].mean < 0.5;
        search.tell(*lease, {.value = random.uniform()}).value();
      }
    }
    EXPECT_GT(improved, 0);
    if (pruning == 0.5) {
      EXPECT_EQ(poor, 0);
    } else if (GetParam() == "random" || GetParam() == "ucb1" || GetParam() == "uct" || GetParam() == "thompson") {
      EXPECT_GT(poor, 0) << "there was nothing to prune";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, EveryPolicy,
                         ::testing::Values("random", "ucb1", "uct", "puct", "greedy", "thompson", "adaptive"),
                         [](const auto& instance) { return instance.param; });

TEST(Search, UnknownPolicyNamesTheKnownOnes) {
  Options options;
  options.policy = "ucb2";
  EXPECT_NE(Search::create(options).status().message().find("ucb1"), std::string::npos);
}

TEST(Search, BudgetAndIterationsEndItAndSaySo) {
  Options options;
  options.budget = 4;
  EXPECT_EQ(play(options, 1, 0).ended_by(), "budget");
  options.budget = 100;
  options.iterations = 3;
  EXPECT_EQ(play(options, 1, 0).ended_by(), "iterations");
}

// One worker is told that the budget is spent while another still may give its lease back.
TEST(Search, ALeaseGivenBackAfterTheEndIsAskedForAgain) {
  for (const char* limit : {"budget", "iterations"}) {
    Options options;
    (std::string_view{limit} == "budget" ? options.budget : options.iterations) = 2;
    auto search = Search::create(options).value();
    const auto first = search.ask(), second = search.ask();
    ASSERT_TRUE(first && second);
    EXPECT_FALSE(search.ask());
    EXPECT_EQ(search.ended_by(), limit);
    EXPECT_TRUE(search.abandon(*second));
    const auto again = search.ask();
    ASSERT_TRUE(again) << limit;
    EXPECT_TRUE(search.tell(*first, {.value = 1}).value());
    EXPECT_TRUE(search.tell(*again, {.value = 2}).value());
    EXPECT_FALSE(search.ask());
    EXPECT_EQ(search.ended_by(), limit);
    EXPECT_TRUE(search.over());
  }
}

TEST(Search, AnAbandonedLeaseNeverHappened) {
  Options options;
  options.policy = "greedy";
  options.drafts = 1;
  options.width = 1;
  Search search = Search::create(options).value();
  const Lease draft = *search.ask();
  EXPECT_TRUE(search.abandon(draft));  // its worker died
  const Lease again = *search.ask();
  EXPECT_EQ(again.kind, Kind::kDraft);
  search.tell(again, {.value = 0.9}).value();
  const Lease child = *search.ask();
  EXPECT_EQ(child.kind, Kind::kImprove);
  const auto left = search.evaluations_left();
  EXPECT_TRUE(search.abandon(child));
  EXPECT_EQ(search.evaluations_left(), left + 1);
  EXPECT_EQ(search.pending(), 0u);
  EXPECT_FALSE(search.abandon(child));
  EXPECT_FALSE(search.tell(child, {.value = 1}).value());
  EXPECT_EQ(search.ask()->parent, again.node);
}

TEST(Search, NothingIsAskedForBelowAClosedNode) {
  Options options;
  options.policy = "greedy";
  options.drafts = 1;
  options.width = 1;
  Search search = Search::create(options).value();
  const Lease draft = *search.ask();
  search.tell(draft, {.value = 0.9}).value();
  const Lease child = *search.ask();
  search.abandon(child);
  search.close(draft.node);
  EXPECT_FALSE(search.ask().has_value());
  EXPECT_EQ(search.ended_by(), "exhausted");
}

// Whatever happens to leases, and in whatever order: nothing stays in flight, and every node's sum and visits are those
// of its own scores and of all below it; a value that replaces a mean stands for each score before it.
TEST_P(EveryPolicy, BooksAgreeWhenLeasesFailAreReplacedOrGivenBack) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Options options;
    options.policy = GetParam();
    options.budget = 50;
    options.seed = seed;
    options.cost = 60;
    Search search = Search::create(options).value();
    Random random{seed};
    std::vector<Lease> out;
    std::vector<std::vector<double>> own;  // scores by node
    double cost = 0;
    for (int turns = 0; turns < 2000; ++turns) {
      if (random.below(2) == 0)
        for (const Lease& lease : search.ask(1 + random.below(4))) out.push_back(lease);
      if (out.empty()) {
        if (search.over()) break;
        continue;
      }
      const std::size_t pick = random.below(out.size());
      if (random.below(6) == 0) {
        EXPECT_TRUE(search.abandon(out[pick]));
      } else {
        Outcome outcome{.value = random.uniform(), .cost = random.uniform() * 2, .failed = random.below(5) == 0};
        outcome.replace = random.below(3) == 0;
        if (random.below(3) == 0) outcome.variance = 0.01;
        cost += outcome.cost;
        own.resize(search.nodes().size());
        auto& scores = own[out[pick].node];
        if (!outcome.failed && outcome.replace && !scores.empty())
          std::fill(scores.begin(), scores.end(), outcome.value);
        else if (!outcome.failed)
          scores.push_back(outcome.value);
        EXPECT_TRUE(search.tell(out[pick], outcome).value());
      }
      EXPECT_FALSE(search.tell(out[pick], {.value = 5}).value());
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(pick));
    }
    ASSERT_TRUE(search.over()) << seed;
    EXPECT_EQ(search.pending(), 0u);
    EXPECT_LE(search.options().budget - search.evaluations_left(), 50u);
    if (search.ended_by() == "cost") {
      EXPECT_GE(cost, 60);
    }
    const auto& nodes = search.nodes();
    own.resize(nodes.size());
    std::vector<double> sums(nodes.size());
    std::vector<std::uint32_t> visits(nodes.size()), children(nodes.size());
    for (std::uint32_t i = static_cast<std::uint32_t>(nodes.size()); i-- > 0;) {
      EXPECT_EQ(nodes[i].in_flight, 0u);
      EXPECT_GE(nodes[i].visits, visits[i]);
      // What is its own: its scores, and one visit of value 0 when it failed.
      for (const double score : own[i]) sums[i] += score;
      EXPECT_NEAR(nodes[i].sum, sums[i], 1e-9);
      EXPECT_LE(nodes[i].visits - visits[i] - own[i].size(), i == 0 ? 0u : 1u);
      for (std::uint32_t child = nodes[i].first_child; child; child = nodes[child].next_sibling) ++children[i];
      EXPECT_EQ(children[i], nodes[i].children);
      if (i > 0) {
        sums[nodes[i].parent] += nodes[i].sum;
        visits[nodes[i].parent] += nodes[i].visits;
      }
    }
  }
}

// The example of the header, word for word.
TEST(Search, APolicyOfAUsersOwnInAFewLines) {
  const auto status = register_policy("newest", [](const Tree& tree, Random&) -> std::optional<Choice> {
    for (std::uint32_t i = static_cast<std::uint32_t>(tree.nodes.size()); i-- > 1;)
      if (tree.expandable(i)) return Choice{Kind::kImprove, i};
    return tree.can_draft ? std::optional{Choice{}} : std::nullopt;
  });
  ASSERT_TRUE(status.ok());
  Options options;
  options.policy = "newest";
  options.budget = 6;
  std::vector<std::string> journal;
  const Search search = play(options, 1, 0, &journal);
  for (std::uint32_t i = 2; i < search.nodes().size(); ++i)
    if (!search.nodes()[i - 1].failed) {
      EXPECT_EQ(search.nodes()[i].parent, i - 1);
    }
  EXPECT_EQ(journal.size(), 6u);
  EXPECT_TRUE(Search::load(search.save()).value().over());  // it is found again by its name
}

// A caller that is never sure of one node's value would have it replicated for ever; the option ends that, also with
// several of its observations out.
TEST(Search, NoNodeIsObservedMoreOftenThanTheOptionAllows) {
  for (const std::uint32_t most : {2u, 4u}) {
    Options options;
    options.budget = 60;
    options.drafts = 3;
    options.depth = 2;
    options.width = 3;
    options.noise = 0.1;
    options.observations = most;
    auto search = Search::create(options).value();
    Random random{5};
    std::vector<Lease> out;
    int replicates = 0;
    while (true) {
      const auto lease = search.ask();
      if (lease) out.push_back(*lease);
      replicates += lease && lease->kind == Kind::kReplicate;
      if (out.empty()) break;
      if (lease && out.size() < 3) continue;
      search
          .tell(out.front(),
                {.value = random.normal(), .replace = out.front().kind == Kind::kReplicate, .variance = 1.0})
          .value();
      out.erase(out.begin());
    }
    std::uint32_t highest = 0;
    for (const Node& node : search.nodes()) highest = std::max(highest, node.own);
    EXPECT_EQ(highest, most);
    EXPECT_GT(replicates, 0);
  }
}

TEST(Search, GreedyRepairsFailedNodesToADepth) {
  Options options;
  options.policy = "greedy";
  options.budget = 200;
  options.drafts = 2;
  options.width = 2;
  Search search = Search::create(options).value();
  search.tell(*search.ask(), {.value = 0.5}).value();
  std::uint32_t repairs = 0, longest = 0;
  while (const auto lease = search.ask()) {
    if (lease->kind == Kind::kDebug) {
      ++repairs;
      EXPECT_TRUE(search.nodes()[lease->parent].failed);
      std::uint32_t row = 1;
      for (std::uint32_t at = lease->parent;
           search.nodes()[at].parent != 0 && search.nodes()[search.nodes()[at].parent].failed;
           at = search.nodes()[at].parent)
        ++row;
      longest = std::max(longest, row);
    }
    search.tell(*lease, {.failed = true}).value();
  }
  EXPECT_GT(repairs, 2u);
  EXPECT_EQ(longest, 3u);
}

TEST(Search, WithoutRepairsGreedyNeverAsksForOne) {
  Options options;
  options.policy = "greedy";
  options.debug = 0;
  options.drafts = 3;
  options.width = 2;
  Search search = Search::create(options).value();
  while (const auto lease = search.ask()) {
    EXPECT_NE(lease->kind, Kind::kDebug);
    search.tell(*lease, {.failed = true}).value();
  }
  EXPECT_EQ(search.ended_by(), "exhausted");
}

}  // namespace
}  // namespace aisci::mcts
