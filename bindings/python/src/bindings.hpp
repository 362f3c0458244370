// What the files of the module share: their parts of it, and the rules for the interpreter's lock (GIL).
//
// Never wait for the GIL while holding a lock of our own: a thread with the GIL may be waiting for that lock. So a lock
// is taken either by a thread that has the GIL and does not wait, or by one that has let it go.
#pragma once

#include <aisci/status.hpp>

#include <pybind11/pybind11.h>

#include <memory>

namespace aisci::python {

namespace py = pybind11;

void bind_search(py::module_& module);
void bind_foreign(py::module_& module);
void bind_study(py::module_& module);
void bind_statistics(py::module_& module);

// The exception of a failure, as aisci.errors makes it; to be thrown with the GIL held.
[[noreturn]] void raise(const Status& status);
inline void raise_unless_ok(const Status& status) {
  if (!status.ok()) raise(status);
}
template <typename T>
T value_or_raise(Result<T> result) {
  if (!result.ok()) raise(result.status());
  return std::move(*result);
}

// Lets the collector of reference cycles see the Python objects that a C++ object holds. T has
// `template <typename Visit> int visit(Visit&&)`, which calls visit(PyObject*) for each and returns the first result
// that is not 0, and `void clear()`.
template <typename T>
py::custom_type_setup collected() {
  return py::custom_type_setup{[](PyHeapTypeObject* heap_type) {
    // The collector may come before the object is constructed.
    const auto inside = [](PyObject* self) -> T* {
      auto held = reinterpret_cast<py::detail::instance*>(self)->get_value_and_holder();
      return held.holder_constructed() ? static_cast<T*>(held.value_ptr()) : nullptr;
    };
    static const auto find = inside;
    PyTypeObject& type = heap_type->ht_type;
    type.tp_flags |= Py_TPFLAGS_HAVE_GC;
    type.tp_traverse = [](PyObject* self, visitproc visit, void* arg) {  // Py_VISIT wants these names
      Py_VISIT(Py_TYPE(self));
      T* const object = find(self);
      return object ? object->visit([&](PyObject* held) { return held ? visit(held, arg) : 0; }) : 0;
    };
    type.tp_clear = [](PyObject* self) {
      if (T* const object = find(self)) object->clear();
      return 0;
    };
  }};
}

}  // namespace aisci::python
