#include "search.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <locale>
#include <sstream>

namespace aisci::python {
namespace {

using Clock = std::chrono::steady_clock;
using mcts::Kind;

// How long a wait lasts before Ctrl-C is looked for.
constexpr std::chrono::milliseconds kSlice{50};
constexpr const char* kKinds[] = {"draft", "improve", "replicate", "debug"};

// Longer waits than these thirty years have no limit: the clock's numbers would overflow.
constexpr double kLongest = 1e9;

std::vector<mcts::Stop> with_flag(std::vector<mcts::Stop> stops, const std::atomic<bool>& stopped) {
  stops.push_back({"stopped", [&stopped](const mcts::Progress&) { return stopped.load(); }});
  return stops;
}

// No time for a wait without limit.
std::optional<Clock::time_point> deadline_after(std::optional<double> seconds) {
  if (!seconds) return std::nullopt;
  if (!(*seconds >= 0))
    raise(invalid_argument("the timeout of ask() must be a number of seconds of at least 0; None waits without limit"));
  if (*seconds > kLongest) return std::nullopt;
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{*seconds});
}

bool only_thread() { return py::module_::import("aisci.mcts").attr("_only_thread")().cast<bool>(); }

[[noreturn]] void refuse_to_wait() {
  raise(failed_precondition(std::string{
      "ask() would wait for ever: only its caller could settle the leases that are out, as no other thread or task "
      "is there. Tell or abandon one first, or take several at once with batch(n), which never waits; where others "
      "tell them, such as callbacks of a loop, ask with a timeout"}));
}

double number_of(const py::object& value) {
  try {
    return value.cast<double>();
  } catch (const py::cast_error&) {
    raise(invalid_argument("value = " + py::repr(value).cast<std::string>() + ": not a number"));
  }
}

// As the constructor reads it again.
py::tuple fields_of(const mcts::Lease& lease) {
  return py::make_tuple(lease.ticket, static_cast<int>(lease.kind), lease.node, lease.parent, lease.depth, lease.seed);
}

}  // namespace

const char* kind_of(const mcts::Lease& lease) { return kKinds[static_cast<std::size_t>(lease.kind)]; }

std::string describe(const PyLease& self) {
  return "<aisci.mcts.Lease " + std::to_string(self.lease.ticket) + ": " + kind_of(self.lease) + " node " +
         std::to_string(self.lease.node) + ">";
}

void PyLease::leave() {
  if (!search.is_none()) search.cast<PySearch&>().abandon(*this);
}

std::string describe(const PyNode& self) {
  std::ostringstream text;
  text.imbue(std::locale::classic());  // Python programs may have chosen another
  text << "<aisci.mcts.Node " << self.id << ": mean " << std::setprecision(4) << self.mean << ", stddev "
       << std::setprecision(2) << self.stddev << ", visits " << self.visits << ">";
  return text.str();
}

PySearch::PySearch(const py::dict& options, std::vector<mcts::Stop> stops) {
  mcts::Options made = options_of(options);
  made.stops = with_flag(std::move(stops), stopped_);
  engine_ = value_or_raise(mcts::Search::create(made));
}

PySearch::PySearch(const std::string& snapshot, const py::dict& states, const std::vector<py::tuple>& leases,
                   std::vector<mcts::Stop> stops)
    : states_{states} {
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
    out_[lease.ticket] = {lease};
  }
}

PySearch::Answer PySearch::answer() {
  Answer answer{engine_->ask()};
  if (answer.lease)
    out_[answer.lease->ticket] = {*answer.lease};
  else
    answer.wait = engine_->ended_by().empty();
  return answer;
}

std::optional<PyLease> PySearch::ask(bool wait, std::optional<double> seconds) {
  const auto deadline = deadline_after(seconds);
  Answer got = locked([&] { return answer(); });
  while (got.wait && wait && !(deadline && Clock::now() >= *deadline)) {
    // A limit says that others are waited for.
    const bool alone = !seconds && only_thread();
    {
      py::gil_scoped_release let_go;
      std::unique_lock lock{mutex_};
      got = answer();
      if (got.wait && !alone) {
        const auto slice = Clock::now() + kSlice;
        changed_.wait_until(lock, deadline ? std::min(slice, *deadline) : slice);
      }
    }
    if (got.wait && alone) refuse_to_wait();
    if (got.wait && PyErr_CheckSignals() != 0) throw py::error_already_set();
  }
  if (!got.lease) return std::nullopt;
  return lease_of(*got.lease);
}

std::optional<PyLease> PySearch::ask_alone() {
  const Answer got = locked([&] { return answer(); });
  if (got.wait) refuse_to_wait();
  if (!got.lease) return std::nullopt;
  return lease_of(*got.lease);
}

std::vector<PyLease> PySearch::batch(std::size_t n) {
  const std::vector<mcts::Lease> got = apart([&] {
    auto leases = engine_->ask(n);
    for (const mcts::Lease& lease : leases) out_[lease.ticket] = {lease};
    return leases;
  });
  std::vector<PyLease> list;
  for (const mcts::Lease& lease : got) list.push_back(lease_of(lease));
  return list;
}

bool PySearch::claim(const PyLease& lease) {
  return locked([&] {
    const auto found = out_.find(lease.lease.ticket);
    if (found == out_.end() || found->second.claimed) return false;
    found->second.claimed = true;
    return true;
  });
}

bool PySearch::tell(const PyLease& lease, py::object state, const py::object& value, std::optional<double> variance,
                    bool failed, std::optional<double> cost, std::optional<std::vector<double>> features,
                    bool replace) {
  require_own(lease);
  mcts::Outcome outcome;
  if (!value.is_none())
    outcome.value = number_of(value);
  else if (!failed)
    raise(invalid_argument("tell() needs a value, or failed=True"));
  outcome.failed = failed || !std::isfinite(outcome.value);
  outcome.replace = replace;
  if (variance) outcome.variance = *variance;
  if (cost) outcome.cost = *cost;
  if (features) outcome.features = std::move(*features);

  if (!claim(lease)) return false;
  const bool given = !state.is(py::ellipsis());
  const bool writes = given || lease.lease.kind != Kind::kReplicate;
  const py::int_ node{lease.lease.node};
  const auto before = states_.contains(node) ? std::optional{state_of(lease.lease.node)} : std::nullopt;
  // Before the node can be asked about.
  if (writes) states_[node] = given ? std::move(state) : py::none();
  const Result<bool> told = locked([&] {
    Result<bool> done = engine_->tell(lease.lease, outcome);
    if (done.ok())
      out_.erase(lease.lease.ticket);
    else
      out_[lease.lease.ticket].claimed = false;  // refused: it is still out
    return done;
  });
  if (!told.ok() && writes) {
    if (before)
      states_[node] = *before;
    else
      states_.attr("pop")(node);
  }
  changed();
  return value_or_raise(told);
}

bool PySearch::abandon(const PyLease& lease) {
  require_own(lease);
  if (!claim(lease)) return false;
  const bool done = locked([&] {
    out_.erase(lease.lease.ticket);
    return engine_->abandon(lease.lease);
  });
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

py::tuple PySearch::snapshot() {
  std::string data;
  std::size_t nodes = 0;
  std::vector<mcts::Lease> leases;
  apart([&] {
    data = engine_->save();
    nodes = engine_->nodes().size();
    for (const auto& [ticket, out] : out_) leases.push_back(out.lease);
    return 0;
  });
  py::list fields;
  for (const mcts::Lease& lease : leases) fields.append(fields_of(lease));
  return py::make_tuple(py::bytes(data), nodes, fields);
}

std::vector<PyLease> PySearch::leases() {
  const std::vector<mcts::Lease> list = locked([this] {
    std::vector<mcts::Lease> copies;
    for (const auto& [ticket, out] : out_) copies.push_back(out.lease);
    return copies;
  });
  std::vector<PyLease> leases;
  for (const mcts::Lease& lease : list) leases.push_back(lease_of(lease));
  return leases;
}

void PySearch::when_changed(py::object callback, std::uint64_t seen) {
  if (seen != changes_)
    callback();
  else
    waiting_.append(std::move(callback));
}

void PySearch::not_waiting(const py::object& callback) {
  if (waiting_.contains(callback)) waiting_.attr("remove")(callback);
}

void PySearch::changed() {
  ++changes_;
  changed_.notify_all();
  if (waiting_.empty()) return;
  const py::list called = std::exchange(waiting_, py::list{});
  for (const py::handle callback : called) callback();
}

PyLease PySearch::lease_of(const mcts::Lease& lease) const {
  return {lease, py::cast(this), lease.kind == Kind::kDraft ? py::none() : state_of(lease.parent),
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
  if (!lease.search.is(py::cast(this))) raise(invalid_argument(describe(lease) + " is a lease of another search"));
}

}  // namespace aisci::python
