#include "mcts/policies.hpp"

#include <algorithm>
#include <cmath>

namespace aisci::mcts {
namespace {

std::optional<Choice> draft_if(const Tree& tree) {
  if (tree.can_draft) return Choice{};
  return std::nullopt;
}

std::vector<std::uint32_t> expandable_nodes(const Tree& tree) {
  std::vector<std::uint32_t> list;
  for (std::uint32_t i = 1; i < tree.nodes.size(); ++i)
    if (tree.expandable(i)) list.push_back(i);
  return list;
}

// The initial drafts come first under every policy: there is nothing to compare before.
bool drafting(const Tree& tree) { return tree.can_draft && tree.nodes[0].children < tree.options.drafts; }

std::optional<Choice> random_policy(const Tree& tree, Random& random) {
  const auto nodes = expandable_nodes(tree);
  const std::uint64_t pick = random.below(nodes.size() + (tree.can_draft ? 1 : 0));
  if (pick < nodes.size()) return Choice{Kind::kImprove, nodes[pick]};
  return draft_if(tree);
}

// Over all nodes, unvisited first: mean + c sqrt(ln N / n) (Auer, Cesa-Bianchi and Fischer, Machine Learning 47, 2002).
std::optional<Choice> ucb1_policy(const Tree& tree, Random&) {
  if (drafting(tree)) return Choice{};
  const double total = std::max(1.0, static_cast<double>(tree.nodes[0].visits + tree.nodes[0].in_flight));
  std::optional<Choice> best;
  double best_score = 0;
  for (const std::uint32_t i : expandable_nodes(tree)) {
    const Node& node = tree.nodes[i];
    const double n = node.visits + node.in_flight;
    const double score = n == 0 ? 1e9 : node.value() + tree.options.exploration * std::sqrt(std::log(total) / n);
    if (!best || score > best_score) {
      best = Choice{Kind::kImprove, i};
      best_score = score;
    }
  }
  return best ? best : draft_if(tree);
}

// Descends from the root by UCB among the children, and widens a node before it descends below it when the node has had
// more visits than its children squared (progressive widening with exponent one half).
std::optional<Choice> uct_policy(const Tree& tree, Random&) {
  if (drafting(tree)) return Choice{};
  std::vector<std::vector<std::uint32_t>> children(tree.nodes.size());
  for (std::uint32_t i = 1; i < tree.nodes.size(); ++i) children[tree.nodes[i].parent].push_back(i);
  std::vector<bool> reachable(tree.nodes.size());  // something below may be expanded
  for (std::uint32_t i = static_cast<std::uint32_t>(tree.nodes.size()); i-- > 0;) {
    reachable[i] = reachable[i] || (i > 0 && tree.expandable(i));
    if (i > 0 && reachable[i]) reachable[tree.nodes[i].parent] = true;
  }
  std::uint32_t at = 0;
  while (reachable[at]) {
    const Node& node = tree.nodes[at];
    const double visits = node.visits + node.in_flight;
    if (at > 0 && tree.expandable(at) && node.children * node.children <= visits) return Choice{Kind::kImprove, at};
    std::optional<std::uint32_t> next;
    double best = 0;
    for (const std::uint32_t child : children[at]) {
      if (!reachable[child]) continue;
      const Node& c = tree.nodes[child];
      const double n = c.visits + c.in_flight;
      const double score = n == 0 ? 1e9 : c.value() + tree.options.exploration * std::sqrt(std::log(std::max(1.0, visits)) / n);
      if (!next || score > best) {
        next = child;
        best = score;
      }
    }
    if (!next) return tree.expandable(at) ? std::optional{Choice{Kind::kImprove, at}} : draft_if(tree);
    at = *next;
  }
  return draft_if(tree);
}

std::optional<Choice> greedy_policy(const Tree& tree, Random&) {
  if (drafting(tree)) return Choice{};
  std::optional<Choice> best;
  for (const std::uint32_t i : expandable_nodes(tree))
    if (tree.nodes[i].own && (!best || tree.nodes[i].mean > tree.nodes[best->node].mean)) best = Choice{Kind::kImprove, i};
  return best ? best : draft_if(tree);
}

// Draws a value from each node's posterior (normal, shrunken) and improves the highest; drafting is one more arm whose
// posterior is that of all drafts so far.
std::optional<Choice> thompson_policy(const Tree& tree, Random& random) {
  if (drafting(tree)) return Choice{};
  std::optional<Choice> best;
  double best_draw = 0;
  const auto consider = [&](Choice choice, double mean, double n) {
    const double draw = mean + random.normal() * tree.noise / std::sqrt(std::max(1.0, n));
    if (!best || draw > best_draw) {
      best = choice;
      best_draw = draw;
    }
  };
  for (const std::uint32_t i : expandable_nodes(tree)) consider({Kind::kImprove, i}, tree.nodes[i].value(), tree.nodes[i].visits + tree.nodes[i].in_flight);
  if (tree.can_draft) consider({}, tree.nodes[0].value(), tree.nodes[0].children);
  return best;
}

// Noise-aware. A share of the evaluations goes to replicating the node that would be published, while its standing is
// uncertain; the rest improves the node with the best shrunken mean plus its uncertainty, or drafts while drafts have
// been the better source of good nodes.
std::optional<Choice> adaptive_policy(const Tree& tree, Random& random) {
  if (drafting(tree)) return Choice{};
  const double remaining = 1.0 - static_cast<double>(tree.started) / std::max(1u, tree.options.budget);
  std::optional<std::uint32_t> leader;
  double gained_by_drafts = 0, gained_by_improving = 0;
  int drafts = 0, improvements = 0;
  for (std::uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const Node& node = tree.nodes[i];
    if (!node.own) continue;
    const double mean = shrunken_mean(tree.nodes, i, tree.noise);
    if (!leader || mean > shrunken_mean(tree.nodes, *leader, tree.noise)) leader = i;
    if (node.parent == 0) gained_by_drafts += mean, ++drafts;
    else gained_by_improving += mean, ++improvements;
  }
  if (leader) {
    // Standard error of the leader against the spread of what it competes with.
    const Node& node = tree.nodes[*leader];
    const double error = tree.noise / std::sqrt(static_cast<double>(node.own + node.in_flight));
    const bool uncertain = error > 0.5 * tree.noise;
    if (uncertain && random.uniform() < 0.4 * (1.0 - remaining) + 0.1) return Choice{Kind::kReplicate, *leader};
  }
  const double draft_mean = (gained_by_drafts + 0.5) / (drafts + 1);
  const double improve_mean = (gained_by_improving + 0.5) / (improvements + 1);
  const double lean_to_drafts = 1.0 / (1.0 + std::exp((improve_mean - draft_mean) / 0.05));
  if (tree.can_draft && random.uniform() < 0.5 * lean_to_drafts * remaining) return Choice{};
  std::optional<Choice> best;
  double best_score = 0;
  for (const std::uint32_t i : expandable_nodes(tree)) {
    const Node& node = tree.nodes[i];
    const double score = shrunken_mean(tree.nodes, i, tree.noise) + remaining * tree.noise / std::sqrt(1.0 + node.children);
    if (!best || score > best_score) {
      best = Choice{Kind::kImprove, i};
      best_score = score;
    }
  }
  if (best) return best;
  if (tree.can_draft) return Choice{};
  if (leader && tree.nodes[*leader].in_flight == 0) return Choice{Kind::kReplicate, *leader};
  return std::nullopt;
}

}  // namespace

double pooled_noise(const std::vector<Node>& nodes, double prior) {
  double squares = prior * prior, weight = 1;
  for (const auto& node : nodes) {
    if (node.own < 2) continue;
    squares += node.squares;
    weight += node.own - 1;
  }
  return std::sqrt(squares / weight);
}

double shrunken_mean(const std::vector<Node>& nodes, std::uint32_t node, double noise) {
  double sum = 0, squares = 0, error = 0;
  int count = 0;
  for (std::uint32_t i = 1; i < nodes.size(); ++i) {
    if (!nodes[i].own) continue;
    sum += nodes[i].mean;
    squares += nodes[i].mean * nodes[i].mean;
    error += noise * noise / nodes[i].own;
    ++count;
  }
  const Node& one = nodes[node];
  if (!count || !one.own) return count ? sum / count : 0.0;
  const double centre = sum / count;
  // Between-node variance by moments: what is left of the spread after the noise is taken out.
  const double spread = std::max(0.0, squares / count - centre * centre - error / count);
  const double own_error = noise * noise / one.own;
  const double weight = spread + own_error > 0 ? spread / (spread + own_error) : 1.0;
  return centre + weight * (one.mean - centre);
}

std::map<std::string, Policy>& policies() {
  static std::map<std::string, Policy> table{{"random", random_policy}, {"ucb1", ucb1_policy}, {"uct", uct_policy},
                                             {"greedy", greedy_policy}, {"thompson", thompson_policy}, {"adaptive", adaptive_policy}};
  return table;
}

}  // namespace aisci::mcts
