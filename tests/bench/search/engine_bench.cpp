// How fast the engine is: ask and tell at 1,000 nodes under every policy, with features, and a snapshot of a million
// nodes. In processor time.
#include <aisci/mcts/search.hpp>

#include <cstdio>
#include <ctime>

namespace aisci::mcts {
namespace {

// Of processor time: what else the machine does is no concern here.
double seconds_since(std::clock_t start) { return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC; }

// Pairs a second from 1,000 to 1,500 nodes, over a few searches.
double pair_rate(const std::string& policy, std::size_t features) {
  constexpr int kSearches = 5, kMeasured = 500;
  double seconds = 0;
  for (int s = 0; s < kSearches; ++s) {
    Options options;
    options.policy = policy;
    options.budget = 1u << 30;
    options.seed = static_cast<std::uint64_t>(s);
    Search search = Search::create(options).value();
    Random random{3};
    const auto step = [&] {
      const Lease lease = *search.ask();
      Outcome outcome{.value = 0.5 + 0.1 * random.normal()};
      for (std::size_t i = 0; i < features; ++i) outcome.features.push_back(random.uniform());
      search.tell(lease, outcome).value();
    };
    while (search.nodes().size() < 1000) step();
    const auto start = std::clock();
    for (int i = 0; i < kMeasured; ++i) step();
    seconds += seconds_since(start);
  }
  return kSearches * kMeasured / seconds;
}

void snapshot() {
  Options options;
  options.policy = "ucb1";  // drafts first, without looking at the tree
  options.drafts = 1000000;
  options.budget = 1u << 30;
  Search search = Search::create(options).value();
  for (int i = 0; i < 1000000; ++i) search.tell(*search.ask(), {.value = 0.5}).value();
  auto start = std::clock();
  const std::string bytes = search.save();
  const double save = seconds_since(start);
  start = std::clock();
  const auto loaded = Search::load(bytes);
  std::printf("snapshot nodes %zu MB %.0f save %.3f s load %.3f s\n", loaded.value().nodes().size(),
              static_cast<double>(bytes.size()) / 1e6, save, seconds_since(start));
}

}  // namespace
}  // namespace aisci::mcts

int main() {
  for (const auto& policy : aisci::mcts::policy_names())
    std::printf("%-9s ask+tell/s at 1,000 nodes %.0f\n", policy.c_str(), aisci::mcts::pair_rate(policy, 0));
  std::printf("adaptive, 64 features: ask+tell/s at 1,000 nodes %.0f\n", aisci::mcts::pair_rate("adaptive", 64));
  aisci::mcts::snapshot();
}
