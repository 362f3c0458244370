// Python objects as components: one adapter for each of the six abstract classes.
#pragma once

#include "foreign.hpp"

namespace aisci::python {

// An adapter holds its object weakly: who registered it (aisci.Registry) keeps it, so that a component that knows the
// study it works in is no cycle that Python cannot see.

// Registers, or checks, by the kind's name.
Status register_object(Registry& registry, const std::string& kind, const std::string& id, const py::object& object);
std::string check_object(const std::string& kind, const py::object& object, const std::string& name);

}  // namespace aisci::python
