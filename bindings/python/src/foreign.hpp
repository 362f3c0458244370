// Calling Python from threads of the library, and handing things of the library to Python for the time of one call.
#pragma once

#include "bindings.hpp"

#include <aisci/registry.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aisci::python {

// Python has begun to end: nothing may wait for the GIL any more.
bool is_ending() noexcept;
void set_ending() noexcept;

// A Python object that threads without the GIL may copy and drop.
using Shared = std::shared_ptr<PyObject>;
Shared share(py::object object);

// What a Python exception says as a Status; with the GIL.
Status status_of(const py::error_already_set& error);

// This thread is one of the library's, and in Python for it.
bool is_called_back() noexcept;
class CalledBack {
 public:
  CalledBack() noexcept;
  CalledBack(const CalledBack&) = delete;
  CalledBack& operator=(const CalledBack&) = delete;
  ~CalledBack();
};

// Runs `body` with the GIL; what it raises becomes the Status.
template <typename Body>
Status with_python(Body&& body) {
  if (is_ending()) return unavailable("Python has begun to end");
  const CalledBack called_back;
  py::gil_scoped_acquire gil;
  try {
    body();
    return {};
  } catch (const py::error_already_set& error) {
    return status_of(error);
  } catch (const StatusError& error) {
    return error.status();
  } catch (const std::exception& error) {
    return invalid_argument(std::string{"what the Python component returned does not fit: "} + error.what());
  }
}

// A view that Python may keep longer than what it shows: after end() its use raises FailedPrecondition.
template <typename T>
class View {
 public:
  explicit View(const T& shown) : shown_{&shown} {}
  const T& get() const {
    if (!shown_) raise(failed_precondition("this object is valid during the call that it was given to, and no longer"));
    return *shown_;
  }
  void end() noexcept { shown_ = nullptr; }

 private:
  const T* shown_;  // under the GIL
};

template <typename T>
using ViewPtr = std::shared_ptr<View<T>>;

// Ends its views when the call returns; with the GIL.
class Views {
 public:
  Views() = default;
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;
  ~Views() {
    for (const auto& end : ends_) end();
  }
  template <typename T>
  ViewPtr<T> of(const T& shown) {
    auto view = std::make_shared<View<T>>(shown);
    ends_.push_back([view] { view->end(); });
    return view;
  }

 private:
  std::vector<std::function<void()>> ends_;
};

// JSON as Python objects.
py::object loads(std::string_view json);
std::string dumps(const py::object& value);

// The functions of aisci/_bridge.py, which speak text with this side and objects with components.
inline py::object bridge(const char* name) { return py::module_::import("aisci._bridge").attr(name); }

struct PyNodeView {
  std::uint64_t id = 0, parent = 0, visits = 0;
  std::uint32_t depth = 0;
  py::dict metrics;
  ViewPtr<NodeView> view;
};

// What the library offers to a component, as long as that component lives.
class PyHost {
 public:
  explicit PyHost(HostServices services) : services_{std::move(services)} {}
  bool offers_model_tasks() const;
  py::object model_task(const std::string& name, const py::object& input, const py::object& messages,
                        const py::object& schema, const ViewPtr<CallContext>& call) const;
  void end() noexcept { services_.reset(); }

 private:
  const HostServices& services() const;
  std::optional<HostServices> services_;
};

}  // namespace aisci::python
