// Search::save and Search::load: a cache of a search, with a checksum. The journal of calls remains the truth.
#include <aisci/mcts/search.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "mcts/inside.hpp"
#include "mcts/policies.hpp"

namespace aisci::mcts {

// Eight bytes at a time: a million nodes are 64 MB.
std::uint64_t snapshot_checksum(const char* data, std::size_t size) {
  std::uint64_t hash = 0x9e3779b97f4a7c15ULL ^ size;
  for (; size >= 8; data += 8, size -= 8) {
    std::uint64_t word;
    std::memcpy(&word, data, 8);
    hash = (hash ^ word) * 0x9fb21c651e98df25ULL;
    hash ^= hash >> 29;
  }
  for (; size > 0; ++data, --size) hash = (hash ^ static_cast<unsigned char>(*data)) * 0x9fb21c651e98df25ULL;
  return mix64(hash);
}

namespace {

constexpr char kMagic[8] = {'a', 'i', 's', 'c', 'i', 'm', 'c', '4'};

class Writer {
 public:
  template <typename T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    text_.append(reinterpret_cast<const char*>(&value), sizeof(T));
  }
  template <typename T>
  void put_all(const std::vector<T>& list) {
    put(static_cast<std::uint64_t>(list.size()));
    text_.append(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(T));
  }
  void put_text(const std::string& text) { put_all(std::vector<char>(text.begin(), text.end())); }
  std::string finish() {
    put(snapshot_checksum(text_.data(), text_.size()));
    return std::move(text_);
  }

 private:
  std::string text_;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}
  template <typename T>
  bool get(T& value) {
    if (text_.size() < sizeof(T)) return false;
    std::memcpy(&value, text_.data(), sizeof(T));
    text_.remove_prefix(sizeof(T));
    return true;
  }
  bool get(bool& value) {
    unsigned char byte = 0;
    if (!get(byte) || byte > 1) return false;
    value = byte == 1;
    return true;
  }
  template <typename T>
  bool get_all(std::vector<T>& list) {
    std::uint64_t count = 0;
    if (!get(count) || count > text_.size() / sizeof(T)) return false;
    list.resize(count);
    if (count) std::memcpy(list.data(), text_.data(), count * sizeof(T));
    text_.remove_prefix(count * sizeof(T));
    return true;
  }
  bool get_text(std::string& value) {
    std::vector<char> list;
    if (!get_all(list)) return false;
    value.assign(list.begin(), list.end());
    return true;
  }
  bool empty() const { return text_.empty(); }

 private:
  std::string_view text_;
};

// What is backed up, of a tree of so many nodes.
template <typename Inside>
void put_backed_up(Writer& out, const Inside& inside) {
  out.put(static_cast<std::uint64_t>(inside.backed_up.size()));
  for (const auto& list : inside.backed_up) out.put_all(list);
  out.put_all(inside.failures);
  out.put(static_cast<std::uint64_t>(inside.several.size()));
  for (const auto& [node, values] : inside.several) {
    out.put(node);
    out.put_all(values);
  }
}

template <typename Inside>
bool get_backed_up(Reader& in, Inside& inside, std::size_t nodes) {
  std::uint64_t lists = 0, several = 0;
  if (!in.get(lists) || lists > nodes) return false;
  inside.backed_up.resize(lists);
  for (auto& list : inside.backed_up)
    if (!in.get_all(list) || !std::is_sorted(list.begin(), list.end())) return false;
  if (!in.get_all(inside.failures) || inside.failures.size() > nodes || !in.get(several)) return false;
  for (std::uint32_t node = 0; several > 0; --several)
    if (!in.get(node) || node >= nodes || !in.get_all(inside.several[node]) || inside.several[node].empty())
      return false;
  return true;
}

template <typename Stream, typename Options>
bool numbers(Stream&& each, Options& o) {
  return each(o.seed) && each(o.budget) && each(o.iterations) && each(o.drafts) && each(o.depth) && each(o.width) &&
         each(o.exploration) && each(o.pruning) && each(o.expand) && each(o.observations) && each(o.noise) &&
         each(o.debug) && each(o.debug_depth) && each(o.cost) && each(o.backup) && each(o.quantile);
}

// Whether what was copied there is a bool at all.
bool sound(const bool& value) {
  unsigned char byte;
  std::memcpy(&byte, &value, 1);
  return byte <= 1;
}

// Whether a tree that passed its checksum is one: a snapshot may have been made to mislead.
bool sound(const std::vector<Node>& nodes, const std::vector<Lease>& leases) {
  if (nodes.empty()) return false;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    if (!sound(node.failed) || !sound(node.open)) return false;
    if (i > 0 && node.parent >= i) return false;
    if (node.first_child != 0 &&
        (node.first_child >= nodes.size() || node.first_child <= i || nodes[node.first_child].parent != i))
      return false;
    if (node.next_sibling != 0 && (node.next_sibling >= i || nodes[node.next_sibling].parent != node.parent))
      return false;
    if (!std::isfinite(node.sum) || !std::isfinite(node.mean) || !(node.squares >= 0) || !(node.variance >= 0))
      return false;
  }
  // Every node but those that were given back is in its parent's list, once, and pending work is what the leases say.
  std::vector<std::uint32_t> listed(nodes.size()), pending(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::uint32_t children = 0;
    for (std::uint32_t child = nodes[i].first_child; child; child = nodes[child].next_sibling)
      ++listed[child], ++children;
    if (children != nodes[i].children) return false;
  }
  for (const std::uint32_t times : listed)
    if (times > 1) return false;
  for (const Lease& lease : leases)
    if (lease.node == 0 || lease.node >= nodes.size() || lease.parent != nodes[lease.node].parent ||
        static_cast<unsigned>(lease.kind) > 3 || !listed[lease.node])
      return false;
  for (const Lease& lease : leases)
    for (std::uint32_t at = lease.node;; at = nodes[at].parent) {
      ++pending[at];
      if (at == 0) break;
    }
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].in_flight != pending[i]) return false;
  return true;
}

}  // namespace

std::string Search::save() const {
  Writer out;
  for (const char c : kMagic) out.put(c);
  out.put_text(options_.policy);
  numbers([&](const auto& value) { return out.put(value), true; }, options_);
  out.put_all(nodes_);
  std::vector<Lease> leases;
  for (const auto& [ticket, lease] : leases_) leases.push_back(lease);
  std::sort(leases.begin(), leases.end(), [](const Lease& a, const Lease& b) { return a.ticket < b.ticket; });
  out.put_all(leases);
  out.put(tickets_);
  out.put(started_);
  out.put(expansions_);
  out.put_text(ended_by_);
  put_backed_up(out, *inside_);
  inside_->visit([&](const auto& value) { return out.put(value), true; });
  inside_->model.visit([&](const auto& value) { return out.put(value), true; },
                       [&](const auto& list) { return out.put_all(list), true; });
  return out.finish();
}

Result<Search> Search::load(std::string_view snapshot, std::vector<Stop> stops) {
  const auto damaged = [] {
    return data_loss("the snapshot of a search is damaged or truncated; replay the journal instead");
  };
  std::uint64_t sum = 0;
  if (snapshot.size() < sizeof(kMagic) + sizeof(sum) || std::memcmp(snapshot.data(), kMagic, sizeof(kMagic)) != 0)
    return data_loss("this is not a snapshot of a search, or of another version");
  const std::size_t body = snapshot.size() - sizeof(sum);
  std::memcpy(&sum, snapshot.data() + body, sizeof(sum));
  if (sum != snapshot_checksum(snapshot.data(), body)) return damaged();
  Reader in{snapshot.substr(sizeof(kMagic), body - sizeof(kMagic))};
  Options options;
  options.stops = std::move(stops);
  if (!in.get_text(options.policy) || !numbers([&](auto& value) { return in.get(value); }, options)) return damaged();
  auto created = create(options);
  if (!created.ok()) return created.status().with_context("loading a search");
  Search search = std::move(*created);
  std::vector<Lease> leases;
  if (!in.get_all(search.nodes_) || !in.get_all(leases) || !in.get(search.tickets_) || !in.get(search.started_) ||
      !in.get(search.expansions_) || !in.get_text(search.ended_by_))
    return damaged();
  if (!sound(search.nodes_, leases)) return damaged();
  for (const Lease& lease : leases) search.leases_.emplace(lease.ticket, lease);
  if (!get_backed_up(in, *search.inside_, search.nodes_.size())) return damaged();
  const bool complete = search.inside_->visit([&](auto& value) { return in.get(value); }) &&
                        search.inside_->model.visit([&](auto& value) { return in.get(value); },
                                                    [&](auto& list) { return in.get_all(list); });
  if (!complete || !in.empty() || !std::isfinite(search.inside_->failure) || search.inside_->failure > 0 ||
      !search.inside_->model.sound(search.nodes_.size()))
    return damaged();
  return search;
}

}  // namespace aisci::mcts
