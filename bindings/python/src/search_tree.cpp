// The tree of a search as columns.
#include "search.hpp"

#include <pybind11/numpy.h>

namespace aisci::python {
namespace {

// The strides are written out: pybind11 before 2.12 reads the size of an entry wrongly from numpy 2 and later.
template <typename T, typename Entry, typename F>
py::array column(const std::vector<Entry>& entries, F&& of) {
  py::array_t<T> list({static_cast<py::ssize_t>(entries.size())}, {static_cast<py::ssize_t>(sizeof(T))});
  T* const to = list.mutable_data();
  for (std::size_t i = 0; i < entries.size(); ++i) to[i] = static_cast<T>(of(entries[i]));
  return list;
}

}  // namespace

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

}  // namespace aisci::python
