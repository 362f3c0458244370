// How fast the engine is: ask and tell at 1,000 nodes under every policy, with features, and a snapshot of a million nodes.
#include <aisci/mcts/search.hpp>

#include <chrono>
#include <cstdio>

namespace aisci::mcts {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); }

double pair_rate(const std::string& policy, std::size_t features, std::uint32_t measured) {
  Options options;
  options.policy = policy;
  options.budget = 1u << 30;
  Search search = Search::create(options).value();
  Random random{3};
  const auto step = [&] {
    const Lease lease = *search.ask();
    Outcome outcome{.value = 0.5 + 0.1 * random.normal()};
    for (std::size_t i = 0; i < features; ++i) outcome.features.push_back(random.uniform());
    search.tell(lease, outcome);
  };
  while (search.nodes().size() < 1000) step();
  const auto start = std::chrono::steady_clock::now();
  for (std::uint32_t i = 0; i < measured; ++i) step();
  return measured / seconds_since(start);
}

void snapshot() {
  Options options;
  options.policy = "ucb1";  // drafts first, without looking at the tree
  options.drafts = 1000000;
  options.budget = 1u << 30;
  Search search = Search::create(options).value();
  for (int i = 0; i < 1000000; ++i) search.tell(*search.ask(), {.value = 0.5});
  auto start = std::chrono::steady_clock::now();
  const std::string bytes = search.save();
  const double save = seconds_since(start);
  start = std::chrono::steady_clock::now();
  const auto loaded = Search::load(bytes);
  std::printf("snapshot nodes %zu MB %.0f save %.3f s load %.3f s\n", loaded.value().nodes().size(), static_cast<double>(bytes.size()) / 1e6, save, seconds_since(start));
}

}  // namespace
}  // namespace aisci::mcts

int main() {
  for (const auto& policy : aisci::mcts::policy_names()) std::printf("%-9s ask+tell/s at 1,000 nodes %.0f\n", policy.c_str(), aisci::mcts::pair_rate(policy, 0, 500));
  std::printf("adaptive, 64 features: ask+tell/s at 1,000 nodes %.0f\n", aisci::mcts::pair_rate("adaptive", 64, 500));
  aisci::mcts::snapshot();
}
