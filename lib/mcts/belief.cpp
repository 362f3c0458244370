#include "mcts/belief.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "mcts/policies.hpp"

namespace aisci::mcts {
namespace {

constexpr std::size_t kAlwaysExact = 64;  // nodes up to which every call is a full pass
constexpr std::size_t kShortlist = 32;
// Weak priors, found together with the constants of the adaptive policy.
constexpr double kInherit = 0.61, kInheritSd = 0.18;   // how much of its parent's lead a child keeps
constexpr double kNoiseShare = 0.5, kNoiseWeight = 8;  // noise variance as a share of that of scores, and its weight
constexpr double kLeastBulk = 0.02;                    // of the drafts' variance
constexpr double kStepShare = 0.9, kStepWeight = 4.5;  // step variance as a share of the drafts'
constexpr double kDraftShare = 0.82, kDraftWeight = 0.75;  // the drafts' variance as a share of that of their scores
constexpr double kFloor =
    0.48;  // a score further below the median than this times the best's lead above it is just bad
constexpr double kTailShare = 0.29;  // of values, that make up their tail
constexpr double kTallyWeight = 4;   // prior observations behind a share of failures or a cost

double square(double x) { return x * x; }

// The variance of a normal sample by its middle half, which a few outstanding values do not touch; sorts them.
double bulk_of(std::vector<double>& values, double variance) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto i = static_cast<std::size_t>(place);
    return values[i] + (place - static_cast<double>(i)) * (values[std::min(i + 1, values.size() - 1)] - values[i]);
  };
  return std::max(square((at(0.75) - at(0.25)) / 1.349), kLeastBulk * variance);
}

Tail tail_of(std::vector<double> values) {
  const std::size_t n = values.size();
  const auto k = std::max<std::size_t>(2, static_cast<std::size_t>(std::lround(kTailShare * static_cast<double>(n))));
  if (n < k + 1) return {};
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(k), values.end(), std::greater<>{});
  Tail tail{values[k], 0, static_cast<double>(k) / static_cast<double>(n + 1)};
  for (std::size_t i = 0; i < k; ++i) tail.excess += (values[i] - tail.threshold) / static_cast<double>(k);
  return tail;
}

}  // namespace

// Second moments of the posterior that expectation-maximisation needs.
struct Model::Moments {
  double drafts = 0, draft_sum = 0, draft_square = 0;
  double children = 0, xx = 0, xy = 0, yy = 0, x = 0, y = 0;
};

void Model::own_evidence(const Node& node, double& precision, double& information) const {
  precision = information = 0;
  if (!node.own) return;
  const double error = node.variance > 0 ? node.variance : square(belief_.noise) / node.own;
  precision = 1.0 / std::max(error, 1e-12 * scale_);
  information = precision * (std::max(node.mean, floor_) - belief_.draft_mean);
}

// What a node's evidence says about its parent.
void Model::send(std::uint32_t node) {
  if (precision_[node] <= 0) {
    sent_precision_[node] = sent_information_[node] = 0;
    return;
  }
  const double variance = square(belief_.step_sd) + 1.0 / precision_[node];
  sent_precision_[node] = square(belief_.inherit) / variance;
  sent_information_[node] = belief_.inherit * (information_[node] / precision_[node] - belief_.shift) / variance;
}

void Model::up(const std::vector<Node>& nodes) {
  const std::size_t count = nodes.size();
  for (auto* list : {&precision_, &information_, &sent_precision_, &sent_information_}) list->assign(count, 0.0);
  for (std::uint32_t i = static_cast<std::uint32_t>(count); i-- > 1;) {
    double precision, information;
    own_evidence(nodes[i], precision, information);
    precision_[i] += precision;
    information_[i] += information;
    const std::uint32_t parent = nodes[i].parent;
    if (parent == 0) continue;
    send(i);
    precision_[parent] += sent_precision_[i];
    information_[parent] += sent_information_[i];
  }
}

// After a change of one node's own scores: its evidence anew, from its children's messages, and its ancestors' by the
// difference.
void Model::up_path(const std::vector<Node>& nodes, std::uint32_t node) {
  own_evidence(nodes[node], precision_[node], information_[node]);
  for (std::uint32_t child = nodes[node].first_child; child; child = nodes[child].next_sibling) {
    precision_[node] += sent_precision_[child];
    information_[node] += sent_information_[child];
  }
  for (std::uint32_t at = node; nodes[at].parent != 0; at = nodes[at].parent) {
    const double before_precision = sent_precision_[at], before_information = sent_information_[at];
    send(at);
    precision_[nodes[at].parent] += sent_precision_[at] - before_precision;
    information_[nodes[at].parent] += sent_information_[at] - before_information;
  }
}

void Model::down_one(const std::vector<Node>& nodes, std::uint32_t i) {
  if (!(belief_.draft_sd > 0)) return;  // nothing was told yet
  double prior_mean = 0, prior_variance = square(belief_.draft_sd);
  if (const std::uint32_t parent = nodes[i].parent; parent != 0) {
    // The parent's posterior without what this child told it.
    const double parent_precision = 1.0 / square(belief_.sd[parent]);
    const double precision = std::max(parent_precision - sent_precision_[i], 1e-9 / scale_);
    const double mean =
        ((belief_.mean[parent] - belief_.draft_mean) * parent_precision - sent_information_[i]) / precision;
    prior_mean = belief_.shift + belief_.inherit * mean;
    prior_variance = square(belief_.step_sd) + square(belief_.inherit) / precision;
  }
  const double total = 1.0 / prior_variance + precision_[i];
  belief_.mean[i] = belief_.draft_mean + (prior_mean / prior_variance + information_[i]) / total;
  belief_.sd[i] = std::sqrt(1.0 / total);
}

void Model::down(const std::vector<Node>& nodes) {
  belief_.mean.assign(nodes.size(), belief_.draft_mean);
  belief_.sd.assign(nodes.size(), belief_.draft_sd);
  for (std::uint32_t i = 1; i < nodes.size(); ++i) down_one(nodes, i);
}

// The scale of the scores, and the floor below which a score is just bad: as far below the median draft as the best
// lies above it.
void Model::set_scale(const std::vector<Node>& nodes) {
  std::vector<double> drafts, all;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (!nodes[i].own) continue;
    all.push_back(nodes[i].mean);
    if (nodes[i].parent == 0) drafts.push_back(nodes[i].mean);
  }
  if (all.empty()) return;
  if (drafts.empty()) drafts = all;
  const auto middle = drafts.begin() + static_cast<std::ptrdiff_t>(drafts.size() / 2);
  std::nth_element(drafts.begin(), middle, drafts.end());
  const double median = *middle, highest = *std::max_element(all.begin(), all.end());
  floor_ =
      drafts.size() < 4 ? -std::numeric_limits<double>::infinity() : median - kFloor * std::max(highest - median, 1e-9);
  double centre = 0, squares = 0;
  for (const double value : drafts) centre += std::max(value, floor_) / static_cast<double>(drafts.size());
  for (const double value : drafts) squares += square(std::max(value, floor_) - centre);
  const double n = static_cast<double>(drafts.size());
  if (n >= 2 && squares > 0)
    scale_ = squares / (n - 1);
  else if (!learned_)
    scale_ = noise_prior_ > 0 ? 2 * noise_prior_ : std::max(square(0.2 * median), 1e-6);
  if (drafts.size() >= 4) {
    for (double& value : drafts) value = std::max(value, floor_);
    bulk_ = bulk_of(drafts, squares / (n - 1));
  }
  if (!learned_) belief_.draft_mean = centre;
}

void Model::begin(const std::vector<Node>& nodes, const Options& options) {
  noise_prior_ = square(options.noise);
  set_scale(nodes);
  const double noise = noise_prior_ > 0 ? noise_prior_ : kNoiseShare * scale_;
  belief_.noise = std::sqrt(noise);
  belief_.draft_sd = std::sqrt(std::max(scale_ - noise, 0.3 * scale_));
  belief_.inherit = kInherit;
  belief_.shift = 0;
  belief_.step_sd = std::sqrt(1 - square(kInherit)) * belief_.draft_sd;
}

// One step of expectation-maximisation. The priors are inverse gamma for the variances and normal for the others.
void Model::learn(const std::vector<Node>& nodes) {
  Moments m;
  double noise_sum = 0, noise_count = 0;
  for (std::uint32_t i = 1; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    const double mean = belief_.mean[i] - belief_.draft_mean, variance = square(belief_.sd[i]);
    if (node.own && node.variance > 0) {
      // The caller knows the error of its mean, and so what one of its observations is worth.
      noise_sum += static_cast<double>(node.own) * node.own * node.variance;
      noise_count += node.own;
    } else if (node.own && node.mean >= floor_) {
      noise_sum += node.squares + node.own * (square(node.mean - belief_.mean[i]) + variance);
      noise_count += node.own;
    }
    if (precision_[i] <= 0) continue;  // nothing is known of it that its parent does not say
    if (node.parent == 0) {
      m.drafts += 1;
      m.draft_sum += belief_.mean[i];
      m.draft_square += square(mean) + variance;
      continue;
    }
    const std::uint32_t p = node.parent;
    const double parent = belief_.mean[p] - belief_.draft_mean;
    const double cavity = 1.0 / std::max(1.0 / square(belief_.sd[p]) - sent_precision_[i], 1e-9 / scale_);
    const double spread = square(belief_.step_sd) + square(belief_.inherit) * cavity;
    const double covariance = belief_.inherit * cavity / (1 + precision_[i] * spread);
    m.children += 1;
    m.xx += square(parent) + square(belief_.sd[p]);
    m.xy += parent * mean + covariance;
    m.yy += square(mean) + variance;
    m.x += parent;
    m.y += mean;
  }
  const double step = square(belief_.step_sd);
  const double shift_prior = step / (0.1 * scale_), inherit_prior = step / square(kInheritSd);
  const double inherit = (m.xy - belief_.shift * m.x + inherit_prior * kInherit) / (m.xx + inherit_prior);
  belief_.inherit = std::clamp(inherit, 0.0, 1.0);
  belief_.shift = (m.y - belief_.inherit * m.x) / (m.children + shift_prior);
  const double residual = m.yy - 2 * belief_.inherit * m.xy + square(belief_.inherit) * m.xx -
                          2 * belief_.shift * (m.y - belief_.inherit * m.x) + m.children * square(belief_.shift);
  const double draft_variance = square(belief_.draft_sd);
  belief_.step_sd =
      std::sqrt((std::max(residual, 0.0) + kStepWeight * kStepShare * draft_variance) / (m.children + kStepWeight));
  if (m.drafts > 0) {
    belief_.draft_sd = std::sqrt((m.draft_square + kDraftWeight * kDraftShare * scale_) / (m.drafts + kDraftWeight));
    belief_.draft_mean = m.draft_sum / m.drafts;
  }
  // Noise is no wider than the bulk of the drafts, however far a few stand out.
  const double noise = noise_prior_ > 0 ? noise_prior_ : kNoiseShare * (bulk_ > 0 ? std::min(scale_, bulk_) : scale_);
  belief_.noise = std::sqrt((noise_sum + kNoiseWeight * noise) / (noise_count + kNoiseWeight));
}

bool Model::sound(std::size_t nodes) const {
  const std::size_t size = belief_.mean.size();
  if (size > nodes || belief_.sd.size() != size || !surrogate_.sound(nodes)) return false;
  for (const auto* list : {&precision_, &information_, &sent_precision_, &sent_information_})
    if (list->size() != size) return false;
  for (const auto* list : {&belief_.mean, &belief_.sd})
    for (const double value : *list)
      if (!std::isfinite(value)) return false;
  for (const auto* list : {&belief_.leaders, &touched_})
    for (const std::uint32_t node : *list)
      if (node == 0 || node >= nodes) return false;
  for (const std::uint32_t node : belief_.leaders)
    if (node >= size) return false;
  return true;
}

void Model::shortlist(const std::vector<Node>& nodes) {
  std::vector<std::uint32_t> list;
  std::vector<double> drafts, steps;
  for (std::uint32_t i = 1; i < nodes.size(); ++i) {
    if (!nodes[i].own) continue;
    list.push_back(i);
    if (nodes[i].parent == 0)
      drafts.push_back(belief_.mean[i]);
    else
      steps.push_back(belief_.mean[i] - belief_.promise(nodes[i].parent));
  }
  belief_.draft_tail = tail_of(std::move(drafts));
  belief_.step_tail = tail_of(std::move(steps));
  const auto better = [&](std::uint32_t a, std::uint32_t b) {
    const double x = belief_.mean[a] + belief_.sd[a], y = belief_.mean[b] + belief_.sd[b];
    return x != y ? x > y : a < b;
  };
  if (list.size() > kShortlist) {
    std::nth_element(list.begin(), list.begin() + kShortlist, list.end(), better);
    list.resize(kShortlist);
  }
  belief_.leaders = std::move(list);
}

// Where nodes have features, what similar nodes scored takes the place of what relatives scored.
void Model::consult_surrogate(const std::vector<Node>& nodes) {
  if (surrogate_.empty()) return;
  if (tells_ >= fit_at_) {
    std::vector<Sample> samples;
    for (std::uint32_t i = 1; i < nodes.size(); ++i)
      if (nodes[i].own && surrogate_.has(i)) {
        const double error = nodes[i].variance > 0 ? nodes[i].variance : square(belief_.noise) / nodes[i].own;
        samples.push_back({i, std::max(nodes[i].mean, floor_), std::max(error, 1e-9 * scale_)});
      }
    if (samples.size() < 4) return;
    double squares = 0;
    for (const Sample& s : samples)
      squares += std::max(0.0, square(s.value - belief_.draft_mean) - s.variance) / static_cast<double>(samples.size());
    surrogate_.fit(std::move(samples), belief_.draft_mean, std::max(squares, 0.25 * square(belief_.draft_sd)));
    fit_at_ = tells_ + std::max<std::size_t>(1, surrogate_.size() / 8);
  }
  for (std::size_t i = 0; i < surrogate_.size(); ++i) {
    const std::uint32_t node = surrogate_.samples()[i].node;
    belief_.mean[node] = surrogate_.at_samples()[i].mean;
    belief_.sd[node] = surrogate_.at_samples()[i].sd;
  }
}

const Belief& Model::update(const std::vector<Node>& nodes, const Options& options, const Tally& tally) {
  double told = 0, failed = 0, cost = 0;
  for (int k = 0; k < 4; ++k) told += tally.told[k], failed += tally.failed[k], cost += tally.cost[k];
  const double rate = (failed + 0.5) / (told + 2), price = told ? cost / told : 1.0;
  for (int k = 0; k < 4; ++k) {
    belief_.failures[k] = (tally.failed[k] + kTallyWeight * rate) / (tally.told[k] + kTallyWeight);
    belief_.costs[k] = (tally.cost[k] + kTallyWeight * price) / (tally.told[k] + kTallyWeight);
  }
  const bool small = nodes.size() <= kAlwaysExact;
  if (touched_.empty() && belief_.mean.size() == nodes.size()) return belief_;
  const bool relearn = tells_ >= learn_at_ && !touched_.empty();
  if (relearn) {
    if (!learned_)
      begin(nodes, options);
    else
      set_scale(nodes);
    const int rounds = !learned_ ? 1 : small ? 12 : 2;
    for (int round = 0; round < rounds; ++round) {
      up(nodes);
      down(nodes);
      learn(nodes);
    }
    const double noise = square(belief_.noise);
    belief_.noise_share = noise_share(nodes, floor_).value_or(noise / (noise + square(belief_.draft_sd)));
    learned_ = belief_.mean.size() > 2;
    learn_at_ = tells_ + 1 + (small ? 0 : nodes.size() / 20);
  }
  if (relearn || small || tells_ >= pass_at_) {
    up(nodes);
    down(nodes);
    consult_surrogate(nodes);
    shortlist(nodes);
    pass_at_ = tells_ + 1 + nodes.size() / 20;
  } else {
    const std::size_t before = belief_.mean.size();
    for (auto* list : {&precision_, &information_, &sent_precision_, &sent_information_})
      list->resize(nodes.size(), 0.0);
    belief_.mean.resize(nodes.size(), belief_.draft_mean);
    belief_.sd.resize(nodes.size(), belief_.draft_sd);
    for (std::uint32_t i = static_cast<std::uint32_t>(before); i < nodes.size(); ++i) down_one(nodes, i);
    for (const std::uint32_t i : touched_) {
      if (i >= nodes.size()) continue;
      up_path(nodes, i);
      std::vector<std::uint32_t> path;
      for (std::uint32_t at = i; at != 0; at = nodes[at].parent) path.push_back(at);
      for (std::size_t k = path.size(); k-- > 0;) down_one(nodes, path[k]);
      if (nodes[i].own && std::find(belief_.leaders.begin(), belief_.leaders.end(), i) == belief_.leaders.end())
        belief_.leaders.push_back(i);
    }
  }
  touched_.clear();
  std::sort(belief_.leaders.begin(), belief_.leaders.end(), [&](std::uint32_t a, std::uint32_t b) {
    return belief_.mean[a] != belief_.mean[b] ? belief_.mean[a] > belief_.mean[b] : a < b;
  });
  return belief_;
}

}  // namespace aisci::mcts
