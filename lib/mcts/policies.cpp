#include "mcts/policies.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

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

// The initial drafts come first, where nodes are compared: there is nothing to compare before.
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
  const double log_total = std::log(total);
  std::optional<Choice> best;
  double best_score = 0;
  for (std::uint32_t i = 1; i < tree.nodes.size(); ++i) {
    if (!tree.expandable(i)) continue;
    const Node& node = tree.nodes[i];
    const double n = node.visits + node.in_flight;
    const double score = n == 0 ? 1e9 : node.value() + tree.options.exploration * std::sqrt(log_total / n);
    if (!best || score > best_score) {
      best = Choice{Kind::kImprove, i};
      best_score = score;
    }
  }
  return best ? best : draft_if(tree);
}

// A draft, or else the best node that can be improved.
std::optional<Choice> any_expandable(const Tree& tree) {
  if (tree.can_draft) return Choice{};
  std::optional<Choice> best;
  for (std::uint32_t i = 1; i < tree.nodes.size(); ++i)
    if (tree.expandable(i) && (!best || tree.nodes[i].value() > tree.nodes[best->node].value()))
      best = Choice{Kind::kImprove, i};
  return best;
}

// Descends from the root by UCB among the children, and widens a node before it descends below it when the node has had
// more visits than its children squared (progressive widening with exponent one half).
std::optional<Choice> uct_policy(const Tree& tree, Random&) {
  if (drafting(tree)) return Choice{};
  std::uint32_t at = 0;
  for (;;) {
    const Node& node = tree.nodes[at];
    const double visits = node.visits + node.in_flight;
    if (at > 0 && tree.expandable(at) && static_cast<double>(node.children) * node.children <= visits)
      return Choice{Kind::kImprove, at};
    std::uint32_t next = 0;
    double best = 0;
    for (std::uint32_t child = node.first_child; child; child = tree.nodes[child].next_sibling) {
      const Node& c = tree.nodes[child];
      if (!c.open || c.own == 0) continue;
      const double n = c.visits + c.in_flight;
      const double score = c.value() + tree.options.exploration * std::sqrt(std::log(std::max(1.0, visits)) / n);
      if (!next || score > best) next = child, best = score;
    }
    if (!next) break;
    at = next;
  }
  // The path ends here; what cannot be widened gives way.
  if (at > 0 && tree.expandable(at)) return Choice{Kind::kImprove, at};
  return any_expandable(tree);
}

// Like uct, with the bonus of AlphaZero, c P sqrt(N) / (1 + n) (Silver et al., Science 362, 2018), and the child that
// is not there yet as one more candidate, worth what its siblings are worth. All candidates have the same P.
std::optional<Choice> puct_policy(const Tree& tree, Random&) {
  if (drafting(tree)) return Choice{};
  std::uint32_t at = 0;
  for (;;) {
    const Node& node = tree.nodes[at];
    const bool widens = at == 0 ? tree.can_draft : tree.expandable(at);
    const double bonus =
        tree.options.exploration * std::sqrt(1.0 + node.visits + node.in_flight) / (node.children + (widens ? 1 : 0));
    std::uint32_t next = 0;
    double best = widens ? node.value() + bonus : -std::numeric_limits<double>::infinity();
    for (std::uint32_t child = node.first_child; child; child = tree.nodes[child].next_sibling) {
      const Node& c = tree.nodes[child];
      if (!c.open || c.own == 0) continue;
      const double score = c.value() + bonus / (1.0 + c.visits + c.in_flight);
      if (score > best) next = child, best = score;
    }
    if (!next) return widens ? std::optional{at == 0 ? Choice{} : Choice{Kind::kImprove, at}} : any_expandable(tree);
    at = next;
  }
}

// A failed node that was not repaired yet, after fewer than `debug_depth` repairs in a row: the newest.
std::optional<std::uint32_t> broken_node(const Tree& tree) {
  for (std::uint32_t i = static_cast<std::uint32_t>(tree.nodes.size()); i-- > 1;) {
    const Node& node = tree.nodes[i];
    if (!node.failed || !node.open || node.children > 0 || node.in_flight > 0 || node.depth >= tree.options.depth)
      continue;
    std::uint32_t repairs = 0;
    for (std::uint32_t at = node.parent; at != 0 && tree.nodes[at].failed; at = tree.nodes[at].parent) ++repairs;
    if (repairs < tree.options.debug_depth) return i;
  }
  return std::nullopt;
}

std::optional<Choice> greedy_policy(const Tree& tree, Random& random) {
  if (drafting(tree)) return Choice{};
  if (tree.options.expand && random.uniform() < tree.options.debug)
    if (const auto broken = broken_node(tree)) return Choice{Kind::kDebug, *broken};
  std::optional<Choice> best;
  for (const std::uint32_t i : expandable_nodes(tree))
    if (tree.nodes[i].own && (!best || tree.nodes[i].mean > tree.nodes[best->node].mean))
      best = Choice{Kind::kImprove, i};
  if (best || tree.can_draft) return best ? best : Choice{};
  const auto broken = tree.options.expand && tree.options.debug > 0 ? broken_node(tree) : std::nullopt;
  return broken ? std::optional{Choice{Kind::kDebug, *broken}} : std::nullopt;
}

// Adaptive branching (Inoue et al., "Wider or deeper?", 2025, in the spirit of AB-MCTS-A): at every node a value is
// drawn for each child and for a new child, from normal posteriors, and the highest is followed. A child's posterior is
// that of the values backed up through it; a new child's is that of its siblings' own scores and one more like the node
// itself.
std::optional<Choice> thompson_policy(const Tree& tree, Random& random) {
  if (drafting(tree)) return Choice{};
  std::uint32_t at = 0;
  for (;;) {
    const Node& node = tree.nodes[at];
    double sum = at ? node.mean : 0.0, count = at ? 1.0 : 0.0;
    std::uint32_t next = 0;
    double best = -std::numeric_limits<double>::infinity();
    for (std::uint32_t child = node.first_child; child; child = tree.nodes[child].next_sibling) {
      const Node& c = tree.nodes[child];
      count += 1;  // pending ones count, so that a batch does not widen without end
      sum += c.own ? c.mean : tree.failure;
      if (!c.own) continue;
      const double draw =
          c.value() + random.normal() * tree.noise / std::sqrt(static_cast<double>(c.visits + c.in_flight));
      if (draw > best && (tree.expandable(child) || c.children > 0)) next = child, best = draw;
    }
    const bool widens = at == 0 ? tree.can_draft : tree.expandable(at);
    if (widens) {
      const double draw = count > 0 ? sum / count + random.normal() * tree.noise / std::sqrt(count) : best;
      if (!next || draw > best) return at == 0 ? Choice{} : Choice{Kind::kImprove, at};
    }
    if (!next) return any_expandable(tree);
    at = next;
  }
}

}  // namespace

Shrinkage::Shrinkage(const std::vector<Node>& nodes, double noise) : noise_{noise} {
  double squares = 0, errors = 0, count = 0;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (!nodes[i].own) continue;
    ++count;
    const double difference = nodes[i].mean - centre_;
    centre_ += difference / count;
    squares += difference * (nodes[i].mean - centre_);
    errors += error(nodes[i]);
  }
  // What is left of the spread after the noise is taken out.
  if (count > 0) spread_ = std::max(0.0, (squares - errors) / count);
}

double Shrinkage::error(const Node& node) const {
  return node.variance > 0 ? static_cast<double>(node.variance) : noise_ * noise_ / node.own;
}

double Shrinkage::mean(const Node& node) const {
  if (!node.own) return centre_;
  const double weight = spread_ > 0 ? spread_ / (spread_ + error(node)) : node.own / (node.own + 1e6);
  return centre_ + weight * (node.mean - centre_);
}

std::map<std::string, Policy>& policies() {
  static std::map<std::string, Policy> table{
      {"random", random_policy}, {"ucb1", ucb1_policy},         {"uct", uct_policy},          {"puct", puct_policy},
      {"greedy", greedy_policy}, {"thompson", thompson_policy}, {"adaptive", adaptive_policy}};
  return table;
}

}  // namespace aisci::mcts
