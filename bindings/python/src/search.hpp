// The search as Python sees it: the engine with a lock, and Python objects as states.
#pragma once

#include "bindings.hpp"

#include <aisci/mcts/search.hpp>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace aisci::python {

struct PyLease {
  mcts::Lease lease;
  py::object search;  // the one that gave it
  py::object parent_state;
  py::object state;

  template <typename Visit>
  int visit(Visit&& each) {
    for (const py::object* const held : {&search, &parent_state, &state})
      if (const int stop = each(held->ptr())) return stop;
    return 0;
  }
  void clear() { search = parent_state = state = py::none(); }
  // The end of its `with` block: back it goes, unless it was told.
  void leave();
};

struct PyNode {
  std::uint32_t id = 0;
  std::uint32_t parent = 0;
  std::uint32_t depth = 0;
  std::uint32_t visits = 0;
  double mean = 0;
  double stddev = 0;
  std::optional<double> optimism;
  py::object state;
};

const char* kind_of(const mcts::Lease& lease);
std::string describe(const PyLease& lease);
std::string describe(const PyNode& node);
std::vector<std::string> search_options();
mcts::Options options_of(const py::dict& given);

// `engine_` and `out_` are used under `mutex_` by whoever; everything that is a Python object, under the GIL.
class PySearch {
 public:
  PySearch(const py::dict& options, std::vector<mcts::Stop> stops);
  // From what save() gave.
  PySearch(const std::string& snapshot, const py::dict& states, const std::vector<py::tuple>& leases,
           std::vector<mcts::Stop> stops);

  // Nothing: over; or, unless it may wait, nothing for now. Raises FAILED_PRECONDITION where it would wait without
  // limit, and no other thread is there that could settle what is out.
  std::optional<PyLease> ask(bool wait, std::optional<double> seconds);
  // For who knows that nobody else could settle a lease: raises the same in the place of waiting.
  std::optional<PyLease> ask_alone();
  // Up to n, as many as are to be had now.
  std::vector<PyLease> batch(std::size_t n);
  bool tell(const PyLease& lease, py::object state, const py::object& value, std::optional<double> variance,
            bool failed, std::optional<double> cost, std::optional<std::vector<double>> features, bool replace);
  bool abandon(const PyLease& lease);
  std::size_t choose(const PyLease& lease, const std::vector<std::vector<double>>& candidates);
  void stop();
  void close(std::uint32_t node);

  std::optional<PyNode> best();
  std::vector<PyNode> top(std::size_t k);
  py::object state(std::uint32_t node);
  py::dict tree();
  // Of one moment: the engine's bytes, how many nodes it has, and the leases that are out.
  py::tuple snapshot();
  const py::dict& states() const { return states_; }
  std::vector<PyLease> leases();
  // Calls once, from the thread that changes something: at the next change, or now if there was one after `seen`.
  void when_changed(py::object callback, std::uint64_t seen);
  // Takes that back, where it was not called.
  void not_waiting(const py::object& callback);
  std::uint64_t changes() const { return changes_; }
  bool waited_for() const { return !waiting_.empty(); }

  template <typename Of>
  auto read(Of of) {
    return locked([&] { return of(*engine_); });
  }

  template <typename Visit>
  int visit(Visit&& each) {
    if (const int stop = each(states_.ptr())) return stop;
    return each(waiting_.ptr());
  }
  void clear() {
    states_ = py::dict{};
    waiting_ = py::list{};
  }

 private:
  struct Out {
    mcts::Lease lease;
    bool claimed = false;  // being settled
  };
  // What the engine says to a caller who asks.
  struct Answer {
    std::optional<mcts::Lease> lease;
    bool wait = false;  // nothing for now
  };

  // Runs `body` under the lock; with the GIL when nobody has to be waited for.
  template <typename Body>
  auto locked(Body&& body) {
    {
      std::unique_lock lock{mutex_, std::try_to_lock};
      if (lock.owns_lock()) return body();
    }
    return apart(std::forward<Body>(body));
  }
  // The same, always without the GIL: for what takes long.
  template <typename Body>
  auto apart(Body&& body) {
    py::gil_scoped_release let_go;
    std::lock_guard lock{mutex_};  // released before the GIL is taken back
    return body();
  }
  Answer answer();
  // Whether the lease is still out, and nobody else settles it; nobody will after that.
  bool claim(const PyLease& lease);
  PyLease lease_of(const mcts::Lease& lease) const;
  PyNode node_of(std::uint32_t id, double mean, double stddev, const mcts::Node& node) const;
  py::object state_of(std::uint32_t node) const;
  void require_own(const PyLease& lease) const;
  void changed();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> stopped_{false};
  std::optional<mcts::Search> engine_;
  std::map<std::uint64_t, Out> out_;  // by ticket
  py::dict states_;                   // by node
  py::list waiting_;                  // callbacks of when_changed()
  std::uint64_t changes_ = 0;
};

}  // namespace aisci::python
