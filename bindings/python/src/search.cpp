#include "search.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <chrono>
#include <cmath>
#include <functional>

namespace aisci::python {
namespace {

using Clock = std::chrono::steady_clock;
using mcts::Kind;

// How long a wait lasts before Ctrl-C is looked for.
constexpr std::chrono::milliseconds kSlice{50};
constexpr const char* kKinds[] = {"draft", "improve", "replicate", "debug"};
constexpr const char* kBackups[] = {"mean", "max", "quantile"};

std::atomic<std::uint64_t> searches{0};

mcts::Backup backup_of(const std::string& name) {
  for (std::size_t i = 0; i < std::size(kBackups); ++i)
    if (name == kBackups[i]) return static_cast<mcts::Backup>(i);
  raise(invalid_argument("backup \"" + name + "\": expected mean, max or quantile"));
}

using Setter = std::function<void(mcts::Options&, py::handle)>;

template <typename T>
Setter set(T mcts::Options::*field) {
  return [field](mcts::Options& options, py::handle value) { options.*field = value.cast<T>(); };
}

const std::map<std::string, Setter>& setters() {
  using O = mcts::Options;
  static const std::map<std::string, Setter> table{
      {"policy", set(&O::policy)},
      {"seed", set(&O::seed)},
      {"budget", set(&O::budget)},
      {"iterations", set(&O::iterations)},
      {"drafts", set(&O::drafts)},
      {"depth", set(&O::depth)},
      {"width", set(&O::width)},
      {"exploration", set(&O::exploration)},
      {"pruning", set(&O::pruning)},
      {"expand", set(&O::expand)},
      {"observations", set(&O::observations)},
      {"noise", set(&O::noise)},
      {"debug", set(&O::debug)},
      {"debug_depth", set(&O::debug_depth)},
      {"cost", set(&O::cost)},
      {"backup", [](O& options, py::handle value) { options.backup = backup_of(value.cast<std::string>()); }},
      {"quantile", set(&O::quantile)},
  };
  return table;
}

mcts::Options options_of(const py::dict& given) {
  mcts::Options options;
  for (const auto& [key, value] : given) {
    const auto name = key.cast<std::string>();
    const auto setter = setters().find(name);
    if (setter == setters().end()) raise(invalid_argument("unknown option \"" + name + "\" of a search"));
    try {
      setter->second(options, value);
    } catch (const py::cast_error&) {
      raise(invalid_argument(name + " = " + py::repr(value).cast<std::string>() + ": not a value of this option"));
    }
  }
  return options;
}

std::vector<mcts::Stop> with_flag(std::vector<mcts::Stop> stops, const std::atomic<bool>& stopped) {
  stops.push_back({"stopped", [&stopped](const mcts::Progress&) { return stopped.load(); }});
  return stops;
}

// The strides are written out: pybind11 before 2.12 reads the size of an entry wrongly from numpy 2 and later.
template <typename T, typename Entry, typename F>
py::array column(const std::vector<Entry>& entries, F&& of) {
  py::array_t<T> list({static_cast<py::ssize_t>(entries.size())}, {static_cast<py::ssize_t>(sizeof(T))});
  T* const to = list.mutable_data();
  for (std::size_t i = 0; i < entries.size(); ++i) to[i] = static_cast<T>(of(entries[i]));
  return list;
}

}  // namespace

const char* kind_of(const mcts::Lease& lease) { return kKinds[static_cast<std::size_t>(lease.kind)]; }

std::vector<std::string> search_options() {
  std::vector<std::string> names;
  for (const auto& [name, setter] : setters()) names.push_back(name);
  return names;
}

std::string describe(const PyLease& self) {
  return "<aisci.mcts.Lease " + std::to_string(self.lease.ticket) + ": " + kind_of(self.lease) + " node " +
         std::to_string(self.lease.node) + ">";
}

std::string describe(const PyNode& self) {
  char text[128];
  std::snprintf(text, sizeof text, "<aisci.mcts.Node %u: mean %.4g, stddev %.2g, visits %u>", self.id, self.mean,
                self.stddev, self.visits);
  return text;
}

PySearch::PySearch(const py::dict& options, std::vector<mcts::Stop> stops) : number_{++searches} {
  mcts::Options made = options_of(options);
  made.stops = with_flag(std::move(stops), stopped_);
  engine_ = value_or_raise(mcts::Search::create(made));
}

PySearch::PySearch(const std::string& snapshot, const py::dict& states, const std::vector<py::tuple>& leases,
                   std::vector<mcts::Stop> stops)
    : number_{++searches}, states_{states} {
  engine_ = value_or_raise(mcts::Search::load(snapshot, with_flag(std::move(stops), stopped_)));
  for (const py::tuple& each : leases) {
    mcts::Lease lease;
    lease.ticket = each[0].cast<std::uint64_t>();
    lease.kind = static_cast<Kind>(each[1].cast<int>());
    lease.node = each[2].cast<std::uint32_t>();
    lease.parent = each[3].cast<std::uint32_t>();
    lease.depth = each[4].cast<std::uint32_t>();
    lease.seed = each[5].cast<std::uint64_t>();
    if (lease.kind > Kind::kDebug || lease.node >= engine_->nodes().size())
      raise(data_loss("a lease of the saved search is of no node that it has"));
    out_[lease.ticket] = {lease, false};
  }
}

std::optional<PyLease> PySearch::ask(bool wait, std::optional<double> seconds) {
  const auto deadline = seconds ? std::optional{Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                                                   std::chrono::duration<double>{*seconds})}
                                : std::nullopt;
  std::optional<mcts::Lease> lease = locked([this] { return engine_->ask(); });
  while (!lease && wait && !(deadline && Clock::now() >= *deadline)) {
    bool over = false;
    {
      py::gil_scoped_release let_go;
      std::unique_lock lock{mutex_};
      lease = engine_->ask();
      over = !engine_->ended_by().empty();
      if (!lease && !over) {
        const auto slice = Clock::now() + kSlice;
        changed_.wait_until(lock, deadline ? std::min(slice, *deadline) : slice);
      }
    }
    if (over) break;
    if (!lease && PyErr_CheckSignals() != 0) throw py::error_already_set();
  }
  if (!lease) return std::nullopt;
  out_[lease->ticket] = {*lease, false};
  return lease_of(*lease);
}

bool PySearch::tell(const PyLease& lease, py::object state, const py::object& value, std::optional<double> variance,
                    bool failed, std::optional<double> cost, std::optional<std::vector<double>> features,
                    bool replace) {
  require_own(lease);
  mcts::Outcome outcome;
  if (!value.is_none())
    outcome.value = value.cast<double>();
  else if (!failed)
    raise(invalid_argument("tell() needs a value, or failed=True"));
  outcome.failed = failed;
  outcome.replace = replace;
  if (variance) outcome.variance = *variance;
  if (!(outcome.variance >= 0) || std::isinf(outcome.variance))
    raise(invalid_argument("the variance of a value must be a finite number of at least 0"));
  if (cost) outcome.cost = *cost;
  if (!std::isfinite(outcome.cost) || outcome.cost < 0)
    raise(invalid_argument("the cost of an evaluation must be a finite number of at least 0"));
  if (features) outcome.features = std::move(*features);
  for (const double feature : outcome.features)
    if (!std::isfinite(feature)) raise(invalid_argument("features must be finite numbers"));

  const auto out = out_.find(lease.lease.ticket);
  if (out == out_.end() || out->second.claimed) return false;
  out->second.claimed = true;
  const bool given = !state.is(py::ellipsis());
  // Before the node can be asked about.
  if (given || lease.lease.kind != Kind::kReplicate)
    states_[py::int_(lease.lease.node)] = given ? std::move(state) : py::none();
  const bool told = locked([&] { return engine_->tell(lease.lease, outcome); });
  out_.erase(lease.lease.ticket);
  changed();
  return told;
}

bool PySearch::abandon(const PyLease& lease) {
  require_own(lease);
  const auto out = out_.find(lease.lease.ticket);
  if (out == out_.end() || out->second.claimed) return false;
  out->second.claimed = true;
  const bool done = locked([&] { return engine_->abandon(lease.lease); });
  out_.erase(lease.lease.ticket);
  changed();
  return done;
}

std::size_t PySearch::choose(const PyLease& lease, const std::vector<std::vector<double>>& candidates) {
  require_own(lease);
  if (candidates.empty()) raise(invalid_argument("there are no candidates to choose from"));
  for (const auto& candidate : candidates)
    if (candidate.size() != candidates.front().size())
      raise(invalid_argument("all candidates must have the same number of features"));
  return apart([&] { return engine_->choose(lease.lease, candidates); });
}

void PySearch::stop() {
  stopped_ = true;
  // ended_by() names it only once it is asked.
  locked([this] {
    (void)engine_->ask();
    return 0;
  });
  changed();
}

void PySearch::close(std::uint32_t node) {
  const bool known = locked([&] {
    if (node >= engine_->nodes().size()) return false;
    engine_->close(node);
    return true;
  });
  if (!known) raise(not_found("the search has no node " + std::to_string(node)));
}

std::optional<PyNode> PySearch::best() {
  mcts::Node node;
  const std::optional<mcts::Best> best = apart([&] {
    const auto found = engine_->published();
    if (found) node = engine_->nodes()[found->node];
    return found;
  });
  if (!best) return std::nullopt;
  PyNode made = node_of(best->node, best->mean, best->stddev, node);
  made.optimism = best->optimism;
  return made;
}

std::vector<PyNode> PySearch::top(std::size_t k) {
  struct Row {
    std::uint32_t id;
    double mean, stddev;
    mcts::Node node;
  };
  const auto rows = apart([&] {
    std::vector<Row> list;
    for (const std::uint32_t id : engine_->top(k))
      list.push_back({id, engine_->posterior(id), engine_->belief().sd[id], engine_->nodes()[id]});
    return list;
  });
  std::vector<PyNode> nodes;
  for (const Row& row : rows) nodes.push_back(node_of(row.id, row.mean, row.stddev, row.node));
  return nodes;
}

py::object PySearch::state(std::uint32_t node) {
  if (!states_.contains(py::int_(node))) raise(not_found("node " + std::to_string(node) + " has no state"));
  return state_of(node);
}

py::dict PySearch::tree() {
  std::vector<mcts::Node> nodes;
  std::vector<double> mean, sd;
  apart([&] {
    nodes = engine_->nodes();
    mean = engine_->belief().mean;
    sd = engine_->belief().sd;
    return 0;
  });
  mean.resize(nodes.size());
  sd.resize(nodes.size());
  using N = mcts::Node;
  py::dict columns;
  std::uint32_t id = 0;
  columns["node"] = column<std::uint32_t>(nodes, [&](const N&) { return id++; });
  columns["parent"] = column<std::uint32_t>(nodes, [](const N& n) { return n.parent; });
  columns["depth"] = column<std::uint32_t>(nodes, [](const N& n) { return n.depth; });
  columns["children"] = column<std::uint32_t>(nodes, [](const N& n) { return n.children; });
  columns["visits"] = column<std::uint32_t>(nodes, [](const N& n) { return n.visits; });
  columns["in_flight"] = column<std::uint32_t>(nodes, [](const N& n) { return n.in_flight; });
  columns["own"] = column<std::uint32_t>(nodes, [](const N& n) { return n.own; });
  columns["failed"] = column<bool>(nodes, [](const N& n) { return n.failed; });
  columns["open"] = column<bool>(nodes, [](const N& n) { return n.open; });
  columns["value"] = column<double>(nodes, [](const N& n) { return n.value(); });
  columns["mean"] = column<double>(nodes, [](const N& n) { return n.mean; });
  columns["cost"] = column<double>(nodes, [](const N& n) { return n.cost; });
  const auto itself = [](double value) { return value; };
  columns["belief_mean"] = column<double>(mean, itself);
  columns["belief_sd"] = column<double>(sd, itself);
  return columns;
}

py::bytes PySearch::snapshot() {
  // With the GIL: the leases must be those of the same moment.
  return locked([this] { return engine_->save(); });
}

std::vector<PyLease> PySearch::leases() const {
  std::vector<PyLease> list;
  for (const auto& [ticket, out] : out_) list.push_back(lease_of(out.lease));
  return list;
}

void PySearch::when_changed(py::object callback, std::uint64_t seen) {
  if (seen != changes_)
    callback();
  else
    waiting_.append(std::move(callback));
}

void PySearch::changed() {
  ++changes_;
  changed_.notify_all();
  if (waiting_.empty()) return;
  const py::list called = std::exchange(waiting_, py::list{});
  for (const py::handle callback : called) callback();
}

PyLease PySearch::lease_of(const mcts::Lease& lease) const {
  return {lease, number_, lease.kind == Kind::kDraft ? py::none() : state_of(lease.parent),
          lease.kind == Kind::kReplicate ? state_of(lease.node) : py::none()};
}

PyNode PySearch::node_of(std::uint32_t id, double mean, double stddev, const mcts::Node& node) const {
  return {id, node.parent, node.depth, node.own, mean, stddev, std::nullopt, state_of(id)};
}

py::object PySearch::state_of(std::uint32_t node) const {
  const py::int_ key{node};
  PyObject* const found = PyDict_GetItemWithError(states_.ptr(), key.ptr());
  if (!found && PyErr_Occurred()) throw py::error_already_set();
  return found ? py::reinterpret_borrow<py::object>(found) : py::none();
}

void PySearch::require_own(const PyLease& lease) const {
  if (lease.search != number_) raise(invalid_argument(describe(lease) + " is a lease of another search"));
}

}  // namespace aisci::python
