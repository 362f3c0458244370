#include "foreign.hpp"

#include <pybind11/stl.h>

#include <chrono>

namespace aisci::python {
namespace {

std::atomic<bool> ending{false};
thread_local int called_back = 0;

using CallView = View<CallContext>;
using SinkView = View<Sink>;
using SourceView = View<Source>;

// Lets the GIL go: the other side may wait for a thread that wants it.
template <typename Body>
auto without_gil(Body&& body) {
  py::gil_scoped_release let_go;
  return body();
}

std::string_view bytes_of(const py::object& data) {
  if (PyBytes_Check(data.ptr()))
    return {PyBytes_AS_STRING(data.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(data.ptr()))};
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_Check(data.ptr()) ? PyUnicode_AsUTF8AndSize(data.ptr(), &size) : nullptr;
  if (text) return {text, static_cast<std::size_t>(size)};
  if (PyErr_Occurred()) throw py::error_already_set();
  raise(invalid_argument("a sink takes bytes or text"));
}

void write(const SinkView& self, const py::object& data) {
  const Sink& sink = self.get();
  const std::string_view bytes = bytes_of(data);
  raise_unless_ok(without_gil([&] { return sink ? sink(bytes) : Status{}; }));
}

py::bytes read(const SourceView& self, std::int64_t size) {
  constexpr std::size_t kChunk = 1 << 16;
  const Source& source = self.get();
  std::string all;
  Status status;
  without_gil([&] {
    while (size < 0 || all.size() < static_cast<std::size_t>(size)) {
      const std::size_t had = all.size();
      const std::size_t wanted = size < 0 ? kChunk : std::min(kChunk, static_cast<std::size_t>(size) - had);
      all.resize(had + wanted);
      const Result<std::size_t> got = source(all.data() + had, wanted);
      if (!got.ok()) {
        status = got.status();
        return;
      }
      all.resize(had + *got);
      if (*got == 0) return;
    }
  });
  raise_unless_ok(status);
  return py::bytes(all);
}

py::object text_of(const PyNodeView& self, const std::string& name) {
  const NodeView& node = self.view->get();
  if (!node.blob) return py::none();
  const Result<std::string_view> text = without_gil([&] { return node.blob(name); });
  if (text.status().code() == StatusCode::kNotFound) return py::none();
  raise_unless_ok(text.status());
  return py::str(text->data(), text->size());
}

py::object document_of(const PyNodeView& self, const std::string& name) {
  const py::object text = text_of(self, name);
  return text.is_none() ? text : loads(text.cast<std::string>());
}

}  // namespace

CalledBack::CalledBack() noexcept { ++called_back; }
CalledBack::~CalledBack() { --called_back; }
bool is_called_back() noexcept { return called_back > 0; }

py::object loads(std::string_view json) {
  return py::module_::import("json").attr("loads")(py::str(json.data(), json.size()));
}

std::string dumps(const py::object& value) {
  using namespace py::literals;
  return py::module_::import("json").attr("dumps")(value, "allow_nan"_a = false).cast<std::string>();
}

bool is_ending() noexcept { return ending; }
void set_ending() noexcept { ending = true; }

Shared share(py::object object) {
  return {object.release().ptr(), [](PyObject* held) {
            if (is_ending()) return;  // the interpreter frees it, or the system does
            py::gil_scoped_acquire gil;
            Py_XDECREF(held);
          }};
}

Status status_of(const py::error_already_set& error) {
  try {
    if (error.trace()) PyException_SetTraceback(error.value().ptr(), error.trace().ptr());
    const auto [code, message] = bridge("status_of")(error.value()).cast<std::pair<int, std::string>>();
    return {static_cast<StatusCode>(code), message};
  } catch (const std::exception&) {
    return {StatusCode::kUnknown, "a Python exception that cannot be told"};
  }
}

const HostServices& PyHost::services() const {
  if (!services_)
    raise(failed_precondition("what the host offers ended with the study that this component was made for"));
  return *services_;
}

bool PyHost::offers_model_tasks() const { return static_cast<bool>(services().model_task); }

py::object PyHost::model_task(const std::string& name, const py::object& input, const py::object& messages,
                              const py::object& schema, const ViewPtr<CallContext>& call) const {
  const auto ask = services().model_task;
  if (!ask) raise(failed_precondition("this host offers no model for the task " + name));
  const CallContext& context = call->get();
  const std::string texts[] = {dumps(input), dumps(messages), dumps(schema)};
  return loads(value_or_raise(without_gil([&] { return ask({name, texts[0], texts[1], texts[2]}, context); })));
}

void bind_foreign(py::module_& module) {
  py::class_<CallView, ViewPtr<CallContext>>(module, "Call")
      .def("is_cancelled", [](const CallView& self) { return self.get().is_cancelled(); })
      .def("time_left",
           [](const CallView& self) -> std::optional<double> {
             const auto left = self.get().time_left();
             if (!left) return std::nullopt;
             return std::chrono::duration<double>(*left).count();
           })
      .def(
          "progress",
          [](const CallView& self, double done, const std::string& note) {
            const CallContext& call = self.get();
            without_gil([&] { call.progress(done, note); });
          },
          py::arg("done"), py::arg("note") = "")
      .def(
          "report",
          [](const CallView& self, const std::string& key, const py::object& value) {
            const CallContext& call = self.get();
            const std::string json = dumps(value);
            without_gil([&] { call.report(key, json); });
          },
          py::arg("key"), py::arg("value"));
  py::class_<SinkView, ViewPtr<Sink>>(module, "Sink")
      .def("__call__", &write, py::arg("data"))
      .def("__bool__", [](const SinkView& self) { return static_cast<bool>(self.get()); });
  py::class_<SourceView, ViewPtr<Source>>(module, "Source").def("read", &read, py::arg("size") = -1);
  py::class_<PyNodeView>(module, "NodeView")
      .def_readonly("id", &PyNodeView::id)
      .def_readonly("parent", &PyNodeView::parent)
      .def_readonly("depth", &PyNodeView::depth)
      .def_readonly("visits", &PyNodeView::visits)
      .def_readonly("metrics", &PyNodeView::metrics)
      .def("text", &text_of, py::arg("name"))
      .def("document", &document_of, py::arg("name"));
  py::class_<PyHost, std::shared_ptr<PyHost>>(module, "Host")
      .def_property_readonly("offers_model_tasks", &PyHost::offers_model_tasks)
      .def("model_task", &PyHost::model_task, py::arg("name"), py::arg("input"), py::arg("messages"), py::arg("schema"),
           py::arg("call"));
}

}  // namespace aisci::python
