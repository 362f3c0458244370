// The compiled half of the Python package aisci.
#include "bindings.hpp"

#include <aisci/version.hpp>

namespace aisci::python {

void raise(const Status& status) {
  const py::object error =
      py::module_::import("aisci.errors").attr("from_code")(static_cast<int>(status.code()), status.message());
  PyErr_SetObject(py::type::handle_of(error).ptr(), error.ptr());
  throw py::error_already_set();
}

}  // namespace aisci::python

PYBIND11_MODULE(_aisci, module) {
  namespace py = pybind11;
  module.doc() = "The compiled half of aisci; use the package, not this.";
  module.attr("version") = aisci::version();
  // Thrown by Result::value() where the GIL was let go.
  py::register_exception_translator([](std::exception_ptr pointer) {
    try {
      if (pointer) std::rethrow_exception(pointer);
    } catch (const aisci::StatusError& error) {
      try {
        aisci::python::raise(error.status());
      } catch (py::error_already_set& set) {
        set.restore();
      }
    }
  });
  aisci::python::bind_search(module);
  aisci::python::bind_foreign(module);
  aisci::python::bind_study(module);
  aisci::python::bind_statistics(module);
}
