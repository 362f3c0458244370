// aisci.mcts: the names of the search.
#include "search.hpp"

#include <pybind11/stl.h>

namespace aisci::python {
namespace {

// Search[Knobs] is for type checkers; here it is Search.
void allow_parameters(const py::object& type) {
  const py::cpp_function same{[](py::object self, const py::object&) { return self; }};
  type.attr("__class_getitem__") = py::reinterpret_steal<py::object>(PyClassMethod_New(same.ptr()));
}

void bind_leases(py::module_& module) {
  py::class_<PyLease> lease{module, "Lease", collected<PyLease>()};
  allow_parameters(lease);
  lease.def_property_readonly("id", [](const PyLease& self) { return self.lease.ticket; })
      .def_property_readonly("kind", [](const PyLease& self) { return kind_of(self.lease); })
      .def_property_readonly("node", [](const PyLease& self) { return self.lease.node; })
      .def_property_readonly("parent", [](const PyLease& self) { return self.lease.parent; })
      .def_property_readonly("depth", [](const PyLease& self) { return self.lease.depth; })
      .def_property_readonly("seed", [](const PyLease& self) { return self.lease.seed; })
      .def_readonly("parent_state", &PyLease::parent_state)
      .def_readonly("state", &PyLease::state)
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](PyLease& self, const py::args&) { self.leave(); })
      .def("__repr__", [](const PyLease& self) { return describe(self); });

  py::class_<PyNode> node{module, "Node"};
  allow_parameters(node);
  node.def_readonly("id", &PyNode::id)
      .def_readonly("parent", &PyNode::parent)
      .def_readonly("depth", &PyNode::depth)
      .def_readonly("visits", &PyNode::visits)
      .def_readonly("mean", &PyNode::mean)
      .def_readonly("stddev", &PyNode::stddev)
      .def_readonly("optimism", &PyNode::optimism)
      .def_readonly("state", &PyNode::state)
      .def("__repr__", [](const PyNode& self) { return describe(self); });
}

// What is read off the engine.
void bind_readings(py::class_<PySearch>& search) {
  using mcts::Search;
  const auto reading = [&search](const char* name, auto of) {
    search.def_property_readonly(name, [of](PySearch& self) { return self.read(of); });
  };
  reading("ended_by", [](const Search& s) { return s.ended_by(); });
  reading("over", [](const Search& s) { return s.over(); });
  reading("pending", [](const Search& s) { return s.pending(); });
  reading("evaluations_left", [](const Search& s) { return s.evaluations_left(); });
  reading("noise", [](const Search& s) { return s.noise(); });
  reading("policy", [](const Search& s) { return s.options().policy; });
  reading("seed", [](const Search& s) { return s.options().seed; });
  reading("budget", [](const Search& s) { return s.options().budget; });
  search.def("__bool__", [](const PySearch&) { return true; });  // not whether it has nodes
  search.def("__len__", [](PySearch& self) { return self.read([](const Search& s) { return s.nodes().size() - 1; }); });
}

}  // namespace

void bind_search(py::module_& module) {
  py::class_<mcts::Stop>(module, "Stop")
      .def_readonly("name", &mcts::Stop::name)
      .def("__repr__", [](const mcts::Stop& self) { return "<aisci.mcts.Stop " + self.name + ">"; });
  module.def("stop_at_value", &mcts::stop_at_value, py::arg("value"));
  module.def("stop_without_gain", &mcts::stop_without_gain, py::arg("tells"));
  module.def("stop_when_sure", &mcts::stop_when_sure, py::arg("chance"));
  module.def("stop_when_all", &mcts::stop_when_all, py::arg("stops"));
  module.def("policy_names", &mcts::policy_names);
  module.def("search_options", &search_options);

  bind_leases(module);

  py::class_<PySearch> search{module, "Search", collected<PySearch>()};
  allow_parameters(search);
  search.def(py::init<const py::dict&, std::vector<mcts::Stop>>())
      .def(py::init<const std::string&, const py::dict&, const std::vector<py::tuple>&, std::vector<mcts::Stop>>())
      .def("ask", &PySearch::ask, py::arg("wait") = true, py::arg("timeout") = py::none())
      .def("_ask_alone", &PySearch::ask_alone)
      .def("batch", &PySearch::batch, py::arg("n"))
      .def("tell", &PySearch::tell, py::arg("lease"), py::arg("state") = py::ellipsis(), py::arg("value") = py::none(),
           py::arg("variance") = py::none(), py::arg("failed") = false, py::arg("cost") = py::none(),
           py::arg("features") = py::none(), py::arg("replace") = false)
      .def("abandon", &PySearch::abandon, py::arg("lease"))
      .def("choose", &PySearch::choose, py::arg("lease"), py::arg("features"))
      .def("stop", &PySearch::stop)
      .def("close", &PySearch::close, py::arg("node"))
      .def("best", &PySearch::best)
      .def("top", &PySearch::top, py::arg("k"))
      .def("state", &PySearch::state, py::arg("node"))
      .def("tree", &PySearch::tree)
      .def("leases", &PySearch::leases)
      .def("_snapshot", &PySearch::snapshot)
      .def_property_readonly("_states", &PySearch::states)
      .def("_when_changed", &PySearch::when_changed)
      .def("_not_waiting", &PySearch::not_waiting)
      .def_property_readonly("_changes", &PySearch::changes)
      .def_property_readonly("_waited_for", &PySearch::waited_for);
  bind_readings(search);
}

}  // namespace aisci::python
