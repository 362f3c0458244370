// Game search: PUCT tree search for games and planning, over a state type of the caller's own. Header-only, needs
// nothing else of aisci. For two players who move in turn, and with kPlayers = 1 for planning, where the value is the
// planner's own.
//
//   struct Nim {                                        // whoever takes the last match wins
//     using Action = int;                               // trivially copyable, at most four bytes
//     static constexpr int kPlayers = 2;
//     static constexpr int kMaxActions = 3;
//     int matches = 21;
//     int actions(Action* out) const { int n = 0; for (int k = 1; k <= 3 && k <= matches; ++k) out[n++] = k; return n;
//     } void play(Action k) { matches -= k; } bool over() const { return matches == 0; } double result() const { return
//     -1; }              // of a state that is over, for the player to move: he has lost
//   };
//   aisci::mcts::GameSearch<Nim> search{Nim{}};
//   search.simulate(10000, aisci::mcts::uniform_evaluator);
//   int take = search.best_action();                    // 1
//
// An evaluator gives a state that is not over its value for the player to move, in -1..1, and a prior for each action:
//
//   double evaluate(const State& state, const Action* actions, float* priors, int count);
//
// A value or prior that is not a number, or is above 1e8 in size, would spoil all above it and is refused: simulate()
// and tell() return false.
//
// Slow evaluators, and several at once: ask() for leaves and tell() their values in any order. Pending leaves count as
// visits without value (virtual visits; Liu et al., "Watch the unobserved", ICLR 2020), so they spread. A leaf that is
// pending already is not given again: ask() then returns nothing until something is told.
//
// Selection: mean + c P sqrt(N) / (1 + n) (Silver et al., Science 362, 2018); an unvisited action counts as its
// parent's value less `first_play`. Repeatable: no randomness at all; ties go to the earlier action. Memory: 32 bytes
// for a state that was visited, 16 for each of its actions, in two arrays. An action carries what selection needs, mean
// and P / (1 + n), so choosing among the actions of a state reads one or two cache lines and divides nothing. Threads:
// none inside, and no lock: one caller at a time. Since 0.1.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>
#include <vector>

namespace aisci::mcts {

struct GameOptions {
  float exploration = 1.4f;
  float first_play = 0.2f;
};

// Value 0, and all actions alike.
inline constexpr auto uniform_evaluator = [](const auto&, const auto*, float* priors, int count) {
  for (int i = 0; i < count; ++i) priors[i] = 1.0f / static_cast<float>(count);
  return 0.0;
};

// A state that was visited.
struct GameNode {
  double sum = 0;  // of values for the player who moved here
  std::uint32_t visits = 0;
  std::uint32_t first = 0;  // its actions lie together from here
  float prior = 1;
  std::uint32_t pending = 0;
  std::uint32_t count = 0;  // of actions; 0: not expanded
  std::uint32_t ended = 0;  // 1: the game is over here
};
static_assert(sizeof(GameNode) <= 64);

// An action of an expanded state.
struct GameEdge {
  float mean = kUnvisited;  // for the player who takes it
  float weight = 0;         // P / (1 + n)
  std::uint32_t child = 0;  // node; 0: not visited yet
  std::uint32_t action = 0;
  static constexpr float kUnvisited = -1e9f;
};
static_assert(sizeof(GameEdge) == 16);

template <typename State>
class GameSearch {
 public:
  using Action = typename State::Action;
  static_assert(std::is_trivially_copyable_v<Action> && sizeof(Action) <= 4);

  // A state to evaluate, and the way to it.
  struct Leaf {
    std::uint64_t ticket = 0;
    State state;
    std::vector<Action> actions;
  };

  explicit GameSearch(const State& state, GameOptions options = {}) : root_{state}, options_{options}, nodes_(1) {
    nodes_[0].ended = root_.over();
  }

  // The synchronous twin of ask and tell. Not while leaves are out. False, and no further simulation, once an
  // evaluation is refused; that one counts for nothing.
  template <typename Evaluator>
  bool simulate(std::uint64_t simulations, Evaluator&& evaluate) {
    // Room beforehand saves copying while the arrays grow; untouched room costs address space alone.
    if (simulations * (State::kMaxActions * sizeof(GameEdge) + sizeof(GameNode)) < (std::uint64_t{1} << 28)) {
      nodes_.reserve(nodes_.size() + simulations);
      edges_.reserve(edges_.size() + simulations * State::kMaxActions);
    }
    for (std::uint64_t i = 0; i < simulations; ++i) {
      State state = root_;
      const std::uint32_t leaf = descend(state);
      double value;
      if (nodes_[leaf].ended) {
        value = state.result();
      } else {
        Action actions[State::kMaxActions];
        float priors[State::kMaxActions];
        const int count = state.actions(actions);
        value = evaluate(state, static_cast<const Action*>(actions), priors, count);
        if (!usable(value, priors, count)) return false;
        expand(leaf, actions, priors, count);
      }
      back_up(path_, value);
    }
    return true;
  }

  // A leaf to evaluate. States that are over need no evaluation: they are backed up at once, and the search goes on,
  // for at most `patience` such states. Nothing when the next leaf is pending, patience is at its end, or the game is
  // over.
  std::optional<Leaf> ask(int patience = 256) {
    if (nodes_[0].ended) return std::nullopt;
    for (; patience > 0; --patience) {
      Leaf leaf{0, root_, {}};
      const std::uint32_t index = descend(leaf.state);
      if (nodes_[index].ended) {
        back_up(path_, leaf.state.result());
        continue;
      }
      if (nodes_[index].pending > 0) return std::nullopt;
      leaf.ticket = ++tickets_;
      Action actions[State::kMaxActions];
      leaf.actions.assign(actions, actions + leaf.state.actions(actions));
      for (const Step& step : path_) mark(step, +1);
      out_.push_back({leaf.ticket, path_});
      return leaf;
    }
    return std::nullopt;
  }

  // `priors` has one entry an action; null: all alike. False, and no effect, when the ticket is unknown or settled, or
  // the evaluation is refused: then the leaf is still out.
  bool tell(const Leaf& leaf, double value, const float* priors = nullptr) {
    const int count = static_cast<int>(leaf.actions.size());
    std::vector<Step> path;
    if (!usable(value, priors, priors ? count : 0) || !settle(leaf, path)) return false;
    std::vector<float> uniform;
    if (!priors) {
      uniform.assign(leaf.actions.size(), 1.0f / static_cast<float>(count));
      priors = uniform.data();
    }
    expand(path.back().node, leaf.actions.data(), priors, count);
    back_up(path, value);
    return true;
  }

  // Gives a leaf back unevaluated.
  bool abandon(const Leaf& leaf) {
    std::vector<Step> path;
    return settle(leaf, path);
  }

  std::uint32_t pending() const { return nodes_[0].pending; }
  std::uint32_t visits() const { return nodes_[0].visits; }
  const std::vector<GameNode>& nodes() const { return nodes_; }
  const std::vector<GameEdge>& edges() const { return edges_; }
  const State& state() const { return root_; }

  // The action with most visits, the better mean at a tie. Only after a simulation of a state that is not over.
  Action best_action() const {
    const GameEdge* best = nullptr;
    for (const GameEdge* edge = begin(0); edge != end(0); ++edge)
      if (!best || visits_of(*edge) > visits_of(*best) ||
          (visits_of(*edge) == visits_of(*best) && edge->mean > best->mean))
        best = edge;
    return action_of(*best);
  }
  // Mean value of an action at the root for the player to move; 0 for one that was not visited.
  double value_of(Action action) const {
    const GameEdge* edge = find(action);
    return edge && visits_of(*edge) ? edge->mean : 0.0;
  }

  // Plays the action at the root and keeps what was learned below it. Leaves that are out are dropped.
  void advance(Action action) {
    const GameEdge* taken = find(action);
    std::vector<GameNode> nodes(1);
    std::vector<GameEdge> edges;
    if (taken && taken->child) nodes[0] = nodes_[taken->child];
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      nodes[i].pending = 0;
      const std::uint32_t from = nodes[i].first;
      nodes[i].first = static_cast<std::uint32_t>(edges.size());
      for (std::uint32_t e = from; e < from + nodes[i].count; ++e) {
        GameEdge edge = edges_[e];
        if (edge.child) {
          const GameNode& child = nodes_[edge.child];
          edge.weight = child.prior / static_cast<float>(1 + child.visits);
          edge.child = static_cast<std::uint32_t>(nodes.size());
          nodes.push_back(child);
        }
        edges.push_back(edge);
      }
    }
    nodes_ = std::move(nodes);
    edges_ = std::move(edges);
    out_.clear();
    root_.play(action);
    nodes_[0].ended = root_.over();
  }

 private:
  // One step down: the node, and the action that led to it (none for the root).
  struct Step {
    std::uint32_t node;
    std::uint32_t edge;
  };
  struct Out {
    std::uint64_t ticket;
    std::vector<Step> path;
  };
  static constexpr std::uint32_t kNoEdge = ~0u;

  static bool usable(double value, const float* priors, int count) {
    constexpr double kLargest = 1e8;  // below what GameEdge::kUnvisited stands for
    bool fits = std::abs(value) <= kLargest;
    for (int i = 0; i < count; ++i) fits = fits && std::abs(priors[i]) <= kLargest;
    return fits;
  }
  static Action action_of(const GameEdge& edge) {
    Action action;
    std::memcpy(&action, &edge.action, sizeof(Action));
    return action;
  }
  const GameEdge* begin(std::uint32_t node) const { return edges_.data() + nodes_[node].first; }
  const GameEdge* end(std::uint32_t node) const { return begin(node) + nodes_[node].count; }
  const GameEdge* find(Action action) const {
    for (const GameEdge* edge = begin(0); edge != end(0); ++edge)
      if (std::memcmp(&edge->action, &action, sizeof(Action)) == 0) return edge;
    return nullptr;
  }
  std::uint32_t visits_of(const GameEdge& edge) const { return edge.child ? nodes_[edge.child].visits : 0; }

  void mark(const Step& step, int pending) {
    GameNode& node = nodes_[step.node];
    node.pending += static_cast<std::uint32_t>(pending);
    if (step.edge != kNoEdge)
      edges_[step.edge].weight = node.prior / static_cast<float>(1 + node.visits + node.pending);
  }

  // To a node without actions; leaves the way in path_ and plays it on `state`.
  std::uint32_t descend(State& state) {
    path_.clear();
    path_.push_back({0, kNoEdge});
    std::uint32_t at = 0;
    while (const int count = static_cast<int>(nodes_[at].count)) {
      const GameNode& node = nodes_[at];
      const float bonus = options_.exploration * std::sqrt(static_cast<float>(node.visits + node.pending));
      // The value of the state for the player to move in it.
      const float own = node.visits ? static_cast<float>(node.sum) / static_cast<float>(node.visits) : 0.0f;
      const float unvisited = (State::kPlayers == 2 ? -own : own) - options_.first_play;
      GameEdge* const edges = &edges_[node.first];
      int best = 0;
      float highest = GameEdge::kUnvisited;
      for (int i = 0; i < count; ++i) {
        const float mean = edges[i].mean == GameEdge::kUnvisited ? unvisited : edges[i].mean;
        const float score = mean + bonus * edges[i].weight;
        best = score > highest ? i : best;
        highest = score > highest ? score : highest;
      }
      GameEdge& edge = edges[best];
      state.play(action_of(edge));
      if (!edge.child) {
        edge.child = static_cast<std::uint32_t>(nodes_.size());
        nodes_.emplace_back();
        nodes_.back().prior = edge.weight;
        nodes_.back().ended = state.over();
      }
      at = edge.child;
      path_.push_back({at, nodes_[path_.back().node].first + static_cast<std::uint32_t>(best)});
    }
    return at;
  }

  void expand(std::uint32_t index, const Action* actions, const float* priors, int count) {
    if (nodes_[index].count) return;
    nodes_[index].first = static_cast<std::uint32_t>(edges_.size());
    nodes_[index].count = static_cast<std::uint32_t>(count);
    for (int i = 0; i < count; ++i) {
      GameEdge edge;
      edge.weight = priors[i];
      std::memcpy(&edge.action, &actions[i], sizeof(Action));
      edges_.push_back(edge);
    }
  }

  // `value` is for the player to move at the path's end; a node keeps it for the one who moved there.
  void back_up(const std::vector<Step>& path, double value) {
    if (State::kPlayers == 2) value = -value;
    for (std::size_t i = path.size(); i-- > 0;) {
      GameNode& node = nodes_[path[i].node];
      ++node.visits;
      node.sum += value;
      if (path[i].edge != kNoEdge) {
        GameEdge& edge = edges_[path[i].edge];
        edge.mean = static_cast<float>(node.sum) / static_cast<float>(node.visits);
        edge.weight = node.prior / static_cast<float>(1 + node.visits + node.pending);
      }
      if (State::kPlayers == 2) value = -value;
    }
  }

  bool settle(const Leaf& leaf, std::vector<Step>& path) {
    for (std::size_t i = 0; i < out_.size(); ++i) {
      if (out_[i].ticket != leaf.ticket) continue;
      path = std::move(out_[i].path);
      out_.erase(out_.begin() + static_cast<std::ptrdiff_t>(i));
      for (const Step& step : path) mark(step, -1);
      return true;
    }
    return false;
  }

  State root_;
  GameOptions options_;
  std::vector<GameNode> nodes_;
  std::vector<GameEdge> edges_;
  std::vector<Step> path_;
  std::vector<Out> out_;
  std::uint64_t tickets_ = 0;
};

}  // namespace aisci::mcts
